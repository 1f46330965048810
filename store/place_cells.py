"""How many places stand in each H3 cell, kept beside the places in the same transaction.

A view of a million places reads some thousand rows here. Places without a position have one row
each per city part, organisation, kind and state, of resolution 0 with the cell ''.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import h3
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.errors import InvalidValueError, Problem
from domain.geometry import BBox
from domain.place import CellCount, PlaceFilter
from store.engine import for_in, insert
from store.place_rows import RESOLUTIONS
from store.tables import place_cells, places
from store.writer import Transaction

WITHOUT_POSITION = ""
RESOLUTION_WITHOUT_POSITION = 0
KEY = ("resolution", "cell", "city_part", "organisation_id", "kind", "state")
# A view reaches into cells whose centre is outside it. The circumradius of the largest cell of a
# resolution near Prague in degrees of latitude, rounded up; in longitude 1 / cos(latitude).
REACH_DEG = {7: 0.0160, 8: 0.0062, 9: 0.0024, 10: 0.0009}
SUM_TOLERANCE = 1e-6
_COLUMNS = {resolution: f"h3_{resolution}" for resolution in RESOLUTIONS}


class CellKey(NamedTuple):
    """Key of a row of `place_cells`."""

    resolution: int
    cell: str
    city_part: str
    organisation_id: str
    kind: str
    state: str


class Tally:
    """Changes to the counts, gathered before they are written."""

    def __init__(self) -> None:
        # Plain tuples in the order of `CellKey`: a mass write makes four a place.
        self._deltas: defaultdict[tuple[Any, ...], list[float]] = defaultdict(lambda: [0, 0.0, 0.0])

    def add(self, row: Mapping[str, Any], sign: int = 1) -> None:
        """Count the place of a row of `places` in (`sign` 1) or out (-1)."""
        rest = (row["city_part"], row["organisation_id"], row["kind"], row["state"])
        lon, lat = row["lon"], row["lat"]
        if lon is None:
            self._deltas[RESOLUTION_WITHOUT_POSITION, WITHOUT_POSITION, *rest][0] += sign
            return
        for resolution in RESOLUTIONS:
            delta = self._deltas[resolution, row[_COLUMNS[resolution]], *rest]
            delta[0] += sign
            delta[1] += sign * lon
            delta[2] += sign * lat

    def write(self, tx: Transaction) -> None:
        """Add the changes to the table; rows that reach zero go."""
        rows = [_delta_row(CellKey(*key), delta) for key, delta in self._deltas.items() if any(delta)]
        if not rows:
            return
        statement = insert(tx.connection, place_cells)
        new = statement.excluded
        summed = {name: place_cells.c[name] + new[name] for name in ("count", "lon_sum", "lat_sum")}
        tx.upsert(statement.on_conflict_do_update(index_elements=list(KEY), set_=summed), place_cells, rows)
        if any(row["count"] <= 0 for row in rows):
            empty = [{f"_{name}": row[name] for name in KEY} for row in rows if row["count"] <= 0]
            conditions = [place_cells.c[name] == sa.bindparam(f"_{name}") for name in KEY]
            tx.execute(sa.delete(place_cells).where(place_cells.c["count"] == 0, *conditions), empty)


def _delta_row(key: CellKey, delta: list[float]) -> dict[str, Any]:
    lon, lat = _centre(key.cell) if key.cell else (None, None)
    return {
        **key._asdict(),
        "count": int(delta[0]),
        "lon_sum": delta[1],
        "lat_sum": delta[2],
        "cell_lon": lon,
        "cell_lat": lat,
    }


@lru_cache(maxsize=100_000)
def _centre(cell: str) -> tuple[float, float]:
    lat, lon = h3.cell_to_latlng(cell)
    return lon, lat


def conditions_of(only: PlaceFilter, table: sa.Table) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of a filter for `places` or `place_cells`; an empty tuple asks for all."""
    asked = {
        "kind": only.kinds,
        "city_part": only.city_parts,
        "organisation_id": only.organisation_ids,
        "state": tuple(state.value for state in only.states),
    }
    return [table.c[name].in_(values) for name, values in asked.items() if values]


