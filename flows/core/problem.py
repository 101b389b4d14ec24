"""A person's mistake is a value that is said back; a developer's mistake is an exception."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.core.text import Facts, T


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong with an answer and what would be right, with a stable `code` such as `phone.unreadable`."""

    code: str
    say: T
    facts: Facts = field(default_factory=dict)


class FlowError(Exception):
    """A form or a caller is wrong: raised loudly, at import where it can be."""
