"""What the rows of the outbox say, made at the moment of sending from what is true then."""

from __future__ import annotations

from datetime import datetime

from bot import texts
from bot.conversation import Answer, where_it_stands
from bot.desk import Desk, Focus
from bot.entries import fix_rows, in_words, reviewer_words
from flows.core.chat import Line, Reply
from flows.core.text import T
from storage import conversations, submissions
from storage.db import Tx
from storage.officers import officer_in
from storage.outbox import Waiting

VERDICTS: dict[str, T] = {
    "approved": texts.VERDICT_APPROVED,
    "changes_requested": texts.VERDICT_CHANGES,
    "rejected": texts.VERDICT_REJECTED,
}


def said(tx: Tx, message: Waiting, now: datetime) -> Answer | None:
    """The notice in words; None when nobody is there any more whom it is for."""
    match message.kind:
        case "verdict":
            return _verdict(tx, message, now)
        case "resume":
            return where_it_stands(tx, message.chat_id, now)
        case _:
            raise ValueError(f"no such kind of notice: {message.kind}")


def _verdict(tx: Tx, message: Waiting, now: datetime) -> Answer | None:
    verdict = submissions.happening(tx, int(str(message.payload["history"])))
    entry = submissions.entry_of(tx, int(str(message.payload["submission"])))
    chat, officer = conversations.chat_of(tx, message.chat_id), officer_in(tx, message.chat_id)
    if (
        verdict is None
        or entry is None
        or chat is None
        or officer is None
        or officer.lao.code != entry.lao_code
    ):
        return None
    facts = {"number": entry.number, "headline": entry.headline}
    if verdict.what == "changes_requested":
        desk = Desk(tx, chat, officer, Focus.from_json(chat.focus), now)
        head = Line(texts.VERDICT_CHANGES, {**facts, "count": len(verdict.flags)})
        rows = fix_rows(desk, entry)
        how = [Line(texts.FIX_HOW)] if rows else []
        return Answer((Reply((head, *reviewer_words(verdict, entry.form), *how), rows),), chat.language)
    reason = [Line(texts.REASON, {"note": in_words(verdict.note)})] if verdict.note else []
    return Answer((Reply((Line(VERDICTS[verdict.what], facts), *reason)),), chat.language)
