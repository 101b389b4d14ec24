"""Campaigns as they are kept: read back whole, changed by one at a time, started, paused, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from flows.core.campaign import Requirement, Scope, State
from flows.core.problem import Problem
from storage import campaigns
from storage.db import Store
from tests.storage.deadline_town import BANLAENG, DEADLINE, KOKHA, LETTER, TONTHONGCHAI, DeadlineTown, letter


@pytest.fixture
def town(store: Store, now: datetime) -> DeadlineTown:
    return DeadlineTown(store, now)


WHOLE = replace(
    LETTER,
    letter_date=date(2016, 12, 20),
    requirements=(Requirement("landmark", 3), Requirement("news", 1)),
    counts="approved",
    scope=Scope(("ลำปาง",), (("แพร่", "ร้องกวาง"),), ("เทศบาลตำบล",)),
    before=(10, 0),
    after=(2,),
    opens=time(9, 0),
    closes=time(15, 45),
    extra_days_off=frozenset([date(2017, 1, 20), date(2017, 1, 23)]),
    wording="ขอความร่วมมือ",
    since=date(2017, 1, 1),
)


def test_a_campaign_is_read_back_whole(town: DeadlineTown) -> None:
    kept = town.draft(WHOLE)
    assert kept == replace(WHOLE, id=kept.id)
    changed = town.changed(
        replace(kept, title="อีกครั้ง", requirements=(Requirement("product", 2),), since=None)
    )
    assert (changed.title, changed.requirements, changed.since) == (
        "อีกครั้ง",
        (Requirement("product", 2),),
        None,
    )


def test_whatever_its_state_says_a_new_one_is_a_draft(town: DeadlineTown, now: datetime) -> None:
    kept = town.draft(replace(LETTER, state="running", started_at=now))
    assert (kept.state, kept.started_at) == ("draft", None)


def test_campaigns_are_listed_by_state_nearest_deadline_first(town: DeadlineTown) -> None:
    later, sooner = town.running(letter(deadline=DEADLINE + timedelta(days=9))), town.running()
    draft = town.draft()
    listed = [one.id for one in town.store.read_now(campaigns.campaigns, ("running", "paused"))]
    assert listed == [sooner.id, later.id]
    assert {one.id for one in town.store.read_now(campaigns.campaigns)} == {sooner.id, later.id, draft.id}


def test_who_saw_an_older_version_is_told_and_overwrites_nothing(town: DeadlineTown) -> None:
    kept = town.draft()
    seen = town.version(kept)
    town.changed(replace(kept, title="ของคนแรก"))
    second = town.store.run_now(campaigns.change, kept.id, seen, replace(kept, title="ของคนที่สอง"), town.now)
    assert isinstance(second, Problem)
    assert second.code == "campaign.changed_meanwhile"
    assert town.campaign(kept.id).title == "ของคนแรก"
    stopped = town.store.run_now(campaigns.set_state, kept.id, seen, "running", town.now)
    assert isinstance(stopped, Problem)
    assert town.changed(replace(kept, title="ของคนที่สอง")).title == "ของคนที่สอง"


def test_a_letter_stays_until_another_is_given(town: DeadlineTown) -> None:
    number = town.store.run_now(campaigns.save_new, LETTER, town.reviewer_id, "a" * 64, town.now)
    town.changed(replace(town.campaign(number), title="ใหม่"))
    assert town.store.read_now(campaigns.letter_file, number) == "a" * 64
    version = town.store.read_now(campaigns.version_of, number)
    assert town.store.run_now(campaigns.change, number, version, LETTER, town.now, "b" * 64) is None
    assert town.store.read_now(campaigns.letter_file, number) == "b" * 64
    assert town.store.read_now(campaigns.letter_file, number + 1) == ""


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("draft", "paused"),
        ("draft", "ended"),
        ("running", "running"),
        ("running", "draft"),
        ("ended", "running"),
    ],
)
def test_a_step_that_there_is_not_changes_nothing(town: DeadlineTown, before: State, wanted: State) -> None:
    one = town.draft()
    for state in {"draft": [], "running": ["running"], "ended": ["running", "ended"]}[before]:
        one = town.step(one, state)  # type: ignore[arg-type]
    problem = town.store.run_now(campaigns.set_state, one.id, town.version(one), wanted, town.now)
    assert isinstance(problem, Problem)
    assert town.campaign(one.id) == one


def test_the_same_step_twice_from_one_page_is_taken_once_and_is_no_conflict(town: DeadlineTown) -> None:
    one = town.draft()
    for wanted in ("running", "paused", "running", "ended"):
        seen = town.version(one)
        for later in range(2):
            at = town.now + timedelta(minutes=later)
            assert town.store.run_now(campaigns.set_state, one.id, seen, wanted, at) is None
        assert town.campaign(one.id).state == wanted
        assert town.version(one) == seen + 1
    assert town.campaign(one.id).started_at == town.now
    stale = town.store.run_now(campaigns.set_state, one.id, seen, "paused", town.now)
    assert stale is not None
    assert stale.code == "campaign.changed_meanwhile"


def test_it_starts_once_whatever_pauses_come(town: DeadlineTown, now: datetime) -> None:
    one = town.running()
    assert one.started_at == now
    town.now += timedelta(days=1)
    one = town.step(town.step(one, "paused"), "running")
    assert (one.state, one.started_at) == ("running", now)
    assert town.step(one, "ended").state == "ended"


@pytest.mark.parametrize(("pause", "moved"), [(False, True), (True, True)])
def test_a_deadline_that_moves_after_the_start_is_noted(town: DeadlineTown, pause: bool, moved: bool) -> None:
    one = town.changed(replace(town.draft(), deadline=DEADLINE + timedelta(days=1)))
    assert one.moved_at is None
    one = town.step(one, "running")
    if pause:
        one = town.step(one, "paused")
    town.now += timedelta(days=1)
    assert town.changed(replace(one, wording="ด่วน")).moved_at is None
    one = town.changed(replace(one, deadline=DEADLINE + timedelta(days=5)))
    assert (one.moved_at == town.now) is moved


def test_what_has_ended_is_not_changed_and_keeps_its_counts(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running()
    town.sends(officer)
    one = town.step(one, "ended")
    town.sends(officer)
    assert town.numbers(one, KOKHA) == (1, 1, 0, 0, 0)
    problem = town.store.run_now(campaigns.change, one.id, town.version(one), LETTER, town.now)
    assert isinstance(problem, Problem)
    assert problem.code == "campaign.ended"


def test_the_start_counts_what_was_sent_before_it(town: DeadlineTown) -> None:
    officer = town.officer(TONTHONGCHAI, 1)
    town.decides(town.sends(officer), "approve")
    town.sends(officer)
    one = town.draft()
    assert town.numbers(one, TONTHONGCHAI) == (0, 0, 0, 0, 0)
    one = town.step(one, "running")
    assert town.numbers(one, TONTHONGCHAI) == (2, 1, 0, 1, 0)
    assert town.numbers(one, BANLAENG) == (0, 0, 0, 0, 0)


def test_a_change_of_what_counts_counts_anew(town: DeadlineTown) -> None:
    officer = town.officer(TONTHONGCHAI, 1)
    town.sends(officer, at=town.now - timedelta(days=30))
    town.sends(officer)
    town.sends(officer, "news")
    one = town.running()
    assert town.numbers(one, TONTHONGCHAI)[0] == 2
    one = town.changed(replace(one, since=date(2017, 1, 10)))
    assert town.numbers(one, TONTHONGCHAI)[0] == 1
    one = town.changed(replace(one, requirements=(Requirement("news", 1),)))
    assert town.numbers(one, TONTHONGCHAI, "news")[0] == 1
