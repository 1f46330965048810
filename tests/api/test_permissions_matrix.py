"""Shared mode: every role at every route and page, forged tokens and parameters, revoked accounts.

Expectations come from the one table in domain/roles.py; the store's part is in tests/store/test_accounts.py.
"""

import base64
import json
import os
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from itsdangerous import URLSafeTimedSerializer
from starlette.applications import Starlette

from api import process, tokens
from api.exact_views import owners_seen_exactly
from api.loading import bearer_of
from api.routes import all_routes
from api.tokens import make_token
from domain.accounts import ShareDraft
from domain.errors import AppError
from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceDraft
from domain.roles import OPERATOR_ONLY, PERMISSIONS, Clearance, Permission, Role
from domain.text import Language
from layers.registry import all_layers
from store import SHOW_AS_ACCOUNT_ID, utc_now
from tests.store.people import everybody, found, new_id
from tests.tools.asgi import Client
from ui.links import PAGE_NEEDS, PAGE_TITLES, pages_for
from ui.localisation import Messages
from ui.session import AppSession
from ui.show_as import ShowAs, clearance_as

FORGED = int(os.environ.get("FORGED_TOKENS", "200"))
CANARY = "KANAREK-presne-misto"


class Shared:
    """Two organisations with everybody in them and one place each, over the app's own routes."""

    def __init__(self):
        self.store = process.store()
        self.first, self.second = found(self.store, "Terén"), found(self.store, "Poradna")
        self.people = {"first": everybody(self.store, self.first), "second": everybody(self.store, self.second)}
        for index, name in enumerate(("first", "second")):
            draft = PlaceDraft(
                id=new_id(),
                kind="ubytovna",
                name=f"{CANARY}-{name}",
                position=LonLat(lon=14.4378 + index / 100, lat=50.0755),
            )
            located = LocatedPlace(draft=draft, city_part="500089", admin_district=2, cadastral_area="727164")
            self.store.places.add(located, self.people[name][Role.FIELD_WORKER])
        self.client = Client(Starlette(routes=all_routes()))

    def clearance(self, actor):
        return self.store.accounts.standing(actor.account_id).clearance

    def token(self, actor, **more):
        options = {"account_id": actor.account_id, "secret": process.signing_secret()} | more
        return make_token(options.pop("clearance", None) or self.clearance(actor), **options)

    def get(self, url, token=None):
        return self.client.get(url, headers={"Authorization": f"Bearer {token}"} if token else {})


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(tmp_path_factory.mktemp("matrix") / "data"))
        patch.setenv("BILA_MISTA_MODE", "shared")
        patch.setenv("BILA_MISTA_HOSTS", "127.0.0.1")
        process.forget_process_state()
        yield Shared()
        process.forget_process_state()


@pytest.mark.parametrize("layer", [layer.id for layer in all_layers().values()])
@pytest.mark.parametrize("role", [None, *Role])
def test_every_role_at_every_layer(shared, role, layer):
    token = shared.token(shared.people["first"][role]) if role else None
    needed = all_layers()[layer].permission
    answer = shared.get(f"/api/v1/layers/{layer}", token)
    if needed in PERMISSIONS[role or Role.VIEWER]:
        assert answer.status_code == 200
        assert f"{CANARY}-second" not in answer.text
    else:
        assert answer.status_code == (403 if role else 401)
        assert CANARY not in answer.text


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("file", ["places.csv", "map.html?layers=places"])
def test_every_role_at_every_export(shared, role, file):
    token = shared.token(shared.people["first"][role]) if role else None
    answer = shared.get(f"/api/v1/exports/{file}", token)
    allowed = role is not None and {Permission.SEE_PLACES, Permission.EXPORT_PLACES} <= PERMISSIONS[role]
    assert answer.status_code == (200 if allowed else 403 if role else 401)
    assert f"{CANARY}-second" not in answer.text
    if allowed:
        row = shared.store.audit.rows(entity="layer", entity_id="places", limit=1)[0]
        assert (row.action, row.account_id) == ("export", shared.people["first"][role].account_id)


