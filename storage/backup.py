"""A backup of the embedded default in one file, made while the service runs."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final, Literal

from sqlalchemy.engine import make_url

from flows.core.text import T
from storage.archive import DATABASE, MEDIA, PIECE, SECRET, BackupImpossible, Header, Manifest, Writer
from storage.letters import letter_key
from storage.media import Media, MissingPhoto
from storage.photos import keys_of

Stage = Literal["database", "photos", "reading"]
Progress = Callable[[Stage, int, int], None]  # what is done, and of how much

PAGES: Final = 1024  # of the database at a time: a few milliseconds
_NAME = re.compile(r'"([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Kept:
    """What the embedded default consists of."""

    data: Path
    database: Path
    media: Path
    secret: Path


@dataclass(frozen=True, slots=True)
class Made:
    manifest: Manifest
    missing: int  # photos and letters that the database names and the store does not have


def database_file(setting: str) -> Path | None:
    """The file of `sqlite:///…`; None for another kind of database."""
    url = make_url(setting)
    return Path(str(url.database)).absolute() if url.get_backend_name() == "sqlite" else None


def make_backup(
    kept: Kept, media: Media, to: Path, *, version: str, now: datetime, tell: Progress, replace: bool = False
) -> Made:
    """Everything committed before it began is in it, with every photo that this names.

    The database is copied first and the photos after it: a photo is kept before any row names it, and never changes.
    Until it is complete and on the disk, nothing has the name `to`. Raises BackupImpossible, OSError.
    """
    _may_be_made(kept, to, replace)
    with TemporaryDirectory(dir=to.parent, prefix=f".{to.name}.unfinished-") as unfinished:
        folder = Path(unfinished)
        copy = folder / "database.sqlite3"
        _copy_database(kept.database, copy, tell)
        with closing(sqlite3.connect(copy, isolation_level=None)) as database:
            header = Header(version, _revision(database), now.astimezone(UTC).isoformat(timespec="seconds"))
            made = _write(folder, database, kept, media, header, now, tell)
        _put_in_place(folder / "archive", to, replace)
    return made


def _may_be_made(kept: Kept, to: Path, replace: bool) -> None:
    if not kept.database.is_file():
        raise BackupImpossible("backup.nothing", NOTHING, {"file": str(kept.database)})
    if not to.parent.is_dir() or to.is_dir():
        raise BackupImpossible("backup.no_place", NO_PLACE, {"file": str(to)})
    if to.exists() and not replace:
        raise BackupImpossible("backup.exists", EXISTS, {"file": str(to)})


def _copy_database(source: Path, copy: Path, tell: Progress) -> None:
    """One moment's state. Writers go on meanwhile: in WAL mode a reader's open transaction holds up nobody."""
    with (
        closing(sqlite3.connect(source, isolation_level=None, timeout=10)) as read,
        closing(sqlite3.connect(copy, isolation_level=None)) as written,
    ):
        written.execute("PRAGMA synchronous=OFF")  # this copy is never used after a crash
        # Without a transaction that is begun before, each write of another would begin the copy anew.
        read.execute("BEGIN")
        read.execute("SELECT count(*) FROM sqlite_master").fetchone()
        read.backup(
            written, pages=PAGES, progress=lambda _, left, all_of: tell("database", all_of - left, all_of)
        )
        read.execute("ROLLBACK")
        written.execute("PRAGMA journal_mode=DELETE")  # all in one file


def _revision(database: sqlite3.Connection) -> str:
    try:
        row = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        row = None
    if row is None:
        raise BackupImpossible("backup.no_tables", NO_TABLES)
    return str(row[0])


def _write(
    folder: Path, database: sqlite3.Connection, kept: Kept, media: Media, header: Header, now: datetime,
    tell: Progress,
) -> Made:  # fmt: skip
    with _new(folder / "archive") as archive, (folder / "sums").open("w+b") as sums:
        writer = Writer(archive, sums, header, now.timestamp())
        writer.put_file(DATABASE, _compressed(folder / "database.sqlite3"))
        if kept.secret.is_file():
            writer.put(SECRET, kept.secret.read_bytes())
        files, missing = _write_media(writer, database, media, tell)
        made = Made(writer.finish(rows_of(database), files), missing)
        archive.flush()
        os.fsync(archive.fileno())
        return made


def _new(file: Path) -> IO[bytes]:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _compressed(file: Path) -> Path:
    packed = file.with_suffix(".gz")
    with file.open("rb") as read, gzip.open(packed, "wb", compresslevel=6) as written:
        shutil.copyfileobj(read, written, PIECE)
    return packed


def _write_media(
    writer: Writer, database: sqlite3.Connection, media: Media, tell: Progress
) -> tuple[int, int]:
    """How many files were written, and how many photos and letters were not there."""
    every = _note_names(database)
    files = missing = 0
    for done, keys in enumerate(_named(database), 1):
        found = [_write_one(writer, media, key) for key in keys]
        files += sum(found)
        missing += not found[-1]  # the last key is the one that must be there
        tell("photos", done, every)
    return files, missing


def _write_one(writer: Writer, media: Media, key: str) -> bool:
    try:
        data = media.get(key)
    except MissingPhoto:
        return False
    writer.put(f"{MEDIA}{key}", data)
    return True


def _note_names(database: sqlite3.Connection) -> int:
    """Lists, each once and on the disk, the photos that any answer, draft or notice names, and the letters."""
    database.execute("PRAGMA temp_store=FILE")
    database.execute("CREATE TEMP TABLE named (kind TEXT, name TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID")
    database.execute("BEGIN")
    for table, column in _columns(database, "JSON"):
        for (text,) in database.execute(f'SELECT "{column}" FROM "{table}"'):
            names = [("photo", name) for name in _NAME.findall(str(text))]
            database.executemany("INSERT OR IGNORE INTO named VALUES (?, ?)", names)
    for name in _letters(database):
        database.execute("INSERT OR IGNORE INTO named VALUES ('letter', ?)", (name,))
    database.execute("COMMIT")
    return int(database.execute("SELECT count(*) FROM named").fetchone()[0])


def _letters(database: sqlite3.Connection) -> list[str]:
    known = {column for table, column in _columns(database) if table == "campaign"}
    if "letter_file" not in known:
        return []
    return [name for (name,) in database.execute("SELECT letter_file FROM campaign WHERE letter_file != ''")]


def _named(database: sqlite3.Connection) -> Iterator[tuple[str, ...]]:
    for kind, name in database.execute("SELECT kind, name FROM named ORDER BY kind, name"):
        yield keys_of(name) if kind == "photo" else (letter_key(name),)


def _columns(database: sqlite3.Connection, kind: str = "") -> list[tuple[str, str]]:
    """(table, column) of a kind: asked of the database itself, which may be older than the program."""
    return [
        (table, str(column[1]))
        for table in tables_of(database)
        for column in database.execute(f'PRAGMA table_info("{table}")')
        if not kind or column[2] == kind
    ]


def tables_of(database: sqlite3.Connection) -> list[str]:
    found = database.execute(
        "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return [str(name) for (name,) in found]


def rows_of(database: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table: int(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])
        for table in tables_of(database)
    }


def _put_in_place(archive: Path, to: Path, replace: bool) -> None:
    if to.exists() and not replace:  # made by another in the meantime
        raise BackupImpossible("backup.exists", EXISTS, {"file": str(to)})
    archive.replace(to)
    sync(to.parent)


def sync(path: Path) -> None:
    """A folder, or a file, is on the disk when this returns."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


NOTHING = T("ยังไม่มีข้อมูลให้สำรอง ไม่พบ {file}", "There is nothing to back up yet: {file} is not there")
NO_TABLES = T(
    "ฐานข้อมูลนี้ไม่ใช่ของท้องถิ่นหรือยังว่างอยู่ ตรวจ THONGTHIN_DATABASE",
    "This database is not thongthin's or still empty; check THONGTHIN_DATABASE",
)
NO_PLACE = T(
    "เขียนไฟล์สำรองที่ {file} ไม่ได้ ใส่ชื่อไฟล์ในโฟลเดอร์ที่มีอยู่",
    "No backup can be written to {file}; name a file in a folder that exists",
)
EXISTS = T(
    "มีไฟล์ {file} อยู่แล้ว ใช้ชื่ออื่น หรือเพิ่ม --replace เพื่อเขียนทับ",
    "{file} exists already; use another name, or add --replace to write over it",
)
