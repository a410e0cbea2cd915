"""The hub: every open feed, and the frames of the last minutes for those that come back.

A frame is encoded once (and once more, masked, for outside agents) and the same bytes go to every socket. Nobody
is waited for: a feed that does not read is closed, and comes back by `resume`.
"""

import asyncio
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from gateway.realtime.frames import ToDesk, encode
from gateway.views.seeing import Audience
from router.presence import Device
from skills.agent import Agent, Role
from skills.ids import AgentId

RING = 4_000
"""Frames kept for those that come back."""

UNREAD = 2_000
"""Frames that a feed may leave unread before it is closed."""

FRAMES_PER_COMMIT = 1_024
"""Frame numbers are the store's feed number times this, so that they survive a restart and order as commits do."""


@dataclass(frozen=True, slots=True)
class Told:
    """One frame as it was told: to whom, and in which bytes; ``masked`` is what outside agents get when it differs."""

    seq: int
    audience: Audience
    clear: bytes
    masked: bytes | None

    def to(self, viewer: Agent) -> bytes | None:
        """What this viewer is told; None is nothing."""
        if not self.audience.includes(viewer):
            return None
        return self.masked if self.masked is not None and viewer.role is Role.OUTSIDE else self.clear


@dataclass(eq=False, slots=True)
class Feed:
    """One open feed. ``since`` is the hub's number when it opened: what came later is in ``unread``."""

    viewer: Agent
    token: str
    since: int
    close: Callable[[int, str], None]
    device: Device = Device.DESKTOP
    viewing: str | None = None
    unread: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(UNREAD))

    def push(self, frame: bytes) -> None:
        """Queue a frame; a feed that does not read is closed."""
        try:
            self.unread.put_nowait(frame)
        except asyncio.QueueFull:
            self.close(1013, "too slow")


class Hub:
    """Open feeds by agent, and a ring of frames."""

    def __init__(self) -> None:
        self.seq = 0
        self._floor = 0
        self._ring: deque[Told] = deque()
        self._feeds: dict[AgentId, list[Feed]] = {}

    def start(self, feed_seq: int) -> None:
        """Number frames from behind those that an earlier process may have told of this feed number."""
        self.seq = self._floor = (feed_seq + 1) * FRAMES_PER_COMMIT - 1

    def next_seq(self, feed_seq: int) -> int:
        """The number of the next frame of this commit."""
        self.seq = max(self.seq + 1, feed_seq * FRAMES_PER_COMMIT)
        return self.seq

    def __iter__(self) -> Iterator[Feed]:
        return (feed for feeds in list(self._feeds.values()) for feed in list(feeds))

    def __len__(self) -> int:
        return sum(map(len, self._feeds.values()))

    def add(self, feed: Feed) -> bool:
        """A feed has opened; True when it is the agent's first on this kind of device."""
        feeds = self._feeds.setdefault(feed.viewer.id, [])
        feeds.append(feed)
        return sum(each.device is feed.device for each in feeds) == 1

    def remove(self, feed: Feed) -> bool:
        """A feed has closed; True when it was the agent's last on this kind of device."""
        feeds = self._feeds[feed.viewer.id]
        feeds.remove(feed)
        if not feeds:
            del self._feeds[feed.viewer.id]
        return not any(each.device is feed.device for each in feeds)

    def of(self, agent: AgentId) -> tuple[Feed, ...]:
        """The agent's open feeds."""
        return tuple(self._feeds.get(agent, ()))

    def is_connected(self, agent: AgentId) -> bool:
        """Whether the agent has an open feed."""
        return agent in self._feeds

    def publish(self, feed_seq: int, audience: Audience, clear: ToDesk, masked: ToDesk | None = None) -> None:
        """Number a frame, tell everybody concerned, and keep it for those that come back.

        ``masked`` is what outside agents are told in place of ``clear``, where contact data is in it.
        """
        seq = self.next_seq(feed_seq)
        told = Told(seq, audience, numbered(clear, seq), None if masked is None else numbered(masked, seq))
        self._ring.append(told)
        while len(self._ring) > RING:
            self._floor = self._ring.popleft().seq
        self._tell(told)

    def mention(self, audience: Audience, frame: ToDesk, *, but: Feed | None = None) -> None:
        """Tell those who are here something about this moment, unnumbered and never again."""
        self._tell(Told(0, audience, encode(frame), None), but)

    def _tell(self, told: Told, but: Feed | None = None) -> None:
        for feed in self:
            if feed is but:
                continue
            frame = told.to(feed.viewer)
            if frame is not None:
                feed.push(frame)

    def skip(self, feed_seq: int) -> None:
        """A commit went untold because nobody listens: who comes back must fetch again."""
        self._ring.clear()
        self._floor = self.next_seq(feed_seq)

    def missed(self, feed: Feed, seq: int) -> list[bytes] | None:
        """What the feed's agent missed between ``seq`` and the feed's opening; None when that is not kept any more."""
        if not self._floor <= seq <= self.seq:
            return None
        ring = list(self._ring)
        begin = bisect_right(ring, seq, key=lambda told: told.seq)
        frames = (told.to(feed.viewer) for told in ring[begin:] if told.seq <= feed.since)
        return [frame for frame in frames if frame is not None]


def numbered(frame: ToDesk, seq: int) -> bytes:
    """The frame's JSON with its number."""
    return encode(msgspec.structs.replace(frame, seq=seq))
