"""One app: everything that the gateway asks of an inbox of this channel."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.capabilities import Capabilities
from adapters.contract import Amendment, Delivered, Fetched, Outbound, Parsed, Route, Tools
from adapters.errors import ChannelBroken, Forged
from adapters.finding import Finding
from adapters.slack.acquaintance import Acquaintance
from adapters.slack.client import CALL_FOR, SessionClient
from adapters.slack.deliver import Sender
from adapters.slack.examination import Examination
from adapters.slack.installing import Installing
from adapters.slack.parse import parse
from adapters.slack.plan import CAPABILITIES
from adapters.slack.settings import Mode, SlackSettings
from adapters.slack.signature import is_signed, is_ssl_check
from adapters.slack.socket import Pulled, Socket
from adapters.wire import WebhookRequest
from router.ids import InboxId
from router.message import Media


class SlackAdapter:
    """An inbox on Slack."""

    def __init__(self, inbox: InboxId, settings: SlackSettings, tools: Tools, *, patience: float = CALL_FOR) -> None:
        """``patience``: seconds to wait for the answer to a call."""
        self._inbox = inbox
        self._settings = settings
        client = SessionClient(tools.session, settings.api_base, patience)
        self._installing = Installing(inbox, settings, client, tools.vault)
        self._sender = Sender(client, settings, self._token_of)
        self._examination = Examination(client, settings)
        self._acquaintance = Acquaintance(client, self._token_of)
        self._socket = Socket(client, tools.session, settings.app_token.reveal(), self._installing.ended)

    @property
    def inbox(self) -> InboxId:
        """The inbox that this adapter was built for."""
        return self._inbox

    def routes(self) -> Sequence[Route]:
        """One address for events, buttons and commands, none over a socket; two pages for installing the app."""
        calls = (Route(methods=("POST",)),) if self._settings.mode is Mode.HTTP else ()
        return (*calls, *(self._installing.routes() if self._settings.is_installable else ()))

    def authenticate(self, request: WebhookRequest, now: datetime) -> None:
        """Return when the call is signed by the platform, within five minutes of now.

        The platform's look at our certificate (``ssl_check``) is let in without: it means nothing (`parse`).

        Raises:
            Forged: it is not.
        """
        if request.method == "GET" and self._installing.is_welcome(request, now):
            return
        if self._settings.mode is Mode.HTTP and request.method == "POST":
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
        if request.method == "GET":
            return self._installing.parse(request)
        return self._introduced(parse(request.body, self._installing.ended))

    async def deliver(self, message: Outbound) -> Delivered:
        """Send one message; see `adapters.slack.deliver`.

        Raises:
            DeliveryError: one of the closed set.
        """
        return await self._sender.deliver(message)

    async def edit(self, amendment: Amendment) -> Delivered:
        """Put other words into messages that were sent.

        Raises:
            DeliveryError: one of the closed set; `Rejected` when the words need another number of messages.
        """
        return await self._sender.edit(amendment)

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
        return self._socket.pulled(self._introduced) if self._settings.mode is Mode.SOCKET else None

    async def prepare(self, webhook_url: str) -> None:
        """Ask the platform whether our token is one. Where it calls us is said on the app's page, not by us.

        Raises:
            DeliveryError: it is not, or the platform was not reached.
        """
        self._installing.address = webhook_url
        if self._settings.mode is Mode.HTTP and not self._settings.signing_secret:
            raise ChannelBroken("no_signing_secret", "without signing_secret every call is refused")
        if self._settings.bot_token:
            await self._sender.check()

    async def examine(self, webhook_url: str) -> Sequence[Finding]:
        """What is wrong with the app's set-up, as far as the platform says; see `adapters.slack.examination`."""
        return await self._examination.findings(webhook_url)

    def capabilities(self) -> Capabilities:
        """The platform's limits, the same for every app."""
        return CAPABILITIES

    def secrets(self) -> Sequence[str]:
        """The tokens, the signing secret and the client's."""
        ours = self._settings
        all_of_them = (ours.bot_token, ours.signing_secret, ours.app_token, ours.client_secret)
        return tuple(value for secret in all_of_them if (value := secret.reveal()))

    def _introduced(self, parsed: Parsed) -> Parsed:
        """The same, with the question who it was where that is not known."""
        introduction = self._acquaintance.introduction(parsed)
        return parsed if introduction is None else replace(parsed, introduction=introduction)

    async def _token_of(self, installation: str) -> str:
        """The bot token of a workspace: the one in the settings, or the one that its installation gave us."""
        return self._settings.bot_token.reveal() or await self._installing.token_of(installation)
