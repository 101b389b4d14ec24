"""Printing invitations and looking after people in Chromium, on a phone and on paper."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from admin_web.app import make_app
from storage.db import Tx
from storage.lao import Lao, import_laos
from tests.admin_web.conftest import Town
from tests.admin_web.samples import LAMPANG, NOW, office
from tests.admin_web.test_browser import Desk, town
from tests.chromium import LOOP, in_its_loop

__all__ = ["town"]
pytestmark = [pytest.mark.browser, LOOP]
NEAR = tuple(
    Lao(f"55201{n:02}", f"องค์การบริหารส่วนตำบลชื่อยาวสมมุติที่ {n}", "อบต.", "ลำปาง", "เมืองลำปาง")
    for n in range(20, 24)
)


@in_its_loop
async def desk(town: Town, browser: Browser) -> AsyncIterator[Desk]:
    def put(tx: Tx) -> None:
        import_laos(tx, NEAR, NOW)
        office(tx)

    await town.store.run(put)
    app = make_app(
        town.store, town.photos, secret=b"s" * 32, public_url="http://127.0.0.1", tiles=None, now=town.clock,
        bot_name=lambda: "example_bot",
    )  # fmt: skip
    async with TestServer(app) as server:
        here = Desk(browser, f"http://127.0.0.1:{server.port}")
        yield here
        await here.close()
    assert here.complaints == []


async def test_a_district_prints_one_a4_page_for_each_lao(desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/laos")
    await page.get_by_role("link", name="พิมพ์รหัสเชิญทั้งอำเภอ").click()
    await page.locator("[name=place]").select_option("ลำปาง/เมืองลำปาง")
    await page.get_by_label("ทุกแห่งในอำเภอ").check()
    await page.get_by_role("button", name="สร้างรหัสและหน้าสำหรับพิมพ์").click()
    await expect(page.locator(".sheet")).to_have_count(5)
    pdf = await page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 5
    boxes = {tuple(map(float, found.split())) for found in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf)}
    assert {(round(box[2] / 72 * 25.4), round(box[3] / 72 * 25.4)) for box in boxes} == {(210, 297)}
    await page.emulate_media(media="print")
    assert not await page.locator(".off-paper").is_visible()
    assert not await page.locator("header.top").is_visible()


async def test_a_printed_code_is_wide_enough_for_a_phones_camera(desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/laos/{LAMPANG.code}")
    await page.get_by_role("button", name="สร้างรหัสเชิญ").click()
    await page.emulate_media(media="print")
    box = await page.locator(".qr").bounding_box()
    assert box
    assert box["width"] == pytest.approx(box["height"], abs=1)
    assert box["width"] > 300  # CSS pixels: 80 mm


async def test_no_page_about_people_is_wider_than_a_phone(desk: Desk) -> None:
    page = await desk.signed_in(width=390, height=844, has_touch=True, is_mobile=True)
    for path in (
        "/laos",
        f"/laos/{LAMPANG.code}",
        "/officers/1",
        "/invitations",
        "/people",
        "/people/new",
        "/people/1",
        "/me",
    ):
        await page.goto(desk.url + path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390, path
    await page.goto(f"{desk.url}/laos/{LAMPANG.code}")
    await page.get_by_role("button", name="สร้างรหัสเชิญ").click()
    await expect(page.locator(".sheet")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_removing_an_officer_takes_two_taps(desk: Desk) -> None:
    page = await desk.signed_in(width=390, height=844, has_touch=True, is_mobile=True)
    await page.goto(f"{desk.url}/officers/1")
    sure = page.get_by_role("button", name="ยืนยันนำออก")
    await expect(sure).to_be_hidden()
    await page.locator("summary", has_text="นำออกจากหน้าที่").tap()
    await sure.tap()
    await expect(page.get_by_role("status")).to_have_text("นำเจ้าหน้าที่ออกจากหน้าที่แล้ว")


async def test_the_section_one_is_in_can_be_seen_in_the_navigation_of_a_phone(desk: Desk) -> None:
    page = await desk.signed_in(width=390, height=844, has_touch=True, is_mobile=True)
    await page.goto(f"{desk.url}/people")
    await expect(page.locator(".nav [aria-current]")).to_be_in_viewport(ratio=1)
