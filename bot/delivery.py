"""Sends what waits in the outbox: claimed, sent, tried again later, or given up where nobody can be reached."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import assert_never

from bot import notices
from bot.chat_service import ChatService, TryAgain, Unreachable
from bot.conversation import Answer
from bot.measurements import Measurements, NoticeOutcome
from bot.notices import OwnMenu
from bot.pace import Claimed, Pace
from storage import conversations, outbox
from storage.causes import caused_by
from storage.db import StorageUnavailable, Store, Tx
from storage.outbox import Waiting

AT_ONCE = 60
IDLE = 0.5  # seconds between looks at an empty outbox, for wake-ups that were lost
FIRST_PAUSE, MOST_PAUSE = timedelta(seconds=2), timedelta(minutes=10)
HOLD = 90.0  # seconds that saying one may take: well before its claim runs out, and another process takes it
OLD = 5.0  # seconds after which a claim is looked at again: of one that was paused for 10 it may be somebody else's
NOTING = 600.0  # seconds of trying to note what was said
log = logging.getLogger("thongthin.delivery")


class Delivery:
    """Any number of these may run: a row is claimed by one, and a claim runs out.

    Without a `pace` there is no limit on sending. What comes due or is put in is seen within `idle` seconds, and
    at once where the database wakes us. `web` is the address of the pages that a message may lead to.
    """

    def __init__(
        self,
        store: Store,
        service: ChatService,
        now: Callable[[], datetime],
        pace: Pace | None = None,
        *,
        idle: float | None = None,
        measurements: Measurements | None = None,
        web: str = "",
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._clock = clock
        self._measured = measurements or Measurements()
        self._store = store
        self._service = service
        self._now = now
        self._pace = pace
        self._idle = idle
        self._web = web.rstrip("/")
        self._stopping = asyncio.Event()
        self._awake = asyncio.Event()
        self._in_hand: set[asyncio.Task[None]] = set()
        self._said: dict[int, int] = {}  # how much of a message was said before it broke off
        self._owed: list[Callable[[Tx], None]] = []  # what the database did not take while it was away

    def stop(self) -> None:
        """What is being sent is finished first."""
        self._stopping.set()
        self._awake.set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()

        def woken() -> None:
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(self._awake.set)

        end = self._store.wakeups.listen(woken)
        try:
            while not self._stopping.is_set():
                self._awake.clear()
                await self._rest_after(await self._tried())
        finally:
            end()
        await self._finish()

    async def send_due(self) -> int:
        """One round: sends what is due and returns how many were tried."""
        claimed = await self._take()
        await self._finish()
        return len(claimed.messages)

    async def _tried(self) -> Claimed:
        try:
            return await self._take()
        except StorageUnavailable as error:
            log.warning("the outbox cannot be read", extra={"error": type(error.__cause__ or error).__name__})
            return _NOTHING

    async def _rest_after(self, claimed: Claimed) -> None:
        if claimed.wait:  # the limit is used up: being woken would not change that
            await _until(self._stopping, claimed.wait)
        elif not claimed.messages:
            await _until(self._awake, IDLE if self._idle is None else self._idle)

    async def _take(self) -> Claimed:
        """Begins what is due, each message by itself: a slow chat holds up no other."""
        await self._make_up()
        due = await self._store.read(outbox.next_due)
        room = AT_ONCE - len(self._in_hand)
        now = self._now()
        if due is None or not room:
            return _NOTHING
        if due > now:
            soon = (due - now).total_seconds()
            asyncio.get_running_loop().call_later(min(soon, IDLE), self._awake.set)
            return _NOTHING
        taken = self._clock()
        claimed = await self._claim(room, now)
        words = await self._words_of([message for message, _ in claimed.messages])
        for message, slot in claimed.messages:
            task = asyncio.create_task(self._send(message, _Turn(slot, taken), words.get(message.id)))
            self._in_hand.add(task)
            task.add_done_callback(self._done)
        return claimed

    async def _make_up(self) -> None:
        """Once the database is back, what could not be sent without it is anybody's: its claim need not run out."""
        if owed := self._owed[:]:
            await self._store.run(_all_of, owed)
            del self._owed[: len(owed)]

    async def _claim(self, room: int, now: datetime) -> Claimed:
        if self._pace is not None:
            return await self._pace.claim(room, now)
        messages = await self._store.run(outbox.claim, room, now, process=self._store.presence.name)
        return Claimed([(message, 0.0) for message in messages], (), 0.0, 0.0, 0.0)

    async def _words_of(self, messages: Sequence[Waiting]) -> Mapping[int, _Words]:
        """Of all of them in one look; where that fails, each looks for itself, so that one that fails costs no other."""
        if len(messages) > 1:
            with suppress(Exception):
                return await self._store.read(_words, messages, self._now(), self._web)
        return {}

    def _done(self, task: asyncio.Task[None]) -> None:
        if len(self._in_hand) >= AT_ONCE:
            self._awake.set()
        self._in_hand.discard(task)

    async def _finish(self) -> None:
        while self._in_hand:
            await asyncio.wait(self._in_hand)

    # --- one message

    async def _send(self, message: Waiting, turn: _Turn, words: _Words | None) -> None:
        with caused_by(message.cause):
            outcome = await self._sent(message, turn, words)
            self._measured.noticed(message.kind, outcome)
            log.debug("a notice", extra={"notice": message.id, "kind": message.kind, "outcome": outcome})

    async def _sent(self, message: Waiting, turn: _Turn, words: _Words | None) -> NoticeOutcome:
        try:
            return await self._send_at(message, turn, words)
        except TryAgain as error:
            self._said[message.id] = error.said
            await self._later(message, str(error), error.after)
            return "later"
        except Unreachable as error:
            await self._noted(_unreachable, message, str(error))
            return "unreachable"
        except StorageUnavailable as error:
            if not isinstance(error, _NotNoted):
                self._owed.append(partial(outbox.let_go, message=message))
            log.warning(
                "a notice is left for later", extra={"error": type(error.__cause__ or error).__name__}
            )
            return "later"
        except Exception as error:
            log.exception("a notice failed", extra={"notice": message.id, "kind": message.kind})
            await self._later(message, type(error).__name__, None)
            return "failed"

    async def _send_at(self, message: Waiting, turn: _Turn, words: _Words | None) -> NoticeOutcome:
        if words is None:
            words = (await self._store.read(_words, [message], self._now(), self._web))[message.id]
        ours, answer = words
        if not ours or answer is None:
            if self._pace is not None:
                self._pace.give_back(turn.slot)
            if ours:
                await self._store.run(notices.not_said, message, self._now())
            return "not_needed"
        if self._pace is not None and not await self._pace.reach(turn.slot):
            if message.kind not in notices.ANSWERS:
                await self._store.run(outbox.let_go, message)
                return "later"
            await self._pace.reply()
        if not await self._still_ours(message, turn):
            return "not_needed"
        await self._say_in_time(message, answer)
        await self._noted(_say_so, message, answer)
        return "sent"

    async def _still_ours(self, message: Waiting, turn: _Turn) -> bool:
        """Asked right before it is said, though only where it may have changed: nothing makes it sure.

        A process that is paused between this and the saying says what another one has said meanwhile.
        """
        if message.kind in notices.ONCE:
            return await self._store.run(outbox.begin, message, self._now())
        if self._clock() - turn.taken < OLD:
            return True
        return bool(await self._store.read(outbox.still_ours, [message]))

    async def _say_in_time(self, message: Waiting, answer: Answer | OwnMenu) -> None:
        """What may be said once only counts as said where nobody can tell."""
        try:
            async with asyncio.timeout(HOLD):
                await self._say(message, answer)
        except StorageUnavailable as error:  # what goes with it could not be read: it was not said
            raise TryAgain(type(error.__cause__ or error).__name__) from error
        except (TryAgain, TimeoutError) as error:
            lost = error.unsure if isinstance(error, TryAgain) else True
            if message.kind not in notices.ONCE or not lost:
                raise
            log.info("the answer to a notice was lost", extra={"notice": message.id, "kind": message.kind})

    async def _say(self, message: Waiting, answer: Answer | OwnMenu) -> None:
        match answer:
            case OwnMenu(commands):
                await self._service.set_commands(commands, message.chat_id)
            case Answer():
                said = self._said.pop(message.id, 0)
                await self._service.send(message.chat_id, answer.out, answer.language, hurry=False, said=said)
            case _:
                assert_never(answer)

    async def _later(self, message: Waiting, why: str, after: float | None) -> None:
        pause = min(FIRST_PAUSE * 2 ** min(message.attempts - 1, 20), MOST_PAUSE)
        if after is not None:
            pause = max(timedelta(seconds=after), timedelta(seconds=1))
        facts = {"message": message, "due_at": self._now() + pause, "why": why, "asked": after is not None}
        later = partial(_try_later, **facts)
        try:
            await self._store.run(later)
        except StorageUnavailable:
            self._owed.append(later)  # what may be said once only was noted as said: no claim of it runs out

    async def _noted(
        self, note: Callable[[Tx, Waiting, _What, datetime], None], message: Waiting, what: _What
    ) -> None:
        """Tried until the database takes it: what was said must not be said again, what was not must not be lost."""
        begun, pause = asyncio.get_running_loop().time(), 0.1
        while True:
            try:
                return await self._store.run(note, message, what, self._now())
            except StorageUnavailable as error:
                over = asyncio.get_running_loop().time() - begun > NOTING
                if over or self._stopping.is_set():
                    raise _NotNoted from error
            await _until(self._stopping, pause)
            pause = min(pause * 2, 5.0)


