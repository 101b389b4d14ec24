"""One entry: every answer, its photos and its place, its history, and the three verdicts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from aiohttp import web

from admin_web.answers import compared, rows_of
from admin_web.filters import read_filters, written
from admin_web.positions import position_of
from admin_web.queue import done_line
from admin_web.security import tile_source
from admin_web.site import addresses_of, language_of, page, reach_of, session_of, site_of
from admin_web.verdict_form import Filled
from flows import CATALOGUE
from flows.core.problem import Problem
from flows.core.review import DISPLAY_LABELS, REJECT_REASONS, STATUS_LABELS, reason_in, reasons_for
from flows.core.roles import Reach, may
from storage import review_queue, reviews
from storage.db import Tx
from storage.review_queue import Filters
from storage.reviews import Entry, Revision
from storage.submissions import RESTORABLE

NUMBER: Final = re.compile(r"[A-Z]-\d{4}-\d{1,12}", re.ASCII)


async def show(request: web.Request) -> web.StreamResponse:
    return await shown(request, await entry_of(request))


async def entry_of(request: web.Request) -> Entry:
    number = request.match_info["number"]
    if NUMBER.fullmatch(number) is None:
        raise web.HTTPNotFound
    found = await site_of(request).store.read(reviews.entry, number, reach_of(request))
    if found is None:
        raise web.HTTPNotFound
    return found


async def shown(
    request: web.Request, entry: Entry, *, filled: Filled | None = None, wrong: Mapping[str, Problem] | None = None,
    alert: Problem | None = None, status: int = 200,
) -> web.StreamResponse:  # fmt: skip
    """The page of an entry; `filled` is a verdict that was not taken, and `wrong` says why, field by field."""
    site, language = site_of(request), language_of(request)
    filters = read_filters(request.query)
    back, on, (waiting, more) = await site.store.read(_around, entry, filters, reach_of(request))
    flow = CATALOGUE.get(entry.form)
    before = _compared_with(entry, request.query.get("compare", ""))
    addresses = addresses_of(request)
    rows = rows_of(flow, entry.newest.answers, language, addresses)
    return page(
        request, "entry.html",
        {
            "entry": entry, "flow": flow, "rows": rows, "open": entry.status == "pending" and not entry.deleted_at and may(session_of(request).reviewer.role, "review"),
            "restorable": entry.deleted_at is not None and entry.deleted_at >= site.now() - RESTORABLE,
            "position": position_of(flow, entry), "tiles": site.tiles,
            "tile_source": tile_source(site.tiles) if site.tiles else "",
            "before": before,
            "changes": compared(flow, before, entry.newest, language, addresses) if before else [],
            "asked": _asked(entry, before), "reason_in": reason_in, "reasons_for": reasons_for,
            "reject_reasons": REJECT_REASONS, "statuses": STATUS_LABELS, "displays": DISPLAY_LABELS,
            "filled": filled or Filled(), "wrong": wrong or {}, "alert": alert, "query": written(filters),
            "back": _link(back, filters), "on": _link(on, filters), "waiting": waiting, "more": more,
            "done": done_line(request.query), "titles": {row.key: row.title for row in rows},
        },
        status=status,
    )  # fmt: skip


def _around(
    tx: Tx, entry: Entry, filters: Filters, reach: Reach
) -> tuple[str | None, str | None, tuple[int, bool]]:
    back, on = review_queue.neighbours(tx, filters, entry.place, reach)
    return back, on, review_queue.count(tx, replace(filters, status="pending"), reach)


def _link(number: str | None, filters: Filters) -> str:
    return f"/entries/{number}{written(filters)}" if number else ""


def _compared_with(entry: Entry, wanted: str) -> Revision | None:
    """The revision set beside the newest: the one asked for, else the last one that had a verdict."""
    asked = [one for one in entry.revisions[:-1] if str(one.n) == wanted]
    return asked[0] if asked else entry.reviewed_before


def _asked(entry: Entry, before: Revision | None) -> Mapping[str, str]:
    """The changes that were asked of that revision, by field."""
    if before is None:
        return {}
    verdicts = [
        event for event in entry.events if event.revision == before.n and event.what == "changes_requested"
    ]
    return verdicts[-1].flags if verdicts else {}


async def card(request: web.Request) -> web.StreamResponse:
    """The entry as it is retyped into INFO: in Thai, in INFO's order, one button to copy each answer."""
    entry = await entry_of(request)
    flow = CATALOGUE.get(entry.form)
    rows = rows_of(flow, entry.newest.answers, "th", addresses_of(request))
    values = {
        "entry": entry, "flow": flow, "rows": rows, "query": written(read_filters(request.query)),
        "position": position_of(flow, entry), "statuses": STATUS_LABELS,
    }  # fmt: skip
    return page(request, "card.html", values)
