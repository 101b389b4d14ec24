"""One thing that the doctor has looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.core.text import Facts, T


@dataclass(frozen=True, slots=True)
class Finding:
    ok: bool
    say: T
    facts: Facts = field(default_factory=dict)
