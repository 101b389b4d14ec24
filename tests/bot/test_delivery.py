"""Delivery: what waits in the outbox goes out once, is tried again, or is given up where nobody can be reached."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat_service import Reachability, TryAgain, Unreachable
from bot.delivery import OLD, Delivery
from bot.pace import Pace
from storage import conversations, officers, outbox, submissions
from storage.db import StorageUnavailable, Store
from storage.submissions import Entry
from storage.tables import outbox as rows
from tests.bot.fake_chat import FakeChat
from tests.bot.talk import Talk
from tests.bot.test_entries import judge
from tests.storage.test_wakeups import kill_listeners


@dataclass
class Post:
    talk: Talk
    chat: FakeChat
    delivery: Delivery
    entry: Entry

    @property
    def row(self) -> sa.Row[tuple[object, ...]]:
        return self.talk.store.read_now(lambda tx: tx.execute(sa.select(rows)).one())

    async def round(self, later: timedelta = timedelta(0)) -> list[str]:
        """What the officer has heard after one more round of sending."""
        self.talk.now += later
        await self.delivery.send_due()
        return self.chat.heard(self.talk.chat_id)


@pytest.fixture
def post(store: Store) -> Post:
    """With a verdict that waits to be told."""
    talk, chat = Talk(store).joined(), FakeChat()
    entry = talk.sent()
    judge(talk, entry, "approve")
    return Post(talk, chat, Delivery(store, chat, lambda: talk.now), entry)


async def test_a_verdict_is_told_once(post: Post) -> None:
    [told] = await post.round()
    assert "L-2560-000001" in told
    assert await post.round(timedelta(hours=1)) == [told]
    assert post.row.sent_at is not None


async def test_nothing_waits_nothing_is_claimed(post: Post) -> None:
    await post.round()
    assert await post.delivery.send_due() == 0


async def test_what_is_not_due_yet_is_left_alone(store: Store) -> None:
    talk, chat = Talk(store).joined(), FakeChat()
    due = talk.now + timedelta(hours=1)
    store.run_now(outbox.put, "later", talk.chat_id, "resume", {}, talk.now, due_at=due)
    delivery = Delivery(store, chat, lambda: talk.now)
    assert await delivery.send_due() == 0
    talk.now = due
    assert await delivery.send_due() == 1
    assert "ต้องการทำอะไร" in chat.heard(talk.chat_id)[0]


@pytest.mark.parametrize(
    ("trouble", "wait"), [(TryAgain("502"), 2), (TryAgain("429", 17), 17), (ValueError("bug"), 2)]
)
async def test_what_failed_is_tried_again_after_a_while(post: Post, trouble: Exception, wait: int) -> None:
    post.chat.troubles = [trouble]
    assert await post.round() == []
    assert await post.round(timedelta(seconds=wait - 1)) == []
    assert len(await post.round(timedelta(seconds=1))) == 1


async def test_the_pauses_grow_but_never_past_ten_minutes(post: Post) -> None:
    post.chat.troubles = [TryAgain("down")] * 60
    for _ in range(60):
        assert await post.round(timedelta(minutes=10)) == []
    assert len(await post.round(timedelta(minutes=10))) == 1


async def test_an_officer_who_blocked_the_bot_is_told_after_coming_back(post: Post) -> None:
    post.chat.troubles = [Unreachable("Forbidden: bot was blocked by the user")]
    assert await post.round() == []
    assert post.talk.store.read_now(submissions.undelivered, post.entry.id)
    assert await post.round(timedelta(days=3)) == []
    post.talk.hand_over(Reachability(True))
    assert len(await post.round()) == 1
    assert not post.talk.store.read_now(submissions.undelivered, post.entry.id)


async def test_a_blocked_officer_who_just_writes_again_is_told_too(post: Post) -> None:
    post.chat.troubles = [Unreachable("Forbidden: bot was blocked by the user")]
    post.talk.hand_over(Reachability(False))
    await post.round()
    post.talk.say("/menu")
    assert len(await post.round()) == 1


async def test_a_notice_for_an_officer_removed_meanwhile_shows_as_undelivered(post: Post) -> None:
    officer = post.talk.officer
    post.talk.store.run_now(officers.remove, officer.id, post.talk.now)
    assert await post.round() == []
    assert post.talk.store.read_now(submissions.undelivered, post.entry.id)
    assert post.row.sent_at is None


async def test_a_claim_of_a_process_that_died_runs_out(post: Post) -> None:
    post.talk.store.run_now(outbox.claim, 20, post.talk.now)
    assert await post.round() == []
    assert len(await post.round(outbox.CLAIM + timedelta(seconds=1))) == 1


async def test_two_deliveries_beside_each_other_tell_it_once(post: Post) -> None:
    for n in range(30):
        other = Talk(post.talk.store, chat_id=8_000 + n).joined()
        post.talk.store.run_now(outbox.put, f"r{n}", other.chat_id, "resume", {}, other.now)
    post.talk.now += timedelta(minutes=1)
    second = Delivery(post.talk.store, post.chat, lambda: post.talk.now)
    for _ in range(3):
        await asyncio.gather(post.delivery.send_due(), second.send_due())
    assert len(post.chat.said) == 31
    assert len({chat_id for chat_id, _ in post.chat.said}) == 31


async def test_it_goes_on_when_the_database_was_away(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    fails = [True, True]
    next_due = outbox.next_due

    def sometimes(tx: object) -> object:
        if fails:
            fails.pop()
            raise StorageUnavailable("locked")
        return next_due(tx)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "next_due", sometimes)
    monkeypatch.setattr("bot.delivery.IDLE", 0.01)
    running = asyncio.create_task(post.delivery.run())
    await asyncio.wait_for(post.chat.spoke.wait(), 5)
    post.delivery.stop()
    await asyncio.wait_for(running, 5)
    assert len(post.chat.said) == 1


async def test_the_officer_is_noted_as_unreachable(post: Post) -> None:
    post.chat.troubles = [Unreachable("deactivated")]
    await post.round()
    chat = post.talk.store.read_now(conversations.chat_of, post.talk.chat_id)
    assert chat is not None
    assert chat.unreachable_at is not None


async def test_a_notice_for_an_officer_removed_meanwhile_goes_to_a_colleague(post: Post) -> None:
    post.talk.store.run_now(officers.join, 77, "สมปอง ตัวอย่าง", post.entry.lao_code, post.talk.now)
    post.talk.store.run_now(conversations.lock_chat, 77, "th", post.talk.now)
    post.talk.store.run_now(officers.remove, post.talk.officer.id, post.talk.now)
    await post.round()
    await post.round()
    assert "L-2560-000001" in post.chat.heard(77)[0]
    assert post.chat.heard(post.talk.chat_id) == []


async def test_a_slow_chat_holds_up_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.IDLE", 0.01)
    slow, quick = Talk(store).joined(), Talk(store, chat_id=78).joined()
    chat, hanging = FakeChat(), asyncio.Event()

    class Hanging(FakeChat):
        async def send(self, chat_id: int, *words: Any, **more: Any) -> None:
            if chat_id == slow.chat_id:
                await hanging.wait()
            await chat.send(chat_id, *words, **more)

    delivery = Delivery(store, Hanging(), lambda: slow.now)
    store.run_now(outbox.put, "slow", slow.chat_id, "resume", {}, slow.now)
    running = asyncio.create_task(delivery.run())
    await asyncio.sleep(0.1)
    store.run_now(outbox.put, "quick", quick.chat_id, "resume", {}, slow.now)
    async with asyncio.timeout(5):
        while not chat.heard(quick.chat_id):  # noqa: ASYNC110 - another task puts it there
            await asyncio.sleep(0.01)
    assert chat.heard(slow.chat_id) == []
    hanging.set()
    delivery.stop()
    await asyncio.wait_for(running, 5)
    assert len(chat.heard(slow.chat_id)) == 1


async def test_a_notice_broken_off_in_the_middle_goes_on_from_there(post: Post) -> None:
    post.chat.troubles = [TryAgain("502", said=2)]
    assert await post.round() == []
    assert len(await post.round(timedelta(seconds=2))) == 1
    assert post.chat.begun_at == [0, 2]


async def _heard(chat: FakeChat, chat_id: int, count: int = 1) -> None:
    async with asyncio.timeout(10):
        while len(chat.heard(chat_id)) < count:  # noqa: ASYNC110 - another task puts it there
            await asyncio.sleep(0.01)


@pytest.fixture
def replica(database: str, store: Store) -> Iterator[Store]:
    """Another process's store on PostgreSQL; on SQLite the web is in the same process."""
    if store.is_sqlite:
        yield store
        return
    opened = Store(database)
    yield opened
    opened.close()


