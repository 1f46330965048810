"""H3 cells of resolution 7 to 10, and the pieces into which the borders of city parts cut them.

Figures and places belong to city parts, and about a quarter of the cells of resolution 9 at Prague
cross a border. So the unit is never a cell but a piece: a cell inside one city part. A piece
smaller than half a cell joins its neighbour in the same city part (`docs/methods`, "Cells").
"""

from functools import cache, lru_cache

import geopandas as gpd
import h3.api.basic_int as h3
import numpy as np
import pandas as pd
import shapely

from domain.errors import InvalidValueError
from domain.geometry import LonLat
from geo.cell_pieces import (
    RESOLUTIONS,
    CellArray,
    FloatArray,
    check_resolution,
    city_part_polygons,
    piece_table,
    pieces_of,
)
from geo.crs import GEOGRAPHIC, METRIC

_FINEST = RESOLUTIONS[-1]


def cell_of(position: LonLat, resolution: int) -> str:
    """Return the H3 cell in which a position (EPSG:4326) lies.

    Raises
    ------
    InvalidValueError
        Code `unknown_cell_resolution` outside 7 to 10.

    Examples
    --------
    >>> cell_of(LonLat(lon=14.4378, lat=50.0755), 9)
    '891e3541aa3ffff'
    """
    check_resolution(resolution)
    return str(h3.int_to_str(h3.latlng_to_cell(position.lat, position.lon, resolution)))


def cells_of(lon: FloatArray, lat: FloatArray, resolution: int = _FINEST) -> CellArray:
    """Return the H3 cells, as integers, of positions in degrees (EPSG:4326).

    The library has no call for arrays; a list comprehension over its integer interface takes
    about 0.5 µs a position.

    Raises
    ------
    InvalidValueError
        Code `unknown_cell_resolution` outside 7 to 10.

    Examples
    --------
    >>> [hex(cell) for cell in cells_of(np.array([14.4378]), np.array([50.0755]), 9)]
    ['0x891e3541aa3ffff']
    """
    check_resolution(resolution)
    cell = h3.latlng_to_cell
    return np.array([cell(y, x, resolution) for y, x in zip(lat.tolist(), lon.tolist(), strict=True)], dtype=np.uint64)


def parent_of(cell: str, resolution: int) -> str:
    """Return the cell's ancestor at a coarser (or the same) resolution.

    Raises
    ------
    InvalidValueError
        Code `invalid_cell`, or `unknown_cell_resolution` outside 7 to the cell's own.

    Examples
    --------
    >>> parent_of("891e3541aa3ffff", 8)
    '881e3541abfffff'
    """
    number = _cell_number(cell)
    if resolution not in RESOLUTIONS or resolution > h3.get_resolution(number):
        raise InvalidValueError("unknown_cell_resolution", value=resolution)
    return str(h3.int_to_str(h3.cell_to_parent(number, resolution)))


def cell_name(cell: int) -> str:
    """Return the text form of an integer cell.

    Examples
    --------
    >>> cell_name(0x891E3541AA3FFFF)
    '891e3541aa3ffff'
    """
    return str(h3.int_to_str(int(cell)))


def cell_polygon(cell: str) -> shapely.Polygon:
    """Return the hexagon of a cell in EPSG:4326.

    Raises
    ------
    InvalidValueError
        Code `invalid_cell`.

    Examples
    --------
    >>> len(cell_polygon("891e3541aa3ffff").exterior.coords)
    7
    """
    return shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(_cell_number(cell))])


def cell_centre(cell: str) -> LonLat:
    """Return the centre of a cell in EPSG:4326.

    Raises
    ------
    InvalidValueError
        Code `invalid_cell`.

    Examples
    --------
    >>> cell_of(cell_centre("891e3541aa3ffff"), 9)
    '891e3541aa3ffff'
    """
    lat, lon = h3.cell_to_latlng(_cell_number(cell))
    return LonLat(lon=lon, lat=lat)


@cache
def cells_of_city_part(code: str, resolution: int) -> gpd.GeoDataFrame:
    """Return the pieces of a city part: its cells, small pieces joined to a neighbour.

    Joining is deterministic: the smallest piece first (then the lowest cell), into the neighbour
    with the largest area. Do not change the frame; it is kept for the next caller.

    Parameters
    ----------
    code
        Code of the city part (RÚIAN).
    resolution
        7 to 10.

    Returns
    -------
    geopandas.GeoDataFrame
        One row per piece in EPSG:4326, index `cell` (the cell with the largest part of the piece),
        columns `city_part`, `members` (all cells that lent a part), `area_km2` (EPSG:5514), `lon`
        and `lat` (the point shown for the piece, inside the city part), `geometry`.

    Raises
    ------
    InvalidValueError
        Code `unknown_cell_resolution`, or `unknown_city_part`.

    Examples
    --------
    >>> pieces = cells_of_city_part("500054", 8)
    >>> bool(5.3 < pieces["area_km2"].sum() < 5.7)
    True
    """
    check_resolution(resolution)
    if code not in city_part_polygons():
        raise InvalidValueError("unknown_city_part", value=code)
    cut = pieces_of(code, resolution)
    unions = [shapely.union_all(cut.parts[group]) for group in cut.groups]
    return gpd.GeoDataFrame(
        {
            "city_part": code,
            "members": [tuple(sorted(cell_name(cut.cells[i]) for i in group)) for group in cut.groups],
            "area_km2": shapely.area(unions) / 1e6,
            "lon": cut.lon,
            "lat": cut.lat,
        },
        geometry=gpd.GeoSeries(unions, crs=METRIC).to_crs(GEOGRAPHIC).array,
        index=pd.Index([cell_name(cut.cells[group[0]]) for group in cut.groups], name="cell"),
    )


@lru_cache(maxsize=16_384)
def masked_position(cell: str, city_part: str) -> LonLat:
    """Return the point shown for a place of which only the cell and the city part may be known.

    It is the centre of the piece of the cell that lies in the city part, and always in the city
    part. The same cell and city part always give the same point.

    Raises
    ------
    InvalidValueError
        Code `invalid_cell`, `unknown_cell_resolution` or `unknown_city_part`.

    Examples
    --------
    >>> masked_position("891e3541aa3ffff", "500089") == masked_position("891e3541aa3ffff", "500089")
    True
    """
    number = _cell_number(cell)
    resolution = h3.get_resolution(number)
    check_resolution(resolution)
    table = piece_table(resolution)
    if city_part not in table.codes:
        raise InvalidValueError("unknown_city_part", value=city_part)
    at = np.array([table.codes.index(city_part)])
    piece = int(table.find(np.array([number], dtype=np.uint64), at)[0])
    return LonLat(lon=float(table.lon[piece]), lat=float(table.lat[piece]))


def _cell_number(cell: str) -> int:
    try:
        number = int(h3.str_to_int(cell))
    except ValueError:
        number = 0
    if not h3.is_valid_cell(number):
        raise InvalidValueError("invalid_cell", value=cell)
    return number
