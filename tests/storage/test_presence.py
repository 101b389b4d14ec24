"""Presence: seen by every process on the same database, and over when the process is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from storage import outbox
from storage.db import Store, Tx

SOON = 10.0  # seconds


@pytest.fixture
def other(database: str, store: Store) -> Iterator[Store]:
    """Another process's store."""
    opened = Store(database)
    yield opened
    opened.close()


def appear(store: Store) -> str:
    """As a process that sends does; the name under which it claims."""
    connected = threading.Event()
    store.wakeups.listen(connected.set)
    if not store.is_sqlite:
        assert connected.wait(SOON)
    store.read_now(store.presence.here)
    return store.presence.name


def here(store: Store) -> set[str]:
    return set(store.read_now(store.presence.here) or ())


def soon(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + SOON
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def put(tx: Tx, count: int, now: datetime) -> None:
    for n in range(count):
        outbox.put(tx, f"n{n}", n, "resume", {}, now)


def test_processes_see_one_another_and_whose_time_is_over(store: Store, other: Store) -> None:
    mine, theirs = appear(store), appear(other)
    if store.is_sqlite:
        assert mine
        assert not theirs  # of one file one process knows for sure
        assert other.read_now(other.presence.here) is None
        store.close()
        assert here(other) == {other.presence.name}
        assert other.presence.name != mine
        assert not store.presence.name
        return
    assert here(store) == {mine, theirs} == here(other)
    assert not store.run_now(store.presence.surely_gone, theirs)
    other.close()
    soon(lambda: here(store) == {mine})
    assert store.run_now(store.presence.surely_gone, theirs)


def test_the_claims_of_a_process_are_found_by_its_name_and_no_others_are_released(
    store: Store, now: datetime
) -> None:
    store.run_now(put, 6, now)
    [gone] = store.run_now(outbox.claim, 1, now, process="00000aa")
    [sent] = store.run_now(outbox.claim, 1, now, process="00000aa")
    [there] = store.run_now(outbox.claim, 1, now, process="00000bb")
    [nameless] = store.run_now(outbox.claim, 1, now)
    store.run_now(outbox.note_sent, sent.id, now)
    assert store.read_now(outbox.claimants, now) == {"00000aa", "00000bb"}
    assert store.run_now(outbox.release_claims, "00000aa") == 1
    again = store.run_now(outbox.claim, 9, now, process="00000bb")
    assert sorted(one.key for one in again) == sorted([gone.key, "n4", "n5"])
    assert not store.read_now(outbox.still_ours, [gone])
    assert store.read_now(outbox.still_ours, [there])
    assert store.read_now(outbox.still_ours, [nameless])
    later = now + outbox.CLAIM + timedelta(seconds=1)
    assert store.read_now(outbox.claimants, later) == set()
