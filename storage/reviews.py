"""One entry as reviewers see it, with all that happened to it, and the verdict on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from flows.core.chat import Json
from flows.core.problem import Problem
from flows.core.review import ALREADY_DECIDED, STATUS_LABELS, Status, Verdict
from flows.core.review import decide as verdict_on
from flows.core.roles import EVERYWHERE, Reach
from flows.core.text import T
from storage.campaign_tallies import retally
from storage.db import Tx
from storage.outbox import put
from storage.review_queue import Place
from storage.tables import history, lao, officer, outbox, reviewer, revision, submission
from storage.within import within


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


# --- one entry


def entry(tx: Tx, number: str, reach: Reach = EVERYWHERE) -> Entry | None:
    """The entry of that number, a deleted one too; None where there is none within the reach."""
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
        .where(submission.c.number == number, within(reach))
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
    retally(tx, row.lao_code, row.form, now)
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
        # Chat 0 is nobody's, so that it never goes to the officer who was removed.
        chat_id, nobody = (0, True) if colleague is None else (colleague, False)
    put(
        tx, notice_key(history_id), chat_id, "verdict", {"history": history_id, "submission": row.id}, now,
        submission_id=row.id, given_up="no officer" if nobody else "",
    )  # fmt: skip


# `at` is a moment in ISO 8601; a page writes it in the reader's calendar before saying it.
DECIDED_BY = T("{who} ตรวจรายการนี้ไปแล้วเมื่อ {at}: {status}", "{who} decided this entry on {at}: {status}")
NEWER_REVISION = T(
    "เจ้าหน้าที่ส่ง {number} ฉบับแก้ไขใหม่เข้ามาระหว่างนี้ กรุณาตรวจฉบับล่าสุด",
    "The officer has sent a newer version of {number} meanwhile: please review the newest one",
)
DELETED = T("{number} ถูกลบไปแล้ว จึงไม่ต้องตรวจ", "{number} has been deleted: there is nothing to review")
