"""Photos are made in their sizes in threads of their own and kept whole, or not at all."""

from __future__ import annotations

import asyncio
import io
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from flows.core.problem import Problem
from storage import picture
from storage.media import FolderMedia, Media, MissingPhoto
from storage.photos import CROPS, NICENESS, Crop, Photos, Prepared, prepare, shrink_jpeg
from tests.storage.conftest import Shelf
from tests.storage.pictures import RED, corners, exif, gps, like, opened, prepared, saved, scene, striped


@pytest.mark.parametrize(
    ("width", "height", "web", "info", "thumbnail"),
    [
        (4032, 3024, (1600, 1200), (640, 480), (320, 240)),
        (3024, 4032, (1200, 1600), (480, 640), (240, 320)),
        (1000, 1000, (1000, 1000), (640, 480), (320, 320)),
        (2000, 500, (1600, 400), (640, 480), (320, 80)),
        (300, 200, (300, 200), (640, 480), (300, 200)),
    ],
)
def test_each_size_fits_and_only_info_is_ever_enlarged(
    width: int, height: int, web: tuple[int, int], info: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    photo = prepared(saved(scene(1, width, height)))
    assert (photo.width, photo.height) == (width, height)
    assert opened(photo.web).size == web
    assert opened(photo.info).size == info
    assert opened(photo.thumbnail).size == thumbnail
    assert {opened(data).format for data in (photo.web, photo.info, photo.thumbnail)} == {"JPEG"}


@pytest.mark.parametrize("height", [3024, 3023, 3025, 2268])
def test_a_large_jpeg_is_halved_while_it_is_decoded(monkeypatch: pytest.MonkeyPatch, height: int) -> None:
    decoded: list[int] = []
    resize = picture._resized

    def noted(image: Image.Image, size: tuple[int, int]) -> Image.Image:
        decoded.append(image.width)
        return resize(image, size)

    monkeypatch.setattr(picture, "_resized", noted)
    prepared(saved(Image.new("RGB", (4032, height), RED)))
    assert decoded[0] == 2016


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_every_kind_is_known_by_its_content(kind: str) -> None:
    photo = prepared(saved(corners(), kind))
    assert (photo.format, photo.animated) == (kind, False)
    assert like(opened(photo.web), (40, 40), RED)


def test_a_photo_is_named_by_its_bytes() -> None:
    data = saved(corners())
    assert prepared(data).photo == prepared(bytes(data)).photo
    assert prepared(data).photo != prepared(data + b"\0").photo
    assert len(prepared(data).photo) == 64


REAL = [saved(scene(2, 128, 96), kind) for kind in ("JPEG", "PNG", "GIF", "WEBP")] + [
    saved(
        scene(2, 128, 96), progressive=True, exif=exif(6, gps((18, 0, 0), (98, 0, 0)), "2017:01:31 09:30:00")
    )
]
BEGINNINGS = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=300))
def test_no_bytes_at_all_make_it_raise(beginning: bytes, rest: bytes) -> None:
    assert isinstance(prepare(beginning + rest), Prepared | Problem)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(REAL), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8)
)
def test_no_picture_with_wrong_bytes_in_it_makes_it_raise(
    data: bytes, wrong: list[tuple[float, int]]
) -> None:
    changed = bytearray(data)
    for share, byte in wrong:
        changed[int(share**2 * (len(changed) - 1))] = (
            byte  # more often near the beginning, where the headers are
        )
    assert isinstance(prepare(bytes(changed)), Prepared | Problem)


def test_a_chat_apps_copy_is_smaller_upright_and_says_its_size() -> None:
    data, width, height = shrink_jpeg(saved(scene(1, 2000, 1500), exif=exif(6)), 1280)
    assert (width, height) == (960, 1280)
    assert opened(data).size == (960, 1280)
    with pytest.raises(ValueError, match=r"photo\.not_an_image"):
        shrink_jpeg(b"hello", 1280)


@pytest.fixture
def photos(media: Media) -> Iterator[Photos]:
    kept = Photos(media)
    yield kept
    kept.close()


async def test_a_kept_photo_is_read_in_every_size_also_after_a_restart(shelf: Shelf, photos: Photos) -> None:
    photo = await photos.keep(saved(scene(1, 1600, 900), exif=exif(1, gps((18, 0, 0), (98, 0, 0)))))
    assert isinstance(photo, Prepared)
    assert shelf.names() == ["info-centre.jpg", "thumbnail.jpg", "web.jpg"]
    assert b"SECRET" not in b"".join(shelf.files().values())
    after = Photos(shelf.again())
    assert await after.read(photo.photo, "web") == photo.web
    assert await after.read(photo.photo, "info") == photo.info
    assert await after.read(photo.photo, "thumbnail") == photo.thumbnail
    after.close()


