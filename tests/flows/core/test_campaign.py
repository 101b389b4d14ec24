"""Which LAOs a campaign asks, and its deadline by the clock in Thailand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.dates import BANGKOK

LETTER = Campaign(
    1,
    "บันทึกข้อมูลให้ครบ",
    "มท 0810.7/123",
    date(2016, 12, 28),
    datetime(2017, 1, 31, 16, 30, tzinfo=BANGKOK),
    (Requirement("product", 2), Requirement("landmark", 1)),
    "submitted",
    Scope(),
)


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (Scope(), True),
        (Scope(provinces=("ลำปาง",)), True),
        (Scope(provinces=("แพร่",)), False),
        (Scope(districts=(("ลำปาง", "เกาะคา"),)), True),
        (Scope(districts=(("แพร่", "เกาะคา"),)), False),
        (Scope(provinces=("แพร่",), districts=(("ลำปาง", "เกาะคา"),)), True),
        (Scope(types=("เทศบาลตำบล",)), True),
        (Scope(types=("องค์การบริหารส่วนตำบล",)), False),
        (Scope(provinces=("ลำปาง",), types=("องค์การบริหารส่วนตำบล",)), False),
    ],
)
def test_a_scope_covers_what_it_names_and_an_empty_part_leaves_nobody_out(
    scope: Scope, covered: bool
) -> None:
    assert scope.covers("ลำปาง", "เกาะคา", "เทศบาลตำบล") is covered


def test_a_scope_of_districts_reaches_their_province_and_no_other() -> None:
    scope = Scope(districts=(("ลำปาง", "เกาะคา"),))
    assert scope.reaches("ลำปาง")
    assert not scope.reaches("แพร่")
    assert Scope().reaches("แพร่")


def test_the_deadline_has_passed_from_its_very_moment() -> None:
    assert not LETTER.passed(datetime(2017, 1, 31, 9, 29, 59, tzinfo=UTC))
    assert LETTER.passed(datetime(2017, 1, 31, 9, 30, tzinfo=UTC))


def test_the_day_of_the_deadline_is_the_day_in_thailand() -> None:
    early = replace(LETTER, deadline=datetime(2017, 1, 30, 17, 30, tzinfo=UTC))
    assert early.deadline_day == date(2017, 1, 31)


def test_a_form_that_is_not_asked_for_is_required_no_times() -> None:
    assert [LETTER.required(form) for form in ("product", "landmark", "news")] == [2, 1, 0]


def test_a_deadline_without_a_time_zone_is_a_developers_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(LETTER, deadline=datetime(2017, 1, 31, 16, 30))  # noqa: DTZ001
