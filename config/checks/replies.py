"""Replies: templates that may be rendered, in every language that contacts are answered in."""

from collections.abc import Iterator

from config.checks.draft import Draft
from config.positions import Document, Location, Position
from config.problem import Code, Problem
from config.template import TemplateFlaw, template_flaws


def reply_problems(draft: Draft) -> Iterator[Problem]:
    """What is wrong with the prepared texts beyond their form."""
    for reply, texts in draft.routing.replies.items():
        where: Location = ("replies", reply)
        missing = [language for language in draft.routing.languages if language not in texts]
        if missing and texts:
            words = f"the reply has no text in {', '.join(missing)}"
            hint = "another language is sent instead"
            yield draft.document.problem(Code.MISSING_LANGUAGE, where, words, suggestion=hint, of_key=True)
        for language, text in texts.items():
            for flaw in template_flaws(text):
                yield _placed(draft.document, (*where, language), flaw)


def _placed(document: Document, where: Location, flaw: TemplateFlaw) -> Problem:
    """The flaw at the word that is wrong, where the file has the template's line as it is."""
    start = document.position(where)
    lines = document.text.split("\n")
    first = lines[start.line - 1][start.column - 1 :]
    is_block = first.startswith(("|", ">"))
    line = start.line + flaw.line - 1 + is_block
    at = start
    if line <= len(lines) and flaw.about:
        column = lines[line - 1].find(flaw.about, start.column - 1 if line == start.line else 0)
        at = Position(line, column + 1) if column >= 0 else start
    return Problem(
        file=document.file,
        line=at.line,
        column=at.column,
        code=flaw.code,
        message=flaw.message,
        suggestion=flaw.suggestion,
    )
