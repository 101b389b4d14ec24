"""LAOs with their officers, and what lies within somebody's reach, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from flows.core.campaign import Scope
from flows.core.roles import EVERYWHERE, Reach
from storage import invitation_list, invitations, lao_list, officers
from storage.db import Store, Tx
from storage.lao import import_laos
from storage.lao_list import LaoFilters
from storage.places import laos_in, places
from storage.tables import chat
from tests.admin_web.samples import KOKHA, LAMPANG, PHRAE


@pytest.fixture
def laos(store: Store, now: datetime) -> Store:
    """Three LAOs; somebody has joined for one, and for another somebody who cannot be reached."""

    def prepare(tx: Tx) -> None:
        import_laos(tx, [PHRAE, KOKHA, LAMPANG], now)
        for number, lost in ((1, None), (2, now)):
            row = {"id": number, "language": "th", "focus": {}, "seen_at": now}
            tx.execute(insert(chat).values(**row, unreachable_at=lost))
        officers.join(tx, 1, "มานะ", LAMPANG.code, now)
        officers.join(tx, 2, "จันทร์เพ็ญ", KOKHA.code, now + timedelta(hours=1))

    store.run_now(prepare)
    return store


@pytest.mark.parametrize(
    ("reach", "names"),
    [
        (EVERYWHERE, {LAMPANG.name, KOKHA.name, PHRAE.name}),
        (Reach(("ลำปาง",)), {LAMPANG.name, KOKHA.name}),
        (Reach((), (("ลำปาง", "เกาะคา"),)), {KOKHA.name}),
        (Reach(("แพร่",), (("ลำปาง", "เกาะคา"), ("แพร่", "เกาะคา"))), {PHRAE.name, KOKHA.name}),
        (Reach(), set()),
    ],
)
def test_only_what_lies_within_the_reach_is_listed_counted_and_opened(
    laos: Store, reach: Reach, names: set[str]
) -> None:
    page = laos.read_now(lao_list.lao_page, LaoFilters(), reach)
    assert {row.lao.name for row in page.rows} == names
    assert page.count == len(names)
    for one in (LAMPANG, KOKHA, PHRAE):
        assert (laos.read_now(lao_list.lao_within, one.code, reach) is not None) == (one.name in names)
    known = laos.read_now(places, reach)
    assert all(reach.touches(province) for province in known.provinces)


def test_who_has_joined_is_told_with_when_they_were_seen_and_lost(laos: Store, now: datetime) -> None:
    rows = {row.lao.code: row for row in laos.read_now(lao_list.lao_page, LaoFilters(), EVERYWHERE).rows}
    (mana,) = rows[LAMPANG.code].officers
    (chan,) = rows[KOKHA.code].officers
    assert (mana.name, mana.joined_at, mana.seen_at, mana.unreachable_at) == ("มานะ", now, now, None)
    assert chan.unreachable_at == now
    assert rows[PHRAE.code].officers == ()


@pytest.mark.parametrize(
    ("joined", "codes"),
    [("yes", {LAMPANG.code, KOKHA.code}), ("no", {PHRAE.code}), ("unreachable", {KOKHA.code})],
)
def test_laos_are_found_by_who_joined(laos: Store, joined: lao_list.Joined, codes: set[str]) -> None:
    page = laos.read_now(lao_list.lao_page, LaoFilters(joined=joined), EVERYWHERE)
    assert {row.lao.code for row in page.rows} == codes


def test_a_removed_officer_stands_among_the_earlier_ones_only(laos: Store, now: datetime) -> None:
    mana = laos.read_now(lao_list.officers_at, [LAMPANG.code])[LAMPANG.code][0]
    laos.run_now(officers.remove, mana.id, now)
    assert laos.read_now(lao_list.officers_at, [LAMPANG.code]) == {}
    assert laos.read_now(lao_list.officers_at, [LAMPANG.code], removed=True)[LAMPANG.code][0].id == mana.id
    assert laos.read_now(lao_list.officer_within, mana.id, Reach(("แพร่",))) is None


def test_open_invitations_are_listed_until_they_are_used_revoked_or_over(laos: Store, now: datetime) -> None:
    laos.run_now(invitations.invite, LAMPANG.code, now, 1, 1)
    (one,) = laos.read_now(invitation_list.open_at, LAMPANG.code, now)
    assert laos.read_now(invitation_list.open_at, LAMPANG.code, now + timedelta(days=2)) == []
    laos.run_now(invitation_list.revoke_at, KOKHA.code, one.id, now)
    assert laos.read_now(invitation_list.open_at, LAMPANG.code, now) == [one]
    laos.run_now(invitation_list.revoke_at, LAMPANG.code, one.id, now)
    assert laos.read_now(invitation_list.open_at, LAMPANG.code, now) == []


def test_a_campaign_counts_the_laos_it_asks_within_the_reach(laos: Store) -> None:
    assert laos.read_now(laos_in, Scope(), EVERYWHERE) == 3
    assert laos.read_now(laos_in, Scope(), Reach(("แพร่",))) == 1
