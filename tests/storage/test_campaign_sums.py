"""The sums that are kept are those of the standings, whatever changes and however much happens at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic import command

from flows.core.campaign import Campaign, Scope
from flows.core.progress import Row, by_district, by_province
from flows.core.roles import EVERYWHERE, Reach
from storage import campaign_tallies, campaigns, conversations, officers
from storage.db import Store, Tx, engine_for
from storage.lao import Lao, import_laos
from storage.tables import campaign, campaign_place, campaign_place_day
from storage.upgrade import alembic_config, upgrade
from tests.storage.deadline_town import (
    BANLAENG,
    KOKHA,
    LAOS,
    PHRAE,
    RONGKWANG,
    TONTHONGCHAI,
    DeadlineTown,
    letter,
)


@pytest.fixture
def town(store: Store, now: datetime) -> DeadlineTown:
    return DeadlineTown(store, now)


@pytest.fixture
def slices_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_tallies, "LAOS_AT_ONCE", 2)


def agree(town: DeadlineTown, one: Campaign) -> list[Row]:
    """The sums by province, after they were compared with what the standings add up to."""
    one = town.campaign(one.id)
    for reach in (EVERYWHERE, Reach(("แพร่",)), Reach((), (("ลำปาง", "เกาะคา"),))):
        rows = town.store.read_now(campaigns.standings, one, reach)
        assert town.store.read_now(campaigns.sums, one, reach, "province") == by_province(rows, one.counts)
        inside = [row for row in rows if row.province == "ลำปาง"]
        assert town.store.read_now(campaigns.sums, one, reach, "district", "ลำปาง") == by_district(
            inside, one.counts
        )
    everybody = town.store.read_now(campaigns.standings, one)
    made = sum(entries for _, entries in town.store.read_now(campaigns.days, one, EVERYWHERE))
    by_place = [
        sum(
            entries for _, entries in town.store.read_now(campaigns.days, one, EVERYWHERE, province, district)
        )
        for province, district in sorted({(row.province, row.district) for row in everybody})
    ]
    assert made == sum(by_place)
    return town.store.read_now(campaigns.sums, one, EVERYWHERE, "province")


def lampang(rows: list[Row]) -> Row:
    return next(row for row in rows if row.name == "ลำปาง")


@pytest.mark.parametrize("state", ["running", "paused", "ended"])
def test_officers_who_come_go_and_fall_silent_change_the_sums(town: DeadlineTown, state: str) -> None:
    one = town.running()
    if state != "running":
        one = town.step(one, state)  # type: ignore[arg-type]
    assert lampang(agree(town, one)).stages == {"nobody": 3}
    officer = town.officer(KOKHA, 1)
    assert lampang(agree(town, one)).stages == {"nobody": 2, "nothing": 1}
    town.store.run_now(conversations.set_reachable, 1, False, town.now)
    assert lampang(agree(town, one)).unreachable == 1
    town.store.run_now(conversations.set_reachable, 1, True, town.now)
    assert lampang(agree(town, one)).unreachable == 0

    def hand_over(tx: Tx) -> None:
        conversations.lock_chat(tx, 2, "th", town.now)
        officers.hand_over(tx, officer.id, 2, "ผู้รับมอบ", town.now)

    town.store.run_now(hand_over)
    assert lampang(agree(town, one)).stages == {"nobody": 2, "nothing": 1}
    successor = town.store.read_now(officers.officer_in, 2)
    assert successor is not None
    town.store.run_now(officers.remove, successor.id, town.now)
    assert lampang(agree(town, one)).stages == {"nobody": 3}


def test_new_laos_and_laos_that_move_are_added_up_where_they_are(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running()
    town.sends(officer)
    new = Lao("5520301", "เทศบาลตำบลหลวงเหนือ", "เทศบาลตำบล", "ลำปาง", "งาว")
    moved = replace(next(lao for lao in LAOS if lao.code == KOKHA), district="เสริมงาม")
    town.store.run_now(import_laos, [new, moved], town.now)
    rows = town.store.read_now(campaigns.sums, town.campaign(one.id), EVERYWHERE, "district", "ลำปาง")
    assert {row.name: (row.laos, row.tally.waiting) for row in rows} == {
        "งาว": (1, 0),
        "เมืองลำปาง": (2, 0),
        "เสริมงาม": (1, 1),
    }
    agree(town, one)
    town.sends(officer)
    assert lampang(agree(town, one)).tally.waiting == 2


def test_what_a_change_of_the_campaign_asks_for_is_added_up_anew(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running(letter("submitted"))
    town.sends(officer)
    assert lampang(agree(town, one)).tally.done == 1
    one = town.changed(replace(one, counts="approved"))
    assert lampang(agree(town, one)).tally.done == 0
    one = town.changed(replace(one, scope=Scope(("ลำปาง",))))
    assert [row.name for row in agree(town, one)] == ["ลำปาง"]
    town.changed(replace(one, scope=Scope()))
    assert len(agree(town, one)) == 2


def test_laos_of_one_district_that_send_at_once_are_all_added_up(town: DeadlineTown) -> None:
    followed = [town.running(), town.running()]
    here = [town.officer(code, 10 + n) for n, code in enumerate([TONTHONGCHAI, BANLAENG, KOKHA, PHRAE] * 3)]
    problems: list[BaseException] = []

    def send(n: int) -> None:
        try:
            town.sends(here[n], at=town.now + timedelta(days=n % 3))
            town.store.run_now(conversations.set_reachable, 10 + n, n % 2 == 0, town.now)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(len(here))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    for one in followed:
        assert sum(row.tally.waiting for row in agree(town, one)) == 12


# --- slices


@pytest.mark.usefixtures("slices_of_two")
def test_a_campaign_runs_once_everything_is_counted_whatever_is_sent_meanwhile(town: DeadlineTown) -> None:
    first, last = town.officer(TONTHONGCHAI, 1), town.officer(RONGKWANG, 2)
    early = [town.sends(first), town.sends(last)]
    one = town.running()
    assert (one.state, one.counting) == ("draft", True)
    assert town.store.read_now(campaigns.counting) == [one.id]
    town.sends(first)  # counted already
    town.deletes(last, early[1])  # not yet
    town.sends(last)
    town.sends(last)
    assert town.store.run_now(campaigns.fill_further, one.id)
    # The process is killed here; another one goes on.
    other = Store(town.store.engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    while other.run_now(campaigns.fill_further, one.id):
        pass
    other.close()
    one = town.campaign(one.id)
    assert (one.state, one.counting, one.started_at) == ("running", False, town.now)
    assert town.store.read_now(campaigns.counting) == []
    assert (town.numbers(one, TONTHONGCHAI)[0], town.numbers(one, RONGKWANG)[0]) == (2, 2)
    agree(town, one)


@pytest.mark.usefixtures("slices_of_two")
def test_who_had_everything_is_not_noted_as_owing_while_it_is_counted(town: DeadlineTown) -> None:
    last = town.officer(RONGKWANG, 2)
    for form in ("landmark", "landmark", "product"):
        town.sends(last, form)
    one = town.running()
    town.sends(last)
    while town.store.run_now(campaigns.fill_further, one.id):
        pass
    [owing] = town.store.read_now(campaigns.owing, town.campaign(one.id), [RONGKWANG])
    assert not owing.owed


@pytest.mark.usefixtures("slices_of_two")
def test_a_campaign_that_is_being_counted_is_not_ended_and_can_be_afterwards(town: DeadlineTown) -> None:
    one = town.running()
    while town.store.run_now(campaigns.fill_further, one.id):
        pass
    one = town.changed(replace(town.campaign(one.id), counts="approved"))
    assert (one.state, one.counting) == ("running", True)
    agree(town, one)  # by the standings, while the sums are not complete
    problem = town.store.run_now(campaigns.set_state, one.id, town.version(one), "ended", town.now)
    assert problem is not None
    assert problem.code == "campaign.counting"
    while town.store.run_now(campaigns.fill_further, one.id):
        pass
    assert town.step(one, "ended").state == "ended"
    agree(town, one)


@pytest.mark.usefixtures("slices_of_two")
def test_the_end_keeps_its_counts_when_laos_are_imported_anew(town: DeadlineTown) -> None:
    officer, one = town.officer(RONGKWANG, 1), town.running()
    while town.store.run_now(campaigns.fill_further, one.id):
        pass
    town.sends(officer)
    one = town.step(one, "ended")
    town.sends(officer)
    town.store.run_now(import_laos, [replace(LAOS[0], name="เทศบาลเมืองต้นธงชัย")], town.now)
    while town.store.run_now(campaigns.fill_further, one.id):
        pass
    assert town.numbers(one, RONGKWANG)[0] == 1
    agree(town, one)


def test_slices_and_entries_at_once_lose_nothing(town: DeadlineTown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_tallies, "LAOS_AT_ONCE", 1)
    here = [town.officer(code, 10 + n) for n, code in enumerate([TONTHONGCHAI, BANLAENG, KOKHA, PHRAE] * 3)]
    draft = town.draft()

    def start() -> None:
        town.store.run_now(campaigns.set_state, draft.id, 1, "running", town.now)
        while town.store.run_now(campaigns.fill_further, draft.id):
            pass

    threads = [threading.Thread(target=town.sends, args=(one,)) for one in here]
    threads.insert(4, threading.Thread(target=start))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(row.tally.waiting for row in agree(town, draft)) == 12


def test_a_campaign_from_before_the_sums_is_added_up_after_the_upgrade(
    bare_database: str, now: datetime
) -> None:
    upgrade(bare_database)
    store = Store(bare_database)
    town = DeadlineTown(store, now)
    one, draft = town.running(), town.draft()
    town.sends(town.officer(KOKHA, 1))

    def as_before(tx: Tx) -> None:
        for table in (campaign_place, campaign_place_day):
            tx.execute(table.delete())
        tx.execute(sa.update(campaign).where(campaign.c.state != "draft").values(counted_to=""))

    store.run_now(as_before)
    assert agree(town, one)
    assert store.read_now(campaigns.counting) == [one.id]
    while store.run_now(campaigns.fill_further, one.id):
        pass
    assert lampang(agree(town, one)).tally.waiting == 1
    assert (town.campaign(one.id).state, town.campaign(draft.id).state) == ("running", "draft")
    store.close()


def test_the_upgrade_has_what_runs_counted_and_drafts_left(bare_database: str, now: datetime) -> None:
    engine = engine_for(bare_database)
    with engine.begin() as tx:
        command.upgrade(alembic_config(tx), "0001")
        tx.exec_driver_sql(
            "INSERT INTO reviewer (id, name, password_hash, scope, created_at) VALUES (1, 'r', '-', '{}', '-')"
        )
        at, scope = "2017-01-31T09:30:00.000000+00:00", '{"provinces": [], "districts": [], "types": []}'
        for number, state in enumerate(("draft", "running", "paused", "ended"), 1):
            tx.exec_driver_sql(
                "INSERT INTO campaign (id, title, deadline, counts, scope, before, after, opens, closes, "
                f"extra_days_off, state, reviewer_id, created_at) VALUES ({number}, 't', '{at}', 'approved', "
                f"'{scope}', '[]', '[]', '08:30', '16:30', '[]', '{state}', 1, '{at}')"
            )
    engine.dispose()
    upgrade(bare_database)
    store = Store(bare_database)
    assert store.read_now(campaigns.counting) == [2, 3, 4]
    for number in (2, 3, 4):
        while store.run_now(campaigns.fill_further, number):
            pass
    assert [one.state for one in sorted(store.read_now(campaigns.campaigns), key=lambda one: one.id)] == [
        "draft", "running", "paused", "ended",
    ]  # fmt: skip
    store.close()
