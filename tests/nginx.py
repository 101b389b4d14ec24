"""nginx, where the machine has it: the configurations of docs/deploy are tried with it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
WITHOUT_NGINX = "nginx is not installed: THE PROXY OF docs/deploy WAS NOT TRIED. On Debian or Ubuntu: apt-get install nginx-light"


def make_certificate(folder: Path) -> None:
    """fullchain.pem and privkey.pem, of nobody."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-keyout", "privkey.pem", "-out", "fullchain.pem"], cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


def check(file: Path) -> None:
    """Raises CalledProcessError where nginx does not understand the file, or cannot open what it names."""
    assert NGINX
    subprocess.run([NGINX, "-t", "-q", "-c", str(file), "-p", str(file.parent)], check=True)
