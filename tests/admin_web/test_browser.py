"""The pages in Chromium, as reviewers use them."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, Route, expect

from admin_web.app import make_app
from storage import reviews
from storage.db import Store, Tx
from storage.photos import Photos, prepare
from tests.admin_web.conftest import Clock, Town, open_town
from tests.admin_web.samples import NOW, PASSWORD, fill, kept, office, send, send_again
from tests.chromium import LOOP, in_its_loop
from tests.scraping import until

pytestmark = [pytest.mark.browser, LOOP]

FIRST = "L-2560-000001"


@dataclass
class Desk:
    """Chromium, and everything that its pages complained of."""

    chromium: Browser
    url: str
    complaints: list[str] = field(default_factory=list)

    async def page(self, width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = await self.chromium.new_context(viewport={"width": width, "height": height}, **options)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self.complain(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def complain(self, kind: str, words: str) -> None:
        # Chromium notes answers such as 422 as errors; they are what the test asks for.
        if kind in ("error", "warning") and "server responded with a status of 4" not in words:
            self.complaints.append(words)

    async def close(self) -> None:
        for context in self.chromium.contexts:
            await context.close()

    async def signed_in(self, name: str = "สมหญิง ตรวจดี", **options: Any) -> Page:
        page = await self.page(**options)
        await page.goto(f"{self.url}/sign-in")
        await page.get_by_label("ชื่อผู้ใช้").fill(name)
        await page.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
        await page.get_by_role("button", name="เข้าสู่ระบบ").click()
        await page.wait_for_url(f"{self.url}/")
        return page


@in_its_loop
async def town(store: Store, photos: Photos, clock: Clock) -> AsyncIterator[Town]:
    async with open_town(store, photos, clock) as here:
        yield here


@in_its_loop
async def desk(town: Town, browser: Browser) -> AsyncIterator[Desk]:
    here = Desk(browser, town.url)
    yield here
    await here.close()
    assert here.complaints == []


prepared = cache(prepare)  # of the same six pictures for every test


@in_its_loop
async def full(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A working day's entries; both reviewers exist already in the town, so the day brings others of its own."""
    monkeypatch.setattr("storage.photos.prepare", prepared)
    await fill(town.store, town.photos, people=False)
    return town


