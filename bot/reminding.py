"""Asks again and again who is due a reminder, a thank-you or a digest, and puts it into the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.coordinators import Part, digest_parts
from bot.holidays import days_off_around
from flows.core.calendar import day_in_thailand
from flows.core.campaign import Campaign
from flows.core.chat import Json
from flows.core.reminders import Reminder, digest_day, digest_due, due, next_moment
from flows.core.roles import EVERYWHERE
from storage import campaigns, coordinators, outbox
from storage.db import StorageUnavailable, Store, Tx
from storage.officers import chats_of

LOOK_EVERY = 30.0  # seconds between looks at which campaigns run
AT_ONCE = 100  # rows put in together: officers' answers go in between
log = logging.getLogger("thongthin.reminding")


@dataclass(frozen=True, slots=True)
class _Looked:
    """The last look at a campaign, and when the next one is worth it; None: not before the campaign changes."""

    version: int
    at: datetime
    again: datetime | None

    def worth_another(self, version: int, now: datetime) -> bool:
        if version != self.version or now < self.at:  # somebody changed it, or set the clock back
            return True
        return self.again is not None and now >= self.again


class Reminding:
    """Any number of these may run: each row has a key of its own, and a second one under a key is not put in."""

    def __init__(self, store: Store, now: Callable[[], datetime], every: float = LOOK_EVERY) -> None:
        self._store = store
        self._now = now
        self._every = every
        self._looked: dict[int, _Looked] = {}
        self._noted: dict[int, set[int]] = {}  # campaign -> officers known to have owed something
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.look()
            except StorageUnavailable as error:
                why = type(error.__cause__ or error).__name__
                log.warning("who is due a reminder cannot be read", extra={"error": why})
            except Exception:
                log.exception("a look at who is due a reminder failed")
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._every)

    async def look(self) -> None:
        """Looks at every running campaign for which it is worth it now."""
        for number in await self._store.read(campaigns.counting):
            await campaigns.count_out(self._store, number)
        now = self._now()
        for campaign, version in await self._store.read(_running):
            looked = self._looked.get(campaign.id)
            if looked is not None and not looked.worth_another(version, now):
                continue
            try:
                await self._look_at(campaign, now)
            except StorageUnavailable:
                raise
            except Exception:  # our own mistake in one campaign must not cost the others their reminders
                log.exception("a look at a campaign failed", extra={"campaign": campaign.id})
                continue
            again = next_moment(campaign, now, days_off_around(now))
            self._looked[campaign.id] = _Looked(version, now, again)

    async def _look_at(self, campaign: Campaign, now: datetime) -> None:
        facts = await self._store.read(campaigns.owing, campaign)
        await self._note_owed(campaign, [one.officer_id for one in facts if one.lacks or one.returned])
        found = due(campaign, facts, days_off_around(now), now)
        for start in range(0, len(found), AT_ONCE):
            await self._store.run(_put_reminders, campaign, found[start : start + AT_ONCE], now)
        chats = await self._store.read(_digests, campaign, now)
        if chats:
            await self._store.run(_put_digests, campaign, chats, now)

    async def _note_owed(self, campaign: Campaign, officers: Sequence[int]) -> None:
        """So that one who owed something is thanked once nothing is owed; each officer is noted once."""
        noted = self._noted.setdefault(campaign.id, set())
        fresh = [one for one in officers if one not in noted]
        for start in range(0, len(fresh), AT_ONCE):
            await self._store.run(campaigns.note_owed, campaign.id, fresh[start : start + AT_ONCE])
        noted.update(fresh)


def _running(tx: Tx) -> list[tuple[Campaign, int]]:
    running = campaigns.campaigns(tx, ("running",))
    return [(one, campaigns.version_of(tx, one.id)) for one in running if not one.counting]


# --- officers


def _put_reminders(tx: Tx, campaign: Campaign, found: Sequence[Reminder], now: datetime) -> None:
    chats = chats_of(tx, [one.officer_id for one in found])  # without those removed a moment ago
    messages: list[tuple[str, int, dict[str, Json]]] = []
    for one in found:
        if one.officer_id in chats:
            payload: dict[str, Json] = {"campaign": campaign.id, "officer": one.officer_id, "key": one.key}
            key = f"reminder:{campaign.id}:{one.officer_id}:{one.key}"
            messages.append((key, chats[one.officer_id], payload))
    outbox.put_many(tx, "reminder", messages, now)


# --- coordinators


def _digests(tx: Tx, campaign: Campaign, now: datetime) -> list[tuple[int, Part]]:
    """The chats that are due today's digest, and of which province: where an LAO lacks something."""
    if not digest_day(campaign, day_in_thailand(now)):
        return []  # most days end here, without a look at the LAOs
    free = days_off_around(now)
    provinces = {
        row.key
        for row in campaigns.sums(tx, campaign, EVERYWHERE, "province")
        if row.complete < row.laos and digest_due(campaign, row.key, frozenset(), free, now)
    }
    return [
        (chat_id, part)
        for chat_id, one in coordinators.every_chat(tx)
        if any(one.reach.touches(province) for province in provinces)
        for part in digest_parts(tx, campaign, one)
    ]


def _put_digests(tx: Tx, campaign: Campaign, found: Sequence[tuple[int, Part]], now: datetime) -> None:
    day = day_in_thailand(now)
    for chat_id, part in found:
        whole = f"digest:{campaign.id}:{chat_id}:{day}"
        if _had_otherwise(tx, chat_id, whole, part):
            continue
        key = f"{whole}:{part.province}" if part.province else whole
        payload: dict[str, Json] = {
            "campaign": campaign.id, "day": day.isoformat(), "province": part.province,
        }  # fmt: skip
        outbox.put(tx, key, chat_id, "digest", payload, now)
        if part.listing:  # a row of its own: each is said at most once
            outbox.put(tx, f"{key}:list", chat_id, "digest", {**payload, "listing": True}, now)


def _had_otherwise(tx: Tx, chat_id: int, whole: str, part: Part) -> bool:
    """Whether that day's digest went out in numbers and would now name LAOs, or the other way round.

    It does where a coordinator's provinces become more or fewer that day.
    """
    had = outbox.keys_from(tx, chat_id, whole)
    return whole in had if part.province else any(one not in (whole, f"{whole}:list") for one in had)
