"""One bot: everything that the gateway asks of an inbox of this channel."""

import hmac
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import msgspec

from adapters.capabilities import Capabilities
from adapters.contract import Amendment, Delivered, Fetched, Outbound, Parsed, Route, Tools
from adapters.errors import Ambiguous, DeliveryError, Forged, NotConnected, Rejected
from adapters.finding import Finding
from adapters.telegram.deliver import Sender, judged
from adapters.telegram.examine import examine
from adapters.telegram.groups import Me
from adapters.telegram.parse import KINDS, parse
from adapters.telegram.parts import FETCH_LIMIT
from adapters.telegram.plan import CAPABILITIES
from adapters.telegram.polling import Polling, Pulled
from adapters.telegram.request import CALL_FOR, SessionRequest
from adapters.telegram.settings import Mode, TelegramSettings
from adapters.wire import WebhookRequest
from router.ids import InboxId
from router.message import Media

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  the header's name, not its value


class TelegramAdapter:
    """An inbox on Telegram."""

    def __init__(self, inbox: InboxId, settings: TelegramSettings, tools: Tools, *, patience: float = CALL_FOR) -> None:
        """``patience``: seconds to wait for the answer to an ordinary call."""
        self._inbox = inbox
        self._settings = settings
        self._request = SessionRequest(tools.session, settings, patience)
        self._sender = Sender(self._request)
        self._me = Me.of_token(settings.token.reveal())
        self._polling = Polling(self._request, lambda body: parse(body, self._me))

    @property
    def inbox(self) -> InboxId:
        """The inbox that this adapter was built for."""
        return self._inbox

    def routes(self) -> Sequence[Route]:
        """One address to be called at; none when we ask."""
        return (Route(methods=("POST",)),) if self._settings.mode is Mode.WEBHOOK else ()

    def authenticate(self, request: WebhookRequest, now: datetime) -> None:
        """Return when the call carries the secret that we gave the platform (core.telegram.org/bots/api#setwebhook).

        The platform signs neither body nor time: a call that somebody overheard can be repeated, and is then dropped by
        its delivery key.

        Raises:
            Forged: the secret is missing or another one, or we have none to compare with.
        """
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        ours = self._settings.secret.reveal().encode()
        if not ours or self._settings.mode is not Mode.WEBHOOK or not hmac.compare_digest(given, ours):
            raise Forged("the call does not carry this inbox's secret")

    def parse(self, request: WebhookRequest) -> Parsed:
        """What an update means.

        Raises:
            MalformedPayload: the body is no update, or nothing in it says whose it is.
        """
        return parse(request.body, self._me)

    async def deliver(self, message: Outbound) -> Delivered:
        """Send one message; see `adapters.telegram.deliver`.

        Raises:
            DeliveryError: one of the closed set.
        """
        return await self._sender.deliver(message)

    async def edit(self, amendment: Amendment) -> Delivered:
        """Put other words in the place of a message's.

        Raises:
            DeliveryError: one of the closed set.
        """
        return await self._sender.edit(amendment)

    async def acknowledge(self, ack: str) -> None:
        """Stop the spinner on a pressed button.

        Raises:
            DeliveryError: the platform refused or was not reached.
        """
        await self._sender.acknowledge(ack)

    async def show_typing(self, address: str) -> None:
        """Show that somebody types; whether it was shown makes no difference to anybody."""
        try:
            await self._sender.show_typing(address)
        except DeliveryError:
            return

    async def fetch(self, media: Media) -> Fetched:
        """The bytes of a file that the contact sent; at most 20 MB, which is all that the platform gives.

        Raises:
            DeliveryError: it could not be fetched; `Rejected` when it never will.
        """
        if media.size > FETCH_LIMIT:
            raise Rejected("too_large", "the platform gives bots files of at most 20 MB")
        try:
            path = await self._sender.file_path(media.ref)
            if not path:
                raise Rejected("file_gone", "the platform no longer has the file")
            data = await judged(self._request.download(path, FETCH_LIMIT))
        except Ambiguous as error:  # fetching changes nothing: it may always be repeated
            raise NotConnected(error.reason, error.detail) from None
        return Fetched(data=data, mime=media.mime, name=media.name or path.rpartition("/")[2])

    def listen(self) -> AsyncIterator[Pulled] | None:
        """Ask for updates for ever, in polling mode."""
        return self._polling.updates() if self._settings.mode is Mode.POLLING else None

    async def prepare(self, webhook_url: str) -> None:
        """Tell the platform where to call, or that we ask; the latter ends a webhook that would keep us from asking.

        Raises:
            DeliveryError: the platform refused or was not reached.
        """
        if self._settings.mode is Mode.POLLING:
            await judged(self._request.call("deleteWebhook", {}))
        elif webhook_url:
            # Not through the library: it would write the secret to its debug log.
            fields = {
                "url": webhook_url,
                "secret_token": self._settings.secret.reveal(),
                "allowed_updates": msgspec.json.encode(KINDS).decode(),
            }
            await judged(self._request.call("setWebhook", fields))
        else:
            return
        self._me = Me(id=self._me.id, username=await self._sender.username())

    async def examine(self, webhook_url: str) -> Sequence[Finding]:
        """What is wrong with the bot's set-up; see `adapters.telegram.examine`."""
        return [finding async for finding in examine(self._request, self._settings, webhook_url)]

    def capabilities(self) -> Capabilities:
        """The platform's limits, the same for every bot."""
        return CAPABILITIES

    def secrets(self) -> Sequence[str]:
        """The bot's token and the webhook's secret."""
        return tuple(value for value in (self._settings.token.reveal(), self._settings.secret.reveal()) if value)
