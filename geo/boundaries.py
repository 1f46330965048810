"""The three divisions of Prague: city parts, administrative districts, cadastral areas.

Source: IPR Praha, open data, state of October 2026, generalised to about 10 m (`data/NOTICE.md`).
The files are checked completely when they are loaded; a broken file is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa
import pyogrio
import shapely

from domain.dataset import DatasetInfo
from domain.errors import DataFileError, NotFoundError, Problem, ProblemsError
from domain.geometry import BBox, LonLat
from geo.crs import GEOGRAPHIC, area_km2, metric_to_lonlat, to_metric
from geo.provenance import BUNDLED_DATA, read_dataset_info, verify_file

PRAGUE_BBOX = BBox(minx=14.224481, miny=49.9419, maxx=14.706788, maxy=50.17743)
"""Bounding box of the city parts, EPSG:4326."""

PRAGUE_AREA_KM2 = 496.18
AREA_TOLERANCE = 0.001
"""Largest relative difference of a division's area from that of Prague."""

CITY_PART_COUNT = 57
ADMIN_DISTRICT_COUNT = 22
CADASTRAL_AREA_COUNT = 112

_UNION_TOLERANCE_KM2 = 0.001
_POINT_DECIMALS = 6
_NAME = pa.Check.str_matches(r"^\S(.*\S)?$")
_CITY_PART_CODE = pa.Check.str_matches(r"^5\d{5}$")
_DISTRICT_NUMBER = pa.Check.in_range(1, ADMIN_DISTRICT_COUNT)

