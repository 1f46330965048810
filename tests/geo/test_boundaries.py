import json
import shutil

import geopandas as gpd
import pytest
import shapely

from domain.errors import NotFoundError, ProblemsError
from geo import boundaries as module
from geo.boundaries import PRAGUE_BBOX, boundaries, load_boundaries, representative_point
from geo.build_admin_districts import dissolve_admin_districts, write_boundaries
from geo.crs import METRIC, area_km2, to_metric
from geo.provenance import BUNDLED_DATA, sha256_of

FOLDER = BUNDLED_DATA / "boundaries"
DIVISIONS = ("city_parts", "admin_districts", "cadastral_areas")


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "boundaries"
    shutil.copytree(FOLDER, folder)
    return folder


def change(folder, stem, edit, *, sign=True):
    """Edit the features of a file; with `sign` the card gets the new checksum."""
    path, card = folder / f"{stem}.geojson", folder / f"{stem}.toml"
    collection = json.loads(path.read_text(encoding="utf-8"))
    edit(collection)
    before = sha256_of(path)
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    if sign:
        card.write_text(card.read_text(encoding="utf-8").replace(before, sha256_of(path)), encoding="utf-8")


def problems(folder):
    with pytest.raises(ProblemsError) as error:
        load_boundaries(folder)
    assert error.value.code == "invalid_boundaries"
    return error.value.problems


def found(folder):
    return {(p.code, p.field.split(".")[0]) for p in problems(folder)}


def test_the_bundled_boundaries():
    divisions = boundaries()
    assert boundaries() is divisions
    for stem, count in zip(DIVISIONS, (57, 22, 112), strict=True):
        frame = getattr(divisions, stem)
        assert len(frame) == count
        assert frame.index.name == "code"
        assert frame.index.is_unique
        assert all(isinstance(code, str) for code in frame.index)
        assert "code" not in frame.columns
        assert frame.crs == "EPSG:4326"
        metric = to_metric(frame).geometry.to_numpy()
        assert shapely.coverage_is_valid(metric)
        assert area_km2(frame).sum() == pytest.approx(496.18, rel=1e-3)
    assert divisions.city_parts.index.is_monotonic_increasing
    assert divisions.cadastral_areas.index.is_monotonic_increasing
    assert divisions.admin_districts["number"].tolist() == list(range(1, 23))
    assert divisions.city_parts.total_bounds.tolist() == [
        PRAGUE_BBOX.minx, PRAGUE_BBOX.miny, PRAGUE_BBOX.maxx, PRAGUE_BBOX.maxy
    ]  # fmt: skip


def test_districts_are_the_sums_of_their_city_parts():
    divisions = boundaries()
    by_part = area_km2(divisions.city_parts).groupby(divisions.city_parts["admin_district"]).sum()
    by_district = area_km2(divisions.admin_districts)
    assert by_district.to_numpy() == pytest.approx(by_part.to_numpy(), abs=1e-6)
    for number, seat in zip(divisions.admin_districts["number"], divisions.admin_districts["seat"], strict=True):
        assert divisions.city_parts.loc[seat, "admin_district"] == number
        assert divisions.city_parts.loc[seat, "name"] == f"Praha {number}"


def test_dissolving_again_gives_the_same_bytes(tmp_path):
    path = tmp_path / "admin_districts.geojson"
    write_boundaries(dissolve_admin_districts(gpd.read_file(FOLDER / "city_parts.geojson")), path)
    assert path.read_bytes() == (FOLDER / "admin_districts.geojson").read_bytes()


@pytest.mark.parametrize("division", DIVISIONS)
def test_a_representative_point_lies_inside(division):
    frame = getattr(boundaries(), division)
    outlines = to_metric(frame).geometry
    for code, polygon in frame.geometry.items():
        point = representative_point(code)
        assert polygon.contains(shapely.Point(point.lon, point.lat)), code
        # The centre of the largest circle is at least as far inside as any other point.
        metric = gpd.GeoSeries.from_xy([point.lon], [point.lat], crs="EPSG:4326").to_crs(METRIC).iloc[0]
        other = outlines[code].representative_point()
        assert metric.distance(outlines[code].boundary) >= other.distance(outlines[code].boundary) - 2


def test_names():
    assert module.city_part_name("547051") == "Praha-Libuš"
    assert module.cadastral_area_name("601527") == "Běchovice"
    for ask in (module.city_part_name, module.cadastral_area_name, representative_point):
        with pytest.raises(NotFoundError, match="unknown_"):
            ask("999999")


def test_a_copy_loads(copy):
    assert load_boundaries(copy).city_parts.equals(boundaries().city_parts)


def test_a_changed_file_is_refused(copy):
    change(copy, "city_parts", lambda c: c["features"][0]["properties"].update(name="Praha 1a"), sign=False)
    assert found(copy) == {("boundary_file_changed", "city_parts")}


