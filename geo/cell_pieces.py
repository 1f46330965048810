"""Pieces: what the borders of city parts make of H3 cells, and how small ones join.

Behind `geo.cells`. A piece is the part of a cell inside one city part; one under half a cell joins
its neighbour in the same city part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from domain.errors import InvalidValueError
from geo.boundaries import boundaries
from geo.crs import lonlat_to_metric, metric_to_lonlat, to_metric

RESOLUTIONS = (7, 8, 9, 10)
"""Resolutions in use: about 4.9, 0.70, 0.099 and 0.014 km² at Prague."""

LEAST_SHARE_OF_CELL = 0.5
"""A smaller piece joins its neighbour in the same city part."""

CellArray: TypeAlias = npt.NDArray[np.uint64]
FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]

_POSITION_DIGITS = 6  # 0.1 m
# Layout of an H3 index: resolution in bits 52-55, one octal digit per resolution below, 7 = unused.
_RESOLUTION_SHIFT = 52
_DIGIT_BITS = 3
_LAST_RESOLUTION = 15


@dataclass(frozen=True, slots=True)
class PieceTable:
    """Pieces of one resolution over all city parts, and which piece a (cell, city part) is in.

    `keys` is sorted and holds every (cell, city part) that touch, `members` the piece of each.
    The other arrays have one value per piece: `cells` the cell that lends it its name (the one
    with the largest part of it), `city_parts` the index into `codes`, `lon` and `lat` the point
    shown for it, in degrees, inside the city part.
    """

    resolution: int
    codes: tuple[str, ...]
    keys: CellArray
    members: IntArray
    cells: CellArray
    city_parts: IntArray
    lon: FloatArray
    lat: FloatArray

    def find(self, cells: CellArray, city_parts: IntArray) -> IntArray:
        """Return the piece of each (cell, index of city part).

        A cell that does not touch its city part (a place within the generalisation of a border)
        gets the piece of that city part whose point is nearest to the cell's centre; an index
        below 0 (an unknown city part) gets -1.
        """
        wanted = _keys(cells, city_parts, self.resolution)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found = np.where(self.keys[at] == wanted, self.members[at], -1)
        for row in np.flatnonzero((found < 0) & (city_parts >= 0)):
            found[row] = self._nearest(int(cells[row]), int(city_parts[row]))
        return np.where(city_parts >= 0, found, -1)

    def _nearest(self, cell: int, city_part: int) -> int:
        inside = np.flatnonzero(self.city_parts == city_part)
        lat, lon = h3.cell_to_latlng(cell)
        x, y = lonlat_to_metric(np.array([lon]), np.array([lat]))
        points = np.column_stack(lonlat_to_metric(self.lon[inside], self.lat[inside]))
        return int(inside[cKDTree(points).query([x[0], y[0]])[1]])


def parents_of(cells: CellArray, resolution: int) -> CellArray:
    """Return the ancestors of integer cells at a coarser resolution, by the layout of the index.

    Examples
    --------
    >>> [hex(cell) for cell in parents_of(np.array([0x891E3541AA3FFFF], dtype=np.uint64), 8)]
    ['0x881e3541abfffff']
    """
    unused = np.uint64((1 << (_DIGIT_BITS * (_LAST_RESOLUTION - resolution))) - 1)
    cleared = cells & ~np.uint64(0xF << _RESOLUTION_SHIFT)
    return (cleared | np.uint64(resolution << _RESOLUTION_SHIFT)) | unused


@cache
def piece_table(resolution: int) -> PieceTable:
    """Return the pieces of all city parts at one resolution (built once, about a second at 10).

    Raises
    ------
    InvalidValueError
        Code `unknown_cell_resolution` outside 7 to 10.

    Examples
    --------
    >>> piece_table(8).resolution
    8
    """
    check_resolution(resolution)
    codes = city_part_codes()
    cuts = [pieces_of(code, resolution) for code in codes]
    counts = [len(cut.groups) for cut in cuts]
    groups = [(cut.cells[group], part) for part, cut in enumerate(cuts) for group in cut.groups]
    sizes = [len(members) for members, _ in groups]
    member_cells = np.concatenate([members for members, _ in groups])
    member_parts = np.repeat(np.array([part for _, part in groups], dtype=np.int64), sizes)
    keys = _keys(member_cells, member_parts, resolution)
    order = np.argsort(keys)
    return PieceTable(
        resolution=resolution,
        codes=codes,
        keys=keys[order],
        members=np.repeat(np.arange(len(groups), dtype=np.int64), sizes)[order],
        cells=np.array([members[0] for members, _ in groups], dtype=np.uint64),
        city_parts=np.repeat(np.arange(len(codes), dtype=np.int64), counts),
        lon=np.concatenate([cut.lon for cut in cuts]),
        lat=np.concatenate([cut.lat for cut in cuts]),
    )


@cache
def parent_pieces(resolution: int) -> IntArray:
    """Return for each piece of `resolution` the piece of the next coarser one that holds it.

    Pieces nest by this table: a piece's parent is that of the cell that names it, in the same city
    part, also where H3 cells do not contain one another exactly.

    Examples
    --------
    >>> len(parent_pieces(8)) == len(piece_table(8).cells)
    True
    """
    check_resolution(resolution - 1)
    table = piece_table(resolution)
    return piece_table(resolution - 1).find(parents_of(table.cells, resolution - 1), table.city_parts)


@cache
def city_part_codes() -> tuple[str, ...]:
    """Return the codes of the city parts in their order."""
    return tuple(sorted(map(str, boundaries().city_parts.index)))


@cache
def city_part_polygons() -> Mapping[str, Any]:
    """Return the polygons of the city parts in EPSG:5514 by code."""
    geometry = to_metric(boundaries().city_parts).geometry
    return {str(code): polygon for code, polygon in geometry.items()}


@dataclass(frozen=True, slots=True)
class Pieces:
    """A city part cut into cells (`cells`, `parts` in EPSG:5514) and the rows that make a piece.

    The first row of a group is its largest; groups are sorted by that cell. `lon` and `lat` are
    the points of the groups.
    """

    cells: CellArray
    parts: npt.NDArray[np.object_]
    groups: list[list[int]]
    lon: FloatArray
    lat: FloatArray


@cache
def pieces_of(code: str, resolution: int) -> Pieces:
    """Return the pieces of one city part (its code must be known); kept, so never change the arrays."""
    cells, parts, hexagon_areas = _cut(code, resolution)
    groups = _joined(cells, shapely.area(parts), hexagon_areas)
    groups.sort(key=lambda group: int(cells[group[0]]))
    lon, lat = _points_inside(parts[[group[0] for group in groups]])
    return Pieces(cells, parts, groups, lon, lat)


def _cut(code: str, resolution: int) -> tuple[CellArray, npt.NDArray[np.object_], FloatArray]:
    """Return the cells that touch a city part, their parts inside it and the hexagons' areas (m²)."""
    # A copy of its own: GEOS prepares a polygon without a lock, and two threads that came first at once
    # ended the process.
    polygon = shapely.from_wkb(shapely.to_wkb(city_part_polygons()[code]))
    shape = h3.geo_to_h3shape(boundaries().city_parts.geometry[code])
    cells = np.array(sorted(h3.h3shape_to_cells_experimental(shape, resolution, "overlap")), dtype=np.uint64)
    hexagons = _hexagons(cells)
    shapely.prepare(polygon)
    parts = hexagons.copy()
    crossing = ~shapely.contains_properly(polygon, hexagons)
    parts[crossing] = shapely.intersection(hexagons[crossing], polygon)
    kept = shapely.area(parts) > 0  # a cell that touches the border in a point or a line has no part
    return cells[kept], parts[kept], shapely.area(hexagons[kept])


