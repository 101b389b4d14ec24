"""Chats, drafts and handled updates as they are stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from flows import CATALOGUE
from flows.core import engine
from storage import conversations as keep
from storage import officers
from storage.conversations import Chat
from storage.db import Store, Tx
from storage.lao import import_laos
from storage.officers import Officer
from storage.tables import dead_letter
from tests.bot.talk import KOKHA, TONTHONGCHAI

CHAT = 7_000_000_001
LANDMARK = engine.begin(CATALOGUE["landmark"])


@pytest.fixture
def officer(store: Store, now: datetime) -> Officer:
    def prepare(tx: Tx) -> Officer:
        import_laos(tx, [TONTHONGCHAI, KOKHA], now)
        keep.lock_chat(tx, CHAT, "th", now)
        return officers.join(tx, CHAT, "สมศรี", TONTHONGCHAI.code, now)

    return store.run_now(prepare)


def test_a_new_chat_is_made_in_the_language_of_its_phone_and_keeps_it(store: Store, now: datetime) -> None:
    assert store.run_now(keep.lock_chat, CHAT, "en", now) == Chat(CHAT, "en", {}, None, None)
    assert store.run_now(keep.lock_chat, CHAT, "th", now).language == "en"
    store.run_now(keep.set_language, CHAT, "th")
    assert store.run_now(keep.lock_chat, CHAT, "en", now).language == "th"


async def test_many_first_messages_at_once_make_one_chat(store: Store, now: datetime) -> None:
    chats = await asyncio.gather(*(store.run(keep.lock_chat, CHAT, "th", now) for _ in range(20)))
    assert {one.id for one in chats} == {CHAT}


async def test_what_is_done_in_one_chat_is_done_one_after_the_other(store: Store, now: datetime) -> None:
    def count_one(tx: Tx) -> None:
        focus = keep.lock_chat(tx, CHAT, "th", now).focus
        keep.save_focus(tx, CHAT, {"draft": int(str(focus.get("draft", 0))) + 1}, now)

    await asyncio.gather(*(store.run(count_one) for _ in range(40)))
    chat = store.read_now(keep.chat_of, CHAT)
    assert chat is not None
    assert chat.focus == {"draft": 40}


def test_blocking_is_kept_whatever_else_is_saved(store: Store, now: datetime) -> None:
    def prepare(tx: Tx) -> None:
        keep.lock_chat(tx, CHAT, "th", now)
        keep.set_reachable(tx, CHAT, False, now)
        keep.save_focus(tx, CHAT, {}, now)

    store.run_now(prepare)
    chat = store.read_now(keep.chat_of, CHAT)
    assert chat is not None
    assert chat.unreachable_at == now


def test_handled_updates_are_known_for_days_and_then_forgotten(store: Store, now: datetime) -> None:
    def done(ids: Sequence[int]) -> set[int]:
        return store.read_now(keep.already_handled, ids)

    store.run_now(keep.note_handled, 800_000_001, CHAT, now)
    assert done([800_000_001, 800_000_002]) == {800_000_001}
    store.run_now(keep.forget_handled, now + timedelta(days=2))
    assert done([800_000_001]) == {800_000_001}
    store.run_now(keep.forget_handled, now + timedelta(days=4))
    assert done([800_000_001]) == set()
    assert done([]) == set()


def test_a_draft_comes_back_as_it_was_saved(store: Store, officer: Officer, now: datetime) -> None:
    made = store.run_now(keep.new_draft, officer.id, officer.lao.code, LANDMARK, now)
    filled = LANDMARK.with_answer("name", "วัด “ก” 🙂\n{x}").hearing("17", "name")
    store.run_now(keep.save_draft, made.id, filled, now + timedelta(seconds=1))
    found = store.read_now(keep.draft_of, made.id)
    assert found == replace(made, conversation=filled, updated_at=now + timedelta(seconds=1))
    assert store.read_now(keep.draft_for_form, officer.id, "landmark") == found
    assert store.read_now(keep.draft_for_form, officer.id, "news") is None


def test_drafts_are_listed_with_the_latest_first(store: Store, officer: Officer, now: datetime) -> None:
    for n, form in enumerate(("news", "landmark", "product")):
        c = engine.begin(CATALOGUE[form])
        store.run_now(keep.new_draft, officer.id, officer.lao.code, c, now + timedelta(minutes=n % 2))
    assert store.read_now(keep.drafts_of, officer.id)[0].form == "landmark"
    assert len(store.read_now(keep.drafts_of, officer.id)) == 3
    assert store.read_now(keep.drafts_of, officer.id + 1) == []


def test_an_officer_has_one_new_draft_of_each_form(store: Store, officer: Officer, now: datetime) -> None:
    store.run_now(keep.new_draft, officer.id, officer.lao.code, LANDMARK, now)
    with pytest.raises(IntegrityError):
        store.run_now(keep.new_draft, officer.id, officer.lao.code, LANDMARK, now)
    assert len(store.read_now(keep.drafts_of, officer.id)) == 1


def test_the_id_of_a_draft_thrown_away_is_never_given_again(
    store: Store, officer: Officer, now: datetime
) -> None:
    ids = []
    for _ in range(3):
        made = store.run_now(keep.new_draft, officer.id, officer.lao.code, LANDMARK, now)
        ids.append(made.id)
        store.run_now(keep.delete_draft, made.id)
    assert len(set(ids)) == 3


@pytest.mark.parametrize("odd", ["\0", "\ud800", "\udfff\ud800", float("nan"), float("-inf")])
def test_a_dead_letter_with_what_no_database_takes_is_kept(store: Store, now: datetime, odd: Any) -> None:
    raw: Any = {"update_id": 5, "message": {"text": "ก", "odd": [odd, {"odd": odd}]}}
    store.run_now(keep.keep_dead_letter, 5, CHAT, raw, f"KeyError: {odd}", 4, now, {"at": odd})
    row = store.read_now(lambda tx: tx.execute(sa.select(dead_letter)).one())
    assert row.raw["message"]["text"] == "ก"
    assert row.error.startswith("KeyError: ")


def test_a_dead_letter_is_kept_once_with_its_error(store: Store, now: datetime) -> None:
    for error in ("KeyError: ก" + "x" * 9000, "later"):
        store.run_now(keep.keep_dead_letter, 5, CHAT, {"update_id": 5}, error, 4, now)
    row = store.read_now(lambda tx: tx.execute(sa.select(dead_letter)).one())
    assert row.error.startswith("KeyError: ก")
    assert len(row.error) == 4000
