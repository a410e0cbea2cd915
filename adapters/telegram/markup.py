"""Our text as the platform's HTML (core.telegram.org/bots/api#html-style): everything escaped, links as links."""

from adapters.passage import Passage

_SURROGATES = dict.fromkeys(
    range(0xD800, 0xE000), "\ufffd"
)  # half an emoji is no UTF-8: the platform would refuse it all
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"}) | _SURROGATES
_ATTRIBUTE = _TEXT | str.maketrans({'"': "&quot;"})


def escape(text: str) -> str:
    """A text that the platform shows as it is."""
    return text.translate(_TEXT)


def render(passage: Passage) -> str:
    """The passage as HTML."""
    pieces: list[str] = []
    at = 0
    for anchor in passage.anchors:
        words = escape(passage.text[anchor.at.start : anchor.at.stop])
        pieces += (
            escape(passage.text[at : anchor.at.start]),
            f'<a href="{anchor.url.translate(_ATTRIBUTE)}">{words}</a>',
        )
        at = anchor.at.stop
    return "".join((*pieces, escape(passage.text[at:])))
