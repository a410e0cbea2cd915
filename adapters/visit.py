"""The visit: what a contact's open page and the gateway say to each other, as two closed unions of JSON frames.

The gateway keeps the visit itself (who it is, what was missed, who types); what the contact *says* (`Send`, `Choose`)
is read by the inbox's adapter, like any platform's webhook. The gateway vouches for the speaker with `SPEAKER`, a
header that no HTTP client can send.

Instants are RFC 3339 in UTC. ``seq`` numbers a thread's messages; a gap means nothing but that a note for agents lies
there.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from adapters.identifier import Identifier

SPEAKER = ":speaker"
"""Header of a frame's `WebhookRequest`: the address that speaks, which the gateway knows. HTTP has no such names."""

ENTRY = ":entry"
"""Header: how the contact came, as the page said it (a product, a campaign)."""

LANGUAGE = ":language"
"""Header: the language that the page or the browser prefers, BCP 47."""

PERSON = ":person"
"""Header: a `Person` as JSON, when something is known of who speaks beside the address."""

UNPROVEN = "site:"
"""Stands before the name of an attribute that a page said of a contact without proof."""

TEXT_LIMIT = 8_000
"""Code points that a contact may send at once."""

PARTS_LIMIT = 10
FRAME_LIMIT = 64 * 1024
"""Bytes of one frame; files travel by upload."""

ClientId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
"""The client's own name for what it sends: sent twice, it is one message."""

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_LIMIT)]
Label = Annotated[str, msgspec.Meta(max_length=200)]
Language = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,5})?\Z")]
Name = Annotated[str, msgspec.Meta(max_length=120)]
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
TagWord = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
TagWords = Annotated[tuple[TagWord, ...], msgspec.Meta(max_length=20)]
Context = Annotated[
    dict[Annotated[str, msgspec.Meta(max_length=60)], Annotated[str, msgspec.Meta(max_length=500)]],
    msgspec.Meta(max_length=20),
]


class WrittenText(msgspec.Struct, frozen=True, tag="text", tag_field="kind"):
    """Words."""

    text: Words


class _UploadedFile(msgspec.Struct, frozen=True, tag_field="kind"):
    """A file that was uploaded before; ``mime`` and ``size`` are the gateway's own word, whatever the client said."""

    media: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    name: Name = ""
    mime: Label = ""
    size: Seq = 0


class WrittenImage(_UploadedFile, frozen=True, tag="image"):
    """A picture."""


class WrittenVoice(_UploadedFile, frozen=True, tag="voice"):
    """A recording."""


class WrittenVideo(_UploadedFile, frozen=True, tag="video"):
    """A film."""


class WrittenFile(_UploadedFile, frozen=True, tag="file"):
    """Any other file."""


WrittenMedia = WrittenImage | WrittenVoice | WrittenVideo | WrittenFile
WrittenPart = WrittenText | WrittenMedia


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The first frame. Without a ``token`` (or with one that we did not make) a new visit begins.

    ``context`` is what the page says of itself: ``entry`` (feeds triage), ``page``, ``order``, …; ``attributes`` what
    it says of the contact, without proof; ``tags`` are for triage, those of them that the inbox allows to its pages.
    """

    token: Annotated[str, msgspec.Meta(max_length=100)] = ""
    language: Language = ""
    context: Context = {}
    attributes: Context = {}
    tags: TagWords = ()
    name: Name = ""


class Identify(msgspec.Struct, frozen=True, tag="identify"):
    """The page says who the contact is: answered by another `Welcome`, or refused.

    Proven by ``hash`` (HMAC-SHA256 of ``id`` in hex) or by ``jwt``, under the inbox's ``identity_secret``.
    """

    id: Annotated[str, msgspec.Meta(max_length=200)] = ""
    name: Name = ""
    email: Label = ""
    phone: Label = ""
    avatar: Annotated[str, msgspec.Meta(max_length=500)] = ""
    hash: Annotated[str, msgspec.Meta(max_length=128)] = ""
    jwt: Annotated[str, msgspec.Meta(max_length=8_000)] = ""


class Logout(msgspec.Struct, frozen=True, tag="logout"):
    """Forget the secret of this page: a new visit begins, answered by `Welcome`."""


class Send(msgspec.Struct, frozen=True, tag="send"):
    """The contact wrote: ``text``, or ``parts``."""

    client_id: ClientId
    text: Annotated[str, msgspec.Meta(max_length=TEXT_LIMIT)] = ""
    parts: Annotated[tuple[WrittenPart, ...], msgspec.Meta(max_length=PARTS_LIMIT)] = ()


class Choose(msgspec.Struct, frozen=True, tag="choose"):
    """The contact pressed a button."""

    client_id: ClientId
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    label: Label = ""


class Resume(msgspec.Struct, frozen=True, tag="resume"):
    """Give me what came after ``seq``; 0 for everything."""

    seq: Seq


class Seen(msgspec.Struct, frozen=True, tag="seen"):
    """The contact has the messages up to ``seq`` before their eyes."""

    seq: Seq


class Typing(msgspec.Struct, frozen=True, tag="typing"):
    """The contact types; said again every few seconds while it lasts."""


class Older(msgspec.Struct, frozen=True, tag="older"):
    """Give me what came before ``seq``, the newest of it: answered by `Earlier`."""

    seq: Seq


class Situate(msgspec.Struct, frozen=True, tag="context"):
    """The page says something new of itself or of the contact, or the language was changed.

    ``drop`` takes attributes back, ``untag`` tags.
    """

    context: Context = {}
    language: Language = ""
    attributes: Context = {}
    drop: TagWords = ()
    tags: TagWords = ()
    untag: TagWords = ()
    name: Name = ""


class Rate(msgspec.Struct, frozen=True, tag="rate"):
    """The contact rates the conversation that has ended; said again it changes the rating."""

    stars: Annotated[int, msgspec.Meta(ge=1, le=5)]
    text: Annotated[str, msgspec.Meta(max_length=1_000)] = ""


class WantTranscript(msgspec.Struct, frozen=True, tag="transcript"):
    """Let me have what was said as a text file: answered by `Transcript`. ``zone`` is the reader's time zone."""

    zone: Label = ""


