"""How far it has come: the page, its order, what it says without colours, and what can be taken along."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote, unquote
from zipfile import ZipFile

import pytest
from PIL import Image

from admin_web.progress_files import _by_district
from flows.core.campaign import Scope
from flows.core.phones import Phone
from flows.core.roles import Reach
from storage.db import Tx
from storage.lao import import_laos
from tests.admin_web.conftest import Browser, Town
from tests.admin_web.letters import make, offices, person
from tests.admin_web.samples import KOKHA, NOW, send
from tests.admin_web.test_exports import cells, sheets
from tests.progress_samples import CAMPAIGN, standing

FILES = (
    "picture?province=ลำปาง",
    "sheet",
    "report",
    "sheet?province=ลำปาง",
    "report?province=ลำปาง&district=เกาะคา",
    "phone/sheet",
    "phone/sheet?province=ลำปาง",
)


def some_sent(tx: Tx) -> None:
    lampang, phrae = offices(tx)
    make(tx)
    send(tx, lampang, "product", NOW + timedelta(days=1))
    send(tx, phrae, "product", NOW + timedelta(days=1))
    send(tx, phrae, "landmark", NOW + timedelta(days=2))


@pytest.fixture
async def sent(town: Town) -> Town:
    await town.put(some_sent)
    town.clock.move(timedelta(hours=7))
    return town


def names(text: str) -> list[str]:
    table = text[text.index('<table class="progress"') :]
    body = table[table.index("<tbody>") : table.index("</tbody>")]
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', body)


async def download(browser: Browser, path: str) -> tuple[int, str, str, bytes]:
    async with browser.http.get(browser.url + path, allow_redirects=False) as response:
        disposition = response.headers.get("Content-Disposition", "")
        return response.status, response.content_type, disposition, await response.read()


async def test_the_page_leads_from_the_country_to_the_entries_of_one_lao(sent: Town) -> None:
    browser = await sent.signed_in()
    country = await browser.get("/campaigns/1")
    assert names(country.text) == ["แพร่", "ลำปาง"]
    assert "ครบแล้ว 1 จาก 3 แห่ง" in country.words
    assert "ทำแล้ว 3 จาก 6 รายการ" in country.words
    assert "เหลืออีก 15 วัน" in country.words
    province = await browser.get("/campaigns/1?province=ลำปาง")
    assert names(province.text) == ["เกาะคา", "เมืองลำปาง"]
    district = await browser.get("/campaigns/1?province=ลำปาง&district=เกาะคา")
    assert names(district.text) == ["เทศบาลตำบลเกาะคา"]
    assert "ยังไม่มีเจ้าหน้าที่" in district.words
    assert re.search(r'href="/\?province=[^"]*lao=5520401[^"]*status=all"', district.text)
    assert "ติดต่อไม่ได้ 1 แห่ง" in country.words


async def test_every_bar_and_chart_is_said_in_words(sent: Town) -> None:
    page = await (await sent.signed_in()).get("/campaigns/1")
    assert 'aria-label="ลำปาง: ต้องส่ง 4 รายการ, ผ่านแล้ว 0, รอตรวจ 1, ให้แก้ไข 0, ยังไม่ส่ง 3"' in page.text
    assert page.text.count("<svg") == page.text.count("</svg>")
    assert "เริ่มวันนี้ (16 มกราคม 2560) ส่งแล้ว" in page.words
    assert page.text.count('id="part-approved"') == 1


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["แพร่", "ลำปาง"]),
        ("?falling=1", ["ลำปาง", "แพร่"]),
        ("?by=owed&falling=1", ["ลำปาง", "แพร่"]),
        ("?by=owed", ["แพร่", "ลำปาง"]),
        ("?by=share", ["ลำปาง", "แพร่"]),
        ("?by=share&falling=1", ["แพร่", "ลำปาง"]),
        ("?by=<script>&falling=yes", ["แพร่", "ลำปาง"]),
    ],
)
async def test_the_table_is_sorted_by_link(sent: Town, query: str, order: list[str]) -> None:
    page = await (await sent.signed_in()).get(f"/campaigns/1{query}")
    assert names(page.text) == order
    assert page.text.count("aria-sort=") == 1
    assert "<script>&" not in page.text


async def test_a_link_that_has_sorted_turns_the_order_round(sent: Town) -> None:
    browser = await sent.signed_in()
    page = await browser.get("/campaigns/1")
    assert 'href="/campaigns/1?by=owed&amp;falling=1"' in page.text
    page = await browser.get("/campaigns/1?by=owed&falling=1")
    assert 'href="/campaigns/1?by=owed"' in page.text


async def test_somebody_of_one_province_sees_it_at_once_and_nothing_of_another(sent: Town) -> None:
    await sent.put(lambda tx: person(tx, "แพร่ ผู้ดู", "viewer", Reach(("แพร่",))))
    browser = await sent.signed_in("แพร่ ผู้ดู")
    page = await browser.get("/campaigns/1")
    assert "จังหวัดแพร่" in page.words
    assert names(page.text) == ["เมืองแพร่"]
    assert "ลำปาง" not in page.text
    elsewhere = await browser.get("/campaigns/1?province=ลำปาง")
    assert "ไม่มี อปท. ที่ต้องส่งในพื้นที่นี้" in elsewhere.words
    assert "เกาะคา" not in elsewhere.text
    assert "เกาะคา" not in (await browser.get("/campaigns/1/phone?province=ลำปาง")).text
    assert (await browser.get("/campaigns/1/picture?province=ลำปาง")).status == 404
    _, _, _, sheet = await download(browser, "/campaigns/1/sheet?province=ลำปาง")
    with ZipFile(io.BytesIO(sheet)) as book:
        assert not any("เกาะคา".encode() in book.read(name) for name in book.namelist())


async def test_somebody_of_one_district_sees_that_district(sent: Town) -> None:
    await sent.put(lambda tx: person(tx, "อำเภอ ผู้ดู", "viewer", Reach((), (("ลำปาง", "เกาะคา"),))))
    page = await (await sent.signed_in("อำเภอ ผู้ดู")).get("/campaigns/1")
    assert names(page.text) == ["เกาะคา"]
    assert "ครบแล้ว 0 จาก 1 แห่ง" in page.words


@pytest.mark.parametrize("file", FILES)
async def test_what_is_taken_along_is_the_file_it_says(sent: Town, file: str) -> None:
    browser = await sent.signed_in()
    status, kind, disposition, content = await download(browser, f"/campaigns/1/{file}")
    assert status == 200
    assert disposition.startswith("attachment")
    match kind:
        case "image/png":
            assert Image.open(io.BytesIO(content)).width == 1080
        case "application/pdf":
            assert content.startswith(b"%PDF-")
        case _:
            assert kind.endswith("spreadsheetml.sheet")
            assert ZipFile(io.BytesIO(content)).testzip() is None


async def test_a_file_is_named_as_its_place_whatever_somebody_typed_there(sent: Town) -> None:
    browser = await sent.signed_in()
    for place, plain in (
        ("ลำปาง", "progress-1.xlsx"),
        ('a"; filename="b\\', "progress-1-afilenameb.xlsx"),
        ("50%41/..", "progress-1-5041...xlsx"),
    ):
        path = f"/campaigns/1/sheet?province={quote(place, safe='')}"
        _, _, disposition, _ = await download(browser, path)
        found = re.fullmatch(
            r"attachment; filename=\"([\w.-]+)\"; filename\*=UTF-8''([\w.~%-]+)", disposition, re.A
        )
        assert found, disposition
        assert found[1] == plain
        assert unquote(found[2]) == f"progress-1-{place}.xlsx"
    _, _, disposition, _ = await download(browser, "/campaigns/1/picture?province=ลำปาง")
    assert 'filename="progress.png"' in disposition


async def test_a_picture_is_of_a_province_and_a_draft_has_nothing_to_take_along(sent: Town) -> None:
    await sent.put(lambda tx: make(tx, "draft"))
    browser = await sent.signed_in()
    for path in ("1/picture", "1/picture?province=อยุธยา", "2/picture?province=ลำปาง", "2/sheet", "2/report"):
        assert (await browser.get(f"/campaigns/{path}")).status == 404


async def test_those_to_phone_are_parted_from_those_whom_reminders_reach(sent: Town) -> None:
    browser = await sent.signed_in()
    page = await browser.get("/campaigns/1/phone")
    nobody = page.words.index("ยังไม่มีเจ้าหน้าที่เข้าร่วม 1 แห่ง")
    reminded = page.words.index("ระบบเตือนถึงแล้ว แต่ยังไม่ครบ 1 แห่ง")
    assert nobody < page.words.index("เทศบาลตำบลเกาะคา") < reminded < page.words.index("เทศบาลตำบลต้นธงชัย")
    assert "ขาด: สถานที่สำคัญ 1 รายการ" in page.words
    assert "ป่าแมต" not in page.words


async def test_the_list_to_phone_is_a_file_too_of_ones_own_area_only(sent: Town) -> None:
    async def rows(browser: Browser, path: str) -> list[list[str | float]]:
        *_, xlsx = await download(browser, f"/campaigns/1/phone/sheet{path}")
        return cells(sheets(xlsx)["ที่ยังขาด"])[1:]

    await sent.put(lambda tx: person(tx, "แพร่ ผู้ดู", "viewer", Reach(("แพร่",))))
    admin, of_phrae = await sent.signed_in(), await sent.signed_in("แพร่ ผู้ดู")
    assert [row[0] for row in await rows(admin, "")] == ["เทศบาลตำบลเกาะคา", "เทศบาลตำบลต้นธงชัย"]
    [kokha] = await rows(admin, "?province=ลำปาง&district=เกาะคา")
    assert kokha[:5] == [
        "เทศบาลตำบลเกาะคา", "เกาะคา", "ลำปาง", "สถานที่สำคัญ 1 รายการ, สินค้าท้องถิ่น 1 รายการ", "ยังไม่มีเจ้าหน้าที่เข้าร่วม",
    ]  # fmt: skip
    assert await rows(of_phrae, "?province=ลำปาง") == []


async def test_from_three_days_before_the_deadline_the_page_opens_with_the_days_digest(sent: Town) -> None:
    sent.clock.move(timedelta(days=11))
    browser = await sent.signed_in()
    assert "สรุปประจำวันที่" not in (await browser.get("/campaigns/1")).words
    sent.clock.move(timedelta(days=1))
    browser = await sent.signed_in()
    page = await browser.get("/campaigns/1?province=ลำปาง")
    assert "สรุปประจำวันที่ 28 มกราคม 2560" in page.words
    assert "จังหวัดลำปาง: ยังไม่ครบ 2 จาก 2 แห่ง" in page.words
    assert 'href="/campaigns/1/phone?province=' in page.text
    assert "สรุปประจำวันที่" not in (await browser.get("/campaigns/1?province=แพร่")).words, (
        "nobody lacks anything"
    )


async def test_whoever_is_in_charge_of_one_district_is_not_told_of_the_province(sent: Town) -> None:
    sent.clock.move(timedelta(days=12))
    kokha = Reach(districts=(("ลำปาง", "เกาะคา"),))
    await sent.put(lambda tx: person(tx, "วิชัย", "coordinator", kokha))
    browser = await sent.signed_in("วิชัย")
    page = await browser.get("/campaigns/1")
    assert "อำเภอเกาะคา จังหวัดลำปาง: ยังไม่ครบ 1 จาก 1 แห่ง" in page.words
    assert ">จังหวัดลำปาง" not in page.text
    assert "อำเภอเกาะคา จังหวัดลำปาง" in (await browser.get("/campaigns/1/phone?province=ลำปาง")).words
    several = Reach(("แพร่",), (("ลำปาง", "เกาะคา"),))
    await sent.put(lambda tx: person(tx, "มาลี", "viewer", several))
    browser = await sent.signed_in("มาลี")
    assert (
        "จังหวัดแพร่ และอำเภอเกาะคา (จังหวัดลำปาง): ยังไม่ครบ 1 จาก 2 แห่ง"
        in (await browser.get("/campaigns/1")).words
    )


async def test_the_days_of_the_chart_are_a_table_too(sent: Town) -> None:
    sent.clock.move(timedelta(days=3))
    page = await (await sent.signed_in()).get("/campaigns/1")
    days = page.text[page.text.index('<details class="days">') :]
    found = re.findall(r'<th scope="row">([^<]*)</th><td class="num">([^<]*)</td>', days)
    assert len(found) == 4
    assert sum(int(count) for _, count in found) == 3


async def test_an_officer_who_cannot_be_reached_is_named_to_be_phoned(town: Town) -> None:
    await town.put(offices)
    await town.put(make)
    page = await (await town.signed_in()).get("/campaigns/1/phone?province=แพร่")
    assert "ส่งข้อความไม่ถึง 1 แห่ง" in page.words
    assert "เจ้าหน้าที่: บุญมี นามสมมุติ" in page.words


async def test_progress_opens_the_one_that_runs_or_lets_one_choose(town: Town) -> None:
    await town.put(offices)
    browser = await town.signed_in()
    assert "ยังไม่มีเรื่องที่กำลังดำเนินการ" in (await browser.get("/progress")).words
    await town.put(make)
    assert (await browser.get("/progress")).headers["Location"] == "/campaigns/1"
    await town.put(lambda tx: make(tx, "paused", title="อีกเรื่อง", scope=Scope(("แพร่",))))
    assert "อีกเรื่อง" in (await browser.get("/progress")).words


async def test_after_the_deadline_the_page_says_so(sent: Town) -> None:
    sent.clock.move(timedelta(days=30))
    page = await (await sent.signed_in()).get("/campaigns/1")
    assert "เลยกำหนดแล้ว" in page.words


async def test_the_page_is_in_english_too(sent: Town) -> None:
    browser = await sent.signed_in()
    await browser.get("/")
    await browser.post("/language", {"language": "en", "next": "/campaigns/1"})
    page = await browser.get("/campaigns/1")
    assert "1 of 3 LAOs complete" in page.words
    form = await browser.get("/campaigns/1/edit")
    assert "31 January 2017" in form.text


async def test_whom_to_phone_has_numbers_that_can_be_tapped_everywhere(town: Town) -> None:
    await town.put(offices)
    await town.put(make)
    kokha = replace(KOKHA, phones=(Phone("054000001", "12"), Phone("0810000002")))
    await town.put(lambda tx: import_laos(tx, (kokha,), NOW))
    browser = await town.signed_in()
    for path in ("/campaigns/1/phone?province=ลำปาง", f"/laos/{KOKHA.code}"):
        page = await browser.get(path)
        assert '<a class="tel" href="tel:+6654000001;ext=12">054-000-001 ต่อ 12</a>' in page.text
        assert 'href="tel:+66810000002"' in page.text
    assert "ไม่มีเบอร์โทรศัพท์" in (await browser.get("/campaigns/1/phone?province=แพร่")).words
    *_, xlsx = await download(browser, "/campaigns/1/sheet")
    with ZipFile(io.BytesIO(xlsx)) as archive:
        assert "054-000-001 ต่อ 12, 081-000-0002" in archive.read("xl/worksheets/sheet1.xml").decode()
    *_, pdf = await download(browser, "/campaigns/1/report?province=ลำปาง")
    assert pdf.startswith(b"%PDF")


def test_the_report_names_the_telephone_of_those_to_phone_only() -> None:
    phones = (Phone("054000001", "12"),)
    silent = replace(standing("nobody"), phones=phones)
    heard = replace(standing("partly", "เทศบาลตำบลเกาะคา"), phones=phones)
    [section] = _by_district(CAMPAIGN, [heard, silent], "th")
    assert [row.name for row in section.rows] == ["เทศบาลตำบลเกาะคา", "ทต.ต้นธงชัย โทร. 054-000-001 ต่อ 12"]
