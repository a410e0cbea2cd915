"""Fitting a message to what a channel can carry: the one place that splits, replaces and leaves out. Pure.

The pieces are the messages that the platform will have, in their order; the changes say in words what the contact will
not see as it was written. Adapters send the pieces, and the desk shows them before anything is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from adapters.capabilities import Capabilities
from adapters.passage import Anchor, Passage, cut, joined
from adapters.split import measure
from router.message import (
    Choice,
    Choices,
    ContactCard,
    Link,
    Location,
    Media,
    MediaKind,
    Option,
    Part,
    Text,
    Unknown,
    part_kind,
)

POINTER = "👇"
"""Buttons need a message to stand under."""

_MEGABYTE = 1024 * 1024
_INSTEAD: Mapping[MediaKind, tuple[MediaKind, ...]] = {
    MediaKind.STICKER: (MediaKind.IMAGE, MediaKind.FILE),
    MediaKind.IMAGE: (MediaKind.FILE,),
    MediaKind.VOICE: (MediaKind.FILE,),
    MediaKind.VIDEO: (MediaKind.FILE,),
    MediaKind.FILE: (),
}
"""As what a file may go where a channel does not have its kind."""


class ChangeKind(Enum):
    """What happens to a part on its way: cut into several messages, shown in another form, not sent at all."""

    SPLIT = "split"
    REPLACED = "replaced"
    LOST = "lost"


class Why(Enum):
    """Why a part is changed: a short code, for which the screens have words of their own."""

    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    NOT_CARRIED = "not_carried"
    MISSING = "missing"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that the contact will not see as it was written; ``part`` is the part's kind, ``detail`` words."""

    kind: ChangeKind
    part: str
    why: Why
    detail: str

    @property
    def words(self) -> str:
        """The change in words for the agent."""
        return f"{self.part}: {self.detail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One message on the platform: words, or a thing with its caption; buttons below either.

    ``place`` is where ``thing`` stood among the message's parts.
    """

    words: Passage = Passage()
    thing: Media | Location | ContactCard | None = None
    place: int = -1
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A message as a channel will carry it."""

    pieces: tuple[Piece, ...]
    changes: tuple[Change, ...] = ()

    @property
    def lost(self) -> tuple[str, ...]:
        """What the contact will not get at all, in words."""
        return tuple(change.words for change in self.changes if change.kind is ChangeKind.LOST)


def fit(parts: Sequence[Part], can: Capabilities, sizes: Mapping[int, int] | None = None) -> Fitted:
    """A message as a channel with these capabilities will carry it.

    ``sizes`` are the bytes at hand by a part's place; a file that is not among them is missing. Without them the
    parts' own sizes are believed. No piece at all means that there is nothing to send.
    """
    fitting = _Fitting(can, sizes)
    for place, part in enumerate(parts):
        fitting.add(place, part)
    return fitting.fitted()


