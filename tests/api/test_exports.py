"""The routes that hand out files: what is in them, who gets them, and what the audit log knows."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image
from shapely.geometry import Point
from starlette.applications import Starlette

from api import exports, process
from api.exports import export_routes
from api.tokens import Bearer, make_token
from domain.errors import InvalidValueError, NotFoundError, StoreError
from domain.roles import Clearance, Permission, Role
from domain.text import Text
from layers.contract import Choice, Features, Field, GeometryKind, Group, Option, Readers
from store import LOCAL_ORGANISATION_ID
from tests.layers.hostile_texts import HOSTILE
from tests.layers.sample_view import city_view, dataset, frame, make_layer, same
from tests.tools.asgi import Client

DAY = date(2026, 11, 21)
MEASURE = Option(
    id="measure",
    label=Text(cs="Míra", en="Measure", uk="Показник"),
    choices=(
        Choice(value="share", label=Text(cs="podíl", en="share", uk="частка")),
        Choice(value="count", label=Text(cs="počet", en="count", uk="кількість")),
    ),
    default="share",
)
SHARES = replace(
    city_view().layers[0].layer, group=Group.CONCENTRATION, options=(MEASURE,), shown_by_default=True, id="shares"
)
LABELS = replace(city_view().layers[3].layer, group=Group.BOUNDARIES, id="names", shown_by_default=True)
SECRET = make_layer(
    "secret",
    GeometryKind.POINT,
    text="Vlastní místa",
    permission=Permission.SEE_PLACES,
    shown_by_default=True,
    depends_on_view=True,
    fields=(Field(column="name", label=same("Název")),),
)
LAYERS = {layer.id: layer for layer in (SHARES, LABELS, SECRET)}


class Harness:
    """The routes over made-up layers; remembers what was loaded and what was told."""

    def __init__(self):
        self.loaded = []
        self.told = []
        self.names = ["Ubytovna"]
        self.refuse = None

    def load(self, layer, params, clearance):
        self.loaded.append((layer.id, dict(params), clearance.role))
        if layer.id == "secret":
            points = [Point(14.45 + i / 1000, 50.08) for i in range(len(self.names))]
            return Features(frame=frame({"name": self.names}, points))
        return next(r.features for r in city_view().layers if r.layer.id == layer.id)

    def on_export(self, layer_ids, bearer):
        if self.refuse:
            raise self.refuse
        self.told.append((tuple(layer_ids), bearer.clearance.role))


@pytest.fixture
def harness():
    return Harness()


@pytest.fixture
def client(harness, monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    process.forget_process_state()

    def get_layer(layer_id):
        if layer_id not in LAYERS:
            raise NotFoundError("unknown_layer", id=layer_id)
        return LAYERS[layer_id]

    # No store is opened for layers that read none; the audit log has a test of its own.
    monkeypatch.setattr(process, "is_training", lambda: False)
    monkeypatch.setattr(exports, "readers", Readers)
    monkeypatch.setattr(exports, "get_layer", get_layer)
    monkeypatch.setattr(exports, "all_layers", lambda: LAYERS)
    routes = export_routes(load=harness.load, on_export=harness.on_export, today=lambda: DAY)
    yield Client(Starlette(routes=routes))
    process.forget_process_state()


def bearer(role):
    token = make_token(Clearance(role=role, organisation_id=LOCAL_ORGANISATION_ID), secret=process.signing_secret())
    return {"Authorization": f"Bearer {token}"}


def view_data(response):
    return json.loads(re.search(r'id="view-data">(.*?)</script>', response.text, re.DOTALL)[1])


def test_the_map_as_one_page(client, harness):
    response = client.get("/api/v1/exports/map.html?layers=shares,names&lang=cs&bbox=14.3,50,14.5,50.1")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="bila-mista-mapa-2026-11-21.html"'
    assert response.headers["x-content-type-options"] == "nosniff"
    data = view_data(response)
    assert [layer["id"] for layer in data["layers"]] == ["shares", "names"]
    assert data["title"] == "Bílá místa: Podíl cizinců"
    assert data["bbox"] == [14.3, 50, 14.5, 50.1]
    assert data["layers"][0]["choices"] == "", "the default is said by the layer's own note"
    assert "Export z 21.\u00a011.\u00a02026" in response.text
    assert harness.told == []


@pytest.mark.parametrize(
    ("lang", "title"),
    [("cs", "Bílá místa: mapa Prahy"), ("en", "Bílá místa: map of Prague"), ("uk", "Bílá místa: карта Праги")],
)
def test_a_map_of_boundaries_alone_has_a_plain_title(client, lang, title):
    assert view_data(client.get(f"/api/v1/exports/map.html?layers=names&lang={lang}"))["title"] == title


def test_options_go_to_their_layer_alone(client, harness):
    response = client.get(
        "/api/v1/exports/map.html?layers=shares,secret&shares.measure=count&bbox=14,50,15,51&zoom=12&other.x=1",
        headers=bearer(Role.COORDINATOR),
    )
    assert response.status_code == 200
    assert harness.loaded == [
        ("shares", {"measure": "count"}, Role.VIEWER),
        ("secret", {"bbox": "14,50,15,51", "zoom": "12"}, Role.COORDINATOR),
    ]
    assert view_data(response)["layers"][1]["choices"] == "Míra: počet"


def test_asked_for_nothing_the_public_default_layers_come(client):
    data = view_data(client.get("/api/v1/exports/map.html", headers=bearer(Role.COORDINATOR)))
    assert {layer["id"] for layer in data["layers"]} == {"shares", "names"}


@pytest.mark.parametrize(("file_format", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF-"), ("svg", b"<svg ")])
def test_the_map_as_a_picture(client, file_format, start):
    response = client.get(f"/api/v1/exports/map.{file_format}?layers=shares&width=700&height=500")
    assert response.status_code == 200
    assert response.content.startswith(start)
    assert response.headers["content-disposition"].endswith(f'mapa-2026-11-21.{file_format}"')
    if file_format == "png":
        assert Image.open(io.BytesIO(response.content)).size == (700, 500)


def test_the_picture_has_a_size_by_itself(client):
    assert Image.open(io.BytesIO(client.get("/api/v1/exports/map.png?layers=names").content)).size == (1600, 1000)


@pytest.mark.parametrize("size", ["0", "-1", "319", "4001", "99999999999", "1e3", "x", "٣٢٠", "500.5"])
def test_a_size_that_cannot_be_is_refused(client, size):
    response = client.get("/api/v1/exports/map.png", params={"layers": "names", "width": size, "lang": "cs"})
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "invalid_picture_size"
    assert error["message"].startswith("Obrázek musí mít na šířku i\u00a0na výšku 320 až 4000 bodů, ne ")


def test_the_table(client):
    response = client.get("/api/v1/exports/shares.csv?measure=count&lang=cs")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="bila-mista-shares-2026-11-21.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 58
    assert rows[0][:2] == ["Městská část", "Podíl"]
    assert rows[1][rows[0].index("poznámka k vrstvě")].startswith("Míra: počet. Podíl")


@pytest.mark.parametrize("path", ["map.html?layers=nothing", "nothing.csv", "map.png?layers=names,nothing"])
def test_an_unknown_layer_is_not_found(client, path):
    response = client.get(f"/api/v1/exports/{path}")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "unknown_layer"


@pytest.mark.parametrize("query", ["shares.measure=nothing", "bbox=1,2", "bbox=x"])
def test_a_wrong_parameter_is_refused(client, query):
    response = client.get(f"/api/v1/exports/map.html?layers=shares&{query}")
    assert response.status_code == 400
    assert response.json()["error"]["code"] in {"unknown_choice", "invalid_bbox"}


INTERNAL = [
    "map.html?layers=secret",
    "map.png?layers=names,secret",
    "map.svg?layers=secret",
    "map.pdf?layers=secret",
    "secret.csv",
]


@pytest.mark.parametrize("path", INTERNAL)
def test_internal_layers_need_a_token_and_the_permission_to_export(client, harness, path):
    address = f"/api/v1/exports/{path}"
    assert client.get(address).status_code == 401
    assert client.get(address, headers={"Authorization": "Bearer forged"}).status_code == 401
    for role in Role:
        response = client.get(address, headers=bearer(role))
        # admin and participant see places and may not carry them out.
        allowed = role in {Role.FIELD_WORKER, Role.COORDINATOR}
        assert response.status_code == (200 if allowed else 403), role
        assert response.headers["cache-control"] in {"private, no-store", "no-store"}
        if not allowed:
            assert "Ubytovna" not in response.text
    assert [role for _, role in harness.told] == [Role.FIELD_WORKER, Role.COORDINATOR]
    assert {ids for ids, _ in harness.told} == {("secret",)}


@pytest.mark.parametrize("path", INTERNAL)
def test_what_cannot_be_audited_is_not_sent(client, harness, path):
    harness.refuse = StoreError("database_damaged")
    response = client.get(f"/api/v1/exports/{path}", headers=bearer(Role.COORDINATOR))
    assert response.status_code == 503
    assert "Ubytovna" not in response.text


def test_a_failed_load_is_told_to_nobody(client, harness, monkeypatch):
    monkeypatch.setattr(harness, "on_export", lambda *_: pytest.fail("nothing was exported"))
    assert (
        client.get("/api/v1/exports/map.png?layers=secret&width=1", headers=bearer(Role.COORDINATOR)).status_code == 400
    )


def test_the_audit_log_names_layer_and_account(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    process.forget_process_state()
    try:
        before = process.store().data_version()
        exports.audit_export(("secret", "other"), Bearer(clearance=process.local_clearance()))
        rows = process.store().audit.rows(entity="layer")
        assert [(row.action, row.entity_id) for row in reversed(rows)] == [("export", "secret"), ("export", "other")]
        assert {row.organisation_id for row in rows} == {LOCAL_ORGANISATION_ID}
        assert process.store().audit.verify() == []
        assert process.store().data_version() == before, "looking changes no data"
    finally:
        process.forget_process_state()


@pytest.mark.parametrize("path", ["map.html?layers=names", "names.csv", "map.png?layers=names&width=400&height=400"])
def test_the_same_file_is_not_sent_twice(client, path):
    first = client.get(f"/api/v1/exports/{path}")
    assert first.headers["cache-control"] == "public, no-cache"
    again = client.get(f"/api/v1/exports/{path}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    packed = client.get(f"/api/v1/exports/{path}", headers={"Accept-Encoding": "gzip"})
    assert packed.content == first.content
    assert ("content-encoding" in packed.headers) == ("png" not in path)


def test_training_data_are_marked_in_every_file(client, monkeypatch):
    monkeypatch.setattr(process, "is_training", lambda: True)
    assert "Školení: všechna místa jsou vymyšlená" in client.get("/api/v1/exports/map.html?layers=names").text
    assert 'id="banner"' in client.get("/api/v1/exports/map.svg?layers=names").text
    assert "smyšlená data" in client.get("/api/v1/exports/names.csv").text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_parameters_reach_neither_header_nor_page(client, text):
    query = {"layers": f"names,{text}", "lang": text, "names.x": text}
    response = client.get("/api/v1/exports/map.html", params=query)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/json"
    response = client.get(
        "/api/v1/exports/map.html", params={"layers": "names", "lang": text, "title": text, text: text}
    )
    assert response.headers["content-disposition"] == 'attachment; filename="bila-mista-mapa-2026-11-21.html"'
    assert response.text == client.get("/api/v1/exports/map.html?layers=names").text


def test_only_reading_is_allowed(client):
    assert client.post("/api/v1/exports/names.csv").status_code == 405


def test_wrong_values_raise_the_domain_error():
    with pytest.raises(InvalidValueError):
        exports._pixels({"width": "abc"}, "width", 100)
    assert exports._pixels({}, "width", 100) == 100


def test_a_dataset_without_a_date_leaves_the_cell_empty(client, harness, monkeypatch):
    features = Features(frame=frame({"name": ["a"]}, [None]), source=dataset(reference_date=None, does_not_count=None))
    monkeypatch.setattr(harness, "load", lambda *_: features)
    client.app.router.routes[:] = export_routes(load=harness.load, on_export=harness.on_export, today=lambda: DAY)
    rows = list(
        csv.reader(io.StringIO(client.get("/api/v1/exports/names.csv").content.decode("utf-8-sig")), delimiter=";")
    )
    assert rows[1][rows[0].index("stav k")] == ""
    assert rows[1][rows[0].index("nezahrnuje")] == ""
