"""Whole conversations as an officer has them, compared word for word.

After a change of words: `python -m tests.flows.test_transcripts --record tests/flows/transcripts/FILE.txt`, and read
every line that changed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flows import CATALOGUE
from tests.flows.transcript import played, record

FOLDER = Path(__file__).parent / "transcripts"
FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_conversation_is_held_as_written(file: Path) -> None:
    script = file.read_text(encoding="utf-8")
    assert played(script).split("\n") == script.split("\n")


@pytest.mark.parametrize("form", CATALOGUE)
def test_every_form_has_its_conversations(form: str) -> None:
    there = {file.stem.removeprefix(f"{form}-") for file in FILES if file.stem.startswith(f"{form}-")}
    assert there >= {"happy", "english", "wrong-answers", "corrections", "leaving", "changes-asked"}


@pytest.mark.parametrize("form", CATALOGUE)
def test_every_field_of_a_form_is_filled_in_by_some_conversation(form: str) -> None:
    texts = [file.read_text(encoding="utf-8") for file in FILES if file.stem.startswith(f"{form}-")]
    missing = [one.key for one in CATALOGUE[form].fields if not any(f"\n   {one.key}: " in t for t in texts)]
    assert not missing


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] != "--record":
        sys.exit(__doc__)
    for name in sys.argv[2:]:
        record(Path(name))