def _hexagons(cells: CellArray) -> npt.NDArray[np.object_]:
    """Return the polygons of integer cells in EPSG:5514, all projected in one call."""
    rings = [h3.cell_to_boundary(int(cell)) for cell in cells]
    corners = np.array([corner for ring in rings for corner in ring], dtype=np.float64).reshape(-1, 2)
    x, y = lonlat_to_metric(corners[:, 1].copy(), corners[:, 0].copy())
    owner = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    rings_5514 = shapely.linearrings(np.column_stack([x, y]), indices=owner)  # they close themselves
    return np.asarray(shapely.polygons(rings_5514), dtype=object)


def _joined(cells: CellArray, areas: FloatArray, hexagon_areas: FloatArray) -> list[list[int]]:
    """Return groups of row numbers, each led by its largest member, none that could join too small."""
    numbers = [int(cell) for cell in cells]
    row_of = {cell: row for row, cell in enumerate(numbers)}
    groups: dict[int, list[int]] = {row: [row] for row in range(len(numbers))}
    group_of = list(range(len(numbers)))
    total = areas.tolist()
    least = (LEAST_SHARE_OF_CELL * hexagon_areas).tolist()
    small = {row for row in groups if total[row] < least[row]}
    while small and len(groups) > 1:
        row = min(small, key=lambda r: (total[r], numbers[r]))
        small.discard(row)
        touching = {
            group_of[row_of[near]]
            for member in groups[row]
            for near in h3.grid_disk(numbers[member], 1)
            if near in row_of
        } - {row}
        target = _best(touching, total, numbers) if touching else _closest(row, groups, numbers)
        groups[target] += groups.pop(row)
        total[target] += total[row]
        for member in groups[target]:
            group_of[member] = target
        if total[target] >= least[target]:
            small.discard(target)
    return [sorted(group, key=lambda i: (-areas[i], numbers[i])) for group in groups.values()]


