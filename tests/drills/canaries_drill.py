"""Five hundred canaries of one organisation, looked for in everything that others are sent.

Names, notes, reasons, titles, ids of places, visits, changes, photos, plans and accounts, and exact positions of
one organisation are stored. Then everybody who lacks them (the public, every role of another organisation, of a
partner and of a town hall, the own viewer and participant, and each reader of "Show as") asks every way out:
every layer with every option at several zooms, the tables, HTML, SVG, PNG and PDF exports, search, datasets,
plans, photos, every page, and the live app in shared mode behind a real sign-in, where each message of the
websocket is read while pages are opened and clicks name foreign places. Each answer is searched as text; PDF
streams are unpacked. The owner's own views must hold the canaries: otherwise the search would be blind.
"""

import asyncio
import itertools
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from domain.roles import Role
from layers.registry import all_layers
from store import open_store
from tests.bench.streamlit_client import Session
from tests.drills.findings import at_least, none_of, told
from tests.store.people import everybody, found
from tests.tools.account_pages import open_pages, signed_in, wire
from tests.tools.canaries import fill, join_of_provider, share_and_revoke
from tests.tools.chromium import ARGUMENTS, find_chromium
from tests.tools.oidc import running_provider, running_shared_app
from tests.tools.two_organisations import two_organisations
from ui.links import PAGE_TITLES
from ui.show_as import ShowAs, clearance_as

PLACES, SHORT_PLACES = 62, 8
LEAST = 500
BBOX = "14.30,49.95,14.60,50.16"
ZOOMS, SHORT_ZOOMS = (9, 12, 14, 16, 18), (16,)
LIVE_READERS = ("cizi", "ucastnik", "divak")


class Search:
    """Counts answers and what was found in them."""

    def __init__(self, canaries):
        self.canaries, self.answers, self.size, self.leaks, self.owned = canaries, 0, 0, [], set()

    def look(self, content, *where, owner=False, named=frozenset()):
        """Search an answer; what the reader named in the question is nothing told."""
        found = self.canaries.found_in(content) - named
        if owner:
            self.owned |= found
            return
        self.answers += 1
        self.size += len(content)
        self.leaks += [(one, *where) for one in sorted(map(str, found))]


def run(seed, *, full):
    places = PLACES if full else SHORT_PLACES
    with two_organisations() as shared:
        store, people = shared.store, shared.people["first"]
        canaries = fill(store, shared.first, people, places=places, seed=seed)
        partner, hall = found(store, "Partner"), found(store, "Praha 99", "mestska_cast")
        shared.people |= {"partner": everybody(store, partner), "hall": everybody(store, hall)}
        organisations = {"first": shared.first, "second": shared.second, "partner": partner, "hall": hall}
        store.organisations.name_partner(partner.id, actor=people[Role.COORDINATOR])
        share_and_revoke(store, people, shared.second)
        search = Search(canaries)
        ask_routes(shared, search, full=full)
        in_routes, owned_in_routes = search.answers, len(search.owned)
        ask_pages(shared, organisations, search, full=full)
        in_pages = search.answers - in_routes
    frames, owned_live = ask_live(search, seed, full=full)
    for what in search.leaks[:40]:
        print("  found:", *what)
    return [
        at_least("canaries stored", len(canaries), LEAST if full else 60),
        at_least("answers of routes searched", in_routes, 2000 if full else 100),
        at_least("pages searched", in_pages, 80 if full else 5),
        at_least("messages of the live app's websocket searched", frames, 200 if full else 10),
        told("bytes searched", search.size),
        # A merge hides one of the places.
        at_least("names, ids and positions that their owner's routes hold (control)", owned_in_routes, 3 * places - 3),
        at_least(
            "canaries that their owner's routes and pages hold (control)", len(search.owned), owned_in_routes + 10
        ),
        at_least("canaries that their owner's websocket holds (control)", owned_live, 4),
        none_of("canaries found by who lacks them", len(search.leaks)),
    ]


def readers_of(shared, *, full):
    """Yield (name, token) of everybody who lacks the canaries."""
    yield "public", None
    for role in (Role.VIEWER, Role.PARTICIPANT):
        yield f"own {role.value}", shared.token(shared.people["first"][role])
    for name in ("second", "partner", "hall") if full else ("second",):
        for role, actor in shared.people[name].items():
            if full or role is Role.COORDINATOR:
                yield f"{name} {role.value}", shared.token(actor)
    coordinator = shared.people["first"][Role.COORDINATOR]
    for seen in ShowAs if full else (ShowAs.PARTNER,):
        clearance = clearance_as(seen, shared.clearance(coordinator))
        yield f"as {seen.value}", shared.token(coordinator, clearance=clearance, show_as=True)


