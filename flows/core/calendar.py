"""Working days and the hours in which messages may go out, by the clock in Thailand."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flows.core.campaign import Campaign
from flows.core.dates import BANGKOK

_DAY = timedelta(days=1)
_FAR = 400  # days looked through for a working day: a year of holidays is a mistake, not a wait


@dataclass(frozen=True, slots=True)
class Hours:
    """When messages may go out: from `opens` until just before `closes`, Monday to Friday, not on `days_off`."""

    opens: time
    closes: time
    days_off: AbstractSet[date]

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.days_off

    def opening(self, day: date) -> datetime:
        """The moment at which that day's hours begin, whether it is a working day or not."""
        return datetime.combine(day, self.opens, BANGKOK)

    def open_at(self, moment: datetime) -> bool:
        local = moment.astimezone(BANGKOK)
        return self.works(local.date()) and self.opens <= local.time() < self.closes

    def working_day(self, day: date, step: int) -> date | None:
        """The day itself if it is a working day, else the nearest one before (step -1) or after it (step 1)."""
        for _ in range(_FAR):
            if self.works(day):
                return day
            day += step * _DAY
        return None

    def next_open(self, moment: datetime) -> datetime | None:
        """The moment itself within the hours, else when they next begin; None when they never do."""
        if self.open_at(moment):
            return moment
        local = moment.astimezone(BANGKOK)
        late = local.time() >= self.opens
        day = self.working_day(local.date() + late * _DAY, 1)
        return None if day is None or self.opens >= self.closes else self.opening(day)


def hours_of(campaign: Campaign, days_off: AbstractSet[date]) -> Hours:
    """The campaign's hours; `days_off` are the public holidays, its own days off come on top."""
    return Hours(campaign.opens, campaign.closes, days_off | campaign.extra_days_off)


def day_in_thailand(moment: datetime) -> date:
    return moment.astimezone(BANGKOK).date()
