"""Drawn Thai: marks stand over and under their letters, and on top of one another where there are two."""

from __future__ import annotations

import pytest
from PIL import Image

from storage.lettering import letters

TEXT = letters(40)


def ink(words: str) -> tuple[int, int, int, int]:
    """The box of what was drawn: left, top, right, bottom."""
    image = Image.new("L", (400, 100), "white")
    TEXT.draw(image, (100, 50), words, "black")
    box = image.point(lambda value: 255 - value).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize(("marked", "bare"), [("ปู่", "ป"), ("ที่", "ท"), ("ฏิ๊", "ฏ"), ("ญี่ปุ่น", "ญปน"), ("ก์", "ก")])
def test_marks_take_no_room_beside_their_letters(marked: str, bare: str) -> None:
    assert TEXT.width(marked) == pytest.approx(TEXT.width(bare), abs=1)


def test_a_tone_mark_is_lifted_over_a_vowel() -> None:
    assert ink("ที่")[1] < ink("ที")[1] < ink("ท")[1]
    assert ink("ที่")[1] < ink("ท่")[1]


def test_a_vowel_below_hangs_under_its_letter() -> None:
    assert ink("ปู")[3] > ink("ป")[3]


def test_both_ways_of_writing_sara_am_are_drawn_alike() -> None:
    assert ink("น้ำ") == ink("น้\u0e4d\u0e32")


def test_a_line_begins_where_it_is_told_and_is_as_wide_as_it_says() -> None:
    left, top, right, bottom = ink("กลุ่มอาชีพ")
    assert 100 <= left <= 104
    assert right <= 101 + TEXT.width("กลุ่มอาชีพ")
    assert 20 < top < 50 < bottom < 85


def test_blanks_and_nothing_draw_nothing() -> None:
    image = Image.new("RGB", (20, 20), "white")
    for words in ("", " "):
        TEXT.draw(image, (5, 10), words, "black")
    assert image.getcolors() == [(400, (255, 255, 255))]


def test_letters_reach_past_the_pictures_edge_without_harm() -> None:
    image = Image.new("RGB", (30, 10), "white")
    TEXT.draw(image, (-20, 0), "กลุ่มอาชีพ", "black")
    assert len(image.getcolors() or []) > 1
