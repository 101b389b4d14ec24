"""The client against a simulated Telegram: what is said arrives, and what fails can be gone on with."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat_service import ChatService, FileTooLarge, TryAgain, Unreachable
from bot.simulator.faults import Fault
from bot.simulator.person import Person
from bot.simulator.server import Simulator
from bot.simulator.shapes import Message
from bot.telegram.client import MOST_DOWNLOAD, BadToken, Telegram
from bot.telegram.updates import read_update
from flows.core.chat import Button, Line, Out, Reply, ShownPhoto, Toast
from flows.core.text import T
from tests.bot.telegram.conftest import Photos, jpeg


@pytest.fixture
def officer(simulator: Simulator) -> Person:
    return simulator.person("สมหญิง", started=True)


def line(words: str) -> Line:
    return Line(T("{words}", "{words}"), {"words": words})


def button(words: str, arg: str = "") -> Button:
    return Button(line(words), "go", arg)


def reply(
    words: str, *labels: str, slot: str = "", draft: int = 0, photos: tuple[ShownPhoto, ...] = ()
) -> Reply:
    rows = tuple((button(label, label),) for label in labels)
    return Reply((line(words),), rows, photos, slot=slot, draft=draft)


def texts(officer: Person) -> list[str]:
    return [message.get("text", message.get("caption", "<photo>")) for message in officer.messages]


async def pressed(
    telegram: Telegram, officer: Person, label: str, message: Message | None = None
) -> tuple[str, str]:
    """Presses, and gives the ids with which a press is answered."""
    await officer.press(label, message)
    arrived = read_update((await telegram.updates(None, limit=100, wait=0))[-1])
    assert arrived is not None
    await telegram.updates(arrived.update_id + 1, limit=1, wait=0)
    return arrived.press_id, arrived.pressed_ref


A, B, C = (ShownPhoto(letter * 64) for letter in "abc")


async def test_replies_arrive_in_order_with_their_buttons(telegram: Telegram, officer: Person) -> None:
    await telegram.send(officer.id, [reply("<ชื่อ> & สกุล"), reply("สอง", "ต่อไป", "กลับ")], "th")
    assert texts(officer) == ["<ชื่อ> & สกุล", "สอง"]
    assert officer.buttons() == ["ต่อไป", "กลับ"]
    assert officer.last["link_preview_options"] == {"is_disabled": True}


async def test_a_photo_is_sent_up_once_and_after_that_by_its_id(
    telegram: Telegram, officer: Person, photos: Photos
) -> None:
    for _ in range(2):
        await telegram.send(
            officer.id, [reply("หน้าวัด", "ต่อไป", photos=(A,)), reply("อัลบั้ม", photos=(A, B, C))], "th"
        )
    assert texts(officer) == ["หน้าวัด", "<photo>", "<photo>", "<photo>", "อัลบั้ม"] * 2
    assert [name[0] for name in photos.read] == ["a", "b", "c"]
    other_crop = ShownPhoto(A.photo, crop="start")
    await telegram.send(officer.id, [reply("ขยับกรอบ", photos=(other_crop,))], "th")
    assert len(photos.read) == 4


async def test_a_photo_that_telegram_has_forgotten_is_sent_up_again(
    simulator: Simulator, telegram: Telegram, officer: Person, photos: Photos
) -> None:
    await telegram.send(officer.id, [reply("ก", photos=(A,))], "th")
    words = "Bad Request: wrong file identifier/HTTP URL specified"
    simulator.faults.add(Fault("sendPhoto", 1, 400, words))
    await telegram.send(officer.id, [reply("ข", photos=(A,))], "th")
    assert texts(officer) == ["ก", "ข"]
    assert len(photos.read) == 2


async def test_a_long_text_comes_in_parts(telegram: Telegram, officer: Person) -> None:
    words = " ".join(["ก<&" * 30] * 100)
    await telegram.send(officer.id, [reply(words, "ต่อไป")], "th")
    assert " ".join(texts(officer)) == words
    assert len(texts(officer)) == 3
    assert officer.buttons(officer.last) == ["ต่อไป"]


async def test_the_location_button_goes_up_and_away(telegram: Telegram, officer: Person) -> None:
    up = Reply((line("ที่ไหน"),), ((button("ข้าม"),),), place_button=True)
    await telegram.send(officer.id, [up], "th")
    assert officer.keyboard == [["📍 ส่งตำแหน่งที่อยู่ตอนนี้"]]
    await telegram.send(officer.id, [Reply((line("ได้แล้ว"),), place_button=False)], "th")
    assert officer.keyboard == []


async def test_a_press_is_answered_by_the_toast_and_its_message_replaced(
    telegram: Telegram, officer: Person
) -> None:
    await telegram.send(officer.id, [reply("หน้า 1", "ถัดไป")], "th")
    press_id, ref = await pressed(telegram, officer, "ถัดไป")
    out: list[Out] = [reply("หน้า 2", "ก่อนหน้า", slot="pressed"), Toast(line("พลิกแล้ว"))]
    await telegram.send(officer.id, out, "th", press_id=press_id, pressed_ref=ref)
    assert (await officer.toast())["text"] == "พลิกแล้ว"
    assert texts(officer) == ["หน้า 2"]
    assert officer.buttons() == ["ก่อนหน้า"]


async def test_an_answered_question_loses_its_buttons_and_a_menu_keeps_them(
    telegram: Telegram, officer: Person
) -> None:
    await telegram.send(officer.id, [reply("เมนู", "เพิ่มข่าว")], "th")
    await telegram.send(officer.id, [reply("เลือกประเภท", "วัด", "ตลาด", draft=7)], "th")
    menu, question = officer.messages
    for label, shown in (("วัด", question), ("วัด", question), ("เพิ่มข่าว", menu)):
        press_id, ref = await pressed(telegram, officer, label, shown)
        await telegram.send(officer.id, [reply("ต่อไป")], "th", press_id=press_id, pressed_ref=ref)
    assert officer.buttons(question) == []
    assert officer.buttons(menu) == ["เพิ่มข่าว"]


async def test_a_slot_is_edited_until_it_cannot_be(telegram: Telegram, officer: Person) -> None:
    await telegram.send(officer.id, [reply("รูปที่ 1", "เสร็จ", slot="photos")], "th")
    await telegram.send(officer.id, [reply("รูปที่ 2", "เสร็จ", slot="photos")], "th")
    await telegram.send(officer.id, [reply("รูปที่ 2", "เสร็จ", slot="photos")], "th")
    assert texts(officer) == ["รูปที่ 2"]
    await telegram.send(officer.id, [Reply((line("ที่ไหน"),), slot="photos", place_button=True)], "th")
    await telegram.send(officer.id, [reply("รูปที่ 3", slot="photos")], "th")
    assert texts(officer) == ["รูปที่ 2", "ที่ไหน", "รูปที่ 3"]
    assert officer.buttons(officer.messages[0]) == []


async def test_a_shown_photo_is_replaced_by_another(telegram: Telegram, officer: Person) -> None:
    await telegram.send(officer.id, [reply("กลาง", "ซ้าย", photos=(A,), slot="crop")], "th")
    before = officer.last["photo"][-1]["file_id"]
    await telegram.send(officer.id, [reply("ซ้าย", "กลาง", photos=(B,), slot="crop")], "th")
    assert texts(officer) == ["ซ้าย"]
    assert officer.last["photo"][-1]["file_id"] != before
    assert officer.buttons() == ["กลาง"]


async def test_what_cannot_be_edited_is_said_anew(
    simulator: Simulator, telegram: Telegram, officer: Person
) -> None:
    await telegram.send(officer.id, [reply("รูป", "ก", photos=(A,), slot="card")], "th")
    await telegram.send(officer.id, [reply("คำ", "ข", slot="card")], "th")
    assert texts(officer) == ["รูป", "คำ"]
    assert officer.buttons(officer.messages[0]) == []
    await telegram.send(officer.id, [reply("หายไปแล้ว", slot="pressed")], "th", pressed_ref="999")
    assert texts(officer)[-1] == "หายไปแล้ว"
    simulator.refusals.clear()


async def test_after_a_restart_the_same_edit_is_no_failure(
    simulator: Simulator, telegram: Telegram, officer: Person, photos: Photos
) -> None:
    await telegram.send(officer.id, [reply("เมนู", "ก")], "th")
    again = Telegram(simulator.token, simulator.url, read_photo=photos)
    await again.start()
    ref = str(officer.last["message_id"])
    await again.send(officer.id, [reply("เมนู", "ก", slot="pressed")], "th", pressed_ref=ref)
    await again.stop()
    assert texts(officer) == ["เมนู"]
    assert "not modified" in simulator.refusals.pop()["description"]


async def test_two_processes_that_edit_the_same_message_show_what_was_said_last(
    simulator: Simulator, photos: Photos, officer: Person
) -> None:
    one, other = (Telegram(simulator.token, simulator.url, read_photo=photos, alone=False) for _ in range(2))
    await one.start()
    await other.start()
    await one.send(officer.id, [reply("หน้า 1", "ถัดไป")], "th")
    ref = str(officer.last["message_id"])
    for process, words in ((one, "หน้า 2"), (other, "หน้า 1"), (one, "หน้า 2")):
        await process.send(officer.id, [reply(words, "ไป", slot="pressed")], "th", pressed_ref=ref)
        assert texts(officer) == [words]
    await one.stop()
    await other.stop()


async def test_an_old_press_is_not_worth_a_failure(
    simulator: Simulator, telegram: Telegram, officer: Person
) -> None:
    await telegram.send(
        officer.id, [Toast(line("สาย")), reply("ถามใหม่")], "th", press_id="123", pressed_ref="1"
    )
    assert texts(officer) == ["ถามใหม่"]
    assert "too old" in simulator.refusals.pop()["description"]


@pytest.mark.parametrize(
    ("fault", "after"),
    [
        (Fault("sendMessage", 1, 429, retry_after=7), 7),
        (Fault("sendMessage", 1, 500), None),
        (Fault("sendMessage", 1, 502), None),
        (Fault("sendMessage", 2, drop="before"), None),
    ],
)
async def test_a_failure_in_the_middle_is_gone_on_with_and_nothing_is_said_twice(
    simulator: Simulator, telegram: Telegram, officer: Person, fault: Fault, after: float | None
) -> None:
    await telegram.send(officer.id, [reply("เลือก", "ก", draft=3)], "th")
    press_id, ref = await pressed(telegram, officer, "ก")
    out = [reply("หนึ่ง"), reply("สอง", photos=(A, B)), reply("สาม")]

    simulator.faults.add(Fault("sendMessage", 1, delay=0.001))  # the first goes through
    simulator.faults.add(fault)
    with pytest.raises(TryAgain) as caught:
        await telegram.send(officer.id, out, "th", press_id=press_id, pressed_ref=ref)
    assert caught.value.after == after
    said = caught.value.said
    await telegram.send(officer.id, out, "th", press_id=press_id, pressed_ref=ref, said=said)
    assert texts(officer) == ["เลือก", "หนึ่ง", "<photo>", "<photo>", "สอง", "สาม"]
    assert officer.buttons(officer.messages[0]) == []


async def test_a_dropped_connection_is_tried_once_more_at_once(
    simulator: Simulator, telegram: Telegram, officer: Person
) -> None:
    simulator.faults.add(Fault("sendMessage", 1, drop="before"))
    await telegram.send(officer.id, [reply("หนึ่ง")], "th")
    assert texts(officer) == ["หนึ่ง"]


@pytest.mark.parametrize(
    ("fault", "unsure"),
    [
        (Fault("sendMessage", 1, drop="after"), True),
        (Fault("sendMessage", 1, drop="before"), True),  # nobody can tell it from the other
        (Fault("sendMessage", 1, 502), False),
        (Fault("sendMessage", 1, 504), True),  # a server on the way gave up waiting for the one that says it
        (Fault("sendMessage", 1, 429, retry_after=3), False),
    ],
)
async def test_what_is_in_no_hurry_is_not_said_again_by_itself_and_it_is_told_whether_it_may_have_arrived(
    simulator: Simulator, telegram: Telegram, officer: Person, fault: Fault, unsure: bool
) -> None:
    simulator.faults.add(fault)
    with pytest.raises(TryAgain) as caught:
        await telegram.send(officer.id, [reply("เตือน")], "th", hurry=False)
    assert caught.value.unsure is unsure
    assert texts(officer) == (["เตือน"] if fault.drop == "after" else [])
    await telegram.send(officer.id, [reply("เตือน")], "th", hurry=False)
    assert texts(officer)[-1] == "เตือน"


async def test_who_blocked_the_bot_or_is_not_there_is_unreachable(
    simulator: Simulator, telegram: Telegram, officer: Person
) -> None:
    await officer.block()
    with pytest.raises(Unreachable):
        await telegram.send(officer.id, [reply("หนึ่ง")], "th")
    with pytest.raises(Unreachable):
        await telegram.send(424242, [reply("หนึ่ง")], "th")
    simulator.refusals.clear()
    await officer.block(False)
    await telegram.send(officer.id, [reply("กลับมาแล้ว")], "th")
    assert texts(officer)[-1] == "กลับมาแล้ว"


async def test_one_chats_429_does_not_hold_the_others(
    simulator: Simulator, telegram: Telegram, officer: Person
) -> None:
    other = simulator.person("สมชาย", started=True)
    simulator.faults.add(Fault("sendMessage", 1, 429, retry_after=30))
    with pytest.raises(TryAgain):
        await telegram.send(officer.id, [reply("หนึ่ง")], "th")
    await asyncio.wait_for(telegram.send(other.id, [reply("สอง")], "th"), 1)


async def test_files_are_fetched_whole(telegram: Telegram, officer: Person) -> None:
    photo = jpeg(7)
    (sent,) = await officer.send_photos([photo], as_file=True)
    assert await telegram.fetch(sent["document"]["file_id"]) == photo


async def test_a_file_above_the_limit_is_said_to_be_too_large(
    simulator: Simulator, telegram: Telegram, officer: Person
) -> None:
    (sent,) = await officer.send_photos([b"x" * (MOST_DOWNLOAD + 1)], as_file=True)
    with pytest.raises(FileTooLarge):
        await telegram.fetch(sent["document"]["file_id"])
    simulator.refusals.clear()


@pytest.mark.parametrize(
    "fault",
    [Fault("getFile", 2, drop="after"), Fault("getFile", 1, 500), Fault("getFile", 1, 429, retry_after=3)],
)
async def test_a_fetch_that_fails_can_be_tried_again(
    simulator: Simulator, telegram: Telegram, officer: Person, fault: Fault
) -> None:
    (sent,) = await officer.send_photos([jpeg(7)], as_file=True)
    simulator.faults.add(fault)
    with pytest.raises(TryAgain):
        await telegram.fetch(sent["document"]["file_id"])
    simulator.faults.clear()
    assert await telegram.fetch(sent["document"]["file_id"]) == jpeg(7)


async def test_commands_are_set_in_both_languages(simulator: Simulator, telegram: Telegram) -> None:
    await telegram.set_commands((("menu", T("เมนู", "Menu")), ("help", T("วิธีใช้", "Help"))))
    commands = simulator.profile.commands_by_language()
    assert [one["description"] for one in commands["th"]] == ["เมนู", "วิธีใช้"]
    assert [one["description"] for one in commands["default"]] == ["เมนู", "วิธีใช้"]
    assert [one["description"] for one in commands["en"]] == ["Menu", "Help"]


async def test_one_chat_has_commands_of_its_own_until_they_are_taken_away(
    simulator: Simulator, telegram: Telegram
) -> None:
    chat = simulator.person("วิชัย").id
    await telegram.set_commands((("progress", T("ความก้าวหน้า", "Progress")),), chat)
    mine = simulator.profile.commands_of_chats()[str(chat)]
    assert [one["description"] for one in mine["th"]] == ["ความก้าวหน้า"]
    assert [one["description"] for one in mine["en"]] == ["Progress"]
    assert simulator.profile.commands_by_language() == {}, "nobody else has them"
    await telegram.set_commands((), chat)
    assert simulator.profile.commands_of_chats() == {}
    with pytest.raises(Unreachable):
        await telegram.set_commands((("progress", T("ความก้าวหน้า", "Progress")),), 999_999)
    simulator.refusals.clear()


async def test_starting_waits_while_telegram_is_down(simulator: Simulator, photos: Photos) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    simulator.faults.add(Fault("getMe", 3, 502))
    simulator.faults.add(Fault("getMe", 1, 429, retry_after=2))
    telegram = Telegram(simulator.token, simulator.url, read_photo=photos, sleep=sleep)
    await telegram.start()
    assert telegram.username == "thongthin_bot"
    assert slept == [1, 2, 4, 8]
    await telegram.stop()


async def test_a_wrong_token_is_said_without_showing_it(simulator: Simulator, photos: Photos) -> None:
    telegram = Telegram("1234567890:AAwrong_one", simulator.url, read_photo=photos)
    with pytest.raises(BadToken) as caught:
        await telegram.start()
    assert "AAwrong" not in str(caught.value)
    simulator.refusals.clear()


async def test_the_client_is_a_chat_service(telegram: Telegram) -> None:
    service: ChatService = telegram
    assert service is telegram
