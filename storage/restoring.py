"""Puts a backup into an empty data folder: everything is checked first, and then all of it put in place."""

from __future__ import annotations

import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from flows.core.text import T
from storage import archive
from storage.archive import BackupImpossible, Header, Manifest, Member, cut_off, damaged, members
from storage.backup import Kept, Progress, rows_of, sync
from storage.media_folder import FolderMedia
from storage.occupancy import InUse, alone
from storage.upgrade import DatabaseIsNewer, knows, upgrade

_STAGE = ".restoring-"


def restore(backup: Path, kept: Kept, tell: Progress) -> Manifest:
    """What was restored. On any error nothing has changed. Raises BackupImpossible, OSError."""
    try:
        with alone(kept.data):
            _sweep(kept)
            _must_be_empty(kept)
            return _restore(backup, kept, tell)
    except InUse:
        raise BackupImpossible("restore.in_use", IN_USE, {"folder": str(kept.data)}) from None


def _restore(backup: Path, kept: Kept, tell: Progress) -> Manifest:
    size = backup.stat().st_size
    with backup.open("rb") as opened, _stage(kept) as stage, closing(_Reading(stage)) as reading:
        for member in _begun(opened):
            reading.take(member)
            tell("reading", opened.tell(), size)
        manifest = reading.finished()
        _check_database(stage.database, manifest)
        _upgrade(stage.database, manifest)
        _put_in_place(stage, kept)
    return manifest


def _begun(opened: IO[bytes]) -> Iterator[Member]:
    """The members, of what is a backup at all."""
    found = members(opened)
    try:
        first = next(found, None)
    except BackupImpossible:
        first = None
    if first is None or first.name != archive.HEADER:
        raise BackupImpossible("backup.none", archive.NO_BACKUP)
    yield first
    yield from found


class _Reading:
    """Takes the members in their order into a stage, and says whether all were there and whole."""

    def __init__(self, stage: Kept) -> None:
        self._stage = stage
        self._media = FolderMedia(stage.media)
        self._header: Header | None = None
        self._manifest: Manifest | None = None
        self._sums = (stage.data / "sums").open("w+b")
        self._list_sum, self._size, self._files = "", 0, 0

    def take(self, member: Member) -> None:
        if self._manifest or (self._list_sum and member.name != archive.MANIFEST):
            raise damaged(member.name)
        match member.name:
            case archive.HEADER if self._header is None:
                self._header = Header.read(member.read_all())
                if not knows(self._header.revision):
                    raise BackupImpossible("backup.newer", archive.NEWER, {"version": self._header.version})
            case archive.DATABASE if not self._stage.database.exists():
                _unpack(member, self._stage.database)
            case archive.SECRET if not self._stage.secret.exists():
                _write_private(self._stage.secret, member.read_all())
            case archive.LIST:
                self._compare(member)
                return
            case archive.MANIFEST:
                self._manifest = Manifest.read(member.read_all())
                return
            case name if name.startswith(archive.MEDIA):
                self._media.put(name.removeprefix(archive.MEDIA), member.read_all(), "")
                self._files += 1
            case name:
                raise damaged(name)
        self._sums.write(f"{member.digest.hexdigest()}  {member.name}\n".encode())
        self._size += member.size

    def _compare(self, member: Member) -> None:
        """The list of the archive with the one made while reading: the same, byte for byte."""
        end = self._sums.tell()
        self._sums.seek(0)
        while piece := member.read():
            own = self._sums.read(len(piece))
            if own != piece:
                raise damaged(_first_difference(own, piece))
        if self._sums.tell() != end:
            raise damaged(archive.LIST)
        self._list_sum = member.digest.hexdigest()

    def close(self) -> None:
        self._sums.close()

    def finished(self) -> Manifest:
        if self._manifest is None or self._header is None:
            raise cut_off()
        found = (self._header, self._list_sum, self._size, self._files)
        told = self._manifest
        if found != (told.header, told.list_sum, told.size, told.media) or not self._stage.database.exists():
            raise damaged(archive.MANIFEST)
        return told


def _first_difference(own: bytes, told: bytes) -> str:
    """The name in the first line that differs."""
    at = next(
        (n for n, (a, b) in enumerate(zip(own, told, strict=False)) if a != b), min(len(own), len(told))
    )
    line = own[own.rfind(b"\n", 0, at) + 1 :].split(b"\n")[0]
    return line[66:].decode("ascii", "replace") or archive.LIST


