"""Entries as they are stored: numbers, revisions, pages, history, and the officer's own switches."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from flows import CATALOGUE
from storage import submissions
from storage.db import Store
from storage.submissions import Filter
from tests.bot.talk import ANSWERS, KOKHA, Talk

LANDMARK = CATALOGUE["landmark"]


@pytest.fixture
def talk(store: Store) -> Talk:
    return Talk(store).joined()


async def test_numbers_sent_at_the_same_time_are_all_different(talk: Talk) -> None:
    numbers = await asyncio.gather(
        *(talk.store.run(submissions.number_for, "L", talk.now) for _ in range(30))
    )
    assert sorted(numbers) == [f"L-2560-{n:06d}" for n in range(1, 31)]


def test_answers_are_kept_in_the_forms_order_and_only_those_that_apply(talk: Talk) -> None:
    answers = dict(reversed(ANSWERS["landmark"].items())) | {"nothing": "else"}
    entry = talk.store.run_now(
        submissions.submit, LANDMARK, answers, talk.officer.id, talk.officer.lao.code, talk.now
    )
    assert set(entry.answers) == set(ANSWERS["landmark"])
    assert entry.answers == ANSWERS["landmark"]


def test_an_entry_is_found_for_its_own_lao_only(talk: Talk) -> None:
    entry = talk.sent()
    assert talk.store.read_now(submissions.entry_of, entry.id) == entry
    assert talk.store.read_now(submissions.entry_of, entry.id, talk.officer.lao.code) == entry
    assert talk.store.read_now(submissions.entry_of, entry.id, KOKHA.code) is None
    assert talk.store.read_now(submissions.entry_of, entry.id + 1) is None


def test_a_new_revision_keeps_number_and_moment_of_the_old_one(talk: Talk) -> None:
    entry = talk.sent()
    later = talk.now + timedelta(days=1)
    answers = {**ANSWERS["landmark"], "name": "วัดใหม่"}
    again = talk.store.run_now(submissions.submit_again, LANDMARK, entry.id, answers, talk.officer.id, later)
    assert (again.number, again.revision, again.status, again.headline, again.sent_at) == (
        entry.number, 2, "pending", "วัดใหม่", later,
    )  # fmt: skip
    happened = talk.store.read_now(submissions.history_of, entry.id)
    assert [(one.what, one.revision, one.by) for one in happened] == [
        ("sent", 1, "สมศรี ตัวอย่าง"), ("sent", 2, "สมศรี ตัวอย่าง"),
    ]  # fmt: skip


def test_a_page_past_the_last_is_the_last(talk: Talk) -> None:
    for _ in range(11):
        talk.sent()
    page = talk.store.read_now(submissions.entries_of, talk.officer.lao.code, Filter(), 99, talk.now)
    assert (page.page, page.pages, page.total, len(page.entries)) == (1, 2, 11, 1)
    before = talk.store.read_now(submissions.entries_of, talk.officer.lao.code, Filter(), -3, talk.now)
    assert (before.page, len(before.entries)) == (0, 10)


@pytest.mark.parametrize("words", ["พระธาตุ", "ลำปาง", "ล\u0e4d\u0e32ปาง", " วัดพระธาตุลำปางหลวง "])
def test_words_are_found_however_sara_am_is_typed(talk: Talk, words: str) -> None:
    talk.sent()
    talk.sent(name="น้ำตก")
    page = talk.store.read_now(
        submissions.entries_of, talk.officer.lao.code, Filter(words=words), 0, talk.now
    )
    assert [one.headline for one in page.entries] == ["วัดพระธาตุลำปางหลวง"]


@pytest.mark.parametrize("typed", ["น้ำตก", "น้\u0e4d\u0e32ตก", "น\u0e4d้\u0e32ตก"])
def test_a_tone_mark_may_be_typed_before_or_after_sara_am(talk: Talk, typed: str) -> None:
    talk.sent(name="น้ำตกแม่ก้ำ")
    page = talk.store.read_now(
        submissions.entries_of, talk.officer.lao.code, Filter(words=typed), 0, talk.now
    )
    assert page.total == 1


def test_signs_of_like_are_plain_letters(talk: Talk) -> None:
    talk.sent()
    for words in ("%", "_", "\\"):
        page = talk.store.read_now(
            submissions.entries_of, talk.officer.lao.code, Filter(words=words), 0, talk.now
        )
        assert page.total == 0


def test_a_deleted_entry_is_listed_apart_for_thirty_days(talk: Talk) -> None:
    entry = talk.sent()
    talk.store.run_now(submissions.delete_entry, entry, talk.officer.id, talk.now)

    def total(narrow: Filter, days: int) -> int:
        at = talk.now + timedelta(days=days)
        return talk.store.read_now(submissions.entries_of, entry.lao_code, narrow, 0, at).total

    assert total(Filter(), 0) == 0
    assert total(Filter(deleted=True), 30) == 1
    assert total(Filter(deleted=True), 31) == 0


def test_deleting_and_hiding_twice_is_noted_once(talk: Talk) -> None:
    entry = talk.sent()
    talk.store.run_now(submissions.set_shown, entry, True, talk.officer.id, talk.now)
    for _ in range(2):
        now = talk.store.read_now(submissions.entry_of, entry.id)
        assert now is not None
        talk.store.run_now(submissions.set_shown, now, False, talk.officer.id, talk.now)
        talk.store.run_now(submissions.delete_entry, now, talk.officer.id, talk.now)
    happened = talk.store.read_now(submissions.history_of, entry.id)
    assert [one.what for one in happened] == ["sent", "hidden", "deleted"]


def test_an_entry_without_a_verdict_has_none(talk: Talk) -> None:
    assert talk.store.read_now(submissions.last_verdict, talk.sent().id) is None
    assert talk.store.read_now(submissions.happening, 999) is None
