"""Files of all places on their way out: what is in them, and that nothing of them stays on the disk."""

import csv
import gzip
import io

import pyogrio
import pytest

from actions.training import INVENTED_SETTING
from api import process
from api.export_files import FOLDER, ExportFile, remove_left_behind
from domain.errors import StoreError
from domain.geometry import LonLat
from domain.place import LocatedPlace, PlaceDraft
from domain.roles import Role
from store import LOCAL_ORGANISATION_ID
from tests.store.people import new_id

GPKG, CSV = "/api/v1/exports/places.gpkg?lang=cs", "/api/v1/exports/places.csv?lang=cs"


@pytest.fixture
def places(routes):
    """Store five places of the local organisation, one without a position."""
    for number in range(5):
        draft = PlaceDraft(
            id=new_id(), kind="ubytovna", name=f"Místo {number}",
            position=LonLat(lon=14.4378 + number / 1000, lat=50.0755) if number else None, city_part="500089",
        )  # fmt: skip
        located = LocatedPlace(draft=draft, city_part="500089", admin_district=2, cadastral_area=None)
        process.store().places.add(located, process.local_actor())


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr("actions.place_reader.PAGE_ROWS", 2)


def table(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def opened(response, tmp_path):
    path = tmp_path / "got.gpkg"
    path.write_bytes(response.content)
    return pyogrio.read_dataframe(path)


def test_the_geopackage_holds_what_the_table_holds(routes, bearer, places, tmp_path):
    answer = routes.get(GPKG, headers=bearer())
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/geopackage+sqlite3"
    assert answer.headers["content-disposition"].endswith('.gpkg"')
    assert answer.headers["cache-control"] == "private, no-store"
    assert int(answer.headers["content-length"]) == len(answer.content)
    read = opened(answer, tmp_path)
    rows = table(routes.get(CSV, headers=bearer()))
    assert read["name"].tolist() == [row["Název"] for row in rows] == [f"Místo {number}" for number in range(5)]
    assert read["kind"].tolist() == [row["Druh místa"] for row in rows]
    assert [geometry is None for geometry in read.geometry] == [True, False, False, False, False]
    assert [row["zeměpisná délka"] == "" for row in rows] == [True, False, False, False, False]
    assert {LOCAL_ORGANISATION_ID, *(place.id for place in process.store().places.find())}.isdisjoint(
        read.astype(str).to_numpy().ravel()
    )


def test_the_same_filter_as_on_the_map(routes, bearer, places, tmp_path):
    assert opened(routes.get(f"{GPKG}&kind=trznice", headers=bearer()), tmp_path).empty
    assert routes.get(f"{GPKG}&kind=nothing", headers=bearer()).status_code == 400


def test_training_data_are_marked(routes, bearer, places, tmp_path):
    process.store().settings.set(INVENTED_SETTING, value=True, actor=process.local_actor())
    assert opened(routes.get(GPKG, headers=bearer()), tmp_path)["invented"].tolist() == ["ano"] * 5
    assert [row["smyšlená data"] for row in table(routes.get(CSV, headers=bearer()))] == ["ano"] * 5


def test_every_file_stands_in_the_audit_log_and_none_on_the_disk(routes, bearer, places, data_dir):
    routes.get(GPKG, headers=bearer())
    (row,) = process.store().audit.rows(entity="layer")
    assert (row.action, row.entity_id) == ("export", "places")
    assert list((data_dir / FOLDER).iterdir()) == []


def test_another_organisation_gets_areas_only(routes, bearer, places, tmp_path):
    answer = routes.get(GPKG, headers=bearer(Role.COORDINATOR, organisation_id="stranger"))
    assert answer.status_code == 200
    read = opened(answer, tmp_path)
    assert read["name"].isna().all()
    assert b"M\xc3\xadsto 3" not in answer.content
    assert read["places"].tolist() == ["5"]
    assert read["precision"].tolist() == ["jen městská část; značka není poloha"]
    assert [geometry is None for geometry in read.geometry] == [True]


def test_only_layers_without_an_end_have_such_a_file(routes, bearer):
    assert routes.get("/api/v1/exports/city_parts.gpkg", headers=bearer()).status_code == 404
    assert routes.get("/api/v1/exports/nothing.gpkg", headers=bearer()).status_code == 404


def test_one_file_at_a_time(routes, bearer, places, data_dir):
    with ExportFile(data_dir, "x"):
        answer = routes.get(GPKG, headers=bearer())
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "export_busy")
    assert "Zkuste to" in answer.json()["error"]["message"]
    assert routes.get(GPKG, headers=bearer()).status_code == 200


def test_a_file_that_cannot_be_made_is_said_in_a_sentence(routes, bearer, places, data_dir):
    (data_dir / FOLDER).write_text("in the way")
    answer = routes.get(GPKG, headers=bearer())
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "export_not_written")
    assert process.store().audit.rows(entity="layer") == []
    (data_dir / FOLDER).unlink()
    assert routes.get(GPKG, headers=bearer()).status_code == 200


def test_what_cannot_be_audited_is_neither_sent_nor_kept(routes, bearer, places, data_dir, monkeypatch):
    def refuse(*_args, **_more):
        raise StoreError("disk_full")

    monkeypatch.setattr(process.store().events, "note", refuse)
    for address in (GPKG, CSV):
        answer = routes.get(address, headers=bearer())
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "disk_full")
    assert list((data_dir / FOLDER).iterdir()) == []


def test_the_table_of_places_is_packed_as_it_is_sent(routes, bearer, places):
    plain = routes.get(CSV, headers={**bearer(), "Accept-Encoding": "identity"})
    packed = routes.get(CSV, headers={**bearer(), "Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert len(gzip.compress(plain.content)) < len(plain.content)


def test_a_file_outlives_its_name(tmp_path):
    with ExportFile(tmp_path, "a.bin") as made:
        made.path.write_bytes(b"x" * 3_000_000)
        size, pieces = made.taken()
    assert list((tmp_path / FOLDER).iterdir()) == []
    assert (size, b"".join(pieces)) == (3_000_000, b"x" * 3_000_000)


def test_what_a_dead_server_left_goes_and_what_a_living_one_writes_stays(tmp_path):
    remove_left_behind(tmp_path)
    dead = tmp_path / FOLDER / "dead"
    dead.mkdir(parents=True)
    (dead / "places.gpkg").write_bytes(b"exact positions")
    with ExportFile(tmp_path, "a.bin") as made:
        made.path.write_bytes(b"x")
        remove_left_behind(tmp_path)
        assert made.path.read_bytes() == b"x"
    assert list((tmp_path / FOLDER).iterdir()) == []
