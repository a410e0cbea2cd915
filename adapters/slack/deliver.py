"""Sending through slack-sdk's client: each text is one call, each file three; each call's answer is judged.

A file is seen by nobody before its third call, so the first two are always safe to repeat.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from yarl import URL

from adapters.contract import Amendment, Delivered, Fetched, Outbound
from adapters.errors import Ambiguous, ChannelBroken, ContactUnreachable, NotConnected, Rejected
from adapters.slack.client import SessionClient, judged
from adapters.slack.parts import FETCH_LIMIT
from adapters.slack.plan import Say, Step, Upload, plan, texts
from adapters.slack.settings import SlackSettings
from adapters.stepwise import deliver_in_steps
from router.message import Media

T = TypeVar("T")

TokenOf = Callable[[str], Awaitable[str]]
"""``await token_of(installation)``: the bot token of a workspace or organisation; empty when it has none."""


class Sender:
    """What one app says: texts, buttons, files; and the files that it is given."""

    def __init__(self, client: SessionClient, settings: SlackSettings, token_of: TokenOf) -> None:
        self._client = client
        self._settings = settings
        self._token_of = token_of
        self._direct: dict[str, str] = {}  # a person's address -> the direct channel's id, which never changes

    async def deliver(self, message: Outbound) -> Delivered:
        """Send a message, in as many calls as it takes.

        Raises:
            DeliveryError: one of the closed set, with the progress that was made.
        """
        what = plan(message)

        def send(step: Step, _: Sequence[str]) -> Awaitable[str]:
            return self._send(message.address, step)

        return await deliver_in_steps(message, what.steps, lost=what.lost, send=send, name=_name)

    async def edit(self, amendment: Amendment) -> Delivered:
        """Put other words into messages that were sent.

        Raises:
            DeliveryError: one of the closed set; `Rejected` when the words need another number of messages.
        """
        steps = texts(amendment.parts)
        if len(steps) != len(amendment.keys):
            raise Rejected("other_pieces", "the new words would be another number of messages")
        token = await self._token(amendment.address.partition(":")[0])
        for key, step in zip(amendment.keys, steps, strict=True):
            channel, _, stamp = key.partition(":")
            if key:
                call = self._client.chat_update(
                    channel=channel, ts=stamp, text=step.text, blocks=step.blocks(), token=token
                )
                await self._safe(call, token)
        return Delivered(keys=amendment.keys)

    async def check(self) -> None:
        """Ask the platform whether our token is one.

        Raises:
            DeliveryError: it is not, or the platform was not reached.
        """
        token = self._settings.bot_token.reveal()
        await self._safe(self._client.auth_test(token=token), token)

    async def fetch(self, media: Media) -> Fetched:
        """The bytes of a file that a contact shared.

        Raises:
            DeliveryError: it could not be fetched; `Rejected` when it never will.
        """
        installation, _, file = media.ref.partition(":")
        token = await self._token(installation)
        answer = await self._safe(self._client.files_info(file=file, token=token), token)
        described = answer["file"] if isinstance(answer["file"], dict) else {}
        address = described.get("url_private_download") or described.get("url_private")
        if not isinstance(address, str) or not self._is_the_platforms(URL(address)):
            raise Rejected("file_gone", "the platform does not give the file")
        data, mime = await self._safe(self._client.download(URL(address), token, FETCH_LIMIT), token)
        if mime == "text/html" and "html" not in media.mime:
            # Without the scope the platform answers 200 with its login page.
            raise ChannelBroken("missing_scope", "files are not given out: needs files:read")
        return Fetched(data=data, mime=media.mime or mime, name=media.name)

    def _is_the_platforms(self, address: URL) -> bool:
        """Whether the token may be shown there."""
        ours = URL(self._settings.api_base)
        if (address.scheme, address.host, address.port) == (ours.scheme, ours.host, ours.port):
            return True
        host = address.host or ""
        return address.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))

    async def _send(self, address: str, step: Step) -> str:
        """Make the calls of one step; the key of the message that it became."""
        installation, _, place = address.partition(":")
        channel, _, thread = place.partition(":")
        if not channel:
            raise ContactUnreachable("channel_not_found", "the address names no channel")
        token = await self._token(installation)
        if isinstance(step, Upload):
            return await self._share(step, address, channel, thread, token)
        return await self._say(step, channel, thread, token)

    async def _say(self, step: Say, channel: str, thread: str, token: str) -> str:
        more: dict[str, Any] = {"thread_ts": thread} if thread else {}
        more |= {"blocks": blocks} if (blocks := step.blocks()) else {}
        call = self._client.chat_postMessage(channel=channel, text=step.text, token=token, **more)
        answer = await judged(call, token, *self._secrets())
        return await judged(_key(answer["channel"], answer["ts"]))

    async def _share(self, step: Upload, address: str, channel: str, thread: str, token: str) -> str:
        client = self._client
        if channel[:1] in {"U", "W"}:
            channel = await self._open(address, channel, token)
        where = await self._safe(
            client.files_getUploadURLExternal(filename=step.name, length=len(step.data), token=token), token
        )
        await self._safe(client.put(str(where["upload_url"]), step.data), token)
        more: dict[str, Any] = {"thread_ts": thread} if thread else {}
        if step.comment:
            more["initial_comment"] = step.comment
        file = str(where["file_id"])
        call = client.files_completeUploadExternal(
            files=[{"id": file, "title": step.name}], channel_id=channel, token=token, **more
        )
        await judged(call, token, *self._secrets())
        return f"{channel}:{file}"

    async def _open(self, address: str, user: str, token: str) -> str:
        """The direct channel with a person: files cannot be shared with a person's id."""
        if address not in self._direct:
            answer = await self._safe(self._client.conversations_open(users=user, token=token), token)
            self._direct[address] = str(answer["channel"]["id"])
        return self._direct[address]

    async def _safe(self, call: Awaitable[T], token: str) -> T:
        """A call that shows nothing to anybody: whatever became of it, it may be made again."""
        try:
            return await judged(call, token, *self._secrets())
        except Ambiguous as error:
            raise NotConnected(error.reason, error.detail) from None

    async def _token(self, installation: str) -> str:
        token = await self._token_of(installation)
        if not token:
            raise ChannelBroken("not_installed", f"the app is not installed in {installation[:32]}")
        return token

    def _secrets(self) -> tuple[str, ...]:
        ours = self._settings
        return ours.signing_secret.reveal(), ours.app_token.reveal()


async def _key(channel: object, stamp: object) -> str:
    """The key of a message: the platform's yes is no yes when it names no message."""
    if not isinstance(channel, str) or not isinstance(stamp, str):
        raise TypeError
    return f"{channel}:{stamp}"


def _name(step: Step) -> str:
    return "file" if isinstance(step, Upload) else "text"
