"""Reads the dates officers write, Buddhist or Christian, within a window of sane years, and writes them back."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from flows.core.date_words import MONTHS, NEAR_DAYS, SHORT_MONTHS, WEEKDAYS, month_named, without_weekday
from flows.core.problem import Problem
from flows.core.text import Language, T, folded

BANGKOK = timezone(timedelta(hours=7))  # Thailand keeps no summer time
YEARS_BACK, YEARS_AHEAD = 5, 1
_BUDDHIST = 543
_MOST_LETTERS = 100

Era = Literal["buddhist", "christian"]
_ERA_WORDS: tuple[tuple[re.Pattern[str], Era], ...] = (
    (re.compile(r"พุทธศักราช|พ\.?\s*ศ\.?(?=[\s0-9]|$)|\bb\.?e\b\.?"), "buddhist"),
    (re.compile(r"คริสต์?ศักราช|ค\.?\s*ศ\.?(?=[\s0-9]|$)|\b(?:a\.?d|c\.?e)\b\.?"), "christian"),
)
_POLITE = re.compile(r"\s*(?:นะ)?\s*(?:ครับ|คับ|ค่ะ|คะ|จ้า)\s*$")
_CLOCK = re.compile(
    r"[\s,]*(?:เวลา\s*[0-9]{1,2}[:.][0-9]{2}|(?<![0-9.])[0-9]{1,2}:[0-9]{2}|(?<=\s)[0-9]{1,2}\.[0-9]{2}(?=\s*น))(?:\s*น\.?)?\s*$"
)
_FILLERS = re.compile(r"(?:วัน)?ที่(?=[\s0-9])|เดือน|ปี(?=[\s0-9])|\b(?:the|of)\b|(?<=[0-9])(?:st|nd|rd|th)\b")
_MONTH = r"(?P<name>[ก-๛a-z][ก-๛a-z.]*)"
_SPLIT = r"[\s\-/.,]*"
_YEAR = r"(?P<year>[0-9]{4}|'?[0-9]{2})"
_SHAPES = (
    re.compile(r"(?P<year>[0-9]{4})\s*[-/.\s]\s*(?P<month>[0-9]{1,2})\s*[-/.\s]\s*(?P<day>[0-9]{1,2})"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})\s*[-/.\s]\s*(?P<month>[0-9]{{1,2}})(?:\s*[-/.\s]\s*{_YEAR})?"),
    re.compile(rf"(?P<day>[0-9]{{1,2}}){_SPLIT}{_MONTH}(?:{_SPLIT}{_YEAR})?"),
    re.compile(rf"{_MONTH}{_SPLIT}(?P<day>[0-9]{{1,2}})(?:(?:st|nd|rd|th)?[\s,]+{_YEAR})?"),
    re.compile(rf"(?P<year>[0-9]{{4}}){_SPLIT}{_MONTH}{_SPLIT}(?P<day>[0-9]{{1,2}})"),
)
_SEVERAL_DAYS = re.compile(
    r"(?<![0-9/.-])[0-9]{1,2}\s*(?:-|–|—|และ|to)\s*(?:วันที่\s*)?[0-9]{1,2}\s*[ก-๛a-z]"
    r"|[0-9]{4}\s*[-–—]\s*[0-9]{1,2}\s*[ก-๛a-z]|ถึง"
)

UNREADABLE = Problem(
    "date.unreadable",
    T(
        "อ่านวันที่ไม่ออก พิมพ์วัน เดือน ปี เช่น 31 ม.ค. 2560 หรือพิมพ์ว่า วันนี้",
        "This date cannot be read; type day, month and year, such as 31 Jan 2017, or today.",
    ),
)
_SEVERAL = Problem(
    "date.several",
    T(
        "ใส่ได้วันเดียว ถ้ามีหลายวันให้พิมพ์วันแรก เช่น 31 ม.ค. 2560",
        "Only one day fits here; of several days type the first, such as 31 Jan 2017.",
    ),
)


@dataclass(frozen=True, slots=True)
class _Written:
    day: int
    month: int
    year: int | None  # as written, in either era
    two_digits: bool
    era: Era | None


def read_date(text: str, today: date) -> date | Problem:
    """The day that was typed, day before month always; a year left out is the nearest one."""
    plain = _POLITE.sub("", folded(text)).strip(" .")
    if len(plain) > _MOST_LETTERS:
        return UNREADABLE
    if plain in NEAR_DAYS:
        return today + timedelta(days=NEAR_DAYS[plain])
    if _SEVERAL_DAYS.search(plain):
        return _SEVERAL
    weekday, rest = without_weekday(plain)
    written = _read_parts(rest)
    if isinstance(written, Problem):
        return written
    found = _settled(written, today)
    if isinstance(found, date) and weekday is not None and found.weekday() != weekday:
        return _wrong_weekday(found, weekday)
    return found


def window(today: date) -> tuple[date, date]:
    """The first and the last day that are believed."""
    return _years_later(today, -YEARS_BACK), _years_later(today, YEARS_AHEAD)


def _years_later(day: date, years: int) -> date:
    year = min(max(day.year + years, date.min.year), date.max.year)
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def _read_parts(plain: str) -> _Written | Problem:
    plain = _CLOCK.sub("", plain)
    era: Era | None = None
    for pattern, meant in _ERA_WORDS:
        plain, found = pattern.subn(" ", plain)
        era = meant if found else era
    plain = " ".join(_FILLERS.sub(" ", plain).split()).strip(" .,")
    for shape in _SHAPES:
        if (match := shape.fullmatch(plain)) is not None:
            return _parts_of(match.groupdict(), era)
    return UNREADABLE


def _parts_of(parts: dict[str, str | None], era: Era | None) -> _Written | Problem:
    month = month_named(parts["name"] or "") if "name" in parts else int(parts["month"] or 0)
    if month is None:
        return UNREADABLE
    if not 1 <= month <= 12:
        return _no_such_month(month)
    year = (parts.get("year") or "").lstrip("'")
    return _Written(int(parts["day"] or 0), month, int(year) if year else None, len(year) == 2, era)


def _settled(written: _Written, today: date) -> date | Problem:
    """The day meant: among the years it can mean, the one inside the window."""
    first, last = window(today)
    days = [day for year in _years_meant(written, today) if (day := _day(written, year)) is not None]
    believed = [day for day in days if first <= day <= last]
    if believed:
        return min(believed, key=lambda day: (abs(day - today), day))
    likeliest = _years_meant(written, today)[0]
    if not days or (_day(written, likeliest) is None and first.year <= likeliest <= last.year):
        return _no_such_day(written, today)
    return _outside(days[0], first, last)


def _years_meant(written: _Written, today: date) -> list[int]:
    """Christian years that the writing can mean, the likeliest first."""
    if written.year is None:
        # nearest first; more than a year away only because 29 February is rare
        return sorted(
            range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1), key=lambda y: abs(y - today.year)
        )
    buddhist = written.year + 2500 - _BUDDHIST if written.two_digits else written.year - _BUDDHIST
    christian = written.year + 2000 if written.two_digits else written.year
    match written.era:
        case "buddhist":
            return [buddhist]
        case "christian":
            return [christian]
        case None if written.two_digits:
            return [buddhist, christian]
        case None:
            return [buddhist] if written.year >= 2400 else [christian]


def _day(written: _Written, year: int) -> date | None:
    try:
        return date(year, written.month, written.day)
    except ValueError:
        return None


def _outside(day: date, first: date, last: date) -> Problem:
    return Problem(
        "date.outside_window",
        T(
            "{date} ไกลเกินไป วันที่ต้องอยู่ระหว่าง {first} ถึง {last}",
            "{date} is too far away; the date must be between {first} and {last}.",
        ),
        {"date": both(day), "first": both(first), "last": both(last)},
    )


def _no_such_day(written: _Written, today: date) -> Problem:
    year = next((y for y in _years_meant(written, today) if 1 <= y <= 9999), today.year)
    month = MONTHS[written.month - 1]
    days = calendar.monthrange(year, written.month)[1]
    return Problem(
        "date.no_such_day",
        T(
            "{month} มี {days} วัน จึงไม่มีวันที่ {day} ตรวจวันที่อีกครั้ง",
            "{month} has {days} days, so there is no day {day}; check the date.",
        ),
        {
            "month": T(f"{month.th} {year + _BUDDHIST}", f"{month.en} {year}"),
            "days": days,
            "day": written.day,
        },
    )


def _no_such_month(month: int) -> Problem:
    return Problem(
        "date.no_such_month",
        T(
            "ไม่มีเดือนที่ {month} พิมพ์วันก่อนเดือน เช่น 31/1/2560",
            "There is no month {month}; type the day before the month, such as 31/1/2017.",
        ),
        {"month": month},
    )


def _wrong_weekday(day: date, weekday: int) -> Problem:
    return Problem(
        "date.wrong_weekday",
        T(
            "{date} เป็นวัน{right} ไม่ใช่วัน{wrong} ตรวจวันที่อีกครั้ง",
            "{date} is a {right}, not a {wrong}; check the date.",
        ),
        {"date": both(day), "right": WEEKDAYS[day.weekday()], "wrong": WEEKDAYS[weekday]},
    )


def thai_year(day: date) -> int:
    """The Buddhist year."""
    return day.year + _BUDDHIST


def shown(day: date, language: Language, short: bool = False) -> str:
    """`31 มกราคม 2560` and `31 January 2017`, or with the month's abbreviation."""
    month = (SHORT_MONTHS if short else MONTHS)[day.month - 1].to(language)
    return f"{day.day} {month} {thai_year(day) if language == 'th' else day.year}"


def both(day: date) -> T:
    """The day as a fact inside a sentence of either language."""
    return T(shown(day, "th"), shown(day, "en"))


def shown_at(moment: datetime, language: Language) -> str:
    """An aware moment by the clock in Thailand: `31 ม.ค. 2560 14:05 น.`"""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    local = moment.astimezone(BANGKOK)
    return f"{shown(local.date(), language, short=True)} {local:%H:%M}{' น.' if language == 'th' else ''}"
