"""Updates of one chat that reach two processes at the same moment: the chat's row keeps them apart."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from datetime import datetime
from typing import Any

import pytest

from bot.album import group_of, handle_posted
from bot.chat_service import Arrived, Command
from bot.conversation import HANDLE, Answer, Came
from flows.core.chat import Inbound, Pressed, Said, SentPhoto
from flows.core.conversation import Conversation
from flows.core.fields import parts_of
from flows.core.photos import kept_of
from storage import conversations, outbox, submissions
from storage.db import Store
from storage.submissions import Filter
from tests.bot.talk import Talk, fresh_ids


@pytest.fixture
def stores(store: Store, database: str) -> Iterator[Sequence[Store]]:
    other = Store(database)
    yield (store, other)
    other.close()


async def at_once(
    talk: Talk, stores: Sequence[Store], whats: Sequence[Inbound | Command], ids: Sequence[int] = ()
) -> list[Answer]:
    """Each to the next process in turn, all at the same moment."""
    numbers = ids or [next(fresh_ids) for _ in whats]
    arrived = [
        Arrived(number, talk.chat_id, True, "สมศรี ตัวอย่าง", "th", what)
        for number, what in zip(numbers, whats, strict=True)
    ]
    return await asyncio.gather(
        *(answered(stores[n % len(stores)], one, talk.now) for n, one in enumerate(arrived))
    )


def answered(store: Store, one: Arrived, now: datetime) -> Coroutine[Any, Any, Answer]:
    if group_of(one):
        return store.run(handle_posted, [one], now, "thongthin_bot")
    return store.run_grouped(HANDLE, Came([one], now, "thongthin_bot"))


def conversation(talk: Talk) -> Conversation:
    [draft] = talk.store.read_now(conversations.drafts_of, talk.officer.id)
    return draft.conversation


async def test_every_part_is_there_once(stores: Sequence[Store]) -> None:
    talk = Talk(stores[0]).joined()
    talk.say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("2. ")
    words = [f"ตอนที่ {n}" for n in range(24)]
    await at_once(talk, stores, [Said(text, str(n)) for n, text in enumerate(words)])
    kept = [part["text"] for part in parts_of(conversation(talk).partial)]
    assert sorted(kept) == sorted(words)


async def test_every_photo_is_there_once_in_the_order_of_the_album_with_one_word(
    stores: Sequence[Store],
) -> None:
    talk = Talk(stores[0]).joined()
    talk.say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("2. ").press("ข้าม")
    album = [SentPhoto(str(n) * 64, 1280, 960, ref=str(100 + n), group="g") for n in range(5)]
    await at_once(talk, stores, list(reversed(album)))
    assert [one.ref for one in kept_of(conversation(talk).partial)] == [one.ref for one in album]
    assert stores[0].read_now(outbox.waiting_count) == 1


async def test_the_same_update_at_both_is_taken_once(stores: Sequence[Store]) -> None:
    talk = Talk(stores[0]).joined()
    talk.say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("2. ")
    for n in range(8):
        number = next(fresh_ids)
        await at_once(talk, stores, [Said(f"ตอนที่ {n}", str(n))] * 2, [number, number])
    kept = [part["text"] for part in parts_of(conversation(talk).partial)]
    assert kept == [f"ตอนที่ {n}" for n in range(8)]


async def test_send_pressed_at_both_sends_one_entry(stores: Sequence[Store]) -> None:
    talk = Talk(stores[0]).joined()
    talk.say("/add").press("เพิ่มสถานที่สำคัญ").say("วัดพระธาตุ").press("2. ").press("ข้าม").photo(ref="p1")
    talk.press("เสร็จแล้ว").say("054-123-456").press("ข้าม")
    send = talk.button("ส่งให้ตรวจ")
    assert isinstance(send, Pressed)
    await at_once(talk, stores, [send] * 4)
    page = talk.store.read_now(submissions.entries_of, talk.officer.lao.code, Filter(), 0, talk.now)
    assert len(page.entries) == 1


async def test_a_chat_that_nobody_knows_yet_begins_at_both(stores: Sequence[Store]) -> None:
    for chat in range(8):
        talk = Talk(stores[0], chat_id=8_000_000_000 + chat)
        answers = await at_once(talk, stores, [Command("start")] * 4)
        assert sum(bool(one.out) for one in answers) == 1  # who speaks for no LAO is told so once in a while
        assert stores[0].read_now(conversations.chat_of, talk.chat_id) is not None
