"""What a process that died had in hand is taken up within seconds; what one has that lives is left to it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.left_over import LeftOver
from storage import outbox
from storage.db import StorageUnavailable, Store
from storage.outbox import Waiting
from tests.storage.test_presence import appear, here, put, soon
from tests.storage.test_wakeups import kill_listeners

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = """
import sys, time
from datetime import UTC, datetime
from storage import outbox
from storage.db import Store
from tests.storage.test_presence import appear
store = Store(sys.argv[1])
name = appear(store)
print(len(store.run_now(outbox.claim, 9, datetime.now(UTC), process=name)), flush=True)
time.sleep(60)
"""


@dataclass
class Watch:
    """The process that looks; `clock` is its time in seconds."""

    store: Store
    now: datetime
    clock: float = 0.0

    def __post_init__(self) -> None:
        self.left_over = LeftOver(self.store, lambda: self.now, clock=lambda: self.clock)

    async def look(self, later: float = 0.0) -> list[Waiting]:
        """What can be claimed after a look so much later."""
        self.clock += later
        await self.left_over.look()
        return self.store.run_now(outbox.claim, 9, self.now)


@pytest.fixture
def watch(store: Store, now: datetime) -> Watch:
    store.run_now(put, 2, now)
    return Watch(store, now)


@pytest.fixture
def dying(database: str, watch: Watch) -> Iterator[Store]:
    """Another process's store, which has both notices in hand."""
    opened = Store(database)
    assert len(opened.run_now(outbox.claim, 9, watch.now, process=appear(opened))) == 2
    yield opened
    opened.close()


async def test_what_is_left_from_before_is_taken_up_after_the_start(watch: Watch, dying: Store) -> None:
    dying.close()
    patience = watch.store.presence.patience
    if patience:
        appear(watch.store)
        soon(lambda: len(here(watch.store)) == 1)
        assert await watch.look() == []
        assert await watch.look(patience - 0.1) == []
    assert len(await watch.look(1.0)) == 2


async def test_what_a_living_process_has_in_hand_stays_with_it(watch: Watch, dying: Store) -> None:
    appear(watch.store)
    for _ in range(5):
        assert await watch.look(30.0) == []
    dying.close()
    if not watch.store.is_sqlite:
        soon(lambda: len(here(watch.store)) == 1)
        assert await watch.look() == []
    assert len(await watch.look(watch.store.presence.patience)) == 2


async def test_a_process_whose_connection_broke_comes_back_to_what_it_has_in_hand(
    watch: Watch, dying: Store
) -> None:
    if watch.store.is_sqlite:
        return  # a file is no connection
    appear(watch.store)
    assert await watch.look() == []
    name = dying.presence.name
    assert watch.store.run_now(kill_listeners) == 2
    await watch.look(1.0)
    soon(lambda: name in here(watch.store))
    assert await watch.look(watch.store.presence.patience) == []
    assert dying.presence.name == name
    assert await watch.look(watch.store.presence.patience) == []


async def test_while_the_database_is_away_nobodys_time_runs_out(
    watch: Watch, dying: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if watch.store.is_sqlite:
        return  # its lock is the system's own
    appear(watch.store)
    await watch.look()
    dying.close()
    soon(lambda: len(here(watch.store)) == 1)
    assert await watch.look() == []

    async def away(*_: object) -> None:
        raise StorageUnavailable("restarting")

    with monkeypatch.context() as patch:
        patch.setattr(watch.store, "read", away)
        watch.clock += watch.store.presence.patience
        await watch.left_over.look()
    assert await watch.look(1.0) == []
    assert len(await watch.look(watch.store.presence.patience)) == 2


async def test_what_a_killed_process_had_in_hand_is_there_at_once_or_within_seconds(
    store: Store, database: str
) -> None:
    now = datetime.now(UTC)
    store.run_now(put, 2, now)
    with subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", CLAIMS, database], stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "2\n"
        watch = Watch(store, now)
        assert await watch.look() == []
        killed.kill()
        killed.wait()
    if not store.is_sqlite:
        appear(store)
        soon(lambda: len(here(store)) == 1)
        assert await watch.look() == []
    assert len(await watch.look(store.presence.patience)) == 2
