"""Who is the same person, at the desk in Chromium: contacts are compared, merged with a choice, and parted again."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.contact import accessible
from tests.browser.test_desk import browsing
from tests.gateway.http.office import Office
from tests.gateway.http.test_identity import contacts, two

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


async def test_two_contacts_are_merged_and_parted(chromium: Browser, office: Office) -> None:
    """What speaks for it is read, the name that is kept is chosen; undone, both are as they were."""
    li_na, ann, other = await two(office)
    (conversation,) = [each for each in (await li_na.get("/conversations"))["items"] if each["contact"]["id"] == ann]
    async with browsing(chromium, office, person=li_na, locale="zh-CN") as page:
        await page.goto(f"/desk/c/{conversation['id']}")
        card = page.locator('[data-part="identity"]')
        await expect(card).to_contain_text("安 可能是同一个人")
        await expect(card).to_contain_text("邮箱相同：ann@example.com")
        await expect(page.locator(".address").get_by_text("已验证")).to_be_visible()
        await card.get_by_role("button", name="比较并合并").click()
        dialog = page.get_by_role("dialog", name="安 是同一个人吗？")
        await dialog.get_by_role("group", name="姓名").get_by_label("安").check()
        await accessible(page)
        await dialog.get_by_role("button", name="是同一个人").click()
        await expect(dialog).to_be_hidden()
        await expect(card).to_contain_text("安 已并入此联系人")
        await expect(page.locator(".who__name")).to_have_text("安")
        await expect(page.get_by_role("heading", name="安", exact=True)).to_be_visible()
        await expect(page.locator(".address")).to_have_count(2)
        assert set((await contacts(li_na)).values()) == {ann}
        await card.get_by_role("button", name="撤销合并").click()
        await expect(page.locator(".who__name")).to_have_text("Ann")
        await expect(page.locator(".address")).to_have_count(1)
        assert set((await contacts(li_na)).values()) == {ann, other}
