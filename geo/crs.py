"""The two coordinate reference systems of the product and the way between them.

Everything is kept in longitude and latitude (EPSG:4326). Whatever measures works in S-JTSK /
Krovak East North (EPSG:5514), whose unit is the metre.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeAlias, TypeVar

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS, Geod, Transformer

from domain.errors import InvalidValueError
from domain.geometry import BBox, LonLat

GEOGRAPHIC = "EPSG:4326"
"""Longitude and latitude in degrees, at rest and on the wire."""

METRIC = "EPSG:5514"
"""S-JTSK / Krovak East North in metres, for areas and distances."""

METRIC_AREA = BBox(minx=12.09, miny=47.73, maxx=22.56, maxy=51.06)
"""Area of use of EPSG:5514 after the EPSG register: Czechia and Slovakia."""

FloatArray: TypeAlias = npt.NDArray[np.float64]
Frame = TypeVar("Frame", gpd.GeoDataFrame, gpd.GeoSeries)

_SQUARE_METRES_PER_KM2 = 1e6
_WGS84 = Geod(ellps="WGS84")


def to_metric(gdf: Frame) -> Frame:
    """Return the frame or series in EPSG:5514 (metres).

    Raises
    ------
    InvalidValueError
        Code `crs_missing` if it does not say which CRS it is in.

    Examples
    --------
    >>> to_metric(gpd.GeoSeries.from_xy([14.42], [50.09], crs=GEOGRAPHIC)).crs.to_string()
    'EPSG:5514'
    """
    _require_crs(gdf, METRIC)
    return gdf.to_crs(METRIC)


def to_geographic(gdf: Frame) -> Frame:
    """Return the frame or series in EPSG:4326 (degrees, longitude first).

    Raises
    ------
    InvalidValueError
        Code `crs_missing` if it does not say which CRS it is in.

    Examples
    --------
    >>> there = to_metric(gpd.GeoSeries.from_xy([14.42], [50.09], crs=GEOGRAPHIC))
    >>> round(float(to_geographic(there).x.iloc[0]), 6)
    14.42
    """
    _require_crs(gdf, GEOGRAPHIC)
    return gdf.to_crs(GEOGRAPHIC)


def require_projected(gdf: gpd.GeoDataFrame | gpd.GeoSeries, what: str) -> None:
    """Refuse a frame whose units are degrees or unknown.

    Parameters
    ----------
    gdf
        Frame or series about to be measured.
    what
        What is about to be measured, quoted in the error.

    Raises
    ------
    InvalidValueError
        Code `crs_missing` without a CRS, `crs_not_projected` with a geographic one.

    Examples
    --------
    >>> series = gpd.GeoSeries.from_xy([14.42], [50.09], crs=GEOGRAPHIC)
    >>> require_projected(to_metric(series), "area")
    >>> require_projected(series, "area")
    Traceback (most recent call last):
    domain.errors.InvalidValueError: crs_not_projected (what='area', crs='EPSG:4326')
    """
    crs = _require_crs(gdf, what)
    if not crs.is_projected:
        raise InvalidValueError("crs_not_projected", what=what, crs=crs.to_string())


def area_km2(gdf: gpd.GeoDataFrame | gpd.GeoSeries) -> "pd.Series[float]":
    """Return the area of each row in km², measured in EPSG:5514.

    Parameters
    ----------
    gdf
        Polygons in any CRS; reprojected here.

    Returns
    -------
    pandas.Series
        Areas with the index of `gdf`, named `area_km2`.

    Raises
    ------
    InvalidValueError
        Code `crs_missing`.

    Examples
    --------
    >>> from shapely import box
    >>> area_km2(gpd.GeoSeries([box(0, 0, 2000, 500)], crs=METRIC)).tolist()
    [1.0]
    """
    areas = to_metric(gdf.geometry).area / _SQUARE_METRES_PER_KM2
    return areas.rename("area_km2")


def distance_m(a: LonLat, b: LonLat) -> float:
    """Return the distance of two positions in metres, as the crow flies.

    Measured in EPSG:5514 where both lie in its area of use; elsewhere along the WGS84 ellipsoid,
    because there the projection means nothing.

    Examples
    --------
    >>> round(distance_m(LonLat(lon=14.42, lat=50.09), LonLat(lon=14.43, lat=50.09)))
    716
    """
    if not (is_in_metric_area(a) and is_in_metric_area(b)):
        return float(_WGS84.inv(a.lon, a.lat, b.lon, b.lat)[2])
    x, y = lonlat_to_metric(np.array([a.lon, b.lon]), np.array([a.lat, b.lat]))
    return float(np.hypot(x[1] - x[0], y[1] - y[0]))


def ellipsoidal_distances_m(position: LonLat, lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return distances from one position to many along the WGS84 ellipsoid, in metres.

    For positions that may lie anywhere on Earth; near Prague use EPSG:5514.

    Examples
    --------
    >>> berlin = LonLat(lon=13.4, lat=52.52)
    >>> ellipsoidal_distances_m(berlin, np.array([14.42]), np.array([50.09])).round(-3).tolist()
    [280000.0]
    """
    start_lon, start_lat = np.full_like(lon, position.lon), np.full_like(lat, position.lat)
    return np.asarray(_WGS84.inv(start_lon, start_lat, lon, lat)[2], dtype=np.float64)


def lonlat_to_metric(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return EPSG:5514 x, y in metres of EPSG:4326 longitudes and latitudes in degrees.

    Examples
    --------
    >>> x, y = lonlat_to_metric(np.array([14.42]), np.array([50.09]))
    >>> -800_000 < x[0] < -700_000, -1_100_000 < y[0] < -1_000_000
    (np.True_, np.True_)
    """
    x, y = _transform(GEOGRAPHIC, METRIC, lon, lat)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def metric_to_lonlat(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return EPSG:4326 longitudes and latitudes in degrees of EPSG:5514 x, y in metres.

    Examples
    --------
    >>> lon, lat = metric_to_lonlat(*lonlat_to_metric(np.array([14.42]), np.array([50.09])))
    >>> float(lon[0].round(6)), float(lat[0].round(6))
    (14.42, 50.09)
    """
    lon, lat = _transform(METRIC, GEOGRAPHIC, x, y)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def is_in_metric_area(position: LonLat) -> bool:
    """Return whether EPSG:5514 may be used at a position.

    Examples
    --------
    >>> is_in_metric_area(LonLat(lon=14.42, lat=50.09)), is_in_metric_area(LonLat(lon=0, lat=0))
    (True, False)
    """
    return METRIC_AREA.minx <= position.lon <= METRIC_AREA.maxx and METRIC_AREA.miny <= position.lat <= METRIC_AREA.maxy


# pyproj makes a transformer anew in every thread that uses it, which takes 30 ms, and Streamlit runs each script in
# a thread of its own. One thread that stays keeps its transformers.
_TRANSFORMING = ThreadPoolExecutor(1, thread_name_prefix="crs")


def _transform(source: str, target: str, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    first, second = _TRANSFORMING.submit(lambda: _transformer(source, target).transform(x, y)).result()
    return first, second


@cache
def _transformer(source: str, target: str) -> Transformer:
    """Return a transformer with longitude first."""
    return Transformer.from_crs(source, target, always_xy=True)


def _require_crs(gdf: gpd.GeoDataFrame | gpd.GeoSeries, what: str) -> CRS:
    if gdf.crs is None:
        raise InvalidValueError("crs_missing", what=what)
    return CRS.from_user_input(gdf.crs)
