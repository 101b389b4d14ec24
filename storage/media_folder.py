"""A folder on this machine that keeps bytes: whole files, on the disk before anything is confirmed."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from flows.core.problem import Problem
from flows.core.text import T
from storage.media_store import MediaUnusable, MissingPhoto, checked_key

_UNFINISHED = ".unfinished"
_ABANDONED_AFTER_SECONDS = 3600.0


class FolderMedia:
    """A folder on this machine; `photo/ab12…/web.jpg` lies in `photo/ab/ab12…/web.jpg`.

    A file is written in a corner of the same folder and renamed into place once the disk has it, so a file with
    its own name is always whole. What a crash leaves in that corner is swept when the folder is next opened.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unfinished = folder / _UNFINISHED
        try:
            _make_folder(self._unfinished)
            self._sweep()
        except OSError as error:
            raise self._unusable(error) from error

    def put(self, key: str, data: bytes, content_type: str) -> None:
        place = self._place(key)
        if not place.exists():
            _make_folder(place.parent)
            unfinished = self._write_unfinished(data)
            try:
                unfinished.replace(place)
            except OSError:
                unfinished.unlink(missing_ok=True)
                raise
        # Also where the file was there already: whoever wrote it may have died before its name was durable.
        _sync(place.parent)

    def get(self, key: str) -> bytes:
        try:
            return self._place(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise MissingPhoto(key) from None

    def exists(self, key: str) -> bool:
        return self._place(key).is_file()

    def size(self, key: str) -> int:
        try:
            return self._place(key).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            raise MissingPhoto(key) from None

    def delete(self, key: str) -> None:
        place = self._place(key)
        if place.exists():
            place.unlink(missing_ok=True)
            _sync(place.parent)

    def check(self) -> None:
        try:
            self._write_unfinished(b"can this be kept?").unlink()
        except OSError as error:
            raise self._unusable(error) from error

    def _place(self, key: str) -> Path:
        *above, name, leaf = checked_key(key).split("/")
        return self.folder.joinpath(*above, name[:2], name, leaf)

    def _write_unfinished(self, data: bytes) -> Path:
        path = self._unfinished / secrets.token_hex(16)
        try:
            _write(path, data)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def _sweep(self) -> None:
        # Young files may be another process's, at work in the same folder right now.
        abandoned = time.time() - _ABANDONED_AFTER_SECONDS
        for path in self._unfinished.iterdir():
            with suppress(FileNotFoundError):  # finished just now
                if path.stat().st_mtime < abandoned:
                    path.unlink()

    def _unusable(self, error: OSError) -> MediaUnusable:
        say = T(
            "เก็บรูปในโฟลเดอร์ {folder} ไม่ได้ ({reason}) ให้ตรวจสิทธิ์การเขียนและพื้นที่ว่าง หรือตั้ง THONGTHIN_MEDIA เป็นโฟลเดอร์อื่น",
            "Photos cannot be kept in the folder {folder} ({reason}): check its permissions and free space, or set THONGTHIN_MEDIA to another folder.",
        )
        facts = {"folder": str(self.folder), "reason": error.strerror or str(error)}
        return MediaUnusable(Problem("media.not_writable", say, facts))


def _write(path: Path, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    finally:
        os.close(file)


def _make_folder(folder: Path) -> None:
    # A new folder is durable only when the one above it has been told to the disk.
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
