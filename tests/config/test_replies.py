"""Replies: words for one contact, in the language that fits, of a template that may do little."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.problem import Code
from config.replies import GroupWords, Replies, UnknownReply
from config.template import compiled, environment, template_flaws
from config.wording import WORDS, say_instant, say_span
from router.ids import ReplyId
from skills.hours import Hours, Interval
from skills.ids import GroupId, HoursId

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)  # Monday, 22:00 in Shanghai

OFFICE = Hours(
    id=HoursId("office"),
    zone=SHANGHAI,
    weekly=((Interval(9 * 3600, 18 * 3600),),) * 7,
    holidays={datetime(2026, 11, 23).date(): "春节"},  # noqa: DTZ001 - only its date is taken
)
GROUPS = {
    GroupId("japan"): GroupWords(names={"zh-CN": "日韩组", "en": "Japan desk"}, zone=SHANGHAI, hours=OFFICE),
}
CLOSED = ReplyId("closed")


def rendered(text: str, language: str = "zh-CN", **variables: object) -> str:
    """One reply in one language, with a group, a contact and a moment unless others are given."""
    given_: dict[str, object] = {"contact": {"name": "小明"}, "group": {"id": "japan"}, "at": NOW, **variables}
    return Replies(texts={CLOSED: {language: text}}, groups=GROUPS).render(CLOSED, language, given_)


def test_variables_are_words() -> None:
    """Names are in the reply's language, and the opening is said as a person says it."""
    opens = datetime(2026, 11, 24, 1, tzinfo=UTC)
    text = "{{ contact.name }}您好，{{ group.name }}{{ next_open }}回复您。"
    assert rendered(text, next_open=opens) == "小明您好，日韩组明天 09:00（北京时间）回复您。"
    english = rendered("Hello {{ contact.name }}, the {{ group.name }}: {{ next_open }}", "en", next_open=opens)
    assert english == "Hello 小明, the Japan desk: 09:00 tomorrow (Beijing time)"


def test_what_is_unknown_is_empty() -> None:
    """A wait that nobody knows and a field that is not there leave no trace, and `if` can ask for them."""
    text = "{{ position }}{% if wait %}，{{ wait }}{% endif %}{{ fields.order }}"
    assert rendered(text, position=3, wait=None) == "3"
    assert rendered(text, position=3, wait=timedelta(minutes=4), order="#7") == "3，4 分钟#7"


def test_the_holiday_has_its_name() -> None:
    """A reply on a holiday can say which."""
    assert rendered("{{ holiday }}") == "春节"
    assert rendered("{{ holiday }}", at=NOW + timedelta(days=1)) == ""


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-CN", "简"), ("zh-TW", "繁"), ("zh-HK", "繁"), ("en-GB", "E"), ("ja", "E"), ("", "E")],
)
def test_language_that_fits(language: str, expected: str) -> None:
    """A reply goes out in the language that the contact reads best of those there are."""
    replies = Replies(texts={CLOSED: {"zh-CN": "简", "zh-TW": "繁", "en": "E"}})
    assert replies.render(CLOSED, language, {}) == expected


