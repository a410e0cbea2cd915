"""The supervisor's board in Debian's Chromium: a group is closed for a while and opened again; who is away, and how."""

import pytest
from axe_core_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.browser.test_desk import browsing
from tests.gateway.http.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


async def test_a_group_is_closed_for_a_while(chromium: Browser, office: Office) -> None:
    """Closed with a reason until an hour from now, the row says so and by whom; taken back, the hours count again."""
    zhao = await office.person("zhao.min")
    async with browsing(chromium, office, person=zhao, locale="en") as page:
        await page.goto("/desk/wallboard")
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Japan desk"))
        await row.get_by_role("button", name="Close for a while").click()
        dialog = page.get_by_role("dialog", name="Close Japan desk for a while")
        await expect(dialog.get_by_label("Reason")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(dialog).to_be_visible()
        await page.keyboard.type("fire drill")
        found = await Axe().run(page, context=".dialog")
        assert [each["id"] for each in found["violations"]] == []
        await dialog.get_by_role("button", name="In four hours").click()
        await dialog.get_by_role("button", name="Close for a while").click()
        await expect(dialog).to_be_hidden()
        await expect(row).to_contain_text("Closed until")
        await expect(row).to_contain_text("fire drill")
        groups = (await zhao.get("/groups"))["items"]
        assert [(each["open"], each["override"]["by"]) for each in groups if each["id"] == "japan"] == [
            (False, "zhao.min")
        ]
        await row.get_by_role("button", name="Back to the usual hours").click()
        await expect(row).not_to_contain_text("Closed until")
        await expect(page.get_by_text("The usual hours of Japan desk count again")).to_be_visible()


async def test_board_says_what_still_comes_to_who_is_away(chromium: Browser, office: Office) -> None:
    """Whoever is away but for some channels is shown with them, by the names that readers of each language know."""
    zhao, li_na = [await office.person(login) for login in ("zhao.min", "li.na")]
    await li_na.feed()
    await li_na.call("PUT", "/me/presence", {"intent": "away", "reason": "meeting", "channels": ["web"]})
    for locale, words in (
        ("en", "Away · meeting · only Website still comes"),
        ("zh-TW", "離開 · meeting · 只接收網站"),
    ):
        async with browsing(chromium, office, person=zhao, locale=locale) as page:
            await page.goto("/desk/wallboard")
            await expect(page.locator(".person", has_text="日本客服A").locator(".person__state")).to_have_text(words)
