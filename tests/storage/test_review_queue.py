"""The queue: filters, order, pages, neighbours."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from storage import review_queue, reviews, submissions
from storage.db import Store, Tx
from storage.review_queue import Filters
from tests.admin_web.samples import KOKHA, LAMPANG, PHRAE, office, reviewer, send, waiting_titles


async def test_what_waits_comes_oldest_first_and_nothing_else(store: Store, now: datetime) -> None:
    def work(tx: Tx) -> list[str]:
        by, who = office(tx), reviewer(tx)
        send(tx, by, name="ใหม่กว่า", at=now)
        send(tx, by, name="เก่ากว่า", at=now - timedelta(days=1))
        done = send(tx, by, name="ตรวจแล้ว", at=now - timedelta(days=2))
        reviews.decide(tx, done.id, 1, who.id, "approve", {}, "", now)
        submissions.delete_entry(tx, send(tx, by, name="ลบแล้ว"), by.officer_id, now)
        return waiting_titles(tx)

    assert await store.run(work) == ["เก่ากว่า", "ใหม่กว่า"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(form="product"), {"ชามตราไก่"}),
        (Filters(form="landmark", category="nature"), {"น้ำตก 100%"}),
        (Filters(province="แพร่"), {"น้ำตก 100%"}),
        (Filters(province="ลำปาง", district="เกาะคา"), {"ชามตราไก่"}),
        (Filters(lao_code=LAMPANG.code), {"วัดพระแก้วดอนเต้า"}),
        (Filters(status="approved"), {"ผ่านแล้ว"}),
        (Filters(status=None, lao_code=PHRAE.code), {"น้ำตก 100%", "ผ่านแล้ว"}),
        (Filters(shown=False), {"วัดพระแก้วดอนเต้า"}),
        (Filters(shown=True, form="landmark"), {"น้ำตก 100%"}),
        (Filters(words="พระแก้ว"), {"วัดพระแก้วดอนเต้า"}),
        (Filters(words="น\u0e49\u0e4d\u0e32ตก"), {"น้ำตก 100%"}),
        (Filters(words="๑๐๐%"), {"น้ำตก 100%"}),
        (Filters(words="%"), {"น้ำตก 100%"}),
        (Filters(words="_"), set()),
        (Filters(words="ตราไก่ ชาม"), {"ชามตราไก่"}),
        (Filters(words="p-2560-000001"), {"ชามตราไก่"}),
        (Filters(words="' or 1=1 --"), set()),
    ],
)
async def test_filters_find_what_they_say(
    store: Store, now: datetime, filters: Filters, found: set[str]
) -> None:
    def work(tx: Tx) -> set[str]:
        who = reviewer(tx)
        a, b, c = office(tx), office(tx, KOKHA, chat_id=2), office(tx, PHRAE, chat_id=3)
        submissions.set_shown(tx, send(tx, a, name="วัดพระแก้วดอนเต้า"), False, a.officer_id, now)
        send(tx, b, "product")
        send(tx, c, name="น้ำตก 100%", category="nature")
        approved = send(tx, c, name="ผ่านแล้ว")
        reviews.decide(tx, approved.id, 1, who.id, "approve", {}, "", now)
        return set(waiting_titles(tx, filters))

    assert await store.run(work) == found


async def test_pages_walk_through_everything_once_forwards_and_back(store: Store, now: datetime) -> None:
    def work(tx: Tx) -> None:
        by = office(tx)
        for n in range(23):
            # Several were sent at the very same moment: their order still holds.
            send(tx, by, name=f"รายการที่ {n:02}", at=now + timedelta(minutes=n // 5))

    await store.run(work)
    pages = [await store.read(review_queue.queue, Filters())]
    while (place := pages[-1].next) is not None:
        pages.append(await store.read(review_queue.queue, Filters(), place))
    assert [len(page.entries) for page in pages] == [10, 10, 3]
    assert [one.headline for page in pages for one in page.entries] == [f"รายการที่ {n:02}" for n in range(23)]
    assert pages[0].previous is None
    assert {page.count for page in pages} == {23}
    for earlier, later in pairwise(pages):
        back = await store.read(review_queue.queue, Filters(), None, later.previous)
        assert back.entries == earlier.entries
        assert back.next is not None
    first = await store.read(review_queue.queue, Filters(), None, pages[1].previous)
    assert first.previous is None


async def test_a_long_queue_is_counted_to_a_thousand_only(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_queue, "MOST_COUNTED", 3)

    def work(tx: Tx, entries: int) -> tuple[int, bool]:
        by = office(tx, chat_id=entries)
        for _ in range(entries):
            send(tx, by)
        page = review_queue.queue(tx, Filters())
        return page.count, page.more

    assert await store.run(work, 3) == (3, False)
    assert await store.run(work, 1) == (3, True)


async def test_filters_offer_only_places_with_entries(store: Store, now: datetime) -> None:
    def work(tx: Tx) -> None:
        send(tx, office(tx))
        send(tx, office(tx, KOKHA, chat_id=2))
        office(tx, PHRAE, chat_id=3)

    await store.run(work)
    everywhere = await store.read(review_queue.options, Filters())
    assert (everywhere.provinces, everywhere.districts, everywhere.laos) == (["ลำปาง"], [], [])
    lampang = await store.read(review_queue.options, Filters(province="ลำปาง"))
    assert set(lampang.districts) == {"เกาะคา", "เมืองลำปาง"}
    assert {code for code, _ in lampang.laos} == {LAMPANG.code, KOKHA.code}
    kokha = await store.read(review_queue.options, Filters(province="ลำปาง", district="เกาะคา"))
    assert kokha.laos == [(KOKHA.code, KOKHA.name)]


async def test_neighbours_and_the_next_waiting_keep_to_the_filters(store: Store, now: datetime) -> None:
    def work(tx: Tx) -> list[str]:
        by = office(tx)
        return [send(tx, by, form, at=now + timedelta(minutes=n)).number for n, form in enumerate(FORMS)]

    FORMS = ("landmark", "product", "landmark", "landmark")
    a, product, b, c = await store.run(work)
    landmarks = Filters(form="landmark")
    middle = await store.read(reviews.entry, b)
    assert middle is not None
    assert await store.read(review_queue.neighbours, landmarks, middle.place) == (a, c)
    assert await store.read(review_queue.neighbours, Filters(), middle.place) == (product, c)
    assert await store.read(review_queue.next_waiting, landmarks, middle.place) == c
    last = await store.read(reviews.entry, c)
    assert last is not None
    assert await store.read(review_queue.next_waiting, landmarks, last.place) == a
    assert await store.read(review_queue.next_waiting, Filters(form="news"), last.place) is None
