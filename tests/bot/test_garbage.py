"""A process that serves looks for garbage seldom, and still finds it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot import garbage


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


class Node:
    def __init__(self) -> None:
        self.me = self


def test_what_holds_itself_is_let_go_of_by_and_by() -> None:
    garbage.look_seldom()
    seen = weakref.ref(Node())
    assert gc.isenabled()
    kept: list[list[int]] = []
    while seen() is not None:
        kept.append([])
        assert len(kept) < 3 * garbage.NEW
