"""The real command line with one bug put in: the engine cannot stand messages that begin with a skull."""

from __future__ import annotations

from typing import Any

from bot import __main__ as command
from flows.core import engine
from flows.core.chat import Said
from tests.chaos.ledger import POISON

_advance = engine.advance


def advance(flow: Any, c: Any, inbound: Any, *more: Any, **named: Any) -> Any:
    if isinstance(inbound, Said) and inbound.text.startswith(POISON):
        raise RuntimeError("a bug, put in to see what becomes of it")
    return _advance(flow, c, inbound, *more, **named)


if __name__ == "__main__":
    engine.advance = advance
    command.main()
