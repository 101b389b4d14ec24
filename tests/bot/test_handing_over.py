"""Handing over the post: the link, the successor's yes, and what each of the two has afterwards."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from storage import conversations, officers
from storage.db import Store
from tests.bot.deadline_chats import START, Chats
from tests.bot.talk import Talk
from tests.storage.deadline_town import KOKHA, TONTHONGCHAI, DeadlineTown

OLD, NEW, THIRD = 11, 12, 13


@pytest.fixture
def chats(store: Store) -> Chats:
    made = Chats(store, DeadlineTown(store, START))
    made.officer(OLD)
    return made


def code_of(talk: Talk) -> str:
    """The code on the link that the predecessor is shown."""
    talk.say("/menu").press("ส่งมอบงาน")
    assert "เทศบาลตำบลต้นธงชัย" in talk.text
    talk.press("สร้างลิงก์ส่งมอบ")
    found = re.search(r"https://t\.me/thongthin_bot\?start=([\w-]+)", talk.text)
    assert found, talk.text
    return found[1]


def newcomer(chats: Chats, chat_id: int = NEW) -> Talk:
    return Talk(chats.store, chat_id, now=chats.town.now)


def test_a_successor_sees_whose_work_it_is_and_takes_over_the_drafts(chats: Chats) -> None:
    old = chats.person(OLD).say("/add").press("เพิ่มสินค้า").say("ข้าวแต๋น")
    code = code_of(old)
    new = newcomer(chats).say(f"/start {code}")
    assert "เทศบาลตำบลต้นธงชัย" in new.text
    assert "สมศรี ส่งมอบงาน" in new.text
    assert chats.store.read_now(officers.officer_in, NEW) is None
    new.press("ใช่ รับงานต่อ")
    assert "รับงานของ <b>เทศบาลตำบลต้นธงชัย" in new.text
    assert "มีร่างที่ค้าง 1 รายการ" in new.text
    new.say("/drafts").press("ข้าวแต๋น")
    assert "ขั้นที่ 2" in new.text


async def test_the_predecessor_is_told_and_can_do_nothing_more(chats: Chats) -> None:
    code = code_of(chats.person(OLD))
    newcomer(chats).say(f"/start {code}").press("ใช่ รับงานต่อ")
    chats.town.now += timedelta(minutes=1)
    [said] = (await chats.sent())[OLD]
    assert "รับงานของ <b>เทศบาลตำบลต้นธงชัย" in said
    assert "ต่อจากท่านแล้ว" in said
    assert "ถูกนำออก" in chats.person(OLD).say("/menu").text


async def test_reminders_go_to_the_successor(chats: Chats) -> None:
    chats.town.running()
    assert set(await chats.look()) == {OLD}
    code = code_of(chats.person(OLD))
    chats.talks[NEW] = newcomer(chats).say(f"/start {code}").press("ใช่ รับงานต่อ")
    chats.town.now += timedelta(minutes=5)
    await chats.sent()
    assert set(await chats.at(17).look()) == {NEW}


def test_the_link_works_once(chats: Chats) -> None:
    code = code_of(chats.person(OLD))
    newcomer(chats).say(f"/start {code}").press("ใช่ รับงานต่อ")
    assert "ใช้ครบจำนวนคนแล้ว" in newcomer(chats, THIRD).say(f"/start {code}").text


def test_a_newer_link_closes_the_older_one(chats: Chats) -> None:
    older = code_of(chats.person(OLD))
    newer = code_of(chats.person(OLD))
    assert "ถูกยกเลิก" in newcomer(chats).say(f"/start {older}").text
    assert "รับงานของ" in newcomer(chats).say(f"/start {newer}").press("ใช่ รับงานต่อ").text


def test_ones_own_link_is_for_the_successor(chats: Chats) -> None:
    old = chats.person(OLD)
    code = code_of(old)
    assert "สำหรับผู้รับงานต่อจากท่าน" in old.say(f"/start {code}").text
    assert old.officer.lao.code == TONTHONGCHAI
    assert "รับงานของ" in newcomer(chats).say(f"/start {code}").press("ใช่ รับงานต่อ").text


def test_a_no_changes_nothing(chats: Chats) -> None:
    code = code_of(chats.person(OLD))
    newcomer(chats).say(f"/start {code}").press("ไม่ใช่")
    assert chats.person(OLD).officer.lao.code == TONTHONGCHAI
    assert chats.store.read_now(officers.officer_in, NEW) is None


def test_an_officer_of_another_lao_is_told_that_it_is_a_move(chats: Chats) -> None:
    chats.officer(NEW, KOKHA)
    code = code_of(chats.person(OLD))
    new = chats.person(NEW).say(f"/start {code}")
    assert "ตอนนี้ท่านอยู่ เทศบาลตำบลเกาะคา" in new.text
    assert new.press("ใช่ รับงานต่อ").officer.lao.code == TONTHONGCHAI


def test_a_colleague_of_the_same_lao_keeps_their_own_draft_and_gets_the_other(chats: Chats) -> None:
    chats.officer(NEW)
    chats.person(OLD).say("/add").press("เพิ่มสินค้า").say("ข้าวแต๋น")
    new = chats.person(NEW).say("/add").press("เพิ่มสถานที่").say("วัดพระธาตุ")
    code = code_of(chats.person(OLD))
    new.say(f"/start {code}").press("ใช่ รับงานต่อ")
    kept = chats.store.read_now(conversations.drafts_of, new.officer.id)
    assert {one.form for one in kept} == {"product", "landmark"}


def test_not_now_leads_back_to_the_menu(chats: Chats) -> None:
    old = chats.person(OLD).say("/menu").press("ส่งมอบงาน").press("ยังไม่ส่งมอบ")
    assert "ต้องการทำอะไร" in old.text


def test_a_link_of_somebody_removed_meanwhile_gives_nothing_away(chats: Chats) -> None:
    code = code_of(chats.person(OLD))
    new = newcomer(chats).say(f"/start {code}")
    chats.store.run_now(officers.remove, chats.person(OLD).officer.id, chats.town.now)
    assert "ใช้ไม่ได้แล้ว" in new.press("ใช่ รับงานต่อ").text
    assert chats.store.read_now(officers.officer_in, NEW) is None
