"""Chats whose menu of commands is not everybody's: a coordinator's has /progress, and loses it with the post."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from storage import outbox
from storage.db import Tx
from storage.tables import coordinator_chat
from storage.tables import outbox as waiting

KIND: Final = "commands"  # of the rows in the outbox; what the menu then is, is decided when it is sent


def tell(tx: Tx, chat_id: int, now: datetime) -> None:
    """The chat service is to hear which commands this chat has from now on."""
    key = f"{KIND}:{chat_id}"
    tx.execute(delete(waiting).where(waiting.c.key == key))  # what was told before holds no more
    outbox.put(tx, key, chat_id, KIND, {}, now)


def tell_if_coordinator(tx: Tx, chat_id: int, now: datetime) -> None:
    """The person in the chat has become an officer, or is none any more."""
    mine = select(coordinator_chat.c.chat_id).where(coordinator_chat.c.chat_id == chat_id)
    if tx.scalar(mine) is not None:
        tell(tx, chat_id, now)


def tell_reviewer(tx: Tx, reviewer_id: int, now: datetime) -> None:
    """The web account behind these chats was opened, closed, or given another role."""
    theirs = select(coordinator_chat.c.chat_id).where(coordinator_chat.c.reviewer_id == reviewer_id)
    for chat_id in list(tx.scalars(theirs)):
        tell(tx, chat_id, now)


def tell_every(tx: Tx, version: str, now: datetime) -> None:
    """Every coordinator's chat, once for each version of the commands."""
    for chat_id in list(tx.scalars(select(coordinator_chat.c.chat_id))):
        outbox.put(tx, f"{KIND}:{chat_id}:{version}", chat_id, KIND, {}, now)
