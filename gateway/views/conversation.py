"""A conversation as lists and the feed show it."""

from datetime import datetime

import msgspec

from gateway.views.legend import Legend
from gateway.views.service_level import ClockView, show_clocks
from router.conversation import Conversation, OwnerKind, State
from router.offer import Offer

EXCERPT_LENGTH = 140
_CARRIED = frozenset({State.ACTIVE, State.WRAPPING, State.OFFERED})


class ContactRef(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes, in short."""

    id: str
    name: str


class OwnerView(msgspec.Struct, frozen=True, kw_only=True):
    """Who must answer now: a queue (``id`` is its group), a bot or an agent."""

    kind: str
    id: str
    name: str = ""


class OfferRef(msgspec.Struct, frozen=True, kw_only=True):
    """The open offer of a conversation; with a broadcast, the one that expires first."""

    id: str
    agent: str
    expires_at: datetime | None


class LastMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The newest message that is not a note; ``author`` is its author's kind."""

    text: str
    at: datetime
    author: str


class WindowView(msgspec.Struct, frozen=True, kw_only=True):
    """What the contact's last action still lets us send: ``left`` of ``of`` messages, until an instant."""

    left: int
    of: int
    until: datetime


class CapabilitiesView(msgspec.Struct, frozen=True, kw_only=True):
    """What the conversation's channel carries, and whether what was sent can be edited there."""

    text_limit: int
    text_unit: str
    media_kinds: list[str]
    has_edits: bool


class HandoffView(msgspec.Struct, frozen=True, kw_only=True):
    """The last handoff: who made it (``by``, with its ``name``), why, and what a bot wrote for the agent."""

    by: str
    name: str
    reason: str
    summary: str


class ConversationView(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation in a list. ``load`` is in units; ``can_reply`` ends when it is resolved or the contact leaves.

    ``fields`` are what bots have learnt. ``taken_from`` is who, or which group's queue, had it before its owner, a
    supervisor, took it over. ``sla`` are the clocks that people are held to.
    """

    id: str
    thread: str
    inbox: str
    channel: str
    contact: ContactRef
    group: str
    group_name: str
    state: str
    owner: OwnerView
    epoch: int
    priority: str
    tags: list[str]
    language: str
    entry: str
    created_at: datetime
    entered_waiting_at: datetime | None
    due_at: datetime | None
    sla: list[ClockView]
    held_until: datetime | None
    parked_until: datetime | None
    unanswered_since: datetime | None
    resolved_at: datetime | None
    resolved_because: str
    fields: dict[str, str]
    handoff: HandoffView | None
    preferred: str | None
    offer: OfferRef | None
    load: float
    last_message: LastMessage | None
    last_seq: int
    excerpt: str
    can_reply: bool
    capabilities: CapabilitiesView | None
    window: WindowView | None = None
    taken_from: str | None = None


class ListedConversation(msgspec.Struct, frozen=True, kw_only=True):
    """A stored conversation with what stands beside it in other tables. ``excerpt`` is the contact's newest words."""

    conversation: Conversation
    contact_name: str
    last_seq: int
    left_because: str
    offers: tuple[Offer, ...] = ()
    last_message: LastMessage | None = None
    excerpt: str = ""
    window: WindowView | None = None


def show_owner(conversation: Conversation, legend: Legend) -> OwnerView:
    """The conversation's owner with the name that colleagues see."""
    owner = conversation.owner
    if owner.kind is OwnerKind.QUEUE:
        return OwnerView(kind=owner.kind.value, id=owner.id, name=legend.group_name(conversation.group))
    return OwnerView(kind=owner.kind.value, id=owner.id, name=legend.agent_name(owner.id))


def show_conversation(listed: ListedConversation, legend: Legend) -> ConversationView:
    """The conversation as everybody who may see it is shown it."""
    conversation = listed.conversation
    offer = _first_offer(listed.offers)
    cost = legend.settings.costs.get(conversation.channel, 1.0)
    carries = legend.capabilities.get(conversation.inbox)
    return ConversationView(
        id=conversation.id,
        thread=conversation.thread,
        inbox=conversation.inbox,
        channel=conversation.channel,
        contact=ContactRef(id=conversation.contact, name=listed.contact_name),
        group=conversation.group,
        group_name=legend.group_name(conversation.group),
        state=conversation.state.value,
        owner=show_owner(conversation, legend),
        epoch=conversation.epoch,
        priority=conversation.priority,
        tags=list(conversation.tags),
        language=conversation.language,
        entry=conversation.entry,
        created_at=conversation.created_at,
        entered_waiting_at=conversation.entered_waiting_at,
        due_at=conversation.due_at,
        sla=show_clocks(conversation),
        held_until=conversation.held_until,
        parked_until=conversation.parked_until,
        unanswered_since=conversation.unanswered_since,
        resolved_at=conversation.resolved_at,
        resolved_because=conversation.resolved_because,
        fields=dict(conversation.bot.fields),
        handoff=_show_handoff(conversation, legend),
        preferred=conversation.preferred,
        offer=OfferRef(id=offer.id, agent=offer.agent, expires_at=offer.expires_at) if offer else None,
        load=cost if conversation.state in _CARRIED else 0.0,
        last_message=listed.last_message,
        last_seq=listed.last_seq,
        excerpt=" ".join(listed.excerpt.split())[:EXCERPT_LENGTH],
        can_reply=conversation.state is not State.RESOLVED and not listed.left_because,
        capabilities=CapabilitiesView(
            text_limit=carries.text_limit,
            text_unit=carries.text_unit.value,
            media_kinds=sorted(carries.media_kinds),
            has_edits=carries.has_edits,
        )
        if carries
        else None,
        window=listed.window,
        taken_from=_taken_from(conversation),
    )


def _taken_from(conversation: Conversation) -> str | None:
    former = conversation.taken_from
    return former.id if former is not None and conversation.owner.kind is OwnerKind.AGENT else None


def _show_handoff(conversation: Conversation, legend: Legend) -> HandoffView | None:
    side = conversation.bot
    if not side.reason:
        return None
    return HandoffView(by=side.by, name=legend.agent_name(side.by), reason=side.reason, summary=side.summary)


def _first_offer(offers: tuple[Offer, ...]) -> Offer | None:
    timed = [offer for offer in offers if offer.expires_at is not None]
    return min(timed, key=lambda offer: (offer.expires_at, offer.id), default=offers[0] if offers else None)
