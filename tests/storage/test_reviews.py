"""An entry with all that happened to it, and verdicts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from flows.core.problem import Problem
from flows.core.review import Verdict
from storage import reviews, submissions
from storage.db import Store, Tx
from storage.reviews import Decided
from storage.tables import outbox, submission
from tests.admin_web.samples import (
    KOKHA,
    LAMPANG,
    Office,
    office,
    remove,
    reviewer,
    send,
    send_again,
    waiting_titles,
)  # fmt: skip


async def waiting(store: Store, now: datetime) -> tuple[int, int, int, Office]:
    """The id of an entry that waits, two reviewers, and the officer who sent it."""

    def work(tx: Tx) -> tuple[int, int, int, Office]:
        by = office(tx)
        return send(tx, by).id, reviewer(tx).id, reviewer(tx, "ประสิทธิ์").id, by

    return await store.run(work)


FLAGS = {"photos": "รูปไม่ชัด"}


@pytest.mark.parametrize(
    ("verdict", "flags", "note", "status", "published"),
    [
        ("approve", {}, "", "approved", 1),
        ("changes", FLAGS, "ขอบคุณ", "changes_requested", None),
        ("reject", {}, "ซ้ำ", "rejected", None),
    ],
)
async def test_a_verdict_is_recorded_with_its_words_and_the_officer_is_written_to(
    store: Store,
    now: datetime,
    verdict: Verdict,
    flags: dict[str, str],
    note: str,
    status: str,
    published: int | None,
) -> None:
    entry_id, who, _, by = await waiting(store, now)
    done = await store.run(reviews.decide, entry_id, 1, who, verdict, flags, note, now)
    assert isinstance(done, Decided)
    entry = await store.read(reviews.entry, done.number)
    assert entry is not None
    assert (entry.status, entry.published_revision) == (status, published)
    event = entry.verdict
    assert event is not None
    assert (event.what, event.who, event.note, event.flags) == (status, "สมหญิง ตรวจดี", note, flags)
    assert event.notice is not None
    assert (event.notice.sent_at, event.notice.given_up_at) == (None, None)
    notice = (await store.read(lambda tx: list(tx.execute(select(outbox)))))[0]
    assert (notice.key, notice.chat_id, notice.kind) == (f"verdict:{done.history_id}", by.chat_id, "verdict")
    assert notice.payload == {"history": done.history_id, "submission": entry_id}
    assert notice.due_at == now


async def test_two_reviewers_at_once_leave_one_verdict_and_the_second_is_told_whose(
    store: Store, now: datetime
) -> None:
    entry_id, one, other, _ = await waiting(store, now)
    outcomes = await asyncio.gather(
        store.run(reviews.decide, entry_id, 1, one, "approve", {}, "", now),
        store.run(reviews.decide, entry_id, 1, other, "reject", {}, "ซ้ำ", now),
    )
    done = [outcome for outcome in outcomes if isinstance(outcome, Decided)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Problem)]
    assert (len(done), len(refused)) == (1, 1)
    assert refused[0].code == "review.already_decided"
    entry = await store.read(reviews.entry, done[0].number)
    assert entry is not None
    assert entry.verdict is not None
    assert (entry.status, refused[0].facts["who"]) == (done[0].status, entry.verdict.who)
    assert refused[0].facts["at"] == now.isoformat()
    assert len(await store.read(lambda tx: list(tx.execute(select(outbox))))) == 1


async def test_a_verdict_on_an_older_revision_is_refused_and_one_on_the_newest_is_taken(
    store: Store, now: datetime
) -> None:
    entry_id, who, _, by = await waiting(store, now)
    await store.run(lambda tx: send_again(tx, _sent(tx, entry_id), by, name="ชื่อใหม่"))
    refused = await store.run(reviews.decide, entry_id, 1, who, "approve", {}, "", now)
    assert isinstance(refused, Problem)
    assert refused.code == "review.newer_revision"
    assert isinstance(await store.run(reviews.decide, entry_id, 2, who, "approve", {}, "", now), Decided)


def _sent(tx: Tx, entry_id: int) -> submissions.Entry:
    entry = submissions.entry_of(tx, entry_id)
    assert entry is not None
    return entry


async def test_a_deleted_entry_takes_no_verdict_until_it_is_restored(store: Store, now: datetime) -> None:
    entry_id, who, _, by = await waiting(store, now)
    await store.run(lambda tx: submissions.delete_entry(tx, _sent(tx, entry_id), by.officer_id, now))
    refused = await store.run(reviews.decide, entry_id, 1, who, "approve", {}, "", now)
    assert isinstance(refused, Problem)
    assert refused.code == "review.deleted"
    await store.run(lambda tx: submissions.restore_entry(tx, _sent(tx, entry_id), by.officer_id, now))
    assert isinstance(await store.run(reviews.decide, entry_id, 1, who, "approve", {}, "", now), Decided)


async def test_a_verdict_without_its_reason_changes_nothing(store: Store, now: datetime) -> None:
    entry_id, who, _, _ = await waiting(store, now)
    refused = await store.run(reviews.decide, entry_id, 1, who, "reject", {}, "", now)
    assert isinstance(refused, Problem)
    assert await store.read(waiting_titles) == ["วัดเจดีย์ซาวหลัง"]
    assert isinstance(await store.run(reviews.decide, entry_id, 1, who, "reject", {}, "ซ้ำ", now), Decided)


async def test_a_colleague_hears_where_the_sender_has_been_removed(store: Store, now: datetime) -> None:
    entry_id, who, _, by = await waiting(store, now)

    def replaced(tx: Tx) -> None:
        remove(tx, by)
        office(tx, KOKHA, "คนละแห่ง", 77)
        office(tx, LAMPANG, "ผู้รับช่วง", 88)

    await store.run(replaced)
    await store.run(reviews.decide, entry_id, 1, who, "approve", {}, "", now)
    assert await store.read(lambda tx: tx.scalar(select(outbox.c.chat_id))) == 88


async def test_an_entry_shows_that_nobody_is_left_to_hear(store: Store, now: datetime) -> None:
    entry_id, who, _, by = await waiting(store, now)
    await store.run(remove, by)
    done = await store.run(reviews.decide, entry_id, 1, who, "approve", {}, "", now)
    assert isinstance(done, Decided)
    entry = await store.read(reviews.entry, done.number)
    assert entry is not None
    assert entry.verdict is not None
    assert entry.verdict.notice is not None
    assert entry.verdict.notice.given_up_at == now
    # Never to whoever was removed, even when that chat comes alive again.
    assert await store.read(lambda tx: tx.scalar(select(outbox.c.chat_id))) != by.chat_id


async def test_an_entry_tells_whether_its_notice_arrived(store: Store, now: datetime) -> None:
    entry_id, who, _, _ = await waiting(store, now)
    done = await store.run(reviews.decide, entry_id, 1, who, "approve", {}, "", now)
    assert isinstance(done, Decided)
    later = now + timedelta(seconds=2)
    await store.run(lambda tx: tx.execute(update(outbox).values(sent_at=later)) and None)
    entry = await store.read(reviews.entry, done.number)
    assert entry is not None
    assert entry.verdict is not None
    assert entry.verdict.notice is not None
    assert entry.verdict.notice.sent_at == later


async def test_the_approved_revision_stays_published_while_a_new_one_waits(
    store: Store, now: datetime
) -> None:
    entry_id, who, _, by = await waiting(store, now)
    await store.run(reviews.decide, entry_id, 1, who, "approve", {}, "", now)
    await store.run(lambda tx: send_again(tx, _sent(tx, entry_id), by, name="ชื่อใหม่"))
    row = await store.read(lambda tx: tx.execute(select(submission)).one())
    assert (row.status, row.published_revision, row.revision) == ("pending", 1, 2)
    await store.run(reviews.decide, entry_id, 2, who, "reject", {}, "ไม่เหมาะสม", now)
    row = await store.read(lambda tx: tx.execute(select(submission)).one())
    assert (row.status, row.published_revision) == ("rejected", 1)


async def test_a_new_revision_is_compared_with_the_last_one_that_had_a_verdict(
    store: Store, now: datetime
) -> None:
    entry_id, who, _, by = await waiting(store, now)
    await store.run(reviews.decide, entry_id, 1, who, "changes", {"name": "สะกดผิด"}, "", now)
    for name in ("แก้ครั้งแรก", "แก้อีกครั้ง"):
        await store.run(lambda tx, name: send_again(tx, _sent(tx, entry_id), by, name=name), name)
    entry = await store.read(reviews.entry, "L-2560-000001")
    assert entry is not None
    assert entry.newest.n == 3
    assert entry.reviewed_before is not None
    assert entry.reviewed_before.n == 1
    assert entry.verdict is None
    assert replace(entry, events=()).reviewed_before is None


async def test_an_unknown_number_is_no_entry(store: Store) -> None:
    assert await store.read(reviews.entry, "L-2560-999999") is None
