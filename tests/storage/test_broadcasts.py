"""A message to chosen LAOs: whom it reaches, once each, and what became of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from flows.core.campaign import Scope
from flows.core.roles import EVERYWHERE, Reach
from storage import broadcasts, conversations, officers, outbox
from storage.broadcasts import Audience, BroadcastFilter, Which
from storage.db import Store
from tests.storage.deadline_town import (
    BANLAENG,
    KOKHA,
    PHRAE,
    RONGKWANG,
    TONTHONGCHAI,
    DeadlineTown,
    letter,
    statements,
)


@pytest.fixture
def town(store: Store, now: datetime) -> DeadlineTown:
    """Ko Kha has everything, Ton Thong Chai something, Phrae nothing and its officer has blocked the bot."""
    town = DeadlineTown(store, now)
    for chat_id, code in enumerate([KOKHA, TONTHONGCHAI, PHRAE], 1):
        town.officer(code, chat_id, f"คนที่ {chat_id}")
    town.store.run_now(conversations.set_reachable, 3, False, now)
    return town


def codes(audience: Audience) -> tuple[list[str], list[str]]:
    return sorted(one.code for _, _, one in audience.recipients), sorted(
        one.code for one in audience.laos_without
    )


def test_everybody_in_reach_is_written_to_and_the_others_are_named(town: DeadlineTown) -> None:
    found = town.store.read_now(broadcasts.audience, EVERYWHERE, BroadcastFilter())
    assert codes(found) == ([TONTHONGCHAI, KOKHA], [BANLAENG, PHRAE, RONGKWANG])
    assert [chat_id for chat_id, _, _ in found.recipients] == [2, 1]
    found = town.store.read_now(broadcasts.audience, Reach((), (("ลำปาง", "เกาะคา"),)), BroadcastFilter())
    assert codes(found) == ([KOKHA], [])


@pytest.mark.parametrize(
    ("which", "reached", "without"),
    [
        ("all", [TONTHONGCHAI, KOKHA], [BANLAENG, PHRAE, RONGKWANG]),
        ("lacking", [TONTHONGCHAI], [BANLAENG, PHRAE, RONGKWANG]),
        ("nothing", [], [BANLAENG, PHRAE, RONGKWANG]),
    ],
)
def test_those_who_have_not_sent_are_chosen(
    town: DeadlineTown, which: Which, reached: list[str], without: list[str]
) -> None:
    one = town.running()
    by_chat = {chat: town.store.read_now(officers.officer_in, chat) for chat in (1, 2)}
    assert by_chat[1]
    assert by_chat[2]
    for form in ("landmark", "landmark", "product"):
        town.sends(by_chat[1], form)
    town.sends(by_chat[2])
    found = town.store.read_now(broadcasts.audience, EVERYWHERE, BroadcastFilter(one, which))
    assert codes(found) == (reached, without)
    found = town.store.read_now(broadcasts.audience, Reach(("แพร่",)), BroadcastFilter(one, which))
    assert codes(found) == ([], [PHRAE, RONGKWANG])


def test_place_type_and_codes_narrow(town: DeadlineTown) -> None:
    def chosen(which: BroadcastFilter) -> list[str]:
        reached, without = codes(town.store.read_now(broadcasts.audience, EVERYWHERE, which))
        return sorted(reached + without)

    assert chosen(BroadcastFilter(province="แพร่")) == [PHRAE, RONGKWANG]
    assert chosen(BroadcastFilter(province="ลำปาง", district="เกาะคา")) == [KOKHA]
    assert chosen(BroadcastFilter(type="เทศบาลเมือง")) == [PHRAE]
    assert chosen(BroadcastFilter(lao_codes=(KOKHA, PHRAE))) == [KOKHA, PHRAE]
    asked = town.running(letter(scope=Scope(("แพร่",))))
    assert chosen(BroadcastFilter(asked)) == [PHRAE, RONGKWANG]


def test_each_chat_gets_it_once_and_its_way_is_followed(town: DeadlineTown) -> None:
    town.officer(TONTHONGCHAI, 4, "คนที่ 4")
    found = town.store.read_now(broadcasts.audience, EVERYWHERE, BroadcastFilter(province="ลำปาง"))
    number = town.store.run_now(broadcasts.send, town.reviewer_id, None, "ประชุมวันศุกร์", found, town.now)
    kept = town.store.read_now(broadcasts.broadcast_of, number)
    assert kept is not None
    assert (kept.wording, kept.recipients, kept.campaign_id) == ("ประชุมวันศุกร์", 3, None)
    told = town.store.read_now(broadcasts.progress_of, number)
    assert (told.recipients, told.sent, told.waiting, told.unreachable) == (3, 0, 3, [])
    assert [one.code for one in told.laos_without] == [BANLAENG]

    waiting = {one.chat_id: one for one in town.store.run_now(outbox.claim, 9, town.now)}
    assert {one.key for one in waiting.values()} == {f"broadcast:{number}:{chat}" for chat in (1, 2, 4)}
    town.store.run_now(outbox.note_sent, waiting[1].id, town.now)
    town.store.run_now(outbox.give_up, waiting[4], "blocked", town.now)
    told = town.store.read_now(broadcasts.progress_of, number)
    assert (told.sent, told.waiting, told.unreachable) == (1, 1, [("คนที่ 4", "เทศบาลตำบลต้นธงชัย")])


def test_nobody_to_write_to_is_a_broadcast_to_nobody(town: DeadlineTown) -> None:
    found = town.store.read_now(broadcasts.audience, EVERYWHERE, BroadcastFilter(province="แพร่"))
    number = town.store.run_now(broadcasts.send, town.reviewer_id, None, "สวัสดี", found, town.now)
    told = town.store.read_now(broadcasts.progress_of, number)
    assert (told.recipients, told.waiting, len(told.laos_without)) == (0, 0, 2)


def test_broadcasts_of_a_campaign_are_listed_newest_first(town: DeadlineTown) -> None:
    one = town.running()
    nobody = Audience([], [])
    numbers = [
        town.store.run_now(broadcasts.send, town.reviewer_id, campaign_id, "สวัสดี", nobody, town.now)
        for campaign_id in (one.id, None, one.id)
    ]
    assert [each.id for each in town.store.read_now(broadcasts.broadcasts, one.id)] == [
        numbers[2],
        numbers[0],
    ]
    assert [each.id for each in town.store.read_now(broadcasts.broadcasts)] == numbers[::-1]


def test_an_audience_takes_three_statements(town: DeadlineTown) -> None:
    one = town.running()
    with statements(town.store) as seen:
        town.store.read_now(broadcasts.audience, EVERYWHERE, BroadcastFilter(one, "lacking"))
    assert len(seen) == 3
