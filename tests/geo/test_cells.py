import h3
import numpy as np
import pytest
import shapely

from domain.errors import InvalidValueError
from domain.geometry import LonLat
from geo.boundaries import boundaries
from geo.cell_pieces import (
    LEAST_SHARE_OF_CELL,
    RESOLUTIONS,
    _joined,
    city_part_polygons,
    parent_pieces,
    parents_of,
    piece_table,
    pieces_of,
)
from geo.cells import (
    cell_centre,
    cell_name,
    cell_of,
    cell_polygon,
    cells_of,
    cells_of_city_part,
    masked_position,
    parent_of,
)
from geo.crs import area_km2, to_metric
from geo.locate import locate_many

SMALL, LARGE, SCATTERED = "500054", "547107", "547158"


def random_points(count=2000, seed=1):
    random = np.random.default_rng(seed)
    return random.uniform(14.23, 14.7, count), random.uniform(49.95, 50.17, count)


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_cells_of_many_positions_are_those_of_each(resolution):
    lon, lat = random_points(200)
    many = [cell_name(cell) for cell in cells_of(lon, lat, resolution)]
    assert many == [cell_of(LonLat(lon=x, lat=y), resolution) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    assert many == [h3.latlng_to_cell(y, x, resolution) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]


@pytest.mark.parametrize("resolution", [7, 8, 9])
def test_parents_by_bits_are_those_of_the_library(resolution):
    cells = cells_of(*random_points(), 10)
    assert [cell_name(cell) for cell in parents_of(cells, resolution)] == [
        h3.cell_to_parent(cell_name(cell), resolution) for cell in cells
    ]


def test_polygon_and_centre_belong_to_the_cell():
    cell = cell_of(LonLat(lon=14.42, lat=50.08), 9)
    centre = cell_centre(cell)
    assert cell_polygon(cell).contains(shapely.Point(centre.lon, centre.lat))
    assert cell_of(centre, 9) == cell
    assert parent_of(cell, 9) == cell


@pytest.mark.parametrize(
    "call",
    [
        lambda: cell_of(LonLat(lon=14.4, lat=50.1), 11),
        lambda: cells_of(np.array([14.4]), np.array([50.1]), 6),
        lambda: parent_of("891e3541aa3ffff", 10),
        lambda: parent_of("891e3541aa3ffff", 6),
        lambda: cells_of_city_part("500054", 6),
        lambda: piece_table(11),
    ],
)
def test_refuses_other_resolutions(call):
    with pytest.raises(InvalidValueError) as refused:
        call()
    assert refused.value.code == "unknown_cell_resolution"


@pytest.mark.parametrize("cell", ["", "x", "0", "ffffffffffffffff", "14.4,50.1"])
def test_refuses_what_is_no_cell(cell):
    for call in (cell_polygon, cell_centre, lambda c: parent_of(c, 8), lambda c: masked_position(c, "500054")):
        with pytest.raises(InvalidValueError) as refused:
            call(cell)
        assert refused.value.code == "invalid_cell"


def test_refuses_an_unknown_city_part():
    for call in (lambda: cells_of_city_part("999999", 8), lambda: masked_position("891e3541aa3ffff", "999999")):
        with pytest.raises(InvalidValueError) as refused:
            call()
        assert refused.value.code == "unknown_city_part"


@pytest.mark.parametrize("resolution", [7, 8, 9])
@pytest.mark.parametrize("code", [SMALL, LARGE, SCATTERED])
def test_pieces_cover_the_city_part_once(code, resolution):
    pieces = cells_of_city_part(code, resolution)
    whole = area_km2(boundaries().city_parts.loc[[code]]).iloc[0]
    assert pieces["area_km2"].sum() == pytest.approx(whole, rel=1e-6)
    assert to_metric(pieces).union_all().area / 1e6 == pytest.approx(whole, rel=1e-6)
    members = [member for group in pieces["members"] for member in group]
    assert len(members) == len(set(members))
    assert all(cell in group for cell, group in pieces["members"].items())


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_no_piece_is_under_half_a_cell_unless_it_is_the_whole_city_part(resolution):
    for code in boundaries().city_parts.index if resolution < 9 else (SMALL, LARGE, SCATTERED):
        pieces = cells_of_city_part(code, resolution)
        cell_km2 = np.array([h3.cell_area(cell, unit="km^2") for cell in pieces.index])
        # 2 % for what the sphere of H3 and EPSG:5514 make of the same hexagon.
        assert len(pieces) == 1 or (pieces["area_km2"] > LEAST_SHARE_OF_CELL * cell_km2 * 0.98).all()


def test_number_of_pieces_is_about_that_of_the_cells_by_centre():
    assert len(piece_table(9).cells) == pytest.approx(4975, rel=0.02)
    assert len(piece_table(8).cells) == pytest.approx(711, rel=0.05)


def test_joining_takes_the_smallest_first_into_the_largest_neighbour():
    centre = int(h3.str_to_int("891e3541aa3ffff"))
    ring = sorted(int(h3.str_to_int(cell)) for cell in h3.grid_ring("891e3541aa3ffff", 1))
    cells = np.array([centre, *ring], dtype=np.uint64)
    areas = np.array([10.0, 90.0, 95.0, 80.0, 70.0, 60.0, 55.0])
    groups = {frozenset(group) for group in _joined(cells, areas, np.full(7, 100.0))}
    assert frozenset({0, 2}) in groups
    assert len(groups) == 6
    again = _joined(cells[::-1], areas[::-1], np.full(7, 100.0))
    assert {frozenset(6 - row for row in group) for group in again} == groups


def test_joining_takes_an_exclave_to_the_nearest_piece():
    near, far = h3.latlng_to_cell(50.08, 14.42, 9), h3.latlng_to_cell(50.08, 14.60, 9)
    alone = h3.latlng_to_cell(50.08, 14.43, 9)
    cells = np.array([int(h3.str_to_int(cell)) for cell in (near, far, alone)], dtype=np.uint64)
    groups = _joined(cells, np.array([90.0, 95.0, 5.0]), np.full(3, 100.0))
    assert sorted(map(sorted, groups)) == [[0, 2], [1]]


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_every_masked_point_lies_in_its_city_part(resolution):
    table = piece_table(resolution)
    found = locate_many(table.lon, table.lat).codes_of_city_parts()
    assert [table.codes[part] for part in table.city_parts] == found.tolist()


@pytest.mark.parametrize("resolution", [8, 9, 10])
def test_pieces_nest_within_their_city_part(resolution):
    parents = parent_pieces(resolution)
    assert (piece_table(resolution - 1).city_parts[parents] == piece_table(resolution).city_parts).all()


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_masked_position_of_any_cell_and_city_part_stays_inside(resolution):
    lon, lat = random_points(300, seed=3)
    codes = locate_many(lon, lat).codes_of_city_parts()
    rows = [(x, y, code) for x, y, code in zip(lon, lat, codes, strict=True) if code][:80]
    points = [masked_position(cell_of(LonLat(lon=x, lat=y), resolution), code) for x, y, code in rows]
    found = locate_many([point.lon for point in points], [point.lat for point in points]).codes_of_city_parts()
    assert found.tolist() == [code for _, _, code in rows]


def test_masked_position_of_a_cell_that_does_not_touch_the_city_part_is_its_nearest_piece():
    point = masked_position(cell_of(LonLat(lon=14.4378, lat=50.0755), 9), SCATTERED)
    assert locate_many([point.lon], [point.lat]).codes_of_city_parts().tolist() == [SCATTERED]


def test_masked_position_is_not_the_place():
    place = LonLat(lon=14.4371, lat=50.0749)
    other = LonLat(lon=14.4374, lat=50.0751)
    assert cell_of(place, 10) == cell_of(other, 10)
    assert masked_position(cell_of(place, 10), "500089") == masked_position(cell_of(other, 10), "500089")


def test_positions_are_found_in_a_piece_of_their_city_part():
    lon, lat = random_points()
    located = locate_many(lon, lat)
    inside = located.city_part >= 0
    table = piece_table(10)
    order = {code: number for number, code in enumerate(table.codes)}
    parts = np.array([order[code] for code in located.codes_of_city_parts()[inside]])
    pieces = table.find(cells_of(lon[inside], lat[inside], 10), parts)
    assert (table.city_parts[pieces] == parts).all()
    assert table.find(cells_of(lon[:1], lat[:1], 10), np.array([-1])).tolist() == [-1]


def test_cutting_leaves_the_polygons_that_threads_share_as_they_are():
    pieces_of.__wrapped__("500119", 9)
    assert not any(shapely.is_prepared(polygon) for polygon in city_part_polygons().values())
