"""The composition root: one process with the bot, the delivery of notices and the admin web."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, assert_never

from aiohttp import web

from admin_web import phone
from admin_web.app import make_app
from admin_web.health import Probes as WebProbes
from admin_web.making import Making
from admin_web.progress import Place
from bot import console, coordinators, retrying, texts
from bot.chat_service import Arrived, TryAgain
from bot.delivery import Delivery
from bot.duties import EVERYTHING, Duty, needs_telegram
from bot.health import Health
from bot.inbox import Inbox
from bot.left_over import LeftOver
from bot.measurements import Measurements
from bot.pace import RATE, Pace
from bot.postbox import Postbox
from bot.probes import Probes
from bot.reception import Reception
from bot.reminding import LOOK_EVERY, Reminding
from bot.retrying import Retrying
from bot.search_words import SLOW_SEARCHES
from bot.settings import Network, Settings
from bot.telegram.client import Telegram
from bot.telegram.polling import Polling
from bot.telegram.updates import read_update
from bot.telegram.webhook import Webhook
from bot.tidying import Tidying
from flows.core.chat import Drawing, Listing, ShownPhoto
from flows.core.text import Language
from storage import command_menus
from storage.census import Backlog, backlog
from storage.db import StorageUnavailable, Store
from storage.media import Media, open_media
from storage.photos import Photos
from storage.search_index import searching
from storage.upgrade import upgrade

GRACE = 20.0  # seconds that what is in hand may take when stopping
log = logging.getLogger("thongthin.service")


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service is made of. `web_port` 0 takes any free port; without a `token` only the web can run."""

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
    webhook: str = ""  # the address that Telegram posts updates to; "": it is asked for them
    webhook_port: int = 0
    metrics_port: int | None = None  # 0 takes any free port, None opens none
    now: Callable[[], datetime] = utc_now
    long_poll: float = 50.0  # seconds
    look_every: float = LOOK_EVERY  # seconds between looks at who is due a reminder
    retry_every: float = retrying.LOOK_EVERY  # seconds between looks at dead letters to be run again
    duties: frozenset[Duty] = EVERYTHING
    rate: float = RATE  # messages a second over all chats and processes; 0 for no limit


class _Runs(Protocol):
    """Runs until it is told to stop, and finishes what is in hand first."""

    async def run(self) -> None: ...

    def stop(self) -> None: ...


