"""The app on PostgreSQL: two servers on one database, the database away, local mode kept out of a shared one."""

import json
import time
import urllib.error
import urllib.request

import pytest
import uuid_utils

from api import layers, process
from api.responses import pack
from api.tokens import make_token
from domain.errors import ConfigurationError
from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceDraft
from domain.roles import Clearance, Role
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, OPERATOR_ACCOUNT_ID, open_store
from tests.tools.server import running_app

ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
OPERATOR = Actor(account_id=OPERATOR_ACCOUNT_ID, organisation_id=OPERATOR_ACCOUNT_ID)


@pytest.fixture
def home(tmp_path, clusters, monkeypatch):
    made = clusters.home("postgresql", tmp_path / "data")
    monkeypatch.setenv("DATA_DIR", str(made.data_dir))
    monkeypatch.setenv("DATABASE_URL", made.database_url)
    process.forget_process_state()
    yield made
    process.forget_process_state()
    made.remove()


def ask(app, path, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{app}{path}", headers=headers), timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def place(name):
    draft = PlaceDraft(
        id=str(uuid_utils.uuid7()), kind="ubytovna", name=name, position=LonLat(lon=14.4378, lat=50.0755)
    )
    return LocatedPlace(draft=draft, city_part="500054", admin_district=1, cadastral_area=None)


def names(app, token):
    status, body = ask(app, "/api/v1/layers/places?bbox=14.4,50.0,14.5,50.1&zoom=17", token)
    assert status == 200
    return {feature["properties"].get("name") for feature in body["features"]}


def test_two_servers_show_what_was_saved_through_either(home):
    environment = {"DATABASE_URL": home.database_url, "BILA_MISTA_MODE": "local"}
    with (
        running_app(home.data_dir, environment=environment) as first,
        running_app(home.data_dir, environment=environment) as second,
    ):
        clearance = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
        # The one secret in the folder they share: a token of one server is good at the other.
        token = make_token(clearance, secret=process.signing_secret())
        third = home.open()
        third.places.add(place("První"), ACTOR)
        assert names(first, token) == names(second, token) == {"První"}
        third.places.add(place("Druhé"), ACTOR)
        assert names(first, token) == names(second, token) == {"První", "Druhé"}
        versions = [ask(app, "/api/v1/health")[1]["data_version"] for app in (first, second)]
        assert versions == [third.data_version()] * 2
        assert third.audit.verify() == []
        third.close()


def test_local_mode_works_on_a_database_of_its_own(home):
    store = process.store()
    store.places.add(place("Moje"), ACTOR)
    assert home.everything()["places"]
    assert not (home.data_dir / "bila-mista.sqlite").exists()


def test_local_mode_does_not_open_a_database_with_accounts(home, monkeypatch):
    opened = home.open()
    opened.organisations.found(str(uuid_utils.uuid7()), name="Terén", type_code="nno", actor=OPERATOR)
    opened.close()
    with pytest.raises(ConfigurationError, match="local_mode_on_shared_database"):
        process.store()
    # Nothing is held on to: it opens as what it is.
    monkeypatch.setenv("BILA_MISTA_MODE", "shared")
    process.forget_process_state()
    assert process.store().organisations.has_operator()


def test_the_password_is_in_no_text_of_the_configuration(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:tajneheslo@h/d")
    assert "tajneheslo" not in repr(process.Configuration.from_environment())


def test_answers_let_go_when_another_process_changes_something(home):
    heard = process.store()
    heard.on_change(layers.forget_answers)
    assert heard.watches[0].listening.wait(10)
    layers.answers.get("kept", lambda: layers.KeptAnswer(pack({})))
    assert layers.answers._answers
    other = open_store(home.data_dir, database_url=home.database_url)
    other.places.add(place("Jinde"), ACTOR)
    other.close()
    deadline = time.monotonic() + 10
    while layers.answers._answers and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not layers.answers._answers
