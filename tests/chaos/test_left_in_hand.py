"""What a killed process was just saying is said by whoever is there, long before its claim would run out."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.simulator import Simulator
from bot.simulator.faults import Fault
from storage import invitations, outbox
from storage.db import Store, Tx
from storage.lao import import_laos
from storage.tables import outbox as rows
from tests.chaos.run import Plan, replicas_of
from tests.round_robin import round_robin
from tests.town import LAOS

WELL_BEFORE = outbox.CLAIM.total_seconds() / 2


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """On SQLite, where nobody else is there; several processes on PostgreSQL are in tests/bot/test_left_over.py."""
    shutil.copy(sqlite_template, tmp_path / "thongthin.sqlite3")
    opened = Store(f"sqlite:///{tmp_path / 'thongthin.sqlite3'}")
    yield opened
    opened.close()


def _invite(tx: Tx) -> str:
    import_laos(tx, LAOS, datetime.now(UTC))
    return invitations.invite(tx, LAOS[0].code, datetime.now(UTC))[0]


async def _until_claimed(store: Store) -> None:
    while store.read_now(lambda tx: tx.scalar(sa.select(rows.c.claim))) is None:  # noqa: ASYNC110
        await asyncio.sleep(0.05)


@pytest.mark.chaos
async def test_a_notice_that_a_killed_process_was_saying_is_said_soon(store: Store, tmp_path: Path) -> None:
    async with Simulator() as simulator, round_robin() as balancer:
        database = store.engine.url.render_as_string()
        [service] = replicas_of(Plan(1), tmp_path, simulator, balancer, tmp_path / "data", database)
        service.start()
        try:
            person = simulator.person("สมศรี")
            await person.say(f"/start {store.run_now(_invite)}")
            await person.hears("ใช่หน่วยงานของท่านหรือไม่", 60)
            await person.press("ใช่ เข้าร่วม")
            await person.hears("ต้องการทำอะไร", 60)
            simulator.faults.add(Fault("sendMessage", 1, delay=60, drop="before"))
            store.run_now(outbox.put, "test", person.id, "resume", {}, datetime.now(UTC))
            await asyncio.wait_for(_until_claimed(store), 30)
            await service.kill(0.0)
            await person.hears("ต้องการทำอะไร", WELL_BEFORE)
        finally:
            service.gone()
