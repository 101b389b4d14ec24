"""Messages that must go out, whatever happens: put in by what caused them, claimed, sent, tried again, given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from flows.core.chat import Json
from storage.db import Tx
from storage.tables import outbox, submission

# What goes to thousands at once waits behind what one person is waiting for.
TO_MANY = ("broadcast", "reminder", "digest")
CLAIM = timedelta(minutes=2)  # a process that dies leaves its claims to others after this


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    key: str
    chat_id: int
    kind: str
    payload: Mapping[str, Json]
    attempts: int


def put(
    tx: Tx,
    key: str,
    chat_id: int,
    kind: str,
    payload: Mapping[str, Json],
    now: datetime,
    *,
    due_at: datetime | None = None,
    submission_id: int | None = None,
    given_up: str = "",
) -> None:
    """One message; a second one under the same key is not put in. By `campaign` in its payload it is found again.

    `given_up` says why it can reach nobody from the beginning.
    """
    make = postgresql.insert(outbox) if tx.dialect.name == "postgresql" else sqlite.insert(outbox)
    tx.execute(
        make.values(
            key=key, chat_id=chat_id, kind=kind, payload=dict(payload), submission_id=submission_id,
            campaign_id=payload.get("campaign"), created_at=now, due_at=due_at or now,
            given_up_at=now if given_up else None, error=given_up,
        ).on_conflict_do_nothing()
    )  # fmt: skip


def claim(tx: Tx, most: int, now: datetime) -> list[Waiting]:
    """The messages that are due and nobody else is sending, marked as ours for a while."""
    wanted = (
        select(outbox)
        .where(
            outbox.c.sent_at.is_(None),
            outbox.c.given_up_at.is_(None),
            outbox.c.due_at <= now,
            or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until < now),
        )
        .order_by(case((outbox.c.kind.in_(TO_MANY), 1), else_=0), outbox.c.due_at, outbox.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = list(tx.execute(wanted))
    if rows:
        ids = [row.id for row in rows]
        tx.execute(
            update(outbox)
            .where(outbox.c.id.in_(ids))
            .values(claimed_until=now + CLAIM, attempts=outbox.c.attempts + 1)
        )
    return [Waiting(row.id, row.key, row.chat_id, row.kind, row.payload, row.attempts + 1) for row in rows]


def note_sent(tx: Tx, message_id: int, now: datetime) -> None:
    tx.execute(
        update(outbox).where(outbox.c.id == message_id).values(sent_at=now, claimed_until=None, error="")
    )


def try_later(tx: Tx, message_id: int, due_at: datetime, error: str) -> None:
    tx.execute(
        update(outbox)
        .where(outbox.c.id == message_id)
        .values(due_at=due_at, claimed_until=None, error=error[:500])
    )


def take_back(tx: Tx, message_id: int) -> None:
    """What is not right any more is not sent; under its key it may be put in again."""
    tx.execute(delete(outbox).where(outbox.c.id == message_id, outbox.c.sent_at.is_(None)))


def give_up(tx: Tx, message_id: int, error: str, now: datetime) -> None:
    """The person cannot be reached; reviewers see it at the entry."""
    tx.execute(
        update(outbox)
        .where(outbox.c.id == message_id)
        .values(given_up_at=now, claimed_until=None, error=error[:500])
    )


def revive(tx: Tx, chat_id: int, now: datetime) -> None:
    """Somebody who could not be reached is back: what was given up goes out after all."""
    lost = (outbox.c.chat_id == chat_id) & outbox.c.given_up_at.is_not(None)
    tx.execute(update(outbox).where(lost).values(given_up_at=None, due_at=now, error=""))


def redirect(tx: Tx, from_chat: int, to_chat: int, lao_code: str, now: datetime) -> None:
    """Notices about an LAO's entries that have not reached one officer go to another, given up ones too."""
    theirs = select(submission.c.id).where(submission.c.lao_code == lao_code)
    lost = and_(outbox.c.chat_id == from_chat, outbox.c.sent_at.is_(None), outbox.c.submission_id.in_(theirs))
    tx.execute(
        update(outbox)
        .where(lost)
        .values(chat_id=to_chat, given_up_at=None, due_at=now, claimed_until=None, error="")
    )


# --- what gathers before it goes out

MOST_PARTS = 20  # rows under one key with a number behind it


@dataclass(frozen=True, slots=True)
class Gathering:
    """The last message under a key; not `open` any more once somebody began to send it."""

    n: int
    payload: Mapping[str, Json]
    open: bool


def _parts_of(key: str) -> list[str]:
    return [f"{key}:{n}" for n in range(1, MOST_PARTS + 1)]


def gathering(tx: Tx, key: str) -> Gathering | None:
    wanted = select(outbox).where(outbox.c.key.in_(_parts_of(key))).order_by(outbox.c.id)
    rows = list(tx.execute(wanted))
    if not rows:
        return None
    last = rows[-1]
    open_ = last.sent_at is None and last.given_up_at is None and last.claimed_until is None
    return Gathering(len(rows), last.payload, open_)


_gathering_open = and_(
    outbox.c.sent_at.is_(None), outbox.c.given_up_at.is_(None), outbox.c.claimed_until.is_(None)
)


def gather(
    tx: Tx,
    key: str,
    chat_id: int,
    kind: str,
    payload: Mapping[str, Json],
    now: datetime,
    due_at: datetime,
) -> None:
    """Puts this into the message that waits under the key, which then waits anew; else it is the next one's beginning.

    One that somebody has begun to send is left alone: it says what it had.
    """
    before = gathering(tx, key)
    if before is not None and before.open:
        mine = (outbox.c.key == f"{key}:{before.n}") & _gathering_open
        changed = update(outbox).where(mine).values(payload=dict(payload), due_at=due_at)
        if tx.execute(changed).rowcount:
            return
    put(tx, f"{key}:{before.n + 1 if before else 1}", chat_id, kind, payload, now, due_at=due_at)


def note_said(tx: Tx, key: str, chat_id: int, kind: str, payload: Mapping[str, Json], now: datetime) -> None:
    """Something under the key was said without waiting: that is all that there is to say."""
    tx.execute(
        insert(outbox).values(
            key=f"{key}:1", chat_id=chat_id, kind=kind, payload=dict(payload), created_at=now, due_at=now, sent_at=now
        )
    )  # fmt: skip


def hold(tx: Tx, key: str, until: datetime) -> None:
    """More is on its way: what waits under the key is not sent before that."""
    mine = outbox.c.key.in_(_parts_of(key)) & _gathering_open & (outbox.c.due_at < until)
    tx.execute(update(outbox).where(mine).values(due_at=until))


def release(tx: Tx, key: str, due_at: datetime) -> None:
    """What was on its way is here: what waits under the key is held no longer than this."""
    mine = outbox.c.key.in_(_parts_of(key)) & _gathering_open & (outbox.c.due_at > due_at)
    tx.execute(update(outbox).where(mine).values(due_at=due_at))


def next_due(tx: Tx) -> datetime | None:
    """When the next waiting message is due."""
    waiting = outbox.c.sent_at.is_(None) & outbox.c.given_up_at.is_(None)
    return tx.execute(select(func.min(outbox.c.due_at)).where(waiting)).scalar()


def waiting_count(tx: Tx) -> int:
    waiting = outbox.c.sent_at.is_(None) & outbox.c.given_up_at.is_(None)
    return tx.execute(select(func.count()).select_from(outbox).where(waiting)).scalar_one()