def _unpack(member: Member, to: Path) -> None:
    unpacking = zlib.decompressobj(wbits=31)
    with _private(to) as written:
        try:
            while piece := member.read():
                while piece:
                    written.write(unpacking.decompress(piece, archive.PIECE))
                    piece = unpacking.unconsumed_tail
            written.write(unpacking.flush())
        except zlib.error:
            raise damaged(member.name) from None
        if not unpacking.eof or unpacking.unused_data:
            raise damaged(member.name)


def _write_private(to: Path, data: bytes) -> None:
    with _private(to) as written:
        written.write(data)
        written.flush()
        os.fsync(written.fileno())


def _private(to: Path) -> IO[bytes]:
    return os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _check_database(file: Path, manifest: Manifest) -> None:
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            whole = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            whole = whole and not database.execute("PRAGMA foreign_key_check").fetchall()
            revision = database.execute("SELECT version_num FROM alembic_version").fetchone()
            whole = whole and revision == (manifest.header.revision,)
            whole = whole and rows_of(database) == manifest.rows
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        raise damaged(archive.DATABASE)


def _upgrade(file: Path, manifest: Manifest) -> None:
    try:
        upgrade(f"sqlite:///{file}")
    except DatabaseIsNewer:
        raise BackupImpossible("backup.newer", archive.NEWER, {"version": manifest.header.version}) from None
    sync(file)


# --- the places


@contextmanager
def _stage(kept: Kept) -> Iterator[Kept]:
    """Places beside the true ones, on the same disks, so that a renaming is all that is left to do."""
    with ExitStack() as stack:

        def beside(path: Path) -> Path:
            path.parent.mkdir(parents=True, exist_ok=True)
            return Path(stack.enter_context(TemporaryDirectory(dir=path.parent, prefix=_STAGE)))

        yield Kept(
            data=beside(kept.data / "any"),
            database=beside(kept.database) / "thongthin.sqlite3",
            media=beside(kept.media) / "media",
            secret=beside(kept.secret) / "secret",
        )


def _sweep(kept: Kept) -> None:
    """What a restore that was killed has left: nobody else may be at it now."""
    for folder in {kept.data, kept.database.parent, kept.media.parent, kept.secret.parent}:
        for left in folder.glob(f"{_STAGE}*") if folder.is_dir() else ():
            shutil.rmtree(left, ignore_errors=True)


def _must_be_empty(kept: Kept) -> None:
    wal = kept.database.with_name(f"{kept.database.name}-wal")
    used = [one for one in (kept.database, wal, kept.secret) if one.exists()]
    used += [
        one for one in sorted(kept.media.rglob("*"))[:1] if kept.media.is_dir() and not _is_left_over(one)
    ]
    if used:
        raise BackupImpossible("restore.used", USED, {"file": str(used[0])})


def _is_left_over(path: Path) -> bool:
    return path.name == ".unfinished" and path.is_dir() and not any(path.iterdir())


def _put_in_place(stage: Kept, kept: Kept) -> None:
    """The database last: with it the folder is a used one, and until then the restore can be run again."""
    if kept.media.is_dir():
        for left in kept.media.iterdir():
            left.rmdir()
        kept.media.rmdir()
    undo: list[Callable[[], object]] = []
    try:
        stage.media.rename(kept.media)
        undo.append(lambda: kept.media.rename(stage.media))
        if stage.secret.exists():
            stage.secret.rename(kept.secret)
            undo.append(lambda: kept.secret.rename(stage.secret))
        for folder in {kept.media.parent, kept.secret.parent}:
            sync(folder)
        stage.database.rename(kept.database)
    except BaseException:
        for step in reversed(undo):
            step()
        raise
    sync(kept.database.parent)


IN_USE = T(
    "มีบริการหรือการกู้คืนอื่นใช้โฟลเดอร์ {folder} อยู่ หยุด thongthin serve ก่อน แล้วสั่งอีกครั้ง",
    "A service or another restore is using the folder {folder}; stop thongthin serve first, then run this again",
)
USED = T(
    "โฟลเดอร์นี้มีข้อมูลอยู่แล้ว ({file}) กู้คืนทับไม่ได้ ตั้ง THONGTHIN_DATA เป็นโฟลเดอร์ว่าง หรือย้ายของเดิมออกก่อน",
    "This folder is in use already ({file}) and is not written over; set THONGTHIN_DATA to an empty folder, or move the old one away first",
)
