"""Channels say what they are called."""

import pytest

from adapters.registry import channel_names, channel_titles

LANGUAGES = {"zh-CN", "zh-TW", "en"}


@pytest.mark.parametrize("name", channel_names())
def test_every_channel_has_a_title(name: str) -> None:
    """A channel is called something in each language of the pages, and not by its id."""
    titles = {str(each): title for each, title in channel_titles().items()}[name]
    assert titles.keys() == LANGUAGES
    assert all(title.strip() and title != name for title in titles.values())


def test_titles_tell_channels_apart() -> None:
    """No two channels are called the same in any language."""
    for language in LANGUAGES:
        titles = [title[language] for title in channel_titles().values()]
        assert len(set(titles)) == len(titles)
