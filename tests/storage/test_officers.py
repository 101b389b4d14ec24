"""Officers: joining, moving, leaving, and coming back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage import conversations, officers
from storage.db import Store, Tx
from storage.lao import import_laos
from tests.bot.talk import KOKHA, TONTHONGCHAI

CHAT = 7_000_000_001


@pytest.fixture
def laos(store: Store, now: datetime) -> Store:
    def prepare(tx: Tx) -> None:
        import_laos(tx, [TONTHONGCHAI, KOKHA], now)
        conversations.lock_chat(tx, CHAT, "th", now)

    store.run_now(prepare)
    return store


def test_an_officer_speaks_for_their_lao(laos: Store, now: datetime) -> None:
    assert laos.read_now(officers.officer_in, CHAT) is None
    assert not laos.read_now(officers.was_removed, CHAT)
    joined = laos.run_now(officers.join, CHAT, "สมศรี", TONTHONGCHAI.code, now)
    assert laos.read_now(officers.officer_in, CHAT) == joined
    assert joined.lao == TONTHONGCHAI


def test_a_removed_officer_is_none_and_was_one(laos: Store, now: datetime) -> None:
    joined = laos.run_now(officers.join, CHAT, "สมศรี", TONTHONGCHAI.code, now)
    laos.run_now(officers.remove, joined.id, now)
    assert laos.read_now(officers.officer_in, CHAT) is None
    assert laos.read_now(officers.was_removed, CHAT)
    assert laos.read_now(officers.officers_of, TONTHONGCHAI.code) == []


def test_whoever_comes_back_is_the_same_officer_with_the_name_of_now(laos: Store, now: datetime) -> None:
    first = laos.run_now(officers.join, CHAT, "สมศรี", TONTHONGCHAI.code, now)
    laos.run_now(officers.remove, first.id, now)
    back = laos.run_now(officers.join, CHAT, "สมศรี ใจดี" * 40, TONTHONGCHAI.code, now)
    assert back.id == first.id
    assert back.name.startswith("สมศรี ใจดี")
    assert len(back.name) <= 200
    assert not laos.read_now(officers.was_removed, CHAT)


def test_moving_to_another_lao_makes_another_officer(laos: Store, now: datetime) -> None:
    first = laos.run_now(officers.join, CHAT, "สมศรี", TONTHONGCHAI.code, now)
    laos.run_now(officers.remove, first.id, now)
    second = laos.run_now(officers.join, CHAT, "สมศรี", KOKHA.code, now)
    assert second.id != first.id
    found = laos.read_now(officers.officer_in, CHAT)
    assert found is not None
    assert found.lao == KOKHA


def test_the_officers_of_an_lao_come_in_the_order_they_joined(laos: Store, now: datetime) -> None:
    for n in (2, 0, 1):
        laos.run_now(officers.join, CHAT + n, f"คนที่ {n}", TONTHONGCHAI.code, now + timedelta(days=n))
    assert [one.name for one in laos.read_now(officers.officers_of, TONTHONGCHAI.code)] == [
        "คนที่ 0", "คนที่ 1", "คนที่ 2",
    ]  # fmt: skip
