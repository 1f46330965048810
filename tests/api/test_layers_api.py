"""`GET /api/v1/layers` and each layer's GeoJSON: what is public, what needs a token, what a browser may keep."""

import gzip
import json

import pytest

from api import process
from domain.roles import Permission, Role, is_permitted
from layers.registry import all_layers
from tests.tools.made_up import record

IDS = {
    "city_parts", "admin_districts", "cadastral_areas", "concentration", "temporary_protection", "metro_stations",
    "public_localities", "services", "cooperation", "places", "labels",
}  # fmt: skip
PUBLIC = sorted(layer.id for layer in all_layers().values() if layer.permission is Permission.SEE_PUBLIC_LAYERS)
COUNTS = {"city_parts": 57, "admin_districts": 22, "cadastral_areas": 112, "concentration": 57, "cooperation": 57}


def features(response):
    assert response.status_code == 200, response.text
    return response.json()["features"]


@pytest.mark.parametrize("lang", ["cs", "en", "uk"])
def test_the_list_holds_every_layer_with_titles_groups_and_roles(routes, lang):
    answer = routes.get(f"/api/v1/layers?lang={lang}").json()
    ids = {layer["id"] for layer in answer["layers"]}
    assert ids == set(all_layers()) >= IDS
    assert IDS - set(PUBLIC) == {"places"}, "of these only the places need a token"
    groups = {group["id"]: group["title"] for group in answer["groups"]}
    assert len(set(groups.values())) == len(groups) == 5
    for layer in answer["layers"]:
        assert layer["group"] in groups
        assert layer["title"] == layer["titles"][lang]
        assert all(layer["titles"][code] for code in ("cs", "en", "uk"))
        assert (layer["role"] == "viewer") == (layer["id"] in PUBLIC)
        assert layer["source"] or layer["id"] not in PUBLIC


def test_the_languages_differ(routes):
    titles = {
        lang: [x["title"] for x in routes.get(f"/api/v1/layers?lang={lang}").json()["layers"]]
        for lang in ("cs", "en", "uk")
    }
    assert titles["cs"] != titles["en"] != titles["uk"]
    assert routes.get("/api/v1/layers?lang=xx").json()["layers"][0]["title"] == titles["cs"][0], "unknown is Czech"


@pytest.mark.parametrize("layer_id", PUBLIC)
def test_a_public_layer_needs_no_token_and_a_token_changes_nothing(routes, bearer, layer_id):
    public = routes.get(f"/api/v1/layers/{layer_id}?zoom=11")
    assert len(features(public)) == COUNTS.get(layer_id, len(features(public)))
    assert features(public)
    assert public.headers["cache-control"] == "public, no-cache"
    assert "authorization" not in public.headers["vary"].lower()
    with_token = routes.get(f"/api/v1/layers/{layer_id}?zoom=11", headers=bearer())
    assert with_token.content == public.content
    assert with_token.headers["etag"] == public.headers["etag"]


@pytest.mark.parametrize("layer_id", PUBLIC)
def test_features_have_stable_ids_and_only_declared_columns(routes, layer_id):
    answer = routes.get(f"/api/v1/layers/{layer_id}?zoom=14").json()
    layer = all_layers()[layer_id]
    ids = [feature["id"] for feature in answer["features"]]
    assert len(set(ids)) == len(ids) == answer["count"]
    declared = {field["column"] for field in answer["fields"]} if answer["fields"] else {f.column for f in layer.fields}
    allowed = declared | {"class", "cluster", "bbox", "min_zoom", layer.style.label_column}
    assert {key for feature in answer["features"] for key in feature["properties"]} <= allowed


@pytest.mark.parametrize(
    ("path", "layer_id"), [("concentration", "city_parts"), ("temporary_protection", "city_parts")]
)
def test_polygons_need_not_travel_twice(routes, path, layer_id):
    assert all_layers()[path].geometry_from == layer_id
    whole = features(routes.get(f"/api/v1/layers/{path}"))
    bare = features(routes.get(f"/api/v1/layers/{path}?geometry=none"))
    ground = {f["id"] for f in features(routes.get(f"/api/v1/layers/{layer_id}"))}
    assert {f["id"] for f in bare} == {f["id"] for f in whole} <= ground
    assert all(f["geometry"] is None for f in bare)
    assert all(f["geometry"] for f in whole)


def test_geometry_cannot_be_left_out_where_nobody_else_has_it(routes):
    assert all(f["geometry"] for f in features(routes.get("/api/v1/layers/city_parts?geometry=none")))


