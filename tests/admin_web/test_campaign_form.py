"""The form of a campaign: every way people write a date or an hour, and one sentence for what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict, MultiDictProxy

from admin_web.campaign_answers import read_clock, read_days, written_clock
from admin_web.campaign_form import filled_of, read_campaign, read_form
from flows.core.campaign import Campaign, Requirement, Scope
from flows.core.dates import BANGKOK, shown
from flows.core.problem import Problem
from flows.core.roles import EVERYWHERE, Reach
from flows.core.text import LANGUAGES, TO_THAI_DIGITS
from storage.places import Places
from tests.admin_web.letters import CAMPAIGN, FORM
from tests.admin_web.samples import NOW

PLACES = Places({"ลำปาง": ["เกาะคา", "เมืองลำปาง"], "แพร่": ["เมืองแพร่"]}, ("เทศบาลตำบล", "องค์การบริหารส่วนตำบล"))


def read(reach: Reach = EVERYWHERE, kept: Campaign | None = None, **changes: Any) -> Any:
    given_: MultiDict[Any] = MultiDict(FORM)
    for name, value in changes.items():
        name = name.replace("owed_", "owed.")
        given_.popall(name, None)
        for one in value if isinstance(value, list | tuple) else [value]:
            given_.add(name, one)
    return read_campaign(read_form(MultiDictProxy(given_)), PLACES, reach, NOW, kept)


def taken(**changes: Any) -> Campaign:
    found = read(**changes)
    assert found.campaign is not None, found.wrong
    assert isinstance(found.campaign, Campaign)
    return found.campaign


def wrong(field: str, **changes: Any) -> Problem:
    found = read(**changes)
    assert found.campaign is None
    assert list(found.wrong) == [field]
    problem = found.wrong[field]
    assert isinstance(problem, Problem)
    for language in LANGUAGES:
        assert "{" not in problem.say.to(language, problem.facts)
    return problem


DATES = [
    "31 มกราคม 2560", "31 ม.ค. 2560", "31 ม.ค. 60", "31/1/2560", "31/1/60", "31-01-2560", "31.1.60", "2560-01-31",
    "2017-01-31", "31 Jan 2017", "January 31, 2017", "31/01/2017", "๓๑ ม.ค. ๒๕๖๐", "๓๑/๑/๖๐", "วันที่ 31 มกราคม พ.ศ. 2560",
    "31 มกราคม ค.ศ. 2017", "วันอังคารที่ 31 มกราคม 2560", "31 ม.ค.", "  31  มกราคม  2560  ",
]  # fmt: skip


@pytest.mark.parametrize("typed", DATES)
def test_every_form_of_a_date_is_kept_as_one_day_and_shown_in_the_buddhist_era_and_read_again(
    typed: str,
) -> None:
    read_once = taken(deadline=typed, letter_date="15 ธ.ค. 2559", since=typed, days_off=typed)
    assert read_once.deadline == datetime(2017, 1, 31, 16, 30, tzinfo=BANGKOK)
    assert read_once.since == date(2017, 1, 31)
    assert read_once.extra_days_off == {date(2017, 1, 31)}
    for language in LANGUAGES:
        again = filled_of(read_once, "", 1, language)
        assert again.deadline == ("31 มกราคม 2560" if language == "th" else "31 January 2017")
        assert read_campaign(again, PLACES, EVERYWHERE, NOW).campaign == read_once


@given(day=st.dates(date(2017, 1, 17), date(2018, 1, 15)), clock=st.times(), thai=st.booleans())
def test_what_the_form_shows_it_reads_back_the_same_however_often_it_is_saved(
    day: date, clock: time, thai: bool
) -> None:
    clock = clock.replace(second=0, microsecond=0, fold=0)
    one = replace(
        CAMPAIGN, deadline=datetime.combine(day, clock, BANGKOK), since=day, extra_days_off=frozenset({day}),
        before=(3, 1), after=(), scope=Scope(("แพร่",), (("ลำปาง", "เกาะคา"),), ("เทศบาลตำบล",)), wording="สองบรรทัด\nครับ",
    )  # fmt: skip
    kept = one
    for _ in range(3):
        filled = filled_of(kept, "", 1, "th")
        if thai:
            filled = replace(filled, deadline=filled.deadline.translate(TO_THAI_DIGITS))
        found = read_campaign(filled, PLACES, EVERYWHERE, NOW, kept)
        assert found.wrong == {}
        assert found.campaign is not None
        kept = found.campaign
    assert kept == replace(one, requirements=tuple(sorted(one.requirements, key=lambda r: r.form)))


def test_a_date_kept_long_ago_can_be_saved_again_though_nobody_could_type_it_now() -> None:
    old = replace(
        CAMPAIGN,
        letter_date=date(2001, 5, 1),
        since=date(2001, 5, 1),
        extra_days_off=frozenset({date(2001, 5, 2)}),
    )
    filled = filled_of(old, "", 1, "th")
    assert filled.letter_date == "1 พฤษภาคม 2544"
    assert read_campaign(filled, PLACES, EVERYWHERE, NOW, old).campaign is not None
    assert set(read_campaign(filled, PLACES, EVERYWHERE, NOW).wrong) == {"letter_date", "since", "days_off"}


@pytest.mark.parametrize("typed", ["16.30", "16:30", "16.30 น.", "๑๖.๓๐", "เวลา 16.30 น."])
def test_an_hour_is_read_however_it_is_written(typed: str) -> None:
    assert read_clock(typed) == time(16, 30)
    assert taken(hour=typed).deadline.astimezone(BANGKOK).time() == time(16, 30)


@given(st.times())
def test_an_hour_that_is_shown_is_read_back(clock: time) -> None:
    clock = clock.replace(second=0, microsecond=0, fold=0)
    assert read_clock(written_clock(clock)) == clock


def test_midnight_at_the_end_of_the_day_is_its_last_minute() -> None:
    assert read_clock("24.00") == time(23, 59)


@pytest.mark.parametrize("typed", ["", "บ่ายสาม", "25.00", "16.60", "1630", "4.3"])
def test_an_hour_that_is_none_is_said_at_its_field(typed: str) -> None:
    assert wrong("hour", hour=typed).code == "campaign.no_clock"


WRONG: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "no title": ("title", {"title": "  "}),
    "a title too long": ("title", {"title": "ก" * 201}),
    "no deadline": ("deadline", {"deadline": ""}),
    "a deadline that is none": ("deadline", {"deadline": "เร็ว ๆ นี้"}),
    "a day that is none": ("deadline", {"deadline": "30 ก.พ. 2560"}),
    "a deadline that has passed": ("deadline", {"deadline": "16 ม.ค. 2560", "hour": "8.59"}),
    "nothing owed": ("owed", {"owed_product": "0", "owed_landmark": ""}),
    "a count that is none": ("owed", {"owed_news": "หนึ่ง"}),
    "a negative count": ("owed", {"owed_news": "-1"}),
    "too many owed": ("owed", {"owed_news": "100"}),
    "days that are none": ("before", {"before": "30, สิบ"}),
    "too many days": ("before", {"before": "366"}),
    "too many stages": ("before", {"before": ", ".join(map(str, range(13)))}),
    "the day itself after it": ("after", {"after": "0, 1"}),
    "hours that end before they begin": ("closes", {"opens": "16.30", "closes": "8.30"}),
    "a day off that is none": ("days_off", {"days_off": "12 ม.ค. 2560\n31 ก.พ. 2560"}),
    "a province that is none": ("where", {"province": ["ลำปาง", "อยุธยา"]}),
    "a district elsewhere": ("where", {"district": ["แพร่/เกาะคา"]}),
    "a type that is none": ("where", {"type": ["กระทรวง"]}),
    "words too many": ("wording", {"wording": "ก" * 1001}),
    "a letter's date that is none": ("letter_date", {"letter_date": "วันก่อน"}),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_once_at_its_own_field(case: str) -> None:
    field, changes = WRONG[case]
    wrong(field, **changes)


def test_a_wrong_day_off_is_named_by_its_line() -> None:
    problem = wrong("days_off", days_off="12 ม.ค. 2560\n\n31 ก.พ. 2560")
    assert problem.say.to("th", problem.facts).startswith("บรรทัดที่ 3 (31 ก.พ. 2560):")


def test_several_mistakes_are_all_told_at_once() -> None:
    found = read(title="", deadline="x", hour="y", owed_product="z")
    assert set(found.wrong) == {"title", "deadline", "hour", "owed"}


def test_a_campaign_that_is_over_can_still_be_saved_with_its_own_deadline() -> None:
    over = replace(CAMPAIGN, deadline=NOW - timedelta(days=3), state="running")
    filled = filled_of(over, "", 1, "th")
    assert read_campaign(filled, PLACES, EVERYWHERE, NOW, over).wrong == {}
    assert set(read_campaign(filled, PLACES, EVERYWHERE, NOW).wrong) == {"deadline"}


def test_days_are_read_in_either_digits_and_once_each() -> None:
    assert read_days("7, 30 ๑๔ และ 7 วัน", 0) == (30, 14, 7)
    assert read_days("", 0) == ()
    assert read_days("7 1", 1) == (1, 7)


def test_counts_are_read_in_thai_digits() -> None:
    assert taken(owed_news="๒", owed_product="", owed_landmark="0").requirements == (Requirement("news", 2),)


def test_a_whole_province_has_its_districts_in_it() -> None:
    scope = taken(province=["ลำปาง"], district=["ลำปาง/เกาะคา", "แพร่/เมืองแพร่"]).scope
    assert scope == Scope(("ลำปาง",), (("แพร่", "เมืองแพร่"),))


def test_choosing_nothing_means_everywhere_only_for_those_who_reach_everywhere() -> None:
    assert taken().scope == Scope()
    mine = Reach(("ลำปาง",), (("แพร่", "เมืองแพร่"),))
    assert taken(reach=mine).scope == Scope(("ลำปาง",), (("แพร่", "เมืองแพร่"),))


def test_a_stored_day_is_never_moved_by_saving_on_another_day() -> None:
    kept = taken()
    later = filled_of(kept, "", 1, "th")
    assert later.deadline == shown(date(2017, 1, 31), "th")
    for days in (1, 100, 400, 4000):
        again = read_campaign(later, PLACES, EVERYWHERE, NOW + timedelta(days=days), kept)
        assert again.campaign == kept
