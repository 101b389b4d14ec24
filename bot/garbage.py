"""Python's search for what is held only by itself, made seldom: it took a fifth of the time of each update."""

from __future__ import annotations

import gc

NEW = 10_000  # objects more than before; Python's own 700 are there every few updates


def look_seldom() -> None:
    """For a process that serves until it is stopped: what it has loaded by now stays, and is not gone through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW, 20, 20)
