"""Shared mode: every role at every route and page, tokens that outlive nothing.

Expectations come from the one table in domain/roles.py; the store's part is in tests/store/test_accounts.py.
Forged tokens and parameters: tests/drills/permissions_drill.py.
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from api import process
from api.exact_views import owners_seen_exactly
from api.tokens import make_token
from domain.accounts import ShareDraft
from domain.errors import AppError
from domain.roles import OPERATOR_ONLY, PERMISSIONS, Permission, Role
from layers.registry import all_layers
from store import utc_now
from tests.store.people import new_id
from tests.tools.two_organisations import CANARY, session_of, two_organisations
from ui.links import PAGE_NEEDS, PAGE_TITLES, pages_for
from ui.show_as import ShowAs, clearance_as


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with two_organisations(tmp_path_factory.mktemp("matrix") / "data") as both:
        yield both


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
@pytest.mark.parametrize("file", ["places.csv", "places.gpkg", "map.html?layers=places"])
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


@pytest.mark.parametrize("scheme", ["Basic", "bearer bearer", "Token", "BEARER", ""])
def test_another_scheme_is_no_way_in(shared, scheme):
    token = shared.token(shared.people["first"][Role.VIEWER])
    answer = shared.client.get("/api/v1/layers/places", headers={"Authorization": f"{scheme} {token}"})
    assert answer.status_code in {401, 403}


def test_a_local_token_is_none_here(shared):
    local = make_token(process.local_clearance(), secret=process.signing_secret())
    assert shared.get("/api/v1/layers/places", local).status_code == 403
    whole = replace(process.local_clearance(), shares=())
    named = make_token(whole, secret=process.signing_secret(), account_id="local-account")
    # The account of local mode stays in the taken-over database; nobody can sign in to it.
    assert shared.store.accounts.get("local-account").email == ""
    assert shared.get("/api/v1/layers/places", named).status_code == 403
