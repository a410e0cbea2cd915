"""What an administrator writes in ``inboxes.yaml`` for a widget."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """One widget.

    ``origins`` are the sites that may embed it (``https://shop.example``), beside the server's own. ``languages`` are
    those it speaks, the first by default. ``greeting`` (language → words) opens an empty chat; ``choices`` (value →
    language → label) are offered below it; a press is a message with the label's words.
    """

    name: str = ""
    origins: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("zh-CN", "zh-TW", "en")
    greeting: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
