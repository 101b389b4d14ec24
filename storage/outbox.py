"""Messages that must go out, whatever happens: put in by what caused them, claimed, sent, tried again, given up."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from flows.core.chat import Json
from storage import presence
from storage.causes import cause
from storage.db import Tx
from storage.prepared import Prepared
from storage.tables import outbox, submission
from storage.turns import FIRST, LAST, RANKS, WAITING, free, in_turn
from storage.wakeups import wake

TO_MANY = ("broadcast", "reminder", "digest")
# A process that dies leaves its claims to others after this, or see `release_claims`.
CLAIM = timedelta(minutes=2)

_NAMED = "@"  # a claim that begins with it bears its process's name


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    key: str
    chat_id: int
    kind: str
    payload: Mapping[str, Json]
    attempts: int
    cause: str  # see storage/causes.py
    claim: str  # whose it is: once it is somebody else's, nothing is changed under this name


def rank_of(kind: str) -> int:
    return LAST if kind in TO_MANY else FIRST


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
    more = {"submission_id": submission_id, "given_up_at": now if given_up else None, "error": given_up}
    tx.execute(_putting(tx).values(**_row(key, chat_id, kind, payload, now, due_at), **more))
    wake(tx)


def put_many(
    tx: Tx, kind: str, messages: Sequence[tuple[str, int, Mapping[str, Json]]], now: datetime
) -> None:
    """Each with its key, chat and payload."""
    if messages:
        tx.execute(
            _putting(tx), [_row(key, chat_id, kind, payload, now) for key, chat_id, payload in messages]
        )
        wake(tx)


def _putting(tx: Tx) -> postgresql.Insert | sqlite.Insert:
    make = postgresql.insert(outbox) if tx.dialect.name == "postgresql" else sqlite.insert(outbox)
    return make.on_conflict_do_nothing()


def _row(
    key: str,
    chat_id: int,
    kind: str,
    payload: Mapping[str, Json],
    now: datetime,
    due_at: datetime | None = None,
) -> dict[str, object]:
    return {
        "key": key, "chat_id": chat_id, "kind": kind, "payload": dict(payload), "campaign_id": payload.get("campaign"),
        "created_at": now, "due_at": due_at or now, "rank": rank_of(kind), "cause": cause.get(),
    }  # fmt: skip


def claim(
    tx: Tx, most: int, now: datetime, apart: timedelta = timedelta(0), process: str = ""
) -> list[Waiting]:
    """The messages that are due and nobody else is sending, marked as ours for a while.

    `process`: its name in storage/presence.py, by which others find what it leaves when it dies.

    Of each chat one at a time, and not within `apart` after the last one to it: many that wait for one chat take
    no room from the others.
    """
    wanted = in_turn(tx, most, now, apart)
    if not wanted:
        return []
    name = f"{_NAMED}{process}{secrets.token_hex(4)}" if process else secrets.token_hex(8)
    unlocked = select(outbox.c.id).where(outbox.c.id.in_(wanted), free(now))
    ours = (
        update(outbox)
        .where(outbox.c.id.in_(unlocked.with_for_update(skip_locked=True)))
        .values(claimed_until=now + CLAIM, claim=name, attempts=outbox.c.attempts + 1)
        .returning(outbox)
    )
    place = {number: at for at, number in enumerate(wanted)}
    return [
        Waiting(row.id, row.key, row.chat_id, row.kind, row.payload, row.attempts, row.cause, name)
        for row in sorted(tx.execute(ours), key=lambda row: place[row.id])
    ]


def claimants(tx: Tx, now: datetime) -> set[str]:
    """The names of the processes that have anything in hand, or had when they died."""
    name = func.substr(outbox.c.claim, 1 + len(_NAMED), presence.LETTERS)
    wanted = (
        select(name)
        .distinct()
        .where(WAITING, outbox.c.claimed_until >= now, outbox.c.claim.like(f"{_NAMED}%"))
    )
    return set(tx.execute(wanted).scalars())


def release_claims(tx: Tx, process: str) -> int:
    """What a process that is gone had in hand is anybody's again; returns how many there were."""
    its = and_(WAITING, outbox.c.claimed_until.is_not(None), outbox.c.claim.like(f"{_NAMED}{process}%"))
    found = tx.execute(update(outbox).where(its).values(claimed_until=None, claim=None)).rowcount
    if found:
        wake(tx)
    return found


def still_ours(tx: Tx, messages: Sequence[Waiting]) -> set[int]:
    """The ids of those that are still to be sent, and by whoever has this claim."""
    wanted = select(outbox.c.id, outbox.c.claim).where(outbox.c.id.in_([one.id for one in messages]), WAITING)
    claims = {row.id: row.claim for row in tx.execute(wanted)}
    return {one.id for one in messages if claims.get(one.id) == one.claim}


def _ours(message: Waiting) -> ColumnElement[bool]:
    return and_(outbox.c.id == message.id, outbox.c.claim == message.claim)


