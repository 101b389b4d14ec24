"""Plus codes decode as the Open Location Code specification's own examples say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core import pluscode


@pytest.mark.parametrize(
    ("code", "south", "west", "north", "east"),
    [
        ("7FG49Q00+", 20.35, 2.75, 20.4, 2.8),
        ("7FG49QCJ+2V", 20.37, 2.782125, 20.370125, 2.78225),
        ("7FG49QCJ+2VX", 20.3701, 2.78221875, 20.370125, 2.78225),
        ("8FVC2222+22", 47.0, 8.0, 47.000125, 8.000125),
        ("4VCPPQGP+Q9", -41.273125, 174.785875, -41.273, 174.786),
        ("62G20000+", 0.0, -180.0, 1, -179),
        ("22220000+", -90, -180, -89, -179),
        ("CFX3X2X2+X2", 89.999875, 1, 90, 1.000125),
    ],
)
def test_a_full_code_names_its_area(code: str, south: float, west: float, north: float, east: float) -> None:
    assert pluscode.area(code) == pytest.approx((south, west, north, east), abs=1e-9)


@pytest.mark.parametrize(
    ("full", "latitude", "longitude", "short"),
    [
        ("9C3W9QCJ+2VX", 51.3701125, -1.217765625, "+2VX"),
        ("9C3W9QCJ+2VX", 51.3708675, -1.217765625, "CJ+2VX"),
        ("9C3W9QCJ+2VX", 51.3852125, -1.217765625, "9QCJ+2VX"),
        ("8FJFW222+", 42.899, 9.012, "22+"),
        ("796RXG22+", 14.95125, -23.5001, "22+"),
        ("8FRCXGRF+PM", 47.00, 8.55, "XGRF+PM"),
        ("CFX22222+22", 89.6, 0.0, "2222+22"),
        ("2CXXXXXX+XX", -81.0, 0.0, "XXXXXX+XX"),
    ],
)
def test_a_short_code_means_the_nearest_place(
    full: str, latitude: float, longitude: float, short: str
) -> None:
    assert pluscode.recover(short, latitude, longitude) == pytest.approx(pluscode.centre(full), abs=1e-9)


@settings(deadline=None)
@given(st.floats(5.5, 20.6), st.floats(97.3, 105.7), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_any_short_code_comes_back_from_nearby(
    latitude: float, longitude: float, up: float, right: float
) -> None:
    code = pluscode._leading_digits(latitude, longitude) + "+22"
    middle = pluscode.centre(code)
    assert pluscode.recover(code[4:], middle[0] + up, middle[1] + right) == pytest.approx(middle, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7P52QGJ6+F8 Bangkok", "7P52QGJ6+F8"),
        ("อยู่ที่ qgj6+f8 กรุงเทพ", "QGJ6+F8"),
        ("18.2888+99.4928", None),
        ("A+B", None),
        ("7P52QGJ6+F", None),
        ("+66812345678", None),
        ("C+22", None),
    ],
)
def test_a_code_is_found_in_a_text(text: str, code: str | None) -> None:
    assert pluscode.find(text) == code