async def test_another_crop_is_made_when_it_is_first_wanted_and_then_kept(
    shelf: Shelf, photos: Photos
) -> None:
    photo = await photos.keep(striped((1500, 500)))
    assert isinstance(photo, Prepared)
    first = await photos.read(photo.photo, "info", "start")
    assert like(opened(first), (320, 240), RED)
    kept = {path.rsplit("/", 1)[-1]: data for path, data in shelf.files().items()}
    assert kept["info-start.jpg"] == first == await photos.read(photo.photo, "info", "start")


async def test_a_crop_is_shown_even_when_there_is_no_room_for_it(shelf: Shelf, photos: Photos) -> None:
    photo = await photos.keep(striped((1500, 500)))
    assert isinstance(photo, Prepared)
    with shelf.full(0):
        shown = await photos.read(photo.photo, "info", "end")
    assert opened(shown).size == (640, 480)
    assert "info-end.jpg" not in shelf.names()


async def test_identical_bytes_again_change_nothing(shelf: Shelf, photos: Photos) -> None:
    data = saved(scene(1))
    first = await photos.keep(data)
    before = shelf.files()
    assert await photos.keep(data) == first
    assert shelf.files() == before


def written_at(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.jpg")}


async def test_identical_bytes_again_write_no_file(tmp_path: Path) -> None:
    media, data = FolderMedia(tmp_path), saved(scene(1))
    photos = Photos(media)
    await photos.keep(data)
    before = written_at(tmp_path)
    await photos.keep(data)
    assert written_at(tmp_path) == before
    photos.close()


async def test_what_cannot_be_taken_leaves_nothing_and_the_right_photo_is_then_kept(
    shelf: Shelf, photos: Photos
) -> None:
    data = saved(scene(1))
    refused = await photos.keep(data[:5000])
    assert isinstance(refused, Problem)
    assert shelf.files() == {}
    assert isinstance(await photos.keep(data), Prepared)


@pytest.mark.parametrize("goes_well", [0, 1, 2])
async def test_a_store_that_fills_up_keeps_no_half_photo_and_the_second_try_succeeds(
    shelf: Shelf, photos: Photos, goes_well: int
) -> None:
    data = saved(scene(1))
    with shelf.full(goes_well), pytest.raises(OSError):
        await photos.keep(data)
    photo = prepared(data).photo
    with pytest.raises(MissingPhoto):
        await photos.read(photo, "web")
    assert all(opened(whole).format == "JPEG" for whole in shelf.files().values())
    again = await photos.keep(data)
    assert isinstance(again, Prepared)
    assert await photos.read(photo, "web") == again.web
    assert len(shelf.files()) == 3


@pytest.mark.parametrize("photo", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 64 + "\n"])
@pytest.mark.parametrize("crop", CROPS)
async def test_a_photo_that_is_not_there_is_missing(photos: Photos, photo: str, crop: Crop) -> None:
    with pytest.raises(MissingPhoto):
        await photos.read(photo, "info", crop)


@pytest.mark.skipif(sys.platform != "linux", reason="a thread has no niceness of its own")
async def test_photos_are_made_when_nobody_else_needs_the_processor(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    nice: list[int] = []

    def noted(image: Image.Image, quality: int = picture.QUALITY) -> bytes:
        nice.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return picture.jpeg(image, quality)

    monkeypatch.setattr("storage.photos.jpeg", noted)
    await photos.keep(saved(scene(1)))
    assert set(nice) == {NICENESS}
    assert os.getpriority(os.PRIO_PROCESS, 0) < NICENESS


def test_a_jpeg_is_written_so_that_other_threads_run_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bool] = []
    save = Image.Image.save

    def noted(image: Image.Image, fp: io.FileIO, *more: Any, **kinds: Any) -> None:
        written.append(fp.fileno() > 0)  # to anything else Pillow writes with Python's lock in its hands
        save(image, fp, *more, **kinds)

    image = scene(1)
    monkeypatch.setattr(Image.Image, "save", noted)
    assert opened(picture.jpeg(image)).size == image.size
    assert written == [True]


async def test_many_photos_at_once_never_stop_the_loop_and_few_are_worked_on_at_a_time(
    media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = Photos(media, workers=2)
    threads: set[str] = set()
    waiting: list[int] = []
    keep = photos._keep

    def noted(data: bytes) -> Prepared | Problem:
        threads.add(threading.current_thread().name)
        waiting.append(photos._makers._work_queue.qsize())
        return keep(data)

    monkeypatch.setattr(photos, "_keep", noted)
    all_of_them = asyncio.gather(*(photos.keep(saved(scene(seed, 320, 240))) for seed in range(12)))
    ticks = 0
    while not all_of_them.done():
        await asyncio.sleep(0.001)
        ticks += 1
    assert all(isinstance(found, Prepared) for found in await all_of_them)
    assert len(threads) <= 2
    assert threading.current_thread().name not in threads
    assert max(waiting) <= 4
    assert ticks > 5
    photos.close()
