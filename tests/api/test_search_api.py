"""`GET /api/v1/search`: what is found, in which order, and for whom."""

import json

import pytest

from api import process
from tests.layers.hostile_texts import HOSTILE
from tests.tools.made_up import record


@pytest.fixture
def search(routes):
    def ask(text, lang="cs", **options):
        response = routes.request("GET", "/api/v1/search", params={"q": text, "lang": lang}, **options)
        assert response.status_code == 200
        return response.json()["results"]

    return ask


@pytest.mark.parametrize("text", ["libus", "Libuš", "LIBUŠ", "  libuš ", "praha-libus"])
def test_libus_is_found_with_and_without_diacritics(search, text):
    first = search(text)[0]
    assert (first["kind"], first["layer"], first["id"]) == ("city_part", "city_parts", "547051")
    assert first["bbox"][0] < first["lon"] < first["bbox"][2]
    assert first["bbox"][1] < first["lat"] < first["bbox"][3]


@pytest.mark.parametrize(
    ("text", "kind", "layer"),
    [
        ("písnice", "cadastral_area", "cadastral_areas"), ("nusle", "cadastral_area", "cadastral_areas"),
        ("florenc", "station", "metro_stations"), ("praha 22", "admin_district", "admin_districts"),
        ("icp", "service", "services"),
    ],
)  # fmt: skip
def test_every_kind_is_found(search, text, kind, layer):
    found = [hit for hit in search(text) if hit["kind"] == kind]
    assert found
    assert {hit["layer"] for hit in found} == {layer}


@pytest.mark.parametrize(("lang", "word"), [("cs", "městská část"), ("en", "city part"), ("uk", "")])
def test_the_detail_speaks_the_language(search, lang, word):
    detail = search("libus", lang)[0]["detail"]
    assert detail
    assert word in detail.lower()
    assert not detail.startswith("search-kind")


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "qqqqq"])
def test_nothing_is_found_for_nothing(search, text):
    assert search(text) == []


def test_at_most_twenty_and_those_that_begin_so_come_first(search):
    hits = search("a")
    assert len(hits) == 20
    parts = [hit["label"] for hit in search("praha 1") if hit["kind"] == "city_part"]
    assert parts[:3] == ["Praha 1", "Praha 10", "Praha 11"]
    assert parts[-1] == "Praha 19"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_are_only_looked_for(search, routes, hostile):
    answer = routes.request("GET", "/api/v1/search", params={"q": hostile})
    assert answer.headers["content-type"] == "application/json"
    assert isinstance(answer.json()["results"], list)


@pytest.mark.parametrize("text", ["%", "_", "'", "\\", "x" * 50_000, "*", '"', "a%' OR '1'='1"])
def test_signs_of_a_query_language_mean_nothing(search, bearer, text):
    record(process.store(), 14.45, 50.05, name="Zkušební")
    assert all(hit["label"] != "Zkušební" for hit in search(text, headers=bearer()))


def test_own_places_only_with_a_token(search, bearer, routes):
    record(process.store(), 14.45, 50.05, name="Dům u zkoušky")
    assert search("dum u zk") == []
    (hit,) = search("dum u zk", headers=bearer())
    assert (hit["kind"], hit["layer"], hit["label"]) == ("place", "places", "Dům u zkoušky")
    assert (hit["lon"], hit["lat"]) == (14.45, 50.05)
    assert search("dum u zk", headers=bearer(organisation_id="somebody-else")) == []
    private = routes.request("GET", "/api/v1/search", params={"q": "x"}, headers=bearer())
    assert private.headers["cache-control"] == "private, no-store"
    assert routes.get("/api/v1/search?q=x").headers["cache-control"] == "public, no-cache"
    assert routes.request("GET", "/api/v1/search?q=x", headers={"Authorization": "Bearer no"}).status_code == 401


def test_streets_of_a_local_file_are_found(search, data_dir):
    process.store()
    line = {"type": "LineString", "coordinates": [[14.44, 50.05], [14.45, 50.06]]}
    feature = {"type": "Feature", "properties": {"name": "Zkušební ulice"}, "geometry": line}
    (data_dir / "streets.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    (hit,) = search("zkusebni")
    assert (hit["kind"], hit["label"], hit["layer"]) == ("street", "Zkušební ulice", None)
    assert hit["bbox"] == [14.44, 50.05, 14.45, 50.06]
