"""Who is using a data folder: any number of services, or one restore, never both."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FILE = ".in-use"


class InUse(Exception):
    """The folder is used by what cannot go together with this."""


@contextmanager
def shared(folder: Path) -> Iterator[None]:
    """Beside others of its kind. Raises InUse while a restore is under way."""
    with _locked(folder, fcntl.LOCK_SH):
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Raises InUse while a service runs on it, or another restore."""
    with _locked(folder, fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(folder: Path, kind: int) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    file = locked(folder / _FILE, kind)
    if file is None:
        raise InUse(str(folder))
    try:
        yield
    finally:
        os.close(file)


def locked(path: Path, kind: int = fcntl.LOCK_EX) -> int | None:
    """The file, locked for as long as it is open, however the process ends; None where another lock forbids it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return file
