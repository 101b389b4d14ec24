"""Campaigns: the list of them, the form that makes or changes one, its letter, and starting, pausing and ending it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from aiohttp import web
from multidict import MultiDictProxy

from admin_web import campaign_texts as words
from admin_web import progress
from admin_web.campaign_access import allowed, campaign_in, is_seen, may_change
from admin_web.campaign_form import Filled, Problems, Read, filled_of, read_campaign, read_form
from admin_web.campaign_preview import preview_of
from admin_web.site import language_of, page, reach_of, see, session_of, site_of
from flows import CATALOGUE
from flows.core.campaign import Campaign, State
from flows.core.dates import shown
from flows.core.problem import Problem
from flows.core.text import T
from storage import campaigns, holidays
from storage.db import Tx
from storage.letters import MOST_BYTES, TOO_LARGE
from storage.media import MissingPhoto
from storage.places import Places, places

_STATES: Final[dict[str, State]] = {
    "start": "running",
    "pause": "paused",
    "resume": "running",
    "end": "ended",
}


async def show_all(request: web.Request) -> web.StreamResponse:
    found = await site_of(request).store.read(campaigns.campaigns)
    seen = [one for one in found if is_seen(one, request)]
    language = language_of(request)
    values = {
        "words": words, "campaigns": seen, "may_make": allowed(request, "campaigns"),
        "letter_of": lambda one: progress.letter_line(one, language),
    }  # fmt: skip
    return page(request, "campaigns.html", values)


# --- making and changing


@dataclass(frozen=True, slots=True)
class _Room:
    """What a form is filled in with and checked against."""

    places: Places
    campaign: Campaign | None
    letter: str
    version: int


async def new(request: web.Request) -> web.StreamResponse:
    return _form(request, await _room(request, None), Filled())


async def edit(request: web.Request) -> web.StreamResponse:
    campaign = await _changeable(request)
    room = await _room(request, campaign)
    return _form(request, room, filled_of(campaign, room.letter, room.version, language_of(request)))


async def create(request: web.Request) -> web.StreamResponse:
    room, site = await _room(request, None), site_of(request)
    filled, read = await _read(request, room)
    if read.campaign is None or await _only_looking(request):
        return _form(request, room, filled, read, status=await _status(request))
    made = await site.store.run(
        campaigns.save_new, read.campaign, session_of(request).reviewer.id, filled.letter, site.now()
    )
    return see(f"/campaigns/{made}?done=draft")


async def change(request: web.Request) -> web.StreamResponse:
    campaign = await _changeable(request)
    room, site = await _room(request, campaign), site_of(request)
    filled, read = await _read(request, room)
    if read.campaign is None or await _only_looking(request):
        return _form(request, room, filled, read, status=await _status(request))
    problem = await site.store.run(
        campaigns.change, campaign.id, filled.version, read.campaign, site.now(), filled.letter
    )
    if problem is not None:
        # Somebody was quicker: what was typed is kept, and is taken when it is sent once more.
        filled = replace(filled, version=room.version)
        return _form(request, room, filled, read, alert=problem, status=409)
    await campaigns.count_out(site.store, campaign.id)
    moved = campaign.state in ("running", "paused") and campaign.deadline != read.campaign.deadline
    done = "moved" if moved else "draft" if campaign.state == "draft" else "saved"
    return see(f"/campaigns/{campaign.id}?done={done}")


async def _changeable(request: web.Request) -> Campaign:
    campaign = await campaign_in(request)
    if not may_change(request, campaign):
        raise web.HTTPForbidden
    return campaign


async def _room(request: web.Request, campaign: Campaign | None) -> _Room:
    def gather(tx: Tx) -> _Room:
        known = places(tx, reach_of(request))
        if campaign is None:
            return _Room(known, None, "", 0)
        return _Room(
            known, campaign, campaigns.letter_file(tx, campaign.id), campaigns.version_of(tx, campaign.id)
        )

    return await site_of(request).store.read(gather)


async def _read(request: web.Request, room: _Room) -> tuple[Filled, Read]:
    """The form and its file; a good file is kept even where something else is wrong, so nobody attaches it twice."""
    form = await request.post()
    filled = read_form(form)
    letter = await _letter(request, form, filled.letter)
    wrong: dict[str, Problem] = {}
    if isinstance(letter, Problem):
        wrong["letter"] = letter
    else:
        filled = replace(filled, letter=letter)
    read = read_campaign(filled, room.places, reach_of(request), site_of(request).now(), room.campaign)
    wrong.update(read.wrong)
    return filled, Read(None if wrong else read.campaign, wrong)


async def _letter(request: web.Request, form: MultiDictProxy[Any], kept: str) -> str | Problem:
    letters, file = site_of(request).letters, form.get("letter")
    if isinstance(file, web.FileField):
        data = await asyncio.to_thread(file.file.read, MOST_BYTES + 1)
        file.file.close()
        return await letters.keep(data)
    if form.get("letter_out") == "yes" or not await letters.has(kept):
        return ""
    return kept


async def _only_looking(request: web.Request) -> bool:
    return (await request.post()).get("act") == "preview"


async def _status(request: web.Request) -> int:
    return 200 if await _only_looking(request) else 422


def _form(
    request: web.Request, room: _Room, filled: Filled, read: Read | None = None, *,
    alert: Problem | None = None, status: int = 200,
) -> web.StreamResponse:  # fmt: skip
    site, language = site_of(request), language_of(request)
    now = site.now()
    read = read or (
        read_campaign(filled, room.places, reach_of(request), now, room.campaign) if room.campaign else None
    )
    campaign = read.campaign if read else None
    wrong: Problems = read.wrong if read else {}
    values = {
        "words": words, "filled": filled, "wrong": wrong, "campaign": room.campaign, "alert": alert,
        "forms": CATALOGUE, "places": room.places, "opened": {one.partition("/")[0] for one in filled.districts},
        "everywhere": reach_of(request).everywhere, "action": request.path, "most_bytes": MOST_BYTES,
        "too_large": TOO_LARGE.to(language, {"most": MOST_BYTES // 1024 // 1024}),
        "preview": preview_of(campaign, _holidays(campaign), now, language) if campaign else None,
        "shown_day": lambda day: shown(day, language),
    }  # fmt: skip
    return page(request, "campaign_form.html", values, status=status)


def _holidays(campaign: Campaign) -> Mapping[date, T]:
    """Public holidays that can be met by any of its reminders."""
    ends, more = campaign.deadline_day, timedelta(days=60)  # a stage moves by the longest row of days off
    first = ends - timedelta(days=max(campaign.before, default=0)) - more
    return holidays.named(first, ends + timedelta(days=max(campaign.after, default=0)) + more)


# --- the letter


async def letter(request: web.Request) -> web.StreamResponse:
    campaign, site = await campaign_in(request), site_of(request)
    name = await site.store.read(campaigns.letter_file, campaign.id)
    if not name:
        raise web.HTTPNotFound
    try:
        data = await site.letters.read(name)
    except MissingPhoto:
        raise web.HTTPNotFound from None
    headers = {
        # To be kept and opened by the reader's own program: a PDF is a stranger's file.
        "Content-Disposition": f'attachment; filename="letter-{campaign.id}.pdf"',
        "Cache-Control": "private, no-cache",
    }
    return web.Response(body=data, content_type="application/pdf", headers=headers)


# --- starting, pausing, ending


async def set_state(request: web.Request) -> web.StreamResponse:
    campaign, site = await _changeable(request), site_of(request)
    form = await request.post()
    state, version = _STATES.get(str(form.get("act", ""))), str(form.get("version", ""))
    if state is None or not version.isascii() or not version.isdigit() or len(version) > 9:
        raise web.HTTPBadRequest
    problem: Problem | None = None
    if form.get("act") == "start" and campaign.passed(site.now()):
        problem = Problem("campaign.passed", words.START_PASSED)
    problem = problem or await site.store.run(
        campaigns.set_state, campaign.id, int(version), state, site.now()
    )
    if problem is not None:
        return await progress.shown(request, await campaign_in(request), alert=problem, status=409)
    await campaigns.count_out(site.store, campaign.id)
    return see(f"/campaigns/{campaign.id}?done={state}")
