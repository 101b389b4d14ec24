"""What an LAO owes, the sums over many, their order, and the pace."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.campaign import Counts
from flows.core.progress import (
    COLUMNS,
    STAGE_LABELS,
    STAGES,
    FormStanding,
    Row,
    Stage,
    Tally,
    by_district,
    by_province,
    day_by_day,
    in_order,
    pace,
    row_of,
    sum_of,
    thai_order,
)
from tests.progress_samples import standing, standings

START, DEADLINE = date(2017, 1, 1), datetime(2017, 1, 31, 9, 30, tzinfo=UTC)
counts_ = st.sampled_from(["submitted", "approved"])
forms = st.builds(FormStanding, *[st.integers(0, 9)] * 6)


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_is_known_and_has_a_name(stage: Stage) -> None:
    assert standing(stage).stage("approved") == stage
    assert STAGE_LABELS[stage].th


def test_what_waits_for_review_fulfils_a_campaign_that_counts_submitted_entries() -> None:
    assert standing("waiting").lacks("approved") == {"news": 1, "product": 1}
    assert standing("waiting").lacks("submitted") == {}
    assert standing("waiting").stage("submitted") == "complete"


def test_a_returned_entry_fulfils_nothing_but_is_not_to_be_begun_again() -> None:
    partly = standing("partly")
    assert partly.lacks("submitted") == {"news": 2}
    assert partly.to_send() == {"news": 1}


def test_an_lao_whose_officers_left_after_sending_is_not_one_without_anything() -> None:
    assert standing("partly").stage("approved") == "partly"


@given(forms, counts_)
def test_the_owed_fall_into_four_parts(form: FormStanding, counts: Counts) -> None:
    approved = form.owed - form.to_review - form.to_fix - form.to_send
    assert 0 <= approved <= form.approved
    assert min(form.to_review, form.to_fix, form.to_send, form.lacks(counts)) >= 0
    assert form.lacks(counts) == form.to_send + form.to_fix + (form.to_review if counts == "approved" else 0)


def test_what_one_lao_sends_too_many_does_not_make_up_for_another() -> None:
    rich, poor = standing("complete"), standing("nothing")
    total = sum_of([row_of(rich, "approved"), row_of(poor, "approved")]).tally
    assert (total.owed, total.done, total.approved) == (6, 3, 4)
    assert total.share == 0.5


def test_where_nothing_is_owed_all_is_done() -> None:
    assert Tally().share == 1.0


def test_sums_of_districts_are_the_sum_of_their_laos() -> None:
    laos = standings(57)
    straight = sum_of(row_of(one, "approved") for one in laos)
    assert sum_of(by_district(laos, "approved")) == straight
    assert sum_of(by_province(laos, "approved")) == straight
    assert straight.laos == 57
    assert straight.complete == straight.stages["complete"] == 12


def test_an_lao_is_unreachable_only_if_it_has_officers() -> None:
    assert row_of(standing("nothing"), "approved").unreachable == 1
    assert row_of(standing("nobody"), "approved").unreachable == 0


def test_thai_names_stand_in_the_dictionarys_order() -> None:
    names = ["แม่ทะ", "เกาะคา", "ห้างฉัตร", "งาว", "เมืองลำปาง", "แจ้ห่ม", "เถิน", "สบปราบ"]
    assert sorted(names, key=thai_order) == [
        "เกาะคา", "งาว", "แจ้ห่ม", "เถิน", "เมืองลำปาง", "แม่ทะ", "สบปราบ", "ห้างฉัตร"
    ]  # fmt: skip


def test_tone_marks_count_last() -> None:
    assert sorted(["ป้า", "ปา", "ปาน"], key=thai_order) == ["ปา", "ป้า", "ปาน"]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_sorts_both_ways(column: str) -> None:
    rows = by_district(standings(23), "approved")
    by = next(one for one in COLUMNS if one == column)
    rising, falling = in_order(rows, by), in_order(rows, by, falling=True)
    assert sorted(row.key for row in rising) == sorted(row.key for row in falling)
    assert rising[0].name != falling[0].name or column == "unreachable"


def test_equal_rows_stay_in_the_order_of_their_names() -> None:
    rows = [Row("2", "ข"), Row("1", "ก"), Row("3", "ค", Tally(owed=5))]
    assert [row.name for row in in_order(rows, "owed", falling=True)] == ["ค", "ก", "ข"]


# --- pace


def tally(owed: int, done: int) -> Tally:
    return Tally(owed=owed, done=done, to_send=owed - done)


def at(day: int, hour: int = 3) -> datetime:
    return datetime(2017, 1, day, hour, tzinfo=UTC)


def test_the_pace_needed_spreads_what_lacks_over_today_and_the_days_left() -> None:
    by_day = {START + timedelta(days=number): 2 for number in range(10)}
    found = pace(tally(64, 20), by_day, START, DEADLINE, at(10))
    assert (found.made, found.lately, found.days_left, found.needed) == (2.0, 2.0, 22, 2.0)
    assert found.in_time
    assert found.done_by == date(2017, 2, 1)


def test_lately_means_the_last_seven_days() -> None:
    found = pace(tally(100, 14), {date(2017, 1, 20): 14}, START, DEADLINE, at(20))
    assert found.lately == 2.0
    assert found.made == 0.7
    assert not found.in_time


def test_a_campaign_of_today_has_lasted_one_day() -> None:
    found = pace(tally(10, 3), {START: 3}, START, DEADLINE, at(1))
    assert (found.made, found.lately) == (3.0, 3.0)


def test_before_its_start_a_campaign_has_no_pace() -> None:
    assert pace(tally(10, 0), {}, date(2017, 1, 20), DEADLINE, at(3)).made == 0.0


def test_on_the_last_day_all_that_lacks_is_needed_today() -> None:
    found = pace(tally(10, 4), {}, START, DEADLINE, at(31))
    assert (found.days_left, found.needed, found.done_by) == (1, 6.0, None)


def test_after_the_deadline_no_pace_is_enough_but_a_complete_campaign_is_in_time() -> None:
    assert pace(tally(10, 4), {}, START, DEADLINE, at(31, hour=10)).needed is None
    assert pace(tally(10, 10), {}, START, DEADLINE, at(31, hour=10)).in_time


def test_the_day_is_the_one_in_thailand() -> None:
    assert pace(tally(2, 0), {}, START, DEADLINE, at(30, hour=18)).days_left == 1  # 1 o'clock on the 31st


def test_days_without_entries_are_days_too() -> None:
    by_day = {date(2017, 1, 2): 3}
    assert day_by_day(by_day, START, date(2017, 1, 3)) == [
        (START, 0), (date(2017, 1, 2), 3), (date(2017, 1, 3), 0)
    ]  # fmt: skip
