"""The name of a bucket and of the place in it, as `s3://bucket/prefix` says it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)/?")
LONGEST_PREFIX = 500  # keys may have 1,024 bytes, and ours up to 200


@dataclass(frozen=True, slots=True)
class Bucket:
    """`prefix` has no slash at its ends; "" is the whole bucket."""

    name: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}".rstrip("/")

    @staticmethod
    def read(text: str) -> Bucket | None:
        """None when it is not the name of a bucket."""
        found = _WRITTEN.fullmatch(text)
        if found is None or ".." in found[1] or len(found[2]) > LONGEST_PREFIX:
            return None
        return Bucket(found[1], found[2].strip("/"))