def addresses(search, shared, *, full):
    """Yield every address below /api/v1 that may say something of places."""
    zooms = ZOOMS if full else SHORT_ZOOMS
    layers = shared.get("/api/v1/layers").json()["layers"]
    yield from ("health", "strings", "base", "layers", "datasets", "layers?lang=uk")
    for layer in layers:
        yield f"layers/{layer['id']}"
        yield f"exports/{layer['id']}.csv"
        internal = all_layers()[layer["id"]].permission.value == "see_places"
        for option in layer["options"] if internal or full else ():
            for choice in option["choices"][: None if full else 1]:
                yield f"layers/{layer['id']}?{option['id']}={choice['value']}"
        for zoom in zooms if internal else ():
            yield f"layers/{layer['id']}?bbox={BBOX}&zoom={zoom}"
            yield f"exports/{layer['id']}.csv?bbox={BBOX}&zoom={zoom}"
    for kind in ("html", "svg", "png", "pdf") if full else ("html",):
        yield f"exports/map.{kind}?layers=places,labels&bbox={BBOX}&zoom=16"
    asked = [*search.canaries.texts, "kanarek", "Poznamka", "v textu", *search.canaries.places]
    for text in asked if full else asked[::25]:
        yield f"search?q={text}"
    yield from (f"photos/{photo}" for photo in search.canaries.photos)
    for plan, kind in itertools.product(search.canaries.plans, ("csv", "html")):
        yield f"plans/{plan}.{kind}"


def ask_routes(shared, search, *, full):
    wanted = list(addresses(search, shared, full=full))
    for name, token in readers_of(shared, full=full):
        for address in wanted:
            answer = shared.get(f"/api/v1/{address}", token)
            head = "\n".join(f"{key}: {value}" for key, value in answer.headers.items()).encode()
            search.look(answer.content + head, name, address)
            if address.startswith("photos/") and answer.status_code == 200:
                search.leaks.append(("a photo", name, address))
    own = shared.token(shared.people["first"][Role.COORDINATOR])
    for address in wanted:
        search.look(shared.get(f"/api/v1/{address}", own).content, owner=True)


def ask_pages(shared, organisations, search, *, full):
    """Open every page, as they are and with addresses that name foreign records."""
    place = search.canaries.places[0]
    readers = [("second", Role.COORDINATOR)]
    if full:
        readers = [
            *((name, role) for name in ("second", "partner", "hall") for role in Role),
            ("first", Role.VIEWER),
            ("first", Role.PARTICIPANT),
        ]
    for name, role in readers:
        with signed_in(organisations[name], role, shared.people[name][role]):
            for slug, app in open_pages(PAGE_TITLES, misto=place, mc="500119"):
                search.look(wire(app), name, role.value, "page", slug)
    with signed_in(organisations["first"], Role.COORDINATOR, shared.people["first"][Role.COORDINATOR]):
        for _slug, app in open_pages(PAGE_TITLES, misto=place, mc="500119"):
            search.look(wire(app), owner=True)


def ask_live(search, seed, *, full):
    """Sign in to a running app and read its websocket; return how many messages, and how many canaries the owner saw."""
    names = ("vlastnik", *LIVE_READERS) if full else ("vlastnik", "cizi")
    people = [{"sub": f"sub-{n}", "email": f"{n}@example.org", "email_verified": True, "name": n} for n in names]
    frames = 0
    with (
        tempfile.TemporaryDirectory(prefix="bila-mista-") as folder,
        running_provider(people, Path(folder) / "provider.log") as provider,
    ):
        data_dir = Path(folder) / "data"
        canaries = prepare(data_dir, provider, seed, names, places=SHORT_PLACES)
        live = Search(canaries)
        with running_shared_app(data_dir, provider) as app:
            cookies = {name: sign_in(app.address, name) for name in names}
            for name in names:
                for number, slug in enumerate(PAGE_TITLES if full else ("mapa",)):
                    named = canaries.places[number % SHORT_PLACES]
                    sent = asyncio.run(visit(app.address, cookies[name], slug, named))
                    for message in sent:
                        # Back comes the id that the click named: the map marks what was clicked.
                        live.look(message, "websocket", name, slug, owner=name == "vlastnik", named={named})
                    frames += len(sent) if name != "vlastnik" else 0
    search.leaks += live.leaks
    search.size += live.size
    return frames, len(live.owned)


def prepare(data_dir, provider, seed, names, *, places):
    store = open_store(data_dir, checks_accounts=True)
    try:
        first, second = found(store, "Terén"), found(store, "Poradna")
        people = everybody(store, first)
        canaries = fill(store, first, people, places=places, seed=seed)
        store.settings.set("first_run_seen", value=True, actor=people[Role.COORDINATOR])
        given = {
            "vlastnik": (first, Role.COORDINATOR), "cizi": (second, Role.COORDINATOR), "ucastnik": (first, Role.PARTICIPANT),
            "divak": (first, Role.VIEWER),
        }  # fmt: skip
        for name in names:
            organisation, role = given[name]
            join_of_provider(store, organisation, role, issuer=provider, name=name)
    finally:
        store.close()
    return canaries


def sign_in(address, name):
    """Sign in as a person does, in a browser, and return the session's cookies."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        try:
            page = browser.new_page(locale="cs-CZ")
            page.goto(address)
            page.get_by_role("button", name="Přihlásit se").click(timeout=60_000)
            page.get_by_role("button", name=f"sub-{name}", exact=True).first.click()
            page.locator(".bm-map").first.wait_for(timeout=60_000)
            return "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies(address))
        finally:
            browser.close()


async def visit(address, cookie, slug, place_id):
    """Open a page and, where it has a map, click on a foreign place by its id; return the messages."""
    sent = []
    async with Session(address, cookie=cookie, page="" if slug == "mapa" else slug, on_message=sent.append) as session:
        if session.map is not None:
            # The server drops a session's first click; the others open a foreign record.
            for sequence, layer in enumerate((None, "places", "places", "visited_cells"), start=1):
                await session.click(seq=sequence, lon=14.42, lat=50.05, layer=layer, feature=layer and place_id)
    return sent
