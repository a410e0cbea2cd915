"""What people are held to, in Debian's Chromium: what is owed next stands in list and header, late ones are counted."""

import shutil
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.contact import accessible
from tests.browser.test_desk import browsing, carried
from tests.gateway.http.office import CONFIGURATION, Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TARGETS = "targets: [{first: 1s, next: 8h, resolve: 24h, pause: []}]\ngroups:\n"


async def test_what_is_owed_next_is_said_in_words(chromium: Browser, tmp_path: Path) -> None:
    """An overdue first answer stands in list, header and on the wallboard; once answered, the resolution is next."""
    shutil.copytree(CONFIGURATION, tmp_path / "config")
    routing = tmp_path / "config" / "routing.yaml"
    routing.write_text(routing.read_text("utf-8").replace("groups:\n", TARGETS, 1), "utf-8")
    async with Office(tmp_path) as office:
        person, senior = await office.person("li.na"), await office.person("zhao.min")
        taken = await carried(office, person)
        async with browsing(chromium, office, person=person) as page:
            await page.goto(f"/desk/c/{taken['id']}")
            await expect(page.locator(".head [data-target=first]")).to_contain_text("首次回复：已超时")
            await expect(page.locator(".row [data-target=first]")).to_contain_text("首次回复：已超时")
            await accessible(page)
            async with browsing(chromium, office, person=senior, locale="en") as board:
                await board.goto("/desk/wallboard")
                row = board.get_by_role("row").filter(has=board.get_by_role("rowheader", name="Japan desk"))
                await expect(board.get_by_role("columnheader", name="Overdue")).to_be_visible()
                await expect(row.locator("[data-breached]")).to_have_text("1")
                await accessible(board)
            path = f"/conversations/{taken['id']}"
            await person.post(f"{path}/messages", {"client_id": "one", "text": "您好！"})
            await expect(page.locator(".head [data-target=resolve]")).to_contain_text("解决：还剩")
            shown = {each["clock"]: each["state"] for each in (await person.get(path))["sla"]}
            assert shown == {"first": "breached", "resolve": "running"}
