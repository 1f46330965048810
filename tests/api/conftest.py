"""The whole set of routes over an empty store of its own."""

from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette

from api import process, responses
from api.refusals import Refusals
from api.routes import all_routes
from api.tokens import make_token
from domain.roles import Clearance, Role
from store import LOCAL_ORGANISATION_ID
from tests.store.people import everybody, found
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


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 22, 9, 30, 5, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """Return the clock of the refusals that are noted; nothing has been noted yet."""
    clock = Clock()
    monkeypatch.setattr(responses, "refusals", Refusals(clock))
    return clock


@pytest.fixture
def shared_routes(data_dir, monkeypatch, clock):
    """Ask the app's own routes in shared mode."""
    monkeypatch.setenv("BILA_MISTA_MODE", "shared")
    monkeypatch.setenv("BILA_MISTA_HOSTS", "127.0.0.1")
    process.forget_process_state()
    return Client(Starlette(routes=all_routes()))


@pytest.fixture
def people(shared_routes):
    """Return an actor of each role in one organisation."""
    return everybody(process.store(), found(process.store(), "Terén"))


@pytest.fixture
def token_of(shared_routes):
    """Return a function that makes the header of an account as it stands now."""

    def make(actor, **more):
        clearance = process.store().accounts.standing(actor.account_id).clearance
        options = {"secret": process.signing_secret(), "account_id": actor.account_id} | more
        return {"Authorization": f"Bearer {make_token(clearance, **options)}"}

    return make
