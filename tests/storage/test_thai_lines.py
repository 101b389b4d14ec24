"""Thai text is broken between words, never inside a letter and its marks."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.thai_lines import lines_of, shortened

TITLE = "บันทึกข้อมูลข่าวสารท้องถิ่นสินค้าหนึ่งตำบลหนึ่งผลิตภัณฑ์และสถานที่สำคัญให้ครบถ้วนภายในวันที่ 31 มกราคม 2560"


def test_a_long_title_is_broken_between_words() -> None:
    assert lines_of(TITLE, 30, len) == [
        "บันทึกข้อมูลข่าวสารท้องถิ่น",
        "สินค้าหนึ่งตำบลหนึ่งผลิตภัณฑ์",
        "และสถานที่สำคัญให้ครบถ้วนภายใน",
        "วันที่ 31 มกราคม 2560",
    ]


def test_a_blank_near_the_end_is_a_better_break_than_a_word_behind_it() -> None:
    assert lines_of("สินค้าท้องถิ่น สถานที่สำคัญ", 22, len)[0] == "สินค้าท้องถิ่น"


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_has_no_lines(text: str) -> None:
    assert lines_of(text, 10, len) == []


@given(st.text("กขคญฎปทนมลำเแไ่้๊ิีึืุูะา์ ๆฯabc1", max_size=60), st.integers(1, 12))
def test_no_letter_is_lost_and_no_mark_begins_a_line(text: str, width: int) -> None:
    lines = lines_of(text, width, len)
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    written = text.split()
    for line in lines[1:]:
        # A mark that was typed without a letter before it cannot be put over one.
        assert unicodedata.category(line[0]) != "Mn" or any(word.startswith(line[0]) for word in written)


def test_a_word_wider_than_the_line_is_cut_by_letters_with_their_marks() -> None:
    assert all(not unicodedata.combining(line[0]) for line in lines_of("ปู่" * 20, 4, len))


def test_a_shortened_name_fits_and_says_that_it_goes_on() -> None:
    assert shortened("บ้านเอื้อม", 20, len) == "บ้านเอื้อม"
    cut = shortened("บ้านเอื้อมแม่ทะ", 8, len)
    assert cut.endswith("…")
    assert len(cut) <= 8


def test_a_telephone_number_is_not_broken() -> None:
    def measure(text: str) -> float:
        return len(text)

    name = "ทต.ลำปางหลวง โทร. 054-000-012 ต่อ 101"
    for width in range(17, 30):
        assert any("โทร. 054-000-012" in line for line in lines_of(name, width, measure)), width
    assert "".join(lines_of("054-000-012", 4, measure)) == "054-000-012", (
        "what fits in no line is cut all the same"
    )
