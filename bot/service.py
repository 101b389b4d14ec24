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
from bot import texts
from bot.chat_service import TryAgain
from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.reception import Reception
from bot.telegram.client import Telegram
from bot.telegram.polling import Polling
from flows.core.chat import ShownPhoto
from storage import conversations
from storage.db import StorageUnavailable, Store
from storage.media import Media
from storage.photos import Photos

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
    trusted_proxies: tuple[str, ...] = ()
    now: Callable[[], datetime] = utc_now
    long_poll: float = 50.0  # seconds


class Service:
    """Runs until it is stopped; what is in hand is finished first."""

    def __init__(self, parts: Parts) -> None:
        self.photos = Photos(parts.media)
        self.telegram = Telegram(parts.token, parts.api, read_photo=self._read_photo)
        self.web_port = parts.web_port
        self._parts = parts
        self._tasks: list[asyncio.Task[None]] = []

    async def _read_photo(self, shown: ShownPhoto) -> bytes:
        return await self.photos.read(shown.photo, shown.size, shown.crop)

    async def start(self) -> None:
        """The admin web first; the bot as soon as Telegram can be reached."""
        parts = self._parts
        app = make_app(
            parts.store, self.photos, secret=parts.secret, public_url=parts.public_url, tiles=parts.tiles,
            now=parts.now, trusted_proxies=parts.trusted_proxies,
        )  # fmt: skip
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, parts.web_host, parts.web_port)
        await site.start()
        self.web_port = self._runner.addresses[0][1]
        await self.telegram.start()
        await self._introduce()
        self._delivery = Delivery(parts.store, self.telegram, parts.now)
        reception = Reception(parts.store, self.photos, self.telegram, self.telegram.username, parts.now)
        inbox = Inbox(reception.receive, reception.give_up, reception.apologise)
        self._polling = Polling(
            self.telegram, inbox, reception.keep_unreadable, long_poll=parts.long_poll, grace=GRACE
        )
        for name, work in (
            ("polling", self._polling.run()), ("delivery", self._delivery.run()), ("tidying", self._tidy())
        ):  # fmt: skip
            self._tasks.append(asyncio.create_task(work, name=name))

    async def _introduce(self) -> None:
        """Tells Telegram our commands; where it will not listen now, the ones it knows will do."""
        try:
            await self.telegram.leave_webhook()
            await self.telegram.set_commands(texts.COMMANDS)
        except TryAgain as error:
            log.warning("commands not set", extra={"why": str(error)})

    async def _tidy(self) -> None:
        while True:
            with contextlib.suppress(StorageUnavailable):
                await self._parts.store.run(conversations.forget_handled, self._parts.now())
            await asyncio.sleep(TIDY_EVERY)

    async def ended(self) -> None:
        """Returns when a part has ended by itself; raises what ended it."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def stop(self) -> None:
        polling, delivery, tidying = self._tasks
        self._polling.stop()
        await asyncio.wait([polling])
        self._delivery.stop()
        await asyncio.wait([delivery])
        tidying.cancel()
        await asyncio.wait([tidying])
        await self._runner.cleanup()
        await self.telegram.stop()
        self.photos.close()


@asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[Service]:
    """A service from start to clean stop. The store stays open: it is the caller's."""
    service = Service(parts)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


def until_told_to_stop() -> asyncio.Event:
    """Set by SIGTERM and Ctrl-C."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, told.set)
    return told
