"""The real service as processes of its own, killed, stopped, continued and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOM = 2**12  # bytes


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@dataclass
class Replica:
    """One process of `serve`, restarted whenever it ends, as systemd does."""

    settings: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    ended_by_itself: list[int] = field(default_factory=list)  # exit codes
    _wanted: bool = True
    _being_killed: asyncio.Lock = field(default_factory=asyncio.Lock)

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("THONGTHIN_")}
        environment |= self.settings | {"PYTHONPATH": str(ROOT)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.poisoned_service", "serve"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.log.parent, env=environment,
            )  # fmt: skip

    async def watch(self) -> None:
        """Starts it again when it ends by itself, as where its database was away when it started."""
        while self._wanted:
            async with self._being_killed:
                if self.process is not None and self.process.poll() is not None and self._wanted:
                    self.ended_by_itself.append(self.process.returncode)
                    await asyncio.sleep(0.5)
                    self.start()
            await asyncio.sleep(0.2)

    async def kill(self, away: float) -> float:
        """SIGKILL, and a new process `away` seconds later; the moment of the kill."""
        async with self._being_killed:
            assert self.process is not None
            self.process.send_signal(signal.SIGKILL)
            at = time.time()
            await asyncio.to_thread(self.process.wait)
            await asyncio.sleep(away)
            self.start()
            return at

    async def pause(self, seconds: float) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            self.process.send_signal(signal.SIGCONT)

    async def without_room(self, seconds: float) -> None:
        """Whatever it writes into files is refused beyond their first few kilobytes, as by a disk that is full."""
        assert self.process is not None
        process = self.process.pid
        with contextlib.suppress(ProcessLookupError):
            before, most = resource.prlimit(process, resource.RLIMIT_FSIZE)
            resource.prlimit(process, resource.RLIMIT_FSIZE, (ROOM, most))
            await asyncio.sleep(seconds)
            resource.prlimit(process, resource.RLIMIT_FSIZE, (before, most))

    def gone(self) -> None:
        """Whatever went wrong with the run itself, no process of it stays."""
        self._wanted = False
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    async def end(self) -> int:
        """SIGTERM; the exit code."""
        self._wanted = False
        async with self._being_killed:
            pass  # whoever is starting it just now has it started
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, 60)
