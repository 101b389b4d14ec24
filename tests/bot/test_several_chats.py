"""Several chats that are answered in one transaction: to each the same is said and kept as to one by itself."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from contextvars import copy_context
from datetime import timedelta
from typing import Any

import pytest

from bot.chat_service import Arrived, Command
from bot.conversation import HANDLE, Answer, Came, handle_several
from flows.core import engine
from flows.core.chat import Inbound, Reply, Said, SentPhoto
from flows.core.conversation import Conversation
from flows.core.fields import parts_of
from flows.core.flow import Flow
from storage import conversations, submissions
from storage.db import Store
from storage.group_commit import Asked
from storage.submissions import Entry, Filter
from tests.bot.talk import Talk, What, fresh_ids, text_of

PEOPLE = 5
STEPS: Sequence[Callable[[Talk], What]] = (
    lambda talk: Command("add"),
    lambda talk: talk.button("เพิ่มสถานที่สำคัญ"),
    lambda talk: Said(f"วัดที่ {talk.chat_id}"),
    lambda talk: talk.button("2. "),
    lambda talk: Said("เล่าเรื่องวัด"),
    lambda talk: talk.button("เสร็จแล้ว"),
    lambda talk: SentPhoto("a" * 64, 1280, 960, ref="p1"),
    lambda talk: talk.button("เสร็จแล้ว"),
    lambda talk: Said("ไม่ใช่เบอร์โทร"),
    lambda talk: Said("054-123-456"),
    lambda talk: talk.button("ข้าม"),
    lambda talk: talk.button("ส่ง"),
)


class Together:
    """`moved` says who does their next step in one transaction; each is where their own steps have brought them."""

    def __init__(self, store: Store) -> None:
        self.talks = [Talk(store, 7_000_000_001 + n).joined() for n in range(PEOPLE)]
        self.steps = [0] * PEOPLE
        self.store = store

    def moved(self, who: Sequence[int]) -> None:
        for one in who:
            self.talks[one].now += timedelta(seconds=10)
        came = [self.came(one, STEPS[self.steps[one]](self.talks[one])) for one in who]
        answers = self.store.run_now(handle_several, [Asked(one, copy_context()) for one in came])
        for one, answer in zip(who, answers, strict=True):
            self.talks[one].out = answer.out
            self.talks[one].shown += [out for out in answer.out if isinstance(out, Reply)]
            self.steps[one] += 1

    def came(self, one: int, what: What, update_id: int = 0) -> Came:
        talk = self.talks[one]
        arrived = Arrived(update_id or next(fresh_ids), talk.chat_id, True, "สมศรี ตัวอย่าง", "th", what)
        return Came([arrived], talk.now, "thongthin_bot")

    def entries(self) -> list[Entry]:
        mine = self.talks[0].officer.lao.code
        return list(self.store.read_now(submissions.entries_of, mine, Filter(), 0, self.talks[0].now).entries)


@pytest.fixture
def together(store: Store) -> Together:
    return Together(store)


@pytest.mark.parametrize("seed", range(4))
def test_in_whatever_company_each_hears_and_sends_what_they_would_alone(
    together: Together, seed: int
) -> None:
    alone, chance = Talk(together.store, 7_000_000_050).joined(), random.Random(seed)
    by_itself = [alone.hand_over(step(alone)).text for step in STEPS]
    heard: list[list[str]] = [[] for _ in range(PEOPLE)]
    while left := [one for one in range(PEOPLE) if together.steps[one] < len(STEPS)]:
        who = chance.sample(left, chance.randint(1, len(left)))
        together.moved(who)
        for one in who:
            heard[one].append(together.talks[one].text)
    for talk, lines in zip(together.talks, heard, strict=True):
        assert lines[:-1] == [line.replace(str(alone.chat_id), str(talk.chat_id)) for line in by_itself[:-1]]
    entries = together.entries()
    assert {one.headline for one in entries} == {f"วัดที่ {one.chat_id}" for one in (alone, *together.talks)}
    assert len({one.number for one in entries}) == len(entries) == PEOPLE + 1


def test_what_is_delivered_again_in_company_changes_nothing(together: Together) -> None:
    for _ in range(5):
        together.moved(range(PEOPLE))
    said = together.came(0, Said("บรรทัดเดียว"), 900_001)
    for others in ([1], [2, 3]):
        came = [said, *(together.came(one, Said("อีกบรรทัด")) for one in others)]
        again, *_ = together.store.run_now(handle_several, [Asked(one, copy_context()) for one in came])
        assert again.out
    [draft] = together.store.read_now(conversations.drafts_of, together.talks[0].officer.id)
    assert [part["text"] for part in parts_of(draft.conversation.partial)] == ["เล่าเรื่องวัด", "บรรทัดเดียว"]


def test_a_chat_that_is_new_is_taken_in_among_others(together: Together) -> None:
    stranger = Talk(together.store, 7_000_000_099)
    arrived = Arrived(next(fresh_ids), stranger.chat_id, True, "ใครสักคน", "th", Command("start"))
    came = [together.came(0, Command("add")), Came([arrived], stranger.now, "thongthin_bot")]
    known, new = together.store.run_now(handle_several, [Asked(one, copy_context()) for one in came])
    assert "เพิ่ม" in text_of(known.out[0])
    assert "รหัสเชิญ" in text_of(new.out[0])


async def test_an_answer_that_cannot_be_handled_spoils_none_that_came_with_it(
    together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        together.moved(range(PEOPLE))
    advance = engine.advance

    def failing(flow: Flow, c: Conversation, inbound: Inbound, *more: Any) -> engine.Turn:
        if inbound == Said("โชคร้าย"):
            raise RuntimeError("our own mistake")
        return advance(flow, c, inbound, *more)

    monkeypatch.setattr(engine, "advance", failing)
    words = ["โชคร้าย", *(f"เล่าเรื่อง {one}" for one in range(1, PEOPLE))]
    came = [together.came(one, Said(text)) for one, text in enumerate(words)]
    asked = [together.store.run_grouped(HANDLE, one) for one in came]
    failed, *answers = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(failed, RuntimeError)
    assert all(isinstance(one, Answer) for one in answers)
    monkeypatch.undo()
    await together.store.run_grouped(HANDLE, came[0])  # it is tried again
    for talk, text in zip(together.talks, words, strict=True):
        [draft] = together.store.read_now(conversations.drafts_of, talk.officer.id)
        assert [part["text"] for part in parts_of(draft.conversation.partial)] == [text]
