"""The queue: what waits for a reviewer, oldest first."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aiohttp import web

from admin_web import texts
from admin_web.filters import categories, grouped_categories, read_filters, read_place, written, written_place
from admin_web.site import page, reach_of, site_of
from flows import CATALOGUE
from flows.core.review import DISPLAY_LABELS, STATUS_LABELS, Status
from flows.core.roles import Reach
from flows.core.text import T
from storage import review_queue
from storage.db import Tx
from storage.review_queue import Filters, Options, Page, Place

_DONE = re.compile(r"(?P<number>[A-Z]-\d{4}-\d{1,12})\.(?P<status>approved|changes_requested|rejected)")


async def show(request: web.Request) -> web.StreamResponse:
    filters = read_filters(request.query)
    after, before = (read_place(request.query.get(name, "")) for name in ("after", "before"))
    filters, found, choices = await site_of(request).store.read(
        _gather, filters, after, before, reach_of(request)
    )
    return page(
        request, "queue.html",
        {
            "filters": filters, "filtered": filters != Filters(), "page": found, "options": choices,
            "forms": CATALOGUE, "types": grouped_categories(filters.form), "statuses": STATUS_LABELS,
            "displays": DISPLAY_LABELS, "query": written(filters), "done": done_line(request.query),
            "previous": _link(filters, "before", found.previous), "next": _link(filters, "after", found.next),
            "type_label": _type_label,
        },
    )  # fmt: skip


def _gather(
    tx: Tx, filters: Filters, after: Place | None, before: Place | None, reach: Reach
) -> tuple[Filters, Page, Options]:
    filters = review_queue.placed(tx, filters)
    return (
        filters,
        review_queue.queue(tx, filters, after, before, reach),
        review_queue.options(tx, filters, reach),
    )


def _link(filters: Filters, name: str, place: Place | None) -> str:
    return "/" + written(filters, **{name: written_place(place)}) if place else ""


def _type_label(form: str, code: str) -> T:
    return dict(categories(form)).get(
        code, T(code.replace("{", "").replace("}", ""), code.replace("{", "").replace("}", ""))
    )


def done_line(query: Mapping[str, str]) -> dict[str, object] | None:
    """What has just been decided, said quietly on the page that follows."""
    match = _DONE.fullmatch(query.get("done", ""))
    if match is None:
        return None
    sentences: dict[str, T] = {
        "approved": texts.DONE_APPROVED,
        "changes_requested": texts.DONE_CHANGES,
        "rejected": texts.DONE_REJECTED,
    }
    return {"sentence": sentences[match["status"]], "number": match["number"]}


def done_value(number: str, status: Status) -> str:
    return f"{number}.{status}"
