"""Whose turn it is in the outbox: of each chat the message in front, if the chat takes one now.

However many wait for one chat, they are passed over at once and not asked one by one: the rows in front are read
without a look at others, and where they are all of the same few chats, further ones without these chats.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, case, literal, or_, select, union

from storage.db import Tx
from storage.tables import outbox

# What goes to thousands at once waits behind what one person is waiting for.
RANKS = FIRST, LAST = 0, 1
GROUP = 3  # times as far apart as in a person's chat: a group takes 20 a minute
SPARE = 2  # times as many rows are read at first as are wanted
GROWS = 4  # times as many each time after

WAITING = and_(outbox.c.sent_at.is_(None), outbox.c.given_up_at.is_(None))


def in_turn(tx: Tx, most: int, now: datetime, apart: timedelta) -> list[int]:
    """The ids of the messages to be sent next, in order: each a chat's foremost, due and nobody's.

    A chat that is being sent something, or was within `apart`, is left out.
    """
    found: list[int] = []
    passed: set[int] = set()
    for rank in RANKS:
        page = most * SPARE
        while len(found) < most:
            rows = tx.execute(in_front(rank, page, now, passed)).all()
            foremost = _foremost((row.chat_id, row.id) for row in rows)
            busy = set(tx.scalars(_busy(foremost, now, apart))) if foremost else set()
            found += [number for chat_id, number in foremost.items() if chat_id not in busy]
            passed.update(foremost)
            if len(rows) < page:
                break
            page *= GROWS
    return found[:most]


def _foremost(rows: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for chat_id, number in rows:
        found.setdefault(chat_id, number)
    return found


def free(now: datetime) -> ColumnElement[bool]:
    """Waits, and nobody is sending it."""
    return and_(WAITING, or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until < now))


def in_front(rank: int, most: int, now: datetime, passed: Collection[int]) -> Select[tuple[int, int]]:
    """One rank at a time, as the index has them."""
    return (
        select(outbox.c.id, outbox.c.chat_id)
        .where(
            free(now), outbox.c.rank == rank, outbox.c.due_at <= now, outbox.c.chat_id.not_in(sorted(passed))
        )
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(most)
    )


def _busy(chats: Collection[int], now: datetime, apart: timedelta) -> CompoundSelect[Any]:
    """Those of the chats that take nothing now."""
    theirs = outbox.c.chat_id.in_(sorted(chats))
    in_hand = select(outbox.c.chat_id).where(theirs, WAITING, outbox.c.claimed_until >= now)
    just_sent = select(outbox.c.chat_id).where(theirs, outbox.c.sent_at > _since(now, apart))
    return union(in_hand, just_sent)


def _since(now: datetime, apart: timedelta) -> ColumnElement[datetime]:
    moment = outbox.c.sent_at.type
    return case(
        (outbox.c.chat_id < 0, literal(now - apart * GROUP, moment)), else_=literal(now - apart, moment)
    )
