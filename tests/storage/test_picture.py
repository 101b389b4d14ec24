"""A picture is opened upright, in its right colours, with nothing else in it."""

from __future__ import annotations

import struct
from typing import Literal

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from storage.photos import CROPS, info_photo, shrink_jpeg
from tests.storage.pictures import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    corners,
    exif,
    gps,
    like,
    opened,
    prepared,
    saved,
    scene,
)

# What a camera does to the upright picture before it writes the number.
STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_orientation_is_turned_upright(orientation: int, kind: str) -> None:
    stored = corners() if orientation == 1 else corners().transpose(STORED_AS[orientation])
    photo = prepared(saved(stored, kind, exif=exif(orientation)))
    assert (photo.width, photo.height) == (300, 200)
    web = opened(photo.web)
    assert web.size == (300, 200)
    assert like(web, (40, 40), RED)
    assert like(web, (260, 40), BLUE)
    assert like(web, (150, 180), GREEN)
    assert web.getexif().get(0x0112) is None


def test_orientation_six_is_a_phone_held_upright() -> None:
    # By EXIF's own words for 6: the stored first row is the right-hand side of what was seen.
    stored = Image.new("RGB", (200, 100), GREEN)
    ImageDraw.Draw(stored).rectangle((0, 0, 199, 30), fill=RED)
    web = opened(prepared(saved(stored, exif=exif(6))).web)
    assert web.size == (100, 200)
    assert like(web, (90, 100), RED)
    assert like(web, (10, 100), GREEN)


def test_an_orientation_that_does_not_exist_is_taken_as_upright() -> None:
    for wrong in (0, 9, 60000):
        assert prepared(saved(corners(), exif=exif(wrong))).width == 300


SECRETS = (b"SECRET", b"<script>", b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"GPS")


def test_no_metadata_and_no_comment_is_left_in_any_output() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    marked = saved(
        scene(1, 800, 800),
        exif=exif(1, gps((18, 47, 18.24), (98, 59, 5.28)), "2017:01:31 09:30:00"),
        comment=b"<script>alert(1)</script>",
        icc_profile=profile,
        xmp=b"<x:xmpmeta>SECRET</x:xmpmeta>",
    )
    assert all(secret in marked for secret in (b"SECRET-CAMERA", b"<script>", b"ICC_PROFILE"))
    photo = prepared(marked + b"<script>SECRET after the end</script>")
    shrunk, *_ = shrink_jpeg(marked, 1280)
    outputs = [
        photo.web,
        photo.info,
        photo.thumbnail,
        shrunk,
        *(info_photo(photo.web, crop) for crop in CROPS),
    ]
    for output in outputs:
        assert not [secret for secret in SECRETS if secret in output]
        assert set(opened(output).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_text_in_a_png_and_a_comment_in_a_gif_are_gone() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SECRET")
    for data in (saved(corners(), "PNG", pnginfo=text), saved(corners(), "GIF", comment=b"SECRET")):
        assert b"SECRET" in data
        photo = prepared(data)
        assert b"SECRET" not in photo.web + photo.info + photo.thumbnail


def test_sixteen_bits_of_grey_do_not_turn_white() -> None:
    ramp = Image.frombytes("I;16", (256, 128), b"".join(struct.pack("<H", x * 257) for x in range(256)) * 128)
    web = opened(prepared(saved(ramp, "PNG")).web)
    for x in (10, 128, 245):
        assert like(web, (x, 64), (x, x, x), by=8)


def test_transparent_parts_become_white() -> None:
    clear = Image.new("RGBA", (200, 200), (220, 30, 30, 0))
    ImageDraw.Draw(clear).rectangle((50, 50, 150, 150), fill=(*RED, 255))
    palette = clear.quantize(16)
    for data in (saved(clear, "PNG"), saved(palette, "PNG"), saved(clear, "GIF"), saved(clear, "WEBP")):
        web = opened(prepared(data).web)
        assert like(web, (10, 10), WHITE)
        assert like(web, (100, 100), RED)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_every_mode_keeps_its_colours(mode: str) -> None:
    image = Image.new("RGB", (200, 200), WHITE).convert(mode)
    web = opened(prepared(saved(image, "JPEG" if mode == "CMYK" else "PNG")).web)
    assert (web.mode, like(web, (100, 100), WHITE, by=3)) == ("RGB", True)


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    web = opened(prepared(saved(corners().convert("CMYK"))).web)
    assert like(web, (40, 40), RED)
    assert like(web, (260, 40), BLUE)


def profile_of(space: Literal["LAB", "XYZ", "sRGB"]) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_colours_of_another_space_are_brought_to_srgb(kind: str) -> None:
    # In this space what is called red is sRGB's blue, and the other way round.
    swapped = profile_of("sRGB").replace(b"rXYZ", b"----", 1).replace(b"bXYZ", b"rXYZ", 1)
    swapped = swapped.replace(b"----", b"bXYZ", 1)
    web = opened(prepared(saved(corners(), kind, icc_profile=swapped)).web)
    assert like(web, (40, 40), BLUE)
    assert like(web, (260, 40), RED)


@pytest.mark.parametrize("profile", [b"no profile at all", profile_of("LAB")])
def test_a_profile_that_does_not_fit_is_passed_over(profile: bytes) -> None:
    assert like(opened(prepared(saved(corners(), icc_profile=profile)).web), (40, 40), RED)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_the_first_picture_of_an_animation_is_kept(kind: str) -> None:
    frames = [Image.new("RGB", (120, 90), colour) for colour in (RED, BLUE, GREEN)]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    photo = prepared(data)
    assert photo.animated
    assert like(opened(photo.web), (60, 45), RED)
