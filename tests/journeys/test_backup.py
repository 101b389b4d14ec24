"""A backup made by the command while officers answer, restored elsewhere, and gone on with there."""

from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from bot.service import Service
from bot.simulator import Person
from bot.simulator.person import said
from storage.backup import tables_of
from storage.db import Store
from storage.media import open_media
from tests.journeys.steps import entries, number_in, sends_landmark, to_photos, to_place
from tests.storage.pictures import saved, scene
from tests.town import town

ROOT = Path(__file__).parents[2]
Key = tuple[object, ...]
Row = tuple[object, ...]
Rows = dict[str, dict[Key, Row]]
fresh = itertools.count(100)  # photos that are each another


async def thongthin(data: Path, *words: str) -> tuple[int, str]:
    """The command in a process of its own: its exit code, and all that it said."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("THONGTHIN_")}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=data.parent, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT, env={**settings, "THONGTHIN_DATA": str(data), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    out, _ = await asyncio.wait_for(running.communicate(), 120)
    assert running.returncode is not None
    return running.returncode, out.decode()


def rows_of(file: Path) -> Rows:
    """Every row of every table by its primary key, all of one moment."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("BEGIN")
        return {table: _rows(database, table) for table in tables_of(database)}


def _rows(database: sqlite3.Connection, table: str) -> dict[Key, Row]:
    columns = database.execute(f'PRAGMA table_info("{table}")').fetchall()
    key = [column[0] for column in sorted(columns, key=lambda c: int(c[5])) if column[5]]
    found = database.execute(f'SELECT * FROM "{table}"').fetchall()
    return {tuple(row[at] for at in key) if key else tuple(row): tuple(row) for row in found}


def files_of(folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@contextmanager
def opened(file: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{file}")
    yield store
    store.close()


async def goes_on_sending(o: Person, sent: list[str], enough: asyncio.Event) -> None:
    while not enough.is_set():
        await to_photos(o, f"ที่ {len(sent) + 1}")
        await o.send_photos([saved(scene(next(fresh), 800, 600))])
        await o.hears("1 รูป")
        await o.press("เสร็จแล้ว")
        await o.hears("ขั้นที่ 5")
        await o.say("054-123-456")
        await o.hears("ขั้นที่ 6")
        await o.press("ข้าม")
        await o.hears("ส่งให้ตรวจ")
        await o.press("ส่งให้ตรวจ")
        sent.append(number_in(said(await o.hears("L-2560-"))))


async def more_than(sent: list[str], number: int) -> None:
    async with asyncio.timeout(60):
        while len(sent) <= number:  # noqa: ASYNC110  # a list has nobody to tell
            await asyncio.sleep(0.05)


def assert_everything_is_there(before: Rows, after: Rows, kept: Rows) -> None:
    """What was committed before the backup began; what others changed or took away meanwhile may be either way."""
    assert set(kept) == set(before)
    for table, rows in before.items():
        stayed = {key for key in rows if key in after[table]}
        assert stayed <= set(kept[table]), table
        unchanged = {key: row for key, row in rows.items() if after[table].get(key) == row}
        assert {key: kept[table][key] for key in unchanged} == unchanged, table


async def test_a_backup_made_while_officers_answer_is_restored_and_a_draft_is_gone_on_with(
    embedded: Store, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("s" * 32)
    file, new = tmp_path / "backup.tar", tmp_path / "new"
    async with town(embedded, tmp_path) as t:
        halfway = await t.officer("มานี ครึ่งทาง")
        await to_place(halfway, "น้ำตกที่ยังกรอกไม่จบ")
        sent: list[str] = []
        enough = asyncio.Event()
        busy = [
            asyncio.create_task(goes_on_sending(await t.officer(f"เจ้าหน้าที่ {n}"), sent, enough))
            for n in range(4)
        ]
        await more_than(sent, 3)
        confirmed, before = tuple(sent), rows_of(tmp_path / "thongthin.sqlite3")
        code, out = await thongthin(tmp_path, "backup", str(file))
        assert code == 0, out
        assert "not in the store" not in out  # no photo that a row names is missing
        await more_than(sent, len(sent))
        enough.set()
        await asyncio.gather(*busy)
        assert len(sent) > len(confirmed)  # nobody had to wait for the backup
        after = rows_of(tmp_path / "thongthin.sqlite3")

        code, out = await thongthin(new, "restore", str(file))
        assert code == 0, out
        restored = new / "thongthin.sqlite3"
        assert_everything_is_there(before, after, rows_of(restored))
        with closing(sqlite3.connect(restored)) as database:
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        originals, photos = files_of(tmp_path / "media"), files_of(new / "media")
        assert len(photos) >= 3 * (len(confirmed) + 1)  # in three sizes each, and the draft's own
        assert photos == {name: originals[name] for name in photos}
        assert (new / "secret").read_text() == "s" * 32

        await t.stop()
        with opened(restored) as store:
            t.store = store
            t.parts = replace(t.parts, store=store, media=open_media(str(new / "media")))
            t.service = Service(t.parts)
            await t.service.start()
            assert {one.number for one in await entries(t)} >= set(confirmed)
            await halfway.press("ข้าม")
            await halfway.hears("ส่งให้ตรวจ")
            await halfway.press("ส่งให้ตรวจ")
            number = number_in(said(await halfway.hears("L-2560-")))
            [mine] = [one for one in await entries(t) if one.number == number]
            assert mine.headline == "น้ำตกที่ยังกรอกไม่จบ"
            await t.stop()


async def test_a_backup_that_exists_and_a_folder_that_is_used_are_left_as_they_are(
    embedded: Store, tmp_path: Path
) -> None:
    file, new = tmp_path / "backup.tar", tmp_path / "new"
    async with town(embedded, tmp_path) as t:
        await sends_landmark(await t.officer())
        assert (await thongthin(tmp_path, "backup", str(file)))[0] == 0
        first = file.read_bytes()
        code, out = await thongthin(tmp_path, "backup", str(file))
        assert (code, file.read_bytes()) == (1, first)
        assert "--replace" in out
        assert (await thongthin(tmp_path, "backup", "--replace", str(file)))[0] == 0

        assert (await thongthin(new, "restore", str(file)))[0] == 0
        there = files_of(new)
        code, out = await thongthin(new, "restore", str(file))
        assert (code, files_of(new)) == (1, there)
        assert str(new) in out
        assert (await thongthin(tmp_path, "restore", str(file)))[0] == 1
        await sends_landmark(await t.officer("ปิติ ต่อไป"))  # the service that runs on it was not disturbed
