"""The composition root: one process with the bot, the delivery of notices and the admin web."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from admin_web.app import make_app
from bot import coordinators, texts
from bot.chat_service import TryAgain
from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.reception import Reception
from bot.reminding import LOOK_EVERY, Reminding
from bot.settings import Network, Settings
from bot.telegram.client import Telegram
from bot.telegram.polling import Polling
from flows.core.chat import Drawing, ShownPhoto
from flows.core.text import Language
from storage import conversations
from storage.db import StorageUnavailable, Store
from storage.media import Media, open_media
from storage.photos import Photos
from storage.upgrade import upgrade

GRACE = 20.0  # seconds that what is in hand may take when stopping
TIDY_EVERY = 3600.0  # seconds
log = logging.getLogger("thongthin.service")


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service is made of. `web_port` 0 takes any free port."""

    token: str
    api: str
    store: Store
    media: Media
    secret: bytes
    public_url: str
    web_host: str = "127.0.0.1"
    web_port: int = 0
    tiles: str | None = None
    trusted_proxies: tuple[Network, ...] = ()
    now: Callable[[], datetime] = utc_now
    long_poll: float = 50.0  # seconds
    look_every: float = LOOK_EVERY  # seconds between looks at who is due a reminder


class Service:
    """Runs until it is stopped; what is in hand is finished first."""

    def __init__(self, parts: Parts) -> None:
        self.photos = Photos(parts.media)
        self.telegram = Telegram(parts.token, parts.api, read_photo=self._read_photo, draw=self._draw)
        self.web_port = parts.web_port
        self._parts = parts
        self._runner: web.AppRunner | None = None
        self._polling: Polling | None = None
        self._delivery: Delivery | None = None
        self._reminding: Reminding | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def _read_photo(self, shown: ShownPhoto) -> bytes:
        return await self.photos.read(shown.photo, shown.size, shown.crop)

    async def _draw(self, drawing: Drawing, language: Language) -> bytes | None:
        return await coordinators.drawn(self._parts.store, drawing, language, self._parts.now)

    async def start(self) -> None:
        """The admin web first; the bot as soon as Telegram can be reached."""
        await self.start_web()
        await self.start_bot()

    async def start_web(self) -> None:
        parts = self._parts
        app = make_app(
            parts.store, self.photos, secret=parts.secret, public_url=parts.public_url, tiles=parts.tiles,
            now=parts.now, trusted_proxies=parts.trusted_proxies, bot_name=lambda: self.telegram.username,
        )  # fmt: skip
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, parts.web_host, parts.web_port)
        await site.start()
        self.web_port = self._runner.addresses[0][1]

    async def start_bot(self) -> None:
        """Waits for as long as Telegram cannot be reached."""
        parts = self._parts
        await self.telegram.start()
        await self._introduce()
        self._delivery = Delivery(parts.store, self.telegram, parts.now)
        self._reminding = Reminding(parts.store, parts.now, parts.look_every)
        reception = Reception(parts.store, self.photos, self.telegram, self.telegram.username, parts.now)
        inbox = Inbox(reception.receive, reception.give_up, reception.apologise)
        self._polling = Polling(
            self.telegram, inbox, reception.keep_unreadable, long_poll=parts.long_poll, grace=GRACE
        )
        self._tasks = {
            "polling": asyncio.create_task(self._polling.run(), name="polling"),
            "delivery": asyncio.create_task(self._delivery.run(), name="delivery"),
            "reminding": asyncio.create_task(self._reminding.run(), name="reminding"),
            "tidying": asyncio.create_task(self._tidy(), name="tidying"),
        }

    async def _introduce(self) -> None:
        """Tells Telegram our commands; where it will not listen now, the ones it knows will do."""
        try:
            await self.telegram.leave_webhook()
            await self.telegram.set_commands(texts.COMMANDS)
            await self.telegram.describe(texts.DESCRIPTION, texts.SHORT_DESCRIPTION)
        except TryAgain as error:
            log.warning("the bot could not be introduced", extra={"why": str(error)})

    async def _tidy(self) -> None:
        while True:
            with contextlib.suppress(StorageUnavailable):
                await self._parts.store.run(conversations.forget_handled, self._parts.now())
            await asyncio.sleep(TIDY_EVERY)

    async def ended(self) -> None:
        """Returns when a part has ended by itself; raises what ended it."""
        done, _ = await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """In the order in which nothing is lost: no more updates, then no more notices, then the web."""
        if self._polling is not None:
            self._polling.stop()
            await asyncio.wait([self._tasks["polling"]])
        if self._reminding is not None:
            self._reminding.stop()
            await asyncio.wait([self._tasks["reminding"]])
        if self._delivery is not None:
            self._delivery.stop()
            await asyncio.wait([self._tasks["delivery"]])
        if tidying := self._tasks.get("tidying"):
            tidying.cancel()
            await asyncio.wait([tidying])
        if self._runner is not None:
            await self._runner.cleanup()
        await self.telegram.stop()
        self.photos.close()


@asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[Service]:
    """A service from start to clean stop. The store stays open: it is the caller's."""
    service = Service(parts)
    try:
        await service.start()
        yield service
    finally:
        await service.stop()


async def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """The real thing: brings the database up to date, runs until told to stop, and then stops cleanly."""
    settings.data.mkdir(parents=True, exist_ok=True)
    told = until_told_to_stop()
    await asyncio.to_thread(upgrade, settings.database)
    store = Store(settings.database)
    try:
        service = Service(await asyncio.to_thread(parts_of, settings, store))
        starting = asyncio.create_task(_start(service, settings, say))
        stopping = asyncio.create_task(told.wait())
        try:
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                ended = asyncio.create_task(service.ended())
                await asyncio.wait({stopping, ended}, return_when=asyncio.FIRST_COMPLETED)
                if ended.done():
                    ended.result()
        finally:
            starting.cancel()
            if told.is_set():
                say("กำลังหยุด: ทำงานที่ค้างในมือให้เสร็จก่อน / Stopping: finishing what is in hand")
            await service.stop()
    finally:
        await asyncio.to_thread(store.close)


async def _start(service: Service, settings: Settings, say: Callable[[str], None]) -> None:
    await service.start_web()
    say(f"เว็บผู้ตรวจ / admin web: {settings.public_url}")
    await service.start_bot()
    say(f"บอต / bot: https://t.me/{service.telegram.username}")


def parts_of(settings: Settings, store: Store) -> Parts:
    """Opens the store of the photos, which may have to be asked over the network. Raises MediaUnusable."""
    return Parts(
        token=settings.telegram_token,
        api=settings.telegram_api,
        store=store,
        media=open_media(str(settings.media), settings.media_access),
        secret=settings.secret.encode(),
        public_url=settings.public_url,
        web_host=settings.web_host,
        web_port=settings.web_port,
        tiles=settings.tiles or None,
        trusted_proxies=settings.trusted_proxies,
    )


def until_told_to_stop() -> asyncio.Event:
    """Set by SIGTERM and Ctrl-C."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, told.set)
    return told
