"""Entries as the officer knows them: sent in, listed, changed, hidden, deleted and restored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from flows.core.chat import Json
from flows.core.flow import Flow
from flows.core.text import folded
from storage.campaign_tallies import retally
from storage.db import Tx
from storage.prepared import Prepared, named
from storage.tables import history, lao, officer, outbox, reviewer, revision, running_number, submission

PAGE = 10
RESTORABLE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with the answers of its newest revision."""

    id: int
    number: str
    form: str
    lao_code: str
    status: str
    shown: bool
    revision: int
    published_revision: int | None
    headline: str
    sent_at: datetime
    deleted_at: datetime | None
    answers: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of an entry's history."""

    at: datetime
    what: str
    revision: int
    by: str  # the reviewer's or officer's name
    note: str
    flags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; empty values narrow nothing."""

    form: str = ""
    status: str = ""
    shown: bool | None = None
    words: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    entries: tuple[Entry, ...]
    total: int
    page: int  # from 0

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def _count_up(insert: Any) -> Prepared:
    made = insert(running_number).values(**named("letter", "year"), last=1)
    return Prepared(
        made.on_conflict_do_update(
            index_elements=["letter", "year"], set_={"last": running_number.c.last + 1}
        ).returning(running_number.c.last)
    )


_counted_up = {"sqlite": _count_up(sqlite.insert), "postgresql": _count_up(postgresql.insert)}
_province = select(lao.c.province).where(lao.c.code == bindparam("of"))
_province_locked = Prepared(_province.with_for_update(key_share=True))
_add_submission = Prepared(
    insert(submission)
    .values(
        **named("number", "form", "lao_code", "officer_id", "sent_at", "created_at", "headline", "folded", "category"),
        province=_province.scalar_subquery(), status="pending", shown=True, revision=1,
    )
    .returning(submission.c.id, submission.c.province)
)  # fmt: skip
_insert_revision = Prepared(
    insert(revision).values(named("submission_id", "n", "version", "answers", "officer_id", "sent_at"))
)
_insert_history = Prepared(
    insert(history).values(
        named("submission_id", "at", "what", "revision", "officer_id", "reviewer_id", "flags")
    )
)


def number_for(tx: Tx, letter: str, now: datetime) -> str:
    """The next number of this kind in the Buddhist year of sending: "L-2560-000123"."""
    year = (now + timedelta(hours=7)).year + 543
    counted = _counted_up[tx.dialect.name].row(tx, letter=letter, year=year)
    assert counted is not None
    return f"{letter}-{year}-{counted.last:06d}"


def submit(
    tx: Tx, flow: Flow, answers: Mapping[str, Json], officer_id: int, lao_code: str, now: datetime
) -> Entry:
    """A new entry, waiting for review."""
    made = _add_submission.row(
        tx, number=number_for(tx, flow.letter, now), form=flow.key, lao_code=lao_code, of=lao_code,
        officer_id=officer_id, sent_at=now, created_at=now, **_columns(flow, answers),
    )  # fmt: skip
    # Locked, and after the table: a list of LAOs imported meanwhile may have moved it without this entry.
    place = _province_locked.row(tx, of=lao_code)
    assert made is not None
    assert place is not None
    if place.province != made.province:
        tx.execute(update(submission).where(submission.c.id == made.id).values(province=place.province))
    _add_revision(tx, made.id, 1, flow, answers, officer_id, now)
    retally(tx, lao_code, flow.key, now)
    entry = entry_of(tx, made.id)
    assert entry is not None
    return entry


def submit_again(
    tx: Tx, flow: Flow, submission_id: int, answers: Mapping[str, Json], officer_id: int, now: datetime
) -> Entry:
    """A new revision, waiting for review; the published one stays published until this one is approved."""
    n = tx.execute(
        select(submission.c.revision).where(submission.c.id == submission_id).with_for_update()
    ).scalar_one()
    tx.execute(
        update(submission)
        .where(submission.c.id == submission_id)
        .values(
            status="pending", revision=n + 1, sent_at=now, officer_id=officer_id, **_columns(flow, answers)
        )
    )
    _add_revision(tx, submission_id, n + 1, flow, answers, officer_id, now)
    entry = entry_of(tx, submission_id)
    assert entry is not None
    retally(tx, entry.lao_code, entry.form, now)
    return entry


def _columns(flow: Flow, answers: Mapping[str, Json]) -> dict[str, Any]:
    headline = flow.headline_of(answers)
    return {"headline": headline, "folded": folded(headline), "category": flow.category_of(answers)}


def _add_revision(
    tx: Tx,
    submission_id: int,
    n: int,
    flow: Flow,
    answers: Mapping[str, Json],
    officer_id: int,
    now: datetime,
) -> None:
    in_order = {one.key: answers[one.key] for one in flow.applying(answers) if one.key in answers}
    _insert_revision.run(
        tx, submission_id=submission_id, n=n, version=flow.version, answers=in_order, officer_id=officer_id,
        sent_at=now,
    )  # fmt: skip
    _note(tx, submission_id, "sent", n, officer_id, now)


def _note(
    tx: Tx,
    submission_id: int,
    what: str,
    n: int,
    officer_id: int | None,
    now: datetime,
    reviewer_id: int | None = None,
) -> None:
    _insert_history.run(
        tx, submission_id=submission_id, at=now, what=what, revision=n, officer_id=officer_id,
        reviewer_id=reviewer_id, flags={},
    )  # fmt: skip


# --- reading

_newest = submission.join(
    revision, (revision.c.submission_id == submission.c.id) & (revision.c.n == submission.c.revision)
)
_entries = select(submission, revision.c.answers).select_from(_newest)


_entry_by_id = Prepared(_entries.where(submission.c.id == bindparam("submission_id")))


def entry_of(tx: Tx, submission_id: int, lao_code: str | None = None) -> Entry | None:
    """One entry; with `lao_code`, only if it is that LAO's."""
    row = _entry_by_id.row(tx, submission_id=submission_id)
    return _entry(row) if row and lao_code in (None, row.lao_code) else None


