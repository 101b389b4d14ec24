"""Coordinators' chats: joined by an invitation of their own, told of their own places, and no longer once closed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from flows.core.problem import Problem
from flows.core.roles import EVERYWHERE, Reach
from storage import coordinators, invitations, reviewers
from storage.coordinators import Coordinator
from storage.db import Store
from storage.invitations import Invitation
from tests.storage.deadline_town import DeadlineTown


@pytest.fixture
def town(store: Store, now: datetime) -> DeadlineTown:
    return DeadlineTown(store, now)


LAMPANG = Reach(("ลำปาง",))


def test_a_coordinator_joins_with_a_code_that_works_once(town: DeadlineTown) -> None:
    who = town.account("ลำปาง", role="coordinator", reach=LAMPANG)
    code, _ = town.store.run_now(invitations.invite_coordinator, who.id, town.now)
    found = town.store.read_now(invitations.look_up, code, town.now)
    assert isinstance(found, Invitation)
    assert (found.kind, found.reviewer_id, found.lao_code, found.uses_left) == ("coordinator", who.id, "", 1)
    assert town.store.run_now(invitations.use, found.id, town.now)
    assert not town.store.run_now(invitations.use, found.id, town.now)
    assert town.store.read_now(coordinators.coordinator_in, 7) is None
    town.store.run_now(coordinators.join, 7, who.id, "สมหญิง", town.now)
    assert town.store.read_now(coordinators.coordinator_in, 7) == Coordinator(
        who.id, "ลำปาง", "coordinator", LAMPANG
    )


def test_a_new_code_closes_the_one_before(town: DeadlineTown) -> None:
    old, _ = town.store.run_now(invitations.invite_coordinator, town.reviewer_id, town.now)
    new, _ = town.store.run_now(invitations.invite_coordinator, town.reviewer_id, town.now)
    assert town.store.read_now(invitations.look_up, old, town.now) == invitations.REVOKED
    assert isinstance(town.store.read_now(invitations.look_up, new, town.now), Invitation)
    assert town.store.read_now(invitations.look_up, new, town.now + timedelta(days=15)) == invitations.EXPIRED


def test_the_code_of_a_closed_account_opens_nothing(town: DeadlineTown) -> None:
    code, _ = town.store.run_now(invitations.invite_coordinator, town.reviewer_id, town.now)
    town.store.run_now(reviewers.disable, town.reviewer_id, town.now)
    assert isinstance(town.store.read_now(invitations.look_up, code, town.now), Problem)


def test_each_province_has_the_chats_of_those_who_look_after_it(town: DeadlineTown) -> None:
    joined = {
        1: town.account("ทุกที่", role="coordinator", reach=EVERYWHERE),
        2: town.account("ลำปาง", role="coordinator", reach=LAMPANG),
        3: town.account("เกาะคา", role="coordinator", reach=Reach((), (("ลำปาง", "เกาะคา"),))),
        4: town.account("แพร่", role="coordinator", reach=Reach(("แพร่",))),
        5: town.account("ผู้ตรวจ", role="reviewer", reach=LAMPANG),
        6: town.account("ผู้ดู", role="viewer", reach=LAMPANG),
    }
    for chat_id, who in joined.items():
        town.store.run_now(
            coordinators.join, chat_id, who.id, who.name, town.now + timedelta(minutes=chat_id)
        )
    told = {
        province: [chat_id for chat_id, _ in town.store.read_now(coordinators.chats_of_province, province)]
        for province in ("ลำปาง", "แพร่", "น่าน")
    }
    assert told == {"ลำปาง": [1, 2, 3], "แพร่": [1, 4], "น่าน": [1]}
    # Others who may see progress see it in chat too, and are sent nothing.
    assert town.store.read_now(coordinators.coordinator_in, 6) is not None


def test_a_closed_account_and_a_chat_that_left_hear_nothing(town: DeadlineTown) -> None:
    first = town.account("หนึ่ง", role="coordinator", reach=LAMPANG)
    second = town.account("สอง", role="coordinator", reach=LAMPANG)
    for chat_id, who in ((1, first), (2, second)):
        town.store.run_now(coordinators.join, chat_id, who.id, who.name, town.now)
    town.store.run_now(reviewers.disable, first.id, town.now)
    town.store.run_now(coordinators.leave, 2, town.now)
    assert town.store.read_now(coordinators.chats_of_province, "ลำปาง") == []
    assert [town.store.read_now(coordinators.coordinator_in, chat_id) for chat_id in (1, 2)] == [None, None]
    town.store.run_now(reviewers.enable, first.id, town.now)
    assert len(town.store.read_now(coordinators.chats_of_province, "ลำปาง")) == 1


def test_a_chat_that_joins_again_is_the_new_account(town: DeadlineTown) -> None:
    first, second = town.account("หนึ่ง"), town.account("สอง", role="coordinator", reach=LAMPANG)
    for who in (first, second):
        town.store.run_now(coordinators.join, 1, who.id, who.name, town.now)
    found = town.store.read_now(coordinators.coordinator_in, 1)
    assert found is not None
    assert (found.reviewer_id, found.reach) == (second.id, LAMPANG)