class _NotNoted(StorageUnavailable):
    """It was said, and nobody else knows."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """When a message may be said, and when it was taken in hand; both of the machine's own clock."""

    slot: float
    taken: float


_What = str | Answer | OwnMenu
_Words = tuple[bool, Answer | OwnMenu | None]
_NOTHING = Claimed((), (), 0.0, 0.0, 0.0)


async def _until(event: asyncio.Event, seconds: float) -> None:
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def _all_of(tx: Tx, owed: Sequence[Callable[[Tx], None]]) -> None:
    for one in owed:
        one(tx)


def _words(tx: Tx, messages: Sequence[Waiting], now: datetime, web: str) -> dict[int, _Words]:
    """By id, whether each is still ours to send, and what it says."""
    ours, shared = outbox.still_ours(tx, messages), notices.Shared(tx, messages)
    return {
        one.id: (True, notices.said(tx, one, now, web, shared)) if one.id in ours else (False, None)
        for one in messages
    }


def _say_so(tx: Tx, message: Waiting, answer: _What, now: datetime) -> None:
    assert not isinstance(answer, str)
    notices.note_said(tx, message, answer, now)


def _unreachable(tx: Tx, message: Waiting, why: _What, now: datetime) -> None:
    outbox.give_up(tx, message, str(why), now)
    conversations.set_reachable(tx, message.chat_id, False, now)


def _try_later(tx: Tx, message: Waiting, due_at: datetime, why: str, asked: bool) -> None:
    """Where the chat service itself `asked` for the wait, it is for all that waits for the chat."""
    outbox.try_later(tx, message, due_at, why)
    outbox.hold_what_follows(tx, message, due_at)
    if asked:
        outbox.hold_chat(tx, message.chat_id, due_at)
