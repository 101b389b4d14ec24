"""Telegram's limits: notices of many messages keep to one a second in a chat, replies do not, 429s are told on."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from bot.chat_service import TryAgain
from bot.pace import Pace
from bot.simulator import Person, Simulator
from bot.simulator.faults import Fault
from bot.telegram.client import Telegram
from flows.core.chat import Line, Reply
from flows.core.text import T
from storage.db import Store
from tests.bot.telegram.conftest import Photos


def reply(text: str) -> Reply:
    return Reply((Line(T(text, text)),))


@pytest.fixture
def officer(simulator: Simulator) -> Person:
    return simulator.person("สมหญิง", started=True)


@pytest.fixture
async def limited(simulator: Simulator, photos: Photos, store: Store) -> AsyncIterator[Telegram]:
    telegram = Telegram(simulator.token, simulator.url, read_photo=photos, pace=Pace(store))
    await telegram.start()
    yield telegram
    await telegram.stop()


async def test_replies_to_one_person_do_not_wait_for_each_other(limited: Telegram, officer: Person) -> None:
    begun = time.monotonic()
    await limited.send(officer.id, [reply(str(n)) for n in range(5)], "th")
    assert time.monotonic() - begun < 1


async def test_a_notice_of_many_messages_keeps_to_about_one_a_second(
    limited: Telegram, officer: Person
) -> None:
    begun = time.monotonic()
    await limited.send(officer.id, [reply(str(n)) for n in range(5)], "th", hurry=False)
    assert 1.9 <= time.monotonic() - begun < 4  # three at once, then one a second
    assert [message["text"] for message in officer.messages] == ["0", "1", "2", "3", "4"]


async def test_refusals_are_told_on_and_not_tried_again_here(
    simulator: Simulator, photos: Photos, store: Store
) -> None:
    told: list[tuple[int, float]] = []

    class Noting(Pace):
        def refused(self, chat_id: int, after: float) -> None:
            told.append((chat_id, after))

    officer = simulator.person("สมหญิง", started=True)
    telegram = Telegram(simulator.token, simulator.url, read_photo=photos, pace=Noting(store))
    await telegram.start()
    simulator.faults.add(Fault("sendMessage", 1, 429, retry_after=7))
    with pytest.raises(TryAgain) as refused:
        await telegram.send(officer.id, [reply("หนึ่ง")], "th")
    assert refused.value.after == 7
    assert told == [(officer.id, 7)]
    await telegram.send(officer.id, [reply("หนึ่ง")], "th")
    assert len(officer.messages) == 1
    await telegram.stop()
