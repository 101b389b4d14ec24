"""UTM agrees with published values and comes back to the same metre."""

from __future__ import annotations

from math import radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core.utm import from_degrees, to_degrees


@pytest.mark.parametrize(
    ("zone", "latitude", "longitude", "easting", "northing"),
    [
        (32, 51.2, 7.5, 395201.3103811303, 5673135.241182375),
        (47, 0.0, 99.0, 500000.0, 0.0),
        (48, 0.0, 105.0, 500000.0, 0.0),
    ],
)
def test_grid_agrees_with_known_values(
    zone: int, latitude: float, longitude: float, easting: float, northing: float
) -> None:
    assert from_degrees(zone, latitude, longitude) == pytest.approx((easting, northing), abs=0.001)
    assert to_degrees(zone, easting, northing) == pytest.approx((latitude, longitude), abs=1e-8)


@settings(deadline=None)
@given(st.sampled_from([47, 48]), st.floats(5, 21), st.floats(-3.5, 3.5))
def test_grid_comes_back_within_a_millimetre(zone: int, latitude: float, east: float) -> None:
    easting, northing = from_degrees(zone, latitude, zone * 6 - 183 + east)
    assert from_degrees(zone, *to_degrees(zone, easting, northing)) == pytest.approx(
        (easting, northing), abs=0.001
    )
    assert to_degrees(zone, easting, northing) == pytest.approx((latitude, zone * 6 - 183 + east), abs=1e-8)


@pytest.mark.parametrize("latitude", [5.5, 13.75, 18.2888, 20.6])
def test_northing_on_the_central_meridian_is_the_length_of_the_arc(latitude: float) -> None:
    squared, steps = 0.00669437999014, 2000

    def curvature(phi: float) -> float:
        return float(6378137 * (1 - squared) / (1 - squared * sin(phi) ** 2) ** 1.5)

    width = radians(latitude) / steps
    arc = (
        sum((1 if i in (0, steps) else 4 if i % 2 else 2) * curvature(i * width) for i in range(steps + 1))
        * width
        / 3
    )
    assert from_degrees(47, latitude, 99.0) == pytest.approx((500000, 0.9996 * arc), abs=0.001)