@pytest.mark.parametrize("role", [None, *Role])
def test_every_role_at_the_search(shared, role):
    token = shared.token(shared.people["first"][role]) if role else None
    answer = shared.get(f"/api/v1/search?q={CANARY}", token)
    assert answer.status_code == 200
    own = role in {Role.FIELD_WORKER, Role.COORDINATOR, Role.ADMIN}
    assert (f"{CANARY}-first" in answer.text) == own
    assert f"{CANARY}-second" not in answer.text


@pytest.mark.parametrize("organisation", ["first", "second"])
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("slug", list(PAGE_TITLES))
def test_every_role_at_every_page(shared, role, slug, organisation):
    runs = organisation == "first"
    given = PERMISSIONS[role] - (frozenset() if runs else OPERATOR_ONLY)
    session = session_of(shared, shared.people[organisation][role])
    assert (slug in pages_for(session.may, shared=True)) == bool(PAGE_NEEDS[slug] & given)


@pytest.mark.parametrize("seen", list(ShowAs))
@pytest.mark.parametrize("permission", list(Permission))
def test_show_as_leaves_nothing_but_looking(shared, seen, permission):
    coordinator = shared.people["first"][Role.COORDINATOR]
    session = session_of(shared, coordinator, seen=seen)
    looks = permission in {Permission.SEE_PUBLIC_LAYERS, Permission.SEE_PLACES}
    assert session.may(permission) == (looks and permission in PERMISSIONS[session.clearance.role])
    if not looks:
        with pytest.raises(AppError, match="showing_as"):
            session.require(permission)


def session_of(shared, actor, *, seen=None):
    standing = shared.store.accounts.standing(actor.account_id)
    clearance = clearance_as(seen, standing.clearance) if seen else standing.clearance
    return AppSession(
        store=shared.store, actor=Actor(account_id=SHOW_AS_ACCOUNT_ID, organisation_id=actor.organisation_id) if seen else actor,
        clearance=clearance, messages=Messages(Language.CS), training=False, standing=standing, showing_as=seen,
    )  # fmt: skip


def test_every_page_has_its_line_in_the_table():
    assert set(PAGE_NEEDS) == set(PAGE_TITLES)
    assert pages_for(lambda _permission: False, shared=True) == []


@pytest.mark.parametrize("seen", list(ShowAs))
def test_the_token_of_show_as_opens_less(shared, seen):
    coordinator = shared.people["first"][Role.COORDINATOR]
    clearance = clearance_as(seen, shared.clearance(coordinator))
    answer = shared.get("/api/v1/layers/places", shared.token(coordinator, clearance=clearance, show_as=True))
    assert answer.status_code == (200 if seen is not ShowAs.VIEWER else 401)
    assert CANARY not in answer.text
    for role in (Role.FIELD_WORKER, Role.ADMIN, Role.VIEWER):
        token = shared.token(shared.people["first"][role], clearance=clearance, show_as=True)
        assert shared.get("/api/v1/layers/places", token).status_code == 403


def test_a_token_outlives_neither_account_nor_role_nor_share(shared):
    people, worker = shared.people["second"], shared.people["second"][Role.FIELD_WORKER]
    token = shared.token(worker)
    places = "/api/v1/layers/places"
    assert shared.get(places, token).status_code == 200
    change = {"actor": people[Role.ADMIN]}
    shared.store.accounts.set_active(worker.account_id, active=False, **change)
    assert shared.get(places, token).status_code == 403
    shared.store.accounts.set_active(worker.account_id, active=True, **change)
    shared.store.accounts.set_role(worker.account_id, role=Role.VIEWER, city_parts=(), **change)
    assert shared.get(places, token).status_code == 401
    shared.store.accounts.set_role(worker.account_id, role=Role.FIELD_WORKER, city_parts=(), **change)
    assert shared.get(places, token).status_code == 200
    draft = ShareDraft(
        id=new_id(), organisation_id=shared.second.id, purpose="výjezd", until=utc_now() + timedelta(days=1)
    )
    shared.store.shares.add(draft, actor=shared.people["first"][Role.COORDINATOR])
    assert shared.get(places, token).status_code == 401
    seen = shared.get(places, shared.token(worker))
    assert f"{CANARY}-first" in seen.text
    rows = [
        row
        for row in shared.store.audit.rows(entity="organisation", entity_id=shared.first.id)
        if row.action == "exact_view"
    ]
    assert [(row.account_id, json.loads(row.payload)["detail"]) for row in rows] == [(worker.account_id, "places")]
    with_share = shared.token(worker)
    shared.store.shares.revoke(draft.id, actor=shared.people["first"][Role.COORDINATOR])
    assert shared.get(places, with_share).status_code == 401
    assert f"{CANARY}-first" not in shared.get(places, shared.token(worker)).text


