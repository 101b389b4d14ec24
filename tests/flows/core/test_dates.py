"""Dates are read in both eras and in every common writing, and refused with the reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.core.dates import read_date, shown, shown_at, thai_year, window
from flows.core.problem import Problem
from flows.core.text import LANGUAGES, TO_THAI_DIGITS, Language

TODAY = date(2017, 2, 2)
LAST_OF_JANUARY = date(2017, 1, 31)


def refused(text: str, today: date = TODAY) -> Problem:
    problem = read_date(text, today)
    assert isinstance(problem, Problem), problem
    assert all(problem.say.to(language, problem.facts) for language in LANGUAGES)
    return problem


@pytest.mark.parametrize(
    "text",
    [
        "31 ม.ค. 2560",
        "31 ม.ค. 60",
        "31 มค 60",
        "31มค60",
        "31ม.ค.60",
        "31 มกรา 2560",
        "31 มกราคม 2560",
        "31 มกราคม พ.ศ. 2560",
        "31 มกราคม พ.ศ.2560",
        "31 มกราคม พุทธศักราช 2560",
        "31 มกราคม ค.ศ. 2017",
        "วันที่ 31 เดือนมกราคม พ.ศ. 2560",
        "วันที่ ๓๑ เดือน ๑ ปี ๒๕๖๐",
        "วันอังคารที่ 31 มกราคม 2560",
        "อังคาร 31 ม.ค. 60",
        "อ. 31 ม.ค. 60",
        "๓๑/๑/๖๐",
        "31/1/60",
        "31/01/17",
        "31/01/2560",
        "31/1/2017",
        "31-01-2560",
        "31.1.60",
        "31 1 2560",
        "2560-01-31",
        "2017-01-31",
        "2560/1/31",
        "31 Jan 2017",
        "31 January 2560",
        "31st of January 2017",
        "January 31, 2017",
        "Tuesday, 31 January 2017",
        "Tue 31 Jan '17",
        "31 January 2560 B.E.",
        "31 Jan 2017 AD",
        "31 ม.ค.",
        "31 มกราคม",
        "31/1",
        "31 ม.ค. 2560 14:05 น.",
        "31 มกราคม 2560 เวลา 09.30 น.",
        "31 มกราคม 2560 ค่ะ",
        "  31  ม.ค.  2560  ",
        "เมื่อวานซืน",
    ],
)
def test_one_day_is_read_in_every_common_writing(text: str) -> None:
    assert read_date(text, TODAY) == LAST_OF_JANUARY


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("วันนี้", 0),
        ("วันนี้ครับ", 0),
        ("today", 0),
        ("เมื่อวาน", -1),
        ("เมื่อวานนี้", -1),
        ("yesterday", -1),
        ("เมื่อวานซืน", -2),
        ("พรุ่งนี้", 1),
        ("Tomorrow", 1),
        ("มะรืนนี้", 2),
    ],
)
def test_near_days_are_counted_from_today(text: str, days: int) -> None:
    assert read_date(text, TODAY) == TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1 กรกฏาคม 2559", 7),
        ("1 ก.ค. 59", 7),
        ("1 ก.ย. 59", 9),
        ("1 มี.ค. 59", 3),
        ("1 มิ.ย. 59", 6),
        ("1 เม.ย 59", 4),
        ("1 Sept 2016", 9),
        ("1 พฤศจิกายน 59", 11),
        ("1 พฤษภาคม 59", 5),
        ("1 สค 59", 8),
    ],
)
def test_months_that_look_alike_are_told_apart(text: str, month: int) -> None:
    assert read_date(text, TODAY) == date(2016, month, 1)


def test_the_day_always_stands_before_the_month() -> None:
    assert read_date("3/4/2560", TODAY) == date(2017, 4, 3)
    problem = refused("1/31/2560")
    assert problem.code == "date.no_such_month"
    assert read_date("31/1/2560", TODAY) == LAST_OF_JANUARY


@pytest.mark.parametrize(
    ("text", "year"), [("31 ธ.ค.", 2016), ("1 มิ.ย.", 2017), ("2 ก.พ.", 2017), ("29 ก.พ.", 2016)]
)
def test_a_year_left_out_is_the_nearest_one(text: str, year: int) -> None:
    day = read_date(text, TODAY)
    assert isinstance(day, date)
    assert day.year == year


@pytest.mark.parametrize(
    "text", ["31 ม.ค. 2570", "31/1/99", "1 ก.พ. 2555", "3 ก.พ. 2561", "31 ม.ค. 3106", "1/1/1017"]
)
def test_a_day_outside_the_window_is_refused_with_the_bounds(text: str) -> None:
    problem = refused(text)
    assert problem.code == "date.outside_window"
    said = problem.say.to("th", problem.facts)
    assert "2 กุมภาพันธ์ 2555" in said
    assert "2 กุมภาพันธ์ 2561" in said


def test_the_window_holds_its_own_first_and_last_day() -> None:
    first, last = window(TODAY)
    assert (first, last) == (date(2012, 2, 2), date(2018, 2, 2))
    assert read_date("2 ก.พ. 2555", TODAY) == first
    assert read_date("2/2/61", TODAY) == last
    assert window(date(2016, 2, 29)) == (date(2011, 2, 28), date(2017, 2, 28))


def test_a_day_that_the_month_lacks_is_said_plainly_and_the_right_one_is_then_read() -> None:
    problem = refused("29 ก.พ. 2560")
    assert problem.code == "date.no_such_day"
    assert problem.say.to("th", problem.facts) == "กุมภาพันธ์ 2560 มี 28 วัน จึงไม่มีวันที่ 29 ตรวจวันที่อีกครั้ง"
    assert "February 2017 has 28 days" in problem.say.to("en", problem.facts)
    assert read_date("29 ก.พ. 2559", TODAY) == date(2016, 2, 29)
    assert refused("31 เม.ย. 2560").code == "date.no_such_day"
    # 2603 has that day, but nobody writes of it
    assert "กุมภาพันธ์ 2560 มี 28 วัน" in refused("29/2/60").say.to("th", refused("29/2/60").facts)


def test_a_weekday_that_contradicts_the_date_is_noticed() -> None:
    problem = refused("วันจันทร์ที่ 31 มกราคม 2560")
    assert problem.code == "date.wrong_weekday"
    assert "วันอังคาร" in problem.say.to("th", problem.facts)
    assert read_date("วันอังคารที่ 31 มกราคม 2560", TODAY) == LAST_OF_JANUARY


def test_several_days_ask_for_the_first() -> None:
    assert refused("1-3 ม.ค. 2560").code == "date.several"
    assert refused("วันที่ 1 ถึง 3 มกราคม 2560").code == "date.several"
    assert refused("31 มกราคม 2560 - 2 กุมภาพันธ์ 2560").code == "date.several"
    assert read_date("1 ม.ค. 2560", TODAY) == date(2017, 1, 1)


@pytest.mark.parametrize(
    "text", ["", "abc", "วันมาฆบูชา", "31", "2560", "ม.ค. 2560", "31 ฟ.ฟ. 2560", "0/0/0", "31/1/256"]
)
def test_other_text_is_said_to_be_unreadable(text: str) -> None:
    assert refused(text).code == "date.unreadable"


in_window = st.dates(*window(TODAY))


@settings(deadline=None)
@given(in_window, st.sampled_from(LANGUAGES), st.booleans())
def test_a_shown_date_is_read_back(day: date, language: Language, short: bool) -> None:
    words = shown(day, language, short)
    assert read_date(words, TODAY) == day
    assert read_date(words.translate(TO_THAI_DIGITS), TODAY) == day


@settings(deadline=None)
@given(in_window)
def test_numbers_alone_are_read_back_in_both_eras(day: date) -> None:
    for year in (day.year, thai_year(day), f"{thai_year(day) % 100:02}"):
        assert read_date(f"{day.day}/{day.month}/{year}", TODAY) == day
    assert read_date(day.isoformat(), TODAY) == day
    assert read_date(f"{thai_year(day)}{day.isoformat()[4:]}", TODAY) == day


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(-365 * 4, 364))
def test_dates_are_read_back_whatever_today_is(today: date, days: int) -> None:
    day = today + timedelta(days=days)
    assert read_date(shown(day, "th"), today) == day
    assert read_date(shown(day, "en", short=True), today) == day


@settings(deadline=None)
@given(st.text(max_size=60) | st.text("0123456789๐๑/-. มคกพ.ศjanวันที่'", max_size=25))
@example("9" * 4000)
@example("31/12/0000")
@example("a" + "." * 4000)
def test_no_text_whatever_raises(text: str) -> None:
    match read_date(text, TODAY):
        case Problem(code=code):
            assert code.startswith("date.")
        case day:
            assert window(TODAY)[0] <= day <= window(TODAY)[1]


def test_dates_are_shown_in_the_era_of_the_language() -> None:
    assert shown(LAST_OF_JANUARY, "th") == "31 มกราคม 2560"
    assert shown(LAST_OF_JANUARY, "en") == "31 January 2017"
    assert shown(LAST_OF_JANUARY, "th", short=True) == "31 ม.ค. 2560"
    assert thai_year(LAST_OF_JANUARY) == 2560


def test_moments_are_shown_by_the_clock_in_thailand() -> None:
    assert shown_at(datetime(2017, 1, 31, 7, 5, tzinfo=UTC), "th") == "31 ม.ค. 2560 14:05 น."
    assert shown_at(datetime(2016, 12, 31, 17, 0, tzinfo=UTC), "en") == "1 Jan 2017 00:00"
    with pytest.raises(ValueError, match="time zone"):
        shown_at(datetime(2017, 1, 31, 7, 5), "th")  # noqa: DTZ001
