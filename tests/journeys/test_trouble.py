"""Journeys through trouble: Telegram down or slow, the database locked, the disk full, poison, and being killed."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.logs import JsonLines
from bot.simulator import Person
from bot.simulator.person import said
from storage import conversations, officers, outbox
from storage.db import Store
from storage.media import FolderMedia
from storage.tables import dead_letter
from tests.journeys.conftest import Poison
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
from tests.town import Town, town


async def answers(t: Town, o: Person) -> dict[str, object]:
    officer = await t.store.read(officers.officer_in, o.id)
    assert officer is not None
    [draft] = await t.store.read(conversations.drafts_of, officer.id)
    return {**draft.conversation.partials, **draft.conversation.answers}


# --- Telegram


@pytest.mark.parametrize(("code", "retry_after", "times"), [(429, 1, 1), (500, None, 2), (502, None, 2)])
async def test_an_answer_that_telegram_would_not_send_comes_a_little_later(
    embedded: Store, tmp_path: Path, code: int, retry_after: int | None, times: int
) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        t.sim.fail("sendMessage", code, times=times, retry_after=retry_after)
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        await settled(o)
        assert sum("ขั้นที่ 2" in said(one) for one in o.messages) == 1
        assert await answers(t, o) == {"name": "วัดพระธาตุ"}


async def test_another_officer_does_not_wait_for_ones_429(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        one, other = await t.officer("หนึ่ง"), await t.officer("สอง")
        t.sim.fail("sendMessage", 429, retry_after=3)
        await one.say("/menu")
        await asyncio.sleep(0.1)
        await other.say("/menu")
        await other.hears("ต้องการทำอะไร", within=1.5)
        await one.hears("ต้องการทำอะไร")


async def test_telegram_down_for_asking_loses_no_message(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        t.sim.fail("getUpdates", 502, times=1)
        t.sim.drop_before("getUpdates")
        t.sim.drop_after("getUpdates")
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        assert await answers(t, o) == {"name": "วัดพระธาตุ"}


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_connection_that_breaks_at_sending_in_submits_once(
    embedded: Store, tmp_path: Path, when: str
) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await to_summary(o)
        await settled(o)
        (t.sim.drop_before if when == "before" else t.sim.drop_after)("sendMessage")
        await o.press("ส่งให้ตรวจ")
        await o.hears("L-2560-000001")
        await settled(o)
        assert len(await entries(t)) == 1


async def test_a_file_that_telegram_hands_out_only_later_is_taken_by_itself(
    embedded: Store, tmp_path: Path
) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        t.sim.fail("getFile", 500)
        t.sim.fail("file", 502)
        await o.send_photos([PHOTO, ANOTHER])
        await o.hears("2 รูป")
        assert sorries(o) == 0


async def test_a_slow_answer_to_one_does_not_keep_others_waiting(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        one, other = await t.officer("หนึ่ง"), await t.officer("สอง")
        t.sim.delay(2.0, "sendMessage")
        await one.say("/menu")
        await asyncio.sleep(0.1)
        await other.say("/menu")
        await other.hears("ต้องการทำอะไร", within=1.5)
        await one.hears("ต้องการทำอะไร")


async def test_what_telegram_delivers_twice_is_taken_once(store: Store, tmp_path: Path) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        await settled(o)
        t.sim.redeliver(max(t.sim.updates.recent))
        await settled(o)
        assert await answers(t, o) == {"name": "วัดพระธาตุ"}


async def test_a_press_that_telegram_delivers_twice_is_taken_once(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path, expects_refusals=True) as t:
        o = await t.officer()
        await to_summary(o)
        await settled(o)
        await o.press("ส่งให้ตรวจ")
        await o.hears("L-2560-000001")
        await settled(o)
        t.sim.redeliver(max(t.sim.updates.recent))
        await o.hears("L-2560-000001")  # the first saying of it may have been lost
        await settled(o)
        assert len(await entries(t)) == 1
        # Whether the press was answered before cannot be known, so it is answered again.
        assert [one["method"] for one in t.sim.refusals] == ["answerCallbackQuery"]


# --- killed


async def test_killed_between_keeping_an_answer_and_saying_so_it_says_so_after_the_restart(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.GRACE", 0.05)
    async with town(store, tmp_path) as t:
        o = await t.officer()
        await begin(o)

        async def never(*_: Any, **__: Any) -> None:
            reached.set()
            await asyncio.Event().wait()

        reached = asyncio.Event()
        monkeypatch.setattr(t.service.telegram, "send", never)
        await o.say("วัดพระธาตุ")
        await asyncio.wait_for(reached.wait(), 5)
        assert await answers(t, o) == {"name": "วัดพระธาตุ"}
        await t.stop()
        await o.hears_nothing(0.05)
        await t.start()
        await o.hears("ขั้นที่ 2")
        await settled(o)
        assert await answers(t, o) == {"name": "วัดพระธาตุ"}
        assert t.sim.pending == 0


async def test_killed_before_keeping_an_answer_it_is_taken_after_the_restart(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.GRACE", 0.05)
    async with town(store, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)

        async def never(*_: Any) -> bytes:
            reached.set()
            await asyncio.Event().wait()
            return b""

        reached = asyncio.Event()
        monkeypatch.setattr(t.service.telegram, "fetch", never)
        await o.send_photos([PHOTO])
        await asyncio.wait_for(reached.wait(), 5)
        await t.stop()
        assert "photos" not in await answers(t, o)
        await t.start()
        await o.hears("1 รูป")


# --- the database and the disk


async def test_while_the_database_is_locked_it_says_so_once_and_then_takes_the_answer(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.db.PATIENCE", 0.05)
    with contextlib.closing(Store(database)) as store:
        async with town(store, tmp_path) as t:
            o = await t.officer()
            await begin(o)
            async with Locked(store):
                await o.say("วัดพระธาตุ")
                await o.hears(SORRY_NOT_YET)
                await asyncio.sleep(1.2)
            await o.hears("ขั้นที่ 2")
            assert sorries(o) == 1
            assert await answers(t, o) == {"name": "วัดพระธาตุ"}


async def test_a_full_disk_is_told_once_and_the_photos_are_taken_when_there_is_room(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, full = FolderMedia.put, [OSError(errno.ENOSPC, "No space left on device")] * 2

    def sometimes(self: FolderMedia, key: str, data: bytes, content_type: str) -> None:
        if full:
            raise full.pop()
        put(self, key, data, content_type)

    async with town(store, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        monkeypatch.setattr(FolderMedia, "put", sometimes)
        await o.send_photos([PHOTO, ANOTHER])
        await o.hears(SORRY_NOT_YET)
        await o.hears("2 รูป")
        assert sorries(o) == 1
        assert len(await answers(t, o)) == 3


# --- our own mistakes


async def letters(t: Town) -> list[Any]:
    return await t.store.read(lambda tx: list(tx.execute(sa.select(dead_letter))))


@pytest.mark.usefixtures("poison")
async def test_a_poisonous_update_is_set_aside_and_everything_else_goes_on(
    store: Store, tmp_path: Path
) -> None:
    async with town(store, tmp_path) as t:
        o, other = await t.officer(), await t.officer("อีกคน")
        await begin(o)
        await o.say("วัดยาพิษ")
        await other.say("/menu")
        await other.hears("ต้องการทำอะไร")
        await o.hears("คำตอบล่าสุดไม่ได้บันทึก")
        [letter] = await letters(t)
        assert (letter.chat_id, letter.error, letter.attempts) == (o.id, "ValueError: วัดยาพิษ", 4)
        assert letter.raw["message"]["text"] == "วัดยาพิษ"
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        await settled(o)
        assert t.sim.pending == 0


# Both are "operational" errors to the driver, as a lock or a full disk is.
WRONG_STATEMENTS = {
    "sqlite": "SELECT no_such_column",
    "postgresql": "SELECT array_fill(0, ARRAY[2000000000])",
}


async def test_a_statement_that_is_wrong_is_a_mistake_of_ours_and_blocks_nobody(
    store: Store, tmp_path: Path, poison: Poison
) -> None:
    wrong = sa.text(WRONG_STATEMENTS[store.engine.dialect.name])
    poison.does = lambda _: store.read_now(lambda tx: tx.execute(wrong))
    async with town(store, tmp_path) as t:
        o, other = await t.officer(), await t.officer("อีกคน")
        await begin(o)
        await o.say("วัดยาพิษ")
        await o.hears("คำตอบล่าสุดไม่ได้บันทึก")
        await other.say("/menu")
        await other.hears("ต้องการทำอะไร")
        assert [(one.chat_id, one.attempts) for one in await letters(t)] == [(o.id, 4)]
        assert t.sim.pending == 0


async def test_what_no_database_takes_is_set_aside_all_the_same(store: Store, tmp_path: Path) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        odd = {"message_id": 1, "chat": {"id": o.id}, "caption": "ครึ่ง \ud800 ศูนย์ \0"}
        update_id = t.sim.updates.add("message", odd, ("message", o.id))
        await begin(o)
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        await settled(o)
        [letter] = await letters(t)
        assert letter.update_id == update_id
        assert letter.raw["message"]["caption"].replace("?", "\ufffd") == "ครึ่ง \ufffd ศูนย์ \ufffd"
        assert t.sim.pending == 0


async def test_an_update_that_cannot_be_read_is_set_aside_and_blocks_nobody(
    store: Store, tmp_path: Path
) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        update_id = t.sim.updates.add("message", {"message_id": 1, "chat": {"id": o.id}}, ("message", o.id))
        await begin(o)
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        await settled(o)
        assert [(one.update_id, one.chat_id) for one in await letters(t)] == [(update_id, None)]
        assert t.sim.pending == 0


@pytest.mark.usefixtures("poison")
async def test_no_log_line_holds_the_token_or_what_a_person_wrote(
    embedded: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with town(embedded, tmp_path) as t:
        o = await t.officer("สมศรี นามสกุลลับ")
        await to_photos(o, "วัดลับสุดยอด")
        t.sim.fail("sendMessage", 502, times=2)
        t.sim.fail("getUpdates", 500)
        t.sim.fail("getFile", 502)
        t.sim.drop_before("file")
        t.sim.drop_after("getUpdates")
        await o.send_photos([PHOTO])
        await o.hears("1 รูป")
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 5")
        await o.say("ยาพิษ 081-234-5678")
        await o.hears("คำตอบล่าสุดไม่ได้บันทึก")
        t.sim.updates.add("message", {"chat": {"id": o.id}, "text": "ข้อความลับ"}, ("message", o.id))
        await o.say("081-234-5678")
        await o.hears("ขั้นที่ 6")
    lines = [JsonLines().format(record) for record in caplog.records]
    assert any("updates set aside" in line for line in lines)
    for secret in (t.sim.token, "ลับ", "ยาพิษ", "081-234", "0812345678"):
        assert not [line for line in lines if secret in line]


async def test_a_reply_that_cannot_be_said_for_long_is_said_by_the_outbox(
    embedded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.reception.PATIENCE", 0.1)
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        before = said_by_bot(o)
        t.sim.fail("sendMessage", 500, times=2)
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        await settled(o)
        assert said_by_bot(o) == before + 1


async def test_nobody_waits_for_the_bot_to_introduce_itself(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await t.stop()
        t.sim.delay(6.0, "setMyCommands")
        await o.say("/add")
        starting = asyncio.create_task(t.start())
        await o.hears("จะเพิ่มอะไร", within=4.0)
        assert not starting.done()
        await starting
        assert any(one["method"] == "setMyShortDescription" for one in t.sim.log if one["kind"] == "call")


async def test_what_a_process_was_saying_when_it_died_is_said_after_the_start(
    embedded: Store, tmp_path: Path
) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await t.stop()
        embedded.run_now(outbox.put, "test", o.id, "resume", {}, t.clock())
        assert embedded.run_now(outbox.claim, 9, t.clock(), process="dead000")
        await t.start()
        await o.hears("ต้องการทำอะไร", within=30)
