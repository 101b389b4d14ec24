"""The progress of a campaign to take along: a picture for the group chat, a spreadsheet, a report to sign."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from aiohttp import web

from admin_web import exports, report
from admin_web import progress_texts as say
from admin_web.campaign_access import campaign_in
from admin_web.progress import Place, place_of, rows_at
from admin_web.progress_texts import Level
from admin_web.report import Section
from admin_web.site import language_of, reach_of, site_of
from flows.core.campaign import Campaign
from flows.core.phones import shown
from flows.core.progress import Row, Standing, row_of, thai_order
from flows.core.text import Language
from storage import campaigns
from storage.lao_names import short_name
from storage.progress_picture import province_picture

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]")


async def picture(request: web.Request) -> web.StreamResponse:
    """One PNG of a province."""
    campaign, place = await _asked(request)
    now, language, reach = site_of(request).now(), language_of(request), reach_of(request)

    async def made() -> bytes:
        laos = await _standings(request, campaign, place)
        if not place.province or not laos:
            raise web.HTTPNotFound
        return await asyncio.to_thread(province_picture, campaign, place.province, laos, now, language, reach)

    png = await site_of(request).made(made)
    return attachment(png, "image/png", f"{place.province}.png")


async def sheet(request: web.Request) -> web.StreamResponse:
    campaign, place = await _asked(request)
    now, language = site_of(request).now(), language_of(request)

    async def made() -> bytes:
        laos = await _standings(request, campaign, place)
        return await asyncio.to_thread(exports.progress_xlsx, campaign, laos, now, language)

    xlsx = await site_of(request).made(made)
    return attachment(xlsx, exports.CONTENT_TYPE, f"{file_name(request, place)}.xlsx")


async def report_pdf(request: web.Request) -> web.StreamResponse:
    """The country by provinces; a province or a district by its LAOs."""
    campaign, place = await _asked(request)
    now, language = site_of(request).now(), language_of(request)
    title = place.title(reach_of(request), language)
    level: Level = "lao" if place.province else "province"

    async def made() -> bytes:
        sections = await _sections(request, campaign, place)
        return await asyncio.to_thread(report.progress_pdf, campaign, title, level, sections, now, language)

    pdf = await site_of(request).made(made)
    return attachment(pdf, report.CONTENT_TYPE, f"{file_name(request, place)}.pdf")


async def _asked(request: web.Request) -> tuple[Campaign, Place]:
    campaign = await campaign_in(request)
    if campaign.state == "draft":
        raise web.HTTPNotFound
    return campaign, place_of(request)


async def _sections(request: web.Request, campaign: Campaign, place: Place) -> Sequence[Section]:
    if place.province:
        return _by_district(campaign, await _standings(request, campaign, place), language_of(request))
    rows = await site_of(request).store.read(rows_at, campaign, reach_of(request), place)
    return [Section("", rows)]


async def _standings(request: web.Request, campaign: Campaign, place: Place) -> Sequence[Standing]:
    return await site_of(request).store.read(
        campaigns.standings, campaign, reach_of(request), place.province, place.district
    )


def _by_district(campaign: Campaign, laos: Sequence[Standing], language: Language) -> Sequence[Section]:
    districts: dict[str, list[Standing]] = {}
    for one in sorted(laos, key=lambda one: thai_order(one.lao_name)):
        districts.setdefault(one.district, []).append(one)
    return [
        Section(name, [_row(one, campaign, language) for one in districts[name]])
        for name in sorted(districts, key=thai_order)
    ]


def _row(one: Standing, campaign: Campaign, language: Language) -> Row:
    """With the telephone of an LAO that is to be phoned: it lacks something, and no reminder reaches it."""
    row = row_of(one, campaign.counts)
    if one.complete(campaign.counts) or one.reachable or not one.phones:
        return row
    named = say.WITH_PHONE.to(
        language, {"name": short_name(one.lao_name), "phone": shown(one.phones[0], language)}
    )
    return replace(row, name=named)


def file_name(request: web.Request, place: Place, what: str = "progress") -> str:
    return "-".join(filter(None, (f"{what}-{request.match_info['id']}", place.province, place.district)))


def attachment(content: bytes, content_type: str, name: str) -> web.Response:
    headers = {"Content-Disposition": disposition(name), "Cache-Control": "no-store"}
    return web.Response(body=content, content_type=content_type, headers=headers)


def disposition(name: str) -> str:
    """To be kept under that name, by RFC 6266; a reader that knows no `filename*` takes the plain one.

    Readers differ over what a quote, a backslash or a percent sign in the plain name mean: it has none.
    """
    stem, _, ending = name.rpartition(".")
    plain = _NOT_PLAIN.sub("", stem).strip("-") or "progress"
    return f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{quote(name, safe='')}"
