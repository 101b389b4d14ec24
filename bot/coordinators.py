"""A coordinator's chat: joining it to a person of the web, the progress of a province, and the daily digest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot import deadline_texts as texts
from bot import deadlines, screens
from bot.chat_service import Command
from bot.desk import Desk, number_of
from bot.texts import LANGUAGE
from flows.core.areas import part_in_words, places_in_words
from flows.core.campaign import Campaign
from flows.core.chat import Button, Drawing, Inbound, Line, Listing, Out, Pressed, Reply, Toast
from flows.core.dates import both
from flows.core.progress import STAGE_LABELS, STAGES, Row, Standing, row_of, sum_of, thai_order
from flows.core.questions import EXPIRED, told
from flows.core.reminder_texts import MOST_NAMED, Behind, days_left_line, digest_lines
from flows.core.reminders import days_left
from flows.core.roles import Reach
from flows.core.text import Fact, Language, T
from storage import campaigns
from storage import coordinators as known
from storage.coordinators import Coordinator
from storage.db import Store, Tx
from storage.lao_list import officers_at
from storage.progress_picture import province_picture
from storage.reviewers import Reviewer

Rows = tuple[tuple[Button, ...], ...]
MOST_PROVINCES = 3  # a digest tells so many LAO by LAO; of more provinces it gives the numbers
IN_A_ROW = 3

# Moves: "progress" asks which campaign and province, "far" shows how far one is ("12" or "12:ลำปาง").
MOVES = frozenset({"progress", "far", "leave", "leave2"})


def heard(desk: Desk, coordinator: Coordinator, what: Inbound | Command) -> tuple[Out, ...]:
    """Whatever a coordinator who is no officer says or presses."""
    match what:
        case Command(name="progress"):
            return progress(desk, coordinator)
        case Command(name="language") | Pressed(move="languages"):
            return screens.languages()
        case Command(name="help") | Pressed(move="help"):
            return (told(texts.COORDINATOR_HELP), *menu(coordinator))
        case Pressed() if what.move in MOVES:
            return pressed(desk, coordinator, what)
        case _:
            return menu(coordinator)


def menu(coordinator: Coordinator) -> tuple[Out, ...]:
    facts: dict[str, Fact] = {"name": coordinator.name, "places": places_in_words(coordinator.reach)}
    see, stop = Button(Line(texts.SEE_PROGRESS), "progress"), Button(Line(texts.COORDINATOR_LEAVES), "leave")
    language = Button(Line(LANGUAGE), "languages")
    return (Reply((Line(texts.COORDINATOR_MENU, facts),), ((see,), (language,), (stop,))),)


# --- progress


def progress(desk: Desk, coordinator: Coordinator) -> tuple[Out, ...]:
    """Asks for campaign and province, as far as there is a choice."""
    found = [
        one
        for one in campaigns.campaigns(desk.tx, ("running", "paused"))
        if _provinces(desk, one, coordinator)
    ]
    if not found:
        return (told(texts.NO_CAMPAIGN),)
    if len(found) == 1:
        return _which_province(desk, found[0], coordinator)
    rows = tuple((Button(_title(one), "far", str(one.id)),) for one in found)
    return (Reply((Line(texts.WHICH_CAMPAIGN),), rows),)


def _title(campaign: Campaign) -> Line:
    return Line(
        texts.WORDS, {"words": campaign.title if len(campaign.title) <= 50 else campaign.title[:49] + "…"}
    )


def _provinces(desk: Desk, campaign: Campaign, coordinator: Coordinator) -> list[str]:
    """Those that the campaign asks and the coordinator may see."""
    return [row.key for row in campaigns.sums(desk.tx, campaign, coordinator.reach, "province") if row.laos]


def _which_province(desk: Desk, campaign: Campaign, coordinator: Coordinator) -> tuple[Out, ...]:
    provinces = _provinces(desk, campaign, coordinator)
    if not provinces:
        return (told(texts.NO_CAMPAIGN),)
    if len(provinces) == 1:
        return _shown(desk, campaign, provinces[0], coordinator)
    buttons = [Button(Line(texts.WORDS, {"words": one}), "far", f"{campaign.id}:{one}") for one in provinces]
    rows = tuple(tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))
    return (Reply((Line(texts.WHICH_PROVINCE, {"title": campaign.title}),), rows),)


def _shown(desk: Desk, campaign: Campaign, province: str, coordinator: Coordinator) -> tuple[Out, ...]:
    """The picture, and the same in words below it."""
    laos = campaigns.standings(desk.tx, campaign, coordinator.reach, province)
    if not laos:
        return (told(texts.NOT_YOURS),)
    words = summary_lines(campaign, part_in_words(coordinator.reach, province), laos, desk.now)
    return (Reply(words, attached=Drawing(campaign.id, province, desk.chat.id)),)


def summary_lines(campaign: Campaign, place: T, laos: Sequence[Standing], now: datetime) -> tuple[Line, ...]:
    """A province, or somebody's part of it, in a few lines, for those who cannot see the picture."""
    sum_ = sum_of(row_of(one, campaign.counts) for one in laos)
    stages = [
        Line(texts.PROGRESS_STAGE, {"stage": STAGE_LABELS[stage], "count": sum_.stages[stage]})
        for stage in STAGES
        if stage != "complete" and sum_.stages.get(stage)
    ]
    return (
        Line(texts.PROGRESS_HEAD, {"title": campaign.title, "place": place}),
        days_left_line(days_left(campaign, now)),
        Line(texts.PROGRESS_COMPLETE, {"complete": sum_.complete, "laos": sum_.laos}),
        *stages,
        *([Line(texts.PROGRESS_UNREACHABLE, {"count": sum_.unreachable})] if sum_.unreachable else []),
    )


