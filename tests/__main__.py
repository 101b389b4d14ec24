"""The one test command: style, types, import rules, then every test. What follows it goes to pytest."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from bot import bootstrap

bootstrap.ready("tests", bootstrap.TO_TEST)

BIN = Path(sys.executable).parent
STEPS: tuple[tuple[str, list[str]], ...] = (
    ("formatting", ["ruff", "format", "--check", "."]),
    ("style", ["ruff", "check", "."]),
    ("types", ["mypy"]),
    ("import rules", ["lint-imports", "--no-cache"]),
    ("tests", ["pytest", "--numprocesses=auto", "--dist=loadfile"]),
)


def main() -> int:
    for name, command in STEPS:
        print(f"\n── {name}: {' '.join(command)}", flush=True)
        program = shutil.which(command[0], path=str(BIN)) or command[0]
        more = sys.argv[1:] if name == "tests" else []
        code = subprocess.run([program, *command[1:], *more], cwd=bootstrap.ROOT, check=False).returncode
        if code:
            if name != "tests":
                print(f"\n✗ {name} failed; the steps after it did not run", flush=True)
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
