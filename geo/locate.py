"""Which city part, administrative district and cadastral area hold a position.

On a shared border the lowest code wins, always; the administrative district follows from the city
part. Whoever lies in no city part is outside Prague. Positions are located with the shipped
boundaries, never with ones simplified for drawing.
"""

from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from domain.errors import InvalidValueError
from domain.geometry import LonLat
from geo.boundaries import boundaries
from geo.crs import FloatArray, ellipsoidal_distances_m, is_in_metric_area, lonlat_to_metric, to_metric
from geo.point_index import OUTSIDE, IndexArray, PointIndex, build_point_index

BORDER_TOLERANCE_M = 10.0
"""Generalisation of the boundaries: closer to a border the side is not certain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Units that hold a position.

    `city_part` and `cadastral_area` are codes, `admin_district` is a number. `border_city_part`
    is the nearest other city part within 10 m, None where there is none. `cadastral_area` is None
    only if none lies within 25 m, which the bundled boundaries rule out.
    """

    city_part: str
    admin_district: int
    cadastral_area: str | None
    border_city_part: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsidePrague:
    """A position in no city part: how far it is to Prague and which city part is the nearest."""

    distance_km: float
    nearest_city_part: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocatedArrays:
    """Units that hold each of many positions, row by row.

    `city_part` and `cadastral_area` are positions in `city_part_codes` and
    `cadastral_area_codes`, `admin_district` is the number; -1 outside Prague in all three.
    """

    city_part: IndexArray
    admin_district: IndexArray
    cadastral_area: IndexArray
    city_part_codes: tuple[str, ...]
    cadastral_area_codes: tuple[str, ...]

    def codes_of_city_parts(self) -> npt.NDArray[Any]:
        """Return the codes as an object array, None outside Prague."""
        return _codes(self.city_part, self.city_part_codes)

    def codes_of_cadastral_areas(self) -> npt.NDArray[Any]:
        """Return the codes as an object array, None outside Prague."""
        return _codes(self.cadastral_area, self.cadastral_area_codes)


def locate(position: LonLat) -> Located | OutsidePrague:
    """Return the units that hold a position, or how far it is from Prague.

    Parameters
    ----------
    position
        EPSG:4326. A `LonLat` is finite by itself: making one of NaN or infinity raises
        `InvalidValueError`.

    Returns
    -------
    Located or OutsidePrague
        Distances are measured in EPSG:5514; far from Czechia along the ellipsoid, to the nearest
        vertex of the border.

    Examples
    --------
    >>> locate(LonLat(lon=14.4378, lat=50.0755))
    Located(city_part='500089', admin_district=2, cadastral_area='727164', border_city_part=None)
    >>> outside = locate(LonLat(lon=14.67, lat=50.18))
    >>> round(outside.distance_km, 1), outside.nearest_city_part
    (5.8, '539007')
    """
    lon, lat = np.array([position.lon]), np.array([position.lat])
    part, area = point_index().locate(lon, lat)
    divisions = _codes_and_numbers()
    if part[0] == OUTSIDE:
        return _outside(position)
    return Located(
        city_part=divisions.city_parts[part[0]],
        admin_district=int(divisions.districts[part[0]]),
        cadastral_area=divisions.cadastral_areas[area[0]] if area[0] != OUTSIDE else None,
        border_city_part=_border_city_part(lon, lat, int(part[0])),
    )


