"""Where bytes are kept in these tests: a folder, and a bucket, seen alike."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from storage.media import FolderMedia, Media, open_media
from tests.s3 import Server


@dataclass(frozen=True, slots=True)
class Shelf:
    """`again` opens it as another process would; `files` is what lies there, by its path without any prefix;
    `full` lets so many writings through and then none."""

    media: Media
    again: Callable[[], Media]
    files: Callable[[], dict[str, bytes]]
    full: Callable[[int], AbstractContextManager[None]]

    def names(self) -> list[str]:
        return sorted(path.rsplit("/", 1)[-1] for path in self.files())


@pytest.fixture(params=["folder", "s3"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "folder":
        return _folder(tmp_path / "media")
    return _bucket(request.getfixturevalue("s3"))


@pytest.fixture
def media(shelf: Shelf) -> Media:
    return shelf.media


def _folder(folder: Path) -> Shelf:
    def files() -> dict[str, bytes]:
        found = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
        # photo/ab/ab12…/web.jpg is the key photo/ab12…/web.jpg
        return {
            "/".join((*name.parts[:-3], *name.parts[-2:])): path.read_bytes() for name, path in found.items()
        }

    @contextmanager
    def full(after: int) -> Iterator[None]:
        write, left = os.write, [after]

        def written(file: int, data: bytes) -> int:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return write(file, data)

        with patch.object(os, "write", written):
            yield

    return Shelf(FolderMedia(folder), lambda: FolderMedia(folder), files, full)


def _bucket(s3: Server) -> Shelf:
    name = s3.bucket()

    def opened() -> Media:
        return open_media(f"s3://{name}/a/prefix", s3.access)

    def files() -> dict[str, bytes]:
        return {path.removeprefix("a/prefix/"): data for path, data in s3.files(name).items()}

    return Shelf(opened(), opened, files, lambda after: s3.failing("PUT", after=after))
