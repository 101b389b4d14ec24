"""INFO's photo is exactly its size, and the crop keeps the part that was chosen."""

from __future__ import annotations

import pytest

from storage.photos import CROPS, crop_axis, info_photo
from tests.storage.pictures import BLUE, GREEN, RED, like, opened, prepared, striped


@pytest.mark.parametrize("size", [(1500, 500), (500, 1500)])
def test_the_crop_keeps_the_start_the_middle_or_the_end(size: tuple[int, int]) -> None:
    web = prepared(striped(size)).web
    for crop, colour in zip(CROPS, (RED, GREEN, BLUE), strict=True):
        cut = opened(info_photo(web, crop))
        assert cut.size == ((640, 480) if size[0] > size[1] else (480, 640))
        assert like(cut, (cut.width // 2, cut.height // 2), colour)


@pytest.mark.parametrize(
    ("size", "axis"),
    [
        ((1600, 1200), None),
        ((1600, 1199), None),
        ((1200, 1600), None),
        ((1600, 900), "x"),
        ((1000, 1000), "y"),
        ((1280, 1000), "y"),
        ((900, 1600), "y"),
        ((1000, 1100), "x"),
    ],
)
def test_the_crop_moves_along_the_side_that_is_cut(size: tuple[int, int], axis: str | None) -> None:
    assert crop_axis(*size) == axis
