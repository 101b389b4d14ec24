"""The other things done to an entry: shown or hidden, deleted, restored. The officer sees them in the chat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from admin_web import entry as entry_page
from admin_web import texts
from admin_web.filters import read_filters, written
from admin_web.site import page, see, session_of, site_of
from flows.core.problem import Problem
from storage import submissions
from storage.db import Tx

Switch = Callable[[Tx, submissions.Entry, int, datetime], Problem | None]


async def set_shown(request: web.Request) -> web.StreamResponse:
    wanted = (await request.post()).get("shown")
    if wanted not in ("yes", "no"):
        raise web.HTTPBadRequest
    return await _switched(request, _show if wanted == "yes" else _hide)


async def sure(request: web.Request) -> web.StreamResponse:
    entry = await entry_page.entry_of(request)
    address = _address(request, entry.number)
    return page(request, "delete_sure.html", {"entry": entry, "back": address, "query": _query(request)})


async def delete(request: web.Request) -> web.StreamResponse:
    return await _switched(request, _delete)


async def restore(request: web.Request) -> web.StreamResponse:
    return await _switched(request, _restore)


async def _switched(request: web.Request, switch: Switch) -> web.StreamResponse:
    entry, site = await entry_page.entry_of(request), site_of(request)
    problem = await site.store.run(_do, switch, entry.id, session_of(request).reviewer.id, site.now())
    if problem is not None:
        return await entry_page.shown(request, entry, alert=problem, status=409)
    return see(_address(request, entry.number))


def _do(tx: Tx, switch: Switch, entry_id: int, reviewer_id: int, now: datetime) -> Problem | None:
    return switch(tx, submissions.locked(tx, entry_id), reviewer_id, now)


def _show(tx: Tx, entry: submissions.Entry, reviewer_id: int, now: datetime) -> None:
    submissions.set_shown(tx, entry, True, None, now, reviewer_id)


def _hide(tx: Tx, entry: submissions.Entry, reviewer_id: int, now: datetime) -> None:
    submissions.set_shown(tx, entry, False, None, now, reviewer_id)


def _delete(tx: Tx, entry: submissions.Entry, reviewer_id: int, now: datetime) -> None:
    submissions.delete_entry(tx, entry, None, now, reviewer_id)


def _restore(tx: Tx, entry: submissions.Entry, reviewer_id: int, now: datetime) -> Problem | None:
    restored = submissions.restore_entry(tx, entry, None, now, reviewer_id)
    return None if restored else Problem("entry.too_late", texts.TOO_LATE_TO_RESTORE)


def _query(request: web.Request) -> str:
    return written(read_filters(request.query))


def _address(request: web.Request, number: str) -> str:
    return f"/entries/{number}{_query(request)}"
