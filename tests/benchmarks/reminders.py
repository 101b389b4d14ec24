"""Reminders to every LAO of the country at Telegram's limit, while people go on chatting.

The simulator is a process of its own and refuses what comes faster than 30 a second, but for 30 that may come at once
after a rest; the service is another, with a second delivery beside it where asked for. How long people wait for a reply
is measured before and meanwhile, from outside.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles

import aiohttp

from bot.delivery import Delivery
from bot.pace import RATE
from bot.service import Parts, Service, running
from bot.simulator import Simulator
from storage import conversations, officers
from storage.db import Store, Tx
from storage.lao import Lao, import_laos
from storage.media import open_media
from storage.upgrade import upgrade
from tests.benchmarks.row import Row
from tests.storage.deadline_town import DeadlineTown

EVERY_LAO, SOME = 7_849, 600
IN_A_PROVINCE = 103  # LAOs, whose codes begin with the province's
CHATTING = 4  # people
PAUSE = 8.0  # seconds between the words of each
IDLE_WORDS = 12  # of each, before the reminders
MENU = "ต้องการทำอะไร"
BEFORE = datetime(2017, 1, 4, 2, 0, tzinfo=UTC)  # when the campaign was made
START = datetime(2017, 1, 16, 2, 0, tzinfo=UTC)  # nine in the morning, fifteen days before the deadline


@dataclass(frozen=True, slots=True)
class Seen:
    """By the simulator: when each notice came, what it refused, and the most messages within a second."""

    moments: Sequence[float]
    notices: int  # different chats that had one
    messages: int
    refused: int
    most_in_a_second: int


@dataclass(frozen=True, slots=True)
class Result:
    seen: Seen
    idle: Sequence[float]  # seconds of waiting for a reply
    meanwhile: Sequence[float]


# --- the processes


def _simulate(parent: Connection, people: int) -> None:
    async def run() -> None:
        async with Simulator(rate_limit=RATE, remembered=people * 4) as simulator:
            chats = [simulator.person(f"คนที่ {n}", started=True).id for n in range(people)]
            parent.send((simulator.url, simulator.token, chats))
            await asyncio.to_thread(parent.recv)
            parent.send(_seen(simulator))

    asyncio.run(run())


def _seen(simulator: Simulator) -> Seen:
    sent = [one for one in simulator.log if one.get("method", "").startswith("send")]
    went = [one for one in sent if "error_code" not in one["result"]]
    told = [one for one in went if MENU not in str(one["parameters"].get("text", ""))]
    return Seen(
        [one["at"] for one in told],
        len({one["chat_id"] for one in told}),
        len(went),
        sum(one["error_code"] == 429 for one in simulator.refusals),
        _most_in_a_second([one["at"] for one in went]),
    )


def _most_in_a_second(moments: Sequence[float]) -> int:
    most = first = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


@dataclass(frozen=True, slots=True)
class _Place:
    folder: str
    api: str
    token: str
    began: float  # by time.time(), when the clock of all processes showed START

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder}/thongthin.sqlite3"

    def now(self) -> datetime:
        return START + timedelta(seconds=time.time() - self.began)

    def parts(self, store: Store) -> Parts:
        return Parts(
            token=self.token, api=self.api, store=store, media=open_media(f"{self.folder}/media"),
            secret=b"s" * 32, public_url="http://127.0.0.1", now=self.now, look_every=1.0,
        )  # fmt: skip


def _serve(parent: Connection, place: _Place) -> None:
    async def run() -> None:
        store = Store(place.database)
        async with running(place.parts(store)):
            parent.send("ready")
            await asyncio.to_thread(parent.recv)
        store.close()

    asyncio.run(run())


def _deliver(parent: Connection, place: _Place) -> None:
    """A delivery and nothing else, as another process on the same database."""

    async def run() -> None:
        store = Store(place.database)
        service = Service(place.parts(store))
        await service.telegram.start()
        delivery = Delivery(store, service.telegram, place.now, service.pace)
        task = asyncio.create_task(delivery.run())
        parent.send("ready")
        await asyncio.to_thread(parent.recv)
        delivery.stop()
        await task
        await service.telegram.stop()
        store.close()

    asyncio.run(run())


@contextmanager
def _process(work: Callable[..., None], *arguments: object) -> Iterator[Connection]:
    """Runs until the end of the block; told to stop by anything that is sent to it."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=work, args=(theirs, *arguments))
    process.start()
    try:
        yield ours
        ours.send("stop")
        process.join(30)
    finally:
        process.kill()
        process.join()


# --- the people


class _Chatting:
    """Somebody who says /menu now and then, and notes how long the menu took."""

    def __init__(self, session: aiohttp.ClientSession, api: str, chat_id: int) -> None:
        self._session = session
        self._chat = f"{api}/sim/chats/{chat_id}"
        self._heard = asyncio.Event()
        self.waited: list[float] = []

    async def listen(self) -> None:
        endless = aiohttp.ClientTimeout(total=None)
        async with self._session.get(f"{self._chat}/events", timeout=endless) as events:
            async for line in events.content:
                if line.startswith(b"data: ") and MENU in json.dumps(
                    json.loads(line[6:]), ensure_ascii=False
                ):
                    self._heard.set()

    async def say(self) -> None:
        self._heard.clear()
        begun = time.perf_counter()
        async with self._session.post(f"{self._chat}/send", json={"text": "/menu"}) as answer:
            answer.raise_for_status()
        await asyncio.wait_for(self._heard.wait(), 30)
        self.waited.append(time.perf_counter() - begun)

    async def go_on(self, first: float) -> None:
        await asyncio.sleep(first)
        while True:
            await self.say()
            await asyncio.sleep(PAUSE)


