"""Polling confirms what is done and nothing else, whatever Telegram or the process does in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from bot.chat_service import Arrived, FileSent
from bot.inbox import Inbox
from bot.simulator.faults import Fault
from bot.simulator.person import Person
from bot.simulator.refusal import conflict
from bot.simulator.server import Simulator
from bot.simulator.webhook import Address
from bot.telegram.client import Telegram
from bot.telegram.polling import Polling
from flows.core.chat import Said
from storage.db import StorageUnavailable
from tests.bot.telegram.conftest import Photos, jpeg


class Service:
    """Keeps what it receives as a database would: each update once, however often it is delivered."""

    def __init__(self) -> None:
        self.kept: dict[int, str] = {}
        self.batches: list[list[int]] = []
        self.dead: list[int] = []
        self.unreadable: list[int] = []
        self.sorry: list[int] = []
        self.trouble: Callable[[Arrived], Awaitable[None]] | None = None
        self.keep_trouble: list[Exception] = []
        self.after_commit: asyncio.Event | None = None
        self.changed = asyncio.Event()

    async def receive(self, batch: Sequence[Arrived]) -> None:
        for one in batch:
            if self.trouble:
                await self.trouble(one)
        self.batches.append([one.update_id for one in batch])
        for one in batch:
            self.kept.setdefault(one.update_id, words(one))
        self.changed.set()
        if self.after_commit:
            await self.after_commit.wait()

    async def give_up(self, batch: Sequence[Arrived], error: Exception, tries: int) -> None:
        self.dead += [one.update_id for one in batch]

    async def apologise(self, chat_id: int) -> None:
        self.sorry.append(chat_id)

    async def keep_unreadable(self, update_id: int, raw: dict[str, Any], error: Exception) -> None:
        if self.keep_trouble:
            raise self.keep_trouble.pop(0)
        self.unreadable.append(update_id)
        self.changed.set()

    async def has(self, *expected: str) -> None:
        await self.until(lambda: sorted(self.kept.values()) == sorted(expected))

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not reached():
                self.changed.clear()
                await self.changed.wait()


def words(arrived: Arrived) -> str:
    return arrived.what.text if isinstance(arrived.what, Said) else type(arrived.what).__name__


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def officer(simulator: Simulator) -> Person:
    return simulator.person("สมหญิง", started=True)


async def no_sleep(seconds: float) -> None:
    await asyncio.sleep(0.001)


@asynccontextmanager
async def polling(telegram: Telegram, service: Service, grace: float = 5) -> AsyncIterator[Polling]:
    inbox = Inbox(
        service.receive, service.give_up, service.apologise, album_pause=0.1, album_most=0.5, sleep=no_sleep
    )
    polling = Polling(telegram, inbox, service.keep_unreadable, long_poll=2, grace=grace, sleep=no_sleep)
    running = asyncio.create_task(polling.run())
    try:
        yield polling
    finally:
        polling.stop()
        await running


def polls(simulator: Simulator) -> int:
    return sum(entry.get("method") == "getUpdates" for entry in simulator.log)


async def test_what_is_done_is_confirmed(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person
) -> None:
    async with polling(telegram, service):
        await officer.say("หนึ่ง")
        await service.has("หนึ่ง")
        await officer.say("สอง")
        await service.has("หนึ่ง", "สอง")
    assert simulator.pending == 0


async def test_killed_between_commit_and_acknowledgement_it_is_delivered_again_and_kept_once(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person
) -> None:
    service.after_commit = asyncio.Event()  # never set: the process dies here
    async with polling(telegram, service, grace=0):
        await officer.say("หนึ่ง")
        await service.has("หนึ่ง")
    assert simulator.pending == 1
    service.after_commit = None
    async with polling(telegram, service):
        await officer.say("สอง")
        await service.has("หนึ่ง", "สอง")
    assert simulator.pending == 0
    first, second = service.kept
    assert service.batches == [[first], [first], [second]]


async def test_what_is_in_hand_when_stopping_is_finished_and_confirmed(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person
) -> None:
    begun = asyncio.Event()

    async def slow(arrived: Arrived) -> None:
        begun.set()
        await asyncio.sleep(0.1)

    service.trouble = slow
    async with polling(telegram, service):
        await officer.say("หนึ่ง")
        await begun.wait()
    assert list(service.kept.values()) == ["หนึ่ง"]
    assert simulator.pending == 0


async def test_what_does_not_finish_in_time_is_left_to_come_again(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person
) -> None:
    begun = asyncio.Event()

    async def stuck(arrived: Arrived) -> None:
        begun.set()
        await asyncio.sleep(60)

    service.trouble = stuck
    async with polling(telegram, service, grace=0.05):
        await officer.say("หนึ่ง")
        await begun.wait()
    assert simulator.pending == 1
    service.trouble = None
    async with polling(telegram, service):
        await service.has("หนึ่ง")
    assert simulator.pending == 0


async def test_with_all_that_telegram_shows_in_hand_it_is_not_asked_again_before_the_oldest_is_done(
    simulator: Simulator, telegram: Telegram, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.polling.MOST_UPDATES", 3)
    monkeypatch.setattr("bot.telegram.polling.RECHECK", 60)
    oldest = asyncio.Event()
    takes = {"หนึ่ง": 60.0, "สอง": 0.2, "สาม": 0.4, "สี่": 0.0}

    async def slow(arrived: Arrived) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(oldest.wait(), takes[words(arrived)])

    service.trouble = slow
    people = [simulator.person(said, started=True) for said in takes]
    for person, said in zip(people, takes, strict=True):
        await person.say(said)
    async with polling(telegram, service):
        await service.has("สอง")
        before = polls(simulator)
        await service.has("สอง", "สาม")
        await asyncio.sleep(0.2)
        assert polls(simulator) == before
        oldest.set()
        await service.has(*takes)
    assert simulator.pending == 0


async def test_of_a_crowd_the_next_ones_are_asked_for_when_the_oldest_are_done(
    simulator: Simulator, telegram: Telegram, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.polling.MOST_UPDATES", 3)
    monkeypatch.setattr("bot.telegram.polling.MOVE_ON", 1)
    monkeypatch.setattr("bot.telegram.polling.SETTLE", 60)
    rest = asyncio.Event()

    async def slow(arrived: Arrived) -> None:
        if words(arrived) in ("สอง", "สาม"):
            await rest.wait()

    service.trouble = slow
    for said in ("หนึ่ง", "สอง", "สาม", "สี่"):
        await simulator.person(said, started=True).say(said)
    async with polling(telegram, service):
        await service.has("หนึ่ง", "สี่")
        rest.set()
        await service.has("หนึ่ง", "สอง", "สาม", "สี่")
    assert simulator.pending == 0


async def test_another_chat_goes_on_while_one_is_stuck_and_nothing_stuck_is_confirmed(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person
) -> None:
    gate = asyncio.Event()

    async def wait_for_gate(arrived: Arrived) -> None:
        if arrived.chat_id == officer.id:
            await gate.wait()

    service.trouble = wait_for_gate
    other = simulator.person("สมชาย", started=True)
    async with polling(telegram, service):
        await officer.say("ก1")
        await officer.say("ก2")
        await other.say("ข1")
        await service.has("ข1")
        before = polls(simulator)
        await asyncio.sleep(0.6)
        assert polls(simulator) - before <= 4, "it asks again and again"
        await other.say("ข2")
        await service.has("ข1", "ข2")
        assert simulator.pending == 4
        gate.set()
        await service.has("ข1", "ข2", "ก1", "ก2")
    assert [service.kept[one] for one in service.kept if service.kept[one].startswith("ก")] == ["ก1", "ก2"]
    assert simulator.pending == 0
    assert sorted(one for batch in service.batches for one in batch) == sorted(service.kept)


async def test_an_album_is_received_in_one_piece_and_a_straggler_after_it(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person
) -> None:
    async with polling(telegram, service):
        await officer.send_photos([jpeg(shade) for shade in range(5)])
        await service.has(*["FileSent"] * 5)
        assert [len(batch) for batch in service.batches] == [5]
        group = officer.messages[-1]["media_group_id"]
        late: Any = {"photo": officer.messages[-1]["photo"], "media_group_id": group}
        simulator.inbound.share(officer.chat, late)
        await service.has(*["FileSent"] * 6)
    assert [len(batch) for batch in service.batches] == [5, 1]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("getUpdates", 2, drop="before"),
        Fault("getUpdates", 2, drop="after"),
        Fault("getUpdates", 2, 429, retry_after=1),
        Fault("getUpdates", 3, 500),
        Fault("getUpdates", 3, 502),
        Fault("deleteWebhook", 2, 504),
    ],
)
async def test_whatever_goes_wrong_with_asking_nothing_is_lost(
    simulator: Simulator,
    telegram: Telegram,
    service: Service,
    officer: Person,
    fault: Fault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    simulator.faults.add(fault)
    async with polling(telegram, service):
        for number in range(5):
            await officer.say(str(number))
        await service.has(*"01234")
    assert simulator.pending == 0
    assert list(service.kept.values()) == list("01234")
    trouble = [one for one in caplog.records if one.levelname != "DEBUG" and one.name == "thongthin.telegram"]
    assert {one.getMessage() for one in trouble} == {"telegram did not answer"}


async def test_another_process_with_the_token_is_named_and_polling_goes_on(
    simulator: Simulator,
    telegram: Telegram,
    service: Service,
    officer: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    simulator.faults.add(Fault("getUpdates", 1, 409, "Conflict: terminated by other getUpdates request"))
    async with polling(telegram, service):
        await officer.say("หนึ่ง")
        await service.has("หนึ่ง")
    assert any("another process is polling with this token" in one.getMessage() for one in caplog.records)


async def test_a_webhook_of_another_process_is_named_and_polling_waits_for_its_end(
    simulator: Simulator,
    telegram: Telegram,
    service: Service,
    officer: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with polling(telegram, service):
        await officer.say("ศูนย์")
        await service.has("ศูนย์")
        simulator.updates.end_poll(conflict("terminated by setWebhook request"))
        await simulator.webhook.set(Address("http://127.0.0.1:9/nobody", "", 1))
        async with asyncio.timeout(5):
            while "this one waits" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert simulator.webhook.active
        await officer.say("หนึ่ง")  # that process is gone: nobody answers there
        await service.has("ศูนย์", "หนึ่ง")
    assert "a webhook at which nobody answers is taken away" in caplog.text
    assert simulator.pending == 0
    simulator.refusals.clear()  # the conflicts


async def test_a_poisonous_update_is_set_aside_and_the_queue_goes_on(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person
) -> None:
    async def poison(arrived: Arrived) -> None:
        if words(arrived) == "ยาพิษ":
            raise KeyError("our mistake")

    service.trouble = poison
    async with polling(telegram, service):
        for text in ("หนึ่ง", "ยาพิษ", "สอง"):
            await officer.say(text)
        await service.has("หนึ่ง", "สอง")
    assert len(service.dead) == 1
    assert simulator.pending == 0


async def test_an_outage_of_the_database_is_waited_out(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person
) -> None:
    troubles = [StorageUnavailable("locked")] * 20

    async def locked(arrived: Arrived) -> None:
        if troubles:
            raise troubles.pop()

    service.trouble = locked
    async with polling(telegram, service):
        await officer.say("หนึ่ง")
        await officer.say("สอง")
        await service.has("หนึ่ง", "สอง")
    assert service.sorry == [officer.id]
    assert service.dead == []


async def test_an_unreadable_update_among_good_ones_blocks_nobody(
    simulator: Simulator,
    telegram: Telegram,
    service: Service,
    officer: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await officer.say("หนึ่ง")
    bad = simulator.updates.add("message", {"message_id": "?", "text": {"not": "a text"}}, ("", 0))
    await officer.say("สอง")
    service.keep_trouble = [StorageUnavailable("locked"), RuntimeError("bug")]
    async with polling(telegram, service):
        await service.has("หนึ่ง", "สอง")
        await service.until(lambda: service.unreadable == [bad])
    assert simulator.pending == 0
    (line,) = [one for one in caplog.records if one.getMessage() == "unreadable update"]
    assert line.levelno == logging.ERROR


async def test_an_update_delivered_twice_is_kept_once(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person
) -> None:
    async with polling(telegram, service):
        await officer.say("หนึ่ง")
        await service.has("หนึ่ง")
        (update_id,) = service.kept
        simulator.updates.again(update_id, by_webhook=False)
        await officer.say("สอง")
        await service.has("หนึ่ง", "สอง")
    assert simulator.pending == 0


async def test_numbers_that_start_anew_after_a_quiet_week_are_not_passed_over(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person
) -> None:
    async with polling(telegram, service):
        await officer.say("หนึ่ง")
        await service.has("หนึ่ง")
        await asyncio.sleep(0.1)
        simulator.updates._next_id = 4711
        await officer.say("สอง")
        await asyncio.sleep(0.05)
        await officer.say("สาม")
        await service.has("หนึ่ง", "สอง", "สาม")
    assert simulator.pending == 0


async def test_what_asks_nothing_is_confirmed_too(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person
) -> None:
    async with polling(telegram, service):
        moving = await officer.send_location(18.7, 98.9, live_period=900)
        await service.has("SentPlace")
        await officer.move(moving, 18.8, 98.9)
        await asyncio.sleep(0.1)
    assert simulator.pending == 0
    assert len(service.kept) == 1


async def test_a_burst_of_many_chats_is_received_whole_and_in_order(
    simulator: Simulator, telegram: Telegram, service: Service
) -> None:
    officers = [simulator.person(f"คนที่ {number}", started=True) for number in range(30)]
    for number in range(10):
        for one in officers:
            await one.say(f"{one.id} {number}")
    async with polling(telegram, service):
        await service.has(*[f"{one.id} {number}" for one in officers for number in range(10)])
    assert simulator.pending == 0
    for one in officers:
        heard = [text for text in service.kept.values() if text.startswith(f"{one.id} ")]
        assert heard == [f"{one.id} {number}" for number in range(10)]


async def test_an_officers_photos_can_be_fetched_while_polling(
    simulator: Simulator, telegram: Telegram, service: Service, officer: Person, photos: Photos
) -> None:
    fetched: list[int] = []

    async def fetch(arrived: Arrived) -> None:
        assert isinstance(arrived.what, FileSent)
        fetched.append(len(await telegram.fetch(arrived.what.file_id)))

    service.trouble = fetch
    async with polling(telegram, service):
        await officer.send_photos([jpeg(1), jpeg(2)], as_file=True)
        await service.has("FileSent", "FileSent")
    assert fetched == [len(jpeg(1)), len(jpeg(2))]
