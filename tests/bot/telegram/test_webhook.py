"""The webhook answers 200 for what is done and for nothing else, and only to Telegram."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.chat_service import Arrived
from bot.postbox import Postbox
from bot.simulator.person import Person
from bot.simulator.server import Simulator
from bot.telegram.client import Telegram
from bot.telegram.updates import ALLOWED_UPDATES
from bot.telegram.webhook import (
    MOST_BODY,
    SECRET_HEADER,
    Webhook,
    address_for,
    path_for,
    secret_token_for,
)
from flows.core.chat import Said
from storage.db import StorageUnavailable

SECRET = b"s" * 32
UPDATE = {
    "update_id": 7,
    "message": {
        "message_id": 1, "date": 1484528400, "text": "สวัสดี", "chat": {"id": 5, "type": "private", "first_name": "ก"},
        "from": {"id": 5, "is_bot": False, "first_name": "ก"},
    },
}  # fmt: skip


class Office:
    """Keeps what it receives; `troubles` are raised first."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.unreadable: list[int] = []
        self.troubles: list[Exception] = []
        self.blocked: asyncio.Event | None = None
        self.begun = asyncio.Event()
        self.kept_one = asyncio.Event()

    async def receive(self, batch: Sequence[Arrived]) -> None:
        self.begun.set()
        if self.blocked:
            await self.blocked.wait()
        if self.troubles:
            raise self.troubles.pop(0)
        self.kept += [one.what.text for one in batch if isinstance(one.what, Said)]
        self.kept_one.set()

    async def give_up(self, batch: Sequence[Arrived], error: Exception, tries: int) -> None:
        raise AssertionError("nothing here is given up")

    async def apologise(self, chat_id: int) -> None: ...

    async def keep_unreadable(self, update_id: int, raw: dict[str, Any], error: Exception) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.unreadable.append(update_id)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def officer(simulator: Simulator) -> Person:
    return simulator.person("สมหญิง", started=True)


@asynccontextmanager
async def webhook(telegram: Telegram, office: Office, token: str, **about: Any) -> AsyncIterator[Webhook]:
    """One that is set at Telegram and runs, at the port where it listens."""
    postbox = Postbox(office.receive, office.give_up, office.apologise, patience=0.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}/behind/a/proxy"
    made = Webhook(
        telegram, postbox, office.keep_unreadable, base=base, secret=SECRET, token=token, port=port, **about
    )
    await made.open()
    running = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        made.stop()
        await running


