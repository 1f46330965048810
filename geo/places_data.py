"""Public facts about places: services, publicly discussed localities, metro stations, co-operation.

The files and their cards lie in `data/places/`; each row names its own source. A file is checked
completely when it is loaded and refused with every problem at once. What a fact is worth today
(to be checked, historical) is the business of `geo.freshness`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from domain.contacts import NOT_STATED
from domain.errors import NotFoundError
from domain.geometry import LonLat
from geo.boundaries import boundaries, representative_point
from geo.crs import GEOGRAPHIC, lonlat_to_metric, metric_to_lonlat, to_metric
from geo.places_checks import (
    COOPERATION,
    LOCALITIES,
    SERVICES,
    STATIONS,
    problems_of_cooperation,
    problems_of_localities,
    problems_of_services,
    problems_of_stations,
    read_checked,
    split_codes,
)
from geo.provenance import BUNDLED_DATA

PLACES_DATA = BUNDLED_DATA / "places"
AREA_MARK_DISTANCE_M = 250.0
"""How far an area mark stands from the middle of its city part, so that marks do not cover each other."""

AREA_MARK_STEP_DEG = 40.0
SERVICE_MARKS_START_DEG = 0.0
LOCALITY_MARKS_START_DEG = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestStation:
    """The metro station nearest as the crow flies. `lines` are letters; `distance_m` metres."""

    id: str
    name: str
    lines: tuple[str, ...]
    step_free: str
    distance_m: float


@cache
def load_services(*, include_historical: bool = False) -> gpd.GeoDataFrame:
    """Return public services and offices, one a row, loaded and checked once per process.

    Never change the frame: everybody shares it.

    Parameters
    ----------
    include_historical
        With those that are marked historical and those that must not be shown as a service for
        migrants without confirmation (`not_confirmed`).

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, with the columns of `data/places/services.csv`; `service_types` and `languages`
        are tuples of codes, `as_of_date` a date or None, `historical` and `not_confirmed` bool,
        `position_uncertainty_m` Int64. The geometry is a point; for `position_precision`
        `city_part` a mark near the middle of the city part, for `none` None.

    Raises
    ------
    ProblemsError
        Code `invalid_places_file`, with every problem at once.

    Examples
    --------
    >>> len(load_services(include_historical=True)), int(load_services(include_historical=True).historical.sum())
    (40, 4)
    """
    if include_historical:
        return read_services(PLACES_DATA / "services.toml")
    everything = load_services(include_historical=True)
    return everything[~everything["historical"] & ~everything["not_confirmed"]].reset_index(drop=True)


@cache
def load_public_localities(*, include_historical: bool = False) -> gpd.GeoDataFrame:
    """Return publicly discussed localities, one a row for each locality and city part.

    They were published without coordinates: the geometry is a mark near the middle of the city
    part (`city_part`, code), EPSG:4326. A locality that names several city parts has as many rows,
    told apart by the code at the end of `id`; `locality` is what they have in common. Never change
    the frame: everybody shares it.

    Parameters
    ----------
    include_historical
        With those that do not exist any more.

    Raises
    ------
    ProblemsError
        Code `invalid_places_file`.

    Examples
    --------
    >>> places = load_public_localities(include_historical=True)
    >>> places["locality"].nunique(), len(places)
    (12, 17)
    """
    if include_historical:
        return read_public_localities(PLACES_DATA / "public_localities.toml")
    everything = load_public_localities(include_historical=True)
    return everything[~everything["historical"]].reset_index(drop=True)


@cache
def load_metro_stations() -> gpd.GeoDataFrame:
    """Return the metro stations, one a row, as points in EPSG:4326; `lines` are tuples of A, B, C.

    `step_free` is yes, no or unknown after the operator. Never change the frame: everybody shares
    it. Source: PID open data, 2020.

    Raises
    ------
    ProblemsError
        Code `invalid_places_file`.

    Examples
    --------
    >>> stations = load_metro_stations().set_index("name")
    >>> len(stations), stations.at["Florenc", "lines"]
    (58, ('B', 'C'))
    """
    return read_metro_stations(PLACES_DATA / "metro_stations.toml")


@cache
def load_cooperation() -> pd.DataFrame:
    """Return the published state of co-operation, one row for each of the 57 city parts.

    Index `code`; `status` is a code of the vocabulary `stav_spoluprace`, `neuvedeno` where
    nothing was published; `source` is empty there. Undated. Never change the frame: everybody
    shares it. Source: ICP, Novinky v síťování.

    Raises
    ------
    ProblemsError
        Code `invalid_places_file`.

    Examples
    --------
    >>> load_cooperation()["status"].value_counts().to_dict()
    {'neuvedeno': 38, 'pravidelny_kontakt': 13, 'navazano': 6}
    """
    return read_cooperation(PLACES_DATA / "cooperation.toml")


def services_in(city_part: str, *, include_historical: bool = False) -> gpd.GeoDataFrame:
    """Return the services of one city part; those without a known address belong to none.

    Raises
    ------
    NotFoundError
        Code `unknown_city_part`.

    Examples
    --------
    >>> services_in("547174")["name"].tolist()
    ['Koordinátor integrace cizinců – ÚMČ Praha 17']
    """
    if city_part not in boundaries().city_parts.index:
        raise NotFoundError("unknown_city_part", value=city_part)
    services = load_services(include_historical=include_historical)
    return services[services["city_part"] == city_part].reset_index(drop=True)


def nearest_station(position: LonLat) -> NearestStation:
    """Return the metro station nearest to a position, as the crow flies, measured in EPSG:5514.

    Examples
    --------
    >>> nearest_station(LonLat(lon=14.4301, lat=50.0771)).name
    'I. P. Pavlova'
    """
    x, y = lonlat_to_metric(np.array([position.lon]), np.array([position.lat]))
    metric = _stations_metric()
    distances = np.hypot(metric[:, 0] - x[0], metric[:, 1] - y[0])
    row = load_metro_stations().iloc[int(np.argmin(distances))]
    return NearestStation(
        id=row["id"],
        name=row["name"],
        lines=row["lines"],
        step_free=row["step_free"],
        distance_m=float(distances.min()),
    )


def area_marks(city_parts: Sequence[str], *, start_deg: float) -> list[LonLat]:
    """Return where marks stand that mean a city part as a whole.

    Marks of one city part stand around its middle, `AREA_MARK_DISTANCE_M` from it (every city part
    reaches further), so that each can be pointed at. They are nobody's address.

    Parameters
    ----------
    city_parts
        Code for each mark.
    start_deg
        Bearing of the first mark of a city part; the next ones follow in fixed steps.

    Raises
    ------
    NotFoundError
        Code `unknown_unit`.

    Examples
    --------
    >>> first, second = area_marks(["547158", "547158"], start_deg=0)
    >>> first == second
    False
    """
    before: dict[str, int] = {}
    marks = []
    for code in city_parts:
        nth = before.get(code, 0)
        before[code] = nth + 1
        middle = representative_point(code)
        x, y = lonlat_to_metric(np.array([middle.lon]), np.array([middle.lat]))
        bearing = np.radians(start_deg + nth * AREA_MARK_STEP_DEG)
        lon, lat = metric_to_lonlat(
            x + AREA_MARK_DISTANCE_M * np.sin(bearing), y + AREA_MARK_DISTANCE_M * np.cos(bearing)
        )
        marks.append(LonLat(lon=round(float(lon[0]), 6), lat=round(float(lat[0]), 6)))
    return marks


def read_services(card: Path) -> gpd.GeoDataFrame:
    """Read and check a file of services with its card; see `load_services`."""
    cells = read_checked(card, SERVICES, problems_of_services)
    frame = cells.assign(
        service_types=cells["service_types"].map(split_codes),
        languages=cells["languages"].map(split_codes),
        as_of_date=_dates(cells),
        historical=cells["historical"] == "true",
        not_confirmed=cells["not_confirmed"] == "true",
        position_uncertainty_m=pd.to_numeric(cells["position_uncertainty_m"]).astype("Int64"),
    )
    is_area = frame["position_precision"] == "city_part"
    marks = iter(area_marks(frame.loc[is_area, "city_part"].tolist(), start_deg=SERVICE_MARKS_START_DEG))
    points: list[shapely.Point | None] = []
    for area, precision, lon, lat in zip(is_area, frame["position_precision"], frame["lon"], frame["lat"], strict=True):
        if area:
            mark = next(marks)
            points.append(shapely.Point(mark.lon, mark.lat))
        else:
            points.append(None if precision == "none" else shapely.Point(float(lon), float(lat)))
    geometry = np.array(points, dtype=object)
    return gpd.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=geometry, crs=GEOGRAPHIC)


def read_public_localities(card: Path) -> gpd.GeoDataFrame:
    """Read and check a file of localities with its card; see `load_public_localities`."""
    cells = read_checked(card, LOCALITIES, problems_of_localities)
    frame = cells.assign(
        locality=cells["id"],
        city_part=cells["city_parts"].map(split_codes),
        as_of_date=_dates(cells),
        historical=cells["historical"] == "true",
    ).drop(columns="city_parts")
    several = frame["city_part"].map(len) > 1
    frame = frame.assign(several=several).explode("city_part", ignore_index=True)
    frame["id"] = frame["id"].where(~frame["several"], frame["id"] + "-" + frame["city_part"])
    marks = area_marks(frame["city_part"].tolist(), start_deg=LOCALITY_MARKS_START_DEG)
    points = [shapely.Point(mark.lon, mark.lat) for mark in marks]
    return gpd.GeoDataFrame(frame.drop(columns="several"), geometry=points, crs=GEOGRAPHIC)


def read_metro_stations(card: Path) -> gpd.GeoDataFrame:
    """Read and check a file of stations with its card; see `load_metro_stations`."""
    cells = read_checked(card, STATIONS, problems_of_stations)
    points = gpd.points_from_xy(cells["lon"].astype(float), cells["lat"].astype(float), crs=GEOGRAPHIC)
    frame = cells.assign(lines=cells["lines"].map(split_codes)).drop(columns=["lon", "lat"])
    return gpd.GeoDataFrame(frame, geometry=points, crs=GEOGRAPHIC)


def read_cooperation(card: Path) -> pd.DataFrame:
    """Read and check a file of states of co-operation with its card; see `load_cooperation`."""
    cells = read_checked(card, COOPERATION, problems_of_cooperation).set_index("code")
    frame = cells[["status", "source"]].reindex(boundaries().city_parts.index)
    return frame.assign(status=frame["status"].fillna(NOT_STATED), source=frame["source"].fillna(""))


@cache
def _stations_metric() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return x, y of the stations in EPSG:5514, in the order of the frame."""
    return np.asarray(shapely.get_coordinates(to_metric(load_metro_stations()).geometry), dtype=np.float64)


def _dates(cells: pd.DataFrame) -> "pd.Series[Any]":
    # An object column: a datetime column would turn "undated" into NaT and days into instants.
    days = [date.fromisoformat(cell) if cell else None for cell in cells["as_of_date"]]
    return pd.Series(days, index=cells.index, dtype=object)
