"""The FAQ: other words find the same answer, what is not known is not answered, and what is near is offered."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.bots.dialogue import Heard, Reason
from skills.bots.faq import Article, Asked, Knowledge, answer, answer_only
from skills.ids import AgentId
from tests.config.loading import configured, load_directory

SHOP = configured(load_directory(Path(__file__).parents[3] / "config" / "visa-shop"))
PROGRAM = SHOP.bots[AgentId("answers")].program
assert isinstance(PROGRAM, Knowledge)
KNOWLEDGE: Knowledge = PROGRAM

PARAPHRASES = [
    ("签证大概要多长时间", "how-long"),
    ("出签需要几个工作日", "how-long"),
    ("多久可以拿到签证呀", "how-long"),
    ("簽證要辦多久", "how-long"),
    ("簽證幾天能下來", "how-long"),
    ("how many days until I get the visa", "how-long"),
    ("How long is processing?", "how-long"),
    ("办个签证贵不贵", "price"),
    ("你们收费多少", "price"),
    ("簽證的價格是多少", "price"),
    ("請問辦簽證多少錢", "price"),
    ("what do you charge for a visa", "price"),
    ("is the visa expensive", "price"),
    ("办签证需要哪些资料", "papers"),
    ("材料要准备什么", "papers"),
    ("要帶什麼文件", "papers"),
    ("需要準備什麼資料", "papers"),
    ("what paperwork is needed", "papers"),
    ("Which documents should I prepare?", "papers"),
    ("照片要多大尺寸的", "photo"),
    ("照片可以自己用手机拍么", "photo"),
    ("照片尺寸有規定嗎", "photo"),
    ("what are the photo requirements", "photo"),
    ("被拒了退不退钱", "refused"),
    ("拒簽的話可以退費嗎", "refused"),
    ("my visa was denied, refund?", "refused"),
    ("需要买旅行保险吗", "insurance"),
    ("申根保險要多少保額", "insurance"),
    ("which travel insurance do you accept", "insurance"),
    ("护照要寄到什么地址", "mailing"),
    ("護照怎麼郵寄給你們", "mailing"),
    ("where to mail the passport", "mailing"),
    ("护照还有几个月过期可以吗", "validity"),
    ("護照有效期需要多長", "validity"),
    ("my passport expires in four months", "validity"),
]
FOREIGN = [
    "今天天气真好",
    "你们老板是谁",
    "tell me a joke",
    "哈哈哈",
    "what is the capital of France",
    "🙂🙂",
    "",
    "你好",
]


def test_other_words_find_the_same_answer() -> None:
    """Of more than thirty questions in other words and three writings, nearly all find their article first."""
    wrong = [(text, id_) for text, id_ in PARAPHRASES if [each.id for _, each in KNOWLEDGE.ranked(text)[:1]] != [id_]]
    assert len(PARAPHRASES) >= 30
    assert len(PARAPHRASES) - len(wrong) >= 33, wrong


def test_an_answer_that_is_given_is_the_right_one() -> None:
    """What is answered at once is right; what is not certain is offered to choose from, never said."""
    said = [(answer(KNOWLEDGE, Asked(), Heard(text=text, language="en")), id_) for text, id_ in PARAPHRASES]
    answers = {each.id: each.answer["en"] for each in KNOWLEDGE.articles}
    given_at_once = [(turned.text, answers[id_]) for turned, id_ in said if not turned.missed]
    assert [pair for pair in given_at_once if pair[0] != pair[1]] == []
    assert len(given_at_once) >= 20


@pytest.mark.parametrize("text", FOREIGN)
def test_what_is_not_known_is_not_answered(text: str) -> None:
    """A question about something else is a miss, and nothing is said over people who are awaited."""
    assert answer(KNOWLEDGE, Asked(), Heard(text=text)).missed
    assert answer_only(KNOWLEDGE, Heard(text=text)) is None


def test_two_misses_hand_over() -> None:
    """The first miss asks for other words, the second asks for people."""
    first = answer(KNOWLEDGE, Asked(), Heard(text="哈哈哈", language="zh-CN"))
    assert (first.handoff, first.state.misses) == (None, 1)
    second = answer(KNOWLEDGE, first.state, Heard(text="哈哈哈", language="zh-CN"))
    assert second.handoff is not None
    assert second.handoff.reason == Reason.NO_ANSWER


def test_a_near_question_offers_what_it_may_mean() -> None:
    """护照 alone may be its validity or its way to us: both are offered, and a press answers."""
    near = answer(KNOWLEDGE, Asked(), Heard(text="护照", language="zh-CN"))
    assert {chip.value for chip in near.chips} >= {"mailing", "validity"}
    pressed = answer(KNOWLEDGE, near.state, Heard(choice="validity", text="护照有效期", language="zh-TW"))
    assert pressed.text.startswith("護照回國後")


def test_it_speaks_first_when_it_is_given_a_conversation() -> None:
    """After people it greets, and forgets its misses."""
    greeted = answer(KNOWLEDGE, Asked(misses=1), Heard(is_given=True, language="en"))
    assert (greeted.text[:5], greeted.state) == ("Hello", Asked())


@given(st.text(max_size=80))
def test_scores_are_shares(text: str) -> None:
    """No text has a score below 0 or far above 1, articles come once, the best first, the same each time."""
    ranked = KNOWLEDGE.ranked(text)
    scores = [score for score, _ in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1.5 for score in scores)
    assert len({each.id for _, each in ranked}) == len(ranked)
    assert KNOWLEDGE.ranked(text) == ranked


def test_nothing_known_knows_nothing() -> None:
    """A FAQ without articles misses; so does one whose only article shares no gram."""
    assert answer(Knowledge(articles=()), Asked(), Heard(text="签证")).missed
    one = Article(id="a", questions=("ferry",), answer={"en": "At noon."})
    assert answer(Knowledge(articles=(one,)), Asked(), Heard(text="签证")).missed
