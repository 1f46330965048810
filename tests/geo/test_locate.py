import threading

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from domain.errors import InvalidValueError
from domain.geometry import LonLat
from geo import point_index
from geo.boundaries import PRAGUE_BBOX, boundaries, representative_point
from geo.crs import METRIC, lonlat_to_metric, metric_to_lonlat, to_metric
from geo.locate import BORDER_TOLERANCE_M, Located, LocatedArrays, OutsidePrague, locate, locate_many
from geo.point_index import SLIVER_TOLERANCE_M, build_point_index

SEED = 20260721


def brute_force(frame, lon, lat):
    """Position of the first unit that covers each point; every unit is asked about every point."""
    covered = [shapely.intersects_xy(polygon, lon, lat) for polygon in frame.geometry]
    return np.where(np.any(covered, axis=0), np.argmax(covered, axis=0), -1)


def expected(lon, lat):
    divisions = boundaries()
    part = brute_force(divisions.city_parts, lon, lat)
    numbers = divisions.city_parts["admin_district"].to_numpy()
    area = brute_force(divisions.cadastral_areas, lon, lat)
    for row in np.flatnonzero((part >= 0) & (area < 0)):
        point = gpd.GeoSeries.from_xy([lon[row]], [lat[row]], crs="EPSG:4326").to_crs(METRIC).iloc[0]
        distances = to_metric(divisions.cadastral_areas).distance(point).to_numpy()
        assert distances.min() <= SLIVER_TOLERANCE_M
        area[row] = distances.argmin()
    area[part < 0] = -1
    return part, np.where(part >= 0, numbers[part], -1), area