class Service:
    """Runs until it is stopped; what is in hand is finished first."""

    def __init__(self, parts: Parts) -> None:
        self.photos = Photos(parts.media)
        self.pace = Pace(parts.store, parts.rate) if parts.rate else None
        self.web_port, self.webhook_port = parts.web_port, parts.webhook_port
        self.metrics_port = parts.metrics_port or 0
        self._parts = parts
        self.measurements = Measurements()
        self._making = Making()
        self._telegram = self._made_telegram() if parts.token else None
        there = self._telegram.is_there if self._telegram else None
        self.health = Health(parts.store, parts.media, there, self._parts_ended)
        self._runner: web.AppRunner | None = None
        self._probes: Probes | None = None
        # In the order in which nothing is lost when they stop: first no more updates, then no more notices.
        self._running: list[tuple[_Runs, asyncio.Task[None]]] = []

    def _made_telegram(self) -> Telegram:
        parts = self._parts
        return Telegram(
            parts.token, parts.api, read_photo=self._read_photo, make=self._made, pace=self.pace,
            alone=not parts.webhook, called=self.measurements.called,
        )  # fmt: skip

    @property
    def telegram(self) -> Telegram:
        assert self._telegram is not None, "a token is needed for what is done here"
        return self._telegram

    async def _read_photo(self, shown: ShownPhoto) -> bytes:
        return await self.photos.read(shown.photo, shown.size, shown.crop)

    async def _made(self, what: Drawing | Listing, language: Language) -> bytes | None:
        """What goes with a message, made off the event loop and in turn with what the web makes."""
        return await self._making.in_turn(lambda: self._make(what, language))

    async def _make(self, what: Drawing | Listing, language: Language) -> bytes | None:
        store, now = self._parts.store, self._parts.now
        match what:
            case Drawing():
                return await coordinators.drawn(store, what, language, now)
            case Listing():
                seen = await store.read(coordinators.seen_by, what.reader, what.campaign, what.province)
                if seen is None:
                    return None
                return await phone.listed(store, *seen, Place(what.province), now(), language)
            case _:
                assert_never(what)

    async def start(self) -> None:
        """The admin web first; the bot as soon as Telegram can be reached."""
        await self.start_web()
        await self.start_bot()

    async def start_web(self) -> None:
        """The admin web, and before it the port that tells how far the start is."""
        parts = self._parts
        if parts.metrics_port is not None:
            self._probes = Probes(
                self.health, self.measurements, self._backlog, host=parts.web_host, port=parts.metrics_port
            )
            await self._probes.open()
            self.metrics_port = self._probes.port
        if "web" not in parts.duties:
            return
        app = make_app(
            parts.store, self.photos, secret=parts.secret, public_url=parts.public_url, tiles=parts.tiles,
            now=parts.now, trusted_proxies=parts.trusted_proxies, bot_name=self._bot_name,
            probes=WebProbes(self.health.alive, self.health.ready), making=self._making,
        )  # fmt: skip
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, parts.web_host, parts.web_port)
        await site.start()
        self.web_port = self._runner.addresses[0][1]

    async def _backlog(self) -> Backlog:
        return await self._parts.store.read(backlog, self._parts.now())

    def _parts_ended(self) -> list[str]:
        return [task.get_name() for _, task in self._running if task.done()]

    def _bot_name(self) -> str:
        return self._telegram.username if self._telegram else ""

    async def start_bot(self) -> None:
        """Waits for as long as Telegram cannot be reached. The web needs no more of it than the bot's name."""
        duties = self._parts.duties
        if needs_telegram(duties) or self._telegram:
            await self.telegram.start()
        if "bot" in duties:
            for one in await self._receiving():
                self._run(one)
        if "delivery" in duties:
            for one in self._going_out():
                self._run(one)
        self.health.phase = "running"
        if "bot" in duties:  # last: nobody's message waits for it
            await self._introduce()
            await self._offer_progress()

    def _run(self, one: _Runs) -> None:
        self._running.append((one, asyncio.create_task(one.run(), name=type(one).__name__.lower())))

    async def _receiving(self) -> Sequence[_Runs]:
        parts = self._parts
        posted = bool(parts.webhook)
        reception = Reception(
            parts.store, self.photos, self.telegram, self.telegram.username, parts.now, posted=posted,
            measurements=self.measurements,
        )  # fmt: skip
        if posted:
            return await self._posted_to(reception)

        async def take(arrived: Arrived) -> None:
            await inbox.put(arrived)

        inbox = Inbox(reception.receive, reception.give_up, reception.apologise)
        self.measurements.received_by(inbox.depth)
        polling = Polling(
            self.telegram, inbox, reception.keep_unreadable, long_poll=parts.long_poll, grace=GRACE,
            ignored=self._ignored,
        )  # fmt: skip
        return self._retrying(reception, take), polling

    def _retrying(self, reception: Reception, take: Callable[[Arrived], Awaitable[None]]) -> Retrying:
        parts = self._parts
        return Retrying(
            parts.store, reception, parts.now, read=read_update, take=take, look_every=parts.retry_every
        )

    async def _posted_to(self, reception: Reception) -> Sequence[_Runs]:
        parts = self._parts
        postbox = Postbox(reception.receive, reception.give_up, reception.apologise)
        self.measurements.received_by(postbox.depth)
        webhook = Webhook(
            self.telegram, postbox, reception.keep_unreadable, base=parts.webhook, secret=parts.secret,
            token=parts.token, host=parts.web_host, port=parts.webhook_port, grace=GRACE, health=self.health,
            ignored=self._ignored,
        )  # fmt: skip
        await webhook.open()
        self.webhook_port = webhook.port
        return self._retrying(reception, postbox.take), webhook

    def _ignored(self) -> None:
        self.measurements.passed_over("ignored")

    def _going_out(self) -> tuple[_Runs, ...]:
        parts = self._parts
        return (
            LeftOver(parts.store, parts.now),
            Reminding(parts.store, parts.now, parts.look_every),
            Delivery(
                parts.store,
                self.telegram,
                parts.now,
                self.pace,
                measurements=self.measurements,
                web=parts.public_url,
            ),
            Tidying(parts.store, parts.now),
        )

    async def _introduce(self) -> None:
        """Tells Telegram our commands; where it will not listen now, the ones it knows will do."""
        try:
            await self.telegram.set_commands(texts.COMMANDS)
            await self.telegram.describe(texts.DESCRIPTION, texts.SHORT_DESCRIPTION)
        except TryAgain as error:
            log.warning("the bot could not be introduced", extra={"why": str(error)})

    async def _offer_progress(self) -> None:
        """Puts /progress into the menus of coordinators who joined before it was there or said otherwise."""
        version = hashlib.sha256(repr((texts.PROGRESS_COMMAND, texts.COMMANDS)).encode()).hexdigest()[:16]
        with contextlib.suppress(StorageUnavailable):
            await self._parts.store.run(command_menus.tell_every, version, self._parts.now())

    async def ended(self) -> None:
        """Returns when a part has ended by itself; raises what ended it. The web alone never does."""
        if not self._running:
            await asyncio.Event().wait()
        done, _ = await asyncio.wait([task for _, task in self._running], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """In the order in which nothing is lost: no more updates, then no more notices, then the web."""
        self.health.phase = "stopping"
        for one, task in self._running:
            one.stop()
            await asyncio.wait([task])
        if self._runner is not None:
            await self._runner.cleanup()
        if self._probes is not None:
            await self._probes.close()
        await self.health.close()
        if self._telegram is not None:
            await self._telegram.stop()
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


async def serve(settings: Settings, say: Callable[[str], None], duties: frozenset[Duty] = EVERYTHING) -> None:
    """The real thing: brings the database up to date, runs until told to stop, and then stops cleanly."""
    settings.data.mkdir(parents=True, exist_ok=True)
    told = until_told_to_stop()
    await asyncio.to_thread(upgrade, settings.database)
    store = Store(settings.database)
    try:
        slow = SLOW_SEARCHES.get(await store.read(searching))
        if slow is not None:
            say(console.both(slow))
        service = Service(await asyncio.to_thread(parts_of, settings, store, duties))
        starting = asyncio.create_task(_start(service, settings, say, duties))
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


async def _start(
    service: Service, settings: Settings, say: Callable[[str], None], duties: frozenset[Duty]
) -> None:
    await service.start_web()
    if "web" in duties:
        say(f"เว็บผู้ตรวจ / admin web: {settings.public_url}")
    await service.start_bot()
    if needs_telegram(duties):
        say(f"บอต / bot: https://t.me/{service.telegram.username}")


def parts_of(settings: Settings, store: Store, duties: frozenset[Duty] = EVERYTHING) -> Parts:
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
        webhook=settings.webhook,
        webhook_port=settings.webhook_port,
        metrics_port=settings.metrics_port or None,
        duties=duties,
    )


def until_told_to_stop() -> asyncio.Event:
    """Set by SIGTERM and Ctrl-C."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, told.set)
    return told
