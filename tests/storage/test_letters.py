"""Letters: what is believed to be one, kept under its content."""

from __future__ import annotations

import pytest

from flows.core.problem import Problem
from storage.letters import MOST_BYTES, Letters, problem_of
from storage.media import Media, MissingPhoto, content_name

PDF = b"%PDF-1.4\n%%EOF\n"


async def test_a_letter_is_kept_once_under_its_content_and_read_again(media: Media) -> None:
    letters = Letters(media)
    assert [await letters.keep(PDF) for _ in range(2)] == [content_name(PDF)] * 2
    assert await letters.has(content_name(PDF))
    assert await letters.read(content_name(PDF)) == PDF


async def test_what_is_not_kept_is_missing_whatever_its_name(media: Media) -> None:
    letters = Letters(media)
    for name in ("", "a" * 64, "../../etc/passwd", "A" * 64):
        assert not await letters.has(name)
    with pytest.raises(MissingPhoto):
        await letters.read("a" * 64)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "letter.not_pdf"),
        (b"GIF89a", "letter.not_pdf"),
        (b" " * 2000 + PDF, "letter.not_pdf"),
        (PDF[:9], "letter.cut_off"),
        (PDF + b"\0" * 2000, "letter.cut_off"),
        (PDF.ljust(MOST_BYTES + 1), "letter.too_large"),
    ],
    ids=["nothing", "a picture", "far behind other things", "half", "much behind it", "too much"],
)
async def test_what_is_no_letter_is_not_kept(media: Media, data: bytes, code: str) -> None:
    problem = await Letters(media).keep(data)
    assert isinstance(problem, Problem)
    assert problem.code == code


def test_a_letter_of_the_largest_size_is_taken() -> None:
    assert problem_of(b"%PDF-" + b" " * (MOST_BYTES - 10) + b"%%EOF") is None
