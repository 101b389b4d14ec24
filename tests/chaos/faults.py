"""What goes wrong, when, and how each thing is done: decided by the seed before anything starts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import resource
import sqlite3
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.simulator import Simulator
from bot.simulator.faults import Fault
from tests import postgres
from tests.chaos.service import Replica
from tests.round_robin import RoundRobin, Trouble

KINDS = {
    "kill": 5, "stop": 2, "too many requests": 2, "server error": 3, "dropped before": 2, "dropped after": 2,
    "slow": 1, "delivered late": 3, "delivered again": 4, "delivered badly": 3, "database away": 2,
    "database paused": 2, "disk full": 2,
}  # fmt: skip
MOST_AWAY = 12.0  # seconds: longer than a transaction waits for a lock


def kinds(database: str, transport: str, without: Sequence[str] = ()) -> dict[str, int]:
    """How often each kind is chosen, of those that there can be and that were not asked to be left out."""
    impossible = {"database paused"} if database == "sqlite" else set()
    impossible |= {"delivered badly"} if transport == "polling" else set()
    return {kind: often for kind, often in KINDS.items() if kind not in impossible | set(without)}


@dataclass(frozen=True, slots=True)
class Planned:
    at: float  # seconds from the beginning
    kind: str
    lasts: float  # seconds, where it lasts
    chance: float  # from 0 to 1, for what else has to be chosen


def schedule(
    seed: int, seconds: float, often: Mapping[str, int] = KINDS, between: float = 3.0
) -> list[Planned]:
    """The first kill comes early, so that even a short run has one; then each kind once, then whatever comes."""
    chance = random.Random(seed)
    planned, at = [], chance.uniform(4, 6)
    first = chance.sample(list(often), k=len(often))
    for kind in ("kill", *first, *chance.choices(list(often), list(often.values()), k=int(seconds))):
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
    balancer: RoundRobin
    replicas: Sequence[Replica]
    data: Path
    database: str
    server: postgres.Server | None
    posted: bool  # updates come through the balancer
    began: float = field(default_factory=time.time)
    happened: list[tuple[float, str]] = field(default_factory=list)  # seconds from the beginning, what
    kills: list[float] = field(default_factory=list)  # moments, as are the next
    lost_answers: list[float] = field(default_factory=list)
    redelivered: int = 0
    not_done: list[str] = field(default_factory=list)  # kinds that this machine does not let us do
    database_troubled: asyncio.Lock = field(default_factory=asyncio.Lock)
    disk_troubled: asyncio.Lock = field(default_factory=asyncio.Lock)

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
            _late(town, one)
        case "delivered again":
            _deliver_again(town, one)
        case "delivered badly":
            _badly(town, one)
        case "database away":
            async with town.database_troubled:
                await _without_database(town, one.lasts)
        case "database paused":
            async with town.database_troubled:
                await _with_paused_database(town, one.lasts)
        case "disk full":
            async with town.disk_troubled:
                await _full(town, one.lasts)


def _deliver_again(town: Town, one: Planned) -> None:
    recent = list(town.simulator.updates.recent)
    for update_id in recent[-max(1, int(one.chance * 12)) :]:
        with contextlib.suppress(KeyError):
            town.simulator.redeliver(update_id)
            town.redelivered += 1


def _late(town: Town, one: Planned) -> None:
    """Posted ones so that presses overtake messages, or messages presses."""
    if not town.posted:
        town.simulator.faults.add(Fault("getUpdates", 2, delay=one.lasts))
        return
    held = "callback_query" if one.chance < 0.5 else "message"
    town.note(f"  each {held} {one.lasts:.1f} s late")
    _on_the_way(town, one.lasts, lambda update: one.lasts if held in update else "")


def _badly(town: Town, one: Planned) -> None:
    how: tuple[Trouble, ...] = ("both", "lost", "503")
    trouble = how[int(one.chance * len(how))]
    town.note(
        {"both": "  to two at once", "lost": "  answers are lost"}.get(str(trouble), "  answered by 503")
    )
    _on_the_way(town, one.lasts, lambda update: trouble)


def _on_the_way(town: Town, seconds: float, what: Callable[[dict[str, Any]], Trouble]) -> None:
    """For so long this befalls updates when they are posted for the first or second time; unless something else does."""
    until, else_ = time.time() + seconds, town.balancer.trouble

    def trouble(update: dict[str, Any], times: int) -> Trouble:
        ours = what(update) if time.time() < until and times < 2 else ""
        return ours or else_(update, times)

    town.balancer.trouble = trouble


async def _with_paused_database(town: Town, seconds: float) -> None:
    assert town.server is not None
    await asyncio.to_thread(town.server.pause)
    try:
        await asyncio.sleep(seconds)
    finally:
        await asyncio.to_thread(town.server.resume)


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
    """The disk of the data folder, where it is small enough to be filled; else no process may make files larger."""
    if town.data.is_mount():
        ballast = town.data / "ballast"
        await asyncio.to_thread(_fill, ballast)
        town.note("  the disk is full")
        await asyncio.sleep(seconds)
        ballast.unlink()
    elif hasattr(resource, "prlimit"):
        town.note("  no process may make files larger")
        await asyncio.gather(*(one.without_room(seconds) for one in town.replicas))
    else:
        town.not_done.append("disk full")
        town.note("  NOT DONE: this machine gives no small disk that could be filled")


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
