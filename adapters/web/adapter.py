"""The widget as an adapter: nothing to call and nothing that calls us; delivery is a push to the contact's open pages.

A message is durable in its thread before it comes here, and a page that is not open will fetch it from there when it
comes back. So delivering never fails: it was either shown just now, or it waits for the contact.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime

from adapters.capabilities import Capabilities, TextUnit
from adapters.contract import Delivered, Fetched, Outbound, Parsed, Push, Route
from adapters.errors import Forged, Rejected
from adapters.finding import Finding
from adapters.site import Identity
from adapters.visit import TEXT_LIMIT, Identify
from adapters.web.examine import examine
from adapters.web.identity import identify
from adapters.web.parse import is_said_by_contact, parse_frame
from adapters.web.settings import WebSettings
from adapters.wire import WebhookRequest
from router.ids import InboxId
from router.message import DeliveryState, Media, MediaKind, Unknown, to_plain

MEDIA_LIMIT = 20 * 1024 * 1024
CHOICES_LIMIT = 24

_CAPABILITIES = Capabilities(
    text_limit=TEXT_LIMIT,
    text_unit=TextUnit.CODE_POINTS,
    caption_limit=TEXT_LIMIT,
    media_kinds=frozenset(kind.value for kind in MediaKind),
    media_limit=MEDIA_LIMIT,
    part_kinds=frozenset({"location", "contact", "link"}),
    choices_limit=CHOICES_LIMIT,
    has_typing=True,
    has_read_reports=True,
    has_edits=True,
    is_pushed=True,
)


class WebAdapter:
    """One widget."""

    def __init__(self, *, inbox: InboxId, settings: WebSettings, push: Push) -> None:
        self._inbox = inbox
        self._settings = settings
        self._push = push

    @property
    def inbox(self) -> InboxId:
        """The inbox that this adapter was built for."""
        return self._inbox

    @property
    def site(self) -> WebSettings:
        """The widget that the contacts see."""
        return self._settings

    def identify(self, claim: Identify, now: datetime) -> Identity:
        """Who the page says that somebody is.

        Raises:
            Unproven: it cannot prove it.
        """
        secrets = (self._settings.identity_secret, self._settings.previous_identity_secret)
        return identify(claim, secrets, now, self._settings.identity_realm)

    def routes(self) -> Sequence[Route]:
        """None: a widget's pages hold a connection of their own."""
        return ()

    def authenticate(self, request: WebhookRequest, now: datetime) -> None:
        """Return when the gateway vouches for the speaker of this frame.

        Raises:
            Forged: it does not, as with anything that came over HTTP.
        """
        if not is_said_by_contact(request):
            raise Forged("nobody vouches for this frame")

    def parse(self, request: WebhookRequest) -> Parsed:
        """What the frame means.

        Raises:
            MalformedPayload: it is not a frame that says something, or nobody is known to have said it.
        """
        return parse_frame(request)

    async def deliver(self, message: Outbound) -> Delivered:
        """Show the message on the contact's open pages: delivered with one open, else sent, waiting in the thread."""
        frame = {
            "type": "message",
            "id": message.message,
            "author": {"name": message.author_name},
            "parts": [to_plain(part) for part in message.parts],
        }
        is_shown = await self._push(self._inbox, message.address, frame)
        return Delivered(
            keys=(message.message,),
            state=DeliveryState.DELIVERED if is_shown else DeliveryState.SENT,
            lost=tuple(f"cannot be shown: {part.kind}" for part in message.parts if isinstance(part, Unknown)),
        )

    async def acknowledge(self, ack: str) -> None:
        """Nothing to confirm: the page has its `Ack`."""

    async def show_typing(self, address: str) -> None:
        """Show the contact that somebody types."""
        await self._push(self._inbox, address, {"type": "typing", "name": ""})

    async def fetch(self, media: Media) -> Fetched:
        """Nothing to fetch: a contact's files are uploaded to us.

        Raises:
            Rejected: always.
        """
        raise Rejected("no_such_file", "files of a widget are uploaded, never referred to")

    def listen(self) -> AsyncIterator[tuple[Parsed, Callable[[], Awaitable[None]]]] | None:
        """None: nothing is pulled."""
        return None

    async def prepare(self, webhook_url: str) -> None:
        """Nothing to tell anybody."""

    async def examine(self, webhook_url: str) -> Sequence[Finding]:
        """What is wrong with the widget's set-up; see `adapters.web.examine`."""
        return tuple(examine(self._settings, webhook_url))

    def capabilities(self) -> Capabilities:
        """What a page can show."""
        return _CAPABILITIES

    def secrets(self) -> Sequence[str]:
        """What the site's server signs with."""
        known = (self._settings.identity_secret, self._settings.previous_identity_secret)
        return [secret.reveal() for secret in known if secret]
