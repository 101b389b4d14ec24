"""What goes wrong, when, and how each thing is done: decided by the seed before anything starts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sqlite3
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.simulator import Simulator
from bot.simulator.faults import Fault
from tests import postgres
from tests.chaos.service import Replica

KINDS = {
    "kill": 5, "stop": 2, "too many requests": 2, "server error": 3, "dropped before": 2, "dropped after": 2,
    "slow": 1, "delivered late": 1, "delivered again": 4, "database away": 2, "disk full": 2,
}  # fmt: skip
MOST_AWAY = 12.0  # seconds: longer than a transaction waits for a lock


@dataclass(frozen=True, slots=True)
class Planned:
    at: float  # seconds from the beginning
    kind: str
    lasts: float  # seconds, where it lasts
    chance: float  # from 0 to 1, for what else has to be chosen


def schedule(seed: int, seconds: float, between: float = 3.0) -> list[Planned]:
    """The first kill comes early, so that even a short run has one; the last fault leaves time to recover."""
    chance = random.Random(seed)
    planned, at = [], chance.uniform(4, 6)
    kinds = ["kill", *chance.choices(list(KINDS), list(KINDS.values()), k=int(seconds))]
    for kind in kinds:
        if at > seconds:
            break
        lasts = chance.uniform(0.3, MOST_AWAY if kind == "database away" else 4.0)
        planned.append(Planned(at, kind, lasts, chance.random()))
        at += chance.uniform(0.4, 2.0) * between
    return planned


@dataclass
class Town:
    """Where it happens."""

    simulator: Simulator
    replicas: Sequence[Replica]
    data: Path
    database: str
    server: postgres.Server | None
    began: float = field(default_factory=time.time)
    happened: list[tuple[float, str]] = field(default_factory=list)  # seconds from the beginning, what
    kills: list[float] = field(default_factory=list)  # moments, as are the next
    lost_answers: list[float] = field(default_factory=list)
    redelivered: int = 0

    def note(self, what: str) -> None:
        self.happened.append((time.time() - self.began, what))


async def let_loose(town: Town, planned: Sequence[Planned]) -> None:
    """Each at its time; what lasts goes on beside the next."""
    tasks = []
    for one in planned:
        await asyncio.sleep(max(0.0, town.began + one.at - time.time()))
        tasks.append(asyncio.create_task(_do(town, one)))
    await asyncio.gather(*tasks)


async def _do(town: Town, one: Planned) -> None:
    replica = town.replicas[int(one.chance * len(town.replicas))]
    faults = town.simulator.faults
    town.note(f"{one.kind}, {one.lasts:.1f} s")
    match one.kind:
        case "kill":
            town.kills.append(await replica.kill(min(one.lasts, 2.0)))
        case "stop":
            await replica.pause(one.lasts)
        case "too many requests":
            faults.add(Fault("sendMessage", 3, 429, retry_after=1 + int(one.chance * 3)))
        case "server error":
            faults.add(Fault("*", 1 + int(one.chance * 8), 502 if one.chance < 0.5 else 500))
        case "dropped before":
            faults.add(Fault("*", 1 + int(one.chance * 4), drop="before"))
        case "dropped after":
            town.lost_answers.append(time.time())
            faults.add(Fault("*", 1 + int(one.chance * 4), drop="after"))
        case "slow":
            faults.add(Fault("*", 5, delay=one.lasts))
        case "delivered late":
            faults.add(Fault("getUpdates", 2, delay=one.lasts))
        case "delivered again":
            _deliver_again(town, one)
        case "database away":
            await _without_database(town, one.lasts)
        case "disk full":
            await _full(town, one.lasts)


def _deliver_again(town: Town, one: Planned) -> None:
    recent = list(town.simulator.updates.recent)
    for update_id in recent[-max(1, int(one.chance * 12)) :]:
        with contextlib.suppress(KeyError):
            town.simulator.redeliver(update_id)
            town.redelivered += 1


async def _without_database(town: Town, seconds: float) -> None:
    if town.server is not None:
        await asyncio.to_thread(town.server.stop)
        await asyncio.sleep(min(seconds, 6.0))
        await asyncio.to_thread(town.server.start)
        return
    await asyncio.to_thread(_locked, town.database.removeprefix("sqlite:///"), seconds)


def _locked(file: str, seconds: float) -> None:
    """Another process's transaction that does not end."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")


async def _full(town: Town, seconds: float) -> None:
    """The disk of the data folder, where it is small enough to be filled; else the photos' folder takes nothing."""
    if town.data.is_mount():
        ballast = town.data / "ballast"
        await asyncio.to_thread(_fill, ballast)
        town.note("the disk is full")
        await asyncio.sleep(seconds)
        ballast.unlink()
        return
    town.note("NOT DONE: this machine gives no small disk that could be filled")


def _fill(ballast: Path) -> None:
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        piece = b"\0" * 2**20
        for size in (2**20, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(piece[:size]):
                    pass


def small_disk(folder: Path, megabytes: int) -> Callable[[], None] | None:
    """Mounts a disk of its own there, where this machine lets us; what is returned takes it away."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.getuid():
        return None
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        return None
    return lambda: _unmount(folder)


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
