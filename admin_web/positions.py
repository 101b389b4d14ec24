"""Where an entry lies, in words that hold without any map."""

from __future__ import annotations

from dataclasses import dataclass

from flows.core.coordinates import LatLon, distance_km, maps_link, shown
from flows.core.flow import Flow
from flows.core.places import FAR_KM, Pin, pin_of
from storage.reviews import Entry


@dataclass(frozen=True, slots=True)
class Position:
    """A place and the office of its LAO; degrees as text with six decimals, kilometres as people say them."""

    latitude: str
    longitude: str
    words: str
    district: str
    province: str
    office_km: float | None
    far: bool
    office_latitude: str
    office_longitude: str
    google: str
    openstreetmap: str
    coarse_metres: int | None


def position_of(flow: Flow | None, entry: Entry) -> Position | None:
    place = flow.place if flow else None
    pin = pin_of(entry.newest.answers.get(place.key)) if place else None
    return _position(pin, entry) if pin else None


def _position(pin: Pin, entry: Entry) -> Position:
    point, lao = pin.point, entry.lao
    office = (
        LatLon(lao.latitude, lao.longitude)
        if lao.latitude is not None and lao.longitude is not None
        else None
    )
    km = distance_km(office, point) if office else pin.office_km
    latitude, longitude = _degrees(point.latitude), _degrees(point.longitude)
    return Position(
        latitude=latitude,
        longitude=longitude,
        words=shown(point),
        district=pin.district,
        province=pin.province,
        office_km=km,
        far=km is not None and km > FAR_KM,
        office_latitude=_degrees(office.latitude) if office else "",
        office_longitude=_degrees(office.longitude) if office else "",
        google=maps_link(point),
        openstreetmap=f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}",
        coarse_metres=round(pin.accuracy) if pin.accuracy and pin.accuracy > 100 else None,
    )


def _degrees(value: float) -> str:
    return f"{value:.6f}"
