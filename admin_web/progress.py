"""How far a campaign has come: the country, a province, a district; a bar for each, and the pace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from admin_web import campaign_texts, progress_texts, progress_words
from admin_web.campaign_access import allowed, campaign_in, is_seen, may_change
from admin_web.charts import days_in_words, legend, pace_chart, pace_in_words, patterns, row_bar
from admin_web.site import language_of, page, reach_of, see, site_of
from flows.core.areas import area_of, part_in_words, places_in_words
from flows.core.calendar import day_in_thailand
from flows.core.campaign import Campaign
from flows.core.dates import shown as shown_day
from flows.core.problem import Problem
from flows.core.progress import (
    STAGE_LABELS,
    Column,
    Row,
    Stage,
    day_by_day,
    in_order,
    pace,
    row_of,
    sum_of,
)
from flows.core.reminders import days_left, digest_day
from flows.core.roles import Reach
from flows.core.text import Fact, Language, one_line
from storage import campaigns
from storage.db import Tx
from storage.places import laos_in

SORTED_BY: Final[tuple[Column, ...]] = ("name", *progress_words.COLUMNS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one looks: everywhere, a province, or a district of it."""

    province: str = ""
    district: str = ""

    @property
    def level(self) -> progress_texts.Level:
        return "lao" if self.district else "district" if self.province else "province"

    def title(self, reach: Reach, language: Language) -> str:
        """As much of it as lies within the reach, since no more is counted."""
        if self.district:
            return area_of(self.district, self.province).to(language)
        if self.province:
            return part_in_words(reach, self.province).to(language)
        return (progress_words.WHOLE_COUNTRY if reach.everywhere else places_in_words(reach)).to(language)

    def query(self, **more: str) -> str:
        parts = {"province": self.province, "district": self.district, **more}
        written = urlencode({name: value for name, value in parts.items() if value})
        return f"?{written}" if written else ""


@dataclass(frozen=True, slots=True)
class _Found:
    place: Place
    rows: Sequence[Row]
    by_day: Mapping[date, int]
    version: int
    letter: str
    laos: int  # that a draft would ask


async def show_running(request: web.Request) -> web.StreamResponse:
    """The one campaign that runs; several to choose from, or none."""
    found = await site_of(request).store.read(campaigns.campaigns, ("running", "paused"))
    seen = [one for one in found if is_seen(one, request)]
    if len(seen) == 1:
        return see(f"/campaigns/{seen[0].id}")
    values = {"words": progress_words, "campaign_words": campaign_texts, "campaigns": seen}
    return page(request, "running.html", values)


async def show(request: web.Request) -> web.StreamResponse:
    return await shown(request, await campaign_in(request))


def place_of(request: web.Request) -> Place:
    province = one_line(request.query.get("province", ""))[:100]
    return Place(province, one_line(request.query.get("district", ""))[:100] if province else "")


async def shown(
    request: web.Request, campaign: Campaign, *, alert: Problem | None = None, status: int = 200
) -> web.StreamResponse:
    site, language = site_of(request), language_of(request)
    now, reach = site.now(), reach_of(request)
    found = await site.store.read(_gather, campaign, reach, place_of(request))
    place, total = found.place, sum_of(found.rows)
    by, falling, title = *_sorting(request), place.title(reach, language)
    today = day_in_thailand(now)
    values = {
        "digest": shown_day(today, language) if digest_day(campaign, today) and total.complete < total.laos else "",
        "words": progress_words, "campaign_words": campaign_texts, "labels": STAGE_LABELS, "campaign": campaign,
        "version": found.version, "letter": found.letter, "laos": found.laos, "place": place,
        "place_title": title, "narrow": _is_narrow(place, request), "rows": in_order(found.rows, by, falling),
        "total": total, "by": by, "falling": falling, "columns": progress_words.COLUMNS,
        "sort_link": lambda column: _sort_link(campaign, place, column, by, falling),
        "link": lambda row: _row_link(campaign, place, row), "stage_of": _stage_of,
        "bar": lambda row: row_bar(row.name or title, row.tally, language),
        "patterns": patterns(), "legend": legend(language), "chart": _chart(campaign, found, total, now, language),
        "asked": asked(campaign, language), "time_left": _time_left(campaign, now, language),
        "letter_line": letter_line(campaign, language), "now": now, "alert": alert,
        "done": campaign_texts.DONE.get(request.query.get("done", "")), "may_change": may_change(request, campaign),
        "may_write": allowed(request, "broadcast"), "level_label": progress_texts.LEVEL_LABELS[place.level],
    }  # fmt: skip
    return page(request, "campaign.html", values, status=status)


