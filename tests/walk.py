"""What a person does in the browser: one whole form in the chat page, and signing in on the admin web."""

from __future__ import annotations

from collections.abc import AsyncIterator

from playwright.async_api import Page, expect

HEARD_WITHIN = 15_000  # milliseconds: photos are made ready in the meantime


async def hears(page: Page, words: str) -> None:
    await expect(page.get_by_test_id("message").filter(has_text=words).last).to_be_visible(
        timeout=HEARD_WITHIN
    )


async def says(page: Page, words: str) -> None:
    await page.get_by_test_id("composer").fill(words)
    await page.get_by_test_id("send").click()


async def presses(page: Page, label: str) -> None:
    await page.get_by_test_id("inline-button").filter(has_text=label).last.click()


async def sends_sample_photos(page: Page, *names: str) -> None:
    await page.get_by_test_id("attach").click()
    await page.get_by_test_id("attach-sparkle").click()
    for name in names:
        await page.get_by_test_id(f"sample-{name}").click()
    await page.get_by_test_id("use-samples").click()
    await page.get_by_test_id("send-files").click()


async def fill_in_landmark(page: Page, address: str) -> AsyncIterator[str]:
    """A whole landmark, from the invitation to its number; says after each step where it is."""
    await page.goto(address)
    await page.get_by_test_id("start").click()
    await hears(page, "ใช่หน่วยงานของท่านหรือไม่")
    yield "invited"
    await presses(page, "ใช่ เข้าร่วม")
    await presses(page, "เพิ่มสถานที่สำคัญ")
    await hears(page, "ขั้นที่ 1 จาก 6")
    yield "begun"
    await says(page, "วัดพระธาตุลำปางหลวง")
    await hears(page, "ขั้นที่ 2 จาก 6")
    await presses(page, "สถานที่ศักดิ์สิทธิ์")
    await hears(page, "ขั้นที่ 3 จาก 6")
    await says(page, "วัดเก่าแก่คู่เมืองลำปาง เปิดให้เข้าชมทุกวัน")
    await hears(page, "ครบแล้วกด")
    await presses(page, "เสร็จแล้ว")
    await hears(page, "ขั้นที่ 4 จาก 6")
    await sends_sample_photos(page, "temple", "market", "river")
    await hears(page, "ได้รับแล้ว 3 รูป")
    yield "photos"
    await presses(page, "เสร็จแล้ว")
    await hears(page, "ขั้นที่ 5 จาก 6")
    await says(page, "๐๕๔ ๑๒๓ ๔๕๖ ต่อ ๑")
    await hears(page, "ขั้นที่ 6 จาก 6")
    await says(page, "18.2170, 99.3896")
    await hears(page, "ยังไม่ได้ส่ง")
    yield "summary"
    await presses(page, "ส่งให้ตรวจ")
    await hears(page, "ส่งแล้ว เลขที่")
    yield "sent"


async def sign_in(page: Page, address: str, name: str, password: str) -> None:
    await page.goto(address)
    await page.locator("input[name=name]").fill(name)
    await page.locator("input[name=password]").fill(password)
    await page.keyboard.press("Enter")
    await expect(page.locator("a[href*='/entries/'], main").first).to_be_visible()
