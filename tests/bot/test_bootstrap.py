"""A bare clone installs what it needs once, again when the lock changes, and says what to do where it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot import bootstrap


class Machine:
    """Stands for the programs that bootstrap calls: what was asked of them, and which of them fail."""

    def __init__(self, venv: Path, failing: tuple[str, ...] = ()) -> None:
        self.venv = venv
        self.failing = failing
        self.asked: list[str] = []
        self.started: list[str] = []

    def runs(self, command: list[str], quiet: bool = False) -> bool:
        asked = " ".join(command)
        self.asked.append(asked)
        if any(one in asked for one in self.failing):
            return False
        if " venv " in asked:
            python = self.venv / "bin" / "python"
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        return True

    def start_again(self, python: Path, module: str) -> None:
        self.started.append(f"{python.name} -m {module}")

    def installed(self) -> bool:
        return any("--require-hashes" in one for one in self.asked)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "requirements.lock").write_text("typer==1 --hash=sha256:0\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "requirements.lock").write_text("pytest==1 --hash=sha256:0\n")
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(bootstrap, "TESTS_LOCK", tmp_path / "tests" / "requirements.lock")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "installed-from")
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    return tmp_path


def machine(clone: Path, monkeypatch: pytest.MonkeyPatch, *failing: str) -> Machine:
    made = Machine(clone / ".venv", failing)
    monkeypatch.setattr(bootstrap, "_runs", made.runs)
    monkeypatch.setattr(bootstrap, "_start_again", made.start_again)
    return made


ABSENT = ("no_such_module",)


def test_nothing_is_done_where_everything_is_there(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = machine(clone, monkeypatch)
    bootstrap.ready("bot")
    assert here.asked == here.started == []


def test_what_is_missing_is_installed_once(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    here = machine(clone, monkeypatch)
    bootstrap.ready("bot", ABSENT)
    assert here.installed()
    assert here.started == ["python -m bot"]
    assert capfd.readouterr().err.count("\n") == 1
    again = machine(clone, monkeypatch)
    bootstrap.ready("bot", ABSENT)
    assert not again.installed()
    assert again.started == ["python -m bot"]


@pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_installed_again(clone: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    bootstrap_once = machine(clone, monkeypatch)
    bootstrap.ready("bot", ABSENT)
    assert bootstrap_once.installed()
    (clone / file).write_text("# changed\n")
    monkeypatch.setattr(sys, "prefix", str(clone / ".venv"))
    here = machine(clone, monkeypatch)
    bootstrap.ready("bot")
    assert here.installed()
    assert here.started == ["python -m bot"]


def test_only_the_tests_install_what_they_alone_need_and_then_the_service_runs_there_too(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, both = f"-r {clone}/requirements.lock", f"-r {clone}/tests/requirements.lock"
    here = machine(clone, monkeypatch)
    bootstrap.ready("bot", ABSENT)
    assert any(mine in one for one in here.asked)
    assert not any(both in one for one in here.asked)
    more = machine(clone, monkeypatch)
    bootstrap.ready("tests", ABSENT, tests=True)
    assert any(f"{mine} {both}" in one for one in more.asked)
    assert more.started == ["python -m tests"]
    again = machine(clone, monkeypatch)
    bootstrap.ready("bot", ABSENT)
    assert not again.installed()


def test_uv_is_used_where_there_is_one_and_pip_where_uv_fails(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name, path=None: "uv" if name == "uv" else None)
    here = machine(clone, monkeypatch)
    bootstrap.ready("bot", ABSENT)
    assert all(one.startswith("uv ") for one in here.asked)
    (clone / "requirements.lock").write_text("")
    without = machine(clone, monkeypatch, "uv pip")
    bootstrap.ready("bot", ABSENT)
    assert "-m pip install" in without.asked[-1]


def test_a_python_without_ensurepip_borrows_pip_from_outside(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = machine(clone, monkeypatch, "import ensurepip", f"{clone}/.venv/bin/python -m pip")
    bootstrap.ready("bot", ABSENT)
    assert any("venv --clear --without-pip" in one for one in here.asked)
    assert f"{sys.executable} -m pip --python" in here.asked[-1]
    assert here.started == ["python -m bot"]


def test_a_python_without_pip_anywhere_is_told_what_to_install_and_then_works(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(clone, monkeypatch, "ensurepip", "pip")
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        bootstrap.ready("bot", ABSENT)
    here = machine(clone, monkeypatch)
    bootstrap.ready("bot", ABSENT)
    assert here.installed()


def test_a_failed_install_is_told_and_tried_again_the_next_time(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(clone, monkeypatch, "--require-hashes")
    with pytest.raises(SystemExit, match="network"):
        bootstrap.ready("bot", ABSENT)
    here = machine(clone, monkeypatch)
    bootstrap.ready("bot", ABSENT)
    assert here.installed()


def test_an_installed_package_is_left_alone(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (clone / "requirements.lock").unlink()
    here = machine(clone, monkeypatch)
    bootstrap.ready("bot", ABSENT)
    assert here.asked == here.started == []


def test_it_needs_nothing_but_the_standard_library() -> None:
    code = "import sys; sys.path.insert(0, '.'); import bot.bootstrap; print(bot.bootstrap.OLDEST)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=bootstrap.ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "(3, 11)\n"
