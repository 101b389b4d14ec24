"""What cannot be taken is refused by its content, in one sentence, and the right photo is then taken."""

from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image

from flows.core.problem import Problem
from storage import picture
from storage.photos import prepare
from tests.storage.pictures import HEIC, RED, corners, prepared, problem, saved, scene


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_claiming(width: int, height: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def with_scans(extra: int) -> bytes:
    """A progressive JPEG whose last scan is there `extra` times more."""
    data = saved(scene(1, 320, 240), progressive=True)
    last, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    return data[:end] + data[last:end] * extra + data[end:]


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"GIF", b"hello", "สวัสดี".encode(), b"<html><body>photo.jpg</body></html>"]
)
def test_what_is_no_picture_is_said_to_be_none(data: bytes) -> None:
    assert problem(data) == "photo.not_an_image"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (saved(corners(), "TIFF"), "TIFF"),
        (saved(corners(), "BMP"), "BMP"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf", "AVIF"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "AVIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "MP4/MOV"),
        (b"PK\3\4word/document.xml", "ZIP/Word/Excel"),
    ],
)
def test_another_kind_of_file_is_named_with_what_would_be_right(data: bytes, kind: str) -> None:
    found = prepare(data)
    assert isinstance(found, Problem)
    assert found.code == "photo.kind_not_supported"
    sentence = found.say.to("th", found.facts)
    assert kind in sentence
    assert all(name in sentence for name in ("JPG", "PNG", "GIF", "WEBP", "HEIC"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_that_did_not_arrive_whole_is_refused_and_taken_when_it_is(kind: str) -> None:
    data = saved(scene(1, 320, 240), kind)
    for share in (0.05, 0.5, 0.9):
        assert problem(data[: int(len(data) * share)]) == "photo.damaged"
    assert prepared(data).width == 320


def test_an_iphone_photo_that_did_not_arrive_whole_is_refused() -> None:
    assert problem(HEIC[:-100]) == "photo.damaged"


@pytest.mark.parametrize(
    "kind", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\1\0\0WEBPVP8 "]
)
def test_a_right_beginning_with_a_wrong_rest_is_damaged(kind: bytes) -> None:
    assert problem(kind + bytes(range(256)) * 4) == "photo.damaged"


@pytest.mark.parametrize("size", [(60_000, 60_000), (9_000, 9_000), (6_000, 4_200)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    assert problem(png_claiming(*size)) == "photo.too_many_pixels"


def test_a_jpeg_may_have_more_pixels_than_the_others() -> None:
    assert problem(png_claiming(7_000, 4_000)) == "photo.too_many_pixels"
    large = saved(Image.new("RGB", (7_000, 4_000), RED))
    assert prepared(large).width == 7_000
    frame = large.index(b"\xff\xc0") + 5
    for width, height in ((9_000, 6_000), (60_000, 60_000)):
        claiming = large[:frame] + struct.pack(">HH", height, width) + large[frame + 4 :]
        assert problem(claiming) == "photo.too_many_pixels"


def test_a_jpeg_of_very_many_scans_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problem(with_scans(400)) == "photo.too_complex"
    assert prepared(with_scans(0)).width == 320
    monkeypatch.setattr(picture, "MOST_SCANNED_PIXELS", 320 * 240 * 5)
    assert problem(with_scans(0)) == "photo.too_complex"


def test_scans_are_counted_where_a_decoder_meets_them() -> None:
    plain = saved(scene(1, 320, 240))
    assert picture.count_scans(plain) == 1
    assert picture.count_scans(with_scans(0)) == 10
    assert picture.count_scans(with_scans(3)) == 13
    # Neither a comment's bytes nor a video that a phone puts after the picture are scans.
    assert picture.count_scans(saved(scene(1, 320, 240), comment=b"\xff\xda" * 100) + b"\xff\xda" * 100) == 1


def test_a_picture_too_small_to_make_anything_out_is_refused() -> None:
    assert problem(saved(Image.new("RGB", (63, 400)), "PNG")) == "photo.too_small_to_read"
    assert prepared(saved(Image.new("RGB", (64, 400)), "PNG")).width == 64


@pytest.mark.parametrize("size", [(64, 1281), (25_000, 80)])
def test_a_picture_too_narrow_to_show_is_refused_and_its_part_taken(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, RED)
    assert problem(saved(image)) == "photo.too_narrow"
    assert prepared(saved(image.crop((0, 0, min(1280, size[0]), min(1280, size[1]))))).format == "JPEG"


def test_a_file_over_twenty_megabytes_is_told_how_to_be_sent_smaller() -> None:
    data = saved(corners())
    found = prepare(data.ljust(20_000_001, b"\0"))
    assert isinstance(found, Problem)
    assert found.code == "photo.too_large_file"
    assert 'ส่งเป็น "รูปภาพ" แทน "ไฟล์"' in found.say.to("th", found.facts)
    assert prepared(data.ljust(20_000_000, b"\0")).width == 300


def test_a_file_of_nothing_but_markers_is_refused_at_once() -> None:
    photo = saved(scene(1, 320, 240))
    assert picture.count_scans(photo[:-2] + b"\xff\xfe\0\0" * 4_000_000) > picture.MOST_SCANS
