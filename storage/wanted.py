"""What filters and a reach ask for, as conditions on entries, and the order of sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from flows.core.roles import Reach
from storage.tables import lao, submission
from storage.within import at, within


class Wanted(Protocol):
    """What filters say; review_queue.Filters."""

    @property
    def form(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def district(self) -> str: ...
    @property
    def lao_code(self) -> str: ...
    @property
    def status(self) -> str | None: ...
    @property
    def shown(self) -> bool | None: ...
    @property
    def words(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of the queue: when an entry was sent, and its id."""

    sent_at: datetime
    id: int


def narrow(wanted: Wanted) -> bool:
    """Whether anything is asked for but a place, a status and words."""
    return bool(wanted.form or wanted.category or wanted.lao_code or wanted.shown is not None)


def whole_provinces(wanted: Wanted, reach: Reach) -> Sequence[str]:
    """The provinces that are the place asked for, each as a whole: an index has the entries of each in order."""
    if wanted.lao_code or wanted.district:
        return ()
    if not wanted.province:
        return () if reach.districts else reach.provinces
    return (wanted.province,) if reach.everywhere or wanted.province in reach.provinces else ()


def exact_values(wanted: Wanted, hide: bool) -> list[ColumnElement[bool]]:
    """The filters by values; hidden from the indexes of all of them but the status, or of the status too."""
    exact = (
        (submission.c.form, wanted.form),
        (submission.c.category, wanted.category),
        (submission.c.lao_code, wanted.lao_code),
        (submission.c.status, wanted.status),
    )
    found = [(func.coalesce(kept, "") if hide else kept) == value for kept, value in exact if value]
    if wanted.shown is not None:
        kept = func.coalesce(submission.c.shown, false()) if hide else submission.c.shown
        found.append(kept == wanted.shown)
    return found


def placed(wanted: Wanted, reach: Reach) -> Select[tuple[str]] | None:
    """The codes of the LAOs of a place and a reach; None is everywhere."""
    if reach.everywhere and not wanted.province and not wanted.district:
        return None
    there = [within(reach), at(wanted.province)]
    if wanted.district:
        there.append(lao.c.district == wanted.district)
    return select(lao.c.code).where(*there)


def ordered(wanted: Select[Any], of: Any, place: Place | None, back: bool) -> Select[Any]:
    """In the order of sending, from a place on; or backwards."""
    sent_at, number = of.c.sent_at, of.c.id
    if back:
        turned = wanted.order_by(sent_at.desc(), number.desc())
        if place is None:
            return turned
        same = and_(sent_at == place.sent_at, number < place.id)
        return turned.where(sent_at <= place.sent_at, or_(sent_at < place.sent_at, same))
    straight = wanted.order_by(sent_at, number)
    if place is None:
        return straight
    same = and_(sent_at == place.sent_at, number > place.id)
    return straight.where(sent_at >= place.sent_at, or_(sent_at > place.sent_at, same))
