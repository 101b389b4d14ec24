"""Giving verdicts on the page."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from flows.core.review import MOST_NOTE, REJECT_REASONS
from storage import reviews, submissions
from storage.db import Tx
from storage.tables import history, outbox, submission
from tests.admin_web.conftest import Town
from tests.admin_web.samples import NOW, Office, office, send, send_again

BLURRED = "รูปไม่ชัดหรือมืดเกินไป กรุณาส่งรูปใหม่"


async def three(town: Town) -> list[str]:
    def work(tx: Tx) -> list[str]:
        by = office(tx)
        return [
            send(tx, by, form, at=NOW + timedelta(minutes=n)).number
            for n, form in enumerate(("landmark", "product", "landmark"))
        ]

    numbers: list[str] = await town.put(work)
    return numbers


async def status_of(town: Town, number: str) -> str:
    return str(
        await town.store.read(
            lambda tx: tx.scalar(select(submission.c.status).where(submission.c.number == number))
        )
    )


async def test_an_approval_leads_to_the_next_waiting_entry_with_a_quiet_word(town: Town) -> None:
    first, second, _ = await three(town)
    browser = await town.signed_in()
    answer = await browser.verdict(first, {"verdict": "approve"})
    assert answer.status == 303
    assert answer.headers["Location"].startswith(f"/entries/{second}?done=")
    following = await browser.get(answer.headers["Location"])
    assert f"อนุมัติ {first} แล้ว" in following.words
    assert f'href="/entries/{first}"' in following.text
    assert await status_of(town, first) == "approved"
    assert await town.store.read(lambda tx: tx.scalar(select(outbox.c.kind))) == "verdict"


async def test_the_next_entry_keeps_to_the_filters_and_the_last_one_leads_to_the_queue(town: Town) -> None:
    first, _, last = await three(town)
    browser = await town.signed_in()
    answer = await browser.verdict(first, {"verdict": "approve"}, "?form=landmark")
    assert answer.headers["Location"].startswith(f"/entries/{last}?form=landmark&done=")
    answer = await browser.verdict(last, {"verdict": "approve"}, "?form=landmark")
    assert answer.headers["Location"].startswith("/?form=landmark&done=")
    queue = await browser.get(answer.headers["Location"])
    assert f"อนุมัติ {last} แล้ว" in queue.words
    assert "ไม่พบรายการตามตัวกรองนี้" in queue.words


async def test_changes_carry_each_fields_reason_from_the_list_or_in_own_words(town: Town) -> None:
    first, *_ = await three(town)
    browser = await town.signed_in()
    form = [
        ("verdict", "changes"), ("flag", "photos"), ("reason.photos", BLURRED), ("words.photos", "รูปที่ 2"),
        ("flag", "name"), ("reason.name", ""), ("words.name", "ใช้ชื่อทางการ"), ("words.email", "ไม่ได้ทำเครื่องหมาย"),
        ("flag", "nothing"), ("reason.nothing", "x"), ("note", "ขอบคุณ"),
    ]  # fmt: skip
    answer = await browser.verdict(first, form)
    assert answer.status == 303
    row = await town.store.read(
        lambda tx: tx.execute(select(history).where(history.c.what == "changes_requested")).one()
    )
    assert row.flags == {"photos": f"{BLURRED}: รูปที่ 2", "name": "ใช้ชื่อทางการ"}
    assert row.note == "ขอบคุณ"
    assert f"ส่ง {first} ให้แก้ไขแล้ว" in (await browser.get(answer.headers["Location"])).words


async def test_a_rejection_carries_its_reason(town: Town) -> None:
    first, *_ = await three(town)
    browser = await town.signed_in()
    await browser.verdict(
        first, {"verdict": "reject", "rejection": REJECT_REASONS[0].th, "rejection.words": "กับ L-2560-000009"}
    )
    row = await town.store.read(
        lambda tx: tx.execute(select(history).where(history.c.what == "rejected")).one()
    )
    assert (row.note, row.flags) == (f"{REJECT_REASONS[0].th}: กับ L-2560-000009", {})


@pytest.mark.parametrize(
    ("form", "says", "kept"),
    [
        ([("verdict", "changes"), ("note", "ข้อความที่พิมพ์ไว้")], "เลือกอย่างน้อยหนึ่งช่องที่ต้องแก้ไข", "ข้อความที่พิมพ์ไว้"),
        ([("verdict", "changes"), ("flag", "photos"), ("flag", "name"), ("words.name", "สะกดผิดนะ")], "เลือกหรือพิมพ์เหตุผล", "สะกดผิดนะ"),
        ([("verdict", "reject")], "เลือกหรือพิมพ์เหตุผลที่ไม่ผ่าน", ""),
        ([("verdict", "reject"), ("rejection.words", "ย" * (MOST_NOTE + 1))], "กรุณาย่อให้ไม่เกิน 1,000 ตัวอักษร", "ย" * 1001),
    ],
)  # fmt: skip
async def test_a_verdict_without_reason_keeps_everything_typed_and_can_be_put_right(
    town: Town, form: list[tuple[str, str]], says: str, kept: str
) -> None:
    first, *_ = await three(town)
    browser = await town.signed_in()
    answer = await browser.verdict(first, form)
    assert answer.status == 422
    assert says in answer.words
    assert 'role="alert"' in answer.text
    assert kept in answer.text
    verdict = dict(form)["verdict"]
    assert f'id="{verdict}" open' in answer.text
    for name, value in form:
        if name == "flag":
            assert re.search(rf'value="{value}" checked', answer.text)
    assert await status_of(town, first) == "pending"
    right = {"verdict": "changes", "flag": "name", "words.name": "สะกดผิด"}
    assert (await browser.verdict(first, right)).status == 303


async def test_the_problem_stands_next_to_its_field(town: Town) -> None:
    first, *_ = await three(town)
    browser = await town.signed_in()
    answer = await browser.verdict(first, [("verdict", "changes"), ("flag", "photos")])
    assert (
        'name="reason.photos" aria-label="เหตุผลของช่อง รูปสถานที่สำคัญ" aria-invalid="true" aria-describedby="wrong-reason.photos"'
        in answer.text
    )
    assert 'id="wrong-reason.photos"' in answer.text


async def test_the_second_of_two_reviewers_is_told_who_decided_what_and_keeps_the_words(town: Town) -> None:
    first, *_ = await three(town)
    one, other = await town.signed_in(), await town.signed_in("ประสิทธิ์ ละเอียด")
    await one.get(f"/entries/{first}")
    await other.get(f"/entries/{first}")
    form = {"revision": "1"}
    assert (await one.post(f"/entries/{first}/verdict", {**form, "verdict": "approve"})).status == 303
    answer = await other.post(
        f"/entries/{first}/verdict", {**form, "verdict": "reject", "rejection.words": "ซ้ำกับของเดิม"}
    )
    assert answer.status == 409
    assert "สมหญิง ตรวจดี ตรวจรายการนี้ไปแล้วเมื่อ 16 ม.ค. 2560 09:00 น.: ผ่านการตรวจสอบ" in answer.words
    assert "ซ้ำกับของเดิม" in answer.words
    assert 'name="verdict"' not in answer.text
    assert await status_of(town, first) == "approved"


async def test_many_reviewers_at_once_leave_one_verdict(town: Town) -> None:
    first, *_ = await three(town)
    browsers = [await town.signed_in() for _ in range(6)]
    for browser in browsers:
        await browser.get(f"/entries/{first}")
    form = {"revision": "1", "verdict": "approve"}
    answers = await asyncio.gather(*(browser.post(f"/entries/{first}/verdict", form) for browser in browsers))
    assert sorted(answer.status for answer in answers) == [303, 409, 409, 409, 409, 409]
    assert len(await town.store.read(lambda tx: list(tx.execute(select(outbox))))) == 1


async def test_a_newer_revision_is_shown_instead_of_being_decided_unseen(town: Town) -> None:
    def work(tx: Tx) -> tuple[submissions.Entry, Office]:
        by = office(tx)
        return send(tx, by), by

    entry, by = await town.put(work)
    browser = await town.signed_in()
    await browser.get(f"/entries/{entry.number}")
    await town.put(lambda tx: send_again(tx, entry, by, name="ชื่อใหม่กว่า"))
    form = {"revision": "1", "verdict": "changes", "flag": "name", "words.name": "สะกดผิด"}
    answer = await browser.post(f"/entries/{entry.number}/verdict", form)
    assert answer.status == 409
    assert "ฉบับแก้ไขใหม่เข้ามาระหว่างนี้" in answer.words
    assert "ชื่อใหม่กว่า" in answer.words
    assert "สะกดผิด" in answer.text
    assert await status_of(town, entry.number) == "pending"
    assert 'name="revision" value="2"' in answer.text
    assert (await browser.post(f"/entries/{entry.number}/verdict", {**form, "revision": "2"})).status == 303


async def test_an_entry_deleted_meanwhile_is_said_to_be(town: Town) -> None:
    def work(tx: Tx) -> tuple[submissions.Entry, Office]:
        by = office(tx)
        return send(tx, by), by

    entry, by = await town.put(work)
    browser = await town.signed_in()
    await browser.get(f"/entries/{entry.number}")
    await town.put(lambda tx: submissions.delete_entry(tx, entry, by.officer_id, NOW))
    answer = await browser.post(f"/entries/{entry.number}/verdict", {"revision": "1", "verdict": "approve"})
    assert answer.status == 409
    assert "ไปแล้ว จึงไม่ต้องตรวจ" in answer.words


@pytest.mark.parametrize(
    "form",
    [{}, {"verdict": "x"}, {"verdict": "approve", "revision": "x"}, {"verdict": "approve", "revision": "²"}],
)
async def test_a_form_that_no_page_sends_is_refused_calmly(town: Town, form: dict[str, str]) -> None:
    first, *_ = await three(town)
    browser = await town.signed_in()
    await browser.get(f"/entries/{first}")
    answer = await browser.post(f"/entries/{first}/verdict", form)
    assert answer.status == 400
    assert "เลขอ้างอิง" in answer.words
    assert (await browser.verdict(first, {"verdict": "approve"})).status == 303


async def test_a_session_that_ended_leads_back_to_the_entry_after_signing_in(town: Town) -> None:
    first, *_ = await three(town)
    browser = await town.signed_in()
    await browser.get(f"/entries/{first}")
    town.clock.move(timedelta(days=1))
    answer = await browser.post(
        f"/entries/{first}/verdict?form=landmark", {"revision": "1", "verdict": "approve"}
    )
    assert (answer.status, answer.headers["Location"]) == (
        303,
        f"/sign-in?next=/entries/{first}%3Fform%3Dlandmark",
    )
    assert await status_of(town, first) == "pending"


async def test_the_reviewers_words_reach_storage_as_the_bot_reads_them(town: Town) -> None:
    first, *_ = await three(town)
    browser = await town.signed_in()
    await browser.verdict(
        first, {"verdict": "changes", "flag": "name", "words.name": "บรรทัดแรก\r\nบรรทัดสอง\x00"}
    )
    entry = await town.store.read(reviews.entry, first)
    assert entry is not None
    assert entry.verdict is not None
    assert entry.verdict.flags == {"name": "บรรทัดแรก\nบรรทัดสอง"}
