"""How many updates a second one process answers, each bot in turn, round by round."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from tests.benchmarks.contest import DURABLE, Bot, Run, bots, play
from tests.benchmarks.row import Row, measured
from tests.benchmarks.stub import Plan

ROUNDS = 5
GUIDE, MEMORY = "python-telegram-bot, as its guide shows", "aiogram, state in memory"
ECHO = "echo on our transport, side by side"
SLOWER = 0.05  # seconds that Telegram takes for each message in the second table


def run_all(all_bots: Sequence[Bot], rounds: int, seconds: float, delay: float) -> dict[str, list[Run]]:
    """Interleaved, each round beginning with another bot, so that no one always meets the same neighbours."""
    done: dict[str, list[Run]] = {one.name: [] for one in all_bots}
    for n in range(rounds):
        for bot in (*all_bots[n % len(all_bots) :], *all_bots[: n % len(all_bots)]):
            done[bot.name].append(play(bot, Plan(bot.script, seconds=seconds, warm=2.0, delay=delay)))
    return done


def rate(one: Run) -> float:
    """Updates a second."""
    return one.outcome.updates / one.outcome.seconds


def complaint(one: Run) -> str:
    """What a durable run lost, "" where every update and every form sent is in the database exactly once."""
    wanted = (one.outcome.given, one.outcome.forms)
    if one.outcome.lost:
        return f"{one.outcome.lost} never answered"
    return "" if one.kept in (None, wanted) else f"{one.kept} kept of {wanted}"


def rows_of(done: dict[str, list[Run]], group: str) -> list[Row]:
    medians = {name: statistics.median(map(rate, runs)) for name, runs in done.items()}
    rows = []
    for name, runs in done.items():
        lost = sum(one.outcome.lost for one in runs)
        said = f"{name} ({lost} answers lost)" if lost else name
        rows.append(measured(group, said, [rate(one) for one in runs], "updates/s"))
        if name in DURABLE:
            for one in runs:
                if wrong := complaint(one):
                    raise AssertionError(f"{name}: {wrong}")
            rows += _ratios(name, medians, done, group)
    return rows


def _ratios(name: str, medians: dict[str, float], done: dict[str, list[Run]], group: str) -> list[Row]:
    aims = ((GUIDE, 2.0, "at least"), (MEMORY, 1.0, "at least"), (ECHO, 0.6, "to aim at:"))
    rows = []
    for peer, least, word in aims:
        if peer in medians:
            ratios = [rate(a) / rate(b) for a, b in zip(done[name], done[peer], strict=True) if rate(b)]
            middle = statistics.median(ratios)
            reached = middle >= least if group == "throughput" else None
            aim = f"{word} {least:g} ×" if group == "throughput" else ""
            rows.append(measured(group, f"{name} / {peer}", ratios, "×", aim, reached))
    return rows


def run_group(rounds: int, seconds: float) -> list[Row]:
    with bots() as everyone:
        rows = rows_of(run_all(everyone, rounds, seconds, 0.0), "throughput")
        rows += rows_of(run_all(everyone, rounds, seconds, SLOWER), "throughput, 50 ms a message")
    return rows


def run(quick: bool) -> list[Row]:
    return run_group(1, 2.0) if quick else run_group(ROUNDS, 4.0)
