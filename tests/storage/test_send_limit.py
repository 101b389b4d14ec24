"""The shared limit: slots one after another for every process, replies counted afterwards, and a clock of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from storage import send_limit
from storage.db import Store, Tx
from storage.send_limit import HORIZON, NONE, Standing

GAP = timedelta(milliseconds=50)
START = datetime(2017, 1, 16, 2, 0, tzinfo=UTC)


class Clock:
    """The database's, at a standstill."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self, tx: Tx) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def lease(store: Store, clock: Clock, most: int = 100, unpaid: int = 0) -> list[float]:
    """Seconds from now of each slot that was got."""

    def work(tx: Tx) -> list[float]:
        found = send_limit.standing(tx, GAP, unpaid, asked=clock)
        count = min(most, found.room(GAP))
        send_limit.take(tx, found, count, GAP)
        return [round(slot - found.read_at, 3) for slot in found.slots(count, GAP)]

    return store.run_now(work)


def from_(first: float) -> list[float]:
    """Every slot from this one to the horizon."""
    seconds, gap = HORIZON.total_seconds(), GAP.total_seconds()
    return [round(first + gap * n, 3) for n in range(round((seconds - first) / gap))]


def test_slots_follow_one_another_up_to_the_horizon(store: Store, clock: Clock) -> None:
    assert lease(store, clock, most=4) == [0.0, 0.05, 0.1, 0.15]
    assert lease(store, clock) == from_(0.2)
    assert lease(store, clock) == []
    clock.now += timedelta(milliseconds=100)
    assert lease(store, clock) == from_(HORIZON.total_seconds() - 0.1)


def test_slots_that_nobody_took_are_not_kept(store: Store, clock: Clock) -> None:
    lease(store, clock)
    clock.now += timedelta(hours=1)
    assert lease(store, clock, most=2) == [0.0, 0.05]


def test_what_was_sent_without_a_slot_takes_the_next_ones(store: Store, clock: Clock) -> None:
    assert lease(store, clock, unpaid=6) == from_(0.3)
    clock.now += timedelta(milliseconds=100)
    assert lease(store, clock, unpaid=40) == []
    found = store.run_now(lambda tx: send_limit.standing(tx, GAP, asked=clock))
    assert found.ahead == HORIZON - timedelta(milliseconds=100) + 40 * GAP


def test_a_slot_given_back_is_somebody_elses(store: Store, clock: Clock) -> None:
    lease(store, clock)
    assert lease(store, clock, unpaid=-2) == from_(HORIZON.total_seconds() - 0.1)
    assert len(lease(store, clock, unpaid=-50)) == HORIZON / GAP


def test_two_processes_that_ask_at_once_never_share_a_slot(database: str, store: Store, clock: Clock) -> None:
    other = Store(database)
    with ThreadPoolExecutor(8) as asking:
        got = list(asking.map(lambda n: lease(other if n % 2 else store, clock, most=1), range(10)))
    other.close()
    assert sorted(slot for slots in got for slot in slots) == [round(n * 0.05, 3) for n in range(10)]


def test_silence_holds_every_process_and_ends(store: Store, clock: Clock) -> None:
    store.run_now(lambda tx: send_limit.hold(tx, 7, asked=clock))
    store.run_now(lambda tx: send_limit.hold(tx, 3, asked=clock))  # no shorter by that
    clock.now += timedelta(seconds=6)
    assert lease(store, clock) == []
    clock.now += timedelta(seconds=1)
    assert len(lease(store, clock)) == HORIZON / GAP


def test_a_clock_that_was_set_back_does_not_stop_it(store: Store, clock: Clock) -> None:
    lease(store, clock)
    clock.now -= timedelta(hours=1)
    assert len(lease(store, clock)) == HORIZON / GAP


def test_the_databases_own_clock_tells_the_time(store: Store) -> None:
    found: Standing = store.run_now(send_limit.standing, GAP)
    assert abs(found.now - datetime.now(UTC)) < timedelta(minutes=1)
    assert (found.ahead, found.held) == (NONE, NONE)
