"""What every store of bytes promises, and the keys under which they are kept."""

from __future__ import annotations

import hashlib
import re
from typing import Protocol

from flows.core.problem import Problem

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*/[a-z0-9][a-z0-9._-]*")
LONGEST_KEY = 200


class MissingPhoto(LookupError):
    """Nothing is kept under that key."""


class MediaUnusable(Exception):
    """The place named in the settings cannot keep photos; `problem` says why, for whoever set it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.say.to("en", problem.facts))
        self.problem = problem


class MediaUnreachable(OSError):
    """The store did not take or give it now. Nothing is lost by it: whoever asked tries again later."""


class Media(Protocol):
    """A store of bytes. What is under a key never changes: a key names its content.

    Every call may take a while, and raises OSError where the store cannot be used just now: never call it on the
    event loop.
    """

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Keep `data`, durably, before returning; a key already there stays as it is. Raises OSError."""

    def get(self, key: str) -> bytes:
        """Raises MissingPhoto."""

    def exists(self, key: str) -> bool: ...

    def size(self, key: str) -> int:
        """In bytes. Raises MissingPhoto."""

    def delete(self, key: str) -> None:
        """What is not there is deleted already."""

    def check(self) -> None:
        """Try to write and delete something; raises MediaUnusable."""


def checked_key(key: str) -> str:
    """The key, if it is lower-case names parted by `/` that can lead nowhere else; raises ValueError."""
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key[:LONGEST_KEY]!r}")
    return key


def content_name(data: bytes) -> str:
    """The name of these bytes: their SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
