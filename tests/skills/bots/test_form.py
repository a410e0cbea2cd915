"""The form: every way to answer, back and skip, wrong answers, what leads where; and properties of any dialogue."""

from hypothesis import given
from hypothesis import strategies as st

from skills.bots.dialogue import Heard, Reason, Turned
from skills.bots.form import GO_BACK, GO_ON, Answer, Filled, Form, Question, fill
from skills.bots.person import PersonWords
from skills.ids import GroupId, SkillId
from skills.patterns import compile_pattern

JAPAN, ASIA = GroupId("japan"), GroupId("asia")
COUNTRY = Question(
    name="country",
    label={"zh-CN": "国家"},
    ask={"en": "Which country?", "zh-CN": "哪个国家？", "zh-TW": "哪個國家？"},
    options=(
        Answer(
            value="jp",
            label={"en": "Japan", "zh-CN": "日本"},
            words=("东京", "tokyo"),
            group=JAPAN,
            requires={SkillId("visa-jp"): 2},
        ),
        Answer(value="th", label={"en": "Thailand", "zh-CN": "泰国"}, group=ASIA),
    ),
)
ORDER = Question(name="order", ask={"en": "Your order?"}, pattern=compile_pattern(r"^\d{4}$"), may_skip=True)
CITY = Question(name="city", ask={"en": "Which city?"}, only_if={"country": frozenset({"jp"})})
FORM = Form(questions=(COUNTRY, ORDER, CITY), greeting={"en": "Hello.", "zh-CN": "您好。"}, done={"en": "Thank you."})


def talk(*said: Heard | str, form: Form = FORM) -> list[Turned[Filled]]:
    """A dialogue: what the form says after each."""
    state, turns = Filled(), list[Turned[Filled]]()
    for each in said:
        heard = each if isinstance(each, Heard) else Heard(text=each, language="en")
        turns.append(fill(form, state, heard))
        state = turns[-1].state
    return turns


def test_it_asks_fills_and_hands_over() -> None:
    """Greeting and question, chips, one question after another, and at the end group, needs, fields and summary."""
    first, second, third, last = talk("hi", Heard(choice="jp", text="Japan", language="en"), "1234", "Kyoto")
    assert first.text == "Hello.\nWhich country?"
    assert [(chip.value, chip.label) for chip in first.chips] == [("jp", "Japan"), ("th", "Thailand")]
    assert (second.text, second.fields, second.awaits) == ("Your order?", {"country": "jp"}, True)
    assert third.text == "Which city?"
    assert last.handoff is not None
    assert (last.handoff.reason, last.handoff.group, last.handoff.requires) == (
        Reason.COMPLETE,
        JAPAN,
        {"visa-jp": 2},
    )
    assert last.fields == {"country": "jp", "order": "1234", "city": "Kyoto"}
    assert last.handoff.summary == "国家: Japan\norder: 1234\ncity: Kyoto"
    assert last.text == "Thank you."


def test_every_way_to_answer_means_the_same() -> None:
    """A press, a number, the label in any language and script, a further word."""
    for said in (Heard(choice="jp"), "1", "Japan", "japan please", "日本", "我想去東京", "TOKYO!"):
        assert talk("hi", said)[-1].fields == {"country": "jp"}, said


def test_an_answer_that_comes_with_the_first_message_is_not_asked_for() -> None:
    """Whoever begins with 日本 is asked the next question at once."""
    (turned,) = talk("东京")
    assert (turned.fields, turned.state.asking) == ({"country": "jp"}, "order")


def test_back_and_skip() -> None:
    """Back asks the question before again and forgets its answer; skip leaves out what may be left out only."""
    turns = talk(
        "hi", "Thailand", Heard(choice=GO_BACK, text="Back", language="en"), "Japan", Heard(choice=GO_ON, text="Skip")
    )
    assert (turns[2].state.asking, turns[2].fields) == ("country", {})
    assert turns[4].state.asking == "city"
    assert "order" not in turns[4].fields
    refused = talk("hi", Heard(choice=GO_ON, text="skip", language="en"))[-1]
    assert (refused.state.asking, refused.state.wrong) == ("country", 1)


def test_two_wrong_answers_hand_over_with_what_is_known() -> None:
    """The first is told so, the second is people's; what was answered before is kept."""
    turns = talk("hi", "Thailand", "soon", "very soon")
    assert turns[2].text.startswith("Sorry")
    assert turns[3].handoff is not None
    assert (turns[3].handoff.reason, turns[3].handoff.group, turns[3].fields) == (
        Reason.NOT_UNDERSTOOD,
        ASIA,
        {"country": "th"},
    )


def test_what_belongs_elsewhere_goes_there_unless_it_is_an_answer() -> None:
    """日本 that answers is an answer; a complaint that does not goes where the rules send it, with what is known."""
    answered = talk("hi", Heard(text="日本", belongs_elsewhere=True))[-1]
    assert answered.handoff is None
    away = talk("hi", "Thailand", Heard(text="I complain", belongs_elsewhere=True))[-1]
    assert away.handoff is not None
    assert (away.handoff.is_elsewhere, away.handoff.group, away.fields) == (True, None, {"country": "th"})


def test_what_is_known_is_not_asked_again() -> None:
    """A form that is given a conversation begins with what is still missing."""
    given_ = fill(FORM, Filled(values=(("country", "th"),)), Heard(is_given=True, language="en"))
    assert given_.text == "Hello.\nYour order?"


SAID = st.one_of(
    st.sampled_from(["Japan", "泰国", "1", "2", "9", "back", "skip", "1234", "12", "Kyoto", "人工", "", "🙂"]).map(
        lambda text: Heard(text=text, language="zh-TW")
    ),
    st.sampled_from(["jp", "th", GO_BACK, GO_ON, "xx"]).map(lambda value: Heard(choice=value, text=value)),
    st.builds(Heard, text=st.text(max_size=12), is_given=st.booleans(), belongs_elsewhere=st.booleans()),
)


@given(st.lists(SAID, max_size=25))
def test_any_dialogue_is_sound(said: list[Heard]) -> None:
    """It always asks or hands over, never both; asks only what is open; keeps only valid values; is repeatable."""
    state = Filled()
    for heard in said:
        turned = fill(FORM, state, heard)
        assert fill(FORM, state, heard) == turned
        assert turned.awaits is (turned.handoff is None)
        assert bool(turned.state.asking) is turned.awaits
        assert turned.state.wrong < FORM.tries
        assert turned.fields.get("country") in {None, "jp", "th"}
        assert turned.fields.get("order", "1234").isdecimal()
        if turned.awaits:
            assert turned.state.asking not in turned.fields
            assert turned.text
        state = turned.state


def test_asking_for_a_person() -> None:
    """Short requests in every language are understood; long messages about something else are not."""
    words = PersonWords()
    for text in (
        "人工",
        "轉人工",
        "我要找真人！",
        "human",
        "HUMAN please",
        "an agent, please",
        "オペレーターお願いします",
    ):
        assert words.asks(text), text
    for text in (
        "人工智能展签证",
        "my travel agent",
        "你好",
        "humanitarian",
        "the agent at the embassy told me that I must wait",
    ):
        assert not words.asks(text), text
    assert PersonWords(("operator",)).asks("operator")
    assert not PersonWords(("operator",)).asks("人工")