def _gather(tx: Tx, campaign: Campaign, reach: Reach, place: Place) -> _Found:
    version, letter = campaigns.version_of(tx, campaign.id), campaigns.letter_file(tx, campaign.id)
    if campaign.state == "draft":
        return _Found(place, [], {}, version, letter, laos_in(tx, campaign.scope, reach))
    rows = rows_at(tx, campaign, reach, place)
    if not place.province and len(rows) == 1:
        # Nobody goes through a list of one province.
        place = Place(rows[0].name)
        rows = rows_at(tx, campaign, reach, place)
    by_day = dict(campaigns.days(tx, campaign, reach, place.province, place.district))
    return _Found(place, rows, by_day, version, letter, 0)


def rows_at(tx: Tx, campaign: Campaign, reach: Reach, place: Place) -> Sequence[Row]:
    """A row for each province, each district of one, or each LAO of a district."""
    match place.level:
        case "province":
            return campaigns.sums(tx, campaign, reach, "province")
        case "district":
            return campaigns.sums(tx, campaign, reach, "district", place.province)
        case "lao":
            inside = campaigns.standings(tx, campaign, reach, place.province, place.district)
            return [row_of(one, campaign.counts) for one in inside]


def _chart(
    campaign: Campaign, found: _Found, total: Row, now: datetime, language: Language
) -> dict[str, object] | None:
    if campaign.started_at is None or not total.laos:
        return None
    started, today = day_in_thailand(campaign.started_at), day_in_thailand(now)
    last = max(started, min(today, max([campaign.deadline_day, *found.by_day])))
    days = day_by_day(found.by_day, started, last)
    speed = pace(total.tally, found.by_day, started, campaign.deadline, now)
    return {
        "drawn": pace_chart(days, speed, campaign.deadline_day, language),
        "said": pace_in_words(days, speed, campaign.deadline_day, language),
        "days": days_in_words(days, language),
    }


def asked(campaign: Campaign, language: Language) -> str:
    each = [
        progress_words.A_FORM.to(language, {"form": progress_texts.form_title(one.form), "count": one.count})
        for one in campaign.requirements
    ]
    facts: dict[str, Fact] = {
        "what": ", ".join(each),
        "counted": progress_texts.COUNTED_WHEN[campaign.counts],
    }
    return progress_words.ASKED.to(language, facts)


def letter_line(campaign: Campaign, language: Language) -> str:
    if not campaign.letter_number:
        return ""
    if campaign.letter_date is None:
        return campaign_texts.LETTER.to(language, {"number": campaign.letter_number})
    facts = {"number": campaign.letter_number, "date": shown_day(campaign.letter_date, language)}
    return campaign_texts.LETTER_OF.to(language, facts)


def _time_left(campaign: Campaign, now: datetime, language: Language) -> str:
    left = days_left(campaign, now)
    sentence = (
        progress_words.OVER if left < 0 else progress_words.DUE_IN if left else progress_words.DUE_TODAY
    )
    return sentence.to(language, {"days": left} if left > 0 else {})


def _is_narrow(place: Place, request: web.Request) -> bool:
    """Whether the reader did not choose the province: there is no way further out."""
    return bool(place.province) and not request.query.get("province")


def _stage_of(row: Row) -> Stage | None:
    return next(iter(row.stages)) if row.laos == 1 else None


# --- links


def _sorting(request: web.Request) -> tuple[Column, bool]:
    wanted = request.query.get("by", "")
    by: Column = next((one for one in SORTED_BY if one == wanted), "name")
    return by, request.query.get("falling") == "1"


def _sort_link(campaign: Campaign, place: Place, column: Column, by: Column, falling: bool) -> str:
    # Numbers are first asked for from the top, names from the beginning.
    turned = not falling if column == by else column != "name"
    query = place.query(by="" if column == "name" else column, falling="1" if turned else "")
    return f"/campaigns/{campaign.id}{query}"


def _row_link(campaign: Campaign, place: Place, row: Row) -> str:
    match place.level:
        case "province":
            return f"/campaigns/{campaign.id}{Place(row.name).query()}"
        case "district":
            return f"/campaigns/{campaign.id}{Place(place.province, row.name).query()}"
        case "lao":
            return f"/{place.query(lao=row.key, status='all')}"
