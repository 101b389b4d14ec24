"""Writes requirements.lock anew from pyproject.toml, with hashes and without any registry's address: `python -m tests.lock`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Everything that the service and its tests need, with hashes. Written by: python -m tests.lock (needs uv)\n"
EXPORT = ("export", "--format", "requirements-txt", "--all-extras", "--all-groups", "--no-emit-project",
          "--no-annotate", "--no-header", "--quiet")  # fmt: skip


def main() -> None:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        sys.exit("uv is needed: pip install uv")
    with tempfile.TemporaryDirectory() as folder:  # uv.lock, which names the registry, stays out of the clone
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, folder)
        done = subprocess.run(
            [uv, *EXPORT, "--python", sys.executable], cwd=folder, stdout=subprocess.PIPE, check=True
        )
    (ROOT / "requirements.lock").write_text(HEADER + done.stdout.decode(), encoding="utf-8")


if __name__ == "__main__":
    main()
