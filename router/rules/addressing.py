"""Addressing: a supervisor speaks to a contact beside the owner, or to a whole group (`routing.md` §18)."""

from router.conversation import OwnerKind
from router.effects import DeskWord, TellDesk
from router.errors import IllegalTransition, Refused, SomethingMissing
from router.events import GroupAddressed, SupervisorReplied
from router.reason import Code, Reason
from router.rules.replying import answered_by, is_owned_by, measure_first_response, say
from router.turn import Turn
from skills.ids import AgentId


def supervisor_replied(turn: Turn, event: SupervisorReplied) -> None:
    """The contact reads the supervisor's name; the conversation stays its owner's, who has the credit.

    Raises:
        UnknownConversation, UnknownAgent: there is no such.
        IllegalTransition: nobody has it whom one could join.
        Refused: it is the supervisor's own.
    """
    conversation = turn.board.conversation(event.conversation)
    seat = turn.board.roster.seat(event.by)
    if conversation.owner.kind is not OwnerKind.AGENT:
        raise IllegalTransition("no agent has this conversation: take it over")
    if is_owned_by(conversation, event.by):
        raise Refused("the conversation is yours already")
    measure_first_response(turn, conversation)
    turn.save(conversation.but(**answered_by(turn, conversation, AgentId(conversation.owner.id))))
    say(turn, event.conversation, seat, event.message, event.parts, event.client_id)


def group_addressed(turn: Turn, event: GroupAddressed) -> None:
    """Every agent of the group who is at the desk reads it; no contact does.

    Raises:
        UnknownGroup, UnknownAgent: there is no such.
        SomethingMissing: there are no words.
    """
    board = turn.board
    board.group(event.group)
    board.roster.seat(event.by)
    if not event.text:
        raise SomethingMissing("an announcement needs words")
    why = (Reason(Code.ANNOUNCED, (event.by, event.text)),)
    turn.say(TellDesk(word=DeskWord.ANNOUNCEMENT, subject=event.group, why=why))
