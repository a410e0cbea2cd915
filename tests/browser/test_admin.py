"""The administrator's page in Debian's Chromium, on the whole service: found, corrected, applied, taken back."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.browser.test_desk import PHONE, browsing
from tests.gateway.http.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ASKED = "想去东京办签证"
RULE = "    - {when: {text: [日本, japan]}, add: [japan]}"
BEHIND_THE_WORDS = len("]}, add: [japan]}")
SIMULATION_MS = 60_000


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """The service, with nobody logged in."""
    async with Office(tmp_path) as opened:
        yield opened


def editor(page: Page) -> Locator:
    """Where the files are written."""
    return page.get_by_role("textbox", name=re.compile("^编辑 "))


async def routing(office: Office) -> str:
    """The routing file in force."""
    text: str = office.tools.configuration.configuration.texts["routing.yaml"]
    return text


async def add_a_word(page: Page, word: str) -> None:
    """Add a keyword to the rule about Japan, from the cursor at its line's beginning, as a person types it."""
    await page.keyboard.press("End")
    for _ in range(BEHIND_THE_WORDS):
        await page.keyboard.press("ArrowLeft")
    await page.keyboard.insert_text(f", {word}")


async def apply_elsewhere(office: Office, old: str, new: str) -> None:
    """Another administrator applies a change."""
    admin = await office.person("admin")
    changed = (await routing(office)).replace(old, new)
    await admin.post("/routing/apply", {"files": {"routing.yaml": changed}, "message": "by another"})


async def test_misrouting_is_found_corrected_and_taken_back(chromium: Browser, office: Office) -> None:
    """Try-it shows the wrong group and why; the rule is corrected, compared, simulated, applied, and rolled back."""
    admin = await office.person("admin")
    await office.write(ASKED)
    async with browsing(chromium, office, person=admin) as page:
        await page.goto("/admin/")
        await page.get_by_label("顾客的消息").fill(ASKED)
        outcome = page.get_by_role("region", name="去向")
        await expect(outcome).to_contain_text("东南亚组")
        tags = page.get_by_role("button", name=re.compile("日本|tag rule|标签|japan", re.IGNORECASE)).first
        await expect(tags).to_contain_text("文字里没有")
        await tags.click()
        await expect(editor(page)).to_be_focused()

        await add_a_word(page, "东京")
        await expect(outcome).to_contain_text("日本组")
        lit = page.locator(".cm-lit")
        await expect(lit).to_have_count(3)  # a tag rule, the priority, the group
        await expect(lit.filter(has_text="东京")).to_have_count(1)
        await expect(page.locator(".verdict")).to_contain_text("没有问题")

        await page.get_by_role("button", name="检查并发布").click()
        await expect(page.locator(".meaning")).to_contain_text("标签规则")
        await expect(page.locator(".meaning")).to_contain_text("东京")
        await expect(page.locator(".cm-merge-b .cm-changedLine")).to_contain_text("东京")
        await page.get_by_role("button", name="开始推演").click()
        await expect(page.get_by_text("1 个会话中有 1 个会去别的组")).to_be_visible(timeout=SIMULATION_MS)
        cell = page.get_by_role("button", name="1 个从 东南亚组 移到 日本组")
        await expect(cell).to_have_attribute("aria-pressed", "true")
        await expect(page.locator(".sample a")).to_have_attribute("href", re.compile("^/desk/c/"))

        await page.get_by_label("为什么改").fill("东京也是日本")
        await page.get_by_role("button", name="发布，替换版本 1").click()
        first = page.locator(".version").first
        await expect(first).to_contain_text("东京也是日本")
        await expect(first).to_contain_text("生效中")
        assert "东京" in await routing(office)

        await page.locator(".version").nth(1).click()
        await expect(page.locator(".cm-merge-b .cm-changedLine")).to_contain_text("东京")
        await page.get_by_role("button", name="回到版本 1").click()
        await page.get_by_role("dialog").get_by_role("button", name="回到版本 1").click()
        await expect(page.locator(".version")).to_have_count(3)
        await expect(page.locator(".version").first).to_contain_text("rolled back to version 1")
        assert "东京" not in await routing(office)


