"""How many of everything there are, and what lies still: for whoever looks after the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, func, select

from storage.db import Tx
from storage.outbox import next_due, waiting_count
from storage.tables import chat, dead_letter, lao, officer, outbox, reviewer

LATE = timedelta(minutes=10)  # a notice that is due for longer than this is stuck


@dataclass(frozen=True, slots=True)
class Census:
    laos: int
    offices: int  # LAOs with coordinates
    officers: int
    reviewers: int
    notices: int  # that wait to be sent
    late_notices: int
    dead_letters: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: notices to be sent, for how long the oldest of them has been due, and updates set aside."""

    waiting: int
    oldest_seconds: float
    dead_letters: int


def backlog(tx: Tx, now: datetime) -> Backlog:
    due = next_due(tx)
    oldest = max(0.0, (now - due).total_seconds()) if due else 0.0
    return Backlog(waiting_count(tx), oldest, _count(tx, dead_letter))


def can_be_read(tx: Tx) -> None:
    """Raises where the database, or a table in it, is not there."""
    tx.execute(select(chat.c.id).limit(1)).first()


def census(tx: Tx, now: datetime) -> Census:
    waiting = outbox.c.sent_at.is_(None), outbox.c.given_up_at.is_(None)
    return Census(
        laos=_count(tx, lao),
        offices=_count(tx, lao, lao.c.latitude.is_not(None), lao.c.longitude.is_not(None)),
        officers=_count(tx, officer, officer.c.removed_at.is_(None)),
        reviewers=_count(tx, reviewer, reviewer.c.disabled_at.is_(None)),
        notices=_count(tx, outbox, *waiting),
        late_notices=_count(tx, outbox, *waiting, outbox.c.due_at < now - LATE),
        dead_letters=_count(tx, dead_letter),
    )


def _count(tx: Tx, table: Table, *where: ColumnElement[bool]) -> int:
    return tx.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
