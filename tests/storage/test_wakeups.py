"""Wake-ups: heard by every store of the same database on PostgreSQL, by the one that committed on SQLite."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa

from storage import outbox
from storage.db import Store, Tx
from storage.wakeups import CHANNEL

SOON = 5.0  # seconds


@pytest.fixture
def other(database: str, store: Store) -> Iterator[Store]:
    """Another process's store, where wake-ups cross processes."""
    if store.is_sqlite:
        yield store
        return
    opened = Store(database)
    yield opened
    opened.close()


@pytest.fixture
def heard(other: Store) -> Iterator[threading.Event]:
    """Set by a wake-up; not by the first one, which comes with the connection."""
    event, connected = threading.Event(), threading.Event()

    def told() -> None:
        if other.is_sqlite or connected.is_set():
            event.set()
        connected.set()

    end = other.wakeups.listen(told)
    assert other.is_sqlite or connected.wait(SOON)
    yield event
    end()


def _put(tx: Tx, key: str, now: datetime) -> None:
    outbox.put(tx, key, 1, "resume", {}, now)


def test_what_is_put_into_the_outbox_is_heard_after_its_commit(
    store: Store, heard: threading.Event, now: datetime
) -> None:
    before = threading.Event()

    def put(tx: Tx) -> None:
        _put(tx, "a", now)
        if heard.wait(0.2):
            before.set()

    store.run_now(put)
    assert heard.wait(SOON)
    assert not before.is_set()


def test_what_is_rolled_back_wakes_nobody_and_the_next_one_does(
    store: Store, heard: threading.Event, now: datetime
) -> None:
    def fails(tx: Tx) -> None:
        _put(tx, "a", now)
        raise ValueError

    with pytest.raises(ValueError):
        store.run_now(fails)
    if not store.is_sqlite:  # there, a savepoint that fails may wake somebody for nothing
        assert not heard.wait(0.3)
    heard.clear()
    store.run_now(_put, "a", now)
    assert heard.wait(SOON)


def test_nobody_is_called_who_has_stopped_listening(other: Store, store: Store, now: datetime) -> None:
    calls: list[int] = []
    end = other.wakeups.listen(lambda: calls.append(1))
    end()
    calls.clear()
    last = threading.Event()
    other.wakeups.listen(last.set)
    store.run_now(_put, "a", now)
    assert last.wait(SOON)
    assert calls == []


def listeners(tx: Tx) -> list[int]:
    """The server processes of connections that listen."""
    wanted = sa.text("SELECT pid FROM pg_stat_activity WHERE query LIKE :listens AND pid <> pg_backend_pid()")
    return list(tx.scalars(wanted, {"listens": f"LISTEN {CHANNEL}%"}))


def kill_listeners(tx: Tx) -> int:
    killed = [tx.scalar(sa.select(sa.func.pg_terminate_backend(pid))) for pid in listeners(tx)]
    return sum(bool(one) for one in killed)


def test_a_listening_connection_that_was_killed_comes_back(
    store: Store, other: Store, heard: threading.Event, now: datetime
) -> None:
    if store.is_sqlite:
        return  # there is none
    assert store.run_now(kill_listeners) == 1
    assert heard.wait(SOON)  # once it listens again, for what was put in meanwhile
    heard.clear()
    store.run_now(_put, "a", now)
    assert heard.wait(SOON)


def test_a_store_closes_while_it_listens(database: str) -> None:
    opened = Store(database)
    opened.wakeups.listen(lambda: None)
    opened.close()
    assert not any(thread.name == "store-listen" for thread in threading.enumerate())
