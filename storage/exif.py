"""What a camera wrote into a photo about where and when it was taken, if it makes sense."""

from __future__ import annotations

import re
from datetime import datetime
from math import isfinite
from typing import Any

from PIL import ExifTags, Image

Place = tuple[float, float]

_WHEN = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_ZONE = re.compile(r"[+-]\d\d:\d\d")


def orientation(image: Image.Image) -> int:
    """1 (upright) to 8, as EXIF numbers them."""
    try:
        said = int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # no shape of EXIF may cost the officer the photo, here and below
        return 1
    return said if 1 <= said <= 8 else 1


def place(image: Image.Image) -> Place | None:
    """Latitude and longitude in degrees, or None."""
    try:
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(gps, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S")
        longitude = _degrees(gps, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W")
    except Exception:
        return None
    if not (isfinite(latitude) and isfinite(longitude)) or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    if abs(latitude) < 0.01 and abs(longitude) < 0.01:  # a camera that had no position yet writes zeros
        return None
    return round(latitude, 6), round(longitude, 6)


def _degrees(gps: dict[int, Any], value: int, reference: int, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in gps[value])
    size = degrees + minutes / 60 + seconds / 3600
    return -size if str(gps[reference]).strip("\0 ").upper() == negative else size


def taken_at(image: Image.Image) -> str | None:
    """ISO 8601 in the camera's own time, with its zone where it wrote one."""
    try:
        exif = image.getexif().get_ifd(ExifTags.IFD.Exif)
        when = _WHEN.match(str(exif[ExifTags.Base.DateTimeOriginal]))
        zone = _ZONE.match(str(exif.get(ExifTags.Base.OffsetTimeOriginal, "")))
        if when is None:
            return None
        year, month, day, clock = when.groups()
        # Some phones set to the Thai calendar write Buddhist years.
        year_ce = int(year) - 543 if int(year) >= 2400 else int(year)
        text = f"{year_ce:04}-{month}-{day}T{clock}{zone[0] if zone else ''}"
        return datetime.fromisoformat(text).isoformat() if year_ce >= 1980 else None
    except Exception:
        return None
