"""Coordinators in chat: whose chat it is, and which provinces it hears of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from flows.core.roles import Reach, Role, may
from storage import command_menus
from storage.db import Tx
from storage.reviewers import every_reviewer, reviewer_of
from storage.tables import coordinator_chat


@dataclass(frozen=True, slots=True)
class Coordinator:
    """A web account as its owner's chat knows it."""

    reviewer_id: int
    name: str
    role: Role
    reach: Reach


def join(tx: Tx, chat_id: int, reviewer_id: int, name: str, now: datetime) -> None:
    """Binds the chat to a web account; `name` is what the chat calls the person."""
    make = (
        postgresql.insert(coordinator_chat)
        if tx.dialect.name == "postgresql"
        else sqlite.insert(coordinator_chat)
    )
    told = {"reviewer_id": reviewer_id, "name": name[:200], "joined_at": now}
    tx.execute(
        make.values(chat_id=chat_id, **told).on_conflict_do_update(index_elements=["chat_id"], set_=told)
    )
    command_menus.tell(tx, chat_id, now)


def leave(tx: Tx, chat_id: int, now: datetime) -> None:
    """The chat hears no more of any province."""
    tx.execute(delete(coordinator_chat).where(coordinator_chat.c.chat_id == chat_id))
    command_menus.tell(tx, chat_id, now)


def coordinator_in(tx: Tx, chat_id: int) -> Coordinator | None:
    """Whose chat it is; None for everybody else, and once the account is closed or may not see progress."""
    reviewer_id = tx.scalar(
        select(coordinator_chat.c.reviewer_id).where(coordinator_chat.c.chat_id == chat_id)
    )
    one = None if reviewer_id is None else reviewer_of(tx, reviewer_id)
    if one is None or one.disabled_at is not None or not may(one.role, "progress"):
        return None
    return Coordinator(one.id, one.name, one.role, one.reach)


def chats_of_province(tx: Tx, province: str) -> list[tuple[int, Coordinator]]:
    """The chats of those who look after any place of the province, who joined first first."""
    return [(chat_id, one) for chat_id, one in every_chat(tx) if one.reach.touches(province)]


def every_chat(tx: Tx) -> list[tuple[int, Coordinator]]:
    """Every chat that is told about LAOs that lack something, who joined first first."""
    known = {one.id: one for one in every_reviewer(tx)}
    rows = tx.execute(
        select(coordinator_chat.c.chat_id, coordinator_chat.c.reviewer_id).order_by(
            coordinator_chat.c.joined_at, coordinator_chat.c.chat_id
        )
    )
    return [
        (row.chat_id, Coordinator(one.id, one.name, one.role, one.reach))
        for row in rows
        if (one := known[row.reviewer_id]).disabled_at is None and may(one.role, "campaigns")
    ]
