"""The outbox: each message once, in order, claimed by one, tried again, given up and revived."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from storage import outbox, turns
from storage.db import Store, Tx
from storage.tables import outbox as outbox_rows
from storage.tables import written_instant
from tests.conftest import on_postgresql
from tests.storage.deadline_town import statements

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


@on_postgresql  # on SQLite there is one writer
def test_a_message_that_another_transaction_holds_is_passed_over_and_not_waited_for(
    store: Store, now: datetime
) -> None:
    for n, key in enumerate(("held", "free")):
        put(store, key, now, chat=n + 1)
    with store.engine.begin() as other:
        other.execute(select(outbox_rows.c.id).where(outbox_rows.c.key == "held").with_for_update())

        def impatient(tx: Tx) -> list[str]:
            tx.execute(text("SET LOCAL lock_timeout = '2s'"))
            return [one.key for one in outbox.claim(tx, 20, now)]

        assert store.run_now(impatient) == ["free"]
    assert keys(store, now) == ["held"]


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


# --- what gathers before it goes out


def gather(store: Store, payload: str, now: datetime) -> None:
    store.run_now(outbox.gather, "album:7:g", CHAT, "album", {"n": payload}, now, now + MINUTE)


def test_what_comes_in_a_row_is_one_message_that_waits_for_the_last(store: Store, now: datetime) -> None:
    for n in range(3):
        gather(store, str(n), now + MINUTE * n * 0.5)
    assert keys(store, now + MINUTE * 1.5) == []
    [message] = store.run_now(outbox.claim, 20, now + MINUTE * 2)
    assert (message.key, message.payload) == ("album:7:g:1", {"n": "2"})


def test_what_comes_when_it_is_being_sent_is_the_next_message(store: Store, now: datetime) -> None:
    gather(store, "first", now)
    [claimed] = store.run_now(outbox.claim, 20, now + MINUTE)
    gather(store, "second", now + MINUTE)
    store.run_now(outbox.note_sent, claimed.id, now + MINUTE)
    gather(store, "third", now + MINUTE)
    [message] = store.run_now(outbox.claim, 20, now + MINUTE * 3)
    assert (message.key, message.payload) == ("album:7:g:2", {"n": "third"})
    store.run_now(outbox.note_sent, message.id, now + MINUTE * 3)
    assert store.read_now(outbox.waiting_count) == 0


def test_what_could_not_be_sent_gathers_on(store: Store, now: datetime) -> None:
    gather(store, "first", now)
    [claimed] = store.run_now(outbox.claim, 20, now + MINUTE)
    store.run_now(outbox.try_later, claimed, now + MINUTE, "flood")
    gather(store, "second", now + MINUTE)
    [message] = store.run_now(outbox.claim, 20, now + MINUTE * 3)
    assert (message.id, message.payload) == (claimed.id, {"n": "second"})


def test_it_is_held_while_more_is_on_its_way_but_never_called_earlier(store: Store, now: datetime) -> None:
    gather(store, "first", now)
    store.run_now(outbox.hold, "album:7:g", now + MINUTE * 5)
    store.run_now(outbox.hold, "album:7:g", now)
    store.run_now(outbox.hold, "album:7:other", now + MINUTE * 9)
    assert keys(store, now + MINUTE * 4) == []
    assert keys(store, now + MINUTE * 5) == ["album:7:g:1"]


def test_what_is_held_is_let_go_but_never_put_off(store: Store, now: datetime) -> None:
    gather(store, "first", now)
    store.run_now(outbox.hold, "album:7:g", now + MINUTE * 5)
    store.run_now(outbox.release, "album:7:g", now + MINUTE * 2)
    store.run_now(outbox.release, "album:7:g", now + MINUTE * 3)
    assert keys(store, now + MINUTE) == []
    assert keys(store, now + MINUTE * 2) == ["album:7:g:1"]


def test_what_was_said_at_once_leaves_only_its_mark(store: Store, now: datetime) -> None:
    store.run_now(outbox.note_said, "album:7:g", CHAT, "album", {"answered": 5}, now)
    mark = store.read_now(outbox.gathering, "album:7:g")
    assert mark is not None
    assert (mark.payload, mark.open) == ({"answered": 5}, False)
    assert store.read_now(outbox.waiting_count) == 0
    gather(store, "later", now)
    assert keys(store, now + MINUTE) == ["album:7:g:2"]


async def test_a_claim_and_more_of_it_at_the_same_time_lose_nothing(store: Store, now: datetime) -> None:
    for n in range(20):
        key, chat = f"album:{n}:g", CHAT + n
        store.run_now(outbox.gather, key, chat, "album", {"n": "first"}, now, now)
        claimed, _ = await asyncio.gather(
            store.run(outbox.claim, 20, now),
            store.run(outbox.gather, key, chat, "album", {"n": "second"}, now, now),
        )
        for one in claimed:
            await store.run(outbox.note_sent, one.id, now)
        rest = await store.run(outbox.claim, 20, now)
        assert [one.payload["n"] for one in (*claimed, *rest)][-1] == "second"


def test_of_one_chat_one_message_is_in_hand_and_others_do_not_wait_for_it(
    store: Store, now: datetime
) -> None:
    for number in range(50):
        put(store, f"slow{number}", now - MINUTE)
    put(store, "other", now, chat=8)
    claimed = store.run_now(outbox.claim, 20, now)
    assert [one.key for one in claimed] == ["slow0", "other"]
    assert keys(store, now) == []
    store.run_now(outbox.note_sent, claimed[0].id, now)
    assert keys(store, now) == ["slow1"]


def test_messages_to_one_chat_are_kept_apart_those_to_a_group_further(store: Store, now: datetime) -> None:
    second, group = timedelta(seconds=1), -9
    for chat in (CHAT, group):
        for number in range(2):
            put(store, f"{chat}.{number}", now, chat=chat)
    for one in store.run_now(outbox.claim, 20, now, second):
        store.run_now(outbox.note_sent, one.id, now)

    def due(later: timedelta) -> list[int]:
        return [one.chat_id for one in store.run_now(outbox.claim, 20, now + later, second)]

    assert due(second / 2) == []
    assert due(second) == [CHAT]
    assert due(second * 2.5) == []
    assert due(second * 3) == [group]


def test_whoever_lost_a_claim_changes_nothing_but_says_what_was_sent(store: Store, now: datetime) -> None:
    put(store, "a", now)
    [lost] = store.run_now(outbox.claim, 20, now)
    later = now + outbox.CLAIM + MINUTE
    [won] = store.run_now(outbox.claim, 20, later)
    assert not store.read_now(outbox.still_ours, [lost])
    store.run_now(outbox.try_later, lost, now, "slow")
    store.run_now(outbox.give_up, lost, "slow", now)
    store.run_now(outbox.take_back, lost)
    store.run_now(outbox.let_go, lost)
    assert store.read_now(outbox.still_ours, [won])
    assert keys(store, later) == []
    store.run_now(outbox.note_sent, lost.id, later)
    assert not store.read_now(outbox.still_ours, [won])  # so that it is not said again
    assert store.read_now(outbox.waiting_count) == 0


def test_what_was_let_go_is_taken_again_and_was_no_try(store: Store, now: datetime) -> None:
    put(store, "a", now)
    [message] = store.run_now(outbox.claim, 20, now)
    store.run_now(outbox.let_go, message)
    [again] = store.run_now(outbox.claim, 20, now)
    assert again.attempts == 1


def test_a_chat_that_takes_nothing_for_a_while_is_not_tried_before(store: Store, now: datetime) -> None:
    put(store, "a", now)
    put(store, "b", now)
    put(store, "other", now, chat=8)
    store.run_now(outbox.hold_chat, CHAT, now + MINUTE)
    assert keys(store, now) == ["other"]
    assert keys(store, now + MINUTE) == ["a"]


def test_a_claim_reads_the_index_and_no_row_too_many(store: Store, now: datetime) -> None:
    store.run_now(crowd, 2_000, 20_000, now)
    plan = store.run_now(_plans, now)
    assert "ix_outbox_waiting" in plan
    assert "ix_outbox_chat_id_sent_at" in plan
    assert "SCAN outbox\n" not in plan
    assert "Seq Scan" not in plan
    [front] = [one for one in plan.split("\n\n") if "ix_outbox_waiting" in one]
    assert "TEMP B-TREE" not in front
    assert "Sort" not in front


@pytest.mark.parametrize("few", [1, 3])
def test_thousands_that_wait_for_a_few_chats_are_passed_over_at_once(
    store: Store, now: datetime, few: int
) -> None:
    store.run_now(crowd, 6_000, 0, now)

    def put_in_front(tx: Tx) -> None:
        tx.exec_driver_sql(f"UPDATE outbox SET chat_id = 1 + id - id / {few} * {few} WHERE id <= 5000")

    store.run_now(put_in_front)
    with statements(store) as ran:
        claimed = store.run_now(outbox.claim, 15, now)
    assert [one.chat_id for one in claimed[:few]] == [(1 + n % few) for n in range(1, few + 1)]
    assert [one.chat_id for one in claimed[few:]] == list(range(5_001, 5_016 - few))
    assert len(ran) <= 7
    plan = store.run_now(_plans, now)
    for asked_of_each_row in ("SubPlan", "CORRELATED", "Nested Loop"):
        assert asked_of_each_row not in plan


def crowd(tx: Tx, waiting: int, sent: int, now: datetime) -> None:
    """So many reminders that wait and that were sent, each in a chat of its own."""
    moment = f"'{written_instant(now)}'"
    payload = "CAST('{}' AS JSONB)" if tx.dialect.name == "postgresql" else "'{}'"
    tx.exec_driver_sql(
        "INSERT INTO outbox (key, chat_id, kind, payload, created_at, due_at, rank, sent_at) "
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {waiting + sent}) "
        f"SELECT 'k' || i, i, 'reminder', {payload}, {moment}, {moment}, 1, "
        f"CASE WHEN i <= {waiting} THEN NULL ELSE {moment} END FROM n"
    )
    tx.exec_driver_sql("ANALYZE")


def _plans(tx: Tx, now: datetime) -> str:
    """Of the statements that look for what is next."""
    asked = (
        turns.in_front(turns.LAST, 20, now, [7]),
        turns._busy(range(2_001, 2_021), now, timedelta(seconds=1)),
    )
    explain = "EXPLAIN" if tx.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    plans = []
    for one in asked:
        wanted = one.compile(tx, compile_kwargs={"literal_binds": True})
        plans.append("\n".join(str(row[-1]) for row in tx.exec_driver_sql(f"{explain} {wanted}")) + "\n")
    return "\n".join(plans)
