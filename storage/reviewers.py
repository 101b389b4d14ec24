"""Reviewers: who they are, where they are signed in, and how often somebody has guessed at a password."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update

from flows.core.chat import Json
from flows.core.problem import Problem
from flows.core.roles import EVERYWHERE, ROLES, Reach, Role
from flows.core.text import Language, T, folded, one_line
from storage import command_menus
from storage.db import Tx
from storage.tables import reviewer as reviewers
from storage.tables import sign_in_failure, web_session

MOST_NAME: Final = 80

IDLE: Final = timedelta(hours=8)
ABSOLUTE: Final = timedelta(days=7)
TOUCH_EVERY: Final = timedelta(minutes=5)  # a page costs no write more often than this

REMEMBERED: Final = timedelta(hours=24)
LONGEST_WAIT: Final = timedelta(hours=1)
# Failures that cost nothing: of one name from one address, of one name, and of one address.
FREE_FOR_PAIR: Final = 5
FREE_FOR_NAME: Final = 20
FREE_FOR_ADDRESS: Final = 30


@dataclass(frozen=True, slots=True)
class Reviewer:
    id: int
    name: str
    language: Language
    password_hash: str
    disabled_at: datetime | None = None
    role: Role = "admin"
    reach: Reach = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which a reviewer is signed in. `csrf` goes with every change that it makes."""

    token_hash: str
    csrf: str
    reviewer: Reviewer
    created_at: datetime
    expires_at: datetime


def add_reviewer(
    tx: Tx, name: str, password_hash: str, now: datetime, role: Role = "admin", reach: Reach = EVERYWHERE
) -> Reviewer | Problem:
    """A new web account; a Problem where the name is empty, too long or taken (by however it is written)."""
    name = one_line(name)
    if not name:
        return Problem("reviewer.no_name", NO_NAME)
    if len(name) > MOST_NAME:
        return Problem("reviewer.name_too_long", NAME_TOO_LONG, {"most": MOST_NAME})
    if reviewer_named(tx, name, disabled=True) is not None:
        return Problem("reviewer.name_taken", NAME_TAKEN, {"name": name})
    row = tx.execute(
        insert(reviewers)
        .values(
            name=name,
            password_hash=password_hash,
            language="th",
            created_at=now,
            role=role,
            scope=reach.to_json(),
        )
        .returning(reviewers.c.id)
    ).one()
    return Reviewer(int(row.id), name, "th", password_hash, None, role, _reach(role, reach.to_json()))


def every_reviewer(tx: Tx) -> Sequence[Reviewer]:
    return [_reviewer(row) for row in tx.execute(select(reviewers).order_by(reviewers.c.name))]


def reviewer_named(tx: Tx, name: str, *, disabled: bool = False) -> Reviewer | None:
    """The reviewer of that name, however its capitals and sara am are typed; there are a few dozen at most."""
    wanted = folded(name)
    return next(
        (
            one
            for one in every_reviewer(tx)
            if folded(one.name) == wanted and (disabled or not one.disabled_at)
        ),
        None,
    )


def set_password(tx: Tx, reviewer_id: int, password_hash: str) -> None:
    """Every browser signed in with the old password is signed out."""
    tx.execute(update(reviewers).where(reviewers.c.id == reviewer_id).values(password_hash=password_hash))
    close_every_session(tx, reviewer_id)


def renew_hash(tx: Tx, reviewer_id: int, password_hash: str) -> None:
    """The same password under stronger settings: nobody is signed out."""
    tx.execute(update(reviewers).where(reviewers.c.id == reviewer_id).values(password_hash=password_hash))


def disable(tx: Tx, reviewer_id: int, now: datetime) -> None:
    tx.execute(update(reviewers).where(reviewers.c.id == reviewer_id).values(disabled_at=now))
    command_menus.tell_reviewer(tx, reviewer_id, now)
    close_every_session(tx, reviewer_id)


def enable(tx: Tx, reviewer_id: int, now: datetime) -> None:
    tx.execute(update(reviewers).where(reviewers.c.id == reviewer_id).values(disabled_at=None))
    command_menus.tell_reviewer(tx, reviewer_id, now)


def set_role(tx: Tx, reviewer_id: int, role: Role, reach: Reach, now: datetime) -> None:
    """Holds from the next page on, wherever the person is signed in."""
    tx.execute(
        update(reviewers).where(reviewers.c.id == reviewer_id).values(role=role, scope=reach.to_json())
    )
    command_menus.tell_reviewer(tx, reviewer_id, now)


def is_last_admin(tx: Tx, reviewer_id: int) -> bool:
    """Whether nobody but this person could still manage accounts; in a transaction that changes that."""
    admins = select(reviewers.c.id).where(reviewers.c.role == "admin", reviewers.c.disabled_at.is_(None))
    return list(tx.scalars(admins.with_for_update())) == [reviewer_id]


def reviewer_of(tx: Tx, reviewer_id: int) -> Reviewer | None:
    """The account of that number, a disabled one too."""
    row = tx.execute(select(reviewers).where(reviewers.c.id == reviewer_id)).one_or_none()
    return _reviewer(row) if row else None


def set_language(tx: Tx, reviewer_id: int, language: Language) -> None:
    tx.execute(update(reviewers).where(reviewers.c.id == reviewer_id).values(language=language))


# --- signed in


def open_session(tx: Tx, reviewer_id: int, token_hash: str, csrf: str, now: datetime) -> None:
    tx.execute(delete(web_session).where(web_session.c.expires_at <= now))
    tx.execute(
        insert(web_session).values(
            token_hash=token_hash, reviewer_id=reviewer_id, csrf=csrf, created_at=now, expires_at=now + IDLE
        )
    )


