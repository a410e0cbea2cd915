"""Bots as the gateway runs them, from their sections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from config.knowledge import passages
from config.models.bots import ArticleSection, BotSection, OptionSection, QuestionSection
from config.models.section import ANY_LANGUAGE
from config.treatment import levels_of
from skills.bots.dialogue import Texts
from skills.bots.faq import Article, Knowledge
from skills.bots.form import Answer, Form, Question
from skills.ids import AgentId, GroupId
from skills.patterns import compile_pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A program elsewhere: its address and what signs the calls. ``is_inside``: it may be on our own network."""

    url: str
    secret: str = field(default="", repr=False)
    is_inside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A language model elsewhere: where, which, and what it is told."""

    remote: Remote
    model: str
    instructions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A program that answers; ``program`` is what it is made of, by its kind."""

    id: AgentId
    name: str
    program: Form | Knowledge | Remote | Model

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never reach a log."""
        match self.program:
            case Remote(secret=secret) | Model(remote=Remote(secret=secret)) if secret:
                return (secret,)
            case _:
                return ()


def build_bot(key: str, section: BotSection, values: Mapping[str, str]) -> Bot:
    """A bot; ``values`` are the url and secret, references resolved."""
    program: Form | Knowledge | Remote | Model
    match section.kind:
        case "form":
            program = _form(section)
        case "faq":
            program = _faq(section)
        case "webhook":
            program = _remote(section, values)
        case "llm":
            program = Model(
                remote=_remote(section, values), model=section.model or "", instructions=section.instructions or ""
            )
        case _:
            assert_never(section.kind)
    return Bot(id=AgentId(key), name=section.name or key, program=program)


def _remote(section: BotSection, values: Mapping[str, str]) -> Remote:
    return Remote(url=values.get("url", ""), secret=values.get("secret", ""), is_inside=section.allow)


def _form(section: BotSection) -> Form:
    form = Form(questions=tuple(map(_question, section.questions)), greeting=_texts(section.greeting))
    given: dict[str, object] = {}
    if section.done is not None:
        given["done"] = _texts(section.done)
    if section.tries is not None:
        given["tries"] = section.tries
    return Form(**{**{name: getattr(form, name) for name in ("questions", "greeting")}, **given})


def _question(section: QuestionSection) -> Question:
    return Question(
        name=section.field,
        ask=_texts(section.ask),
        label=_texts(section.label),
        wrong=_texts(section.wrong),
        options=tuple(map(_option, section.options)),
        pattern=compile_pattern(section.pattern) if section.pattern is not None else None,
        may_skip=section.may_skip,
        only_if={name: frozenset(values) for name, values in section.only_if.items()},
    )


def _option(section: OptionSection) -> Answer:
    return Answer(
        value=section.value,
        label=_texts(section.label),
        words=tuple(section.words or ()),
        group=GroupId(section.group) if section.group is not None else None,
        requires=levels_of(section.requires),
    )


def _faq(section: BotSection) -> Knowledge:
    given = {name: getattr(section, name) for name in ("threshold", "margin", "misses")}
    if section.greeting is not None:
        given["greeting"] = _texts(section.greeting)
    return Knowledge(
        articles=(*(_article(key, each) for key, each in section.articles.items()), *_written(section.knowledge or "")),
        synonyms=tuple(tuple(words) for words in section.synonyms),
        **{name: value for name, value in given.items() if value is not None},
    )


def _article(key: str, section: ArticleSection) -> Article:
    return Article(
        id=key,
        questions=tuple(section.questions),
        answer=_texts(section.answer),
        title=_texts(section.title),
        group=GroupId(section.group) if section.group is not None else None,
    )


def _written(markdown: str) -> tuple[Article, ...]:
    return tuple(
        Article(id=f"passage-{number}", questions=each.questions, answer=each.answer)
        for number, each in enumerate(passages(markdown), start=1)
    )


def _texts(texts: Mapping[str, str] | None) -> Texts:
    """Texts as bots take them: the one without a language is for all."""
    given = dict(texts or {})
    return {"": given[ANY_LANGUAGE]} if ANY_LANGUAGE in given else given
