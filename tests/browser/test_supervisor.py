"""A supervisor at the desk in Debian's Chromium: pauses a queue, takes over and gives back, whispers to the owner."""

import pytest
from axe_core_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.browser.test_desk import browsing
from tests.gateway.http.office import Office
from tests.gateway.http.test_conversation import accepted

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


async def test_a_queue_is_paused_and_goes_on(chromium: Browser, office: Office) -> None:
    """Paused with a reason, the row says so, by whom and why; resumed, it says so no more."""
    zhao = await office.person("zhao.min")
    async with browsing(chromium, office, person=zhao, locale="en") as page:
        await page.goto("/desk/wallboard")
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Japan desk"))
        await row.get_by_role("button", name="Pause").click()
        dialog = page.get_by_role("dialog", name="Pause the queue of Japan desk")
        await expect(dialog.get_by_label("Reason")).to_be_focused()
        await dialog.get_by_label("Reason").fill("prices are wrong")
        found = await Axe().run(page, context=".dialog")
        assert [each["id"] for each in found["violations"]] == []
        await dialog.get_by_role("button", name="Pause").click()
        await expect(dialog).to_be_hidden()
        await expect(row.get_by_role("rowheader")).to_contain_text("Paused")
        await expect(row.get_by_role("rowheader")).to_contain_text("prices are wrong")
        await row.get_by_role("button", name="Resume").click()
        await expect(row.get_by_role("rowheader")).not_to_contain_text("Paused")


async def test_a_group_is_told_something(chromium: Browser, office: Office) -> None:
    """Who belongs to the group and is at the desk reads it; who belongs to another reads the next thing only."""
    zhao, li_na, wang = [await office.person(login) for login in ("zhao.min", "li.na", "wang.fang")]
    async with (
        browsing(chromium, office, person=zhao, locale="en") as page,
        browsing(chromium, office, person=li_na, locale="en") as of_the_group,
        browsing(chromium, office, person=wang, locale="en") as of_another,
    ):
        for each in (of_the_group, of_another):
            await each.goto("/desk/")
            await expect(each.get_by_text("Nothing on your desk")).to_be_visible()
        await page.goto("/desk/wallboard")
        for name, words in (("Japan desk", "prices are right again"), ("Asia desk", "come to lunch")):
            row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))
            await row.get_by_role("button", name="Tell the group").click()
            dialog = page.get_by_role("dialog", name=f"Tell {name} something")
            await expect(dialog.get_by_label("What to say")).to_be_focused()
            await dialog.get_by_label("What to say").fill(words)
            await dialog.get_by_role("button", name="Tell").click()
            await expect(dialog).to_be_hidden()
        await expect(of_the_group.get_by_text("prices are right again")).to_be_visible()
        await expect(of_another.get_by_text("come to lunch")).to_be_visible()
        await expect(of_another.get_by_text("prices are right again")).to_have_count(0)


async def test_taken_over_and_given_back(chromium: Browser, office: Office) -> None:
    """Looking is silent and says so; taken over with a reason it is the own; given back, it is not."""
    _, conversation = await accepted(office)
    zhao = await office.person("zhao.min")
    async with browsing(chromium, office, person=zhao, locale="en") as page:
        await page.goto(f"/desk/c/{conversation['id']}")
        await expect(page.get_by_text("You are looking silently")).to_be_visible()
        await page.get_by_role("button", name="Take over").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Reason").fill("third complaint")
        await dialog.get_by_role("button", name="Take over").click()
        await expect(dialog).to_be_hidden()
        await expect(page.locator(".head__owner")).to_have_text("Mine")
        assert (await zhao.get(f"/conversations/{conversation['id']}"))["owner"]["id"] == "zhao.min"
        await page.get_by_role("button", name="More actions").click()
        await page.get_by_role("button", name="Give it back").click()
        await expect(page.locator(".head__owner")).not_to_have_text("Mine")
        assert (await zhao.get(f"/conversations/{conversation['id']}"))["owner"]["id"] == "li.na"


async def test_a_whisper_stands_above_the_composer(chromium: Browser, office: Office) -> None:
    """The owner reads it until it is put away; then it is gone, after a reload too."""
    li_na, conversation = await accepted(office)
    zhao = await office.person("zhao.min")
    async with browsing(chromium, office, person=zhao, locale="en") as page:
        await page.goto(f"/desk/c/{conversation['id']}")
        await page.get_by_role("button", name="Whisper").click()
        await page.locator(".composer__field").fill("offer the refund")
        await page.keyboard.press("Enter")
        await expect(page.locator(".note", has_text="offer the refund")).to_be_visible()
    async with browsing(chromium, office, person=li_na, locale="en") as page:
        await page.goto(f"/desk/c/{conversation['id']}")
        whisper = page.locator(".whisper")
        await expect(whisper).to_contain_text("offer the refund")
        await whisper.get_by_role("button", name="Put away").click()
        await expect(whisper).to_have_count(0)
        await page.reload()
        await expect(page.locator(".note", has_text="offer the refund")).to_be_visible()
        await expect(whisper).to_have_count(0)
