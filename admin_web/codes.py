"""A one-time or many-time code as it is shown, once: with its link and its QR code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import segno
from aiohttp import web
from markupsafe import Markup

from admin_web import lao_texts
from admin_web.site import site_of
from flows.core.problem import Problem


@dataclass(frozen=True, slots=True)
class Code:
    """`link` and `qr` are empty while the bot's name is not known. `uses` is None for a code of one use by its kind."""

    code: str
    link: str
    qr: Markup
    bot: str
    expires_at: datetime
    uses: int | None = None


def code_of(request: web.Request, code: str, expires_at: datetime, uses: int | None = None) -> Code:
    bot = site_of(request).bot_name()
    link = f"https://t.me/{bot}?start={code}" if bot else ""
    return Code(code, link, qr(link) if link else Markup(), bot, expires_at, uses)


def qr(link: str) -> Markup:
    """Drawn in the page itself, with its quiet zone, black on white whatever the reader's colours."""
    drawn = segno.make(link, error="m", micro=False).svg_inline(
        omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    return Markup(drawn.replace("<svg ", '<svg role="img" aria-label="QR" ', 1))


def read_number(form: Mapping[str, object], name: str, most: int) -> int | Problem:
    """A whole number from 1."""
    text = str(form.get(name, "")).strip()
    number = int(text) if text.isdecimal() and len(text) < 6 else 0
    if not 1 <= number <= most:
        return Problem(f"invitation.{name}", lao_texts.BAD_NUMBER, {"least": 1, "most": most})
    return number
