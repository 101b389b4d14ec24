"""What a process of the service is there for: the admin web, the chats, or what goes out by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from flows.core.problem import Problem
from flows.core.text import T

# bot: receives what officers send and answers it. delivery: sends what waits in the outbox, reminds, tidies up.
Duty = Literal["web", "bot", "delivery"]
DUTIES: tuple[Duty, ...] = get_args(Duty)
EVERYTHING: frozenset[Duty] = frozenset(DUTIES)


def duties_of(only: Sequence[str]) -> frozenset[Duty] | Problem:
    """The duties named, one by one or parted by commas; all of them when none is named."""
    named = [one.strip() for words in only for one in words.split(",") if one.strip()]
    if only and not named:
        return Problem("duty.unknown", UNKNOWN, {"name": "", "duties": ", ".join(DUTIES)})
    for name in named:
        if name not in DUTIES:
            return Problem("duty.unknown", UNKNOWN, {"name": name, "duties": ", ".join(DUTIES)})
    return frozenset(one for one in DUTIES if one in named) or EVERYTHING


def needs_telegram(duties: frozenset[Duty]) -> bool:
    """The web alone can do without: its invitations then show codes and no links."""
    return bool(duties - {"web"})


UNKNOWN = T(
    "--only: ไม่มีส่วนชื่อ “{name}” มี: {duties}", "--only: there is no part called “{name}”; there are: {duties}"
)
