"""Journeys of photos: single, albums, as files, of every kind, too many, too large, doubtful, arranged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.simulator import Person
from bot.simulator.person import said
from flows.core.photos import Kept, kept_of
from storage import conversations, officers
from storage.db import Store
from tests.journeys.steps import ANOTHER, PHOTO, said_by_bot, settled, to_photos
from tests.storage.pictures import HEIC, exif, gps, saved, scene
from tests.town import Town, town


@dataclass
class AtPhotos:
    t: Town
    o: Person

    async def kept(self) -> list[Kept]:
        officer = await self.t.store.read(officers.officer_in, self.o.id)
        assert officer is not None
        [draft] = await self.t.store.read(conversations.drafts_of, officer.id)
        c = draft.conversation
        return kept_of(c.partials.get("photos") or c.answers.get("photos"))


@pytest.fixture
async def at(embedded: Store, tmp_path: Path) -> AsyncIterator[AtPhotos]:
    async with town(embedded, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        yield AtPhotos(t, o)


async def test_an_album_is_acknowledged_once_and_none_is_lost_or_out_of_order(at: AtPhotos) -> None:
    before = said_by_bot(at.o)
    album = [saved(scene(n, 320, 240)) for n in range(5)]
    sent = await at.o.send_photos(album)
    await at.o.hears("ครบ 5 รูป")
    await settled(at.o)
    assert said_by_bot(at.o) == before + 1
    assert [one.ref for one in await at.kept()] == [str(one["message_id"]) for one in sent]


async def test_more_than_five_photos_are_told_and_the_first_five_stay(at: AtPhotos) -> None:
    await at.o.send_photos([saved(scene(n, 320, 240)) for n in range(7)])
    await at.o.hears("ไม่เกิน 5 รูป")
    await settled(at.o)
    assert len(await at.kept()) == 5
    await at.o.press("เสร็จแล้ว")
    await at.o.hears("ขั้นที่ 5")


async def test_photos_one_by_one_and_as_files_are_taken_alike(at: AtPhotos) -> None:
    await at.o.send_photos([PHOTO])
    await at.o.hears("1 รูป")
    await at.o.send_photos([ANOTHER], as_file=True, names=["ไม่มีนามสกุล"])
    await at.o.hears("2 รูป")
    webp = saved(scene(3, 700, 500), "WEBP")
    await at.o.send_photos([webp, HEIC], as_file=True, names=["a.txt", "IMG_0001.HEIC"])
    await at.o.hears("4 รูป")


async def test_a_moving_gif_is_taken_as_its_first_picture_with_a_word(at: AtPhotos) -> None:
    frames = [scene(n, 640, 480) for n in (1, 2)]
    gif = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    await at.o.send_photos([gif], as_file=True, names=["a.gif"])
    heard = said(await at.o.hears("1 รูป"))
    assert "ภาพแรก" in heard


async def test_a_file_over_telegrams_limit_is_told_how_to_be_sent(at: AtPhotos) -> None:
    await at.o.send_photos([bytes(21 * 2**20)], as_file=True, names=["big.jpg"])
    assert 'ส่งเป็น "รูปภาพ"' in said(await at.o.hears("⚠️"))
    await at.o.send_photos([PHOTO])
    await at.o.hears("1 รูป")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("report.jpg", b"%PDF-1.7\n", "PDF"),
        ("photo.jpg", b"MZ\x90\x00 no picture at all", "ไม่ใช่รูปภาพ"),
        ("half.jpg", PHOTO[: len(PHOTO) // 2], "เสียหาย"),
        ("dot.png", saved(Image.new("RGB", (9, 9)), "PNG"), "เล็ก"),
    ],
)
async def test_what_is_no_picture_whatever_its_name_is_told_so(
    at: AtPhotos, name: str, data: bytes, says: str
) -> None:
    await at.o.send_photos([data], as_file=True, names=[name])
    assert says in said(await at.o.hears("⚠️"))
    await at.o.send_photos([PHOTO])
    await at.o.hears("1 รูป")


async def test_a_doubtful_photo_is_left_to_the_officer(at: AtPhotos) -> None:
    dark = saved(scene(1, 800, 600).point(lambda v: v // 12))
    await at.o.send_photos([dark])
    assert "มืด" in said(await at.o.hears("1 รูป"))
    await at.o.send_photos([PHOTO], as_file=True)
    await at.o.hears("2 รูป")
    await at.o.send_photos([PHOTO], as_file=True)
    assert "เดียวกับ" in said(await at.o.hears("3 รูป"))
    await at.o.press("เอารูปที่ 3 ออก")
    await at.o.hears("2 รูป")
    await at.o.press("เสร็จแล้ว")
    await at.o.hears("ขั้นที่ 5")
    assert len(await at.kept()) == 2


async def test_done_without_a_photo_is_not_offered_and_words_are_told(at: AtPhotos) -> None:
    assert "✅ เสร็จแล้ว" not in at.o.buttons()
    await at.o.say("เดี๋ยวส่งให้")
    await at.o.hears("⚠️")
    await at.o.send_photos([PHOTO])
    await at.o.hears("1 รูป")


async def test_photos_are_arranged_the_cover_chosen_the_crop_moved_one_taken_out(at: AtPhotos) -> None:
    wide = saved(scene(3, 900, 300))
    await at.o.send_photos([PHOTO, ANOTHER, wide])
    await at.o.hears("3 รูป")
    first = await at.kept()
    await at.o.press("จัดการรูป")
    await at.o.hears("เลือกรูป")
    await at.o.press("รูปที่ 3")
    await at.o.hears("รูปที่ 3 จาก 3")
    await at.o.press("ขวา")
    await at.o.toast()
    await settled(at.o)
    assert (await at.kept())[2].crop == "end"
    await at.o.press("ตั้งเป็นรูปปก")
    await at.o.hears("รูปปก")
    await settled(at.o)
    assert [one.photo for one in await at.kept()] == [first[2].photo, first[0].photo, first[1].photo]
    await at.o.press("จัดการรูป")
    await at.o.hears("เลือกรูป")
    await at.o.press("รูปที่ 2")
    await at.o.hears("รูปที่ 2 จาก 3")
    await at.o.press("เอาออก")
    await settled(at.o)
    assert [one.photo for one in await at.kept()] == [first[2].photo, first[1].photo]


async def test_what_is_shown_back_is_upright_in_infos_frame_and_without_metadata(at: AtPhotos) -> None:
    lying = saved(
        scene(4, 1200, 800), exif=exif(6, gps((18.0, 19.0, 12.0), (99.0, 30.0, 0.0)), "2017:01:16 09:00:00")
    )
    await at.o.send_photos([lying], as_file=True)
    await at.o.hears("1 รูป")
    await at.o.press("จัดการรูป")
    shown = await at.o.hears("เลือกรูป")
    data = await at.o.download(shown["photo"][-1]["file_id"])
    assert Image.open(BytesIO(data)).size == (480, 640)
    assert b"SECRET-CAMERA" not in data
    for kept in at.t.parts.media.folder.rglob("*.jpg"):  # type: ignore[attr-defined]
        assert b"Exif" not in kept.read_bytes()


async def test_the_place_of_a_photo_sent_as_a_file_is_offered_for_the_coordinates(at: AtPhotos) -> None:
    with_place = saved(scene(4, 800, 600), exif=exif(1, gps((18.0, 19.0, 12.0), (99.0, 30.0, 0.0))))
    await at.o.send_photos([with_place], as_file=True)
    assert "พิกัด" in said(await at.o.hears("1 รูป"))
    await at.o.press("เสร็จแล้ว")
    await at.o.hears("ขั้นที่ 5")
    await at.o.say("054-123-456")
    await at.o.hears("ขั้นที่ 6")
    await at.o.press("ใช้พิกัดจากรูปที่ 1")
    await at.o.hears("18.32")
    await at.o.hears("ส่งให้ตรวจ")


async def test_a_photo_that_comes_twice_from_telegram_is_kept_once(at: AtPhotos) -> None:
    await at.o.send_photos([PHOTO])
    await at.o.hears("1 รูป")
    at.t.sim.redeliver(max(at.t.sim.updates.recent))
    await settled(at.o)
    assert len(await at.kept()) == 1
