"""Working days and sending hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.calendar import Hours, day_in_thailand
from flows.core.dates import BANGKOK

MONDAY_OFF = date(2017, 1, 2)  # after the weekend of new year's day
HOURS = Hours(time(8, 30), time(16, 30), frozenset({MONDAY_OFF}))


def bangkok(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2017, 1, day, hour, minute, second, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (bangkok(3, 8, 29, 59), False),
        (bangkok(3, 8, 30), True),
        (bangkok(3, 16, 29, 59), True),
        (bangkok(3, 16, 30), False),
        (bangkok(2, 12), False),
        (bangkok(7, 12), False),
        (bangkok(8, 12), False),
        (datetime(2017, 1, 3, 1, 30, tzinfo=UTC), True),
        (datetime(2017, 1, 3, 9, 30, tzinfo=UTC), False),
    ],
)
def test_messages_go_out_in_office_hours_of_working_days(moment: datetime, is_open: bool) -> None:
    assert HOURS.open_at(moment) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (bangkok(3, 10), bangkok(3, 10)),
        (bangkok(3, 7), bangkok(3, 8, 30)),
        (bangkok(3, 16, 30), bangkok(4, 8, 30)),
        (bangkok(6, 17), bangkok(9, 8, 30)),
        (datetime(2016, 12, 30, 17, tzinfo=BANGKOK), bangkok(3, 8, 30)),
    ],
)
def test_outside_the_hours_the_next_working_morning_is_named(moment: datetime, opens: datetime) -> None:
    assert HOURS.next_open(moment) == opens


def test_the_nearest_working_day_steps_over_weekends_and_days_off() -> None:
    assert HOURS.working_day(date(2017, 1, 1), 1) == date(2017, 1, 3)
    assert HOURS.working_day(date(2017, 1, 1), -1) == date(2016, 12, 30)
    assert HOURS.working_day(date(2017, 1, 3), -1) == date(2017, 1, 3)


def test_hours_that_never_come_are_no_moment_and_no_endless_search() -> None:
    two_years = frozenset(date(2017, 1, 1) + timedelta(days=n) for n in range(800))
    assert Hours(time(8, 30), time(16, 30), two_years).next_open(bangkok(3, 10)) is None
    assert Hours(time(9), time(9), frozenset()).next_open(bangkok(3, 10)) is None


def test_late_evening_in_utc_is_the_next_day_in_thailand() -> None:
    assert day_in_thailand(datetime(2017, 1, 3, 17, 0, tzinfo=UTC)) == date(2017, 1, 4)


@given(
    st.datetimes(datetime(2016, 1, 1), datetime(2018, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.frozensets(st.dates(date(2016, 1, 1), date(2018, 2, 1)), max_size=40),
)
def test_the_next_open_moment_is_open_and_none_before_it_is(
    moment: datetime, days_off: frozenset[date]
) -> None:
    hours = Hours(time(8, 30), time(16, 30), days_off)
    opens = hours.next_open(moment)
    assert opens is not None
    assert opens >= moment
    assert hours.open_at(opens)
    assert opens == moment or not hours.open_at(opens - timedelta(microseconds=1))
    hourly = (moment + timedelta(hours=n) for n in range(int((opens - moment) / timedelta(hours=1)) + 1))
    assert not any(hours.open_at(one) for one in hourly if one < opens)
