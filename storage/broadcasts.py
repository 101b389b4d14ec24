"""A coordinator's message to chosen LAOs: whom it reaches, sent once to each chat, and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Row, and_, case, func, insert, select

from flows.core.campaign import Campaign
from flows.core.progress import Standing
from flows.core.roles import EVERYWHERE, Reach
from storage.campaign_progress import standings
from storage.causes import cause
from storage.db import Tx
from storage.lao import Lao, lao_in
from storage.tables import broadcast, chat, lao, officer, outbox
from storage.turns import LAST
from storage.wakeups import wake
from storage.within import at, within

# With a campaign: those that lack anything, or that have sent nothing yet.
Which = Literal["all", "lacking", "nothing"]
Recipient = tuple[int, int, Lao]  # chat, officer


@dataclass(frozen=True, slots=True)
class BroadcastFilter:
    """Which LAOs are written to; an empty part leaves nobody out, `which` needs a campaign."""

    campaign: Campaign | None = None
    which: Which = "all"
    province: str = ""
    district: str = ""
    type: str = ""
    lao_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audience:
    recipients: Sequence[Recipient]  # every officer of the LAOs who can be reached
    laos_without: Sequence[Lao]  # of whom nobody can be: none has joined, or all have blocked the bot


@dataclass(frozen=True, slots=True)
class Broadcast:
    id: int
    campaign_id: int | None
    reviewer_id: int
    wording: str
    recipients: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BroadcastProgress:
    recipients: int
    sent: int
    waiting: int
    unreachable: Sequence[tuple[str, str]]  # officer's and LAO's name
    laos_without: Sequence[Lao]


def audience(tx: Tx, reach: Reach, which: BroadcastFilter) -> Audience:
    """Whom a message would reach, and of which LAOs it reaches nobody; only what lies within the reach."""
    chosen = _chosen(tx, reach, which)
    people = (
        select(officer.c.id, officer.c.chat_id, officer.c.lao_code)
        .join(lao, lao.c.code == officer.c.lao_code)
        .join(chat, chat.c.id == officer.c.chat_id)
        .where(officer.c.removed_at.is_(None), chat.c.unreachable_at.is_(None), within(reach))
        .order_by(officer.c.lao_code, officer.c.joined_at, officer.c.id)
    )
    found = [
        (row.chat_id, row.id, chosen[row.lao_code]) for row in tx.execute(people) if row.lao_code in chosen
    ]
    reached = {one.code for _, _, one in found}
    return Audience(found, [one for code, one in chosen.items() if code not in reached])


def send(
    tx: Tx, reviewer_id: int, campaign_id: int | None, text: str, audience: Audience, now: datetime
) -> int:
    """Puts one message for each chat into the outbox; returns the broadcast's id."""
    broadcast_id: int = tx.execute(
        insert(broadcast)
        .values(
            campaign_id=campaign_id, reviewer_id=reviewer_id, wording=text, created_at=now,
            recipients=len({chat_id for chat_id, _, _ in audience.recipients}),
            laos_without=[one.code for one in audience.laos_without],
        )
        .returning(broadcast.c.id)
    ).scalar_one()  # fmt: skip
    rows = {
        chat_id: {
            "key": f"broadcast:{broadcast_id}:{chat_id}", "chat_id": chat_id, "kind": "broadcast",
            "payload": {"broadcast": broadcast_id, "officer": officer_id}, "broadcast_id": broadcast_id,
            "created_at": now, "due_at": now, "rank": LAST, "cause": cause.get(),
        }
        for chat_id, officer_id, _ in audience.recipients
    }  # fmt: skip
    if rows:
        tx.execute(insert(outbox), list(rows.values()))
        wake(tx)
    return broadcast_id


def broadcast_of(tx: Tx, broadcast_id: int) -> Broadcast | None:
    row = tx.execute(select(broadcast).where(broadcast.c.id == broadcast_id)).one_or_none()
    return _broadcast(row) if row else None


