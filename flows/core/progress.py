"""How far a campaign has come: what each LAO still owes, sums over many LAOs, and the pace it takes to be in time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, get_args

from flows.core.campaign import Counts
from flows.core.dates import BANGKOK
from flows.core.phones import Phone
from flows.core.text import T, folded

Stage = Literal["complete", "waiting", "partly", "nothing", "nobody"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
STAGE_LABELS: Final[Mapping[Stage, T]] = {
    "complete": T("ครบแล้ว", "Complete"),
    "waiting": T("ส่งครบ รอตรวจ", "All sent, in review"),
    "partly": T("ยังขาดบางส่วน", "Partly sent"),
    "nothing": T("ยังไม่ส่ง", "Nothing sent"),
    "nobody": T("ยังไม่มีเจ้าหน้าที่", "No officer yet"),
}


@dataclass(frozen=True, slots=True)
class FormStanding:
    """How many entries of one form an LAO owes, and how many stand where; `submitted` is every one ever sent."""

    owed: int = 0
    submitted: int = 0
    waiting: int = 0
    returned: int = 0
    approved: int = 0
    rejected: int = 0

    def done(self, counts: Counts) -> int:
        """How many of the owed are fulfilled; what was sent beyond them fulfils nothing."""
        return min(self.owed, self.approved if counts == "approved" else self.approved + self.waiting)

    def lacks(self, counts: Counts) -> int:
        return self.owed - self.done(counts)

    # The owed are either approved or, in this order:

    @property
    def to_review(self) -> int:
        return min(self.waiting, self.owed - min(self.owed, self.approved))

    @property
    def to_fix(self) -> int:
        return min(self.returned, max(0, self.owed - self.approved - self.waiting))

    @property
    def to_send(self) -> int:
        """How many the officer has yet to begin: one that waits or was returned for changes is under way."""
        return max(0, self.owed - self.approved - self.waiting - self.returned)


@dataclass(frozen=True, slots=True)
class Standing:
    """One LAO in one campaign; `by_form` has the required forms only."""

    lao_code: str
    lao_name: str
    type: str
    district: str
    province: str
    by_form: Mapping[str, FormStanding]
    officers_joined: int
    reachable: bool
    phones: Sequence[Phone] = ()  # of the office

    def lacks(self, counts: Counts) -> Mapping[str, int]:
        """How many of each form are not fulfilled yet; a form that is has no line."""
        lacking = {form: one.lacks(counts) for form, one in self.by_form.items()}
        return {form: number for form, number in lacking.items() if number}

    def to_send(self) -> Mapping[str, int]:
        """How many of each form the officer has yet to begin."""
        return {form: one.to_send for form, one in self.by_form.items() if one.to_send}

    def complete(self, counts: Counts) -> bool:
        return not self.lacks(counts)

    def stage(self, counts: Counts) -> Stage:
        if self.complete(counts):
            return "complete"
        if self.complete("submitted"):
            return "waiting"
        if any(one.approved or one.waiting or one.returned for one in self.by_form.values()):
            return "partly"
        return "nothing" if self.officers_joined else "nobody"


@dataclass(frozen=True, slots=True)
class Tally:
    """Entries of one LAO or of many.

    Of the `owed`, `done` are fulfilled, and `to_review`, `to_fix`, `to_send` are not approved, counted for each
    LAO and form apart: what one sends too many makes up for nothing elsewhere. The rest are all there are.
    """

    owed: int = 0
    done: int = 0
    to_review: int = 0
    to_fix: int = 0
    to_send: int = 0
    submitted: int = 0
    waiting: int = 0
    returned: int = 0
    approved: int = 0
    rejected: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.owed + other.owed,
            self.done + other.done,
            self.to_review + other.to_review,
            self.to_fix + other.to_fix,
            self.to_send + other.to_send,
            self.submitted + other.submitted,
            self.waiting + other.waiting,
            self.returned + other.returned,
            self.approved + other.approved,
            self.rejected + other.rejected,
        )

    @property
    def lacking(self) -> int:
        return self.owed - self.done

    @property
    def share(self) -> float:
        """0 to 1; where nothing is owed all is done."""
        return self.done / self.owed if self.owed else 1.0


def tally_of(standing: Standing, counts: Counts) -> Tally:
    return sum((_tally(one, counts) for one in standing.by_form.values()), Tally())


def _tally(one: FormStanding, counts: Counts) -> Tally:
    return Tally(
        one.owed,
        one.done(counts),
        one.to_review,
        one.to_fix,
        one.to_send,
        one.submitted,
        one.waiting,
        one.returned,
        one.approved,
        one.rejected,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the progress table: the country, a province, a district, or (`laos` is 1) an LAO."""

    key: str
    name: str
    tally: Tally = field(default_factory=Tally)
    stages: Mapping[Stage, int] = field(default_factory=dict)  # how many LAOs are in each; none is left out
    unreachable: int = 0  # LAOs with officers of whom none can be reached

    @property
    def laos(self) -> int:
        return sum(self.stages.values())

    @property
    def complete(self) -> int:
        return self.stages.get("complete", 0)


