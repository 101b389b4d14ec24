"""The filters of the queue as they stand in an address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from flows import CATALOGUE
from flows.core.fields import Choice
from flows.core.flow import Flow
from flows.core.review import STATUSES, Status
from flows.core.text import T, one_line
from storage.review_queue import Filters, Place

LONGEST = 100


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of an address; what means nothing here is left out."""
    form, _, category = query.get("type", "").partition(".")
    chosen = query.get("form", "")
    if category and chosen in ("", form) and category in dict(categories(form)):
        chosen = form
    else:
        category = ""
    return Filters(
        form=chosen if chosen in CATALOGUE else "",
        category=category,
        province=_text(query, "province"),
        district=_text(query, "district"),
        lao_code=_text(query, "lao"),
        status=_status(query.get("status", "")),
        shown={"yes": True, "no": False}.get(query.get("shown", "")),
        words=_text(query, "q"),
    )


def written(filters: Filters, **more: str) -> str:
    """The filters as a query, "" where nothing is filtered; `more` is added as it is."""
    parts = {
        "form": filters.form,
        "type": f"{filters.form}.{filters.category}" if filters.category else "",
        "province": filters.province,
        "district": filters.district,
        "lao": filters.lao_code,
        "status": "" if filters.status == "pending" else filters.status or "all",
        "shown": "" if filters.shown is None else "yes" if filters.shown else "no",
        "q": filters.words,
        **more,
    }
    query = urlencode({name: value for name, value in parts.items() if value})
    return f"?{query}" if query else ""


def categories(form: str) -> list[tuple[str, T]]:
    """The types of a form's entries, code and label."""
    flow = CATALOGUE.get(form)
    field = flow.by_key.get(flow.category) if flow else None
    return list(field.choices) if isinstance(field, Choice) else []


def grouped_categories(form: str) -> list[tuple[Flow, list[tuple[str, T]]]]:
    """The types to choose from: of one form, or of every form under its title."""
    return [
        (flow, categories(key)) for key, flow in CATALOGUE.items() if form in ("", key) and categories(key)
    ]


def read_place(text: str) -> Place | None:
    """A place in the queue from an address, None where there is none that can be read."""
    at, _, number = text.rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
        known = moment.tzinfo is not None and 0 <= int(number) < 2**63
        return Place(moment.astimezone(UTC), int(number)) if known else None
    except (ValueError, OverflowError):
        return None


def written_place(place: Place) -> str:
    return f"{place.sent_at.isoformat()}_{place.id}"


def _status(text: str) -> Status | None:
    if text == "all":
        return None
    return next((status for status in STATUSES if status == text), "pending")


def _text(query: Mapping[str, str], name: str) -> str:
    return one_line(query.get(name, ""))[:LONGEST]