class _Fitting:
    """One message on its way through: words gather until something else comes."""

    def __init__(self, can: Capabilities, sizes: Mapping[int, int] | None) -> None:
        self._can = can
        self._sizes = sizes
        self._words: list[Passage] = []
        self._pieces: list[Piece] = []
        self._changes: list[Change] = []

    def add(self, place: int, part: Part) -> None:
        """Take the next part."""
        match part:
            case Text(text=text):
                self._words.append(Passage(text=text))
            case Choice(value=value, label=label):
                self._words.append(Passage(text=label or value))
            case Link():
                self._words.append(_page(part, is_anchored="link" in self._can.part_kinds))
            case Media():
                self._file(place, part)
            case Location():
                self._thing(place, part, _place_in_words(part))
            case ContactCard(phone=""):  # a card needs a number wherever there are cards
                self._words.append(_card_in_words(part))
            case ContactCard():
                self._thing(place, part, _card_in_words(part))
            case Choices(options=options):
                self._offer(options)
            case Unknown(kind=kind):
                self._change(ChangeKind.LOST, kind, Why.NOT_CARRIED, "this channel cannot send it")

    def fitted(self) -> Fitted:
        """What has become of all of it."""
        self._speak()
        return Fitted(pieces=tuple(self._pieces), changes=tuple(self._changes))

    def _speak(self) -> None:
        """Turn the words that have gathered into a caption of the file before them, or into messages."""
        passage = joined(self._words)
        self._words.clear()
        if not passage.text.strip():
            return
        can, before = self._can, self._pieces[-1] if self._pieces else None
        if (
            before is not None
            and isinstance(before.thing, Media)
            and before.thing.kind is not MediaKind.STICKER
            and not before.options
            and not before.words.text
            and measure(passage.text, can.text_unit) <= can.caption_limit
        ):
            self._pieces[-1] = replace(before, words=passage)
            return
        pieces = [passage] if can.is_pushed else list(cut(passage, can.text_limit, can.text_unit))
        if len(pieces) > 1:
            self._change(ChangeKind.SPLIT, "text", Why.TOO_LONG, f"sent as {len(pieces)} messages")
        self._pieces += (Piece(words=piece) for piece in pieces)

    def _thing(self, place: int, thing: Location | ContactCard, words: Passage) -> None:
        """A thing in the channel's own form, or in words."""
        kind = part_kind(thing)
        if kind in self._can.part_kinds:
            self._speak()
            self._pieces.append(Piece(thing=thing, place=place))
        else:
            self._change(ChangeKind.REPLACED, kind, Why.NOT_CARRIED, "sent in words")
            self._words.append(words)

    def _file(self, place: int, part: Media) -> None:
        self._speak()
        kind = part_kind(part)
        size = part.size if self._sizes is None else self._sizes.get(place)
        carried = next(
            (each for each in (part.kind, *_INSTEAD[part.kind]) if each.value in self._can.media_kinds), None
        )
        limit = self._can.media_limit
        if size is None:
            self._change(ChangeKind.LOST, kind, Why.MISSING, part.problem or "the file is missing")
        elif not size and self._sizes is not None:
            self._change(ChangeKind.LOST, kind, Why.EMPTY, "the file is empty")
        elif carried is None:
            self._change(ChangeKind.LOST, kind, Why.NOT_CARRIED, f"this channel carries none{_named(part)}")
        elif limit and size > limit:
            self._change(ChangeKind.LOST, kind, Why.TOO_LARGE, f"larger than {limit // _MEGABYTE} MB{_named(part)}")
        else:
            if carried is not part.kind:
                self._change(ChangeKind.REPLACED, kind, Why.NOT_CARRIED, f"sent as a {carried.value}")
            self._pieces.append(Piece(thing=replace(part, kind=carried), place=place))

    def _offer(self, options: tuple[Option, ...]) -> None:
        """Buttons below what was said last; numbered lines where there are none, or not so many."""
        can = self._can
        if not options:
            return
        if len(options) > can.choices_limit:
            why = Why.TOO_MANY if can.choices_limit else Why.NOT_CARRIED
            self._change(ChangeKind.REPLACED, "choices", why, "sent as numbered lines")
            lines = (f"{number}. {option.label or option.value}" for number, option in enumerate(options, 1))
            self._words.append(Passage(text="\n".join(lines)))
            return
        self._speak()
        if not self._pieces or self._pieces[-1].options:
            self._pieces.append(Piece(words=Passage(text=POINTER)))
        self._pieces[-1] = replace(self._pieces[-1], options=options)

    def _change(self, kind: ChangeKind, part: str, why: Why, detail: str) -> None:
        self._changes.append(Change(kind=kind, part=part, why=why, detail=detail))


def _page(link: Link, *, is_anchored: bool) -> Passage:
    """A shared page: words that lead there, or the address below them."""
    if is_anchored:
        title = link.title or link.url
        text = f"{title}\n{link.description}" if link.description else title
        return Passage(text=text, anchors=(Anchor(at=range(len(title)), url=link.url),))
    return Passage(text="\n".join(line for line in (link.title, link.description, link.url) if line))


def _place_in_words(place: Location) -> Passage:
    degrees = f"{place.latitude:.5f}, {place.longitude:.5f}"
    return Passage(text="\n".join(line for line in (place.label, place.address, degrees) if line))


def _card_in_words(card: ContactCard) -> Passage:
    return Passage(text=" ".join(word for word in (card.name, card.phone, card.email) if word))


def _named(part: Media) -> str:
    return f" ({part.name})" if part.name else ""