def test_missing_unreadable_and_uncarded_files_are_told_together(copy):
    (copy / "city_parts.geojson").unlink()
    (copy / "cadastral_areas.geojson").write_text("no GeoJSON", encoding="utf-8")
    (copy / "admin_districts.toml").unlink()
    assert found(copy) == {
        ("boundary_file_missing", "city_parts"),
        ("boundary_file_changed", "cadastral_areas"),
        ("boundary_file_unreadable", "cadastral_areas"),
        ("card_unreadable", "admin_districts"),
    }


def test_every_problem_of_all_files_at_once(copy):
    def lose_one(collection):
        del collection["features"][5]

    def spoil_values(collection):
        features = collection["features"]
        features[0]["properties"]["code"] = "12"
        features[1]["properties"]["code"] = features[2]["properties"]["code"]
        features[3]["properties"]["name"] = " "

    change(copy, "city_parts", lose_one)
    change(copy, "cadastral_areas", spoil_values)
    change(copy, "admin_districts", lambda c: c["features"][4]["properties"].update(number=23))
    all_problems = problems(copy)
    assert {(p.code, p.field.split(".")[0]) for p in all_problems} >= {
        ("boundary_count", "city_parts"),
        ("boundary_area", "city_parts"),
        ("boundary_value", "cadastral_areas"),
        ("boundary_value", "admin_districts"),
    }
    rows = {(p.field, p.row) for p in all_problems if p.code == "boundary_value"}
    assert rows >= {
        ("cadastral_areas.geojson: code", 1),
        ("cadastral_areas.geojson: code", 2),
        ("cadastral_areas.geojson: name", 4),
        ("admin_districts.geojson: number", 5),
    }


def test_a_gap_is_no_coverage(copy):
    def move_a_vertex(collection):
        # Praha 1 has no outer border: 30 m aside makes a gap or an overlap, and hardly any area.
        assert collection["features"][0]["properties"]["name"] == "Praha 1"
        collection["features"][0]["geometry"]["coordinates"][0][5][0] += 0.0004

    change(copy, "city_parts", move_a_vertex)
    assert ("boundary_coverage", "city_parts") in found(copy)


def test_a_bow_tie_is_not_valid(copy):
    def cross(collection):
        ring = collection["features"][10]["geometry"]["coordinates"][0]
        ring[3], ring[9] = ring[9], ring[3]

    change(copy, "cadastral_areas", cross)
    assert ("boundary_geometry_invalid", "cadastral_areas") in found(copy)


def test_another_crs_is_refused(copy):
    path, card = copy / "city_parts.geojson", copy / "city_parts.toml"
    before = sha256_of(path)
    frame = gpd.read_file(path).to_crs(METRIC)
    path.unlink()
    frame.to_file(path, driver="GeoJSON", engine="pyogrio", RFC7946="NO")
    card.write_text(card.read_text(encoding="utf-8").replace(before, sha256_of(path)), encoding="utf-8")
    assert ("boundary_crs", "city_parts") in found(copy)


@pytest.mark.parametrize(
    "geometry", [None, {"type": "Point", "coordinates": [14.4, 50.0]}, {"type": "Polygon", "coordinates": []}]
)
def test_what_is_no_polygon_is_refused(copy, geometry):
    change(copy, "city_parts", lambda c: c["features"][7].update(geometry=geometry))
    assert ("boundary_geometry_kind", "city_parts") in found(copy)


def test_a_table_without_geometry_is_refused(copy):
    change(copy, "city_parts", lambda c: [f.update(geometry=None) for f in c["features"]])
    assert found(copy) & {("boundary_geometry_kind", "city_parts"), ("boundary_file_unreadable", "city_parts")}


def test_columns_must_be_those_of_the_card(copy):
    change(copy, "cadastral_areas", lambda c: [f["properties"].pop("city_part") for f in c["features"]])
    assert {("boundary_columns", "cadastral_areas"), ("boundary_value", "cadastral_areas")} <= found(copy)


def test_divisions_must_fit_each_other(copy):
    def swap_districts(collection):
        features = collection["features"]
        features[0]["geometry"], features[1]["geometry"] = features[1]["geometry"], features[0]["geometry"]

    def swap_seats(collection):
        first, second = (f["properties"] for f in collection["features"][2:4])
        first["seat"], second["seat"] = second["seat"], first["seat"]

    change(copy, "admin_districts", swap_districts)
    change(copy, "admin_districts", swap_seats)
    change(copy, "cadastral_areas", lambda c: c["features"][0]["properties"].update(city_part="599999"))
    assert sorted((p.code, p.value) for p in problems(copy)) == [
        ("boundary_district_not_union", "1"),
        ("boundary_district_not_union", "2"),
        ("boundary_unknown_city_part", "3: 500119"),
        ("boundary_unknown_city_part", "4: 500097"),
        ("boundary_unknown_city_part", "601527: 599999"),
    ]