def _best(groups: Iterable[int], total: list[float], numbers: list[int]) -> int:
    return min(groups, key=lambda r: (-total[r], numbers[r]))


def _closest(row: int, groups: Mapping[int, list[int]], numbers: list[int]) -> int:
    """Return the group whose leading cell is nearest: for an exclave that touches no other piece."""
    lat, lon = h3.cell_to_latlng(numbers[row])
    others = [group for group in groups if group != row]
    return min(
        others,
        key=lambda r: (h3.great_circle_distance((lat, lon), h3.cell_to_latlng(numbers[r]), unit="m"), numbers[r]),
    )


def _points_inside(parts: npt.NDArray[np.object_]) -> tuple[FloatArray, FloatArray]:
    """Return the centres of parts (EPSG:5514) in degrees, or points inside where a centre is not."""
    points = shapely.centroid(parts)
    outside = ~shapely.contains(parts, points)
    points[outside] = shapely.point_on_surface(parts[outside])
    lon, lat = metric_to_lonlat(shapely.get_x(points), shapely.get_y(points))
    return lon.round(_POSITION_DIGITS), lat.round(_POSITION_DIGITS)


def _keys(cells: CellArray, city_parts: IntArray, resolution: int) -> CellArray:
    """Return one sortable integer per (cell, city part); a cell's unused low bits make the room."""
    low = np.uint64(_DIGIT_BITS * (_LAST_RESOLUTION - resolution))
    high = np.uint64((1 << _RESOLUTION_SHIFT) - 1)
    return (((cells & high) >> low) << np.uint64(8)) | (city_parts.astype(np.uint64) & np.uint64(0xFF))


def check_resolution(resolution: int) -> None:
    """Raise `InvalidValueError` (code `unknown_cell_resolution`) unless cells of this size are in use."""
    if resolution not in RESOLUTIONS:
        raise InvalidValueError("unknown_cell_resolution", value=resolution)
