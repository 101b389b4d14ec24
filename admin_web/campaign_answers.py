"""Reads the single answers of a campaign's form: lines, dates, hours, counts, days and places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Final

from admin_web import campaign_problems as say
from flows import CATALOGUE
from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.dates import read_date, shown
from flows.core.problem import Problem
from flows.core.roles import Reach
from flows.core.text import LANGUAGES, T, arabic_digits, folded
from storage.places import Places

MOST_OWED, MOST_DAYS, MOST_STAGES, MOST_DAYS_OFF = 99, 365, 12, 60

_CLOCK: Final = re.compile(
    r"(?:เวลา\s*)?(?P<hour>[0-9]{1,2})(?:\s*[:.]\s*(?P<minute>[0-9]{2}))?\s*(?:น\.?|นาฬิกา)?"
)
_NO_DEADLINE: Final = Problem("campaign.no_deadline", say.NO_DEADLINE)


def read_line(text: str, most: int, missing: T | None = None) -> str | Problem:
    if not text and missing is not None:
        return Problem("campaign.missing", missing)
    return Problem("campaign.too_long", say.TOO_LONG, {"most": most}) if len(text) > most else text


def read_day(text: str, today: date, kept: date | None) -> date | Problem:
    """A day as people write it. The one already kept is believed however long ago it was."""
    if not text:
        return _NO_DEADLINE
    return kept if kept is not None and _is(kept, text) else read_date(text, today)


def read_day_if_any(text: str, today: date, kept: date | None) -> date | Problem | None:
    return read_day(text, today, kept) if text else None


def _is(day: date, text: str) -> bool:
    return folded(text) in {folded(shown(day, language)) for language in LANGUAGES}


def read_clock(text: str) -> time | Problem:
    """`16.30`, `16:30 น.`, `๑๖.๓๐`; 24.00 is the last minute of the day."""
    match = _CLOCK.fullmatch(folded(text).strip(" ."))
    if match is None:
        return Problem("campaign.no_clock", say.NO_CLOCK)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if (hour, minute) == (24, 0):
        return time(23, 59)
    return time(hour, minute) if hour < 24 and minute < 60 else Problem("campaign.no_clock", say.NO_CLOCK)


def written_clock(clock: time) -> str:
    return f"{clock.hour}.{clock.minute:02}"


def read_owed(owed: Mapping[str, str]) -> tuple[Requirement, ...] | Problem:
    asked = []
    for form, flow in CATALOGUE.items():
        number = arabic_digits(owed.get(form, "") or "0").strip()
        if not number.isascii() or not number.isdigit() or len(number) > 4 or int(number) > MOST_OWED:
            return Problem("campaign.not_a_count", say.NOT_A_COUNT, {"form": flow.title, "most": MOST_OWED})
        if int(number):
            asked.append(Requirement(form, int(number)))
    return tuple(asked) or Problem("campaign.nothing_owed", say.NOTHING_OWED)


def read_days(text: str, least: int) -> tuple[int, ...] | Problem:
    """`30, 14, 7` in either digits; the same day twice is one."""
    words = [one for one in re.split(r"[\s,;/]+|และ|วัน", arabic_digits(text)) if one]
    if not all(re.fullmatch("[0-9]{1,4}", one) and least <= int(one) <= MOST_DAYS for one in words):
        return Problem("campaign.not_days", say.NOT_DAYS, {"least": least, "most": MOST_DAYS})
    days = {int(one) for one in words}
    if len(days) > MOST_STAGES:
        return Problem("campaign.too_many_stages", say.TOO_MANY_STAGES, {"most": MOST_STAGES})
    return tuple(sorted(days, reverse=not least))


def read_days_off(text: str, today: date, before: Campaign | None) -> frozenset[date] | Problem:
    """One day a line; a wrong one is named by its line."""
    kept = sorted(before.extra_days_off) if before else []
    days: set[date] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if not (words := line.strip(" ,")):
            continue
        found = next((day for day in kept if _is(day, words)), None) or read_date(words, today)
        if isinstance(found, Problem):
            facts = {
                name: fact if isinstance(fact, str | T) else str(fact) for name, fact in found.facts.items()
            }
            why = T(found.say.to("th", facts), found.say.to("en", facts))
            return Problem(found.code, say.DAY_OFF_WRONG, {"line": number, "words": words[:40], "why": why})
        days.add(found)
    if len(days) > MOST_DAYS_OFF:
        return Problem("campaign.too_many_days_off", say.TOO_MANY_DAYS_OFF, {"most": MOST_DAYS_OFF})
    return frozenset(days)


def read_scope(
    provinces: tuple[str, ...],
    districts: tuple[str, ...],
    types: tuple[str, ...],
    places: Places,
    reach: Reach,
) -> Scope | Problem:
    """The LAOs asked. `places` are those within `reach`; whoever reaches only some and chooses none means those."""
    pairs = [(province, district) for province, _, district in (one.partition("/") for one in districts)]
    unknown = [one for one in provinces if not places.has(one)]
    unknown += [" ".join(pair) for pair in pairs if not places.has(*pair)]
    if unknown:
        return Problem("campaign.place_unknown", say.PLACE_UNKNOWN, {"place": unknown[0]})
    for one in types:
        if one not in places.types:
            return Problem("campaign.type_unknown", say.TYPE_UNKNOWN, {"type": one})
    if not reach.everywhere and not provinces and not pairs:
        return Scope(
            reach.provinces, tuple(one for one in reach.districts if one[0] not in reach.provinces), types
        )
    # A whole province has its districts in it.
    return Scope(provinces, tuple(pair for pair in pairs if pair[0] not in provinces), types)
