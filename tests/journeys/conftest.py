"""A store of the embedded default, for journeys where the kind of database adds nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.core import engine
from flows.core.chat import Said
from storage.db import Store


@pytest.fixture
def embedded_setting(sqlite_template: Path, tmp_path: Path) -> str:
    """What THONGTHIN_DATABASE would be."""
    file = tmp_path / "thongthin.sqlite3"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def embedded(embedded_setting: str) -> Iterator[Store]:
    opened = Store(embedded_setting)
    yield opened
    opened.close()


def _raise(words: str) -> None:
    raise ValueError(words)


@dataclass
class Poison:
    """`does` is the mistake."""

    mended: bool = False
    does: Callable[[str], object] = _raise


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> Poison:
    """One word that the engine stumbles over, until that is mended; without the pauses between tries."""
    advance, found = engine.advance, Poison()

    def stumbling(flow: Any, c: Any, inbound: Any, *rest: Any) -> engine.Turn:
        if isinstance(inbound, Said) and "ยาพิษ" in inbound.text and not found.mended:
            found.does(inbound.text)
        return advance(flow, c, inbound, *rest)

    monkeypatch.setattr(engine, "advance", stumbling)
    monkeypatch.setattr("bot.inbox.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("bot.postbox.FIRST_PAUSE", 0.01)
    return found
