"""A voice instead of words: recorded with keys alone, refused in words, given up, sent, and heard by the desk."""

import base64
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from gateway.store.schema import messages
from tests.browser.contact import CHAT, accessible, add_shop, chat, visitor
from tests.gateway.realtime.reception import Reception, open_reception

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NO_MICROPHONE = """
if (navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("none", "NotFoundError"));
"""


@pytest.fixture
async def reception(tmp_path: Path) -> AsyncIterator[Reception]:
    """A widget that stands, and a page of our own that embeds it."""
    async with open_reception(tmp_path, more=add_shop) as opened:
        yield opened


async def length(page: Page, recording: bytes) -> float:
    """How many seconds the browser can play of it."""
    found: float = await page.evaluate(
        """async (words) => {
            const bytes = Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));
            return (await new AudioContext().decodeAudioData(bytes.buffer)).duration;
        }""",
        base64.b64encode(recording).decode(),
    )
    return found


async def test_voice_is_recorded_by_keys(reception: Reception, chromium: Browser, tmp_path: Path) -> None:
    """Refused it says how to allow it; allowed it is recorded, given up with Escape, recorded again, sent and heard."""
    async with visitor(chromium, language="en", bypass_csp=True) as context:
        page = await context.new_page()
        frame = await chat(page, reception)
        record = frame.get_by_role("button", name="Record a voice message")
        await record.press("Enter")
        await expect(frame.locator(".strip--warn")).to_contain_text("The microphone is blocked")
        await expect(frame.locator(".composer__field")).to_be_focused()
        await accessible(page)

        await context.grant_permissions(["microphone"], origin=reception.origin)
        await record.press("Enter")
        await expect(frame.get_by_role("button", name="Send the recording")).to_be_focused()
        await expect(frame.locator(".strip--warn")).to_have_count(0)
        await expect(frame.locator(".recording__state")).to_have_text("Recording…")
        await accessible(page)
        await page.keyboard.press("Escape")
        await expect(frame.locator(".composer__field")).to_be_focused()
        await expect(page.locator(CHAT)).to_have_attribute("data-open", "true")
        assert await frame.locator(".row").count() == 0

        await record.press("Enter")
        await expect(frame.locator(".recording__time")).to_have_text(re.compile("^0:0[1-9]$"))
        await page.keyboard.press("Enter")
        await expect(frame.locator(".row--mine .fate")).to_contain_text("Sent")
        await expect(frame.locator(".row--mine audio")).to_have_accessible_name("Voice message")
        await expect(frame.locator(".composer__field")).to_be_focused()
        (recording,) = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
        assert await length(page, recording.read_bytes()) > 0.9
        (parts,) = await reception.store.read(lambda c: c.execute(select(messages.c.parts)).scalars().all())
        assert '"voice"' in parts
        assert '"audio/webm"' in parts

        await page.keyboard.type("words")
        await expect(record).to_have_count(0)


@pytest.mark.parametrize("is_allowed", [True, False], ids=["no microphone", "not wished"])
async def test_without_a_microphone_there_are_words(tmp_path: Path, chromium: Browser, is_allowed: bool) -> None:
    """Without a microphone it says so; where the inbox does not want recordings there is no button at all."""
    async with (
        open_reception(tmp_path, more=add_shop, voice=is_allowed) as reception,
        visitor(chromium, language="zh-TW") as context,
    ):
        await context.add_init_script(NO_MICROPHONE)
        frame = await chat(await context.new_page(), reception)
        record = frame.get_by_role("button", name="錄一段語音")
        if is_allowed:
            await record.click()
            await expect(frame.locator(".strip--warn")).to_contain_text("找不到麥克風")
            await frame.get_by_role("button", name="知道了").click()
            await expect(frame.locator(".strip--warn")).to_have_count(0)
        else:
            await expect(record).to_have_count(0)
