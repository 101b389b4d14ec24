"""Review: the states of an entry, the three verdicts, and the reasons that go with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, assert_never, get_args

from flows.core.fields import Choice, Date, Field, Paragraph, Phones, Text
from flows.core.photos import Photos
from flows.core.places import Place
from flows.core.problem import Problem
from flows.core.text import Language, T

Status = Literal["pending", "approved", "changes_requested", "rejected"]
Verdict = Literal["approve", "changes", "reject"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)

STATUS_LABELS: Final[Mapping[Status, T]] = {
    "pending": T("ยังไม่ตรวจสอบข้อมูล", "Not reviewed yet"),
    "approved": T("ผ่านการตรวจสอบ", "Approved"),
    "changes_requested": T("ให้แก้ไข", "Changes asked"),
    "rejected": T("ไม่ผ่าน", "Rejected"),
}
DISPLAY_LABELS: Final[Mapping[bool, T]] = {True: T("แสดง", "Shown"), False: T("ไม่แสดง", "Hidden")}

# An officer is told all of it in one chat message of at most 4,096 characters, labels included.
MOST_REASON: Final = 300
MOST_NOTE: Final = 1000
MOST_TOGETHER: Final = 2500

NOTE: Final = "note"  # where a problem with the words to the whole entry is shown


def decide(status: Status, verdict: Verdict, flags: Mapping[str, str], note: str) -> Status | Problem:
    """What an entry becomes by a verdict. `flags` gives the reason for each field that must be changed."""
    if status != "pending":
        return Problem("review.already_decided", ALREADY_DECIDED, {"status": STATUS_LABELS[status]})
    wrong = problems_in(verdict, flags, note)
    if wrong:
        return next(iter(wrong.values()))
    match verdict:
        case "approve":
            return "approved"
        case "changes":
            return "changes_requested"
        case "reject":
            return "rejected"
        case never:
            assert_never(never)


def problems_in(verdict: Verdict, flags: Mapping[str, str], note: str) -> Mapping[str, Problem]:
    """What is wrong with a verdict as it was filled in, by field key, or `NOTE` for the whole entry."""
    wrong: dict[str, Problem] = {}
    if verdict == "approve" and flags:
        wrong[NOTE] = Problem("review.approved_with_flags", APPROVED_WITH_FLAGS)
    if verdict == "reject" and not note.strip():
        wrong[NOTE] = Problem("review.no_reason", NO_REASON_TO_REJECT)
    if verdict == "changes":
        if not flags:
            wrong[NOTE] = Problem("review.nothing_flagged", NOTHING_FLAGGED)
        wrong.update({key: problem for key, reason in flags.items() if (problem := _reason_problem(reason))})
    if len(note) > MOST_NOTE:
        wrong[NOTE] = Problem("review.too_long", TOO_LONG, {"most": MOST_NOTE, "count": len(note)})
    together = len(note) + sum(len(reason) for reason in flags.values())
    if not wrong and together > MOST_TOGETHER:
        wrong[NOTE] = Problem(
            "review.too_long_together", TOO_LONG_TOGETHER, {"most": MOST_TOGETHER, "count": together}
        )
    return wrong


def _reason_problem(reason: str) -> Problem | None:
    if not reason.strip():
        return Problem("review.no_reason", NO_REASON)
    if len(reason) > MOST_REASON:
        return Problem("review.too_long", TOO_LONG, {"most": MOST_REASON, "count": len(reason)})
    return None


ALREADY_DECIDED = T("รายการนี้ตรวจไปแล้ว: {status}", "This entry has been decided already: {status}")
APPROVED_WITH_FLAGS = T(
    "มีช่องที่เลือกให้แก้ไขอยู่ เลือก «ให้แก้ไข» หรือเอาเครื่องหมายออกก่อนอนุมัติ",
    "Some fields are marked for change: ask for the changes, or unmark them before approving",
)
NO_REASON = T(
    "เลือกหรือพิมพ์เหตุผล เพื่อให้เจ้าหน้าที่รู้ว่าต้องแก้อะไร",
    "Choose or type a reason, so that the officer knows what to change",
)
NO_REASON_TO_REJECT = T("เลือกหรือพิมพ์เหตุผลที่ไม่ผ่าน", "Choose or type why it is rejected")
NOTHING_FLAGGED = T("เลือกอย่างน้อยหนึ่งช่องที่ต้องแก้ไข", "Mark at least one field that must be changed")
TOO_LONG = T(
    "ยาวเกินไป ({count} ตัวอักษร) กรุณาย่อให้ไม่เกิน {most} ตัวอักษร",
    "That is too long ({count} characters): please keep it to {most}",
)
TOO_LONG_TOGETHER = T(
    "เหตุผลทั้งหมดรวมกันยาวเกินไป ({count} ตัวอักษร) กรุณาย่อให้ไม่เกิน {most} ตัวอักษร เพื่อให้ส่งถึงเจ้าหน้าที่ได้ในข้อความเดียว",
    "All reasons together are too long ({count} characters): please keep them to {most}, so that they fit in one message",
)

# --- common reasons. They are stored in Thai, as if typed, and read back in the officer's language.

_UNCLEAR = T("ข้อมูลไม่ชัดเจน กรุณาอธิบายเพิ่ม", "This is not clear: please explain more")
_MISPLACED = T("ข้อมูลไม่ตรงกับช่องนี้", "This does not belong in this field")
_SPELLING = T("มีคำสะกดผิด กรุณาตรวจอีกครั้ง", "There are spelling mistakes: please check again")
_WRONG = T("ข้อมูลไม่ถูกต้อง กรุณาตรวจสอบ", "This is not correct: please check it")
_PERSONAL = T("มีข้อมูลส่วนบุคคล กรุณาเอาออก", "It holds personal data: please take it out")

_TEXT = (
    _SPELLING,
    T("ชื่อไม่ครบหรือไม่ตรงกับชื่อทางการ", "The name is incomplete or not the official one"),
    T("ข้อความสั้นเกินไป กรุณาเพิ่มรายละเอียด", "The text is too short: please add details"),
    _MISPLACED,
    _PERSONAL,
)
_PARAGRAPH = (
    T("รายละเอียดน้อยเกินไป กรุณาเพิ่มรายละเอียด", "There is too little detail: please add more"),
    _SPELLING,
    _UNCLEAR,
    _MISPLACED,
    _PERSONAL,
    T("คัดลอกข้อความจากที่อื่น กรุณาเขียนใหม่", "The text is copied from elsewhere: please write your own"),
)
_CHOICE = (
    T("เลือกประเภทไม่ตรงกับเนื้อหา", "The type chosen does not fit the content"),
    _WRONG,
)
_PHOTOS = (
    T("รูปไม่ชัดหรือมืดเกินไป กรุณาส่งรูปใหม่", "A photo is blurred or too dark: please send another"),
    T("รูปไม่ตรงกับเนื้อหา", "A photo does not show what the entry is about"),
    T("มีรูปซ้ำกัน กรุณาเอาออก", "A photo is there twice: please take one out"),
    T("รูปมีลายน้ำหรือข้อความโฆษณา กรุณาส่งรูปใหม่", "A photo has a watermark or advertising: please send another"),
    T("รูปเห็นใบหน้าหรือข้อมูลส่วนบุคคล กรุณาเปลี่ยนรูป", "A photo shows faces or personal data: please change it"),
    T("กรุณาเพิ่มรูปให้เห็นชัดขึ้น", "Please add photos that show it better"),
)
_PHONES = (
    T("เบอร์โทรไม่ถูกต้องหรือติดต่อไม่ได้", "The number is wrong or cannot be reached"),
    T("กรุณาใช้เบอร์ของหน่วยงาน ไม่ใช่เบอร์ส่วนตัว", "Please give the office's number, not a private one"),
)
_PLACE = (
    T("หมุดไม่ตรงกับสถานที่ กรุณาปักหมุดใหม่", "The pin is not at the place: please drop it again"),
    T("พิกัดอยู่นอกพื้นที่ของหน่วยงาน กรุณาตรวจสอบ", "The place lies outside your area: please check"),
)
_DATE = (T("วันที่ไม่ถูกต้อง กรุณาตรวจสอบ", "The date is not right: please check"),)
_OTHER = (_WRONG, _SPELLING, T("ลิงก์เปิดไม่ได้ กรุณาตรวจสอบ", "The link does not open: please check"), _MISPLACED)

REJECT_REASONS: Final = (
    T("ซ้ำกับรายการที่มีอยู่แล้ว", "The same entry exists already"),
    T("ไม่ได้อยู่ในพื้นที่ของหน่วยงาน", "It does not lie in your area"),
    T("ไม่ตรงกับแบบฟอร์มนี้ กรุณาส่งด้วยแบบฟอร์มที่ถูกต้อง", "It does not fit this form: please use the right one"),
    T("เนื้อหาไม่เหมาะสมที่จะเผยแพร่", "The content is not suitable to be published"),
    T("เป็นการโฆษณาของเอกชน ไม่เกี่ยวกับท้องถิ่น", "It is private advertising, not about the locality"),
    T("เป็นการทดลองส่ง ไม่ใช่ข้อมูลจริง", "It was a trial, not real information"),
)


def reasons_for(field: Field) -> tuple[T, ...]:
    """The common reasons to send a field back."""
    match field:
        case Photos():
            return _PHOTOS
        case Place():
            return _PLACE
        case Phones():
            return _PHONES
        case Choice():
            return _CHOICE
        case Date():
            return _DATE
        case Paragraph():
            return _PARAGRAPH
        case Text():
            return _TEXT
        case _:
            return _OTHER


EVERY_REASON: Final = tuple(
    {
        one.th: one
        for group in (_TEXT, _PARAGRAPH, _CHOICE, _PHOTOS, _PHONES, _PLACE, _DATE, _OTHER, REJECT_REASONS)
        for one in group
    }.values()
)
_BY_THAI: Final = {one.th: one for one in EVERY_REASON}
_JOINT: Final = ": "


def reason_of(common: str, words: str) -> str:
    """One reason out of a common one (in Thai, as listed) and the reviewer's own words; either may be empty."""
    return _JOINT.join(part for part in (common.strip(), words.strip()) if part)


def reason_in(reason: str, language: Language) -> str:
    """A stored reason for reading: a common one in the reader's language, own words as they were typed."""
    common, joint, words = reason.partition(_JOINT)
    known = _BY_THAI.get(common)
    return known.to(language) + joint + words if known else reason