_begin = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("number"), outbox.c.claim == bindparam("ours"), WAITING)
    .values(sent_at=bindparam("now"))
)
_note_sent = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("number"))
    .values(sent_at=bindparam("now"), claimed_until=null(), claim=null(), error=literal_column("''"))
)


def begin(tx: Tx, message: Waiting, now: datetime) -> bool:
    """Notes it as said before it is; False where it is somebody else's by now.

    A process that dies while saying it does not have it said again: of such a message none is better than two.
    `try_later` and `give_up` take this back.
    """
    return _begin.run(tx, number=message.id, ours=message.claim, now=now) == 1


def note_sent(tx: Tx, message_id: int, now: datetime) -> None:
    """Whoever's claim it is by now: what was said is said."""
    _note_sent.run(tx, number=message_id, now=now)


def let_go(tx: Tx, message: Waiting) -> None:
    """Its moment has passed: anybody may take it again, and it was no try."""
    tx.execute(
        update(outbox)
        .where(_ours(message))
        .values(claimed_until=None, claim=None, attempts=outbox.c.attempts - 1)
    )


def try_later(tx: Tx, message: Waiting, due_at: datetime, error: str) -> None:
    tx.execute(
        update(outbox)
        .where(_ours(message))
        .values(due_at=due_at, sent_at=None, claimed_until=None, claim=None, error=error[:500])
    )


def keys_from(tx: Tx, chat_id: int, key: str) -> list[str]:
    """This key and those that go on with it and a colon, as far as there are messages to the chat under them."""
    theirs = or_(outbox.c.key == key, outbox.c.key.startswith(f"{key}:", autoescape=True))
    return list(tx.scalars(select(outbox.c.key).where(outbox.c.chat_id == chat_id, theirs)))


def hold_what_follows(tx: Tx, message: Waiting, until: datetime) -> None:
    """What goes on with a message, under its key and a colon, is not tried before it."""
    follows = outbox.c.key.startswith(f"{message.key}:", autoescape=True)
    tx.execute(
        update(outbox)
        .where(outbox.c.chat_id == message.chat_id, follows, WAITING, outbox.c.due_at < until)
        .values(due_at=until)
    )


def hold_chat(tx: Tx, chat_id: int, until: datetime) -> None:
    """The chat takes nothing for a while: nothing that waits for it is tried before, by any process."""
    tx.execute(
        update(outbox)
        .where(outbox.c.chat_id == chat_id, WAITING, outbox.c.due_at < until)
        .values(due_at=until)
    )


def take_back(tx: Tx, message: Waiting) -> None:
    """What is not right any more is not sent; under its key it may be put in again."""
    tx.execute(delete(outbox).where(_ours(message), outbox.c.sent_at.is_(None)))


def withdraw(tx: Tx, key: str) -> None:
    """What need not be said after all, unless somebody is saying it already."""
    tx.execute(delete(outbox).where(outbox.c.key == key, WAITING, outbox.c.claimed_until.is_(None)))


def give_up(tx: Tx, message: Waiting, error: str, now: datetime) -> None:
    """The person cannot be reached; reviewers see it at the entry."""
    tx.execute(
        update(outbox)
        .where(_ours(message))
        .values(given_up_at=now, sent_at=None, claimed_until=None, claim=None, error=error[:500])
    )


def revive(tx: Tx, chat_id: int, now: datetime) -> None:
    """Somebody who could not be reached is back: what was given up goes out after all."""
    lost = (outbox.c.chat_id == chat_id) & outbox.c.given_up_at.is_not(None)
    tx.execute(update(outbox).where(lost).values(given_up_at=None, due_at=now, error=""))
    wake(tx)


def redirect(tx: Tx, from_chat: int, to_chat: int, lao_code: str, now: datetime) -> None:
    """Notices about an LAO's entries that have not reached one officer go to another, given up ones too."""
    theirs = select(submission.c.id).where(submission.c.lao_code == lao_code)
    lost = and_(outbox.c.chat_id == from_chat, outbox.c.sent_at.is_(None), outbox.c.submission_id.in_(theirs))
    tx.execute(
        update(outbox)
        .where(lost)
        .values(chat_id=to_chat, given_up_at=None, due_at=now, claimed_until=None, claim=None, error="")
    )
    wake(tx)


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
            key=f"{key}:1", chat_id=chat_id, kind=kind, payload=dict(payload), created_at=now, due_at=now, sent_at=now,
            rank=rank_of(kind), cause=cause.get(),
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
    wake(tx)


def next_due(tx: Tx) -> datetime | None:
    """When the next waiting message is due."""
    first = (
        tx.execute(
            select(outbox.c.due_at).where(WAITING, outbox.c.rank == rank).order_by(outbox.c.due_at).limit(1)
        ).scalar()
        for rank in RANKS
    )
    return min((one for one in first if one is not None), default=None)


def waiting_count(tx: Tx) -> int:
    return tx.execute(select(func.count()).select_from(outbox).where(WAITING)).scalar_one()