async def test_what_another_replica_puts_in_is_sent_long_before_the_next_look(
    store: Store, replica: Store
) -> None:
    talk, chat = Talk(store).joined(), FakeChat()
    delivery = Delivery(store, chat, lambda: talk.now, idle=600.0)
    running = asyncio.create_task(delivery.run())
    await asyncio.sleep(1.0)  # it has looked, and rests
    for number in range(3):
        await replica.run(outbox.put, f"r{number}", talk.chat_id, "resume", {}, talk.now)
        await _heard(chat, talk.chat_id, number + 1)
    if not store.is_sqlite:
        assert await replica.run(kill_listeners) == 1
        await replica.run(outbox.put, "meanwhile", talk.chat_id, "resume", {}, talk.now)
        await _heard(chat, talk.chat_id, 4)
    delivery.stop()
    await asyncio.wait_for(running, 5)


async def test_what_falls_due_is_sent_then_and_not_at_the_next_look(store: Store) -> None:
    talk, chat = Talk(store).joined(), FakeChat()
    begun, start = time.monotonic(), talk.now
    delivery = Delivery(store, chat, lambda: start + timedelta(seconds=time.monotonic() - begun), idle=600.0)
    due = start + timedelta(seconds=1.5)
    store.run_now(outbox.put, "soon", talk.chat_id, "resume", {}, start, due_at=due)
    running = asyncio.create_task(delivery.run())
    await _heard(chat, talk.chat_id)
    assert time.monotonic() - begun >= 1.5
    delivery.stop()
    await asyncio.wait_for(running, 5)


