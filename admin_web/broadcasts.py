"""One message to many LAOs: written, looked over with whom it reaches and whom not, confirmed, and watched going out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, get_args

from aiohttp import web
from markupsafe import Markup

from admin_web import broadcast_texts as words
from admin_web.campaign_access import campaign_in
from admin_web.campaign_preview import Bubble
from admin_web.progress import Place, place_of
from admin_web.site import language_of, page, reach_of, see, session_of, site_of
from flows.core.campaign import Campaign
from flows.core.problem import Problem
from flows.core.roles import Reach
from flows.core.text import Language, one_line, tidy
from storage import broadcasts, campaigns
from storage.broadcasts import Audience, Broadcast, BroadcastFilter, BroadcastProgress, Which
from storage.db import Tx
from storage.places import Places, places

MOST_NAMED: Final = 30  # LAOs named that are not reached
_SAME: Final = timedelta(minutes=10)  # the same words again within this time are the same message, sent twice


@dataclass(frozen=True, slots=True)
class Filled:
    which: Which = "nothing"
    place: Place = field(default_factory=Place)
    text: str = ""


async def write(request: web.Request) -> web.StreamResponse:
    campaign = await _open(request)
    return await _form(request, campaign, Filled(place=place_of(request)))


async def look_or_send(request: web.Request) -> web.StreamResponse:
    campaign, form = await _open(request), await request.post()
    filled, act = _read(form), form.get("act")
    problem = _problem(filled.text)
    if act == "change" or problem is not None:
        return await _form(request, campaign, filled, problem, 422 if problem and act != "change" else 200)
    if act != "send":
        return await _sure(request, campaign, filled)
    site = site_of(request)
    expected, me, now = str(form.get("officers", "")), session_of(request).reviewer.id, site.now()
    made = await site.store.run(_send, campaign, filled, reach_of(request), expected, me, now)
    if made is None:
        return await _sure(request, campaign, filled, changed=True)
    return see(f"/broadcasts/{made}")


async def _open(request: web.Request) -> Campaign:
    campaign = await campaign_in(request)
    if campaign.state not in ("running", "paused"):
        raise web.HTTPNotFound
    return campaign


def _read(form: Mapping[str, Any]) -> Filled:
    wanted = form.get("which")
    which: Which = next((one for one in get_args(Which) if one == wanted), "nothing")
    province = one_line(str(form.get("province", "")))[:100]
    district = one_line(str(form.get("district", "")))[:100] if province else ""
    return Filled(which, Place(province, district), tidy(str(form.get("text", "")))[: words.MOST_WORDS * 2])


def _problem(text: str) -> Problem | None:
    if not text:
        return words.NO_WORDS
    if len(text) > words.MOST_WORDS:
        return Problem("broadcast.too_long", words.TOO_LONG, {"most": words.MOST_WORDS})
    return None


def bubble(title: str, text: str, language: Language) -> Bubble:
    """The message as the chat shows it."""
    heading = Markup("<b>{}</b>{}").format(words.FROM.to(language), f": {title}" if title else "")
    return Bubble(words.AS_SEEN, Markup("{}\n{}").format(heading, text))


def _filter(campaign: Campaign, filled: Filled) -> BroadcastFilter:
    return BroadcastFilter(campaign, filled.which, filled.place.province, filled.place.district)


def _send(
    tx: Tx, campaign: Campaign, filled: Filled, reach: Reach, expected: str, me: int, now: datetime
) -> int | None:
    """The message's number; None where it would go to others than those whom the page has named."""
    found = broadcasts.audience(tx, reach, _filter(campaign, filled))
    again = _sent_before(tx, campaign, filled.text, found, me, now)
    if again is not None:
        return again.id
    if not found.recipients or str(len(found.recipients)) != expected:
        return None
    return broadcasts.send(tx, me, campaign.id, filled.text, found, now)


def _sent_before(
    tx: Tx, campaign: Campaign, text: str, found: Audience, me: int, now: datetime
) -> Broadcast | None:
    """The message sent twice: the same words a moment ago, to all whom it would reach now."""
    chats = {chat_id for chat_id, _, _ in found.recipients}
    if not chats:
        return None
    return next(
        (
            one
            for one in broadcasts.broadcasts(tx, campaign.id)
            if (one.reviewer_id, one.wording) == (me, text)
            and now - one.created_at < _SAME
            and chats <= broadcasts.chats_of(tx, one.id)
        ),
        None,
    )


async def _form(
    request: web.Request,
    campaign: Campaign,
    filled: Filled,
    problem: Problem | None = None,
    status: int = 200,
) -> web.StreamResponse:
    known: Places = await site_of(request).store.read(places, reach_of(request))
    values = {
        "words": words, "campaign": campaign, "filled": filled, "problem": problem,
        "provinces": list(known.provinces), "districts": known.provinces.get(filled.place.province, ()),
        "most": words.MOST_WORDS,
    }  # fmt: skip
    return page(request, "broadcast.html", values, status=status)


async def _sure(
    request: web.Request, campaign: Campaign, filled: Filled, *, changed: bool = False
) -> web.StreamResponse:
    found: Audience = await site_of(request).store.read(
        broadcasts.audience, reach_of(request), _filter(campaign, filled)
    )
    values = {
        "words": words, "campaign": campaign, "filled": filled, "changed": changed,
        "place_title": filled.place.title(reach_of(request), language_of(request)),
        "officers": len(found.recipients), "laos": len({one.code for _, _, one in found.recipients}),
        "without": found.laos_without[:MOST_NAMED], "without_count": len(found.laos_without),
        "bubbles": [bubble(campaign.title, filled.text, language_of(request))],
    }  # fmt: skip
    return page(request, "broadcast_sure.html", values, status=409 if changed else 200)


async def show(request: web.Request) -> web.StreamResponse:
    """How far it has come; for whoever has sent it, and for those who see everything."""
    number = request.match_info["id"]
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise web.HTTPNotFound

    def gather(tx: Tx) -> tuple[Broadcast, BroadcastProgress, str] | None:
        one = broadcasts.broadcast_of(tx, int(number))
        if one is None:
            return None
        campaign = campaigns.campaign_of(tx, one.campaign_id) if one.campaign_id else None
        return one, broadcasts.progress_of(tx, one.id, reach_of(request)), campaign.title if campaign else ""

    found = await site_of(request).store.read(gather)
    if found is None or not _is_theirs(request, found[0]):
        raise web.HTTPNotFound
    sent, progress, title = found
    values = {
        "words": words,
        "sent": sent,
        "progress": progress,
        "bubbles": [bubble(title, sent.wording, language_of(request))],
    }
    return page(request, "broadcast_sent.html", values)


def _is_theirs(request: web.Request, sent: Broadcast) -> bool:
    return sent.reviewer_id == session_of(request).reviewer.id or reach_of(request).everywhere
