"""A4 paper for official letters and reports: Thai in Sarabun, its marks in their places, page numbers at the foot."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from fpdf import FPDF

from flows.core.text import Language, T
from storage import fonts
from storage.thai_lines import lines_of

# Millimetres, and points for letters.
LEFT, RIGHT, TOP, BOTTOM = 25.0, 15.0, 20.0, 20.0
WIDE: Final = 210.0 - LEFT - RIGHT
LINE: Final = 6.6
LETTERS, SMALL, SMALLEST = 12.0, 10.5, 9.5

PAGE = T("หน้า {page} จาก {pages}", "Page {page} of {pages}")


class Paper(FPDF):
    def __init__(self, title: str, language: Language, now: datetime) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self.language = language
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(False)
        self.c_margin = 0
        self.add_font("Sarabun", "", fonts.REGULAR)
        self.add_font("Sarabun", "B", fonts.BOLD)
        self.set_title(title)
        self.set_lang(language)
        self.set_creation_date(now)
        self._widths: dict[tuple[str, float, str], float] = {}
        self.letters()

    def footer(self) -> None:
        self.letters(SMALL)
        words = PAGE.to(self.language, {"page": str(self.page_no()), "pages": "{nb}"})
        self.set_xy(LEFT, -BOTTOM + 6)
        self.write_in(WIDE, LINE, words, "C")
        self.letters()

    def letters(self, size: float = LETTERS, bold: bool = False) -> None:
        self.set_font("Sarabun", "B" if bold else "", size)  # type: ignore[arg-type]  # the library takes fractions of a point

    def say(self, words: T) -> str:
        return words.to(self.language)

    def write_in(self, wide: float, high: float, words: str, align: str = "L") -> None:
        """Writes into a box of this size at the pen's place; the pen moves to its right."""
        self._shape(words)
        self.cell(wide, high, words, align=align)

    def measured(self, text: str) -> float:
        key = (self.font_style, self.font_size_pt, text)
        if key not in self._widths:
            self._shape(text)
            self._widths[key] = self.get_string_width(text)
        return self._widths[key]

    def _shape(self, words: str) -> None:
        # Thai marks need their places from HarfBuzz; for plain numbers it only takes time, and they are many.
        if words.isascii():
            self.set_text_shaping(False)
        else:
            self.set_text_shaping(True, direction="ltr", script="thai", language="tha")

    @property
    def room(self) -> float:
        return self.h - BOTTOM - self.y

    def paragraph(self, text: str, left: float = LEFT, align: str = "L", line: float = LINE) -> None:
        for words in lines_of(text, LEFT + WIDE - left, self.measured):
            self.set_xy(left, self.y)
            self.write_in(LEFT + WIDE - left, line, words, align)
            self.y += line
