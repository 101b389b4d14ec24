"""From an update's arrival to its reply, at 100 updates a second with 1,000 officers."""

from __future__ import annotations

import itertools
import os
import signal
import time
from functools import cache
from pathlib import Path

from tests.benchmarks.contest import DURABLE, Bot, bots, play
from tests.benchmarks.images import photo_like
from tests.benchmarks.row import Row, measured, percentile
from tests.benchmarks.stub import Plan
from tests.benchmarks.throughput import complaint

ROUNDS = 5
RATE, PEOPLE = 100.0, 1_000
PHOTO_SECONDS = 10.0


def run(quick: bool) -> list[Row]:
    rounds, seconds = (1, 4.0) if quick else (ROUNDS, 8.0)
    found: dict[str, list[tuple[float, float]]] = {}
    idle, busy = [], []
    _photo()  # drawing it takes longer than the bots need to warm up
    with bots() as everyone:
        compared = [one for one in everyone if not one.name.startswith("echo")]
        for _ in range(rounds):
            for bot in compared:
                latencies = _latencies(bot, seconds)
                found.setdefault(bot.name, []).append(latencies)
            ours = next(one for one in everyone if one.name in DURABLE)
            idle.append(_latencies(ours, seconds)[1])
            busy.append(_latencies(ours, PHOTO_SECONDS, photos=True)[1])
    rows = []
    for name, values in found.items():
        rows.append(measured("latency", f"{name}: median", [one[0] for one in values], "ms"))
        rows.append(measured("latency", f"{name}: 99th percentile", [one[1] for one in values], "ms"))
    ratios = [b / a for a, b in itertools.pairwise(x for pair in zip(idle, busy, strict=True) for x in pair)][
        ::2
    ]
    middle = sorted(ratios)[len(ratios) // 2]
    what = "99th percentile of texts while ten photos are made ready / idle"
    return [*rows, measured("latency", what, ratios, "×", "under 2 ×", middle < 2)]


def _latencies(bot: Bot, seconds: float, *, photos: bool = False) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds."""
    plan = Plan(bot.script, chats=PEOPLE, seconds=seconds, warm=3.0, rate=RATE)
    done = play(bot, plan, _make_photos if photos else None)
    if bot.name in DURABLE and (wrong := complaint(done)):
        raise AssertionError(f"{bot.name}: {wrong}")
    return percentile(done.outcome.latencies, 0.5), percentile(done.outcome.latencies, 0.99)


@cache
def _photo() -> bytes:
    return photo_like(4032, 3024)


def _make_photos(pid: int, folder: Path) -> None:
    (folder / "photo.jpg").write_bytes(_photo())
    time.sleep(0.5)
    os.kill(pid, signal.SIGUSR1)
