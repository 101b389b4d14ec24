"""What is being worked on: the update or the request under whose id everything that it causes is noted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# "update:123" or "request:1f2e3d4c", "" where nobody asked for what is done. It goes along into the store's and the
# photos' threads, and with a notice from the transaction that put it into the outbox to whoever sends it.
cause: ContextVar[str] = ContextVar("cause", default="")


@contextmanager
def caused_by(what: str) -> Iterator[None]:
    before = cause.set(what)
    try:
        yield
    finally:
        cause.reset(before)


def of_update(update_id: int) -> str:
    return f"update:{update_id}"


def of_request(request_id: str) -> str:
    return f"request:{request_id}"