async def drawn(
    store: Store, drawing: Drawing, language: Language, now: Callable[[], datetime]
) -> bytes | None:
    """The PNG of a drawing, made off the event loop; None when its reader may not see it any more."""
    facts = await store.read(_facts_of, drawing)
    if facts is None:
        return None
    campaign, reach, laos = facts
    province = drawing.province
    return await asyncio.to_thread(province_picture, campaign, province, laos, now(), language, reach)


def _facts_of(tx: Tx, drawing: Drawing) -> tuple[Campaign, Reach, list[Standing]] | None:
    seen = seen_by(tx, drawing.reader, drawing.campaign, drawing.province)
    laos = campaigns.standings(tx, *seen, drawing.province) if seen else []
    return (*seen, laos) if seen and laos else None


def seen_by(tx: Tx, reader: int, campaign_id: int, province: str) -> tuple[Campaign, Reach] | None:
    """The campaign, and how much of it whoever is the coordinator in the chat now may see.

    None without either, and where no part of the province ("" for any) is theirs.
    """
    campaign, coordinator = campaigns.campaign_of(tx, campaign_id), known.coordinator_in(tx, reader)
    if campaign is None or coordinator is None or (province and not coordinator.reach.touches(province)):
        return None
    return campaign, coordinator.reach


# --- presses


def pressed(desk: Desk, coordinator: Coordinator, press: Pressed) -> tuple[Out, ...]:
    match press.move:
        case "progress":
            return progress(desk, coordinator)
        case "leave":
            stay, go = Button(Line(texts.NO_LEAVE), "progress"), Button(Line(texts.YES_LEAVE), "leave2")
            return (Reply((Line(texts.REALLY_LEAVE),), ((stay,), (go,)), slot="pressed"),)
        case "leave2":
            known.leave(desk.tx, desk.chat.id, desk.now)
            return (Reply((Line(texts.HAS_LEFT),), slot="pressed"),)
    number, _, province = press.arg.partition(":")
    campaign = campaigns.campaign_of(desk.tx, number_of(number))
    if campaign is None or campaign.state == "draft":
        return (Toast(Line(EXPIRED)), *progress(desk, coordinator))
    if not province:
        return _which_province(desk, campaign, coordinator)
    return _shown(desk, campaign, province, coordinator)


# --- joining


def joining(desk: Desk, reviewer: Reviewer) -> tuple[Out, ...]:
    """The question whether the person on the invitation is the one in this chat."""
    facts: dict[str, Fact] = {"name": reviewer.name, "places": places_in_words(reviewer.reach)}
    number = str(desk.focus.invitation)
    yes, no = Button(Line(texts.YES_ME), "join", number), Button(Line(texts.NOT_ME), "nojoin", number)
    return (Reply((Line(texts.IS_IT_YOU, facts),), ((yes,), (no,))),)


def join(desk: Desk, reviewer: Reviewer, name: str) -> tuple[Out, ...]:
    known.join(desk.tx, desk.chat.id, reviewer.id, name, desk.now)
    see = Button(Line(texts.SEE_PROGRESS), "progress")
    return (Reply((Line(texts.COORDINATOR_JOINED, {"name": reviewer.name}),), ((see,),)),)


# --- the digest


