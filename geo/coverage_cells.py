"""Inside a city part: in which cells somebody was, and what came of it.

One colour for the 130,000 people of Praha 4 says little. The unit is the piece of an H3 resolution 9
cell inside the city part (`geo.cells`). Nothing here spreads foreigners over cells: no data says how.

The states rest on exact records: who may see them at cell precision is for `geo.disclosure` to say.
"""

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd

from domain.coverage import CellState
from domain.errors import InvalidValueError
from geo.cell_pieces import FloatArray, IntArray, city_part_codes, piece_table
from geo.cells import cells_of_city_part
from geo.coverage_attention import Attention
from geo.coverage_visits import RESOLUTION, visit_columns
from geo.crs import GEOGRAPHIC

# What a visit saw goes before never; a known place before any visit that saw less.
_STATES = (CellState.NEVER, CellState.NOTHING_FOUND, CellState.NO_ACCESS, CellState.KNOWN)
_LEVELS = {state.value: level for level, state in enumerate(_STATES)}


def cell_states(
    attention: Attention, places: pd.DataFrame | None = None, *, city_part: str | None = None
) -> gpd.GeoDataFrame:
    """Return the state of every cell piece of a city part, or of all Prague.

    Known is a piece with a place or with a visit that met somebody; else one where access was
    refused; else one where a visit found nothing; else nobody was there.

    Parameters
    ----------
    attention
        Attention of all visits.
    places
        `city_part` and `cell` (H3, resolution 9 or finer) of the places that are known, one row a
        place or a group of them (then with `count`); those without a cell say nothing of any piece.
    city_part
        Code; all city parts where None.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, one row per piece, index `cell` with `city_part` (a cell may lie in several):
        `state` (`CellState` value), `attention`, `visits`, `places`, `last_month` ("" without a
        visit), `this_month`, `area_km2`, `lon`, `lat`, `geometry`.

    Raises
    ------
    InvalidValueError
        Code `unknown_city_part`.

    Examples
    --------
    >>> from datetime import date
    >>> from geo.coverage_attention import compute_attention
    >>> visits = pd.DataFrame(
    ...     {"city_part": ["500054"], "cell": ["891e3541327ffff"], "happened_on": ["2026-07-01"], "outcome": ["nikdo"]}
    ... )
    >>> frame = cell_states(compute_attention(visit_columns(visits), date(2026, 7, 31)), city_part="500054")
    >>> frame["state"].value_counts().to_dict()
    {'never': 52, 'nothing_found': 1}
    """
    if city_part is not None and city_part not in city_part_codes():
        raise InvalidValueError("unknown_city_part", value=city_part)
    table = piece_table(RESOLUTION)
    size = len(table.cells)
    cells = attention.cells[attention.cells["piece"] < size]
    seen = cells["piece"].to_numpy()
    level: IntArray = np.zeros(size, dtype=np.int64)
    level[seen] = cells["finding"].map(_LEVELS).to_numpy(dtype=np.int64)
    known = _places_by_piece(places, size)
    level[known > 0] = _LEVELS[CellState.KNOWN.value]
    frame = _pieces().copy()
    frame["state"] = np.array([state.value for state in _STATES], dtype=object)[level]
    frame["attention"] = _spread(seen, cells["attention"].to_numpy(dtype=np.float64), size)
    frame["visits"] = _spread(seen, cells["visits"].to_numpy(dtype=np.float64), size).astype(np.int64)
    frame["places"] = known
    last = np.full(size, "", dtype=object)
    last[seen] = cells["last_month"].to_numpy(dtype=object)
    frame["last_month"] = last
    frame["this_month"] = _spread(seen, cells["this_month"].to_numpy(dtype=np.float64), size) > 0
    columns = ["city_part", "state", "attention", "visits", "places", "last_month", "this_month"]
    frame = frame[[*columns, "area_km2", "lon", "lat", "geometry"]]
    return frame if city_part is None else frame[frame["city_part"] == city_part]


@cache
def _pieces() -> gpd.GeoDataFrame:
    """Return the pieces of all city parts with their polygons, in the order of `piece_table(9)`."""
    frames = [cells_of_city_part(code, RESOLUTION).drop(columns="members") for code in city_part_codes()]
    return gpd.GeoDataFrame(pd.concat(frames), geometry="geometry", crs=GEOGRAPHIC)


def _places_by_piece(places: pd.DataFrame | None, size: int) -> IntArray:
    """Return how many known places each piece holds."""
    if places is None or places.empty:
        return np.zeros(size, dtype=np.int64)
    # A place is read as a visit is: the same rules for cells, city parts and what cannot be read.
    columns = visit_columns(
        pd.DataFrame(
            {
                "city_part": places["city_part"],
                "cell": places["cell"],
                "happened_on": "2000-01-01",
                "visits": places.get("count", 1),
            }
        )
    )
    inside = (columns.piece >= 0) & (columns.piece < size)
    return np.bincount(columns.piece[inside], weights=columns.visits[inside], minlength=size).astype(np.int64)


def _spread(rows: IntArray, values: FloatArray, size: int) -> FloatArray:
    """Return values laid out over all pieces, 0 elsewhere."""
    full = np.zeros(size, dtype=np.float64)
    full[rows] = values
    return full
