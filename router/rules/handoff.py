"""Handoff and transfer: a conversation goes from a bot to people, or from one agent to another or to a group."""

from collections.abc import Mapping

from router.conversation import Conversation, OwnerKind, State
from router.effects import DeskWord, Direction, RecordMessage, TellDesk
from router.errors import IllegalTransition, NotOwner, NoUnits, Refused, Unreachable
from router.events import ConversationAssigned, HandoffRequested, TransferRequested
from router.ids import ConversationId, MessageId
from router.lifecycle import Move, moved
from router.message import Author, AuthorKind, Text
from router.offer import Offer
from router.reason import Code, Reason
from router.rules.bots import handed_over, say
from router.rules.offering import with_cool_down
from router.rules.offers import rescind_all
from router.rules.replying import colleague, is_owned_by, require_owner
from router.rules.taking import take
from router.rules.waiting import group_of_people, send_to_group
from router.settings import OfferMode, OfferPolicy
from router.trace import Outcome, Verdict
from router.turn import Turn
from skills.group import GroupKind
from skills.ids import AgentId, GroupId, SkillId


def handoff_requested(turn: Turn, event: HandoffRequested) -> None:
    """A bot (or an agent, to a bot) gives the conversation on: the human clocks start now.

    Raises:
        UnknownConversation, UnknownGroup: there is no such.
        NotOwner: somebody else owns it since the epoch that was known.
    """
    conversation = turn.board.conversation(event.conversation)
    if event.epoch is not None and event.epoch != conversation.epoch:
        raise NotOwner(conversation.owner, conversation.epoch)
    group = event.group or next_group(turn, conversation)
    to_bot = turn.board.group(group).group.kind is GroupKind.BOT
    was_with_bot = conversation.owner.kind is OwnerKind.BOT
    if was_with_bot and event.parts and event.message is not None:
        say(turn, conversation, AgentId(conversation.owner.id), event.message, event.parts)
    if event.summary or _words(event.reason, event.fields):
        _note(turn, conversation, Author(kind=AuthorKind.SYSTEM, id=event.by), event)
    send_to_group(
        turn,
        conversation,
        group,
        requires={SkillId(skill): level for skill, level in event.requires.items()},
        reason=Reason(Code.HANDED_OVER, (event.reason,)) if event.reason else None,
        entered_waiting_at=None if was_with_bot else conversation.entered_waiting_at,
        due_from=None if was_with_bot else conversation.due_from,
        unanswered_since=conversation.unanswered_since or (None if to_bot else turn.at),
        bot=handed_over(conversation.bot, event),
    )


def transfer_requested(turn: Turn, event: TransferRequested) -> None:
    """The owner gives the conversation to a group, or offers it to another agent; the note comes first.

    To a group, age is kept, the sender is not asked again for a while. To an agent it is an offer with a time limit:
    until it is accepted, the sender owns the conversation.

    Raises:
        UnknownConversation, UnknownAgent, UnknownGroup: there is no such.
        NotOwner: the sender does not own it (any more).
        Unreachable, NoUnits: the receiving agent cannot take it now.
    """
    conversation = turn.board.conversation(event.conversation)
    require_owner(conversation, event.by, event.epoch)
    if (event.to_agent is None) == (event.to_group is None):
        raise Refused("a transfer goes to an agent or to a group: name one")
    if event.to_group is not None:
        its = turn.board.group(event.to_group)
        moved(conversation.state, Move.QUEUED if its.group.kind is GroupKind.HUMAN else Move.GIVEN_TO_BOT)
        _transfer_note(turn, event)
        turn.explain(conversation, Outcome.TRANSFERRED, reasons=(Reason(Code.TO_GROUP, (event.by, event.to_group)),))
        moves = _moves(turn, conversation, event.to_group)
        send_to_group(
            turn,
            conversation,
            event.to_group,
            reason=Reason(Code.TRANSFERRED, (event.by,)),
            boost=conversation.boost + turn.board.settings.boosts.transferred,
            moves=moves,
            excluded=with_cool_down(turn, conversation, event.by, is_strict=True),
            unanswered_since=conversation.unanswered_since or turn.at,
        )
    elif event.to_agent is not None:
        _to_agent(turn, event, conversation, event.to_agent)


