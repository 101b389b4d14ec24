"""Where somebody's role holds and where a campaign asks, as conditions on the LAOs of a statement."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, true, tuple_

from flows.core.campaign import Scope
from flows.core.roles import Reach
from storage.tables import lao


def within(reach: Reach | None) -> ColumnElement[bool]:
    """The LAOs within a reach; None is everywhere."""
    if reach is None or reach.everywhere:
        return true()
    return _in_places(reach.provinces, reach.districts)


def asked(scope: Scope) -> ColumnElement[bool]:
    """The LAOs that a campaign asks: the same as `Scope.covers`."""
    anywhere = not scope.provinces and not scope.districts
    there = true() if anywhere else _in_places(scope.provinces, scope.districts)
    return and_(there, lao.c.type.in_(scope.types)) if scope.types else there


def at(province: str = "", district: str = "") -> ColumnElement[bool]:
    """The LAOs of one province, or one district of it; empty is everywhere."""
    if not province:
        return true()
    of_province = lao.c.province == province
    return and_(of_province, lao.c.district == district) if district else of_province


def _in_places(provinces: Sequence[str], districts: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    single = tuple_(lao.c.province, lao.c.district).in_(districts)
    return or_(lao.c.province.in_(provinces), single)