@asynccontextmanager
async def _people(api: str, chats: Sequence[int]) -> AsyncIterator[list[_Chatting]]:
    async with aiohttp.ClientSession() as session:
        people = [_Chatting(session, api, chat_id) for chat_id in chats]
        listening = [asyncio.create_task(one.listen()) for one in people]
        await asyncio.sleep(0.5)
        yield people
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)


async def _idle(people: Sequence[_Chatting]) -> list[float]:
    for one in people:
        await one.say()  # the first is slower: connections are made
    for one in people:
        one.waited.clear()
    for _ in range(IDLE_WORDS):
        for one in people:
            await one.say()
            await asyncio.sleep(0.35)  # about a message a second to one chat, as Telegram wants it
    return _taken(people)


def _taken(people: Sequence[_Chatting]) -> list[float]:
    waited = [seconds for one in people for seconds in one.waited]
    for one in people:
        one.waited.clear()
    return waited


# --- one run


def _furnish(store: Store, chats: Sequence[int]) -> DeadlineTown:
    """An LAO for each chat, with an officer in it."""
    laos = [
        Lao(f"9{n:06}", f"เทศบาลตำบลที่ {n}", "เทศบาลตำบล", f"จังหวัด {n // IN_A_PROVINCE}", "เมือง")
        for n in range(len(chats))
    ]

    def join(tx: Tx) -> None:
        import_laos(tx, laos, BEFORE)
        for lao, chat_id in zip(laos, chats, strict=True):
            conversations.lock_chat(tx, chat_id, "th", BEFORE)
            officers.join(tx, chat_id, "สมศรี", lao.code, BEFORE)

    store.run_now(join)
    return DeadlineTown(store, BEFORE)


async def _measured(town: DeadlineTown, api: str, chats: Sequence[int]) -> tuple[list[float], list[float]]:
    async with _people(api, chats[:CHATTING]) as people:
        idle = await _idle(people)
        await asyncio.to_thread(town.running)
        going_on = [asyncio.create_task(one.go_on(PAUSE * n / len(people))) for n, one in enumerate(people)]
        await _all_sent(town.store, len(chats))
        for task in going_on:
            task.cancel()
        await asyncio.gather(*going_on, return_exceptions=True)
        return idle, _taken(people)


async def _all_sent(store: Store, count: int) -> None:
    async with asyncio.timeout(60 + count / RATE * 3):
        while await store.read(_sent) < count:  # noqa: ASYNC110 - the rows say it
            await asyncio.sleep(1.0)


def _sent(tx: Tx) -> int:
    found: int = tx.exec_driver_sql("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL").scalar_one()
    return found


def measure(notices: int, deliveries: int) -> Result:
    """One run, with a service and `deliveries - 1` processes of delivery alone."""
    with tempfile.TemporaryDirectory() as folder, _process(_simulate, notices) as simulator:
        api, token, chats = simulator.recv()
        place = _Place(folder, api, token, time.time())
        Path(folder, "media").mkdir()
        upgrade(place.database)
        store = Store(place.database)
        town = _furnish(store, chats)
        with _process(_serve, place) as service:
            service.recv()
            others = [_process(_deliver, place) for _ in range(deliveries - 1)]
            for other in others:
                other.__enter__().recv()
            idle, meanwhile = asyncio.run(_measured(town, api, chats))
            for other in others:
                other.__exit__(None, None, None)
        store.close()
        simulator.send("report")
        return Result(simulator.recv(), idle, meanwhile)


def _rows(result: Result, what: str) -> list[Row]:
    seen = result.seen
    took = seen.moments[-1] - seen.moments[0]
    ideal = len(seen.moments) / RATE
    idle, meanwhile = median(result.idle), median(result.meanwhile)
    low, high = _middle(result.meanwhile)
    idle_low, idle_high = _middle(result.idle)
    once = len(seen.moments) == seen.notices
    return [
        Row("reminders", what, took, "s", took, took, f"at most 1.05 × {ideal:.1f} s", took <= ideal * 1.05),
        Row("reminders", f"{what}: sent twice", len(seen.moments) - seen.notices, "", 0, 0, "none", once),
        Row("reminders", f"{what}: 429", seen.refused, "", 0, 0, "none", not seen.refused),
        Row("reminders", f"{what}: most within a second", seen.most_in_a_second, "", 0, 0, "", None),
        Row("reminders", f"{what}: a reply before", idle * 1e3, "ms", idle_low, idle_high),
        Row(
            "reminders", f"{what}: a reply meanwhile", meanwhile * 1e3, "ms", low, high,
            f"at most 2 × {idle * 1e3:.1f} ms", meanwhile <= idle * 2,
        ),
    ]  # fmt: skip


def _middle(waited: Sequence[float]) -> tuple[float, float]:
    """Nine of ten are between these, in milliseconds."""
    cuts = quantiles(waited, n=20)
    return cuts[0] * 1e3, cuts[-1] * 1e3


def run(quick: bool) -> list[Row]:
    """`quick` sends to 600 officers instead of 7,849, which takes twenty seconds instead of four and a half minutes."""
    count = SOME if quick else EVERY_LAO
    rows = _rows(measure(count, 1), f"{count:,} notices, one process")
    return rows + _rows(measure(SOME, 2), f"{SOME:,} notices, two processes")


def main() -> None:
    for row in run("--quick" in sys.argv):
        print(
            f"{row.what:45} {row.value:10.1f} {row.unit:3} {row.low:8.1f} {row.high:8.1f}  {row.aim}  {row.reached}"
        )


if __name__ == "__main__":
    main()
