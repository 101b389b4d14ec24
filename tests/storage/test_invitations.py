"""Invitations open one LAO for a while and for a few people, and cannot be guessed."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta
from math import log2

import pytest
import sqlalchemy as sa

from flows.core.problem import Problem
from flows.core.text import TO_THAI_DIGITS
from storage import invitations
from storage.db import Store, Tx
from storage.invitations import Invitation
from storage.lao import Lao, import_laos
from storage.tables import chat, invitation

TON_THONG_CHAI = Lao("5201005", "เทศบาลตำบลต้นธงชัย", "เทศบาลตำบล", "ลำปาง", "เมืองลำปาง", "ต้นธงชัย")
OTHER = replace(TON_THONG_CHAI, code="5201002", name="เทศบาลนครลำปาง")
CHAT = 700


@pytest.fixture
def tx_store(store: Store, now: datetime) -> Store:
    def prepare(tx: Tx) -> None:
        import_laos(tx, [TON_THONG_CHAI, OTHER], now)
        tx.execute(chat.insert().values(id=CHAT, focus={}, seen_at=now))

    store.run_now(prepare)
    return store


def code_of(found: Invitation | Problem | None) -> str:
    assert isinstance(found, Problem)
    return found.code


def test_a_code_opens_the_lao_it_was_made_for(tx_store: Store, now: datetime) -> None:
    code, expires_at = tx_store.run_now(invitations.invite, "5201005", now)
    found = tx_store.read_now(invitations.look_up, code, now)
    assert isinstance(found, Invitation)
    assert found.lao_code == "5201005"
    assert found.expires_at == expires_at == now + timedelta(days=14)
    assert found.uses_left == 3


def test_codes_are_long_enough_and_fit_into_a_link() -> None:
    assert invitations.LENGTH * log2(len(invitations.ALPHABET)) >= 50
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", invitations.shown("A" * invitations.LENGTH))
    assert not set("OILU") & set(invitations.ALPHABET)


def test_only_a_hash_of_the_code_is_kept(tx_store: Store, now: datetime) -> None:
    code, _ = tx_store.run_now(invitations.invite, "5201005", now)
    kept = tx_store.read_now(lambda tx: str(tx.execute(sa.select(invitation)).one()))
    assert code not in kept
    assert code.replace("-", "") not in kept


@pytest.mark.parametrize(
    "as_typed",
    [str.lower, lambda c: c.replace("-", ""), lambda c: c.replace("-", " "), lambda c: f"  {c}\n",
     lambda c: c.translate(TO_THAI_DIGITS), lambda c: c.replace("0", "O").replace("1", "l")],
)  # fmt: skip
def test_a_code_is_read_however_people_type_it(tx_store: Store, now: datetime, as_typed: object) -> None:
    letters = iter("01AB2345CDEF")
    code, _ = tx_store.run_now(invitations.invite, "5201005", now, draw=lambda _: next(letters))
    assert code == "01AB-2345-CDEF"
    assert callable(as_typed)
    assert isinstance(tx_store.read_now(invitations.look_up, as_typed(code), now), Invitation)


@pytest.mark.parametrize(
    ("text", "could_be"),
    [("01AB-2345-CDEF", True), ("01ab2345cdef", True), ("๐๑ab-๒๓๔๕-cdef", True), ("สวัสดี", False), ("hello", False),
     ("081-234-5678", False)],
)  # fmt: skip
def test_words_are_told_from_codes(text: str, could_be: bool) -> None:
    assert invitations.looks_like_code(text) is could_be


@pytest.mark.parametrize("code", ["", "-", "AAAA-AAAA-AAAA", "น้ำตก", "' OR 1=1", "x" * 10_000])
def test_an_unknown_code_is_refused_and_the_right_one_still_works(
    tx_store: Store, now: datetime, code: str
) -> None:
    right, _ = tx_store.run_now(invitations.invite, "5201005", now)
    assert code_of(tx_store.read_now(invitations.look_up, code, now)) == "invitation.unknown"
    assert isinstance(tx_store.read_now(invitations.look_up, right, now), Invitation)


def test_an_expired_code_is_refused_and_a_new_one_works(tx_store: Store, now: datetime) -> None:
    old, expires_at = tx_store.run_now(invitations.invite, "5201005", now, days=1)
    assert isinstance(
        tx_store.read_now(invitations.look_up, old, expires_at - timedelta(seconds=1)), Invitation
    )
    assert code_of(tx_store.read_now(invitations.look_up, old, expires_at)) == "invitation.expired"
    new, _ = tx_store.run_now(invitations.invite, "5201005", expires_at)
    assert isinstance(tx_store.read_now(invitations.look_up, new, expires_at), Invitation)


def test_a_revoked_code_is_refused_for_good_and_others_stay_open(tx_store: Store, now: datetime) -> None:
    code, _ = tx_store.run_now(invitations.invite, "5201005", now)
    other, _ = tx_store.run_now(invitations.invite, "5201005", now)
    found = tx_store.read_now(invitations.look_up, code, now)
    assert isinstance(found, Invitation)
    assert tx_store.run_now(invitations.revoke, code.lower(), now) is None
    assert code_of(tx_store.read_now(invitations.look_up, code, now)) == "invitation.revoked"
    assert tx_store.run_now(invitations.use, found.id, now) is False
    assert isinstance(tx_store.read_now(invitations.look_up, other, now), Invitation)
    assert code_of(tx_store.run_now(invitations.revoke, "AAAA-AAAA-AAAA", now)) == "invitation.unknown"


def test_all_invitations_of_one_lao_are_revoked_and_no_other(tx_store: Store, now: datetime) -> None:
    codes = [tx_store.run_now(invitations.invite, "5201005", now)[0] for _ in range(2)]
    other, _ = tx_store.run_now(invitations.invite, OTHER.code, now)
    assert tx_store.run_now(invitations.revoke_all, "5201005", now) == 2
    assert tx_store.run_now(invitations.revoke_all, "5201005", now) == 0
    assert {code_of(tx_store.read_now(invitations.look_up, code, now)) for code in codes} == {
        "invitation.revoked"
    }
    assert isinstance(tx_store.read_now(invitations.look_up, other, now), Invitation)


async def test_two_people_cannot_take_the_last_use(tx_store: Store, now: datetime) -> None:
    code, _ = await tx_store.run(invitations.invite, "5201005", now, uses=2)
    found = await tx_store.read(invitations.look_up, code, now)
    assert isinstance(found, Invitation)
    taken = await asyncio.gather(*(tx_store.run(invitations.use, found.id, now) for _ in range(8)))
    assert sum(taken) == 2
    assert code_of(await tx_store.read(invitations.look_up, code, now)) == "invitation.used_up"


def test_after_five_wrong_codes_a_chat_waits_and_then_may_try_again(tx_store: Store, now: datetime) -> None:
    for _ in range(invitations.MOST_GUESSES):
        assert tx_store.read_now(invitations.may_guess, CHAT, now) is None
        tx_store.run_now(invitations.note_guess, CHAT, now)
    later = now + timedelta(minutes=20, seconds=1)
    told = tx_store.read_now(invitations.may_guess, CHAT, later)
    assert told == replace(invitations.TOO_MANY_GUESSES, facts={"minutes": 40})
    after = now + timedelta(hours=1)
    assert tx_store.read_now(invitations.may_guess, CHAT, after) is None
    tx_store.run_now(invitations.note_guess, CHAT, after)
    assert tx_store.read_now(invitations.may_guess, CHAT, after) is None


def test_a_chat_that_is_not_known_yet_may_guess(tx_store: Store, now: datetime) -> None:
    assert tx_store.read_now(invitations.may_guess, 999, now) is None