def conversation_assigned(turn: Turn, event: ConversationAssigned) -> None:
    """A hand gives the conversation to an agent, from wherever it is; beyond the agent's units only with permission.

    Raises:
        UnknownConversation, UnknownAgent: there is no such.
        Unreachable: the agent cannot be reached, and did not ask for it.
        NoUnits: the agent has no room, and exceeding is not permitted.
    """
    conversation = turn.board.conversation(event.conversation)
    seat = turn.board.roster.seat(event.agent)
    moved(conversation.state, Move.TAKEN)
    if is_owned_by(conversation, event.agent) and conversation.state is State.ACTIVE:
        return
    if event.by != event.agent and not seat.is_reachable:
        raise Unreachable(f"{event.agent} cannot be reached")
    units = turn.board.units_of(conversation)
    open_offers = turn.board.offers_of.get(conversation.id, {})
    reserved = units if event.agent in open_offers else 0.0
    if is_owned_by(conversation, event.agent) and conversation.id in seat.carried:
        reserved += seat.carried[conversation.id]
    if not event.may_exceed and not seat.has_room(units - reserved):
        raise NoUnits(f"{event.agent} carries {seat.load:g} of {seat.agent.units:g} units")
    take(turn, conversation, seat, reason=Reason(Code.BY_HAND, (event.by, event.agent)))


def _to_agent(turn: Turn, event: TransferRequested, conversation: Conversation, to_agent: AgentId) -> None:
    seat = turn.board.roster.seat(to_agent)
    if conversation.state is not State.ACTIVE:
        raise IllegalTransition(f"a conversation that is {conversation.state.value} cannot be offered to an agent")
    if to_agent == event.by:
        raise Refused("the conversation is yours already")
    standing = seat.standing_on(conversation.channel)
    if standing is not Verdict.ELIGIBLE:
        raise Unreachable(f"{to_agent} cannot receive now: {standing.value}")
    units = turn.board.units_of(conversation)
    if not seat.has_room(units) and to_agent not in turn.board.offers_of.get(conversation.id, {}):
        raise NoUnits(f"{to_agent} carries {seat.load:g} of {seat.agent.units:g} units")
    _transfer_note(turn, event)
    rescind_all(turn, conversation.id, "transferred again")
    its = turn.board.settings.groups.get(conversation.group)
    is_timed = its is not None and its.offer.mode is not OfferMode.AUTO
    within = its.offer.within if its is not None and is_timed else OfferPolicy().within
    turn.explain(conversation, Outcome.TRANSFERRED, reasons=(Reason(Code.TO_AGENT, (event.by, to_agent)),))
    turn.show(conversation)
    turn.open_offer(
        Offer(
            id=turn.new_offer_id(),
            conversation=conversation.id,
            agent=to_agent,
            group=conversation.group,
            units=units,
            offered_at=turn.at,
            expires_at=turn.at + within,
            from_agent=event.by,
        )
    )


def next_group(turn: Turn, conversation: Conversation) -> GroupId:
    """Where a conversation goes when nobody says: a bot group's ``then``, or people.

    One that is with people stays where it is.
    """
    settings = turn.board.settings
    its = settings.groups.get(conversation.group)
    if its is not None and its.group.kind is GroupKind.HUMAN:
        return conversation.group
    if its is not None and its.then is not None and its.then in settings.groups:
        return its.then
    return group_of_people(settings)


def _moves(turn: Turn, conversation: Conversation, to_group: GroupId) -> tuple[tuple[GroupId, GroupId], ...]:
    """The transfers with this one; a supervisor learns when a pair of groups sends it to and fro (`routing.md` §12)."""
    pair = (conversation.group, to_group)
    if any(set(pair) == set(earlier) for earlier in conversation.moves):
        turn.alarm(Reason(Code.TO_AND_FRO, (tuple(sorted(pair)),)), conversation.id)
    return (*conversation.moves, pair)


def _transfer_note(turn: Turn, event: TransferRequested) -> None:
    if not event.note_text:
        return
    seat = turn.board.roster.seat(event.by)
    _record_note(turn, event.conversation, event.note, colleague(seat), event.note_text)


def _note(turn: Turn, conversation: Conversation, author: Author, event: HandoffRequested) -> None:
    text = event.summary or _words(event.reason, event.fields)
    _record_note(turn, conversation.id, turn.new_message_id(), author, text)


def _record_note(turn: Turn, conversation: ConversationId, message: MessageId, author: Author, text: str) -> None:
    turn.say(
        RecordMessage(
            id=message,
            conversation=conversation,
            direction=Direction.OUT,
            author=author,
            parts=(Text(text=text),),
            at=turn.at,
            note=True,
        )
    )
    turn.say(TellDesk(word=DeskWord.MESSAGE, subject=message, conversation=conversation))


def _words(reason: str, fields: Mapping[str, str]) -> str:
    """What a bot learnt, as lines for the agent."""
    return "\n".join([*([reason] if reason else []), *(f"{name}: {value}" for name, value in fields.items())])
