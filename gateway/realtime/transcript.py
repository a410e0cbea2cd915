"""The transcript: what a contact and we have said, as a text file behind a link that works for a few minutes."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from gateway.clock import Clock
from gateway.store.visits import SaidMessage
from router.ids import InboxId, ThreadId

LASTS = timedelta(minutes=10)

_parts: msgspec.json.Decoder[list[dict[str, Any]]] = msgspec.json.Decoder(list[dict[str, Any]])


class BadTranscript(Exception):
    """The link was not made here, or has run out."""


class Wanted(msgspec.Struct, frozen=True, array_like=True):
    """What a link stands for: a thread of an inbox up to a message; ``ends`` is in seconds since 1970."""

    inbox: InboxId
    thread: ThreadId
    seq: int
    zone: str
    language: str
    ends: int


class Transcripts:
    """Makes links and reads them."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._signer = Signer(key, salt="transcript", key_derivation="hmac", digest_method=hashlib.sha256)
        self._clock = clock

    def sign(self, *, inbox: InboxId, thread: ThreadId, seq: int, zone: str, language: str) -> str:
        """The path of a link, from the root of the site."""
        ends = int((self._clock.now() + LASTS).timestamp())
        wanted = Wanted(inbox=inbox, thread=thread, seq=seq, zone=zone, language=language, ends=ends)
        content = base64_encode(msgspec.json.encode(wanted))
        return f"/widget/{inbox}/transcript/{self._signer.sign(content).decode()}"

    def read(self, inbox: InboxId, signed: str) -> Wanted:
        """What the last part of a link stands for.

        Raises:
            BadTranscript: it is not ours, not of this inbox, or has run out.
        """
        try:
            wanted = msgspec.json.decode(base64_decode(self._signer.unsign(signed.encode())), type=Wanted)
        except (BadData, ValueError) as error:
            raise BadTranscript("this link was not made here") from error
        if wanted.inbox != inbox or self._clock.now().timestamp() > wanted.ends:
            raise BadTranscript("this link has run out")
        return wanted


def transcribe(house: str, said: Iterable[SaidMessage], zone: str, name_of: Callable[[SaidMessage], str]) -> str:
    """The file: who spoke and when, then the words. Where ``name_of`` knows no name it was the house."""
    place = _zone(zone)
    blocks = [house]
    for message in said:
        who = name_of(message) or house
        at = message.at.astimezone(place)
        blocks.append(f"[{_instant(at)}] {who}\n{_words(message)}")
    return "\n\n".join(blocks) + "\n"


def _words(message: SaidMessage) -> str:
    return "\n".join(filter(None, map(_part, _parts.decode(message.parts))))


def _part(part: dict[str, Any]) -> str:
    """A part as words; a file by its name."""
    match part.get("kind"):
        case "text":
            return str(part["text"])
        case "choice":
            return str(part.get("label") or part.get("value", ""))
        case "choices":
            return "\n".join(f"- {option['label']}" for option in part.get("options", []))
        case "link":
            return f"{part.get('title', '')} {part.get('url', '')}".strip()
        case kind:
            return f"[{part.get('name') or part.get('label') or kind}]"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):  # all are its words for a name that is none
        return ZoneInfo("UTC")


def _instant(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="minutes")
