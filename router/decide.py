"""Decide: what follows from an event. The table of contents of the core.

``decide(board, event)`` changes the board and returns what the shell must do. It knows no time but the event's. When it
raises `Refused`, the board is as before. No logic stands here: each event has a rule, and after every rule everything
that can be matched is matched.
"""

from typing import assert_never

from router.board import Board
from router.effects import Effect
from router.events import (
    AgentActive,
    AgentConnected,
    AgentLost,
    AgentReplied,
    AnyEvent,
    BotReplied,
    ConfigApplied,
    ContactLeft,
    ContactLost,
    ContactReacted,
    ContactReturned,
    ContactsMerged,
    ContactsSplit,
    ConversationAssigned,
    ConversationBoosted,
    ConversationGivenBack,
    ConversationParked,
    ConversationRated,
    ConversationReopened,
    ConversationRequeued,
    ConversationResolved,
    ConversationResumed,
    ConversationTakenOver,
    DeliveryReported,
    DeliverySettled,
    GroupAddressed,
    HandoffRequested,
    HoursOverridden,
    IntentChanged,
    MediaFetched,
    MessageEdited,
    MessageReceived,
    NoteAdded,
    OfferAccepted,
    OfferDeclined,
    QueuePaused,
    QueueResumed,
    ReplyPromised,
    ReplyRevised,
    SupervisorReplied,
    Swept,
    TagsChanged,
    TimerFired,
    TransferRequested,
    WrapUpExtended,
    WrapUpFinished,
)
from router.rules import (
    addressing,
    answering_for,
    arrival,
    boosting,
    bots,
    clocks,
    doors,
    handoff,
    intervening,
    merging,
    offering,
    pausing,
    presence,
    promising,
    replying,
    resolving,
    tagging,
    timers,
    upkeep,
    wrapping,
)
from router.rules.matching import settle
from router.turn import Turn


def decide(board: Board, event: AnyEvent) -> tuple[Effect, ...]:
    """Change the board as the event demands and return the effects, in the order in which they are to be written.

    Raises:
        Refused: the event may not happen now; the board is as before.
    """
    return carry_out(Turn(board, event), event)


def carry_out(turn: Turn, event: AnyEvent) -> tuple[Effect, ...]:
    """Decide the event in this turn (`decide` for those who bring a turn of their own)."""
    match event:
        case MessageReceived():
            arrival.message_received(turn, event)
        case MessageEdited():
            arrival.message_edited(turn, event)
        case MediaFetched():
            arrival.media_fetched(turn, event)
        case DeliveryReported():
            replying.delivery_reported(turn, event)
        case DeliverySettled():
            answering_for.delivery_settled(turn, event)
        case ReplyRevised():
            answering_for.reply_revised(turn, event)
        case ContactReacted():
            arrival.contact_reacted(turn, event)
        case ContactLeft():
            resolving.contact_left(turn, event)
        case ContactLost():
            resolving.contact_lost(turn, event)
        case ContactReturned():
            resolving.contact_returned(turn, event)
        case OfferAccepted():
            offering.offer_accepted(turn, event)
        case OfferDeclined():
            offering.offer_declined(turn, event)
        case AgentConnected():
            presence.agent_connected(turn, event)
        case AgentLost():
            presence.agent_lost(turn, event)
        case AgentActive():
            presence.agent_active(turn, event)
        case IntentChanged():
            presence.intent_changed(turn, event)
        case AgentReplied():
            replying.agent_replied(turn, event)
        case NoteAdded():
            replying.note_added(turn, event)
        case BotReplied():
            bots.bot_replied(turn, event)
        case HandoffRequested():
            handoff.handoff_requested(turn, event)
        case TransferRequested():
            handoff.transfer_requested(turn, event)
        case ConversationAssigned():
            handoff.conversation_assigned(turn, event)
        case ConversationParked():
            resolving.conversation_parked(turn, event)
        case ConversationResumed():
            resolving.conversation_resumed(turn, event)
        case ConversationResolved():
            resolving.conversation_resolved(turn, event)
        case ConversationRated():
            replying.conversation_rated(turn, event)
        case ConversationReopened():
            resolving.conversation_reopened(turn, event)
        case WrapUpFinished():
            wrapping.wrap_up_finished(turn, event)
        case WrapUpExtended():
            wrapping.wrap_up_extended(turn, event)
        case ReplyPromised():
            promising.reply_promised(turn, event)
        case ConversationBoosted():
            boosting.conversation_boosted(turn, event)
        case HoursOverridden():
            doors.hours_overridden(turn, event)
        case QueuePaused():
            pausing.queue_paused(turn, event)
        case QueueResumed():
            pausing.queue_resumed(turn, event)
        case ConversationTakenOver():
            intervening.conversation_taken_over(turn, event)
        case ConversationGivenBack():
            intervening.conversation_given_back(turn, event)
        case ConversationRequeued():
            intervening.conversation_requeued(turn, event)
        case SupervisorReplied():
            addressing.supervisor_replied(turn, event)
        case GroupAddressed():
            addressing.group_addressed(turn, event)
        case ContactsMerged():
            merging.contacts_merged(turn, event)
        case ContactsSplit():
            merging.contacts_split(turn, event)
        case TagsChanged():
            tagging.tags_changed(turn, event)
        case TimerFired():
            timers.timer_fired(turn, event)
        case ConfigApplied():
            upkeep.config_applied(turn)
        case Swept():
            upkeep.swept(turn)
        case _:
            assert_never(event)
    settle(turn)
    clocks.tell(turn)
    return turn.finish()
