"""Reads where something is, in every way an officer writes or pastes it, and says it back."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Literal

from flows.core import angles, map_links, pluscode, utm
from flows.core.problem import Problem
from flows.core.text import T, arabic_digits, one_line

How = Literal["decimal", "dms", "utm", "maps_link", "plus_code"]

_MOST_LETTERS = 4096  # of one chat message
_EARTH_KM = 6371.0088
_NEAR_ENOUGH_KM = 200  # zones lie some 600 km apart, so the LAO's office settles a zone left out
_SOUTH, _NORTH = 5.5, 20.6
_WEST, _EAST = 97.3, 105.7

UNREADABLE = Problem(
    "coordinates.unreadable",
    T(
        "อ่านพิกัดไม่ออก ส่งหมุดจากแผนที่ หรือพิมพ์ตัวเลข เช่น 18.2888, 99.4928",
        "These coordinates cannot be read; send a pin, or type the numbers, such as 18.2888, 99.4928.",
    ),
)
_SHORT_LINK = Problem(
    "coordinates.short_link",
    T(
        "ลิงก์แบบย่อไม่มีตัวเลขพิกัด ให้กดค้างที่หมุดในแผนที่แล้วคัดลอกตัวเลขมาวาง เช่น 18.2888, 99.4928",
        "A short link carries no coordinates; press and hold the pin on the map, then copy and paste its numbers, such as 18.2888, 99.4928.",
    ),
)
_LINK_WITHOUT_NUMBERS = Problem(
    "coordinates.link_without_numbers",
    T(
        "ลิงก์นี้ไม่มีตัวเลขพิกัด ให้กดค้างที่หมุดในแผนที่แล้วคัดลอกตัวเลขมาวาง เช่น 18.2888, 99.4928",
        "This link carries no coordinates; press and hold the pin on the map, then copy and paste its numbers, such as 18.2888, 99.4928.",
    ),
)
_ZONE = Problem(
    "coordinates.utm_zone",
    T(
        "พิกัด UTM นี้ยังไม่บอกโซน พิมพ์โซน 47 หรือ 48 ไว้หน้าตัวเลข เช่น 47Q 552089 2022113",
        "These UTM coordinates lack their zone; type 47 or 48 before them, such as 47Q 552089 2022113.",
    ),
)
_INDIAN = Problem(
    "coordinates.indian_datum",
    T(
        "พิกัดแบบ Indian 1975 คลาดจากแผนที่ปัจจุบันหลายร้อยเมตร ให้ส่งพิกัดแบบ WGS84 หรือส่งหมุดจากแผนที่",
        "Indian 1975 coordinates are some hundred metres off today's maps; send WGS84 coordinates or a pin.",
    ),
)
_NO_REFERENCE = Problem(
    "coordinates.short_plus_code",
    T(
        "พลัสโค้ดแบบย่อบอกตำแหน่งไม่ได้ครบ พิมพ์รหัสเต็ม เช่น 7P52QGJ6+F8 หรือส่งหมุดจากแผนที่",
        "A short plus code does not name a place by itself; type the full code, such as 7P52QGJ6+F8, or send a pin.",
    ),
)
_COARSE = Problem(
    "coordinates.too_coarse",
    T(
        "พิกัดนี้หยาบเกินไป พิมพ์ทศนิยมให้ครบ เช่น 18.2888, 99.4928",
        "These coordinates are too coarse; type the decimals too, such as 18.2888, 99.4928.",
    ),
)


@dataclass(frozen=True, slots=True)
class LatLon:
    """Degrees WGS84, kept to six places (about 10 cm)."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "latitude", round(self.latitude, 6) + 0.0)
        object.__setattr__(self, "longitude", round(self.longitude, 6) + 0.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """A point as it was understood; `swapped` when longitude had been written in latitude's place."""

    point: LatLon
    swapped: bool
    how: How


def read_coordinates(text: str, near: LatLon | None = None) -> Reading | Problem:
    """The place that a message names; `near` (the LAO's office) completes short plus codes and UTM zones."""
    plain = arabic_digits(unicodedata.normalize("NFKC", angles.plain_marks(one_line(text[:_MOST_LETTERS]))))
    link = map_links.find(plain)
    if link is None:
        return _written(plain, near)
    if (pair := map_links.pair_in(link)) is not None:
        return _checked(pair, "maps_link")
    around = _written(plain.replace(link, " "), near)
    if isinstance(around, Reading) or around.code != UNREADABLE.code:
        return around
    return _SHORT_LINK if map_links.is_short(link) else _LINK_WITHOUT_NUMBERS


def _written(plain: str, near: LatLon | None) -> Reading | Problem:
    if (code := pluscode.find(plain)) is not None:
        return _from_plus_code(code, near)
    if (grid := angles.read_grid(plain)) is not None:
        return _INDIAN if "indian" in plain.casefold() else _from_utm(grid, near)
    match angles.read_pair(plain):
        case None:
            return UNREADABLE
        case pair:
            reading = _checked((pair.latitude, pair.longitude), "dms" if pair.sexagesimal else "decimal")
            return _COARSE if pair.coarse and isinstance(reading, Reading) else reading


def _from_plus_code(code: str, near: LatLon | None) -> Reading | Problem:
    if pluscode.is_coarse(code):
        return _COARSE
    if pluscode.is_full(code):
        return _checked(pluscode.centre(code), "plus_code")
    if near is None:
        return _NO_REFERENCE
    return _checked(pluscode.recover(code, near.latitude, near.longitude), "plus_code")


def _from_utm(grid: angles.Grid, near: LatLon | None) -> Reading | Problem:
    if grid.zone is not None:
        return _on_grid(grid, grid.zone)
    if near is not None:
        for zone in (47, 48):
            reading = _on_grid(grid, zone)
            if isinstance(reading, Reading) and distance_km(reading.point, near) < _NEAR_ENOUGH_KM:
                return reading
    return _ZONE


def _on_grid(grid: angles.Grid, zone: int) -> Reading | Problem:
    reading = _checked(utm.to_degrees(zone, grid.easting, grid.northing), "utm")
    if isinstance(reading, Reading) or grid.labelled or not 100_000 <= grid.northing <= 900_000:
        return reading
    # in the far south both numbers have six digits, so only the map tells which is which
    turned = _checked(utm.to_degrees(zone, grid.northing, grid.easting), "utm")
    return Reading(turned.point, True, "utm") if isinstance(turned, Reading) else reading


def _checked(pair: tuple[float, float], how: How) -> Reading | Problem:
    if not all(abs(degrees) <= 360 for degrees in pair):
        return UNREADABLE
    point, turned = LatLon(*pair), LatLon(pair[1], pair[0])
    if inside_thailand(point):
        return Reading(point, False, how)
    if inside_thailand(turned) and how != "utm":
        return Reading(turned, True, how)
    return outside(point)


def outside(point: LatLon) -> Problem:
    """What is said of a point, typed or pinned, that is not inside Thailand."""
    return Problem(
        "coordinates.outside_thailand",
        T(
            "จุด {point} อยู่นอกประเทศไทย ละติจูดควรอยู่ระหว่าง 5.5 ถึง 20.6 และลองจิจูดระหว่าง 97.3 ถึง 105.7",
            "{point} is outside Thailand; latitude should be between 5.5 and 20.6, longitude between 97.3 and 105.7.",
        ),
        {"point": shown(point)},
    )


def inside_thailand(point: LatLon) -> bool:
    return _SOUTH <= point.latitude <= _NORTH and _WEST <= point.longitude <= _EAST


def distance_km(a: LatLon, b: LatLon) -> float:
    """Kilometres along the surface of the Earth (haversine)."""
    rise = sin(radians(b.latitude - a.latitude) / 2)
    run = sin(radians(b.longitude - a.longitude) / 2)
    chord = rise**2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * run**2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(chord)))


def maps_link(point: LatLon) -> str:
    """A link that opens the point in Google Maps, on a phone in the app."""
    return f"https://www.google.com/maps/search/?api=1&query={point.latitude:.6f}%2C{point.longitude:.6f}"


def shown(point: LatLon) -> str:
    """The point as people copy it: `18.288800, 99.492800`."""
    return f"{point.latitude:.6f}, {point.longitude:.6f}"
