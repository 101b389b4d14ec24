"""Updates that were set aside: looked through, marked to be run again, claimed, done with or failed once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, exists, or_, select, update

from flows.core.chat import Json
from storage.db import Tx, kept_text
from storage.tables import chat, dead_letter, handled

CLAIM = timedelta(seconds=30)  # a process that dies leaves its claims to others after this
MOST = 20  # claimed at once


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`error` is "Type: words"; the words may quote what a person wrote, and so does `raw`, which is what came.

    `chat_id` is None for what could not be read. `saved`: it had been handled, and only the answer to it failed.
    `place`: what it was an answer to. `retry_at`: when it was marked to be run again.
    """

    update_id: int
    chat_id: int | None
    raw: Json
    error: str
    attempts: int
    at: datetime
    saved: bool
    place: Mapping[str, Json] | None
    retry_at: datetime | None

    @property
    def kind(self) -> str:
        """The type of the error, without its words."""
        return self.error.partition(":")[0]


def newest(tx: Tx, most: int | None = None) -> list[DeadLetter]:
    rows = tx.execute(
        select(dead_letter).order_by(dead_letter.c.at.desc(), dead_letter.c.update_id.desc()).limit(most)
    )
    return [_letter(row) for row in rows]


def letter_of(tx: Tx, update_id: int) -> DeadLetter | None:
    row = tx.execute(select(dead_letter).where(dead_letter.c.update_id == update_id)).one_or_none()
    return _letter(row) if row else None


def run_again(tx: Tx, now: datetime, update_id: int | None = None) -> int:
    """Marks one, or all, to be run again by whichever process is first; returns how many there are."""
    marked = update(dead_letter).values(retry_at=now)
    if update_id is not None:
        marked = marked.where(dead_letter.c.update_id == update_id)
    return tx.execute(marked).rowcount


def drop(tx: Tx, update_id: int) -> bool:
    """Whether it was there."""
    return tx.execute(delete(dead_letter).where(dead_letter.c.update_id == update_id)).rowcount > 0


# --- run again


def any_to_run(tx: Tx, now: datetime) -> bool:
    return tx.execute(select(dead_letter.c.update_id).where(*_free(now)).limit(1)).first() is not None


def claim(tx: Tx, now: datetime) -> list[DeadLetter]:
    """Those marked and in nobody's hand, the oldest first; of a chat none while an earlier one is in hand."""
    earlier = dead_letter.alias("earlier")
    in_hand = exists().where(
        earlier.c.chat_id == dead_letter.c.chat_id, earlier.c.update_id < dead_letter.c.update_id,
        earlier.c.retry_at.is_not(None), earlier.c.claimed_until >= now,
    )  # fmt: skip
    rows = tx.execute(
        select(dead_letter)
        .where(*_free(now), ~in_hand)
        .order_by(dead_letter.c.update_id)
        .limit(MOST)
        .with_for_update(skip_locked=True, of=dead_letter)
    ).all()
    mine = dead_letter.c.update_id.in_([row.update_id for row in rows])
    tx.execute(update(dead_letter).where(mine).values(claimed_until=now + CLAIM))
    return [_letter(row) for row in rows]


def _free(now: datetime) -> tuple[Any, Any]:
    free = or_(dead_letter.c.claimed_until.is_(None), dead_letter.c.claimed_until < now)
    return dead_letter.c.retry_at.is_not(None), free


def take(tx: Tx, update_id: int) -> DeadLetter | None:
    """Takes it out, in the transaction that handles it; None when another process has, or nobody wants it run."""
    letter = letter_of(tx, update_id)
    if letter is None or letter.retry_at is None or not drop(tx, update_id):
        return None
    if not letter.saved:  # noted as handled only so that it was not delivered again
        tx.execute(delete(handled).where(handled.c.update_id == update_id))
    return letter


def failed_again(tx: Tx, update_id: int, error: str, attempts: int) -> None:
    tx.execute(
        update(dead_letter)
        .where(dead_letter.c.update_id == update_id)
        .values(
            error=kept_text(error[:4000]),
            attempts=dead_letter.c.attempts + attempts,
            retry_at=None,
            claimed_until=None,
        )
    )


def seen_at(tx: Tx, chat_id: int) -> datetime | None:
    """When anything from the chat was last handled."""
    return tx.execute(select(chat.c.seen_at).where(chat.c.id == chat_id)).scalar_one_or_none()


def _letter(row: Row[Any]) -> DeadLetter:
    return DeadLetter(
        row.update_id, row.chat_id, row.raw, row.error, row.attempts, row.at, row.saved, row.place, row.retry_at
    )  # fmt: skip
