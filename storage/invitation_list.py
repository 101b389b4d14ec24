"""The invitations that are still open, as coordinators see them: never their codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from storage.db import Tx
from storage.tables import invitation, officer


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """`successor_of` is the officer whose post a one-time code hands over, "" for any other."""

    id: int
    uses_left: int
    created_at: datetime
    expires_at: datetime
    successor_of: str


def open_at(tx: Tx, lao_code: str, now: datetime) -> Sequence[OpenInvitation]:
    """The LAO's open invitations, newest first."""
    rows = tx.execute(
        select(invitation, officer.c.name)
        .outerjoin(officer, officer.c.id == invitation.c.officer_id)
        .where(invitation.c.lao_code == lao_code, *_open(now))
        .order_by(invitation.c.created_at.desc(), invitation.c.id.desc())
    )
    return [
        OpenInvitation(row.id, row.uses_left, row.created_at, row.expires_at, row.name or "") for row in rows
    ]


def revoke_at(tx: Tx, lao_code: str, invitation_id: int, now: datetime) -> None:
    """Closes one invitation of that LAO, if it is still open."""
    of_lao = invitation.update().where(
        invitation.c.id == invitation_id, invitation.c.lao_code == lao_code, *_open(now)
    )
    tx.execute(of_lao.values(revoked_at=now))


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        invitation.c.revoked_at.is_(None), invitation.c.uses_left > 0, invitation.c.expires_at > now,
    )  # fmt: skip
