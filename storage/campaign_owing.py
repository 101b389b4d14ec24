"""The facts from which reminders are decided, gathered in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, true

from flows.core.campaign import Campaign
from flows.core.reminders import Owing
from storage.campaign_tallies import counts
from storage.db import Tx
from storage.tables import (
    campaign_choice,
    campaign_tally,
    chat,
    draft,
    lao,
    officer,
    outbox,
    submission,
)
from storage.within import asked

Lacks = tuple[tuple[str, int], ...]


def owing(tx: Tx, campaign: Campaign, lao_codes: Collection[str] | None = None) -> list[Owing]:
    """What the rules must know of each active officer of the LAOs asked, all officers of an LAO together.

    With `lao_codes` of those LAOs only. Six statements, however many LAOs there are.
    """
    there = asked(campaign.scope)
    where = there if lao_codes is None else and_(there, lao.c.code.in_(lao_codes))
    officers = tx.execute(_officers(campaign.id, where)).all()
    lacks, returned = _lacks(tx, campaign, where), _returned(tx, campaign, lao_codes)
    drafts, sent = _drafts(tx, where), _sent(tx, campaign.id, where, lao_codes is None)
    return [_owing(row, lacks, returned, drafts, sent) for row in officers]


def _owing(
    row: Row[Any],
    lacks: Mapping[str, Lacks],
    returned: Mapping[str, Mapping[int, str]],
    drafts: Mapping[int, Sequence[_Draft]],
    sent: Mapping[int, frozenset[str]],
) -> Owing:
    lacking, back = lacks.get(row.lao_code, ()), returned.get(row.lao_code, {})
    forms = {form for form, _ in lacking}
    return Owing(
        officer_id=row.officer_id,
        lao_code=row.lao_code,
        lacks=lacking,
        returned=tuple(back.values()),
        reachable=row.unreachable_at is None,
        silent_since=row.seen_at,
        in_form=bool((row.focus or {}).get("draft")),
        holds_draft=any(
            one.form in forms or one.submission_id in back for one in drafts.get(row.officer_id, ())
        ),
        off=bool(row.off),
        again_on=date.fromisoformat(row.again_on) if row.again_on else None,
        sent=sent.get(row.officer_id, frozenset()),
        knows_deadline=row.knows_deadline,
        owed=bool(row.owed or lacking or back),
    )


def _officers(campaign_id: int, where: ColumnElement[bool]) -> Any:
    mine = and_(campaign_choice.c.campaign_id == campaign_id, campaign_choice.c.officer_id == officer.c.id)
    return (
        select(
            officer.c.id.label("officer_id"), officer.c.lao_code, chat.c.unreachable_at, chat.c.seen_at, chat.c.focus,
            campaign_choice.c.off, campaign_choice.c.again_on, campaign_choice.c.owed, campaign_choice.c.knows_deadline,
        )
        .select_from(
            officer.join(lao, lao.c.code == officer.c.lao_code)
            .outerjoin(chat, chat.c.id == officer.c.chat_id)
            .outerjoin(campaign_choice, mine)
        )
        .where(officer.c.removed_at.is_(None), where)
        .order_by(officer.c.lao_code, officer.c.joined_at, officer.c.id)
    )  # fmt: skip


def _lacks(tx: Tx, campaign: Campaign, where: ColumnElement[bool]) -> dict[str, Lacks]:
    """LAO -> the forms of which entries are missing, in the campaign's order."""
    done = {
        "approved": campaign_tally.c.approved,
        "submitted": campaign_tally.c.approved + campaign_tally.c.waiting,
    }
    rows = tx.execute(
        select(campaign_tally.c.lao_code, campaign_tally.c.form, done[campaign.counts].label("done"))
        .join(lao, lao.c.code == campaign_tally.c.lao_code)
        .where(campaign_tally.c.campaign_id == campaign.id, where)
    )
    has = {(row.lao_code, row.form): row.done for row in rows}
    found: dict[str, Lacks] = {}
    for code in tx.scalars(select(lao.c.code).where(where)):
        missing = ((one.form, one.count - has.get((code, one.form), 0)) for one in campaign.requirements)
        found[code] = tuple((form, number) for form, number in missing if number > 0)
    return found


def _returned(tx: Tx, campaign: Campaign, lao_codes: Collection[str] | None) -> dict[str, dict[int, str]]:
    """LAO -> the entries sent back to it, id -> number, the oldest first."""
    # For all LAOs the database looks through what was sent back, for a few through their own entries: the coalesce
    # keeps it off the index by status, where everybody's are.
    status: ColumnElement[str] = submission.c.status
    theirs: ColumnElement[bool] = true()
    if lao_codes is not None:
        status, theirs = func.coalesce(status, ""), submission.c.lao_code.in_(lao_codes)
    rows = tx.execute(
        select(submission.c.id, submission.c.lao_code, submission.c.number, submission.c.sent_at)
        .join(lao, lao.c.code == submission.c.lao_code)
        .where(
            status == "changes_requested",
            counts(campaign, *(one.form for one in campaign.requirements)),
            theirs,
        )
    )
    found: dict[str, dict[int, str]] = {}
    for row in sorted(rows, key=lambda row: (row.sent_at, row.id)):
        found.setdefault(row.lao_code, {})[row.id] = row.number
    return found


@dataclass(frozen=True, slots=True)
class _Draft:
    form: str
    submission_id: int | None


def _drafts(tx: Tx, where: ColumnElement[bool]) -> dict[int, list[_Draft]]:
    rows = tx.execute(
        select(draft.c.officer_id, draft.c.form, draft.c.submission_id)
        .join(lao, lao.c.code == draft.c.lao_code)
        .where(where)
    )
    found: dict[int, list[_Draft]] = {}
    for row in rows:
        # A change of an entry that was sent brings no new one: only the entry's own number counts for it.
        form = "" if row.submission_id else row.form
        found.setdefault(row.officer_id, []).append(_Draft(form, row.submission_id))
    return found


def _sent(
    tx: Tx, campaign_id: int, where: ColumnElement[bool], all_of_them: bool
) -> dict[int, frozenset[str]]:
    """Officer -> the keys of the reminders queued or sent, without the campaign and the officer."""
    chats = select(officer.c.chat_id).join(lao, lao.c.code == officer.c.lao_code).where(where)
    theirs = true() if all_of_them else outbox.c.chat_id.in_(chats)
    keys = tx.scalars(
        select(outbox.c.key).where(outbox.c.campaign_id == campaign_id, outbox.c.kind == "reminder", theirs)
    )
    found: dict[int, set[str]] = {}
    for key in keys:
        _, _, officer_id, stage = key.split(":", 3)
        found.setdefault(int(officer_id), set()).add(stage)
    return {officer_id: frozenset(stages) for officer_id, stages in found.items()}
