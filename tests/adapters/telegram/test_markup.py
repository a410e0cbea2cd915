"""Our texts as the platform's HTML, read back by the simulated platform's own reader."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.passage import Anchor, Passage, cut
from adapters.telegram.fake_platform.html import read
from adapters.telegram.markup import escape, render


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_arrives_as_it_is(text: str) -> None:
    """Whatever looks like markup is text to the contact."""
    assert read(escape(text)) == (text.strip(), [])


@given(
    before=st.text("ab 签&<😀", max_size=20),
    words=st.text("cd 证>&😀", min_size=1, max_size=10).filter(lambda words: words.strip() == words),
    url=st.text("abc&<>\"'/?=", max_size=20).map(lambda rest: f"https://shop.example/{rest}"),
)
def test_a_link_arrives_with_its_words(before: str, words: str, url: str) -> None:
    """A link covers its words, in the platform's units, and leads where it should."""
    start = f"-{before}"
    passage = Passage(text=f"{start}{words}.", anchors=(Anchor(at=range(len(start), len(start + words)), url=url),))
    text, (entity,) = read(render(passage))
    units = text.encode("utf-16-le")
    covered = units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
    assert (text, covered, entity["url"]) == (passage.text, words, url)


def test_half_an_emoji_does_not_spoil_the_rest() -> None:
    """A lone surrogate, which is no UTF-8, becomes the replacement character."""
    assert escape("a\ud83db") == "a\ufffdb"


def test_a_link_longer_than_a_message_is_linked_in_each() -> None:
    """Each piece of a link that had to be cut leads to the same page."""
    passage = Passage(text="x" * 30, anchors=(Anchor(at=range(30), url="https://shop.example/"),))
    pieces = [read(render(piece)) for piece in cut(passage, 20)]
    assert [(len(text), entities[0]["length"]) for text, entities in pieces] == [(20, 20), (10, 10)]
