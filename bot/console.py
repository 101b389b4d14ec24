"""What every command shares: one plain line for a mistake, the settings, and the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NoReturn

import typer

from bot.settings import Settings, lines, load_settings
from flows.core.problem import Problem
from flows.core.text import Facts, T
from storage.db import StorageUnavailable, Store
from storage.upgrade import DatabaseIsNewer, upgrade


def both(say: T, facts: Facts | None = None) -> str:
    """A sentence in both languages: whoever keeps the machine may read only one."""
    return f"{say.to('th', facts)} / {say.to('en', facts)}"


def tell(say: T, **facts: str | int | float) -> None:
    typer.echo(both(say, facts))


def complain(line: str) -> None:
    typer.echo(f"thongthin: {line}", err=True)


def fail(problem: T | Problem, code: int = 1, **facts: str | int | float) -> NoReturn:
    """Ends the command: 1 when something is wrong outside it, 2 when it was called wrongly."""
    say, known = (problem.say, problem.facts) if isinstance(problem, Problem) else (problem, facts)
    complain(both(say, known))
    raise typer.Exit(code)


def settings_or_fail() -> Settings:
    settings = load_settings()
    if isinstance(settings, Settings):
        return settings
    for line in lines(settings):
        complain(line)
    raise typer.Exit(2)


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The database with every table, for one command."""
    try:
        upgrade(settings.database)
        store = Store(settings.database)
        try:
            yield store
        finally:
            store.close()
    except DatabaseIsNewer:
        fail(NEWER)
    except StorageUnavailable:
        fail(UNAVAILABLE)


def now() -> datetime:
    return datetime.now(UTC)


NEWER = T(
    "ฐานข้อมูลนี้ใช้กับโปรแกรมรุ่นใหม่กว่า ปรับปรุงโปรแกรมแล้วลองอีกครั้ง",
    "The database belongs to a newer version of this program; upgrade the program and try again",
)
UNAVAILABLE = T(
    "เปิดหรือเขียนฐานข้อมูลไม่ได้ สั่ง thongthin doctor เพื่อดูสาเหตุ",
    "The database cannot be opened or written; thongthin doctor tells why",
)
