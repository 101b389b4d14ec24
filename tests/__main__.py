"""The one test command: style, types, import rules, then every test. What follows it goes to pytest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot import bootstrap

bootstrap.ready("tests", bootstrap.TO_TEST)

BIN = Path(sys.executable).parent
STEPS: tuple[tuple[str, list[str]], ...] = (
    ("formatting", ["ruff", "format", "--check", "."]),
    ("style", ["ruff", "check", "."]),
    ("types", ["mypy"]),
    ("import rules", ["lint-imports", "--no-cache"]),
    ("tests", ["pytest", "--numprocesses=auto", "--dist=worksteal"]),
)
MEMORY = Path("/dev/shm")
ENOUGH = 4 * 2**30  # bytes free there: many times what the tests write at once


@contextmanager
def quick_disk() -> Iterator[Mapping[str, str]]:
    """Keeps the tests' files in memory where there is room: their thousands of databases would wait for a disk."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH:
        yield os.environ
        return
    with tempfile.TemporaryDirectory(prefix="thongthin-tests-", dir=MEMORY) as folder:
        Path(folder).chmod(0o711)  # PostgreSQL, which root starts as `nobody`, passes through
        yield os.environ | {"TMPDIR": folder}


def main() -> int:
    with quick_disk() as environment:
        for name, command in STEPS:
            print(f"\n── {name}: {' '.join(command)}", flush=True)
            program = shutil.which(command[0], path=str(BIN)) or command[0]
            more = sys.argv[1:] if name == "tests" else []
            code = subprocess.run(
                [program, *command[1:], *more], cwd=bootstrap.ROOT, env=environment, check=False
            ).returncode
            if code:
                if name != "tests":
                    print(f"\n✗ {name} failed; the steps after it did not run", flush=True)
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
