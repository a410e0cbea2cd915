"""The widget, as the shared suite meets it: a contact's open page, to which is pushed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from adapters.contract import Adapter
from adapters.registry import channel
from adapters.secret import Secret
from adapters.visit import LANGUAGE, SPEAKER
from adapters.web.adapter import WebAdapter
from adapters.web.settings import WebSettings
from adapters.wire import WebhookRequest
from router.ids import InboxId
from tests.adapters.bench import Fault

CONTACT = "vis_1"


def frame(body: bytes, **headers: str) -> WebhookRequest:
    """A frame, as the gateway hands it over."""
    return WebhookRequest(method="FRAME", path="", query={}, headers=headers, body=body)


@dataclass
class PageStage:
    """An open page that remembers what it shows."""

    adapter: Adapter = field(init=False)
    address: str = CONTACT
    shown: list[Mapping[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.adapter = WebAdapter(inbox=InboxId("website"), settings=WebSettings(), push=self._push)

    async def _push(self, inbox: InboxId, address: str, frame: Mapping[str, Any]) -> bool:
        if frame["type"] == "message":
            self.shown.append(frame)
        return True

    def texts(self) -> Sequence[str]:
        """The words of all messages."""
        return [part["text"] for message in self.shown for part in message["parts"] if part["kind"] == "text"]

    def arrived(self) -> int:
        """The number of messages."""
        return len(self.shown)

    def expect(self, fault: Fault) -> Adapter:
        """Nothing can go wrong here: `WebBench.answers` is empty."""
        raise AssertionError(f"a push meets no platform, so it cannot meet {fault}")


@asynccontextmanager
async def stage() -> AsyncIterator[PageStage]:
    """One open page."""
    yield PageStage()


class WebBench:
    """The channel, for the suite."""

    channel = channel("web")
    is_webhook = False
    answers: frozenset[Fault] = frozenset()
    is_replay_refused = False

    def settings(self) -> WebSettings:
        """A widget whose site can prove who its contacts are."""
        present, former = map(Secret, self.secrets())
        return WebSettings(
            name="Shop",
            origins=("https://shop.example",),
            identity_secret=present,
            previous_identity_secret=former,
        )

    def secrets(self) -> Sequence[str]:
        """The secret that the site's server signs with, and the one before it."""
        return ("present-secret-of-the-site", "former-secret-of-the-site")

    def authentic(self, body: bytes) -> WebhookRequest:
        """A frame for which the gateway vouches."""
        return frame(body, **{SPEAKER: CONTACT, LANGUAGE: "zh-CN"})

    def forged(self, body: bytes) -> Mapping[str, WebhookRequest]:
        """What came over HTTP cannot have the gateway's header."""
        return {
            "no speaker": frame(body),
            "an empty speaker": frame(body, **{SPEAKER: ""}),
            "a speaker as HTTP would say it": frame(body, speaker=CONTACT),
            "the language alone": frame(body, **{LANGUAGE: "zh-CN"}),
        }

    def stage(self) -> AbstractAsyncContextManager[PageStage]:
        """An open page."""
        return stage()


BENCH = WebBench()
