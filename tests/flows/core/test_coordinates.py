"""Every way officers write a place is understood, and what is not is explained."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.core.coordinates import (
    LatLon,
    Reading,
    distance_km,
    inside_thailand,
    maps_link,
    read_coordinates,
    shown,
)
from flows.core.problem import Problem
from flows.core.text import LANGUAGES, TO_THAI_DIGITS

LAMPANG = LatLon(18.2888, 99.4928)
in_thailand = st.builds(LatLon, st.floats(5.5, 20.6), st.floats(97.3, 105.7))


def read(text: str, near: LatLon | None = None) -> Reading:
    reading = read_coordinates(text, near)
    assert isinstance(reading, Reading), reading
    return reading


def refused(text: str, near: LatLon | None = None) -> str:
    problem = read_coordinates(text, near)
    assert isinstance(problem, Problem), problem
    assert all(problem.say.to(language, problem.facts) for language in LANGUAGES)
    return problem.code


@pytest.mark.parametrize(
    "text",
    [
        "18.2888, 99.4928",
        "18.2888 99.4928",
        "18.2888,99.4928",
        "18.2888/99.4928",
        "(18.2888, 99.4928)",
        "18.2888\n99.4928",
        "18,2888 99,4928",
        "18,2888, 99,4928",
        "18,2888,99,4928",
        "18,2888; 99,4928",
        "lat 18.2888 long 99.4928",
        "Lat:18.2888 Lng:99.4928",
        "Latitude = 18.2888, Longitude = 99.4928",
        "long 99.4928 lat 18.2888",
        "N18.2888 E99.4928",
        "18.2888N 99.4928E",
        "18.2888° N, 99.4928° E",
        "E 99.4928 N 18.2888",
        "+18.2888+099.4928/",
        "๑๘.๒๘๘๘, ๙๙.๔๙๒๘",
        "１８．２８８８，９９．４９２８",
        "ละติจูด 18.2888 ลองจิจูด 99.4928",
        "ละติจูด ๑๘.๒๘๘๘ องศาเหนือ ลองจิจูด ๙๙.๔๙๒๘ องศาตะวันออก",
        "พิกัด 18.2888 น. 99.4928 ต.อ.",
        "หมู่ 5 ต.พิชัย 18.2888 99.4928",
        "บ้านเลขที่ 12 หมู่ 3 พิกัด 18.2888, 99.4928",
        "ภาคเหนือ 18.2888 99.4928",
        "It's at 18.2888, 99.4928",
    ],
)
def test_decimal_degrees_are_read_in_any_common_writing(text: str) -> None:
    assert read(text) == Reading(LAMPANG, False, "decimal")


@pytest.mark.parametrize("text", ["99.4928 18.2888", "99.4928, 18.2888", "lat 99.4928 long 18.2888"])
def test_swapped_latitude_and_longitude_are_noticed(text: str) -> None:
    assert read(text) == Reading(LAMPANG, True, "decimal")


@pytest.mark.parametrize(
    "text",
    [
        "18°17'19.7\"N 99°29'34.1\"E",
        "18° 17′ 19.7″ N, 99° 29′ 34.1″ E",
        "18º17’19.7”N 99º29’34.1”E",
        "18°17´19.7´´N 99°29´34.1´´E",
        "N18°17'19.7\" E99°29'34.1\"",
        "E 99°29'34.1\" N 18°17'19.7\"",
        "18 17 19.7 N, 99 29 34.1 E",
        "18 17 19.7 99 29 34.1",
        "18 17 19,7 N 99 29 34,1 E",
        "18-17-19.7N 99-29-34.1E",
        "18 องศา 17 ลิปดา 19.7 ฟิลิปดาเหนือ 99 องศา 29 ลิปดา 34.1 ฟิลิปดาตะวันออก",
        "๑๘ องศา ๑๗ ลิปดา ๑๙.๗ พิลิปดา น. ๙๙ องศา ๒๙ ลิปดา ๓๔.๑ พิลิปดา ต.อ.",
        "18 deg 17 min 19.7 sec N 99 deg 29 min 34.1 sec E",
        "ละติจูดที่ 18° 17.328' เหนือ ลองจิจูดที่ 99° 29.568' ตะวันออก",
        "18° 17.328' N 99° 29.568' E",
        "18 17.328 N 99 29.568 E",
    ],
)
def test_degrees_minutes_and_seconds_are_read_in_any_common_writing(text: str) -> None:
    reading = read(text)
    assert reading.how == "dms"
    assert not reading.swapped
    assert distance_km(reading.point, LAMPANG) < 0.002


@pytest.mark.parametrize(
    "text",
    [
        "47Q 552089 2022113",
        "47Q552089 2022113",
        "47N E 552089 N 2022113",
        "UTM 47 552089 2022113",
        "X=552089 Y=2022113 โซน 47",
        "โซน ๔๗ ๕๕๒๐๘๙ ๒๐๒๒๑๑๓",
        "552,089 2,022,113 zone 47N",
        "47Q 552089mE 2022113mN",
        "N 2022113 E 552089 zone 47",
        "UTM 47N 0552089E 2022113N WGS84",
        "47 E 552089 N 2022113",
        "47 2022113 552089",
        "EPSG:32647 552089 2022113",
        "47Q 0552089 2022113",
        "47Q 552089.00 2022113.00",
    ],
)
def test_utm_is_read_in_any_common_writing(text: str) -> None:
    assert read(text) == Reading(LatLon(18.287941, 99.492845), False, "utm")


def test_utm_without_its_zone_asks_for_the_zone_and_is_then_read() -> None:
    assert refused("552089 2022113") == "coordinates.utm_zone"
    assert read("47Q 552089 2022113").how == "utm"


def test_utm_without_its_zone_is_settled_by_the_office() -> None:
    assert read("552089 2022113", near=LAMPANG).point == LatLon(18.287941, 99.492845)


def test_utm_of_the_far_south_is_told_apart_by_its_letters() -> None:
    point = read("47N 661234 720000").point
    assert read("47N N 720000 E 661234").point == point
    assert read("47 N 720000 E 661234").point == point
    assert read("720000N 661234E 47N").point == point
    assert inside_thailand(point)


def test_utm_in_the_old_datum_is_not_taken_for_todays() -> None:
    assert refused("Indian 1975 47Q 552089 2022113") == "coordinates.indian_datum"


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/maps/@18.2888,99.4928,17z",
        "google.co.th/maps/@18.2888,99.4928,17z",
        "https://www.google.com/maps/place/%E0%B8%A7/@18.1,99.1,17z/data=!3m1!4b1!3m5!1s0x30:0x1!8m2!3d18.2888!4d99.4928!16s",
        "https://www.google.com/maps/place/18.2888,99.4928/@18.1,99.1,17z",
        "https://maps.google.com/?q=18.2888,99.4928",
        "https://maps.google.com/maps?q=loc:18.2888,99.4928&z=15",
        "https://www.google.com/maps?ll=18.2888,99.4928&z=16",
        "https://www.google.com/maps/search/?api=1&query=18.2888%2C99.4928",
        "https://www.google.com/maps/search/18.2888,+99.4928?entry=tts",
        "https://www.google.com/maps/dir//18.2888,99.4928/@18.1,99.1,14z",
        "https://www.google.com/maps/dir/18.1,99.1/18.2888,99.4928/@18.1,99.1,14z",
        "https://www.google.com/maps/dir/A/B/@18.1,99.1,14z/data=!4m8!4m7!1m0!1m5!1m1!1s0x0!2m2!1d99.4928!2d18.2888",
        "https://www.google.com/maps/dir/?api=1&origin=18.1,99.1&destination=18.2888,99.4928",
        "https://consent.google.com/m?continue=https%3A%2F%2Fwww.google.com%2Fmaps%2F%4018.2888%2C99.4928%2C17z",
        '<iframe src="https://www.google.com/maps/embed?pb=!1m18!1m12!1m3!1d3794.1!2d99.4928!3d18.2888!2m3!1f0">',
        "geo:18.2888,99.4928?z=15",
        "geo:0,0?q=18.2888,99.4928(Wat)",
        "https://maps.apple.com/?ll=18.2888,99.4928&q=Wat",
        "https://www.openstreetmap.org/?mlat=18.2888&mlon=99.4928#map=15/18.1/99.1",
        "https://www.openstreetmap.org/#map=15/18.2888/99.4928",
        "https://map.longdo.com/?lat=18.2888&long=99.4928&zoom=15",
        "วัดพระธาตุ\nhttps://www.google.com/maps/@18.2888,99.4928,17z\nมาดูได้",
    ],
)
def test_a_map_link_that_carries_coordinates_is_read(link: str) -> None:
    assert read(link) == Reading(LAMPANG, False, "maps_link")


def test_a_map_link_with_percent_encoded_degrees_is_read() -> None:
    link = "https://www.google.com/maps/place/18%C2%B017'19.7%22N+99%C2%B029'34.1%22E/@18.1,99.1,17z"
    assert distance_km(read(link).point, LAMPANG) < 0.002


@pytest.mark.parametrize(
    "link",
    [
        "https://maps.app.goo.gl/AbCd123",
        "maps.app.goo.gl/AbCd123",
        "วัดพระธาตุ\nhttps://maps.app.goo.gl/AbCd123?g_st=il",
        "https://goo.gl/maps/xyz",
        "https://g.co/kgs/abc",
        "https://share.google/abc",
        "https://maps.google.com/share?x=1",
    ],
)
def test_a_short_link_tells_how_to_copy_the_numbers_which_are_then_read(link: str) -> None:
    problem = read_coordinates(link)
    assert isinstance(problem, Problem)
    assert problem.code == "coordinates.short_link"
    assert "กดค้าง" in problem.say.th
    assert read(f"18.2888, 99.4928 {link}").point == LAMPANG


@pytest.mark.parametrize(
    "link", ["https://www.google.com/maps/place/Wat+5+Moo+10", "https://www.facebook.com/x"]
)
def test_a_link_without_coordinates_says_so(link: str) -> None:
    assert refused(link) == "coordinates.link_without_numbers"


def test_a_full_plus_code_is_read() -> None:
    reading = read("7P52QGJ6+F8 กรุงเทพมหานคร")
    assert reading.how == "plus_code"
    assert distance_km(reading.point, LatLon(13.781187, 100.510813)) < 0.001


def test_a_short_plus_code_needs_a_reference_and_is_then_read() -> None:
    assert refused("QGJ6+F8 กรุงเทพมหานคร") == "coordinates.short_plus_code"
    assert read("qgj6+f8", near=LatLon(13.7, 100.5)).point == read("7P52QGJ6+F8").point


@pytest.mark.parametrize(
    "text", ["0,0", "0.0, 0.0", "35.6, 139.7", "51.5 S 0.1 W", "8FVC2222+22", "200.5 300.5"]
)
def test_a_point_outside_thailand_is_refused_with_the_bounds(text: str) -> None:
    assert refused(text) == "coordinates.outside_thailand"


@pytest.mark.parametrize("text", ["18 99", "18, 99", "7P520000+"])
def test_whole_degrees_are_too_coarse_until_decimals_follow(text: str) -> None:
    assert refused(text) == "coordinates.too_coarse"
    assert read("18.28, 99.49").how == "decimal"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "วัดพระธาตุลำปางหลวง",
        "hello",
        "47QNA5208922113",
        "081-234-5678",
        "18.2888",
        "18°75'00\"N 99°29'00\"E",
        "📍",
    ],
)
def test_other_text_is_said_to_be_unreadable(text: str) -> None:
    assert refused(text) == "coordinates.unreadable"


@settings(deadline=None)
@given(in_thailand)
def test_a_shown_point_is_read_back_in_both_digits_and_as_a_link(point: LatLon) -> None:
    assert read(shown(point)) == Reading(point, False, "decimal")
    assert read(shown(point).translate(TO_THAI_DIGITS)).point == point
    assert read(maps_link(point)) == Reading(point, False, "maps_link")


@settings(deadline=None)
@given(in_thailand)
def test_swapped_numbers_anywhere_in_thailand_are_put_right(point: LatLon) -> None:
    assert read(f"{point.longitude:.6f} {point.latitude:.6f}") == Reading(point, True, "decimal")


@settings(deadline=None)
@given(st.text(max_size=200) | st.text("0123456789๐๑.,+-°'\" NSEWnselatong/@!?=&%#:กขนต", max_size=80))
@example("\ud800")
@example("9" * 4000)
@example("https://[")
@example("1" * 400 + "." + "1" * 400 + " 99.4")
@example("18.2,99.4 " * 400)
def test_no_text_whatever_raises(text: str) -> None:
    for near in (None, LAMPANG):
        match read_coordinates(text, near):
            case Reading(point=point):
                assert inside_thailand(point)
            case Problem(code=code):
                assert code.startswith("coordinates.")


def test_distances_are_those_on_the_ground() -> None:
    bangkok, chiang_mai = LatLon(13.7563, 100.5018), LatLon(18.7883, 98.9853)
    assert distance_km(bangkok, chiang_mai) == pytest.approx(583, abs=3)
    assert distance_km(bangkok, bangkok) == 0
    assert distance_km(LatLon(10, 100), LatLon(11, 100)) == pytest.approx(111.195, abs=0.01)


def test_bounds_of_thailand_hold_its_corners_and_not_its_neighbours() -> None:
    for latitude, longitude in [(20.46, 99.88), (5.62, 101.1), (15.3, 105.63), (18.5, 97.35), (7.89, 98.39)]:
        assert inside_thailand(LatLon(latitude, longitude))
    for latitude, longitude in [(21.03, 105.85), (3.14, 101.69), (16.87, 96.2), (11.56, 106.0)]:
        assert not inside_thailand(LatLon(latitude, longitude))