_SCHEMAS: Mapping[str, pa.DataFrameSchema] = {
    "city_parts": pa.DataFrameSchema(
        {
            "code": pa.Column(str, _CITY_PART_CODE, unique=True),
            "name": pa.Column(str, [_NAME, pa.Check.str_startswith("Praha")], unique=True),
            "admin_district": pa.Column(int, _DISTRICT_NUMBER, coerce=True),
        }
    ),
    "admin_districts": pa.DataFrameSchema(
        {
            "number": pa.Column(int, _DISTRICT_NUMBER, unique=True, coerce=True),
            "name": pa.Column(str, pa.Check.str_matches(r"^Praha \d{1,2}$"), unique=True),
            "seat": pa.Column(str, _CITY_PART_CODE, unique=True),
        }
    ),
    "cadastral_areas": pa.DataFrameSchema(
        {
            "code": pa.Column(str, pa.Check.str_matches(r"^[67]\d{5}$"), unique=True),
            "name": pa.Column(str, _NAME, unique=True),
            "city_part": pa.Column(str, _CITY_PART_CODE),
        }
    ),
}
_COUNTS: Mapping[str, int] = {
    "city_parts": CITY_PART_COUNT,
    "admin_districts": ADMIN_DISTRICT_COUNT,
    "cadastral_areas": CADASTRAL_AREA_COUNT,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Boundaries:
    """The divisions as frames in EPSG:4326, each indexed by `code` (str) and sorted by it.

    `city_parts`: name, admin_district (number). `admin_districts`: number, name, seat (code of a
    city part), sorted by number; its index is the number as a str. `cadastral_areas`: name,
    city_part (code of the one that holds its main part; ask `geo.locate` about a point).
    """

    city_parts: gpd.GeoDataFrame
    admin_districts: gpd.GeoDataFrame
    cadastral_areas: gpd.GeoDataFrame


@cache
def boundaries() -> Boundaries:
    """Return the bundled boundaries, loaded and checked once per process.

    Never change the frames: everybody shares them.

    Raises
    ------
    ProblemsError
        As `load_boundaries`.

    Examples
    --------
    >>> boundaries().city_parts.loc["547051", "name"]
    'Praha-Libuš'
    """
    return load_boundaries()


def load_boundaries(base: Path = BUNDLED_DATA / "boundaries") -> Boundaries:
    """Load and check the boundary files of a folder.

    Checked are the cards and checksums, the columns, the CRS, the counts (57, 22, 112), codes,
    names, valid geometries, a valid coverage in EPSG:5514, the area (496.18 km² within 0.1 %), and
    that districts and cadastral areas fit the city parts.

    Parameters
    ----------
    base
        Folder with the three files and their cards.

    Raises
    ------
    ProblemsError
        Code `invalid_boundaries`, with every problem of all files at once.

    Examples
    --------
    >>> divisions = load_boundaries()
    >>> len(divisions.city_parts), len(divisions.admin_districts), len(divisions.cadastral_areas)
    (57, 22, 112)
    """
    problems: list[Problem] = []
    frames = {stem: _load_frame(base / f"{stem}.toml", problems) for stem in _SCHEMAS}
    if not problems:
        problems += _problems_between(frames)
    if problems:
        raise ProblemsError("invalid_boundaries", problems)
    districts = frames["admin_districts"].sort_values("number")
    districts.index = pd.Index(districts["number"].astype(str), name="code")
    return Boundaries(
        city_parts=frames["city_parts"].set_index("code").sort_index(),
        admin_districts=districts,
        cadastral_areas=frames["cadastral_areas"].set_index("code").sort_index(),
    )


def city_part_name(code: str) -> str:
    """Return the full name of a city part.

    Raises
    ------
    NotFoundError
        Code `unknown_city_part`.

    Examples
    --------
    >>> city_part_name("547158")
    'Praha-Nebušice'
    """
    try:
        return _names("city_parts")[code]
    except KeyError:
        raise NotFoundError("unknown_city_part", value=code) from None


def cadastral_area_name(code: str) -> str:
    """Return the name of a cadastral area.

    Raises
    ------
    NotFoundError
        Code `unknown_cadastral_area`.

    Examples
    --------
    >>> cadastral_area_name("601527")
    'Běchovice'
    """
    try:
        return _names("cadastral_areas")[code]
    except KeyError:
        raise NotFoundError("unknown_cadastral_area", value=code) from None


def representative_point(code: str) -> LonLat:
    """Return a point well inside a unit: the centre of the largest circle that fits into it.

    Parameters
    ----------
    code
        Code of a city part or cadastral area, or the number of an administrative district as a
        str; the three never coincide.

    Returns
    -------
    LonLat
        EPSG:4326, six decimals. Computed in EPSG:5514. It stands for the unit as a whole (a
        label, a distance in kilometres); it is nobody's address.

    Raises
    ------
    NotFoundError
        Code `unknown_unit`.

    Examples
    --------
    >>> from geo.locate import locate
    >>> locate(representative_point("547158")).city_part
    '547158'
    """
    try:
        return _representative_points()[code]
    except KeyError:
        raise NotFoundError("unknown_unit", value=code) from None


@cache
def _names(division: str) -> Mapping[str, str]:
    """Return the names of a division's units by code: a dict answers far faster than a frame."""
    frame: gpd.GeoDataFrame = getattr(boundaries(), division)
    return MappingProxyType({str(code): str(name) for code, name in frame["name"].items()})


@cache
def _representative_points() -> Mapping[str, LonLat]:
    """Return the points of all units of the three divisions by code."""
    found: dict[str, LonLat] = {}
    divisions = boundaries()
    for frame in (divisions.city_parts, divisions.admin_districts, divisions.cadastral_areas):
        circles = shapely.maximum_inscribed_circle(to_metric(frame).geometry.to_numpy(), tolerance=1.0)
        # The circle comes as the line from its centre to the nearest border.
        centres = shapely.get_coordinates(shapely.get_point(circles, 0))
        lon, lat = metric_to_lonlat(centres[:, 0], centres[:, 1])
        found |= {
            str(code): LonLat(lon=round(float(x), _POINT_DECIMALS), lat=round(float(y), _POINT_DECIMALS))
            for code, x, y in zip(frame.index, lon, lat, strict=True)
        }
    return MappingProxyType(found)


def _load_frame(card: Path, problems: list[Problem]) -> gpd.GeoDataFrame:
    """Return the frame of one file; what is wrong with it is added to `problems`."""
    try:
        info = read_dataset_info(card)
    except ProblemsError as error:
        problems += error.problems
        return gpd.GeoDataFrame()
    try:
        verify_file(info, card.parent)
    except DataFileError as error:
        missing = error.code == "data_file_missing"
        problems.append(Problem(code="boundary_file_missing" if missing else "boundary_file_changed", field=info.path))
        if missing:
            return gpd.GeoDataFrame()
    try:
        frame: pd.DataFrame = gpd.read_file(card.parent / info.path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, shapely.errors.GEOSException) as error:
        problems.append(Problem(code="boundary_file_unreadable", field=info.path, value=str(error)))
        return gpd.GeoDataFrame()
    if not isinstance(frame, gpd.GeoDataFrame):
        problems.append(Problem(code="boundary_file_unreadable", field=info.path, value="geometry"))
        return gpd.GeoDataFrame()
    problems += _problems_of_frame(frame, info)
    return frame


def _problems_of_frame(frame: gpd.GeoDataFrame, info: DatasetInfo) -> list[Problem]:
    """Return everything that is wrong with one division taken by itself."""
    name = info.path
    expected = _COUNTS[info.path.removesuffix(".geojson")]
    problems = [
        Problem(code="boundary_count", field=name, value=str(count), limit=str(expected))
        for count in dict.fromkeys((len(frame), info.count))
        if count != expected
    ]
    columns = [column for column in frame.columns if column != frame.geometry.name]
    if sorted(columns) != sorted(info.columns):
        problems.append(
            Problem(code="boundary_columns", field=name, value=", ".join(columns), limit=", ".join(info.columns))
        )
    problems += _problems_of_columns(frame, name)
    crs = frame.crs.to_string() if frame.crs is not None else ""
    if info.crs != GEOGRAPHIC or crs != GEOGRAPHIC:
        problems.append(Problem(code="boundary_crs", field=name, value=f"{info.crs} / {crs}", limit=GEOGRAPHIC))
        return problems
    return problems + _problems_of_geometry(frame, name)


def _problems_of_columns(frame: gpd.GeoDataFrame, name: str) -> list[Problem]:
    """Return cells that break the schema of the file."""
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    try:
        _SCHEMAS[name.removesuffix(".geojson")].validate(plain, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases: list[dict[str, Any]] = error.failure_cases.to_dict(orient="records")
        return [
            Problem(
                code="boundary_value",
                field=f"{name}: {case['column'] or case['failure_case']}",
                row=int(case["index"]) + 1 if pd.notna(case["index"]) else None,
                value=str(case["failure_case"]),
                limit=str(case["check"]),
            )
            for case in cases
        ]
    return []


def _problems_of_geometry(frame: gpd.GeoDataFrame, name: str) -> list[Problem]:
    """Return what is wrong with the polygons: kind, validity, coverage, area."""
    kinds = frame.geom_type.isin(["Polygon", "MultiPolygon"]) & ~frame.geometry.is_empty
    problems = [
        Problem(code="boundary_geometry_kind", field=name, row=row + 1, value=str(frame.geom_type.iloc[row]))
        for row in range(len(frame))
        if not kinds.iloc[row]
    ]
    if problems or frame.empty:
        return problems
    metric = to_metric(frame).geometry.to_numpy()
    reasons = shapely.is_valid_reason(metric)
    problems = [
        Problem(code="boundary_geometry_invalid", field=name, row=row + 1, value=str(reason))
        for row, reason in enumerate(reasons)
        if reason != "Valid Geometry"
    ]
    if not problems and not shapely.coverage_is_valid(metric):
        faults = shapely.coverage_invalid_edges(metric)
        problems += [
            Problem(code="boundary_coverage", field=name, row=row + 1)
            for row, edges in enumerate(faults)
            if not shapely.is_empty(edges)
        ]
    area = float(area_km2(frame).sum())
    if abs(area - PRAGUE_AREA_KM2) > AREA_TOLERANCE * PRAGUE_AREA_KM2:
        problems.append(Problem(code="boundary_area", field=name, value=f"{area:.3f}", limit=f"{PRAGUE_AREA_KM2}"))
    return problems


def _problems_between(frames: Mapping[str, gpd.GeoDataFrame]) -> list[Problem]:
    """Return where districts or cadastral areas do not fit the city parts."""
    parts, districts, areas = (frames[stem] for stem in ("city_parts", "admin_districts", "cadastral_areas"))
    problems = [
        Problem(code="boundary_unknown_city_part", field="cadastral_areas.geojson", value=f"{code}: {part}")
        for code, part in zip(areas["code"], areas["city_part"], strict=True)
        if part not in set(parts["code"])
    ]
    district_of = dict(zip(parts["code"], parts["admin_district"], strict=True))
    problems += [
        Problem(code="boundary_unknown_city_part", field="admin_districts.geojson", value=f"{number}: {seat}")
        for number, seat in zip(districts["number"], districts["seat"], strict=True)
        if district_of.get(seat) != number
    ]
    unions = to_metric(parts).dissolve(by="admin_district", method="coverage")
    shapes = to_metric(districts).set_index("number").geometry
    apart = shapes.symmetric_difference(unions.reindex(shapes.index).geometry)
    problems += [
        Problem(code="boundary_district_not_union", field="admin_districts.geojson", value=str(number))
        for number, difference_km2 in area_km2(apart).items()
        if not difference_km2 <= _UNION_TOLERANCE_KM2
    ]
    return problems
