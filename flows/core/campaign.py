"""A campaign: a letter with a deadline, what each LAO owes by it, and when its officers may be reminded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from flows.core.dates import BANGKOK

State = Literal["draft", "running", "paused", "ended"]
Counts = Literal["submitted", "approved"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """How many entries of a form each LAO must have."""

    form: str
    count: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Which LAOs a campaign asks; an empty part leaves nobody out. `districts` are (province, district)."""

    provinces: tuple[str, ...] = ()
    districts: tuple[tuple[str, str], ...] = ()
    types: tuple[str, ...] = ()

    def covers(self, province: str, district: str, type: str) -> bool:
        """Whether an LAO there is asked; provinces and districts add up, the type narrows them."""
        anywhere = not self.provinces and not self.districts
        there = anywhere or province in self.provinces or (province, district) in self.districts
        return there and (not self.types or type in self.types)

    def reaches(self, province: str) -> bool:
        """Whether any place of the province may be asked."""
        anywhere = not self.provinces and not self.districts
        return anywhere or province in self.provinces or any(province == one for one, _ in self.districts)


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    title: str
    letter_number: str
    letter_date: date | None
    deadline: datetime  # aware; people see Asia/Bangkok
    requirements: tuple[Requirement, ...]
    counts: Counts  # what fulfils a requirement
    scope: Scope
    before: tuple[int, ...] = (30, 14, 7, 3, 1, 0)  # days before the deadline's day; 0 is the day itself
    after: tuple[int, ...] = (1, 7)  # days after it
    opens: time = time(8, 30)  # messages go out from here ...
    closes: time = time(16, 30)  # ... until just before here, by the clock in Thailand
    extra_days_off: frozenset[date] = frozenset()
    wording: str = ""  # the coordinator's own words, at the head of a reminder
    state: State = "draft"
    started_at: datetime | None = None
    moved_at: datetime | None = None  # when the deadline was last changed while running
    since: date | None = None  # only entries sent on or after this day count; None: all
    counted_to: str | None = (
        None  # while entries are being counted: done up to this LAO's code; None: all are
    )

    def __post_init__(self) -> None:
        if self.deadline.tzinfo is None:
            raise ValueError("a deadline without a time zone")

    @property
    def deadline_day(self) -> date:
        """The day of the deadline in Thailand."""
        return self.deadline.astimezone(BANGKOK).date()

    @property
    def counting(self) -> bool:
        """Whether what LAOs have sent is still being counted: nothing may be said of what they lack."""
        return self.counted_to is not None

    def passed(self, now: datetime) -> bool:
        return now >= self.deadline

    def required(self, form: str) -> int:
        """How many of a form each LAO must have, 0 for a form that is not asked for."""
        return sum(one.count for one in self.requirements if one.form == form)
