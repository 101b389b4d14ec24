"""Thailand's public holidays, with the days given for those that fall on a weekend."""

from __future__ import annotations

from datetime import date
from functools import cache

from holidays import country_holidays
from holidays.constants import GOVERNMENT, PUBLIC


def days_off(first: date, last: date) -> frozenset[date]:
    """The days from `first` to `last`, both included, on which government offices are closed by the calendar."""
    years = range(first.year, last.year + 1)
    return frozenset(day for year in years for day in _of_year(year) if first <= day <= last)


@cache
def _of_year(year: int) -> frozenset[date]:
    return frozenset(country_holidays("TH", years=year, categories=(PUBLIC, GOVERNMENT)))
