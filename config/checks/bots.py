"""Bots: what each kind needs, what it has no use for, and every language that contacts are answered in."""

from collections.abc import Iterator, Mapping

from config.checks.draft import Draft
from config.knowledge import passages
from config.models.bots import COMMON, KEYS_OF, BotSection, QuestionSection
from config.models.section import ANY_LANGUAGE
from config.positions import Location
from config.problem import Code, Problem
from config.secrets import is_reference
from skills.bots.form import GO_BACK, GO_ON
from skills.patterns import BadPattern, compile_pattern
from skills.text import fold

NEEDED = {
    "form": ("questions",),
    "faq": ("articles",),
    "webhook": ("url", "secret"),
    "llm": ("url", "secret", "model", "instructions"),
}


def bot_problems(draft: Draft) -> Iterator[Problem]:
    """What is wrong with bots beyond their form."""
    document = draft.people_document
    yield from _helper_problems(draft)
    for key, bot in draft.people.bots.items():
        where: Location = ("bots", key)
        for name in sorted(bot.model_fields_set - COMMON - KEYS_OF[bot.kind]):
            words = f'a bot of the kind {bot.kind} has no "{name}"'
            yield document.problem(Code.UNKNOWN_KEY, (*where, name), words, of_key=True)
        for name in NEEDED[bot.kind]:
            if not getattr(bot, name) and not (name == "articles" and bot.knowledge):
                words = f'"{name}" is missing: a bot of the kind {bot.kind} needs it'
                yield document.problem(Code.MISSING_KEY, (*where, name), words, of_key=True)
        yield from _languages(draft, where, {"greeting": bot.greeting, "done": bot.done})
        yield from _form_problems(draft, where, bot)
        yield from _faq_problems(draft, where, bot)
        if bot.secret is not None and not is_reference(bot.secret):
            words = "a secret stands in the file"
            hint = "write ${env:NAME}, and put the value into the environment"
            yield document.problem(Code.LITERAL_SECRET, (*where, "secret"), words, suggestion=hint)


def _helper_problems(draft: Draft) -> Iterator[Problem]:
    """Who may answer meanwhile knows answers; a form would ask questions of its own."""
    for key, group in draft.routing.groups.items():
        helper = draft.people.bots.get(group.bot_while_waiting or "")
        if helper is not None and helper.kind != "faq":
            words = "only a faq may answer while a person is awaited"
            yield draft.document.problem(Code.CONFLICT, ("groups", key, "bot_while_waiting"), words)
    for index, word in enumerate(draft.routing.ask_for_person or ()):
        if not fold(word):
            yield draft.document.problem(Code.BAD_FORM, ("ask_for_person", index), f"{word!r} is no word")


def _form_problems(draft: Draft, where: Location, bot: BotSection) -> Iterator[Problem]:
    document = draft.people_document
    fields: set[str] = set()
    for index, question in enumerate(bot.questions):
        here = (*where, "questions", index)
        if question.field in fields:
            words = f'the field "{question.field}" is asked for already'
            yield document.problem(Code.CONFLICT, (*here, "field"), words)
        for name in question.only_if:
            if name not in fields:
                words = f'no question before this one fills the field "{name}"'
                yield document.problem(Code.CONFLICT, (*here, "only_if", name), words, of_key=True)
        fields.add(question.field)
        yield from _languages(draft, here, {"ask": question.ask, "label": question.label, "wrong": question.wrong})
        yield from _answer_problems(draft, here, question)


def _answer_problems(draft: Draft, here: Location, question: QuestionSection) -> Iterator[Problem]:
    document = draft.people_document
    if question.pattern is not None:
        if question.options:
            words = "a question has `options` or a `pattern`, not both"
            yield document.problem(Code.CONFLICT, (*here, "pattern"), words, of_key=True)
        try:
            compile_pattern(question.pattern)
        except BadPattern as error:
            words = f"not a pattern that RE2 reads: {error}"
            yield document.problem(Code.BAD_PATTERN, (*here, "pattern"), words)
    values: set[str] = set()
    for index, option in enumerate(question.options):
        place = (*here, "options", index)
        if option.value in values or option.value in {GO_BACK, GO_ON}:
            yield document.problem(Code.CONFLICT, (*place, "value"), f'"{option.value}" is an answer already')
        values.add(option.value)
        yield from _languages(draft, place, {"label": option.label})
        for language, label in option.label.items():
            if not fold(label):
                where = (*place, "label", language) if language != ANY_LANGUAGE else (*place, "label")
                yield document.problem(Code.BAD_FORM, where, f"{label!r} is no label: nothing of it can be seen")
        for number, word in enumerate(option.words or ()):
            if not fold(word):
                yield document.problem(Code.BAD_FORM, (*place, "words", number), f"{word!r} is no word")


def _faq_problems(draft: Draft, where: Location, bot: BotSection) -> Iterator[Problem]:
    document = draft.people_document
    for key, article in bot.articles.items():
        here = (*where, "articles", key)
        yield from _languages(draft, here, {"answer": article.answer, "title": article.title})
    for passage in passages(bot.knowledge or ""):
        if not passage.answer:
            words = f'"{passage.questions[0]}" has no answer below it'
            yield document.problem(Code.BAD_FORM, (*where, "knowledge"), words, of_key=True)


def _languages(draft: Draft, where: Location, texts: Mapping[str, Mapping[str, str] | None]) -> Iterator[Problem]:
    """Every text is there in every language that contacts are answered in; a person reads another else."""
    for name, by_language in texts.items():
        if not by_language or ANY_LANGUAGE in by_language:
            continue
        missing = [language for language in draft.routing.languages if language not in by_language]
        if missing:
            words = f"there is no text in {', '.join(missing)}"
            hint = "another language is said instead"
            yield draft.people_document.problem(
                Code.MISSING_LANGUAGE, (*where, name), words, suggestion=hint, of_key=True
            )
