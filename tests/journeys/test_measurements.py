"""What is measured moves when what it measures happens, as somebody sees who scrapes a running service."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import probes
from storage.db import Store
from tests.journeys.conftest import Poison
from tests.journeys.steps import PHOTO, begin, judge, sends_landmark, settled, to_photos
from tests.replicas import replicas
from tests.scraping import scraped, until, watched_town
from tests.town import Town


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "LASTS", 0.1)


async def moved(t: Town, before: dict[str, float]) -> dict[str, float]:
    """By how much each sample has grown, of those that have."""
    now = await scraped(t.service)
    grown = {name: value - before.get(name, 0.0) for name, value in now.items()}
    return {name: value for name, value in grown.items() if value}


async def test_an_update_is_counted_and_timed_to_its_commit_and_its_reply(
    embedded: Store, tmp_path: Path
) -> None:
    async with watched_town(embedded, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        await settled(o)
        before = await scraped(t.service)
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")
        await settled(o)
        grown = await moved(t, before)
    assert grown['thongthin_updates_handled_total{outcome="answered"}'] == 1
    assert grown["thongthin_update_commit_seconds_count"] == 1
    assert grown["thongthin_update_reply_seconds_count"] == 1
    commit, reply = (grown[f"thongthin_update_{one}_seconds_sum"] for one in ("commit", "reply"))
    assert 0 < commit < reply < 10
    assert grown['thongthin_telegram_calls_total{method="sendMessage",outcome="ok"}'] == 1
    assert before["thongthin_inbox_depth"] == 0
    assert before["process_resident_memory_bytes"] > 1e7
    assert "process_cpu_seconds_total" in before


async def test_a_photo_and_a_429_are_measured(embedded: Store, tmp_path: Path) -> None:
    async with watched_town(embedded, tmp_path) as t:
        o = await t.officer()
        await to_photos(o)
        await settled(o)
        before = await scraped(t.service)
        t.sim.fail("sendMessage", 429, retry_after=1)
        await o.send_photos([PHOTO])
        await o.hears("1 รูป")
        await settled(o)
        grown = await moved(t, before)
    assert grown["thongthin_photo_seconds_count"] == 1
    assert grown["thongthin_photo_seconds_sum"] > 0
    assert grown["thongthin_telegram_too_many_requests_total"] == 1
    assert grown['thongthin_telegram_calls_total{method="sendMessage",outcome="too_many_requests"}'] == 1
    assert grown["thongthin_update_reply_seconds_sum"] > 1
    assert grown["thongthin_update_commit_seconds_sum"] < grown["thongthin_update_reply_seconds_sum"] - 0.9


async def test_a_dead_letter_is_counted(embedded: Store, tmp_path: Path, poison: Poison) -> None:
    async with watched_town(embedded, tmp_path) as t:
        o = await t.officer()
        await begin(o)
        before = await scraped(t.service)
        await o.say("ยาพิษ")
        await o.hears("ไม่ได้บันทึก")
        await settled(o)
        grown = await moved(t, before)
        assert grown["thongthin_dead_letters"] == 1
        assert grown['thongthin_updates_handled_total{outcome="set_aside"}'] == 1
        await o.say("วัดพระธาตุ")
        await o.hears("ขั้นที่ 2")


async def test_what_waits_to_be_sent_and_what_was_sent_are_counted(embedded: Store, tmp_path: Path) -> None:
    async with watched_town(embedded, tmp_path) as t:
        o = await t.officer()
        number = await sends_landmark(o)
        await settled(o)
        before = await scraped(t.service)
        assert before["thongthin_outbox_waiting"] == 0
        t.sim.fail("sendMessage", 502, times=2)
        await judge(t, number, "approve")

        async def waits() -> bool:
            found = await scraped(t.service)
            return found["thongthin_outbox_waiting"] == 1 and found["thongthin_outbox_oldest_seconds"] >= 0

        await until(waits)
        await o.hears("ผ่านการตรวจแล้ว", within=20)
        await settled(o)
        grown = await moved(t, before)
    assert grown['thongthin_notices_sent_total{kind="verdict",outcome="sent"}'] == 1
    assert grown['thongthin_notices_sent_total{kind="verdict",outcome="later"}'] >= 1
    assert "thongthin_outbox_waiting" not in grown


async def test_a_database_that_is_away_is_no_number(embedded: Store, tmp_path: Path) -> None:
    async with watched_town(embedded, tmp_path / "elsewhere") as t:
        file = Path(str(embedded.engine.url.database))
        away = file.with_name("away")
        away.mkdir()
        for one in file.parent.glob(f"{file.name}*"):
            one.rename(away / one.name)

        async def unknown() -> bool:
            waiting = (await scraped(t.service))["thongthin_outbox_waiting"]
            return waiting != waiting

        await until(unknown)
        for one in file.parent.glob(f"{file.name}*"):
            one.unlink()
        for one in away.iterdir():
            one.rename(file.parent / one.name)

        async def known() -> bool:
            return (await scraped(t.service))["thongthin_outbox_waiting"] == 0

        await until(known)


async def test_by_webhook_the_same_is_measured(embedded_setting: str, tmp_path: Path) -> None:
    async with replicas(embedded_setting, tmp_path, 1) as t:
        o = await t.officer()
        await begin(o)
        await settled(o)
        told = t.running[0].measurements.told().decode()
    assert "thongthin_inbox_depth 0.0" in told
    assert 'thongthin_updates_handled_total{outcome="answered"} 4.0' in told
    assert "thongthin_update_reply_seconds_count 4.0" in told