def random_points(count, seed=SEED):
    """Points over Prague and around it, half of them close to a border."""
    random = np.random.default_rng(seed)
    margin = 0.01
    lon = random.uniform(PRAGUE_BBOX.minx - margin, PRAGUE_BBOX.maxx + margin, count)
    lat = random.uniform(PRAGUE_BBOX.miny - margin, PRAGUE_BBOX.maxy + margin, count)
    xy = all_vertices()[random.integers(0, len(all_vertices()), count // 2)]
    lon[: count // 2], lat[: count // 2] = (xy + random.normal(0, 2e-4, xy.shape)).T
    return lon, lat


def all_vertices():
    divisions = boundaries()
    return np.concatenate(
        [
            shapely.get_coordinates(frame.geometry.to_numpy())
            for frame in (divisions.city_parts, divisions.cadastral_areas)
        ]
    )


def agrees(lon, lat):
    result, (part, district, area) = locate_many(lon, lat), expected(lon, lat)
    assert np.array_equal(result.city_part, part)
    assert np.array_equal(result.admin_district, district)
    assert np.array_equal(result.cadastral_area, area)
    return result


def test_many_points_agree_with_brute_force():
    result = agrees(*random_points(10_000))
    assert (result.city_part >= 0).sum() > 3000
    assert (result.city_part < 0).sum() > 1000


def test_every_vertex_agrees_with_brute_force():
    lon, lat = all_vertices().T
    agrees(lon, lat)


def test_points_on_edges_agree_with_brute_force():
    divisions = boundaries()
    for frame in (divisions.city_parts, divisions.cadastral_areas):
        for polygon in frame.geometry.iloc[::8]:
            xy = shapely.get_coordinates(polygon.boundary)
            share = np.random.default_rng(SEED).uniform(size=(len(xy) - 1, 1))
            lon, lat = (xy[:-1] + share * (xy[1:] - xy[:-1])).T
            agrees(lon, lat)


def test_points_on_the_lines_of_the_grid_agree_with_brute_force():
    index = build_point_index(boundaries())
    random = np.random.default_rng(SEED)
    grid = index.grid
    column = random.integers(0, point_index._COLUMNS, 4000)
    row = random.integers(0, point_index._ROWS, 4000)
    agrees(column / grid.columns_per_degree + grid.minx, row / grid.rows_per_degree + grid.miny)


@settings(deadline=None)  # the first example builds what the others find ready
@given(
    lon=st.floats(PRAGUE_BBOX.minx - 0.05, PRAGUE_BBOX.maxx + 0.05),
    lat=st.floats(PRAGUE_BBOX.miny - 0.05, PRAGUE_BBOX.maxy + 0.05),
)
def test_any_point_agrees_with_brute_force(lon, lat):
    agrees(np.array([lon]), np.array([lat]))


def test_one_point_and_many_points_agree():
    lon, lat = random_points(1500)
    lon, lat = np.concatenate([lon, all_vertices()[::40, 0]]), np.concatenate([lat, all_vertices()[::40, 1]])
    many = locate_many(lon, lat)
    parts, areas = many.codes_of_city_parts(), many.codes_of_cadastral_areas()
    for row, (x, y) in enumerate(zip(lon, lat, strict=True)):
        one = locate(LonLat(lon=x, lat=y))
        if isinstance(one, OutsidePrague):
            assert (parts[row], many.admin_district[row], areas[row]) == (None, -1, None)
        else:
            assert (parts[row], many.admin_district[row], areas[row]) == (
                one.city_part, one.admin_district, one.cadastral_area,
            )  # fmt: skip


def test_a_point_on_a_shared_border_belongs_to_the_lowest_code_always():
    parts = boundaries().city_parts
    neighbours = parts.sindex.query(parts.geometry, predicate="touches").T
    assert len(neighbours) > 200
    for first, second in neighbours[::5]:
        shared = shapely.get_coordinates(parts.geometry.iloc[first].intersection(parts.geometry.iloc[second]))
        for lon, lat in shared[:3]:
            covering = [code for code, polygon in parts.geometry.items() if polygon.covers(shapely.Point(lon, lat))]
            found = locate(LonLat(lon=lon, lat=lat))
            assert len(covering) >= 2
            assert found.city_part == min(covering)
            assert found.border_city_part in set(covering) - {found.city_part}


def test_district_follows_from_city_part():
    lon, lat = random_points(10_000, seed=5)
    result = locate_many(lon, lat)
    districts = boundaries().admin_districts
    inside = result.city_part >= 0
    by_polygon = brute_force(districts, lon, lat)
    # The unions are exact, so only a point on a border of districts could differ.
    assert np.array_equal(districts["number"].to_numpy()[by_polygon[inside]], result.admin_district[inside])
    assert (result.admin_district[~inside] == -1).all()


def test_sums_over_units_equal_the_total():
    lon, lat = random_points(50_000, seed=6)
    result = locate_many(lon, lat)
    inside = int((result.city_part >= 0).sum())
    for values, count in ((result.city_part, 57), (result.cadastral_area, 112), (result.admin_district - 1, 22)):
        assert np.bincount(values[values >= 0], minlength=count).sum() == inside
        assert np.bincount(values[values >= 0], minlength=count).size == count


def test_shares_of_points_are_shares_of_area():
    random = np.random.default_rng(SEED)
    lon = random.uniform(PRAGUE_BBOX.minx, PRAGUE_BBOX.maxx, 200_000)
    lat = random.uniform(PRAGUE_BBOX.miny, PRAGUE_BBOX.maxy, 200_000)
    parts = boundaries().city_parts
    counts = np.bincount(locate_many(lon, lat).city_part + 1, minlength=58)[1:]
    box_degrees = (PRAGUE_BBOX.maxx - PRAGUE_BBOX.minx) * (PRAGUE_BBOX.maxy - PRAGUE_BBOX.miny)
    share = shapely.area(parts.geometry.to_numpy()) / box_degrees
    assert np.abs(counts / 200_000 - share).max() < 5 * np.sqrt(share.max() / 200_000)


@pytest.mark.parametrize("division", ["city_parts", "cadastral_areas"])
def test_every_unit_is_found_at_its_representative_point(division):
    for code in getattr(boundaries(), division).index:
        found = locate(representative_point(code))
        assert code in {found.city_part, found.cadastral_area}
        assert found.border_city_part is None or division == "cadastral_areas"


def test_slivers_between_the_outlines_get_the_nearest_cadastral_area():
    divisions = boundaries()
    prague = shapely.coverage_union_all(divisions.city_parts.geometry.to_numpy())
    areas = shapely.coverage_union_all(divisions.cadastral_areas.geometry.to_numpy())
    slivers = shapely.get_parts(prague.difference(areas))
    inside = shapely.point_on_surface(slivers)
    lon, lat = shapely.get_x(inside), shapely.get_y(inside)
    result = agrees(lon, lat)
    assert len(slivers) > 50
    assert (result.cadastral_area[result.city_part >= 0] >= 0).all()
    # The farthest a point of a city part can be from any cadastral area lies well below the tolerance.
    corners = shapely.get_coordinates(to_metric(gpd.GeoSeries(slivers, crs="EPSG:4326")).to_numpy())
    metric_areas = shapely.coverage_union_all(to_metric(divisions.cadastral_areas).geometry.to_numpy())
    shapely.prepare(metric_areas)
    assert shapely.distance(shapely.points(corners), metric_areas).max() < SLIVER_TOLERANCE_M


def test_cadastral_area_alone_does_not_make_a_point_prague():
    divisions = boundaries()
    prague = shapely.coverage_union_all(divisions.city_parts.geometry.to_numpy())
    areas = shapely.coverage_union_all(divisions.cadastral_areas.geometry.to_numpy())
    beyond = shapely.point_on_surface(shapely.get_parts(areas.difference(prague)))
    result = locate_many(shapely.get_x(beyond), shapely.get_y(beyond))
    covered = shapely.intersects(prague, beyond)
    assert (~covered).sum() > 50
    assert (result.city_part[~covered] == -1).all()
    assert (result.cadastral_area[~covered] == -1).all()


@pytest.mark.parametrize("offset_m", [0.5, 9.5, 10.5, 30.0])
def test_the_other_side_of_a_border_is_named_within_ten_metres(offset_m):
    metric = to_metric(boundaries().city_parts).geometry
    own, other = metric["500089"], metric["500097"]
    border = own.intersection(other)
    middle = border.interpolate(0.5, normalized=True)
    directions = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    xy = np.column_stack([middle.x + offset_m * np.cos(directions), middle.y + offset_m * np.sin(directions)])
    for x, y in xy:
        lon, lat = metric_to_lonlat(np.array([x]), np.array([y]))
        found = locate(LonLat(lon=lon[0], lat=lat[0]))
        here = shapely.Point(*(value[0] for value in lonlat_to_metric(lon, lat)))
        distances = metric.distance(here).drop(found.city_part)
        close = distances.min() <= BORDER_TOLERANCE_M
        assert found.border_city_part == (distances.idxmin() if close else None)
        assert found.city_part in {"500089", "500097"}


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(14.6, 50.3), (16.6068, 49.1951), (13.405, 52.52), (-74.006, 40.7128), (-165.0, -50.0), (14.4378, 90.0), (180, 0)],
    ids=["Neratovice", "Brno", "Berlin", "New York", "antipode", "pole", "date line"],
)
def test_far_outside_prague(lon, lat):
    found = locate(LonLat(lon=lon, lat=lat))
    xy, unit = shapely.get_coordinates(boundaries().city_parts.geometry.to_numpy(), return_index=True)
    start = np.full(len(xy), float(lon)), np.full(len(xy), float(lat))
    distances = np.array(Geod(ellps="WGS84").inv(*start, xy[:, 0], xy[:, 1])[2])
    # The nearest point may lie between two vertices of the border, which are less than 2 km apart.
    assert found.distance_km == pytest.approx(distances.min() / 1000, rel=2e-4, abs=0.05)
    of_nearest = distances[unit == boundaries().city_parts.index.get_loc(found.nearest_city_part)]
    assert of_nearest.min() == pytest.approx(distances.min(), rel=2e-4, abs=50)


def test_a_kilometre_outside():
    # Straight north of the northernmost vertex, in metres.
    metric = to_metric(boundaries().city_parts).geometry
    xy, unit = shapely.get_coordinates(metric.to_numpy(), return_index=True)
    top = xy[:, 1].argmax()
    lon, lat = metric_to_lonlat(xy[[top], 0], xy[[top], 1] + 1200)
    found = locate(LonLat(lon=lon[0], lat=lat[0]))
    assert found == OutsidePrague(distance_km=pytest.approx(1.2, abs=1e-5), nearest_city_part=metric.index[unit[top]])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_is_refused(value):
    with pytest.raises(InvalidValueError, match="position_out_of_range"):
        locate(LonLat(lon=value, lat=50.0))
    with pytest.raises(InvalidValueError, match="position_out_of_range"):
        locate(LonLat(lon=14.0, lat=value))
    with pytest.raises(InvalidValueError, match="position_out_of_range"):
        locate_many([14.4, value], [50.0, 50.0])
    with pytest.raises(InvalidValueError, match="position_out_of_range"):
        locate_many([14.4, 14.4], [50.0, value])


def test_what_is_no_position_is_refused():
    with pytest.raises(InvalidValueError, match=r"position_out_of_range.*lat.*90\.5"):
        locate_many([14.4], [90.5])
    with pytest.raises(InvalidValueError, match="positions_not_paired"):
        locate_many([14.4, 14.5], [50.0])
    with pytest.raises(InvalidValueError, match="positions_not_paired"):
        locate_many([[14.4]], [[50.0]])


def test_no_points_give_no_answers():
    result = locate_many([], [])
    assert result.city_part.size == result.admin_district.size == result.cadastral_area.size == 0
    assert result.codes_of_city_parts().size == 0


def test_chunks_leave_nothing_out(monkeypatch):
    lon, lat = random_points(5000)
    whole = locate_many(lon, lat)
    monkeypatch.setattr(point_index, "_CHUNK", 333)
    pieces = locate_many(lon, lat)
    assert np.array_equal(whole.city_part, pieces.city_part)
    assert np.array_equal(whole.cadastral_area, pieces.cadastral_area)


def test_order_of_points_changes_nothing():
    lon, lat = random_points(5000)
    order = np.random.default_rng(1).permutation(lon.size)
    straight, mixed = locate_many(lon, lat), locate_many(lon[order], lat[order])
    assert np.array_equal(straight.city_part[order], mixed.city_part)
    assert np.array_equal(straight.cadastral_area[order], mixed.cadastral_area)


def test_several_threads_get_the_same_answers():
    lon, lat = random_points(20_000)
    alone, index = locate_many(lon, lat), build_point_index(boundaries())
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(index.locate(lon, lat))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert all(np.array_equal(part, alone.city_part) for part, _ in answers)
    assert all(np.array_equal(area, alone.cadastral_area) for _, area in answers)


def test_an_independent_index_leaves_wide_gaps_open():
    # Without one cadastral area its points are too far from the others to be given to them.
    divisions = boundaries()
    code = "601527"
    fewer = type(divisions)(
        city_parts=divisions.city_parts,
        admin_districts=divisions.admin_districts,
        cadastral_areas=divisions.cadastral_areas.drop(index=code),
    )
    point = representative_point(code)
    part, area = build_point_index(fewer).locate(np.array([point.lon]), np.array([point.lat]))
    assert divisions.city_parts.index[part[0]] == "538060"
    assert area[0] == -1


def test_results_say_what_they_are():
    result = locate_many([14.4378], [50.0755])
    assert isinstance(result, LocatedArrays)
    assert result.city_part_codes[result.city_part[0]] == "500089"
    assert result.cadastral_area_codes[result.cadastral_area[0]] == result.codes_of_cadastral_areas()[0]
    assert isinstance(locate(LonLat(lon=14.4378, lat=50.0755)), Located)
