"""One line of the table that the benchmarks print, write as JSON and put into the README."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`value` is the median of the rounds, in `unit`; `low` and `high` are their range.

    `aim` says what was to be reached ("at least 2 × python-telegram-bot"), and `reached` whether it was; a peer's
    row has none.
    """

    group: str  # throughput, latency, photos, reminders, lists, footprint
    what: str
    value: float
    unit: str
    low: float
    high: float
    aim: str = ""
    reached: bool | None = None
