"""Dead letters are claimed by one process at a time, in their chat's order, and taken out once."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import conversations, dead_letters
from storage.db import Store, Tx
from storage.dead_letters import CLAIM


def keep(
    store: Store, update_id: int, now: datetime, chat_id: int | None = 7, *, saved: bool = False
) -> None:
    def kept(tx: Tx) -> None:
        conversations.keep_dead_letter(
            tx, update_id, chat_id, {"n": update_id}, "KeyError: ความลับ", 4, now, {"draft": 1}, saved
        )
        conversations.note_handled(tx, update_id, 7, now)

    store.run_now(kept)


def test_only_what_is_marked_is_claimed_and_by_one(store: Store, now: datetime) -> None:
    for n in (1, 2, 3):
        keep(store, n, now, chat_id=n)
    assert not store.read_now(dead_letters.any_to_run, now)
    assert store.run_now(dead_letters.run_again, now, 2) == 1
    assert store.read_now(dead_letters.any_to_run, now)
    [letter] = store.run_now(dead_letters.claim, now)
    assert (letter.update_id, letter.kind, letter.place) == (2, "KeyError", {"draft": 1})
    assert store.run_now(dead_letters.claim, now) == []
    assert not store.read_now(dead_letters.any_to_run, now)
    later = now + CLAIM + timedelta(seconds=1)  # the process that had it has died
    assert [one.update_id for one in store.run_now(dead_letters.claim, later)] == [2]


def test_a_later_one_of_a_chat_waits_for_the_earlier_one(store: Store, now: datetime) -> None:
    keep(store, 1, now)
    keep(store, 2, now)
    store.run_now(dead_letters.run_again, now, 1)
    assert [one.update_id for one in store.run_now(dead_letters.claim, now)] == [1]
    store.run_now(dead_letters.run_again, now, 2)
    assert store.run_now(dead_letters.claim, now) == []
    assert store.run_now(dead_letters.take, 1)
    assert [one.update_id for one in store.run_now(dead_letters.claim, now)] == [2]


def test_it_is_taken_out_once_and_is_no_longer_noted_as_handled(store: Store, now: datetime) -> None:
    keep(store, 1, now)
    assert store.run_now(dead_letters.take, 1) is None  # nobody wants it run
    store.run_now(dead_letters.run_again, now, 1)
    assert store.run_now(dead_letters.take, 1)
    assert store.run_now(dead_letters.take, 1) is None
    assert not store.read_now(conversations.already_handled, [1])


def test_what_was_saved_stays_noted_as_handled(store: Store, now: datetime) -> None:
    keep(store, 1, now, saved=True)
    store.run_now(dead_letters.run_again, now, 1)
    assert store.run_now(dead_letters.take, 1)
    assert store.read_now(conversations.already_handled, [1])


def test_one_that_fails_again_stays_with_the_new_error_and_is_run_when_it_is_marked_again(
    store: Store, now: datetime
) -> None:
    keep(store, 1, now, chat_id=None)
    store.run_now(dead_letters.run_again, now)
    store.run_now(dead_letters.claim, now)
    store.run_now(dead_letters.failed_again, 1, "TypeError: other", 4)
    letter = store.read_now(dead_letters.letter_of, 1)
    assert letter is not None
    assert (letter.kind, letter.attempts, letter.retry_at, letter.at) == ("TypeError", 8, None, now)
    assert store.run_now(dead_letters.claim, now) == []
    assert store.run_now(dead_letters.run_again, now) == 1
    assert [one.update_id for one in store.run_now(dead_letters.claim, now)] == [1]


def test_a_dropped_one_is_gone(store: Store, now: datetime) -> None:
    keep(store, 1, now)
    assert store.run_now(dead_letters.drop, 1)
    assert not store.run_now(dead_letters.drop, 1)
    assert store.read_now(dead_letters.newest) == []
