"""The buttons under a reminder: starting what is missing, quieting a campaign, and the way back."""

from __future__ import annotations

import pytest

from flows.core.chat import Reply, Toast
from storage import conversations
from storage.db import Store
from tests.bot.deadline_chats import START, Chats
from tests.bot.talk import Talk, buttons_of, text_of
from tests.storage.deadline_town import DeadlineTown, letter

ONE = 11


@pytest.fixture
def chats(store: Store) -> Chats:
    return Chats(store, DeadlineTown(store, START))


async def reminded(chats: Chats) -> Talk:
    """An officer who has just been reminded."""
    chats.officer(ONE)
    chats.town.running()
    assert ONE in await chats.look()
    return chats.person(ONE)


def labels(talk: Talk) -> list[str]:
    return [button.label.to("th") for button in buttons_of(talk.shown[-1])]


async def test_there_is_a_button_for_each_missing_form_and_two_for_quiet(chats: Chats) -> None:
    talk = await reminded(chats)
    assert labels(talk) == ["เริ่ม: สถานที่สำคัญ", "เริ่ม: สินค้าท้องถิ่น", "เตือนพรุ่งนี้", "ไม่ต้องเตือนเรื่องนี้อีก"]


async def test_the_button_starts_the_form_that_is_missing(chats: Chats) -> None:
    talk = await reminded(chats)
    talk.press("เริ่ม: สินค้าท้องถิ่น")
    assert "ขั้นที่ 1" in talk.text


async def test_the_button_goes_on_with_the_draft_where_it_was_left(chats: Chats) -> None:
    chats.officer(ONE)
    chats.person(ONE).say("/add").press("เพิ่มสินค้า").say("ข้าวแต๋น")
    chats.person(ONE).say("/menu")
    chats.town.running()
    await chats.at(4, 10).look()
    talk = chats.person(ONE)
    assert labels(talk)[:2] == ["เริ่ม: สถานที่สำคัญ", "ทำต่อ: สินค้าท้องถิ่น"]
    talk.press("ทำต่อ: สินค้าท้องถิ่น")
    assert "ขั้นที่ 2" in talk.text


async def test_a_press_that_is_older_than_the_draft_goes_on_with_it_all_the_same(chats: Chats) -> None:
    talk = await reminded(chats)
    old = talk.button("เริ่ม: สินค้าท้องถิ่น")
    talk.press("เริ่ม: สินค้าท้องถิ่น").say("ข้าวแต๋น")
    talk.say("/menu")
    talk.hand_over(old)
    assert "ขั้นที่ 2" in talk.text
    assert len(chats.store.read_now(conversations.drafts_of, talk.officer.id)) == 1


async def test_another_open_form_is_asked_about_and_nothing_is_lost(chats: Chats) -> None:
    talk = await reminded(chats)
    product = talk.button("เริ่ม: สินค้าท้องถิ่น")
    talk.press("เริ่ม: สินค้าท้องถิ่น").say("ข้าวแต๋น")
    talk.press("เริ่ม: สถานที่สำคัญ")
    assert "จะทำอันไหนต่อ" in talk.text
    talk.press("พักไว้").say("วัดพระธาตุ")
    talk.hand_over(product)
    assert "จะทำอันไหนต่อ" in talk.text
    talk.press("พักไว้ แล้วทำต่อ: สินค้าท้องถิ่น")
    assert "ขั้นที่ 2" in talk.text
    assert len(chats.store.read_now(conversations.drafts_of, talk.officer.id)) == 2


async def test_tomorrow_means_the_next_working_day_and_is_said(chats: Chats) -> None:
    chats.officer(ONE)
    chats.town.running()
    await chats.at(6).look()  # a Friday
    talk = chats.person(ONE).press("เตือนพรุ่งนี้")
    assert "จะเตือนอีกครั้งวันที่ 9 มกราคม 2560" in talk.toast
    assert await chats.at(7).look() == {}
    [said] = (await chats.at(9).look())[ONE]
    assert "เหลืออีก 22 วัน" in said
    assert await chats.at(10).look() == {}


