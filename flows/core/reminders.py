"""Who is due which reminder, thank-you or digest, and when: decided from facts alone.

What may be said to an officer is a row of events in the order in which they come: the stages of the deadline,
the day asked for by "remind me tomorrow", the change of the deadline. Only the newest that has come is ever said,
and only if nothing as new was said before; so an outage ends in one message, and a clock set back repeats nothing.

A stage on a day off: before the deadline it goes out on the working day before, because the officer then still
has the days that the stage is there to give, and a later day might miss the deadline; after the deadline it goes
out on the next working day, because the one before may lie ahead of the deadline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

from flows.core.calendar import Hours, day_in_thailand, hours_of
from flows.core.campaign import Campaign

Kind = Literal["before", "day", "after", "again", "moved", "thanks", "returned"]

SILENCE = timedelta(minutes=10)  # an officer in the middle of a form is left alone until then
LOOK_EVERY = timedelta(minutes=5)  # within the hours: officers join, finish and fall silent at any moment
DIGEST_FROM = 3  # days before the deadline
THANKS = "thanks"

_STAGE_KEY = re.compile(r"(?:before|day|after):(?P<days>[0-9]{1,4})@(?P<deadline>[0-9-]{10})")
_MOVED_KEY = re.compile(r"moved:(?P<at>[0-9]{8}T[0-9]{6})@(?P<deadline>[0-9-]{10})")
_STAMP = "%Y%m%dT%H%M%S"  # UTC
_AGAIN_KEY = re.compile(r"again:(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Owing:
    """One officer and what the LAO still owes to one campaign."""

    officer_id: int
    lao_code: str
    lacks: tuple[tuple[str, int], ...] = ()  # form, how many entries are missing
    returned: tuple[str, ...] = ()  # numbers of the entries that a reviewer sent back
    reachable: bool = True
    silent_since: datetime | None = None  # the officer's last message
    in_form: bool = False
    holds_draft: bool = False  # of a form that is lacking
    off: bool = False  # wants no reminders of this campaign
    again_on: date | None = None  # asked to be reminded on this day
    sent: frozenset[str] = frozenset()  # keys of every reminder of this campaign, queued or sent
    knows_deadline: datetime | None = None  # the one named by the newest of them; None before the first
    owed: bool = False  # the LAO lacked something at any time since the campaign began


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message to one officer; at most one exists for each campaign, officer and `key`."""

    officer_id: int
    key: str  # "before:7@2017-01-31", "again:2017-01-20", "moved:20170110T020000@2017-02-15", "thanks"
    kind: Kind
    days_left: int  # until the deadline's day; -1 and less once the deadline has passed
    lacks: tuple[tuple[str, int], ...] = ()
    returned: tuple[str, ...] = ()


class _Order(NamedTuple):
    """Which of two events is newer; at the same moment a stage says more than the rest."""

    moment: datetime
    rank: int
    days: int = 0


class _Event(NamedTuple):
    order: _Order
    key: str
    kind: Kind


def due(
    campaign: Campaign, officers: Sequence[Owing], days_off: AbstractSet[date], now: datetime
) -> list[Reminder]:
    """What is to be said now: at most one reminder to each officer. Give all officers of an LAO together."""
    hours = hours_of(campaign, days_off)
    if campaign.state != "running" or not hours.open_at(now):
        return []
    look = _Look(campaign, hours, now)
    in_hand = {one.lao_code for one in officers if one.holds_draft and _listens(one)}
    asked = (one for one in officers if one.holds_draft or one.lao_code not in in_hand or not _owes(one))
    return [found for one in asked if (found := look.reminder(one)) is not None]


def due_again_check(
    campaign: Campaign,
    owing: Owing,
    reminder_key: str,
    now: datetime,
    days_off: AbstractSet[date],
    others: Iterable[Owing] = (),
) -> Reminder | None:
    """The queued reminder as it is to be said at the moment of sending, from facts gathered just now.

    None: take it out of the queue unsent, key and all; `due` brings it back if it becomes right again, at the
    next opening of the hours or once the officer has fallen silent. `others` are the LAO's other officers.
    """
    unsent = replace(owing, sent=owing.sent - {reminder_key})
    found = due(campaign, [unsent, *others], days_off, now)
    return next((r for r in found if (r.officer_id, r.key) == (owing.officer_id, reminder_key)), None)


def next_moment(campaign: Campaign, now: datetime, days_off: AbstractSet[date]) -> datetime | None:
    """When it is worth asking `due` again; None while nothing can become due by itself."""
    if campaign.state != "running":
        return None
    hours = hours_of(campaign, days_off)
    return hours.next_open(now + LOOK_EVERY if hours.open_at(now) else now)


def digest_due(
    campaign: Campaign,
    province: str,
    sent_dates: AbstractSet[date],
    days_off: AbstractSet[date],
    now: datetime,
) -> date | None:
    """The day whose digest is to go to the province's coordinators now, if any."""
    today = day_in_thailand(now)
    if not campaign.scope.reaches(province) or not digest_day(campaign, today) or today in sent_dates:
        return None
    return today if hours_of(campaign, days_off).open_at(now) else None


def digest_day(campaign: Campaign, day: date) -> bool:
    """Whether coordinators have a digest of that day."""
    return campaign.state == "running" and day >= campaign.deadline_day - timedelta(days=DIGEST_FROM)


