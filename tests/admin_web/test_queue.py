"""The queue's page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from flows.core.review import STATUS_LABELS
from storage import reviews, submissions
from storage.db import Tx
from tests.admin_web.conftest import Town
from tests.admin_web.samples import KOKHA, NOW, office, reviewer, send


async def test_each_waiting_entry_is_shown_with_what_a_reviewer_chooses_by(town: Town) -> None:
    await town.put(lambda tx: send(tx, office(tx)))
    page = await (await town.signed_in()).get("/")
    for words in (
        "วัดเจดีย์ซาวหลัง", "สถานที่สำคัญ · สถานที่ศักดิ์สิทธิ์", "เทศบาลตำบลต้นธงชัย · เมืองลำปาง ลำปาง", "L-2560-000001",
        "ส่งเมื่อ 16 ม.ค. 2560 09:00 น.", "1 รายการ",
    ):  # fmt: skip
        assert words in page.words


async def test_nothing_waiting_and_nothing_found_are_said_apart(town: Town) -> None:
    browser = await town.signed_in()
    assert "ตรวจครบทุกรายการแล้ว" in (await browser.get("/")).words
    page = await browser.get("/?q=ไม่มีแน่นอน")
    assert "ไม่พบรายการตามตัวกรองนี้" in page.words
    assert "ล้างตัวกรอง" in page.words
    assert 'value="ไม่มีแน่นอน"' in page.text


async def test_filters_stay_in_the_address_of_every_link(town: Town) -> None:
    def work(tx: Tx) -> None:
        by = office(tx, KOKHA)
        for n in range(11):
            send(tx, by, "product", at=NOW + timedelta(minutes=n))
        send(tx, by, "news")

    await town.put(work)
    browser = await town.signed_in()
    query = "?form=product&type=product.household&province=%E0%B8%A5%E0%B8%B3%E0%B8%9B%E0%B8%B2%E0%B8%87"
    page = await browser.get(f"/{query}&shown=yes")
    links = re.findall(r'class="entry-link" href="([^"]+)"', page.text)
    assert len(links) == 10
    assert all(
        "form=product&amp;type=product.household&amp;province=" in link and "shown=yes" in link
        for link in links
    )
    following = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert following is not None
    second = await browser.get(following[1].replace("&amp;", "&"))
    assert len(re.findall(r'class="entry-link"', second.text)) == 1
    back = re.search(r'rel="prev" href="([^"]+)"', second.text)
    assert back is not None
    assert (
        re.findall(
            r'class="entry-link" href="([^"]+)"', (await browser.get(back[1].replace("&amp;", "&"))).text
        )
        == links
    )


@pytest.mark.parametrize(
    "query",
    ["?form=nothing", "?type=landmark.nothing", "?type=x", "?status=x", "?shown=x", "?after=x", "?after=2017-01-01T00:00:00_1",
     "?before=2017-01-01T00:00:00%2B00:00_99999999999999999999", "?district=x", "?lao=x&after=&before="],
)  # fmt: skip
async def test_what_means_nothing_in_the_address_is_passed_over(town: Town, query: str) -> None:
    await town.put(lambda tx: send(tx, office(tx)))
    page = await (await town.signed_in()).get(f"/{query}")
    assert page.status == 200
    assert "วัดเจดีย์ซาวหลัง" in page.words


async def test_every_status_can_be_looked_through(town: Town) -> None:
    def work(tx: Tx) -> None:
        by, who = office(tx), reviewer(tx, "ผู้อื่น")
        for verdict, flags, note in (
            ("approve", {}, ""),
            ("changes", {"name": "x"}, ""),
            ("reject", {}, "x"),
        ):
            entry = send(tx, by, name=f"รายการ {verdict}")
            reviews.decide(tx, entry.id, 1, who.id, verdict, flags, note, NOW)  # type: ignore[arg-type]
        hidden = send(tx, by, name="รายการ pending")
        submissions.set_shown(tx, hidden, False, by.officer_id, NOW)

    await town.put(work)
    browser = await town.signed_in()
    everything = await browser.get("/?status=all")
    assert "รายการทั้งหมด 4 รายการ" in everything.words
    for label in STATUS_LABELS.values():
        assert label.th in everything.words
    assert "รายการ reject" not in (await browser.get("/?status=approved")).words
    assert "รายการ approve" in (await browser.get("/?status=approved")).words
    assert "รายการ pending" in (await browser.get("/?shown=no")).words


async def test_choosing_a_province_offers_its_districts(town: Town) -> None:
    await town.put(lambda tx: send(tx, office(tx, KOKHA)))
    browser = await town.signed_in()
    assert "<option>เกาะคา</option>" not in (await browser.get("/")).text
    page = await browser.get("/?province=ลำปาง")
    assert "<option>เกาะคา</option>" in page.text
    assert f'<option value="{KOKHA.code}">{KOKHA.name}</option>' in page.text


async def test_an_lao_or_district_alone_narrows_the_queue_and_its_province_is_filled_in(town: Town) -> None:
    def two(tx: Tx) -> None:
        send(tx, office(tx), name="วัดในต้นธงชัย")
        send(tx, office(tx, KOKHA, "จันทร์เพ็ญ สมมุติ", 1002), name="วัดในเกาะคา")

    await town.put(two)
    browser = await town.signed_in()
    for query in (f"lao={KOKHA.code}", "district=เกาะคา"):
        page = await browser.get(f"/?{query}")
        assert "1 รายการ" in page.words
        assert "วัดในเกาะคา" in page.words
        assert "วัดในต้นธงชัย" not in page.words
        assert "<option selected>ลำปาง</option>" in page.text
    assert f'value="{KOKHA.code}" selected' in (await browser.get(f"/?lao={KOKHA.code}")).text
