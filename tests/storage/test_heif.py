"""iPhone photos are decoded in a process that may die without the service."""

from __future__ import annotations

import random
import signal
import subprocess
from typing import Any

import pytest

from flows.core.problem import Problem
from storage import heif, picture
from storage.photos import Prepared, prepare
from tests.storage.pictures import BLUE, HEIC, RED, corners, like, opened, prepared, problem, saved


def test_an_iphone_photo_is_upright_with_its_place_and_without_its_metadata() -> None:
    photo = prepared(HEIC)
    assert (photo.format, photo.width, photo.height) == ("HEIF", 72, 96)
    web = opened(photo.web)
    assert web.size == (72, 96)
    assert like(web, (36, 10), RED)
    assert like(web, (36, 85), BLUE)
    assert photo.place == (18.7884, 98.9848)
    assert b"Exif" not in photo.web


def test_without_pi_heif_an_iphone_photo_is_refused_and_a_jpeg_still_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(heif, "READABLE", False)
    assert problem(HEIC) == "photo.heic_unreadable"
    assert prepared(saved(corners())).format == "JPEG"


def test_a_file_that_brings_its_decoder_down_is_refused_and_the_next_photo_taken() -> None:
    # Metadata of an unknown type: pi_heif 1.4 ends in a segmentation fault, and this test with it if decoded here.
    assert problem(HEIC.replace(b"Exif", b"\xabxif", 1)) == "photo.damaged"
    assert prepared(HEIC).format == "HEIF"


@pytest.mark.parametrize("seed", range(5))
def test_no_iphone_photo_with_wrong_bytes_in_it_makes_it_raise(seed: int) -> None:
    chance, changed = random.Random(seed), bytearray(HEIC)
    for _ in range(6):
        changed[chance.randrange(32, len(changed))] = chance.randrange(256)
    assert isinstance(prepare(bytes(changed)), Prepared | Problem)


def test_too_many_pixels_are_refused_before_they_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MOST_PIXELS", 72 * 96 - 1)
    assert problem(HEIC) == "photo.too_many_pixels"
    monkeypatch.setattr(picture, "MOST_PIXELS", 72 * 96)
    assert prepared(HEIC).height == 96


def test_a_photo_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heif, "SECONDS", 0.001)
    assert problem(HEIC) == "photo.too_complex"


def test_a_decoder_stopped_by_someone_else_is_no_fault_of_the_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: subprocess.CompletedProcess[bytes] = subprocess.CompletedProcess([], -signal.SIGTERM, b"", b"")
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", lambda *_, **__: stopped)
        with pytest.raises(OSError, match="was stopped"):
            prepare(HEIC)
    assert prepared(HEIC).format == "HEIF"


def test_the_decoder_is_not_told_the_services_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGTHIN_TELEGRAM_TOKEN", "secret")
    told: dict[str, str] = {}
    run = subprocess.run

    def noted(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        told.update(options["env"])
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", noted)
    assert prepared(HEIC).format == "HEIF"
    assert not [name for name in told if name.startswith("THONGTHIN")]
