"""Log lines: one JSON object each, without what people wrote and without the bot's token."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

from aiohttp.http_exceptions import HttpProcessingError

from bot.telegram.request import redact
from storage.causes import cause

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """Of an exception its type and place are told, not its words: those may quote an answer."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = [
                f"{one.filename.rpartition('/')[2]}:{one.lineno} {one.name}" for one in frames[-8:]
            ]
        return redact(json.dumps(line, ensure_ascii=False, default=str))


class WithCause(logging.Filter):
    """Under `update` or `request` stands the id of what is being worked on, in whatever part and thread."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind, _, name = cause.get().partition(":")
        if kind and not hasattr(record, kind):
            setattr(record, kind, int(name) if name.isdecimal() and kind == "update" else name)
        return True


class WithoutVisitors(logging.Filter):
    """aiohttp writes who asked and what for: of our own mistakes only the place is told, of others' nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
            return False  # not HTTP at all, as from whoever tries every port there is
        record.msg, record.args = "a request went wrong in the web server", ()
        return True


_VISITORS = WithoutVisitors()


def to_stderr(*, quiet: bool = False, steps: bool = False) -> None:
    """Everything of ours, or with `quiet` only warnings as of the libraries: they would print addresses and texts.

    `steps`: a line for each step of each update, too.
    """
    out = logging.StreamHandler(sys.stderr)
    out.setFormatter(JsonLines())
    out.addFilter(WithCause())
    root = logging.getLogger()
    root.handlers[:] = [out]
    root.setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(_VISITORS)
    level = logging.DEBUG if steps else logging.WARNING if quiet else logging.INFO
    logging.getLogger("thongthin").setLevel(level)
