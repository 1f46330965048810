"""The first answer holds what other routes answer to everybody, word for word, and nothing internal."""

import pytest
from starlette.applications import Starlette

from api import layers
from api.routes import all_routes
from domain.errors import InvalidValueError
from domain.text import Language
from layers.registry import all_layers
from tests.tools.asgi import Client


@pytest.fixture
def client(data_dir):
    return Client(Starlette(routes=all_routes()))


@pytest.mark.parametrize("language", list(Language))
def test_each_part_is_what_its_address_answers(client, language):
    parts = client.get(f"/api/v1/start?lang={language.value}").json()
    assert len(parts) > 8
    for address, part in parts.items():
        assert f"lang={language.value}" in address
        assert client.get(address).json() == part, address


def test_nothing_internal_is_in_it(client):
    asked = {address.split("?")[0].rsplit("/", 1)[-1] for address in client.get("/api/v1/start").json()}
    assert "city_parts" in asked
    assert not asked & {name for name, layer in all_layers().items() if layer.permission.value != "see_public_layers"}


def test_default_options_stand_in_the_address(client):
    (found,) = [address for address in client.get("/api/v1/start?lang=cs").json() if "/concentration?" in address]
    assert found.startswith("/api/v1/layers/concentration?lang=cs&dataset=")
    assert found.endswith("&geometry=none")


def test_it_is_known_again(client):
    tag = client.get("/api/v1/start").headers["etag"]
    assert client.get("/api/v1/start", headers={"If-None-Match": tag}).status_code == 304


def test_a_layer_that_fails_is_left_to_be_asked_for_alone(client, monkeypatch):
    whole = client.get("/api/v1/start").json()
    layers.forget_answers()

    def fails(layer, *rest, kept=layers.kept_features):
        if layer.id == "services":
            raise InvalidValueError("invalid_parameter", name="x")
        return kept(layer, *rest)

    monkeypatch.setattr("api.start.kept_features", fails)
    assert {name.split("?")[0] for name in whole.keys() - client.get("/api/v1/start").json().keys()} == {
        "/api/v1/layers/services"
    }
