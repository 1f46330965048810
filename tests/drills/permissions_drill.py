"""Every role at every write, route and page, in two organisations; then forged tokens and addresses.

Expectations come from the one table in `domain/roles.py`. At the store each function that changes data
is called for real by every role of the organisation that runs the installation and of another one: what
the role lacks must be refused, noted in the audit log, and change nothing. At the routes the same roles,
and the public, ask for every layer, export, plan and photo. At the pages each role asks for every page
by its address. Then tokens that nobody was given (signed by another key, changed, of another account,
well signed but claiming more than the account has) and query parameters that claim a role.
"""

import random
from dataclasses import dataclass

from actions.photos import add_photo
from api.loading import bearer_of
from domain.errors import AppError
from domain.plans import PlanDraft, PlanItemDraft
from domain.roles import OPERATOR_ONLY, PERMISSIONS, Clearance, Permission, Role
from layers.registry import all_layers
from store.permissions import NEEDS
from tests.drills.findings import at_least, none_of
from tests.store.conftest import Make
from tests.store.people import new_id
from tests.store.writes import WRITES
from tests.tools.account_pages import open_pages, signed_in
from tests.tools.pictures import picture
from tests.tools.two_organisations import CANARY, FakeRequest, forge, forge_query, two_organisations
from ui.links import PAGE_NEEDS, PAGE_TITLES

REFUSED = {401, 403}
FORGED = 1000
SHORT_FORGED = 100


@dataclass
class Cells:
    """How many cells were asked, and which answered otherwise than the table."""

    asked: int = 0
    wrong: list = None

    def note(self, right, *what):
        self.asked += 1
        if not right:
            self.wrong.append(what)


def run(seed, *, full):
    store, routes, pages = Cells(wrong=[]), Cells(wrong=[]), Cells(wrong=[])
    # The writes leave tables behind that no import would make: routes and pages are asked over a house of their own.
    with two_organisations() as shared:
        ask_store(shared, store, full=full)
        broken = len(shared.store.audit.verify())
    with two_organisations() as shared:
        ask_routes(shared, routes, full=full)
        ask_pages(shared, pages, full=full)
        many = FORGED if full else SHORT_FORGED
        tokens = forged_tokens(shared, random.Random(seed), many)
        addresses = forged_addresses(shared, random.Random(seed + 1), many)
        broken += len(shared.store.audit.verify())
    for what in (*store.wrong, *routes.wrong, *pages.wrong, *tokens, *addresses):
        print("  wrong:", *what)
    return [
        at_least("cells asked at the store", store.asked, 300 if full else 100),
        none_of("cells of the store that answered otherwise than the table", len(store.wrong)),
        at_least("cells asked at the routes", routes.asked, 300 if full else 100),
        none_of("cells of the routes that answered otherwise than the table", len(routes.wrong)),
        at_least("cells asked at the pages", pages.asked, 100 if full else 20),
        none_of("cells of the pages that answered otherwise than the table", len(pages.wrong)),
        at_least("forged tokens", many, many),
        none_of("forged tokens that opened anything", len(tokens)),
        at_least("addresses with forged parameters", many, many),
        none_of("addresses with forged parameters that opened anything", len(addresses)),
        none_of("breaks of the audit chain", broken),
    ]


def has(role, permission, *, runs):
    """Return what the table says; the organisation that `runs` the installation may more."""
    return permission in PERMISSIONS[role] and (runs or permission not in OPERATOR_ONLY)


def ask_store(shared, cells, *, full):
    """Prepare each write as the server itself, then let every role try it; the short form asks every third."""
    store, make, number = shared.store, Make(), 0
    for name, permission in NEEDS.items():
        if name not in WRITES:
            continue
        for organisation, runs in (("first", True), ("second", False)):
            for role, actor in shared.people[organisation].items():
                number += 1
                if not full and number % 3:
                    continue
                make.actor = actor
                store.writer.checks_accounts = False
                try:
                    write = WRITES[name](store, make)
                finally:
                    store.writer.checks_accounts = True
                before = store.data_version()
                code = refusal(write)
                if has(role, permission, runs=runs):
                    cells.note(code not in {"not_permitted", "account_unknown"}, name, organisation, role, code)
                else:
                    row = store.audit.rows(limit=1)[0]
                    kept = store.data_version() == before and (row.action, row.account_id) == (
                        "refused",
                        actor.account_id,
                    )
                    cells.note(code == "not_permitted" and kept, name, organisation, role, code)


def refusal(call):
    try:
        call()
    except AppError as error:
        return error.code
    return None