def locate_many(lon: npt.ArrayLike, lat: npt.ArrayLike) -> LocatedArrays:
    """Return the units that hold each of many positions; agrees with `locate` on every point.

    Parameters
    ----------
    lon, lat
        One-dimensional and equally long, degrees, EPSG:4326.

    Raises
    ------
    InvalidValueError
        Code `positions_not_paired` if the arrays are not one-dimensional and equally long;
        `position_out_of_range` if a value is not finite or no longitude or latitude.

    Examples
    --------
    >>> found = locate_many([14.4378, 14.67], [50.0755, 50.18])
    >>> found.admin_district.tolist(), found.codes_of_city_parts().tolist()
    ([2, -1], ['500089', None])
    """
    lons, lats = np.ascontiguousarray(lon, dtype=np.float64), np.ascontiguousarray(lat, dtype=np.float64)
    if lons.ndim != 1 or lons.shape != lats.shape:
        raise InvalidValueError("positions_not_paired", lon=str(lons.shape), lat=str(lats.shape))
    _require_in_range(lons, "lon", 180.0)
    _require_in_range(lats, "lat", 90.0)
    divisions = _codes_and_numbers()
    part, area = point_index().locate(lons, lats)
    return LocatedArrays(
        city_part=part,
        # The position -1 of a point outside takes the last entry, which is -1 too.
        admin_district=divisions.districts.take(part, mode="wrap"),
        cadastral_area=area,
        city_part_codes=divisions.city_parts,
        cadastral_area_codes=divisions.cadastral_areas,
    )


def point_index() -> PointIndex:
    """Return the grid over the bundled boundaries, built at the first question, once per process."""
    with _BUILDING:
        return _point_index()


_BUILDING = Lock()


@cache
def _point_index() -> PointIndex:
    return build_point_index(boundaries())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Divisions:
    """Codes in the order of the index, and the district of each city part with -1 at the end."""

    city_parts: tuple[str, ...]
    cadastral_areas: tuple[str, ...]
    districts: IndexArray
    metric: npt.NDArray[Any]


@cache
def _codes_and_numbers() -> _Divisions:
    divisions = boundaries()
    districts = divisions.city_parts["admin_district"].to_numpy(dtype=np.int16)
    return _Divisions(
        city_parts=tuple(map(str, divisions.city_parts.index)),
        cadastral_areas=tuple(map(str, divisions.cadastral_areas.index)),
        districts=np.append(districts, np.int16(OUTSIDE)),
        metric=to_metric(divisions.city_parts).geometry.to_numpy(),
    )


def _border_city_part(lon: FloatArray, lat: FloatArray, own: int) -> str | None:
    """Return the nearest other city part within the tolerance, of equally near ones the lowest code."""
    divisions = _codes_and_numbers()
    distances = _distances_m(lon, lat)
    distances[own] = np.inf
    other = int(np.argmin(distances))
    return divisions.city_parts[other] if distances[other] <= BORDER_TOLERANCE_M else None


def _outside(position: LonLat) -> OutsidePrague:
    """Return how far a position is from the nearest city part."""
    divisions = _codes_and_numbers()
    if is_in_metric_area(position):
        distances = _distances_m(np.array([position.lon]), np.array([position.lat]))
        nearest = int(np.argmin(distances))
        distance_m = float(distances[nearest])
    else:
        vertices, unit = shapely.get_coordinates(boundaries().city_parts.geometry.to_numpy(), return_index=True)
        to_vertices = ellipsoidal_distances_m(position, vertices[:, 0], vertices[:, 1])
        nearest = int(unit[np.argmin(to_vertices)])
        distance_m = float(to_vertices.min())
    return OutsidePrague(distance_km=distance_m / 1000, nearest_city_part=divisions.city_parts[nearest])


def _distances_m(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return the distance of one point to each city part, EPSG:5514."""
    x, y = lonlat_to_metric(lon, lat)
    return np.asarray(shapely.distance(_codes_and_numbers().metric, shapely.Point(x[0], y[0])))


def _require_in_range(values: FloatArray, field: str, limit: float) -> None:
    # Written so that NaN, which compares false with everything, fails too.
    if values.size and not (values.min() >= -limit and values.max() <= limit):
        bad = values[~(np.abs(values) <= limit)]
        raise InvalidValueError("position_out_of_range", field=field, value=str(bad[0]))


def _codes(positions: IndexArray, codes: tuple[str, ...]) -> npt.NDArray[Any]:
    """Return codes by position; the position -1 takes the None at the end."""
    return np.array([*codes, None], dtype=object)[positions]
