"""Shares the places of a store out among sixteen organisations, and asks what one of them sees of all the others'."""

import secrets
import time

import h3
import httpx
import psutil
import sqlalchemy as sa
import uuid_utils

from actions.place_reader import StorePlaceReader
from api.responses import pack
from domain.place import Actor, VisitDraft
from domain.roles import Clearance, Role
from domain.text import Language
from layers._live import render_geojson
from layers.contract import Context, Readers
from layers.registry import get_layer
from store import open_store
from store.data_dir import DATABASE_NAME
from store.engine import batches, make_engine
from store.mass_insert import insert_rows
from store.place_rows import RESOLUTIONS
from store.postgres import make_plain_engine, read_url
from store.store import sqlite_url
from store.tables import place_cells, places
from tests.drills.findings import Finding, at_least, timing
from tests.drills.scale_server import MB, MEMORY_MB, PAYLOAD_KB, VIEW_MS, ask_views, p, peak_of, renew
from tests.tools.server import running_app

ORGANISATIONS = 16
# Owns a sixteenth and is a partner of three others, whose open places it sees where they are.
OWNER = "org-0"
READER = Clearance(
    role=Role.COORDINATOR, organisation_id=OWNER, partner_of=frozenset(f"org-{digit}" for digit in "123")
)
FIRST_S = 30.0
SECRET = secrets.token_hex(32)


def share_out(data_dir, url):
    """Give each place to the organisation that the last digit of its id names."""
    engine = make_engine(read_url(url) if url else sqlite_url(data_dir / DATABASE_NAME), writer=True)
    try:
        with engine.begin() as connection:
            owner = sa.literal("org-").concat(sa.func.substr(places.c.id, 36, 1))
            connection.execute(sa.update(places).values(organisation_id=owner))
            connection.execute(sa.delete(place_cells))
            for resolution in RESOLUTIONS:
                for batch in batches(counted(connection, resolution)):
                    insert_rows(connection, place_cells, batch)
    finally:
        engine.dispose()
    if url:
        with make_plain_engine(read_url(url)).connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def counted(connection, resolution):
    group = [places.c[name] for name in ("city_part", "organisation_id", "kind", "state")]
    cell = places.c[f"h3_{resolution}"]
    sums = [sa.func.sum(places.c[name]) for name in ("lon", "lat")]
    query = sa.select(cell, *group, sa.func.count(), *sums).where(cell.is_not(None)).group_by(cell, *group)
    names = ("cell", "city_part", "organisation_id", "kind", "state", "count", "lon_sum", "lat_sum")
    for row in connection.execute(query).all():
        lat, lon = h3.cell_to_latlng(row[0])
        yield {"resolution": resolution, **dict(zip(names, row, strict=True)), "cell_lon": lon, "cell_lat": lat}


def ask_shared(engine, data_dir, url, views, *, serves):
    """Return what a reader of one of the organisations waits for, and how large a server grows with such readers."""
    store = open_store(data_dir, database_url=url)
    try:
        found = [at_least(f"{engine}: organisations with places", len(store.places.owners()), ORGANISATIONS)]
        found += ask_after_writes(engine, store, views)
    finally:
        store.close()
    if not serves:
        return found
    environment = {"BILA_MISTA_TOKEN_SECRET": SECRET, **({"DATABASE_URL": url} if url else {})}
    with running_app(data_dir, environment=environment) as app:
        process = psutil.Process(app.process.pid)
        with httpx.Client(base_url=app.address, timeout=600, headers={"Accept-Encoding": "gzip"}) as client:
            renew(client, READER, SECRET)
            with peak_of(process) as peak:
                first_s, times, weights = ask_views(client, views)
    name = f"{engine}, 16 organisations"
    return [
        *found,
        timing(f"{name}: the first view after a start", first_s, "s", FIRST_S),
        timing(f"{name}: a view over the network, p95", p(times, 95), "ms", VIEW_MS),
        Finding(name=f"{name}: the heaviest view, gzipped", value=max(weights), unit="KB", most=PAYLOAD_KB),
        timing(f"{name}: memory of the server", peak[0] / MB, "MB", MEMORY_MB),
    ]


def ask_after_writes(engine, store, views):
    """Return how long a view takes right after another organisation noted a visit, in this process."""
    layer, times = get_layer("places"), []
    visited = store.places.page(limit=len(views))
    for (bbox, zoom), place in zip(views, visited, strict=False):
        draft = VisitDraft(
            id=str(uuid_utils.uuid7()), place_id=place.id, happened_on=place.created_at.date(), outcome="informovan"
        )
        store.visits.add(draft, Actor(account_id="worker", organisation_id=place.organisation_id))
        start = time.perf_counter()
        readers = Readers(figure_tables={}, places=StorePlaceReader(store), board=None)
        context = Context(bbox=bbox, zoom=zoom, options={"kind": ""}, clearance=READER, readers=readers)
        pack(render_geojson(layer, layer.load(context), Language.CS, with_geometry=True))
        times.append((time.perf_counter() - start) * 1000)
    # The first one reads all places.
    return [timing(f"{engine}, 16 organisations: a view right after a visit, p95", p(times[1:], 95), "ms", VIEW_MS)]
