"""Wrap-up: the time after resolving in which an agent puts a conversation down as something, its units still taken."""

from collections.abc import Mapping
from datetime import timedelta

from router.conversation import Conversation, State
from router.effects import DeskWord, Direction, RecordMessage, TellDesk
from router.errors import IllegalTransition, SomethingMissing
from router.events import WrapUpExtended, WrapUpFinished
from router.ids import MessageId
from router.message import Text
from router.rules.ending import close
from router.rules.replying import colleague, require_owner
from router.settings import WrapUpField
from router.turn import Turn
from skills.ids import AgentId

WRAP_TIMEOUT = "wrap_timeout"
"""Why a conversation ended whose agent owed something when the time was over."""


def wrap_up_finished(turn: Turn, event: WrapUpFinished) -> None:
    """The agent is done before the time is over, and has said what the group wants to know.

    Raises:
        UnknownConversation: there is no such open conversation.
        NotOwner: it is somebody else's.
        IllegalTransition: it is not in wrap-up.
        SomethingMissing: the group requires more.
    """
    conversation = turn.board.conversation(event.conversation)
    require_owner(conversation, event.agent)
    if conversation.state is not State.WRAPPING:
        raise IllegalTransition(f"a conversation that is {conversation.state.value} has no wrap-up to finish")
    conversation = put_down(turn, conversation, event.agent, event.disposition, event.note, event.note_text)
    close(turn, conversation, conversation.resolved_because)


def wrap_up_extended(turn: Turn, event: WrapUpExtended) -> None:
    """The agent needs the group's time once more; only once.

    Raises:
        UnknownConversation: there is no such open conversation.
        NotOwner: it is somebody else's.
        IllegalTransition: it is not in wrap-up, or was extended before.
    """
    conversation = turn.board.conversation(event.conversation)
    require_owner(conversation, event.agent)
    its = turn.board.settings.groups.get(conversation.group)
    until = conversation.wrap_up_until
    if conversation.state is not State.WRAPPING or until is None or conversation.wrap_up_extended:
        raise IllegalTransition("there is no wrap-up that could be extended")
    more = its.wrap_up if its is not None else timedelta()
    turn.save(conversation.but(wrap_up_until=until + more, wrap_up_extended=True))


def missing(turn: Turn, conversation: Conversation, given: Mapping[WrapUpField, str] | None = None) -> list[str]:
    """What the group requires and nobody has said, by name."""
    its = turn.board.settings.groups.get(conversation.group)
    known = {WrapUpField.DISPOSITION: conversation.disposition, **(given or {})}
    return [field.value for field in (its.wrap_up_requires if its is not None else ()) if not known.get(field)]


def put_down(
    turn: Turn, conversation: Conversation, agent: AgentId, disposition: str, note: MessageId | None, note_text: str
) -> Conversation:
    """Write what the agent says at the end; the value is not saved yet.

    Raises:
        SomethingMissing: the group requires more; nothing is changed.
    """
    disposition = disposition or conversation.disposition
    given = {WrapUpField.DISPOSITION: disposition, WrapUpField.NOTE: note_text}
    if owed := missing(turn, conversation, given):
        raise SomethingMissing(f"still missing: {', '.join(owed)}")
    if note is not None and note_text:
        turn.say(
            RecordMessage(
                id=note,
                conversation=conversation.id,
                direction=Direction.OUT,
                author=colleague(turn.board.roster.seat(agent)),
                parts=(Text(text=note_text),),
                at=turn.at,
                note=True,
            )
        )
        turn.say(TellDesk(word=DeskWord.MESSAGE, subject=note, conversation=conversation.id))
    return conversation if disposition == conversation.disposition else conversation.but(disposition=disposition)