def read_cells(connection: Connection, *, resolution: int, bbox: BBox | None, only: PlaceFilter) -> list[CellCount]:
    """Return the counts of one resolution; see `Places.cells`."""
    if resolution not in RESOLUTIONS:
        raise InvalidValueError("unknown_cell_resolution", value=str(resolution))
    table = place_cells
    total = [sa.func.sum(table.c[name]).label(name) for name in ("count", "lon_sum", "lat_sum")]
    group = [table.c[name] for name in ("cell", "resolution", "city_part", "organisation_id", "kind")]
    wanted = [resolution] if bbox else [resolution, RESOLUTION_WITHOUT_POSITION]
    query = sa.select(*group, *total).where(table.c.resolution.in_(wanted), *conditions_of(only, table))
    if bbox:
        query = query.where(*_centre_within(bbox, resolution))
    rows = connection.execute(query.group_by(*group)).all()
    return [
        CellCount(
            cell=cell, resolution=resolution, city_part=city_part, organisation_id=organisation_id, kind=kind,
            count=int(count), lon_sum=lon_sum, lat_sum=lat_sum,
        )
        for cell, _resolution, city_part, organisation_id, kind, count, lon_sum, lat_sum in rows
    ]  # fmt: skip


def read_clusters(connection: Connection, *, resolution: int, bbox: BBox | None, only: PlaceFilter) -> list[CellCount]:
    """Return the counts of one resolution as one row a cell; see `Places.clusters`."""
    table = place_cells
    total = [sa.func.sum(table.c[name]) for name in ("count", "lon_sum", "lat_sum")]
    query = (
        sa.select(table.c.cell, sa.func.min(table.c.city_part), *total)
        .where(table.c.resolution == resolution, *conditions_of(only, table))
        .group_by(table.c.cell)
    )
    if bbox:
        query = query.where(*_centre_within(bbox, resolution))
    return [
        CellCount(
            cell=cell, resolution=resolution, city_part=city_part, organisation_id="", kind="", count=int(count),
            lon_sum=lon_sum, lat_sum=lat_sum,
        )
        for cell, city_part, count, lon_sum, lat_sum in connection.execute(query).all()
    ]  # fmt: skip


def read_unplaced(connection: Connection, *, only: PlaceFilter) -> dict[str, int]:
    """Return how many places without a position there are by city part; see `Places.unplaced`."""
    table = place_cells
    query = (
        sa.select(table.c.city_part, sa.func.sum(table.c["count"]))
        .where(table.c.resolution == RESOLUTION_WITHOUT_POSITION, *conditions_of(only, table))
        .group_by(table.c.city_part)
        .order_by(table.c.city_part)
    )
    return {code: int(count) for code, count in connection.execute(query)}


def within(connection: Connection, bbox: BBox, only: PlaceFilter) -> list[sa.ColumnElement[bool]]:
    """Return the conditions for places in a bounding box.

    Where organisations are asked for they name the coarsest cells that hold such places, so that those of
    others are not read.
    """
    inside: list[sa.ColumnElement[bool]] = [
        places.c.lon.between(bbox.minx, bbox.maxx),
        places.c.lat.between(bbox.miny, bbox.maxy),
    ]
    if not only.organisation_ids:
        return inside
    table, coarsest = place_cells, RESOLUTIONS[0]
    there = (table.c.resolution == coarsest, *_centre_within(bbox, coarsest), *conditions_of(only, table))
    cells = connection.execute(sa.select(table.c.cell).where(*there).distinct()).scalars().all()
    return [places.c[_COLUMNS[coarsest]].in_(for_in(sorted(cells))), *inside]


def read_owners(connection: Connection) -> frozenset[str]:
    """Return the organisations that have places."""
    table = place_cells
    with_all = table.c.resolution.in_((RESOLUTIONS[0], RESOLUTION_WITHOUT_POSITION))
    return frozenset(connection.execute(sa.select(table.c.organisation_id).where(with_all).distinct()).scalars())


def _centre_within(bbox: BBox, resolution: int) -> list[sa.ColumnElement[bool]]:
    reach_lat = REACH_DEG[resolution]
    steepest = min(89.0, max(abs(bbox.miny), abs(bbox.maxy)))
    reach_lon = reach_lat / math.cos(math.radians(steepest))
    return [
        place_cells.c.cell_lon.between(bbox.minx - reach_lon, bbox.maxx + reach_lon),
        place_cells.c.cell_lat.between(bbox.miny - reach_lat, bbox.maxy + reach_lat),
    ]


