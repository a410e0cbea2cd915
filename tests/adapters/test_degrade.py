"""What the contact will see of a message, on any channel."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.capabilities import Capabilities, TextUnit
from adapters.degrade import POINTER, ChangeKind, Fitted, Piece, Why, fit
from adapters.passage import Anchor, Passage, cut, joined
from adapters.split import is_boundary, measure, split
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
)

POOR = Capabilities(text_limit=30, text_unit=TextUnit.UTF8_BYTES)
RICH = Capabilities(
    text_limit=30,
    text_unit=TextUnit.CODE_POINTS,
    caption_limit=10,
    media_kinds=frozenset(kind.value for kind in MediaKind),
    media_limit=1_000,
    part_kinds=frozenset({"location", "contact", "link"}),
    choices_limit=3,
)
PHOTO = Media(kind=MediaKind.IMAGE, name="a.png", size=10)

TEXTS = st.text(
    alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from("👩‍👧🇯🇵签 \n。.e\u0301"), max_size=80
)
PARTS = st.one_of(
    TEXTS.filter(bool).map(lambda text: Text(text=text)),
    st.builds(Media, kind=st.sampled_from(MediaKind), name=st.sampled_from(["", "x.bin"]), size=st.integers(0, 2_000)),
    st.builds(Link, url=st.just("https://shop.example/"), title=TEXTS, description=TEXTS),
    st.builds(Location, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180), label=TEXTS),
    st.builds(ContactCard, name=TEXTS, phone=st.sampled_from(["", "+8610"]), email=st.just("a@shop.example")),
    st.lists(st.builds(Option, value=st.text(min_size=1, max_size=5), label=TEXTS), max_size=5).map(
        lambda options: Choices(options=tuple(options))
    ),
    st.builds(Choice, value=st.just("yes"), label=TEXTS),
    st.builds(Unknown, kind=st.just("hologram")),
)
ABILITIES = st.builds(
    Capabilities,
    text_limit=st.integers(8, 60),
    text_unit=st.sampled_from(TextUnit),
    caption_limit=st.integers(0, 20),
    media_kinds=st.frozensets(st.sampled_from([kind.value for kind in MediaKind])),
    media_limit=st.sampled_from([0, 500]),
    part_kinds=st.frozensets(st.sampled_from(["location", "contact", "link"])),
    choices_limit=st.integers(0, 4),
)


def said(fitted: Fitted) -> list[str]:
    """The words of each piece."""
    return [piece.words.text for piece in fitted.pieces]


@given(parts=st.lists(PARTS, max_size=6), can=ABILITIES)
def test_nothing_is_beyond_the_limits(parts: list[Part], can: Capabilities) -> None:
    """No piece is longer than the channel's text, no caption longer than its captions, no button one too many."""
    for piece in fit(parts, can).pieces:
        limit = can.caption_limit if piece.thing is not None else can.text_limit
        assert measure(piece.words.text, can.text_unit) <= limit or len(piece.words.text) == 1
        assert len(piece.options) <= can.choices_limit
        assert piece.words.text.strip() or piece.thing is not None
        if isinstance(piece.thing, Media):
            assert piece.thing.kind.value in can.media_kinds
            assert not can.media_limit or piece.thing.size <= can.media_limit
        for anchor in piece.words.anchors:
            assert 0 <= anchor.at.start < anchor.at.stop <= len(piece.words.text)


@given(parts=st.lists(PARTS, max_size=6), can=ABILITIES)
def test_everything_arrives_or_is_named(parts: list[Part], can: Capabilities) -> None:
    """Each word of each text is in the pieces in its order; each thing is in them, or in the list of changes."""
    fitted = fit(parts, can)
    everything = "".join("".join(said(fitted)).split())
    at = 0
    for text in (part.text for part in parts if isinstance(part, Text)):
        at = everything.index("".join(text.split()), at) + len("".join(text.split()))
    carried = [piece.place for piece in fitted.pieces if isinstance(piece.thing, Media)]
    assert carried == sorted(set(carried))
    lost = sum(1 for change in fitted.changes if change.kind is ChangeKind.LOST)
    kept = sum(1 for part in parts if isinstance(part, Media | Unknown))
    assert kept == len(carried) + lost
    assert all(change.words for change in fitted.changes)


@given(parts=st.lists(PARTS, max_size=6), can=ABILITIES)
def test_the_same_message_is_cut_in_the_same_places(parts: list[Part], can: Capabilities) -> None:
    """A message that was interrupted can go on with its next piece: nothing about it is left to chance."""
    assert fit(parts, can) == fit(list(parts), can)


@given(text=TEXTS, limit=st.integers(1, 30), unit=st.sampled_from(TextUnit))
def test_pieces_fit_and_are_the_text(text: str, limit: int, unit: TextUnit) -> None:
    """In any unit the pieces follow each other without a gap, fit, and are cut between characters where they can be."""
    pieces = split(text, limit, unit=unit)
    assert "".join(text[piece.start : piece.stop] for piece in pieces) == text
    for piece in pieces:
        assert measure(text[piece.start : piece.stop], unit) <= limit or len(piece) == 1
    for former, latter in pairwise(pieces):
        is_one_character = not any(is_boundary(text, at) for at in range(former.start + 1, former.stop + 1))
        assert is_boundary(text, latter.start) or is_one_character


