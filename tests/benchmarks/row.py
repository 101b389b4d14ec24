"""One line of the table that the benchmarks print, write as JSON and put into the README."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`value` is the median of the rounds, in `unit`; `low` and `high` are their range.

    `aim` says what was to be reached ("at least 2 × python-telegram-bot"), and `reached` whether it was; a peer's
    row has none. `before`: the day and the machine, where it was measured on others than the rest of the table.
    """

    group: str  # throughput, latency, photos, reminders, lists, footprint
    what: str
    value: float
    unit: str
    low: float
    high: float
    aim: str = ""
    reached: bool | None = None
    before: str = ""

    @property
    def measure(self) -> str:
        """The module that measured it: "throughput" of "throughput, 50 ms a message"."""
        return self.group.partition(",")[0]


def measured(
    group: str, what: str, values: Sequence[float], unit: str, aim: str = "", reached: bool | None = None
) -> Row:
    """The row of these rounds."""
    return Row(group, what, statistics.median(values), unit, min(values), max(values), aim, reached)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` of the sorted values do not exceed; infinite where there are none."""
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)] if ordered else math.inf