async def test_a_process_that_was_stopped_in_mid_claim_does_not_send_what_another_has_sent(
    post: Post,
) -> None:
    other = Delivery(post.talk.store, post.chat, lambda: post.talk.now, Pace(post.talk.store))

    class Stopped(Pace):
        async def reach(self, slot: float) -> bool:
            post.talk.now += outbox.CLAIM + timedelta(seconds=1)
            await asyncio.sleep(1.5)
            while not post.chat.said:
                await other.send_due()
            return await super().reach(slot)

    stopped = Delivery(post.talk.store, post.chat, lambda: post.talk.now, Stopped(post.talk.store))
    assert await stopped.send_due() == 1
    assert len(post.chat.said) == 1
    assert post.row.sent_at is not None
    assert await stopped.send_due() == 0


async def test_a_chat_that_asks_for_a_pause_gets_it_for_all_that_waits(post: Post) -> None:
    post.talk.store.run_now(outbox.put, "more", post.talk.chat_id, "resume", {}, post.talk.now)
    post.chat.troubles = [TryAgain("429", 17)]
    assert await post.round() == []
    assert await post.round(timedelta(seconds=16)) == []
    assert len(await post.round(timedelta(seconds=1))) == 1
    assert len(await post.round()) == 2


@pytest.mark.parametrize("lost", ["_words", "_try_later"])
async def test_what_the_database_went_away_under_is_sent_as_soon_as_it_is_back(
    post: Post, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    if lost == "_try_later":
        post.chat.troubles = [TryAgain("down")]
    away, store = [True], post.talk.store
    read, run = store.read, store.run

    def name(work: Any) -> str:
        return str(getattr(work, "func", work).__name__)

    async def reads(work: Any, *args: Any, **named: Any) -> Any:
        if away and name(work) == lost:
            raise StorageUnavailable("gone")
        return await read(work, *args, **named)

    async def runs(work: Any, *args: Any, **named: Any) -> Any:
        if away and name(work) in (lost, "_all_of"):
            raise StorageUnavailable("gone")
        return await run(work, *args, **named)

    monkeypatch.setattr(store, "read", reads)
    monkeypatch.setattr(store, "run", runs)
    assert await post.round() == []
    with pytest.raises(StorageUnavailable):
        await post.round()
    away.clear()
    assert len(await post.round(timedelta(seconds=3))) == 1


async def test_an_answer_whose_moment_was_missed_goes_out_all_the_same(post: Post) -> None:
    class Missed(Pace):
        async def reach(self, slot: float) -> bool:
            return False

    store, chat = post.talk.store, post.talk.chat_id
    delivery = Delivery(store, post.chat, lambda: post.talk.now, Missed(store))
    await delivery.send_due()
    assert post.chat.heard(chat) == []  # a verdict can wait for another moment
    store.run_now(lambda tx: tx.execute(sa.delete(rows)))
    store.run_now(outbox.put, "resume:1", chat, "resume", {}, post.talk.now)
    await delivery.send_due()
    assert len(post.chat.heard(chat)) >= 1


async def test_what_was_said_while_the_database_was_away_is_noted_and_not_said_again(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    away, run = [True] * 3, post.talk.store.run

    async def sometimes(work: Any, *args: Any, **named: Any) -> Any:
        if away and work.__name__ == "_say_so":
            away.pop()
            raise StorageUnavailable("gone")
        return await run(work, *args, **named)

    monkeypatch.setattr(post.talk.store, "run", sometimes)
    assert len(await post.round()) == 1
    assert away == []
    assert post.row.sent_at is not None
    assert len(await post.round(outbox.CLAIM * 2)) == 1


# --- a process that is paused


@pytest.mark.parametrize("pause", [1.0, 15.0])
async def test_a_process_that_was_paused_for_long_does_not_say_what_another_has_said_meanwhile(
    store: Store, pause: float
) -> None:
    talk, chat = Talk(store).joined(), FakeChat()
    looks = iter(range(1_000))

    def clock() -> float:
        """It is paused right before it says what it has taken in hand, and others take that over."""
        if next(looks) != 1:
            return 0.0
        store.run_now(lambda tx: tx.execute(sa.update(rows).values(claimed_until=None, claim=None)))
        [theirs] = store.run_now(outbox.claim, 1, talk.now)
        store.run_now(outbox.note_sent, theirs.id, talk.now)
        return pause

    def put(key: str) -> None:
        store.run_now(outbox.put, key, talk.chat_id, "resume", {}, talk.now)

    delivery = Delivery(store, chat, lambda: talk.now, clock=clock)
    put("one")
    await delivery.send_due()
    # After a second no claim can be another's: it costs no look.
    assert len(chat.heard(talk.chat_id)) == (1 if pause < OLD else 0)
    chat.said.clear()
    put("two")
    await delivery.send_due()
    assert len(chat.heard(talk.chat_id)) == 1
    assert await delivery.send_due() == 0
