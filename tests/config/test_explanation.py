"""Explanations: ten messages in four languages, and which way each goes."""

import re
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import msgspec
import pytest

from config.explanation import Explanation, explain_message
from config.rehearsal import Asked
from gateway.reasons import in_words
from gateway.views.explanation import show_explanation
from router.trace import Verdict
from tests.config.loading import CONFIG, configured, load_directory

DEMO = configured(load_directory(CONFIG / "demo"))
SHOP = configured(load_directory(CONFIG / "visa-shop"))
MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 16, tzinfo=UTC)
SPRING_FESTIVAL = datetime(2027, 2, 6, 2, tzinfo=UTC)

MESSAGES = [
    ("我想办日本签证", "zh-CN", "japan-korea", "Japan", ["li.na"]),
    ("韩国签证要多久", "zh-CN", "japan-korea", "Korea", ["li.na"]),
    ("你好，在吗", "zh-CN", "reception", "otherwise", []),
    ("我想辦日本簽證", "zh-TW", "japan-korea", "Japan", ["li.na"]),
    ("請問澳洲簽證怎麼辦理", "zh-TW", "usa-canada-australia", "USA, Canada, Australia", ["chen.jie"]),
    ("I need a US visa", "en", "usa-canada-australia", "USA, Canada, Australia", ["chen.jie"]),
    ("Visa for Bangkok, please", "en", "south-east-asia", "South-East Asia", ["wang.fang"]),
    ("thus we stay in the dust", "en", "reception", "otherwise", []),
    ("ビザの申し込みについて教えてください", "ja", "japan-korea", "Japanese or Korean language", ["li.na"]),
    ("タイへ行きたいです", "ja", "japan-korea", "Japanese or Korean language", ["li.na"]),
]


def plain(explanation: Explanation) -> dict[str, Any]:
    """The explanation as programs get it."""
    found: dict[str, Any] = msgspec.to_builtins(show_explanation(explanation))
    return found


@pytest.mark.parametrize(("text", "language", "group", "rule", "eligible"), MESSAGES)
def test_ten_messages(text: str, language: str, group: str, rule: str, eligible: list[str]) -> None:
    """The explanation names the language, the deciding rule with its line, the group and who could answer."""
    found = explain_message(DEMO, Asked(text=text, inbox="website"), MORNING)
    assert (found.language, found.found.group) == (language, group)
    deciding = [tried for tried in found.rules if tried.stage.value == "group" and tried.matched]
    assert [tried.rule for tried in deciding] == [rule]
    lines = DEMO.texts["routing.yaml"].split("\n")
    assert rule in lines[deciding[0].line - 1]
    assert sorted(each.agent for each in found.candidates if each.verdict is Verdict.ELIGIBLE) == eligible
    assert {each.agent for each in found.candidates} == DEMO.agents.keys() - DEMO.bots.keys()
    assert [reply.language for reply in found.replies] == (["zh-CN", "zh-TW", "en"] if eligible else [])


@pytest.mark.parametrize(("text", "language", "group", "rule", "eligible"), MESSAGES)
def test_what_is_shown_is_what_happens(text: str, language: str, group: str, rule: str, eligible: list[str]) -> None:
    """The rules that the explanation calls matched are those that the engine's triage hits, in the same order."""
    found = explain_message(DEMO, Asked(text=text, inbox="website"), MORNING)
    assert [tried.rule for tried in found.rules if tried.matched] == [hit.rule for hit in found.found.hits]
    assert all(tried.failed for tried in found.rules if not tried.matched)
    assert len(found.rules) == sum(
        len(stage) for stage in (DEMO.settings.triage.tags, DEMO.settings.triage.priority, DEMO.settings.triage.group)
    )


