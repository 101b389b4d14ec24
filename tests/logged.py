"""What the service logs, line by line as an operator gets it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.logs import JsonLines, WithCause


class Kept(logging.Handler):
    """Formats each record where and when it comes, as the real one does."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.addFilter(WithCause())
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@contextmanager
def logged() -> Iterator[list[dict[str, Any]]]:
    """Every line of ours in every detail."""
    kept, ours = Kept(), logging.getLogger("thongthin")
    level = ours.level
    ours.addHandler(kept)
    ours.setLevel(logging.DEBUG)
    try:
        yield kept.lines
    finally:
        ours.removeHandler(kept)
        ours.setLevel(level)