def test_the_public_and_the_own_organisation_need_no_note(shared):
    from actions.place_reader import StorePlaceReader
    from layers.contract import Context, Readers

    context = Context(
        clearance=shared.clearance(shared.people["first"][Role.FIELD_WORKER]), options={"kinds": ""},
        readers=Readers(places=StorePlaceReader(shared.store)),
    )  # fmt: skip
    frame = all_layers()["places"].load(context).frame
    assert len(frame) >= 1
    assert owners_seen_exactly(frame) == frozenset()


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


def test_forged_tokens_open_nothing(shared):
    rng = random.Random(3)
    viewer = {shared.clearance(people[Role.VIEWER]) for people in shared.people.values()}
    escalations, codes = [], set()
    for index in range(FORGED):
        token = forge(rng, shared, index)
        try:
            bearer = bearer_of(FakeRequest(f"Bearer {token}" if token else "Bearer"))
        except AppError as error:
            codes.add(error.code)
            continue
        # A change of the last, unused bits leaves the token what it was: the viewer's own.
        if bearer.clearance not in viewer and bearer.clearance != Clearance(role=Role.VIEWER):
            escalations.append((index, token, bearer))
    assert escalations == []
    assert codes <= {"token_invalid", "token_expired", "account_unknown", "not_permitted"}


@pytest.mark.parametrize("scheme", ["Basic", "bearer bearer", "Token", "BEARER", ""])
def test_another_scheme_is_no_way_in(shared, scheme):
    token = shared.token(shared.people["first"][Role.VIEWER])
    answer = shared.client.get("/api/v1/layers/places", headers={"Authorization": f"{scheme} {token}"})
    assert answer.status_code in {401, 403}


def test_query_parameters_clear_nobody(shared):
    """What a token says in its header cannot be said in the address."""
    rng = random.Random(5)
    coordinator = shared.token(shared.people["first"][Role.COORDINATOR])
    viewer = shared.token(shared.people["first"][Role.VIEWER])
    names = [
        "token", "authorization", "access_token", "role", "r", "organisation", "organisation_id", "o", "clearance", "show_as",
        "account", "a", "tier", "exact", "share", "partner_of", "as", "admin", "kinds", "bbox", "zoom", "states",
    ]  # fmt: skip
    values = [
        coordinator,
        f"Bearer {coordinator}",
        "coordinator",
        "admin",
        shared.first.id,
        "0",
        "EXACT",
        "true",
        "1",
        "*",
        "all",
        "14,50,15,51",
    ]
    paths = ["/api/v1/layers/places", "/api/v1/exports/places.csv", f"/api/v1/search?q={CANARY}"]
    for index in range(max(FORGED // 2, 60)):
        path = paths[index % 3]
        query = "&".join(f"{rng.choice(names)}={rng.choice(values)}" for _ in range(rng.randrange(1, 4)))
        answer = shared.get(f"{path}{'&' if '?' in path else '?'}{query}", rng.choice([None, viewer]))
        assert CANARY + "-" not in answer.text.replace(f"q={CANARY}", "")
        assert answer.status_code in {200, 400, 401, 403}
        assert answer.status_code != 200 or path == paths[2]


def test_a_local_token_is_none_here(shared):
    local = make_token(process.local_clearance(), secret=process.signing_secret())
    assert shared.get("/api/v1/layers/places", local).status_code == 403
    whole = replace(process.local_clearance(), shares=())
    named = make_token(whole, secret=process.signing_secret(), account_id="local-account")
    # The account of local mode stays in the taken-over database; nobody can sign in to it.
    assert shared.store.accounts.get("local-account").email == ""
    assert shared.get("/api/v1/layers/places", named).status_code == 403
