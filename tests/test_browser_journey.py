"""One entry from thumb to verdict, in the browser on both sides: the chat page and the reviewer's page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from admin_web.auth import hash_password
from storage.db import Store
from storage.reviewers import add_reviewer
from tests.chromium import LOOP
from tests.town import TONTHONGCHAI, town
from tests.walk import fill_in_landmark, hears, presses, says, sign_in

NAME, PASSWORD = "reviewer", "น้ำตกวังแก้ว 2560"


@LOOP
@pytest.mark.browser
async def test_an_officer_sends_a_landmark_is_asked_for_a_change_fixes_it_and_hears_of_the_approval(
    store: Store, tmp_path: Path, browser: Browser
) -> None:
    async with town(store, tmp_path) as here:
        store.run_now(add_reviewer, NAME, hash_password(PASSWORD), here.clock())
        phone = await browser.new_page(viewport={"width": 390, "height": 844})
        address = f"{here.sim.url}/?start={await here.invitation(TONTHONGCHAI)}"
        steps = [step async for step in fill_in_landmark(phone, address)]
        assert steps[-1] == "sent"

        desk = await browser.new_page(viewport={"width": 1280, "height": 900})
        await sign_in(desk, here.web, NAME, PASSWORD)
        await desk.get_by_role("link", name="วัดพระธาตุลำปางหลวง").first.click()
        await desk.get_by_text("ให้แก้ไขช่องนี้").first.click()
        await desk.locator("textarea[name='words.name']").fill("ขอชื่อเต็ม")
        await desk.get_by_role("button", name="ส่งให้แก้ไข").click()
        await hears(phone, "ขอชื่อเต็ม")

        await presses(phone, "แก้ ชื่อสถานที่สำคัญ")
        await hears(phone, "แก้ตามที่ผู้ตรวจขอ")
        await says(phone, "วัดพระธาตุลำปางหลวง วรวิหาร")
        await hears(phone, "ส่งฉบับแก้ไข")

        await desk.goto(here.web)
        await desk.get_by_role("link", name="วัดพระธาตุลำปางหลวง วรวิหาร").first.click()
        await desk.wait_for_load_state("networkidle")
        await desk.keyboard.press("a")
        await expect(desk.locator("dialog[open]")).to_be_visible()
        await desk.keyboard.press("Enter")
        await hears(phone, "ผ่านการตรวจแล้ว")
