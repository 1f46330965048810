"""The whole set of routes over an empty store of its own."""

import pytest
from starlette.applications import Starlette

from api import process
from api.routes import all_routes
from api.tokens import make_token
from domain.roles import Clearance, Role
from store import LOCAL_ORGANISATION_ID
from tests.tools.asgi import Client


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    monkeypatch.setenv("DATA_DIR", str(folder))
    process.forget_process_state()
    yield folder
    process.forget_process_state()


@pytest.fixture
def routes(data_dir):
    """Ask the app's own routes; answers come as they would over the network."""
    return Client(Starlette(routes=all_routes()))


@pytest.fixture
def bearer(data_dir):
    """Return a function that makes the header of a reader with a role."""

    def make(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID, **more):
        clearance = Clearance(role=role, organisation_id=organisation_id, **more)
        return {"Authorization": f"Bearer {make_token(clearance, secret=process.signing_secret())}"}

    return make
