"""The FAQ: questions that answer themselves, from the administrator's articles.

An article is found by the grams of its questions (`skills.text.grams`), weighted as BM25 does: a rare gram says more
than a common one, a long question less per gram. The answer is given only when the best article is good (``threshold``,
the share of the asker's own weight that the article explains) and clearly better than the next (``margin``); else the
nearest are offered, or nothing was found, which is a miss that the administrator can read. Two misses, and people
take over.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from skills.bots.dialogue import Chip, Handoff, Heard, Reason, Texts, Turned, in_language
from skills.bots.wording import DID_YOU_MEAN, HAND_OVER, HELLO, NOT_FOUND
from skills.ids import GroupId
from skills.text import fold, grams

_K1, _B = 1.2, 0.5
_OFFERED = 3
_NEAR = 0.6
"""What is offered has at least this share of the threshold."""

_NOISE = frozenset(
    [
        "的", "了", "吗", "呢", "啊", "吧", "我", "你", "您", "请", "问", "想", "要", "是", "有", "在", "a", "an",
        "the", "is", "are", "do", "does", "did", "i", "you", "my", "your", "to", "of", "for", "in", "on", "at",
        "it", "can", "could", "please", "would", "me", "what", "how", "and", "or", "be", "will", "if", "with",
        "any", "there", "get", "need", "want",
    ]
)  # fmt: skip
"""Grams that say nothing about the subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One thing to know: how people ask for it (``questions``), and the answer in each language.

    ``group`` is where its contact goes when people are needed after all.
    """

    id: str
    questions: tuple[str, ...]
    answer: Texts
    title: Texts = field(default_factory=dict)
    group: GroupId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """The articles, ready to be searched. ``synonyms`` are lists of words that mean the same: the first stands for all.

    ``threshold`` and ``margin`` are shares; after ``misses`` in a row people take over.
    """

    articles: tuple[Article, ...]
    synonyms: tuple[tuple[str, ...], ...] = ()
    threshold: float = 0.36
    margin: float = 0.12
    misses: int = 2
    greeting: Texts = field(default_factory=lambda: HELLO)
    _index: "_Index" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Weigh every gram."""
        object.__setattr__(self, "_index", _Index(self.articles, self.synonyms))

    def ranked(self, text: str) -> list[tuple[float, Article]]:
        """Articles with scores from 0 to 1, the best first; none that shares nothing with the text."""
        return self._index.ranked(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is remembered: misses in a row, and the group of the last article that was given."""

    misses: int = 0
    group: str = ""


def answer(knowledge: Knowledge, state: Asked, heard: Heard) -> Turned[Asked]:
    """One turn of the FAQ."""
    language = heard.language
    if heard.is_given:
        return Turned(state=Asked(), text=in_language(knowledge.greeting, language))
    chosen = next((each for each in knowledge.articles if each.id == heard.choice), None)
    ranked = [(1.0, chosen)] if chosen is not None else knowledge.ranked(heard.text)
    score, best = ranked[0] if ranked else (0.0, None)
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    if best is not None and score >= knowledge.threshold and score - second >= knowledge.margin * score:
        return Turned(state=Asked(group=best.group or ""), text=in_language(best.answer, language))
    near = [each for value, each in ranked[:_OFFERED] if value >= knowledge.threshold * _NEAR]
    if near:
        chips = tuple(Chip(value=each.id, label=_title(each, language)) for each in near)
        return Turned(state=state, text=in_language(DID_YOU_MEAN, language), chips=chips, missed=True)
    state = replace(state, misses=state.misses + 1)
    if state.misses >= knowledge.misses:
        return Turned(
            state=Asked(),
            text=in_language(HAND_OVER, language),
            missed=True,
            handoff=Handoff(reason=Reason.NO_ANSWER, group=GroupId(state.group) if state.group else None),
        )
    return Turned(state=state, text=in_language(NOT_FOUND, language), missed=True)


def answer_only(knowledge: Knowledge, heard: Heard) -> str | None:
    """The answer to give while people are awaited; None unless it is certain."""
    turned = answer(knowledge, Asked(), heard)
    return None if turned.missed or heard.is_given else turned.text


def _title(article: Article, language: str) -> str:
    return in_language(article.title, language) or article.questions[0]


class _Index:
    """Grams of questions, and what each is worth."""

    def __init__(self, articles: Sequence[Article], synonyms: Iterable[Sequence[str]]) -> None:
        self._meaning = {fold(word): fold(words[0]) for words in synonyms for word in words}
        self._longest_first = sorted(self._meaning, key=len, reverse=True)
        self._texts = [(article, Counter(self.grams(text))) for article in articles for text in article.questions]
        found_in = Counter(gram for _, counts in self._texts for gram in counts)
        total = len(self._texts)
        self._worth: Mapping[str, float] = {
            gram: math.log(1 + (total - count + 0.5) / (count + 0.5)) * (1.6 if len(gram) > 1 else 0.6)
            for gram, count in found_in.items()
        }
        self._unknown = math.log(1 + total) * 0.6
        lengths = [sum(counts.values()) for _, counts in self._texts]
        self._usual = sum(lengths) / len(lengths) if lengths else 1.0

    def grams(self, text: str) -> tuple[str, ...]:
        """The grams of a text, synonyms as one, without noise."""
        folded = fold(text)
        for word in self._longest_first:
            if word in folded and not word.isascii():
                folded = folded.replace(word, self._meaning[word])
        found = (self._meaning.get(gram, _stem(gram)) for gram in grams(folded))
        return tuple(gram for gram in found if gram not in _NOISE)

    def ranked(self, text: str) -> list[tuple[float, Article]]:
        """See `Knowledge.ranked`."""
        asked = Counter(self.grams(text))
        whole = sum(self._worth.get(gram, self._unknown) for gram in asked)
        if not whole:
            return []
        best: dict[str, tuple[float, Article]] = {}
        for article, counts in self._texts:
            score = self._score(asked, counts) / whole
            if score > best.get(article.id, (0.0, article))[0]:
                best[article.id] = (score, article)
        return sorted(best.values(), key=lambda pair: (-pair[0], pair[1].id))

    def _score(self, asked: Iterable[str], counts: Mapping[str, int]) -> float:
        length = sum(counts.values())
        damp = _K1 * (1 - _B + _B * length / self._usual)
        shared = (gram for gram in asked if gram in counts)
        return sum(self._worth[gram] * counts[gram] * (_K1 + 1) / (counts[gram] + damp) for gram in shared) / (
            (_K1 + 1) / (1 + _K1 * (1 - _B))
        )


def _stem(gram: str) -> str:
    """An English plural or gerund without its ending, so that visas find visa."""
    if gram.isascii() and len(gram) > 4:  # noqa: PLR2004 - short words have no ending to lose
        for ending in ("ing", "es", "s"):
            if gram.endswith(ending) and not gram.endswith("ss"):
                return gram.removesuffix(ending)
    return gram