TRIED = {
    "zh-CN": ("文字里没有", "营业时间", "不在组内"),
    "zh-TW": ("文字裡沒有", "服務時間", "不在組內"),
    "en": ("the text has none of", "hours", "not in the group"),
}
"""What the page says of a rule that did not match, of the hours, and of an agent who may not."""


async def test_try_it_says_why_in_each_language(chromium: Browser, office: Office) -> None:
    """Why a rule did not match, which hours it was and why an agent may not answer: in the reader's language."""
    admin = await office.person("admin")
    for locale, (rule, hours, agent) in TRIED.items():
        async with browsing(chromium, office, person=admin, locale=locale) as page:
            await page.goto("/admin/")
            await page.locator(".question__text").fill(ASKED)
            await expect(page.locator(".rung__why").first).to_contain_text(rule)
            await expect(page.locator(".outcome__words")).to_contain_text(hours)
            await expect(page.locator(".candidate__why", has_text=agent).first).to_be_visible()


async def test_findings_stand_where_the_command_says(chromium: Browser, office: Office) -> None:
    """An unknown group is underlined at its place, listed with what was meant, and corrected with one key."""
    admin = await office.person("admin")
    async with browsing(chromium, office, person=admin) as page:
        await page.goto("/admin/?panel=problems")
        await editor(page).click()
        await page.keyboard.press("Control+End")
        await page.keyboard.insert_text("  - {say: x, expect: {group: japn}}\n")
        finding = page.locator(".finding--error")
        await expect(finding).to_contain_text('did you mean "japan"?')
        checked = await admin.post("/routing/check", {"files": {"routing.yaml": await draft(page)}})
        (problem,) = [problem for problem in checked["problems"] if problem["severity"] == "error"]
        await expect(finding).to_contain_text(f"routing.yaml:{problem['line']}:{problem['column']}")
        await expect(page.locator(".cm-lintRange-error")).to_have_text("japn")
        await expect(page.get_by_role("link", name="routing.yaml")).to_contain_text("1")

        await finding.click()
        await page.locator(".cm-lintRange-error").hover()
        await page.get_by_role("button", name="改为 japan").click()
        await expect(page.locator(".cm-lintRange-error").filter(has_text=re.compile("^japn$"))).to_have_count(0)
        await expect(page.locator(".verdict")).to_contain_text("1 个错误")  # the test itself fails now
        await page.get_by_role("button", name="检查并发布").click()
        await page.get_by_label("为什么改").fill("a test that fails")
        await page.get_by_role("button", name="发布，替换版本 1").click()
        await expect(page.locator(".refusal")).to_contain_text("E150")
        assert office.tools.configuration.settings.version == 1


async def draft(page: Page) -> str:
    """The routing file as the page keeps it on the device."""
    await page.wait_for_function("localStorage.getItem('pointsman.desk.admin.draft')?.includes('japn')")
    found: str = await page.evaluate(
        "JSON.parse(localStorage.getItem('pointsman.desk.admin.draft')).texts['routing.yaml']"
    )
    return found


async def test_names_and_keys_are_completed(chromium: Browser, office: Office) -> None:
    """Values complete with the names of the draft, keys with those of the schema."""
    admin = await office.person("admin")
    async with browsing(chromium, office, person=admin) as page:
        await page.goto("/admin/")
        await editor(page).click()
        await page.keyboard.press("Control+End")
        await page.keyboard.insert_text("  - {say: x, expect: {group: ")
        await page.keyboard.type("as")
        options = page.locator(".cm-tooltip-autocomplete li")
        await expect(options.first).to_contain_text("asia")
        await page.keyboard.press("Escape")
        await page.keyboard.insert_text("ia, ")
        await page.keyboard.type("pri")
        await expect(options.first).to_contain_text("priority")


