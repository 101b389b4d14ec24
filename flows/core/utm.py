"""UTM grid to WGS84 degrees and back, by Krüger's series (well under a millimetre within a zone)."""

from __future__ import annotations

from math import asin, asinh, atan2, atanh, cos, cosh, degrees, radians, sin, sinh, sqrt

_FLATTENING = 1 / 298.257223563
_N = _FLATTENING / (2 - _FLATTENING)
# the meridian's rectifying radius, times UTM's scale of 0.9996 on the central meridian
_RADIUS = 0.9996 * 6378137 / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_FALSE_EASTING = 500_000.0
_ECCENTRICITY = 2 * sqrt(_N) / (1 + _N)

_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440,
    61 * _N**3 / 240 - 103 * _N**4 / 140,
    49561 * _N**4 / 161280,
)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)
_DELTA = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3 + 116 * _N**4 / 45,
    7 * _N**2 / 3 - 8 * _N**3 / 5 - 227 * _N**4 / 45,
    56 * _N**3 / 15 - 136 * _N**4 / 35,
    4279 * _N**4 / 630,
)


def to_degrees(zone: int, easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude of a grid point in metres on the northern half."""
    xi, eta = northing / _RADIUS, (easting - _FALSE_EASTING) / _RADIUS
    xi_round = xi - sum(b * sin(2 * j * xi) * cosh(2 * j * eta) for j, b in enumerate(_BETA, 1))
    eta_round = eta - sum(b * cos(2 * j * xi) * sinh(2 * j * eta) for j, b in enumerate(_BETA, 1))
    chi = asin(sin(xi_round) / cosh(eta_round))
    latitude = chi + sum(d * sin(2 * j * chi) for j, d in enumerate(_DELTA, 1))
    longitude = atan2(sinh(eta_round), cos(xi_round))
    return degrees(latitude), degrees(longitude) + _central_meridian(zone)


def from_degrees(zone: int, latitude: float, longitude: float) -> tuple[float, float]:
    """Easting and northing in metres, in the zone given."""
    phi, east = radians(latitude), radians(longitude - _central_meridian(zone))
    conformal = sinh(asinh(sin(phi) / cos(phi)) - _ECCENTRICITY * atanh(_ECCENTRICITY * sin(phi)))
    xi = atan2(conformal, cos(east))
    eta = atanh(sin(east) / sqrt(1 + conformal**2))
    easting = eta + sum(a * cos(2 * j * xi) * sinh(2 * j * eta) for j, a in enumerate(_ALPHA, 1))
    northing = xi + sum(a * sin(2 * j * xi) * cosh(2 * j * eta) for j, a in enumerate(_ALPHA, 1))
    return _FALSE_EASTING + _RADIUS * easting, _RADIUS * northing


def _central_meridian(zone: int) -> float:
    return zone * 6 - 183
