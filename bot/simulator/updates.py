"""The queue of updates: kept until confirmed by an offset or by a webhook's 200, then forgotten."""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.simulator.refusal import Refusal, conflict
from bot.simulator.shapes import Json

FIRST_UPDATE = 800_000_001
LIVES = {"callback_query": 150}  # seconds; anything else is kept for a day
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
REMEMBERED = 10_000
_OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True, slots=True)
class Waiting:
    update: Json
    kind: str
    queue: tuple[str, int]  # deliveries by webhook keep their order within it
    until: float

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


class Updates:
    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._next_id = FIRST_UPDATE
        self._allowed: frozenset[str] | None = None
        self._again: list[Json] = []
        self._poll: asyncio.Future[Refusal | None] | None = None
        self._poll_request: web.Request | None = None
        self.waiting: OrderedDict[int, Waiting] = OrderedDict()
        self.recent: OrderedDict[int, Waiting] = OrderedDict()
        self.on_added: Callable[[Waiting], None] = lambda waiting: None
        self.on_given: Callable[[Json], None] = lambda update: None

    @property
    def allowed(self) -> list[str]:
        return sorted(self._allowed or ())

    def allow(self, kinds: list[str] | None) -> None:
        """None leaves it as it was; an empty list means all but the few that must be asked for."""
        if kinds is not None:
            self._allowed = frozenset(kinds) or None

    def add(self, kind: str, payload: Json, queue: tuple[str, int]) -> int | None:
        """Its update id, or None where the bot did not ask for this kind."""
        if kind in NOT_BY_DEFAULT if self._allowed is None else kind not in self._allowed:
            return None
        update_id, self._next_id = self._next_id, self._next_id + 1
        until = self._now() + LIVES.get(kind, 86_400)
        waiting = Waiting({"update_id": update_id, kind: payload}, kind, queue, until)
        self.waiting[update_id] = self.recent[update_id] = waiting
        if len(self.recent) > REMEMBERED:
            self.recent.popitem(last=False)
        self._wake()
        self.on_added(waiting)
        return update_id

    def again(self, update_id: int, by_webhook: bool) -> bool:
        """Deliver an update once more, whatever was confirmed; False if it is not remembered."""
        waiting = self.recent.get(update_id)
        if waiting is None:
            return False
        if by_webhook:
            self.on_added(waiting)
        else:
            self._again.append(waiting.update)
            self._wake()
        return True

    def confirm(self, update_id: int) -> None:
        self.waiting.pop(update_id, None)

    def forget_all(self) -> None:
        self.waiting.clear()
        self._again.clear()

    async def get(self, request: web.Request, offset: int, limit: int, patience: float) -> list[Json]:
        """What getUpdates answers; a later call ends the wait of an earlier one with a 409."""
        self.end_poll(conflict(_OTHER))
        self._confirm_up_to(offset)
        if not (ready := self._ready(limit)) and patience > 0:
            await self._wait(request, patience)
            ready = self._ready(limit)
        for update in ready:
            self.on_given(update)
        return ready

    def end_poll(self, refusal: Refusal | None) -> None:
        if self._poll is not None and not self._poll.done():
            transport = self._poll_request.transport if self._poll_request else None
            gone = transport is None or transport.is_closing()
            self._poll.set_result(None if gone else refusal)

    def _confirm_up_to(self, offset: int) -> None:
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popitem(last=False)
        while self.waiting and next(iter(self.waiting)) < offset:
            self.waiting.popitem(last=False)

    def _ready(self, limit: int) -> list[Json]:
        again, self._again = self._again, []
        ready, now = again, self._now()
        for waiting in list(itertools.islice(self.waiting.values(), limit + 50)):
            if waiting.until <= now:
                del self.waiting[waiting.id]
            elif len(ready) < limit:
                ready.append(waiting.update)
        return ready

    async def _wait(self, request: web.Request, patience: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        self._poll_request = request
        await asyncio.wait([poll], timeout=patience)
        if self._poll is poll:
            self._poll = self._poll_request = None
        if poll.done() and (refusal := poll.result()):
            raise refusal

    def _wake(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
