"""One account: everything that the gateway asks of an inbox of this channel."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime

from adapters.capabilities import Capabilities
from adapters.contract import Delivered, Fetched, Outbound, Parsed, Route, Tools
from adapters.errors import DeliveryError, Rejected
from adapters.finding import Finding
from adapters.wechat.api import CALL_FOR, Api
from adapters.wechat.deliver import Sender
from adapters.wechat.examine import examine
from adapters.wechat.parse import parse
from adapters.wechat.passive import CAPABILITIES as WORDS_ONLY
from adapters.wechat.passive import Passive as Relay
from adapters.wechat.passive import relayed
from adapters.wechat.plan import CAPABILITIES
from adapters.wechat.proof import Proof
from adapters.wechat.settings import WeChatSettings
from adapters.wire import WebhookReply, WebhookRequest
from router.ids import InboxId
from router.message import Media

TYPING = "message/custom/typing"


class WeChatAdapter:
    """An inbox on WeChat."""

    def __init__(self, inbox: InboxId, settings: WeChatSettings, tools: Tools, *, patience: float = CALL_FOR) -> None:
        """``patience``: seconds to wait for the answer to an ordinary call."""
        self._inbox = inbox
        self._settings = settings
        self._proof = Proof(settings)
        self._api = Api(tools.session, settings, patience)
        self._sender = Sender(self._api)
        self._passive = Relay(settings.token.reveal())

    @property
    def inbox(self) -> InboxId:
        """The inbox that this adapter was built for."""
        return self._inbox

    def routes(self) -> Sequence[Route]:
        """One address: asked once whether it is ours (GET), called with every push (POST)."""
        return (Route(methods=("GET", "POST")),)

    def authenticate(self, request: WebhookRequest, now: datetime) -> None:
        """Return when the call is signed with the account's Token, of now, and sealed if it has to be.

        Raises:
            Forged: it is not.
        """
        self._proof.check(request, now)

    def parse(self, request: WebhookRequest) -> Parsed:
        """What a push means; the question whether the address is ours is answered as it was asked.

        Raises:
            MalformedPayload: the body is no push, was sealed with another key, or nothing in it says whose it is.
        """
        if request.method == "GET":
            echo = request.query.get("echostr", "").encode("utf-8", "surrogateescape")
            return Parsed(reason="the platform asked whether the address is ours", reply=WebhookReply(body=echo))
        content, envelope = self._proof.content(request)
        parsed = parse(content)
        if not self._settings.is_relayed:
            return parsed
        return relayed(parsed, content, request, envelope, self._passive)

    async def deliver(self, message: Outbound) -> Delivered:
        """Send one message; see `adapters.wechat.deliver`, and `adapters.wechat.passive` for relayed answers.

        Raises:
            DeliveryError: one of the closed set.
        """
        if self._settings.is_relayed:
            return await self._passive.deliver(message)
        return await self._sender.deliver(message)

    async def acknowledge(self, ack: str) -> None:
        """Nothing: the platform's client does not wait for a tap to be confirmed."""

    async def show_typing(self, address: str) -> None:
        """Show that somebody types, for 15 seconds; the platform takes it for half a minute after the contact wrote."""
        if self._settings.is_relayed:
            return
        try:
            await self._api.call(TYPING, {"touser": address, "command": "Typing"})
        except DeliveryError:
            return

    async def fetch(self, media: Media) -> Fetched:
        """The bytes of a file that the contact sent, for the three days that the platform keeps it.

        Raises:
            DeliveryError: it could not be fetched; `Rejected` when it never will.
        """
        media_id, _, public = media.ref.partition(" ")
        if not media_id and not public:
            raise Rejected("file_gone", "nothing says where the file is")
        try:
            data, mime = await self._api.fetch(media_id) if media_id else await self._api.fetch_public(public)
        except DeliveryError as error:
            if not public or not media_id or error.is_retryable:
                raise
            data, mime = await self._api.fetch_public(public)
        return Fetched(data=data, mime=mime or media.mime, name=media.name)

    def listen(self) -> AsyncIterator[tuple[Parsed, Callable[[], Awaitable[None]]]] | None:
        """Nothing to pull: the platform calls."""
        return None

    async def prepare(self, webhook_url: str) -> None:
        """See whether the credentials are good; where to call, the platform is told in its console only.

        Raises:
            DeliveryError: the platform refused them or was not reached.
        """
        if self._settings.secret:
            await self._api.check()

    async def examine(self, webhook_url: str) -> Sequence[Finding]:
        """What is wrong with the account's set-up; see `adapters.wechat.examine`."""
        return await examine(self._settings, self._api, webhook_url)

    def capabilities(self) -> Capabilities:
        """The platform's limits, the same for every account that sends in the same way."""
        return WORDS_ONLY if self._settings.is_relayed else CAPABILITIES

    def secrets(self) -> Sequence[str]:
        """Token, AppSecret and both keys."""
        settings = self._settings
        every = (settings.token, settings.secret, settings.aes_key, settings.aes_key_previous)
        return tuple(one.reveal() for one in every if one)
