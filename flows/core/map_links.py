"""Finds the coordinates that a pasted map link carries: Google, Apple, OpenStreetMap, Longdo, `geo:`."""

from __future__ import annotations

import re
from urllib.parse import unquote

from flows.core import angles

_LINK = re.compile(
    r"(?:https?://|geo:|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|gl|co|th|google|page|link|ly)(?=[/?#]))\S+",
    re.I,
)
_SHORT = re.compile(
    r"^(?:https?://)?(?:www\.)?(?:(?:maps\.)?app\.goo\.gl|goo\.gl|g\.co|g\.page|share\.google|maps\.google\.[a-z.]+/share"
    r"|(?:www\.)?google\.[a-z.]+/maps/share|bit\.ly|tinyurl\.com|maps\.apple/p|maps\.apple\.com/p/)(?![\w.-]*@)",
    re.I,
)
_NUMBER = r"([-+]?\d{1,3}(?:\.\d+)?)"
_DECIMAL = r"([-+]?\d{1,3}\.\d+)"
_GAP = r"\s*[,;~ +]\s*"

# (expression, whether longitude comes first), the surest first: the pin, then the destination, then the
# middle of the map that happened to be on the screen
_PLACES = (
    (re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}"), False),
    (re.compile(rf"!2d{_DECIMAL}!3d{_DECIMAL}"), True),
    (re.compile(rf"!1d{_DECIMAL}!2d{_DECIMAL}"), True),
)
_LABELLED = (
    re.compile(rf"[?&;#]mlat={_NUMBER}&(?:amp;)?mlon={_NUMBER}", re.I),
    re.compile(rf"[?&;#]lat(?:itude)?={_NUMBER}&(?:amp;)?(?:lon|lng|long|longitude)={_NUMBER}", re.I),
)
_QUERY = re.compile(r"[?&;#](destination|daddr|q|query|coordinate|ll|center|sll|cp|map)=([^&#]*)", re.I)
_QUERY_ORDER = ("destination", "daddr", "q", "query", "coordinate", "ll", "cp")
_PATH = re.compile(r"/(?:place|search|dir)/([^?#]*)", re.I)
_SCREEN = (
    re.compile(rf"@{_NUMBER},{_NUMBER}"),
    re.compile(rf"#map=[\d.]+/{_NUMBER}/{_NUMBER}"),
    re.compile(rf"[?&](?:center|map|sll)={_NUMBER}{_GAP}{_NUMBER}"),
)
_PAIR = re.compile(rf"^\s*(?:loc:)?\s*{_DECIMAL}{_GAP}{_DECIMAL}(?![\d.])", re.I)
_GEO = re.compile(rf"^geo:{_NUMBER},{_NUMBER}", re.I)


def find(text: str) -> str | None:
    """The first link in a text, to the next blank."""
    match = _LINK.search(text)
    return match[0] if match else None


def is_short(link: str) -> bool:
    """Whether this is a link that only its maker can turn into a place."""
    return _SHORT.match(link) is not None


def pair_in(link: str) -> tuple[float, float] | None:
    """Latitude and longitude that the link carries; the pin goes before the middle of the screen."""
    plain = angles.plain_marks(unquote(unquote(link)))
    return _placed(plain) or _labelled(plain) or _queried(plain) or _in_path(plain) or _on_screen(plain)


def _placed(link: str) -> tuple[float, float] | None:
    for pattern, longitude_first in _PLACES:
        if found := pattern.findall(link):
            first, second = map(float, found[-1])
            return (second, first) if longitude_first else (first, second)
    return None


def _labelled(link: str) -> tuple[float, float] | None:
    return _first_of(_LABELLED, link)


def _queried(link: str) -> tuple[float, float] | None:
    values = {name.casefold(): value for name, value in reversed(_QUERY.findall(link))}
    for name in _QUERY_ORDER:
        if (pair := _value(values.get(name, ""))) is not None:
            return pair
    return None


def _in_path(link: str) -> tuple[float, float] | None:
    if (match := _PATH.search(link)) is None:
        return None
    for part in reversed([part for part in match[1].split("/") if part[:1] not in ("@", "")]):
        if (pair := _value(part)) is not None:
            return pair
    return None


def _on_screen(link: str) -> tuple[float, float] | None:
    if (match := _GEO.match(link)) is not None:
        return float(match[1]), float(match[2])
    return _first_of(_SCREEN, link)


def _first_of(patterns: tuple[re.Pattern[str], ...], link: str) -> tuple[float, float] | None:
    for pattern in patterns:
        if (match := pattern.search(link)) is not None:
            return float(match[1]), float(match[2])
    return None


def _value(text: str) -> tuple[float, float] | None:
    """The coordinates in one part of a link; a name with house numbers in it is not taken for any."""
    if (match := _PAIR.match(text)) is not None:
        return float(match[1]), float(match[2])
    if "°" in text and (pair := angles.read_pair(text.replace("+", " "))) is not None:
        return pair.latitude, pair.longitude
    return None
