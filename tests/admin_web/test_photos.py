"""Photos and their addresses."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from admin_web.photo_addresses import PhotoAddresses
from flows.core.photos import Kept
from tests.admin_web.conftest import Town
from tests.admin_web.samples import kept

ADDRESSES = PhotoAddresses(b"s" * 32)


async def test_a_photo_is_for_those_signed_in_and_kept_by_their_browser_alone(town: Town) -> None:
    photo = str((await kept(town.photos, 1))["photo"])
    browser = town.browser()
    address = ADDRESSES.address(photo, "info", "end")
    assert (await browser.get(address)).status == 401
    await browser.sign_in()
    async with browser.http.get(town.url + address) as response:
        assert response.status == 200
        assert response.content_type == "image/jpeg"
        assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert Image.open(BytesIO(await response.read())).size == (640, 480)


async def test_an_address_cannot_be_guessed_or_changed(town: Town) -> None:
    photo, other = [str((await kept(town.photos, n))["photo"]) for n in (1, 2)]
    browser = await town.signed_in()
    right = ADDRESSES.address(photo, "web")
    assert (await browser.get(right)).status == 200
    for wrong in (
        right.replace("web.jpg", "thumbnail.jpg"),
        right.replace(photo, other),
        PhotoAddresses(b"another secret").address(photo, "web"),
        f"/photos/{'0' * 32}/{photo}/web.jpg",
        f"/photos/%C3%A9/{photo}/web.jpg",
        ADDRESSES.address("0" * 64, "web"),
        ADDRESSES.address(photo, "web").replace("web.jpg", "..%2Fweb.jpg"),
    ):
        assert (await browser.get(wrong)).status == 404


@pytest.mark.parametrize(
    ("size", "web", "thumbnail", "info"),
    [
        ((4000, 3000), (1600, 1200), (320, 240), (640, 480)),
        ((3000, 4000), (1200, 1600), (240, 320), (480, 640)),
        ((300, 200), (300, 200), (300, 200), (640, 480)),
        ((8000, 10), (1600, 2), (320, 1), (640, 480)),
    ],
)
def test_the_room_kept_free_is_that_of_the_photo(
    size: tuple[int, int], web: tuple[int, int], thumbnail: tuple[int, int], info: tuple[int, int]
) -> None:
    made = ADDRESSES.of(Kept("a" * 64, *size))
    assert [(one.width, one.height) for one in (made.web, made.thumbnail, made.info)] == [
        web,
        thumbnail,
        info,
    ]
    assert made.srcset.count("w,") == (0 if web == thumbnail else 1)