def session_of(tx: Tx, token_hash: str, now: datetime) -> Session | None:
    """The session of a token while it lasts; None when it ran out, was ended, or its reviewer is disabled."""
    row = tx.execute(
        select(
            web_session,
            reviewers.c.id,
            reviewers.c.name,
            reviewers.c.language,
            reviewers.c.password_hash,
            reviewers.c.role,
            reviewers.c.scope,
            reviewers.c.disabled_at,
        )
        .join(reviewers, reviewers.c.id == web_session.c.reviewer_id)
        .where(
            web_session.c.token_hash == token_hash,
            web_session.c.expires_at > now,
            reviewers.c.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None or now >= row.created_at + ABSOLUTE:
        return None
    return Session(row.token_hash, row.csrf, _reviewer(row), row.created_at, row.expires_at)


def needs_touch(session: Session, now: datetime) -> bool:
    return session.expires_at < min(now + IDLE - TOUCH_EVERY, session.created_at + ABSOLUTE)


def touch_session(tx: Tx, session: Session, now: datetime) -> None:
    """In use: the idle time begins again, never past the absolute end."""
    until = min(now + IDLE, session.created_at + ABSOLUTE)
    tx.execute(
        update(web_session).where(web_session.c.token_hash == session.token_hash).values(expires_at=until)
    )


def close_session(tx: Tx, token_hash: str) -> None:
    tx.execute(delete(web_session).where(web_session.c.token_hash == token_hash))


def close_every_session(tx: Tx, reviewer_id: int) -> None:
    tx.execute(delete(web_session).where(web_session.c.reviewer_id == reviewer_id))


# --- guesses


def begin_attempt(tx: Tx, name: str, address: str, now: datetime) -> datetime | None:
    """Counts an attempt to sign in before its password is looked at; until when to wait, if it may not be made.

    Counting first leaves nothing to gain from many attempts at once; a right password takes its count back.
    """
    tx.execute(delete(sign_in_failure).where(sign_in_failure.c.at <= now - REMEMBERED))
    waits = [_wait(tx, what, free, now) for what, free in _counters(name, address)]
    until = max((wait for wait in waits if wait is not None), default=None)
    if until is None:
        tx.execute(
            insert(sign_in_failure), [{"what": what, "at": now} for what, _ in _counters(name, address)]
        )
    return until


def forget_attempts(tx: Tx, name: str, address: str, now: datetime) -> None:
    """The password was right: this name is free again, and the address gets back this one attempt only."""
    pair, by_name, by_address = (what for what, _ in _counters(name, address))
    tx.execute(delete(sign_in_failure).where(sign_in_failure.c.what.in_([pair, by_name])))
    newest = select(sign_in_failure.c.id).where(
        sign_in_failure.c.what == by_address, sign_in_failure.c.at == now
    )
    tx.execute(delete(sign_in_failure).where(sign_in_failure.c.id.in_(newest.limit(1))))


def _counters(name: str, address: str) -> tuple[tuple[str, int], ...]:
    # Hashed: what is typed as a name may well be a password.
    who, where = _short(folded(name)), network_of(address)
    return (
        (f"pair:{_short(f'{who} {where}')}", FREE_FOR_PAIR),
        (f"name:{who}", FREE_FOR_NAME),
        (f"address:{where}", FREE_FOR_ADDRESS),
    )


def _wait(tx: Tx, what: str, free: int, now: datetime) -> datetime | None:
    """One minute after the last free failure, doubled by each further one."""
    failures = list(
        tx.scalars(
            select(sign_in_failure.c.at)
            .where(sign_in_failure.c.what == what, sign_in_failure.c.at > now - REMEMBERED)
            .order_by(sign_in_failure.c.at.desc())
            .limit(free + 8)
        )
    )
    if len(failures) < free:
        return None
    until = failures[0] + min(LONGEST_WAIT, timedelta(minutes=2 ** (len(failures) - free)))
    return until if until > now else None


def network_of(address: str) -> str:
    """The address that guesses are counted under: an IPv6 customer has a whole /64."""
    try:
        ip = ip_address(address)
    except ValueError:
        return _short(address)
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped) if ip.ipv4_mapped else ":".join(ip.exploded.split(":")[:4])
    return str(ip)


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def _language(code: str) -> Language:
    return "en" if code == "en" else "th"


def _reviewer(row: Row[Any]) -> Reviewer:
    role = _role(row.role)
    return Reviewer(
        int(row.id), str(row.name), _language(row.language), str(row.password_hash), row.disabled_at, role,
        _reach(role, row.scope),
    )  # fmt: skip


def _role(kept: str) -> Role:
    # A role that is not known here may look and nothing else.
    return next((role for role in ROLES if role == kept), "viewer")


def _reach(role: Role, kept: Mapping[str, Json]) -> Reach:
    return EVERYWHERE if role == "admin" else Reach.from_json(kept or {})


NO_NAME = T("ใส่ชื่อของผู้ตรวจสอบ", "Give the reviewer's name")
NAME_TOO_LONG = T(
    "ชื่อยาวเกินไป กรุณาย่อให้ไม่เกิน {most} ตัวอักษร", "The name is too long: keep it to {most} characters"
)
NAME_TAKEN = T(
    "มีผู้ตรวจสอบชื่อ {name} อยู่แล้ว กรุณาใช้ชื่ออื่น", "There is a reviewer called {name} already: use another name"
)