def days_left(campaign: Campaign, now: datetime) -> int:
    """Days until the deadline's day in Thailand, 0 on the day itself; -1 and less once the deadline has passed."""
    days = (campaign.deadline_day - day_in_thailand(now)).days
    return min(days, -1) if campaign.passed(now) else days


def _owes(one: Owing) -> bool:
    return bool(one.lacks or one.returned)


def _listens(one: Owing) -> bool:
    return one.reachable and not one.off


class _Look:
    """One look at a campaign within its hours: the events that have come, the same for all officers."""

    def __init__(self, campaign: Campaign, hours: Hours, now: datetime) -> None:
        self._campaign, self._hours, self._now = campaign, hours, now
        self._orders: dict[str, _Order | None] = {}  # of keys; the same few for thousands of officers
        self._stage = self._newest_stage()
        self._moved = self._moved_event()

    def reminder(self, one: Owing) -> Reminder | None:
        if not _listens(one) or self._mid_form(one):
            return None
        if not _owes(one):
            thanked = THANKS in one.sent or not (one.owed or one.sent)
            return None if thanked else self._said(one, THANKS, "thanks")
        old = one.knows_deadline is not None and one.knows_deadline != self._campaign.deadline
        event = self._newest(one, old)
        if event is None:
            return None
        stage_of_returned = event.kind != "again" and not one.lacks
        return self._said(one, event.key, "moved" if old else "returned" if stage_of_returned else event.kind)

    def _said(self, one: Owing, key: str, kind: Kind) -> Reminder:
        left = days_left(self._campaign, self._now)
        return Reminder(one.officer_id, key, kind, left, one.lacks, one.returned)

    def _mid_form(self, one: Owing) -> bool:
        # a last message far ahead of now was stamped by a clock that was wrong: it holds nothing up
        return one.in_form and one.silent_since is not None and abs(self._now - one.silent_since) < SILENCE

    def _newest(self, one: Owing, old: bool) -> _Event | None:
        events = [self._stage, self._again_event(one), self._moved if old else None]
        come = [event for event in events if event is not None and event.order.moment <= self._now]
        newest = max(come, default=None)
        if newest is None:
            return None
        said = (self._order_of(key) for key in one.sent)
        return newest if all(order is None or order < newest.order for order in said) else None

    def _newest_stage(self) -> _Event | None:
        passed = self._campaign.passed(self._now)
        days = (
            [n for n in self._campaign.after if n > 0]
            if passed
            else [-n for n in self._campaign.before if n >= 0]
        )
        stages = [(order, one) for one in days if (order := self._stage_order(one)) is not None]
        order, newest = max((s for s in stages if s[0].moment <= self._now), default=(None, 0))
        if order is None:
            return None
        kind: Kind = "after" if newest > 0 else "before" if newest < 0 else "day"
        return _Event(order, f"{kind}:{abs(newest)}@{self._campaign.deadline_day}", kind)

    def _stage_order(self, days: int) -> _Order | None:
        """When the stage comes that lies so many days after the deadline's day (negative: before it)."""
        ends = self._campaign.deadline_day
        nominal = ends + timedelta(days=days)
        if days == 0 and self._hours.opening(ends) >= self._campaign.deadline:
            nominal -= timedelta(days=1)  # a deadline early in the morning leaves no hours on its day
        day = self._hours.working_day(nominal, 1 if days > 0 else -1)
        return None if day is None else _Order(self._hours.opening(day), 2, days)

    def _again_event(self, one: Owing) -> _Event | None:
        if one.again_on is None:
            return None
        key = f"again:{one.again_on}"
        order = self._order_of(key)
        return None if order is None else _Event(order, key, "again")

    def _moved_event(self) -> _Event | None:
        moved_at = self._campaign.moved_at
        moment = None if moved_at is None else self._hours.next_open(moved_at)
        if moved_at is None or moment is None:
            return None
        stamp = moved_at.astimezone(UTC).strftime(_STAMP)
        return _Event(_Order(moment, 0), f"moved:{stamp}@{self._campaign.deadline_day}", "moved")

    def _moved_order(self, stamp: str) -> _Order | None:
        moment = self._hours.next_open(datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC))
        return None if moment is None else _Order(moment, 0)

    def _order_of(self, key: str) -> _Order | None:
        if key not in self._orders:
            self._orders[key] = self._read_order(key)
        return self._orders[key]

    def _read_order(self, key: str) -> _Order | None:
        """The place in time of what a key was for; None for thanks and for what was of another deadline."""
        if (moved := _MOVED_KEY.fullmatch(key)) is not None:
            return (
                self._moved_order(moved["at"])
                if moved["deadline"] == str(self._campaign.deadline_day)
                else None
            )
        if (stage := _STAGE_KEY.fullmatch(key)) is not None:
            days = int(stage["days"]) * (1 if key.startswith("after") else -1)
            return self._stage_order(days) if stage["deadline"] == str(self._campaign.deadline_day) else None
        if (again := _AGAIN_KEY.fullmatch(key)) is not None:
            day = self._hours.working_day(date.fromisoformat(again["day"]), 1)
            return None if day is None else _Order(self._hours.opening(day), 1)
        return None
