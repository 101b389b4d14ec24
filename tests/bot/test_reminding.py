"""The reminders that go into the outbox, and what becomes of them when they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import deadlines
from bot.chat_service import Reachability, TryAgain, Unreachable
from bot.delivery import Delivery
from bot.desk import Desk
from bot.reminding import Reminding
from flows.core.campaign import Campaign
from flows.core.chat import Listing, Reply
from flows.core.dates import BANGKOK
from flows.core.reminders import Owing, Reminder
from flows.core.roles import EVERYWHERE, Reach
from storage import broadcasts, campaign_tallies, campaigns, coordinators, officers, outbox, reviewers
from storage.broadcasts import BroadcastFilter
from storage.db import StorageUnavailable, Store, Tx
from tests.bot.deadline_chats import START, Chats
from tests.storage.deadline_town import KOKHA, LAOS, LETTER, PHRAE, DeadlineTown, statements

ONE, OTHER, THIRD, BOSS = 11, 12, 13, 99
LAMPANG = Reach(provinces=("ลำปาง",))


@pytest.fixture
def chats(store: Store) -> Chats:
    return Chats(store, DeadlineTown(store, START))


async def test_an_officer_hears_what_the_lao_lacks_once_and_not_again_that_day(chats: Chats) -> None:
    chats.officer(ONE)
    chats.town.running()
    heard = await chats.look()
    [said] = heard[ONE]
    assert "ขาด: สถานที่สำคัญ 2 รายการ, สินค้าท้องถิ่น 1 รายการ" in said
    assert "เหลืออีก 27 วัน" in said
    assert "มท 0810.7/ว 123" in said
    for hour in (10, 13, 16):
        assert await chats.at(4, hour).look() == {}


async def test_two_processes_at_once_send_one_reminder(chats: Chats) -> None:
    chats.officer(ONE)
    chats.town.running()
    other = Reminding(chats.store, lambda: chats.town.now)
    await asyncio.gather(chats.reminding.look(), other.look(), chats.reminding.look(), other.look())
    heard = await chats.sent()
    assert len(heard[ONE]) == 1
    again = Reminding(chats.store, lambda: chats.town.now)  # as after a restart
    await again.look()
    assert await chats.sent() == {}


@pytest.mark.parametrize("who", [ONE, BOSS])
async def test_a_process_killed_while_it_says_a_reminder_or_a_digest_has_it_said_no_second_time(
    chats: Chats, who: int
) -> None:
    chats.officer(ONE)
    chats.coordinator(BOSS, Reach(provinces=("ลำปาง",)))
    chats.town.running()
    await chats.at(30).sent()  # the coordinator's own menu
    await chats.reminding.look()
    chats.chat.never_hears_back = True
    killed = asyncio.create_task(chats.delivery.send_due())
    async with asyncio.timeout(5):
        while not chats.chat.heard(who):
            chats.chat.spoke.clear()
            await chats.chat.spoke.wait()
    killed.cancel()
    for task in chats.delivery._in_hand:
        task.cancel()
    chats.chat.never_hears_back = False
    chats.delivery = Delivery(chats.store, chats.chat, lambda: chats.town.now)
    await chats.at(30, 9, 5).look()
    await chats.at(30, 10).look()
    assert len(chats.chat.heard(who)) == 1
    await chats.at(31).look()
    assert len(chats.chat.heard(who)) == 2


async def test_a_reminder_that_telegram_did_not_take_is_said_later(chats: Chats) -> None:
    chats.officer(ONE)
    chats.town.running()
    await chats.at(30).reminding.look()
    chats.chat.troubles = [TryAgain("502"), ValueError("bug"), Unreachable("blocked")]
    for minute in (1, 2, 3):
        assert await chats.at(30, 9, minute).sent() == {}
    chats.person(ONE).say("/menu")  # the bot was let in again
    assert len((await chats.at(30, 9, 20).sent())[ONE]) == 1
    assert await chats.at(30, 10).look() == {}


@pytest.mark.parametrize("lost", [TryAgain("no answer", unsure=True), TimeoutError()])
@pytest.mark.parametrize("who", [ONE, BOSS])
async def test_where_nobody_can_tell_whether_it_arrived_a_reminder_or_a_digest_is_not_said_again(
    chats: Chats, who: int, lost: Exception
) -> None:
    chats.officer(ONE) if who == ONE else chats.coordinator(BOSS, Reach(provinces=("ลำปาง",)))
    chats.town.running()
    await chats.at(30).sent()  # the coordinator's own menu
    await chats.reminding.look()
    chats.chat.troubles = [lost]
    await chats.sent()
    for minute in (1, 5, 59):
        assert await chats.at(30, 9, minute).look() == {}
    assert len((await chats.at(31).look())[who]) == 1


@pytest.mark.parametrize("trouble", [TryAgain("429", 3), StorageUnavailable()])
async def test_a_reminder_that_was_not_taken_while_the_database_was_away_is_said_later(
    chats: Chats, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    chats.officer(ONE)
    chats.town.running()
    await chats.at(30).reminding.look()
    chats.chat.troubles = [trouble]
    put_back, away = outbox.try_later, [StorageUnavailable()]

    def put_back_when_there(*given: Any) -> None:
        if away:
            raise away.pop()
        put_back(*given)

    monkeypatch.setattr(outbox, "try_later", put_back_when_there)
    assert await chats.sent() == {}
    assert len((await chats.at(30, 9, 1).look())[ONE]) == 1
    assert await chats.at(30, 10).look() == {}


async def test_a_start_that_was_broken_off_is_finished_by_the_next_look_and_only_then_reminds(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_tallies, "LAOS_AT_ONCE", 1)
    chats.officer(ONE)
    campaign = chats.town.running()
    assert campaign.counting
    [said] = (await chats.look())[ONE]
    assert "ขาด: สถานที่สำคัญ 2 รายการ" in said
    assert chats.town.campaign(campaign.id).state == "running"


async def test_nothing_goes_out_before_the_start_nor_at_night(chats: Chats) -> None:
    chats.officer(ONE)
    campaign = chats.town.draft()
    assert await chats.look() == {}
    chats.at(4, 20)
    chats.town.step(campaign, "running")
    assert await chats.look() == {}
    assert await chats.at(5, 8, 29).look() == {}
    assert len((await chats.at(5, 8, 30).look())[ONE]) == 1


async def test_a_campaign_started_a_moment_ago_is_looked_at_without_waiting(chats: Chats) -> None:
    chats.officer(ONE)
    campaign = chats.town.running()
    await chats.look()
    chats.town.step(campaign, "paused")
    assert await chats.at(17).look() == {}
    chats.town.step(chats.town.campaign(campaign.id), "running")
    assert "เหลืออีก 14 วัน" in (await chats.at(17, 9, 1).look())[ONE][0]


async def test_who_sends_everything_before_the_message_goes_out_is_thanked_instead(chats: Chats) -> None:
    officer = chats.officer(ONE)
    chats.town.running()
    await chats.reminding.look()
    for form in ("landmark", "landmark", "product"):
        chats.town.sends(officer, form)
    assert await chats.sent() == {}
    assert chats.keys == []
    heard = await chats.at(4, 9, 10).look()
    assert ["ส่งครบแล้ว" in said for said in heard[ONE]] == [True]
    for day in (5, 17, 31):
        assert await chats.at(day).look() == {}


async def test_an_lao_that_had_everything_from_the_start_hears_nothing(chats: Chats) -> None:
    officer = chats.officer(ONE)
    for form in ("landmark", "landmark", "product"):
        chats.town.sends(officer, form)
    chats.town.running()
    for day in (4, 17, 31):
        assert await chats.at(day).look() == {}


async def test_a_reminder_that_could_not_go_out_in_time_waits_for_the_next_morning(chats: Chats) -> None:
    chats.officer(ONE)
    chats.town.running()
    await chats.at(4, 16, 29).reminding.look()
    assert await chats.at(4, 16, 31).sent() == {}
    assert len((await chats.at(5, 8, 31).look())[ONE]) == 1


async def test_in_the_middle_of_a_form_nothing_comes_until_ten_minutes_of_silence(chats: Chats) -> None:
    chats.officer(ONE)
    chats.town.running()
    await chats.reminding.look()
    chats.person(ONE).say("/add").press("เพิ่มสินค้า")
    assert await chats.sent() == {}
    assert await chats.at(4, 9, 6).look() == {}
    [said] = (await chats.at(4, 9, 12).look())[ONE]
    assert "ขาด" in said


async def test_one_catch_up_after_days_without_the_service(chats: Chats) -> None:
    chats.officer(ONE)
    chats.town.running()
    await chats.look()
    [said] = (await chats.at(31, 10).look())[ONE]
    assert "ครบกำหนดวันนี้" in said
    assert await chats.at(31, 11).look() == {}


async def test_a_moved_deadline_is_told_once_and_old_reminders_never_go_out(chats: Chats) -> None:
    chats.officer(ONE)
    campaign = chats.town.running()
    await chats.look()
    await chats.at(17).reminding.look()  # queued, not sent
    later = replace(chats.town.campaign(campaign.id), deadline=datetime(2017, 2, 28, 16, 30, tzinfo=BANGKOK))
    chats.town.changed(later)
    assert await chats.sent() == {}
    [said] = (await chats.look())[ONE]
    assert "เปลี่ยนกำหนดส่งเป็น 28 ก.พ. 2560" in said
    for day in (18, 23, 26):
        assert await chats.at(day).look() == {}
    [said] = (await chats.at(14, month=2).look())[ONE]
    assert "กำหนดส่ง 28 ก.พ. 2560" in said
    assert "เปลี่ยน" not in said


async def test_of_two_officers_the_one_with_a_draft_is_reminded(chats: Chats) -> None:
    chats.officer(ONE), chats.officer(OTHER)
    chats.town.running()
    assert set(await chats.look()) == {ONE, OTHER}
    chats.at(16)
    chats.person(OTHER).say("/add").press("เพิ่มสินค้า")
    assert set(await chats.at(17).look()) == {OTHER}


async def test_who_blocked_the_bot_hears_the_newest_one_after_coming_back(chats: Chats) -> None:
    chats.officer(ONE)
    chats.town.running()
    chats.chat.troubles = [Unreachable("blocked")]
    assert await chats.look() == {}
    for day in (17, 24):
        assert await chats.at(day).look() == {}
    chats.at(24, 10)
    chats.person(ONE).hand_over(Reachability(True))
    [said] = (await chats.at(24, 10, 6).look())[ONE]
    assert "เหลืออีก 7 วัน" in said


async def test_who_was_removed_meanwhile_hears_nothing_more(chats: Chats) -> None:
    officer = chats.officer(ONE)
    chats.town.running()
    await chats.reminding.look()
    chats.store.run_now(officers.remove, officer.id, chats.town.now)
    assert await chats.sent() == {}
    assert chats.keys == []


async def test_one_campaign_that_fails_does_not_cost_the_others_their_reminders(
    chats: Chats, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    chats.officer(ONE)
    broken = chats.town.running()
    chats.town.running(replace(LETTER, title="เรื่องที่สอง"))
    owing = campaigns.owing

    def fails(tx: Tx, campaign: Campaign, lao_codes: Collection[str] | None = None) -> list[Owing]:
        if campaign.id == broken.id:
            raise ValueError("bug")
        return owing(tx, campaign, lao_codes)

    monkeypatch.setattr(campaigns, "owing", fails)
    [said] = (await chats.look())[ONE]
    assert "เรื่องที่สอง" in said
    assert "a look at a campaign failed" in caplog.text
    monkeypatch.undo()
    [said] = (await chats.at(4, 10).look())[ONE]
    assert "บันทึกข้อมูลท้องถิ่น" in said


async def test_all_reminders_of_a_claim_are_checked_in_one_look_and_each_names_its_own(chats: Chats) -> None:
    first, *_ = [chats.officer(ONE + number, lao.code) for number, lao in enumerate(LAOS)]
    chats.town.running()
    chats.town.sends(first)
    await chats.at(17).reminding.look()
    with statements(chats.store) as ran:
        heard = await chats.sent()
    assert len([one for one in ran if "FROM campaign_tally" in one]) == 1
    assert len(heard) == len(LAOS)
    assert heard[ONE] != heard[ONE + 1]


async def test_a_reminder_that_cannot_be_worded_costs_no_other_of_its_claim(
    chats: Chats, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = chats.officer(ONE)
    for number, lao in enumerate(LAOS[1:], 1):
        chats.officer(ONE + number, lao.code)
    chats.town.running()
    await chats.at(17).reminding.look()

    def fails(desk: Desk, campaign: Campaign, reminder: Reminder) -> Reply:
        if reminder.officer_id == broken.id:
            raise ValueError("bug")
        return deadlines.reminder_reply(desk, campaign, reminder)

    monkeypatch.setattr("bot.notices.reminder_reply", fails)
    assert sorted(await chats.sent()) == [ONE + number for number in range(1, len(LAOS))]
    assert "a notice failed" in caplog.text
    monkeypatch.undo()
    assert list(await chats.at(17, 9, 5).sent()) == [ONE]


async def test_the_loop_looks_by_itself_and_stops_when_it_is_told_to(chats: Chats) -> None:
    chats.officer(ONE)
    reminding = Reminding(chats.store, lambda: chats.town.now, every=0.01)
    running = asyncio.create_task(reminding.run())
    chats.town.running()
    async with asyncio.timeout(5):
        heard: dict[int, list[str]] = {}
        while not heard:
            heard = await chats.sent()
        reminding.stop()
        await running
    assert len(heard[ONE]) == 1


# --- the coordinators' digest


async def test_a_digest_a_day_goes_to_the_coordinators_of_a_province_that_is_behind(chats: Chats) -> None:
    chats.officer(ONE)
    chats.coordinator(BOSS, Reach(provinces=("ลำปาง",)))
    chats.town.running()
    await chats.look()
    assert BOSS not in await chats.at(27).look()
    [said] = (await chats.at(30).look())[BOSS]
    assert "จังหวัดลำปาง" in said
    assert "ยังไม่ครบ 3 แห่ง" in said
    assert "ยังไม่มีเจ้าหน้าที่เข้าร่วม ควรโทรแจ้ง (2 แห่ง)" in said
    assert "แพร่" not in said
    assert BOSS not in await chats.at(30, 15).look()
    assert len((await chats.at(31).look())[BOSS]) == 1
    assert len((await chats.at(1, month=2).look())[BOSS]) == 1


async def test_no_digest_where_every_lao_has_sent_everything(chats: Chats) -> None:
    chats.coordinator(BOSS, Reach(districts=(("ลำปาง", "เกาะคา"),)))
    officer = chats.officer(ONE, KOKHA)
    chats.town.running()
    for form in ("landmark", "landmark", "product"):
        chats.town.sends(officer, form)
    assert BOSS not in await chats.at(31).look()


async def test_a_coordinator_of_many_provinces_gets_the_numbers(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.coordinators.MOST_PROVINCES", 1)
    chats.coordinator(BOSS, Reach(everywhere=True))
    chats.town.running()
    said, _ = (await chats.at(31).look())[BOSS]
    assert "ลำปาง ยังไม่ครบ 3 จาก 3 แห่ง" in said
    assert "แพร่ ยังไม่ครบ 2 จาก 2 แห่ง" in said
    assert "https://web.example/campaigns/1/phone" in said


async def test_where_words_cannot_name_every_lao_a_file_with_all_of_them_comes_once(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.coordinators.MOST_NAMED", 2)
    chats.coordinator(BOSS, Reach(provinces=("ลำปาง", "แพร่")))  # three of ลำปาง lack something, two of แพร่
    chats.town.running()
    await chats.at(31).look()
    files = [one.attached for _, one in chats.chat.replies if one.attached]
    assert files == [Listing(1, "ลำปาง", BOSS)]
    assert any("ที่ยังขาดทั้งหมด 3 แห่ง จังหวัดลำปาง" in said for said in chats.chat.heard(BOSS))
    assert await chats.at(31, 15).look() == {}
    monkeypatch.setattr("bot.coordinators.MOST_PROVINCES", 1)
    await chats.at(1, month=2).look()
    assert chats.chat.replies[-1][1].attached == Listing(1, "", BOSS)
    assert "ที่ยังขาดทั้งหมด 5 แห่ง ทุกจังหวัดในพื้นที่ของท่าน" in chats.chat.heard(BOSS)[-1]


@pytest.mark.parametrize("trouble", [TryAgain("502"), TryAgain("429", 30), ValueError("bug")])
async def test_the_file_never_comes_before_the_words_that_announce_it(
    chats: Chats, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    monkeypatch.setattr("bot.coordinators.MOST_NAMED", 2)
    chats.coordinator(BOSS, Reach(provinces=("ลำปาง",)))
    chats.town.running()
    await chats.at(31).sent()  # the coordinator's own menu
    await chats.reminding.look()
    chats.chat.troubles = [trouble]
    assert await chats.sent() == {}
    words, file = (await chats.at(31, 9, 1).sent())[BOSS]
    assert "ยังไม่ครบ 3 แห่ง" in words
    assert "ที่ยังขาดทั้งหมด 3 แห่ง" in file


@pytest.mark.parametrize(("first", "then"), [(LAMPANG, EVERYWHERE), (EVERYWHERE, LAMPANG)])
async def test_whose_provinces_become_more_or_fewer_has_no_second_digest_that_day(
    chats: Chats, monkeypatch: pytest.MonkeyPatch, first: Reach, then: Reach
) -> None:
    monkeypatch.setattr("bot.coordinators.MOST_PROVINCES", 1)
    chats.coordinator(BOSS, first)
    chats.town.running()
    assert (await chats.at(30).look())[BOSS]
    who = chats.store.read_now(coordinators.coordinator_in, BOSS)
    assert who is not None
    chats.store.run_now(reviewers.set_role, who.reviewer_id, "coordinator", then, chats.town.now)
    await chats.sent()  # what the change itself says
    for hour in (10, 15):
        assert await chats.at(30, hour).look() == {}
        chats.reminding = Reminding(chats.store, lambda: chats.town.now)  # as after a restart
    assert (await chats.at(31).look())[BOSS]


async def test_a_file_for_one_district_does_not_call_itself_the_provinces(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.coordinators.MOST_NAMED", 1)
    chats.coordinator(BOSS, Reach(districts=(("ลำปาง", "เมืองลำปาง"),)))
    chats.town.running()
    _, file = (await chats.at(31).look())[BOSS]
    assert "ที่ยังขาดทั้งหมด 2 แห่ง อำเภอเมืองลำปาง จังหวัดลำปาง" in file


async def test_what_a_coordinator_of_some_districts_hears_names_these_and_not_the_province(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    kokha = Reach(("แพร่",), (("ลำปาง", "เกาะคา"),))
    chats.coordinator(BOSS, kokha)
    chats.town.running()
    said = "\n".join((await chats.at(30).look())[BOSS])
    assert "</b> อำเภอเกาะคา จังหวัดลำปาง ณ วันที่ 30 มกราคม 2560\n" in said
    assert "</b> จังหวัดแพร่ ณ วันที่ 30 มกราคม 2560\n" in said
    monkeypatch.setattr("bot.coordinators.MOST_PROVINCES", 1)
    numbers = "\n".join((await chats.at(31).look())[BOSS])
    assert "• อำเภอเกาะคา จังหวัดลำปาง ยังไม่ครบ 1 จาก 1 แห่ง" in numbers
    assert "• แพร่ ยังไม่ครบ 2 จาก 2 แห่ง" in numbers
    progress = chats.person(BOSS).say("/progress").press("ลำปาง")
    assert "</b> อำเภอเกาะคา จังหวัดลำปาง\n" in progress.text


async def test_a_digest_names_the_officer_whom_messages_do_not_reach_and_leads_to_the_page(
    chats: Chats,
) -> None:
    chats.officer(ONE, name="{มานะ} <ใจดี>")
    chats.coordinator(BOSS, Reach(provinces=("ลำปาง",)))
    chats.town.running()
    chats.person(ONE).hand_over(Reachability(False))
    [said] = (await chats.at(30).look())[BOSS]
    assert "เจ้าหน้าที่ {มานะ} <ใจดี> ขาด" in said
    assert said.endswith("รายชื่อทั้งหมดและเบอร์โทร: https://web.example/campaigns/1/phone")


async def test_a_digest_of_two_provinces_is_two_messages(chats: Chats) -> None:
    chats.coordinator(BOSS, Reach(provinces=("ลำปาง", "แพร่")))
    chats.town.running()
    heard = await chats.at(31).look()
    assert ["จังหวัดลำปาง" in said for said in sorted(heard[BOSS])] == [True, False]


# --- a coordinator's own words


async def test_a_message_to_the_laos_that_lack_something_reaches_their_officers_once(chats: Chats) -> None:
    busy = chats.officer(ONE)
    chats.officer(OTHER, KOKHA), chats.officer(THIRD, PHRAE)
    campaign = chats.town.running(replace(LETTER, before=(0,)))
    for form in ("landmark", "landmark", "product"):
        chats.town.sends(busy, form)
    lacking = BroadcastFilter(campaign, "lacking", province="ลำปาง")
    to = chats.store.read_now(broadcasts.audience, Reach(everywhere=True), lacking)
    words = "โทร. <b>054-123456</b> ได้ทุกวัน {นะ}"
    chats.store.run_now(broadcasts.send, chats.town.reviewer_id, campaign.id, words, to, chats.town.now)
    heard = await chats.sent()
    assert set(heard) == {OTHER}
    assert words in heard[OTHER][0]
    assert "บันทึกข้อมูลท้องถิ่น" in heard[OTHER][0]
    chats.town.now += timedelta(hours=1)
    assert await chats.sent() == {}
