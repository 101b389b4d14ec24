"""Several services on one database behind one address, as on several machines, beside a simulated Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.service import Parts, Service
from bot.simulator import Simulator
from storage.db import Store
from storage.lao import import_laos
from storage.media import open_media
from tests.round_robin import RoundRobin, round_robin
from tests.town import LAOS, Clock, Town


@dataclass
class Replicas(Town):
    """`store` and `service` are those of the first, `database` is what all of them share."""

    database: str
    folder: Path
    balancer: RoundRobin
    running: list[Service] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)

    async def start_one(self) -> Service:
        """One more process, with a store of its own; it is in the balancer's turn as soon as it listens."""
        store = Store(self.database)
        self.stores.append(store)
        service = Service(replace(self.parts, store=store, media=open_media(str(self.folder / "media"))))
        await service.start()
        self.running.append(service)
        if self.parts.webhook:
            self.balancer.behind.append(address(service))
        return service

    async def stop_one(self, service: Service) -> None:
        self.running.remove(service)
        await service.stop()  # the balancer still passes on to it meanwhile, as one does
        if self.parts.webhook:
            self.balancer.behind.remove(address(service))

    async def stop(self) -> None:
        for one in list(self.running):
            await self.stop_one(one)

    def by_webhook(self, on: bool) -> None:
        """What the processes that start from now on are set to."""
        self.parts = replace(self.parts, webhook=self.balancer.url if on else "")


def address(service: Service) -> str:
    return f"http://127.0.0.1:{service.webhook_port}"


@asynccontextmanager
async def replicas(
    database: str, folder: Path, number: int = 2, *, expects_refusals: bool = False
) -> AsyncIterator[Replicas]:
    clock, store = Clock(), Store(database)
    store.run_now(import_laos, LAOS, clock())
    async with Simulator() as sim, round_robin() as balancer:
        parts = Parts(
            token=sim.token, api=sim.url, store=store, media=open_media(str(folder / "media")), secret=b"s" * 32,
            public_url="http://127.0.0.1", now=clock, long_poll=5.0, webhook=balancer.url,
        )  # fmt: skip
        here = Replicas(sim, store, parts, Service(parts), clock, database, folder, balancer)
        try:
            for _ in range(number):
                await here.start_one()
            yield here
        finally:
            await here.stop()
            for one in [store, *here.stores]:
                one.close()
        if not expects_refusals:
            assert not sim.refusals, sim.refusals
