"""Chats and what each is on, the drafts of their forms, and which updates have been handled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from flows.core.chat import Json
from flows.core.conversation import Conversation
from flows.core.text import Language
from storage.campaign_sums import chat_changed
from storage.db import Tx, kept_text
from storage.prepared import Prepared, named
from storage.tables import BigId, chat, dead_letter, draft, handled

HANDLED_KEPT = timedelta(days=3)  # Telegram forgets updates after a day


@dataclass(frozen=True, slots=True)
class Chat:
    id: int
    language: Language
    focus: Mapping[str, Json]
    told_at: datetime | None  # when somebody without access was last answered
    unreachable_at: datetime | None


@dataclass(frozen=True, slots=True)
class Draft:
    id: int
    officer_id: int
    lao_code: str
    form: str
    conversation: Conversation
    submission_id: int | None
    updated_at: datetime
    started_at: datetime


_by_id = select(chat).where(chat.c.id == bindparam("chat_id"))
_chat_by_id = Prepared(_by_id)
_lock_chat = Prepared(_by_id.with_for_update())
_note_handled = {
    "sqlite": Prepared(sqlite.insert(handled).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(handled).on_conflict_do_nothing()),
}
_handled_ids = select(handled.c.update_id).where(handled.c.update_id.in_(bindparam("ids", expanding=True)))


def lock_chat(tx: Tx, chat_id: int, language: Language, now: datetime) -> Chat:
    """The chat's row, locked for this transaction; a new chat is made, in the language of its phone."""
    row = _lock_chat.row(tx, chat_id=chat_id)
    if row is None:
        make = postgresql.insert(chat) if tx.dialect.name == "postgresql" else sqlite.insert(chat)
        values: dict[str, object] = {"id": chat_id, "language": language, "focus": {}, "seen_at": now}
        tx.execute(make.values(values).on_conflict_do_nothing())
        row = _lock_chat.row(tx, chat_id=chat_id)
        assert row is not None
    return chat_from(row)


def chat_of(tx: Tx, chat_id: int) -> Chat | None:
    row = _chat_by_id.row(tx, chat_id=chat_id)
    return chat_from(row) if row else None


def chat_from(row: Any) -> Chat:
    return Chat(
        row.id, "en" if row.language == "en" else "th", row.focus or {}, row.told_at, row.unreachable_at
    )


_save_focus = Prepared(
    update(chat)
    .where(chat.c.id == bindparam("chat_id"))
    .values(focus=bindparam("focus"), seen_at=bindparam("seen_at"))
)


def save_focus(tx: Tx, chat_id: int, focus: Mapping[str, Json], now: datetime) -> None:
    """What the next message is an answer to."""
    _save_focus.run(tx, chat_id=chat_id, focus=dict(focus), seen_at=now)


def set_language(tx: Tx, chat_id: int, language: Language) -> None:
    tx.execute(update(chat).where(chat.c.id == chat_id).values(language=language))


def note_told(tx: Tx, chat_id: int, now: datetime) -> None:
    tx.execute(update(chat).where(chat.c.id == chat_id).values(told_at=now))


def set_reachable(tx: Tx, chat_id: int, reachable: bool, now: datetime) -> None:
    tx.execute(update(chat).where(chat.c.id == chat_id).values(unreachable_at=None if reachable else now))
    chat_changed(tx, chat_id)


def already_handled(tx: Tx, update_ids: Sequence[int]) -> set[int]:
    return set(tx.execute(_handled_ids, {"ids": list(update_ids)}).scalars())


def note_handled(tx: Tx, update_id: int, chat_id: int, now: datetime) -> bool:
    """Whether it is new: one that is known already has been handled."""
    return _note_handled[tx.dialect.name].run(tx, update_id=update_id, chat_id=chat_id, at=now) == 1


def forget_handled(tx: Tx, now: datetime) -> None:
    """Updates older than what is ever delivered again."""
    tx.execute(delete(handled).where(handled.c.at < now - HANDLED_KEPT))


# --- drafts

