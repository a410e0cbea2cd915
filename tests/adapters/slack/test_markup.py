"""The platform's markup, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.passage import Anchor, Passage
from adapters.slack.fake_platform.workspace import seen
from adapters.slack.markup import escape, mentions, render, said

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(text=TEXTS)
def test_what_we_say_is_seen_as_it_is(text: str) -> None:
    """No text of ours becomes a mention, a link or a broadcast; people see each character."""
    assert seen(escape(text)) == text
    assert "<" not in escape(text)


@given(text=TEXTS.filter(bool))
def test_what_was_escaped_is_read_back(text: str) -> None:
    """A text that somebody typed comes back character for character."""
    assert said(escape(text), (), "").text == text


@pytest.mark.parametrize(
    ("text", "us", "expected"),
    [
        ("<@U9> hello", "U9", "hello"), ("<@U9|pointsman> hello", "U9", "hello"), ("<@U1> hello", "U9", "@U1 hello"),
        ("<#C1|help>", "", "#help"), ("<#C1>", "", "#C1"), ("<!channel>", "", "@channel"),
        ("<!subteam^S1|@visa>", "", "@visa"), ("<!date^1^{date}^https://x.example|Monday>", "", "Monday"),
        ("<https://a.example>", "", "https://a.example"), ("<https://a.example|a.example>", "", "https://a.example"),
        ("<mailto:a@b.example|a@b.example>", "", "a@b.example"), ("<tel:+86|+86>", "", "+86"),
        ("a < b > c", "", "a < b > c"), ("<>", "", "<>"), ("&amp;lt;", "", "&lt;"), ("<<@U1>>", "", "<@U1>"),
    ],
)  # fmt: skip
def test_angle_brackets_become_words(text: str, us: str, expected: str) -> None:
    """Mentions, channels, broadcasts, dates, links and addresses are read as people see them."""
    assert said(text, (), us).text == expected


def test_hidden_links_are_kept() -> None:
    """A page behind other words is a link beside the text."""
    found = said("see <https://a.example/?b=1&amp;c=2|the list>", (), "")
    assert found.text == "see the list"
    assert [(link.url, link.title) for link in found.links] == [("https://a.example/?b=1&c=2", "the list")]


def test_a_link_of_ours_is_a_link_there() -> None:
    """The words lead to the page; nothing in either can end the link early."""
    passage = Passage(text="a > b|c\nd and", anchors=(Anchor(at=range(9), url="https://x.example/?q=<|>&r=1 2"),))
    assert render(passage) == "<https://x.example/?q=%3C%7C%3E&amp;r=1%202|a &gt; b¦c d> and"


def test_an_odd_address_is_words() -> None:
    """What is no page is not linked."""
    assert render(Passage(text="run", anchors=(Anchor(at=range(3), url="javascript:x"),))) == "run"


@pytest.mark.parametrize(
    ("text", "is_called"), [("<@U9>", True), ("x <@U9|y>", True), ("<@U99>", False), ("U9", False)]
)
def test_who_is_called(text: str, is_called: bool) -> None:
    """A mention names a user, not the beginning of another one's id."""
    assert mentions(text, "U9") is is_called
    assert not mentions("<@>", "")
