"""A local street file: any declared CRS, names in any usual column, searched without diacritics."""

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point

from domain.errors import DataFileError
from domain.geometry import BBox
from geo.streets import read_streets

LINES = [
    ("Žitná", LineString([(14.42, 50.07), (14.43, 50.07)])),
    ("Zítřejší", LineString([(14.50, 50.10), (14.51, 50.10)])),
    ("Žitná", LineString([(14.43, 50.07), (14.44, 50.071)])),
    (None, LineString([(14.45, 50.05), (14.46, 50.05)])),
]


@pytest.fixture(params=[("streets.geojson", 4326, "name"), ("streets.gpkg", 5514, "nazev")], ids=lambda p: p[0])
def street_file(request, tmp_path):
    name, epsg, column = request.param
    frame = gpd.GeoDataFrame(
        {column: [text for text, _ in LINES]}, geometry=[line for _, line in LINES], crs=4326
    ).to_crs(epsg)
    frame.to_file(tmp_path / name)
    return tmp_path / name


def test_names_are_found_without_diacritics_and_joined(street_file):
    streets = read_streets(street_file)
    found = streets.search("zit")
    assert [name for name, _ in found] == ["Zítřejší", "Žitná"]
    zitna = dict(found)["Žitná"]
    assert (zitna.minx, zitna.maxx) == (pytest.approx(14.42, abs=1e-4), pytest.approx(14.44, abs=1e-4))
    assert streets.search("") == []
    assert streets.search("nic takového") == []


def test_a_box_cuts_and_the_longest_are_kept(street_file):
    streets = read_streets(street_file)
    box = BBox(minx=14.41, miny=50.06, maxx=14.45, maxy=50.08)
    assert list(streets.within(box)["name"]) == ["Žitná", "Žitná"]
    everything = BBox(minx=14, miny=49, maxx=15, maxy=51)
    assert len(streets.within(everything)) == 4
    assert len(streets.within(everything, limit=1)) == 1


def test_a_file_without_names_still_draws(tmp_path):
    gpd.GeoDataFrame(geometry=[LINES[0][1]], crs=4326).to_file(tmp_path / "streets.geojson")
    assert list(read_streets(tmp_path / "streets.geojson").frame["name"]) == [""]


def test_a_broken_or_empty_file_is_refused_with_a_code(tmp_path):
    broken = tmp_path / "streets.gpkg"
    broken.write_bytes(b"not a database")
    with pytest.raises(DataFileError) as refused:
        read_streets(broken)
    assert refused.value.code == "streets_unreadable"
    points = tmp_path / "streets.geojson"
    gpd.GeoDataFrame({"name": ["x"]}, geometry=[Point(14.4, 50.1)], crs=4326).to_file(points)
    with pytest.raises(DataFileError) as refused:
        read_streets(points)
    assert refused.value.code == "streets_without_lines"
