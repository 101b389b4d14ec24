"""Tallies follow every entry: what counts, what does not, and never a drift from a full recount."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from flows.core.campaign import Requirement, Scope
from flows.core.progress import by_district, by_province
from flows.core.roles import EVERYWHERE, Reach
from storage import campaigns, conversations, submissions
from storage.campaign_tallies import fill
from storage.db import Store, Tx
from storage.lao import import_laos
from storage.submissions import Entry
from storage.tables import campaign_day, campaign_place, campaign_place_day, campaign_tally
from tests.conftest import on_sqlite
from tests.storage.deadline_town import (
    BANLAENG,
    KOKHA,
    LAOS,
    LETTER,
    PHRAE,
    TONTHONGCHAI,
    DeadlineTown,
    letter,
    statements,
)


@pytest.fixture
def town(store: Store, now: datetime) -> DeadlineTown:
    return DeadlineTown(store, now)


def test_an_entry_is_counted_where_it_stands(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running()
    entry = town.sends(officer)
    assert town.numbers(one, KOKHA) == (1, 1, 0, 0, 0)
    town.decides(entry, "changes")
    assert town.numbers(one, KOKHA) == (1, 0, 1, 0, 0)
    town.sends_again(officer, entry)
    assert town.numbers(one, KOKHA) == (1, 1, 0, 0, 0)
    town.decides(entry, "reject")
    assert town.numbers(one, KOKHA) == (1, 0, 0, 0, 1)
    town.decides(town.sends(officer), "approve")
    assert town.numbers(one, KOKHA) == (2, 0, 0, 1, 1)


def test_a_deleted_entry_counts_no_more_until_it_is_restored(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running()
    entry = town.sends(officer)
    town.deletes(officer, entry)
    assert town.numbers(one, KOKHA) == (0, 0, 0, 0, 0)
    town.restores(officer, entry)
    assert town.numbers(one, KOKHA) == (1, 1, 0, 0, 0)


def test_a_hidden_entry_counts(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running()
    entry = town.sends(officer)
    town.store.run_now(submissions.set_shown, entry, False, officer.id, town.now)
    town.sends(officer)
    assert town.numbers(one, KOKHA)[0] == 2


@pytest.mark.parametrize("verdict", ["changes", "reject", None])
def test_to_correct_an_approved_entry_takes_nothing_away(town: DeadlineTown, verdict: str | None) -> None:
    officer, one = town.officer(KOKHA, 1), town.running(letter("approved"))
    entry = town.sends(officer)
    town.decides(entry, "approve")
    town.sends_again(officer, entry)
    if verdict:
        town.decides(entry, verdict)  # type: ignore[arg-type]
    assert town.numbers(one, KOKHA) == (1, 0, 0, 1, 0)


def test_only_what_was_first_sent_since_a_day_in_thailand_counts(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running(letter(since=date(2017, 1, 10)))
    early = town.sends(officer, at=datetime(2017, 1, 9, 16, 59, tzinfo=UTC))  # a minute before midnight there
    town.sends_again(officer, early)
    assert town.numbers(one, KOKHA)[0] == 0
    town.sends(officer, at=datetime(2017, 1, 9, 17, 0, tzinfo=UTC))
    assert town.numbers(one, KOKHA)[0] == 1


def test_forms_that_are_not_asked_for_and_laos_outside_are_not_counted(town: DeadlineTown) -> None:
    here, there = town.officer(KOKHA, 1), town.officer(PHRAE, 2)
    town.running(letter(scope=Scope(("ลำปาง",))))
    town.sends(here, "news")
    town.sends(there)
    assert town.store.read_now(lambda tx: tx.execute(select(campaign_tally)).all()) == []
    town.sends(here)
    assert len(town.store.read_now(lambda tx: tx.execute(select(campaign_tally)).all())) == 1


def test_a_paused_campaign_goes_on_counting(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.step(town.running(), "paused")
    town.sends(officer)
    assert town.numbers(one, KOKHA)[0] == 1


def test_days_have_what_was_owed_on_the_day_in_thailand(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running()  # two landmarks are owed
    late_evening = datetime(2017, 1, 16, 17, 30, tzinfo=UTC)
    for at in (town.now, late_evening, late_evening, late_evening):
        town.sends(officer, at=at)
    assert town.store.read_now(campaigns.days, one, None) == [(date(2017, 1, 16), 1), (date(2017, 1, 17), 1)]
    assert town.store.read_now(campaigns.days, one, None, "แพร่") == []
    assert town.store.read_now(campaigns.days, one, Reach(("แพร่",))) == []
    assert len(town.store.read_now(campaigns.days, one, Reach(("ลำปาง",)), "ลำปาง", "เกาะคา")) == 2


def test_what_goes_is_taken_out_of_its_day_and_the_next_takes_its_place(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running(letter(requirements=(Requirement("landmark", 1),)))
    first = town.sends(officer)
    town.sends(officer, at=town.now + timedelta(days=1))
    town.deletes(officer, first)
    assert town.store.read_now(campaigns.days, one, None) == [(date(2017, 1, 17), 1)]
    town.restores(officer, first)
    town.decides(first, "reject")
    assert town.store.read_now(campaigns.days, one, None) == [(date(2017, 1, 17), 1)]


def everything(tx: Tx) -> tuple[object, ...]:
    kept = (campaign_tally, campaign_day, campaign_place, campaign_place_day)
    return tuple(sorted(map(tuple, tx.execute(select(table)))) for table in kept)


@pytest.mark.parametrize("seed", range(6))
def test_tallies_never_drift_and_sums_are_those_of_the_standings(town: DeadlineTown, seed: int) -> None:
    chance = random.Random(seed)
    officers = [
        town.officer(code, 10 + n) for n, code in enumerate([TONTHONGCHAI, BANLAENG, KOKHA, PHRAE] * 2)
    ]
    town.store.run_now(conversations.set_reachable, 12, False, town.now)
    town.store.run_now(conversations.set_reachable, 16, False, town.now)
    followed = [
        town.running(),
        town.running(letter("approved", scope=Scope(("ลำปาง",), (), ("เทศบาลตำบล",)))),
        town.running(
            letter(since=date(2017, 1, 18), requirements=(Requirement("news", 1), Requirement("product", 2)))
        ),
        town.running(letter(scope=Scope((), (("แพร่", "เมืองแพร่"), ("ลำปาง", "เกาะคา"))))),
    ]
    sent: list[Entry] = []
    for _ in range(45):
        happens(town, chance, officers, sent)
        town.now += timedelta(hours=chance.choice([1, 5, 20]))

    kept = town.store.read_now(everything)
    for one in followed:
        town.store.run_now(fill, one)
    assert town.store.read_now(everything) == kept
    assert any(kept)
    for one in followed:
        for reach in (EVERYWHERE, Reach(("แพร่",), (("ลำปาง", "เกาะคา"),))):
            rows = town.store.read_now(campaigns.standings, one, reach)
            assert town.store.read_now(campaigns.sums, one, reach, "province") == by_province(
                rows, one.counts
            )
            inside = [row for row in rows if row.province == "ลำปาง"]
            assert town.store.read_now(campaigns.sums, one, reach, "district", "ลำปาง") == by_district(
                inside, one.counts
            )


def happens(town: DeadlineTown, chance: random.Random, officers: list, sent: list[Entry]) -> None:  # type: ignore[type-arg]
    officer = chance.choice(officers)
    mine = [town.entry(one) for one in sent if one.lao_code == officer.lao.code]
    live = [one for one in mine if one.deleted_at is None]
    match chance.choice(["send", "send", "again", "approve", "changes", "reject", "delete", "restore"]):
        case "send":
            sent.append(town.sends(officer, chance.choice(["landmark", "product", "news"])))
        case "again" if live:
            town.sends_again(officer, chance.choice(live))
        case "delete" if live:
            town.deletes(officer, chance.choice(live))
        case "restore" if mine:
            town.restores(officer, chance.choice(mine))
        case "approve" | "changes" | "reject" as verdict:
            waiting = [one for one in live if one.status == "pending"]
            if waiting:
                town.decides(chance.choice(waiting), verdict)


def test_an_lao_that_changes_its_type_is_asked_or_no_longer(town: DeadlineTown) -> None:
    officer = town.officer(BANLAENG, 1)
    one = town.running(letter(scope=Scope(types=("เทศบาลตำบล",))))
    town.sends(officer)
    raised = replace(LAOS[1], name="เทศบาลตำบลบ้านแลง", type="เทศบาลตำบล")
    town.store.run_now(import_laos, [raised], town.now)
    assert town.numbers(one, BANLAENG)[0] == 1


def test_entries_sent_at_once_and_a_start_among_them_are_all_counted(town: DeadlineTown) -> None:
    officers = [town.officer(KOKHA, 1), town.officer(KOKHA, 2)]
    draft = town.draft()
    threads = [threading.Thread(target=town.sends, args=(officers[n % 2],)) for n in range(12)]
    start = threading.Thread(target=town.step, args=(draft, "running"))
    for thread in [*threads[:6], start, *threads[6:]]:
        thread.start()
    for thread in [*threads, start]:
        thread.join()
    assert town.numbers(draft, KOKHA)[0] == 12


def test_nothing_is_counted_where_no_campaign_follows(town: DeadlineTown) -> None:
    officer = town.officer(KOKHA, 1)
    town.draft()
    with statements(town.store) as seen:
        town.sends(officer)
    # But for the look whether one follows, which is compiled once and not SQLAlchemy's to see.
    assert not [one for one in seen if "campaign" in one]


def test_sums_days_and_standings_are_one_statement_each_over_the_tallies(town: DeadlineTown) -> None:
    one = town.running()
    for work, arguments in (
        (campaigns.sums, (one, EVERYWHERE, "province")),
        (campaigns.sums, (one, EVERYWHERE, "district", "ลำปาง")),
        (campaigns.days, (one, EVERYWHERE)),
        (campaigns.standings, (one, EVERYWHERE, "ลำปาง")),
    ):
        with statements(town.store) as seen:
            town.store.read_now(work, *arguments)
        assert len(seen) == 1
        assert "submission" not in seen[0]


@on_sqlite  # PostgreSQL plans by the size of its tables, and these are small
def test_the_count_of_one_lao_reads_its_own_entries_only(town: DeadlineTown) -> None:
    officer = town.officer(KOKHA, 1)
    town.running(LETTER)
    with statements(town.store) as seen:
        town.sends(officer)
    counting = [
        one for one in seen if one.startswith(("INSERT INTO campaign_tally", "INSERT INTO campaign_day"))
    ]
    assert len(counting) == 2
    with town.store.engine.connect() as tx:
        for statement in counting:
            plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (1,) * statement.count("?")).all()
            lines = [row[-1] for row in plan if "submission" in row[-1]]
            assert lines, plan
            assert all(
                "COVERING INDEX ix_submission_counted" in line
                for line in lines
                if "SEARCH" in line or "SCAN" in line
            )