async def test_a_reviewer_signs_in_looks_and_approves_with_the_keyboard(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/entries/{FIRST}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("วัดเจดีย์ซาวหลัง")
    await page.keyboard.press("j")
    await page.wait_for_url("**/entries/P-2560-000001")
    await page.keyboard.press("k")
    await page.wait_for_url(f"**/entries/{FIRST}")
    await page.keyboard.press("a")
    await expect(page.get_by_role("dialog")).to_contain_text(f"อนุมัติ {FIRST} ใช่หรือไม่")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert await decided(full, FIRST) == "pending"
    await page.keyboard.press("a")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/entries/P-2560-000001?done=*")
    await expect(page.get_by_role("status")).to_contain_text(f"อนุมัติ {FIRST} แล้ว")
    assert await decided(full, FIRST) == "approved"


async def decided(town: Town, number: str) -> str:
    entry = await town.store.read(reviews.entry, number)
    assert entry is not None
    return entry.status


async def test_keys_of_the_thai_layout_do_the_same(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/entries/{FIRST}")
    await page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ฟ', bubbles: true}))")
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_changes_are_asked_for_from_beside_the_answer(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/entries/L-2560-000002")
    await page.locator("#field-name .ask-here").click()
    await page.get_by_role("button", name="ส่งให้แก้ไข").click()
    # The form comes back with one plain sentence beside the field, and is put right.
    await expect(page.locator("#changes .problem")).to_contain_text("เลือกหรือพิมพ์เหตุผล")
    await expect(page.locator("#flag-name")).to_be_checked()
    await page.get_by_label("เหตุผลของช่อง ชื่อสถานที่สำคัญ").select_option("มีคำสะกดผิด กรุณาตรวจอีกครั้ง")
    await page.get_by_role("button", name="ส่งให้แก้ไข").click()
    await page.wait_for_url("**done=L-2560-000002*")
    assert await decided(full, "L-2560-000002") == "changes_requested"


async def test_an_approval_with_fields_marked_for_change_is_asked_about_first(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/entries/{FIRST}")
    await page.locator("#field-name .ask-here").click()
    await page.locator(".verdict-bar .primary").click()
    await expect(page.get_by_role("dialog")).to_contain_text("มีช่องที่เลือกให้แก้ไขอยู่")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert await decided(full, FIRST) == "pending"
    await page.locator("#field-name .ask-here").click()
    await page.locator(".verdict-bar .primary").click()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**done=*")
    assert await decided(full, FIRST) == "approved"


async def test_a_rejection_needs_its_reason(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/entries/P-2560-000001")
    await page.keyboard.press("r")
    await page.get_by_role("button", name="ไม่ให้ผ่าน").click()
    await expect(page.locator("#reject .problem")).to_contain_text("เลือกหรือพิมพ์เหตุผลที่ไม่ผ่าน")
    await page.locator("#reject textarea").fill("ซ้ำกับของเดิม")
    await page.get_by_role("button", name="ไม่ให้ผ่าน").click()
    await page.wait_for_url("**done=P-2560-000001*")
    assert await decided(full, "P-2560-000001") == "rejected"


async def test_two_reviewers_at_once_the_second_is_told(full: Town, desk: Desk) -> None:
    one, other = await desk.signed_in(), await desk.signed_in("ประสิทธิ์ ละเอียด")
    for page in (one, other):
        await page.goto(f"{desk.url}/entries/{FIRST}")
        await page.keyboard.press("a")
    await one.keyboard.press("Enter")
    await one.wait_for_url("**done=*")
    await other.keyboard.press("Enter")
    await expect(other.get_by_role("alert")).to_contain_text("สมหญิง ตรวจดี ตรวจรายการนี้ไปแล้ว")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_is_wider_than_a_phone_and_the_verdict_is_at_hand(
    full: Town, desk: Desk, scheme: Any
) -> None:
    page = await desk.signed_in(width=390, height=844, color_scheme=scheme, has_touch=True, is_mobile=True)
    for path in (
        "/",
        "/?form=landmark&province=ลำปาง",
        f"/entries/{FIRST}",
        f"/entries/{FIRST}/card",
        "/nothing",
    ):
        await page.goto(desk.url + path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390, path
        small = await page.evaluate(SMALL_TARGETS)
        assert small == [], path
    await page.goto(f"{desk.url}/entries/{FIRST}")
    for name in ("อนุมัติ", "ให้แก้ไข", "ไม่ผ่าน"):
        await expect(page.locator(".verdict-bar .button", has_text=name)).to_be_in_viewport()
    await page.locator(".verdict-bar .button", has_text="ให้แก้ไข").click()
    await expect(page.locator("#changes-form")).to_be_in_viewport()


async def test_on_a_phone_the_open_form_has_the_one_bar_and_sends_from_it(full: Town, desk: Desk) -> None:
    page = await desk.signed_in(width=390, height=844, has_touch=True, is_mobile=True)
    await page.goto(f"{desk.url}/entries/{FIRST}")
    send = page.get_by_role("button", name="ส่งให้แก้ไข")
    await page.locator(".verdict-bar .button", has_text="ให้แก้ไข").tap()
    await expect(page.locator(".verdict-bar")).to_be_hidden()
    await expect(send).to_be_in_viewport(ratio=1)
    await page.locator("#changes-form").get_by_role("button", name="ปิด").tap()
    await expect(page.locator(".verdict-bar")).to_be_visible()
    await page.locator("#field-name .ask-here").tap()
    await expect(send).to_be_in_viewport(ratio=1)
    await send.tap()
    await expect(page.locator("#changes .problem")).to_contain_text("เลือกหรือพิมพ์เหตุผล")
    await page.get_by_label("เหตุผลของช่อง ชื่อสถานที่สำคัญ").select_option("มีคำสะกดผิด กรุณาตรวจอีกครั้ง")
    await send.tap()
    await page.wait_for_url(f"**done={FIRST}*")
    assert await decided(full, FIRST) == "changes_requested"


async def test_on_a_desk_the_send_button_is_in_sight_however_long_the_form_has_grown(
    full: Town, desk: Desk
) -> None:
    page = await desk.signed_in(height=720)
    await page.goto(f"{desk.url}/entries/{FIRST}")
    await page.keyboard.press("c")
    for box in await page.locator("#changes-form input[name=flag]").all():
        await box.check()
    send = page.get_by_role("button", name="ส่งให้แก้ไข")
    await expect(send).to_be_in_viewport(ratio=1)
    await send.click()
    await expect(page.locator("#changes .problem").first).to_be_visible()
    await expect(send).to_be_in_viewport(ratio=1)
    # What scrolls is the bordered panel itself, not a box around it.
    scrolls = "one => one.scrollHeight > one.clientHeight && getComputedStyle(one).overflowY === 'auto'"
    assert await page.locator("#verdict").evaluate(scrolls) is True
    assert await page.locator(".entry-side").evaluate(scrolls) is False
    await page.locator(
        "#field-address .ask-here, #field-position .ask-here"
    ).last.scroll_into_view_if_needed()
    await expect(send).to_be_in_viewport(ratio=1)


async def test_fingers_are_told_of_no_keys_but_the_window_of_keys_shows_them(full: Town, desk: Desk) -> None:
    page = await desk.signed_in(width=390, height=844, has_touch=True, is_mobile=True)
    await page.goto(f"{desk.url}/entries/{FIRST}")
    await page.locator(".verdict-bar .primary").tap()
    await expect(page.get_by_role("dialog").get_by_text("ผลจะส่งถึงเจ้าหน้าที่ทันที")).to_be_visible()
    await expect(page.get_by_text("กด Enter เพื่ออนุมัติ")).to_be_hidden()
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.locator("#keys kbd", has_text="a").first).to_be_visible()


async def test_each_symbol_of_the_map_stands_beside_its_words(full: Town, desk: Desk) -> None:
    page = await desk.signed_in(width=390, height=844)
    await page.goto(f"{desk.url}/entries/{FIRST}")
    lines = "all => all.map(one => one.getBoundingClientRect().height < 1.9 * parseFloat(getComputedStyle(one).fontSize))"
    assert await page.locator(".legend > span").evaluate_all(lines) == [True, True]
    assert await page.locator(".legend > span > [class^=key]").count() == 2


async def test_heading_of_the_card_stands_line_by_line(full: Town, desk: Desk) -> None:
    page = await desk.signed_in(width=1440)
    await page.goto(f"{desk.url}/entries/{FIRST}/card")
    tops = "all => all.map(one => one.getBoundingClientRect()).every((box, n, all) => !n || box.top >= all[n - 1].bottom)"
    assert await page.locator(".heading > *").evaluate_all(tops) is True
    await page.get_by_role("link", name=f"กลับไปรายการ {FIRST}").click()
    await page.wait_for_url(f"**/entries/{FIRST}")
    await page.get_by_role("link", name="กลับไปรายการ", exact=False).first.click()
    await page.wait_for_url(f"{desk.url}/")


# Buttons that a thumb would miss.
SMALL_TARGETS = """[...document.querySelectorAll('button, .button, select, summary')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 40 && !one.closest('.leaflet-container'))
  .map(one => one.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_from_their_ground(full: Town, desk: Desk, scheme: Any) -> None:
    page = await desk.signed_in(color_scheme=scheme)
    for path in ("/?status=all", f"/entries/{FIRST}", "/?q=ไม่มีแน่นอน", f"/entries/{FIRST}/card"):
        await page.goto(desk.url + path)
        assert await page.evaluate(LOW_CONTRAST) == [], path


# WCAG AA: 4.5 to 1 for words, 3 to 1 for large ones.
LOW_CONTRAST = """() => {
  const rgb = (words) => words.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const ground = (one) => { for (; one; one = one.parentElement) {
    const [r, g, b, a = 1] = rgb(getComputedStyle(one).backgroundColor); if (a > .99) return [r, g, b]; }
    return rgb(getComputedStyle(document.documentElement).backgroundColor); };
  const poor = [];
  for (const one of document.querySelectorAll('body *')) {
    const own = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own || !one.checkVisibility({checkOpacity: true}) || one.closest('[aria-hidden=true], :disabled, dialog')) continue;
    const style = getComputedStyle(one);
    const [a, b] = [light(rgb(style.color)), light(ground(one))].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if ((a + .05) / (b + .05) < (large ? 3 : 4.5)) poor.push(one.className + ': ' + one.textContent.trim().slice(0, 40));
  }
  return poor; }"""


async def test_nothing_jumps_while_the_page_loads(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) moved += one.value; })"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    for path in ("/", f"/entries/{FIRST}"):
        await page.goto(desk.url + path)
        await page.wait_for_load_state("networkidle")
        await page.mouse.wheel(0, 2000)
        await page.wait_for_timeout(300)
        assert await page.evaluate("window.moved") < 0.01, path


async def test_photos_fill_the_screen_and_arrows_lead_through_them(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/entries/{FIRST}")
    await page.locator("#field-photos .photo").first.click()
    viewer = page.locator("#viewer")
    await expect(viewer).to_contain_text("1 / 3")
    await page.keyboard.press("ArrowRight")
    await expect(viewer).to_contain_text("2 / 3")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await expect(viewer).to_contain_text("3 / 3")
    # Page.wait_for_function asks by eval, which these pages do not allow.
    await until(lambda: page.evaluate("document.querySelector('#viewer img').naturalWidth > 1000"))
    await page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    assert page.url.endswith(FIRST)


async def test_the_map_shows_pin_and_office_without_any_tiles(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{desk.url}/entries/{FIRST}")
    await expect(page.locator(".map .pin")).to_be_visible()
    await expect(page.locator(".map .office")).to_be_visible()
    await expect(page.locator(".leaflet-control-scale-line")).to_have_text(re.compile(r"\d+ (k?m)"))
    await page.wait_for_load_state("networkidle")
    assert all(url.startswith(desk.url) for url in asked)


async def test_tiles_come_from_the_source_that_was_set_and_from_nowhere_else(full: Town, desk: Desk) -> None:
    asked: list[tuple[str, str]] = []

    async def tile(request: web.Request) -> web.Response:
        asked.append((request.path, request.headers.get("Referer", "")))
        return web.Response(body=PIXEL, content_type="image/png")

    tiles = web.Application()
    tiles.router.add_get("/{z}/{x}/{y}.png", tile)
    async with TestServer(tiles) as source:
        address = f"http://127.0.0.1:{source.port}/{{z}}/{{x}}/{{y}}.png"
        app = make_app(
            full.store, full.photos, secret=b"s", public_url="http://127.0.0.1", tiles=address, now=full.clock
        )
        async with TestServer(app) as server:
            desk.url = f"http://127.0.0.1:{server.port}"
            page = await desk.signed_in()
            await page.goto(f"{desk.url}/entries/{FIRST}")
            await expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()
            await expect(page.locator(".leaflet-control-attribution")).to_contain_text("127.0.0.1")
    assert asked
    # Who asks is told, which entry is not.
    assert {referer for _, referer in asked} == {f"{desk.url}/"}


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_what_was_written_is_still_there_after_the_session_ended(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/entries/{FIRST}")
    await page.locator("#field-name .ask-here").click()
    await page.locator("textarea[name='words.name']").fill("ใช้ชื่อทางการของวัด")
    await page.context.clear_cookies()
    await page.get_by_role("button", name="ส่งให้แก้ไข").click()
    await page.get_by_label("ชื่อผู้ใช้").fill("สมหญิง ตรวจดี")
    await page.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="เข้าสู่ระบบ").click()
    await page.wait_for_url(f"**/entries/{FIRST}")
    await expect(page.locator("#flag-name")).to_be_checked()
    await expect(page.locator("textarea[name='words.name']")).to_have_value("ใช้ชื่อทางการของวัด")


async def test_what_was_written_comes_back_after_a_reload_with_its_panel_open(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/entries/{FIRST}")
    await page.locator("#field-name .ask-here").click()
    await page.locator("textarea[name='words.name']").fill("ใช้ชื่อทางการของวัด")
    await page.reload()
    await expect(page.locator("textarea[name='words.name']")).to_be_visible()
    await expect(page.locator("textarea[name='words.name']")).to_have_value("ใช้ชื่อทางการของวัด")
    await expect(page.locator("#field-name")).to_have_class(re.compile("marked"))
    # Once it has been sent, nothing of it stays in the browser.
    await page.get_by_role("button", name="ส่งให้แก้ไข").click()
    await page.wait_for_url("**done=*")
    await until(lambda: page.evaluate("Object.keys(sessionStorage).length === 0"))


async def test_what_one_reviewer_wrote_is_never_shown_to_the_next(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/entries/{FIRST}")
    await page.keyboard.press("r")
    await page.locator("#reject textarea").fill("ความลับ")
    assert "ความลับ" in await page.evaluate("JSON.stringify(sessionStorage)")
    await page.locator("details.menu summary").click()
    await page.locator("form[action='/sign-out'] button").click()
    await page.wait_for_url("**/sign-in")
    assert await page.evaluate("Object.keys(sessionStorage)") == []
    # A session that ended by itself cleans up nothing; the next reviewer in the same tab sees nothing all the same.
    await sign_in(page, "สมหญิง ตรวจดี")
    await page.goto(f"{desk.url}/entries/{FIRST}")
    await page.keyboard.press("r")
    await page.locator("#reject textarea").fill("ความลับ")
    await page.context.clear_cookies()
    await page.goto(f"{desk.url}/sign-in?next=/entries/{FIRST}")
    await sign_in(page, "ประสิทธิ์ ละเอียด")
    await page.wait_for_url(f"**/entries/{FIRST}")
    await page.keyboard.press("r")
    await expect(page.locator("#reject textarea")).to_have_value("")
    await until(lambda: page.evaluate("Object.keys(sessionStorage).length === 0"))


async def sign_in(page: Page, name: str) -> None:
    await page.get_by_label("ชื่อผู้ใช้").fill(name)
    await page.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="เข้าสู่ระบบ").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)


async def test_a_change_on_its_way_says_so_goes_once_and_can_go_again_after_coming_back(
    full: Town, desk: Desk
) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/entries/{FIRST}")
    asked: list[str] = []

    async def nothing_yet(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(status=204)  # the browser stays on the page

    await page.route(re.compile("/shown|/verdict"), nothing_yet)
    button = page.locator("button[name=shown]")
    await button.click()
    await expect(button).to_have_text("กำลังบันทึก…")
    await expect(button).to_have_attribute("aria-busy", "true")
    await button.click()
    await page.evaluate("document.querySelector('#reject-form').requestSubmit()")
    await page.wait_for_timeout(200)
    assert len(asked) == 1
    # As after the browser's own way back to a page that it kept.
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    await expect(button).to_have_text("ไม่ให้แสดง")
    await page.unroute_all()
    await button.click()
    await expect(button).to_have_text("ให้แสดง")


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without script"])
async def test_an_entry_is_deleted_after_a_question_and_restored(
    full: Town, desk: Desk, scripted: bool
) -> None:
    page = await desk.signed_in(java_script_enabled=scripted)
    await page.goto(f"{desk.url}/entries/{FIRST}")
    await page.get_by_role("link", name="ลบรายการ").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"ลบ {FIRST} ใช่หรือไม่")
    await page.get_by_role("link", name="ไม่ลบ").click()
    await page.get_by_role("link", name="ลบรายการ").click()
    await page.get_by_role("button", name="ลบรายการ").click()
    await expect(page.get_by_text("รายการนี้ถูกลบแล้ว")).to_be_visible()
    await expect(page.locator(".verdict-bar")).to_have_count(0)
    await page.get_by_role("button", name="กู้คืนรายการ").click()
    await expect(page.locator(".verdict-bar")).to_be_visible()


ADDRESS = "https://www.example.com/story/" + "pfbid02xAbCdEfGhIjKlMnOpQ" * 8
RUN = "W" * 250


@pytest.mark.parametrize("width", [390, 1440])
async def test_runs_without_blanks_never_scroll_the_page_sideways(town: Town, desk: Desk, width: int) -> None:
    picture = await kept(town.photos, 1)

    def long(tx: Tx) -> list[str]:
        by = office(tx, name="ย" * 60)
        changed = send(
            tx,
            by,
            name=ADDRESS,
            description=RUN * 4,
            photos=[picture],
            url=ADDRESS,
            email=f"{'x' * 60}@example.com",
        )
        flags = {"name": f"ดูตัวอย่าง {ADDRESS}", "photos": "z" * 290}
        reviews.decide(tx, changed.id, 1, 1, "changes", flags, "N" * 900, NOW)
        send_again(tx, changed, by, name=RUN[:199], description=RUN * 3)
        news = send(tx, by, "news", title=f"ข่าว {ADDRESS}"[:250], body=RUN)
        refused = send(tx, by, "product", name=RUN[:200])
        reviews.decide(tx, refused.id, 1, 1, "reject", {}, "ก" * 900, NOW)
        return [changed.number, news.number, refused.number]

    numbers = await town.put(long)
    page = await desk.signed_in(width=width, height=844)
    paths = [f"/entries/{one}{more}" for one in numbers for more in ("", "/card", "/delete")]
    for path in ("/", "/?status=all", f"/?q={RUN[:100]}", *paths):
        await page.goto(desk.url + path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert await page.evaluate(OVERHANGING) == [], path


# What sticks out of the window, or out of a box that scrolls for it.
OVERHANGING = """[...document.querySelectorAll('main *, .top *')]
  .filter(one => one.checkVisibility() && !one.closest('.leaflet-container, .nav, .unseen, .chart-patterns') && one.getBoundingClientRect().right > innerWidth + 1
    || one.matches('.entry-side') && one.scrollWidth > one.clientWidth + 1)
  .map(one => one.tagName + '.' + one.className).slice(0, 4)"""


async def test_filters_apply_as_they_are_chosen_and_leave_a_clean_address(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.locator(".filter-fields summary").click()
    await page.get_by_label("แบบฟอร์ม").select_option("news")
    await page.wait_for_url(f"{desk.url}/?form=news")
    await page.keyboard.press("/")
    await page.keyboard.type("วัคซีน")
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile(r"form=news&q=|q=.*form=news"))
    await expect(page.locator(".entry-card")).to_have_count(6)
    await page.get_by_role("link", name="ล้างตัวกรอง").click()
    await page.wait_for_url(f"{desk.url}/")


async def test_without_script_everything_but_map_and_viewer_works(full: Town, desk: Desk) -> None:
    page = await desk.signed_in(java_script_enabled=False)
    await page.locator(".entry-link").first.click()
    await page.wait_for_url(f"**/entries/{FIRST}")
    await expect(page.locator(".map")).to_be_hidden()
    await page.locator("#changes summary").click()
    await page.locator("#flag-name").check()
    await page.locator("textarea[name='words.name']").fill("ใช้ชื่อทางการ")
    await page.get_by_role("button", name="ส่งให้แก้ไข").click()
    await page.wait_for_url("**done=*")
    assert await decided(full, FIRST) == "changes_requested"
    await page.locator(".verdict-bar .button.primary").click()
    await page.wait_for_url("**done=P-2560-000001*")


async def test_a_second_click_while_it_works_sends_nothing_twice(full: Town, desk: Desk) -> None:
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/entries/P-2560-000001")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    await page.keyboard.press("r")
    await page.locator("#reject textarea").fill("ซ้ำ")
    twice = "button => { button.click(); button.click(); return button.getAttribute('aria-busy'); }"
    assert await page.get_by_role("button", name="ไม่ให้ผ่าน").evaluate(twice) == "true"
    await page.wait_for_url("**done=*")
    assert len(sent) == 1


async def test_chat_words_run_nothing(town: Town, desk: Desk) -> None:
    nasty = "<script>document.title='x'</script><img src=x onerror=\"document.title='x'\">"
    sent = await town.put(lambda tx: send(tx, office(tx, name=nasty), name=nasty, description=nasty))
    page = await desk.signed_in()
    await page.goto(f"{desk.url}/entries/{sent.number}")
    await expect(page.get_by_role("heading", level=1)).to_have_text(nasty)
    assert await page.title() != "x"
    await page.get_by_role("link", name="การ์ดสำหรับคัดลอก").click()
    await page.get_by_role("button", name="คัดลอก ชื่อสถานที่สำคัญ").click()
    await expect(page.get_by_role("button", name=re.compile("คัดลอกแล้ว"))).to_be_visible()