class End(msgspec.Struct, frozen=True, tag="end"):
    """The contact ends the conversation."""


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Is the line alive? Answered by `Pong`."""


Said = Send | Choose
"""What becomes a message: read by the adapter."""

FromVisitor = (
    Hello
    | Identify
    | Logout
    | Send
    | Choose
    | Resume
    | Older
    | Seen
    | Typing
    | Situate
    | Rate
    | WantTranscript
    | End
    | Ping
)
"""Everything that a client may say."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of who speaks: the ``name`` as given, ``proven`` attributes, and ``tags`` that are allowed.

    By the ``identifiers`` the person may be known in another inbox.
    """

    name: str = ""
    proven: Mapping[str, str] = {}
    tags: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """The answer to `Hello`, `Identify` and `Logout`.

    ``token`` is the secret to come back with; the page keeps it and never puts it into an address.
    ``inbox`` has ``name``, ``languages``, ``greeting`` and ``choices`` as the administrator wrote them.
    """

    token: str
    inbox: Mapping[str, Any]
    thread_seq: int
    status: Mapping[str, Any]


class Ack(msgspec.Struct, frozen=True, tag="ack"):
    """What was sent is durable, as this message. The same ``client_id`` always gets the same answer."""

    client_id: str
    id: str
    seq: int
    at: str


class Shown(msgspec.Struct, frozen=True, tag="message"):
    """A message of the thread; own ones too, with their ``client_id``.

    ``author`` has its ``kind`` and the ``name`` that contacts may see.
    """

    seq: int
    id: str
    at: str
    author: Mapping[str, str]
    parts: tuple[Mapping[str, Any], ...]
    client_id: str = ""
    is_edited: bool = False


class Earlier(msgspec.Struct, frozen=True, tag="earlier"):
    """Older messages, the oldest first; ``is_all`` when there are none before them."""

    messages: tuple[Shown, ...]
    is_all: bool


class Transcript(msgspec.Struct, frozen=True, tag="transcript"):
    """Where what was said can be fetched as a text file, for a few minutes."""

    url: str


class Edited(msgspec.Struct, frozen=True, tag="edited"):
    """An earlier message reads differently now."""

    id: str
    parts: tuple[Mapping[str, Any], ...]


class SomebodyTypes(msgspec.Struct, frozen=True, tag="typing"):
    """Somebody types an answer; forget it after six seconds."""

    name: str


class Rating(msgspec.Struct, frozen=True):
    """What may be rated: ``stars`` is 0 as long as it was not."""

    stars: int = 0
    text: str = ""


class Status(msgspec.Struct, frozen=True, tag="status"):
    """Where the conversation stands.

    ``state`` is a conversation's, or ``none``; ``position`` counts from 1 while waiting; ``wait`` is an estimate in
    seconds; ``agent`` is the public name of who answers; ``open`` and ``next_open`` are the hours of those who would.
    ``seen_seq`` is how far the contact has read, ``read_seq`` how far the one who answers has. ``rating`` is there as
    long as the conversation that ended last may be rated.
    """

    state: str
    open: bool
    next_open: str | None = None
    position: int | None = None
    wait: int | None = None
    agent: str = ""
    seen_seq: int = 0
    read_seq: int = 0
    rating: Rating | None = None


class Trouble(msgspec.Struct, frozen=True, tag="error"):
    """Something (``client_id``) was refused: ``code`` is for programs, ``message`` for developers."""

    code: str
    message: str
    client_id: str = ""


class Resync(msgspec.Struct, frozen=True, tag="resync"):
    """Forget what you have and resume from 0."""


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    """The line is alive."""


ToVisitor = Welcome | Ack | Shown | Earlier | Edited | Transcript | SomebodyTypes | Status | Trouble | Resync | Pong
"""Everything that a client may hear."""
