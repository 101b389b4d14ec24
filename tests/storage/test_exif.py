"""Where and when a photo was taken, as far as its camera wrote sense."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import TiffImagePlugin

from tests.storage.pictures import corners, exif, gps, prepared, saved


def test_the_cameras_place_and_time_are_read() -> None:
    block = exif(1, gps((18, 47, 18.24), (98, 59, 5.28)), "2017:01:31 09:30:00", "+07:00")
    photo = prepared(saved(corners(), exif=block))
    assert photo.place == (18.7884, 98.9848)
    assert photo.taken_at == "2017-01-31T09:30:00+07:00"


def test_south_and_west_are_negative() -> None:
    block = exif(1, gps((12, 30, 0), (77, 0, 0), "S", "W"))
    assert prepared(saved(corners(), exif=block)).place == (-12.5, -77.0)


@pytest.mark.parametrize(
    "wrong",
    [
        gps((0, 0, 0), (0, 0, 0)),
        gps((91, 0, 0), (98, 0, 0)),
        gps((18, 0, 0), (181, 0, 0)),
        {1: "N", 2: (18.0, 0.0, 0.0)},
        {2: (18.0, 0.0, 0.0), 4: (98.0, 0.0, 0.0)},
        {1: "N", 2: (18.0, 0.0), 3: "E", 4: (98.0,)},
        {1: "N", 2: (TiffImagePlugin.IFDRational(0, 0),) * 3, 3: "E", 4: (98.0, 0.0, 0.0)},
    ],
)
def test_a_place_that_makes_no_sense_is_no_place_and_costs_no_photo(wrong: dict[int, Any]) -> None:
    assert prepared(saved(corners(), exif=exif(1, wrong))).place is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2567:02:29 08:00:00", "2024-02-29T08:00:00"),  # a phone set to the Thai calendar
        ("0000:00:00 00:00:00", None),
        ("2017:13:31 09:30:00", None),
        ("yesterday", None),
    ],
)
def test_a_time_is_read_in_either_era_or_not_at_all(written: str, read: str | None) -> None:
    assert prepared(saved(corners(), exif=exif(1, None, written))).taken_at == read


def test_a_photo_without_exif_has_neither_place_nor_time() -> None:
    photo = prepared(saved(corners()))
    assert (photo.place, photo.taken_at) == (None, None)
