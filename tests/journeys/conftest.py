"""A store of the embedded default, for journeys where the kind of database adds nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.db import Store


@pytest.fixture
def embedded(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    file = tmp_path / "thongthin.sqlite3"
    shutil.copy(sqlite_template, file)
    opened = Store(f"sqlite:///{file}")
    yield opened
    opened.close()
