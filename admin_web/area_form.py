"""A role and an area as they are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from multidict import MultiDictProxy

from admin_web import people_texts as words
from flows.core.problem import Problem
from flows.core.roles import EVERYWHERE, ROLES, Reach, Role
from flows.core.text import one_line
from storage.places import Places


@dataclass(frozen=True, slots=True)
class Area:
    """What stands in the form; places are `ลำปาง` and `ลำปาง/เกาะคา`."""

    role: Role | None = "reviewer"
    everywhere: bool = False
    provinces: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()

    @property
    def opened(self) -> frozenset[str]:
        """The provinces of which single districts are chosen."""
        return frozenset(one.partition("/")[0] for one in self.districts)


def area_of(role: Role, reach: Reach) -> Area:
    return Area(role, reach.everywhere, reach.provinces, tuple("/".join(one) for one in reach.districts))


def read_area(form: MultiDictProxy[Any]) -> Area:
    def several(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one_line(str(value))[:200] for value in form.getall(name, ())))

    role = next((one for one in ROLES if one == form.get("role")), None)
    return Area(role, form.get("where") == "everywhere", several("province"), several("district"))


def read_reach(area: Area, places: Places) -> Reach | Problem:
    """The reach that the form means; only places where there are LAOs, and no district of a whole province twice."""
    if area.everywhere or area.role == "admin":
        return EVERYWHERE
    provinces = tuple(one for one in area.provinces if places.has(one))
    pairs = (one.partition("/") for one in area.districts)
    districts = tuple(
        (province, district)
        for province, _, district in pairs
        if province not in provinces and district and places.has(province, district)
    )
    if not provinces and not districts:
        return Problem("people.no_area", words.CHOOSE_AREA)
    return Reach(provinces, districts)


def problems_of(area: Area, reach: Reach | Problem) -> dict[str, Problem]:
    found: Mapping[str, Problem | None] = {
        "role": None if area.role else Problem("people.no_role", words.CHOOSE_ROLE),
        "where": reach if isinstance(reach, Problem) else None,
    }
    return {name: one for name, one in found.items() if one}
