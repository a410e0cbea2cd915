"""One app: everything that the gateway asks of an inbox of this channel."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from adapters.capabilities import Capabilities, TextUnit
from adapters.contract import Delivered, Fetched, Outbound, Parsed, Route, Tools
from adapters.errors import ChannelBroken, Forged
from adapters.slack.client import CALL_FOR, SessionClient
from adapters.slack.deliver import Sender
from adapters.slack.parse import parse
from adapters.slack.plan import CHOICES_LIMIT, TEXT_LIMIT, UPLOAD_LIMIT
from adapters.slack.settings import Mode, SlackSettings
from adapters.slack.signature import is_signed, is_ssl_check
from adapters.slack.socket import Pulled, Socket
from adapters.wire import WebhookRequest
from router.ids import InboxId
from router.message import Media, MediaKind

CAPABILITIES = Capabilities(
    text_limit=TEXT_LIMIT,
    text_unit=TextUnit.CHARACTERS,
    caption_limit=TEXT_LIMIT,
    media_kinds=frozenset(kind.value for kind in MediaKind),
    media_limit=UPLOAD_LIMIT,
    choices_limit=CHOICES_LIMIT,
    has_edits=True,
    sends_per_second_each=1,  # "about one message a second to a channel" (docs.slack.dev/apis/web-api/rate-limits)
)


class SlackAdapter:
    """An inbox on Slack."""

    def __init__(self, inbox: InboxId, settings: SlackSettings, tools: Tools, *, patience: float = CALL_FOR) -> None:
        """``patience``: seconds to wait for the answer to a call."""
        self._inbox = inbox
        self._settings = settings
        client = SessionClient(tools.session, settings.api_base, patience)
        self._sender = Sender(client, settings, self._token_of)
        self._socket = Socket(client, tools.session, settings.app_token.reveal())

    @property
    def inbox(self) -> InboxId:
        """The inbox that this adapter was built for."""
        return self._inbox

    def routes(self) -> Sequence[Route]:
        """One address for events, buttons and commands; none over a socket."""
        return (Route(methods=("POST",)),) if self._settings.mode is Mode.WEBHOOK else ()

    def authenticate(self, request: WebhookRequest, now: datetime) -> None:
        """Return when the call is signed by the platform, within five minutes of now.

        The platform's look at our certificate (``ssl_check``) is let in without: it means nothing (`parse`).

        Raises:
            Forged: it is not.
        """
        if self._settings.mode is Mode.WEBHOOK and request.method == "POST":
            if is_ssl_check(request.body):
                return
            if is_signed(self._settings.signing_secret.reveal(), request.headers, request.body, now):
                return
        raise Forged("the call is not signed by this app's platform, or not now")

    def parse(self, request: WebhookRequest) -> Parsed:
        """What a call means.

        Raises:
            MalformedPayload: the body is not what the platform sends, or nothing in it says whose it is.
        """
        return parse(request.body)

    async def deliver(self, message: Outbound) -> Delivered:
        """Send one message; see `adapters.slack.deliver`.

        Raises:
            DeliveryError: one of the closed set.
        """
        return await self._sender.deliver(message)

    async def acknowledge(self, ack: str) -> None:
        """Nothing to do: the answer to the call of a press, or its confirmation on the socket, ends the waiting."""

    async def show_typing(self, address: str) -> None:
        """Nothing to show: apps cannot type here."""

    async def fetch(self, media: Media) -> Fetched:
        """The bytes of a file that a contact shared.

        Raises:
            DeliveryError: it could not be fetched; `Rejected` when it never will.
        """
        return await self._sender.fetch(media)

    def listen(self) -> AsyncIterator[Pulled] | None:
        """What the socket brings, for ever, in socket mode."""
        return self._socket.pulled() if self._settings.mode is Mode.SOCKET else None

    async def prepare(self, webhook_url: str) -> None:
        """Ask the platform whether our token is one. Where it calls us is said on the app's page, not by us.

        Raises:
            DeliveryError: it is not, or the platform was not reached.
        """
        if self._settings.mode is Mode.WEBHOOK and not self._settings.signing_secret:
            raise ChannelBroken("no_signing_secret", "without signing_secret every call is refused")
        if self._settings.token:
            await self._sender.check()

    def capabilities(self) -> Capabilities:
        """The platform's limits, the same for every app."""
        return CAPABILITIES

    def secrets(self) -> Sequence[str]:
        """The tokens and the signing secret."""
        ours = (self._settings.token, self._settings.signing_secret, self._settings.app_token)
        return tuple(value for secret in ours if (value := secret.reveal()))

    async def _token_of(self, installation: str) -> str:
        return ""
