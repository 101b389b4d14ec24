"""Officers: who speaks for which LAO, in which chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from storage.db import Tx
from storage.lao import Lao, lao_in
from storage.tables import lao, officer


@dataclass(frozen=True, slots=True)
class Officer:
    id: int
    chat_id: int
    name: str
    lao: Lao


_active = (
    select(officer.c.id.label("officer_id"), officer.c.chat_id, officer.c.name.label("officer_name"), lao)
    .join(lao, lao.c.code == officer.c.lao_code)
    .where(officer.c.removed_at.is_(None))
)
_in_chat = _active.where(officer.c.chat_id == bindparam("chat_id"))


def officer_in(tx: Tx, chat_id: int) -> Officer | None:
    """The officer who speaks in this chat."""
    row = tx.execute(_in_chat, {"chat_id": chat_id}).one_or_none()
    return _officer(row) if row else None


def officer_of(tx: Tx, officer_id: int) -> Officer | None:
    """An active officer by number."""
    row = tx.execute(_active.where(officer.c.id == officer_id)).one_or_none()
    return _officer(row) if row else None


def was_removed(tx: Tx, chat_id: int) -> bool:
    """Whether somebody in this chat was an officer and is none any more."""
    gone = (
        select(officer.c.id).where(officer.c.chat_id == chat_id, officer.c.removed_at.is_not(None)).limit(1)
    )
    return officer_in(tx, chat_id) is None and tx.execute(gone).first() is not None


def join(tx: Tx, chat_id: int, name: str, lao_code: str, now: datetime) -> Officer:
    """Binds the chat to an LAO; drafts left from an earlier time there are found again."""
    before = tx.execute(
        select(officer.c.id).where(officer.c.chat_id == chat_id, officer.c.lao_code == lao_code).limit(1)
    ).scalar_one_or_none()
    if before is None:
        tx.execute(insert(officer).values(lao_code=lao_code, chat_id=chat_id, name=name[:200], joined_at=now))
    else:
        tx.execute(
            update(officer)
            .where(officer.c.id == before)
            .values(removed_at=None, name=name[:200], joined_at=now)
        )
    joined = officer_in(tx, chat_id)
    assert joined is not None
    return joined


def remove(tx: Tx, officer_id: int, now: datetime) -> None:
    """The officer can do nothing more; everything sent stays with the LAO."""
    tx.execute(update(officer).where(officer.c.id == officer_id).values(removed_at=now))


def officers_of(tx: Tx, lao_code: str) -> list[Officer]:
    """The LAO's active officers, who joined first first."""
    wanted = _active.where(officer.c.lao_code == lao_code).order_by(officer.c.joined_at)
    return [_officer(row) for row in tx.execute(wanted)]


def _officer(row: Row[Any]) -> Officer:
    return Officer(row.officer_id, row.chat_id, row.officer_name, lao_in(row))
