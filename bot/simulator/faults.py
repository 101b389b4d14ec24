"""Faults on order: answers of 429 or 5xx, connections that drop, calls that take their time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from bot.simulator.refusal import Refusal


@dataclass(slots=True)
class Fault:
    method: str  # or "*"
    times: int
    error_code: int = 0
    description: str = ""
    retry_after: int | None = None
    drop: Literal["", "before", "after"] = ""
    delay: float = 0.0  # seconds

    def refusal(self) -> Refusal:
        described = self.description or _DESCRIPTIONS.get(self.error_code, "Internal Server Error")
        if self.retry_after is not None and not self.description:
            described = f"Too Many Requests: retry after {self.retry_after}"
        return Refusal(self.error_code, described, self.retry_after)


_DESCRIPTIONS = {429: "Too Many Requests: retry after 1", 502: "Bad Gateway", 504: "Gateway Timeout"}


class Faults:
    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._ordered.append(fault)

    def clear(self) -> None:
        self._ordered.clear()

    def take(self, method: str) -> Fault | None:
        """The fault due for this call, counted down."""
        for fault in self._ordered:
            if fault.method in ("*", method):
                fault.times -= 1
                if fault.times <= 0:
                    self._ordered.remove(fault)
                return fault
        return None


class Flood:
    """Telegram's limits on sending: so many a second over all, about one a second to one chat.

    After a rest as many as a second allows may come at once, and a `burst` to one chat: token buckets.
    """

    def __init__(self, rate: float | None, burst: int = 3) -> None:
        self._rate = rate
        self._burst = burst
        self._buckets: dict[int, tuple[float, float]] = {}  # chat (0 is all) -> (tokens, when)

    def check(self, chat_id: int) -> None:
        if self._rate is None:
            return
        now = time.monotonic()
        for bucket, rate, most in ((0, self._rate, self._rate), (chat_id, 1.0, float(self._burst))):
            tokens, then = self._buckets.get(bucket, (most, now))
            tokens = min(most, tokens + (now - then) * rate)
            if tokens < 1:
                wait = max(1, round((1 - tokens) / rate))
                raise Refusal(429, f"Too Many Requests: retry after {wait}", wait)
            self._buckets[bucket] = (tokens - 1, now)
