"""The spreadsheet: numbers as numbers, nothing that runs, totals that are right, and quick for the whole country."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace

from admin_web.exports import Lacking, lacking_xlsx, progress_xlsx
from flows.core.progress import Standing
from flows.core.text import T
from tests.progress_samples import CAMPAIGN, NOW, standing, standings

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(xlsx: bytes) -> dict[str, ET.Element]:
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        book = ET.fromstring(archive.read("xl/workbook.xml"))
        names = [one.attrib["name"] for one in book.iter(f"{MAIN}sheet")]
        return {
            name: ET.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
            for number, name in enumerate(names, 1)
        }


def cells(sheet: ET.Element) -> list[list[str | float]]:
    return [[value(cell) for cell in row] for row in sheet.iter(f"{MAIN}row")]


def value(cell: ET.Element) -> str | float:
    if cell.attrib.get("t") == "inlineStr":
        return "".join(one.text or "" for one in cell.iter(f"{MAIN}t"))
    found = cell.find(f"{MAIN}v")
    return "" if found is None or found.text is None else float(found.text)


def by_title(laos: list[Standing]) -> list[dict[str, str | float]]:
    rows = cells(sheets(progress_xlsx(CAMPAIGN, laos, NOW))["ราย อปท."])
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_each_lao_has_a_row_with_what_it_owes_form_by_form() -> None:
    row, total = by_title([standing("partly")])
    assert row["อปท."] == "เทศบาลตำบลต้นธงชัย"
    assert row["สถานะ"] == "ยังขาดบางส่วน"
    assert row["ข่าวประชาสัมพันธ์: ต้องส่ง"] == 2.0
    assert row["ข่าวประชาสัมพันธ์: ให้แก้ไข"] == 1.0
    assert row["ยังขาด"] == 2.0
    assert row["ติดต่อได้"] == "ได้"
    assert total["จังหวัด"] == "รวม"


def test_the_last_row_adds_up_the_numbers() -> None:
    *rows, total = by_title(standings(40))
    assert len(rows) == 40
    for title in ("ยังขาด", "ข่าวประชาสัมพันธ์: ผ่าน", "เจ้าหน้าที่ที่เข้าร่วม"):
        assert total[title] == sum(float(row[title]) for row in rows)


def test_rows_stand_by_province_district_and_name() -> None:
    laos = [
        replace(standing("partly"), province=province, district=district, lao_name=name)
        for province, district, name in (("ลำพูน", "ลี้", "ก"), ("ลำปาง", "เถิน", "ข"), ("ลำปาง", "เกาะคา", "ค"))
    ]
    assert [row["อปท."] for row in by_title(laos)[:3]] == ["ค", "ข", "ก"]


def test_a_name_that_looks_like_a_formula_or_an_address_stays_text() -> None:
    names = ['=HYPERLINK("http://evil.example")', "http://evil.example", "00123", "+1", "<b>&\x07"]
    xlsx = progress_xlsx(CAMPAIGN, [replace(standing("partly"), lao_name=name) for name in names], NOW)
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in archive.namelist()
    assert "<f>" not in sheet
    assert "hyperlink " not in sheet
    found = {row[2] for row in cells(sheets(xlsx)["ราย อปท."])}
    assert set(names[:4]) <= found


def test_the_heading_is_frozen_and_repeated_in_print() -> None:
    sheet = sheets(progress_xlsx(CAMPAIGN, standings(3), NOW))["ราย อปท."]
    pane = next(sheet.iter(f"{MAIN}pane"))
    assert pane.attrib["state"] == "frozen"
    assert pane.attrib["ySplit"] == "1"
    assert (
        next(sheet.iter(f"{MAIN}autoFilter")).attrib["ref"].endswith("4")
    )  # the totals are not filtered away


def test_the_other_sheets_tell_of_districts_and_of_the_letter() -> None:
    found = sheets(progress_xlsx(CAMPAIGN, standings(20, 4), NOW))
    assert list(found) == ["ราย อปท.", "รายอำเภอ", "เรื่องที่ต้องส่ง"]
    assert len(cells(found["รายอำเภอ"])) == 6
    about = {str(row[0]): row[1] for row in cells(found["เรื่องที่ต้องส่ง"])}
    assert about["หนังสือที่"] == "มท 0810.6/ว 1234"
    assert about["ลงวันที่"] == "15 ธันวาคม 2559"
    assert about["ครบกำหนด"] == "31 ม.ค. 2560 16:30 น."
    assert about["จำนวน อปท."] == 20.0


def test_districts_of_one_name_in_two_provinces_are_two_rows() -> None:
    laos = [replace(standing("partly"), province=name, district="เฉลิมพระเกียรติ") for name in ("น่าน", "บุรีรัมย์")]
    rows = cells(sheets(progress_xlsx(CAMPAIGN, laos, NOW))["รายอำเภอ"])
    assert [row[0] for row in rows[1:3]] == ["น่าน", "บุรีรัมย์"]


def test_a_campaign_without_laos_gives_headings_and_totals() -> None:
    assert len(cells(sheets(progress_xlsx(CAMPAIGN, [], NOW))["ราย อปท."])) == 2


def test_the_table_is_there_in_english() -> None:
    assert next(iter(sheets(progress_xlsx(CAMPAIGN, standings(2), NOW, "en")))) == "By LAO"


def test_the_list_of_the_lacking_does_not_pass_its_numbers_off_as_those_of_every_lao() -> None:
    why = T("ยังไม่มีเจ้าหน้าที่เข้าร่วม", "No officer has joined")
    laos = [Lacking(standing("nobody"), why, ()), Lacking(standing("partly"), why, ("=1+1",))]
    found = sheets(lacking_xlsx(CAMPAIGN, laos, NOW))
    about = {str(row[0]): row[1] for row in cells(found["เรื่องที่ต้องส่ง"])}
    assert about["อปท. ที่ยังขาด (แห่ง)"] == 2.0
    assert about["ยังไม่มีเจ้าหน้าที่"] == 1.0
    assert not {"จำนวน อปท.", "ครบแล้ว"} & set(about)
    assert cells(found["ที่ยังขาด"])[2][-1] == "=1+1"
    assert not list(found["ที่ยังขาด"].iter(f"{MAIN}f"))
