"""The site on a free port of loopback, with a browser-like client for each reviewer."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar
from aiohttp.test_utils import TestServer

from admin_web.app import make_app
from storage.db import Store, Tx
from storage.media import open_media
from storage.photos import Photos
from tests.admin_web import samples
from tests.admin_web.samples import NOW, PASSWORD

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
REVISION = re.compile(r'name="revision" value="(\d+)"')


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Answer:
    status: int
    text: str
    headers: Mapping[str, str]
    path: str

    @property
    def csrf(self) -> str:
        found = CSRF.search(self.text)
        assert found, self.text
        return found[1]

    @property
    def words(self) -> str:
        """What a reader sees, tags taken out."""
        body = re.sub(r"<(script|style|svg|title)\b.*?</\1>", "", self.text, flags=re.S)
        seen = re.sub("[\u2066-\u2069]", "", unescape(re.sub(r"<[^>]+>", " ", body)))
        return " ".join(seen.split())


@dataclass
class Browser:
    """One person's browser: keeps cookies, follows nothing by itself, sends what the page's form would send."""

    http: ClientSession
    url: str
    last: Answer | None = None

    async def get(self, path: str, **headers: str) -> Answer:
        async with self.http.get(self.url + path, headers=headers, allow_redirects=False) as response:
            self.last = await _answer(response, path)
        return self.last

    async def post(self, path: str, form: Any = None, **headers: str) -> Answer:
        """The form with the secret of the page that was opened last."""
        given = list(form.items()) if isinstance(form, dict) else list(form or [])
        if "csrf" not in dict(given) and self.last is not None:
            given.append(("csrf", self.last.csrf))
        sent = {"Origin": self.url, **headers}
        async with self.http.post(
            self.url + path, data=given, headers=sent, allow_redirects=False
        ) as response:
            return await _answer(response, path)

    async def sign_in(
        self, name: str = "สมหญิง ตรวจดี", password: str = PASSWORD, next_path: str = "/"
    ) -> Answer:
        await self.get("/sign-in")
        return await self.post("/sign-in", {"name": name, "password": password, "next": next_path})

    async def verdict(self, number: str, form: Any, query: str = "") -> Answer:
        """What the entry's page would send; `form` a dictionary or a list of pairs."""
        page = await self.get(f"/entries/{number}{query}")
        revision = REVISION.search(page.text)
        pairs = list(form.items()) if isinstance(form, dict) else list(form)
        pairs.append(("revision", revision[1] if revision else "1"))
        return await self.post(f"/entries/{number}/verdict{query}", pairs)


async def _answer(response: ClientResponse, path: str) -> Answer:
    kind = response.content_type
    text = await response.text() if kind.startswith(("text/", "application/json")) else ""
    return Answer(response.status, text, response.headers.copy(), path)


@dataclass
class Town:
    store: Store
    photos: Photos
    clock: Clock
    url: str
    browsers: list[ClientSession] = field(default_factory=list)

    def browser(self) -> Browser:
        http = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self.browsers.append(http)
        return Browser(http, self.url)

    async def signed_in(self, name: str = "สมหญิง ตรวจดี") -> Browser:
        browser = self.browser()
        answer = await browser.sign_in(name)
        assert answer.status == 303, answer.words
        return browser

    async def put(self, work: Callable[[Tx], Any]) -> Any:
        return await self.store.run(work)


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """SQLite only: that both databases answer alike is shown in tests/storage."""
    file = tmp_path / "site.sqlite3"
    shutil.copy(sqlite_template, file)
    opened = Store(f"sqlite:///{file}")
    yield opened
    opened.close()


@pytest.fixture
def photos(tmp_path: Path) -> Iterator[Photos]:
    made = Photos(open_media(str(tmp_path / "media")))
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@asynccontextmanager
async def open_town(store: Store, photos: Photos, clock: Clock) -> AsyncIterator[Town]:
    """The site with two reviewers."""

    def people(tx: Tx) -> None:
        samples.reviewer(tx)
        samples.reviewer(tx, "ประสิทธิ์ ละเอียด")

    await store.run(people)
    app = make_app(
        store, photos, secret=b"s" * 32, public_url="http://127.0.0.1", tiles=None, now=clock,
        trusted_proxies=[ip_network("203.0.113.9")],
    )  # fmt: skip
    async with TestServer(app) as server:
        here = Town(store, photos, clock, f"http://127.0.0.1:{server.port}")
        yield here
        for http in here.browsers:
            await http.close()


@pytest.fixture
async def town(store: Store, photos: Photos, clock: Clock) -> AsyncIterator[Town]:
    async with open_town(store, photos, clock) as here:
        yield here
