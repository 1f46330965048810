"""What lies under the layers: online tiles only when switched on, streets from a file in DATA_DIR."""

import json
import sqlite3

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point

from api import process
from api.base_map import check_tile_url, local_file
from domain.errors import InvalidValueError
from tests.tools.made_up import ACTOR

PNG = b"\x89PNG\r\n\x1a\n rest"


def base(routes):
    return routes.get("/api/v1/base").json()


def setting(**values):
    for key, value in values.items():
        process.store().settings.set(key, value, actor=ACTOR)


def write_tiles(data_dir, rows):
    process.store()
    path = data_dir / "streets.mbtiles"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        connection.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    connection.close()
    return path


def write_streets(data_dir, **options):
    process.store()
    frame = gpd.GeoDataFrame(
        {"name": ["Zkušební", "", "Daleká"]},
        geometry=[
            LineString([(14.44, 50.05), (14.45, 50.06)]), LineString([(14.44, 50.06), (14.45, 50.05)]),
            LineString([(14.60, 50.10), (14.61, 50.10)]),
        ],
        crs="EPSG:4326",
    )  # fmt: skip
    frame.to_crs(options.pop("crs", "EPSG:4326")).to_file(data_dir / options.pop("file", "streets.gpkg"))


def test_nothing_is_asked_of_the_network_by_default(routes):
    assert base(routes) == {"tiles": None, "streets": "none"}


def test_openstreetmap_and_an_own_address_are_named_with_their_credit(routes):
    setting(tiles="openstreetmap")
    tiles = base(routes)["tiles"]
    assert tiles["url"].startswith("https://tile.openstreetmap.org/")
    assert "OpenStreetMap" in tiles["attribution"]
    setting(tiles="own", tiles_url="https://tiles.example/{z}/{x}/{y}.png", tiles_attribution="<b>kdo</b>")
    assert base(routes)["tiles"] == {
        "url": "https://tiles.example/{z}/{x}/{y}.png", "attribution": "<b>kdo</b>", "max_zoom": 19,
    }  # fmt: skip
    setting(tiles_url="")
    assert base(routes)["tiles"] is None, "an own address that is empty is none"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)//{z}{x}{y}",
        "ftp://a/{z}/{x}/{y}",
        "https:///{z}/{x}/{y}",
        "https://a/{z}/{x}",
        "",
        "//a/{z}/{x}/{y}",
    ],
)
def test_an_address_that_is_no_tile_address_is_refused(url):
    with pytest.raises(InvalidValueError, match="invalid_tile_url"):
        check_tile_url(url)


def test_raster_tiles_of_a_local_file(routes, data_dir):
    write_tiles(data_dir, [(1, 0, 1, PNG), (1, 1, 1, b"<svg onload=alert(1)>")])
    answer = base(routes)
    assert answer["streets"] == "raster"
    assert answer["tiles"]["url"] == "/api/v1/tiles/{z}/{x}/{y}"
    tile = routes.get("/api/v1/tiles/1/0/0")
    assert (tile.status_code, tile.headers["content-type"], tile.content) == (200, "image/png", PNG)
    assert routes.get("/api/v1/tiles/1/0/1").status_code == 404, "rows are counted from the south in the file"
    assert routes.get("/api/v1/tiles/1/1/0").status_code == 404, "what is no picture is not handed out"
    assert routes.get("/api/v1/tiles/20/0/0").status_code == 404
    assert routes.get("/api/v1/tiles/1/-1/0").status_code == 404
    assert routes.get("/api/v1/tiles/9999999999/0/0").status_code == 404


def test_online_tiles_win_over_the_local_file(routes, data_dir):
    write_tiles(data_dir, [])
    setting(tiles="openstreetmap")
    assert base(routes)["tiles"]["url"].startswith("https://tile.openstreetmap.org/")
    assert base(routes)["streets"] == "raster"


@pytest.mark.parametrize(
    ("file", "crs"),
    [("streets.gpkg", "EPSG:4326"), ("streets.geojson", "EPSG:4326"), ("streets-praha.gpkg", "EPSG:5514")],
)
def test_streets_of_a_local_file_in_any_crs(routes, data_dir, file, crs):
    write_streets(data_dir, file=file, crs=crs)
    assert base(routes) == {"tiles": None, "streets": "vector"}
    answer = routes.get("/api/v1/streets?bbox=14.43,50.04,14.46,50.07").json()
    assert [f["properties"]["name"] for f in answer["features"]] == ["Zkušební", ""]
    x, y = answer["features"][0]["geometry"]["coordinates"][0]
    assert (x, y) == pytest.approx((14.44, 50.05), abs=1e-5)


def test_a_changed_file_is_read_anew(routes, data_dir):
    write_streets(data_dir, file="streets.geojson")
    assert len(routes.get("/api/v1/streets?bbox=14,50,15,51").json()["features"]) == 3
    feature = {
        "type": "Feature",
        "properties": {"name": "<img src=x onerror=alert(1)>"},
        "geometry": {"type": "LineString", "coordinates": [[14.4, 50.05], [14.5, 50.05]]},
    }
    (data_dir / "streets.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    response = routes.get("/api/v1/streets?bbox=14,50,15,51")
    assert [f["properties"]["name"] for f in response.json()["features"]] == ["<img src=x onerror=alert(1)>"]
    assert response.headers["content-type"] == "application/json"


@pytest.mark.parametrize(("query", "status", "code"), [("", 404, "no_streets"), ("?bbox=1,2", 404, "no_streets")])
def test_without_a_file_there_are_no_streets(routes, query, status, code):
    response = routes.get(f"/api/v1/streets{query}")
    assert response.status_code in {status, 400}
    assert response.json()["error"]["code"] in {code, "invalid_bbox"}


def test_a_broken_file_gets_a_sentence_and_not_a_crash(routes, data_dir):
    process.store()
    (data_dir / "streets.gpkg").write_bytes(b"not a geopackage")
    response = routes.get("/api/v1/streets?bbox=14,50,15,51&lang=cs")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "streets_unreadable"
    assert "streets.gpkg" in response.json()["error"]["message"]
    gpd.GeoDataFrame(geometry=[Point(14.4, 50.1)], crs="EPSG:4326").to_file(data_dir / "streets.gpkg")
    assert routes.get("/api/v1/streets?bbox=14,50,15,51").json()["error"]["code"] == "streets_without_lines"


def test_a_broken_file_of_streets_does_not_break_the_search(routes, data_dir):
    process.store()
    (data_dir / "streets.gpkg").write_bytes(b"not a geopackage")
    response = routes.get("/api/v1/search?q=libus")
    assert response.status_code == 200
    assert response.json()["results"][0]["id"] == "547051"


def test_a_broken_tile_file_gets_404_and_not_a_crash(routes, data_dir):
    process.store()
    (data_dir / "streets.mbtiles").write_bytes(
        b"not a database at all, only text that is long enough to be read as a header" * 3
    )
    response = routes.get("/api/v1/tiles/1/0/0")
    assert response.status_code in {400, 404}
    assert response.json()["error"]["code"]


def test_only_files_of_that_name_are_taken(tmp_path):
    for name in ("roads.gpkg", "streets.txt", "streets.GPKG"):
        (tmp_path / name).write_bytes(b"")
    assert local_file(tmp_path, (".gpkg",)).name == "streets.GPKG"
    assert local_file(tmp_path, (".mbtiles",)) is None
