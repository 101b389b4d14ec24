"""Telegram posts updates to us, and hears 200 only when our database has them, so that a crash loses none."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web
from telegram.error import TelegramError

from bot.chat_service import TryAgain
from bot.health import Health
from bot.postbox import NotTaken, Postbox
from bot.probes import answer_of
from bot.telegram.client import Telegram
from bot.telegram.failures import WAIT_WHEN_REJECTED
from bot.telegram.polling import GRACE, KeepUnreadable
from bot.telegram.request import redact
from bot.telegram.updates import UnreadableUpdate, read_update
from storage.causes import caused_by, of_update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MOST_BODY = 2**20  # bytes; the longest message with all its marks has some tens of thousands
LOOK_EVERY = 60.0  # seconds
FIRST_PAUSE, MOST_PAUSE = 1.0, 30.0  # seconds between tries
LINGER = 1.0  # seconds for connections at the very end

_log = logging.getLogger("thongthin.telegram")


def path_for(secret: bytes, token: str) -> str:
    """The last part of the address, the same in every process with this secret; nobody else can guess it."""
    return _derived(secret, "path", token)[:32]


def secret_token_for(secret: bytes, token: str) -> str:
    """What Telegram sends along to show that it is Telegram."""
    return _derived(secret, "secret token", token)


def address_for(base: str, secret: bytes, token: str) -> str:
    return f"{base.rstrip('/')}/{path_for(secret, token)}"


def _derived(secret: bytes, what: str, token: str) -> str:
    return hmac.new(secret, f"telegram webhook {what}\n{token}".encode(), hashlib.sha256).hexdigest()


class Webhook:
    """`base` is the address by which Telegram reaches `host` and `port`, through whatever stands between.

    Any number of these may run behind one address. None takes the webhook away when it stops: the others go on,
    and with nobody there Telegram keeps what comes.
    """

    def __init__(
        self,
        telegram: Telegram,
        postbox: Postbox,
        keep_unreadable: KeepUnreadable,
        *,
        base: str,
        secret: bytes,
        token: str,
        host: str = "127.0.0.1",
        port: int = 0,
        grace: float = GRACE,
        look_every: float = LOOK_EVERY,
        health: Health | None = None,
        ignored: Callable[[], None] = lambda: None,
    ) -> None:
        self._telegram, self._postbox, self._keep_unreadable = telegram, postbox, keep_unreadable
        self._url = address_for(base, secret, token)
        self._path, self._secret_token = path_for(secret, token), secret_token_for(secret, token)
        self._host, self.port = host, port
        self._grace, self._look_every = grace, look_every
        self._failed_at: datetime | None = None
        self._health, self._ignored = health, ignored
        self._runner: web.AppRunner | None = None
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """From now on nothing new is taken; Telegram brings it to another process, or later."""
        self._stopping.set()

    async def open(self) -> None:
        """Raises OSError where the port cannot be had."""
        app = web.Application(client_max_size=MOST_BODY)
        app.router.add_post("/{path:.*}", self._posted)
        app.router.add_get("/healthz", self._healthy)
        app.router.add_get("/readyz", self._ready)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=LINGER)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self.port).start()
        self.port = self._runner.addresses[0][1]

    async def run(self) -> None:
        """Until `stop`; then what is in hand is finished."""
        watching = asyncio.create_task(self._watch())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([watching, stopping], return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                watching.result()
        finally:
            for task in (watching, stopping):
                task.cancel()
            await asyncio.gather(watching, stopping, return_exceptions=True)
            self._stopping.set()
            await self._postbox.close(self._grace)
            if self._runner is not None:
                await self._runner.cleanup()

    # --- what is posted

    async def _posted(self, request: web.Request) -> web.Response:
        if not self._is_telegram(request):
            return web.Response(status=403)
        if self._stopping.is_set():
            return _again()
        try:
            raw = json.loads(await request.read())
        except web.HTTPRequestEntityTooLarge:
            _log.error("an update is too large to be one")
            return web.Response(status=413)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        if not isinstance(raw, dict) or not _is_id(raw.get("update_id")):
            return web.Response(status=400)
        with caused_by(of_update(raw["update_id"])):
            return await self._taken(raw["update_id"], raw)

    async def _healthy(self, request: web.Request) -> web.Response:
        """For a load balancer: no more once this process is stopping."""
        return _again() if self._stopping.is_set() else web.Response(text="ok\n")

    async def _ready(self, request: web.Request) -> web.Response:
        if self._health is None or self._stopping.is_set():
            return await self._healthy(request)
        return answer_of(await self._health.ready())

    def _is_telegram(self, request: web.Request) -> bool:
        """Compared in constant time; a proxy may have taken away what stands before the path's last part."""
        path = request.path.rpartition("/")[2]
        given = request.headers.get(SECRET_HEADER, "")
        right_path = hmac.compare_digest(path.encode(), self._path.encode())
        right_token = hmac.compare_digest(given.encode(errors="replace"), self._secret_token.encode())
        return right_path and right_token

    async def _taken(self, update_id: int, raw: dict[str, Any]) -> web.Response:
        _log.debug("received")
        try:
            arrived = read_update(raw)
        except UnreadableUpdate as error:
            return await self._kept_aside(update_id, raw, error)
        try:
            if arrived is not None:
                await self._postbox.take(arrived)
            else:
                self._ignored()
        except NotTaken:
            return _again()
        return web.Response()

    async def _kept_aside(self, update_id: int, raw: dict[str, Any], error: Exception) -> web.Response:
        _log.error("unreadable update", extra={"fields": ",".join(sorted(raw))})
        try:
            await self._keep_unreadable(update_id, raw, error)
        except Exception as trouble:
            _log.error(
                "unreadable update not kept",
                extra={"error": type(trouble).__name__},
            )
            return _again()
        return web.Response()

    # --- the webhook itself

    async def _watch(self) -> None:
        """Sets the webhook, and again whenever somebody has taken it away."""
        await self._tried(self._take)
        while True:
            await asyncio.sleep(self._look_every)
            await self._tried(self._look)

    async def _take(self) -> None:
        await self._telegram.take_webhook(self._url, self._secret_token)

    async def _look(self) -> None:
        found = await self._telegram.webhook()
        if found.url != self._url:
            _log.error(
                "the webhook was taken away and is set again: another process uses this token, "
                "by polling or with another THONGTHIN_WEBHOOK or THONGTHIN_SECRET"
            )
            await self._take()
        elif found.failed_at is not None and found.failed_at != self._failed_at:
            facts = {"why": redact(found.why), "waiting": found.waiting}
            _log.warning("telegram could not deliver to the webhook", extra=facts)
        self._failed_at = found.failed_at

    async def _tried(self, call: Callable[[], Awaitable[None]]) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                return await call()
            except TryAgain as error:
                wait = error.after if error.after is not None else pause
                _log.warning("telegram did not answer", extra={"why": str(error), "again_in": wait})
            except TelegramError as error:
                wait = WAIT_WHEN_REJECTED
                _log.error(
                    "telegram does not take the address in THONGTHIN_WEBHOOK",
                    extra={"why": redact(str(error)), "again_in": wait},
                )
            await asyncio.sleep(wait)
            pause = min(pause * 2, MOST_PAUSE)


def _is_id(given: object) -> bool:
    return type(given) is int and 0 <= given < 2**63


def _again() -> web.Response:
    return web.Response(status=503, headers={"Retry-After": "1"})
