"""One run: officers, a reviewer and the faults, until the time is up; then the end is awaited and checked."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from bot.simulator import Person, Simulator, updates
from flows.core.problem import Problem
from storage import invitations, review_queue, reviews
from storage.db import StorageUnavailable, Store, Tx
from storage.lao import import_laos
from storage.media import open_media
from storage.reviewers import Reviewer, add_reviewer, reviewer_named
from storage.upgrade import upgrade
from tests import postgres
from tests.chaos import checks, faults, log_lines, outcome
from tests.chaos.ledger import Ledger
from tests.chaos.officers import Officer, pictures
from tests.chaos.service import Replica, free_port
from tests.round_robin import RoundRobin, round_robin
from tests.town import LAOS

DISK = 96  # megabytes of the small disk for the data folder
DRAIN = 200.0  # seconds for what is still on its way at the end: a claim that bears no name takes 120
REVIEWER = "ผู้ตรวจ"


@dataclass(frozen=True, slots=True)
class Plan:
    seed: int
    officers: int = 100
    seconds: float = 120.0  # of trouble
    database: Literal["sqlite", "postgresql"] = "sqlite"
    transport: Literal["polling", "webhook"] = "polling"
    replicas: int = 1  # by webhook on PostgreSQL
    without: tuple[str, ...] = ()  # kinds of faults that are left out
    small_disk: bool = True  # where this machine gives one
    between: float = 3.0  # seconds from one fault to the next, about


@dataclass(frozen=True, slots=True)
class Report:
    plan: Plan
    ledger: Ledger
    outcome: outcome.Outcome
    happened: Sequence[tuple[float, str]]
    redelivered: int
    ended_by_itself: Sequence[int]
    exits: Sequence[int]
    took: float
    losses: Sequence[checks.Loss]
    twice: Sequence[checks.Twice]
    not_done: Sequence[str]  # faults that this machine does not let us do
    log_lines: Sequence[Sequence[str]]  # beside each loss, about its updates

    @property
    def well(self) -> bool:
        wrong = bool(self.losses) or bool(self.bad_exits) or bool(self.not_done) or bool(self.crashes)
        return not wrong and all(one.excused for one in self.twice)

    @property
    def crashes(self) -> list[int]:
        """By a signal that was not ours; a process whose database is away when it starts ends by itself with a word."""
        return [code for code in self.ended_by_itself if code < 0]

    @property
    def bad_exits(self) -> list[int]:
        """A process that is only starting, and so has nothing in hand, may be ended by the signal itself."""
        return [one for one in self.exits if one not in (0, -signal.SIGTERM)]


async def run(plan: Plan) -> Report:
    updates.REMEMBERED = 1_000_000
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="thongthin-chaos-") as folder, contextlib.ExitStack() as stack:
        data = Path(folder) / "data"
        data.mkdir()
        if plan.small_disk and (unmount := faults.small_disk(data, DISK)) is not None:
            stack.callback(unmount)
        server, database = None, f"sqlite:///{data / 'thongthin.sqlite3'}"
        if plan.database == "postgresql":
            programs = postgres.programs()
            assert programs is not None, "PostgreSQL is not installed"
            server = stack.enter_context(postgres.server(programs))
            database = server.setting(server.make())
        await asyncio.to_thread(upgrade, database)
        store = Store(database)
        stack.callback(store.close)
        async with _town(plan, Path(folder), data, database, server) as town:
            return await _played(plan, town, store, began)


@contextlib.asynccontextmanager
async def _town(
    plan: Plan, folder: Path, data: Path, database: str, server: postgres.Server | None
) -> AsyncIterator[faults.Town]:
    async with Simulator(shrink=_as_it_is) as simulator, round_robin() as balancer:
        replicas = replicas_of(plan, folder, simulator, balancer, data, database)
        posted = plan.transport == "webhook"
        try:
            yield faults.Town(simulator, balancer, replicas, data, database, server, posted)
        finally:
            for one in replicas:
                one.gone()


def replicas_of(
    plan: Plan, folder: Path, simulator: Simulator, balancer: RoundRobin, data: Path, database: str
) -> list[Replica]:
    """Not started yet; their logs are in the folder."""
    replicas = []
    for n in range(plan.replicas):
        port = free_port()
        settings = {
            "THONGTHIN_TELEGRAM_TOKEN": simulator.token, "THONGTHIN_TELEGRAM_API": simulator.url,
            "THONGTHIN_DATA": str(data), "THONGTHIN_DATABASE": database, "THONGTHIN_WEB_PORT": str(free_port()),
            "THONGTHIN_WEBHOOK_PORT": str(port), "THONGTHIN_LOG": "steps",
            "THONGTHIN_SECRET": "of this run and of no other one ever",
        }  # fmt: skip
        if plan.transport == "webhook":
            settings["THONGTHIN_WEBHOOK"] = balancer.url
            balancer.behind.append(f"http://127.0.0.1:{port}")
        replicas.append(Replica(settings, folder / f"log{n}"))
    return replicas


def _as_it_is(data: bytes, longest: int) -> tuple[bytes, int, int]:
    """Telegram would make a photo smaller; as it is, the bytes can be followed."""
    return data, 640, 480


async def _played(plan: Plan, town: faults.Town, store: Store, began: float) -> Report:
    chance, ledger = random.Random(plan.seed), Ledger()
    codes, reviewer = store.run_now(_furnish, chance)
    scenes = pictures(chance)
    people = [town.simulator.person(f"เจ้าหน้าที่ {n + 1}") for n in range(plan.officers + 1)]
    officers = [Officer(one, ledger, random.Random(chance.random()), scenes) for one in people]
    for one in town.replicas:
        one.start()
    over, judged, town.began = asyncio.Event(), asyncio.Event(), time.time()
    async with asyncio.TaskGroup() as around:
        watching = [around.create_task(one.watch()) for one in town.replicas]
        judging = around.create_task(_judge(store, reviewer, random.Random(chance.random()), judged))
        working = [
            asyncio.create_task(one.work(chance.choice(codes), over)) for one in officers[: plan.officers]
        ]
        working.append(asyncio.create_task(officers[-1].poison(codes[0])))
        around.create_task(_unreadable(town.simulator, people[0], ledger))
        often = faults.kinds(plan.database, plan.transport, plan.without)
        await faults.let_loose(town, faults.schedule(plan.seed, plan.seconds, often, plan.between))
        town.simulator.faults.clear()
        town.note("no more faults")
        over.set()
        await asyncio.gather(*working)
        await _drained(town, store)
        judged.set()
        await judging
        await _drained(town, store)  # of a verdict given just when the last notice had gone out too
        exits = [await one.end() for one in town.replicas]
        for task in watching:
            task.cancel()
    media = await asyncio.to_thread(open_media, str(town.data / "media"))
    found = await asyncio.to_thread(outcome.read, store, media, town.simulator, people, list(ledger.photos))
    lost = await asyncio.to_thread(checks.losses, ledger, found)
    logs = [one.log for one in town.replicas]
    return Report(
        plan, ledger, found, town.happened, town.redelivered,
        [code for one in town.replicas for code in one.ended_by_itself], exits, time.monotonic() - began,
        lost, checks.said_twice(found, town.kills, town.lost_answers), town.not_done,
        [log_lines.about(logs, one.updates) for one in lost],
    )  # fmt: skip


def _furnish(tx: Tx, chance: random.Random) -> tuple[list[str], Reviewer]:
    now = datetime.now(UTC)
    import_laos(tx, LAOS, now)
    added = add_reviewer(tx, REVIEWER, "", now)
    assert not isinstance(added, Problem)
    who = reviewer_named(tx, REVIEWER)
    assert who is not None
    return [invitations.invite(tx, one.code, now, uses=1000)[0] for one in LAOS[:2]], who


async def _unreadable(simulator: Simulator, person: Person, ledger: Ledger) -> None:
    """A message as no version of the library can read it."""
    await asyncio.sleep(3)
    words = "a message from the future"
    simulator.updates.add(
        "message", {"message_id": "first", "text": words, "chat": {"id": person.id}}, ("message", person.id)
    )
    ledger.poisonous.append(words)


async def _judge(store: Store, reviewer: Reviewer, chance: random.Random, judged: asyncio.Event) -> None:
    """A reviewer who decides on whatever has waited longest, every now and then, until all is judged."""
    while not judged.is_set():
        await asyncio.sleep(chance.uniform(0.2, 1.0))
        with contextlib.suppress(StorageUnavailable):
            await store.run(_decide, reviewer, chance.random(), chance.random())


def _decide(tx: Tx, reviewer: Reviewer, chance: float, more: float) -> None:
    waiting = review_queue.queue(tx, review_queue.Filters()).entries
    for one in waiting[: 1 + int(more * 3)]:
        name = "title" if one.form == "news" else "name"
        verdict, flags, note = ("approve", {}, "") if chance < 0.6 else ("reject", {}, "ซ้ำกับรายการเดิม")
        if 0.6 <= chance < 0.85:
            verdict, flags, note = "changes", {name: "เขียนให้ครบ"}, ""
        reviews.decide(tx, one.id, one.revision, reviewer.id, verdict, flags, note, datetime.now(UTC))  # type: ignore[arg-type]


async def _drained(town: faults.Town, store: Store) -> None:
    """Returns when nothing is on its way any more, or after a while that is too long."""
    until = time.monotonic() + DRAIN
    while time.monotonic() < until:
        with contextlib.suppress(StorageUnavailable):
            if not town.simulator.pending and not await store.read(outcome.notices_waiting):
                return
        await asyncio.sleep(0.5)
