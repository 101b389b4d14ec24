"""Names of LAOs as tables and tiles write them: shortened, and the province's own organization first."""

from __future__ import annotations

from storage.lao_file import TYPES


def short_name(name: str) -> str:
    """`อบต.บ้านเอื้อม` for `องค์การบริหารส่วนตำบลบ้านเอื้อม`; other names as they are."""
    for short, long in TYPES.items():
        if name.startswith(long) and name != long:
            return short + name.removeprefix(long).strip()
    return name


def rank(name: str) -> int:
    """The province's own organization first, then cities, towns, subdistricts."""
    return next((place for place, long in enumerate(TYPES.values()) if name.startswith(long)), len(TYPES))
