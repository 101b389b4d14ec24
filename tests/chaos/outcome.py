"""What there is at the end, read from the database, the photos' folder and the simulated Telegram's own log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from bot.simulator import Person, Simulator
from bot.simulator.person import said
from bot.simulator.updates import Waiting
from storage.db import Store, Tx
from storage.media import Media, MissingPhoto
from storage.photos import keys_of
from storage.tables import dead_letter, draft, handled, history, officer, outbox, revision, submission

VERDICTS = {"approved": "ผ่านการตรวจแล้ว", "changes_requested": "ขอให้แก้ไข", "rejected": "ไม่ผ่านการตรวจ"}
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    number: str
    chat: int
    form: str
    answers: Answers  # of the newest revision


@dataclass(frozen=True, slots=True)
class Verdict:
    number: str
    chat: int
    what: str


@dataclass(frozen=True, slots=True)
class Heard:
    chat: int
    text: str
    at: float  # seconds since 1970


@dataclass(frozen=True, slots=True)
class Came:
    """An update."""

    kind: str
    chat: int = 0
    words: str = ""  # of a message; of one with a photo or a file none


@dataclass(frozen=True, slots=True)
class Outcome:
    entries: Sequence[Entry]
    drafts: Mapping[tuple[int, str], Answers]  # chat and form
    verdicts: Sequence[Verdict]
    heard: Sequence[Heard]  # everything that the bot has said
    handled: frozenset[int]
    dead: Mapping[int, Any]  # update id: as it came
    updates: Mapping[int, Came]  # every update that there was, by its id
    waiting: int  # updates that were never confirmed
    errors: Sequence[str]  # of the dead letters
    photos: Mapping[
        str, tuple[bytes, bytes, bytes] | None
    ]  # by SHA-256: web, INFO, thumbnail; None: not all there


def read(
    store: Store, media: Media, simulator: Simulator, people: Sequence[Person], photos: Sequence[str]
) -> Outcome:
    entries, drafts, verdicts, done, letters = store.read_now(_rows)
    dead = {update_id: raw for update_id, (raw, _) in letters.items()}
    return Outcome(
        entries, drafts, verdicts, [one for person in people for one in _heard(person)], done, dead,
        {number: _came(one) for number, one in simulator.updates.recent.items()}, simulator.pending,
        [f"{update_id}: {error}" for update_id, (_, error) in letters.items()],
        {one: _kept(media, one) for one in photos},
    )  # fmt: skip


def _came(waiting: Waiting) -> Came:
    told = waiting.update[waiting.kind]
    message = told.get("message", told)
    chat = message.get("chat", {}).get("id", 0)
    return Came(waiting.kind, chat, message.get("text", "") if message is told else "")


def notices_waiting(tx: Tx) -> int:
    """How many notices are due and have not gone out."""
    waiting = outbox.c.sent_at.is_(None) & outbox.c.given_up_at.is_(None)
    return tx.scalar(select(func.count()).select_from(outbox).where(waiting)) or 0


def _rows(
    tx: Tx,
) -> tuple[
    list[Entry], dict[tuple[int, str], Answers], list[Verdict], frozenset[int], dict[int, tuple[Any, str]]
]:
    newest = (revision.c.submission_id == submission.c.id) & (revision.c.n == submission.c.revision)
    entries = (
        select(submission.c.number, officer.c.chat_id, submission.c.form, revision.c.answers)
        .join(revision, newest)
        .join(officer, officer.c.id == submission.c.officer_id)
    )
    drafts = select(officer.c.chat_id, draft.c.form, draft.c.conversation).join(
        officer, officer.c.id == draft.c.officer_id
    )
    verdicts = (
        select(submission.c.number, officer.c.chat_id, history.c.what)
        .join(history, history.c.submission_id == submission.c.id)
        .join(officer, officer.c.id == submission.c.officer_id)
        .where(history.c.what.in_(VERDICTS))
    )
    return (
        [Entry(*row) for row in tx.execute(entries)],
        {(chat, form): _answers(c) for chat, form, c in tx.execute(drafts)},
        [Verdict(*row) for row in tx.execute(verdicts)],
        frozenset(tx.scalars(select(handled.c.update_id))),
        {row.update_id: (row.raw, row.error) for row in tx.execute(select(dead_letter))},
    )


def _answers(conversation: Mapping[str, Any]) -> Answers:
    found = conversation.get("answers", {})
    assert isinstance(found, Mapping)
    return found


def _heard(person: Person) -> list[Heard]:
    said_by_bot = [one["message"] for one in person.chat.happened
                   if one["type"] == "message" and one["message"]["from"]["is_bot"]]  # fmt: skip
    return [Heard(person.id, said(one), float(one["date"])) for one in said_by_bot]


def _kept(media: Media, photo: str) -> tuple[bytes, bytes, bytes] | None:
    web, info, thumbnail = (
        next(key for key in keys_of(photo) if size in key) for size in ("web", "info-centre", "thumbnail")
    )
    try:
        return media.get(web), media.get(info), media.get(thumbnail)
    except MissingPhoto:
        return None
