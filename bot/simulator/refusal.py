"""What Telegram says no to, as an exception that carries its code and its exact words."""

from __future__ import annotations


class Refusal(Exception):
    """An `ok: false` answer; `retry_after` is in seconds and goes out with a 429 only."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad_request(words: str) -> Refusal:
    """A 400, its first letter made small as Telegram does unless the words shout (`BUTTON_DATA_INVALID`)."""
    if words[:1].isupper() and not words[1:2].isupper():
        words = words[:1].lower() + words[1:]
    return Refusal(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refusal:
    return Refusal(403, f"Forbidden: {words}")


def conflict(words: str) -> Refusal:
    return Refusal(409, f"Conflict: {words}")