async def test_schema_that_is_late_is_waited_for(chromium: Browser, office: Office) -> None:
    """Who types a key before the schema has come is offered it all the same, once it is there."""
    admin, typed = await office.person("admin"), asyncio.Event()

    async def hold(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    async with browsing(chromium, office, person=admin) as page:
        await page.route("**/schemas", hold)
        await page.goto("/admin/")
        await editor(page).click()
        await page.keyboard.press("Control+End")
        await page.keyboard.insert_text("  - {say: x, expect: {")
        await page.keyboard.type("pri")
        typed.set()
        await expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("priority")


async def test_stale_draft_is_refused_and_joined(chromium: Browser, office: Office) -> None:
    """Who was overtaken sees both changes, joins them on the new version, and applies."""
    admin = await office.person("admin")
    async with browsing(chromium, office, person=admin) as page:
        await page.goto("/admin/")
        await page.get_by_label("顾客的消息").fill(ASKED)
        await page.locator(".rung").first.click()
        await add_a_word(page, "东京")
        await apply_elsewhere(office, "answer_within: 15s", "answer_within: 20s")
        await page.keyboard.press("Control+s")
        await page.get_by_label("为什么改").fill("东京")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="有人先发布了版本 2")).to_be_visible()
        await expect(page.locator(".stale__two")).to_contain_text("东京")
        await expect(page.locator(".stale__two")).to_contain_text("vip")
        await page.get_by_role("button", name="合并到版本 2 之上").click()
        await page.get_by_role("button", name="发布，替换版本 2").click()
        await expect(page.locator(".version").first).to_contain_text("东京")
        text = await routing(office)
        assert "东京" in text
        assert "answer_within: 20s" in text


async def test_everything_works_from_the_keyboard(chromium: Browser, office: Office) -> None:
    """Tab leaves the editor, Ctrl+S goes to the review, Enter applies; a reload loses no line of the draft."""
    admin = await office.person("admin")
    async with browsing(chromium, office, person=admin) as page:
        await page.goto("/admin/")
        await editor(page).focus()
        await page.keyboard.press("Control+Home")
        await page.keyboard.insert_text("# a comment\n")
        await page.keyboard.press("Tab")
        await expect(editor(page)).not_to_be_focused()
        await page.reload()
        await expect(page.locator(".cm-line").first).to_have_text("# a comment")
        await editor(page).focus()
        await page.keyboard.press("Control+s")
        await expect(page).to_have_url(re.compile("/admin/review$"))
        await expect(page.get_by_text("含义没有变化，只有注释或排版不同。")).to_be_visible()
        await page.get_by_label("为什么改").focus()
        await page.keyboard.insert_text("a comment")
        await page.keyboard.press("Enter")
        await expect(page.locator(".version").first).to_contain_text("a comment")


async def test_only_administrators_come_in(chromium: Browser, office: Office) -> None:
    """An agent is told so and sent to the desk; the desk shows the way here to administrators only."""
    agent, admin = await office.person("li.na"), await office.person("admin")
    async with browsing(chromium, office, person=agent) as page:
        await page.goto("/admin/")
        await expect(page.get_by_role("heading", name="这里只对管理员开放")).to_be_visible()
        await page.get_by_role("link", name="去工作台").click()
        await expect(page.get_by_role("navigation", name="导航")).to_be_visible()
        await expect(page.locator('a[href="/admin/"]')).to_have_count(0)
    async with browsing(chromium, office, person=admin) as page:
        await page.goto("/desk/")
        await page.locator('a[href="/admin/"]').click()
        await expect(editor(page)).to_be_visible()


