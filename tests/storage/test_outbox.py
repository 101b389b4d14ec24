"""The outbox: each message once, in order, claimed by one, tried again, given up and revived."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from storage import outbox
from storage.db import Store

CHAT = 7_000_000_001
MINUTE = timedelta(minutes=1)


def put(store: Store, key: str, now: datetime, due_at: datetime | None = None, chat: int = CHAT) -> None:
    store.run_now(outbox.put, key, chat, "resume", {"ก": 1}, now, due_at=due_at)


def keys(store: Store, now: datetime, most: int = 20) -> list[str]:
    return [one.key for one in store.run_now(outbox.claim, most, now)]


def test_a_second_message_of_the_same_key_is_not_put_in(store: Store, now: datetime) -> None:
    put(store, "a", now)
    put(store, "a", now)
    assert store.read_now(outbox.waiting_count) == 1
    [message] = store.run_now(outbox.claim, 20, now)
    assert (message.chat_id, message.kind, message.payload, message.attempts) == (CHAT, "resume", {"ก": 1}, 1)


def test_what_is_due_is_claimed_oldest_first_and_no_more_than_asked(store: Store, now: datetime) -> None:
    put(store, "later", now, now + MINUTE, chat=1)
    put(store, "second", now, now - MINUTE, chat=2)
    put(store, "first", now, now - MINUTE * 2, chat=3)
    assert store.read_now(outbox.next_due) == now - MINUTE * 2
    assert keys(store, now, most=1) == ["first"]
    assert keys(store, now) == ["second"]
    assert keys(store, now) == []


async def test_claims_at_the_same_time_never_share_a_message(store: Store, now: datetime) -> None:
    for n in range(30):
        put(store, f"k{n}", now, chat=n + 1)
    claims = await asyncio.gather(*(store.run(outbox.claim, 10, now) for _ in range(6)))
    claimed = [one.key for claim in claims for one in claim]
    assert len(claimed) == len(set(claimed))
    rest = keys(store, now)
    assert sorted([*claimed, *rest]) == sorted(f"k{n}" for n in range(30))


def test_a_claim_runs_out_and_counts_as_a_try(store: Store, now: datetime) -> None:
    put(store, "a", now)
    keys(store, now)
    assert keys(store, now + outbox.CLAIM) == []
    [message] = store.run_now(outbox.claim, 20, now + outbox.CLAIM + MINUTE)
    assert message.attempts == 2


def test_what_was_sent_never_comes_again(store: Store, now: datetime) -> None:
    put(store, "a", now)
    [message] = store.run_now(outbox.claim, 20, now)
    store.run_now(outbox.note_sent, message.id, now)
    assert store.read_now(outbox.waiting_count) == 0
    assert store.read_now(outbox.next_due) is None
    assert keys(store, now + timedelta(days=1)) == []


def test_what_failed_waits_until_it_is_due_again(store: Store, now: datetime) -> None:
    put(store, "a", now)
    [message] = store.run_now(outbox.claim, 20, now)
    store.run_now(outbox.try_later, message, now + MINUTE, "502")
    assert keys(store, now) == []
    assert keys(store, now + MINUTE) == ["a"]


def test_what_was_given_up_is_revived_for_that_chat_only(store: Store, now: datetime) -> None:
    for chat in (CHAT, CHAT + 1):
        put(store, f"a{chat}", now, chat=chat)
    for message in store.run_now(outbox.claim, 20, now):
        store.run_now(outbox.give_up, message, "blocked" * 200, now)
    assert keys(store, now + MINUTE * 5) == []
    store.run_now(outbox.revive, CHAT, now + MINUTE * 5)
    assert keys(store, now + MINUTE * 5) == [f"a{CHAT}"]


def test_a_verdict_goes_before_a_broadcast_of_thousands(store: Store, now: datetime) -> None:
    for number in range(30):
        store.run_now(outbox.put, f"broadcast:1:{number}", number + 1, "broadcast", {}, now)
    store.run_now(outbox.put, "verdict:1", 99, "verdict", {}, now + timedelta(seconds=1))
    claimed = store.run_now(outbox.claim, 5, now + timedelta(minutes=1))
    assert claimed[0].kind == "verdict"
    assert [one.kind for one in claimed[1:]] == ["broadcast"] * 4
