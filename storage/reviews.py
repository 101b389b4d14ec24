"""What reviewers work on: the queue, one entry with all that happened to it, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, insert, or_, select, update

from flows.core.chat import Json
from flows.core.problem import Problem
from flows.core.review import ALREADY_DECIDED, STATUS_LABELS, Status, Verdict
from flows.core.review import decide as verdict_on
from flows.core.text import T, folded
from storage.db import Tx
from storage.tables import history, lao, officer, outbox, reviewer, revision, submission

PAGE: Final = 10
MOST_COUNTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries are looked at; an empty filter leaves everything in."""

    form: str = ""
    category: str = ""
    province: str = ""
    district: str = ""
    lao_code: str = ""
    status: Status | None = "pending"
    shown: bool | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of the queue: when an entry was sent, and its id."""

    sent_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry as a list shows it."""

    id: int
    number: str
    form: str
    category: str
    headline: str
    status: Status
    shown: bool
    revision: int
    sent_at: datetime
    lao_name: str
    district: str
    province: str

    @property
    def place(self) -> Place:
        return Place(self.sent_at, self.id)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue. `count` stops at `MOST_COUNTED`, and `more` says that there are more."""

    entries: Sequence[Waiting]
    count: int
    more: bool
    previous: Place | None
    next: Place | None


@dataclass(frozen=True, slots=True)
class Options:
    """What the filters can be set to: only where there are entries."""

    provinces: Sequence[str]
    districts: Sequence[str]
    laos: Sequence[tuple[str, str]]  # code, name


@dataclass(frozen=True, slots=True)
class Lao:
    code: str
    name: str
    district: str
    province: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Revision:
    n: int
    answers: Mapping[str, Json]
    officer: str
    officer_removed: bool
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an entry, and the notice of it where one was written."""

    id: int
    at: datetime
    what: str
    revision: int
    who: str
    note: str
    flags: Mapping[str, str]
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class Notice:
    created_at: datetime
    sent_at: datetime | None
    given_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, its revisions from the first, and its history from the beginning."""

    id: int
    number: str
    form: str
    status: Status
    shown: bool
    headline: str
    published_revision: int | None
    sent_at: datetime
    deleted_at: datetime | None
    lao: Lao
    revisions: Sequence[Revision]
    events: Sequence[Event]

    @property
    def newest(self) -> Revision:
        return self.revisions[-1]

    @property
    def place(self) -> Place:
        return Place(self.sent_at, self.id)

    @property
    def reviewed_before(self) -> Revision | None:
        """The last revision before the newest on which there was a verdict: what the newest is compared with."""
        decided = {event.revision for event in self.events if event.what in _VERDICTS}
        return next((one for one in reversed(self.revisions[:-1]) if one.n in decided), None)

    @property
    def verdict(self) -> Event | None:
        """The verdict on the newest revision."""
        return next(
            (e for e in reversed(self.events) if e.what in _VERDICTS and e.revision == self.newest.n), None
        )


_VERDICTS = ("approved", "changes_requested", "rejected")


@dataclass(frozen=True, slots=True)
class Decided:
    history_id: int
    number: str
    status: Status
    place: Place


# --- the queue


def queue(tx: Tx, filters: Filters, after: Place | None = None, before: Place | None = None) -> Page:
    """Ten entries, oldest first, after or before a place in the order."""
    wanted = _listed(filters)
    if before is not None:
        wanted = wanted.where(_before(before)).order_by(submission.c.sent_at.desc(), submission.c.id.desc())
    else:
        wanted = wanted.where(_after(after)) if after else wanted
        wanted = wanted.order_by(submission.c.sent_at, submission.c.id)
    entries = [_waiting(row) for row in tx.execute(wanted.limit(PAGE + 1))]
    beyond = len(entries) > PAGE
    entries = entries[:PAGE]
    if before is not None:
        entries.reverse()
    earlier, later = (beyond, True) if before is not None else (after is not None, beyond)
    counted = (
        tx.scalar(select(func.count()).select_from(_matching(filters).limit(MOST_COUNTED + 1).subquery()))
        or 0
    )
    return Page(
        entries,
        min(counted, MOST_COUNTED),
        counted > MOST_COUNTED,
        entries[0].place if entries and earlier else None,
        entries[-1].place if entries and later else None,
    )


def next_waiting(tx: Tx, filters: Filters, after: Place) -> str | None:
    """The number of the next entry of these filters, from the beginning again past the last one."""
    ordered = (
        _listed(filters).where(submission.c.id != after.id).order_by(submission.c.sent_at, submission.c.id)
    )
    for wanted in (ordered.where(_after(after)), ordered):
        row = tx.execute(wanted.limit(1)).one_or_none()
        if row is not None:
            return str(row.number)
    return None


def neighbours(tx: Tx, filters: Filters, place: Place) -> tuple[str | None, str | None]:
    """The numbers of the entries before and after a place."""
    back = (
        _listed(filters).where(_before(place)).order_by(submission.c.sent_at.desc(), submission.c.id.desc())
    )
    on = _listed(filters).where(_after(place)).order_by(submission.c.sent_at, submission.c.id)
    rows = [tx.execute(one.limit(1)).one_or_none() for one in (back, on)]
    return (rows[0].number if rows[0] else None, rows[1].number if rows[1] else None)


def options(tx: Tx, filters: Filters) -> Options:
    with_entries = exists().where(submission.c.lao_code == lao.c.code)
    provinces = tx.scalars(select(lao.c.province).where(with_entries).distinct().order_by(lao.c.province))
    here = select(lao).where(with_entries, lao.c.province == filters.province)
    districts = tx.scalars(here.with_only_columns(lao.c.district).distinct().order_by(lao.c.district))
    if filters.district:
        here = here.where(lao.c.district == filters.district)
    rows = tx.execute(here.with_only_columns(lao.c.code, lao.c.name).order_by(lao.c.name).limit(500))
    laos = [(row.code, row.name) for row in rows]
    return Options(
        list(provinces), list(districts) if filters.province else [], laos if filters.province else []
    )


def _matching(filters: Filters) -> Select[tuple[int]]:
    wanted = (
        select(submission.c.id)
        .join(lao, lao.c.code == submission.c.lao_code)
        .where(submission.c.deleted_at.is_(None), *_conditions(filters))
    )
    return wanted


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    exact = (
        (submission.c.form, filters.form),
        (submission.c.category, filters.category),
        (lao.c.province, filters.province),
        (lao.c.district, filters.district),
        (submission.c.lao_code, filters.lao_code),
        (submission.c.status, filters.status),
    )
    conditions = [column == value for column, value in exact if value]
    if filters.shown is not None:
        conditions.append(submission.c.shown == filters.shown)
    for word in folded(filters.words).split():
        in_title = submission.c.folded.contains(word, autoescape=True)
        conditions.append(or_(in_title, submission.c.number.contains(word.upper(), autoescape=True)))
    return conditions


def _listed(filters: Filters) -> Select[Any]:
    return _matching(filters).with_only_columns(
        submission.c.id, submission.c.number, submission.c.form, submission.c.category, submission.c.headline,
        submission.c.status, submission.c.shown, submission.c.revision, submission.c.sent_at,
        lao.c.name.label("lao_name"), lao.c.district, lao.c.province,
    )  # fmt: skip


def _after(place: Place) -> ColumnElement[bool]:
    same = and_(submission.c.sent_at == place.sent_at, submission.c.id > place.id)
    return and_(submission.c.sent_at >= place.sent_at, or_(submission.c.sent_at > place.sent_at, same))


def _before(place: Place) -> ColumnElement[bool]:
    same = and_(submission.c.sent_at == place.sent_at, submission.c.id < place.id)
    return and_(submission.c.sent_at <= place.sent_at, or_(submission.c.sent_at < place.sent_at, same))


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(**row._mapping)


# --- one entry


def entry(tx: Tx, number: str) -> Entry | None:
    """The entry of that number, a deleted one too; None where there is none."""
    row = tx.execute(
        select(
            submission,
            lao.c.code,
            lao.c.name,
            lao.c.district,
            lao.c.province,
            lao.c.latitude,
            lao.c.longitude,
        )
        .join(lao, lao.c.code == submission.c.lao_code)
        .where(submission.c.number == number)
    ).one_or_none()
    if row is None:
        return None
    return Entry(
        row.id, row.number, row.form, row.status, row.shown, row.headline, row.published_revision, row.sent_at,
        row.deleted_at, Lao(row.code, row.name, row.district, row.province, row.latitude, row.longitude),
        _revisions(tx, row.id), _events(tx, row.id),
    )  # fmt: skip


def _revisions(tx: Tx, submission_id: int) -> list[Revision]:
    rows = tx.execute(
        select(revision.c.n, revision.c.answers, revision.c.sent_at, officer.c.name, officer.c.removed_at)
        .join(officer, officer.c.id == revision.c.officer_id)
        .where(revision.c.submission_id == submission_id)
        .order_by(revision.c.n)
    )
    return [Revision(row.n, row.answers, row.name, row.removed_at is not None, row.sent_at) for row in rows]


def _events(tx: Tx, submission_id: int) -> list[Event]:
    notices = {
        row.key: Notice(row.created_at, row.sent_at, row.given_up_at)
        for row in tx.execute(select(outbox).where(outbox.c.submission_id == submission_id))
    }
    rows = tx.execute(
        select(history, officer.c.name.label("officer"), reviewer.c.name.label("reviewer"))
        .outerjoin(officer, officer.c.id == history.c.officer_id)
        .outerjoin(reviewer, reviewer.c.id == history.c.reviewer_id)
        .where(history.c.submission_id == submission_id)
        .order_by(history.c.id)
    )
    return [
        Event(
            row.id, row.at, row.what, row.revision, row.reviewer or row.officer or "", row.note, row.flags or {},
            notices.get(notice_key(row.id)),
        )
        for row in rows
    ]  # fmt: skip


# --- the verdict


def decide(
    tx: Tx, submission_id: int, revision_n: int, reviewer_id: int, verdict: Verdict,
    flags: Mapping[str, str], note: str, now: datetime,
) -> Decided | Problem:  # fmt: skip
    """Records a verdict on a revision and writes the notice of it; a Problem where it no longer waits for one."""
    row = tx.execute(select(submission).where(submission.c.id == submission_id).with_for_update()).one()
    if row.deleted_at is not None:
        return Problem("review.deleted", DELETED, {"number": row.number})
    if row.revision != revision_n:
        return Problem("review.newer_revision", NEWER_REVISION, {"number": row.number})
    if row.status != "pending":
        return _already_decided(tx, row)
    status = verdict_on(row.status, verdict, flags, note)
    if isinstance(status, Problem):
        return status
    published = {"published_revision": revision_n} if status == "approved" else {}
    tx.execute(update(submission).where(submission.c.id == submission_id).values(status=status, **published))
    history_id = tx.execute(
        insert(history)
        .values(
            submission_id=submission_id, at=now, what=status, revision=revision_n, reviewer_id=reviewer_id,
            note=note, flags=dict(flags),
        )
        .returning(history.c.id)
    ).scalar_one()  # fmt: skip
    _write_notice(tx, row, history_id, now)
    return Decided(history_id, row.number, status, Place(row.sent_at, row.id))


def _already_decided(tx: Tx, row: Row[Any]) -> Problem:
    last = tx.execute(
        select(history.c.at, reviewer.c.name)
        .join(reviewer, reviewer.c.id == history.c.reviewer_id)
        .where(history.c.submission_id == row.id, history.c.what == row.status)
        .order_by(history.c.id.desc())
        .limit(1)
    ).one_or_none()
    status = STATUS_LABELS[row.status]
    if last is None:
        return Problem("review.already_decided", ALREADY_DECIDED, {"status": status})
    return Problem(
        "review.already_decided", DECIDED_BY, {"status": status, "who": last.name, "at": last.at.isoformat()}
    )


def notice_key(history_id: int) -> str:
    """The unique key in the outbox of the notice of a verdict."""
    return f"verdict:{history_id}"


def _write_notice(tx: Tx, row: Row[Any], history_id: int, now: datetime) -> None:
    sender = tx.execute(
        select(officer.c.chat_id, officer.c.removed_at)
        .join(revision, revision.c.officer_id == officer.c.id)
        .where(revision.c.submission_id == row.id, revision.c.n == row.revision)
    ).one()
    chat_id, nobody = sender.chat_id, False
    if sender.removed_at is not None:
        colleague = tx.scalar(
            select(officer.c.chat_id)
            .where(officer.c.lao_code == row.lao_code, officer.c.removed_at.is_(None))
            .order_by(officer.c.joined_at.desc(), officer.c.id.desc())
            .limit(1)
        )
        # A notice that nobody is left to hear is written all the same: the entry shows that it reached no one.
        chat_id, nobody = (sender.chat_id, True) if colleague is None else (colleague, False)
    tx.execute(
        insert(outbox).values(
            key=notice_key(history_id), chat_id=chat_id, kind="verdict", submission_id=row.id,
            payload={"history": history_id, "submission": row.id}, created_at=now, due_at=now,
            given_up_at=now if nobody else None, error="no officer" if nobody else "",
        )
    )  # fmt: skip


# `at` is a moment in ISO 8601; a page writes it in the reader's calendar before saying it.
DECIDED_BY = T("{who} ตรวจรายการนี้ไปแล้วเมื่อ {at}: {status}", "{who} decided this entry on {at}: {status}")
NEWER_REVISION = T(
    "เจ้าหน้าที่ส่ง {number} ฉบับแก้ไขใหม่เข้ามาระหว่างนี้ กรุณาตรวจฉบับล่าสุด",
    "The officer has sent a newer version of {number} meanwhile: please review the newest one",
)
DELETED = T(
    "เจ้าหน้าที่ลบ {number} ไปแล้ว จึงไม่ต้องตรวจ", "The officer has deleted {number}: there is nothing to review"
)
