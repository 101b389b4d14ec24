"""What reminders and digests say, in both languages, and that they fit into a chat message."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from flows import CATALOGUE
from flows.core.areas import MOST_DISTRICTS, part_in_words
from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.chat import Line
from flows.core.dates import BANGKOK
from flows.core.phones import Phone
from flows.core.reminder_texts import (
    Behind,
    days_left_line,
    digest_lines,
    form_label,
    lacks_in_words,
    letter_line,
    reminder_lines,
)
from flows.core.reminders import Kind, Reminder
from flows.core.roles import Reach
from flows.core.text import LANGUAGES, Language, T

TITLES = {key: flow.title for key, flow in CATALOGUE.items()}
LETTER = Campaign(
    1,
    "บันทึกข้อมูลให้ครบ",
    "มท 0810.7/123",
    date(2016, 12, 28),
    datetime(2017, 1, 31, 16, 30, tzinfo=BANGKOK),
    (Requirement("product", 2), Requirement("landmark", 1)),
    "submitted",
    Scope(),
    wording="ขอความร่วมมือทุกแห่ง",
)
LACKS = (("product", 1), ("landmark", 2))
CHAT_LIMIT = 4096


def text(lines: tuple[Line, ...], language: Language = "th") -> str:
    return "\n".join(line.to(language) for line in lines)


def said(
    kind: Kind, left: int = 7, returned: tuple[str, ...] = (), lacks: tuple[tuple[str, int], ...] = LACKS
) -> str:
    return text(reminder_lines(LETTER, Reminder(1, "key", kind, left, lacks, returned), TITLES))


def test_a_reminder_names_what_is_missing_the_letter_the_deadline_and_the_days_left() -> None:
    assert said("before") == (
        "ขอความร่วมมือทุกแห่ง\n"
        "<b>บันทึกข้อมูลให้ครบ</b>\n"
        "หนังสือที่ มท 0810.7/123 ลงวันที่ 28 ธันวาคม 2559\n"
        "ขาด: สินค้าท้องถิ่น 1 รายการ, สถานที่สำคัญ 2 รายการ\n"
        "กำหนดส่ง 31 ม.ค. 2560 16:30 น.\n"
        "เหลืออีก 7 วัน"
    )


def test_a_reminder_in_english_says_the_same() -> None:
    lines = reminder_lines(LETTER, Reminder(1, "key", "day", 0, LACKS, ("P-12",)), TITLES)
    assert text(lines[2:], "en") == (
        "Letter มท 0810.7/123 of 28 December 2016\n"
        "Still missing: Local product: 1, Landmark: 2\n"
        "Sent back for changes: P-12\n"
        "Deadline: 31 Jan 2017 16:30\n"
        "It is due today."
    )


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (30, "เหลืออีก 30 วัน"),
        (2, "เหลืออีก 2 วัน"),
        (1, "ครบกำหนดพรุ่งนี้"),
        (0, "ครบกำหนดวันนี้"),
        (-1, "เลยกำหนดส่งแล้ว"),
        (-7, "เลยกำหนดส่งมา 7 วันแล้ว"),
    ],
)
def test_the_days_left_are_said_in_words(left: int, words: str) -> None:
    assert days_left_line(left).to("th") == words


def test_returned_entries_are_named_and_only_they_when_nothing_else_is_lacking() -> None:
    words = said("returned", returned=("P-12", "L-7"), lacks=())
    assert "ผู้ตรวจขอให้แก้ไข: P-12, L-7" in words
    assert "ขาด:" not in words


def test_many_returned_entries_are_counted_beyond_the_first_ten() -> None:
    words = said("before", returned=tuple(f"P-{n}" for n in range(1, 14)))
    assert "P-10 และอีก 3 รายการ" in words
    assert "P-11" not in words


def test_a_moved_deadline_is_said_as_the_news_it_is() -> None:
    assert "เปลี่ยนกำหนดส่งเป็น 31 ม.ค. 2560 16:30 น." in said("moved")
    assert "เปลี่ยน" not in said("before")


def test_thanks_are_one_sentence_that_says_what_was_counted() -> None:
    assert said("thanks", lacks=()) == "ส่งครบแล้วสำหรับ <b>บันทึกข้อมูลให้ครบ</b> ขอบคุณมาก"
    approved = reminder_lines(replace(LETTER, counts="approved"), Reminder(1, "thanks", "thanks", 7), TITLES)
    assert text(approved) == "ผ่านการตรวจครบแล้วสำหรับ <b>บันทึกข้อมูลให้ครบ</b> ขอบคุณมาก"


def test_a_letter_is_named_as_far_as_it_is_known() -> None:
    def named(campaign: Campaign) -> str | None:
        line = letter_line(campaign)
        return None if line is None else line.to("th")

    assert named(replace(LETTER, letter_date=None)) == "หนังสือที่ มท 0810.7/123"
    assert named(replace(LETTER, letter_number="")) == "หนังสือลงวันที่ 28 ธันวาคม 2559"
    assert named(replace(LETTER, letter_number="", letter_date=None)) is None


def test_a_coordinators_own_words_may_hold_braces() -> None:
    odd = replace(LETTER, title="{title} {0}", wording="{ครบ}", letter_number="{1}")
    words = text(reminder_lines(odd, Reminder(1, "key", "before", 7, LACKS), TITLES))
    assert words.startswith("{ครบ}\n<b>{title} {0}</b>\nหนังสือที่ {1} ลงวันที่")


@pytest.mark.parametrize("form", sorted(CATALOGUE))
def test_every_form_can_be_lacking_and_has_a_button(form: str) -> None:
    for language in LANGUAGES:
        assert TITLES[form].to(language) in lacks_in_words(((form, 3),), TITLES).to(language)
        fresh, begun = (form_label(TITLES[form], draft).to(language) for draft in (False, True))
        assert TITLES[form].to(language) in fresh
        assert fresh != begun


def behind(n: int, joined: int = 1, reachable: bool = True, phone: Phone | None = None) -> Behind:
    return Behind(f"เทศบาลตำบลตัวอย่าง {n}", "เกาะคา", LACKS, joined, reachable, phone)


def test_a_digest_tells_whom_to_phone_and_who_was_reminded() -> None:
    rows = [behind(1), behind(2, joined=0, phone=Phone("054000000", "12"))]
    rows.append(replace(behind(3, reachable=False), officer="มานะ {ใจดี}"))
    assert text(digest_lines(LETTER, T("จังหวัดลำปาง", "Lampang"), date(2017, 1, 30), 1, rows, TITLES)) == (
        "<b>บันทึกข้อมูลให้ครบ</b> จังหวัดลำปาง ณ วันที่ 30 มกราคม 2560\n"
        "ครบกำหนดพรุ่งนี้\n"
        "ในพื้นที่ของท่านยังไม่ครบ 3 แห่ง\n"
        "<b>ยังไม่มีเจ้าหน้าที่เข้าร่วม ควรโทรแจ้ง (1 แห่ง)</b>\n"
        "• เทศบาลตำบลตัวอย่าง 2 อ.เกาะคา โทร. +66-54-000-000 ต่อ 12 ขาด สินค้าท้องถิ่น 1 รายการ, สถานที่สำคัญ 2 รายการ\n"
        "<b>ส่งข้อความไม่ถึง ควรโทรแจ้ง (1 แห่ง)</b>\n"
        "• เทศบาลตำบลตัวอย่าง 3 อ.เกาะคา เจ้าหน้าที่ มานะ {ใจดี} ขาด สินค้าท้องถิ่น 1 รายการ, สถานที่สำคัญ 2 รายการ\n"
        "<b>ระบบเตือนแล้ว แต่ยังไม่ครบ (1 แห่ง)</b>\n"
        "• เทศบาลตำบลตัวอย่าง 1 อ.เกาะคา ขาด สินค้าท้องถิ่น 1 รายการ, สถานที่สำคัญ 2 รายการ"
    )


def test_a_digest_of_a_large_province_fits_into_one_message_and_says_how_many_more_there_are() -> None:
    everything = tuple((form, 1000) for form in CATALOGUE)
    rows = [
        Behind(
            "องค์การบริหารส่วนตำบล" + "ก" * 200,
            "เฉลิมพระเกียรติ" * 9,
            everything,
            joined,
            reachable,
            Phone("0890000000", "101-105"),
            "ก" * 200 if joined and not reachable else "",
        )
        for joined, reachable in ((0, False), (1, False), (1, True))
        for _ in range(334)
    ]
    districts = tuple(("นครราชสีมา", f"เฉลิมพระเกียรติ{n}") for n in range(MOST_DISTRICTS))
    place = part_in_words(Reach(districts=districts), "นครราชสีมา")
    for language in LANGUAGES:
        words = text(digest_lines(LETTER, place, date(2017, 1, 30), 1, rows, TITLES), language)
        assert len(words) <= CHAT_LIMIT - 150  # room for the address of the page
        assert "329" in words


def test_a_digest_of_a_province_that_has_everything_says_so() -> None:
    words = text(digest_lines(LETTER, T("จังหวัดลำปาง", "Lampang"), date(2017, 1, 30), 1, [], TITLES))
    assert words.endswith("ทุกแห่งในพื้นที่ของท่านส่งครบแล้ว")