def chats_of(tx: Tx, broadcast_id: int) -> set[int]:
    """The chats that it goes to, or has gone to."""
    return set(tx.scalars(select(outbox.c.chat_id).where(outbox.c.broadcast_id == broadcast_id)))


def broadcasts(tx: Tx, campaign_id: int | None = None, most: int = 50) -> list[Broadcast]:
    """The newest first; with `campaign_id` of that campaign only."""
    wanted = select(broadcast).order_by(broadcast.c.id.desc()).limit(most)
    if campaign_id is not None:
        wanted = wanted.where(broadcast.c.campaign_id == campaign_id)
    return [_broadcast(row) for row in tx.execute(wanted)]


def progress_of(tx: Tx, broadcast_id: int, reach: Reach = EVERYWHERE) -> BroadcastProgress:
    """How far it has come; named is who lies within the reach. What was taken back, because nobody was there any more, is neither sent nor waits."""
    of_it = outbox.c.broadcast_id == broadcast_id
    waits = and_(outbox.c.sent_at.is_(None), outbox.c.given_up_at.is_(None))
    counted = tx.execute(
        select(func.count(outbox.c.sent_at), func.sum(case((waits, 1), else_=0))).where(of_it)
    ).one()
    told = tx.execute(
        select(broadcast.c.recipients, broadcast.c.laos_without).where(broadcast.c.id == broadcast_id)
    ).one()
    return BroadcastProgress(
        told.recipients,
        counted[0],
        counted[1] or 0,
        _unreachable(tx, broadcast_id, reach),
        [one for one in _laos(tx, told.laos_without) if reach.covers(one.province, one.district)],
    )


def _unreachable(tx: Tx, broadcast_id: int, reach: Reach) -> list[tuple[str, str]]:
    rows = tx.execute(
        select(officer.c.name, lao.c.name.label("lao_name"))
        .select_from(outbox)
        .join(officer, officer.c.id == outbox.c.payload["officer"].as_integer())
        .join(lao, lao.c.code == officer.c.lao_code)
        .where(
            within(reach),
            outbox.c.broadcast_id == broadcast_id,
            outbox.c.given_up_at.is_not(None),
            outbox.c.sent_at.is_(None),
        )
        .order_by(lao.c.province, lao.c.district, lao.c.name, officer.c.name)
    )
    return [(row.name, row.lao_name) for row in rows]


def _chosen(tx: Tx, reach: Reach, which: BroadcastFilter) -> dict[str, Lao]:
    where = [within(reach), at(which.province, which.district)]
    if which.type:
        where.append(lao.c.type == which.type)
    if which.lao_codes:
        where.append(lao.c.code.in_(which.lao_codes))
    in_order = select(lao).where(*where).order_by(lao.c.province, lao.c.district, lao.c.name, lao.c.code)
    laos = {row.code: lao_in(row) for row in tx.execute(in_order)}
    if which.campaign is None:
        return laos
    asked = standings(tx, which.campaign, reach, which.province, which.district)
    those = {one.lao_code for one in asked if _is(one, which.campaign, which.which)}
    return {code: one for code, one in laos.items() if code in those}


def _is(one: Standing, campaign: Campaign, which: Which) -> bool:
    match which:
        case "all":
            return True
        case "lacking":
            return not one.complete(campaign.counts)
        case "nothing":
            return one.stage(campaign.counts) in ("nothing", "nobody")


def _laos(tx: Tx, codes: Sequence[str]) -> list[Lao]:
    in_order = select(lao).where(lao.c.code.in_(codes)).order_by(lao.c.province, lao.c.district, lao.c.name)
    return [lao_in(row) for row in tx.execute(in_order)] if codes else []


def _broadcast(row: Row[tuple[object, ...]]) -> Broadcast:
    return Broadcast(row.id, row.campaign_id, row.reviewer_id, row.wording, row.recipients, row.created_at)
