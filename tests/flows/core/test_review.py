"""Verdicts, reasons and the words for an entry's state."""

from __future__ import annotations

import pytest

from flows import CATALOGUE
from flows.core.flow import Flow
from flows.core.problem import Problem
from flows.core.review import (
    EVERY_REASON,
    MOST_NOTE,
    MOST_REASON,
    MOST_TOGETHER,
    NOTE,
    STATUS_LABELS,
    STATUSES,
    VERDICTS,
    Status,
    Verdict,
    decide,
    problems_in,
    reason_in,
    reason_of,
    reasons_for,
)
from flows.core.text import LANGUAGES


@pytest.mark.parametrize(
    ("verdict", "flags", "note", "status"),
    [
        ("approve", {}, "", "approved"),
        ("changes", {"photos": "รูปไม่ชัด"}, "", "changes_requested"),
        ("changes", {"photos": "รูปไม่ชัด"}, "ขอบคุณ", "changes_requested"),
        ("reject", {}, "ซ้ำกับรายการเดิม", "rejected"),
    ],
)
def test_a_verdict_on_a_waiting_entry_gives_its_status(
    verdict: Verdict, flags: dict[str, str], note: str, status: str
) -> None:
    assert decide("pending", verdict, flags, note) == status


@pytest.mark.parametrize(
    ("verdict", "flags", "note", "where", "code"),
    [
        ("changes", {}, "", NOTE, "review.nothing_flagged"),
        ("changes", {"name": ""}, "", "name", "review.no_reason"),
        ("changes", {"name": "  "}, "มีข้อความ", "name", "review.no_reason"),
        ("changes", {"name": "ก" * (MOST_REASON + 1)}, "", "name", "review.too_long"),
        ("changes", {"name": "สะกดผิด"}, "ก" * (MOST_NOTE + 1), NOTE, "review.too_long"),
        ("changes", {f"f{n}": "ก" * MOST_REASON for n in range(10)}, "", NOTE, "review.too_long_together"),
        ("reject", {}, " ", NOTE, "review.no_reason"),
        ("approve", {"name": "สะกดผิด"}, "", NOTE, "review.approved_with_flags"),
    ],
)
def test_a_verdict_that_lacks_something_says_where_and_is_taken_once_it_is_put_right(
    verdict: Verdict, flags: dict[str, str], note: str, where: str, code: str
) -> None:
    wrong = problems_in(verdict, flags, note)
    assert wrong[where].code == code
    refused = decide("pending", verdict, flags, note)
    assert isinstance(refused, Problem)
    assert refused.code == code
    for language in LANGUAGES:
        assert "{" not in refused.say.to(language, refused.facts)
    right = {"name": "สะกดผิด"} if verdict == "changes" else {}
    assert not isinstance(decide("pending", verdict, right, "ซ้ำ"), Problem)


@pytest.mark.parametrize("status", [one for one in STATUSES if one != "pending"])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_what_has_been_decided_is_not_decided_again(status: Status, verdict: Verdict) -> None:
    refused = decide(status, verdict, {"name": "x"}, "x")
    assert isinstance(refused, Problem)
    assert refused.code == "review.already_decided"
    assert STATUS_LABELS[status].th in refused.say.to("th", refused.facts)


def test_statuses_have_the_words_that_officers_know() -> None:
    assert {status: STATUS_LABELS[status].th for status in STATUSES} == {
        "pending": "ยังไม่ตรวจสอบข้อมูล",
        "approved": "ผ่านการตรวจสอบ",
        "changes_requested": "ให้แก้ไข",
        "rejected": "ไม่ผ่าน",
    }


@pytest.mark.parametrize("flow", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_field_of_every_form_has_common_reasons(flow: Flow) -> None:
    for field in flow.fields:
        assert reasons_for(field)
        assert set(reasons_for(field)) <= set(EVERY_REASON)


def test_all_reasons_of_one_verdict_fit_into_one_chat_message() -> None:
    assert all(len(one.th) <= MOST_REASON and len(one.en) <= MOST_REASON for one in EVERY_REASON)
    # A reason that is stored in Thai may be longer in English; labels and the bot's own sentences take room too.
    longer = max(len(one.en) - len(one.th) for one in EVERY_REASON)
    for flow in CATALOGUE.values():
        labels = sum(max(len(one.title.th), len(one.title.en)) + 10 for one in flow.fields)
        assert MOST_TOGETHER + labels + longer * len(flow.fields) + 500 < 4096


def test_a_common_reason_is_read_back_in_the_readers_language_and_own_words_as_typed() -> None:
    for common in EVERY_REASON:
        assert reason_in(reason_of(common.th, ""), "en") == common.en
        assert reason_in(reason_of(common.th, "ดูรูปที่ 2: ขวา"), "en") == f"{common.en}: ดูรูปที่ 2: ขวา"
        assert reason_in(reason_of(common.th, "x"), "th") == f"{common.th}: x"
    assert reason_in("ขอรูป: ด้านหน้า", "en") == "ขอรูป: ด้านหน้า"
    assert reason_of("", "") == ""


def test_common_reasons_hold_no_joint_that_would_part_them() -> None:
    assert not [one.th for one in EVERY_REASON if ": " in one.th]
