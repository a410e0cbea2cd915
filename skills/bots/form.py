"""The form: guided questions that fill fields and choose the group.

A question is answered by pressing a chip, by its number, by its words, or by a text that fits the pattern. An answer
that does not fit is asked for again, twice at most; then people take over with what is known. Where rules know better
than the form where a message belongs, it goes there. "Back" asks the question before, "skip" leaves out what may be
left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from skills.bots.dialogue import Chip, Handoff, Heard, Reason, Texts, Turned, in_language
from skills.bots.wording import AGAIN, BACK, BACK_WORDS, DONE, SKIP, SKIP_WORDS
from skills.ids import GroupId, SkillId
from skills.keywords import Keywords
from skills.patterns import Pattern
from skills.text import fold

GO_BACK = "~back"
GO_ON = "~skip"
"""The values of the chips that are no answers; no option may be called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One option of a question: ``words`` mean it too; ``group`` and ``requires`` are where it leads."""

    value: str
    label: Texts
    words: tuple[str, ...] = ()
    group: GroupId | None = None
    requires: Mapping[SkillId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field, by its ``name``: ``ask`` is the question, ``label`` for agents, ``wrong`` what a wrong answer is told.

    With ``options`` the answer is one of them, with ``pattern`` a text in which it is found, else any text.
    ``only_if`` are fields with the values that make the question worth asking.
    """

    name: str
    ask: Texts
    label: Texts = field(default_factory=dict)
    wrong: Texts = field(default_factory=dict)
    options: tuple[Answer, ...] = ()
    pattern: Pattern | None = None
    may_skip: bool = False
    only_if: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Keywords[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Gather the words of the options."""
        lists = {option.value: tuple({*option.words, *option.label.values()}) for option in self.options}
        object.__setattr__(self, "words", Keywords(lists))


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The questions in their order; ``greeting`` comes before the first, ``done`` at the end.

    ``tries`` is how many answers to one question may be wrong.
    """

    questions: tuple[Question, ...]
    greeting: Texts = field(default_factory=dict)
    done: Texts = field(default_factory=lambda: DONE)
    tries: int = 2
    group: GroupId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """How far a form is: values by field (empty when skipped), what is being asked, wrong answers to it.

    ``asked`` are the fields in the order in which they were asked, for going back.
    """

    values: tuple[tuple[str, str], ...] = ()
    asking: str = ""
    wrong: int = 0
    asked: tuple[str, ...] = ()
    has_greeted: bool = False


def fill(form: Form, state: Filled, heard: Heard) -> Turned[Filled]:
    """One turn of the form."""
    question = _question(form, state.asking)
    if heard.is_given:
        return _go_on(form, replace(state, wrong=0), heard)
    if question is None:
        return _first(form, state, heard)
    said = fold(heard.text)
    if (heard.choice == GO_BACK or said in BACK_WORDS) and state.asked:
        return _back(form, state, heard)
    if question.may_skip and (heard.choice == GO_ON or said in SKIP_WORDS):
        return _go_on(form, _with(state, question.name, ""), heard)
    value = understood(question, heard)
    if value is not None:
        return _go_on(form, _with(state, question.name, value), heard)
    if heard.belongs_elsewhere:
        return _end(form, state, heard, Reason.ELSEWHERE)
    if state.wrong + 1 >= form.tries:
        return _end(form, state, heard, Reason.NOT_UNDERSTOOD)
    wrong = in_language(question.wrong or AGAIN, heard.language)
    return _asked(form, replace(state, wrong=state.wrong + 1), question, heard, f"{wrong}\n")


def understood(question: Question, heard: Heard) -> str | None:
    """The value that this answers to the question; None when it is no answer."""
    text = heard.text.strip()
    if question.options:
        values = [option.value for option in question.options]
        if heard.choice in values:
            return heard.choice
        if fold(text).isdecimal() and 0 < int(fold(text)) <= len(values):
            return values[int(fold(text)) - 1]
        found = question.words.find(fold(text))
        return next(iter(found)) if len(found) == 1 else None
    if not text or heard.choice in {GO_BACK, GO_ON}:
        return None
    if question.pattern is not None:
        return text if question.pattern.is_in(text) else None
    return text


def _first(form: Form, state: Filled, heard: Heard) -> Turned[Filled]:
    """The message that brought the contact here may hold an answer already: 日本 in 我想去日本."""
    for question in form.questions:
        if question.options and question.name not in dict(state.values):
            value = understood(question, replace(heard, choice=""))
            if value is not None and not fold(heard.text).isdecimal():
                state = _with(state, question.name, value)
    return _go_on(form, state, heard)


def _go_on(form: Form, state: Filled, heard: Heard) -> Turned[Filled]:
    """Ask the next question, or end."""
    question = _next(form, state)
    if question is None:
        return _end(form, state, heard, Reason.COMPLETE)
    greeting = "" if state.has_greeted else in_language(form.greeting, heard.language)
    return _asked(form, replace(state, wrong=0), question, heard, f"{greeting}\n" if greeting else "")


def _asked(form: Form, state: Filled, question: Question, heard: Heard, before: str) -> Turned[Filled]:
    language = heard.language
    asked = tuple(name for name in state.asked if name != question.name)
    chips = [Chip(value=each.value, label=in_language(each.label, language)) for each in question.options]
    if question.may_skip:
        chips.append(Chip(value=GO_ON, label=in_language(SKIP, language)))
    if asked:
        chips.append(Chip(value=GO_BACK, label=in_language(BACK, language)))
    return Turned(
        state=replace(state, asking=question.name, asked=(*asked, question.name), has_greeted=True),
        text=f"{before}{in_language(question.ask, language)}",
        chips=tuple(chips),
        fields=known(form, state),
        awaits=True,
    )


def _back(form: Form, state: Filled, heard: Heard) -> Turned[Filled]:
    """The question before; the first one is asked again."""
    trail = [name for name in state.asked if name != state.asking]
    to = trail[-1] if trail else state.asking
    question = _question(form, to)
    values = tuple(pair for pair in state.values if pair[0] != to)
    if question is None:
        return _go_on(form, replace(state, asked=()), heard)
    return _asked(form, replace(state, values=values, wrong=0, asked=tuple(trail[:-1])), question, heard, "")


def _end(form: Form, state: Filled, heard: Heard, reason: str) -> Turned[Filled]:
    """To people, with everything that is known; the last answer that leads somewhere says where."""
    group, requires = form.group, dict[SkillId, int]()
    for option in _chosen(form, state):
        group = option.group or group
        requires.update(option.requires)
    is_elsewhere = reason == Reason.ELSEWHERE
    return Turned(
        state=replace(state, asking="", asked=(), wrong=0),
        text=in_language(form.done, heard.language) if reason == Reason.COMPLETE else "",
        fields=known(form, state),
        handoff=Handoff(
            reason=reason,
            group=None if is_elsewhere else group,
            requires={} if is_elsewhere else requires,
            summary=summary(form, state),
            is_elsewhere=is_elsewhere,
        ),
    )


def known(form: Form, state: Filled) -> dict[str, str]:
    """The fields that have a value, in the order of the questions."""
    values = dict(state.values)
    return {each.name: values[each.name] for each in form.questions if values.get(each.name)}


def summary(form: Form, state: Filled) -> str:
    """What was learnt, a line for each field, by the names that the administrator gave."""
    values, lines = dict(state.values), []
    for question in form.questions:
        value = values.get(question.name)
        if value:
            option = next((each for each in question.options if each.value == value), None)
            shown = next(iter(option.label.values()), value) if option else value
            lines.append(f"{next(iter(question.label.values()), question.name)}: {shown}")
    return "\n".join(lines)


def _chosen(form: Form, state: Filled) -> list[Answer]:
    values = dict(state.values)
    return [
        option
        for question in form.questions
        for option in question.options
        if values.get(question.name) == option.value
    ]


def _next(form: Form, state: Filled) -> Question | None:
    values = dict(state.values)
    for question in form.questions:
        fits = all(values.get(name) in allowed for name, allowed in question.only_if.items())
        if question.name not in values and fits:
            return question
    return None


def _question(form: Form, name: str) -> Question | None:
    return next((each for each in form.questions if each.name == name), None) if name else None


def _with(state: Filled, name: str, value: str) -> Filled:
    kept = tuple(pair for pair in state.values if pair[0] != name)
    return replace(state, values=(*kept, (name, value)), wrong=0)
