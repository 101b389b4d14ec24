"""A form can be filled in from beginning to end in the terminal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from bot.terminal import play
from flows import CATALOGUE


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    files = [tmp_path / "one photo.jpg", tmp_path / "two.jpg"]
    for n, file in enumerate(files):
        Image.effect_noise((800, 600), 60 + 30 * n).convert("RGB").save(file)
    return files


class Typist:
    """Types each line in turn; a line in «» presses the button with that label."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.shown = ""

    def show(self, text: str) -> None:
        self.shown += text + "\n"

    def hear(self) -> str:
        if not self.lines:
            raise EOFError(self.shown)
        line = self.lines.pop(0)
        if not line.startswith("«"):
            return line
        before = self.shown.rpartition(line[1:-1])[0]
        return before.rpartition("[")[2].partition("]")[0]


def test_a_landmark_is_filled_in_and_sent(now: datetime, photos: list[Path]) -> None:
    typist = Typist(
        "น้ำตกวังแก้ว", "3", "น้ำตกหลายชั้น", "«✅ เสร็จแล้ว»", f"'{photos[0]}' {photos[1]}", "«✅ เสร็จแล้ว»",
        "๐๕๔-๒๒๓๓๔๔", "99.5160, 18.3360", "1",
    )  # fmt: skip
    done = play(CATALOGUE["landmark"], "th", typist.show, typist.hear, lambda: now)
    assert "ส่งแล้ว" in typist.shown
    assert done.answers["name"] == "น้ำตกวังแก้ว"
    assert len(done.answers["photos"]) == 2  # type: ignore[arg-type]
    assert "สลับ" in typist.shown


def test_a_number_is_an_answer_when_it_begins_with_an_equals_sign(now: datetime) -> None:
    typist = Typist("=2", "=12")
    with pytest.raises(EOFError):
        play(CATALOGUE["landmark"], "en", typist.show, typist.hear, lambda: now)
    assert "Step 2 of" in typist.shown


def test_a_file_that_is_no_photo_is_refused_and_the_right_one_is_taken(
    now: datetime, tmp_path: Path, photos: list[Path]
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("no photo")
    typist = Typist("น้ำตกวังแก้ว", "3", "«Skip»", str(notes), str(photos[1]), "«✅ Done»")
    with pytest.raises(EOFError):
        play(CATALOGUE["landmark"], "en", typist.show, typist.hear, lambda: now)
    assert typist.shown.count("Step 4 of") >= 1
    assert "Step 5 of" in typist.shown


def test_a_form_that_is_put_aside_ends(now: datetime) -> None:
    typist = Typist("1")
    done = play(CATALOGUE["landmark"], "th", typist.show, typist.hear, lambda: now)
    assert done.answers == {}
