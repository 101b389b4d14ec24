"""Chats in hand: what is read to answer what came in them, and what is written back, for one or for several at once.

On PostgreSQL several take the same few statements as one, as their number is what an answer costs there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, TableValuedAlias, Text, bindparam, column, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.types import TypeEngine

from flows.core.chat import Json
from flows.core.text import Language
from storage import conversations
from storage.conversations import Chat, Draft, chat_from, draft_from
from storage.db import Tx
from storage.officers import ACTIVE, Officer, changes, officer_from, officer_in
from storage.prepared import Prepared
from storage.tables import chat, draft, handled, officer, written_instant


@dataclass(frozen=True, slots=True)
class Incoming:
    """What came in a chat; `language`: of the phone, for a chat that is new."""

    chat_id: int
    language: Language
    update_ids: Sequence[int]
    now: datetime


@dataclass(slots=True)
class InHand:
    """A chat whose row is locked. `new`: those of its updates that have not been handled before.

    `draft` is the open one, if it is still there. `focus` and `answered` are written back, where they are not None.
    """

    chat: Chat
    now: datetime
    new: frozenset[int]
    officer: Officer | None
    draft: Draft | None
    as_of: int = 0  # of `officers.changes`
    focus: Mapping[str, Json] | None = None
    answered: Draft | None = None


Opened = Callable[[Chat], int]  # the number of the draft that is open in a chat, 0 for none


def _given(**columns: TypeEngine[Any]) -> TableValuedAlias:
    """The rows that are given as `rows`, each a mapping of these columns: the driver takes long for arrays of text."""
    rows = func.json_to_recordset(bindparam("rows", type_=JSON))
    given = rows.table_valued(*(column(name, kind) for name, kind in columns.items()))
    return given.render_derived(name="given", with_types=True)


_ids = bindparam("ids", type_=ARRAY(BigInteger))
_lock = Prepared(select(chat).where(chat.c.id == func.any(_ids)).order_by(chat.c.id).with_for_update())
_officers = Prepared(ACTIVE.where(officer.c.chat_id == func.any(_ids)))
_drafts = Prepared(select(draft).where(draft.c.id == func.any(_ids)))
_noted = _given(update_id=BigInteger(), chat_id=BigInteger(), at=Text())
_note = Prepared(
    insert(handled)
    .from_select(["update_id", "chat_id", "at"], select(_noted))
    .on_conflict_do_nothing()
    .returning(handled.c.update_id)
)
_answered = _given(id=BigInteger(), conversation=JSONB(), at=Text())
_keep_drafts = Prepared(
    update(draft)
    .where(draft.c.id == _answered.c.id)
    .values(conversation=_answered.c.conversation, updated_at=_answered.c.at)
)
_left = _given(id=BigInteger(), focus=JSONB(), at=Text())
_keep_focus = Prepared(
    update(chat).where(chat.c.id == _left.c.id).values(focus=_left.c.focus, seen_at=_left.c.at)
)


def take(tx: Tx, wanted: Sequence[Incoming], opened: Opened) -> list[InHand]:
    """Each in its place. No chat is there twice."""
    if tx.dialect.name == "postgresql":
        return _several(tx, wanted, opened)
    return [_one(tx, one, opened) for one in wanted]


def read_again(tx: Tx, hand: InHand, opened: Opened) -> None:
    """Where an officer has joined or been removed since, as by what was handled before it in this transaction."""
    if hand.as_of == (now := changes(tx)):
        return
    hand.chat = conversations.chat_of(tx, hand.chat.id) or hand.chat
    hand.officer, hand.as_of = officer_in(tx, hand.chat.id), now
    if number := opened(hand.chat):
        hand.draft = conversations.draft_of(tx, number)


def put_back(tx: Tx, hands: Sequence[InHand]) -> None:
    """Writes what has become of them."""
    if tx.dialect.name == "postgresql":
        _keep_several(tx, hands)
        return
    for one in hands:
        if one.answered is not None:
            conversations.save_draft(tx, one.answered.id, one.answered.conversation, one.now)
        if one.focus is not None:
            conversations.save_focus(tx, one.chat.id, one.focus, one.now)


def _one(tx: Tx, wanted: Incoming, opened: Opened) -> InHand:
    locked = conversations.lock_chat(tx, wanted.chat_id, wanted.language, wanted.now)
    new = frozenset(
        one for one in wanted.update_ids if conversations.note_handled(tx, one, wanted.chat_id, wanted.now)
    )
    number = opened(locked)
    draft = conversations.draft_of(tx, number) if number else None
    return InHand(locked, wanted.now, new, officer_in(tx, locked.id), draft, changes(tx))


def _several(tx: Tx, wanted: Sequence[Incoming], opened: Opened) -> list[InHand]:
    ids = [one.chat_id for one in wanted]
    chats = {row.id: chat_from(row) for row in _lock.rows(tx, ids=ids)}
    for one in sorted(wanted, key=lambda one: one.chat_id):  # as they are locked, by whichever process
        if one.chat_id not in chats:
            chats[one.chat_id] = conversations.lock_chat(tx, one.chat_id, one.language, one.now)
    new = _newly_handled(tx, wanted)
    officers = {row.chat_id: officer_from(row) for row in _officers.rows(tx, ids=ids)}
    numbers = {one: opened(chats[one]) for one in ids}
    rows = _drafts.rows(tx, ids=[number for number in numbers.values() if number])
    drafts = {row.id: draft_from(row) for row in rows}
    return [
        InHand(
            chats[one.chat_id], one.now, new.intersection(one.update_ids), officers.get(one.chat_id),
            drafts.get(numbers[one.chat_id]), changes(tx),
        )
        for one in wanted
    ]  # fmt: skip


def _newly_handled(tx: Tx, wanted: Sequence[Incoming]) -> frozenset[int]:
    noted = [
        {"update_id": update_id, "chat_id": one.chat_id, "at": written_instant(one.now)}
        for one in wanted
        for update_id in one.update_ids
    ]
    return frozenset(row.update_id for row in _note.rows(tx, rows=noted))


def _keep_several(tx: Tx, hands: Sequence[InHand]) -> None:
    times = {one.now: written_instant(one.now) for one in hands}
    drafts = [
        {"id": draft.id, "conversation": draft.conversation.to_json(), "at": times[one.now]}
        for one in hands
        if (draft := one.answered)
    ]
    if drafts:
        _keep_drafts.run(tx, rows=drafts)
    chats = [
        {"id": one.chat.id, "focus": dict(one.focus), "at": times[one.now]}
        for one in hands
        if one.focus is not None
    ]
    if chats:
        _keep_focus.run(tx, rows=chats)
