"""The simulator's page in Chromium, as an officer's thumbs use it, with a tiny bot on the other side."""

from __future__ import annotations

import asyncio
import html
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from PIL import Image
from playwright.async_api import Browser, ConsoleMessage, FilePayload, Locator, Page, expect

from bot.simulator import Simulator
from tests.chromium import LOOP, in_its_loop

PHONE, DESK = (390, 844), (1440, 900)
TON_THONG_CHAI = (18.32061, 99.52274)

pytestmark = [pytest.mark.browser, LOOP]


@dataclass
class TinyBot:
    """Answers each kind of message in its own words; speaks plain HTTP."""

    simulator: Simulator
    http: aiohttp.ClientSession
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def call(self, method: str, **parameters: Any) -> Any:
        address = f"{self.simulator.url}/bot{self.simulator.token}/{method}"
        async with self.http.post(address, json=parameters) as answer:
            return (await answer.json()).get("result")

    async def live(self) -> None:
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20) or []:
                offset = update["update_id"] + 1
                await self.hear(update)

    async def hear(self, update: dict[str, Any]) -> None:
        if query := update.get("callback_query"):
            await self.pressed(query)
        elif edited := update.get("edited_message"):
            await self.say(edited, f"แก้เป็น {edited['text']}")
        elif message := update.get("message"):
            self.heard.append(message)
            await self.answer(message)

    async def pressed(self, query: dict[str, Any]) -> None:
        message = query["message"]
        alert = query["data"] == "old"
        words = "ปุ่มนี้หมดอายุแล้ว" if alert else "รับแล้ว"
        await asyncio.sleep(0.3)  # long enough for the spinner to be seen
        await self.call("answerCallbackQuery", callback_query_id=query["id"], text=words, show_alert=alert)
        if not alert:
            chat, text = message["chat"]["id"], f"เลือก <b>{query['data']}</b> แล้ว"
            await self.call(
                "editMessageText",
                chat_id=chat,
                message_id=message["message_id"],
                text=text,
                parse_mode="HTML",
            )

    async def answer(self, message: dict[str, Any]) -> None:
        text: str = message.get("text", "")
        if text.startswith("/start"):
            buttons = [
                [{"text": "สินค้า", "callback_data": "product"}],
                [{"text": "เก่า", "callback_data": "old"}],
            ]
            hello = f"สวัสดี <b>{message['from']['first_name']}</b>\nดู /help <i>{text[7:]}</i>"
            await self.say(message, hello, reply_markup={"inline_keyboard": buttons})
        elif text == "ขอปุ่ม":
            rows = [[{"text": "ส่งตำแหน่ง", "request_location": True}], [{"text": "ข้าม"}]]
            markup = {
                "keyboard": rows,
                "resize_keyboard": True,
                "input_field_placeholder": "เช่น 18.32, 99.52",
            }
            await self.say(message, "ส่งพิกัด", reply_markup=markup)
        elif text == "ขอปุ่มครั้งเดียว":
            once = {"keyboard": [["ตกลง"]], "resize_keyboard": True, "one_time_keyboard": True}
            await self.say(message, "เลือก", reply_markup=once)
        elif place := message.get("location"):
            words = f"ได้พิกัด {place['latitude']:.2f}"
            await self.say(message, words, reply_markup={"remove_keyboard": True})
        elif document := message.get("document"):
            await self.say(message, f"ได้ไฟล์ {document['file_name']}")
        elif text:
            await self.say(message, f"ได้ข้อความ {html.escape(text)}")

    async def say(self, message: dict[str, Any], text: str, **more: Any) -> None:
        await self.call("sendMessage", chat_id=message["chat"]["id"], text=text, parse_mode="HTML", **more)


def shrink(data: bytes, side: int) -> tuple[bytes, int, int]:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image.thumbnail((side, side))
    return jpeg(image), *image.size


