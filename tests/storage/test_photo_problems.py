"""Every sentence about a photo, and the warnings an officer sees before keeping one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PIL import ImageEnhance, ImageFilter

from flows.core.problem import Problem
from flows.core.text import LANGUAGES
from storage import photo_problems
from tests.storage.pictures import codes, saved, scene


def every_problem() -> Iterator[Problem]:
    yield from (photo_problems.NOT_AN_IMAGE, photo_problems.DAMAGED)
    yield from (photo_problems.TOO_COMPLEX, photo_problems.TOO_NARROW, photo_problems.HEIC_UNREADABLE)
    yield photo_problems.kind_not_supported("PDF")
    yield photo_problems.too_many_pixels(25_000_000)
    yield photo_problems.too_small_to_read(30, 20)
    yield photo_problems.too_large_file(23_456_789)


def test_every_problem_and_warning_reads_well_in_both_languages() -> None:
    problems = list(every_problem())
    assert len({found.code for found in problems}) == len(problems) == 9
    sentences = [(found.say, found.facts) for found in problems]
    sentences += [(warning.say, {}) for warning in photo_problems.WARNINGS] + [(photo_problems.ANIMATED, {})]
    for (say, facts), language in itertools.product(sentences, LANGUAGES):
        said = say.to(language, facts)
        assert said
        assert "{" not in said


@pytest.mark.parametrize("seed", range(6))
def test_a_normal_photo_gives_no_warning(seed: int) -> None:
    assert codes(saved(scene(seed), quality=80)) == []
    assert codes(saved(scene(seed, 960, 1280), quality=80)) == []


@pytest.mark.parametrize(
    ("size", "small"),
    [((640, 480), False), ((480, 640), False), ((639, 480), True), ((480, 639), True), ((1280, 470), True)],
)
def test_small_means_short_of_infos_size_as_it_lies_or_stands(size: tuple[int, int], small: bool) -> None:
    assert ("small" in codes(saved(scene(1, *size)))) is small


@pytest.mark.parametrize("seed", range(6))
def test_a_photo_taken_in_the_dark_is_said_to_be_dark_and_a_brighter_one_is_not(seed: int) -> None:
    assert codes(saved(ImageEnhance.Brightness(scene(seed)).enhance(0.15))) == ["dark"]
    assert codes(saved(ImageEnhance.Brightness(scene(seed)).enhance(0.6))) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_shaken_photo_is_said_to_be_blurred(seed: int) -> None:
    assert codes(saved(scene(seed).filter(ImageFilter.GaussianBlur(4)))) == ["blurred"]


def test_a_sharp_subject_before_a_blurred_background_is_sharp() -> None:
    sharp = scene(3)
    photo = sharp.filter(ImageFilter.GaussianBlur(8))
    photo.paste(sharp.crop((400, 300, 1000, 800)), (400, 300))
    assert codes(saved(photo)) == []
