"""Backups: whole or not at all, checked to the last byte before anything is put in place."""

from __future__ import annotations

import errno
import gc
import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import archive, backup, restoring
from storage.archive import BackupImpossible
from storage.backup import Kept, Made, Stage, database_file, make_backup
from storage.db import Store
from storage.letters import letter_key
from storage.media import FolderMedia, content_name
from storage.photos import keys_of
from storage.restoring import restore
from storage.tables import dead_letter
from storage.upgrade import upgrade

PHOTO, GONE = content_name(b"a photo"), content_name(b"a photo that is lost")
LETTER = content_name(b"%PDF")


def quiet(stage: Stage, done: int, all_of: int) -> None:
    pass


def at(folder: Path) -> Kept:
    return Kept(folder, folder / "thongthin.sqlite3", folder / "media", folder / "secret")


@pytest.fixture
def kept(sqlite_template: Path, tmp_path: Path, now: datetime) -> Kept:
    """A data folder with a draft that has a photo, a letter, and a dead letter that is no photo."""
    made = at(tmp_path / "data")
    made.data.mkdir()
    made.database.write_bytes(sqlite_template.read_bytes())
    made.secret.write_text("s" * 43)
    media = FolderMedia(made.media)
    for key in keys_of(PHOTO):
        if "start" not in key:
            media.put(key, f"{key} as JPEG".encode(), "image/jpeg")
    media.put(letter_key(LETTER), b"%PDF", "application/pdf")
    media.put(keys_of(GONE)[0], b"nobody names this", "image/jpeg")
    with closing(sqlite3.connect(made.database)) as database:
        fill(database, now)
        database.commit()
    return made


def fill(database: sqlite3.Connection, now: datetime) -> None:
    moment = now.isoformat(timespec="microseconds")
    filled: dict[str, dict[str, object]] = {
        "lao": {"code": "5201005", "name": "เทศบาลตำบลทดสอบ", "type": "เทศบาลตำบล", "province": "ลำปาง",
                "district": "เกาะคา", "folded": "ทดสอบ", "updated_at": moment},
        "officer": {"id": 1, "lao_code": "5201005", "chat_id": 7, "name": "สมศรี", "joined_at": moment},
        "draft": {"id": 1, "officer_id": 1, "lao_code": "5201005", "form": "landmark", "started_at": moment,
                  "updated_at": moment, "conversation": json.dumps({"photos": [{"id": PHOTO}]})},
        "reviewer": {"id": 1, "name": "ผู้ตรวจ", "password_hash": "x", "created_at": moment},
        "campaign": {"id": 1, "title": "เรื่อง", "letter_file": LETTER, "deadline": moment, "counts": "submitted",
                     "scope": "{}", "before": "[]", "after": "[]", "opens": "08:30", "closes": "16:30",
                     "extra_days_off": "[]", "state": "draft", "reviewer_id": 1, "created_at": moment},
    }  # fmt: skip
    for table, row in filled.items():
        names = ", ".join(f'"{name}"' for name in row)
        database.execute(
            f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
        )


def made_of(kept: Kept, to: Path, now: datetime, **more: bool) -> Made:
    return make_backup(kept, FolderMedia(kept.media), to, version="0.1.0", now=now, tell=quiet, **more)


@pytest.fixture
def tar(kept: Kept, tmp_path: Path, now: datetime) -> Path:
    to = tmp_path / "backup.tar"
    made_of(kept, to, now)
    return to


def files_under(folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".in-use")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file)) as database:
        return {
            table: sorted(database.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)
            for table in backup.tables_of(database)
        }


def test_what_was_backed_up_is_what_is_restored(kept: Kept, tar: Path, tmp_path: Path) -> None:
    new = at(tmp_path / "new")
    manifest = restore(tar, new, quiet)
    assert rows(new.database) == rows(kept.database)
    assert new.secret.read_text() == "s" * 43
    media, before = files_under(new.media), files_under(kept.media)
    assert len(media) == manifest.media == 5
    assert all(before[name] == data for name, data in media.items())
    assert not [name for name in media if GONE in name]
    assert manifest.rows["officer"] == 1
    for path in (new.database, new.secret):
        assert path.stat().st_mode & 0o077 == 0
    assert sorted(one.name for one in new.data.iterdir()) == [
        ".in-use",
        "media",
        "secret",
        "thongthin.sqlite3",
    ]


