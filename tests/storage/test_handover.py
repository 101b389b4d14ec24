"""A post changes hands: by a code that works once, with drafts, choices and the notices that still wait."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from flows.core.conversation import Conversation
from storage import campaigns, conversations, invitations, officers, outbox
from storage.db import Store
from storage.invitations import Invitation
from storage.officers import Officer
from storage.tables import outbox as messages
from tests.storage.deadline_town import KOKHA, PHRAE, DeadlineTown


@pytest.fixture
def town(store: Store, now: datetime) -> DeadlineTown:
    return DeadlineTown(store, now)


def draft(town: DeadlineTown, officer: Officer, form: str) -> int:
    c = Conversation(form=form, version=1)
    return town.store.run_now(conversations.new_draft, officer.id, officer.lao.code, c, town.now).id


def hand_over(town: DeadlineTown, officer: Officer, chat_id: int, name: str = "คนใหม่") -> Officer:
    town.store.run_now(conversations.lock_chat, chat_id, "th", town.now)
    return town.store.run_now(officers.hand_over, officer.id, chat_id, name, town.now)


def forms(town: DeadlineTown, officer: Officer) -> set[str]:
    return {one.form for one in town.store.read_now(conversations.drafts_of, officer.id)}


def test_the_code_is_for_one_post_and_one_use(town: DeadlineTown) -> None:
    officer = town.officer(KOKHA, 1)
    old, _ = town.store.run_now(invitations.invite_handover, officer.id, town.now)
    code, _ = town.store.run_now(invitations.invite_handover, officer.id, town.now)
    assert town.store.read_now(invitations.look_up, old, town.now) == invitations.REVOKED
    found = town.store.read_now(invitations.look_up, code, town.now)
    assert isinstance(found, Invitation)
    assert (found.kind, found.officer_id, found.lao_code) == ("handover", officer.id, KOKHA)
    assert town.store.run_now(invitations.use, found.id, town.now)
    assert town.store.read_now(invitations.look_up, code, town.now) == invitations.USED_UP


def test_the_successor_has_drafts_and_choices_and_the_predecessor_nothing(town: DeadlineTown) -> None:
    officer, one = town.officer(KOKHA, 1), town.running()
    kept = draft(town, officer, "landmark")
    town.store.run_now(campaigns.set_again, one.id, officer.id, date(2017, 1, 20))
    successor = hand_over(town, officer, 2)
    assert (successor.name, successor.lao.code, successor.chat_id) == ("คนใหม่", KOKHA, 2)
    assert [each.id for each in town.store.read_now(conversations.drafts_of, successor.id)] == [kept]
    assert town.store.read_now(officers.officer_in, 1) is None
    assert town.store.read_now(officers.was_removed, 1)
    [found] = town.store.read_now(campaigns.owing, one)
    assert (found.officer_id, found.again_on, found.holds_draft) == (successor.id, date(2017, 1, 20), True)


def test_a_notice_that_waits_or_was_given_up_goes_to_the_successor(town: DeadlineTown) -> None:
    officer = town.officer(KOKHA, 1)
    entries = [town.sends(officer) for _ in range(3)]
    for entry in entries:
        town.decides(entry, "approve")
    [sent] = town.store.run_now(outbox.claim, 9, town.now)
    town.store.run_now(outbox.note_sent, sent.id, town.now)
    [blocked] = town.store.run_now(outbox.claim, 9, town.now)
    town.store.run_now(outbox.give_up, blocked, "blocked", town.now)
    town.store.run_now(outbox.claim, 9, town.now)
    town.store.run_now(outbox.put, "other", 1, "resume", {}, town.now)
    hand_over(town, officer, 2)
    chats = town.store.read_now(
        lambda tx: tx.execute(select(messages.c.chat_id).order_by(messages.c.id)).all()
    )
    assert [row.chat_id for row in chats] == [1, 2, 2, 1]
    due: dict[str, int] = {}
    while claimed := town.store.run_now(outbox.claim, 9, town.now):
        for one in claimed:
            due[one.key] = one.chat_id
            town.store.run_now(outbox.note_sent, one.id, town.now)
    assert due == {blocked.key: 2, "other": 1} | {key: 2 for key in due if key != "other"}
    assert len(due) == 3


def test_a_colleague_who_takes_over_loses_none_of_their_own_drafts(town: DeadlineTown) -> None:
    officer, colleague = town.officer(KOKHA, 1), town.officer(KOKHA, 2, "เพื่อนร่วมงาน")
    draft(town, officer, "landmark")
    draft(town, officer, "product")
    own = draft(town, colleague, "landmark")
    successor = hand_over(town, officer, 2, "เพื่อนร่วมงาน")
    assert successor.id == colleague.id
    assert forms(town, successor) == {"landmark", "product"}
    assert own in {one.id for one in town.store.read_now(conversations.drafts_of, successor.id)}


def test_of_two_drafts_of_one_form_the_predecessors_comes_when_the_own_one_is_done(
    town: DeadlineTown,
) -> None:
    officer, colleague = town.officer(KOKHA, 1), town.officer(KOKHA, 2, "เพื่อนร่วมงาน")
    theirs, own = draft(town, officer, "landmark"), draft(town, colleague, "landmark")
    successor = hand_over(town, officer, 2, "เพื่อนร่วมงาน")
    assert [one.id for one in town.store.read_now(conversations.drafts_of, successor.id)] == [own]
    town.store.run_now(conversations.delete_draft, own)
    assert [one.id for one in town.store.read_now(conversations.drafts_of, successor.id)] == [theirs]
    town.store.run_now(conversations.delete_draft, theirs)
    assert town.store.read_now(conversations.drafts_of, successor.id) == []


def test_a_draft_that_waits_goes_along_when_the_post_is_handed_over_once_more(town: DeadlineTown) -> None:
    first, second = town.officer(KOKHA, 1), town.officer(KOKHA, 2, "เพื่อนร่วมงาน")
    theirs, own = draft(town, first, "landmark"), draft(town, second, "landmark")
    hand_over(town, first, 2, "เพื่อนร่วมงาน")
    third = hand_over(town, second, 3, "คนใหม่")
    assert [one.id for one in town.store.read_now(conversations.drafts_of, third.id)] == [own]
    town.store.run_now(conversations.delete_draft, own)
    assert [one.id for one in town.store.read_now(conversations.drafts_of, third.id)] == [theirs]


def test_who_was_at_another_lao_leaves_it(town: DeadlineTown) -> None:
    officer, elsewhere = town.officer(KOKHA, 1), town.officer(PHRAE, 2)
    successor = hand_over(town, officer, 2)
    assert successor.lao.code == KOKHA
    assert town.store.read_now(officers.officer_of, elsewhere.id) is None


def test_a_post_whose_officer_was_removed_meanwhile_is_handed_over_all_the_same(town: DeadlineTown) -> None:
    officer = town.officer(KOKHA, 1)
    draft(town, officer, "news")
    town.store.run_now(officers.remove, officer.id, town.now)
    assert forms(town, hand_over(town, officer, 2)) == {"news"}


def test_a_code_tried_by_the_officer_of_the_post_changes_nothing(town: DeadlineTown) -> None:
    officer = town.officer(KOKHA, 1)
    draft(town, officer, "news")
    again = hand_over(town, officer, 1, "สมศรี")
    assert again.id == officer.id
    assert forms(town, again) == {"news"}


def test_who_was_removed_and_has_moved_can_take_the_post_back(town: DeadlineTown) -> None:
    officer = town.officer(KOKHA, 1)
    town.store.run_now(officers.remove, officer.id, town.now)
    town.officer(PHRAE, 1)
    assert hand_over(town, officer, 1).lao.code == KOKHA
