"""Direct codes: each is met by one name, counts still, and asks for somebody who can come."""

from collections.abc import Iterator
from itertools import chain
from zoneinfo import ZoneInfo

from config.build import people_of
from config.checks.draft import Draft
from config.checks.rules import conditions
from config.models.code import CodeSection
from config.positions import Location
from config.problem import Code, Problem
from config.rehearsal import instant_of
from config.timetable import zone_of
from config.treatment import levels_of
from skills.matching import first_missing
from skills.skill import requirement
from skills.text import fold


def code_problems(draft: Draft) -> Iterator[Problem]:
    """What is wrong with codes beyond their form."""
    document, seen = draft.document, dict[str, str]()
    zone = zone_of(draft.routing.timezone) or ZoneInfo("UTC")
    entries = set(chain.from_iterable(when.entry or () for _, when in conditions(draft)))
    named = {fold(entry).removeprefix("#"): entry for entry in entries}
    for name, code in draft.routing.codes.items():
        where: Location = ("codes", name)
        if (twin := seen.setdefault(fold(name), name)) != name:
            line = document.position(("codes", twin), of_key=True).line
            words = f'"{name}" is the same code as "{twin}" on line {line}: case does not matter'
            yield document.problem(Code.CODE_TWICE, where, words, of_key=True)
        if (entry := named.get(fold(name))) is not None:
            words = f'a rule asks for the entry "{entry}", too: the code comes before the rules'
            yield document.problem(Code.CODE_IS_ENTRY, where, words, of_key=True)
        if code.until is not None and instant_of(code.until, zone) <= draft.now:
            words = f"the code is over: nobody who brings it is led anywhere since {code.until}"
            yield document.problem(Code.CODE_OVER, (*where, "until"), words)
        if code.otherwise is not None and code.otherwise == code.to:
            yield document.problem(Code.CONFLICT, (*where, "else"), "`else` leads where `to` does")
        yield from _agent_problems(draft, where, code)


def _agent_problems(draft: Draft, where: Location, code: CodeSection) -> Iterator[Problem]:
    """Whoever a code asks for must be able to take what comes to its group."""
    agent = people_of(draft.people).get(code.agent) if code.agent is not None else None  # type: ignore[call-overload]
    group = draft.routing.groups.get(code.to) if code.to is not None else None
    if agent is None or group is None or code.to is None:
        return
    missing = first_missing(requirement(levels_of(group.requires), {}), agent)
    if code.to not in agent.groups:
        words = f'"{agent.id}" is not in "{code.to}", and is never asked'
    elif missing is not None:
        words = f'"{agent.id}" lacks what "{code.to}" requires ({missing.skill} {missing.level}), and is never asked'
    else:
        return
    yield draft.document.problem(Code.CODE_ASKS_NOBODY, (*where, "agent"), words)