_draft_for_form = Prepared(
    select(draft).where(
        draft.c.officer_id == bindparam("officer_id"),
        draft.c.form == bindparam("form"),
        draft.c.submission_id.is_(None),
    )
)
_new_draft = Prepared(
    insert(draft)
    .values(
        named("officer_id", "lao_code", "form", "conversation", "submission_id", "started_at", "updated_at")
    )
    .returning(draft.c.id)
)
_delete_draft = Prepared(
    delete(draft)
    .where(draft.c.id == bindparam("draft_id"))
    .returning(draft.c.officer_id, draft.c.form, draft.c.submission_id)
)
_waiting_for = Prepared(
    select(draft.c.id)
    .where(
        draft.c.waits_for == bindparam("officer_id"),
        draft.c.form == bindparam("form"),
        draft.c.submission_id.is_not_distinct_from(bindparam("submission_id", type_=BigId)),
    )
    .order_by(draft.c.updated_at.desc())
    .limit(1)
)
_draft_by_id = Prepared(select(draft).where(draft.c.id == bindparam("draft_id")))
_save_draft = Prepared(
    update(draft)
    .where(draft.c.id == bindparam("draft_id"))
    .values(conversation=bindparam("conversation"), updated_at=bindparam("updated_at"))
)


def draft_of(tx: Tx, draft_id: int) -> Draft | None:
    row = _draft_by_id.row(tx, draft_id=draft_id)
    return draft_from(row) if row else None


def drafts_of(tx: Tx, officer_id: int) -> list[Draft]:
    """All unfinished work of an officer, the latest first."""
    rows = tx.execute(
        select(draft).where(draft.c.officer_id == officer_id).order_by(draft.c.updated_at.desc())
    )
    return [draft_from(row) for row in rows]


def draft_for_form(tx: Tx, officer_id: int, form: str) -> Draft | None:
    """The officer's unfinished new entry of this form."""
    row = _draft_for_form.row(tx, officer_id=officer_id, form=form)
    return draft_from(row) if row else None


def draft_for_submission(tx: Tx, officer_id: int, submission_id: int) -> Draft | None:
    """The officer's unfinished change of an entry."""
    wanted = select(draft).where(draft.c.officer_id == officer_id, draft.c.submission_id == submission_id)
    row = tx.execute(wanted).one_or_none()
    return draft_from(row) if row else None


def new_draft(
    tx: Tx, officer_id: int, lao_code: str, c: Conversation, now: datetime, submission_id: int | None = None
) -> Draft:
    made = _new_draft.row(
        tx, officer_id=officer_id, lao_code=lao_code, form=c.form, conversation=c.to_json(),
        submission_id=submission_id, started_at=now, updated_at=now,
    )  # fmt: skip
    assert made is not None
    return Draft(made.id, officer_id, lao_code, c.form, c, submission_id, now, now)


def save_draft(tx: Tx, draft_id: int, c: Conversation, now: datetime) -> None:
    _save_draft.run(tx, draft_id=draft_id, conversation=c.to_json(), updated_at=now)


def delete_draft(tx: Tx, draft_id: int) -> None:
    """Where a predecessor's draft has waited for this one to be done, the officer has that one now."""
    gone = _delete_draft.row(tx, draft_id=draft_id)
    if gone is None:
        return
    waiting = _waiting_for.row(tx, **gone._asdict())
    if waiting is not None:
        taken = update(draft).where(draft.c.id == waiting.id)
        tx.execute(taken.values(officer_id=gone.officer_id, waits_for=None))


def draft_from(row: Any) -> Draft:
    return Draft(
        row.id, row.officer_id, row.lao_code, row.form, Conversation.from_json(row.conversation),
        row.submission_id, row.updated_at, row.started_at,
    )  # fmt: skip


# --- what could not be handled


def keep_dead_letter(
    tx: Tx, update_id: int, chat_id: int | None, raw: Json, error: str, attempts: int, now: datetime,
    place: Json = None, saved: bool = False,
) -> None:  # fmt: skip
    """An update that failed again and again is kept with its error, so that the queue can go on."""
    make = postgresql.insert(dead_letter) if tx.dialect.name == "postgresql" else sqlite.insert(dead_letter)
    tx.execute(
        make.values(
            update_id=update_id,
            chat_id=chat_id,
            raw=raw,
            error=kept_text(error[:4000]),
            attempts=attempts,
            at=now,
            place=place,
            saved=saved,
        ).on_conflict_do_nothing()
    )
