"""What the doctor says of a PostgreSQL server, and that the way out it names is one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from bot.command_line import run
from storage.db import Store
from storage.durability import settings_that_lose
from storage.upgrade import upgrade
from tests import postgres
from tests.conftest import WITHOUT_POSTGRES

Said = pytest.CaptureFixture[str]
LOSES = "✗ PostgreSQL นี้ตั้ง {} = off ถ้าเครื่องดับกะทันหัน"


def until_said(said: Callable[[], str], right: Callable[[str], bool]) -> str:
    """A server takes its new settings a moment later."""
    for _ in range(100):
        if right(now := said()):
            return now
        time.sleep(0.05)
    raise AssertionError(now)


def test_settings_with_which_a_crash_loses_what_was_confirmed_are_told_until_they_are_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    folder = postgres.programs()
    if folder is None:
        pytest.skip(WITHOUT_POSTGRES)
    monkeypatch.chdir(tmp_path)

    def doctor() -> str:
        run(["doctor"])
        return capsys.readouterr().out

    with postgres.server(folder, postgres.DURABLE) as server:
        setting = server.setting(server.make())
        upgrade(setting)
        monkeypatch.setenv("THONGTHIN_DATABASE", setting)
        assert "✓ สิ่งที่ยืนยันแล้วไม่หาย" in doctor()
        with psycopg.connect(setting, autocommit=True) as administrator:
            for name in ("fsync", "full_page_writes"):
                administrator.execute(f"ALTER SYSTEM SET {name} = off".encode())
            administrator.execute("SELECT pg_reload_conf()")
            said = until_said(doctor, lambda said: said.count(LOSES[:20]) == 2)
            assert LOSES.format("fsync") in said
            assert LOSES.format("full_page_writes") in said
            assert "✓ สิ่งที่ยืนยันแล้วไม่หาย" not in said
            for remedy in re.findall(r"ALTER SYSTEM SET \w+ = on|SELECT pg_reload_conf\(\)", said):
                administrator.execute(remedy.encode())
        said = until_said(doctor, lambda said: LOSES[:20] not in said)
        assert "✓ สิ่งที่ยืนยันแล้วไม่หาย" in said


def test_only_postgresql_has_such_settings(store: Store) -> None:
    # The tests' own server is set to lose everything: nothing of it outlives them.
    quick = ("fsync", "full_page_writes") if store.engine.dialect.name == "postgresql" else ()
    assert store.read_now(settings_that_lose) == quick
