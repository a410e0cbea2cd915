"""Rules: every stage ends with `otherwise`, no rule is hidden by another, keywords and patterns can be searched for."""

from collections.abc import Iterable, Iterator, Sequence

from config.checks.draft import Draft
from config.models.condition import GroupRuleSection, PriorityRuleSection, WhenSection
from config.positions import Document, Location
from config.problem import Code, Problem, did_you_mean
from skills.keywords import Keywords
from skills.patterns import BadPattern, compile_pattern
from skills.text import fold


def rule_problems(draft: Draft) -> Iterator[Problem]:
    """What is wrong with triage beyond its form."""
    triage = draft.routing.triage
    yield from _stage_problems(draft, "priority", triage.priority)
    yield from _stage_problems(draft, "group", triage.group)
    added = {tag for rule in triage.tags for tag in rule.add}
    for where, when in conditions(draft):
        yield from _word_problems(draft.document, where, when)
        yield from _tag_problems(draft.document, where, when, added)


def _stage_problems(
    draft: Draft, stage: str, rules: Sequence[PriorityRuleSection | GroupRuleSection]
) -> Iterator[Problem]:
    document, where = draft.document, ("triage", stage)
    if not _says_otherwise(draft.written, stage) and draft.written.depth(where) == len(where):
        words = f"the {stage} rules need a last one: `otherwise`"
        yield document.problem(Code.NO_OTHERWISE, where, words, of_key=True)
    ends = [index for index, rule in enumerate(rules) if rule.otherwise is not None]
    for index in range(ends[0] + 1 if ends else len(rules), len(rules)):
        words = f"no message reaches this rule: `otherwise` on line {document.line((*where, ends[0]))} takes all"
        yield document.problem(Code.AFTER_OTHERWISE, (*where, index), words)
    for index, rule in enumerate(rules[: ends[0] if ends else len(rules)]):
        for earlier, other in enumerate(rules[:index]):
            if _covers(other.when, rule.when):
                words = f"no message reaches this rule: the one on line {document.line((*where, earlier))} takes all"
                yield document.problem(Code.SHADOWED_RULE, (*where, index), words)
                break


def _says_otherwise(document: Document, stage: str) -> bool:
    """Whether any rule of the stage, broken ones included, is the last resort."""
    triage = document.root.child("triage")
    rules = triage.child(stage) if triage else None
    if rules is None or not isinstance(rules.content, list):
        return False
    return any(rule.child("otherwise") is not None for rule in rules.content)


def _covers(earlier: WhenSection | None, later: WhenSection | None) -> bool:
    """Whether every message of the later condition also fits the earlier one, as far as values tell."""
    if earlier is None or later is None:
        return False
    wide, narrow = _values(earlier), _values(later)
    if not wide.keys() <= narrow.keys():
        return False
    if "text" in wide:
        # A text with 日本签证 has 日本 too.
        keywords = Keywords({True: wide.pop("text")})
        if not all(keywords.find(word) for word in narrow["text"]):
            return False
    return all(narrow[key] <= values for key, values in wide.items())


def _values(when: WhenSection) -> dict[str, frozenset[str]]:
    """A condition as key → values; nested and paired keys count as one value each, equal only to themselves."""
    values: dict[str, frozenset[str]] = {}
    for key, value in when.model_dump(exclude_none=True).items():
        if key == "text":
            values[key] = frozenset(fold(word) for word in value) - {""}
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            values[key] = frozenset(value)
        else:
            values[key] = frozenset({repr(value)})
    return values


def conditions(draft: Draft) -> Iterator[tuple[Location, WhenSection]]:
    """Every condition, nested ones too."""
    triage = draft.routing.triage
    stages: tuple[tuple[str, Iterable[WhenSection | None]], ...] = (
        ("tags", (rule.when for rule in triage.tags)),
        ("priority", (rule.when for rule in triage.priority)),
        ("group", (rule.when for rule in triage.group)),
    )
    for stage, whens in stages:
        for index, when in enumerate(whens):
            if when is not None:
                yield from _nested(("triage", stage, index, "when"), when)


def _nested(where: Location, when: WhenSection) -> Iterator[tuple[Location, WhenSection]]:
    yield where, when
    for key, inner in (("not", when.none_of), ("any", when.any_of)):
        for index, condition in enumerate(inner or ()):
            yield from _nested((*where, key, index), condition)


def _word_problems(document: Document, where: Location, when: WhenSection) -> Iterator[Problem]:
    for index, word in enumerate(when.text or ()):
        if not fold(word):
            words = f"{word!r} is no keyword: nothing of it can be seen"
            yield document.problem(Code.BAD_FORM, (*where, "text", index), words)
    yield from _inner_words(document, where, when.text or ())
    for index, source in enumerate(when.regex or ()):
        try:
            compile_pattern(source)
        except BadPattern as error:
            words = f"not a pattern that RE2 reads: {error}"
            yield document.problem(Code.BAD_PATTERN, (*where, "regex", index), words)


def _inner_words(document: Document, where: Location, written: Sequence[str]) -> Iterator[Problem]:
    """A keyword that holds another one of its own list: wherever it is found, the other is found too."""
    folded = [fold(word) for word in written]
    for index, word in enumerate(folded):
        for other in range(len(folded)):
            shorter = folded[other]
            if not word or not shorter or other == index or (shorter == word and other > index):
                continue
            if Keywords({True: [shorter]}).find(word):
                words = f'"{written[index]}" is never needed: every text with it has "{written[other]}" too'
                yield document.problem(Code.KEYWORD_INSIDE, (*where, "text", index), words, suggestion="take it out")
                break


def _tag_problems(document: Document, where: Location, when: WhenSection, added: Iterable[str]) -> Iterator[Problem]:
    """Tags may come from people too: only one that looks misspelt is worth a word."""
    known = set(added)
    for index, tag in enumerate(when.tags or ()):
        hint = did_you_mean(tag, known)
        if tag not in known and hint:
            words = f'no rule adds the tag "{tag}"'
            yield document.problem(Code.TAG_NEVER_ADDED, (*where, "tags", index), words, suggestion=hint)
