"""HTTP to Telegram over one aiohttp session, with nothing in errors or logs that would give the token away."""

from __future__ import annotations

import asyncio
import io
import logging
import re
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.chat_service import FileTooLarge

_TOKEN = re.compile(r"\d{5,}:[\w-]{4,}|(?<=/bot)[^/\s'\"]+")
_CHUNK = 64 * 1024
_JSON = {"Content-Type": "application/json"}


class NotConnected(NetworkError):
    """There was no connection to Telegram, or a proxy made none: it cannot have heard."""


class NotConnectedInTime(TimedOut):
    """The same, given up after waiting."""


def redact(text: str) -> str:
    """The text with everything that looks like a bot's token made unreadable."""
    return _TOKEN.sub("<token>", text)


class Redacted(logging.Filter):
    """For log handlers: no record leaves with a token in it, not even in a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_text = record.exc_text and redact(record.exc_text)
        return True


@dataclass(frozen=True, slots=True)
class Written:
    """Parameters that are JSON already, in the place of a RequestData: the library only passes that on."""

    json: bytes
    contains_files: bool = False


class AiohttpRequest(BaseRequest):
    """Timeouts are seconds; None waits for ever. `pool` is the wait for a free connection.

    `noted` hears of each call and of what came of it: its method and HTTP's status, 0 where no answer came.
    """

    __slots__ = ("_connect", "_connections", "_media_write", "_noted", "_pool", "_read", "_session", "_write")

    def __init__(
        self,
        *,
        connections: int = 256,
        read: float | None = 10.0,
        write: float | None = 10.0,
        media_write: float | None = 60.0,
        connect: float | None = 10.0,
        pool: float | None = 5.0,
        noted: Callable[[str, int], None] | None = None,
    ) -> None:
        self._noted = noted or _unnoted
        self._connections = connections
        self._read, self._write, self._media_write = read, write, media_write
        self._connect, self._pool = connect, pool
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def post_json(self, url: str, json: bytes) -> Any:
        """What Telegram answered. Raises telegram.error's, as `post` does."""
        return await self.post(url, cast(RequestData, Written(json)))

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        files = bool(request_data and request_data.contains_files)
        timeout = _timeout(
            read=_or(read_timeout, self._read),
            write=_or(write_timeout, self._media_write if files else self._write),
            connect=_or(connect_timeout, self._connect),
            pool=_or(pool_timeout, self._pool),
        )
        session = self._running()
        data, headers = _body(request_data)
        try:
            async with session.request(
                method,
                url,
                data=data,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                proxy=_proxy(url),
            ) as answer:
                status, content = answer.status, await answer.read()
        except Exception as error:
            self._noted(_method_of(url), 0)
            # The cause is left out: its text may hold the address, and the address holds the token.
            raise _named(error) from None
        self._noted(_method_of(url), status)
        return status, content

    async def download(self, url: str, most: int) -> tuple[int, bytes]:
        """The HTTP status and the body, given up with FileTooLarge as soon as it passes `most` bytes."""
        session = self._running()
        timeout = aiohttp.ClientTimeout(total=None, connect=self._connect, sock_read=self._read)
        try:
            async with session.get(url, timeout=timeout, allow_redirects=False, proxy=_proxy(url)) as answer:
                if (answer.content_length or 0) > most:
                    raise FileTooLarge(f"{answer.content_length} bytes")
                kept = bytearray()
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    kept += chunk
                    if len(kept) > most:
                        raise FileTooLarge(f"more than {most} bytes")
                return answer.status, bytes(kept)
        except FileTooLarge:
            raise
        except Exception as error:
            raise _named(error) from None

    def _running(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            raise RuntimeError("AiohttpRequest is not initialized")
        return self._session


def _unnoted(method: str, status: int) -> None:
    """Nobody wants to know."""


def _method_of(url: str) -> str:
    return url.rpartition("/")[2]


def _or(given: ODVInput[float], default: float | None) -> float | None:
    return default if isinstance(given, DefaultValue) else given


@lru_cache(maxsize=64)
def _timeout(
    *, read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    """aiohttp has no limit on writing; as answers are small, the total bounds it."""
    total = None if None in (read, write, connect, pool) else sum(filter(None, (read, write, connect, pool)))
    acquire = None if pool is None or connect is None else pool + connect
    return aiohttp.ClientTimeout(total=total, connect=acquire, sock_connect=connect, sock_read=read)


def _body(
    request_data: RequestData | Written | None,
) -> tuple[aiohttp.FormData | bytes | None, Mapping[str, str] | None]:
    """With the headers that say what it is, where it does not by itself."""
    if request_data is None:
        return None, None
    if isinstance(request_data, Written):
        return request_data.json, _JSON
    form = aiohttp.FormData(quote_fields=False)  # quoted, Thai file names would arrive as %E0%B8…
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        # A stream is sent in pieces; plain bytes would be written in one go and hold up everyone else.
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=kind)
    return form, None


def _proxy(url: str) -> str | None:
    parts = urlsplit(url)
    return _proxy_for(parts.scheme, parts.hostname or "")


@lru_cache(maxsize=16)
def _proxy_for(scheme: str, host: str) -> str | None:
    """The proxy that the machine is set to use: many offices have one."""
    found = urllib.request.getproxies()
    if not found or urllib.request.proxy_bypass(host):
        return None
    return found.get(scheme) or found.get("all")


def _named(error: Exception) -> NetworkError:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return NotConnectedInTime()
    if isinstance(error, asyncio.TimeoutError):
        return TimedOut()
    is_unheard = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ClientHttpProxyError)
    kind = NotConnected if is_unheard else NetworkError
    return kind(redact(f"aiohttp.{type(error).__name__}: {error}"))