def test_a_closed_group_says_until_when() -> None:
    """At night the decision names the hours and the opening, and the reply is the after-hours one in each language."""
    found = explain_message(SHOP, Asked(text="我想办日本签证", inbox="website"), NIGHT)
    assert not found.hours.open
    assert found.hours.next_open == datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert in_words(found.hours.why) == (
        "closed by the hours service until Tue 2026-11-24 09:00; Tue 2026-11-24 00:00 in Asia/Shanghai; then: hold"
    )
    texts = {reply.language: reply.text for reply in found.replies}
    assert texts["zh-CN"].startswith("小明您好，日韩签证组现在休息，")
    assert "今天 09:00（北京时间）" in texts["zh-CN"]
    assert "09:00 today (Beijing time)" in texts["en"]


def test_an_exception_is_named() -> None:
    """The Spring Festival closes the shop by name, in the decision and in the reply."""
    found = explain_message(SHOP, Asked(text="泰国签证", inbox="website"), SPRING_FESTIVAL)
    assert "an exception (春节)" in in_words(found.hours.why)
    assert "（春节）" in found.replies[0].text


def test_candidates_have_reasons() -> None:
    """Those who may not answer say why: shift, skill, group."""
    found = plain(explain_message(SHOP, Asked(text="我想辦韓國簽證，補材料", inbox="website"), MORNING))
    by_agent = {each["agent"]: each for each in found["candidates"]}
    assert by_agent["li.na"].items() >= {"agent": "li.na", "eligible": True, "reasons": []}.items()
    assert by_agent["sun.yue"]["reasons"] == ["off_shift"]
    assert by_agent["chen.jie"]["reasons"] == ["not_in_group"]


def test_skills_that_are_missing_are_named() -> None:
    """A rule's further skills exclude agents of the group by name and level."""
    found = plain(explain_message(SHOP, Asked(text="法国拒签了", inbox="website"), MORNING))
    by_agent = {each["agent"]: each for each in found["candidates"]}
    assert found["group"] == "after-sale"
    assert by_agent["qian.wei"]["reasons"] == ["skill_missing:after-sale:2"]


def test_plain_form_is_the_interface() -> None:
    """For programs the explanation has the keys of the interface."""
    found = plain(explain_message(DEMO, Asked(text="我想办日本签证", inbox="website", entry="qr-japan"), MORNING))
    assert found.keys() >= {
        "group", "priority", "tags", "language", "requires", "hours", "rules", "candidates", "replies",
    }  # fmt: skip
    assert found["hours"].keys() >= {"open", "next_open"}
    assert all(rule.keys() >= {"stage", "rule", "line", "matched", "failed"} for rule in found["rules"])
    assert all(reply.keys() == {"reply", "language", "text"} for reply in found["replies"])


def test_vip_by_tag() -> None:
    """A contact's tag decides the priority."""
    found = explain_message(DEMO, Asked(text="hello", inbox="website", contact_tags=["vip"]), MORNING)
    assert found.found.priority == "vip"
    assert explain_message(DEMO, Asked(text="hello", inbox="website"), MORNING).found.priority == "normal"


def test_targets_are_named(tmp_path: Path) -> None:
    """For each clock the target that people are held to, with its line; one for all, and one for who comes first.

    The shop's are switched on as its file says.
    """
    copytree(CONFIG / "visa-shop", tmp_path / "shop")
    file = tmp_path / "shop" / "routing.yaml"
    text = re.sub(r"^# (targets:|  - \{)", r"\1", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    file.write_text(text, encoding="utf-8")
    shop, lines = configured(load_directory(tmp_path / "shop")), text.split("\n")
    asked = Asked(text="我想办日本签证", inbox="website", channel="web")
    assert plain(explain_message(SHOP, asked, MORNING))["targets"] == []
    ordinary = plain(explain_message(shop, asked, MORNING))["targets"]
    assert {each["clock"]: each["within"] for each in ordinary} == {"first": 180, "next": 300, "resolve": 28_800}
    assert {"group: japan-korea" in lines[each["line"] - 1] for each in ordinary} == {True}
    vip = Asked(text="我想办日本签证", inbox="website", channel="web", contact_tags=("vip",))
    assert [each["within"] for each in plain(explain_message(shop, vip, MORNING))["targets"]] == [60, 120, 14_400]
    assert plain(explain_message(DEMO, asked, MORNING))["targets"] == []
