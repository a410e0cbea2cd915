"""People: whose thread is whose after merges and their undoing. A fake of what the shell's tables know of contacts."""

from dataclasses import dataclass, field

from router.conversation import Conversation, LastAnswer
from router.events import ContactsMerged
from router.ids import ContactId, EventId, ThreadId


@dataclass
class Merge:
    """One that stands: the threads went from the other to the survivor."""

    id: EventId
    survivor: ContactId
    other: ContactId
    threads: tuple[ThreadId, ...]


@dataclass
class People:
    """A thread ``t-kim`` belongs to the contact ``kim`` until that contact is merged into another."""

    merges: list[Merge] = field(default_factory=list)
    answers: dict[ThreadId, LastAnswer] = field(default_factory=dict)

    def of(self, thread: ThreadId) -> ContactId:
        """Whose thread it is."""
        return next(
            (each.survivor for each in reversed(self.merges) if thread in each.threads),
            ContactId(thread.removeprefix("t-")),
        )

    def threads(self, contact: ContactId) -> tuple[ThreadId, ...]:
        """The contact's threads, with those that it has from merges."""
        own = ThreadId(f"t-{contact}")
        known = {own, *self.answers, *(thread for each in self.merges for thread in each.threads)}
        return tuple(sorted(thread for thread in known if self.of(thread) == contact))

    def heard(self, conversation: Conversation) -> None:
        """A conversation was written: its last answer may be a new one."""
        answer = conversation.last_answer
        known = self.answers.get(conversation.thread)
        if answer is not None and answer.at >= conversation.created_at and (known is None or known.at < answer.at):
            self.answers[conversation.thread] = answer

    def answer(self, contact: ContactId, *, without: tuple[ThreadId, ...] = ()) -> LastAnswer | None:
        """Who answered the contact last."""
        found = (self.answers.get(thread) for thread in self.threads(contact) if thread not in without)
        return max((each for each in found if each), key=lambda each: each.at, default=None)

    def merged(self, event: ContactsMerged) -> None:
        """Two are one."""
        merge = Merge(event.id, event.survivor, event.other, self.threads(event.other))
        self.merges.append(merge)

    def newest_answer(self, *contacts: ContactId) -> LastAnswer | None:
        """The newest that any of them had."""
        found = (self.answer(each) for each in contacts)
        return max((each for each in found if each), key=lambda each: each.at, default=None)

    def undoable(self, contact: ContactId) -> Merge | None:
        """The contact's newest merge, unless the contact itself is part of another by now."""
        newest = next((each for each in reversed(self.merges) if each.survivor == contact), None)
        is_gone = any(each.other == contact for each in self.merges)
        return None if is_gone else newest

    def split(self, merge: Merge) -> None:
        """They are two again."""
        self.merges.remove(merge)