async def test_gap_in_coverage_is_crossed_and_counted(chromium: Browser, office: Office) -> None:
    """An open hour in which nobody is on shift is red, has a cross and a name, and is counted and listed."""
    admin = await office.person("admin")
    texts = office.tools.configuration.configuration.texts
    shifted = re.sub(r"(groups: \[japan\])", r"\1, shift: day", texts["agents.yaml"])
    hours = texts["routing.yaml"].replace("hours:\n", 'hours:\n  day: {weekly: {daily: ["09:00-18:00"]}}\n', 1)
    await admin.post(
        "/routing/apply", {"files": {"agents.yaml": shifted, "routing.yaml": hours}, "message": "shifts by day"}
    )
    async with browsing(chromium, office, person=admin) as page:
        await page.goto("/admin/coverage/japan")
        await expect(page.locator(".coverage__group[aria-current]")).to_contain_text("105 小时没人")
        hour = page.locator('[data-hour="3"]')
        await expect(hour).to_have_text("×")
        await expect(hour).to_have_accessible_name("星期一 3:00 · 营业但没人")
        await expect(page.locator(".week__gaps")).to_contain_text("周一 0–9 · 周一 18–24")


async def test_coverage_inboxes_and_invitations(chromium: Browser, office: Office) -> None:
    """The map says who is reached when, an inbox shows its guide as text, an invitation opens the door."""
    admin = await office.person("admin")
    async with browsing(chromium, office, person=admin) as page:
        await page.goto("/admin/coverage/japan")
        hour = page.locator('[data-hour="33"]')
        await expect(hour).to_have_accessible_name(re.compile("星期二 9:00 · 2 位客服"))
        await hour.click()
        await expect(page.locator(".week__who")).to_contain_text("李娜")
        await page.keyboard.press("ArrowRight")
        await expect(page.locator('[data-hour="34"]')).to_be_focused()

        await page.goto("/admin/inboxes")
        await page.locator(".card").filter(has_text="bot").get_by_role("link", name="怎么连接").click()
        await expect(page.locator(".prose ol li").first).to_contain_text("BotFather")

        await page.goto("/admin/agents")
        await page.locator(".card").filter(has_text="li.na").get_by_role("button", name="邀请链接").click()
        await page.get_by_role("button", name="生成链接").click()
        await expect(page.get_by_label("邀请链接（只显示这一次）")).to_have_value(re.compile(r"/invitation#\S+"))


@pytest.mark.parametrize(
    ("scheme", "more"),
    [("light", {}), ("dark", {}), ("light", {"viewport": PHONE, "is_mobile": True, "has_touch": True})],
    ids=["light", "dark", "phone"],
)
async def test_pages_are_accessible(chromium: Browser, office: Office, scheme: str, more: dict[str, Any]) -> None:
    """Axe finds no violation on any page, and nothing is wider than the screen."""
    admin = await office.person("admin")
    await office.write(ASKED)
    found: dict[str, list[str]] = {}

    async def look(page: Page, name: str) -> None:
        report = await Axe().run(page)
        found[name] = [
            f"{violation['id']}: {node['html'][:120]} {node['failureSummary']}"
            for violation in report["violations"]
            for node in violation["nodes"]
        ]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append("wider than the screen")

    async with browsing(chromium, office, person=admin, color_scheme=scheme, **more) as page:
        await page.goto("/admin/")
        await page.get_by_label("顾客的消息").fill(ASKED)
        await expect(page.get_by_role("region", name="去向")).to_be_visible()
        await look(page, "try")
        await editor(page).focus()
        await page.keyboard.press("Control+End")
        await page.keyboard.insert_text("  - {say: 东京, expect: {group: asia}}\n")
        await expect(page.locator(".files__changed")).to_be_visible()
        await page.goto("/admin/?panel=problems")
        await expect(page.locator(".finding").first).to_be_visible()
        await look(page, "problems")
        await page.goto("/admin/review")
        await page.get_by_role("button", name="开始推演").click()
        await expect(page.locator(".matrix__table")).to_be_visible(timeout=SIMULATION_MS)
        await look(page, "review")
        for name, shown in (
            ("versions/1", ".step"),
            ("coverage", ".map"),
            ("inboxes/bot", ".prose"),
            ("agents", ".card"),
        ):
            await page.goto(f"/admin/{name}")
            await expect(page.locator(shown).first).to_be_visible()
            await look(page, name)
    assert {name: problems for name, problems in found.items() if problems} == {}
