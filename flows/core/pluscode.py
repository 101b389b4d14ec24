"""Plus codes (Open Location Code): where a full code lies, and the full form of a short one."""

from __future__ import annotations

import re

_DIGITS = "23456789CFGHJMPQRVWX"
_PAIRS = 5  # the first ten digits are pairs of latitude and longitude, the rest a grid of 5 by 4
_MOST = 15
_CODE = re.compile(
    rf"(?<![\w.+])((?:[{_DIGITS}]{{2}}){{1,4}}|(?:[{_DIGITS}]{{2}}){{1,3}}0+)\+([{_DIGITS}]*)(?!\w)", re.I
)


def find(text: str) -> str | None:
    """The first plus code in a text, in capitals; None where there is none."""
    for match in _CODE.finditer(text):
        before, after = match[1].upper(), match[2].upper()
        padded = "0" in before
        if len(after) != 1 and not (padded and (len(before) != 8 or after)) and (after or len(before) == 8):
            return f"{before}+{after}"
    return None


def is_full(code: str) -> bool:
    return code.index("+") == 8


def is_coarse(code: str) -> bool:
    """Whether the code names an area of kilometres (it ends in zeros)."""
    return "0" in code


def area(code: str) -> tuple[float, float, float, float]:
    """South, west, north and east of the area that a full code names, in degrees."""
    digits = [_DIGITS.index(c) for c in code.upper() if c in _DIGITS][:_MOST]
    south, west, height, width = -90.0, -180.0, 400.0, 400.0
    for row, column in zip(digits[: 2 * _PAIRS : 2], digits[1 : 2 * _PAIRS : 2], strict=False):
        height, width = height / 20, width / 20
        south, west = south + row * height, west + column * width
    for digit in digits[2 * _PAIRS :]:
        height, width = height / 5, width / 4
        south, west = south + digit // 4 * height, west + digit % 4 * width
    return south, west, south + height, west + width


def centre(code: str) -> tuple[float, float]:
    """Latitude and longitude of the middle of the area of a full code."""
    south, west, north, east = area(code)
    return (south + north) / 2, (west + east) / 2


def recover(code: str, latitude: float, longitude: float) -> tuple[float, float]:
    """The middle of the area nearest to a reference point that a short code can mean."""
    missing = 8 - code.index("+")
    resolution = 20.0 ** (2 - missing // 2)
    full = _leading_digits(latitude, longitude)[:missing] + code
    found_latitude, found_longitude = centre(full)
    if latitude + resolution / 2 < found_latitude and found_latitude - resolution >= -90:
        found_latitude -= resolution
    elif latitude - resolution / 2 > found_latitude and found_latitude + resolution <= 90:
        found_latitude += resolution
    if longitude + resolution / 2 < found_longitude:
        found_longitude -= resolution
    elif longitude - resolution / 2 > found_longitude:
        found_longitude += resolution
    return found_latitude, found_longitude


def _leading_digits(latitude: float, longitude: float) -> str:
    """The eight digits before the plus sign of the code of a point."""
    # counted in whole steps of 1/400 degree, so that no digit suffers from a rounding on the way
    rows = min(max(int((latitude + 90) * 400), 0), 180 * 400 - 1)
    columns = int((longitude + 180) * 400) % (360 * 400)
    digits = ""
    for _ in range(4):
        digits = _DIGITS[rows % 20] + _DIGITS[columns % 20] + digits
        rows, columns = rows // 20, columns // 20
    return digits
