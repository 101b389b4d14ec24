"""What the processes have logged about an update: each line of theirs carries the id of what it is about."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

MOST = 40  # lines about one loss


def about(logs: Sequence[Path], updates: Collection[int]) -> list[str]:
    """The lines of all processes about any of the updates, in the order of time, the last so many."""
    if not updates:
        return []
    found = [
        (str(line.get("at", "")), f"process {number}: {text}")
        for number, log in enumerate(logs)
        for text, line in _lines(log)
        if line.get("update") in updates or not set(updates).isdisjoint(_several(line))
    ]
    return [text for _, text in sorted(found)[-MOST:]]


def _several(line: dict[str, Any]) -> Sequence[int]:
    updates = line.get("updates")
    return updates if isinstance(updates, list) else ()


def _lines(log: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Whatever is no line of the log, as the words of a process that could not start, is passed over."""
    for text in log.read_text(errors="replace").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield text, line
