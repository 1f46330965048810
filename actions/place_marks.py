"""From disclosed places to the rows of a map: marks, clusters, freshness."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from domain.errors import NotFoundError
from domain.geometry import BBox
from domain.place import CellCount, PlaceState
from domain.verification import revisit_by
from geo.boundaries import representative_point
from geo.cells import masked_position
from geo.crs import GEOGRAPHIC
from geo.disclosure import DisclosedPlace, Precision, months_before, shown_position

MAX_POINTS = 2_000
"""With more points in view the server sends clusters, one per cell: 5,000 places weigh more than 150 KB packed."""

FRESH_MONTHS, AGEING_MONTHS = 6, 12
FEWER = "fewer"
"""Value of the column `places` where 1 to 4 places stand behind a mark; "≥ n" says n or more, else it is a number."""

COLUMNS = (
    "id", "kind", "class", "name", "freshness", "last_visit", "last_visit_month", "visit_count", "places",
    "headcount", "access", "state", "last_change", "revisit_by", "revisit", "precision", "own", "city_part",
    "stands_for", "is_least", "cluster", "geometry",
)  # fmt: skip

_MEAN_FROM = 3
_ACTIVE = frozenset({PlaceState.SUGGESTED, PlaceState.VERIFIED})
_DEGREE_DIGITS = 6
_OBJECT_COLUMNS = COLUMNS[: COLUMNS.index("cluster")]
# Those that `Mark.cells` holds; a cluster has none of them.
_CELL_COLUMNS = COLUMNS[: COLUMNS.index("city_part")]
_NOTHING: Mapping[str, Any] = dict.fromkeys(_CELL_COLUMNS)
_cells_of_mark = itemgetter(*_CELL_COLUMNS)
_CRS = pyproj.CRS(GEOGRAPHIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One row of the frame before it becomes one; `cells` names every other one of `COLUMNS`.

    An area `stands_for` so many places, or for more where `is_least`; both are None for anything else.
    """

    lon: float | None
    lat: float | None
    city_part: str | None
    cells: Mapping[str, Any]
    stands_for: int | None = None
    is_least: bool | None = None
    cluster: int = 0


def resolution_of(zoom: int | None) -> int | None:
    """Return the resolution of clusters at a zoom, None where nothing is clustered."""
    if zoom is None:
        return None
    return next((resolution for limit, resolution in ((10, 7), (12, 8), (14, 9)) if zoom <= limit), 10)


@lru_cache(maxsize=8192)
def freshness_of(last_visit: str | None, today: date) -> str:
    """Return how long ago somebody was there: fresh, ageing, stale or never.

    Parameters
    ----------
    last_visit
        Day (YYYY-MM-DD), or month (YYYY-MM), which counts as its first day.
    today
        Day of the question.

    Examples
    --------
    >>> freshness_of("2026-03", date(2026, 11, 1)), freshness_of(None, date(2026, 11, 1))
    ('ageing', 'never')
    """
    if last_visit is None:
        return "never"
    day = date.fromisoformat(f"{last_visit}-01"[:10])
    if day > months_before(today, FRESH_MONTHS):
        return "fresh"
    return "ageing" if day > months_before(today, AGEING_MONTHS) else "stale"


def marks_of(
    rows: Iterable[DisclosedPlace], now: datetime, *, follow_ups: Mapping[str, date] = MappingProxyType({})
) -> list[Mark]:
    """Return the marks of disclosed rows.

    `follow_ups` are the agreed days of own places by id, which no visit has met yet.
    """
    today = now.astimezone(UTC).date()
    return [_mark(row, today, follow_ups) for row in rows]


def _mark(row: DisclosedPlace, today: date, follow_ups: Mapping[str, date]) -> Mark:
    point = row.position or shown_position(row)
    whole = row.id is not None
    last_visit = row.last_visit_on.isoformat() if row.last_visit_on else None
    by, due = _revisit(row, today, follow_ups) if row.own and whole else (None, None)
    values = {
        "id": row.id,
        "kind": row.kind,
        "class": row.kind,
        "name": row.name or None,
        "freshness": freshness_of(last_visit or row.last_visit_month, today),
        "last_visit": last_visit,
        "last_visit_month": None if whole else row.last_visit_month,
        "visit_count": row.visit_count,
        "places": None if whole else _number_of(row),
        "headcount": row.headcount,
        "access": row.access,
        "state": row.state.value if row.state else None,
        "last_change": row.last_change,
        "revisit_by": by,
        # Why somebody should be there now; the day alone tells what is to come.
        "revisit": due,
        "precision": row.precision.value,
        "own": row.own,
    }
    # Of 1 to 4 places no more is said than that there is one.
    number = (None, None) if whole else (row.count or 1, row.is_least or row.count is None)
    return Mark(
        lon=point.lon if point else None, lat=point.lat if point else None, city_part=row.city_part, cells=values,
        stands_for=number[0], is_least=number[1] or None,
    )  # fmt: skip


