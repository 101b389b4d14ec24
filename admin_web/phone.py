"""Whom to phone: the LAOs that lack anything, with nobody joined and with nobody whom messages reach first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from admin_web import exports
from admin_web import progress_words as words
from admin_web.campaign_access import campaign_in
from admin_web.exports import Lacking
from admin_web.progress import Place, place_of
from admin_web.progress_files import attachment, file_name
from admin_web.site import language_of, page, reach_of, site_of
from flows.core.campaign import Campaign
from flows.core.progress import Standing, thai_order
from flows.core.roles import Reach
from flows.core.text import Language, T
from storage import campaigns
from storage.db import Store, Tx
from storage.lao_list import officers_at
from storage.places import Places, places

MOST: Final = 300  # LAOs listed under one heading


@dataclass(frozen=True, slots=True)
class Group:
    title: T
    why: T
    laos: Sequence[Standing]
    quiet: bool = False  # needs nobody to do anything

    @property
    def shown(self) -> Sequence[Standing]:
        return self.laos[:MOST]


async def show(request: web.Request) -> web.StreamResponse:
    campaign, language = await campaign_in(request), language_of(request)
    if campaign.state == "draft":
        raise web.HTTPNotFound
    reach, place = reach_of(request), place_of(request)

    found, known, names = await site_of(request).store.read(_shown, campaign, reach, place)
    values = {
        "words": words, "campaign": campaign, "groups": [one for one in found if one.laos], "place": place,
        "place_title": place.title(reach, language), "provinces": list(known.provinces),
        "districts": known.provinces.get(place.province, ()), "names": names, "most": MOST,
        "lacks": lambda one: words.LACKS.to(language, {"lacks": exports.what_lacks(one, campaign)}), "now": site_of(request).now(),
    }  # fmt: skip
    return page(request, "phone.html", values)


async def sheet(request: web.Request) -> web.StreamResponse:
    """The same as a file, and all of it."""
    campaign, place, site = await campaign_in(request), place_of(request), site_of(request)
    if campaign.state == "draft":
        raise web.HTTPNotFound
    reach, language = reach_of(request), language_of(request)
    xlsx = await site.made(lambda: listed(site.store, campaign, reach, place, site.now(), language))
    return attachment(xlsx, exports.CONTENT_TYPE, f"{file_name(request, place, 'phone')}.xlsx")


async def listed(
    store: Store, campaign: Campaign, reach: Reach, place: Place, now: datetime, language: Language
) -> bytes:
    """The LAOs within reach that lack anything, as an XLSX file."""
    laos = await store.read(_lacking, campaign, reach, place)
    return await asyncio.to_thread(exports.lacking_xlsx, campaign, laos, now, language)


def _lacking(tx: Tx, campaign: Campaign, reach: Reach, place: Place) -> Sequence[Lacking]:
    found = groups(campaign, campaigns.standings(tx, campaign, reach, place.province, place.district))
    names = _officers(tx, [one for group in found for one in group.laos])
    return [Lacking(one, group.title, names.get(one.lao_code, ())) for group in found for one in group.laos]


def _shown(
    tx: Tx, campaign: Campaign, reach: Reach, place: Place
) -> tuple[Sequence[Group], Places, Mapping[str, Sequence[str]]]:
    found = groups(campaign, campaigns.standings(tx, campaign, reach, place.province, place.district))
    return found, places(tx, reach), _officers(tx, found[1].shown)


def _officers(tx: Tx, laos: Sequence[Standing]) -> Mapping[str, Sequence[str]]:
    joined = officers_at(tx, [one.lao_code for one in laos if one.officers_joined])
    return {code: [one.name for one in some] for code, some in joined.items()}


def groups(campaign: Campaign, laos: Sequence[Standing]) -> Sequence[Group]:
    """Those with nobody, those whose officers cannot be reached, and those who hear from us anyway."""
    lacking = sorted(
        (one for one in laos if not one.complete(campaign.counts)),
        key=lambda one: (thai_order(one.province), thai_order(one.district), thai_order(one.lao_name)),
    )
    return (
        Group(words.NOBODY, words.NOBODY_WHY, _those(lacking, lambda one: not one.officers_joined)),
        Group(words.CUT_OFF, words.CUT_OFF_WHY, _those(lacking, lambda one: one.officers_joined > 0 and not one.reachable)),
        Group(words.REMINDED, words.REMINDED_WHY, _those(lacking, lambda one: one.officers_joined > 0 and one.reachable), quiet=True),
    )  # fmt: skip


def _those(laos: Sequence[Standing], which: Callable[[Standing], bool]) -> Sequence[Standing]:
    return [one for one in laos if which(one)]