@dataclass(frozen=True, slots=True)
class Part:
    """A province's LAOs, or "" for many provinces in numbers; with a `listing` of all where the words cannot hold them."""

    province: str
    listing: bool


def digest_parts(tx: Tx, campaign: Campaign, coordinator: Coordinator) -> list[Part]:
    """What a day's digest consists of, for the provinces in which an LAO lacks something."""
    rows = [row for row in campaigns.sums(tx, campaign, coordinator.reach, "province") if row.laos]
    behind = [row for row in rows if row.complete < row.laos]
    if len(rows) > MOST_PROVINCES:
        return [Part("", listing=True)] if behind else []
    return [Part(row.key, row.laos - row.complete > MOST_NAMED) for row in behind]


def listing(
    tx: Tx, campaign: Campaign, coordinator: Coordinator, province: str, day: date, chat_id: int
) -> Reply | None:
    """The file that goes with a part of the digest; None where nobody lacks anything any more."""
    found = campaigns.sums(tx, campaign, coordinator.reach, "province")
    rows = [row for row in found if not province or row.key == province]
    count = sum(row.laos - row.complete for row in rows)
    if not count:
        return None
    facts: dict[str, Fact] = {"count": count, "date": both(day)}
    place = part_in_words(coordinator.reach, province) if province else texts.ALL_PROVINCES
    words = Line(texts.DIGEST_LISTING, {**facts, "place": place})
    return Reply((words,), attached=Listing(campaign.id, province, chat_id))


def digest(
    tx: Tx,
    campaign: Campaign,
    coordinator: Coordinator,
    province: str,
    day: date,
    now: datetime,
    web: str = "",
) -> Reply | None:
    """One part, with the page of `web` that tells all; None for a province that is not the coordinator's any more."""
    if province:
        found = _digest_of(tx, campaign, coordinator, province, day, now)
    else:
        rows = [row for row in campaigns.sums(tx, campaign, coordinator.reach, "province") if row.laos]
        found = _digest_of_many(campaign, coordinator.reach, rows, day, now)
    if found is None or not web:
        return found
    link = Line(texts.DIGEST_LINK, {"link": f"{web}/campaigns/{campaign.id}/phone"})
    return replace(found, lines=(*found.lines, link))


def _counts(row: Row, reach: Reach) -> dict[str, Fact]:
    place = part_in_words(reach, row.key, most=1) if reach.districts_of(row.key) else row.name
    return {"place": place, "count": row.laos - row.complete, "laos": row.laos}


def _digest_of_many(campaign: Campaign, reach: Reach, rows: Sequence[Row], day: date, now: datetime) -> Reply:
    behind = [Line(texts.DIGEST_PLACE, _counts(row, reach)) for row in rows if row.complete < row.laos]
    head = Line(texts.DIGEST_MANY, {"title": campaign.title, "date": both(day)})
    left = days_left_line(days_left(campaign, now))
    more = Button(Line(texts.SEE_PROGRESS), "far", str(campaign.id))
    return Reply((head, left, *(behind or [Line(texts.DIGEST_ALL_DONE)])), ((more,),))


def _digest_of(
    tx: Tx, campaign: Campaign, coordinator: Coordinator, province: str, day: date, now: datetime
) -> Reply | None:
    laos = campaigns.standings(tx, campaign, coordinator.reach, province)
    if not laos:
        return None
    lacking = sorted(
        (one for one in laos if not one.complete(campaign.counts)),
        key=lambda one: (thai_order(one.district), thai_order(one.lao_name)),
    )
    names = _names(tx, lacking)
    behind = [replace(_behind(one, campaign), officer=names.get(one.lao_code, "")) for one in lacking]
    place, left = part_in_words(coordinator.reach, province), days_left(campaign, now)
    lines = digest_lines(campaign, place, day, left, behind, deadlines.TITLES)
    more = Button(Line(texts.SEE_PROGRESS), "far", f"{campaign.id}:{province}")
    return Reply(lines, ((more,),))


def _names(tx: Tx, lacking: Sequence[Standing]) -> dict[str, str]:
    """Whom to ask for at the LAOs that are to be phoned though somebody has joined."""
    cut_off = [one.lao_code for one in lacking if one.officers_joined and not one.reachable]
    return {code: some[0].name for code, some in officers_at(tx, cut_off[:MOST_NAMED]).items()}


def _behind(one: Standing, campaign: Campaign) -> Behind:
    lacks = tuple(one.lacks(campaign.counts).items())
    phone = one.phones[0] if one.phones else None
    return Behind(one.lao_name, one.district, lacks, one.officers_joined, one.reachable, phone)