def test_the_etag_spares_the_body_and_gzip_says_the_same(routes):
    plain = routes.get("/api/v1/layers/city_parts", headers={"Accept-Encoding": "identity"})
    again = routes.get("/api/v1/layers/city_parts", headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    weak = routes.get("/api/v1/layers/city_parts", headers={"If-None-Match": f'"x", W/{plain.headers["etag"]}'})
    assert weak.status_code == 304
    other = routes.get("/api/v1/layers/city_parts", headers={"If-None-Match": '"x"'})
    assert other.status_code == 200
    packed = routes.get("/api/v1/layers/city_parts", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert len(gzip.compress(plain.content)) < len(plain.content) / 2


def test_options_change_the_answer_and_its_etag(routes):
    share = routes.get("/api/v1/layers/concentration?geometry=none")
    count = routes.get("/api/v1/layers/concentration?geometry=none&measure=count")
    assert share.headers["etag"] != count.headers["etag"]
    assert share.json()["note"] != count.json()["note"]


def test_nebusice_has_its_share_over_all_inhabitants(routes):
    answer = routes.get("/api/v1/layers/concentration?geometry=none&lang=cs").json()
    nebusice = next(f for f in answer["features"] if f["id"] == "547158")
    value = next(v for v in nebusice["properties"].values() if isinstance(v, float) and 32 < v < 33)
    assert round(value, 1) == 32.4
    assert "2019" in answer["note"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("measure=nothing", "unknown_choice"), ("bbox=1,2,3", "invalid_bbox"), ("bbox=a,b,c,d", "invalid_bbox"),
        ("bbox=nan,1,2,3", "invalid_bbox"), ("bbox=15,50,14,51", "invalid_bbox"), ("bbox=inf,inf,inf,inf", "invalid_bbox"),
        ("zoom=23", "invalid_zoom"), ("zoom=-1", "invalid_zoom"), ("zoom=x", "invalid_zoom"), ("zoom=1e999", "invalid_zoom"),
        ("zoom=nan", "invalid_zoom"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["cs", "en", "uk"])
def test_a_wrong_parameter_is_refused_with_a_sentence(routes, query, code, lang):
    response = routes.get(f"/api/v1/layers/concentration?{query}&lang={lang}")
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == code
    assert " " in error["message"]
    assert code.replace("_", "-") not in error["message"]
    assert response.headers["cache-control"] == "no-store"


def test_an_unknown_layer_is_404_and_its_name_comes_back_as_data(routes):
    response = routes.get("/api/v1/layers/%3Cscript%3E?lang=cs")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/json"
    assert response.json()["error"]["code"] == "unknown_layer"


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/nothing", "/api/v2/layers", "/api/v1/layers/city_parts/more"]
)
def test_an_unknown_address_is_json_and_not_the_page(routes, path):
    response = routes.get(path)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "unknown_route"


def test_places_need_a_token_that_is_whole(routes, bearer):
    record(process.store(), 14.45, 50.05, name="Vymyšlená ubytovna")
    address = "/api/v1/layers/places?lang=cs"
    assert routes.get(address).json()["error"]["code"] == "token_missing"
    for header in (
        {"Authorization": "Bearer forged"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer " + "x" * 9000},
    ):
        response = routes.get(address, headers=header)
        assert (response.status_code, response.json()["error"]["code"]) == (401, "token_invalid")
    refused = routes.get(address, headers=bearer(Role.VIEWER))
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_permitted")
    allowed = routes.get(address, headers=bearer())
    assert [f["properties"]["name"] for f in features(allowed)] == ["Vymyšlená ubytovna"]
    assert allowed.headers["cache-control"] == "private, no-store"
    assert "authorization" in allowed.headers["vary"].lower()


@pytest.mark.parametrize("role", list(Role))
def test_a_foreign_reader_never_gets_name_or_position(routes, bearer, role):
    record(process.store(), 14.45678, 50.05678, name="Vymyšlená ubytovna")
    response = routes.get("/api/v1/layers/places?zoom=18", headers=bearer(role, organisation_id="somebody-else"))
    assert "Vymyšlená" not in response.text
    assert "14.45678" not in response.text
    allowed = is_permitted(role, Permission.SEE_PLACES)
    assert response.status_code == (200 if allowed else 403)


def test_a_new_place_is_in_the_next_answer(routes, bearer):
    store = process.store()
    first = routes.get("/api/v1/layers/places", headers=bearer())
    record(store, 14.45, 50.05, name="Nové")
    second = routes.get("/api/v1/layers/places", headers={**bearer(), "If-None-Match": first.headers["etag"]})
    assert (len(features(first)), len(features(second))) == (0, 1)
    assert routes.get("/api/v1/health").json()["data_version"] == store.data_version() > 0


def test_two_readers_never_share_an_answer(routes, bearer):
    record(process.store(), 14.45, 50.05, name="Nové")
    own = routes.get("/api/v1/layers/places", headers=bearer())
    other = routes.get("/api/v1/layers/places", headers=bearer(organisation_id="somebody-else"))
    assert len(features(own)) == 1
    assert "Nové" not in other.text


@pytest.mark.parametrize("hostile", ["</script><script>alert(1)</script>", "\"quoted\" & \\ 'x'", "＜b＞ 𝔘 \u0301"])
def test_texts_travel_as_json_and_come_back_whole(routes, bearer, hostile):
    record(process.store(), city_part="547158", kind="jina", name=hostile, note="řádek\ndruhý")
    response = routes.get("/api/v1/layers/places", headers=bearer())
    assert response.headers["content-type"] == "application/json"
    assert json.loads(response.content)["features"][0]["properties"]["name"] == hostile


def test_health_strings_and_methods(routes):
    health = routes.get("/api/v1/health")
    assert health.json()["status"] == "ok"
    assert health.headers["cache-control"] == "no-store"
    strings = {lang: routes.get(f"/api/v1/strings?lang={lang}").json() for lang in ("cs", "en", "uk")}
    assert strings["cs"].keys() == strings["en"].keys() == strings["uk"].keys()
    assert strings["cs"]["js-layers"] == "Vrstvy"
    assert routes.post("/api/v1/layers").status_code in {404, 405}
