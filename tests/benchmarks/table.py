"""The rows as a table for people, as JSON, and between two marks of the README."""

from __future__ import annotations

import json
import platform
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import groupby
from pathlib import Path

from tests.benchmarks.row import Row

MOST_OPEN = 40  # rows of a group
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
        parts += ["", *_group(group, list(some))]
    return "\n".join(parts)


def _group(group: str, rows: Sequence[Row]) -> list[str]:
    """Folded where it is long: a reader of the README wants to get on."""
    title = f"{group[0].upper()}{group[1:]}"
    before = f" (measured on {rows[0].before})" if rows[0].before else ""
    aims = [row for row in rows if row.reached is not None]
    reached = f"{sum(bool(row.reached) for row in aims)} of {len(aims)} aims reached"
    lines = [
        "| what | median | range | aim | reached |",
        "| --- | ---: | ---: | --- | --- |",
        *map(_line, rows),
    ]
    if len(rows) <= MOST_OPEN:
        return [f"**{title}**{before}", "", *lines]
    missed = [_line(row) for row in aims if not row.reached]
    shown = [*lines[:2], *missed, ""] if missed else []
    told = f"**{title}**{before}: {reached}" + ("; missed:" if missed else "")
    return [told, "", *shown, "<details><summary>All figures</summary>", "", *lines, "", "</details>"]


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


def others(told: str, measures: Collection[str], on: date) -> list[Row]:
    """The rows of all other measures in this JSON; they say so where they are of another day or machine."""
    known = json.loads(told)
    same = (known["date"], known["machine"]) == (on.isoformat(), machine())
    rows = [row for one in known["rows"] if (row := Row(**one)).measure not in measures]
    return (
        rows
        if same
        else [replace(row, before=row.before or f"{known['date']}: {known['machine']}") for row in rows]
    )


def into(readme: str, table: str) -> str:
    """The text with the table between the marks. Raises ValueError where there are none."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"there are no marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"
