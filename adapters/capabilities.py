"""What a channel can carry, so that nothing outside its folder needs its name."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class TextUnit(Enum):
    """How the platform counts a text's length."""

    CODE_POINTS = "code_points"
    CHARACTERS = "characters"
    UTF8_BYTES = "utf8_bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """The limits and abilities of one inbox.

    ``text_limit`` and ``caption_limit`` are counted in ``text_unit``; ``media_limit`` in bytes; ``media_kinds``
    are names of `router.message.MediaKind`, ``media_types`` the MIME types it takes (empty: any). ``part_kinds`` are
    the other parts that it shows in a form of its own (``location``, ``contact``, ``link``); what it does not becomes
    words. ``choices_limit`` is how many buttons it shows, 0 without any. ``is_pushed``: delivery happens by the
    contact's own connection to us, so a committed message is as good as sent. ``typing_every`` is how often a typing
    sign must be repeated. ``sends_per_second`` and ``sends_per_second_each`` are what the platform bears from the
    inbox, and to one contact; 0 is no limit of its own. ``has_window``: we may send only what the contact's own
    actions allow (`adapters.contract.Grant`).
    """

    text_limit: int
    text_unit: TextUnit
    caption_limit: int = 0
    media_kinds: frozenset[str] = frozenset()
    media_types: frozenset[str] = frozenset()
    media_limit: int = 0
    part_kinds: frozenset[str] = frozenset()
    choices_limit: int = 0
    has_typing: bool = False
    typing_every: timedelta = timedelta(seconds=4)
    has_read_reports: bool = False
    has_edits: bool = False
    is_pushed: bool = False
    sends_per_second: float = 0.0
    sends_per_second_each: float = 0.0
    has_window: bool = False
