"""The simulated followers: what each of them and the account have said, and what their actions allow the account."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from adapters.wechat.fake_platform.account import Refusal

TYPING_FOR = timedelta(seconds=15)
TYPING_WITHIN = timedelta(seconds=30)
MEDIA_FOR = timedelta(days=3)

Message = dict[str, Any]


class Action(Enum):
    """What a follower can do that opens a window, with how many messages it allows, and for how long."""

    WROTE = (5, timedelta(hours=48))
    TAPPED = (3, timedelta(minutes=1))


@dataclass(slots=True)
class Window:
    """What is left of one kind of action."""

    left: int
    until: datetime


@dataclass(slots=True, kw_only=True)
class Follower:
    """One person: the transcript as the person sees it, and the account's windows."""

    openid: str
    name: str
    is_following: bool = True
    messages: list[Message] = field(default_factory=list)
    windows: dict[Action, Window] = field(default_factory=dict)
    acted_at: datetime | None = None
    typing_at: datetime | None = None
    errors: int = 0
    """How often the person was shown that the service is unavailable."""

    def act(self, action: Action, now: datetime) -> None:
        """The person did something."""
        sends, lasts = action.value
        self.windows[action] = Window(sends, now + lasts)
        self.acted_at = now

    def spend(self, now: datetime) -> None:
        """The account sends one message.

        Raises:
            Refusal: nothing allows it.
        """
        if not self.is_following:
            raise Refusal(45015, "response out of time limit or subscription is canceled")
        running = [window for window in self.windows.values() if window.until > now]
        if not running:
            raise Refusal(45015, "response out of time limit or subscription is canceled")
        window = min((each for each in running if each.left), key=lambda each: each.until, default=None)
        if window is None:
            raise Refusal(45047, "out of response count limit")
        window.left -= 1

    def left(self, now: datetime) -> int:
        """How many messages the account may send now."""
        return sum(window.left for window in self.windows.values() if window.until > now) if self.is_following else 0

    def type(self, command: str, now: datetime) -> None:
        """The account shows that somebody types.

        Raises:
            Refusal: too late, too soon, or no such command.
        """
        if command not in {"Typing", "CancelTyping"}:
            raise Refusal(45072, "command not allowed")
        if self.acted_at is None or now - self.acted_at > TYPING_WITHIN:
            raise Refusal(45080, "can not send typing: the user has not interacted within 30 seconds")
        if command == "CancelTyping":
            self.typing_at = None
            return
        if self.is_typing(now):
            raise Refusal(45081, "typing is still shown")
        self.typing_at = now

    def is_typing(self, now: datetime) -> bool:
        """Whether the person sees that somebody types."""
        return self.typing_at is not None and now - self.typing_at < TYPING_FOR

    def say(self, author: str, now: datetime, content: Message) -> Message:
        """A new message in the transcript."""
        message: Message = {"id": len(self.messages) + 1, "author": author, "at": now.isoformat(), **content}
        self.messages.append(message)
        if author == "account":
            self.typing_at = None
        return message


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A temporary file: the platform keeps it for three days."""

    data: bytes = field(repr=False)
    kind: str
    mime: str
    name: str
    kept_until: datetime
