"""A person who drives a chat in a test."""

from __future__ import annotations

import asyncio

import pytest

from bot.simulator import Person, Simulator
from tests.bot.simulator.conftest import Caller, picture


async def test_hears_what_comes_after_what_was_said(call: Caller, person: Person) -> None:
    await call("sendMessage", chat_id=person.id, text="สวัสดี")
    await person.hears("สวัสดี")
    await person.say("เมนู")
    with pytest.raises(AssertionError) as failed:
        await person.hears("สวัสดี", within=0.05)
    assert "did not hear 'สวัสดี'" in str(failed.value)
    assert "สมหญิง: เมนู" in str(failed.value)
    later = asyncio.create_task(person.hears("เลือก"))
    await asyncio.sleep(0.01)
    sent = await call("sendMessage", chat_id=person.id, text="เลือกเมนู")
    assert (await later)["message_id"] == sent["message_id"]
    await person.hears_nothing(0.01)
    await call("editMessageText", chat_id=person.id, message_id=sent["message_id"], text="แก้แล้ว")
    assert (await person.hears("แก้แล้ว"))["text"] == person.last["text"]


async def test_presses_buttons_by_label_by_data_and_keys_below(call: Caller, person: Person) -> None:
    rows = [[{"text": "ใช่", "callback_data": "yes:1"}, {"text": "ไม่ใช่", "callback_data": "no:1"}]]
    await call("sendMessage", chat_id=person.id, text="เก่า", reply_markup={"inline_keyboard": rows})
    await call("sendMessage", chat_id=person.id, text="ใหม่", reply_markup={"keyboard": [["เมนูหลัก"]]})
    assert (person.buttons(), person.keyboard) == (["ใช่", "ไม่ใช่"], [["เมนูหลัก"]])
    assert await person.press("ใช่")
    assert await person.press("no:")
    assert await person.press("เมนู") == ""
    with pytest.raises(AssertionError, match="there is no button 'ไม่มี'"):
        await person.press("ไม่มี")
    updates = await call("getUpdates")
    assert [one["callback_query"]["data"] for one in updates[:2]] == ["yes:1", "no:1"]
    assert updates[2]["message"]["text"] == "เมนูหลัก"


async def test_keyboard_for_one_time_hides_once_used_and_stays_until_it_is_replaced_or_removed(
    call: Caller, person: Person
) -> None:
    async def ask(**markup: object) -> tuple[list[list[str]], bool]:
        await call("sendMessage", chat_id=person.id, text="ถาม", reply_markup=markup)
        return person.keyboard, person.chat.keyboard_hidden

    once = {"keyboard": [["ข้าม"]], "one_time_keyboard": True}
    assert await ask(**once) == ([["ข้าม"]], False)
    await person.press("ข้าม")
    assert (person.keyboard, person.chat.keyboard_hidden) == ([["ข้าม"]], True)
    await person.press("ข้าม")  # from behind its button
    assert await ask(force_reply=True) == ([["ข้าม"]], True)
    assert await ask(**once) == ([["ข้าม"]], False)
    assert await ask(remove_keyboard=True) == ([], False)


async def test_a_button_that_is_gone_can_still_be_pressed_on_a_slow_phone(
    call: Caller, person: Person
) -> None:
    rows = [[{"text": "ส่ง", "callback_data": "send"}]]
    sent = await call("sendMessage", chat_id=person.id, text="ก", reply_markup={"inline_keyboard": rows})
    await call("editMessageText", chat_id=person.id, message_id=sent["message_id"], text="ข")
    assert person.buttons() == []
    await person.press("ส่ง", message=sent)
    [update] = await call("getUpdates")
    assert update["callback_query"]["message"]["text"] == "ข"


async def test_albums_places_and_moves(call: Caller, person: Person) -> None:
    photos = await person.send_photos([picture()] * 12, caption="งาน")
    groups = [photo["media_group_id"] for photo in photos]
    assert [len(set(groups[:10])), len(set(groups[10:])), len(set(groups))] == [1, 1, 2]
    live = await person.send_location(18.7, 99.0, horizontal_accuracy=12.5, live_period=900)
    await person.move(live, 18.8, 99.1)
    await person.send_venue(18.7, 99.0, "วัด", "ลำพูน")
    *_, moved, venue = await call("getUpdates")
    assert moved["edited_message"]["location"] | {"live_period": 900} == {"latitude": 18.8, "longitude": 99.1, "horizontal_accuracy": 12.5, "live_period": 900}  # fmt: skip
    assert venue["message"]["venue"]["title"] == "วัด"


async def test_in_a_group_the_bot_hears_only_what_is_meant_for_it(call: Caller, simulator: Simulator) -> None:
    group = simulator.group("กลุ่มงาน")
    await group.say("คุยกันเอง")
    await group.say("/help")
    await group.say("/help@another_bot")
    sent = await call("sendMessage", chat_id=group.id, text="คุยส่วนตัวกันนะ")
    answered = await group.say("ได้", reply_to=sent)
    updates = await call("getUpdates")
    assert [next(iter(set(one) - {"update_id"})) for one in updates] == ["my_chat_member", *["message"] * 3]
    assert [one["message"].get("text") for one in updates[1:]] == [None, "/help", "ได้"]
    assert answered["chat"]["id"] < 0
