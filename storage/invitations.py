"""Invitations to join for one LAO: shown once as a code, kept only as its hash, and not to be guessed."""

from __future__ import annotations

import hashlib
import math
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, select

from flows.core.problem import Problem
from flows.core.text import T, arabic_digits
from storage.db import Tx
from storage.tables import chat, invitation, officer, reviewer

# Crockford's base 32: what is easily misread is read as what it looks like.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OILU", "011V")
LENGTH = 12  # 60 bits
DAYS, USES = 14, 3
MOST_GUESSES, GUESSING_TIME = 5, timedelta(hours=1)

Kind = Literal["officer", "handover", "coordinator"]
Draw = Callable[[str], str]  # one letter of an alphabet, at random: secrets.choice


@dataclass(frozen=True, slots=True)
class Invitation:
    id: int
    lao_code: str  # "" for a coordinator
    uses_left: int
    expires_at: datetime
    kind: Kind = "officer"
    officer_id: int | None = None  # handover: whose post it is
    reviewer_id: int | None = None  # coordinator: whose chat it will be


def invite(
    tx: Tx, lao_code: str, now: datetime, days: int = DAYS, uses: int = USES, draw: Draw = secrets.choice
) -> tuple[str, datetime]:
    """A new code for an LAO that exists, such as `ABCD-EFGH-JKMN`, and when it expires. It can never be shown again."""
    return _new_code(tx, now, draw, days, kind="officer", lao_code=lao_code, uses_left=uses)


def invite_handover(
    tx: Tx, officer_id: int, now: datetime, draw: Draw = secrets.choice
) -> tuple[str, datetime]:
    """A code with which one successor takes over an officer's post; an earlier one for it is closed."""
    _revoke_open(tx, invitation.c.officer_id == officer_id, now)
    lao_code = tx.execute(select(officer.c.lao_code).where(officer.c.id == officer_id)).scalar_one()
    return _new_code(
        tx, now, draw, DAYS, kind="handover", lao_code=lao_code, officer_id=officer_id, uses_left=1
    )


def invite_coordinator(
    tx: Tx, reviewer_id: int, now: datetime, draw: Draw = secrets.choice
) -> tuple[str, datetime]:
    """A code with which one chat becomes that web account's; an earlier one for it is closed."""
    _revoke_open(tx, invitation.c.reviewer_id == reviewer_id, now)
    return _new_code(tx, now, draw, DAYS, kind="coordinator", reviewer_id=reviewer_id, uses_left=1)


def _new_code(tx: Tx, now: datetime, draw: Draw, days: int, **values: object) -> tuple[str, datetime]:
    code = "".join(draw(ALPHABET) for _ in range(LENGTH))
    expires_at = now + timedelta(days=days)
    tx.execute(
        invitation.insert().values(code_hash=_hash(code), created_at=now, expires_at=expires_at, **values)
    )
    return shown(code), expires_at


