"""Knowledge as Markdown: a heading holds the questions, what follows it is the answer.

    ## 多久出签？ / How long does it take?
    [zh-CN] 一般五到七个工作日。
    [en] Usually five to seven working days.

Questions are separated by `` / ``. An answer without a language is for all. Text before the first heading is ignored.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^#{1,6}\s+(?P<questions>.+?)\s*#*$")
_LANGUAGE = re.compile(r"^\[(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\]\s*(?P<rest>.*)$")
_BETWEEN = re.compile(r"\s+/\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One heading with what follows it: ``answer`` by language ("" for all); ``line`` counts from 1."""

    line: int
    questions: tuple[str, ...]
    answer: dict[str, str]


def passages(markdown: str) -> Iterator[Passage]:
    """The passages of a text, in its order; one without an answer has an empty one."""
    at, questions, lines = 0, tuple[str, ...](), list[str]()
    for number, line in enumerate(markdown.splitlines(), start=1):
        heading = _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        if questions:
            yield Passage(line=at, questions=questions, answer=_answer(lines))
        at, questions, lines = number, tuple(_BETWEEN.split(heading["questions"])), []
    if questions:
        yield Passage(line=at, questions=questions, answer=_answer(lines))


def _answer(lines: list[str]) -> dict[str, str]:
    texts: dict[str, list[str]] = {}
    language = ""
    for line in lines:
        marked = _LANGUAGE.match(line)
        if marked is not None:
            language = marked["language"]
        texts.setdefault(language, []).append(marked["rest"] if marked is not None else line)
    joined = {key: "\n".join(each).strip() for key, each in texts.items()}
    return {key: text for key, text in joined.items() if text}
