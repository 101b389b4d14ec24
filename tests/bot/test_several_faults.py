"""Where several chats are answered together, nobody is touched by what goes wrong with another."""

from __future__ import annotations

import asyncio
import re
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.chat_service import Arrived
from bot.conversation import HANDLE, Came, handle_one, handle_several
from bot.inbox import Inbox
from bot.reception import Reception
from flows.core.chat import Json, Pressed, Said
from flows.core.fields import parts_of
from storage import conversations, invitations
from storage.db import Store, Tx
from storage.group_commit import Asked
from storage.media import FolderMedia
from storage.photos import Photos
from storage.tables import dead_letter
from tests.bot.fake_chat import FakeChat
from tests.bot.talk import Talk, fresh_ids
from tests.conftest import on_postgresql


def came(talk: Talk, what: object, name: str = "สมศรี") -> Came:
    arrived = Arrived(next(fresh_ids), talk.chat_id, True, name, "th", what, raw={"u": 1})  # type: ignore[arg-type]
    return Came([arrived], talk.now, "thongthin_bot")


def one_after_the_other(tx: Tx, asked: list[Asked[Came]]) -> list[object]:
    return [handle_one(tx, one.what) for one in asked]


def handed_over(store: Store) -> tuple[Talk, Talk]:
    old = Talk(store, 7_000_000_001).joined()
    old.say("/menu").press("ส่งมอบงาน").press("สร้างลิงก์ส่งมอบ")
    code = re.search(r"start=([\w-]+)", old.text)
    assert code
    new = Talk(store, 7_000_000_002).say(f"/start {code[1]}")
    old.say("/menu")
    return old, new


def both(store: Store, asked: list[Came], *, apart: bool) -> list[object]:
    if apart:
        return [store.run_now(handle_one, one) for one in asked]
    return list(store.run_now(handle_several, [Asked(one, copy_context()) for one in asked]))


@pytest.mark.parametrize("apart", [True, False])
def test_whose_post_is_taken_over_in_the_same_transaction_can_do_nothing_more(
    store: Store, apart: bool
) -> None:
    """Here a whole form is begun by somebody who is no officer any more: nobody ever sees that draft."""
    old, new = handed_over(store)
    yes, more = new.button("ใช่ รับงานต่อ"), old.button("เพิ่มสินค้า")
    leaving = old.officer
    _, _said = both(store, [came(new, yes), came(old, more)], apart=apart)
    assert store.read_now(conversations.drafts_of, leaving.id) == []


@on_postgresql
async def test_a_name_that_no_database_takes_sets_nobody_elses_answers_aside(
    store: Store, tmp_path: Path
) -> None:
    """Six officers answer while somebody joins under a name with a NUL: psycopg refuses it, without an SQLSTATE."""
    talks = [Talk(store, 7_000_000_001 + n).joined() for n in range(6)]
    for one in talks:
        one.say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("2. ")
    lao = talks[0].officer.lao.code
    code, _ = store.run_now(invitations.invite, lao, talks[0].now)
    stranger = Talk(store, 7_000_000_099).say(f"/start {code}")
    chat, photos = FakeChat(), Photos(FolderMedia(tmp_path / "media"))
    reception = Reception(store, photos, chat, "thongthin_bot", lambda: talks[0].now)
    inbox = Inbox(reception.receive, reception.give_up, reception.apologise)
    join = stranger.button("ใช่")

    def arrived(talk: Talk, what: object, name: str = "สมศรี") -> Arrived:
        return Arrived(next(fresh_ids), talk.chat_id, True, name, "th", what, raw={"u": 1})  # type: ignore[arg-type]

    put = [arrived(one, Said(f"เล่าเรื่อง {n}")) for n, one in enumerate(talks)]
    put.insert(3, arrived(stranger, join, "a\0b"))
    async with asyncio.timeout(30):
        await asyncio.gather(*(inbox.put(one) for one in put))
    await inbox.close(1)
    photos.close()
    aside = await store.read(lambda tx: list(tx.scalars(sa.select(dead_letter.c.chat_id))))
    assert aside == [stranger.chat_id]


@on_postgresql
async def test_two_messages_of_a_chat_stay_in_order_where_the_first_is_done_alone(store: Store) -> None:
    """As they come to a webhook, the second while the first is in hand."""
    talk, bad = Talk(store, 7_000_000_001).joined(), Talk(store, 7_000_000_002).joined()
    talk.say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("2. ")
    bad.say("/add")
    broken = replace(came(bad, Said("x")), now=talk.now.replace(tzinfo=None))  # our own mistake
    for n in range(10):
        said = [Said(f"ตอนที่ {2 * n}"), Said(f"ตอนที่ {2 * n + 1}")]
        asked = [came(bad, Said("x")), broken, came(talk, said[0]), came(talk, said[1])]
        await asyncio.gather(*(store.run_grouped(HANDLE, one) for one in asked), return_exceptions=True)
    [draft] = store.read_now(conversations.drafts_of, talk.officer.id)
    parts = [part["text"] for part in parts_of(draft.conversation.partial)]
    assert parts == [f"ตอนที่ {n}" for n in range(20)]


def inbox_of(store: Store, tmp_path: Path, talk: Talk) -> tuple[Inbox, FakeChat]:
    chat, photos = FakeChat(), Photos(FolderMedia(tmp_path / "media"))
    reception = Reception(store, photos, chat, "thongthin_bot", lambda: talk.now)
    return Inbox(reception.receive, reception.give_up, reception.apologise), chat


async def test_a_forged_press_with_a_nul_is_done_with(store: Store, tmp_path: Path) -> None:
    """Anybody's: jsonb takes no NUL, neither as the last press in the focus nor as the raw update of a dead letter."""
    talk = Talk(store, 7_000_000_001).say("/start")
    inbox, _ = inbox_of(store, tmp_path, talk)
    press = Pressed(move="language", arg="\0")
    raw: dict[str, Json] = {"update_id": 5, "callback_query": {"data": "0.0.language.\0"}}
    done = inbox.put(Arrived(next(fresh_ids), talk.chat_id, True, "x", "th", press, "q", raw=raw))
    try:
        async with asyncio.timeout(12):
            await done
    finally:
        await inbox.close(0.1)


@on_postgresql
async def test_an_answer_is_not_set_aside_because_the_database_takes_no_writes_for_a_while(
    store: Store, tmp_path: Path
) -> None:
    """As a standby before it is promoted: SQLSTATE 25006 is no OperationalError."""
    talk = Talk(store, 7_000_000_001).joined()
    talk.say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("2. ")
    inbox, _chat = inbox_of(store, tmp_path, talk)

    def read_only(which: str) -> None:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
            name = tx.scalar(sa.text("SELECT current_database()"))
            tx.exec_driver_sql("SET default_transaction_read_only = off")
            tx.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {which}')
            tx.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            tx.invalidate()

    read_only("on")
    raw = {"update_id": 5}
    done = inbox.put(Arrived(next(fresh_ids), talk.chat_id, True, "x", "th", Said("สำคัญมาก"), raw=raw))
    await asyncio.sleep(6)
    read_only("off")
    async with asyncio.timeout(60):
        await done
    await inbox.close(0.1)
    assert await store.read(lambda tx: tx.scalar(sa.select(sa.func.count()).select_from(dead_letter))) == 0
    [draft] = store.read_now(conversations.drafts_of, talk.officer.id)
    assert [part["text"] for part in parts_of(draft.conversation.partial)] == ["สำคัญมาก"]