def locked(tx: Tx, submission_id: int) -> Entry:
    """An entry that nobody else changes until the transaction ends."""
    tx.execute(select(submission.c.id).where(submission.c.id == submission_id).with_for_update())
    entry = entry_of(tx, submission_id)
    assert entry is not None, "entries are never taken out of the table"
    return entry


def entries_of(tx: Tx, lao_code: str, narrow: Filter, page: int, now: datetime) -> Page:
    """A page of an LAO's entries, the newest first; deleted ones only where they are asked for."""
    where = [submission.c.lao_code == lao_code]
    if narrow.deleted:
        where.append(submission.c.deleted_at >= now - RESTORABLE)
    else:
        where.append(submission.c.deleted_at.is_(None))
    if narrow.form:
        where.append(submission.c.form == narrow.form)
    if narrow.status:
        where.append(submission.c.status == narrow.status)
    if narrow.shown is not None:
        where.append(submission.c.shown == narrow.shown)
    if narrow.words:
        where.append(submission.c.folded.contains(folded(narrow.words), autoescape=True))
    total = tx.execute(select(func.count()).select_from(submission).where(*where)).scalar_one()
    page = min(max(page, 0), max(0, -(-total // PAGE) - 1))
    rows = tx.execute(
        _entries.where(*where)
        .order_by(submission.c.sent_at.desc(), submission.c.id.desc())
        .limit(PAGE)
        .offset(page * PAGE)
    )
    return Page(tuple(_entry(row) for row in rows), total, page)


def history_of(tx: Tx, submission_id: int) -> list[Happening]:
    """What happened to an entry, the oldest first."""
    wanted = (
        select(history, officer.c.name.label("officer_name"), reviewer.c.name.label("reviewer_name"))
        .select_from(history.outerjoin(officer).outerjoin(reviewer))
        .where(history.c.submission_id == submission_id)
        .order_by(history.c.id)
    )
    return [_happening(row) for row in tx.execute(wanted)]


def happening(tx: Tx, history_id: int) -> Happening | None:
    wanted = (
        select(history, officer.c.name.label("officer_name"), reviewer.c.name.label("reviewer_name"))
        .select_from(history.outerjoin(officer).outerjoin(reviewer))
        .where(history.c.id == history_id)
    )
    row = tx.execute(wanted).one_or_none()
    return _happening(row) if row else None


def last_verdict(tx: Tx, submission_id: int) -> Happening | None:
    """The newest verdict on the newest revision."""
    verdicts = [one for one in history_of(tx, submission_id) if one.what in VERDICTS]
    return verdicts[-1] if verdicts else None


VERDICTS = ("approved", "changes_requested", "rejected")


def _entry(row: Any) -> Entry:
    return Entry(
        row.id, row.number, row.form, row.lao_code, row.status, row.shown, row.revision, row.published_revision,
        row.headline, row.sent_at, row.deleted_at, row.answers,
    )  # fmt: skip


def _happening(row: Any) -> Happening:
    by = row.reviewer_name or row.officer_name or ""
    return Happening(row.at, row.what, row.revision, by, row.note, row.flags or {})


# --- the switches of an entry: officers have them in the chat, reviewers on the web


def set_shown(
    tx: Tx, entry: Entry, shown: bool, officer_id: int | None, now: datetime, reviewer_id: int | None = None
) -> None:
    """Publishes or hides an entry without a new review."""
    if entry.shown != shown:
        tx.execute(update(submission).where(submission.c.id == entry.id).values(shown=shown))
        _note(tx, entry.id, "shown" if shown else "hidden", entry.revision, officer_id, now, reviewer_id)


def delete_entry(
    tx: Tx, entry: Entry, officer_id: int | None, now: datetime, reviewer_id: int | None = None
) -> None:
    """Takes an entry away; it can be restored for RESTORABLE."""
    if entry.deleted_at is None:
        tx.execute(update(submission).where(submission.c.id == entry.id).values(deleted_at=now))
        _note(tx, entry.id, "deleted", entry.revision, officer_id, now, reviewer_id)
        retally(tx, entry.lao_code, entry.form, now)


def restore_entry(
    tx: Tx, entry: Entry, officer_id: int | None, now: datetime, reviewer_id: int | None = None
) -> bool:
    """Brings a deleted entry back as it was; False when its time has passed."""
    if entry.deleted_at is None:
        return True
    if entry.deleted_at < now - RESTORABLE:
        return False
    tx.execute(update(submission).where(submission.c.id == entry.id).values(deleted_at=None))
    _note(tx, entry.id, "restored", entry.revision, officer_id, now, reviewer_id)
    retally(tx, entry.lao_code, entry.form, now)
    return True


def undelivered(tx: Tx, submission_id: int) -> bool:
    """Whether a notice about this entry could not be delivered."""
    wanted = select(outbox.c.id).where(
        outbox.c.submission_id == submission_id, outbox.c.given_up_at.is_not(None)
    )
    return tx.execute(wanted.limit(1)).first() is not None
