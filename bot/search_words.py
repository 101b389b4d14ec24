"""Why titles are searched slowly, for whoever keeps the machine: said at the start and by the doctor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.core.text import T
from storage.search_index import Searching

_WITHOUT_EXTENSION = T(
    "PostgreSQL นี้ไม่มีส่วนเสริม pg_trgm การค้นหายังใช้ได้แต่จะช้าเมื่อมีรายการมาก ให้ผู้ดูแลฐานข้อมูลสั่ง "
    "CREATE EXTENSION pg_trgm แล้วสั่ง thongthin db upgrade",
    "This PostgreSQL lacks the extension pg_trgm, so searches work but are slow with many entries; have the "
    "database's administrator run CREATE EXTENSION pg_trgm, then run thongthin db upgrade",
)
_WITHOUT_THAI = T(
    "ฐานข้อมูลนี้ตั้ง LC_CTYPE ที่ไม่รู้จักอักษรไทย การค้นหายังใช้ได้แต่จะช้าเมื่อมีรายการมาก ให้ย้ายข้อมูลไปฐานข้อมูลที่สร้างด้วย "
    "LC_CTYPE 'C.UTF-8' หรือ 'th_TH.UTF-8'",
    "This database's LC_CTYPE knows no Thai letters, so searches work but are slow with many entries; move the data "
    "to a database made with LC_CTYPE 'C.UTF-8' or 'th_TH.UTF-8'",
)
SLOW_SEARCHES: Final[Mapping[Searching, T]] = {
    "no_extension": _WITHOUT_EXTENSION,
    "no_thai": _WITHOUT_THAI,
}