def row_of(standing: Standing, counts: Counts) -> Row:
    cut_off = standing.officers_joined > 0 and not standing.reachable
    stages: dict[Stage, int] = {standing.stage(counts): 1}
    return Row(standing.lao_code, standing.lao_name, tally_of(standing, counts), stages, int(cut_off))


def sum_of(rows: Iterable[Row], key: str = "", name: str = "") -> Row:
    """All the rows as one; sums of sums are right too."""
    tally, unreachable, stages = Tally(), 0, dict.fromkeys(STAGES, 0)
    for row in rows:
        tally += row.tally
        unreachable += row.unreachable
        for stage, laos in row.stages.items():
            stages[stage] += laos
    return Row(key, name, tally, {stage: laos for stage, laos in stages.items() if laos}, unreachable)


def by_province(standings: Iterable[Standing], counts: Counts) -> list[Row]:
    """A row for each province, in the order of their names."""
    return _grouped(standings, counts, lambda one: one.province)


def by_district(standings: Iterable[Standing], counts: Counts) -> list[Row]:
    """A row for each district; give it the LAOs of one province, or districts of one name fall together."""
    return _grouped(standings, counts, lambda one: one.district)


def _grouped(standings: Iterable[Standing], counts: Counts, place: Callable[[Standing], str]) -> list[Row]:
    groups: dict[str, list[Row]] = {}
    for one in standings:
        groups.setdefault(place(one), []).append(row_of(one, counts))
    return [sum_of(groups[name], name, name) for name in sorted(groups, key=thai_order)]


# --- sorting

Column = Literal["name", "laos", "complete", "owed", "done", "lacking", "submitted", "waiting", "returned",
                 "approved", "share", "unreachable"]  # fmt: skip
COLUMNS: Final[tuple[Column, ...]] = get_args(Column)
_NUMBERS: Final[Mapping[Column, Callable[[Row], float]]] = {
    "laos": lambda row: row.laos,
    "complete": lambda row: row.complete,
    "owed": lambda row: row.tally.owed,
    "done": lambda row: row.tally.done,
    "lacking": lambda row: row.tally.lacking,
    "submitted": lambda row: row.tally.submitted,
    "waiting": lambda row: row.tally.waiting,
    "returned": lambda row: row.tally.returned,
    "approved": lambda row: row.tally.approved,
    "share": lambda row: row.tally.share,
    "unreachable": lambda row: row.unreachable,
}


def in_order(rows: Iterable[Row], by: Column = "name", falling: bool = False) -> list[Row]:
    """The rows by one column; equal ones by their names, which always rise unless they are what is asked for."""
    named = sorted(rows, key=lambda row: (thai_order(row.name), row.key), reverse=falling and by == "name")
    return named if by == "name" else sorted(named, key=_NUMBERS[by], reverse=falling)


_LEADING_VOWEL = re.compile("([เแโใไ])([ก-ฮ])")
_TONES = dict.fromkeys(map(ord, "็่้๊๋์"))


@lru_cache(4096)  # the country's provinces and districts, again and again
def thai_order(text: str) -> tuple[str, str]:
    """What to sort Thai names by: a vowel written before its consonant counts after it, tone marks count last."""
    plain = folded(text)
    return _LEADING_VOWEL.sub(r"\2\1", plain.translate(_TONES)), plain


# --- pace


@dataclass(frozen=True, slots=True)
class Pace:
    """Entries a day: `made` since the start and `lately`, and what is `needed` from today on (None: too late)."""

    made: float
    lately: float
    needed: float | None
    days_left: int  # with today and the last day; 0 when the deadline has passed
    done_by: date | None  # at the pace of late; None: never at that pace

    @property
    def in_time(self) -> bool:
        return self.needed is not None and (self.needed == 0 or self.lately >= self.needed)


LATELY_DAYS: Final = 7


def pace(tally: Tally, by_day: Mapping[date, int], started: date, deadline: datetime, now: datetime) -> Pace:
    """`by_day` has the entries made on each day in Thailand, those that fulfil nothing aside."""
    today = now.astimezone(BANGKOK).date()
    days_left = max(0, (deadline.astimezone(BANGKOK).date() - today).days + 1) if now < deadline else 0
    made = _a_day(by_day, started, today)
    lately = _a_day(by_day, max(started, today - timedelta(days=LATELY_DAYS - 1)), today)
    needed = 0.0 if not tally.lacking else tally.lacking / days_left if days_left else None
    return Pace(made, lately, needed, days_left, _done_by(tally.lacking, lately, today))


def _a_day(by_day: Mapping[date, int], first: date, last: date) -> float:
    made = sum(number for day, number in by_day.items() if first <= day <= last)
    return made / max(1, (last - first).days + 1)


def _done_by(lacking: int, a_day: float, today: date) -> date | None:
    if not lacking:
        return today
    if not a_day or lacking / a_day > 3650:
        return None
    return today + timedelta(days=-int(-lacking // a_day))


def day_by_day(by_day: Mapping[date, int], first: date, last: date) -> Sequence[tuple[date, int]]:
    """Every day from the first to the last, those with nothing too."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [(day, by_day.get(day, 0)) for day in days]
