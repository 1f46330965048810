"""A grid that says for most points of Prague at once which city part and cadastral area hold them.

A cell that no border touches lies in one city part and one cadastral area as a whole: its points
are answered by one look into a table. Points in the other cells (a few in a hundred) are tested
against the polygons themselves. So the answer is always that of the polygons, only sooner.

Coordinates are degrees (EPSG:4326) throughout, because there the borders are straight lines.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.boundaries import Boundaries
from geo.crs import FloatArray, lonlat_to_metric, to_metric

IndexArray: TypeAlias = npt.NDArray[np.int16]
CellArray: TypeAlias = npt.NDArray[np.int32]
PolygonArray: TypeAlias = npt.NDArray[Any]

OUTSIDE = -1
"""Position of the unit of a point that no unit covers."""

SLIVER_TOLERANCE_M = 25.0
"""How far a point of a city part may lie from the nearest cadastral area and still belong to it.

The two divisions were generalised separately; at the border of the city they differ by up to 15 m.
"""

_COLUMNS, _ROWS = 2048, 1536  # cells of about 17 m by 17 m: larger ones mean more tests, smaller ones a larger table
_RING = 2  # cells outside the bounding box on each side: far points are clipped into them
_SAMPLES_PER_CELL = 4
_CHUNK = 1 << 17  # points at a time: temporary arrays stay in the processor's cache
_BORDER = np.uint16(0xFFFF)
_NOWHERE = np.uint16(0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """Polygons of the city parts and the cadastral areas, each in the order of the codes."""

    parts: PolygonArray
    areas: PolygonArray
    areas_metric: shapely.STRtree

    def test(self, lon: FloatArray, lat: FloatArray) -> tuple[IndexArray, IndexArray]:
        """Answer as `PointIndex.locate` does, from the polygons alone."""
        part = first_cover(self.parts, lon, lat)
        area = np.full(lon.size, OUTSIDE, dtype=np.int16)
        inside = np.flatnonzero(part != OUTSIDE)
        area[inside] = first_cover(self.areas, lon[inside], lat[inside])
        sliver = inside[area[inside] == OUTSIDE]
        if sliver.size:
            area[sliver] = self._nearest_area(lon[sliver], lat[sliver])
        return part, area

    def _nearest_area(self, lon: FloatArray, lat: FloatArray) -> IndexArray:
        """Return the nearest cadastral area within the tolerance; of equally near ones the first."""
        points = shapely.points(*lonlat_to_metric(lon, lat))
        asked, found = self.areas_metric.query_nearest(points, max_distance=SLIVER_TOLERANCE_M)
        nearest = np.full(lon.size, len(self.areas), dtype=np.int16)
        np.minimum.at(nearest, asked, found.astype(np.int16))
        nearest[nearest == len(self.areas)] = OUTSIDE
        return nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows and columns of equal cells, in degrees, counted from the south-west."""

    minx: float
    miny: float
    columns_per_degree: float
    rows_per_degree: float

    def cells(self, lon: FloatArray, lat: FloatArray) -> CellArray:
        """Return the cell of each point; points off the grid fall into its outer ring."""
        column = (lon - self.minx) * self.columns_per_degree
        row = (lat - self.miny) * self.rows_per_degree
        np.clip(column, 0, _COLUMNS - 1, out=column)
        np.clip(row, 0, _ROWS - 1, out=row)
        cells = row.astype(np.int32)
        cells *= _COLUMNS
        cells += column.astype(np.int32)
        return cells

    def centres(self, cells: npt.NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
        """Return longitudes and latitudes of the middles of cells."""
        row, column = np.divmod(cells, _COLUMNS)
        return (column + 0.5) / self.columns_per_degree + self.minx, (row + 0.5) / self.rows_per_degree + self.miny


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointIndex:
    """The grid with the polygons behind it; made by `build_point_index`, never changed.

    `table` holds for each cell, row by row, a position in `pair_part` and `pair_area` (the units
    that hold the whole cell), or `_BORDER`. Several threads may read it at once.
    """

    units: Units
    grid: Grid
    table: npt.NDArray[np.uint16]
    pair_part: IndexArray
    pair_area: IndexArray

    def locate(self, lon: FloatArray, lat: FloatArray) -> tuple[IndexArray, IndexArray]:
        """Return the positions of the city part and the cadastral area of each point.

        Parameters
        ----------
        lon, lat
            One-dimensional arrays of finite degrees, EPSG:4326.

        Returns
        -------
        tuple
            Positions in the order of the codes, `OUTSIDE` where there is none. What no city part
            covers is outside Prague; there the second position is `OUTSIDE` as well.
        """
        part = np.empty(lon.size, dtype=np.int16)
        area = np.empty(lon.size, dtype=np.int16)
        for start in range(0, lon.size, _CHUNK):
            piece = slice(start, start + _CHUNK)
            some_lon, some_lat = lon[piece], lat[piece]
            pair = self.table.take(self.grid.cells(some_lon, some_lat))
            on_border = np.flatnonzero(pair == _BORDER)
            pair[on_border] = _NOWHERE
            part[piece] = self.pair_part.take(pair)
            area[piece] = self.pair_area.take(pair)
            if on_border.size:
                where = on_border + start
                part[where], area[where] = self.units.test(some_lon[on_border], some_lat[on_border])
        return part, area


def build_point_index(divisions: Boundaries) -> PointIndex:
    """Build the grid over city parts and cadastral areas.

    Examples
    --------
    >>> from geo.boundaries import boundaries
    >>> index = build_point_index(boundaries())
    >>> part, area = index.locate(np.array([14.4378, 0.0]), np.array([50.0755, 0.0]))
    >>> boundaries().city_parts.index[part[0]], int(part[1])
    ('500089', -1)
    """
    units = Units(
        parts=_prepared(divisions.city_parts),
        areas=_prepared(divisions.cadastral_areas),
        areas_metric=shapely.STRtree(to_metric(divisions.cadastral_areas).geometry.to_numpy()),
    )
    minx, miny, maxx, maxy = (float(value) for value in shapely.total_bounds(units.parts))
    columns_per_degree = (_COLUMNS - 2 * _RING) / (maxx - minx)
    rows_per_degree = (_ROWS - 2 * _RING) / (maxy - miny)
    grid = Grid(
        minx=minx - _RING / columns_per_degree,
        miny=miny - _RING / rows_per_degree,
        columns_per_degree=columns_per_degree,
        rows_per_degree=rows_per_degree,
    )
    table, pairs = _classify_cells(grid, units)
    return PointIndex(units=units, grid=grid, table=table, pair_part=pairs[:, 0].copy(), pair_area=pairs[:, 1].copy())


def first_cover(polygons: PolygonArray, lon: FloatArray, lat: FloatArray) -> IndexArray:
    """Return the position of the first polygon that covers each point, `OUTSIDE` where none does.

    A polygon covers its border too, so a point on a shared border belongs to the lowest code.

    Examples
    --------
    >>> halves = shapely.box([0, 1], 0, [1, 2], 1)
    >>> first_cover(halves, np.array([0.5, 1.0, 1.5, 3.0]), np.full(4, 0.5)).tolist()
    [0, 0, 1, -1]
    """
    found = np.full(lon.size, OUTSIDE, dtype=np.int16)
    open_points = np.arange(lon.size)
    for position, (minx, miny, maxx, maxy) in enumerate(shapely.bounds(polygons)):
        near = np.flatnonzero((lon >= minx) & (lon <= maxx) & (lat >= miny) & (lat <= maxy))
        if not near.size:
            continue
        covered = shapely.intersects_xy(polygons[position], lon[near], lat[near])
        if not covered.any():
            continue
        found[open_points[near[covered]]] = position
        # What has its answer is asked no more: of two units that cover a point the first wins.
        left = np.ones(lon.size, dtype=bool)
        left[near[covered]] = False
        lon, lat, open_points = lon[left], lat[left], open_points[left]
    return found


def _prepared(frame: gpd.GeoDataFrame) -> PolygonArray:
    """Return own, prepared copies of the polygons, with their search structures already built.

    GEOS builds them at the first question without a lock, so that two threads that both came first
    would race; and a frame's polygons may be in use elsewhere.
    """
    polygons = np.asarray(shapely.from_wkb(shapely.to_wkb(frame.geometry.to_numpy())))
    shapely.prepare(polygons)
    for polygon in polygons:
        inside = polygon.representative_point()
        shapely.intersects_xy(polygon, inside.x, inside.y)
    return polygons


def _classify_cells(grid: Grid, units: Units) -> tuple[npt.NDArray[np.uint16], IndexArray]:
    """Return the table and the pairs (city part, cadastral area) that it points to.

    Along a row, free cells that follow each other without a border cell between them lie in the
    same units: only the first of each run is tested.
    """
    border = _touched_cells(grid, np.concatenate([units.parts, units.areas]))
    free = ~border.reshape(_ROWS, _COLUMNS)
    starts = free.copy()
    starts[:, 1:] &= ~free[:, :-1]
    lon, lat = grid.centres(np.flatnonzero(starts))
    part, area = first_cover(units.parts, lon, lat), first_cover(units.areas, lon, lat)
    pairs = np.column_stack([part, area])
    pairs[part == OUTSIDE] = OUTSIDE
    kinds, kind_of_run = np.unique(
        np.vstack([np.full((1, 2), OUTSIDE, dtype=np.int16), pairs]), axis=0, return_inverse=True
    )
    runs = kind_of_run.reshape(-1)[1:].astype(np.uint16)
    # Inside a city part but in no cadastral area: the nearest one may change within the cell.
    runs[(part != OUTSIDE) & (area == OUTSIDE)] = _BORDER
    table = np.full(_ROWS * _COLUMNS, _BORDER, dtype=np.uint16)
    flat_free = free.reshape(-1)
    table[flat_free] = runs[np.cumsum(starts.reshape(-1))[flat_free] - 1]
    return table, kinds.astype(np.int16)


def _touched_cells(grid: Grid, polygons: PolygonArray) -> npt.NDArray[np.bool_]:
    """Return for each cell whether a ring may touch it; never too few, here and there one too many.

    Each edge is sampled so densely that none of its points is farther than half a step from a
    sample; then all cells within a whole step of a sample are marked. The other half of the step
    is far more than rounding can move anything.
    """
    step = 1 / _SAMPLES_PER_CELL
    xy, ring = shapely.get_coordinates(shapely.get_rings(polygons)), _ring_numbers(polygons)
    x = (xy[:, 0] - grid.minx) * grid.columns_per_degree
    y = (xy[:, 1] - grid.miny) * grid.rows_per_degree
    first = np.flatnonzero(ring[1:] == ring[:-1])
    dx, dy = x[first + 1] - x[first], y[first + 1] - y[first]
    pieces = np.ceil(np.maximum(np.abs(dx), np.abs(dy)) / step).astype(np.int64) + 1
    edge = np.repeat(np.arange(first.size), pieces + 1)
    number = np.arange(edge.size) - np.repeat(np.cumsum(pieces + 1) - (pieces + 1), pieces + 1)
    share = number / pieces[edge]
    sample_x, sample_y = x[first][edge] + dx[edge] * share, y[first][edge] + dy[edge] * share
    touched = np.zeros(_ROWS * _COLUMNS, dtype=bool)
    for shift_x in (-step, step):
        for shift_y in (-step, step):
            column = np.clip(np.floor(sample_x + shift_x), 0, _COLUMNS - 1).astype(np.int64)
            row = np.clip(np.floor(sample_y + shift_y), 0, _ROWS - 1).astype(np.int64)
            touched[row * _COLUMNS + column] = True
    return touched


def _ring_numbers(polygons: PolygonArray) -> npt.NDArray[np.int64]:
    """Return for each vertex the number of its ring, so that edges never join two rings."""
    return np.asarray(shapely.get_coordinates(shapely.get_rings(polygons), return_index=True)[1])
