"""From a change to frames: what each thing looks like now, told to those whom it concerns.

Frames show a thing as it is when it is told, which may be newer than the commit that told of it.
"""

from collections.abc import Mapping

from gateway.realtime.change import Change, Sight
from gateway.realtime.frames import (
    AnnouncementFrame,
    ConversationFrame,
    MessageFrame,
    NudgeFrame,
    OfferEndedFrame,
    OfferFrame,
    OfferView,
    PresenceFrame,
    alarm,
)
from gateway.realtime.hub import Hub
from gateway.views.agent import show_agent
from gateway.views.conversation import ContactRef, ConversationView, ListedConversation, show_conversation
from gateway.views.legend import Legend
from gateway.views.masking import masked_conversation, masked_message
from gateway.views.message import StoredMessage, show_message
from gateway.views.seeing import EVERY_SENIOR, Audience
from gateway.views.trace import show_reasons
from router.conversation import OwnerKind
from router.effects import DeskWord, TellDesk
from router.ids import ConversationId, MessageId
from router.offer import Offer, OfferState
from skills.ids import AgentId, GroupId


class Teller:
    """Tells one change. ``rows`` and ``messages`` are what the store has of it now."""

    def __init__(
        self,
        hub: Hub,
        sight: Sight,
        legend: Legend,
        rows: Mapping[ConversationId, ListedConversation],
        messages: Mapping[MessageId, StoredMessage],
    ) -> None:
        self._hub = hub
        self._sight = sight
        self._legend = legend
        self._rows = rows
        self._messages = messages
        self._views: dict[ConversationId, ConversationView] = {}

    def tell(self, change: Change) -> None:
        """Conversations first, then what happened in them."""
        at = change.feed_seq
        for id_, those in change.conversations.items():
            if (view := self._view(id_)) is not None:
                clear, hidden = ConversationFrame(conversation=view), masked_conversation(view)
                self._hub.publish(at, those, clear, ConversationFrame(conversation=hidden))
        for message in change.messages:
            self._message(at, change, message)
        for offer in change.offers:
            self._offer(at, offer)
        for agent, presence in change.presences.items():
            profile = self._legend.settings.agents.get(agent)
            if profile is not None:
                those = Audience(agents=frozenset({agent}))
                self._hub.publish(at, those, PresenceFrame(presence=show_agent(profile, presence)))
        for word in change.words:
            self._word(at, word)

    def _message(self, at: int, change: Change, id_: MessageId) -> None:
        stored = self._messages.get(id_)
        if stored is None:
            return
        conversation = ConversationId(stored.conversation)
        those = change.conversations.get(conversation) or self._sight.of(conversation)
        view = show_message(stored, self._legend)
        self._hub.publish(
            at,
            those,
            MessageFrame(conversation=conversation, message=view),
            MessageFrame(conversation=conversation, message=masked_message(view)),
        )

    def _offer(self, at: int, offer: Offer) -> None:
        those = Audience(agents=frozenset({offer.agent}))
        if offer.state is not OfferState.OPEN:
            ended = OfferEndedFrame(offer=offer.id, conversation=offer.conversation, state=offer.state.value)
            self._hub.publish(at, those, ended)
            return
        view = self._view(offer.conversation)
        if view is None:
            return
        hidden = masked_conversation(view)
        self._hub.publish(
            at,
            those,
            OfferFrame(offer=self._show_offer(offer, view.contact), conversation=view),
            OfferFrame(offer=self._show_offer(offer, hidden.contact), conversation=hidden),
        )

    def _word(self, at: int, word: TellDesk) -> None:
        if word.word is DeskWord.ALARM:
            self._hub.publish(at, EVERY_SENIOR, alarm(*word.why))
            return
        if word.word is DeskWord.ANNOUNCEMENT:
            self._announcement(at, GroupId(word.subject), word)
            return
        conversation = word.conversation or ConversationId(word.subject)
        row = self._rows.get(conversation)
        agent = word.agent
        if agent is None and row is not None and row.conversation.owner.kind is OwnerKind.AGENT:
            agent = AgentId(row.conversation.owner.id)
        those = EVERY_SENIOR if agent is None else Audience(agents=frozenset({agent}))
        self._hub.publish(at, those, NudgeFrame(conversation=conversation, why=show_reasons(word.why)))

    def _announcement(self, at: int, group: GroupId, word: TellDesk) -> None:
        people = self._legend.settings.agents.values()
        those = Audience(agents=frozenset(each.id for each in people if group in each.groups), roles=frozenset())
        self._hub.publish(at, those, AnnouncementFrame(group=group, why=show_reasons(word.why)))

    def _view(self, id_: ConversationId) -> ConversationView | None:
        if id_ not in self._views and (row := self._rows.get(id_)) is not None:
            self._views[id_] = show_conversation(row, self._legend)
        return self._views.get(id_)

    def _show_offer(self, offer: Offer, contact: ContactRef) -> OfferView:
        group = self._legend.settings.groups.get(offer.group)
        return OfferView(
            id=offer.id,
            conversation=offer.conversation,
            group=offer.group,
            contact=contact,
            reason=offer.reason,
            expires_at=offer.expires_at,
            mode=group.offer.mode.value if group is not None else "",
        )
