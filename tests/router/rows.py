"""Rows: what the effects say must be stored, kept as a store would keep it. A fake of the shell's tables."""

from dataclasses import dataclass, field
from datetime import datetime

from router.board import Board
from router.conversation import Conversation, State
from router.door import Override
from router.effects import (
    CancelTimer,
    Effect,
    RecordConversation,
    RecordMerge,
    RecordOffer,
    RecordOverride,
    RecordPause,
    RecordPresence,
    RecordSplit,
    StartTimer,
)
from router.events import TimerKind
from router.ids import ConversationId, OfferId
from router.offer import Offer, OfferState
from router.pause import Pause
from router.presence import Presence
from router.settings import Settings
from skills.ids import AgentId, GroupId


@dataclass
class Rows:
    """The tables that a board is restored from, with the walls that the real ones have."""

    conversations: dict[ConversationId, Conversation] = field(default_factory=dict)
    resolved: dict[ConversationId, Conversation] = field(default_factory=dict)
    offers: dict[OfferId, Offer] = field(default_factory=dict)
    presences: dict[AgentId, Presence] = field(default_factory=dict)
    timers: dict[tuple[TimerKind, str], datetime] = field(default_factory=dict)
    overrides: dict[GroupId, Override] = field(default_factory=dict)
    pauses: dict[GroupId, Pause] = field(default_factory=dict)

    def write(self, effects: tuple[Effect, ...]) -> None:
        """Store what the effects of one event say."""
        for effect in effects:
            if isinstance(effect, RecordPause):
                self._write_pause(effect)
                continue
            self._give(effect)
            match effect:
                case RecordConversation(conversation=conversation):
                    self._write_conversation(conversation)
                case RecordOffer(offer=offer) if offer.state is OfferState.OPEN:
                    same = [
                        o
                        for o in self.offers.values()
                        if (o.conversation, o.agent) == (offer.conversation, offer.agent)
                    ]
                    assert not same, "one open offer per conversation and agent"
                    self.offers[offer.id] = offer
                case RecordOffer(offer=offer):
                    self.offers.pop(offer.id, None)
                case RecordPresence(presence=presence, units=units):
                    assert presence.load <= units + 1e-9, "load within units"
                    self.presences[presence.agent] = presence
                case StartTimer(kind=kind, subject=subject, at=at):
                    self.timers[kind, subject] = at
                case RecordOverride(override=override):
                    self.overrides[override.group] = override
                case CancelTimer(kind=kind, subject=subject):
                    self.timers.pop((kind, subject), None)
                case _:
                    pass

    def _write_pause(self, effect: RecordPause) -> None:
        if effect.pause is None:
            del self.pauses[effect.group]
        else:
            self.pauses[effect.group] = effect.pause

    def _give(self, effect: Effect) -> None:
        """What is resolved gets another contact, too."""
        for each in list(self.resolved.values()):
            if isinstance(effect, RecordMerge) and each.contact == effect.other:
                self.resolved[each.id] = each.but(contact=effect.survivor)
            elif isinstance(effect, RecordSplit) and each.thread in effect.threads:
                self.resolved[each.id] = each.but(contact=effect.other)

    def _write_conversation(self, conversation: Conversation) -> None:
        former = self.conversations.get(conversation.id) or self.resolved.get(conversation.id)
        assert former is None or former.epoch <= conversation.epoch, "epochs never fall"
        self.conversations.pop(conversation.id, None)
        if conversation.state is State.RESOLVED:
            self.resolved[conversation.id] = conversation
            return
        self.resolved.pop(conversation.id, None)
        others = [each for each in self.conversations.values() if each.thread == conversation.thread]
        assert not others, "one open conversation per thread"
        self.conversations[conversation.id] = conversation

    def restored(self, settings: Settings, now: datetime) -> Board:
        """A new board from these rows alone."""
        board = Board(settings)
        board.restore(
            self.conversations.values(),
            self.offers.values(),
            self.presences.values(),
            now,
            timers=dict(self.timers),
            overrides=self.overrides.values(),
            pauses=self.pauses.values(),
        )
        return board
