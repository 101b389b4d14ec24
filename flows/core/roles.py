"""Who may do what on the web, and where: the role says what, the reach says where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from flows.core.chat import Json
from flows.core.text import T

Role = Literal["admin", "coordinator", "reviewer", "viewer"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

# Seeing comes first, changing after: entries, laos and progress are looked at, the others are done.
Act = Literal[
    "entries", "laos", "progress", "review", "campaigns", "officers", "invitations", "broadcast", "people"
]
ACTS: Final[tuple[Act, ...]] = get_args(Act)

_SEEING: Final = frozenset[Act](["entries", "laos", "progress"])
_MAY: Final[Mapping[Role, frozenset[Act]]] = {
    "admin": frozenset(ACTS),
    "coordinator": _SEEING | {"campaigns", "officers", "invitations", "broadcast"},
    "reviewer": _SEEING | {"review"},
    "viewer": _SEEING,
}


def may(role: Role, act: Act) -> bool:
    """Whether somebody with this role may do that, within their reach."""
    return act in _MAY[role]


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody's role holds: whole provinces, single districts as (province, district), or everywhere."""

    provinces: tuple[str, ...] = ()
    districts: tuple[tuple[str, str], ...] = ()
    everywhere: bool = False

    def covers(self, province: str, district: str) -> bool:
        return self.everywhere or province in self.provinces or (province, district) in self.districts

    def touches(self, province: str) -> bool:
        """Whether any district of the province may be within."""
        return (
            self.everywhere or province in self.provinces or any(one == province for one, _ in self.districts)
        )

    def districts_of(self, province: str) -> tuple[str, ...]:
        """Those of the province that are within, where the whole of it is not."""
        if self.everywhere or province in self.provinces:
            return ()
        return tuple(one for of, one in self.districts if of == province)

    def to_json(self) -> dict[str, Json]:
        if self.everywhere:
            return {"everywhere": True}
        return {"provinces": list(self.provinces), "districts": [list(one) for one in self.districts]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Json]) -> Reach:
        """What `to_json` made; an empty one is everywhere, as it was before there were roles."""
        if not kept or kept.get("everywhere") is True:
            return EVERYWHERE
        return cls(
            tuple(str(one) for one in _list(kept.get("provinces"))),
            tuple((str(one[0]), str(one[1])) for one in map(_list, _list(kept.get("districts")))),
        )


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise ValueError("a reach that cannot be read")
    return value


EVERYWHERE: Final = Reach(everywhere=True)

ROLE_LABELS: Final[Mapping[Role, T]] = {
    "admin": T("ผู้ดูแลระบบ", "Administrator"),
    "coordinator": T("ผู้ประสานงาน", "Coordinator"),
    "reviewer": T("ผู้ตรวจสอบ", "Reviewer"),
    "viewer": T("ผู้ดูข้อมูล", "Viewer"),
}
ROLE_MEANINGS: Final[Mapping[Role, T]] = {
    "admin": T("ทำได้ทุกอย่าง รวมถึงเพิ่มบัญชีผู้ใช้", "May do everything, also add web accounts"),
    "coordinator": T(
        "ดูแลเรื่องที่ต้องส่ง เจ้าหน้าที่ รหัสเชิญ และความคืบหน้าในพื้นที่ของตน แต่ไม่ตรวจรายการ",
        "Looks after deadlines, officers, invitations and progress within their area; does not review entries",
    ),
    "reviewer": T("ตรวจรายการในพื้นที่ของตน", "Reviews the entries within their area"),
    "viewer": T("ดูได้อย่างเดียวในพื้นที่ของตน", "Looks at what is within their area, changes nothing"),
}
