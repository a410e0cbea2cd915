"""Bots in ``agents.yaml``: the keys of every kind. Which belong to which kind is a check of meaning."""

from typing import Annotated, Literal

from pydantic import Field

from config.models.section import Duration, Id, Levels, Section, Text, Texts, Word, Words

LongTexts = Annotated[
    dict[Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")], Text], Field(min_length=1)
]


class OptionSection(Section):
    """One answer to a question."""

    value: Id
    """What is kept in the field."""
    label: Texts
    """What the contact reads and presses, in each language."""
    words: Words | None = None
    """Further words that mean this answer."""
    group: Id | None = None
    """The group that this answer leads to."""
    requires: Levels = {}
    """Skills with least levels that this answer asks for."""


class QuestionSection(Section):
    """One question of a form: it fills a field."""

    field: Id
    """The field's name, for programs."""
    label: Texts | None = None
    """The field's name, for agents."""
    ask: Texts
    """The question, in each language."""
    wrong: Texts | None = None
    """What is said to an answer that does not fit."""
    options: list[OptionSection] = []
    """The answers there are; without them, any text."""
    pattern: Word | None = None
    """A regular expression (RE2) that must be found in the answer."""
    may_skip: bool = False
    """Whether the contact may leave it out."""
    only_if: dict[Id, Words] = {}
    """Fields with the values that make this question worth asking."""


class ArticleSection(Section):
    """One thing that a FAQ knows."""

    questions: Words
    """How people ask for it, in any language."""
    title: Texts | None = None
    """What stands on the button when it is one of several; else the first question."""
    answer: LongTexts
    """The answer, in each language."""
    group: Id | None = None
    """Where the contact goes when a person is needed after all."""


class BotSection(Section):
    """A program that answers; the key is its id. Each kind has its own keys."""

    name: Word | None = None
    """What contacts see; else the group's name."""
    kind: Literal["faq", "form", "webhook", "llm"]
    """What kind of program."""
    deadline: Duration | None = None
    """How long it may take to answer; then it is down, and people are asked (default 10s)."""
    rounds: Annotated[int, Field(ge=1, le=100)] | None = None
    """How many messages it may have of a contact before people are asked (default 12)."""
    greeting: Texts | None = None
    """form: what is said before the first question. faq: what is said when it is given a conversation."""
    questions: list[QuestionSection] = []
    """form: what is asked, in this order."""
    done: Texts | None = None
    """form: what is said at the end."""
    tries: Annotated[int, Field(ge=1, le=10)] | None = None
    """form: how many answers to a question may be wrong (default 2)."""
    articles: dict[Id, ArticleSection] = {}
    """faq: what it knows."""
    knowledge: Text | None = None
    """faq: what it knows, as Markdown: a heading with the questions, `[zh-CN]` before the answer in each language."""
    synonyms: list[Words] = []
    """faq: words that mean the same."""
    threshold: Annotated[float, Field(gt=0, le=1)] | None = None
    """faq: how much of a question an article must explain to be the answer (default 0.36)."""
    margin: Annotated[float, Field(ge=0, le=1)] | None = None
    """faq: how much better than the next it must be (default 0.12)."""
    misses: Annotated[int, Field(ge=1, le=10)] | None = None
    """faq: after how many questions without an answer people take over (default 2)."""
    url: Word | None = None
    """webhook: where it listens. llm: the address of its chat completions."""
    secret: Word | None = None
    """webhook: what signs the calls. llm: the key. A reference to the environment or a file."""
    allow: bool = False
    """webhook, llm: whether it may be a machine of our own network."""
    model: Word | None = None
    """llm: which model is asked for."""
    instructions: Text | None = None
    """llm: what it is told before every conversation: what it knows, what it may say, when people are needed."""


KEYS_OF: dict[str, frozenset[str]] = {
    "form": frozenset({"greeting", "questions", "done", "tries"}),
    "faq": frozenset({"greeting", "articles", "knowledge", "synonyms", "threshold", "margin", "misses"}),
    "webhook": frozenset({"url", "secret", "allow"}),
    "llm": frozenset({"url", "secret", "allow", "model", "instructions"}),
}
"""Which keys belong to which kind, beyond those of all."""
COMMON = frozenset({"name", "kind", "deadline", "rounds"})
