"""The folder of photos: what is there is whole, and a full disk or a crash leaves nothing behind."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from storage.media import FolderMedia, MediaUnusable, open_media

KEY = f"photo/{'ab' * 32}/web.jpg"


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def full_disk(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_files_are_spread_over_folders_and_private(tmp_path: Path) -> None:
    FolderMedia(tmp_path).put(KEY, b"bytes", "image/jpeg")
    assert files_in(tmp_path) == [f"photo/ab/{'ab' * 32}/web.jpg"]
    assert (tmp_path / files_in(tmp_path)[0]).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_no_trace_and_the_next_try_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    media = FolderMedia(tmp_path)
    media.put(KEY.replace("web", "thumbnail"), b"made the folder", "image/jpeg")
    before = files_in(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(*((Path, call, full_disk) if call == "replace" else (os, call, full_disk)))
        with pytest.raises(OSError, match="No space left"):
            media.put(KEY, b"bytes", "image/jpeg")
    assert files_in(tmp_path) == before
    assert not media.exists(KEY)
    media.put(KEY, b"bytes", "image/jpeg")
    assert media.get(KEY) == b"bytes"


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:3]))
    media = FolderMedia(tmp_path)
    media.put(KEY, b"one two three", "image/jpeg")
    assert media.get(KEY) == b"one two three"


def test_the_file_then_its_folder_are_on_the_disk_before_put_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = FolderMedia(tmp_path)
    synced: list[str] = []
    fsync = os.fsync

    def noted(file: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{file}").removeprefix(str(tmp_path)))
        fsync(file)

    monkeypatch.setattr(os, "fsync", noted)
    media.put(KEY, b"bytes", "image/jpeg")
    new_folders, (file, folder) = synced[:-2], synced[-2:]
    assert new_folders == ["", "/photo", "/photo/ab"]
    assert file.startswith("/.unfinished/")
    assert folder == f"/photo/ab/{'ab' * 32}"


def test_what_a_crash_left_is_swept_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    FolderMedia(tmp_path).put(KEY, b"bytes", "image/jpeg")
    left, written = tmp_path / ".unfinished" / "left", tmp_path / ".unfinished" / "written"
    left.write_bytes(b"half a pho")
    written.write_bytes(b"another process is at it")
    yesterday = time.time() - 86_400
    os.utime(left, (yesterday, yesterday))
    media = FolderMedia(tmp_path)
    assert not left.exists()
    assert written.exists()
    assert media.get(KEY) == b"bytes"


def test_check_passes_on_a_folder_that_takes_files_and_leaves_nothing(tmp_path: Path) -> None:
    FolderMedia(tmp_path).check()
    assert files_in(tmp_path) == []


def test_check_names_the_folder_and_the_reason_and_passes_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = FolderMedia(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full_disk)
        with pytest.raises(MediaUnusable, match="No space left") as raised:
            media.check()
    assert str(tmp_path) in str(raised.value)
    assert raised.value.problem.code == "media.not_writable"
    media.check()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MediaUnusable, match="file/media"):
        open_media(str(tmp_path / "file" / "media"))
    open_media(str(tmp_path / "folder" / "media")).check()


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_the_setting_names_a_folder(tmp_path: Path, scheme: str) -> None:
    media = open_media(f"{scheme}{tmp_path}/media")
    media.put(KEY, b"bytes", "image/jpeg")
    assert (tmp_path / "media" / "photo").is_dir()
