"""Whether a running service says rightly that it is alive and ready, while what it rests on goes away and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot import health
from bot.service import Service
from bot.telegram import contact
from storage.db import Store
from tests.journeys.trouble import Locked
from tests.replicas import address, replicas
from tests.scraping import Answered, get, until, watched_town
from tests.town import Town


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found is right for a shorter while, so that no test waits for long."""
    monkeypatch.setattr(health, "LASTS", 0.2)
    monkeypatch.setattr(health, "PATIENCE", 0.5)
    monkeypatch.setattr(contact, "LATELY", 0.4)


async def ready(service: Service) -> Answered:
    return await get(service.metrics_port, "/readyz")


async def becomes(service: Service, status: int, **parts: str) -> Answered:
    async def reached() -> bool:
        answer = await ready(service)
        return answer.status == status and parts.items() <= answer.json.items()

    await until(reached)
    return await ready(service)


async def test_a_service_that_has_all_it_needs_is_ready(store: Store, tmp_path: Path, soon: None) -> None:
    async with watched_town(store, tmp_path) as t:
        for port in (t.service.metrics_port, t.service.web_port):
            for path in ("/healthz", "/readyz"):
                answer = await get(port, path)
                assert answer.status == 200, answer.text
                assert "Set-Cookie" not in answer.headers
                assert answer.headers["Cache-Control"] == "no-store"
            all_well = {"service": "running", "database": "ok", "media": "ok", "telegram": "ok"}
            assert answer.json == {"ok": True, **all_well}
        assert (await get(t.service.metrics_port, "/")).status == 404


async def test_a_database_that_is_away_is_named_until_it_is_back(
    store: Store, tmp_path: Path, soon: None
) -> None:
    async with watched_town(store, tmp_path / "elsewhere") as t:
        if store.is_sqlite:
            file = Path(str(store.engine.url.database))
            away = file.with_name("away")
            away.mkdir()
            for one in file.parent.glob(f"{file.name}*"):
                one.rename(away / one.name)
            await becomes(t.service, 503, database="away", media="ok", telegram="ok")
            for one in file.parent.glob(f"{file.name}*"):
                one.unlink()  # made anew by looking, and empty
            for one in away.iterdir():
                one.rename(file.parent / one.name)
        else:
            async with Locked(store):
                begun = asyncio.get_running_loop().time()
                answer = await becomes(t.service, 503, database="away", media="ok", telegram="ok")
                assert asyncio.get_running_loop().time() - begun < 5
                assert "postgres" not in answer.text
        assert (await get(t.service.metrics_port, "/healthz")).status == 200
        await becomes(t.service, 200, database="ok")
        await (await t.officer()).say("/menu")


async def test_media_that_cannot_be_written_are_named_until_they_can(
    embedded: Store, tmp_path: Path, soon: None
) -> None:
    async with watched_town(embedded, tmp_path) as t:
        corner = tmp_path / "media" / ".unfinished"
        corner.rmdir()
        corner.touch()
        answer = await becomes(t.service, 503, media="away", database="ok")
        assert str(tmp_path) not in answer.text
        corner.unlink()
        corner.mkdir()
        await becomes(t.service, 200, media="ok")


async def test_telegram_that_is_away_is_named_until_it_is_back(
    embedded: Store, tmp_path: Path, soon: None
) -> None:
    async with watched_town(embedded, tmp_path) as t:
        t.sim.drop_before("*", times=1000)
        t.sim.updates.end_poll(None)
        answer = await becomes(t.service, 503, telegram="away", database="ok", media="ok")
        assert t.sim.token not in answer.text
        t.sim.faults.clear()
        await becomes(t.service, 200, telegram="ok")


async def test_many_probes_become_few_calls(embedded: Store, tmp_path: Path) -> None:
    async with watched_town(embedded, tmp_path) as t:
        before = _asked(t)
        answers = await asyncio.gather(*(ready(t.service) for _ in range(50)))
        assert {one.status for one in answers} == {200}
        assert _asked(t) - before <= 1


def _asked(t: Town) -> int:
    return sum(one.get("method") == "getMe" for one in t.sim.log)


async def test_it_is_not_ready_while_it_starts_nor_while_it_stops(embedded: Store, tmp_path: Path) -> None:
    async with watched_town(embedded, tmp_path) as t:
        await t.stop()
        t.sim.fail("getMe", 502, times=1000)  # at starting the service waits for Telegram
        t.service = Service(t.parts)
        starting = asyncio.create_task(t.service.start())
        await until(_answers(t))
        answer = await ready(t.service)
        assert (answer.status, answer.json) == (503, {"ok": False, "service": "starting"})
        assert (await get(t.service.web_port, "/readyz")).status == 503
        assert (await get(t.service.metrics_port, "/healthz")).status == 200
        t.sim.faults.clear()
        await starting
        assert (await ready(t.service)).status == 200
        t.sim.delay(1.0, "sendMessage")
        await t.sim.person("มานะ").say("/start")
        await asyncio.sleep(0.3)  # until the reply is on its way, which stopping waits for
        stopping = asyncio.create_task(t.service.stop())
        await asyncio.sleep(0.1)
        answer = await ready(t.service)
        assert (answer.status, answer.json) == (503, {"ok": False, "service": "stopping"})
        await stopping


def _answers(t: Town) -> Callable[[], Awaitable[bool]]:
    async def reached() -> bool:
        return bool(t.service.metrics_port)

    return reached


async def test_a_part_that_has_died_is_named(embedded: Store, tmp_path: Path) -> None:
    async with watched_town(embedded, tmp_path) as t:
        [polling] = [task for _, task in t.service._running if task.get_name() == "polling"]
        polling.cancel()
        await asyncio.wait([polling])
        answer = await get(t.service.metrics_port, "/healthz")
        assert (answer.status, answer.json["polling"]) == (503, "ended")
        assert (await get(t.service.web_port, "/readyz")).status == 503
        with pytest.raises(asyncio.CancelledError):
            await t.service.ended()
        await t.stop()
        await t.start()
        assert (await get(t.service.metrics_port, "/healthz")).status == 200


@pytest.mark.parametrize("duty", ["web", "bot", "delivery"])
async def test_each_part_alone_has_the_port(embedded: Store, tmp_path: Path, duty: str, soon: None) -> None:
    async with watched_town(embedded, tmp_path) as t:
        await t.stop()
        t.parts = replace(t.parts, duties=frozenset({duty}))  # type: ignore[arg-type]
        await t.start()
        assert (await ready(t.service)).status == 200
        assert "thongthin_dead_letters 0.0" in (await get(t.service.metrics_port, "/metrics")).text


async def test_the_web_without_a_token_is_ready_without_telegram(
    embedded: Store, tmp_path: Path, soon: None
) -> None:
    async with watched_town(embedded, tmp_path) as t:
        await t.stop()
        t.parts = replace(t.parts, duties=frozenset({"web"}), token="")
        await t.start()
        answer = await ready(t.service)
        assert answer.json == {"ok": True, "service": "running", "database": "ok", "media": "ok"}


async def test_the_port_that_telegram_posts_to_says_it_too(embedded_setting: str, tmp_path: Path) -> None:
    async with replicas(embedded_setting, tmp_path, 1) as t:
        [service] = t.running
        port = int(address(service).rpartition(":")[2])
        assert (await get(port, "/readyz")).status == 200
        service.health.phase = "stopping"
        assert (await get(port, "/readyz")).json == {"ok": False, "service": "stopping"}
        service.health.phase = "running"
        assert (await get(port, "/readyz")).status == 200
