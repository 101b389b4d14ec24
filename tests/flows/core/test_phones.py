"""Thai phone numbers are read as they stand on letterheads, and mistakes are explained."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.core.phones import MOST, Phone, dialled, read_phones, shown, tel_uri
from flows.core.problem import Problem
from flows.core.text import LANGUAGES, TO_THAI_DIGITS


def refused(text: str) -> Problem:
    problem = read_phones(text)
    assert isinstance(problem, Problem), problem
    assert all(problem.say.to(language, problem.facts) for language in LANGUAGES)
    return problem


@pytest.mark.parametrize(
    ("text", "number", "extension"),
    [
        ("081-234-5678", "0812345678", ""),
        ("0812345678", "0812345678", ""),
        ("๐๘๑-๒๓๔-๕๖๗๘", "0812345678", ""),
        ("０８１－２３４－５６７８", "0812345678", ""),
        ("+66 81 234 5678", "0812345678", ""),
        ("+66812345678", "0812345678", ""),
        ("66812345678", "0812345678", ""),
        ("+66 (0) 54 123 456", "054123456", ""),
        ("เบอร์มือถือ 0812345678 (คุณสมหญิง)", "0812345678", ""),
        ("มือถือ: 081 234 5678", "0812345678", ""),
        ("tel:+66812345678", "0812345678", ""),
        ("โทร.0-5412-3456", "054123456", ""),
        ("(054) 123456", "054123456", ""),
        ("02-123-4567", "021234567", ""),
        ("1800-123-456", "1800123456", ""),
        ("1669", "1669", ""),
        ("สายด่วน ๑๕๖๗", "1567", ""),
        ("191", "191", ""),
        ("054-123-456 ต่อ ๑", "054123456", "1"),
        ("054-123-456 ต่อ 1", "054123456", "1"),
        ("054-123-456 กด 0", "054123456", "0"),
        ("054-123-456 ต่อเบอร์ 12", "054123456", "12"),
        ("โทร. 02-123-4567 ext. 12", "021234567", "12"),
        ("054-123-456 x 12", "054123456", "12"),
        ("054123456#1", "054123456", "1"),
        ("0 5422 4000 ต่อ 101-105", "054224000", "101-105"),
        ("0 5422 4000 ต่อ 101, 102", "054224000", "101, 102"),
        ("โทร. 0-5422-4000 โทรสาร 0-5422-4001", "054224000", ""),
        ("โทร/แฟกซ์ 054-123-456", "054123456", ""),
    ],
)
def test_one_number_is_read_in_every_common_writing(text: str, number: str, extension: str) -> None:
    assert read_phones(text) == (Phone(number, extension),)


@pytest.mark.parametrize(
    "text",
    [
        "081-234-5678, 054-123-456 ต่อ 1",
        "081-234-5678; 054-123-456 ต่อ 1",
        "081-234-5678\n054-123-456 ต่อ 1",
        "081-234-5678/054-123-456 ต่อ 1",
        "081-234-5678 และ 054-123-456 ต่อ 1",
        "081-234-5678 หรือ 054-123-456 กด 1",
        "นายก 081-234-5678\nสำนักงาน 054-123-456 ต่อ 1",
        "081-234-5678, 054-123-456 ต่อ 1, 081-234-5678",
    ],
)
def test_several_numbers_are_read_in_their_order_and_once(text: str) -> None:
    assert read_phones(text) == (Phone("0812345678"), Phone("054123456", "1"))


def test_numbers_with_only_a_blank_between_are_parted() -> None:
    assert read_phones("0812345678 0898765432") == (Phone("0812345678"), Phone("0898765432"))
    assert read_phones("054-123-456 ต่อ 101, 1669") == (Phone("054123456", "101"), Phone("1669"))


@pytest.mark.parametrize("text", ["053-123456-8", "0-5312-3456-8", "053 123456 ถึง 8", "053-123456–58"])
def test_neighbouring_numbers_are_written_out(text: str) -> None:
    assert read_phones(text) == (Phone("053123456"), Phone("053123457"), Phone("053123458"))


def test_a_range_that_cannot_be_is_explained_and_single_numbers_are_then_read() -> None:
    assert refused("053-123456-3").code == "phone.range"
    assert read_phones("053-123456, 053-123457") == (Phone("053123456"), Phone("053123457"))


@pytest.mark.parametrize(
    ("text", "count"), [("081-234-567", 9), ("081-234-56789", 11), ("12345", 5), ("054-123", 6)]
)
def test_a_wrong_length_says_how_many_digits_were_seen_and_the_whole_number_is_then_read(
    text: str, count: int
) -> None:
    problem = refused(text)
    assert problem.code == "phone.length"
    assert problem.facts["count"] == count
    assert f"{count} หลัก" in problem.say.to("th", problem.facts)
    assert read_phones("081-234-5678") == (Phone("0812345678"),)


def test_the_wrong_one_of_several_is_the_one_named() -> None:
    assert refused("081-234-5678, 054-123").facts["typed"] == "054-123"


@pytest.mark.parametrize("text", ["+1 650 253 0000", "+856 20 5555 1234", "+44 20 7946 0958"])
def test_a_foreign_number_is_refused_with_the_reason(text: str) -> None:
    assert refused(text).code == "phone.foreign"


def test_other_mistakes_have_their_own_sentences() -> None:
    assert refused("011-123-456").code == "phone.unknown"
    assert refused("แฟกซ์ 054-123-456").code == "phone.fax"
    assert refused(", ".join(f"081-234-56{n:02}" for n in range(MOST + 1))).code == "phone.too_many"


@pytest.mark.parametrize("text", ["", "hello", "ไม่มี", "+++", "ต่อ"])
def test_text_without_a_number_is_said_to_be_unreadable(text: str) -> None:
    assert refused(text).code == "phone.unreadable"


mobiles = st.from_regex(r"0[89][1-9][0-9]{7}", fullmatch=True)
landlines = st.from_regex(r"(02[1-8]|05[3-6]|04[2-5]|07[3-7]|03[2-9])[0-9]{6}", fullmatch=True)
extensions = st.sampled_from(["", "1", "0", "101", "101-105", "101, 102"])


@settings(deadline=None)
@given(st.builds(Phone, mobiles | landlines, extensions))
def test_a_shown_number_is_read_back_in_both_languages_and_digits(phone: Phone) -> None:
    first = read_phones(phone.number)
    if isinstance(first, Problem):  # a block that is not given out in Thailand
        assert first.code in ("phone.unknown", "phone.length")
        return
    for language in LANGUAGES:
        assert read_phones(shown(phone, language)) == (phone,)
        assert read_phones(shown(phone, language).translate(TO_THAI_DIGITS)) == (phone,)


@settings(deadline=None)
@given(st.text(max_size=80) | st.text("0123456789๐๘+-()., ต่อกดถึง#xหรือ\n/", max_size=60))
@example("9" * 4000)
@example("0" * 250)
@example("+66" * 50)
@example("1\u0301669")
def test_no_text_whatever_raises(text: str) -> None:
    match read_phones(text):
        case Problem(code=code):
            assert code.startswith("phone.")
        case phones:
            assert phones
            assert all(phone.number.isascii() and phone.number.isdigit() for phone in phones)


def test_numbers_are_shown_in_their_usual_groups() -> None:
    assert shown(Phone("0812345678")) == "081-234-5678"
    assert shown(Phone("054123456", "1")) == "054-123-456 ต่อ 1"
    assert shown(Phone("054123456", "1"), "en") == "054-123-456 ext. 1"
    assert shown(Phone("021234567")) == "02-123-4567"
    assert shown(Phone("1800123456")) == "1800-123-456"
    assert shown(Phone("1669")) == "1669"


def test_a_touched_number_dials() -> None:
    assert tel_uri(Phone("0812345678")) == "tel:+66812345678"
    assert tel_uri(Phone("054123456", "101, 102")) == "tel:+6654123456;ext=101"
    assert tel_uri(Phone("1669")) == "tel:1669"


def test_in_a_chat_a_number_is_written_so_that_it_can_be_tapped() -> None:
    assert dialled(Phone("054123456")) == "+66-54-123-456"
    assert dialled(Phone("021234567", "12"), "en") == "+66-2-123-4567 ext. 12"
    assert dialled(Phone("0812345678")) == "+66-81-234-5678"
    assert dialled(Phone("1669")) == "1669"
