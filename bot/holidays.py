"""The public holidays around today: what reminders and digests keep away from."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flows.core.calendar import day_in_thailand
from storage.holidays import days_off

_A_YEAR = timedelta(days=400)


def days_off_around(now: datetime) -> frozenset[date]:
    """Those that a campaign of today can meet."""
    today = day_in_thailand(now)
    return days_off(today - _A_YEAR, today + _A_YEAR)