def ask_routes(shared, cells, *, full):
    """Ask every route as every role; the short form asks as the roles that lack some."""
    plan, photo = internal_things(shared)
    readers = [("first", None), *((name, role) for name in ("first", "second") for role in Role)]
    if not full:
        readers = [("first", None), ("first", Role.PARTICIPANT), ("first", Role.ADMIN), ("second", Role.FIELD_WORKER)]
    for name, role in readers:
        token = shared.token(shared.people[name][role]) if role else None
        given = PERMISSIONS[role or Role.VIEWER]
        for layer in all_layers().values():
            seen, kept = layer.permission in given, Permission.EXPORT_PLACES in given
            public = layer.permission is Permission.SEE_PUBLIC_LAYERS
            cells.note(answers(shared, f"layers/{layer.id}", token, allowed=seen), "layer", layer.id, name, role)
            allowed = layer.exported and (public or (seen and kept))
            cells.note(answers(shared, f"exports/{layer.id}.csv", token, allowed=allowed), "csv", layer.id, name, role)
        for kind in ("html", "svg"):
            allowed = {Permission.SEE_PLACES, Permission.EXPORT_PLACES} <= given
            url = f"exports/map.{kind}?layers=places"
            cells.note(answers(shared, url, token, allowed=allowed), kind, name, role)
        own = name == "first"
        # What is there and is not theirs looks as if it were not there.
        for kind in ("csv", "html"):
            allowed, other = Permission.EXPORT_PLACES in given, {404}
            right = answers(shared, f"plans/{plan}.{kind}", token, allowed=allowed and own, else_=REFUSED | other)
            cells.note(right, "plan", kind, name, role)
        whole = own and role in {Role.FIELD_WORKER, Role.COORDINATOR, Role.ADMIN}
        cells.note(answers(shared, f"photos/{photo}", token, allowed=whole, else_=REFUSED | {404}), "photo", name, role)
        cells.note(sends_photo(shared, token) == (own and Permission.EDIT_PLACE in given), "send photo", name, role)


def internal_things(shared):
    """Store a plan and a photo of the first organisation and return their ids."""
    worker = shared.people["first"][Role.FIELD_WORKER]
    item = PlanItemDraft(id=new_id(), city_part="500089", visits=2, gain=1.0, p_low_before=0.7, p_low_after=0.5)
    plan = shared.store.plans.add(PlanDraft(id=new_id(), title="Plán", need="foreigners", items=(item,)), worker)
    place = shared.places["first"].id
    clearance = shared.clearance(worker)
    photo = add_photo(shared.store, new_id(), picture(), worker, clearance, place_id=place, consent="public")
    return plan.id, photo.id


def answers(shared, path, token, *, allowed, else_=REFUSED):
    answer = shared.get(f"/api/v1/{path}", token)
    return answer.status_code == 200 if allowed else answer.status_code in else_ and CANARY not in answer.text


def sends_photo(shared, token):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    params = {"id": new_id(), "place": shared.places["first"].id, "consent": "internal"}
    return shared.client.post("/api/v1/photos", params=params, headers=headers, content=picture()).status_code == 201


def ask_pages(shared, cells, *, full):
    """Ask for every page by its address; the short form asks as one role that lacks most of them."""
    for name, organisation in (("first", shared.first), ("second", shared.second)):
        for role, actor in shared.people[name].items():
            if not full and (name, role) not in {("first", Role.PARTICIPANT), ("second", Role.ADMIN)}:
                continue
            with signed_in(organisation, role, actor) as ran:
                for slug, app in open_pages(PAGE_TITLES):
                    allowed = any(has(role, permission, runs=name == "first") for permission in PAGE_NEEDS[slug])
                    # Where it may not be seen, another page runs in its place.
                    cells.note((ran[-1] == slug) == allowed and not app.exception, "page", slug, name, role, ran[-1])


def forged_tokens(shared, rng, many):
    viewers = {shared.clearance(people[Role.VIEWER]) for people in shared.people.values()}
    opened = []
    for index in range(many):
        token = forge(rng, shared, index)
        try:
            bearer = bearer_of(FakeRequest(f"Bearer {token}" if token else "Bearer"))
        except AppError as error:
            if error.code not in {"token_invalid", "token_expired", "account_unknown", "not_permitted"}:
                opened.append((index, error.code))
            continue
        # A change of the last, unused bits leaves the token what it was: the viewer's own.
        if bearer.clearance not in viewers and bearer.clearance != Clearance(role=Role.VIEWER):
            opened.append((index, token, bearer))
    return opened


def forged_addresses(shared, rng, many):
    viewer = shared.token(shared.people["first"][Role.VIEWER])
    paths = ("/api/v1/layers/places", "/api/v1/exports/places.csv", f"/api/v1/search?q={CANARY}")
    opened = []
    for index in range(many):
        path = paths[index % len(paths)]
        query = forge_query(rng, shared)
        answer = shared.get(f"{path}{'&' if '?' in path else '?'}{query}", rng.choice([None, viewer]))
        told = CANARY + "-" in answer.text.replace(f"q={CANARY}", "")
        fits = answer.status_code in {400, *REFUSED} or (answer.status_code == 200 and path == paths[2])
        if told or not fits:
            opened.append((path, query, answer.status_code))
    return opened
