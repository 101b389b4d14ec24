"""A coordinator's chat: joining by an invitation, the progress of a province, and leaving."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat_service import TryAgain
from bot.coordinators import drawn, seen_by
from flows.core.chat import Drawing, Reply
from flows.core.roles import Reach
from storage import command_menus, coordinators, invitations, officers, reviewers
from storage.db import Store
from storage.reviewers import Reviewer
from tests.bot.deadline_chats import START, Chats
from tests.bot.talk import Talk
from tests.storage.deadline_town import KOKHA, LETTER, TONTHONGCHAI, DeadlineTown

BOSS, OTHER = 99, 98
LAMPANG = Reach(provinces=("ลำปาง",))


@pytest.fixture
def chats(store: Store) -> Chats:
    return Chats(store, DeadlineTown(store, START))


def account(chats: Chats, reach: Reach = LAMPANG) -> Reviewer:
    return chats.town.account("วิชัย", role="coordinator", reach=reach)


def invitation(chats: Chats, who: Reviewer) -> str:
    code, _ = chats.store.run_now(invitations.invite_coordinator, who.id, chats.town.now)
    return code


def talk_of(chats: Chats, chat_id: int = BOSS) -> Talk:
    return Talk(chats.store, chat_id, now=chats.town.now)


def drawings(talk: Talk) -> list[Drawing]:
    return [one.attached for one in talk.out if isinstance(one, Reply) and isinstance(one.attached, Drawing)]


# --- joining


def test_the_invitation_names_person_and_provinces_and_binds_nothing_before_a_yes(chats: Chats) -> None:
    who = account(chats, Reach(provinces=("ลำปาง",), districts=(("แพร่", "ร้องกวาง"),)))
    talk = talk_of(chats).say(f"/start {invitation(chats, who)}")
    assert "<b>วิชัย</b>" in talk.text
    assert "จังหวัดลำปาง และอำเภอร้องกวาง (จังหวัดแพร่)" in talk.text
    assert chats.store.read_now(coordinators.coordinator_in, BOSS) is None
    talk.press("ใช่ ฉันเอง")
    assert "ผูกแชตนี้กับ <b>วิชัย</b> แล้ว" in talk.text
    found = chats.store.read_now(coordinators.coordinator_in, BOSS)
    assert found is not None
    assert found.reviewer_id == who.id


def test_somebody_else_says_no_and_the_right_person_can_still_join(chats: Chats) -> None:
    code = invitation(chats, account(chats))
    stranger = talk_of(chats, OTHER).say(f"/start {code}").press("ไม่ใช่")
    assert "ยังไม่ได้ผูกแชตนี้กับใคร" in stranger.text
    assert "ผูกแชตนี้กับ" in talk_of(chats).say(code).press("ใช่ ฉันเอง").text


def test_the_invitation_works_once(chats: Chats) -> None:
    code = invitation(chats, account(chats))
    talk_of(chats).say(f"/start {code}").press("ใช่ ฉันเอง")
    assert "ใช้ครบจำนวนคนแล้ว" in talk_of(chats, OTHER).say(f"/start {code}").text


def test_two_who_were_asked_at_once_do_not_both_join(chats: Chats) -> None:
    code = invitation(chats, account(chats))
    one, other = talk_of(chats).say(f"/start {code}"), talk_of(chats, OTHER).say(f"/start {code}")
    one.press("ใช่ ฉันเอง")
    assert "ใช้ไม่ได้แล้ว" in other.press("ใช่ ฉันเอง").text
    assert chats.store.read_now(coordinators.coordinator_in, OTHER) is None


def test_an_officer_can_be_a_coordinator_too_and_stays_an_officer(chats: Chats) -> None:
    chats.officer(BOSS, KOKHA)
    chats.town.running()
    talk = chats.person(BOSS).say(f"/start {invitation(chats, account(chats))}").press("ใช่ ฉันเอง")
    assert talk.officer.lao.code == KOKHA
    assert "📊 ดูความคืบหน้า" in talk.say("/menu").labels
    assert drawings(talk.say("/progress"))


# --- progress


def test_one_campaign_and_one_province_are_shown_without_a_question(chats: Chats) -> None:
    chats.officer(11)
    chats.coordinator(BOSS, LAMPANG)
    campaign = chats.town.running()
    talk = chats.person(BOSS).say("/progress")
    assert drawings(talk) == [Drawing(campaign.id, "ลำปาง", BOSS)]
    assert "ครบแล้ว 0 จาก 3 แห่ง" in talk.text
    assert "ยังไม่ส่ง 1 แห่ง" in talk.text
    assert "ยังไม่มีเจ้าหน้าที่ 2 แห่ง" in talk.text


async def test_the_picture_is_a_png_of_what_the_coordinator_may_see(chats: Chats) -> None:
    chats.coordinator(BOSS, LAMPANG)
    campaign = chats.town.running()

    async def draw(province: str, reader: int) -> bytes | None:
        return await drawn(chats.store, Drawing(campaign.id, province, reader), "th", lambda: chats.town.now)

    png = await draw("ลำปาง", BOSS)
    assert png is not None
    assert png.startswith(b"\x89PNG")
    assert await draw("แพร่", BOSS) is None
    assert await draw("ลำปาง", OTHER) is None


def test_what_is_made_for_a_chat_is_of_who_its_coordinator_is_now(chats: Chats) -> None:
    chats.coordinator(BOSS, LAMPANG)
    campaign = chats.town.running()

    def seen(province: str) -> Reach | None:
        found = chats.store.read_now(seen_by, BOSS, campaign.id, province)
        return found[1] if found else None

    assert seen("ลำปาง") == seen("") == LAMPANG
    who = chats.store.read_now(coordinators.coordinator_in, BOSS)
    assert who is not None
    phrae = Reach(districts=(("แพร่", "ร้องกวาง"),))
    chats.store.run_now(reviewers.set_role, who.reviewer_id, "coordinator", phrae, chats.town.now)
    assert seen("ลำปาง") is None
    assert seen("แพร่") == phrae
    chats.store.run_now(coordinators.leave, BOSS, chats.town.now)
    assert seen("แพร่") is None
    assert seen("") is None


def test_with_two_campaigns_and_provinces_both_are_asked(chats: Chats) -> None:
    chats.coordinator(BOSS, Reach(everywhere=True))
    chats.town.running()
    second = chats.town.running(replace(LETTER, title="เรื่องที่สอง"))
    talk = chats.person(BOSS).say("/progress")
    assert "จะดูเรื่องไหน" in talk.text
    talk.press("เรื่องที่สอง")
    assert talk.labels == ["แพร่", "ลำปาง"]
    assert drawings(talk.press("แพร่")) == [Drawing(second.id, "แพร่", BOSS)]


def test_a_button_of_a_province_that_is_no_longer_theirs_shows_nothing_of_it(chats: Chats) -> None:
    chats.coordinator(BOSS, Reach(everywhere=True))
    chats.town.running()
    talk = chats.person(BOSS).say("/progress")
    phrae = talk.button("แพร่")
    who = chats.store.read_now(coordinators.coordinator_in, BOSS)
    assert who is not None
    chats.store.run_now(reviewers.set_role, who.reviewer_id, "coordinator", LAMPANG, chats.town.now)
    talk.hand_over(phrae)
    assert drawings(talk) == []
    assert "ไม่อยู่ในพื้นที่" in talk.text
    assert drawings(talk.say("/progress"))[0].province == "ลำปาง"


def test_a_campaign_that_is_no_longer_in_their_provinces_is_not_even_named(chats: Chats) -> None:
    chats.coordinator(BOSS, Reach(everywhere=True))
    chats.town.running()
    chats.town.running(replace(LETTER, title="เรื่องที่สอง"))
    talk = chats.person(BOSS).say("/progress")
    second = talk.button("เรื่องที่สอง")
    who = chats.store.read_now(coordinators.coordinator_in, BOSS)
    assert who is not None
    chats.store.run_now(reviewers.set_role, who.reviewer_id, "coordinator", Reach(("กระบี่",)), chats.town.now)
    assert "เรื่องที่สอง" not in talk.hand_over(second).text
    assert "ไม่มีเรื่องที่กำหนดส่งในพื้นที่" in talk.text


def test_without_a_campaign_there_is_nothing_to_see(chats: Chats) -> None:
    talk = chats.coordinator(BOSS, LAMPANG)
    chats.town.draft()
    assert "ไม่มีเรื่องที่กำหนดส่ง" in talk.say("/progress").text


def test_an_officer_learns_nothing_of_progress(chats: Chats) -> None:
    chats.officer(11)
    chats.town.running()
    talk = chats.person(11).say("/progress")
    assert "ไม่มีคำสั่งนี้" in talk.text
    assert drawings(talk) == []
    assert not any("ความคืบหน้า" in label for label in talk.say("/menu").labels)


# --- the rest of the chat


def test_whatever_a_coordinator_says_leads_to_the_menu(chats: Chats) -> None:
    talk = chats.coordinator(BOSS, LAMPANG)
    for words in ("สวัสดี", "/start", "/menu", "/add", "/mine"):
        assert "ผู้ประสานงานจังหวัดลำปาง" in talk.say(words).text
    assert "/progress" in talk.say("/help").text
    assert "Coordinator".lower() in talk.say("/language").press("English").say("/menu").text.lower()


def test_leaving_is_asked_about_and_ends_it(chats: Chats) -> None:
    talk = chats.coordinator(BOSS, LAMPANG).say("/menu").press("เลิกรับข้อความ")
    assert "จะเลิกรับสรุปรายวัน" in talk.text
    talk.press("🚪 เลิกรับ")
    assert "เลิกรับข้อความในแชตนี้แล้ว" in talk.text
    talk.now += timedelta(minutes=11)
    assert "ได้รับเชิญ" in talk.say("/progress").text


def test_a_closed_account_sees_nothing_any_more(chats: Chats) -> None:
    talk = chats.coordinator(BOSS, LAMPANG)
    chats.town.running()
    who = chats.store.read_now(coordinators.coordinator_in, BOSS)
    assert who is not None
    chats.store.run_now(reviewers.disable, who.reviewer_id, chats.town.now)
    assert drawings(talk.say("/progress")) == []


# --- the menu of commands


async def menu_of(chats: Chats, chat_id: int) -> list[str]:
    await chats.sent()
    return [name for name, _ in chats.chat.menus.get(chat_id, ())]


async def test_progress_is_in_the_menu_of_a_coordinators_chat_until_they_leave(chats: Chats) -> None:
    talk = chats.coordinator(BOSS, LAMPANG)
    assert (await menu_of(chats, BOSS))[0] == "progress"
    assert set(chats.chat.menus) == {BOSS}
    talk.say("/menu").press("เลิกรับข้อความ").press("🚪 เลิกรับ")
    chats.town.now += timedelta(minutes=1)
    assert await menu_of(chats, BOSS) == []


async def test_the_menu_is_set_although_telegram_fails_at_that_moment(chats: Chats) -> None:
    chats.coordinator(BOSS, LAMPANG)
    chats.chat.troubles = [TryAgain("down"), TryAgain("down")]
    assert await menu_of(chats, BOSS) == []
    chats.town.now += timedelta(seconds=3)
    assert await menu_of(chats, BOSS) == []
    chats.town.now += timedelta(seconds=5)
    assert (await menu_of(chats, BOSS))[0] == "progress"


async def test_a_coordinator_who_is_an_officer_too_has_the_commands_of_both(chats: Chats) -> None:
    chats.coordinator(BOSS, LAMPANG)
    assert "add" not in await menu_of(chats, BOSS)
    chats.town.now += timedelta(minutes=1)
    officer = chats.town.officer(TONTHONGCHAI, BOSS, "วิชัย")
    assert {"progress", "add", "mine"} <= set(await menu_of(chats, BOSS))
    chats.town.now += timedelta(minutes=1)
    chats.store.run_now(officers.remove, officer.id, chats.town.now)
    assert "add" not in await menu_of(chats, BOSS)
    assert "progress" in await menu_of(chats, BOSS)


async def test_a_closed_account_loses_the_menu_and_has_it_again_once_opened(chats: Chats) -> None:
    chats.coordinator(BOSS, LAMPANG)
    await chats.sent()
    who = chats.store.read_now(coordinators.coordinator_in, BOSS)
    assert who is not None
    chats.town.now += timedelta(minutes=1)
    chats.store.run_now(reviewers.disable, who.reviewer_id, chats.town.now)
    assert await menu_of(chats, BOSS) == []
    chats.town.now += timedelta(minutes=1)
    chats.store.run_now(reviewers.enable, who.reviewer_id, chats.town.now)
    assert "progress" in await menu_of(chats, BOSS)


async def test_a_start_tells_each_coordinators_chat_once_for_each_version(chats: Chats) -> None:
    chats.coordinator(BOSS, LAMPANG)
    await chats.sent()
    chats.chat.menus.clear()
    for _ in range(2):
        chats.store.run_now(command_menus.tell_every, "a version", chats.town.now)
    assert chats.keys.count(f"commands:{BOSS}:a version") == 1
    assert "progress" in await menu_of(chats, BOSS)
