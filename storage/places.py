"""The provinces, districts and types of the LAOs that are known, for whoever chooses among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from flows.core.campaign import Scope
from flows.core.progress import thai_order
from flows.core.roles import Reach
from storage.db import Tx
from storage.lao_names import rank
from storage.tables import lao
from storage.within import within


@dataclass(frozen=True, slots=True)
class Places:
    """Only where there are LAOs, each list in the order in which people look for them."""

    provinces: Mapping[str, Sequence[str]] = field(default_factory=dict)  # province -> its districts
    types: Sequence[str] = ()

    def has(self, province: str, district: str = "") -> bool:
        return province in self.provinces and (not district or district in self.provinces[province])


def places(tx: Tx, reach: Reach) -> Places:
    """What lies within the reach."""
    rows = tx.execute(select(lao.c.province, lao.c.district).distinct())
    inside: dict[str, list[str]] = {}
    for province, district in rows:
        if reach.covers(province, district):
            inside.setdefault(province, []).append(district)
    types = tx.scalars(select(lao.c.type).where(within(reach)).distinct())
    return Places(
        {province: sorted(inside[province], key=thai_order) for province in sorted(inside, key=thai_order)},
        sorted(types, key=lambda one: (rank(one), thai_order(one))),
    )


def laos_in(tx: Tx, scope: Scope, reach: Reach) -> int:
    """How many LAOs within the reach a campaign with this scope asks."""
    place = lao.c.province, lao.c.district, lao.c.type
    counted = select(*place, func.count()).where(within(reach)).group_by(*place)
    return sum(count for *where, count in tx.execute(counted) if scope.covers(*where))
