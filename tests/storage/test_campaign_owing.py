"""What the rules are told of each officer: the facts, and no more statements for many LAOs than for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.chat import Json
from flows.core.conversation import Conversation
from flows.core.reminders import Owing, due
from storage import campaigns, conversations, officers, outbox, submissions
from storage.db import Store
from storage.officers import Officer
from tests.conftest import on_sqlite
from tests.storage.deadline_town import (
    BANLAENG,
    DEADLINE,
    KOKHA,
    PHRAE,
    TONTHONGCHAI,
    DeadlineTown,
    letter,
    statements,
)


@pytest.fixture
def town(store: Store, now: datetime) -> DeadlineTown:
    return DeadlineTown(store, now)


def owing(town: DeadlineTown, campaign: Campaign, officer: Officer) -> Owing:
    """The same whether it is asked for all LAOs or for this one."""
    everybody = town.store.read_now(campaigns.owing, campaign)
    alone = town.store.read_now(campaigns.owing, campaign, [officer.lao.code])
    [found] = [one for one in everybody if one.officer_id == officer.id]
    assert found in alone
    assert {one.lao_code for one in alone} == {officer.lao.code}
    return found


def drafts(town: DeadlineTown, officer: Officer, form: str, submission_id: int | None = None) -> None:
    c = Conversation(form=form, version=1)
    town.store.run_now(conversations.new_draft, officer.id, officer.lao.code, c, town.now, submission_id)


def test_an_officer_who_has_just_joined_owes_everything(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running()
    assert owing(town, one, officer) == Owing(
        officer.id, KOKHA, (("landmark", 2), ("product", 1)), silent_since=town.now, owed=True
    )


def test_what_was_sent_is_owed_no_more(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running()
    for form in ("landmark", "landmark", "landmark", "news"):
        town.sends(officer, form)
    assert owing(town, one, officer).lacks == (("product", 1),)
    last = town.sends(officer, "product")
    assert owing(town, one, officer).lacks == ()
    assert owing(town, one, officer).owed
    town.deletes(officer, last)
    assert owing(town, one, officer).lacks == (("product", 1),)


def test_where_approval_counts_what_waits_is_still_owed(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running(letter("approved"))
    entry = town.sends(officer)
    assert owing(town, one, officer).lacks == (("landmark", 2), ("product", 1))
    town.decides(entry, "approve")
    assert owing(town, one, officer).lacks == (("landmark", 1), ("product", 1))


def test_an_lao_that_had_everything_before_the_start_never_owed(town: DeadlineTown) -> None:
    officer = town.officer(KOKHA, 1)
    for form in ("landmark", "landmark", "product"):
        town.sends(officer, form)
    one = town.running()
    town.sends(officer)
    assert not owing(town, one, officer).owed


def test_entries_sent_back_are_named_until_they_are_sent_again(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running(letter(since=date(2017, 1, 10)))
    entry, old = town.sends(officer), town.sends(officer, at=town.now - timedelta(days=30))
    other = town.sends(officer, "news")
    for each in (entry, old, other):
        town.decides(each, "changes")
    assert owing(town, one, officer).returned == (entry.number,)
    town.deletes(officer, entry)
    assert owing(town, one, officer).returned == ()
    town.restores(officer, entry)
    town.sends_again(officer, entry)
    assert owing(town, one, officer).returned == ()


def test_removed_officers_and_laos_that_are_not_asked_are_left_out(town: DeadlineTown) -> None:
    town.officer(PHRAE, 1)
    gone = town.officer(KOKHA, 2)
    town.store.run_now(officers.remove, gone.id, town.now)
    here = town.officer(KOKHA, 3)
    one = town.running(letter(scope=Scope(("ลำปาง",))))
    assert [found.officer_id for found in town.store.read_now(campaigns.owing, one)] == [here.id]


def test_a_draft_is_in_hand_only_where_it_brings_what_is_lacking(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running(letter(requirements=(Requirement("landmark", 2),)))
    drafts(town, officer, "news")
    assert not owing(town, one, officer).holds_draft
    sent, back = town.sends(officer), town.sends(officer, "landmark")
    town.decides(back, "changes")
    drafts(town, officer, "landmark", sent.id)  # changing what was sent brings nothing that is lacking
    assert not owing(town, one, officer).holds_draft
    drafts(town, officer, "landmark", back.id)
    assert owing(town, one, officer).holds_draft
    colleague = town.officer(KOKHA, 2)
    assert not owing(town, one, colleague).holds_draft
    drafts(town, colleague, "landmark")
    assert owing(town, one, colleague).holds_draft


def test_chat_and_form_are_as_they_are_now(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running()
    town.store.run_now(conversations.save_focus, 1, {"draft": 5}, town.now + timedelta(minutes=3))
    found = owing(town, one, officer)
    assert (found.in_form, found.silent_since, found.reachable) == (
        True,
        town.now + timedelta(minutes=3),
        True,
    )
    town.store.run_now(conversations.save_focus, 1, {"draft": 0}, town.now)
    town.store.run_now(conversations.set_reachable, 1, False, town.now)
    found = owing(town, one, officer)
    assert (found.in_form, found.reachable) == (False, False)


def test_choices_of_one_campaign_hold_for_no_other(town: DeadlineTown) -> None:
    officer, one, other = town.officer(KOKHA, 1), town.running(), town.running()
    run = town.store.run_now
    run(campaigns.set_again, one.id, officer.id, date(2017, 1, 17))
    run(campaigns.set_off, one.id, officer.id, True)
    run(campaigns.note_knows, one.id, officer.id, DEADLINE)
    run(campaigns.note_owed, one.id, [officer.id])
    found = owing(town, one, officer)
    assert (found.off, found.again_on, found.knows_deadline, found.owed) == (
        True,
        date(2017, 1, 17),
        DEADLINE,
        True,
    )
    assert owing(town, other, officer).off is False
    run(campaigns.set_off, one.id, officer.id, False)
    run(campaigns.set_again, one.id, officer.id, None)
    found = owing(town, one, officer)
    assert (found.off, found.again_on, found.knows_deadline) == (False, None, DEADLINE)


def test_a_reminder_put_into_the_outbox_is_known_until_it_is_taken_back(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running()
    other = town.running()
    found = owing(town, one, officer)
    [reminder] = due(replace(one, before=(15,)), [found], frozenset(), town.now)
    payload: dict[str, Json] = {"campaign": one.id, "officer": officer.id, "key": reminder.key}
    key = f"reminder:{one.id}:{officer.id}:{reminder.key}"
    town.store.run_now(outbox.put, key, 1, "reminder", payload, town.now)
    town.store.run_now(outbox.put, f"digest:{one.id}:1:2017-01-16", 1, "digest", payload, town.now)
    assert owing(town, one, officer).sent == {reminder.key}
    assert owing(town, other, officer).sent == frozenset()
    [reminded] = town.store.run_now(outbox.claim, 9, town.now)
    assert reminded.key == key
    town.store.run_now(outbox.take_back, reminded)
    assert owing(town, one, officer).sent == frozenset()
    town.store.run_now(outbox.put, key, 1, "reminder", payload, town.now)
    for _ in ("the digest", "the reminder"):
        [again] = town.store.run_now(outbox.claim, 9, town.now)
        town.store.run_now(outbox.note_sent, again.id, town.now)
    town.store.run_now(outbox.take_back, again)
    assert owing(town, one, officer).sent == {reminder.key}


def test_all_laos_take_no_more_statements_than_one(town: DeadlineTown) -> None:
    one = town.running()
    for n, code in enumerate([TONTHONGCHAI, BANLAENG, KOKHA, PHRAE]):
        officer = town.officer(code, 100 + n)
        town.decides(town.sends(officer), "changes")
        drafts(town, officer, "product")
    with statements(town.store) as seen:
        assert len(town.store.read_now(campaigns.owing, one)) == 4
    assert len(seen) == 6
    with statements(town.store) as seen:
        town.store.read_now(campaigns.owing, one, [KOKHA])
    assert len(seen) == 6


@on_sqlite  # PostgreSQL plans by the size of its tables, and these are small
def test_what_owing_reads_of_entries_and_messages_it_finds_by_index(town: DeadlineTown) -> None:
    one = town.running()
    with statements(town.store) as seen:
        town.store.read_now(campaigns.owing, one)
    with town.store.engine.connect() as tx:
        for statement in (one for one in seen if "FROM submission" in one or "FROM outbox" in one):
            plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (1,) * statement.count("?")).all()
            assert not [row[-1] for row in plan if row[-1] in ("SCAN submission", "SCAN outbox")], plan
    with statements(town.store) as seen:
        town.store.read_now(campaigns.owing, one, [KOKHA])
    [returned] = [one for one in seen if "FROM submission" in one]
    with town.store.engine.connect() as tx:
        plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {returned}", (1,) * returned.count("?")).all()
    assert [row[-1] for row in plan if "ix_submission_counted (lao_code=?" in row[-1]], plan


def test_a_second_officer_of_an_lao_stands_beside_the_first(town: DeadlineTown) -> None:
    town.officer(KOKHA, 1)
    town.officer(TONTHONGCHAI, 2)
    town.officer(KOKHA, 3)
    one = town.running()
    codes = [found.lao_code for found in town.store.read_now(campaigns.owing, one)]
    assert codes == sorted(codes)
    assert codes.count(KOKHA) == 2


def test_an_entry_hidden_by_its_officer_is_not_owed_again(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running(letter(requirements=(Requirement("landmark", 1),)))
    entry = town.sends(officer)
    town.store.run_now(submissions.set_shown, entry, False, officer.id, town.now)
    assert owing(town, one, officer).lacks == ()
