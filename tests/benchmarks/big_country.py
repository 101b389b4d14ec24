"""A country of 7,849 invented LAOs with as many entries as asked for, loaded into an empty database in bulk.

It is loaded as the first version of the tables had it and then upgraded, as a filled database in use would be.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg
from alembic import command

from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.text import folded
from storage import campaigns
from storage.db import Store, engine_for
from storage.tables import written_instant
from storage.upgrade import alembic_config, upgrade

LAOS: Final = 7_849
PROVINCES: Final = 77
DISTRICTS: Final = 928
NOW: Final = datetime(2017, 1, 16, 2, 0, tzinfo=UTC)
LATE_PROVINCE: Final = "จังหวัดที่ 06"  # joined lately: all its entries are among the newest
FORMS: Final = ("news", "product", "landmark")
CATEGORIES: Final = ("temple", "nature", "food", "cloth", "herb", "museum")
RARE_CATEGORY: Final = "lighthouse"
IN_MOST, IN_SOME, IN_FEW, IN_NEWEST = "ท้องถิ่น", "ผ้าไหม", "ปลาตะเพียนทอง", "น้ำท่วม"
FEW: Final = 20  # in either country: a page of entries is not compared with an empty one
WHAT = ("วัด", "งาน", "ตลาด", "กลุ่ม", "ถ้ำ", "ศาล", "สวน", "ผลิตภัณฑ์")
OF = ("โพธิ์ชัย", "หนองบัว", "บ้านใหม่", "ดอนเมือง", "ท่าข้าม", "ป่าซาง", "แม่ทา", "คลองหลวง", "เขาน้อย")
MORE = ("บุญบั้งไฟ", "น้ำพริก", "ลำไยอบแห้ง", "เครื่องปั้นดินเผา", "ประเพณีลอยกระทง", "แข่งเรือยาว", "จักสาน")

Row = Sequence[object]


def code_of(n: int) -> str:
    return f"5{n:06d}"


def place_of(n: int) -> tuple[str, str]:
    """Province and district of the n-th LAO."""
    district = n * DISTRICTS // LAOS
    return f"จังหวัดที่ {district * PROVINCES // DISTRICTS + 1:02}", f"อำเภอที่ {district + 1:03}"


def build(setting: str, entries: int) -> None:
    """Loads the country and brings it to the tables of now; the campaign is left to be counted."""
    engine = engine_for(setting)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
    engine.dispose()
    tables = {
        "reviewer (id, name, password_hash, scope, created_at)": [(1, "r", "-", "{}", written_instant(NOW))],
        "lao (code, name, type, province, district, folded, updated_at)": _laos(),
        "chat (id, focus, seen_at, unreachable_at)": _chats(),
        "officer (id, lao_code, chat_id, name, joined_at)": _officers(),
        "submission (id, number, form, lao_code, officer_id, status, shown, revision, published_revision, headline, "
        "folded, category, sent_at, created_at, deleted_at)": _entries(entries),
    }
    _load(setting, tables)
    upgrade(setting)
    store = Store(setting)
    store.run_now(_follow)
    store.close()
    settle(setting)


def _follow(tx: object) -> None:
    letter = Campaign(
        0, "บันทึกข้อมูลท้องถิ่น", "มท 0810.7/ว 123", None, NOW + timedelta(days=60),
        tuple(Requirement(form, 3) for form in FORMS), "approved", Scope(),
    )  # fmt: skip
    made = campaigns.save_new(tx, letter, 1, "", NOW)  # type: ignore[arg-type]
    assert campaigns.set_state(tx, made, 1, "running", NOW) is None  # type: ignore[arg-type]


def _laos() -> Iterator[Row]:
    for n in range(LAOS):
        province, district = place_of(n)
        name = f"เทศบาลตำบลตัวอย่าง {n + 1}"
        yield (
            code_of(n), name, "เทศบาลตำบล", province, district, folded(f"{name} {district} {province}"),
            written_instant(NOW),
        )  # fmt: skip


def _joined() -> list[int]:
    return [n for n in range(LAOS) if n % 10]


def _chats() -> Iterator[Row]:
    for n in _joined():
        yield n, "{}", written_instant(NOW), written_instant(NOW) if n % 23 == 0 else None


def _officers() -> Iterator[Row]:
    for n in _joined():
        yield n, code_of(n), n, "สมศรี", written_instant(NOW)


def _entries(entries: int) -> Iterator[Row]:
    chance = random.Random(7)
    joined, lately = _joined(), [n for n in _joined() if place_of(n)[0] == LATE_PROVINCE]
    early = [n for n in joined if place_of(n)[0] != LATE_PROVINCE]
    apart = timedelta(days=3 * 365) / entries
    for number in range(1, entries + 1):
        newest = number > 0.97 * entries
        lao = chance.choice(lately if newest and chance.random() < 0.4 else early)
        sent = NOW - apart * (entries - number) + apart * chance.randint(-3, 3)
        # Some thousand wait in a large country, and not many fewer in a small one.
        waits = number > entries - min(4_000, entries // 10) and chance.random() < 0.9
        status = "pending" if waits else _decided(chance)
        title = _title(chance, newest, FEW / entries)
        yield (
            number, f"N-2560-{number:06d}", chance.choices(FORMS, (40, 35, 25))[0], code_of(lao), lao, status,
            chance.random() > 0.0005, 1, 1 if status == "approved" else None, title, folded(title),
            RARE_CATEGORY if chance.random() < 0.0001 else chance.choice(CATEGORIES), written_instant(sent),
            written_instant(sent), written_instant(NOW) if chance.random() < 0.01 else None,
        )  # fmt: skip


def _decided(chance: random.Random) -> str:
    return chance.choices(("approved", "changes_requested", "rejected"), (945, 15, 40))[0]


def _title(chance: random.Random, newest: bool, rarely: float) -> str:
    words = [chance.choice(WHAT) + chance.choice(OF), chance.choice(MORE)]
    for word, share in ((IN_MOST, 0.95), (IN_SOME, 0.02), (IN_FEW, rarely), (IN_NEWEST, 0.3 * newest)):
        if chance.random() < share:
            words.append(word)
    return " ".join([*words, str(chance.randint(1, 999))])


def _load(setting: str, tables: dict[str, Iterable[Row]]) -> None:
    if setting.startswith("sqlite"):
        file = sqlite3.connect(setting.removeprefix("sqlite:///"))
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            file.execute(f"PRAGMA {pragma}")
        for table, rows in tables.items():
            marks = ", ".join("?" for _ in table.split(","))
            file.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        file.commit()
        file.close()
        return
    with psycopg.connect(setting) as connection, connection.cursor() as cursor:
        for table, rows in tables.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def settle(setting: str) -> None:
    """What autovacuum does on a server by itself."""
    if setting.startswith("postgresql"):
        with psycopg.connect(setting, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