def jpeg(image: Image.Image) -> bytes:
    kept = io.BytesIO()
    image.save(kept, "JPEG")
    return kept.getvalue()


def picture(name: str, colour: str) -> FilePayload:
    return FilePayload(name=name, mimeType="image/jpeg", buffer=jpeg(Image.new("RGB", (800, 600), colour)))


@in_its_loop
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(shrink=shrink) as running:
        yield running
        assert running.refusals == []


@in_its_loop
async def bot(simulator: Simulator) -> AsyncIterator[TinyBot]:
    async with aiohttp.ClientSession() as http:
        tiny = TinyBot(simulator, http)
        commands = [{"command": "menu", "description": "เมนู"}, {"command": "help", "description": "วิธีใช้"}]
        await tiny.call("setMyCommands", commands=commands, language_code="th")
        await tiny.call("setMyDescription", description="ส่งข่าวของท้องถิ่น")
        living = asyncio.create_task(tiny.live())
        yield tiny
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living


@asynccontextmanager
async def looking_at(
    browser: Browser, address: str, size: tuple[int, int] = PHONE, *, dark: bool = False, excused: str = "$^"
) -> AsyncIterator[Page]:
    """A page in a window of its own; afterwards, whatever it complained of fails the test."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not re.search(excused, message.text):
            complaints.append(message.text)

    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    yield page
    await context.close()
    assert complaints == []


async def say(phone: Page | Locator, text: str) -> None:
    await phone.get_by_test_id("composer").fill(text)
    await phone.get_by_test_id("composer").press("Enter")


async def started(page: Page) -> Locator:
    """The first officer's phone, after START and the bot's greeting."""
    phone = page.get_by_test_id(re.compile("^phone-")).first
    await phone.get_by_test_id("start").click()
    await expect(phone.get_by_test_id("message").last).to_contain_text("สวัสดี")
    return phone


async def test_officer_walks_from_start_to_an_edited_message(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url) as page:
        await expect(page.get_by_text("ส่งข่าวของท้องถิ่น")).to_be_visible()
        phone = await started(page)
        messages = phone.get_by_test_id("message")
        await expect(messages.last.locator("strong")).to_have_text("สายฝน ใจงาม")

        await say(phone, "น้ำตก")
        await expect(messages.last).to_have_text(re.compile("ได้ข้อความ น้ำตก"))

        button = phone.get_by_test_id("inline-button").filter(has_text="สินค้า")
        await button.click()
        await expect(button).to_have_class(re.compile("waiting"))
        await expect(phone.get_by_test_id("toast")).to_have_text("รับแล้ว")
        await expect(messages.nth(1)).to_contain_text("เลือก product แล้ว")
        await expect(messages.nth(1).get_by_test_id("edited")).to_be_visible()

        files = [picture("1.jpg", "red"), picture("2.jpg", "green"), picture("3.jpg", "blue")]
        await phone.get_by_test_id("photo-input").set_input_files(files)
        await phone.get_by_test_id("caption").fill("ภาพงาน")
        await phone.get_by_test_id("send-files").click()
        album = phone.get_by_test_id("album")
        await expect(album.get_by_test_id("message")).to_have_count(3)
        await expect(album).to_contain_text("ภาพงาน")

        await phone.get_by_test_id("file-input").set_input_files(
            FilePayload(name="แผนที่.pdf", mimeType="application/pdf", buffer=b"%PDF-" + b"0" * 3000)
        )
        await phone.get_by_test_id("send-files").click()
        await expect(messages.last).to_contain_text("ได้ไฟล์ แผนที่.pdf")
        await expect(phone.get_by_text("2.9 KB")).to_be_visible()

        await phone.get_by_test_id("attach").click()
        await phone.get_by_test_id("attach-pin").click()
        await phone.get_by_test_id("latitude").fill(str(TON_THONG_CHAI[0]))
        await phone.get_by_test_id("longitude").fill(str(TON_THONG_CHAI[1]))
        await phone.get_by_test_id("send-location").click()
        await expect(messages.last).to_contain_text("ได้พิกัด 18.32")
        await expect(phone.get_by_test_id("place")).to_contain_text("18.32061, 99.52274")

        await messages.filter(has_text="น้ำตก").first.dblclick()
        await say(phone, "น้ำตกแม่ลืม")
        await expect(messages.last).to_contain_text("แก้เป็น น้ำตกแม่ลืม")
        edited = messages.filter(has_text="น้ำตกแม่ลืม").first
        await expect(edited).to_have_attribute("data-out", "true")
        await expect(edited.get_by_test_id("edited")).to_be_visible()
    photos = [message for message in bot.heard if "photo" in message]
    assert len({photo["media_group_id"] for photo in photos}) == 1
    assert [photo.get("caption") for photo in photos] == ["ภาพงาน", None, None]


async def test_two_officers_side_by_side_do_not_mix(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url, DESK) as page:
        await page.get_by_test_id("start").wait_for()
        await page.get_by_test_id("add-officer").click()
        phones = page.get_by_test_id(re.compile("^phone-"))
        await expect(phones).to_have_count(2)
        for phone, words in ((phones.nth(0), "ของคนแรก"), (phones.nth(1), "ของคนที่สอง")):
            await phone.get_by_test_id("start").click()
            await say(phone, words)
            await expect(phone.get_by_test_id("message").last).to_contain_text(f"ได้ข้อความ {words}")
        await expect(phones.nth(0)).not_to_contain_text("ของคนที่สอง")
        await expect(phones.nth(1)).not_to_contain_text("ของคนแรก")


async def test_officer_out_of_sight_gets_an_unread_dot_and_loses_nothing(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url) as page:
        phone = await started(page)
        first = simulator_chats(simulator)[0]
        await page.get_by_test_id("add-officer").click()
        await expect(phone).to_have_attribute("data-testid", f"phone-{simulator_chats(simulator)[1]}")
        await bot.call("sendMessage", chat_id=first, text="ผ่านการตรวจสอบแล้ว")
        await expect(page.get_by_test_id(f"officer-{first}").locator(".dot")).to_have_text("1")
        await page.get_by_test_id(f"officer-{first}").click()
        await expect(page.get_by_test_id("message").last).to_contain_text("ผ่านการตรวจสอบแล้ว")
        await expect(page.get_by_test_id(f"officer-{first}").locator(".dot")).to_be_hidden()


def simulator_chats(simulator: Simulator) -> list[int]:
    return [chat.id for chat in simulator.chats]


async def test_alert_waits_to_be_read(simulator: Simulator, bot: TinyBot, browser: Browser) -> None:
    async with looking_at(browser, simulator.url) as page:
        phone = await started(page)
        await phone.get_by_test_id("inline-button").filter(has_text="เก่า").click()
        alert = phone.get_by_test_id("toast")
        await expect(alert).to_contain_text("ปุ่มนี้หมดอายุแล้ว")
        await alert.get_by_role("button").click()
        await say(phone, "ไปต่อ")
        await expect(phone.get_by_test_id("message").last).to_contain_text("ได้ข้อความ ไปต่อ")


async def test_deep_link_starts_with_its_payload_once(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, f"{simulator.url}/?start=INVITE-42") as page:
        await started(page)
        assert bot.heard[-1]["text"] == "/start INVITE-42"
        await page.reload()
        await expect(page.get_by_test_id("composer")).to_be_visible(timeout=20_000)
        await page.goto(f"{simulator.url}/?start=INVITE-43")
        await page.get_by_test_id("start-new").click()
        newcomer = page.get_by_test_id(f"phone-{simulator_chats(simulator)[1]}")
        await newcomer.get_by_test_id("start").click()
        await expect(newcomer.get_by_test_id("message").last).to_contain_text("INVITE-43")


async def test_reply_keyboard_asks_for_the_place_and_goes_away(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url) as page:
        phone = await started(page)
        await say(phone, "ขอปุ่ม")
        keys = phone.get_by_test_id("keyboard-button")
        await expect(keys).to_have_count(2)
        await expect(phone.get_by_test_id("composer")).to_have_attribute("placeholder", "เช่น 18.32, 99.52")
        await keys.filter(has_text="ส่งตำแหน่ง").click()
        await phone.get_by_test_id("latitude").fill("")
        await phone.get_by_test_id("send-location").click()
        await expect(phone.get_by_role("alert")).to_contain_text("พิกัดยังไม่ถูกต้อง")
        await phone.get_by_test_id("map").click()
        await phone.get_by_test_id("send-location").click()
        await expect(phone.get_by_test_id("message").last).to_contain_text("ได้พิกัด 13.")
        await expect(keys).to_have_count(0)


async def test_keyboard_for_one_time_waits_behind_its_button_once_used_also_after_a_reload(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url) as page:
        phone = await started(page)
        await say(phone, "ขอปุ่มครั้งเดียว")
        key, toggle = phone.get_by_test_id("keyboard-button"), phone.get_by_test_id("keyboard-toggle")
        await expect(key).to_be_visible()
        await say(phone, "พิมพ์เอง")
        await expect(key).to_be_hidden()
        await page.reload()
        await expect(toggle).to_be_visible()
        await expect(key).to_be_hidden()
        await toggle.click()
        await key.click()
        await expect(phone.get_by_test_id("message").last).to_contain_text("ได้ข้อความ ตกลง")
        await expect(key).to_be_hidden()
        await say(phone, "ขอปุ่มครั้งเดียว")
        await expect(key).to_be_visible()


async def test_tapped_command_is_sent_and_the_menu_lists_the_bots_own(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url) as page:
        phone = await started(page)
        await phone.get_by_test_id("message").last.get_by_role("button", name="/help").click()
        await expect(phone.get_by_test_id("message").last).to_contain_text("ได้ข้อความ /help")
        await phone.get_by_test_id("menu").click()
        await expect(phone.get_by_test_id("command")).to_have_text(["เมนู/menu", "วิธีใช้/help"])
        await phone.get_by_test_id("command").first.click()
        await expect(phone.get_by_test_id("message").last).to_contain_text("ได้ข้อความ /menu")


async def test_markup_in_a_message_stays_text(simulator: Simulator, bot: TinyBot, browser: Browser) -> None:
    async with looking_at(browser, simulator.url) as page:
        phone = await started(page)
        await say(phone, "<img src=x onerror=alert(1)> <b>ตัวหนา</b>")
        await expect(phone.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()
        assert await phone.locator("[data-testid=message] img").count() == 0


async def test_sample_photos_serve_who_has_none_at_hand(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url) as page:
        phone = await started(page)
        await phone.get_by_test_id("attach").click()
        await phone.get_by_test_id("attach-sparkle").click()
        await phone.get_by_test_id("sample-temple").click()
        await phone.get_by_test_id("sample-tiny").click()
        await phone.get_by_test_id("use-samples").click()
        await phone.get_by_test_id("send-files").click()
        await expect(phone.get_by_test_id("album").get_by_test_id("message")).to_have_count(2)
        sizes = [
            [message["photo"][-1]["width"] for message in chat.messages.values() if "photo" in message]
            for chat in simulator.chats
        ]
        assert sizes == [[1280, 160]]


async def test_reader_of_old_messages_is_not_pulled_away(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url) as page:
        phone = await started(page)
        chat = simulator_chats(simulator)[0]
        for number in range(25):
            await bot.call("sendMessage", chat_id=chat, text=f"ข้อความที่ {number}\nสองบรรทัด")
        await expect(phone.get_by_text("ข้อความที่ 24")).to_be_in_viewport()
        await phone.get_by_text("ข้อความที่ 3", exact=False).first.scroll_into_view_if_needed()
        await expect(phone.locator(".jump")).to_be_visible()
        thread = phone.locator(".thread")
        before = await thread.evaluate("thread => thread.scrollTop")
        await bot.call("sendMessage", chat_id=chat, text="มาใหม่")
        await expect(phone.locator(".jump .count")).to_have_text("1")
        assert await thread.evaluate("thread => thread.scrollTop") == before
        await phone.locator(".jump").click()
        await expect(phone.get_by_text("มาใหม่")).to_be_in_viewport()


FROM_END = "thread => Math.round(thread.scrollHeight - thread.scrollTop - thread.clientHeight)"
BIGGER_OR_SMALLER = """async (thread) => {
    const inner = thread.firstElementChild, frame = () => new Promise(requestAnimationFrame);
    for (const [style, value] of [["paddingBottom", "300px"], ["paddingBottom", "10px"]]) {
        inner.style[style] = value;
        thread.dispatchEvent(new Event("scroll"));  // as the browser tells it before the new sizes
        await frame();
    }
    thread.parentElement.style.marginBottom = "120px";
    thread.dispatchEvent(new Event("scroll"));
    await frame(); await frame();
}"""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_chat_longer_than_the_screen_keeps_to_its_end_until_the_person_scrolls(
    simulator: Simulator, bot: TinyBot, browser: Browser, size: tuple[int, int]
) -> None:
    async with looking_at(browser, simulator.url, size) as page:
        phone, thread = await started(page), page.locator(".thread").first
        chat = simulator_chats(simulator)[0]
        for number in range(25):
            await bot.call("sendMessage", chat_id=chat, text=f"ข้อความที่ {number}\nสองบรรทัด")

        async def at_the_end(newest: str) -> None:
            await expect(phone.get_by_text(newest).last).to_be_in_viewport()
            await page.wait_for_timeout(150)
            assert await thread.evaluate(FROM_END) <= 1
            await expect(phone.locator(".jump")).to_be_hidden()

        for _ in range(4):
            await page.reload()
            await at_the_end("ข้อความที่ 24")
        await say(phone, "ขอปุ่ม")
        await expect(phone.get_by_test_id("keyboard-button").first).to_be_visible()
        await at_the_end("ส่งพิกัด")
        await phone.get_by_test_id("keyboard-toggle").click()
        await at_the_end("ส่งพิกัด")
        await thread.evaluate(BIGGER_OR_SMALLER)
        await at_the_end("ส่งพิกัด")
        await thread.hover()
        await page.mouse.wheel(0, -600)
        await expect(phone.locator(".jump")).to_be_visible()
        await phone.get_by_test_id("keyboard-toggle").click()
        await expect(phone.locator(".jump")).to_be_visible()
        await thread.hover()
        await page.mouse.wheel(0, 5000)
        await at_the_end("ส่งพิกัด")
        await bot.call("sendMessage", chat_id=chat, text="มาใหม่")
        await at_the_end("มาใหม่")


async def test_emoji_and_words_of_inline_buttons_read_well_in_the_light(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url) as page:
        button = (await started(page)).get_by_test_id("inline-button").first
        assert await button.evaluate(WORST_CONTRAST, "#94c1b2") >= 7
        # ➕ is drawn in a grey of its own, whatever the words' colour.
        await button.evaluate("button => button.style.color = 'rgb(97, 97, 97)'")
        assert await button.evaluate(WORST_CONTRAST, "#94c1b2") >= 4.5


# Contrast of a translucent button's words over the darkest wallpaper.
WORST_CONTRAST = """(button, wall) => {
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d"), style = getComputedStyle(button);
    for (const colour of [wall, style.backgroundColor]) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
    const light = (rgb) => rgb.map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
    const ground = [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
    const [a, b] = [light(style.color.match(/\\d+/g).slice(0, 3).map(Number)), light(ground)].sort((x, y) => y - x);
    return (a + .05) / (b + .05);
}"""


async def test_officer_who_blocked_the_bot_can_come_back(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url) as page:
        phone = await started(page)
        await phone.get_by_test_id("chat-menu").click()
        await phone.get_by_test_id("block").click()
        await phone.get_by_test_id("unblock").click()
        await say(phone, "กลับมาแล้ว")
        await expect(phone.get_by_test_id("message").last).to_contain_text("ได้ข้อความ กลับมาแล้ว")


async def test_venue_sticker_voice_video_and_contact_reach_the_bot(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url) as page:
        phone = await started(page)
        for kind in ("smile", "voice", "video", "person", "pin"):
            await phone.get_by_test_id("attach").click()
            await phone.get_by_test_id(f"attach-{kind}").click()
        await phone.get_by_text("สถานที่", exact=True).click()
        await phone.get_by_test_id("venue-title").fill("ตลาดต้นธงชัย")
        await phone.get_by_test_id("send-location").click()
        await expect(phone.get_by_test_id("place")).to_contain_text("ตลาดต้นธงชัย")
        await expect(phone.get_by_test_id("message").last).to_contain_text("ได้พิกัด")
    wanted = {"sticker", "voice", "video", "contact", "venue"}
    assert {kind for message in bot.heard for kind in wanted & set(message)} == wanted


async def test_page_fetches_what_it_missed_while_the_line_was_down(
    simulator: Simulator, bot: TinyBot, browser: Browser
) -> None:
    async with looking_at(browser, simulator.url, excused="ERR_") as page:
        phone = await started(page)
        await page.context.set_offline(True)
        for chat in simulator.chats:
            chat.end()
        await expect(phone.get_by_test_id("status")).to_have_text("กำลังเชื่อมต่อใหม่…")
        await bot.call("sendMessage", chat_id=simulator_chats(simulator)[0], text="ระหว่างสายหลุด")
        await say(phone, "ส่งไม่ออก")
        await expect(phone.get_by_test_id("toast")).to_contain_text("ส่งไม่สำเร็จ")
        await expect(phone.get_by_test_id("composer")).to_have_value("ส่งไม่ออก")
        await page.context.set_offline(False)
        await expect(phone.get_by_text("ระหว่างสายหลุด")).to_be_visible()
        await phone.get_by_test_id("send").click()
        await expect(phone.get_by_test_id("message").last).to_contain_text("ได้ข้อความ ส่งไม่ออก")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_nothing_scrolls_sideways_on_a_small_phone(
    simulator: Simulator, bot: TinyBot, browser: Browser, dark: bool
) -> None:
    async with looking_at(browser, simulator.url, dark=dark) as page:
        phone = await started(page)
        await say(phone, "https://example.org/" + "a" * 300 + " " + "สถานที่สำคัญของท้องถิ่น" * 20)
        await expect(phone.get_by_test_id("message")).to_have_count(4)
        for _ in range(4):
            await page.get_by_test_id("add-officer").click()
        await page.get_by_test_id(f"officer-{simulator_chats(simulator)[0]}").click()
        for screen in (None, "attach-pin", "attach-sparkle"):
            if screen:
                await phone.get_by_test_id("attach").click()
                await phone.get_by_test_id(screen).click()
            wide = await page.evaluate(WIDER_THAN_THE_SCREEN)
            assert wide == []
            await page.keyboard.press("Escape")
        brightness = await phone.locator(".bubble").last.evaluate(BRIGHTNESS)
        assert (brightness < 100) is dark


WIDER_THAN_THE_SCREEN = """() => [document.documentElement, document.body,
    ...document.querySelectorAll(".phone, .screen, .head, .bar, .sheet, .sheet-body, .thread, .message, .bubble, .words")]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline"
        || e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className || e.tagName)"""
BRIGHTNESS = """bubble => Math.max(...getComputedStyle(bubble).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number))"""
