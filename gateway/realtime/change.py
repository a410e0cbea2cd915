"""What commits changed, gathered until it is told, and whom each change concerns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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
        for effect in effects:
            match effect:
                case RecordConversation(conversation=conversation):
                    self._concern(conversation.id, sight.change(conversation))
                case RecordMessage(id=id_, conversation=conversation_id):
                    self.messages[id_] = None
                    self._concern(conversation_id, sight.of(conversation_id))
                case RecordDelivery(id=id_, conversation=conversation_id):
                    self.messages[id_] = None
                    self.delivered.add(conversation_id)
                case ReviseMessage(id=id_) | DeliverAgain(message=id_):
                    self.messages[id_] = None
                case RecordPresence(presence=presence):
                    self.presences[presence.agent] = presence
                case TellDesk(word=DeskWord.NUDGE | DeskWord.ALARM) as word:
                    self.words.append(word)
                case _:
                    pass

    def _concern(self, conversation: ConversationId, those: Audience) -> None:
        self.conversations[conversation] = self.conversations.get(conversation, those).joined(those)
