"""The inbox: order, albums, outages, poison, and what is left to come again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.chat_service import Arrived, FileSent, TryAgain
from bot.inbox import Inbox, InboxClosed
from flows.core.chat import Said
from storage.db import StorageUnavailable


def text(update_id: int, chat_id: int = 1, words: str = "") -> Arrived:
    return Arrived(update_id, chat_id, True, "สมหญิง", "th", Said(words or str(update_id)))


def photo(update_id: int, group: str, chat_id: int = 1) -> Arrived:
    return Arrived(update_id, chat_id, True, "สมหญิง", "th", FileSent(f"file{update_id}", 1, group=group))


class Desk:
    """Notes what it is handed; `troubles` are raised first, one a time, by update id."""

    def __init__(self) -> None:
        self.handled: list[list[int]] = []
        self.tried: list[list[int]] = []
        self.dead: list[tuple[list[int], str, int]] = []
        self.sorry: list[int] = []
        self.slept: list[float] = []
        self.troubles: dict[int, list[Exception]] = {}
        self.dead_troubles: list[Exception] = []
        self.blocked: dict[int, asyncio.Event] = {}
        self.inbox = Inbox(
            self.receive, self.give_up, self.apologise, album_pause=0.05, album_most=0.2, sleep=self.sleep
        )

    async def receive(self, batch: Sequence[Arrived]) -> None:
        ids = [one.update_id for one in batch]
        self.tried.append(ids)
        for update_id in ids:
            if update_id in self.blocked:
                await self.blocked[update_id].wait()
            if self.troubles.get(update_id):
                raise self.troubles[update_id].pop(0)
        await asyncio.sleep(0)
        self.handled.append(ids)

    async def give_up(self, batch: Sequence[Arrived], error: Exception, tries: int) -> None:
        if self.dead_troubles:
            raise self.dead_troubles.pop(0)
        self.dead.append(([one.update_id for one in batch], type(error).__name__, tries))

    async def apologise(self, chat_id: int) -> None:
        self.sorry.append(chat_id)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
async def desk() -> Desk:
    return Desk()


async def test_updates_of_one_chat_are_handled_in_order_of_their_ids(desk: Desk) -> None:
    await asyncio.gather(*[desk.inbox.put(text(update_id)) for update_id in (3, 1, 2, 5, 4)])
    assert desk.handled == [[1], [2], [3], [4], [5]]


async def test_another_chat_goes_on_while_one_is_blocked(desk: Desk) -> None:
    gate = desk.blocked[1] = asyncio.Event()
    first, second = desk.inbox.put(text(1, chat_id=1)), desk.inbox.put(text(2, chat_id=1))
    await desk.inbox.put(text(3, chat_id=2))
    assert desk.handled == [[3]]
    assert not first.done()
    gate.set()
    await asyncio.gather(first, second)
    assert desk.handled == [[3], [1], [2]]


async def test_no_more_chats_than_allowed_are_handled_at_once() -> None:
    running = most = 0

    async def receive(batch: Sequence[Arrived]) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1

    desk = Desk()
    inbox = Inbox(receive, desk.give_up, desk.apologise, at_once=3)
    await asyncio.gather(*[inbox.put(text(number, chat_id=number)) for number in range(1, 11)])
    assert most == 3


async def test_an_album_is_handed_over_in_one_piece(desk: Desk) -> None:
    await asyncio.gather(*[desk.inbox.put(photo(update_id, "a")) for update_id in range(1, 6)])
    assert desk.handled == [[1, 2, 3, 4, 5]]


async def test_a_late_photo_of_an_album_is_waited_for(desk: Desk) -> None:
    first = [desk.inbox.put(photo(update_id, "a")) for update_id in (1, 2)]
    await asyncio.sleep(0.02)
    await asyncio.gather(*first, desk.inbox.put(photo(3, "a")))
    assert desk.handled == [[1, 2, 3]]


async def test_a_straggler_of_an_album_comes_by_itself(desk: Desk) -> None:
    await asyncio.gather(*[desk.inbox.put(photo(update_id, "a")) for update_id in (1, 2, 3, 4)])
    await desk.inbox.put(photo(5, "a"))
    assert desk.handled == [[1, 2, 3, 4], [5]]


async def test_an_album_that_never_ends_is_not_waited_for_for_ever(desk: Desk) -> None:
    done = []
    for update_id in range(1, 10):
        done.append(desk.inbox.put(photo(update_id, "a")))
        await asyncio.sleep(0.03)
    await asyncio.gather(*done)
    assert len(desk.handled) == 2
    assert [one for batch in desk.handled for one in batch] == list(range(1, 10))


async def test_an_album_ends_where_something_else_follows(desk: Desk) -> None:
    batch = [photo(1, "a"), photo(2, "a"), text(3), photo(4, "b"), photo(5, "c")]
    await asyncio.gather(*map(desk.inbox.put, batch))
    assert desk.handled == [[1, 2], [3], [4], [5]]


async def test_two_chats_albums_are_not_mixed(desk: Desk) -> None:
    batch = [photo(1, "a", 1), photo(2, "a", 2), photo(3, "a", 1), photo(4, "a", 2)]
    await asyncio.gather(*map(desk.inbox.put, batch))
    assert sorted(desk.handled) == [[1, 3], [2, 4]]


@pytest.mark.parametrize("trouble", [StorageUnavailable("locked"), OSError("no space left")])
async def test_an_outage_is_waited_out_with_one_apology(desk: Desk, trouble: Exception) -> None:
    desk.troubles[1] = [trouble] * 9
    await asyncio.gather(desk.inbox.put(text(1)), desk.inbox.put(text(2)))
    assert desk.handled == [[1], [2]]
    assert desk.sorry == [1]
    assert desk.slept == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert desk.dead == []


async def test_when_the_chat_service_asks_to_wait_it_is_waited_without_a_word(desk: Desk) -> None:
    desk.troubles[1] = [TryAgain("429", 17), TryAgain("502")]
    await desk.inbox.put(text(1))
    assert desk.slept == [17, 1]
    assert desk.sorry == []


async def test_a_poisonous_update_is_kept_as_a_dead_letter_and_the_queue_goes_on(desk: Desk) -> None:
    desk.troubles[1] = [KeyError("bug")] * 99
    await asyncio.gather(desk.inbox.put(text(1)), desk.inbox.put(text(2)))
    assert desk.dead == [([1], "KeyError", 4)]
    assert desk.handled == [[2]]


async def test_a_passing_mistake_is_not_a_dead_letter(desk: Desk) -> None:
    desk.troubles[1] = [KeyError("bug"), StorageUnavailable("locked"), KeyError("bug"), KeyError("bug")]
    await desk.inbox.put(text(1))
    assert desk.handled == [[1]]
    assert desk.dead == []


async def test_a_missing_file_is_not_waited_for_for_ever(desk: Desk) -> None:
    desk.troubles[1] = [FileNotFoundError("photo")] * 99
    await desk.inbox.put(text(1))
    assert desk.dead == [([1], "FileNotFoundError", 4)]


async def test_one_poisonous_photo_does_not_take_its_album_along(desk: Desk) -> None:
    desk.troubles[2] = [KeyError("bug")] * 99
    await asyncio.gather(*[desk.inbox.put(photo(update_id, "a")) for update_id in (1, 2, 3)])
    assert desk.dead == [([2], "KeyError", 4)]
    assert desk.handled == [[1], [3]]


async def test_a_dead_letter_is_kept_in_the_end_when_the_disk_was_full(desk: Desk) -> None:
    desk.troubles[1] = [KeyError("bug")] * 99
    desk.dead_troubles = [StorageUnavailable("full"), RuntimeError("bug in keeping")]
    await asyncio.gather(desk.inbox.put(text(1)), desk.inbox.put(text(2)))
    assert desk.dead == [([1], "KeyError", 4)]
    assert desk.handled == [[2]]


async def test_an_update_delivered_twice_is_taken_once(desk: Desk) -> None:
    gate = desk.blocked[1] = asyncio.Event()
    first = desk.inbox.put(text(1))
    await asyncio.sleep(0)
    assert desk.inbox.put(text(1)) is first
    gate.set()
    await first
    assert desk.tried == [[1]]


async def test_who_waits_may_go_away_and_ask_again(desk: Desk) -> None:
    gate = desk.blocked[1] = asyncio.Event()
    desk.inbox.put(text(1)).cancel()
    await asyncio.sleep(0)
    again = desk.inbox.put(text(1))
    gate.set()
    await again
    await desk.inbox.put(text(2))
    assert desk.handled == [[1], [2]]


async def test_closing_finishes_what_is_in_hand_and_leaves_the_rest_to_come_again(desk: Desk) -> None:
    gate = desk.blocked[1] = asyncio.Event()
    first, waiting = desk.inbox.put(text(1)), desk.inbox.put(text(2))
    await asyncio.sleep(0)
    closing = asyncio.create_task(desk.inbox.close(5))
    await asyncio.sleep(0)
    with pytest.raises(InboxClosed):
        desk.inbox.put(text(3))
    gate.set()
    await closing
    assert first.done()
    assert not first.cancelled()
    assert waiting.cancelled()
    assert desk.handled == [[1]]


async def test_closing_does_not_wait_longer_than_its_grace(desk: Desk) -> None:
    desk.blocked[1] = asyncio.Event()
    stuck = desk.inbox.put(text(1))
    await asyncio.sleep(0)
    await desk.inbox.close(0.02)
    assert stuck.cancelled()


async def test_closing_ends_the_waiting_for_an_outage() -> None:
    desk = Desk()
    desk.troubles[1] = [StorageUnavailable("locked")] * 9
    inbox = Inbox(desk.receive, desk.give_up, desk.apologise)
    done = inbox.put(text(1))
    await asyncio.sleep(0.02)
    await asyncio.wait_for(inbox.close(5), 0.4)
    assert done.cancelled()
