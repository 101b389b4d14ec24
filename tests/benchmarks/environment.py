"""The peers' own environments, made once, with pinned versions, in `.benchmarks/` of the repository."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".benchmarks"


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment with these packages and nothing of ours."""

    name: str
    packages: tuple[str, ...]

    def python(self) -> Path:
        """Its interpreter; made at the first call. Raises RuntimeError where the packages cannot be had."""
        folder = KEPT / self.name
        python, stamp = folder / "bin/python", folder / "packages"
        wanted = hashlib.sha256("\n".join(self.packages).encode()).hexdigest()
        if not stamp.exists() or stamp.read_text() != wanted:
            print(
                f"making the environment {self.name}: {', '.join(self.packages)}", file=sys.stderr, flush=True
            )
            _run([sys.executable, "-m", "venv", "--clear", str(folder)])
            _run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *self.packages])
            stamp.write_text(wanted)
        return python


PTB = Environment("ptb", ("python-telegram-bot==22.8",))
AIOGRAM = Environment("aiogram", ("aiogram==3.31.0", "redis==8.1.0"))
VIPS = Environment("vips", ("pyvips==3.1.1", "pyvips-binary==8.18.7"))
SIMILARITY = Environment("similarity", ("scikit-image==0.26.0", "pillow==13.0.0"))


def redis_server() -> str | None:
    """The program; root installs Debian's where it is missing. None where it cannot be had."""
    if found := shutil.which("redis-server"):
        return found
    if os.getuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["update", "-qq"],
            ["install", "-y", "-qq", "--no-install-recommends", "redis-server"],
        ):
            subprocess.run(
                ["apt-get", *command],
                env=quiet,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                check=False,
            )
    return shutil.which("redis-server")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
