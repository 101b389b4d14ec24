"""Memory at rest and time to start, until a bot first asks Telegram for updates."""

from __future__ import annotations

from tests.benchmarks.contest import Run, bots, play
from tests.benchmarks.row import Row, measured
from tests.benchmarks.stub import Plan

ROUNDS = 3


def run(quick: bool) -> list[Row]:
    done: dict[str, list[Run]] = {}
    with bots() as everyone:
        for _ in range(2 if quick else ROUNDS + 1):  # the first one compiles
            for bot in everyone:
                done.setdefault(bot.name, []).append(
                    play(bot, Plan(bot.script, chats=10, seconds=0.5, warm=0.2))
                )
    rows = []
    for name, runs in done.items():
        rows.append(measured("footprint", f"{name}: memory at rest", [one.memory for one in runs[1:]], "MB"))
        rows.append(measured("footprint", f"{name}: time to start", [one.start for one in runs[1:]], "s"))
    return rows
