"""A PostgreSQL server of the tests' own, in a folder of its own, stopped and removed with them."""

from __future__ import annotations

import contextlib
import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import psycopg

QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "listen_addresses": "''",
    "lock_timeout": "20s",
}


# As a server is run in earnest: what is confirmed is on the disk.
DURABLE = {
    "shared_buffers": "128MB",
    "max_connections": "60",
    "listen_addresses": "''",
    "lock_timeout": "20s",
}


@cache
def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next(
        (folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None
    )


class Server:
    """A running server that makes databases; `setting` is what THONGTHIN_DATABASE would be."""

    def __init__(self, socket: Path, run: Callable[..., None], options: str) -> None:
        self._socket = socket
        self._run_program, self._options = run, options
        self._made = 0

    def stop(self) -> None:
        """At once, as when the machine it runs on is taken away."""
        self._run_program("pg_ctl", "-w", "-m", "immediate", "stop")

    def start(self) -> None:
        self._run_program("pg_ctl", "-w", "-o", self._options, "start")

    def pause(self) -> None:
        """Not a process of it does anything until `resume`; its connections stay open, and nobody is answered."""
        os.kill(self._pid(), signal.SIGSTOP)  # first the one that would make more of them
        for process in self._children():
            os.kill(process, signal.SIGSTOP)

    def resume(self) -> None:
        for process in (*self._children(), self._pid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)

    def _pid(self) -> int:
        return int((self._socket / "data" / "postmaster.pid").read_text().split()[0])

    def _children(self) -> list[int]:
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._pid())], capture_output=True, text=True, check=False
        )
        return [int(one) for one in found.stdout.split()]

    def setting(self, name: str) -> str:
        return f"postgresql://thongthin@/{name}?host={self._socket}"

    def make(self, template: str = "template0") -> str:
        """A fresh database, empty or a copy of `template`; returns its name."""
        self._made += 1
        name = f"test_{self._made}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        dsn = f"host={self._socket} user=thongthin dbname=postgres"
        with contextlib.closing(psycopg.connect(dsn, autocommit=True)) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def server(bin_folder: Path, settings: Mapping[str, str] = QUICK) -> Iterator[Server]:
    """A server on a Unix socket; it refuses to run as root, so root starts it as `nobody`."""
    user = "nobody" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="thongthin-pg-"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = folder / "data"
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(bin_folder / program), "-D", str(data), *arguments],
            user=user, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed as {user or getpass.getuser()}:\n{log_file.read_text()}")

    log_file = folder / "log"
    with log_file.open("a") as log:
        try:
            run("initdb", "-U", "thongthin", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
            made = Server(folder, run, f"-k {folder} {options}")
            made.start()
            yield made
            made.stop()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
