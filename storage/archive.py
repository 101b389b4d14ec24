"""The form of a backup: one tar file that begins by saying what it is and ends with the check sums of all in it.

    thongthin-backup.json   what this is, and which program can read it
    database.sqlite3.gz     the database as it was at one moment
    secret                  what signs addresses and sessions, if the data folder has it
    media/…                 every photo and letter that this database names, under its key
    files.sha256            a line for each of the above, as `sha256sum` writes it
    manifest.json           the first file again, with counts and the check sum of the list

What is cut off lacks its end, and what was changed on the way has another sum.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO, Final

from flows.core.problem import Problem
from flows.core.text import Facts, T
from storage.media_store import checked_key

FORMAT: Final = 1
HEADER: Final = "thongthin-backup.json"
DATABASE: Final = "database.sqlite3.gz"
SECRET: Final = "secret"
MEDIA: Final = "media/"
LIST: Final = "files.sha256"
MANIFEST: Final = "manifest.json"
PIECE: Final = 2**20  # bytes in memory at a time
MOST_IN_MEMORY: Final = 64 * 2**20  # bytes of one photo, letter or manifest


class BackupImpossible(Exception):
    """A backup cannot be made, or not be put back; `problem` says why, for whoever asked for it."""

    def __init__(self, code: str, say: T, facts: Facts | None = None) -> None:
        super().__init__(say.to("en", facts))
        self.problem = Problem(code, say, facts or {})


@dataclass(frozen=True, slots=True)
class Header:
    """`revision` is that of the database, `made_at` ISO 8601 in UTC."""

    version: str
    revision: str
    made_at: str

    def to_json(self) -> dict[str, object]:
        return {"format": FORMAT, **{one.name: getattr(self, one.name) for one in fields(self)}}

    @staticmethod
    def read(data: bytes) -> Header:
        """Raises BackupImpossible where it is none, or of a format that is not known yet."""
        try:
            found = json.loads(data)
            made = Header(*(str(found[one.name]) for one in fields(Header)))
            form = int(found["format"])
        except (ValueError, KeyError, TypeError):
            raise BackupImpossible("backup.none", NO_BACKUP) from None
        if form > FORMAT:
            raise BackupImpossible("backup.newer", NEWER, {"version": made.version})
        return made


@dataclass(frozen=True, slots=True)
class Manifest:
    header: Header
    rows: Mapping[str, int]  # of each table
    media: int  # files
    size: int  # bytes of all files together
    list_sum: str  # SHA-256 of files.sha256

    def to_json(self) -> bytes:
        written = self.header.to_json() | {
            "rows": dict(self.rows), "media": self.media, "bytes": self.size, "files_sha256": self.list_sum,
        }  # fmt: skip
        return json.dumps(written, indent=1, sort_keys=True).encode()

    @staticmethod
    def read(data: bytes) -> Manifest:
        header = Header.read(data)
        try:
            found = json.loads(data)
            rows = {str(name): int(count) for name, count in found["rows"].items()}
            return Manifest(
                header, rows, int(found["media"]), int(found["bytes"]), str(found["files_sha256"])
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise damaged(MANIFEST) from None


class Writer:
    """Writes an archive, noting the sum of each file in `sums`, another file on the same disk."""

    def __init__(self, to: IO[bytes], sums: IO[bytes], header: Header, now: float) -> None:
        self._tar = tarfile.TarFile(fileobj=to, mode="w", format=tarfile.GNU_FORMAT)
        self._sums, self._header, self._now = sums, header, now
        self._list_sum, self._size = hashlib.sha256(), 0
        self.put(HEADER, json.dumps(header.to_json(), indent=1).encode())

    def put(self, name: str, data: bytes) -> None:
        self._add(name, io.BytesIO(data), len(data))
        self._note(name, hashlib.sha256(data).hexdigest(), len(data))

    def put_file(self, name: str, file: Path) -> None:
        size, digest = file.stat().st_size, hashlib.sha256()
        with file.open("rb") as opened:
            while piece := opened.read(PIECE):
                digest.update(piece)
            opened.seek(0)
            self._add(name, opened, size)
        self._note(name, digest.hexdigest(), size)

    def finish(self, rows: Mapping[str, int], media: int) -> Manifest:
        manifest = Manifest(self._header, rows, media, self._size, self._list_sum.hexdigest())
        size = self._sums.tell()
        self._sums.seek(0)
        self._add(LIST, self._sums, size)
        written = manifest.to_json()
        self._add(MANIFEST, io.BytesIO(written), len(written))
        self._tar.close()
        return manifest

    def _add(self, name: str, data: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(self._now)
        self._tar.addfile(member, data)
        self._tar.members.clear()  # type: ignore[attr-defined]  # it would remember every one of a million

    def _note(self, name: str, digest: str, size: int) -> None:
        line = f"{digest}  {name}\n".encode()
        self._sums.write(line)
        self._list_sum.update(line)
        self._size += size


class Member:
    """One file of an archive that is being read; what is read of it is summed up on the way."""

    def __init__(self, name: str, size: int, data: IO[bytes]) -> None:
        self.name, self.size = name, size
        self._data, self._left = data, size
        self.digest = hashlib.sha256()

    def read(self, most: int = PIECE) -> bytes:
        """Raises BackupImpossible where the file ends too early."""
        wanted = min(most, self._left)
        if not wanted:
            return b""
        try:
            piece = self._data.read(wanted)
        except tarfile.TarError:
            piece = b""
        if not piece:
            raise cut_off()
        self._left -= len(piece)
        self.digest.update(piece)
        return piece

    def read_all(self) -> bytes:
        if self.size > MOST_IN_MEMORY:
            raise damaged(self.name)
        return b"".join(iter(self.read, b""))


def members(archive: IO[bytes]) -> Iterator[Member]:
    """Every file in its order. Names that are none of ours, folders and links are refused."""
    try:
        with tarfile.open(fileobj=archive, mode="r|") as tar:
            while (info := tar.next()) is not None:
                if not info.isreg() or not is_ours(info.name):
                    raise damaged(info.name[:100])
                data = tar.extractfile(info)
                assert data is not None  # a regular file always has
                yield Member(info.name, info.size, data)
                tar.members.clear()  # type: ignore[attr-defined]  # it would remember every one of a million
    except (tarfile.TarError, EOFError, ValueError):
        raise cut_off() from None


def is_ours(name: str) -> bool:
    if name.startswith(MEDIA):
        try:
            checked_key(name.removeprefix(MEDIA))
        except ValueError:
            return False
        return True
    return name in (HEADER, DATABASE, SECRET, LIST, MANIFEST)


def damaged(name: str) -> BackupImpossible:
    return BackupImpossible("backup.damaged", DAMAGED, {"name": name})


def cut_off() -> BackupImpossible:
    return BackupImpossible("backup.cut_off", CUT_OFF)


NO_BACKUP = T("ไฟล์นี้ไม่ใช่ไฟล์สำรองของท้องถิ่น", "This file is not a backup that thongthin made")
NEWER = T(
    "ไฟล์สำรองนี้มาจากโปรแกรมรุ่นใหม่กว่า ({version}) ปรับปรุงโปรแกรมแล้วลองอีกครั้ง",
    "This backup comes from a newer version of the program ({version}); upgrade the program and try again",
)
DAMAGED = T(
    "ไฟล์สำรองเสียหายที่ {name} ยังไม่ได้เปลี่ยนอะไร ให้ใช้ไฟล์สำรองอื่น",
    "The backup is damaged at {name}; nothing was changed. Use another backup",
)
CUT_OFF = T(
    "ไฟล์สำรองไม่ครบหรือเสียหาย อาจคัดลอกไม่เสร็จ ยังไม่ได้เปลี่ยนอะไร ให้คัดลอกใหม่หรือใช้ไฟล์อื่น",
    "The backup is incomplete or damaged, perhaps not copied to its end; nothing was changed. Copy it again or use another",
)
