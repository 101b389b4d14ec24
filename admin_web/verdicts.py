"""Giving a verdict, and going on to what waits next."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from admin_web import entry as entry_page
from admin_web.answers import rows_of
from admin_web.filters import read_filters, written
from admin_web.queue import done_value
from admin_web.site import addresses_of, reach_of, session_of, site_of
from admin_web.verdict_form import Filled, read_form
from flows import CATALOGUE
from flows.core.problem import Problem
from flows.core.review import problems_in
from flows.core.roles import Reach
from storage import review_queue, reviews
from storage.db import Tx
from storage.review_queue import Filters
from storage.reviews import Decided


async def give(request: web.Request) -> web.StreamResponse:
    entry = await entry_page.entry_of(request)
    site = site_of(request)
    rows = rows_of(CATALOGUE.get(entry.form), entry.newest.answers, "th", addresses_of(request))
    filled = read_form(await request.post(), [row.key for row in rows])
    if filled.verdict is None or not filled.revision:
        raise web.HTTPBadRequest
    wrong = problems_in(filled.verdict, filled.flags, filled.words)
    if wrong and entry.status == "pending" and entry.newest.n == filled.revision:
        return await entry_page.shown(request, entry, filled=filled, wrong=wrong, status=422)
    outcome = await site.store.run(
        reviews.decide, entry.id, filled.revision, session_of(request).reviewer.id, filled.verdict,
        filled.flags, filled.words, site.now(),
    )  # fmt: skip
    if isinstance(outcome, Problem):
        return await _not_taken(request, filled, outcome)
    return await _go_on(request, outcome, read_filters(request.query))


async def _not_taken(request: web.Request, filled: Filled, problem: Problem) -> web.StreamResponse:
    """Somebody was quicker: the entry as it is now, with what was typed kept."""
    entry = await entry_page.entry_of(request)
    if problem.code == "review.newer_revision":
        filled = replace(filled, revision=entry.newest.n)
    return await entry_page.shown(request, entry, filled=filled, alert=problem, status=409)


async def _go_on(request: web.Request, decided: Decided, filters: Filters) -> web.StreamResponse:
    waiting = replace(filters, status="pending")
    number = await site_of(request).store.read(_next, waiting, decided, reach_of(request))
    query = written(filters, done=done_value(decided.number, decided.status))
    location = f"/entries/{number}{query}" if number else f"/{query}"
    return web.Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})


def _next(tx: Tx, filters: Filters, decided: Decided, reach: Reach) -> str | None:
    return review_queue.next_waiting(tx, filters, decided.place, reach)
