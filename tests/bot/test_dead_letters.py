"""The commands for what was set aside: listed without what people wrote, shown, marked, dropped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.command_line import run
from bot.console import now
from flows.core.chat import Json
from storage import conversations, dead_letters
from storage.db import Store
from storage.upgrade import upgrade

Said = pytest.CaptureFixture[str]
RAW: dict[str, Json] = {"update_id": 41, "message": {"text": "ความลับ"}}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    upgrade(f"sqlite:///{tmp_path}/data/thongthin.sqlite3")
    opened = Store(f"sqlite:///{tmp_path}/data/thongthin.sqlite3")
    yield opened
    opened.close()


def keep(store: Store, update_id: int, error: str = "KeyError: ความลับ", *, saved: bool = False) -> None:
    store.run_now(conversations.keep_dead_letter, update_id, 7, RAW, error, 4, now(), None, saved)


def test_they_are_listed_without_what_they_say(store: Store, capsys: Said) -> None:
    assert run(["dead-letter", "list"]) == 0
    assert "No message is set aside" in capsys.readouterr().out
    keep(store, 41)
    keep(store, 42, "ValueError: ความลับ")
    assert run(["dead-letter", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["42", "41"]
    assert "ValueError" in lines[0]
    assert "4 tries" in lines[0]
    assert not [line for line in lines if "ความลับ" in line]


def test_one_is_shown_whole(store: Store, capsys: Said) -> None:
    keep(store, 41, saved=True)
    assert run(["dead-letter", "show", "41"]) == 0
    said = capsys.readouterr().out
    assert "KeyError: ความลับ" in said
    assert '"text": "ความลับ"' in said
    assert "was saved" in said


@pytest.mark.parametrize("call", [["show", "5"], ["retry", "5"], ["drop", "5"]])
def test_a_number_that_is_not_there_is_one_line(store: Store, capsys: Said, call: list[str]) -> None:
    keep(store, 41)
    assert run(["dead-letter", *call]) == 1
    assert "dead-letter list" in capsys.readouterr().err
    assert run(["dead-letter", call[0], "41"]) == 0


def test_one_is_marked_to_be_run_again(store: Store, capsys: Said) -> None:
    keep(store, 41)
    keep(store, 42)
    assert run(["dead-letter", "retry", "41"]) == 0
    assert "1 marked" in capsys.readouterr().out
    assert [one.update_id for one in store.read_now(dead_letters.newest) if one.retry_at] == [41]
    run(["dead-letter", "list"])
    assert capsys.readouterr().out.count("to be run again") == 1


def test_all_are_marked_to_be_run_again(store: Store, capsys: Said) -> None:
    assert run(["dead-letter", "retry", "--all"]) == 0
    assert "No message is set aside" in capsys.readouterr().out
    keep(store, 41)
    keep(store, 42)
    assert run(["dead-letter", "retry", "--all"]) == 0
    assert "2 marked" in capsys.readouterr().out
    assert all(one.retry_at for one in store.read_now(dead_letters.newest))


@pytest.mark.parametrize("call", [["retry"], ["retry", "41", "--all"], ["retry", "x"]])
def test_what_is_to_be_run_has_to_be_clear(store: Store, capsys: Said, call: list[str]) -> None:
    keep(store, 41)
    assert run(["dead-letter", *call]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not any(one.retry_at for one in store.read_now(dead_letters.newest))
    assert run(["dead-letter", "retry", "41"]) == 0


def test_a_dropped_one_is_gone(store: Store, capsys: Said) -> None:
    keep(store, 41)
    assert run(["dead-letter", "drop", "41"]) == 0
    assert store.read_now(dead_letters.newest) == []


def test_the_doctor_names_how_many_and_the_newest_few(store: Store, capsys: Said) -> None:
    for n in range(5):
        keep(store, 41 + n)
    assert run(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "5 messages were set aside" in said
    assert "dead-letter retry --all" in said
    assert said.count("KeyError") == 3 * 2  # in both languages
    assert "ความลับ" not in said
    for n in range(5):
        run(["dead-letter", "drop", str(41 + n)])
    capsys.readouterr()
    run(["doctor"])
    assert "No message had to be set aside" in capsys.readouterr().out
