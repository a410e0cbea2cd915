"""Templates of replies: a small part of jinja2, checked before anybody is sent anything.

Variables, ``if``, comparisons and a few filters. No loops, calls, arithmetic or assignments: a reply is words, and it
is rendered inside the engine's transaction.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from config.problem import Code, did_you_mean

VARIABLES: Final[Mapping[str, str]] = {
    "contact.name": "what the contact is called",
    "group.name": "the group's name, in the language of the reply",
    "next_open": "when the group opens, in words",
    "holiday": "the name of the holiday on which the group is closed; empty on other days",
    "position": "how many are before the contact in the queue, plus one",
    "wait": "how long it will take, in words (2–5 min); empty when unknown",
    "usually": "how soon the priority promises an answer, in words",
    "fields": "what the conversation brings along, by name: fields.order",
}
"""What a reply may say."""

FILTERS: Final = frozenset({"capitalize", "default", "lower", "title", "trim", "truncate", "upper"})
TESTS: Final = frozenset({"defined", "none", "undefined"})

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Const, nodes.Name, nodes.Getattr, nodes.Filter, nodes.Test, nodes.Concat,
    nodes.Keyword,
)  # fmt: skip

LONGEST = 4000


def _nothing_for_none(value: object) -> object:
    return "" if value is None else value


environment: Final = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, finalize=_nothing_for_none, keep_trailing_newline=False, autoescape=False
)
"""Words are escaped by the channel that sends them, never here."""


@dataclass(frozen=True, slots=True)
class TemplateFlaw:
    """Something wrong with a template, on a line of it (from 1); ``about`` is the word that is wrong."""

    code: Code
    line: int
    message: str
    suggestion: str = ""
    about: str = ""


def compiled(text: str) -> Template:
    """The template; only for texts without flaws."""
    return environment.from_string(text)


def template_flaws(text: str) -> Iterator[TemplateFlaw]:
    """What a template may not say or do."""
    if len(text) > LONGEST:
        yield TemplateFlaw(Code.BAD_TEMPLATE, 1, f"a reply has at most {LONGEST} characters, not {len(text)}")
        return
    try:
        tree = environment.parse(text)
    except (TemplateSyntaxError, RecursionError) as error:
        line = error.lineno if isinstance(error, TemplateSyntaxError) else 1
        yield TemplateFlaw(Code.BAD_TEMPLATE, line, f"not a template: {error}")
        return
    yield from _flaws_below(tree)


def _flaws_below(node: nodes.Node) -> Iterator[TemplateFlaw]:
    match node:
        case nodes.Getattr(node=nodes.Name(name=owner), attr=name):
            yield from _variable_flaws(f"{owner}.{name}", node.lineno)
            return
        case nodes.Name(name=name):
            yield from _variable_flaws(name, node.lineno)
            return
        case nodes.Getattr():
            yield TemplateFlaw(Code.UNKNOWN_VARIABLE, node.lineno, f'unknown variable "….{node.attr}"', about=node.attr)
            return
        case nodes.Filter(name=name) if name not in FILTERS:
            words = f'the filter "{name}" is not allowed'
            hint = did_you_mean(name, FILTERS) or f"one of: {', '.join(sorted(FILTERS))}"
            yield TemplateFlaw(Code.TEMPLATE_REFUSED, node.lineno, words, hint, name)
        case nodes.Test(name=name) if name not in TESTS:
            words = f'the test "{name}" is not allowed'
            yield TemplateFlaw(Code.TEMPLATE_REFUSED, node.lineno, words, f"one of: {', '.join(sorted(TESTS))}", name)
        case _ if not isinstance(node, _ALLOWED):
            words = f"{type(node).__name__.lower()} is not allowed; a reply has variables, if and a few filters"
            yield TemplateFlaw(Code.TEMPLATE_REFUSED, node.lineno, words, about=type(node).__name__.lower())
            return
        case _:
            pass
    for child in node.iter_child_nodes():
        yield from _flaws_below(child)


def _variable_flaws(name: str, line: int) -> Iterator[TemplateFlaw]:
    owner = name.partition(".")[0]
    if name in VARIABLES and name != "fields":
        return
    if owner == "fields" and name != "fields" and not name.startswith("fields._"):
        return
    hint = did_you_mean(name, VARIABLES) or f"one of: {', '.join(VARIABLES)}"
    yield TemplateFlaw(Code.UNKNOWN_VARIABLE, line, f'unknown variable "{name}"', hint, name)
