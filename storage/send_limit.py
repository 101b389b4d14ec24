"""The chat service's limit on sending, shared by every process: one row says when the next message may go out.

Who sends to many leases slots, moments of the next three quarters of a second, in the transaction that claims the messages for
them. Replies to people take no slot and wait for none: they are counted afterwards, many at once, and what is sent
to many has to wait for that long. A slot that is not used, as when its process has died, is a moment of silence.
All moments are the database's: processes on machines whose clocks differ share one time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.db import Tx
from storage.tables import send_limit

HORIZON = timedelta(seconds=0.75)  # no slot is further ahead
ASTRAY = timedelta(minutes=2)  # further ahead than messages can be owed: somebody has set the clock back
NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the limit stands, its row locked by the transaction that asked."""

    now: datetime  # the database's
    read_at: float  # this process's `time.monotonic()` at that moment
    ahead: timedelta  # from now to the next free moment
    held: timedelta  # from now until what goes to many may go on
    lead: timedelta = NONE  # that whoever asks needs to get ready

    def with_lead(self, lead: timedelta) -> Standing:
        """No slot before: one that has passed when its message is ready is lost."""
        return replace(self, ahead=max(self.ahead, lead), lead=lead)

    def room(self, gap: timedelta) -> int:
        """How many slots are free within the horizon."""
        return 0 if self.held else max(0, int((HORIZON + self.lead - self.ahead) / gap))

    def silent(self, count: int, gap: timedelta) -> list[float]:
        """The moments that were just taken for what had been sent without a slot: nothing goes out at them."""
        return [self.read_at + (self.ahead - gap * n).total_seconds() for n in range(count, 0, -1)]

    def slots(self, count: int, gap: timedelta) -> list[float]:
        """The next free moments, by this process's `time.monotonic()`."""
        return [self.read_at + (self.ahead + gap * n).total_seconds() for n in range(count)]


def clock(tx: Tx) -> datetime:
    """The database's clock; an SQLite file has that of its machine."""
    if tx.dialect.name != "postgresql":
        return datetime.now(UTC)
    now: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def standing(tx: Tx, gap: timedelta, unpaid: int = 0, *, asked: Callable[[Tx], datetime] = clock) -> Standing:
    """`unpaid` messages were sent without a slot since the last time; a negative number of slots was not used."""
    row = tx.execute(select(send_limit).with_for_update()).one_or_none()
    if row is None:
        _make_row(tx, asked(tx))
        row = tx.execute(select(send_limit).with_for_update()).one()
    now, read_at = asked(tx), time.monotonic()
    ahead = row.next_at - now
    ahead = NONE if ahead > ASTRAY else max(ahead, NONE)
    held = row.held_until - now if row.held_until and row.held_until > now else NONE
    found = Standing(now, read_at, max(ahead + gap * unpaid, NONE), held)
    if unpaid:
        take(tx, found, 0, gap)
    return found


def take(tx: Tx, found: Standing, count: int, gap: timedelta) -> None:
    """The next `count` moments are somebody's."""
    tx.execute(update(send_limit).values(next_at=found.now + found.ahead + gap * count))


def hold(tx: Tx, seconds: float, *, asked: Callable[[Tx], datetime] = clock) -> None:
    """The chat service wants silence from the whole bot: what goes to many waits, in every process."""
    found = standing(tx, NONE, asked=asked)
    tx.execute(update(send_limit).values(held_until=found.now + max(found.held, timedelta(seconds=seconds))))


def _make_row(tx: Tx, now: datetime) -> None:
    make = postgresql.insert(send_limit) if tx.dialect.name == "postgresql" else sqlite.insert(send_limit)
    tx.execute(make.values(id=1, next_at=now).on_conflict_do_nothing())
