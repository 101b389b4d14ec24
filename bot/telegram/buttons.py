"""What a button means, written into the 64 bytes that Telegram gives back when it is pressed."""

from __future__ import annotations

import re

from flows.core.chat import Button, Pressed, Reply
from flows.core.problem import FlowError

MOST_BYTES = 64

_WRITTEN = re.compile(r"(\d{1,18})\.(\d{1,18})\.([^.\x00-\x1f]+)\.([^\x00-\x1f]*)", re.ASCII)


def write_press(button: Button, reply: Reply) -> str:
    """`draft.serial.move.arg`."""
    if not button.move or "." in button.move:
        raise FlowError(f"a button's move is a word without dots: {button.move!r}")
    written = f"{reply.draft}.{reply.serial}.{button.move}.{button.arg}"
    if len(written.encode()) > MOST_BYTES:
        raise FlowError(f"a button's meaning takes more than {MOST_BYTES} bytes: {written!r}")
    return written


def read_press(data: str) -> Pressed | None:
    """None for what `write_press` did not write."""
    found = _WRITTEN.fullmatch(data)
    if found is None:
        return None
    draft, serial, move, arg = found.groups()
    return Pressed(move=move, arg=arg, serial=int(serial), draft=int(draft))
