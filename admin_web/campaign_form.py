"""A campaign as it is filled in on the page: every answer as typed, and what it means or why it means nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Final, TypeVar

from multidict import MultiDictProxy

from admin_web import campaign_problems as say
from admin_web.campaign_answers import (
    read_clock,
    read_day,
    read_day_if_any,
    read_days,
    read_days_off,
    read_line,
    read_owed,
    read_scope,
    written_clock,
)
from flows import CATALOGUE
from flows.core.calendar import day_in_thailand
from flows.core.campaign import Campaign, Counts, Scope
from flows.core.dates import BANGKOK, both, shown
from flows.core.problem import Problem
from flows.core.roles import Reach
from flows.core.text import Language, one_line, tidy
from storage.places import Places

LONGEST: Final = (
    5000  # characters of anything typed; longer than any rule lets through, so that the rule can say so
)
MOST_TITLE, MOST_NUMBER, MOST_WORDING = 200, 100, 1000

Value = TypeVar("Value")
Problems = Mapping[str, Problem]


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form; places are `ลำปาง` and `ลำปาง/เกาะคา`."""

    title: str = ""
    letter_number: str = ""
    letter_date: str = ""
    letter: str = ""  # the name of the file that is kept
    deadline: str = ""
    hour: str = "16.30"
    owed: Mapping[str, str] = field(default_factory=dict)
    counts: Counts = "submitted"
    since: str = ""
    provinces: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    before: str = "30, 14, 7, 3, 1, 0"
    after: str = "1, 7"
    opens: str = "8.30"
    closes: str = "16.30"
    days_off: str = ""
    wording: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """What the form means: a campaign, unless something is wrong with it."""

    campaign: Campaign | None
    wrong: Problems


def read_form(form: MultiDictProxy[Any]) -> Filled:
    """The form as it came in; the file aside."""

    def line(name: str) -> str:
        return one_line(str(form.get(name, "")))[:LONGEST]

    def several(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one_line(str(value))[:200] for value in form.getall(name, ())))

    counts: Counts = "approved" if form.get("counts") == "approved" else "submitted"
    version = line("version")
    return Filled(
        title=line("title"), letter_number=line("letter_number"), letter_date=line("letter_date"),
        letter=line("letter_kept"), deadline=line("deadline"), hour=line("hour"),
        owed={key: line(f"owed.{key}") for key in CATALOGUE}, counts=counts, since=line("since"),
        provinces=several("province"), districts=several("district"), types=several("type"),
        before=line("before"), after=line("after"), opens=line("opens"), closes=line("closes"),
        days_off=tidy(str(form.get("days_off", "")))[:LONGEST], wording=tidy(str(form.get("wording", "")))[:LONGEST],
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
    )  # fmt: skip


def filled_of(campaign: Campaign, letter: str, version: int, language: Language) -> Filled:
    """A kept campaign as the form shows it: dates in the reader's calendar, ready to be read again."""

    def day(one: date | None) -> str:
        return shown(one, language) if one else ""

    return Filled(
        title=campaign.title, letter_number=campaign.letter_number, letter_date=day(campaign.letter_date),
        letter=letter, deadline=day(campaign.deadline_day),
        hour=written_clock(campaign.deadline.astimezone(BANGKOK).time()),
        owed={one.form: str(one.count) for one in campaign.requirements}, counts=campaign.counts,
        since=day(campaign.since), provinces=campaign.scope.provinces,
        districts=tuple("/".join(one) for one in campaign.scope.districts), types=campaign.scope.types,
        before=", ".join(map(str, campaign.before)), after=", ".join(map(str, campaign.after)),
        opens=written_clock(campaign.opens), closes=written_clock(campaign.closes),
        days_off="\n".join(day(one) for one in sorted(campaign.extra_days_off)), wording=campaign.wording,
        version=version,
    )  # fmt: skip


def read_campaign(
    filled: Filled, places: Places, reach: Reach, now: datetime, before: Campaign | None = None
) -> Read:
    """The campaign that the form means. `before` is the one that it changes; its own past deadline is let be."""
    today = day_in_thailand(now)
    found = _Findings()
    title = found.take("title", read_line(filled.title, MOST_TITLE, say.NO_TITLE), "")
    number = found.take("letter_number", read_line(filled.letter_number, MOST_NUMBER), "")
    letter_date = found.take(
        "letter_date",
        read_day_if_any(filled.letter_date, today, before.letter_date if before else None),
        None,
    )
    due = _due(found, filled, now, before)
    requirements = found.take("owed", read_owed(filled.owed), ())
    opens, closes = _hours(found, filled)
    campaign = Campaign(
        id=before.id if before else 0, title=title, letter_number=number, letter_date=letter_date,
        deadline=due, requirements=requirements, counts=filled.counts,
        scope=found.take("where", read_scope(filled.provinces, filled.districts, filled.types, places, reach), Scope()),
        before=found.take("before", read_days(filled.before, 0), ()),
        after=found.take("after", read_days(filled.after, 1), ()), opens=opens, closes=closes,
        extra_days_off=found.take("days_off", read_days_off(filled.days_off, today, before), frozenset()),
        wording=found.take("wording", read_line(filled.wording, MOST_WORDING), ""),
        since=found.take("since", read_day_if_any(filled.since, today, before.since if before else None), None),
    )  # fmt: skip
    if before is not None:
        campaign = replace(
            campaign, state=before.state, started_at=before.started_at, moved_at=before.moved_at
        )
    return Read(None if found.wrong else campaign, found.wrong)


def _due(found: _Findings, filled: Filled, now: datetime, before: Campaign | None) -> datetime:
    today = day_in_thailand(now)
    deadline = found.take(
        "deadline", read_day(filled.deadline, today, before.deadline_day if before else None), today
    )
    due = datetime.combine(deadline, found.take("hour", read_clock(filled.hour), time(16, 30)), BANGKOK)
    kept = before is not None and before.deadline == due
    if due <= now and not kept and not found.wrong.keys() & {"deadline", "hour"}:
        found.wrong["deadline"] = Problem(
            "campaign.deadline_passed", say.DEADLINE_PASSED, {"date": both(deadline)}
        )
    return due


def _hours(found: _Findings, filled: Filled) -> tuple[time, time]:
    """When reminders may go out on a working day."""
    opens = found.take("opens", read_clock(filled.opens), time(8, 30))
    closes = found.take("closes", read_clock(filled.closes), time(16, 30))
    if opens >= closes and not found.wrong.keys() & {"opens", "closes"}:
        found.wrong["closes"] = Problem("campaign.hours_reversed", say.HOURS_REVERSED)
    return opens, closes


class _Findings:
    """Takes what could be read, and notes beside its field what could not."""

    def __init__(self) -> None:
        self.wrong: dict[str, Problem] = {}

    def take(self, name: str, found: Value | Problem, otherwise: Value) -> Value:
        if isinstance(found, Problem):
            self.wrong[name] = found
            return otherwise
        return found
