"""What passes between a bot and those who run it: what it heard, what it says, why it hands over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from skills.ids import GroupId, SkillId
from skills.language import best_reply_language

S = TypeVar("S")

Texts = Mapping[str, str]
"""A text in several languages: language → text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the contact said: ``text``, and ``choice`` when a button was pressed (its value).

    ``is_given``: nothing was said, the conversation itself was given to the bot, which may speak first.
    ``belongs_elsewhere``: the administrator's rules would send this message to another group.
    """

    text: str = ""
    choice: str = ""
    language: str = ""
    is_given: bool = False
    belongs_elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One answer to press: ``value`` comes back as `Heard.choice`."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """People are needed.

    ``reason`` is one word, see `Reason`. ``group`` None leaves the way to the administrator's ``then``;
    ``is_elsewhere`` sends it where the rules would. ``summary`` is for the agent.
    """

    reason: str
    group: GroupId | None = None
    requires: Mapping[SkillId, int] = field(default_factory=dict)
    summary: str = ""
    is_elsewhere: bool = False


class Reason:
    """Why bots hand over; the desk has words for each."""

    COMPLETE = "form_complete"
    NOT_UNDERSTOOD = "not_understood"
    ELSEWHERE = "belongs_elsewhere"
    ASKED = "asked_for_person"
    NO_ANSWER = "no_answer"
    DOWN = "bot_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned(Generic[S]):
    """A bot's turn: its new state, and what it says (nothing when ``text`` is empty and ``handoff`` is None).

    ``fields`` are everything learnt so far. ``awaits``: the next message is the answer to a question.
    ``missed``: the bot had no answer.
    """

    state: S
    text: str = ""
    chips: tuple[Chip, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    handoff: Handoff | None = None
    awaits: bool = False
    missed: bool = False


def in_language(texts: Texts, language: str) -> str:
    """The text that a reader of this language reads best; empty when there is none."""
    if not texts:
        return ""
    return texts.get("") or texts[best_reply_language(language, tuple(texts))]
