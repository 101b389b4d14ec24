"""Writes the next migration step: the difference between tables.py and the steps so far.

Until the first release there is one step; to write it anew, delete versions/0001_* and run
`python -m storage.migrations "The first tables"`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import Script

from storage import upgrade
from storage.db import engine_for

VERSIONS = Path(__file__).parent / "versions"


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit('usage: python -m storage.migrations "What changes"')
    with tempfile.TemporaryDirectory() as folder:
        step = next_step(f"sqlite:///{folder}/steps.sqlite3", sys.argv[1])
    if isinstance(step, Script):
        tidy(Path(step.path))


def next_step(setting: str, message: str) -> object:
    upgrade.upgrade(setting)
    engine = engine_for(setting)
    with engine.begin() as connection:
        config = upgrade.alembic_config(connection)
        step = command.revision(config, message, autogenerate=True, rev_id=next_number())
    engine.dispose()
    return step


def next_number() -> str:
    return f"{1 + max((int(file.name[:4]) for file in VERSIONS.glob('0*.py')), default=0):04}"


def tidy(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "# ###" not in line), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(file)], check=True)


if __name__ == "__main__":
    main()
