"""Thailand's public holidays by name, with the days given for those that fall on a weekend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from holidays import country_holidays
from holidays.constants import GOVERNMENT, PUBLIC

from flows.core.text import T


def days_off(first: date, last: date) -> frozenset[date]:
    """The days from `first` to `last`, both included, on which government offices are closed by the calendar."""
    return frozenset(named(first, last))


def named(first: date, last: date) -> Mapping[date, T]:
    """The same days, each with its name, in their order."""
    years = range(first.year, last.year + 1)
    return {day: name for year in years for day, name in _of_year(year).items() if first <= day <= last}


@cache
def _of_year(year: int) -> Mapping[date, T]:
    thai, english = (
        country_holidays("TH", years=year, categories=(PUBLIC, GOVERNMENT), language=language)
        for language in ("th", "en_US")
    )
    return {day: T(_plain(thai[day]), _plain(english[day])) for day in sorted(thai)}


def _plain(names: str) -> str:
    """Two holidays on one day are parted by a semicolon in the library."""
    return names.replace("; ", ", ")
