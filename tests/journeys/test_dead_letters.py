"""What was set aside by a mistake of ours is run again by a running service, in its chat's order and exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.simulator import Person
from bot.simulator.person import said
from bot.telegram import updates
from flows.core.photos import kept_of
from storage import conversations, dead_letters, officers
from storage.db import Store
from storage.dead_letters import DeadLetter
from tests.journeys.conftest import Poison
from tests.journeys.steps import PHOTO, begin, settled, to_photos
from tests.replicas import Replicas, replicas
from tests.scraping import until
from tests.town import Town, town

TAKEN, TOO_LATE, NOT_SAVED = "ได้แล้วตอนนี้", "จึงไม่ได้เปลี่ยนอะไร", "คำตอบล่าสุดไม่ได้บันทึก"


async def answers(t: Town, o: Person) -> dict[str, Any]:
    officer = await t.store.read(officers.officer_in, o.id)
    assert officer is not None
    [draft] = await t.store.read(conversations.drafts_of, officer.id)
    return {**draft.conversation.partials, **draft.conversation.answers}


async def letters(t: Town) -> list[DeadLetter]:
    return await t.store.read(dead_letters.newest)


async def mark_all(t: Town) -> None:
    """What `thongthin dead-letter retry --all` does."""
    assert await t.store.run(dead_letters.run_again, t.clock())


async def none_left(t: Town) -> None:
    async def reached() -> bool:
        return not await letters(t)

    await until(reached)


async def quick(t: Town) -> Town:
    await t.stop()
    t.parts = replace(t.parts, retry_every=0.1)
    await t.start()
    return t


async def test_after_the_mistake_is_mended_the_answer_is_taken_where_it_still_fits(
    store: Store, tmp_path: Path, poison: Poison
) -> None:
    async with town(store, tmp_path) as t:
        await quick(t)
        o = await t.officer()
        await begin(o)
        await o.say("วัดยาพิษ")
        await o.hears(NOT_SAVED)
        poison.mended = True
        await mark_all(t)
        await o.hears(TAKEN)
        await o.hears("ขั้นที่ 2")
        await none_left(t)
        assert await answers(t, o) == {"name": "วัดยาพิษ"}
        await o.press("2. ")
        await o.hears("ขั้นที่ 3")


async def test_what_was_answered_since_is_not_overwritten(
    store: Store, tmp_path: Path, poison: Poison
) -> None:
    async with town(store, tmp_path) as t:
        await quick(t)
        o = await t.officer()
        await begin(o)
        await o.say("วัดยาพิษ")
        await o.hears(NOT_SAVED)
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        poison.mended = True
        await mark_all(t)
        await o.hears(TOO_LATE)
        await none_left(t)
        assert await answers(t, o) == {"name": "วัดพระธาตุ"}


async def test_one_that_fails_again_stays_and_the_officer_is_not_troubled_twice(
    store: Store, tmp_path: Path, poison: Poison
) -> None:
    async with town(store, tmp_path) as t:
        await quick(t)
        o = await t.officer()
        await begin(o)
        await o.say("วัดยาพิษ")
        await o.hears(NOT_SAVED)
        await mark_all(t)

        async def failed() -> bool:
            [letter] = await letters(t)
            return (letter.attempts, letter.retry_at) == (8, None)

        await until(failed)
        await settled(o)
        assert sum(NOT_SAVED in said(one) for one in o.messages) == 1
        poison.mended = True
        await mark_all(t)
        await o.hears(TAKEN)
        await none_left(t)


async def test_the_mark_outlasts_a_service_that_is_not_running(
    embedded: Store, tmp_path: Path, poison: Poison
) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        await o.say("วัดยาพิษ")
        await o.hears(NOT_SAVED)
        await t.stop()
        poison.mended = True
        await mark_all(t)
        await t.start()
        await o.hears(TAKEN)
        assert await answers(t, o) == {"name": "วัดยาพิษ"}


async def test_a_claim_of_a_process_that_died_runs_out(
    embedded: Store, tmp_path: Path, poison: Poison
) -> None:
    async with town(embedded, tmp_path) as t:
        await quick(t)
        o = await t.officer()
        await begin(o)
        await o.say("วัดยาพิษ")
        await o.hears(NOT_SAVED)
        await t.stop()
        poison.mended = True
        await mark_all(t)
        assert await t.store.run(dead_letters.claim, t.clock())  # and dies
        await t.start()
        await asyncio.sleep(0.5)
        assert await letters(t)
        t.clock.move(timedelta(seconds=31))
        await o.hears(TAKEN)
        await none_left(t)


async def test_an_update_that_could_not_be_read_is_read_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = updates._read

    def stumbling(raw: Mapping[str, Any]) -> Any:
        if "อ่านไม่ออก" in str(raw):
            raise ValueError("อ่านไม่ออก")
        return read(raw)

    async with town(store, tmp_path) as t:
        await quick(t)
        o = await t.officer()
        await begin(o)
        await settled(o)
        with monkeypatch.context() as patch:
            patch.setattr(updates, "_read", stumbling)
            await o.say("วัดอ่านไม่ออก")

            async def kept() -> bool:
                return [one.chat_id for one in await letters(t)] == [None]

            await until(kept)
            await mark_all(t)

            async def failed() -> bool:
                [letter] = await letters(t)
                return letter.attempts == 2

            await until(failed)
        await mark_all(t)
        await o.hears("ขั้นที่ 2")
        await none_left(t)
        assert await answers(t, o) == {"name": "วัดอ่านไม่ออก"}


async def test_a_photo_is_fetched_anew_and_taken(
    embedded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.FIRST_PAUSE", 0.01)
    async with town(embedded, tmp_path) as t:
        await quick(t)
        o = await t.officer()
        await to_photos(o)
        with monkeypatch.context() as patch:
            patch.setattr("bot.reception.warnings", None)
            await o.send_photos([PHOTO])
            await o.hears(NOT_SAVED)
        await mark_all(t)
        await o.hears("1 รูป")
        await none_left(t)
        assert len(kept_of((await answers(t, o))["photos"])) == 1


async def says_poison(t: Replicas, o: Person) -> None:
    await begin(o)
    await o.say("วัดยาพิษ")
    await o.hears(NOT_SAVED)


async def test_by_webhook_over_two_processes_it_is_done_once(
    database: str, tmp_path: Path, poison: Poison
) -> None:
    async with replicas(database, tmp_path, 0) as t:
        t.parts = replace(t.parts, retry_every=0.05)
        for _ in range(2):
            await t.start_one()
        people = [await t.officer(f"เจ้าหน้าที่ {n}") for n in range(3)]
        for o in people:
            await says_poison(t, o)
        poison.mended = True
        await mark_all(t)
        for o in people:
            await o.hears(TAKEN)
        await none_left(t)
        for o in people:
            await settled(o)
            assert sum(TAKEN in said(one) for one in o.messages) == 1
            assert await answers(t, o) == {"name": "วัดยาพิษ"}
