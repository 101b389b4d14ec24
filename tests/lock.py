"""Writes both lock files anew from pyproject.toml, with hashes and without any registry's address: `python -m tests.lock`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TO_RUN, TO_TEST = ROOT / "requirements.lock", ROOT / "tests" / "requirements.lock"
HEADERS = {
    TO_RUN: "# Everything that the service needs, with hashes. Written by: python -m tests.lock (needs uv)\n",
    TO_TEST: "# What the tests need beside ../requirements.lock, with hashes. Written by: python -m tests.lock (needs uv)\n",
}
EXPORT = ("export", "--format", "requirements-txt", "--all-extras", "--no-emit-project", "--no-annotate",
          "--no-header", "--quiet", "--python", sys.executable)  # fmt: skip


def pins(exported: str) -> list[str]:
    """Each `name==version` with its hashes below it."""
    found: list[str] = []
    for line in exported.splitlines(keepends=True):
        if line.startswith(" "):
            found[-1] += line
        else:
            found.append(line)
    return found


def main() -> None:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        sys.exit("uv is needed: pip install uv")
    with tempfile.TemporaryDirectory() as folder:  # uv.lock, which names the registry, stays out of the clone
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, folder)

        def exported(*groups: str) -> list[str]:
            done = subprocess.run([uv, *EXPORT, *groups], cwd=folder, stdout=subprocess.PIPE, check=True)
            return pins(done.stdout.decode())

        to_run, everything = exported("--no-dev", "--group", "install"), exported("--all-groups")
    write(TO_RUN, to_run)
    write(TO_TEST, [one for one in everything if one not in to_run])


def write(lock: Path, named: list[str]) -> None:
    lock.write_text(HEADERS[lock] + "".join(named), encoding="utf-8")


if __name__ == "__main__":
    main()
