"""The same photo is known again, and another one is not taken for it."""

from __future__ import annotations

import itertools

import pytest
from PIL import ImageEnhance

from storage.photos import alike, shrink_jpeg
from tests.storage.pictures import prepared, saved, scene


@pytest.mark.parametrize("seed", range(6))
def test_the_same_photo_compressed_or_resized_anew_is_alike(seed: int) -> None:
    photo = scene(seed)
    first = prepared(saved(photo, quality=90)).likeness
    again = [
        saved(photo, quality=35),
        saved(photo.resize((640, 480))),
        saved(photo, "WEBP", quality=60),
        shrink_jpeg(saved(photo), 800)[0],
        saved(ImageEnhance.Brightness(photo).enhance(1.1)),
    ]
    assert all(alike(first, prepared(data).likeness) for data in again)


def test_different_scenes_are_not_alike() -> None:
    likenesses = [prepared(saved(scene(seed, 320, 240))).likeness for seed in range(30)]
    assert not [pair for pair in itertools.combinations(likenesses, 2) if alike(*pair)]


def test_a_likeness_fits_a_databases_largest_whole_number() -> None:
    likenesses = [prepared(saved(scene(seed, 320, 240))).likeness for seed in range(12)]
    assert all(-(2**63) <= likeness < 2**63 for likeness in likenesses)
    assert min(likenesses) < 0 < max(likenesses)
    assert alike(-1, -2)
    assert not alike(-1, 0)