async def is_set(simulator: Simulator) -> None:
    async with asyncio.timeout(5):
        while not simulator.webhook.active:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def posted(
    made: Webhook, body: bytes | dict[str, Any], token: str, *, path: str = "", secret: str | None = None
) -> int:
    """The status that somebody gets who posts this."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = secret_token_for(SECRET, token) if secret is None else secret
    headers = {SECRET_HEADER: given} if given else {}
    url = f"http://127.0.0.1:{made.port}/{path or path_for(SECRET, token)}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(data), headers=headers) as answer,
    ):
        assert await answer.text() in ("", "Maximum request body size 1048576 exceeded.")
        return answer.status


async def health(made: Webhook) -> int:
    url = f"http://127.0.0.1:{made.port}/healthz"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status


async def test_what_an_officer_writes_arrives_with_the_kinds_and_the_secret_that_were_set(
    simulator: Simulator, telegram: Telegram, office: Office, officer: Person
) -> None:
    async with webhook(telegram, office, simulator.token):
        await is_set(simulator)
        await officer.say("หนึ่ง")
        await asyncio.wait_for(office.kept_one.wait(), 5)
        assert simulator.webhook.info()["allowed_updates"] == sorted(ALLOWED_UPDATES)
        assert simulator.webhook.info()["max_connections"] == 100
    assert office.kept == ["หนึ่ง"]
    assert simulator.webhook.active  # stopping one process leaves it to the others
    assert simulator.pending == 0


async def test_all_processes_agree_on_an_address_that_others_cannot_guess() -> None:
    mine = address_for("https://bot.example.go.th/", SECRET, "1:a")
    assert mine == address_for("https://bot.example.go.th", SECRET, "1:a")
    assert mine.startswith("https://bot.example.go.th/")
    assert len({mine, address_for("https://bot.example.go.th", b"t" * 32, "1:a"),
                address_for("https://bot.example.go.th", SECRET, "2:b")}) == 3  # fmt: skip
    assert path_for(SECRET, "1:a") not in secret_token_for(SECRET, "1:a")
    assert secret_token_for(SECRET, "1:a") not in mine


@pytest.mark.parametrize(
    ("path", "secret"), [("", ""), ("", "wrong"), ("wrong", None), ("", "ลับ"), ("admin/../x", None)]
)
async def test_whoever_does_not_know_the_secrets_is_turned_away_without_a_word(
    simulator: Simulator, telegram: Telegram, office: Office, path: str, secret: str | None
) -> None:
    async with webhook(telegram, office, simulator.token) as made:
        token = simulator.token
        assert await posted(made, UPDATE, token, path=path, secret=secret) == 403
        assert office.kept == []
        assert await posted(made, UPDATE, token) == 200
    assert office.kept == ["สวัสดี"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"\xff\xfe", b"7", b'"update_id"', b"{}", b'{"update_id": "7"}', b'{"update_id": true}',
        b'{"update_id": -1}', b'{"update_id": 99999999999999999999}', b"[" * 100_000,
    ],
)  # fmt: skip
async def test_what_is_no_update_is_refused_and_nothing_else_happens(
    simulator: Simulator, telegram: Telegram, office: Office, body: bytes
) -> None:
    async with webhook(telegram, office, simulator.token) as made:
        assert await posted(made, body, simulator.token) == 400
        assert (office.kept, office.unreadable) == ([], [])
        assert await posted(made, UPDATE, simulator.token) == 200


async def test_a_body_without_end_is_refused(
    simulator: Simulator, telegram: Telegram, office: Office
) -> None:
    async with webhook(telegram, office, simulator.token) as made:
        assert await posted(made, b" " * (MOST_BODY + 1), simulator.token) == 413
        assert await posted(made, UPDATE, simulator.token) == 200


async def test_what_asks_nothing_of_us_is_done_at_once(
    simulator: Simulator, telegram: Telegram, office: Office
) -> None:
    async with webhook(telegram, office, simulator.token) as made:
        assert await posted(made, {"update_id": 8}, simulator.token) == 200
    assert (office.kept, office.unreadable) == ([], [])


async def test_an_update_that_cannot_be_read_is_confirmed_only_once_it_is_set_aside(
    simulator: Simulator, telegram: Telegram, office: Office
) -> None:
    unreadable = {"update_id": 9, "message": {"message_id": 1, "chat": {"id": 5}}}
    office.troubles = [StorageUnavailable("gone")]
    async with webhook(telegram, office, simulator.token) as made:
        assert await posted(made, unreadable, simulator.token) == 503
        assert office.unreadable == []
        assert await posted(made, unreadable, simulator.token) == 200
    assert office.unreadable == [9]


async def test_without_the_database_nothing_is_confirmed_and_telegram_comes_again(
    simulator: Simulator, telegram: Telegram, office: Office, officer: Person
) -> None:
    office.troubles = [StorageUnavailable("gone")] * 3
    async with webhook(telegram, office, simulator.token):
        await is_set(simulator)
        await officer.say("หนึ่ง")
        await asyncio.wait_for(office.kept_one.wait(), 5)
    assert office.kept == ["หนึ่ง"]


async def test_stopping_finishes_what_is_in_hand_and_refuses_what_is_new(
    simulator: Simulator, telegram: Telegram, office: Office
) -> None:
    office.blocked = asyncio.Event()
    async with webhook(telegram, office, simulator.token) as made:
        token = simulator.token
        inside = asyncio.create_task(posted(made, UPDATE, token))
        await office.begun.wait()
        assert await health(made) == 200
        made.stop()
        assert await posted(made, UPDATE | {"update_id": 8}, token) == 503
        assert await health(made) == 503  # so that no load balancer asks here any more
        office.blocked.set()
        assert await inside == 200
    assert office.kept == ["สวัสดี"]


async def test_what_does_not_end_within_the_grace_is_not_confirmed(
    simulator: Simulator, telegram: Telegram, office: Office
) -> None:
    office.blocked = asyncio.Event()
    async with webhook(telegram, office, simulator.token, grace=0.05) as made:
        inside = asyncio.create_task(posted(made, UPDATE, simulator.token))
        await office.begun.wait()
        made.stop()
        assert await inside == 503
    assert office.kept == []


async def test_a_webhook_that_somebody_took_away_is_set_again_and_told(
    simulator: Simulator,
    telegram: Telegram,
    office: Office,
    officer: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with webhook(telegram, office, simulator.token, look_every=0.05):
        await is_set(simulator)
        await telegram.leave_webhook()  # as another process does that polls
        await officer.say("หนึ่ง")
        await asyncio.wait_for(office.kept_one.wait(), 5)
    assert any("the webhook was taken away" in one.getMessage() for one in caplog.records)
    assert office.kept == ["หนึ่ง"]


async def test_telegram_down_at_the_start_is_waited_out(
    simulator: Simulator, telegram: Telegram, office: Office, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.webhook.FIRST_PAUSE", 0.02)
    simulator.fail("setWebhook", 502, times=2)
    async with webhook(telegram, office, simulator.token):
        await officer.say("หนึ่ง")
        await asyncio.wait_for(office.kept_one.wait(), 5)
    assert simulator.pending == 0


async def test_an_address_that_telegram_does_not_take_is_told_and_tried_again(
    simulator: Simulator,
    telegram: Telegram,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.telegram.webhook.WAIT_WHEN_REJECTED", 0.02)
    simulator.fail("setWebhook", 400, "Bad Request: bad webhook: Failed to resolve host")
    async with webhook(telegram, office, simulator.token):
        await is_set(simulator)
    [told] = [one for one in caplog.records if "THONGTHIN_WEBHOOK" in one.getMessage()]
    assert "resolve host" in told.__dict__["why"]


async def test_neither_address_nor_secret_gets_into_the_log(
    simulator: Simulator, telegram: Telegram, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    token = simulator.token
    async with webhook(telegram, office, token) as made:
        await is_set(simulator)
        await posted(made, UPDATE, token)
        await posted(made, b"{", token)
    ours = [one for one in caplog.records if one.name.startswith("thongthin")]
    logged = " ".join(str(vars(one)) for one in ours)
    for secret in (path_for(SECRET, token), secret_token_for(SECRET, token)):
        assert secret not in logged
