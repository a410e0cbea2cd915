"""Writing at the desk in Chromium: colleagues are asked to look, prepared replies are chosen, signs are put in."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.contact import accessible
from tests.browser.test_desk import ASKED, browsing, carried, reply_field, texts
from tests.gateway.http.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


async def test_colleague_is_asked_to_look(chromium: Browser, office: Office) -> None:
    """A note names a colleague of another group, who is told, finds the conversation and reads the note."""
    li_na, wang = await office.person("li.na"), await office.person("wang.fang")
    conversation = await carried(office, li_na)
    async with browsing(chromium, office, person=li_na) as page, browsing(chromium, office, person=wang) as second:
        await second.goto("/desk/?list=mentions")
        await expect(second.get_by_text("还没有人提到您")).to_be_visible()
        await page.goto(f"/desk/c/{conversation['id']}")
        await expect(reply_field(page)).to_be_visible()
        await page.get_by_role("button", name="备注").click()
        note = page.get_by_role("textbox", name="写内部备注")
        await expect(note).to_be_focused()
        await note.press_sequentially("请看一下 a@b @王")
        asked = page.get_by_role("option", name="@王芳")
        await expect(asked).to_be_visible()
        await accessible(page)
        await note.press("Enter")
        await expect(note).to_have_value("请看一下 a@b @王芳 ")
        await note.press_sequentially("谢谢")
        await note.press("Enter")
        await expect(second.get_by_text("张三：日本客服A 在备注里提到了您")).to_be_visible()
        await expect(second.get_by_role("link", name="提到我 1")).to_be_visible()
        await second.locator(f'a[data-conversation="{conversation["id"]}"]').click()
        await expect(second.get_by_text("请看一下 a@b @王芳 谢谢")).to_be_visible()
        await second.reload()
        await expect(second.get_by_role("link", name="提到我 1")).to_be_visible()
        await expect(second.get_by_text("请看一下 a@b @王芳 谢谢")).to_be_visible()
    assert await texts(li_na, conversation["id"]) == [ASKED, "请看一下 a@b @王芳 谢谢"]


async def test_sign_is_put_where_the_caret_is(chromium: Browser, office: Office) -> None:
    """The sheet of signs is used with the keyboard; the words around the caret stay."""
    li_na = await office.person("li.na")
    conversation = await carried(office, li_na)
    async with browsing(chromium, office, person=li_na) as page:
        await page.goto(f"/desk/c/{conversation['id']}")
        field = reply_field(page)
        await field.fill("您好！")
        await field.press("Home")
        await page.get_by_role("button", name="表情").click()
        sheet = page.get_by_role("group", name="表情")
        await sheet.get_by_role("button", name="😀").focus()
        await page.keyboard.press("ArrowRight")
        await expect(sheet.get_by_role("button", name="😄")).to_be_focused()
        await expect(sheet).to_be_in_viewport(ratio=1)
        await accessible(page)
        await page.keyboard.press("Enter")
        await expect(field).to_have_value("😄您好！")
        await expect(field).to_be_focused()
        await expect(sheet).to_have_count(0)
