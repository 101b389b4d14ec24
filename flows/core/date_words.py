"""The words that dates are written with: months, weekdays, today and tomorrow."""

from __future__ import annotations

import re

from flows.core.text import T

MONTHS = (
    T("มกราคม", "January"),
    T("กุมภาพันธ์", "February"),
    T("มีนาคม", "March"),
    T("เมษายน", "April"),
    T("พฤษภาคม", "May"),
    T("มิถุนายน", "June"),
    T("กรกฎาคม", "July"),
    T("สิงหาคม", "August"),
    T("กันยายน", "September"),
    T("ตุลาคม", "October"),
    T("พฤศจิกายน", "November"),
    T("ธันวาคม", "December"),
)
SHORT_MONTHS = (
    T("ม.ค.", "Jan"),
    T("ก.พ.", "Feb"),
    T("มี.ค.", "Mar"),
    T("เม.ย.", "Apr"),
    T("พ.ค.", "May"),
    T("มิ.ย.", "Jun"),
    T("ก.ค.", "Jul"),
    T("ส.ค.", "Aug"),
    T("ก.ย.", "Sep"),
    T("ต.ค.", "Oct"),
    T("พ.ย.", "Nov"),
    T("ธ.ค.", "Dec"),
)
# how the month's name begins, whatever its ending or its spelling of ฎ
_STEMS = (
    ("มกรา", "jan"),
    ("กุมภา", "กุมพา", "feb"),
    ("มีนา", "mar"),
    ("เมษา", "apr"),
    ("พฤษภา", "พฤกษภา", "may"),
    ("มิถุนา", "jun"),
    ("กรกฎา", "กรกฏา", "กรกดา", "jul"),
    ("สิงหา", "aug"),
    ("กันยา", "sep"),
    ("ตุลา", "oct"),
    ("พฤศจิกา", "พฤษจิกา", "nov"),
    ("ธันวา", "dec"),
)
WEEKDAYS = (
    T("จันทร์", "Monday"),
    T("อังคาร", "Tuesday"),
    T("พุธ", "Wednesday"),
    T("พฤหัสบดี", "Thursday"),
    T("ศุกร์", "Friday"),
    T("เสาร์", "Saturday"),
    T("อาทิตย์", "Sunday"),
)
_WEEKDAY_STEMS = (
    ("จันทร", "mon"),
    ("อังคาร", "tue"),
    ("พุธ", "wed"),
    ("พฤหัส", "thu"),
    ("ศุกร", "fri"),
    ("เสาร", "sat"),
    ("อาทิตย", "sun"),
)
NEAR_DAYS = {
    "วันนี้": 0,
    "today": 0,
    "เมื่อวาน": -1,
    "เมื่อวานนี้": -1,
    "วานนี้": -1,
    "yesterday": -1,
    "เมื่อวานซืน": -2,
    "เมื่อวานซืนนี้": -2,
    "วานซืน": -2,
    "the day before yesterday": -2,
    "พรุ่งนี้": 1,
    "วันพรุ่งนี้": 1,
    "tomorrow": 1,
    "มะรืน": 2,
    "มะรืนนี้": 2,
    "วันมะรืน": 2,
    "วันมะรืนนี้": 2,
    "the day after tomorrow": 2,
}
_WEEKDAY = re.compile(
    r"^\s*(?:วัน)?\s*(?P<name>จันทร์?|อังคาร|พุธ|พฤหัส(?:บดี|ฯ)?|ศุกร์?|เสาร์?|อาทิตย์?"
    r"|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
    r"(?![a-zก-๛]*[ก-๛]ที่)(?:\.|ที่)?[\s,]*(?=[0-9a-zวด])"
)
_SHORT_WEEKDAY = re.compile(r"^\s*(?:จ|อ|พ|พฤ|พฤหัส|ศ|ส|อา)\.\s*(?=[0-9])")


def month_named(name: str) -> int | None:
    """1 to 12 for a month's name or abbreviation in either language."""
    letters = name.replace(".", "")
    for number, (stems, short) in enumerate(zip(_STEMS, SHORT_MONTHS, strict=True), 1):
        if letters.startswith(stems) or letters == short.th.replace(".", ""):
            return number
    return None


def without_weekday(plain: str) -> tuple[int | None, str]:
    """The weekday that the text begins with (Monday is 0), and what follows."""
    if (match := _WEEKDAY.match(plain)) is None:
        return None, _SHORT_WEEKDAY.sub("", plain)
    for number, stems in enumerate(_WEEKDAY_STEMS):
        if match["name"].startswith(stems):
            return number, plain[match.end() :]
    return None, plain
