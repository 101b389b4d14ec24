"""A coordinator's way in Chromium: from the letter to the province's progress, on a desk and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import update

from admin_web.making import Making, TooBusy
from storage import campaigns
from storage.tables import outbox
from tests.admin_web.conftest import Town
from tests.admin_web.letters import PDF, make, offices
from tests.admin_web.samples import LAMPANG, NOW, Office, send
from tests.admin_web.test_browser import Desk, desk, town
from tests.chromium import LOOP, in_its_loop

__all__ = ["desk", "town"]
pytestmark = [pytest.mark.browser, LOOP]

PAGES = (
    "/campaigns", "/campaigns/new", "/campaigns/1", "/campaigns/1/edit", "/campaigns/1?province=ลำปาง",
    "/campaigns/1?province=ลำปาง&district=เกาะคา", "/campaigns/1/phone", "/campaigns/1/write", "/campaigns/2",
)  # fmt: skip


@in_its_loop
async def full(town: Town) -> Town:
    def put(tx: Any) -> None:
        offices(tx)
        make(tx)
        make(tx, "draft", title="ร่าง")
        for form in ("product", "news", "landmark"):
            send(tx, Office(1, 1001, LAMPANG), form)

    await town.put(put)
    return town


async def fits(page: Page) -> bool:
    wide: bool = await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return wide


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
async def test_from_the_letter_to_the_progress(town: Town, desk: Desk, width: int) -> None:
    await town.put(offices)
    page = await desk.signed_in(width=width)
    await page.get_by_role("navigation").get_by_role("link", name="เรื่องที่ต้องส่ง").click()
    await page.get_by_role("link", name="ตั้งเรื่องใหม่").first.click()
    await page.get_by_label("เรื่อง", exact=True).fill("บันทึกข้อมูลท้องถิ่น")
    await page.get_by_label("เลขที่หนังสือ").fill("มท 0810.6/ว 1234")
    await page.get_by_label("หนังสือลงวันที่").fill("15 ธ.ค. 59")
    await page.get_by_label("ไฟล์หนังสือ PDF").set_input_files(
        {"name": "หนังสือ.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    await page.get_by_label("สินค้าท้องถิ่น").fill("๑")
    await page.get_by_label("กำหนดส่งวันที่").fill("31 ก.พ. 60")
    await page.get_by_role("button", name="บันทึกร่าง").click()
    # One sentence at the field, the cursor in it, everything kept; then it is put right.
    field = page.get_by_label("กำหนดส่งวันที่")
    await expect(page.locator("#wrong-deadline")).to_contain_text("มี 28 วัน")
    await expect(field).to_be_focused()
    await expect(page.get_by_label("เรื่อง", exact=True)).to_have_value("บันทึกข้อมูลท้องถิ่น")
    await expect(page.get_by_text("แนบหนังสือไว้แล้ว")).to_be_visible()
    await field.fill("28 ก.พ. 60")
    await page.get_by_label("ข้อความนำ").fill("ขอความร่วมมือ")
    # The preview follows what is typed.
    bubble = page.locator(".chat-bubble").first
    await expect(bubble).to_contain_text("ขอความร่วมมือ")
    await expect(bubble).to_contain_text("28 ก.พ. 2560 16:30 น.")
    await expect(bubble).to_contain_text("ขาด: สินค้าท้องถิ่น 1 รายการ")
    assert await fits(page)
    await page.get_by_role("button", name="บันทึกร่าง").click()
    await expect(page.get_by_role("status")).to_contain_text("บันทึกร่างแล้ว")
    await page.get_by_text("เริ่ม", exact=True).click()
    await page.get_by_role("button", name="เริ่มเดี๋ยวนี้").click()
    await expect(page.get_by_role("status")).to_contain_text("เริ่มแล้ว")
    await page.get_by_role("link", name="ลำปาง", exact=True).click()
    await expect(page.get_by_role("heading", name="จังหวัดลำปาง")).to_be_visible()
    assert await fits(page)
    found = await town.store.read(campaigns.campaign_of, 1)
    assert found is not None
    assert (found.state, str(found.deadline_day)) == ("running", "2017-02-28")
    async with page.expect_download() as started:
        await page.get_by_role("link", name="รูปภาพสำหรับกลุ่มแชต").click()
    assert (await started.value).suggested_filename == "ลำปาง.png"


async def test_a_file_that_must_wait_for_others_says_so_on_a_page_and_comes_the_next_time(
    full: Town, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/campaigns/1")

    async def no_turn(*_: object) -> bytes:
        raise TooBusy

    monkeypatch.setattr(Making, "in_turn", no_turn)
    await page.get_by_role("link", name="ตาราง Excel").click()
    await expect(page.get_by_text("กำลังสร้างไฟล์อื่นอยู่")).to_be_visible()
    assert all("503" in one for one in desk.complaints)
    desk.complaints.clear()
    monkeypatch.undo()
    await page.go_back()
    async with page.expect_download() as started:
        await page.get_by_role("link", name="ตาราง Excel").click()
    assert (await started.value).suggested_filename == "progress-1.xlsx"


async def test_an_enter_in_a_field_saves_and_does_not_only_preview(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/campaigns/2/edit")
    await page.get_by_label("เรื่อง", exact=True).fill("ชื่อใหม่")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/campaigns/2?done=draft")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_every_page_fits_its_screen(full: Town, desk: Desk, width: int, scheme: str) -> None:
    page = await desk.signed_in(width=width, color_scheme=scheme)
    for path in PAGES:
        await page.goto(desk.url + path)
        assert await fits(page), path


async def test_in_print_the_table_and_the_charts_stay_and_the_buttons_go(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/campaigns/1")
    await page.emulate_media(media="print")
    await expect(page.locator("table.progress")).to_be_visible()
    await expect(page.locator(".chart-pace")).to_be_visible()
    for gone in (".acts", ".downloads", ".top", ".days"):
        await expect(page.locator(gone)).to_be_hidden()
    await page.emulate_media(media="screen")
    await page.locator(".days > summary").click()
    await page.emulate_media(media="print")
    await expect(page.locator(".days table")).to_be_visible()
    await page.goto(f"{desk.url}/campaigns/1/phone")
    await expect(page.locator(".phone-list").first).to_be_visible()
    await expect(page.locator(".phone-file")).to_be_hidden()


async def test_without_scripts_the_preview_and_everything_else_still_work(full: Town, desk: Desk) -> None:
    page = await desk.signed_in(java_script_enabled=False)
    await page.goto(f"{desk.url}/campaigns/2/edit")
    await page.get_by_label("ข้อความนำ").fill("ไม่มีสคริปต์")
    await page.get_by_role("button", name="ดูตัวอย่าง").click()
    await expect(page.locator(".chat-bubble").first).to_contain_text("ไม่มีสคริปต์")
    await page.get_by_role("button", name="บันทึกร่าง").last.click()
    await page.wait_for_url("**/campaigns/2?done=draft")


async def test_provinces_are_found_by_typing(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/campaigns/2/edit")
    await page.locator(".province", has_text="ลำปาง").get_by_text("บางอำเภอ").click()
    await page.get_by_label("เกาะคา").check()
    await page.get_by_role("button", name="บันทึกร่าง").click()
    await page.wait_for_url("**/campaigns/2?done=draft")
    found = await full.store.read(campaigns.campaign_of, 2)
    assert found is not None
    assert found.scope.districts == (("ลำปาง", "เกาะคา"),)


async def test_a_message_goes_out_and_its_page_follows(full: Town, desk: Desk) -> None:
    page = await desk.signed_in(width=390)
    await page.goto(f"{desk.url}/campaigns/1")
    await page.get_by_role("link", name="ส่งข้อความถึง อปท.").click()
    await page.get_by_label("ทุก อปท. ในเรื่องนี้").check()
    await page.get_by_label("ข้อความ", exact=True).fill("ประชุมวันศุกร์")
    await page.get_by_role("button", name="ตรวจก่อนส่ง").click()
    await expect(page.locator(".chat-bubble")).to_contain_text("ประชุมวันศุกร์")
    await page.get_by_role("button", name="ส่งถึง 1 คน").click()
    await page.wait_for_url("**/broadcasts/1")
    await expect(page.get_by_role("heading", name="กำลังส่ง")).to_be_visible()
    await full.put(all_sent)
    await expect(page.get_by_role("heading", name="ส่งเสร็จแล้ว")).to_be_visible()
    assert await fits(page)


def all_sent(tx: Any) -> None:
    tx.execute(update(outbox).values(sent_at=NOW))
