"""The app's own routes in this process; in shared mode with two organisations, each with everybody and one place."""

import base64
import contextlib
import json
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from itsdangerous import URLSafeTimedSerializer
from starlette.applications import Starlette

from api import process, tokens
from api.routes import all_routes
from api.tokens import make_token
from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceDraft
from domain.roles import Role
from domain.text import Language
from store import SHOW_AS_ACCOUNT_ID
from tests.store.people import everybody, found, new_id
from tests.tools.asgi import Client
from ui.localisation import Messages
from ui.session import AppSession
from ui.show_as import clearance_as

CANARY = "KANAREK-presne-misto"
SHARED_MODE = {"BILA_MISTA_MODE": "shared", "BILA_MISTA_HOSTS": "127.0.0.1"}


@contextlib.contextmanager
def app_in_process(data_dir=None, **environment):
    """Yield the routes of the app over a DATA_DIR (one of its own where None), in local mode unless told otherwise."""
    with contextlib.ExitStack() as stack:
        folder = data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bila-mista-"))) / "data"
        stack.enter_context(patch.dict(os.environ, {"DATA_DIR": str(folder), **environment}))
        process.forget_process_state()
        stack.callback(process.forget_process_state)
        yield Client(Starlette(routes=all_routes()))


def local_bearer():
    """Return the header of local mode's one user."""
    return {"Authorization": f"Bearer {make_token(process.local_clearance(), secret=process.signing_secret())}"}


class Shared:
    """Two organisations with everybody in them and one place each, over the app's own routes."""

    def __init__(self, client):
        self.client = client
        self.store = process.store()
        self.first, self.second = found(self.store, "Terén"), found(self.store, "Poradna")
        self.people = {"first": everybody(self.store, self.first), "second": everybody(self.store, self.second)}
        self.places = {}
        for index, name in enumerate(("first", "second")):
            draft = PlaceDraft(
                id=new_id(),
                kind="ubytovna",
                name=f"{CANARY}-{name}",
                position=LonLat(lon=14.4378 + index / 100, lat=50.0755),
            )
            located = LocatedPlace(draft=draft, city_part="500089", admin_district=2, cadastral_area="727164")
            self.places[name] = self.store.places.add(located, self.people[name][Role.FIELD_WORKER])

    def clearance(self, actor):
        return self.store.accounts.standing(actor.account_id).clearance

    def token(self, actor, **more):
        options = {"account_id": actor.account_id, "secret": process.signing_secret()} | more
        return make_token(options.pop("clearance", None) or self.clearance(actor), **options)

    def get(self, url, token=None):
        return self.client.get(url, headers={"Authorization": f"Bearer {token}"} if token else {})


@contextlib.contextmanager
def two_organisations(data_dir=None):
    """Yield a `Shared` over a DATA_DIR."""
    with app_in_process(data_dir, **SHARED_MODE) as client:
        yield Shared(client)


def session_of(shared, actor, *, seen=None):
    """Return the session of an actor's account, looking with another's eyes where `seen` says so."""
    standing = shared.store.accounts.standing(actor.account_id)
    clearance = clearance_as(seen, standing.clearance) if seen else standing.clearance
    return AppSession(
        store=shared.store, actor=Actor(account_id=SHOW_AS_ACCOUNT_ID, organisation_id=actor.organisation_id) if seen else actor,
        clearance=clearance, messages=Messages(Language.CS), training=False, standing=standing, showing_as=seen,
    )  # fmt: skip


class FakeRequest:
    def __init__(self, header):
        self.headers = {"authorization": header}


def forge(rng, shared, index):
    """Return a token that nobody was given: changed, signed by another key, another account's, or nonsense."""
    people = shared.people[rng.choice(["first", "second"])]
    victim, own = people[rng.choice(list(Role))], people[Role.VIEWER]
    payload = {
        "a": rng.choice([own.account_id, victim.account_id, "", "admin", "local-account", SHOW_AS_ACCOUNT_ID]),
        "v": rng.choice([True, False]), "r": rng.choice(list(Role)).value,
        "o": rng.choice([shared.first.id, shared.second.id, None]), "t": False,
        "p": rng.choice([[], [shared.first.id, shared.second.id]]),
        "s": rng.choice([[], [[shared.first.id, 0, "x", "2099-01-01T00:00:00+00:00"]]]),
    }  # fmt: skip
    token = shared.token(own)
    kind = index % 6
    if kind == 0:
        return URLSafeTimedSerializer(rng.randbytes(32), salt=tokens._SALT).dumps(payload)
    if kind == 1:
        return URLSafeTimedSerializer(process.signing_secret(), salt="clearance").dumps(payload)
    if kind == 2:
        body = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
        return ".".join([body, *token.split(".")[1:]])
    if kind == 3:
        place = rng.randrange(len(token) - 1)
        return token[:place] + rng.choice("ABCabc019_-.") + token[place + 1 :]
    if kind == 4:
        return rng.choice(
            ["", "null", "undefined", "Bearer", "..", "a.b.c", "%00", "admin", "' OR 1=1 --"]
        ) + "x" * rng.randrange(3)
    # Well signed, as a leaked key of an old program would: the account itself decides.
    own_only = payload | {"a": own.account_id, "v": rng.choice([True, False])}
    if own_only["r"] == Role.VIEWER.value:
        own_only["r"] = Role.COORDINATOR.value
    return URLSafeTimedSerializer(process.signing_secret(), salt=tokens._SALT).dumps(own_only)


PARAMETERS = (
    "token", "authorization", "access_token", "role", "r", "organisation", "organisation_id", "o", "clearance", "show_as",
    "account", "a", "tier", "exact", "share", "partner_of", "as", "admin", "kinds", "bbox", "zoom", "states",
)  # fmt: skip


def forge_query(rng, shared):
    """Return query parameters that say what only a token in the header may say."""
    coordinator = shared.token(shared.people["first"][Role.COORDINATOR])
    values = (
        coordinator, f"Bearer {coordinator}", "coordinator", "admin", shared.first.id, "0", "EXACT", "true", "1", "*",
        "all", "14,50,15,51",
    )  # fmt: skip
    return "&".join(f"{rng.choice(PARAMETERS)}={rng.choice(values)}" for _ in range(rng.randrange(1, 4)))
