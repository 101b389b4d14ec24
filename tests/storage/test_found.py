"""What was found so far gives the pages that it reaches, and no others."""

from __future__ import annotations

import pytest

from storage.found import Found

ALL = Found([50, 30, 40], [1, 2, 3], more=False)
SOME = Found([50, 30, 40], [1, 2, 3], more=True)


def test_what_is_counted_says_whether_there_is_more() -> None:
    assert ALL.count(3) == (3, False)
    assert ALL.count(2) == (2, True)
    assert SOME.count(3) == (3, True)
    assert Found([], [], more=False).count(3) == (0, False)


@pytest.mark.parametrize("found", [ALL, SOME])
def test_pages_within_it_are_known_forwards_and_backwards(found: Found) -> None:
    assert found.next(2) == [50, 30]
    assert found.next(2, turn=1) == [30, 40]
    assert found.next(2, turn=3, back=True) == [30, 50]
    assert found.next(1, turn=3, back=True) == [30]
    assert found.next(2, turn=1, back=True) == []


def test_the_end_is_known_only_where_all_is() -> None:
    assert ALL.next(2, turn=2) == [40]
    assert SOME.next(2, turn=2) is None
    assert ALL.next(2, turn=9) == []
    assert SOME.next(2, turn=9) is None
    assert ALL.next(2, turn=9, back=True) == [40, 30]
    assert SOME.next(2, turn=9, back=True) is None
    assert ALL.next(2, back=True) == [40, 30]
    assert SOME.next(2, back=True) is None


def test_an_entry_that_has_left_its_place_has_neighbours_still() -> None:
    between = Found([50, 30], [1, 3], more=False)
    assert (between.next(1, turn=2, back=True), between.next(1, turn=2)) == ([50], [30])
