"""One officer: removing them, and handing over the post."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from aiohttp import web

from admin_web import lao_texts as words
from admin_web.codes import code_of
from admin_web.site import page, reach_of, see, site_of
from flows.core.problem import Problem
from flows.core.roles import Reach
from storage import invitations, lao_list, officers
from storage.db import Tx
from storage.lao_list import Joiner


async def show(request: web.Request) -> web.StreamResponse:
    return _shown(request, await _officer_of(request))


async def _officer_of(request: web.Request) -> Joiner:
    """The officer of the address, if their LAO lies within the person's reach."""
    found = await site_of(request).store.read(lao_list.officer_within, _number(request), reach_of(request))
    if found is None:
        raise web.HTTPNotFound
    return found


def _number(request: web.Request) -> int:
    number = request.match_info["officer"]
    if not number.isdecimal() or len(number) > 18:
        raise web.HTTPNotFound
    return int(number)


def _shown(request: web.Request, officer: Joiner, alert: Problem | None = None) -> web.Response:
    values = {"words": words, "officer": officer, "alert": alert}
    return page(request, "officer.html", values, status=409 if alert else 200)


async def remove(request: web.Request) -> web.StreamResponse:
    site = site_of(request)
    outcome = await site.store.run(_remove, _number(request), reach_of(request), site.now())
    match outcome:
        case None:
            raise web.HTTPNotFound
        case Problem():
            return _shown(request, await _officer_of(request), outcome)
        case Joiner():
            return see(f"/laos/{quote(outcome.lao.code, safe='')}?done=removed")


def _remove(tx: Tx, officer_id: int, reach: Reach, now: datetime) -> Joiner | Problem | None:
    found = lao_list.officer_within(tx, officer_id, reach)
    if found is None:
        return None
    if found.removed_at is not None:
        return Problem("officer.already_removed", words.ALREADY_REMOVED, {"name": found.name})
    officers.remove(tx, officer_id, now)
    return found


async def hand_over(request: web.Request) -> web.StreamResponse:
    """Makes the successor's code and shows it, this once."""
    officer, site = await _officer_of(request), site_of(request)
    if officer.removed_at is not None:
        gone = Problem("officer.already_removed", words.ALREADY_REMOVED, {"name": officer.name})
        return _shown(request, officer, gone)
    code, expires_at = await site.store.run(invitations.invite_handover, officer.id, site.now())
    return page(
        request, "code.html",
        {
            "words": words, "title": words.HANDOVER_CODE, "code": code_of(request, code, expires_at),
            "who": officer.lao.name, "where": officer.lao.place_name, "steps": words.HANDOVER_STEPS, "name": officer.name,
            "back": f"/laos/{officer.lao.code}",
        },
    )  # fmt: skip