def shown(code: str) -> str:
    """The code in groups of four, as it is shown and as it fits into an address."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def looks_like_code(text: str) -> bool:
    """Whether a message could be an invitation code, right or wrong, rather than other words."""
    return (
        re.fullmatch(r"[A-Z0-9]{4}[ -]?[A-Z0-9]{4}[ -]?[A-Z0-9]{4}", arabic_digits(text).strip().upper())
        is not None
    )


def look_up(tx: Tx, code: str, now: datetime) -> Invitation | Problem:
    """The invitation that a code opens; the code may be typed in small letters, without dashes, in Thai digits."""
    row = _row(tx, code)
    if row is None:
        return UNKNOWN
    if row.revoked_at is not None:
        return REVOKED
    if row.expires_at <= now:
        return EXPIRED
    if row.uses_left <= 0:
        return USED_UP
    if row.kind == "coordinator" and not _still_open_account(tx, row.reviewer_id):
        return REVOKED
    return Invitation(
        row.id, row.lao_code or "", row.uses_left, row.expires_at, row.kind, row.officer_id, row.reviewer_id
    )


def _still_open_account(tx: Tx, reviewer_id: int) -> bool:
    open_one = select(reviewer.c.id).where(reviewer.c.id == reviewer_id, reviewer.c.disabled_at.is_(None))
    return tx.execute(open_one).first() is not None


def use(tx: Tx, invitation_id: int, now: datetime) -> bool:
    """Takes one use; False when another officer has taken the last one meanwhile, or it is no longer open."""
    taken = tx.execute(
        invitation.update()
        .where(
            invitation.c.id == invitation_id,
            invitation.c.uses_left > 0,
            invitation.c.revoked_at.is_(None),
            invitation.c.expires_at > now,
        )
        .values(uses_left=invitation.c.uses_left - 1)
    )
    return taken.rowcount == 1


def revoke(tx: Tx, code: str, now: datetime) -> Problem | None:
    """Closes an invitation for good."""
    row = _row(tx, code)
    if row is None:
        return UNKNOWN
    tx.execute(
        invitation.update()
        .where(invitation.c.id == row.id, invitation.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return None


def revoke_all(tx: Tx, lao_code: str, now: datetime) -> int:
    """Closes every invitation of an LAO that is still open; returns how many those were."""
    return _revoke_open(tx, invitation.c.lao_code == lao_code, now)


def _revoke_open(tx: Tx, which: ColumnElement[bool], now: datetime) -> int:
    still_open = invitation.c.expires_at > now, invitation.c.uses_left > 0, invitation.c.revoked_at.is_(None)
    return tx.execute(invitation.update().where(which, *still_open).values(revoked_at=now)).rowcount


def may_guess(tx: Tx, chat_id: int, now: datetime) -> Problem | None:
    """None while the chat may try another code; else how long it must wait."""
    row = tx.execute(select(chat.c.guesses, chat.c.guesses_since).where(chat.c.id == chat_id)).first()
    if row is None or row.guesses < MOST_GUESSES or row.guesses_since is None:
        return None
    wait = row.guesses_since + GUESSING_TIME - now
    if wait <= timedelta(0):
        return None
    return replace(TOO_MANY_GUESSES, facts={"minutes": math.ceil(wait / timedelta(minutes=1))})


def note_guess(tx: Tx, chat_id: int, now: datetime) -> None:
    """Counts a wrong code of a chat that is known; counting begins anew when its hour is over."""
    row = tx.execute(
        select(chat.c.guesses, chat.c.guesses_since).where(chat.c.id == chat_id).with_for_update()
    ).one()
    fresh = row.guesses_since is None or row.guesses_since + GUESSING_TIME <= now
    values = {"guesses": 1, "guesses_since": now} if fresh else {"guesses": row.guesses + 1}
    tx.execute(chat.update().where(chat.c.id == chat_id).values(**values))


def _row(tx: Tx, code: str) -> Row[Any] | None:
    return tx.execute(select(invitation).where(invitation.c.code_hash == _hash(code))).first()


def _hash(code: str) -> str:
    """A code is as hard to find from its hash as by guessing: 60 bits, and it expires in days."""
    letters = re.sub(r"[\s_–—-]", "", arabic_digits(code[:100])).upper().translate(_MISREAD)
    return hashlib.sha256(b"thongthin invitation " + letters.encode()).hexdigest()


UNKNOWN = Problem(
    "invitation.unknown",
    T(
        "ไม่พบรหัสเชิญนี้ ตรวจตัวอักษรให้ครบ 12 ตัวแล้วพิมพ์อีกครั้ง หรือขอรหัสใหม่จากผู้ประสานงานของจังหวัด",
        "There is no such invitation; check its 12 letters and type it again, or ask your provincial coordinator for a new one.",
    ),
)
EXPIRED = Problem(
    "invitation.expired",
    T(
        "รหัสเชิญนี้หมดอายุแล้ว ขอรหัสใหม่จากผู้ประสานงานของจังหวัด",
        "This invitation has expired; ask your provincial coordinator for a new one.",
    ),
)
USED_UP = Problem(
    "invitation.used_up",
    T(
        "รหัสเชิญนี้ใช้ครบจำนวนคนแล้ว ขอรหัสใหม่จากผู้ประสานงานของจังหวัด",
        "This invitation has been used by as many people as it was made for; ask your provincial coordinator for a new one.",
    ),
)
REVOKED = Problem(
    "invitation.revoked",
    T(
        "รหัสเชิญนี้ถูกยกเลิกแล้ว ขอรหัสใหม่จากผู้ประสานงานของจังหวัด",
        "This invitation has been withdrawn; ask your provincial coordinator for a new one.",
    ),
)
TOO_MANY_GUESSES = Problem(
    "invitation.too_many_guesses",
    T(
        "ใส่รหัสผิดหลายครั้งแล้ว รออีก {minutes} นาทีจึงลองใหม่ได้",
        "Too many wrong codes; wait {minutes} minutes before trying again.",
    ),
)
