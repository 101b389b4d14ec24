"""Journeys by webhook: several processes behind one address, with everything that can befall an update on its way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from bot.postbox import Postbox
from bot.simulator import Person
from bot.simulator.person import said
from flows.core.photos import Kept, kept_of
from storage import conversations, officers, outbox
from storage.tables import dead_letter
from tests.journeys.steps import (
    ANOTHER,
    PHOTO,
    begin,
    entries,
    said_by_bot,
    settled,
    to_photos,
    to_summary,
)
from tests.journeys.trouble import SORRY_NOT_YET, Locked, sorries
from tests.replicas import Replicas, replicas
from tests.round_robin import Trouble
from tests.storage.pictures import saved, scene
from tests.town import LAOS

ALBUM = [saved(scene(n, 320, 240)) for n in range(5)]


async def answers(t: Replicas, o: Person) -> dict[str, Any]:
    officer = await t.store.read(officers.officer_in, o.id)
    assert officer is not None
    [draft] = await t.store.read(conversations.drafts_of, officer.id)
    return {**draft.conversation.partials, **draft.conversation.answers}


async def until(reached: Callable[[], bool], within: float = 10.0) -> None:
    for _ in range(int(within / 0.02)):
        if reached():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {within:g} s")


async def all_done(t: Replicas, within: float = 30.0) -> None:
    """Every update is confirmed, which follows what is said to it at once, and nothing waits to be said later."""
    await until(lambda: t.sim.pending == 0 and not t.store.read_now(outbox.waiting_count), within)


async def kept(t: Replicas, o: Person) -> list[Kept]:
    return kept_of((await answers(t, o)).get("photos"))


async def test_a_form_with_an_album_over_two_processes(database: str, tmp_path: Path) -> None:
    async with replicas(database, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        before = said_by_bot(o)
        sent = await o.send_photos(ALBUM)
        await o.hears("ครบ 5 รูป")
        await settled(o)
        assert said_by_bot(o) == before + 1
        assert [one.ref for one in await kept(t, o)] == [str(one["message_id"]) for one in sent]
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 5")
        await o.say("054-123-456")
        await o.hears("ขั้นที่ 6")
        await o.press("ข้าม")
        await o.hears("ส่งให้ตรวจ")
        await o.press("ส่งให้ตรวจ")
        await o.hears("L-2560-000001")
        assert len(await entries(t)) == 1
        await until(lambda: t.sim.pending == 0)  # the answer to Telegram follows what the officer hears
        assert len({process for process, _ in t.balancer.answered}) == 2
        assert {status for _, status in t.balancer.answered} == {200}


# --- what befalls updates on their way


def each_once(*troubles: Trouble) -> Any:
    """The troubles in turn, each at an update's first posting; the second one arrives."""
    waiting = list(troubles)

    def befalls(update: dict[str, Any], times: int) -> Trouble:
        if times or not waiting:
            return ""
        waiting.append(waiting[0])
        return waiting.pop(0)

    return befalls


async def test_through_503s_lost_answers_and_doubles_everything_is_there_once_and_in_order(
    database: str, tmp_path: Path
) -> None:
    # A press that comes twice is answered twice: the first answer may have been lost.
    async with replicas(database, tmp_path, expects_refusals=True) as t:
        o = await t.officer()
        t.balancer.trouble = each_once("503", "both", "lost", "slow")
        await to_photos(o)
        sent = await o.send_photos(ALBUM)
        await o.hears("ครบ 5 รูป")
        await settled(o)
        assert [one.ref for one in await kept(t, o)] == [str(one["message_id"]) for one in sent]
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 5")
        await o.say("054-123-456")
        await o.hears("ขั้นที่ 6")
        await o.press("ข้าม")
        await o.hears("ส่งให้ตรวจ")
        told = await answers(t, o)
        assert (told["name"], told["category"]) == ("วัดพระธาตุลำปางหลวง", "sacred")
        await o.press("ส่งให้ตรวจ")
        await o.hears("L-2560-000001")
        await settled(o)
        assert len(await entries(t)) == 1
        assert t.sim.pending == 0
    # So are the buttons of what was pressed taken off twice.
    assert {one["method"] for one in t.sim.refusals} <= {"answerCallbackQuery", "editMessageReplyMarkup"}