async def test_the_reminder_shows_what_was_chosen_in_its_place(chats: Chats) -> None:
    talk = (await reminded(chats)).press("เตือนพรุ่งนี้")
    [reply] = [one for one in talk.out if isinstance(one, Reply)]
    assert reply.slot == "pressed"
    assert "ขาด" in text_of(reply)
    assert "จะเตือนอีกครั้งวันที่ 5 มกราคม 2560" in text_of(reply)
    assert talk.labels[-1] == "🔔 เตือนเรื่องนี้ตามเดิม"


async def test_no_more_reminders_and_back_again(chats: Chats) -> None:
    talk = (await reminded(chats)).press("ไม่ต้องเตือนเรื่องนี้อีก")
    assert "จะไม่เตือนเรื่องนี้อีก" in talk.text
    assert await chats.at(17).look() == {}
    chats.person(ONE).press("เตือนเรื่องนี้ตามเดิม")
    [said] = (await chats.at(17, 9, 10).look())[ONE]
    assert "เหลืออีก 14 วัน" in said


async def test_quiet_for_one_campaign_is_not_quiet_for_another(chats: Chats) -> None:
    talk = await reminded(chats)
    chats.town.running(letter(title="อีกเรื่อง"))
    talk.press("ไม่ต้องเตือนเรื่องนี้อีก")
    [said] = (await chats.at(17).look())[ONE]
    assert "อีกเรื่อง" in said


async def test_a_choice_in_the_middle_of_a_form_leaves_its_question_where_it_is(chats: Chats) -> None:
    talk = await reminded(chats)
    talk.press("เริ่ม: สินค้าท้องถิ่น")
    talk.press("เตือนพรุ่งนี้")
    assert [one.slot for one in talk.out if isinstance(one, Reply)] == ["pressed"]
    talk.say("ข้าวแต๋น")
    assert "ขั้นที่ 2" in talk.text


async def test_the_buttons_of_a_campaign_that_has_ended_say_so(chats: Chats) -> None:
    talk = await reminded(chats)
    campaign = chats.town.campaign(1)
    chats.town.step(campaign, "ended")
    talk.press("เตือนพรุ่งนี้")
    assert "เรื่องนี้ปิดแล้ว" in talk.toast
    assert all(isinstance(one, Toast) for one in talk.out)


async def test_what_was_sent_meanwhile_is_thanked_for_under_the_pressed_reminder(chats: Chats) -> None:
    talk = await reminded(chats)
    for form in ("landmark", "landmark", "product"):
        chats.town.sends(talk.officer, form)
    talk.press("เตือนพรุ่งนี้")
    assert "ส่งครบแล้ว" in talk.text
    assert talk.labels == []


async def test_an_entry_sent_back_is_reminded_of_in_the_reviewers_words_with_a_button(chats: Chats) -> None:
    officer = chats.officer(ONE)
    chats.town.running()
    for form in ("landmark", "landmark", "product"):
        entry = chats.town.sends(officer, form)
    chats.town.decides(entry, "changes")
    assert any("ขอให้แก้ไข" in said for said in (await chats.sent())[ONE])  # the verdict itself
    [said] = (await chats.at(17).look())[ONE]
    assert f"ผู้ตรวจขอให้แก้ไข: {entry.number}" in said
    assert "รูปไม่ชัด" in said
    talk = chats.person(ONE)
    talk.press(f"แก้ {entry.number}")
    assert "รูปไม่ชัด" in talk.text
    talk.photo("b").press("เสร็จแล้ว")
    assert chats.town.entry(entry).status == "pending"


async def test_a_second_tap_on_tomorrow_says_nothing_more(chats: Chats) -> None:
    talk = (await reminded(chats)).press("เตือนพรุ่งนี้")
    talk.press("", again=True)
    assert talk.out == ()
