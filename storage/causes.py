"""What is being worked on: the update or the request under whose id everything that it causes is noted."""

from __future__ import annotations

from contextvars import ContextVar

# "update:123" or "request:1f2e3d4c", "" where nobody asked for what is done. It goes along into the store's and the
# photos' threads, and with a notice from the transaction that put it into the outbox to whoever sends it.
cause: ContextVar[str] = ContextVar("cause", default="")


class caused_by:
    """`with caused_by(…)`: within it this is the cause. A class, as a generator would cost three times as much."""

    __slots__ = ("_before", "_what")

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._before = cause.set(self._what)

    def __exit__(self, *_: object) -> None:
        cause.reset(self._before)


def of_update(update_id: int) -> str:
    return f"update:{update_id}"


def of_request(request_id: str) -> str:
    return f"request:{request_id}"
