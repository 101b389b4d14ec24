"""Officers: who speaks for which LAO, in which chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from storage import campaign_choices, command_menus, outbox
from storage.campaign_sums import people_changed
from storage.db import Tx
from storage.lao import Lao, lao_in
from storage.prepared import Prepared
from storage.tables import chat, draft, lao, officer


@dataclass(frozen=True, slots=True)
class Officer:
    id: int
    chat_id: int
    name: str
    lao: Lao


_CHANGES = "officers' changes"
ACTIVE = (
    select(officer.c.id.label("officer_id"), officer.c.chat_id, officer.c.name.label("officer_name"), lao)
    .join(lao, lao.c.code == officer.c.lao_code)
    .where(officer.c.removed_at.is_(None))
)
_in_chat = Prepared(ACTIVE.where(officer.c.chat_id == bindparam("chat_id")))


def officer_in(tx: Tx, chat_id: int) -> Officer | None:
    """The officer who speaks in this chat."""
    row = _in_chat.row(tx, chat_id=chat_id)
    return officer_from(row) if row else None


def officer_of(tx: Tx, officer_id: int) -> Officer | None:
    """An active officer by number."""
    row = tx.execute(ACTIVE.where(officer.c.id == officer_id)).one_or_none()
    return officer_from(row) if row else None


def chats_of(tx: Tx, officer_ids: Sequence[int]) -> dict[int, int]:
    """Officer -> chat, of those of them who are active."""
    wanted = select(officer.c.id, officer.c.chat_id).where(
        officer.c.id.in_(officer_ids), officer.c.removed_at.is_(None)
    )
    return {row.id: row.chat_id for row in tx.execute(wanted)}


def was_removed(tx: Tx, chat_id: int) -> bool:
    """Whether somebody in this chat was an officer and is none any more."""
    gone = (
        select(officer.c.id).where(officer.c.chat_id == chat_id, officer.c.removed_at.is_not(None)).limit(1)
    )
    return officer_in(tx, chat_id) is None and tx.execute(gone).first() is not None


def changes(tx: Tx) -> int:
    """How often on this connection an officer has joined or been removed: what was read before may be another now."""
    return int(tx.info.get(_CHANGES, 0))


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
    tx.info[_CHANGES] = changes(tx) + 1
    joined = officer_in(tx, chat_id)
    assert joined is not None
    people_changed(tx, lao_code)
    command_menus.tell_if_coordinator(tx, chat_id, now)
    return joined


def remove(tx: Tx, officer_id: int, now: datetime) -> None:
    """The officer can do nothing more; everything sent stays with the LAO."""
    tx.info[_CHANGES] = changes(tx) + 1
    tx.execute(update(officer).where(officer.c.id == officer_id).values(removed_at=now))
    # Whatever was said lately, the removal is said at the next message.
    theirs = select(officer.c.chat_id).where(officer.c.id == officer_id)
    tx.execute(update(chat).where(chat.c.id.in_(theirs)).values(told_at=None))
    people_changed(tx, tx.execute(select(officer.c.lao_code).where(officer.c.id == officer_id)).scalar_one())
    for chat_id in list(tx.scalars(theirs)):
        command_menus.tell_if_coordinator(tx, chat_id, now)


def hand_over(tx: Tx, from_officer_id: int, chat_id: int, name: str, now: datetime) -> Officer:
    """The post goes to whoever speaks in this chat: drafts, choices and the notices that still wait.

    The predecessor is removed, and the successor from another post. Of two drafts of one form the successor goes on
    with their own; the other waits until that one is sent or thrown away.
    """
    before = tx.execute(select(officer).where(officer.c.id == from_officer_id)).one()
    if before.chat_id == chat_id and before.removed_at is None:
        return join(tx, chat_id, name, before.lao_code, now)
    remove(tx, before.id, now)
    other = officer_in(tx, chat_id)
    if other is not None and other.lao.code != before.lao_code:
        remove(tx, other.id, now)
    successor = join(tx, chat_id, name, before.lao_code, now)
    _take_drafts(tx, before.id, successor.id)
    campaign_choices.take_over(tx, before.id, successor.id)
    outbox.redirect(tx, before.chat_id, chat_id, before.lao_code, now)
    return successor


def _take_drafts(tx: Tx, from_officer_id: int, officer_id: int) -> None:
    """Also those that have waited for the predecessor."""
    own = {
        (row.form, row.submission_id)
        for row in tx.execute(
            select(draft.c.form, draft.c.submission_id).where(draft.c.officer_id == officer_id)
        )
    }
    left = tx.execute(
        select(draft.c.id, draft.c.form, draft.c.submission_id)
        .where(or_(draft.c.officer_id == from_officer_id, draft.c.waits_for == from_officer_id))
        .order_by(draft.c.waits_for.is_not(None), draft.c.updated_at.desc())
    ).all()
    for row in left:
        waits = (row.form, row.submission_id) in own
        own.add((row.form, row.submission_id))
        values = {"waits_for": officer_id} if waits else {"officer_id": officer_id, "waits_for": None}
        tx.execute(update(draft).where(draft.c.id == row.id).values(**values))


def officers_of(tx: Tx, lao_code: str) -> list[Officer]:
    """The LAO's active officers, who joined first first."""
    wanted = ACTIVE.where(officer.c.lao_code == lao_code).order_by(officer.c.joined_at)
    return [officer_from(row) for row in tx.execute(wanted)]


def officer_from(row: Any) -> Officer:
    return Officer(row.officer_id, row.chat_id, row.officer_name, lao_in(row))
