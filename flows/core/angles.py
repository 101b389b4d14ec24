"""Reads written coordinates: degrees in decimals, degrees-minutes-seconds, and grid numbers in metres."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

_MARKS = str.maketrans(
    {
        **dict.fromkeys("º˚∘⁰゜", "°"),
        **dict.fromkeys("′’‘ʹ´`＇", "'"),
        **dict.fromkeys("″“”ʺ〃＂", '"'),
        **dict.fromkeys("−–—‐‑", "-"),
        **dict.fromkeys("，、", ","),
    }
)
# longer words first: each contains the next
_WORDS = (
    (r"(?:ภาค|ทิศ)?ตะวัน(?:ออก|ตก)เฉียง(?:เหนือ|ใต้)|ภาค(?:เหนือ|ใต้|ตะวันออก|ตะวันตก|กลาง)", " "),
    (r"องศา|degrees?|\bdeg\b", "°"),
    (r"[ฟพ]ิลิปดา|วินาที|seconds?|\bsecs?\b|''", '"'),
    (r"ลิปดา|นาที|minutes?|\bmins?\b", "'"),
    (r"ละ[ตจ]ิจู[ดต]|แล[ตท]|เส้นรุ้ง|latt?itude|latt?(?![a-z])", " \x01 "),
    (r"ลองจิจู[ดต]|ลองติจู[ดต]|(?<![ก-๛])ลอง|เส้นแวง|longitude|(?<![a-z])(?:long?|lng)(?![a-z])", " \x02 "),
    (r"(?:ทิศ)?ตะวันออก|ต\.\s*อ\.?|(?<![ก-๛])ตอ\.?(?![ก-๛])|\beast\b", " E "),
    (r"(?:ทิศ)?ตะวันตก|ต\.\s*ต\.?|\bwest\b", " W "),
    (r"(?:ทิศ)?เหนือ|(?<![ก-๛])น\.?(?![ก-๛])|\bnorth\b", " N "),
    (r"ทิศใต้|(?<=[\d°'\"])\s*ใต้|\bsouth\b", " S "),
)
_WORD_PATTERNS = tuple((re.compile(word, re.I), mark) for word, mark in _WORDS)
_TOKEN = re.compile(
    r"(?P<number>(?:(?<![\d°'\".A-Za-z])[-+])?[0-9]{1,30}(?:\.[0-9]{1,30})?)\s*(?P<unit>[°'\"]?)"
    r"|(?P<axis>(?<![A-Za-z])(?<![A-Za-z]')[NSEW](?![A-Za-z])|[\x01\x02])",
    re.I,
)
_DECIMAL_COMMA = re.compile(r"(?<!\d)(\d{1,3}),(\d+)")
_AXES = {"N": "lat", "S": "lat", "\x01": "lat", "E": "lon", "W": "lon", "\x02": "lon"}

_GRID_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?")
_GRID_LABELS = (
    re.compile(r"(?<![A-Za-z])([ENXY])\s*[=:]?\s*(?=\d{1,3}[,\d]{3})", re.I),
    re.compile(r"\d{3}(?:\.\d+)?\s*(?:m\.?)?\s*([ENXY])(?![A-Za-z])", re.I),
)
_GRID_LETTERS = str.maketrans("XY", "EN")
_ZONE = re.compile(r"(?<![\d.,])(?:326)?(4[78])(?!\d|[.,]\d)(?:[C-X](?![A-Za-z]))?", re.I)
_EASTINGS = (100_000, 900_000)
_NORTHINGS = (500_000, 2_400_000)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two angles in degrees; `coarse` when both are bare whole numbers, `sexagesimal` when minutes were written."""

    latitude: float
    longitude: float
    sexagesimal: bool = False
    coarse: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """UTM numbers in metres; `labelled` when letters said which is which."""

    zone: int | None
    easting: float
    northing: float
    labelled: bool


@dataclass(frozen=True, slots=True)
class _Number:
    text: str
    unit: str

    @property
    def value(self) -> float:
        return float(self.text)

    @property
    def whole(self) -> bool:
        return "." not in self.text


def plain_marks(text: str) -> str:
    """The text with every look-alike of degree, minute, second, minus and comma made the plain one."""
    return text.translate(_MARKS)


