"""The report: every page has the heading of the table, nobody signs an empty page, and Thai is embedded."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import pytest

from admin_web.paper import Paper
from admin_web.progress_texts import Level
from admin_web.report import Section, progress_pdf
from flows.core.progress import Row, Tally, by_district, row_of
from flows.core.text import Language
from tests.progress_samples import CAMPAIGN, NOW, standings


def laos(count: int) -> Sequence[Row]:
    return [row_of(one, "approved") for one in standings(count)]


def pages(pdf: bytes) -> list[str]:
    """What each page draws, with its boxes and texts as PDF's operators."""
    numbers = re.findall(rb"/Contents (\d+) 0 R", pdf)
    found = []
    for number in numbers:
        start = pdf.index(b"stream\n", pdf.index(b"\n%s 0 obj" % number)) + len(b"stream\n")
        found.append(zlib.decompressobj().decompress(pdf[start:]).decode("latin-1"))
    return found


def boxes(page: str) -> int:
    return len(re.findall(r" re (?:S|B)", page))


def test_a_province_is_reported_on_pages_that_all_have_the_tables_heading() -> None:
    found = pages(progress_pdf(CAMPAIGN, "จังหวัดลำปาง", "lao", [Section("", laos(110))], NOW))
    assert 4 <= len(found) <= 6
    for page in found:
        assert len(re.findall(r" re B", page)) >= 9  # shaded: the heading's cells


@pytest.mark.parametrize("count", range(20, 56, 5))
def test_the_signature_never_stands_alone_on_a_page(count: int) -> None:
    last = pages(progress_pdf(CAMPAIGN, "จังหวัดลำปาง", "lao", [Section("", laos(count))], NOW))[-1]
    assert boxes(last) >= 18  # heading and totals at least


def test_a_districts_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    sections = [Section(f"อำเภอตัวอย่าง {number}", laos(3)) for number in range(20)]
    found = pages(progress_pdf(CAMPAIGN, "จังหวัดลำปาง", "lao", sections, NOW))
    assert len(found) > 1
    for page in found[:-1]:
        cells = re.findall(r" re (S|B)", page)
        assert cells[-1] == "S"  # the last row of a page is an LAO's, unshaded


@pytest.mark.parametrize("level", ["province", "district"])
def test_sums_are_reported_too(level: Level) -> None:
    rows = by_district(standings(60), "approved")
    found = pages(progress_pdf(CAMPAIGN, "ทั้งประเทศ", level, [Section("", rows)], NOW))
    assert len(found) == 1
    assert boxes(found[0]) == 9 * (1 + 10 + 1)


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_place_without_laos_has_a_report_that_says_so(language: Language) -> None:
    found = pages(progress_pdf(CAMPAIGN, "จังหวัดลำปาง", "lao", [], NOW, language))
    assert len(found) == 1
    assert boxes(found[0]) == 0


def test_the_report_says_the_same_share_as_the_page_and_of_what(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(Paper, "paragraph", lambda _, text, **where: said.append(text))
    row = Row("1", "เกาะคา", Tally(owed=80, done=38), {"partly": 20})
    progress_pdf(CAMPAIGN, "จังหวัดลำปาง", "lao", [Section("", [row])], NOW)
    words = "\n".join(said)
    assert "ทำแล้ว 38 จาก 80 รายการ (47%) ยังขาด 42 รายการ" in words
    assert "ต่อแห่ง (นับเมื่อผ่านการตรวจแล้ว)" in words


def test_the_thai_font_is_embedded() -> None:
    pdf = progress_pdf(CAMPAIGN, "จังหวัดลำปาง", "lao", [Section("", laos(3))], NOW)
    assert pdf.startswith(b"%PDF-")
    assert b"Sarabun" in pdf
    assert b"/FontFile2" in pdf


def test_a_very_long_name_makes_its_row_higher_instead_of_running_over() -> None:
    long = Row("1", "ศูนย์บริการประชาชนห้วยแก้วแม่ทะหนองหล่มโพธิ์ทองสามัคคี" * 3)
    assert pages(progress_pdf(CAMPAIGN, "จังหวัดลำปาง", "lao", [Section("", [*laos(2), long])], NOW))
