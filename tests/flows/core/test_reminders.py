"""Who is reminded of what and when, case by case; whole random months are in test_reminder_months.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from flows.core.campaign import Campaign, Requirement, Scope, State
from flows.core.dates import BANGKOK
from flows.core.reminders import (
    LOOK_EVERY,
    Owing,
    Reminder,
    days_left,
    digest_due,
    due,
    due_again_check,
    next_moment,
)

# 31 January 2017 is a Tuesday; the 1st was a Sunday.
LETTER = Campaign(
    1,
    "บันทึกข้อมูลให้ครบ",
    "มท 0810.7/123",
    date(2016, 12, 28),
    datetime(2017, 1, 31, 16, 30, tzinfo=BANGKOK),
    (Requirement("product", 2), Requirement("landmark", 1)),
    "submitted",
    Scope(),
    state="running",
)
LACKS = (("product", 1), ("landmark", 1))
DAENG = Owing(1, "06520101", LACKS)
NO_DAYS: frozenset[date] = frozenset()


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2016 if month == 12 else 2017, month, day, hour, minute, tzinfo=BANGKOK)


def keys(
    now: datetime, *officers: Owing, campaign: Campaign = LETTER, days_off: frozenset[date] = NO_DAYS
) -> list[str]:
    return [one.key for one in due(campaign, officers or [DAENG], days_off, now)]


def having(*sent: str, **changes: object) -> Owing:
    told = {"knows_deadline": LETTER.deadline} if sent else {}
    return replace(DAENG, sent=frozenset(sent), **{**told, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "key", "left"),
    [
        (at(12, 29), None, None),
        (at(12, 30), "before:30@2017-01-31", 32),  # 1 January is a Sunday: the Friday before
        (at(1, 16), "before:30@2017-01-31", 15),
        (at(1, 17, 8, 29), None, None),
        (at(1, 17, 8, 30), "before:14@2017-01-31", 14),
        (at(1, 17, 16, 30), None, None),
        (at(1, 24), "before:7@2017-01-31", 7),
        (at(1, 26), "before:7@2017-01-31", 5),
        (at(1, 27), "before:3@2017-01-31", 4),  # the 28th is a Saturday
        (at(1, 29), None, None),
        (at(1, 30), "before:1@2017-01-31", 1),
        (at(1, 31), "day:0@2017-01-31", 0),
        (at(1, 31, 16, 29), "day:0@2017-01-31", 0),
        (at(2, 1), "after:1@2017-01-31", -1),
        (at(2, 6), "after:1@2017-01-31", -6),
        (at(2, 7), "after:7@2017-01-31", -7),
    ],
)
def test_the_newest_stage_that_has_come_is_due_within_the_hours(
    now: datetime, key: str | None, left: int | None
) -> None:
    found = due(LETTER, [DAENG], NO_DAYS, now)
    assert [(one.key, one.days_left) for one in found] == ([] if key is None else [(key, left)])
    assert all(one.lacks == LACKS for one in found)


def test_a_stage_before_the_deadline_on_a_day_off_goes_out_on_the_working_day_before() -> None:
    off = frozenset({date(2017, 1, 23), date(2017, 1, 24)})
    assert keys(at(1, 20), days_off=off) == ["before:7@2017-01-31"]
    assert keys(at(1, 20), campaign=replace(LETTER, extra_days_off=off)) == ["before:7@2017-01-31"]


def test_a_stage_after_the_deadline_on_a_day_off_waits_for_the_next_working_day() -> None:
    off = frozenset({date(2017, 2, 1), date(2017, 2, 2)})
    assert keys(at(2, 2), days_off=off) == []
    assert keys(at(2, 3), days_off=off) == ["after:1@2017-01-31"]


def test_a_deadline_on_a_holiday_is_announced_on_the_last_working_day_with_the_days_really_left() -> None:
    off = frozenset({date(2017, 1, 30), date(2017, 1, 31)})
    (found,) = due(LETTER, [DAENG], off, at(1, 27))
    assert (found.key, found.kind, found.days_left) == ("day:0@2017-01-31", "day", 4)


def test_a_deadline_before_the_hours_of_its_day_is_announced_the_day_before() -> None:
    early = replace(LETTER, deadline=at(1, 31, 8, 30))
    assert keys(at(1, 30), campaign=early) == ["day:0@2017-01-31"]
    assert keys(at(1, 31), campaign=early) == []


def test_once_the_deadline_of_the_day_has_passed_its_stages_are_over() -> None:
    noon = replace(LETTER, deadline=at(1, 31, 12))
    assert keys(at(1, 31, 11, 59), campaign=noon) == ["day:0@2017-01-31"]
    assert keys(at(1, 31, 12), campaign=noon) == []
    assert days_left(noon, at(1, 31, 12)) == -1


def test_a_stage_is_said_once_and_older_ones_never_after_it() -> None:
    assert keys(at(1, 24), having("before:7@2017-01-31")) == []
    assert keys(at(1, 18), having("before:7@2017-01-31")) == []  # the clock was set back
    assert keys(at(1, 30), having("before:7@2017-01-31")) == ["before:1@2017-01-31"]


def test_a_stage_that_was_said_and_then_taken_out_of_the_letter_still_supersedes_older_ones() -> None:
    fewer = replace(LETTER, before=(14, 1))
    assert keys(at(1, 25), having("before:7@2017-01-31"), campaign=fewer) == []


@pytest.mark.parametrize("state", ["draft", "paused", "ended"])
def test_only_a_running_campaign_says_anything(state: State) -> None:
    still = replace(LETTER, state=state)
    assert keys(at(1, 24), campaign=still) == []
    assert next_moment(still, at(1, 24), NO_DAYS) is None
    assert digest_due(still, "ลำปาง", NO_DAYS, NO_DAYS, at(1, 30)) is None


def test_an_officer_who_turned_reminders_off_or_cannot_be_reached_hears_nothing() -> None:
    assert keys(at(1, 24), replace(DAENG, off=True), replace(DAENG, officer_id=2, reachable=False)) == []
    assert keys(at(1, 24), replace(DAENG, off=False)) == ["before:7@2017-01-31"]


def test_an_officer_in_the_middle_of_a_form_is_left_alone_until_silent_for_ten_minutes() -> None:
    busy = replace(DAENG, in_form=True, silent_since=at(1, 24, 9, 0))
    assert keys(at(1, 24, 9, 9), busy) == []
    assert keys(at(1, 24, 9, 10), busy) == ["before:7@2017-01-31"]
    assert keys(at(1, 24, 9, 1), replace(busy, in_form=False)) == ["before:7@2017-01-31"]


def test_a_message_stamped_by_a_clock_that_was_wrong_holds_nothing_up() -> None:
    assert keys(at(1, 24), replace(DAENG, in_form=True, silent_since=at(2, 24))) == ["before:7@2017-01-31"]


def test_two_officers_are_both_reminded_until_one_holds_a_draft() -> None:
    other = replace(DAENG, officer_id=2)
    elsewhere = replace(DAENG, officer_id=3, lao_code="06520102")
    held = replace(other, holds_draft=True)
    assert [r.officer_id for r in due(LETTER, [DAENG, other, elsewhere], NO_DAYS, at(1, 24))] == [1, 2, 3]
    assert [r.officer_id for r in due(LETTER, [DAENG, held, elsewhere], NO_DAYS, at(1, 24))] == [2, 3]


@pytest.mark.parametrize("gone", [{"reachable": False}, {"off": True}])
def test_a_draft_in_the_hands_of_someone_who_hears_nothing_leaves_the_other_reminded(
    gone: dict[str, bool],
) -> None:
    held = replace(DAENG, officer_id=2, holds_draft=True, **gone)  # type: ignore[arg-type]
    assert [r.officer_id for r in due(LETTER, [DAENG, held], NO_DAYS, at(1, 24))] == [1]


def test_an_lao_that_has_everything_hears_one_thank_you_and_nothing_else() -> None:
    done = having("before:7@2017-01-31", lacks=())
    (thanks,) = due(LETTER, [done], NO_DAYS, at(1, 25))
    assert thanks == Reminder(1, "thanks", "thanks", 6)
    for now in (at(1, 25), at(1, 30), at(2, 1)):
        assert keys(now, having("before:7@2017-01-31", "thanks", lacks=())) == []


def test_only_an_lao_that_owed_something_is_thanked() -> None:
    assert keys(at(1, 25), replace(DAENG, lacks=())) == []
    assert keys(at(1, 25), replace(DAENG, lacks=(), owed=True)) == ["thanks"]


def test_an_lao_that_lacks_again_after_the_thanks_is_reminded_and_not_thanked_twice() -> None:
    assert keys(at(1, 30), having("before:7@2017-01-31", "thanks")) == ["before:1@2017-01-31"]
    assert keys(at(1, 31), having("before:1@2017-01-31", "thanks", lacks=())) == []


def test_returned_entries_are_reminded_even_when_nothing_else_is_lacking() -> None:
    returned = replace(DAENG, lacks=(), returned=("P-12",))
    (found,) = due(LETTER, [returned], NO_DAYS, at(1, 24))
    assert found == Reminder(1, "before:7@2017-01-31", "returned", 7, (), ("P-12",))
    (both,) = due(LETTER, [replace(DAENG, returned=("P-12",))], NO_DAYS, at(1, 24))
    assert (both.kind, both.lacks, both.returned) == ("before", LACKS, ("P-12",))


def test_remind_me_tomorrow_gives_one_more_on_that_working_day() -> None:
    asked = having("before:7@2017-01-31", again_on=date(2017, 1, 25))
    assert keys(at(1, 24, 15), asked) == []
    assert keys(at(1, 25), asked) == ["again:2017-01-25"]
    said = having("before:7@2017-01-31", "again:2017-01-25", again_on=date(2017, 1, 25))
    assert keys(at(1, 25), said) == []
    assert keys(at(1, 27), said) == ["before:3@2017-01-31"]


def test_remind_me_tomorrow_over_a_weekend_is_said_on_monday_and_together_with_the_stage_of_that_day() -> (
    None
):
    asked = having("before:3@2017-01-31", again_on=date(2017, 1, 28))
    assert keys(at(1, 28), asked) == []
    assert keys(at(1, 30), asked) == ["before:1@2017-01-31"]
    both = having("before:3@2017-01-31", "before:1@2017-01-31", again_on=date(2017, 1, 28))
    assert keys(at(1, 30), both) == []


MOVED = replace(LETTER, deadline=at(2, 15, 16, 30), moved_at=at(1, 25, 10))


def test_a_changed_deadline_is_told_once_and_the_old_stages_never_go_out() -> None:
    (told,) = due(MOVED, [having("before:7@2017-01-31")], NO_DAYS, at(1, 25, 10))
    assert (told.key, told.kind, told.days_left) == ("moved:20170125T030000@2017-02-15", "moved", 21)
    knows = having("before:7@2017-01-31", told.key, knows_deadline=MOVED.deadline)
    for day in (25, 26, 27, 30, 31):
        assert keys(at(1, day, 11), knows, campaign=MOVED) == []
    assert keys(at(2, 1), knows, campaign=MOVED) == ["before:14@2017-02-15"]


def test_an_officer_told_of_no_deadline_hears_the_new_one_as_an_ordinary_stage() -> None:
    (found,) = due(MOVED, [DAENG], NO_DAYS, at(1, 25, 10))
    assert (found.key, found.kind) == ("before:30@2017-02-15", "before")


def test_a_change_and_a_stage_that_came_while_the_service_was_down_are_one_message() -> None:
    (found,) = due(MOVED, [having("before:7@2017-01-31")], NO_DAYS, at(2, 2))
    assert (found.key, found.kind) == ("before:14@2017-02-15", "moved")
    knows = having("before:7@2017-01-31", found.key, knows_deadline=MOVED.deadline)
    assert keys(at(2, 2, 10), knows, campaign=MOVED) == []


def test_a_deadline_moved_back_before_anyone_was_told_is_no_news() -> None:
    back = replace(LETTER, moved_at=at(1, 25, 12))
    assert keys(at(1, 25, 12), having("before:7@2017-01-31"), campaign=back) == []


def test_who_was_told_of_a_change_hears_no_earlier_stage_of_it_though_it_is_changed_to_and_fro_after() -> (
    None
):
    told = having("before:7@2017-01-31", "moved:20170125T030000@2017-02-15", knows_deadline=MOVED.deadline)
    again = replace(MOVED, moved_at=at(1, 26, 16))
    assert keys(at(1, 27), told, campaign=again) == []
    assert keys(at(2, 1), told, campaign=again) == ["before:14@2017-02-15"]


def test_an_lao_that_has_everything_is_not_told_of_a_change() -> None:
    done = having("before:7@2017-01-31", "thanks", lacks=())
    assert keys(at(1, 25, 10), done, campaign=MOVED) == []


KEY = "before:7@2017-01-31"
QUEUED = having(KEY)


def test_a_queued_reminder_is_said_with_what_is_lacking_at_the_moment_of_sending() -> None:
    fewer = replace(QUEUED, lacks=(("landmark", 1),))
    found = due_again_check(LETTER, fewer, KEY, at(1, 24, 9, 1), NO_DAYS)
    assert found == Reminder(1, KEY, "before", 7, (("landmark", 1),))


@pytest.mark.parametrize(
    ("campaign", "owing", "now"),
    [
        (LETTER, replace(QUEUED, lacks=()), at(1, 24, 9, 1)),
        (replace(LETTER, state="paused"), QUEUED, at(1, 24, 9, 1)),
        (LETTER, QUEUED, at(1, 24, 16, 30)),
        (LETTER, QUEUED, at(1, 28)),
        (LETTER, QUEUED, at(1, 27)),  # a newer stage has come
        (LETTER, replace(QUEUED, off=True), at(1, 24, 9, 1)),
        (LETTER, replace(QUEUED, reachable=False), at(1, 24, 9, 1)),
        (LETTER, replace(QUEUED, in_form=True, silent_since=at(1, 24, 9)), at(1, 24, 9, 1)),
        (replace(LETTER, deadline=at(2, 15)), QUEUED, at(1, 24, 9, 1)),
    ],
)
def test_a_queued_reminder_that_is_no_longer_right_is_not_said(
    campaign: Campaign, owing: Owing, now: datetime
) -> None:
    assert due_again_check(campaign, owing, KEY, now, NO_DAYS) is None


def test_a_queued_reminder_gives_way_when_the_other_officer_has_begun_a_draft_meanwhile() -> None:
    other = replace(DAENG, officer_id=2, holds_draft=True)
    assert due_again_check(LETTER, QUEUED, KEY, at(1, 24, 9, 1), NO_DAYS, [other]) is None


def test_a_reminder_taken_out_of_the_queue_at_night_is_due_again_in_the_morning() -> None:
    assert due_again_check(LETTER, QUEUED, KEY, at(1, 24, 20), NO_DAYS) is None
    assert keys(at(1, 25, 8, 30), DAENG) == [KEY]


def test_it_is_worth_looking_again_every_few_minutes_within_the_hours_and_else_at_their_beginning() -> None:
    assert next_moment(LETTER, at(1, 24, 10), NO_DAYS) == at(1, 24, 10) + LOOK_EVERY
    assert next_moment(LETTER, at(1, 24, 16, 29), NO_DAYS) == at(1, 25, 8, 30)
    assert next_moment(LETTER, at(1, 24, 3), NO_DAYS) == at(1, 24, 8, 30)
    assert next_moment(LETTER, at(1, 27, 20), frozenset({date(2017, 1, 30)})) == at(1, 31, 8, 30)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (at(1, 27), None),
        (at(1, 28), None),  # three days before, but a Saturday
        (at(1, 30, 8, 29), None),
        (at(1, 30), date(2017, 1, 30)),
        (at(1, 31), date(2017, 1, 31)),
        (at(2, 10), date(2017, 2, 10)),
        (at(2, 11), None),
    ],
)
def test_a_province_gets_one_digest_each_working_day_from_three_days_before(
    now: datetime, day: date | None
) -> None:
    assert digest_due(LETTER, "ลำปาง", NO_DAYS, NO_DAYS, now) == day
    if day is not None:
        assert digest_due(LETTER, "ลำปาง", frozenset({day}), NO_DAYS, now) is None
        assert digest_due(LETTER, "ลำปาง", NO_DAYS, frozenset({day}), now) is None
        assert digest_due(LETTER, "ลำปาง", frozenset({day - timedelta(days=1)}), NO_DAYS, now) == day


def test_a_province_that_is_not_asked_gets_no_digest() -> None:
    lampang = replace(LETTER, scope=Scope(districts=(("ลำปาง", "เกาะคา"),)))
    assert digest_due(lampang, "แพร่", NO_DAYS, NO_DAYS, at(1, 30)) is None
    assert digest_due(lampang, "ลำปาง", NO_DAYS, NO_DAYS, at(1, 30)) == date(2017, 1, 30)