def test_unknown_reply() -> None:
    """A reply that does not exist is refused by name."""
    with pytest.raises(UnknownReply, match="nothing"):
        Replies(texts={}).render(ReplyId("nothing"), "en", {})


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "{{ contact.name | trim | default('x') }}",
        "{% if position and position > 3 %}a{% elif wait is defined %}b{% else %}c{% endif %}",
        "{{ 'a' if holiday else 'b' }}",
        "{{ fields.order_number | upper }}",
        "{# a comment #}",
    ],
)
def test_what_templates_may_do(text: str) -> None:
    """Variables, conditions and a few filters are allowed, and render."""
    assert list(template_flaws(text)) == []
    rendered(text, position=None, wait=None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ contact.phone }}", Code.UNKNOWN_VARIABLE),
        ("{{ contact }}", Code.UNKNOWN_VARIABLE),
        ("{{ fields }}", Code.UNKNOWN_VARIABLE),
        ("{{ fields.__class__ }}", Code.UNKNOWN_VARIABLE),
        ("{{ contact.name.__class__ }}", Code.UNKNOWN_VARIABLE),
        ("{{ contact['name'] }}", Code.TEMPLATE_REFUSED),
        ("{{ 9 ** 999999999 }}", Code.TEMPLATE_REFUSED),
        ("{{ 'a' * 999999999 }}", Code.TEMPLATE_REFUSED),
        ("{{ position + 1 }}", Code.TEMPLATE_REFUSED),
        ("{{ contact.name() }}", Code.TEMPLATE_REFUSED),
        ("{{ range(9) }}", Code.TEMPLATE_REFUSED),
        ("{% for x in 'abc' %}{% endfor %}", Code.TEMPLATE_REFUSED),
        ("{% set x = 1 %}", Code.TEMPLATE_REFUSED),
        ("{% include 'x' %}", Code.TEMPLATE_REFUSED),
        ("{% macro m() %}{% endmacro %}", Code.TEMPLATE_REFUSED),
        ("{{ [1, 2] }}", Code.TEMPLATE_REFUSED),
        ("{{ position is divisibleby 2 }}", Code.TEMPLATE_REFUSED),
        ("{{ contact.name | pprint }}", Code.TEMPLATE_REFUSED),
        ("{% if %}", Code.BAD_TEMPLATE),
        ("{{ contact.name | nosuchfilter }}", Code.TEMPLATE_REFUSED),
        ("x" * 5000, Code.BAD_TEMPLATE),
    ],
)
def test_what_templates_may_not_do(text: str, code: Code) -> None:
    """Everything else is refused before it is ever rendered."""
    assert code in {flaw.code for flaw in template_flaws(text)}


@given(st.text(alphabet="{}%#|.()[]'\" abcontactnamefields_1=+*", max_size=40))
def test_no_template_crashes_the_check(text: str) -> None:
    """Any text is either refused or renders."""
    if not list(template_flaws(text)):
        compiled(text)


def test_the_environment_is_sandboxed() -> None:
    """Were a check ever missed, the sandbox still stands."""
    assert environment.sandboxed


@pytest.mark.parametrize(
    ("opens", "expected"),
    [
        (datetime(2026, 11, 23, 15, 30, tzinfo=UTC), ("今天 23:30（北京时间）", "23:30 today (Beijing time)")),
        (datetime(2026, 11, 24, 1, tzinfo=UTC), ("明天 09:00（北京时间）", "09:00 tomorrow (Beijing time)")),
        (datetime(2026, 11, 27, 1, tzinfo=UTC), ("周五 09:00（北京时间）", "09:00 on Friday (Beijing time)")),
        (datetime(2026, 12, 31, 1, tzinfo=UTC), ("12月31日 09:00（北京时间）", "09:00 on 2026-12-31 (Beijing time)")),
    ],
)
def test_instants_as_people_say_them(opens: datetime, expected: tuple[str, str]) -> None:
    """Today, tomorrow, a weekday, a date: in the zone of the group, with its name."""
    assert (say_instant(opens, NOW, SHANGHAI, "zh-CN"), say_instant(opens, NOW, SHANGHAI, "en")) == expected


def test_zones_without_a_name_of_ours() -> None:
    """A zone that the words do not know is called by its city."""
    opens = datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert say_instant(opens, NOW, ZoneInfo("America/New_York"), "en") == "09:00 tomorrow (New York time)"


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(seconds=61), "2 min"),
        (timedelta(minutes=89), "89 min"),
        (timedelta(minutes=90), "2 h"),
    ],
)
def test_spans_are_rounded_up(span: timedelta, expected: str) -> None:
    """A wait is never promised shorter than it is."""
    assert say_span(span, "en") == expected


@pytest.mark.parametrize("language", sorted(WORDS))
def test_every_language_has_all_words(language: str) -> None:
    """Each language says every kind of instant and span without a gap left open."""
    for days in (0, 1, 3, 40):
        assert "{" not in say_instant(NOW + timedelta(days=days), NOW, SHANGHAI, language)
    for minutes in (0, 5, 300):
        assert "{" not in say_span(timedelta(minutes=minutes), language)


def test_what_nothing_sends_is_for_agents() -> None:
    """A reply that a group names goes out by itself; the others are to be chosen from, in the file's order."""
    texts = {ReplyId(name): {"en": name} for name in ("thanks", "closed", "documents")}
    replies = Replies(texts=texts, automatic=frozenset({CLOSED}))
    assert replies.for_agents == ("thanks", "documents")
    assert replies.language_of(CLOSED, "zh-TW") == "en"
    with pytest.raises(UnknownReply):
        replies.language_of(ReplyId("unheard-of"), "en")
