"""The LAOs: who has joined, and one LAO with its officers, entries and invitations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args
from urllib.parse import urlencode

from aiohttp import web

from admin_web import lao_texts as words
from admin_web.codes import code_of, read_number
from admin_web.site import page, reach_of, see, site_of
from flows import CATALOGUE
from flows.core.problem import Problem
from flows.core.review import STATUS_LABELS, Status
from flows.core.roles import Reach
from flows.core.text import one_line
from storage import invitation_list, invitations, lao_list
from storage.db import Tx
from storage.invitation_list import OpenInvitation
from storage.lao import Lao
from storage.lao_list import Joined, Joiner, LaoFilters, LaoPage
from storage.places import Places, places

LONGEST: Final = 100
MOST_DAYS, MOST_USES = 365, 50


async def show(request: web.Request) -> web.StreamResponse:
    filters, reach = read_filters(request.query), reach_of(request)
    wanted = request.query.get("page", "")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 1
    found, choices = await site_of(request).store.read(_gather, filters, reach, number)
    return page(
        request, "laos.html",
        {
            "words": words, "filters": filters, "filtered": filters != LaoFilters(), "page": found, "places": choices,
            "previous": _link(filters, found.number - 1) if found.number > 1 else "",
            "next": _link(filters, found.number + 1) if found.number < found.pages else "",
        },
    )  # fmt: skip


def _gather(tx: Tx, filters: LaoFilters, reach: Reach, number: int) -> tuple[LaoPage, Places]:
    return lao_list.lao_page(tx, filters, reach, number), places(tx, reach)


def read_filters(query: Mapping[str, str]) -> LaoFilters:
    """The filters of an address; what means nothing here is left out."""

    def line(name: str) -> str:
        return one_line(query.get(name, ""))[:LONGEST]

    joined: Joined = next((one for one in get_args(Joined) if one == query.get("joined", "")), "")
    return LaoFilters(
        line("q"), line("province"), line("district") if query.get("province") else "", line("type"), joined
    )


def _link(filters: LaoFilters, number: int) -> str:
    parts = {
        "q": filters.words, "province": filters.province, "district": filters.district, "type": filters.type,
        "joined": filters.joined, "page": str(number) if number > 1 else "",
    }  # fmt: skip
    query = urlencode({name: value for name, value in parts.items() if value})
    return f"/laos?{query}" if query else "/laos"


# --- one LAO


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of one LAO."""

    officers: Sequence[Joiner]
    earlier: Sequence[Joiner]
    entries: Mapping[str, Mapping[Status, int]]
    invitations: Sequence[OpenInvitation]


async def show_one(request: web.Request) -> web.StreamResponse:
    return await shown(request, await lao_of(request))


async def lao_of(request: web.Request) -> Lao:
    """The LAO of the address, if it lies within the person's reach."""
    code, site = request.match_info["code"], site_of(request)
    found = await site.store.read(lao_list.lao_within, code, reach_of(request))
    if found is None:
        raise web.HTTPNotFound
    return found


async def shown(
    request: web.Request, lao: Lao, *, wrong: Mapping[str, Problem] | None = None,
    filled: Mapping[str, str] | None = None, status: int = 200,
) -> web.StreamResponse:  # fmt: skip
    site = site_of(request)
    around = await site.store.read(_around, lao.code, site.now())
    return page(
        request, "lao.html",
        {
            "words": words, "lao": lao, "around": around, "forms": CATALOGUE, "statuses": STATUS_LABELS,
            "totals": {form: sum(counts.values()) for form, counts in around.entries.items()},
            "queue": "/?" + urlencode({"province": lao.province, "district": lao.district, "lao": lao.code, "status": "all"}),
            "wrong": wrong or {}, "done": request.query.get("done", ""),
            "filled": filled or {"days": str(invitations.DAYS), "uses": str(invitations.USES)},
        },
        status=status,
    )  # fmt: skip


def _around(tx: Tx, code: str, now: datetime) -> Around:
    return Around(
        lao_list.officers_at(tx, [code]).get(code, ()),
        lao_list.officers_at(tx, [code], removed=True).get(code, ()),
        lao_list.entries_at(tx, code),
        invitation_list.open_at(tx, code, now),
    )


async def invite(request: web.Request) -> web.StreamResponse:
    """Makes an invitation and shows it, this once."""
    lao, form, site = await lao_of(request), await request.post(), site_of(request)
    days, uses = read_number(form, "days", MOST_DAYS), read_number(form, "uses", MOST_USES)
    if isinstance(days, Problem) or isinstance(uses, Problem):
        wrong = {name: one for name, one in (("days", days), ("uses", uses)) if isinstance(one, Problem)}
        filled = {name: one_line(str(form.get(name, "")))[:LONGEST] for name in ("days", "uses")}
        return await shown(request, lao, wrong=wrong, filled=filled, status=422)
    code, expires_at = await site.store.run(invitations.invite, lao.code, site.now(), days, uses)
    values = {"words": words, "sheets": [(lao, code_of(request, code, expires_at, uses))]}
    return page(request, "invitations.html", {**values, "heading": "", "back": f"/laos/{lao.code}"})


async def revoke(request: web.Request) -> web.StreamResponse:
    lao, site, number = await lao_of(request), site_of(request), request.match_info["invitation"]
    if not number.isdecimal() or len(number) > 18:
        raise web.HTTPNotFound
    await site.store.run(invitation_list.revoke_at, lao.code, int(number), site.now())
    return see(f"/laos/{lao.code}?done=revoked")
