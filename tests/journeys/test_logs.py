"""All that is logged about one update carries its id, through every part and thread, up to the notice it causes."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import conversation
from bot.conversation import Came
from storage import photos
from storage.db import Store, Tx
from storage.in_hand import InHand
from tests.journeys.conftest import Poison
from tests.journeys.steps import ANOTHER, PHOTO, begin, settled, to_photos
from tests.logged import logged
from tests.replicas import replicas
from tests.town import town

log = logging.getLogger("thongthin.test")
Lines = list[dict[str, Any]]


@pytest.fixture
def talkative(monkeypatch: pytest.MonkeyPatch) -> None:
    """The photos' threads and the store's say something too."""
    prepare, answered = photos.prepare, conversation._answered

    def prepared(data: bytes) -> Any:
        log.info("in a photo's thread")
        return prepare(data)

    def answering(tx: Tx, came: Came, hand: InHand) -> Any:
        log.info("in the store's thread")
        return answered(tx, came, hand)

    monkeypatch.setattr(photos, "prepare", prepared)
    monkeypatch.setattr(conversation, "_answered", answering)


def events(lines: Lines, update: int) -> list[str]:
    return [one["event"] for one in lines if one.get("update") == update]


async def test_a_photo_whose_first_reply_fails_is_followed_from_receipt_to_reply(
    store: Store, tmp_path: Path, talkative: None
) -> None:
    async with town(store, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        await settled(o)
        with logged() as lines:
            t.sim.fail("sendMessage", 502, times=1)
            await o.send_photos([PHOTO])
            await o.hears("1 รูป")
            await settled(o)
    assert {one.get("update") for one in lines} == {max(one.get("update", 0) for one in lines)}
    update = lines[0]["update"]
    assert events(lines, update) == [
        "received", "in a photo's thread", "a photo is kept", "in the store's thread", "committed",
        "a reply is tried again", "done",
    ]  # fmt: skip


async def test_a_notice_is_logged_under_the_update_that_caused_it(
    embedded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.reception.PATIENCE", 0.1)
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        await settled(o)
        with logged() as lines:
            t.sim.fail("sendMessage", 500, times=2)
            await o.say("วัดพระธาตุ")
            await o.hears("ขั้นที่ 2", within=15)
            await settled(o)
    update = lines[0]["update"]
    assert {one.get("update") for one in lines} == {update}
    sent = [one["outcome"] for one in lines if one["event"] == "a notice"]
    assert sent[-1] == "sent"


async def test_what_happens_beside_it_is_logged_under_its_own_id(
    embedded: Store, tmp_path: Path, talkative: None
) -> None:
    async with town(embedded, tmp_path) as t:
        one, other = await t.officer("หนึ่ง"), await t.officer("สอง")
        await to_photos(one)
        await begin(other)
        await settled(one)
        with logged() as lines:
            t.sim.delay(0.5, "file")
            await one.send_photos([PHOTO])
            await other.say("วัดพระธาตุ")
            await other.hears("ขั้นที่ 2")
            await one.hears("1 รูป")
            await settled(one)
    ids = sorted({line["update"] for line in lines})
    assert len(ids) == 2
    assert sorted(("a photo is kept" in events(lines, one)) for one in ids) == [False, True]
    for update in ids:
        found = events(lines, update)
        assert (found[0], found[-1], found.count("committed")) == ("received", "done", 1)


async def test_each_photo_of_an_album_is_fetched_under_its_own_id(
    embedded: Store, tmp_path: Path, talkative: None
) -> None:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        await settled(o)
        with logged() as lines:
            await o.send_photos([PHOTO, ANOTHER])
            await o.hears("2 รูป")
            await settled(o)
    [album] = [one for one in lines if one["event"] == "an album"]
    assert album["update"] == album["updates"][0]
    kept = [one["update"] for one in lines if one["event"] == "a photo is kept"]
    assert sorted(kept) == album["updates"]


async def test_a_dead_letter_is_logged_under_its_id_each_time(
    embedded_setting: str, tmp_path: Path, poison: Poison
) -> None:
    async with replicas(embedded_setting, tmp_path, 1) as t:
        o = await t.officer()
        await begin(o)
        await settled(o)
        with logged() as lines:
            await o.say("ยาพิษ")
            await o.hears("ไม่ได้บันทึก")
            await settled(o)
    update = lines[0]["update"]
    assert {one.get("update") for one in lines} == {update}
    assert events(lines, update).count("update failed") == 4
    assert "updates set aside" in events(lines, update)


async def test_a_page_that_went_wrong_shows_the_id_of_its_log_line(embedded: Store, tmp_path: Path) -> None:
    async with town(embedded, tmp_path) as t:
        with logged() as lines:
            async with aiohttp.ClientSession() as session:
                pages = [await (await session.get(f"{t.web}/nothing")).text() for _ in range(2)]
    ids = [one["request"] for one in lines if "request" in one]
    assert len(set(ids)) == 2
    for page, request in zip(pages, ids, strict=True):
        assert request in page