async def test_an_album_keeps_its_order_when_a_photo_that_was_refused_comes_after_later_ones(
    database: str, tmp_path: Path
) -> None:
    async with replicas(database, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        t.sim.webhook.in_order = False
        second = max(t.sim.updates.recent) + 2
        t.balancer.trouble = lambda update, times: (
            "503" if update["update_id"] == second and times < 2 else ""
        )
        before = said_by_bot(o)
        sent = await o.send_photos(ALBUM)
        await o.hears("ครบ 5 รูป")
        await settled(o)
        assert [one.ref for one in await kept(t, o)] == [str(one["message_id"]) for one in sent]
        assert said_by_bot(o) == before + 1


async def test_a_photo_that_comes_long_after_its_album_is_at_its_place_and_said(
    database: str, tmp_path: Path
) -> None:
    async with replicas(database, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        t.sim.webhook.in_order = False
        second, let = max(t.sim.updates.recent) + 2, asyncio.Event()
        t.balancer.trouble = lambda update, times: (
            "503" if update["update_id"] == second and not let.is_set() else ""
        )
        sent = await o.send_photos(ALBUM)
        await o.hears("4 รูป")
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 5")
        let.set()
        await o.hears("รวม 5 รูป")
        assert [one.ref for one in await kept(t, o)] == [str(one["message_id"]) for one in sent]
        await o.say("054-123-456")  # the question stood all the while
        await o.hears("ขั้นที่ 6")


async def test_a_file_of_an_album_that_is_no_picture_is_said_with_the_rest(
    embedded_setting: str, tmp_path: Path
) -> None:
    async with replicas(embedded_setting, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        before = said_by_bot(o)
        await o.send_photos([PHOTO, b"%PDF-1.7\n", ANOTHER], as_file=True)
        heard = said(await o.hears("2 รูป"))
        assert "PDF" in heard
        await settled(o)
        assert said_by_bot(o) == before + 1


async def test_an_album_of_nothing_but_refused_files_says_so_and_can_be_sent_again(
    embedded_setting: str, tmp_path: Path
) -> None:
    async with replicas(embedded_setting, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        await o.send_photos([b"%PDF-1.7\n", b"%PDF-1.4\n"], as_file=True)
        assert said(await o.hears("⚠️")).count("PDF") == 1
        await o.send_photos([PHOTO, ANOTHER])
        await o.hears("2 รูป")


async def test_more_than_five_photos_are_told_once(embedded_setting: str, tmp_path: Path) -> None:
    async with replicas(embedded_setting, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        before = said_by_bot(o)
        await o.send_photos([saved(scene(n, 320, 240)) for n in range(8)])
        heard = said(await o.hears("ไม่เกิน 5 รูป"))
        assert heard.count("ไม่เกิน 5 รูป") == 1
        assert "ครบ 5 รูป" in heard
        await settled(o)
        assert said_by_bot(o) == before + 1
        assert len(await kept(t, o)) == 5


async def test_doubts_are_told_by_the_numbers_that_the_photos_have_in_the_end(
    embedded_setting: str, tmp_path: Path
) -> None:
    dark = saved(scene(7, 800, 600).point(lambda v: v // 12))
    async with replicas(embedded_setting, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        t.sim.webhook.in_order = False
        first = max(t.sim.updates.recent) + 1
        t.balancer.trouble = lambda update, times: "503" if update["update_id"] == first and times < 2 else ""
        await o.send_photos([PHOTO, ANOTHER, dark])
        heard = said(await o.hears("3 รูป"))
        assert "รูปที่ 3 ค่อนข้างมืด" in heard
        assert "รูปที่ 2 ค่อนข้างมืด" not in heard


async def test_an_album_where_no_photos_are_asked_for_is_answered_once(
    embedded_setting: str, tmp_path: Path
) -> None:
    async with replicas(embedded_setting, tmp_path) as t:
        o = await t.officer()
        await all_done(t)
        before = said_by_bot(o)
        await o.send_photos(ALBUM)  # nothing is open
        await all_done(t)
        assert said_by_bot(o) == before + 1
        await to_summary(o)
        await all_done(t)
        before = said_by_bot(o)
        await o.send_photos(ALBUM)
        await all_done(t)
        assert said_by_bot(o) == before + 1


async def test_a_text_that_comes_in_the_middle_of_an_album_harms_nothing(
    database: str, tmp_path: Path
) -> None:
    async with replicas(database, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        t.sim.webhook.in_order = False
        sent = await o.send_photos(ALBUM)
        await o.say("นี่คือรูปของวัด")
        await o.hears("ครบ 5 รูป")
        await settled(o)
        assert [one.ref for one in await kept(t, o)] == [str(one["message_id"]) for one in sent]
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 5")


async def test_a_photo_that_done_overtakes_is_kept_and_so_is_a_text_that_skip_overtakes(
    database: str, tmp_path: Path
) -> None:
    async with replicas(database, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        await o.press("2. สถานที่ศักดิ์สิทธิ์")
        await o.hears("ขั้นที่ 3")
        t.balancer.trouble = lambda update, times: "503" if "message" in update and times < 2 else ""
        await o.say("สร้างเมื่อ พ.ศ. 2019")
        await o.press("ข้าม")
        await o.hears("ขั้นที่ 4")
        await o.hears("สร้างเมื่อ พ.ศ. 2019")
        sent = await o.send_photos([PHOTO])
        await o.hears("1 รูป")
        sent += await o.send_photos([ANOTHER])
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 5")
        await o.hears("รวม 2 รูป")
        told = await answers(t, o)
        assert told["description"] == "สร้างเมื่อ พ.ศ. 2019"
        assert [one.ref for one in await kept(t, o)] == [str(one["message_id"]) for one in sent]
        await o.say("054-123-456")
        await o.hears("ขั้นที่ 6")


async def sends_everything(t: Replicas, o: Person, name: str) -> list[str]:
    """A whole landmark with an album; the messages of its photos."""
    await to_photos(o, name)
    sent = await o.send_photos(ALBUM)
    await o.hears("ครบ 5 รูป", within=30)
    await o.press("เสร็จแล้ว")
    await o.hears("ขั้นที่ 5", within=30)
    await o.say("054-123-456")
    await o.hears("ขั้นที่ 6", within=30)
    await o.press("ข้าม")
    await o.hears("ส่งให้ตรวจ", within=30)
    await o.press("ส่งให้ตรวจ")
    await o.hears("L-2560-", within=30)
    return [str(one["message_id"]) for one in sent]


@pytest.mark.parametrize("seed", [1, 2])
async def test_many_officers_at_once_through_all_that_can_befall_an_update(
    database: str, tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    kinds: tuple[Trouble, ...] = ("", "", "", "503", "lost", "both", "slow")
    async with replicas(database, tmp_path, 3, expects_refusals=True) as t:
        people = [await t.officer(f"เจ้าหน้าที่ {n}", LAOS[n % 3]) for n in range(6)]
        t.balancer.trouble = lambda update, times: chance.choice(kinds) if times < 3 else ""
        sent = await asyncio.gather(*(sends_everything(t, o, f"วัดที่ {n}") for n, o in enumerate(people)))
        t.balancer.trouble = lambda update, times: ""
        await asyncio.gather(*(settled(o) for o in people))
        found = [one for lao in LAOS[:3] for one in await entries(t, lao=lao.code)]
        assert sorted(one.headline for one in found) == [f"วัดที่ {n}" for n in range(6)]
        for entry in found:
            photos = [one.ref for one in kept_of(entry.answers["photos"])]
            assert photos == sent[int(entry.headline[-1])]
        assert t.sim.pending == 0
        assert not await t.store.read(lambda tx: list(tx.execute(sa.select(dead_letter))))


# --- processes that come and go


async def test_a_process_that_stops_in_the_middle_of_an_album_loses_no_photo_and_says_it_once(
    database: str, tmp_path: Path
) -> None:
    async with replicas(database, tmp_path, 1) as t:
        o = await t.officer()
        await to_photos(o)
        before = said_by_bot(o)
        third = max(t.sim.updates.recent) + 3
        t.balancer.trouble = lambda update, times: (
            "503" if update["update_id"] >= third and not again.is_set() else ""
        )
        again = asyncio.Event()
        sent = await o.send_photos(ALBUM)
        await until(lambda: t.balancer.posted[third] >= 2)
        await t.stop_one(t.running[0])
        assert [one.ref for one in await kept(t, o)] == [str(one["message_id"]) for one in sent[:2]]
        again.set()
        await t.start_one()
        await o.hears("ครบ 5 รูป")
        await settled(o)
        assert [one.ref for one in await kept(t, o)] == [str(one["message_id"]) for one in sent]
        # The two that were there before the stop may have been acknowledged by themselves.
        assert said_by_bot(o) <= before + 2


async def test_killed_between_keeping_an_answer_and_saying_so_another_process_says_so(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.GRACE", 0.05)
    async with replicas(database, tmp_path, 1) as t:
        o = await t.officer()
        await begin(o)
        reached = asyncio.Event()

        async def never(*_: Any, **__: Any) -> None:
            reached.set()
            await asyncio.Event().wait()

        [killed] = t.running
        monkeypatch.setattr(killed.telegram, "send", never)
        await o.say("วัดพระธาตุ")
        await asyncio.wait_for(reached.wait(), 5)
        assert await answers(t, o) == {"name": "วัดพระธาตุ"}
        assert t.sim.pending == 1
        await t.start_one()
        await t.stop_one(killed)
        await o.hears("ขั้นที่ 2")
        await settled(o)
        assert await answers(t, o) == {"name": "วัดพระธาตุ"}
        assert t.sim.pending == 0


async def test_a_reply_that_takes_long_is_left_to_the_outbox_and_telegram_has_its_answer(
    embedded_setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.reception.POSTED_PATIENCE", 0.3)
    async with replicas(embedded_setting, tmp_path, 1) as t:
        o = await t.officer()
        await begin(o)
        t.sim.delay(3.0, "sendMessage")
        await o.say("วัดพระธาตุ")
        await until(lambda: not t.sim.pending, within=2.0)
        await o.hears("ขั้นที่ 2")
        assert await answers(t, o) == {"name": "วัดพระธาตุ"}


async def test_stopping_one_process_leaves_the_webhook_to_the_others(
    embedded_setting: str, tmp_path: Path
) -> None:
    async with replicas(embedded_setting, tmp_path) as t:
        o = await t.officer()
        await t.stop_one(t.running[0])
        await to_photos(o)
        await o.send_photos([PHOTO])
        await o.hears("1 รูป")
        assert not [one for one in t.sim.log if one.get("method") == "deleteWebhook"]


async def test_from_polling_to_webhook_and_back_nothing_that_waits_is_lost(
    database: str, tmp_path: Path
) -> None:
    async with replicas(database, tmp_path, 0) as t:
        t.by_webhook(False)
        await t.start_one()
        o = await t.officer()
        await begin(o)
        await t.stop()
        await o.say("วัดพระธาตุ")  # nobody is there
        t.by_webhook(True)
        await t.start_one()
        await t.start_one()
        await o.hears("ขั้นที่ 2")
        await o.press("2. สถานที่ศักดิ์สิทธิ์")
        await o.hears("ขั้นที่ 3")
        await o.press("ข้าม")
        await o.hears("ขั้นที่ 4")
        await settled(o)
        await t.stop()
        sent = await o.send_photos(ALBUM)
        t.by_webhook(False)
        await t.start_one()
        await o.hears("ครบ 5 รูป")
        await settled(o)
        assert [one.ref for one in await kept(t, o)] == [str(one["message_id"]) for one in sent]
        assert (await answers(t, o))["name"] == "วัดพระธาตุ"
        assert t.sim.pending == 0


# --- the database, and our own mistakes


async def test_while_the_database_is_locked_nothing_is_confirmed_and_then_it_is_taken(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.Postbox", partial(Postbox, patience=0.0))
    monkeypatch.setattr("storage.db.PATIENCE", 0.05)
    async with replicas(database, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        async with Locked(t.store):
            await o.say("วัดพระธาตุ")
            await o.hears(SORRY_NOT_YET)
            await asyncio.sleep(1.2)
            assert t.sim.pending == 1
        await o.hears("ขั้นที่ 2")
        await settled(o)
        assert await answers(t, o) == {"name": "วัดพระธาตุ"}
        assert {status for _, status in t.balancer.answered} == {200, 503}
        assert 1 <= sorries(o) <= len(t.running)  # each process says it once


@pytest.mark.usefixtures("poison")
async def test_a_poisonous_update_is_set_aside_and_telegram_goes_on(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.postbox.FIRST_PAUSE", 0.01)
    async with replicas(database, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        await o.say("วัดยาพิษ")
        await o.hears("คำตอบล่าสุดไม่ได้บันทึก")
        [letter] = await t.store.read(lambda tx: list(tx.execute(sa.select(dead_letter))))
        assert (letter.chat_id, letter.error, letter.attempts) == (o.id, "ValueError: วัดยาพิษ", 4)
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        await settled(o)
        assert t.sim.pending == 0
        assert {status for _, status in t.balancer.answered} == {200}


async def test_an_update_that_cannot_be_read_is_set_aside_and_blocks_nobody(
    database: str, tmp_path: Path
) -> None:
    async with replicas(database, tmp_path) as t:
        o = await t.officer()
        update_id = t.sim.updates.add("message", {"message_id": 1, "chat": {"id": o.id}}, ("message", o.id))
        await begin(o)
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        await settled(o)
        letters = await t.store.read(lambda tx: list(tx.execute(sa.select(dead_letter))))
        assert [(one.update_id, one.chat_id) for one in letters] == [(update_id, None)]
        assert t.sim.pending == 0
