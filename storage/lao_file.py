"""Reads a list of LAOs from a CSV file as offices save it; a wrong row is named by its line, in one sentence."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from flows.core.coordinates import LatLon, inside_thailand
from flows.core.phones import Phone, read_phones
from flows.core.problem import Problem
from flows.core.text import T, arabic_digits, folded, one_line
from storage.lao import Lao

HEADERS: Mapping[str, tuple[str, ...]] = {  # as they are without blanks, dots and underlines
    "code": ("code", "laocode", "orgcode", "รหัส", "รหัสอปท", "รหัสหน่วยงาน", "รหัสองค์กรปกครองส่วนท้องถิ่น"),
    "name": ("name", "laoname", "orgname", "ชื่อ", "ชื่ออปท", "อปท", "ชื่อหน่วยงาน", "ชื่อองค์กรปกครองส่วนท้องถิ่น"),
    "type": ("type", "laotype", "orgtype", "ประเภท", "ประเภทอปท", "ประเภทองค์กรปกครองส่วนท้องถิ่น"),
    "province": ("province", "จังหวัด"),
    "district": ("district", "amphoe", "amphur", "อำเภอ", "อำเภอ/เขต"),
    "subdistrict": ("subdistrict", "tambon", "ตำบล", "ตำบล/แขวง"),
    "latitude": ("latitude", "lat", "ละติจูด", "แลตติจูด"),
    "longitude": ("longitude", "lon", "lng", "long", "ลองจิจูด", "ลองติจูด"),
    "phone": (
        "phone",
        "phones",
        "phoneno",
        "phonenumber",
        "tel",
        "telephone",
        "telephonenumber",
        "โทร",
        "โทรศัพท์",
        "เบอร์",
        "เบอร์โทร",
        "เบอร์โทรศัพท์",
        "เบอร์ติดต่อ",
        "หมายเลขโทรศัพท์",
        "โทรศัพท์สำนักงาน",
        "เบอร์โทรสำนักงาน",
    ),
}
REQUIRED = ("code", "name", "province", "district")
TYPES: Mapping[str, str] = {
    "อบจ.": "องค์การบริหารส่วนจังหวัด",
    "ทน.": "เทศบาลนคร",
    "ทม.": "เทศบาลเมือง",
    "ทต.": "เทศบาลตำบล",
    "อบต.": "องค์การบริหารส่วนตำบล",
}
SPECIAL_TYPE = "องค์กรปกครองส่วนท้องถิ่นรูปแบบพิเศษ"
SPECIAL_NAMES = ("กรุงเทพมหานคร", "เมืองพัทยา")
_TITLE_LINES = 10  # lists often begin with a title before the line of headings
_NOTHING = ("", "-", "0", "0.0", "n/a", "null", "ไม่มี")
_EATEN_BY_A_SPREADSHEET = re.compile(r"\d+([.,]\d+)?e\+?\d+", re.IGNORECASE)
_CODE = re.compile(r"[0-9A-Za-z-]{1,20}")
_LONGEST = {"name": 200, "type": 60, "province": 60, "district": 60, "subdistrict": 60}


@dataclass(frozen=True, slots=True)
class LaoFile:
    """What a file says; where there are problems nothing of it is to be imported."""

    laos: tuple[Lao, ...] = ()
    problems: tuple[Problem, ...] = ()
    has_phones: bool = False  # there is a column of telephone numbers, filled in or not


def read_laos(content: bytes) -> LaoFile:
    """Reads UTF-8 (with a byte-order mark or without), UTF-16 and Thai Windows (cp874); commas, semicolons or tabs."""
    try:
        rows = _rows(_decoded(content))
    except csv.Error:
        return LaoFile(problems=(Problem(*NOT_A_TABLE),))
    for position, (_, cells) in enumerate(rows[:_TITLE_LINES]):
        columns = _columns(cells)
        if "code" in columns and "name" in columns:
            missing = [name for name in REQUIRED if name not in columns]
            if missing:
                return LaoFile(problems=(Problem(*NO_COLUMN, {"columns": _named(missing)}),))
            return _read_rows(rows[position + 1 :], columns)
    return LaoFile(problems=(Problem(*NO_HEADINGS),))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp874", errors="replace")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that say something, each with the number of its line; a line that begins with # is a note."""
    noted = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    delimiter = max(",;\t", key="\n".join(noted[:_TITLE_LINES]).count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    started = 1
    for cells in reader:
        tidied = [one_line(cell) for cell in cells]
        if any(tidied) and not tidied[0].startswith("#"):
            rows.append((started, tidied))
        started = reader.line_num + 1
    return rows


def _columns(cells: list[str]) -> dict[str, int]:
    plain = [re.sub(r"[\s._*()]", "", folded(cell)) for cell in cells]
    known = {folded(word): name for name, words in HEADERS.items() for word in words}
    return {known[word]: place for place, word in reversed(list(enumerate(plain))) if word in known}


def _read_rows(rows: list[tuple[int, list[str]]], columns: Mapping[str, int]) -> LaoFile:
    laos: dict[str, Lao] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for line, cells in rows:
        row = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
        one = _read_row(row, line)
        if isinstance(one, Lao) and one.code in laos:
            one = Problem(*TWICE, {"line": line, "code": one.code, "first": lines[one.code]})
        if isinstance(one, Problem):
            problems.append(one)
            continue
        laos[one.code], lines[one.code] = one, line
    if not rows:
        problems.append(Problem(*NO_ROWS))
    return LaoFile(() if problems else tuple(laos.values()), tuple(problems), "phone" in columns)


def _read_row(row: Mapping[str, str], line: int) -> Lao | Problem:
    code = arabic_digits(row["code"]).replace(" ", "")
    if not code:
        return Problem(*NO_CODE, {"line": line})
    if _EATEN_BY_A_SPREADSHEET.fullmatch(code):
        return Problem(*CODE_EATEN, {"line": line, "code": code})
    if not _CODE.fullmatch(code):
        return Problem(*BAD_CODE, {"line": line, "code": code[:40]})
    if empty := [name for name in REQUIRED if not row[name]]:
        return Problem(*NO_VALUE, {"line": line, "columns": _named(empty)})
    if long := [name for name, most in _LONGEST.items() if len(row.get(name, "")) > most]:
        return Problem(*TOO_LONG, {"line": line, "columns": _named(long)})
    kind, name = _type_and_name(row.get("type", ""), row["name"])
    if not kind:
        return Problem(*NO_TYPE, {"line": line, "name": name})
    office = _office(row.get("latitude", ""), row.get("longitude", ""), line)
    if isinstance(office, Problem):
        return office
    phones = _phones(row.get("phone", ""), line)
    if isinstance(phones, Problem):
        return phones
    return Lao(
        code=code,
        name=name,
        type=kind,
        province=_without(row["province"], "จังหวัด", "จ."),
        district=_without(row["district"], "อำเภอ", "เขต", "อ."),
        subdistrict=_without(row.get("subdistrict", ""), "ตำบล", "แขวง", "ต."),
        office=office,
        phones=phones,
    )


def _type_and_name(kind: str, name: str) -> tuple[str, str]:
    """The type and the name with its type, both in full, whichever of them the list abbreviates or leaves out."""
    for short, full in TYPES.items():
        kind = full if kind.rstrip(".") == short.rstrip(".") else kind
        name = full + name.removeprefix(short).strip() if name.startswith(short) else name
    if name.startswith(SPECIAL_NAMES):
        return kind or SPECIAL_TYPE, name
    for full in TYPES.values():
        if name.startswith(full):
            return kind or full, full + name.removeprefix(full).strip()
    return kind, f"{kind}{name}"


def _without(name: str, *prefixes: str) -> str:
    for prefix in prefixes:
        name = name.removeprefix(prefix).strip() or name
    return name


def _office(latitude: str, longitude: str, line: int) -> LatLon | Problem | None:
    numbers = _degrees(latitude), _degrees(longitude)
    match numbers:
        case None, None:
            return None
        case float() as north, float() as east if isfinite(north) and isfinite(east):
            if inside_thailand(LatLon(north, east)):
                return LatLon(north, east)
            swapped = inside_thailand(LatLon(east, north))
            return Problem(
                *(SWAPPED if swapped else OUTSIDE),
                {"line": line, "latitude": latitude, "longitude": longitude},
            )
        case None, _:
            return Problem(*ONE_ONLY, {"line": line, "columns": _named(["latitude"])})
        case _, None:
            return Problem(*ONE_ONLY, {"line": line, "columns": _named(["longitude"])})
        case _:
            return Problem(
                *UNREADABLE, {"line": line, "latitude": latitude[:30], "longitude": longitude[:30]}
            )


def _degrees(text: str) -> float | str | None:
    """A number of degrees, None where the list has nothing, the text itself where it is no number."""
    plain = arabic_digits(text).strip().rstrip("°").lower()
    if plain in _NOTHING:
        return None
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        return text


def _phones(text: str, line: int) -> tuple[Phone, ...] | Problem:
    if arabic_digits(text).strip().lower() in _NOTHING:
        return ()
    phones = read_phones(text)
    return Problem(*BAD_PHONE, {"line": line, "phone": text[:40]}) if isinstance(phones, Problem) else phones


def _named(columns: list[str]) -> T:
    thai = ", ".join(COLUMN_NAMES[name] for name in columns)
    return T(thai, ", ".join(columns))


COLUMN_NAMES = {
    "code": "รหัส", "name": "ชื่อ อปท.", "type": "ประเภท", "province": "จังหวัด", "district": "อำเภอ",
    "subdistrict": "ตำบล", "latitude": "ละติจูด", "longitude": "ลองจิจูด", "phone": "เบอร์โทรศัพท์",
}  # fmt: skip

Sentence = tuple[str, T]
NO_HEADINGS: Sentence = (
    "lao_file.no_headings",
    T(
        "ไม่พบบรรทัดหัวตาราง ในสิบบรรทัดแรกต้องมีบรรทัดที่มีคำว่า รหัส, ชื่อ อปท., จังหวัด, อำเภอ",
        "No line of headings was found; one of the first ten lines must have: code, name, province, district",
    ),
)
NOT_A_TABLE: Sentence = (
    "lao_file.not_a_table",
    T(
        "อ่านไฟล์เป็นตารางไม่ได้ บันทึกเป็น CSV (UTF-8) แล้วลองอีกครั้ง",
        "The file does not read as a table; save it as CSV (UTF-8) and try again",
    ),
)
NO_COLUMN: Sentence = (
    "lao_file.no_column",
    T("หัวตารางขาดคอลัมน์ {columns}", "The headings lack the column {columns}"),
)
NO_ROWS: Sentence = (
    "lao_file.no_rows",
    T("มีแต่หัวตาราง ไม่มีรายชื่อ อปท. สักแถว", "There are headings but not one LAO below them"),
)
NO_CODE: Sentence = (
    "lao_file.no_code",
    T("บรรทัดที่ {line}: ไม่มีรหัส อปท.", "Line {line}: the LAO's code is missing"),
)
CODE_EATEN: Sentence = (
    "lao_file.code_rounded",
    T(
        "บรรทัดที่ {line}: รหัส {code} ถูกโปรแกรมตารางปัดเศษ ตั้งคอลัมน์รหัสเป็นข้อความแล้วบันทึกใหม่",
        "Line {line}: the spreadsheet has rounded the code to {code}; make the column text and save again",
    ),
)
BAD_CODE: Sentence = (
    "lao_file.bad_code",
    T(
        "บรรทัดที่ {line}: รหัส {code} อ่านไม่ได้ รหัสเป็นตัวเลขหรือตัวอักษรอังกฤษไม่เกิน 20 ตัว",
        "Line {line}: the code {code} is not one; a code has at most 20 digits or Latin letters",
    ),
)
NO_VALUE: Sentence = (
    "lao_file.no_value",
    T("บรรทัดที่ {line}: ไม่ได้กรอก {columns}", "Line {line}: {columns} is empty"),
)
TOO_LONG: Sentence = (
    "lao_file.too_long",
    T("บรรทัดที่ {line}: {columns} ยาวเกินไป", "Line {line}: {columns} is too long"),
)
NO_TYPE: Sentence = (
    "lao_file.no_type",
    T(
        "บรรทัดที่ {line}: ไม่รู้ว่า {name} เป็น อปท. ประเภทใด กรอกประเภทหรือใส่ไว้หน้าชื่อ เช่น เทศบาลตำบล",
        "Line {line}: the type of {name} is not known; give it, or begin the name with it, such as เทศบาลตำบล",
    ),
)
TWICE: Sentence = (
    "lao_file.code_twice",
    T(
        "บรรทัดที่ {line}: รหัส {code} ซ้ำกับบรรทัดที่ {first}",
        "Line {line}: the code {code} is already on line {first}",
    ),
)
ONE_ONLY: Sentence = (
    "lao_file.half_a_place",
    T(
        "บรรทัดที่ {line}: ขาด{columns} กรอกทั้งสองค่า หรือเว้นว่างทั้งสองค่า",
        "Line {line}: the {columns} is missing; give both numbers, or neither",
    ),
)
UNREADABLE: Sentence = (
    "lao_file.bad_place",
    T(
        "บรรทัดที่ {line}: พิกัด {latitude} / {longitude} ไม่ใช่ตัวเลข กรอกเป็นองศาทศนิยม เช่น 18.2888 และ 99.4928",
        "Line {line}: {latitude} / {longitude} are not numbers; give decimal degrees, such as 18.2888 and 99.4928",
    ),
)
SWAPPED: Sentence = (
    "lao_file.swapped_place",
    T(
        "บรรทัดที่ {line}: ละติจูด {latitude} กับลองจิจูด {longitude} สลับกัน",
        "Line {line}: latitude {latitude} and longitude {longitude} are swapped",
    ),
)
OUTSIDE: Sentence = (
    "lao_file.place_outside",
    T(
        "บรรทัดที่ {line}: พิกัด {latitude}, {longitude} อยู่นอกประเทศไทย",
        "Line {line}: {latitude}, {longitude} is outside Thailand",
    ),
)
BAD_PHONE: Sentence = (
    "lao_file.bad_phone",
    T(
        "บรรทัดที่ {line}: อ่านเบอร์โทรศัพท์ {phone} ไม่ได้ กรอกเช่น 054-123-456 ต่อ 1 หรือเว้นว่างไว้",
        "Line {line}: {phone} is not a Thai telephone number; give one such as 054-123-456 ext. 1, or leave it empty",
    ),
)
