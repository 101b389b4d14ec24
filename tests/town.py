"""A whole service beside a simulated Telegram, with one LAO invited: what journeys are played in."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.service import Parts, Service
from bot.simulator import Person, Simulator
from flows.core.coordinates import LatLon
from storage import invitations
from storage.db import Store
from storage.lao import Lao, import_laos
from storage.media import Media, open_media

TONTHONGCHAI = Lao(
    "5520107", "เทศบาลตำบลต้นธงชัย", "เทศบาลตำบล", "ลำปาง", "เมืองลำปาง", "ต้นธงชัย", LatLon(18.3171, 99.5106)
)
KOKHA = Lao(
    "5520401", "เทศบาลตำบลเกาะคา", "เทศบาลตำบล", "ลำปาง", "เกาะคา", "เกาะคา", LatLon(18.1925, 99.3942)
)
CHIANGMAI = Lao(
    "3500101", "เทศบาลนครเชียงใหม่", "เทศบาลนคร", "เชียงใหม่", "เมืองเชียงใหม่", "ศรีภูมิ", LatLon(18.7953, 98.9986)
)
PHRAE = Lao("5400101", "องค์การบริหารส่วนตำบลป่าแมต", "องค์การบริหารส่วนตำบล", "แพร่", "เมืองแพร่", "ป่าแมต")
LAOS = (TONTHONGCHAI, KOKHA, CHIANGMAI, PHRAE)


@dataclass
class Clock:
    """Real time told from January 2017 (2560), and moved on at will."""

    start: datetime = datetime(2017, 1, 16, 2, 0, tzinfo=UTC)
    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.start + timedelta(seconds=time.monotonic() - self.began)

    def move(self, by: timedelta) -> None:
        self.start += by


@dataclass
class Town:
    sim: Simulator
    store: Store
    parts: Parts
    service: Service
    clock: Clock

    async def invitation(self, lao: Lao = TONTHONGCHAI, uses: int = 3) -> str:
        code, _ = await self.store.run(invitations.invite, lao.code, self.clock(), uses=uses)
        return code

    async def officer(self, name: str = "สมศรี ตัวอย่าง", lao: Lao = TONTHONGCHAI) -> Person:
        """Somebody who has joined by an invitation."""
        person = self.sim.person(name)
        await person.say(f"/start {await self.invitation(lao)}")
        await person.hears("ใช่หน่วยงานของท่านหรือไม่")
        await person.press("ใช่ เข้าร่วม")
        await person.hears("ต้องการทำอะไร")
        return person

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.service.web_port}"

    async def stop(self) -> None:
        await self.service.stop()

    async def start(self) -> None:
        """The service again, as after a restart: everything it knows is in the store and in Telegram."""
        self.service = Service(self.parts)
        await self.service.start()


@asynccontextmanager
async def town(
    store: Store, folder: Path, *, expects_refusals: bool = False, media: Media | None = None
) -> AsyncIterator[Town]:
    """Ends with a check that Telegram refused nothing."""
    clock = Clock()
    store.run_now(import_laos, LAOS, clock())
    async with Simulator() as sim:
        parts = Parts(
            token=sim.token, api=sim.url, store=store, media=media or open_media(str(folder / "media")), secret=b"s" * 32,
            public_url="http://127.0.0.1", now=clock, long_poll=5.0,
        )  # fmt: skip
        here = Town(sim, store, parts, Service(parts), clock)
        await here.service.start()
        try:
            yield here
        finally:
            await here.stop()  # whichever runs by now
        if not expects_refusals:
            assert not sim.refusals, sim.refusals
