"""What went over the wire, in order, and what was refused; never the token."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from bot.simulator.refusal import Refusal
from bot.simulator.shapes import Json, LogEntry, RefusalEntry

_BLOCKED = ("Forbidden: bot was blocked by the user", "Forbidden: bot was kicked from the group chat")


class Journal:
    def __init__(self, now: Callable[[], float], remembered: int) -> None:
        self._now = now
        self.log: deque[LogEntry] = deque(maxlen=remembered)
        self.refusals: list[RefusalEntry] = []

    def called(self, method: str, parameters: Json, result: Any) -> None:
        entry = LogEntry(at=self._now(), kind="call", method=method, parameters=parameters, result=result)
        if "chat_id" in parameters:
            entry["chat_id"] = _as_number(parameters["chat_id"])
        if method != "getUpdates" or result:
            self.log.append(entry)

    def refused(self, method: str, refusal: Refusal, parameters: Json) -> None:
        told = {"error_code": refusal.code, "description": refusal.description}
        self.called(method, parameters, told)
        if refusal.description not in _BLOCKED:
            self.refusals.append(RefusalEntry(method=method, parameters=parameters, **told))  # type: ignore[typeddict-item]

    def given(self, update: Json) -> None:
        """An update was handed to the bot."""
        kind = next(key for key in update if key != "update_id")
        about = update[kind].get("message") or update[kind]
        entry = LogEntry(at=self._now(), kind="update", update_id=update["update_id"], result=update)
        if "chat" in about:
            entry["chat_id"] = about["chat"]["id"]
        self.log.append(entry)


def _as_number(chat_id: Any) -> int:
    try:
        return int(chat_id)
    except (TypeError, ValueError):
        return 0
