"""Public holidays of Thailand, as government offices keep them."""

from __future__ import annotations

from datetime import date

from flows.core.text import T
from storage.holidays import days_off, named

YEAR = days_off(date(2017, 1, 1), date(2017, 12, 31))


def test_holidays_of_a_known_year_are_there() -> None:
    songkran = {date(2017, 4, day) for day in (13, 14, 17)}  # the 15th was a Saturday
    assert songkran <= YEAR
    assert {date(2017, 5, 12), date(2017, 10, 26), date(2017, 12, 5)} <= YEAR


def test_a_day_given_for_a_weekend_holiday_is_off() -> None:
    assert {date(2017, 1, 2), date(2017, 1, 3), date(2017, 2, 13)} <= YEAR


def test_working_days_are_not_off() -> None:
    assert not YEAR & {date(2017, 1, 16), date(2017, 1, 31), date(2017, 9, 29)}


def test_both_ends_are_within_and_years_are_crossed() -> None:
    assert days_off(date(2017, 12, 31), date(2018, 1, 1)) >= {date(2017, 12, 31), date(2018, 1, 1)}
    assert days_off(date(2017, 4, 13), date(2017, 4, 13)) == {date(2017, 4, 13)}
    assert days_off(date(2017, 4, 14), date(2017, 4, 13)) == frozenset()


def test_years_far_away_bring_no_error() -> None:
    assert days_off(date(2045, 1, 1), date(2045, 12, 31))
    assert days_off(date(1930, 1, 1), date(1930, 12, 31)) is not None


def test_each_has_its_name_in_both_languages() -> None:
    names = named(date(2017, 1, 1), date(2017, 12, 31))
    assert names[date(2017, 4, 13)] == T("วันสงกรานต์", "Songkran Festival")
    assert names[date(2017, 1, 2)].th == "ชดเชยวันขึ้นปีใหม่"
    assert all(name.th and name.en and ";" not in name.th + name.en for name in names.values())
    assert list(names) == sorted(names)
