"""Where somebody's role holds and where a campaign asks, as conditions on the LAOs of a statement."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, FromClause, and_, false, or_, true

from flows.core.campaign import Scope
from flows.core.roles import Reach
from storage.tables import lao


def within(reach: Reach | None, places: FromClause = lao) -> ColumnElement[bool]:
    """The LAOs within a reach, or the rows of another table of places; None is everywhere."""
    if reach is None or reach.everywhere:
        return true()
    return _in_places(reach.provinces, reach.districts, places)


def asked(scope: Scope) -> ColumnElement[bool]:
    """The LAOs that a campaign asks: the same as `Scope.covers`."""
    anywhere = not scope.provinces and not scope.districts
    there = true() if anywhere else _in_places(scope.provinces, scope.districts, lao)
    return and_(there, lao.c.type.in_(scope.types)) if scope.types else there


def at(province: str = "", district: str = "", places: FromClause = lao) -> ColumnElement[bool]:
    """The LAOs of one province, or one district of it; empty is everywhere."""
    if not province:
        return true()
    of_province = places.c.province == province
    return and_(of_province, places.c.district == district) if district else of_province


def _in_places(
    provinces: Sequence[str], districts: Sequence[tuple[str, str]], places: FromClause
) -> ColumnElement[bool]:
    # Written out, for SQLite finds pairs in a list by no index.
    single = (
        and_(places.c.province == province, places.c.district == district) for province, district in districts
    )
    either = [places.c.province.in_(provinces)] if provinces else []
    return or_(false(), *either, *single)
