"""The local administrative organizations (LAOs): who they are, where their offices are, which one is near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import cos, radians
from typing import Any

from sqlalchemy import bindparam, select

from flows.core.chat import Around
from flows.core.coordinates import LatLon, distance_km
from flows.core.phones import Phone
from flows.core.text import folded
from storage.campaign_tallies import fill_all
from storage.db import Tx
from storage.tables import lao, submission

NEAR_KM = 50.0  # an office farther away than this says nothing of the district a point lies in
_KM_IN_A_DEGREE = 111.2
_FIRST_BOX_KM, _LAST_BOX_KM = 15.0, 2_000.0
BANGKOK = "กรุงเทพมหานคร"


@dataclass(frozen=True, slots=True)
class Lao:
    """An LAO as the official list names it; province, district and subdistrict without จังหวัด, อำเภอ, ตำบล."""

    code: str
    name: str  # with its type: "เทศบาลตำบลต้นธงชัย"
    type: str
    province: str
    district: str
    subdistrict: str = ""
    office: LatLon | None = None
    phones: tuple[Phone, ...] = ()  # of the office

    @property
    def full_name(self) -> str:
        """`เทศบาลตำบลต้นธงชัย อำเภอเมืองลำปาง จังหวัดลำปาง`."""
        return f"{self.name} {self.place_name}"

    @property
    def place_name(self) -> str:
        """`อำเภอเมืองลำปาง จังหวัดลำปาง`."""
        return (
            f"เขต{self.district}"
            if self.province == BANGKOK
            else f"อำเภอ{self.district} จังหวัด{self.province}"
        )


@dataclass(frozen=True, slots=True)
class Imported:
    new: int
    updated: int
    unchanged: int


def import_laos(tx: Tx, rows: Sequence[Lao], now: datetime, phones: bool = True) -> Imported:
    """Keeps every LAO of the list, new or changed; those that the list does not name stay as they are.

    `phones` is False for a list that has no telephone numbers at all: those known are kept.
    """
    known = {one.code: one for one in map(lao_in, tx.execute(select(lao)))}
    if not phones:
        rows = [replace(one, phones=known[one.code].phones) if one.code in known else one for one in rows]
    new = [one for one in rows if one.code not in known]
    changed = [one for one in rows if one.code in known and known[one.code] != one]
    if new:
        tx.execute(lao.insert(), [_columns(one, now) for one in new])
    if changed:
        one_row = lao.update().where(lao.c.code == bindparam("of_code"))
        tx.execute(one_row, [{"of_code": one.code, **_columns(one, now)} for one in changed])
    for one in changed:
        if one.province != known[one.code].province:
            theirs = submission.update().where(submission.c.lao_code == one.code)
            tx.execute(theirs.values(province=one.province))
    if new or changed:
        fill_all(tx)  # another district or type may be asked for something else
    return Imported(len(new), len(changed), len(rows) - len(new) - len(changed))


def lao_of(tx: Tx, code: str) -> Lao | None:
    row = tx.execute(select(lao).where(lao.c.code == code)).first()
    return None if row is None else lao_in(row)


def search(tx: Tx, words: str, limit: int = 10) -> list[Lao]:
    """The LAOs whose name, place or code has every one of the words."""
    found = select(lao).order_by(lao.c.province, lao.c.district, lao.c.name).limit(limit)
    for word in folded(words).split():
        found = found.where(lao.c.folded.contains(word, autoescape=True))
    return [lao_in(row) for row in tx.execute(found)]


def nearest(tx: Tx, point: LatLon, limit: int = 1, within_km: float = _LAST_BOX_KM) -> list[Lao]:
    """The LAOs whose offices are nearest, nearest first; those without coordinates are never among them."""
    box_km = min(_FIRST_BOX_KM, within_km)
    while True:
        # Only what lies within the box's inner circle is sure to be nearer than all that lies outside the box.
        far = [(distance_km(point, one.office), one) for one in _in_box(tx, point, box_km) if one.office]
        near = sorted((pair for pair in far if pair[0] <= box_km), key=lambda pair: (pair[0], pair[1].code))
        if len(near) >= limit or box_km >= within_km:
            return [one for _, one in near[:limit]]
        box_km = min(box_km * 3, within_km)


def around(tx: Tx, point: LatLon, own: Lao) -> Around:
    """What is known of a point: the district and province of the office nearest to it, and how far its own is."""
    near = nearest(tx, point, 1, NEAR_KM)
    return Around(
        district=near[0].district if near else "",
        province=near[0].province if near else "",
        office_km=distance_km(point, own.office) if own.office else None,
        office=(own.office.latitude, own.office.longitude) if own.office else None,
        own_province=not near or near[0].province == own.province,
    )


def _in_box(tx: Tx, point: LatLon, half_km: float) -> list[Lao]:
    high = half_km / _KM_IN_A_DEGREE
    wide = high / cos(radians(min(abs(point.latitude) + high, 80.0)))
    found = select(lao).where(
        lao.c.latitude.between(point.latitude - high, point.latitude + high),
        lao.c.longitude.between(point.longitude - wide, point.longitude + wide),
    )
    return [lao_in(row) for row in tx.execute(found)]


def lao_in(row: Any) -> Lao:
    known = row.latitude is not None and row.longitude is not None
    return Lao(
        code=row.code,
        name=row.name,
        type=row.type,
        province=row.province,
        district=row.district,
        subdistrict=row.subdistrict,
        office=LatLon(row.latitude, row.longitude) if known else None,
        phones=phones_in(row.phones),
    )


def phones_in(kept: Sequence[Sequence[str]]) -> tuple[Phone, ...]:
    return tuple(Phone(number, extension) for number, extension in kept)


def _columns(one: Lao, now: datetime) -> dict[str, object]:
    return {
        "code": one.code,
        "name": one.name,
        "type": one.type,
        "province": one.province,
        "district": one.district,
        "subdistrict": one.subdistrict,
        "latitude": one.office.latitude if one.office else None,
        "longitude": one.office.longitude if one.office else None,
        "phones": [[phone.number, phone.extension] for phone in one.phones],
        "folded": folded(f"{one.name} {one.subdistrict} {one.district} {one.province} {one.code}"),
        "updated_at": now,
    }