def test_a_long_text_is_split() -> None:
    """What is cut is said, with the number of messages."""
    fitted = fit([Text(text="签证材料。" * 4)], POOR)
    assert said(fitted) == ["签证材料。签证材料。"] * 2
    (change,) = fitted.changes
    assert (change.kind, change.part, change.why) == (ChangeKind.SPLIT, "text", Why.TOO_LONG)
    assert change.words == "text: sent as 2 messages"


def test_buttons_become_lines() -> None:
    """Where there are no buttons, or not so many, the contact reads numbered lines."""
    choices = Choices(options=(Option(value="jp", label="日本"), Option(value="kr", label="")))
    fitted = fit([Text(text="去？"), choices], POOR)
    assert said(fitted) == ["去？\n1. 日本\n2. kr"]
    assert fitted.changes[0].words == "choices: sent as numbered lines"
    (piece,) = fit([Text(text="去？"), choices], RICH).pieces
    assert piece == Piece(words=Passage(text="去？"), options=choices.options)
    (piece,) = fit([choices], RICH).pieces
    assert piece.words.text == POINTER


@pytest.mark.parametrize(
    ("part", "sizes", "words"),
    [
        (Media(kind=MediaKind.VIDEO, name="walk.mp4"), {0: 1_001}, "video: larger than 0 MB (walk.mp4)"),
        (PHOTO, {}, "image: the file is missing"),
        (Media(kind=MediaKind.IMAGE, problem="gone"), {}, "image: gone"),
        (PHOTO, {0: 0}, "image: the file is empty"),
        (Unknown(kind="hologram"), {}, "hologram: this channel cannot send it"),
    ],
)
def test_what_is_lost_is_named(part: Part, sizes: dict[int, int], words: str) -> None:
    """The agent reads what the contact will not get, and why; what is around it is sent."""
    fitted = fit([part, Text(text="见图")], RICH, sizes)
    assert fitted.lost == (words,)
    assert said(fitted) == ["见图"]


def test_a_file_goes_in_another_form() -> None:
    """A kind that the channel does not have goes as one that it has."""
    can = Capabilities(text_limit=20, text_unit=TextUnit.CODE_POINTS, media_kinds=frozenset({"file"}))
    fitted = fit([PHOTO], can)
    (piece,) = fitted.pieces
    assert isinstance(piece.thing, Media)
    assert piece.thing.kind is MediaKind.FILE
    assert [change.words for change in fitted.changes] == ["image: sent as a file"]
    assert fit([PHOTO], POOR).lost == ("image: this channel carries none (a.png)",)


def test_things_become_words() -> None:
    """A place, a card and a page are readable where the channel has no form for them."""
    place = Location(latitude=35.68, longitude=139.76, label="Tokyo")
    wide = Capabilities(text_limit=200, text_unit=TextUnit.CODE_POINTS)
    link = Link(url="https://shop.example/", title="Visa")
    fitted = fit([place, ContactCard(name="李娜", phone="+8610"), link], wide)
    assert said(fitted) == ["Tokyo\n35.68000, 139.76000\n李娜 +8610\nVisa\nhttps://shop.example/"]
    (page,) = fit([link], RICH).pieces
    assert page.words == Passage(text="Visa", anchors=(Anchor(at=range(4), url="https://shop.example/"),))


def test_words_after_a_file_are_its_caption() -> None:
    """Short words go with the file, long ones follow in a message of their own, a sticker has none."""
    assert [(piece.place, piece.words.text) for piece in fit([PHOTO, Text(text="页")], RICH).pieces] == [(0, "页")]
    assert said(fit([PHOTO, Text(text="页" * 11)], RICH)) == ["", "页" * 11]
    assert said(fit([Media(kind=MediaKind.STICKER), Text(text="页")], RICH)) == ["", "页"]


def test_what_goes_to_our_own_page_stays_whole() -> None:
    """A contact who is connected to us sees a long text as one message."""
    can = Capabilities(text_limit=10, text_unit=TextUnit.CODE_POINTS, is_pushed=True)
    assert said(fit([Text(text="长" * 50)], can)) == ["长" * 50]


def test_joined_passages_keep_their_links() -> None:
    """Links stay on their words when texts are put below each other and cut again."""
    link = Passage(text="page", anchors=(Anchor(at=range(4), url="https://shop.example/"),))
    both = joined([Passage(text="见"), link, link])
    assert both.text == "见\npage\npage"
    assert [both.text[anchor.at.start : anchor.at.stop] for anchor in both.anchors] == ["page", "page"]
    assert [[piece.text[a.at.start : a.at.stop] for a in piece.anchors] for piece in cut(both, 7)] == [["page"]] * 2
