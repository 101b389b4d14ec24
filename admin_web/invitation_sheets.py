"""Invitations for a whole district at once: a new code for each LAO, and an A4 page to print for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from admin_web import lao_texts as words
from admin_web.codes import code_of, read_number
from admin_web.laos import LONGEST, MOST_DAYS, MOST_USES
from admin_web.site import page, reach_of, site_of
from flows.core.problem import Problem
from flows.core.roles import Reach
from flows.core.text import one_line
from storage import invitations, lao_list
from storage.db import Tx
from storage.lao import Lao
from storage.places import places


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form."""

    province: str = ""
    district: str = ""
    every: bool = False  # also LAOs where somebody has joined
    close_earlier: bool = False
    days: str = str(invitations.DAYS)
    uses: str = str(invitations.USES)


async def show(request: web.Request) -> web.StreamResponse:
    """The choice of a district."""
    query = request.query
    province, district = (one_line(query.get(name, ""))[:LONGEST] for name in ("province", "district"))
    return await _form(request, Filled(province, district))


async def make(request: web.Request) -> web.StreamResponse:
    """Makes the codes and shows them, this once."""
    form, site = await request.post(), site_of(request)
    filled = _read(form)
    days, uses = read_number(form, "days", MOST_DAYS), read_number(form, "uses", MOST_USES)
    wrong = {name: one for name, one in (("days", days), ("uses", uses)) if isinstance(one, Problem)}
    if not filled.province or not filled.district:
        wrong["district"] = Problem("invitation.no_district", words.NO_DISTRICT)
    if wrong or isinstance(days, Problem) or isinstance(uses, Problem):
        return await _form(request, filled, wrong)
    made = await site.store.run(_make, filled, reach_of(request), site.now(), days, uses)
    if not made:
        nobody = Problem("invitation.none_left", words.NONE_LEFT, {"district": filled.district})
        return await _form(request, filled, {"which": nobody})
    sheets = [(lao, code_of(request, code, expires_at, uses)) for lao, code, expires_at in made]
    return page(
        request, "invitations.html",
        {"words": words, "sheets": sheets, "heading": filled, "back": "/invitations"},
    )  # fmt: skip


def _make(
    tx: Tx, filled: Filled, reach: Reach, now: datetime, days: int, uses: int
) -> Sequence[tuple[Lao, str, datetime]]:
    laos = lao_list.laos_at(tx, filled.province, filled.district, reach, only_empty=not filled.every)
    if filled.close_earlier:
        for lao in laos:
            invitations.revoke_all(tx, lao.code, now)
    return [(lao, *invitations.invite(tx, lao.code, now, days, uses)) for lao in laos]


async def _form(
    request: web.Request, filled: Filled, wrong: Mapping[str, Problem] | None = None
) -> web.StreamResponse:
    found = await site_of(request).store.read(places, reach_of(request))
    values = {"words": words, "filled": filled, "places": found, "wrong": wrong or {}}
    return page(request, "invitation_form.html", values, status=422 if wrong else 200)


def _read(form: Mapping[str, object]) -> Filled:
    def line(name: str) -> str:
        return one_line(str(form.get(name, "")))[:LONGEST]

    # A district's value holds its province too: names of districts are not unique.
    province, _, district = line("place").partition("/")
    return Filled(
        province, district, line("which") == "every", bool(line("close_earlier")), line("days"), line("uses")
    )
