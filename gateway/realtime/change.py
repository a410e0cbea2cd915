"""What commits changed, gathered until it is told, and whom each change concerns."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from gateway.views.seeing import EVERY_SENIOR, Audience, audience
from router.conversation import Conversation, State
from router.effects import (
    DeliverAgain,
    DeskWord,
    Effect,
    RecordConversation,
    RecordDelivery,
    RecordMessage,
    RecordOffer,
    RecordPresence,
    ReviseMessage,
    TellDesk,
)
from router.ids import ConversationId, InboxId, MessageId
from router.offer import Offer, OfferState
from router.presence import Presence
from skills.ids import AgentId

_WORDS = frozenset({DeskWord.NUDGE, DeskWord.ALARM, DeskWord.ANNOUNCEMENT})
"""What is told in words, besides what changed."""


class Sight:
    """Who may see each open conversation, kept so that a change that ends it is told to those who could."""

    def __init__(self) -> None:
        self._now: dict[ConversationId, Audience] = {}
        self._inboxes: dict[ConversationId, InboxId] = {}
        self._offered: dict[ConversationId, set[AgentId]] = {}

    def learn(self, conversations: Iterable[Conversation], offers: Iterable[Offer]) -> None:
        """Start from what is open."""
        for offer in offers:
            self._offered.setdefault(offer.conversation, set()).add(offer.agent)
        for conversation in conversations:
            self._now[conversation.id] = audience(conversation, self._offered.get(conversation.id, ()))
            self._inboxes[conversation.id] = conversation.inbox

    def of(self, conversation: ConversationId) -> Audience:
        """Who may see it now; the seniors, when it is not open."""
        return self._now.get(conversation, EVERY_SENIOR)

    def inbox(self, conversation: ConversationId) -> InboxId | None:
        """The inbox of an open conversation."""
        return self._inboxes.get(conversation)

    def offer(self, offer: Offer) -> None:
        """An offer opened or ended."""
        agents = self._offered.setdefault(offer.conversation, set())
        if offer.state is OfferState.OPEN:
            agents.add(offer.agent)
        else:
            agents.discard(offer.agent)
        if not agents:
            del self._offered[offer.conversation]

    def change(self, conversation: Conversation) -> Audience:
        """The conversation changed: everybody who could see it, or can now."""
        before = self.of(conversation.id)
        now = audience(conversation, self._offered.get(conversation.id, ()))
        if conversation.state is State.RESOLVED:
            self._now.pop(conversation.id, None)
            self._inboxes.pop(conversation.id, None)
        else:
            self._now[conversation.id] = now
            self._inboxes[conversation.id] = conversation.inbox
        return before.joined(now)


@dataclass(slots=True)
class Change:
    """What commits changed and was not told yet."""

    feed_seq: int = 0
    conversations: dict[ConversationId, Audience] = field(default_factory=dict)
    messages: dict[MessageId, None] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)
    presences: dict[AgentId, Presence] = field(default_factory=dict)
    words: list[TellDesk] = field(default_factory=list)
    delivered: set[ConversationId] = field(default_factory=set)
    """Conversations in which a delivery ended: where there is a window, less is left of it."""

    def note(self, feed_seq: int, effects: Sequence[Effect], sight: Sight) -> None:
        """Add a commit's effects."""
        self.feed_seq = feed_seq
        for effect in effects:
            if isinstance(effect, RecordOffer):
                self.offers.append(effect.offer)
                sight.offer(effect.offer)
        notes = self._NOTES
        for effect in effects:
            note = notes.get(type(effect))
            if note is not None:
                note(self, effect, sight)

    def _concern(self, conversation: ConversationId, those: Audience) -> None:
        known = self.conversations.get(conversation)
        self.conversations[conversation] = those if known is None else known.joined(those)

    def _conversation(self, effect: RecordConversation, sight: Sight) -> None:
        self._concern(effect.conversation.id, sight.change(effect.conversation))

    def _message(self, effect: RecordMessage, sight: Sight) -> None:
        self.messages[effect.id] = None
        self._concern(effect.conversation, sight.of(effect.conversation))

    def _delivery(self, effect: RecordDelivery, _: Sight) -> None:
        self.messages[effect.id] = None
        self.delivered.add(effect.conversation)

    def _revision(self, effect: ReviseMessage, _: Sight) -> None:
        self.messages[effect.id] = None

    def _again(self, effect: DeliverAgain, _: Sight) -> None:
        self.messages[effect.message] = None

    def _presence(self, effect: RecordPresence, _: Sight) -> None:
        self.presences[effect.presence.agent] = effect.presence

    def _word(self, effect: TellDesk, _: Sight) -> None:
        if effect.word in _WORDS:
            self.words.append(effect)

    _NOTES: ClassVar[Mapping[type, Callable[..., None]]] = {
        RecordConversation: _conversation,
        RecordMessage: _message,
        RecordDelivery: _delivery,
        ReviseMessage: _revision,
        DeliverAgain: _again,
        RecordPresence: _presence,
        TellDesk: _word,
    }
