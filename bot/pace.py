"""When the bot may speak: to people who wait for an answer at once, to many in slots that all processes share.

A reply costs no look at the database: it is counted, and the count told to the shared limit a few times a second.
While all processes together owe it more than a moment, replies wait too, and nothing goes to many.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

from storage import outbox, send_limit
from storage.db import StorageUnavailable, Store, Tx
from storage.outbox import Waiting

RATE = 30.0  # messages a second that Telegram takes from a bot
CALM = 0.99  # of it is used: what arrives a little late must not meet what comes after it
BURST = 0.8  # seconds of sending that replies may be ahead of the rate
TELL_EVERY = 0.25  # seconds
SLICE = 0.25  # seconds of slots that are worth a transaction
LATE = (
    0.06  # seconds after which a slot's moment has passed: caught up, it would be two too many in its second
)
SILENCE_WITHIN = 2.0  # seconds from a reply until the moment of silence for it
LEAD, MOST_LEAD = 0.1, 0.5  # seconds to get a message ready; more where the machine is slow
APART = timedelta(seconds=1)  # between notices to one chat
TOGETHER = 2.0  # seconds within which this many chats that refuse mean the whole bot
DIFFERENT = 3
MOST_HOLD = 1.0  # seconds until the next look at a limit that is held
log = logging.getLogger("thongthin.pace")


@dataclass(frozen=True, slots=True)
class Claimed:
    """Messages with the moment each may go out at; `wait` seconds until the limit has room for more, 0 if it has.

    `silent`: the moments at which others would go out, had nothing been sent without a slot.
    """

    messages: Sequence[tuple[Waiting, float]]
    silent: Sequence[float]
    wait: float
    read_at: float
    ahead: float  # seconds from then that the limit is owed


class Pace:
    """One for a process, of `rate` messages a second over all processes on one database."""

    def __init__(self, store: Store, rate: float = RATE) -> None:
        self._store = store
        self._gap = timedelta(seconds=1 / (rate * CALM))
        self._seconds = self._gap.total_seconds()
        self._rate = max(1, int(rate))
        # Within the last second: what this process has sent, and the slots it had.
        self._sent: deque[float] = deque()
        self._had: deque[float] = deque()
        self._replied: deque[float] = deque()
        self._replies_at = 0.0  # when the replies counted so far would be sent at the rate
        # The first of those who wait goes first, or later ones go before it until it is too late.
        self._turn = asyncio.Lock()
        self._lead = LEAD
        self._unpaid = 0
        self._telling: asyncio.Task[None] | None = None
        self._holding: asyncio.Task[None] | None = None
        self._held_until = 0.0
        self._refused: dict[int, float] = {}

    # --- people

    async def reply(self) -> None:
        """Returns when a reply may be sent: nearly always at once."""
        now = monotonic()
        self._replies_at = max(self._replies_at, now) + self._seconds
        wait = self._replies_at - BURST - now
        self._owe(1)
        if wait > 0:
            await asyncio.sleep(wait)
        for moments, seconds in ((self._sent, 1), (self._replied, SILENCE_WITHIN)):
            self._lately(moments, seconds)
            moments.append(monotonic())

    # --- what goes to many

    async def claim(self, most: int, now: datetime) -> Claimed:
        """Notices that are due, no more than can be sent within the next moments, each with its slot."""
        unpaid, lead, process = self._taken(), timedelta(seconds=self._lead), self._store.presence.name
        try:
            claimed = await self._store.run(_claim, most, now, self._gap, unpaid, lead, process)
        except StorageUnavailable:
            self._unpaid += unpaid
            raise
        self._had.extend((*claimed.silent, *(slot for _, slot in claimed.messages)))
        self._learn(claimed.read_at, claimed.ahead - self._lead)
        return claimed

    async def reach(self, slot: float) -> bool:
        """Waits for the slot; False when its moment has passed, or the chat service wants silence.

        Within any second this process sends no more than it had slots in it: so all together never send more than
        there are slots, and what a stall of the machine has held up is caught up within its second. A reply comes
        between: each message goes out by one gap later, until the moment of silence that is kept for it comes.
        """
        await asyncio.sleep(max(0.0, slot - monotonic()))
        async with self._turn:
            while len(self._within_a_second(self._sent)) >= len(self._within_a_second(self._had)):
                if self._passed(slot):
                    break
                await asyncio.sleep(self._seconds / 4)
            return self._is_in_time(slot)

    def _is_in_time(self, slot: float) -> bool:
        now, late = monotonic(), self._passed(slot)
        self._lead = min(self._lead * 1.5, MOST_LEAD) if late else max(self._lead * 0.98, LEAD)
        if late or now < self._held_until:
            return False
        self._sent.append(now)
        return True

    def _passed(self, slot: float) -> bool:
        made_way = self._seconds * len(self._lately(self._replied, SILENCE_WITHIN))
        return monotonic() - slot > LATE + made_way

    async def another(self) -> None:
        """For each further message of a notice: counted afterwards, but in no hurry."""
        while len(self._within_a_second(self._sent)) >= self._rate:  # noqa: ASYNC110
            await asyncio.sleep(self._seconds)
        self._sent.append(monotonic())
        self._owe(1)

    def give_back(self, slot: float) -> None:
        """A slot was not needed."""
        with suppress(ValueError):  # longer ago than a second
            self._had.remove(slot)
        self._owe(-1)

    def refused(self, chat_id: int, after: float) -> None:
        """A 429: one chat's own, unless several chats have one at about the same time."""
        now = monotonic()
        self._refused = {one: at for one, at in self._refused.items() if now - at < TOGETHER} | {chat_id: now}
        if len(self._refused) >= DIFFERENT and self._held_until < now + after:
            self._held_until = now + after
            log.warning("the chat service wants silence", extra={"seconds": after})
            self._holding = asyncio.create_task(self._hold(after))

    def _within_a_second(self, moments: deque[float]) -> Sequence[float]:
        return self._lately(moments, 1)

    @staticmethod
    def _lately(moments: deque[float], seconds: float) -> Sequence[float]:
        """Forgets the older ones; those still to come do not count. They are mostly in order."""
        now = monotonic()
        while moments and moments[0] <= now - seconds:
            moments.popleft()
        return [one for one in moments if now - seconds < one <= now]

    # --- the shared limit

    def _owe(self, count: int) -> None:
        self._unpaid += count
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        await asyncio.sleep(TELL_EVERY)
        while unpaid := self._taken():  # more may be owed meanwhile
            try:
                found = await self._store.run(send_limit.standing, self._gap, unpaid)
            except StorageUnavailable:
                self._unpaid += unpaid
                return  # without it nothing goes to many either
            self._had.extend(found.silent(unpaid, self._gap))
            self._learn(found.read_at, found.ahead.total_seconds())

    def _taken(self) -> int:
        unpaid, self._unpaid = self._unpaid, 0
        return unpaid

    async def _hold(self, after: float) -> None:
        try:
            await self._store.run(send_limit.hold, after)
        except StorageUnavailable:
            log.warning("other processes are not told of the silence")

    def _learn(self, read_at: float, ahead: float) -> None:
        """What is owed past the slots of what goes to many is owed by replies, of any process."""
        self._replies_at = max(self._replies_at, read_at + ahead - send_limit.HORIZON.total_seconds())


def _claim(
    tx: Tx, most: int, now: datetime, gap: timedelta, unpaid: int, lead: timedelta, process: str
) -> Claimed:
    found = send_limit.standing(tx, gap, unpaid)
    silent, found = found.silent(unpaid, gap), found.with_lead(lead)
    room = min(most, found.room(gap))
    messages = outbox.claim(tx, room, now + _skew(found.now), APART, process) if room else []
    if messages:
        send_limit.take(tx, found, len(messages), gap)
    ahead = found.ahead + gap * len(messages)
    slots = found.slots(len(messages), gap)
    return Claimed(
        list(zip(messages, slots, strict=True)),
        silent,
        0.0 if len(messages) < room else _wait(found, ahead),
        found.read_at,
        ahead.total_seconds(),
    )


def _skew(now: datetime) -> timedelta:
    """How far this machine's clock is off: claims run out by the database's."""
    skew = now - datetime.now(UTC)
    return skew if abs(skew) > timedelta(seconds=1) else timedelta(0)


def _wait(found: send_limit.Standing, ahead: timedelta) -> float:
    if found.held:
        return min(found.held.total_seconds(), MOST_HOLD)
    return max(0.0, (ahead - found.lead - send_limit.HORIZON).total_seconds() + SLICE)
