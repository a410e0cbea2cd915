"""The one contract between the gateway and every channel.

An adapter is built per inbox by its folder's `Channel`, which the registry lists. The gateway calls `authenticate`
before anything else, always. `authenticate` and `parse` are pure: values in, values out. Only `deliver`, `fetch`,
`acknowledge` and `listen` do network I/O, and only through the `Tools` that the adapter was built with.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

import aiohttp

from adapters.capabilities import Capabilities
from adapters.finding import Finding
from adapters.identifier import Identifier
from adapters.progress import NOTHING_YET, Follow, Progress, unfollowed
from adapters.vault import NOWHERE, Vault
from adapters.wire import WebhookReply, WebhookRequest
from router.ids import ChannelName, InboxId, MessageId
from router.message import DeliveryState, Media, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the platform told us about who writes. ``language`` is BCP 47 or empty; ``identifiers`` hold elsewhere."""

    name: str = ""
    username: str = ""
    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """What every inbound happening has.

    ``delivery_key`` names this delivery within the inbox: a second one with the same key is dropped, for ever.
    ``address`` is the contact's identity in this inbox. ``at`` is the platform's instant (aware UTC) or None;
    order is by arrival. ``is_aside``: it happened where people also talk to each other, and was not said to us; it
    counts only when this address has written to us before.
    """

    delivery_key: str
    address: str
    at: datetime | None = None
    is_aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What the platform lets us send because of what the contact did: so many messages, for so long.

    Only channels with `Capabilities.has_window` give any. It replaces what is left of an earlier, smaller one.
    """

    sends: int
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote(Inbound):
    """The contact wrote, pressed a button or came in by an entry.

    ``message_key`` is the platform's id of the message (for edits and replies). ``album`` joins several messages
    that the contact sent as one. ``entry`` is how the contact came (start payload, widget context); an entry
    without words has no parts. ``grant`` is what we may send because of it. ``tags`` are for a conversation
    that begins with it, allowed to whoever gave them.
    """

    message_key: str
    profile: Profile
    parts: tuple[Part, ...]
    entry: str = ""
    album: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    grant: Grant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Inbound):
    """The contact edited an earlier message."""

    message_key: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Inbound):
    """The platform or the contact's own client said what became of an outbound message (``message`` is our id)."""

    message: MessageId
    state: DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Inbound):
    """The contact blocked us or left; ``reason`` in one word."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Came(Inbound):
    """The contact unblocked or followed us, without words. ``grant`` is what we may send because of it."""

    profile: Profile
    entry: str = ""
    grant: Grant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted(Inbound):
    """The contact put a sign (``emoji``) under a message of the thread, or took it back.

    ``name`` is whose sign it is, if that is known. It is noted for the agent, and is no answer.
    """

    message_key: str
    emoji: str
    name: str = ""
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Relocated(Inbound):
    """The platform moved the contact from ``address`` to another one: the thread goes on there."""

    to: str


AnyInbound = Wrote | Edited | Reported | Left | Came | Reacted | Relocated


Errand = Callable[[datetime], Awaitable[WebhookReply]]
"""``await errand(now)`` does what an answer needs the network or the vault for; it gives the answer."""


Introduction = Callable[[], Awaitable["Came | None"]]
"""``await introduction()`` asks the platform who somebody is; None when it does not say, or was asked before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a request meant: happenings, and the answer to give after the commit.

    No happening needs a ``reason`` ("channel post", "own message"): nothing is dropped without a word. An ``errand``
    is run after the commit, and its answer takes the place of ``reply``. An ``introduction`` is run beside the answer,
    for contacts whom the platform does not name when they write; what it says counts as another happening.
    """

    inbound: tuple[AnyInbound, ...] = ()
    reply: WebhookReply = WebhookReply()
    reason: str = ""
    errand: Errand | None = None
    introduction: Introduction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One message to deliver. ``files`` holds the bytes of its media parts by their index in ``parts``.

    ``message`` is our id, stable over retries. ``author_name`` is what the contact may see. ``progress`` is what an
    earlier attempt got through: go on behind it, and let ``follow`` know of each piece: the call may be cut short.
    """

    message: MessageId
    address: str
    parts: tuple[Part, ...]
    author_name: str = ""
    files: Mapping[int, bytes] = field(default_factory=dict)
    reply_to: str = ""
    progress: Progress = NOTHING_YET
    follow: Follow = field(default=unfollowed, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """Other words for what was delivered; ``keys`` are its ids, piece by piece, empty where it has none."""

    message: MessageId
    address: str
    keys: tuple[str, ...]
    parts: tuple[Part, ...]
    author_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The platform took it.

    ``keys`` are its ids of the messages that we became (several when a text was split), piece by piece, empty for a
    piece that it refused. ``lost`` lists, in words for the agent, what the channel could not carry.
    """

    keys: tuple[str, ...]
    state: DeliveryState = DeliveryState.SENT
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file that was fetched: its bytes, and what the platform said of it."""

    data: bytes
    mime: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address that an inbox listens to, below ``/hooks/{inbox}``; ``methods`` are upper-case."""

    methods: tuple[str, ...]
    path: str = ""


Push = Callable[[InboxId, str, Mapping[str, Any]], Awaitable[bool]]
"""``await push(inbox, address, frame)`` sends a frame to the contact's open connections; False when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the gateway lends an adapter.

    The shared HTTP session, the push to contacts that are connected to us, and a place for secrets.
    """

    session: aiohttp.ClientSession
    push: Push
    vault: Vault = NOWHERE


class Adapter(Protocol):
    """One inbox of one channel."""

    @property
    def inbox(self) -> InboxId:
        """The inbox that this adapter was built for."""

    def routes(self) -> Sequence[Route]:
        """What it listens to below ``/hooks/{inbox}``; empty for pulling and pushed transports."""

    def authenticate(self, request: WebhookRequest, now: datetime) -> None:
        """Return when the request proves that it comes from the platform.

        Raises:
            Forged: it does not.
        """

    def parse(self, request: WebhookRequest) -> Parsed:
        """What the request means: pure and total.

        Raises:
            MalformedPayload: the bytes are not what this platform sends.
        """

    async def deliver(self, message: Outbound) -> Delivered:
        """Send one message, split and degraded to the channel's limits.

        Raises:
            DeliveryError: one of the closed set in `adapters.errors`.
        """

    async def acknowledge(self, ack: str) -> None:
        """Confirm a button press (``Choice.ack``) so that the contact's client stops waiting; best effort.

        Raises:
            DeliveryError: the platform refused or was not reached.
        """

    async def show_typing(self, address: str) -> None:
        """Show the contact that somebody types; best effort, no-op where the channel cannot."""

    async def fetch(self, media: Media) -> Fetched:
        """Fetch a file that a message referred to; never called inside a webhook.

        Raises:
            DeliveryError: it could not be fetched; `Rejected` when it never will.
        """

    def listen(self) -> AsyncIterator[tuple[Parsed, Callable[[], Awaitable[None]]]] | None:
        """A pulling transport: what was pulled, with the coroutine function that confirms it after the commit.

        None for inboxes that do not pull. The gateway supervises it: when it raises, it is started again with back-off.
        """

    async def prepare(self, webhook_url: str) -> None:
        """Tell the platform where to call (or not to), once at start.

        ``webhook_url`` is empty when we are not reachable.

        Raises:
            DeliveryError: the platform refused or was not reached.
        """

    def capabilities(self) -> Capabilities:
        """What this inbox can carry."""

    def secrets(self) -> Sequence[str]:
        """Values that must never reach a log, an error page or the store."""


@runtime_checkable
class Editing(Protocol):
    """An adapter whose channel lets us edit what we have sent."""

    async def edit(self, amendment: Amendment) -> Delivered:
        """Put other words in the place of a message's; doing it twice changes nothing.

        Raises:
            DeliveryError: one of the closed set; `Rejected` when the platform will not have it.
        """


@runtime_checkable
class Examined(Protocol):
    """An adapter that can say what is wrong with its inbox's set-up."""

    async def examine(self, webhook_url: str) -> Sequence[Finding]:
        """Look at credentials, addresses and what the platform says of them; changes nothing, never raises for it.

        ``webhook_url`` is where the platform should call us, empty when we are not reachable.
        """


class Channel(Protocol):
    """A kind of platform: the registry's entry, one per folder."""

    @property
    def name(self) -> ChannelName:
        """The channel's name as ``inboxes.yaml`` says it."""

    @property
    def title(self) -> Mapping[str, str]:
        """What people call the channel, by language: zh-CN, zh-TW and en."""

    @property
    def settings_type(self) -> type[Any]:
        """The frozen dataclass of one inbox's settings.

        ``config`` fills it from YAML (fields with their types and docs).
        """

    def build(self, inbox: InboxId, settings: Any, tools: Tools) -> Adapter:  # noqa: ANN401  each channel has its own
        """An adapter for one inbox."""
