"""From a bare clone to a running program: makes .venv, installs what the lock names, starts again in it."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

# This file runs before anything is installed, and on Pythons that are too old: only the standard library.
ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
TESTS_LOCK = ROOT / "tests" / "requirements.lock"  # what only the tests need
VENV = ROOT / ".venv"
STAMP = VENV / "installed-from"
OLDEST = (3, 11)
TO_RUN = (
    "aiohttp",
    "alembic",
    "jinja2",
    "phonenumbers",
    "PIL",
    "pydantic_settings",
    "segno",
    "telegram",
    "typer",
)
TO_TEST = (*TO_RUN, "pytest", "pytest_asyncio", "hypothesis", "mypy", "ruff", "importlinter", "playwright")


def ready(module: str, needed: tuple[str, ...] = TO_RUN, *, tests: bool = False) -> None:
    """Returns where everything needed is installed; else installs it and runs `python -m module` again there."""
    if not LOCK.exists():
        return  # installed as a package: what is missing is the installer's to name
    locks = (LOCK, TESTS_LOCK) if tests else (LOCK,)
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    old = inside and STAMP.exists() and not _up_to_date(locks)
    if sys.version_info >= OLDEST and _has(needed) and not old:
        return
    if not (_up_to_date(locks) and python.exists() and not inside):
        _install(python, locks)
    _start_again(python, module)


def _has(modules: tuple[str, ...]) -> bool:
    return all(importlib.util.find_spec(name) is not None for name in modules)


def _up_to_date(locks: tuple[Path, ...]) -> bool:
    """What is installed may be more than is asked for: who ran the tests can run the service."""
    return STAMP.exists() and set(_hashes(locks)) <= set(STAMP.read_text(encoding="utf-8").split())


def _hashes(locks: tuple[Path, ...]) -> list[str]:
    project = (ROOT / "pyproject.toml").read_bytes()
    return [hashlib.sha256(lock.read_bytes() + project).hexdigest() for lock in locks]


def _install(python: Path, locks: tuple[Path, ...]) -> None:
    print(
        f"กำลังติดตั้งส่วนประกอบลงใน {VENV} … / Installing what is needed into {VENV} …",
        file=sys.stderr,
        flush=True,
    )
    uv = shutil.which("uv")
    if not python.exists():
        _make_venv(uv)
    named = [word for lock in locks for word in ("-r", str(lock))]
    if not (uv and _with_uv(uv, python, named)):
        _with_pip(python, named)
    STAMP.write_text("\n".join(_hashes(locks)), encoding="utf-8")


def _make_venv(uv: str | None) -> None:
    base = _new_enough_python()
    if uv and _runs([uv, "venv", "--quiet", "--clear", "--python", base, str(VENV)]):
        return
    with_pip = [] if _has_ensurepip(base) else ["--without-pip"]
    if not _runs([base, "-m", "venv", "--clear", *with_pip, str(VENV)]):
        _give_up(
            "Python เครื่องนี้สร้าง .venv ไม่ได้ บน Debian หรือ Ubuntu ให้สั่ง: apt-get install python3-venv",
            "this Python cannot make a .venv; on Debian or Ubuntu: apt-get install python3-venv",
        )


def _new_enough_python() -> str:
    if sys.version_info >= OLDEST:
        return sys.executable
    for minor in range(20, OLDEST[1] - 1, -1):
        if found := shutil.which(f"python3.{minor}"):
            return found
    _give_up("ต้องใช้ Python 3.11 ขึ้นไป", "Python 3.11 or newer is needed")
    return ""


def _has_ensurepip(python: str) -> bool:
    return _runs([python, "-c", "import ensurepip"], quiet=True)


def _with_uv(uv: str, python: Path, named: list[str]) -> bool:
    install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    return _runs([*install, "--require-hashes", *named]) and _runs(
        [*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    )


def _with_pip(python: Path, named: list[str]) -> None:
    pip = _pip_for(python)
    install = [*pip, "install", "-qq", "--disable-pip-version-check", "--no-input"]
    if not _runs([*install, "--require-hashes", *named]) or not _runs(
        [*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    ):
        _give_up(
            "ติดตั้งไม่สำเร็จ สาเหตุอยู่ด้านบน ตรวจอินเทอร์เน็ตแล้วสั่งอีกครั้ง",
            "installing failed for the reason above; check the network and run the command again",
        )


def _pip_for(python: Path) -> list[str]:
    """The pip of .venv, or one from outside that can install into it."""
    if _runs([str(python), "-m", "pip", "--version"], quiet=True):
        return [str(python), "-m", "pip"]
    for outside in ([sys.executable, "-m", "pip"], ["pip3"], ["pip"]):
        if _runs([*outside, "--python", str(python), "--version"], quiet=True):
            return [*outside, "--python", str(python)]
    shutil.rmtree(VENV, ignore_errors=True)
    _give_up(
        "Python เครื่องนี้ไม่มี pip บน Debian หรือ Ubuntu ให้สั่ง: apt-get install python3-venv แล้วสั่งคำสั่งเดิมอีกครั้ง",
        "this Python has no pip; on Debian or Ubuntu: apt-get install python3-venv, then run the same command again",
    )
    return []


def _runs(command: list[str], quiet: bool = False) -> bool:
    where = subprocess.DEVNULL if quiet else sys.stderr
    try:
        return (
            subprocess.run(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=where, stderr=where, check=False
            ).returncode
            == 0
        )
    except OSError:
        return False


def _start_again(python: Path, module: str) -> None:
    command = [str(python), "-m", module, *sys.argv[1:]]
    sys.stderr.flush()
    if os.name == "nt":
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)


def _give_up(thai: str, english: str) -> None:
    sys.exit(f"thongthin: {thai} / {english}")