def count_places(connection: Connection, *, bbox: BBox | None, only: PlaceFilter, at_most: int | None = None) -> int:
    """Return the number of places; see `Places.count`."""
    table = place_cells
    coarsest = RESOLUTIONS[0]
    total = sa.func.coalesce(sa.func.sum(table.c["count"]), 0)
    asked: sa.ColumnElement[bool]
    if bbox is None:
        asked = table.c.resolution.in_((coarsest, RESOLUTION_WITHOUT_POSITION))
    elif _covers_all(connection, bbox):
        asked = table.c.resolution == coarsest
    else:
        there = (*within(connection, bbox, only), *conditions_of(only, places))
        found = sa.select(sa.literal(1)).select_from(places).where(*there)
        query = sa.select(sa.func.count()).select_from(found.limit(at_most).subquery())
        return int(connection.execute(query).scalar_one())
    counted = int(connection.execute(sa.select(total).where(asked, *conditions_of(only, table))).scalar_one())
    return counted if at_most is None else min(counted, at_most)


def _covers_all(connection: Connection, bbox: BBox) -> bool:
    """Return whether the bbox holds every cell of the coarsest resolution that holds a place."""
    reach = REACH_DEG[RESOLUTIONS[0]]
    steepest = min(89.0, max(abs(bbox.miny), abs(bbox.maxy)))
    # An index knows the least and the greatest longitude; the latitudes of all cells are read for few views only.
    return _covers(connection, "cell_lon", bbox.minx, bbox.maxx, reach / math.cos(math.radians(steepest))) and _covers(
        connection, "cell_lat", bbox.miny, bbox.maxy, reach
    )


def _covers(connection: Connection, name: str, least: float, most: float, reach: float) -> bool:
    coarsest = place_cells.c.resolution == RESOLUTIONS[0]
    extremes = [sa.select(f(place_cells.c[name])).where(coarsest).scalar_subquery() for f in (sa.func.min, sa.func.max)]
    lowest, highest = connection.execute(sa.select(*extremes)).one()
    return lowest is None or (least <= lowest - reach and most >= highest + reach)


def verify(connection: Connection) -> list[Problem]:
    """Compare the counts with the places; empty where they agree."""
    problems: list[Problem] = []
    for resolution in (*RESOLUTIONS, RESOLUTION_WITHOUT_POSITION):
        wanted = dict(_counted(connection, resolution))
        table = place_cells
        names = (*KEY, "count", "lon_sum", "lat_sum")
        query = sa.select(*[table.c[name] for name in names]).where(table.c.resolution == resolution)
        for row in connection.execute(query):
            *key_columns, count, lon_sum, lat_sum = row
            key, found = CellKey(*key_columns), (count, lon_sum, lat_sum)
            expected = wanted.pop(key, (0, 0.0, 0.0))
            if count != expected[0] or not _close(found, expected):
                problems.append(_cell_problem(key, found=count, expected=expected[0]))
        problems.extend(_cell_problem(key, found=0, expected=sums[0]) for key, sums in wanted.items())
    return problems


def _close(found: tuple[float, ...], expected: tuple[float, ...]) -> bool:
    return all(abs(a - b) <= SUM_TOLERANCE * max(1, expected[0]) for a, b in zip(found, expected, strict=True))


def _cell_problem(key: CellKey, *, found: float, expected: float) -> Problem:
    return Problem(code="place_cells_differ", field="/".join(map(str, key)), value=str(found), limit=str(expected))


def _counted(connection: Connection, resolution: int) -> Iterable[tuple[CellKey, tuple[int, float, float]]]:
    without = resolution == RESOLUTION_WITHOUT_POSITION
    cell = sa.literal(WITHOUT_POSITION) if without else places.c[f"h3_{resolution}"]
    group = [places.c[name] for name in ("city_part", "organisation_id", "kind", "state")]
    sums = [sa.func.coalesce(sa.func.sum(places.c[name]), 0.0) for name in ("lon", "lat")]
    query = sa.select(cell, *group, sa.func.count(), *sums)
    query = query.where(places.c.lon.is_(None) if without else places.c.lon.is_not(None))
    query = query.group_by(*group) if without else query.group_by(cell, *group)
    for row in connection.execute(query):
        *columns, count, lon_sum, lat_sum = row
        yield CellKey(resolution, *columns), (count, lon_sum, lat_sum)
