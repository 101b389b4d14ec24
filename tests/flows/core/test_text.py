"""Sentences in both languages, and how Thai text is compared."""

from __future__ import annotations

import pytest

from flows.core.text import Facts, T, folded, one_line, said, tidy


def test_sentence_is_filled_in_in_either_language() -> None:
    say = T("ได้ {count} รูปของ {name}", "{count} photos of {name}")
    facts: Facts = {"count": 1234, "name": T("วัด", "the temple")}
    assert say.to("th", facts) == "ได้ 1,234 รูปของ วัด"
    assert say.to("en", facts) == "1,234 photos of the temple"


def test_languages_that_name_different_facts_are_refused() -> None:
    with pytest.raises(ValueError, match="different facts"):
        T("{count} รูป", "{number} photos")


def test_facts_are_written_as_people_write_them() -> None:
    assert said(4000, "th") == "4,000"
    assert said(12.345, "th") == "12.3"
    assert said("0812345678", "th") == "0812345678"


def test_invisible_characters_and_blank_edges_are_taken_away_and_line_breaks_stay() -> None:
    assert tidy("  วัด\u200b  \r\n\x07หลวง \ufeff") == "วัด\nหลวง"
    assert one_line(" วัด \n\t หลวง ") == "วัด หลวง"


@pytest.mark.parametrize(
    ("a", "b"),
    [("ดำ", "ด\u0e4d\u0e32"), ("น้ำ", "น้\u0e4d\u0e32"), ("๑๒๓", "123"), ("GAP", "gap"), ("ก  ข", "ก ข")],
)
def test_ways_of_writing_the_same_are_compared_as_the_same(a: str, b: str) -> None:
    assert folded(a) == folded(b)


def test_sara_am_is_the_same_however_it_was_typed_with_its_tone_mark() -> None:
    together, parted, tone_last = "น้ำตก", "น\u0e49\u0e4d\u0e32ตก", "น\u0e4d\u0e49\u0e32ตก"
    assert folded(together) == folded(parted) == folded(tone_last)
    assert folded("นาตก") != folded(together)
