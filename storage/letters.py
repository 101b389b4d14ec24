"""The letters behind campaigns: PDF files, looked at before they are kept under the hash of their content."""

from __future__ import annotations

import asyncio
import re
from typing import Final

from flows.core.problem import Problem
from flows.core.text import T
from storage.media import Media, content_name

MOST_BYTES: Final = 10 * 1024 * 1024
_NAME = re.compile(r"[0-9a-f]{64}")
_EDGE = 1024  # readers look for a PDF's first and last words within so many bytes

TOO_LARGE = T(
    "ไฟล์ใหญ่เกิน {most} MB กรุณาสแกนหรือบันทึกให้เล็กลงแล้วแนบใหม่",
    "The file is larger than {most} MB: please scan or save it smaller and attach it again",
)
NOT_PDF = T(
    "ไฟล์นี้ไม่ใช่ PDF กรุณาบันทึกหนังสือเป็น PDF แล้วแนบใหม่",
    "This is not a PDF file: please save the letter as PDF and attach it again",
)
CUT_OFF = T(
    "ไฟล์ PDF นี้ไม่ครบ อาจดาวน์โหลดไม่เสร็จ กรุณาแนบใหม่จากต้นฉบับ",
    "This PDF file is not complete: please attach it again from the original",
)


class Letters:
    """Keeps and reads letters off the event loop."""

    def __init__(self, media: Media) -> None:
        self._media = media

    async def keep(self, data: bytes) -> str | Problem:
        """The name under which it is kept, durably. Raises OSError on a full disk."""
        problem = problem_of(data)
        if problem is not None:
            return problem
        name = content_name(data)
        await asyncio.to_thread(self._media.put, letter_key(name), data, "application/pdf")
        return name

    async def read(self, name: str) -> bytes:
        """Raises MissingPhoto."""
        return await asyncio.to_thread(self._media.get, letter_key(name))

    async def has(self, name: str) -> bool:
        return bool(_NAME.fullmatch(name)) and await asyncio.to_thread(self._media.exists, letter_key(name))


def problem_of(data: bytes) -> Problem | None:
    """Why these bytes cannot be a letter: what a file calls itself is not believed."""
    if len(data) > MOST_BYTES:
        return Problem("letter.too_large", TOO_LARGE, {"most": MOST_BYTES // 1024 // 1024})
    if b"%PDF-" not in data[:_EDGE]:
        return Problem("letter.not_pdf", NOT_PDF)
    if b"%%EOF" not in data[-_EDGE:]:
        return Problem("letter.cut_off", CUT_OFF)
    return None


def letter_key(name: str) -> str:
    """Where a letter is kept."""
    return f"letter/{name}/letter.pdf"