def _number_of(row: DisclosedPlace) -> str:
    if row.count is None:
        return FEWER
    return f"≥\u00a0{row.count}" if row.is_least else str(row.count)


def _revisit(row: DisclosedPlace, today: date, follow_ups: Mapping[str, date]) -> tuple[str | None, str | None]:
    """Return by when somebody should be there again, and why where that day has come.

    Nobody asks for a place that was rejected or closed.
    """
    if row.state not in _ACTIVE:
        return None, None
    # The day of recording matters only where nobody was there since.
    recorded_on = row.last_visit_on or (row.created_at.date() if row.created_at else today)
    return _due(recorded_on, row.last_visit_on, row.last_change_on, follow_ups.get(row.id or ""), today)


@lru_cache(maxsize=8192)
def _due(
    recorded_on: date, last_visit_on: date | None, last_change_on: date | None, follow_up_on: date | None, today: date
) -> tuple[str, str | None]:
    revisit = revisit_by(
        recorded_on=recorded_on, last_visit_on=last_visit_on, last_change_on=last_change_on, follow_up_on=follow_up_on
    )
    return revisit.by.isoformat(), revisit.reason.value if revisit.is_due(today) else None


def clusters_of(counts: Iterable[CellCount], bbox: BBox | None) -> list[Mark]:
    """Return one mark per cell at the mean position of its places, of those that lie in the bbox.

    One or two places stand at the point of their cell: a mean of one would be a position that
    nobody may have confirmed for years.
    """
    cells: dict[str, tuple[int, float, float, str]] = {}
    for row in counts:
        if row.cell:
            count, lon_sum, lat_sum, city_part = cells.get(row.cell, (0, 0.0, 0.0, row.city_part))
            city_part = min(city_part, row.city_part)
            cells[row.cell] = (count + row.count, lon_sum + row.lon_sum, lat_sum + row.lat_sum, city_part)
    marks = []
    for cell, (count, lon_sum, lat_sum, city_part) in sorted(cells.items()):
        if count >= _MEAN_FROM:
            lon, lat = lon_sum / count, lat_sum / count
        else:
            point = masked_position(cell, city_part)
            lon, lat = point.lon, point.lat
        if bbox is None or (bbox.minx <= lon <= bbox.maxx and bbox.miny <= lat <= bbox.maxy):
            lon, lat = round(lon, _DEGREE_DIGITS), round(lat, _DEGREE_DIGITS)
            marks.append(Mark(lon=lon, lat=lat, city_part=None, cells=_NOTHING, cluster=count))
    return marks


def unplaced_cluster(code: str, count: int) -> Mark:
    """Return one mark for the places of a city part that are known no more exactly."""
    point = representative_point(code)
    values = {**_NOTHING, "precision": Precision.CITY_PART.value}
    return Mark(lon=point.lon, lat=point.lat, city_part=code, cluster=count, cells=values)


def is_represented_in(code: str, bbox: BBox | None) -> bool:
    """Return whether the point that stands for a city part lies in the bbox."""
    if bbox is None:
        return True
    try:
        point = representative_point(code)
    except NotFoundError:
        return False
    return bbox.minx <= point.lon <= bbox.maxx and bbox.miny <= point.lat <= bbox.maxy


def marks_frame(marks: list[Mark]) -> gpd.GeoDataFrame:
    """Return the marks as a frame with all columns, objects where None must stay None."""
    # One block of objects: a series for each column takes longer than all the rest of a small frame.
    cells = np.empty((len(marks), len(_OBJECT_COLUMNS)), dtype=object)
    if marks:
        cells[:] = [(*_cells_of_mark(mark.cells), mark.city_part, mark.stands_for, mark.is_least) for mark in marks]
    frame = pd.DataFrame(cells, columns=list(_OBJECT_COLUMNS), dtype=object, copy=False)
    frame["cluster"] = np.array([mark.cluster for mark in marks], dtype=np.int64)
    lon = np.array([np.nan if mark.lon is None else mark.lon for mark in marks], dtype=np.float64)
    lat = np.array([np.nan if mark.lat is None else mark.lat for mark in marks], dtype=np.float64)
    points = np.array(shapely.points(lon, lat), dtype=object)
    points[np.isnan(lon)] = None
    frame["geometry"] = gpd.array.from_shapely(points, crs=_CRS)
    return gpd.GeoDataFrame(frame, geometry="geometry")