def test_a_backup_is_a_tar_whose_list_anybody_can_check(tar: Path, tmp_path: Path) -> None:
    assert tar.stat().st_mode & 0o077 == 0
    with tarfile.open(tar) as opened:
        names = opened.getnames()
        opened.extractall(tmp_path / "out", filter="data")
    assert names[0] == "thongthin-backup.json"
    assert names[-2:] == ["files.sha256", "manifest.json"]
    subprocess.run(
        ["sha256sum", "--strict", "--quiet", "-c", "files.sha256"], cwd=tmp_path / "out", check=True
    )
    assert (tmp_path / "out" / "database.sqlite3.gz").read_bytes()[:2] == b"\x1f\x8b"


def test_a_photo_that_is_named_and_not_there_is_counted_and_the_rest_is_kept(
    kept: Kept, tmp_path: Path, now: datetime
) -> None:
    with closing(sqlite3.connect(kept.database)) as database:
        database.execute(
            "UPDATE draft SET conversation = ?", (json.dumps({"photos": [{"id": PHOTO}, {"id": GONE}]}),)
        )
        database.commit()
    made = made_of(kept, tmp_path / "backup.tar", now)
    assert made.missing == 1
    assert made.manifest.media == 6
    restore(tmp_path / "backup.tar", at(tmp_path / "new"), quiet)


def test_progress_goes_up_to_all_of_it(kept: Kept, tmp_path: Path, now: datetime) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}

    def tell(stage: Stage, done: int, all_of: int) -> None:
        seen.setdefault(stage, []).append((done, all_of))

    make_backup(kept, FolderMedia(kept.media), tmp_path / "b.tar", version="1", now=now, tell=tell)
    restore(tmp_path / "b.tar", at(tmp_path / "new"), tell)
    assert set(seen) == {"database", "photos", "reading"}
    for steps in seen.values():
        assert steps == sorted(steps)
    assert seen["photos"][-1] == (2, 2)


# --- making: whole or not at all


def test_an_older_file_is_kept_unless_it_may_be_replaced(kept: Kept, tar: Path, now: datetime) -> None:
    before = tar.read_bytes()
    with pytest.raises(BackupImpossible, match="--replace"):
        made_of(kept, tar, now)
    assert tar.read_bytes() == before
    kept.secret.write_text("t" * 43)
    made_of(kept, tar, now, replace=True)
    assert tar.read_bytes() != before


