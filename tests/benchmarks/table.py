"""The rows as a table for people, as JSON, and between two marks of the README."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby
from pathlib import Path

from tests.benchmarks.row import Row

BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"


def machine() -> str:
    """The processor, cores, memory, system and Python; not the machine's name."""
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith(("model name", "CPU implementer"))
        ),
        platform.processor(),
    )
    cores = Path("/proc/cpuinfo").read_text().count("processor\t")
    kilobytes = int(Path("/proc/meminfo").read_text().split()[1])
    return (
        f"{processor}, {cores} cores, {round(kilobytes / 2**20)} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def written(rows: Sequence[Row], on: date) -> str:
    """Markdown: a table for each group."""
    parts = [
        f"Measured on {on:%Y-%m-%d}: {machine()}. Medians of the rounds, their range behind. "
        "Peers keep state in memory, and python-telegram-bot's pickle is not written within a round; ours keeps every "
        "answer on the disk before it replies, without Telegram's 30 a second where that is not what is measured."
    ]
    for group, some in groupby(rows, lambda row: row.group):
        parts.append(f"\n**{group[0].upper()}{group[1:]}**\n")
        parts.append("| what | median | range | aim | reached |\n| --- | ---: | ---: | --- | --- |")
        parts += [_line(row) for row in some]
    return "\n".join(parts)


def _line(row: Row) -> str:
    reached = {None: "", True: "yes", False: "**no**"}[row.reached]
    span = "" if row.low == row.high else f"{number(row.low)}–{number(row.high)}"
    return f"| {row.what} | {number(row.value)} {row.unit} | {span} | {row.aim} | {reached} |"


def number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def as_json(rows: Sequence[Row], on: date) -> str:
    told = {"date": on.isoformat(), "machine": machine(), "rows": [asdict(row) for row in rows]}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def into(readme: str, table: str) -> str:
    """The text with the table between the marks. Raises ValueError where there are none."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"there are no marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"
