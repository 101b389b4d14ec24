"""The commands that back up the embedded default and restore it, with their progress on the screen."""

from __future__ import annotations

import errno
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.progress import Progress as Bars

from bot import console
from bot.settings import Settings, lines, load_settings
from flows.core.text import T
from storage.archive import BackupImpossible
from storage.backup import Kept, Progress, Stage, database_file, make_backup
from storage.media import MediaUnusable, open_media
from storage.restoring import restore as restore_backup


def back_up(file: Path, replace: bool) -> None:
    settings = _settings()
    kept = _kept(settings)
    with _telling(file), _progress() as tell:
        media = open_media(str(kept.media))
        made = make_backup(
            kept, media, file.absolute(), version=_version(), now=console.now(), tell=tell, replace=replace
        )
    found = made.manifest
    console.tell(MADE, file=str(file), rows=sum(found.rows.values()), files=found.media, size=_size(file))
    if made.missing:
        console.tell(MISSING, n=made.missing)
    if settings.secret:
        console.tell(SECRET_ELSEWHERE)


def restore(file: Path) -> None:
    kept = _kept(_settings())
    with _telling(file), _progress() as tell:
        found = restore_backup(file, kept, tell)
    console.tell(
        RESTORED,
        folder=str(kept.data),
        rows=sum(found.rows.values()),
        files=found.media,
        at=found.header.made_at,
    )


def _settings() -> Settings:
    # Neither command may make a secret: the backup takes the one there is, and the restore brings its own.
    settings = load_settings(keep_secret=False)
    if isinstance(settings, Settings):
        return settings
    for line in lines(settings):
        console.complain(line)
    raise typer.Exit(2)


def _kept(settings: Settings) -> Kept:
    database, media = database_file(settings.database), settings.media
    if database is None:
        console.fail(POSTGRESQL if isinstance(media, Path) else POSTGRESQL_AND_BUCKET)
    if not isinstance(media, Path):
        console.fail(BUCKET)
    return Kept(settings.data, database, media, settings.secret_file)


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    """What goes wrong is one line; being told to stop is the same as Ctrl-C, so that nothing half is left."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except (BackupImpossible, MediaUnusable) as error:
        console.fail(error.problem)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            console.fail(FULL)
        console.fail(FAILED, file=error.filename or str(file), reason=error.strerror or type(error).__name__)
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Bars on a terminal; elsewhere nothing, so that a timer's log stays short."""
    screen = Console(stderr=True)
    with Bars(console=screen, transient=True, disable=not sys.stderr.isatty()) as bars:
        tasks = {
            stage: bars.add_task(console.both(say), total=None, visible=False)
            for stage, say in STAGES.items()
        }

        def tell(stage: Stage, done: int, all_of: int) -> None:
            bars.update(tasks[stage], completed=done, total=all_of, visible=True)

        yield tell


def _version() -> str:
    try:
        return version("thongthin")
    except PackageNotFoundError:
        return "0"


def _size(file: Path) -> float:
    return round(file.stat().st_size / 2**20, 1)


STAGES: Final[dict[Stage, T]] = {
    "database": T("ฐานข้อมูล", "database"),
    "photos": T("รูป", "photos"),
    "reading": T("อ่านและตรวจ", "reading and checking"),
}
MADE = T(
    "สำรองแล้วที่ {file}: {rows} แถว {files} ไฟล์รูปและหนังสือ {size} MB",
    "Backed up to {file}: {rows} rows, {files} files of photos and letters, {size} MB",
)
MISSING = T(
    "มี {n} รูปหรือหนังสือที่ฐานข้อมูลอ้างถึงแต่ไม่พบในที่เก็บ จึงไม่มีในไฟล์สำรอง",
    "{n} photos or letters that the database names are not in the store, so they are not in the backup",
)
SECRET_ELSEWHERE = T(
    "THONGTHIN_SECRET ไม่อยู่ในไฟล์สำรอง ให้เก็บไฟล์ .env ไว้ต่างหาก",
    "THONGTHIN_SECRET is not in the backup; keep the .env file apart from it",
)
RESTORED = T(
    "กู้คืนลงใน {folder} แล้ว: {rows} แถว {files} ไฟล์รูปและหนังสือ ตามที่เป็นเมื่อ {at}",
    "Restored into {folder}: {rows} rows, {files} files of photos and letters, as they were at {at}",
)
POSTGRESQL = T(
    "ฐานข้อมูลเป็น PostgreSQL ให้สำรองด้วย pg_dump --format=custom และคัดลอกโฟลเดอร์รูปตามหลัง ดู docs/deploy/README.md",
    "The database is PostgreSQL; back it up with pg_dump --format=custom and copy the folder of photos after it, see docs/deploy/README.md",
)
POSTGRESQL_AND_BUCKET = T(
    "ฐานข้อมูลเป็น PostgreSQL และรูปอยู่ใน S3 ให้สำรองด้วย pg_dump --format=custom และเปิดการเก็บรุ่น (versioning) ของถัง ดู docs/deploy/README.md",
    "The database is PostgreSQL and the photos are in S3; back up with pg_dump --format=custom and the bucket's own versioning, see docs/deploy/README.md",
)
BUCKET = T(
    "รูปอยู่ใน S3 ให้ใช้การเก็บรุ่น (versioning) ของถัง และสำรองฐานข้อมูลด้วย sqlite3 ตาม docs/deploy/README.md",
    "The photos are in S3; use the bucket's own versioning, and back up the database with sqlite3 as docs/deploy/README.md says",
)
FULL = T(
    "พื้นที่ดิสก์เต็ม ไม่มีอะไรเปลี่ยนและไม่มีไฟล์ค้าง เพิ่มพื้นที่แล้วสั่งอีกครั้ง",
    "The disk is full; nothing was changed and nothing is left over. Make room and run this again",
)
FAILED = T("อ่านหรือเขียน {file} ไม่ได้ ({reason})", "{file} cannot be read or written ({reason})")
