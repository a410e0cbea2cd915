"""What agents do with what was said already: answer for a message of which we cannot know, put other words in place."""

from router.conversation import OwnerKind
from router.effects import DeliverAgain, DeliverEdit, DeskWord, RecordDelivery, ReviseMessage, TellDesk
from router.errors import NotOwner
from router.events import DeliverySettled, ReplyRevised, Verdict
from router.ids import ConversationId
from router.message import DeliveryState
from router.rules.replying import is_owned_by, require_owner
from router.seat import Seat
from router.turn import Turn
from skills.agent import Role


def delivery_settled(turn: Turn, event: DeliverySettled) -> None:
    """An agent answers for a message of which we could not know: it arrived, or it is to be sent again.

    Raises:
        UnknownAgent: there is no such.
        NotOwner: another agent has the open conversation.
    """
    _require_not_anothers(turn, event.conversation, turn.board.roster.seat(event.agent))
    match event.verdict:
        case Verdict.ARRIVED:
            turn.say(
                RecordDelivery(
                    id=event.message,
                    conversation=event.conversation,
                    state=DeliveryState.SENT,
                    reason=f"arrived: {event.agent}",
                )
            )
        case Verdict.SEND_AGAIN:
            turn.say(DeliverAgain(message=event.message, conversation=event.conversation))
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=event.message, conversation=event.conversation))


def reply_revised(turn: Turn, event: ReplyRevised) -> None:
    """The owner puts other words in the place of an answer; the contact gets them where the channel can.

    Raises:
        UnknownConversation, UnknownAgent: there is no such open one.
        NotOwner: somebody else owns the conversation now.
    """
    conversation = turn.board.conversation(event.conversation)
    turn.board.roster.seat(event.agent)
    require_owner(conversation, event.agent, event.epoch)
    turn.say(ReviseMessage(id=event.message, parts=event.parts))
    turn.say(DeliverEdit(message=event.message, conversation=event.conversation))
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=event.message, conversation=event.conversation))


def _require_not_anothers(turn: Turn, id_: ConversationId, seat: Seat) -> None:
    """Whoever may see it may speak for a message, but no agent over the head of the one who has the conversation."""
    conversation = turn.board.conversations.get(id_)
    if conversation is None or conversation.owner.kind is not OwnerKind.AGENT or is_owned_by(conversation, seat.id):
        return
    if seat.agent.role not in {Role.SUPERVISOR, Role.ADMIN}:
        raise NotOwner(conversation.owner, conversation.epoch)
