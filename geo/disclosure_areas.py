"""Areas as they are shown: numbers that may not be said are gone, and far out areas are shown together.

Behind `geo.disclosure`. What is made here follows from the areas as each of them is shown and from nothing
else, so that showing them together tells nobody more than showing them one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from domain.errors import NotFoundError
from geo.boundaries import representative_point
from geo.cell_pieces import FloatArray, IntArray, parent_pieces, piece_table
from geo.disclosure_cells import CITY_PART_LEVEL, Areas

_PLACE_SHIFT, _LEVEL_SHIFT = 3, 23
_COLUMNS = ("level", "piece", "kind", "visit_month", "visit_count")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShownAreas:
    """Areas as one reader may see them, one value per area, sorted by level, place and kind.

    `city_part` is a position in `codes`. `shown` is the sum of the numbers of places that may be said, `hidden`
    how many numbers it lacks: an area that is shown by itself has either, one that shows several together may
    have both. `lon` and `lat` are degrees of the point that stands for the area, NaN for an unknown city part.
    """

    codes: tuple[str, ...]
    level: IntArray
    piece: IntArray
    city_part: IntArray
    kind: IntArray
    shown: IntArray
    hidden: IntArray
    visit_month: IntArray
    visit_count: IntArray
    lon: FloatArray
    lat: FloatArray

    def __len__(self) -> int:
        return len(self.level)


def shown_areas(parts: Sequence[tuple[Areas, tuple[str, ...]]], *, least_count: int) -> ShownAreas:
    """Return the areas of some parts of the map, each with the names of its city parts, as they are shown."""
    codes = tuple(sorted(set().union(*(names for _, names in parts))))
    at = {code: position for position, code in enumerate(codes)}
    places = {names: np.array([at[name] for name in names], dtype=np.int64) for _, names in parts}
    empty = [np.empty(0, dtype=np.int64)]
    columns = {name: np.concatenate([getattr(areas, name) for areas, _ in parts] or empty) for name in _COLUMNS}
    city_part = np.concatenate([places[names][areas.city_part] for areas, names in parts] or empty)
    count = np.concatenate([areas.count for areas, _ in parts] or empty)
    hidden = count < least_count
    return _sorted(codes, city_part=city_part, shown=np.where(hidden, 0, count), hidden=hidden * 1, **columns)


def coarser_areas(areas: ShownAreas, resolution: int) -> ShownAreas:
    """Return the areas with all finer ones than `resolution` shown together, by coarse kind, in its pieces."""
    level, piece = areas.level.copy(), areas.piece.copy()
    for finer in range(int(level.max(initial=CITY_PART_LEVEL)), resolution, -1):
        here = level == finer
        piece[here] = parent_pieces(finer)[piece[here]]
        level[here] = finer - 1
    # A city part has no piece, and a piece lies in one city part.
    place = np.where(level == CITY_PART_LEVEL, areas.city_part, piece)
    # One number for the three; there are fewer than 2^20 pieces of a resolution and 2^3 kinds.
    keys = (level << _LEVEL_SHIFT) | (place << _PLACE_SHIFT) | areas.kind
    _, first, member = np.unique(keys, return_index=True, return_inverse=True)
    month = np.full(len(first), -1, dtype=np.int64)
    np.maximum.at(month, member, areas.visit_month)
    sums = {
        name: np.bincount(member, weights=getattr(areas, name), minlength=len(first)).astype(np.int64)
        for name in ("shown", "hidden", "visit_count")
    }
    return _sorted(
        areas.codes, level=level[first], piece=piece[first], city_part=areas.city_part[first], kind=areas.kind[first],
        visit_month=month, **sums,
    )  # fmt: skip


def _sorted(
    codes: tuple[str, ...], *, level: IntArray, piece: IntArray, city_part: IntArray, **columns: IntArray
) -> ShownAreas:
    order = np.lexsort((columns["kind"], piece, city_part, -level))
    level, piece, city_part = level[order], piece[order], city_part[order]
    lon, lat = _points(codes, level, piece, city_part)
    rest = {name: column[order] for name, column in columns.items()}
    return ShownAreas(codes=codes, level=level, piece=piece, city_part=city_part, lon=lon, lat=lat, **rest)


def _points(
    codes: tuple[str, ...], level: IntArray, piece: IntArray, city_part: IntArray
) -> tuple[FloatArray, FloatArray]:
    lon, lat = np.full(len(level), np.nan), np.full(len(level), np.nan)
    for resolution in np.unique(level).tolist():
        here: npt.NDArray[np.bool_] = level == resolution
        if resolution == CITY_PART_LEVEL:
            points = np.array([_point_of(code) for code in codes]).reshape(len(codes), 2)
            lon[here], lat[here] = points[city_part[here]].T
        else:
            table = piece_table(resolution)
            lon[here], lat[here] = table.lon[piece[here]], table.lat[piece[here]]
    return lon, lat


def _point_of(code: str) -> tuple[float, float]:
    try:
        point = representative_point(code)
    except NotFoundError:
        return np.nan, np.nan
    return point.lon, point.lat
