"""The simulated workspace: its people, its channels, what was said in them, and the files."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from adapters.slack.fake_platform.refusals import Refusal

Message = dict[str, Any]

TEAM: Final = "T0POINTS"
APP: Final = "A0POINTS"
BOT_USER: Final = "U0POINTBOT"
BOT: Final = "B0POINTBOT"
BOT_NAME: Final = "pointsman"

_MENTION = re.compile(r"<([@#!])([^|>]*)(?:\|([^>]*))?>")
_LINK = re.compile(r"<([^|>]*)(?:\|([^>]*))?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the workspace."""

    user: str
    name: str
    locale: str = "zh-CN"

    def described(self) -> dict[str, Any]:
        """As ``users.info`` says it."""
        profile = {"real_name": self.name, "display_name": self.name}
        return {
            "id": self.user, "team_id": TEAM, "name": self.user.lower(), "real_name": self.name, "locale": self.locale,
            "profile": profile,
        }  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel, or the direct one between somebody and the app."""

    channel: str
    user: str = ""
    is_archived: bool = False
    messages: list[Message] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """As events say it."""
        return "im" if self.user else "channel"

    def message(self, stamp: str) -> Message:
        """One message.

        Raises:
            LookupError: there is none.
        """
        for message in self.messages:
            if message["ts"] == stamp:
                return message
        raise LookupError(f"no message {stamp} in {self.channel}")


@dataclass(slots=True, kw_only=True)
class StoredFile:
    """A file that somebody or the app has shared, or is about to."""

    file: str
    name: str
    size: int
    mime: str = "application/octet-stream"
    data: bytes | None = field(default=None, repr=False)
    is_shared: bool = False

    def described(self, address: str) -> dict[str, Any]:
        """As events and ``files.info`` say it."""
        return {
            "id": self.file, "name": self.name, "title": self.name, "mimetype": self.mime, "size": self.size,
            "mode": "hosted", "is_external": False, "url_private": f"{address}/files-pri/{self.file}/{self.file}",
            "url_private_download": f"{address}/files-pri/{self.file}/download/{self.file}",
        }  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Workspace:
    """All of it. ``address`` is where the platform listens."""

    address: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    _last: int = 0

    def direct(self, user: str) -> Channel:
        """The direct channel with somebody.

        Raises:
            Refusal: there is nobody of this id.
        """
        if user not in self.people:
            raise Refusal("user_not_found")
        return self.channels.setdefault(f"D{user[1:]}", Channel(channel=f"D{user[1:]}", user=user))

    def place(self, name: str) -> Channel:
        """The channel that an app may write to; somebody's id stands for the direct one.

        Raises:
            Refusal: there is none, or it is closed.
        """
        channel = self.direct(name) if name in self.people else self.channels.get(name)
        if channel is None:
            raise Refusal("channel_not_found")
        if channel.is_archived:
            raise Refusal("is_archived")
        return channel

    def add(self, channel: Channel, now: datetime, content: Message) -> Message:
        """A new message; its time stamp is unique."""
        self._last += 1
        message: Message = {"type": "message", "ts": f"{int(now.timestamp())}.{self._last:06d}", **content}
        channel.messages.append(message)
        return message

    def keep(self, name: str, size: int) -> StoredFile:
        """A place for a file that is to come."""
        file = StoredFile(file=f"F{len(self.files) + 1:08d}", name=name, size=size)
        self.files[file.file] = file
        return file


def seen(text: str) -> str:
    """A text as people see it."""
    text = _MENTION.sub(lambda found: found[3] or f"{found[1]}{found[2]}", text)
    text = _LINK.sub(lambda found: found[2] or found[1], text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
