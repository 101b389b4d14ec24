"""Breaks Thai text, which has no spaces between words, into lines that pictures and reports can draw."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

import budoux

Measure = Callable[[str], float]

# Words of the trade that the segmenter would cut, longest first.
_WHOLE = (
    "องค์กรปกครองส่วนท้องถิ่น", "ผลิตภัณฑ์", "สถานที่สำคัญ", "ท้องถิ่น", "จังหวัด", "ข่าวสาร", "ข้อมูล", "บันทึก",
    "รายงาน", "เทศบาล", "วันที่", "ภายใน", "ครบถ้วน", "ลงวันที่", "อำเภอ", "สามัคคี", "เจ้าหน้าที่", "ประชาชน", "ประจำปี",
    "งบประมาณ", "ดำเนินการ", "ความก้าวหน้า", "ประชาสัมพันธ์", "กันยายน", "ตุลาคม",
)  # fmt: skip
# A number keeps together, a telephone's with the word before it.
_NUMBER: Final = r"(?:(?:โทร|tel)\. )?[0-9][0-9.,:/-]*[0-9]"
_WHOLE_WORDS: Final = re.compile("|".join([_NUMBER, *sorted(_WHOLE, key=len, reverse=True)]))
# Neither may a line begin with these, nor end after those.
_NEVER_FIRST: Final = re.compile(r"[ะ-ฺๅๆ็-๎ฯ.,:;!?)\]}”’%]")
_NEVER_LAST: Final = re.compile(r"[เ-ไ(\[{“‘]")
_FULL_ENOUGH: Final = 0.7  # a blank this far into the line is a better end than a word's end behind it


def lines_of(text: str, width: float, measure: Measure) -> list[str]:
    """The text in lines no wider than `width`, in `measure`'s unit; a word wider than a line is cut by letters."""
    lines: list[str] = []
    rest = " ".join(text.split())
    while rest:
        end = _end_of_line(rest, width, measure)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return lines


def _end_of_line(text: str, width: float, measure: Measure) -> int:
    if measure(text) <= width:
        return len(text)
    ends = [end for end in word_ends(text) if measure(text[:end].rstrip()) <= width]
    blanks = [end for end in ends if text[end - 1] == " "]
    if blanks and measure(text[: blanks[-1]].rstrip()) >= width * _FULL_ENOUGH:
        return blanks[-1]
    return ends[-1] if ends else _letters_that_fit(text, width, measure)


def _letters_that_fit(text: str, width: float, measure: Measure) -> int:
    ends = [end for end in range(1, len(text)) if _may_end(text, end)]
    fitting = [end for end in ends if measure(text[:end]) <= width]
    return fitting[-1] if fitting else (ends or [len(text)])[0]


def word_ends(text: str) -> list[int]:
    """Where a line may end, as positions in the text, rising."""
    whole = [match.span() for match in _WHOLE_WORDS.finditer(text)]
    ends: set[int] = {one for span in whole for one in span if one}
    position = 0
    for part in _segmenter().parse(text):
        position += len(part)
        if not any(first < position < last for first, last in whole):
            ends.add(position)
    # A blank belongs to the line before it.
    blanks = (match.end() for match in re.finditer(" ", text))
    ends |= {end for end in blanks if not any(first < end < last for first, last in whole)}
    return sorted(end for end in ends if end < len(text) and text[end] != " " and _may_end(text, end))


def _may_end(text: str, end: int) -> bool:
    return not _NEVER_FIRST.match(text[end]) and not _NEVER_LAST.match(text[end - 1])


@cache
def _segmenter() -> budoux.Parser:
    return budoux.load_default_thai_parser()


def shortened(text: str, width: float, measure: Measure) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if measure(text) <= width:
        return text
    end = _letters_that_fit(text, width - measure("…"), measure)
    return text[:end].rstrip() + "…"
