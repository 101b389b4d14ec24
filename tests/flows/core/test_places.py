"""Places: what is read from a message, and what is said about it."""

from __future__ import annotations

import pytest

from flows.core.chat import Around, Inbound, Json, Line, Pressed, Said, SentOther, SentPlace
from flows.core.coordinates import LatLon
from flows.core.fields import Heard, Hearing
from flows.core.places import COARSE, FAR, OTHER_PROVINCE, SWAPPED, Given, Pin, Place, far, given_in, pin_of
from flows.core.problem import Problem
from flows.core.text import T
from tests.flows.core.answering import NOW

FIELD = Place("coordinates", T("พิกัด", "Coordinates"))
NEAR = Around("เกาะคา", "ลำปาง", 16.9, (18.3171, 99.5106))


def heard(inbound: Inbound, around: Around | None = NEAR) -> Heard:
    result = FIELD.hear(inbound, Hearing(NOW.date(), around=around))
    assert isinstance(result, Heard)
    return result


def says(result: Heard) -> list[T]:
    return [line.say for line in result.say]


def test_place_is_said_back_with_its_district_and_distance() -> None:
    line = heard(SentPlace(18.217, 99.3896)).say[-1]
    assert line.to("th") == "พิกัด 18.217000, 99.389600 อยู่แถวอำเภอเกาะคา จังหวัดลำปาง ห่างจากสำนักงาน 16.9 กม."


def test_district_of_bangkok_is_a_khet() -> None:
    line = heard(SentPlace(13.75, 100.5), Around("พระนคร", "กรุงเทพมหานคร", 2.0)).say[-1]
    assert "เขตพระนคร กรุงเทพมหานคร" in line.to("th")


def test_place_where_nothing_is_known_around_is_just_said_back() -> None:
    result = heard(SentPlace(18.217, 99.3896), None)
    assert result.say[-1].to("th") == "พิกัด 18.217000, 99.389600"
    assert result.confirm is None


def test_numbers_the_wrong_way_round_are_put_right_and_it_is_said() -> None:
    result = heard(Said("99.3896, 18.2170"))
    assert SWAPPED in says(result)
    pin = pin_of(result.value)
    assert pin is not None
    assert pin.point == LatLon(18.217, 99.3896)


@pytest.mark.parametrize(("metres", "told"), [(None, False), (20.0, False), (300.0, False), (301.0, True)])
def test_coarse_place_is_warned_of_and_taken(metres: float | None, told: bool) -> None:
    result = heard(SentPlace(18.217, 99.3896, metres))
    assert (COARSE in says(result)) is told
    assert result.confirm is None


@pytest.mark.parametrize(
    ("around", "question"),
    [
        (Around("ก", "ลำปาง", 30.0), None),
        (Around("ก", "ลำปาง", 30.1), FAR),
        (Around("ก", "แพร่", 5.0, own_province=False), None),
        (Around("ก", "แพร่", None, own_province=False), OTHER_PROVINCE),
        (Around("ก", "ลำปาง", None), None),
    ],
)
def test_only_a_place_far_from_the_office_is_asked_about(around: Around, question: T | None) -> None:
    asked = far(around)
    assert (asked.say if asked else None) is question
    assert asked is None or isinstance(asked, Line)


def test_place_outside_thailand_is_refused_however_it_comes() -> None:
    for inbound in (SentPlace(48.85, 2.29), Said("48.8584, 2.2945"), Pressed("gps", "48.85_2.29")):
        assert isinstance(given_in(inbound, None), Problem)
    assert isinstance(given_in(SentPlace(float("nan"), 99.4), None), Problem)


def test_button_that_carries_no_place_gives_none() -> None:
    for arg in ("", "x", "18.2", "18.2_x", "1_2_3"):
        assert given_in(Pressed("gps", arg), None) is None
    assert given_in(Pressed("gps", "18.217000_99.389600"), None) == Given(LatLon(18.217, 99.3896), "photo")
    assert given_in(SentOther("sticker"), None) is None


def test_place_is_kept_with_its_source_and_accuracy_and_read_again() -> None:
    pin = pin_of(heard(SentPlace(18.217, 99.3896, 12.0, "button")).value)
    assert pin == Pin(18.217, 99.3896, "button", 12.0, "เกาะคา", "ลำปาง", 16.9)
    assert pin is not None
    assert pin_of(pin.to_json()) == pin
    assert FIELD.still_reads(pin.to_json())
    others: tuple[Json, ...] = (None, "18.2, 99.4", {"x": 1}, [])
    for stored in others:
        assert not FIELD.still_reads(stored)
        assert FIELD.shown(stored, "th") == ""
