"""An entry's page, and the card to copy it from."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import update

from admin_web import texts
from flows import CATALOGUE
from flows.core.chat import Json
from storage import reviews, submissions
from storage.db import Tx
from storage.tables import outbox, revision, submission
from tests.admin_web.conftest import Town
from tests.admin_web.samples import (
    NASTY,
    NOW,
    PHRAE,
    SIMPLE,
    kept,
    office,
    remove,
    reviewer,
    send,
    send_again,
)


@pytest.mark.parametrize("form", CATALOGUE)
async def test_every_field_stands_in_infos_order_with_its_label(town: Town, form: str) -> None:
    sent = await town.put(lambda tx: send(tx, office(tx), form))
    page = await (await town.signed_in()).get(f"/entries/{sent.number}")
    assert page.status == 200
    flow = CATALOGUE[form]
    assert re.findall(r'id="field-(\w+)"', page.text) == [one.key for one in flow.fields]
    for one in flow.fields:
        block = re.search(rf'id="field-{one.key}">.*?</h2>', page.text, re.S)
        assert block is not None
        assert one.title.th in block[0]
        assert ('class="star"' in block[0]) is one.required
    assert page.words.count("ไม่ได้ระบุ") == len(flow.fields) - len([k for k in SIMPLE[form] if SIMPLE[form][k]])


async def test_an_entry_shows_its_officer_lao_place_and_history_in_words(town: Town) -> None:
    sent = await town.put(lambda tx: send(tx, office(tx)))
    page = await (await town.signed_in()).get(f"/entries/{sent.number}")
    for words in (
        "เทศบาลตำบลต้นธงชัย", "เมืองลำปาง ลำปาง", "มานะ ตัวอย่าง", "18.326200, 99.517700", "ห่างจากที่ทำการ 1.3 กม.",
        "054-223-456 ต่อ 1", "มานะ ตัวอย่าง ส่งฉบับที่ 1", "16 ม.ค. 2560 09:00 น.", "ยังไม่ตรวจสอบข้อมูล",
    ):  # fmt: skip
        assert words in page.words
    assert "google.com/maps" in page.text
    assert "openstreetmap.org" in page.text
    assert 'data-office-latitude="18.317100"' in page.text


async def test_a_place_far_away_or_without_an_office_is_said(town: Town) -> None:
    far: dict[str, Json] = {"latitude": 18.7883, "longitude": 98.9853, "source": "pin", "accuracy": 450.0, "district": "เมืองเชียงใหม่",
           "province": "เชียงใหม่", "office_km": 76.0}  # fmt: skip

    def work(tx: Tx) -> list[str]:
        without = office(tx, PHRAE, chat_id=2)
        return [
            send(tx, office(tx), coordinates=far).number,
            send(tx, without, coordinates={**far, "office_km": None}).number,
        ]

    with_office, without_office = await town.put(work)
    browser = await town.signed_in()
    page = await browser.get(f"/entries/{with_office}")
    assert "ซึ่งไกลกว่าปกติ กรุณาตรวจหมุด" in page.words
    assert "คลาดเคลื่อนราว 450 เมตร" in page.words
    assert "ไม่ทราบพิกัดที่ทำการ" in (await browser.get(f"/entries/{without_office}")).words


async def test_photos_keep_their_room_and_come_in_sizes_that_fit(town: Town) -> None:
    lying, standing = await kept(town.photos, 1), await kept(town.photos, 2, 900, 1200)
    sent = await town.put(lambda tx: send(tx, office(tx), photos=[lying, standing]))
    browser = await town.signed_in()
    page = await browser.get(f"/entries/{sent.number}")
    images = [tag for tag in re.findall(r"<img [^>]+>", page.text) if "srcset" in tag]
    assert len(images) == 2
    assert 'width="1600" height="1200"' in images[0]
    assert 'width="900" height="1200"' in images[1]
    assert all('sizes="' in tag and 'alt="รูปที่' in tag for tag in images)
    for address, width in re.findall(r"(/photos/\S+) (\d+)w", " ".join(images)):
        async with browser.http.get(town.url + address) as response:
            assert Image.open(BytesIO(await response.read())).width == int(width)


async def test_words_from_the_chat_are_escaped_everywhere(town: Town) -> None:
    def work(tx: Tx) -> str:
        by, who = office(tx, name=NASTY), reviewer(tx, NASTY[:80])
        entry = send(tx, by, name=NASTY, description=NASTY, url=f"https://example.com/?{NASTY}", email=NASTY)
        reviews.decide(tx, entry.id, 1, who.id, "changes", {"name": NASTY, NASTY: "x"}, NASTY, NOW)
        send_again(tx, entry, by, address=NASTY, name=NASTY + "2")
        tx.execute(update(submission).values(headline=NASTY, category=NASTY[:40]))
        return entry.number

    number = await town.put(work)
    browser = await town.signed_in()
    for path in (f"/entries/{number}", f"/entries/{number}/card", "/", f"/?q={NASTY}", f"/?province={NASTY}"):
        page = await browser.get(path)
        assert page.status == 200, path
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "{{7*7}}" in page.words or path.startswith("/?")
        assert '"><img' not in page.text
    # Right-to-left marks turn around nothing outside their own words.
    entry = await browser.get(f"/entries/{number}")
    assert re.search(r"<h1><bdi>[^<]*\u202e[^<]*</bdi></h1>", entry.text)
    assert re.search(r'<p class="words"><bdi>[^<]*\u202e[^<]*</bdi></p>', entry.text)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
async def test_only_web_links_can_be_followed(town: Town, link: str) -> None:
    sent = await town.put(lambda tx: send(tx, office(tx), url=link))
    page = await (await town.signed_in()).get(f"/entries/{sent.number}")
    assert link in page.words
    assert f'href="{link}' not in page.text


async def test_what_was_asked_and_what_came_back_stand_side_by_side(town: Town) -> None:
    old, new = await kept(town.photos, 1), await kept(town.photos, 2)

    def work(tx: Tx) -> str:
        by, who = office(tx), reviewer(tx, "ผู้อื่น")
        entry = send(tx, by, photos=[old])
        flags = {"photos": "รูปไม่ชัดหรือมืดเกินไป กรุณาส่งรูปใหม่", "name": "สะกดผิด"}
        reviews.decide(tx, entry.id, 1, who.id, "changes", flags, "", NOW)
        send_again(tx, entry, by, photos=[new], description="คำอธิบายใหม่")
        return entry.number

    number = await town.put(work)
    browser = await town.signed_in()
    page = await browser.get(f"/entries/{number}")
    compare = re.search(r'<div class="compare".*?</section>', page.text, re.S)
    assert compare is not None
    assert compare[0].count("compare-row differs") == 2
    for words in ("คำอธิบายใหม่", "วัดเก่าแก่คู่เมืองลำปาง", "ขอให้แก้: สะกดผิด", "ยังไม่เปลี่ยน", "ขอให้แก้: รูปไม่ชัด"):
        assert words in compare[0]
    assert str(old["photo"]) in compare[0]
    assert str(new["photo"]) in compare[0]
    assert compare[0].count("only-here") == 2
    assert "เทียบกับฉบับที่ 1" in page.words
    await browser.post("/language", {"language": "en"})
    assert "A photo is blurred or too dark" in (await browser.get(f"/entries/{number}")).words


async def test_any_earlier_version_can_be_set_beside_the_newest(town: Town) -> None:
    def sent_three_times(tx: Tx) -> str:
        by = office(tx)
        entry = send(tx, by, name="ฉบับแรก")
        entry = send_again(tx, entry, by, name="ฉบับสอง")
        return send_again(tx, entry, by, name="ฉบับสาม").number

    number = await town.put(sent_three_times)
    browser = await town.signed_in()
    page = await browser.get(f"/entries/{number}?form=landmark")
    assert "เทียบกับฉบับที่ 1" not in page.words  # no verdict on any: nothing to compare with by itself
    for n, words, other in ((1, "ฉบับแรก", "ฉบับสอง"), (2, "ฉบับสอง", "ฉบับแรก")):
        address = f"/entries/{number}?form=landmark&amp;compare={n}"
        assert address in page.text
        beside = await browser.get(address.replace("&amp;", "&"))
        assert f"เทียบกับฉบับที่ {n}" in beside.words
        assert words in beside.words
        assert other not in beside.words
    for nothing in ("3", "0", "-1", "x", "1 "):
        assert "เทียบกับฉบับที่" not in (await browser.get(f"/entries/{number}?compare={nothing}")).words


async def test_photos_that_only_came_by_another_message_are_not_a_change(town: Town) -> None:
    photo = await kept(town.photos, 1)

    def work(tx: Tx) -> str:
        by, who = office(tx), reviewer(tx, "ผู้อื่น")
        entry = send(tx, by, photos=[photo])
        reviews.decide(tx, entry.id, 1, who.id, "changes", {"name": "สะกดผิด"}, "", NOW)
        send_again(tx, entry, by, photos=[{**photo, "ref": "99", "group": "album"}], name="ชื่อใหม่")
        return entry.number

    number = await town.put(work)
    page = await (await town.signed_in()).get(f"/entries/{number}")
    assert page.text.count("compare-row differs") == 1


@pytest.mark.parametrize(
    ("sent", "given_up", "words"),
    [
        (None, None, "กำลังส่งผลให้เจ้าหน้าที่"),
        (NOW, None, "แจ้งเจ้าหน้าที่แล้วเมื่อ 16 ม.ค. 2560 09:00 น."),
        (None, NOW, "ติดต่อเจ้าหน้าที่ทางแชตไม่ได้"),
    ],
)
async def test_the_history_tells_whether_the_officer_heard(
    town: Town, sent: object, given_up: object, words: str
) -> None:
    def work(tx: Tx) -> str:
        by, who = office(tx), reviewer(tx, "ผู้อื่น")
        entry = send(tx, by)
        reviews.decide(tx, entry.id, 1, who.id, "reject", {}, "ซ้ำกับรายการที่มีอยู่แล้ว", NOW)
        tx.execute(update(outbox).values(sent_at=sent, given_up_at=given_up))
        return entry.number

    number = await town.put(work)
    page = await (await town.signed_in()).get(f"/entries/{number}")
    assert words in page.words
    assert "ผู้อื่น ไม่ให้ฉบับที่ 1 ผ่าน" in page.words
    assert "ซ้ำกับรายการที่มีอยู่แล้ว" in page.words
    assert 'name="verdict"' not in page.text


async def test_a_deleted_entry_can_be_read_but_not_decided(town: Town) -> None:
    def work(tx: Tx) -> str:
        by = office(tx)
        entry = send(tx, by)
        submissions.delete_entry(tx, entry, by.officer_id, NOW)
        remove(tx, by)
        return entry.number

    page = await (await town.signed_in()).get(f"/entries/{await town.put(work)}")
    assert "รายการนี้ถูกลบแล้ว" in page.words
    assert "พ้นหน้าที่แล้ว" in page.words
    assert 'name="verdict"' not in page.text


async def test_answers_of_an_earlier_version_or_a_form_that_is_gone_are_still_readable(town: Town) -> None:
    def work(tx: Tx) -> list[str]:
        by = office(tx)
        entry, other = send(tx, by), send(tx, by)
        odd = {
            "name": "ชื่อ",
            "category": "gone",
            "phone": "โทร",
            "date": 5,
            "coordinates": "ที่ไหนสักแห่ง",
            "old_key": [{"a": 1}],
        }
        tx.execute(update(revision).values(answers=odd))
        tx.execute(update(submission).where(submission.c.id == other.id).values(form="gone"))
        return [entry.number, other.number]

    browser = await town.signed_in()
    for number in await town.put(work):
        page = await browser.get(f"/entries/{number}")
        assert page.status == 200
        assert "old_key" in page.words
        assert "a: 1" in page.words
    assert "แบบฟอร์มนี้ไม่มีในระบบแล้ว" in page.words


async def test_the_neighbours_keep_to_the_filters(town: Town) -> None:
    def work(tx: Tx) -> list[str]:
        by = office(tx)
        return [
            send(tx, by, form, at=NOW + timedelta(minutes=n)).number
            for n, form in enumerate(("news", "product", "news"))
        ]

    first, _, last = await town.put(work)
    page = await (await town.signed_in()).get(f"/entries/{first}?form=news")
    assert f'href="/entries/{last}?form=news" data-key="on"' in page.text
    assert 'data-key="back"' not in page.text
    assert 'href="/?form=news" data-key="up"' in page.text


async def test_the_card_gives_every_answer_in_thai_ready_to_copy(town: Town) -> None:
    photo = await kept(town.photos, 1)
    sent = await town.put(lambda tx: send(tx, office(tx), photos=[photo]))
    browser = await town.signed_in()
    await browser.get("/")
    await browser.post("/language", {"language": "en"})
    page = await browser.get(f"/entries/{sent.number}/card")
    fields = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page.text)
    assert fields[:3] == ["วัดเจดีย์ซาวหลัง", "สถานที่ศักดิ์สิทธิ์", SIMPLE["landmark"]["description"]]
    assert fields[3:] == ["054-223-456 ต่อ 1", "18.326200", "99.517700"]
    assert f'download="{sent.number}-1.jpg"' in page.text
    assert "has not been approved" in page.words


async def test_an_unknown_number_is_a_page_with_a_way_back(town: Town) -> None:
    page = await (await town.signed_in()).get("/entries/L-2560-999999")
    assert page.status == 404
    assert "ไม่พบหน้านี้" in page.words
    assert 'href="/"' in page.text


def test_every_kind_of_event_has_its_words() -> None:
    kinds = {"sent", "approved", "changes_requested", "rejected", "shown", "hidden", "deleted", "restored"}
    assert set(texts.EVENTS) == kinds