def test_of_two_that_make_the_same_file_neither_is_written_over(
    kept: Kept, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "backup.tar"
    monkeypatch.setattr(
        archive.Writer, "finish", meanwhile(archive.Writer.finish, lambda: to.write_text("another's"))
    )
    with pytest.raises(BackupImpossible, match="exists already"):
        made_of(kept, to, now)
    assert to.read_text() == "another's"


def meanwhile(call: Callable[..., object], then: Callable[[], object]) -> Callable[..., object]:
    def both(*args: object, **named: object) -> object:
        found = call(*args, **named)
        then()
        return found

    return both


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize(
    "where", ["storage.backup._compressed", "storage.archive.Writer.put", "storage.backup.os.fsync"]
)
def test_a_full_disk_or_ctrl_c_leaves_no_half_file_and_the_next_try_succeeds(
    kept: Kept,
    tmp_path: Path,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    error: BaseException,
) -> None:
    to = tmp_path / "out" / "backup.tar"
    to.parent.mkdir()

    def fails(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(where, fails)
        with pytest.raises(type(error)):
            made_of(kept, to, now)
    assert list(to.parent.iterdir()) == []
    made_of(kept, to, now)
    restore(to, at(tmp_path / "new"), quiet)


def test_what_cannot_be_backed_up_is_told(kept: Kept, tmp_path: Path, now: datetime) -> None:
    for wrong, to, told in (
        (at(tmp_path / "nothing"), tmp_path / "b.tar", "nothing to back up"),
        (kept, tmp_path / "no such folder" / "b.tar", "folder that exists"),
        (kept, tmp_path, "folder that exists"),
    ):
        with pytest.raises(BackupImpossible, match=told):
            made_of(wrong, to, now)
    stranger = tmp_path / "stranger.sqlite3"
    with closing(sqlite3.connect(stranger)) as database:
        database.execute("CREATE TABLE x (y)")
    with pytest.raises(BackupImpossible, match="not thongthin's"):
        made_of(replace(kept, database=stranger), tmp_path / "b.tar", now)
    assert [one.name for one in tmp_path.iterdir() if "unfinished" in one.name or one.suffix == ".tar"] == []


def test_a_backup_holds_up_no_writer_and_a_writer_does_not_begin_it_anew(
    kept: Kept, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PAGES", 1)
    store, written = Store(f"sqlite:///{kept.database}"), []
    before = rows(kept.database)

    def write(stage: Stage, done: int, all_of: int) -> None:
        if stage == "database":
            began = time.monotonic()
            store.run_now(lambda tx: tx.execute(sa.insert(dead_letter).values(
                update_id=done, raw={}, error="x" * 5_000, attempts=1, at=now)) and None)  # fmt: skip
            written.append(time.monotonic() - began)

    make_backup(kept, FolderMedia(kept.media), tmp_path / "b.tar", version="1", now=now, tell=write)
    store.close()
    assert len(written) > 20
    assert max(written) < 2.0
    restore(tmp_path / "b.tar", at(tmp_path / "new"), quiet)
    assert rows(at(tmp_path / "new").database) == before


def most_memory(files: int, folder: Path) -> int:
    """Bytes at most, while an archive of so many files is written and read."""
    tracemalloc.start()
    try:
        with (folder / "a.tar").open("w+b") as to, (folder / "sums").open("w+b") as sums:
            writer = archive.Writer(to, sums, archive.Header("1", "1", "2017"), 0.0)
            for number in range(files):
                writer.put(f"media/photo/{number:064}/web.jpg", b"x" * 2_000)
            writer.finish({}, files)
            to.seek(0)
            for number, member in enumerate(archive.members(to)):
                while member.read(65_536):
                    pass
                if number % 50 == 0:
                    gc.collect()  # what only waits to be swept up is not remembered
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_ten_times_as_many_files_take_no_more_memory(tmp_path: Path) -> None:
    most_memory(10, tmp_path)
    few, many = most_memory(200, tmp_path), most_memory(2_000, tmp_path)
    # The usual reading and writing of a tar remembers a thousand bytes and more of each file.
    assert many < few + 200_000, (few, many)


# --- restoring: checked first, and then all of it


@contextmanager
def untouched(new: Kept) -> Iterator[None]:
    """Nothing is changed in the folder, and the right backup can still be restored into it."""
    before = files_under(new.data)
    yield
    assert files_under(new.data) == before
    assert not list(new.data.glob(".restoring-*"))


def refused(tar: Path, new: Kept) -> str:
    with untouched(new), pytest.raises(BackupImpossible) as raised:
        restore(tar, new, quiet)
    return raised.value.problem.code


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.9, 0.97])
def test_a_file_that_was_cut_off_changes_nothing_and_the_whole_one_is_then_taken(
    tar: Path, tmp_path: Path, part: float
) -> None:
    data, cut, new = tar.read_bytes(), tmp_path / "cut.tar", at(tmp_path / "new")
    end = data.index(b"manifest.json")
    cut.write_bytes(data[: int(end * part)])
    assert refused(cut, new) == "backup.cut_off"
    restore(tar, new, quiet)


def test_any_byte_that_changed_is_found(tar: Path, tmp_path: Path) -> None:
    data, changed, new = tar.read_bytes(), tmp_path / "changed.tar", at(tmp_path / "new")
    with tarfile.open(tar) as opened:
        places = [one.offset_data + part for one in opened for part in {0, one.size // 2, one.size - 1}]
        places += [one.offset + 20 for one in opened]
    for place in places:
        changed.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert refused(changed, new) in ("backup.damaged", "backup.cut_off", "backup.none", "backup.newer"), (
            place
        )
    restore(tar, new, quiet)


def test_a_damaged_photo_is_named(tar: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.tar"
    changed.write_bytes(tar.read_bytes().replace(b"web.jpg as JPEG", b"web.jpg as jpeg"))
    with pytest.raises(BackupImpossible, match=rf"media/photo/{PHOTO}/web\.jpg"):
        restore(changed, at(tmp_path / "new"), quiet)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\0" * 20_000, gzip.compress(b"x" * 5_000, mtime=0), b"PK\3\4" * 500]
)
def test_another_kind_of_file_is_no_backup(tar: Path, tmp_path: Path, content: bytes) -> None:
    wrong, new = tmp_path / "wrong", at(tmp_path / "new")
    wrong.write_bytes(content)
    assert refused(wrong, new) == "backup.none"
    restore(tar, new, quiet)


def rewritten(
    tar: Path, change: Callable[[tarfile.TarInfo, bytes], list[tuple[tarfile.TarInfo, bytes]]]
) -> Path:
    to = tar.with_name("rewritten.tar")
    with tarfile.open(tar) as old, tarfile.open(to, "w") as new:
        for member in old:
            data = old.extractfile(member)
            assert data is not None
            for info, content in change(member, data.read()):
                info.size = len(content)
                new.addfile(info, io.BytesIO(content))
    return to


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("media/../../outside", tarfile.REGTYPE),
        ("../outside", tarfile.REGTYPE),
        ("/tmp/outside", tarfile.REGTYPE),
        ("media/photo/ab/../../../outside", tarfile.REGTYPE),
        ("media/photo/link/web.jpg", tarfile.SYMTYPE),
        ("media/photo/link/web.jpg", tarfile.LNKTYPE),
        ("media/photo/device/web.jpg", tarfile.CHRTYPE),
        ("media/photo", tarfile.DIRTYPE),
        ("secret", tarfile.REGTYPE),  # a second one
        ("thongthin-backup.json", tarfile.REGTYPE),
        ("database.sqlite3.gz", tarfile.REGTYPE),
    ],
)
def test_nothing_in_an_archive_leads_out_of_the_folder(
    tar: Path, tmp_path: Path, name: str, kind: bytes
) -> None:
    def added(member: tarfile.TarInfo, data: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
        if member.name != "files.sha256":
            return [(member, data)]
        more = tarfile.TarInfo(name)
        more.type, more.linkname = kind, "../../../outside"
        return [(more, b"" if kind != tarfile.REGTYPE else b"bad"), (member, data)]

    assert refused(rewritten(tar, added), at(tmp_path / "new" / "deep")) == "backup.damaged"
    assert not list(tmp_path.rglob("outside"))


def test_a_backup_of_a_newer_program_is_refused_before_it_is_unpacked(tar: Path, tmp_path: Path) -> None:
    for key, value in (("revision", "9999"), ("format", 2)):

        def newer(
            member: tarfile.TarInfo, data: bytes, key: str = key, value: object = value
        ) -> list[tuple[tarfile.TarInfo, bytes]]:
            if member.name != "thongthin-backup.json":
                return [(member, data)]
            return [(member, json.dumps(json.loads(data) | {key: value, "version": "9.9"}).encode())]

        changed, new = rewritten(tar, newer), at(tmp_path / "new")
        with untouched(new), pytest.raises(BackupImpossible, match=r"newer version of the program \(9\.9\)"):
            restore(changed, new, quiet)
    restore(tar, at(tmp_path / "new"), quiet)


def test_an_older_backup_is_upgraded(
    kept: Kept, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The upgrade itself is shown in test_migrations; here, that the restored database is given to it."""
    made_of(kept, tmp_path / "b.tar", now)
    given: list[str] = []

    def noted(setting: str) -> str:
        given.append(setting)
        with closing(sqlite3.connect(setting.removeprefix("sqlite:///"))) as database:
            database.execute("CREATE TABLE made_by_a_later_step (x)")
        return upgrade(setting)

    monkeypatch.setattr(restoring, "upgrade", noted)
    new = at(tmp_path / "new")
    restore(tmp_path / "b.tar", new, quiet)
    assert len(given) == 1
    assert "made_by_a_later_step" in rows(new.database)
    assert not new.database.with_name("thongthin.sqlite3-wal").exists()


@pytest.mark.parametrize(
    "used", ["thongthin.sqlite3", "thongthin.sqlite3-wal", "secret", "media/photo/ab/x/web.jpg"]
)
def test_a_folder_that_is_in_use_is_not_written_over(tar: Path, tmp_path: Path, used: str) -> None:
    new = at(tmp_path / "new")
    (new.data / used).parent.mkdir(parents=True)
    (new.data / used).write_bytes(b"")
    assert refused(tar, new) == "restore.used"
    (new.data / used).unlink()
    for empty in sorted(new.media.rglob("*"), reverse=True):
        empty.rmdir()
    restore(tar, new, quiet)


def test_an_empty_media_folder_that_was_once_opened_is_no_hindrance(tar: Path, tmp_path: Path) -> None:
    new = at(tmp_path / "new")
    FolderMedia(new.media).check()
    restore(tar, new, quiet)


SERVING = "import sys, time; from pathlib import Path; from storage.occupancy import shared\nwith shared(Path(sys.argv[1])): print('in', flush=True); time.sleep(60)"


def test_a_folder_that_a_service_runs_on_is_left_alone_until_it_has_stopped(
    tar: Path, tmp_path: Path
) -> None:
    new = at(tmp_path / "new")
    with subprocess.Popen([sys.executable, "-c", SERVING, str(new.data)], stdout=subprocess.PIPE) as service:
        assert service.stdout
        service.stdout.readline()
        assert refused(tar, new) == "restore.in_use"
        service.kill()
    restore(tar, new, quiet)


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize(
    "where", ["storage.media_folder.FolderMedia.put", "storage.restoring.upgrade", "storage.restoring.sync"]
)
def test_a_restore_that_is_broken_off_changes_nothing_and_is_done_again(
    tar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, error: BaseException
) -> None:
    new = at(tmp_path / "new")

    def fails(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch, untouched(new):
        patch.setattr(where, fails)
        with pytest.raises(type(error)):
            restore(tar, new, quiet)
    restore(tar, new, quiet)


def test_what_is_half_in_place_when_it_fails_is_taken_back(
    tar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, sync = at(tmp_path / "new"), backup.sync

    def fails(path: Path) -> None:
        if path.is_dir():
            assert new.media.is_dir()
            assert new.secret.exists()
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(path)

    with monkeypatch.context() as patch, untouched(new):
        patch.setattr(restoring, "sync", fails)
        with pytest.raises(OSError, match="Input/output"):
            restore(tar, new, quiet)
    assert not new.media.exists()
    restore(tar, new, quiet)


def test_what_a_killed_restore_left_is_swept_by_the_next(tar: Path, tmp_path: Path) -> None:
    new = at(tmp_path / "new")
    (new.data / ".restoring-abc" / "media").mkdir(parents=True)
    restore(tar, new, quiet)
    assert not list(new.data.glob(".restoring-*"))


def test_places_apart_from_each_other_are_restored_to(kept: Kept, tar: Path, tmp_path: Path) -> None:
    new = Kept(
        tmp_path / "a", tmp_path / "b" / "db.sqlite3", tmp_path / "c" / "photos", tmp_path / "a" / "secret"
    )
    restore(tar, new, quiet)
    assert rows(new.database) == rows(kept.database)
    assert len(files_under(new.media)) == 5


def test_only_an_embedded_database_is_a_file(tmp_path: Path) -> None:
    assert database_file(f"sqlite:///{tmp_path}/x.sqlite3") == tmp_path / "x.sqlite3"
    assert database_file("postgresql://me:secret@db/thongthin") is None
