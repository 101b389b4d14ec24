"""The library's errors, told apart by what can be done about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.chat_service import TryAgain, Unreachable
from bot.telegram.request import NotConnected, NotConnectedInTime, redact

WAIT_WHEN_REJECTED = 30.0  # seconds: somebody has to set the token right first

_NOBODY_THERE = (
    "chat not found", "peer_id_invalid", "user_is_blocked", "input_user_deactivated", "user is deactivated",
    "not enough rights", "have no rights to send", "chat_write_forbidden", "group chat was upgraded",
)  # fmt: skip
# A server between us and Telegram gave up waiting; what Telegram said when it had done it cannot be read.
_LOST = ("Gateway Timeout", "Invalid server response")
_TOO_OLD = "query is too old"
_NOT_MODIFIED = "message is not modified"
_WRONG_FILE = (
    "wrong file identifier",
    "wrong remote file",
    "wrong file_id",
    "file reference",
    "invalid file_id",
)


def meaning(error: TelegramError) -> Exception:
    """TryAgain for an outside failure, Unreachable where nobody is there, else the error itself: our mistake."""
    text = redact(str(error))
    match error:
        case RetryAfter():
            return TryAgain(text, seconds(error))
        case Forbidden() | ChatMigrated():
            return Unreachable(text)
        case BadRequest():
            return Unreachable(text) if any(one in text.lower() for one in _NOBODY_THERE) else error
        case EndPointNotFound():
            return error
        case InvalidToken():
            return TryAgain("Telegram rejects the token", WAIT_WHEN_REJECTED)
        case _:
            return TryAgain(text, unsure=_answer_lost(error))


@contextmanager
def told_apart() -> Iterator[None]:
    try:
        yield
    except TelegramError as error:
        meant = meaning(error)
        if meant is error:
            raise
        raise meant from error


def seconds(error: RetryAfter) -> float:
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, dt.timedelta) else float(asked)


def is_hiccup(error: TelegramError) -> bool:
    """A connection that broke, as idle ones do; not an answer, and not a wait that ran out."""
    return (
        isinstance(error, NetworkError)
        and not isinstance(error, BadRequest | TimedOut)
        and error.message.startswith("aiohttp.")
    )


def _answer_lost(error: TelegramError) -> bool:
    """Whether Telegram may have done what it was asked: it was connected, and then nothing came."""
    if isinstance(error, NotConnected | NotConnectedInTime):
        return False
    return isinstance(error, TimedOut) or is_hiccup(error) or error.message.startswith(_LOST)


def says(error: BadRequest, *sentences: str) -> bool:
    return any(one in error.message.lower() for one in sentences)


def is_too_old(error: BadRequest) -> bool:
    return says(error, _TOO_OLD)


def is_not_modified(error: BadRequest) -> bool:
    return says(error, _NOT_MODIFIED)


def is_wrong_file(error: BadRequest) -> bool:
    return says(error, *_WRONG_FILE)
