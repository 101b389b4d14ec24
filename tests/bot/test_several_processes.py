"""Two processes, connections that break and rows that are held: nothing confirmed is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import sqlalchemy as sa

from bot.chat_service import Arrived
from bot.conversation import HANDLE, Came
from flows.core.chat import Said
from flows.core.fields import parts_of
from storage import conversations
from storage.db import StorageUnavailable, Store, Tx
from storage.tables import chat
from tests.bot.talk import Talk, fresh_ids
from tests.conftest import on_postgresql

CHATS, PARTS = 14, 40


@on_postgresql
async def test_nothing_is_lost_doubled_or_out_of_order(store: Store, database: str) -> None:
    other = Store(database)
    stores, chance = (store, other), random.Random(7)
    talks = [Talk(store, 7_000_000_001 + n).joined() for n in range(CHATS)]
    for one in talks:
        one.say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("2. ")
    errors: Counter[str] = Counter()
    ended = asyncio.Event()

    async def once(at: Store, came: Came) -> None:
        while True:
            try:
                await at.run_grouped(HANDLE, came)
                return
            except StorageUnavailable:
                errors["away"] += 1
            except Exception as error:
                errors[f"{type(error).__name__}: {error}"[:200]] += 1
            await asyncio.sleep(chance.random() * 0.05)

    async def talking(talk: Talk) -> None:
        for n in range(PARTS):
            arrived = Arrived(next(fresh_ids), talk.chat_id, True, "x", "th", Said(f"ก{n}"))
            came = Came([arrived], talk.now, "b")
            if chance.random() < 0.3:  # delivered to both at once
                await asyncio.gather(*(once(one, came) for one in stores))
            else:
                asked = asyncio.create_task(chance.choice(stores).run_grouped(HANDLE, came))
                if chance.random() < 0.2:  # whoever asked goes away
                    await asyncio.sleep(chance.random() * 0.02)
                    asked.cancel()
                await asyncio.gather(asked, return_exceptions=True)
                await once(chance.choice(stores), came)
            await asyncio.sleep(chance.random() * 0.05)

    async def breaking() -> None:
        while not ended.is_set():
            await asyncio.sleep(0.15)
            kill = sa.text(
                "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE datname ="
                " current_database() AND pid <> pg_backend_pid() AND application_name = 'thongthin'"
                " ORDER BY random() LIMIT 2) x"
            )
            await asyncio.gather(store.run(Tx.execute, kill), return_exceptions=True)

    def hold(tx: Tx) -> None:
        ids = chance.sample([one.chat_id for one in talks], 2)
        tx.execute(
            sa.select(chat.c.id).where(chat.c.id.in_(ids)).order_by(chat.c.id.desc()).with_for_update()
        )
        tx.exec_driver_sql("SELECT pg_sleep(0.35)")

    async def holding() -> None:
        while not ended.is_set():
            await asyncio.gather(other.run(hold), return_exceptions=True)
            await asyncio.sleep(0.2)

    around = [asyncio.create_task(breaking()), asyncio.create_task(holding())]
    async with asyncio.timeout(120):
        await asyncio.gather(*(talking(one) for one in talks))
    ended.set()
    await asyncio.gather(*around)
    other.close()
    print(errors)
    for talk in talks:
        [draft] = store.read_now(conversations.drafts_of, talk.officer.id)
        assert [part["text"] for part in parts_of(draft.conversation.partial)] == [
            f"ก{n}" for n in range(PARTS)
        ]
    assert set(errors) <= {"away"}, errors
