"""What a search has found so far, in order: its count, and the pages near its beginning, without asking again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of the first entries, each with its turn in the order; `more` where there are others after these."""

    ids: Sequence[int]
    turns: Sequence[Any]
    more: bool

    def count(self, most: int) -> tuple[int, bool]:
        """How many there are, at most `most`, and whether there are more."""
        return min(len(self.ids), most), self.more or len(self.ids) > most

    def next(self, most: int, turn: Any = None, back: bool = False) -> Sequence[int] | None:
        """The ids after a turn, or before it and backwards; None where what is known does not reach that far."""
        if back:
            end = len(self.ids) if turn is None else bisect_left(self.turns, turn)
            reached = not self.more or end < len(self.ids)
            return self.ids[max(end - most, 0) : end][::-1] if reached else None
        start = 0 if turn is None else bisect_right(self.turns, turn)
        some = self.ids[start : start + most]
        return some if not self.more or len(some) == most else None