def read_pair(text: str) -> Pair | None:
    """The first two angles in a text whose digits are 0-9, latitude first unless the text says otherwise."""
    numbers, axes, south, west = _tokens(_with_points(_with_marks(text)))
    angles = _sexagesimal(numbers)
    sexagesimal = angles is not None and len(numbers) > 2
    angles = angles or _fractions(numbers)
    if angles is None:
        return None
    latitude, longitude = (angles[1], angles[0]) if axes[:2] == ["lon", "lat"] else angles
    coarse = len(numbers) == 2 and all(number.whole for number in numbers)
    return Pair(-latitude if south else latitude, -longitude if west else longitude, sexagesimal, coarse)


def _with_marks(text: str) -> str:
    for pattern, mark in _WORD_PATTERNS:
        text = pattern.sub(mark, text)
    return text


def _with_points(text: str) -> str:
    """Decimal commas made points: only where no point is written and just two numbers have one."""
    if re.search(r"\d\.\d", text) or len(_DECIMAL_COMMA.findall(text)) != 2:
        return text
    return _DECIMAL_COMMA.sub(r"\1.\2", text)


def _tokens(text: str) -> tuple[list[_Number], list[str], bool, bool]:
    """The numbers, the axes named in their order, and whether south and west are among them."""
    numbers, letters = [], []
    for token in _TOKEN.finditer(text):
        if token["number"]:
            numbers.append(_Number(token["number"], token["unit"]))
        else:
            letters.append(token["axis"].upper())
    axes = [axis for axis, _ in groupby(_AXES[letter] for letter in letters)]
    return numbers, axes, "S" in letters, "W" in letters


def _sexagesimal(numbers: list[_Number]) -> tuple[float, float] | None:
    """Two angles of one to three numbers each, parted at the degree marks or else in the middle."""
    starts = [i for i, number in enumerate(numbers) if number.unit == "°"]
    if len(starts) == 2:
        groups = numbers[starts[0] : starts[1]], numbers[starts[1] : starts[1] + 3]
    elif len(numbers) in (2, 4, 6):
        groups = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
    else:
        return None
    first, second = map(_angle, groups)
    return None if first is None or second is None else (first, second)


def _angle(group: list[_Number]) -> float | None:
    if len(group) > 3 or not all(number.whole for number in group[:-1]):
        return None
    if any(number.unit not in ("", unit) for number, unit in zip(group, "°'\"", strict=False)):
        return None
    values = [number.value for number in group]
    parts = values[1:]
    if not all(0 <= part < 60 for part in parts):
        return None
    return values[0] + sum(part / 60.0**power for power, part in enumerate(parts, 1))


def _fractions(numbers: list[_Number]) -> tuple[float, float] | None:
    """The two numbers with decimals, among house numbers and the like."""
    for least in (1, 3):
        found = [n.value for n in numbers if len(n.text.partition(".")[2]) >= least]
        if len(found) == 2:
            return found[0], found[1]
    return None


def read_grid(text: str) -> Grid | None:
    """The two UTM numbers in a text and the zone, where one is named."""
    marked = _with_marks(text)
    metres = [float(number.replace(",", "")) for number in _GRID_NUMBER.findall(marked)]
    large = [number for number in metres if number >= _EASTINGS[0]]
    if len(large) != 2:
        return None
    first, second = large
    labels = _grid_labels(_ZONE.sub(" ", marked, count=1))
    northing_first = labels == "NE" if labels else first > _EASTINGS[1]
    easting, northing = (second, first) if northing_first else (first, second)
    if not (_EASTINGS[0] <= easting <= _EASTINGS[1] and _NORTHINGS[0] <= northing <= _NORTHINGS[1]):
        return None
    zone = _ZONE.search(marked)
    return Grid(int(zone[1]) if zone else None, easting, northing, bool(labels))


def _grid_labels(text: str) -> str:
    """`EN` or `NE` as the letters beside the two numbers say, or nothing."""
    for pattern in _GRID_LABELS:
        letters = "".join(pattern.findall(text)).upper().translate(_GRID_LETTERS)
        if letters in ("EN", "NE"):
            return letters
    return ""
