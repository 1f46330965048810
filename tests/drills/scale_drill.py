"""A million invented places with three million visits, on either engine: what is asked, how long it takes, what it weighs.

The data are made by the same command as `make generate`, once, and kept in build/ for the next run; PostgreSQL
is given a copy of them. Then three things are asked. Of the store: the
lists that pages offer (visits of a city part since a day, a worker's own month, what waits in the inbox,
how many places of a kind in a city part). In this process: views of the map at random positions and zooms, through
the privacy gate, as compressed GeoJSON. Of a running server, as a browser asks: other such views, and all
places as a GeoPackage, while the server's memory is watched. No answer is kept between two questions.
In the end the places are shared out among sixteen organisations, and the same views are asked by a coordinator
of one of them, to whom most places show as areas, right after somebody noted a visit and from a server.
What a view or a file counts is compared with what the store holds. The times hold for the machine and the
load of the day; in the short form there are a few thousand places only.
"""

import json
import random
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

import uuid_utils

from actions.generate import generate
from actions.place_reader import StorePlaceReader
from api.responses import pack
from domain.geometry import BBox
from domain.place import Actor, PlaceFilter, VisitDraft
from domain.roles import Clearance, Role
from domain.text import Language
from domain.trail import month_days
from domain.vocabulary import Scope, terms
from geo.boundaries import PRAGUE_BBOX
from layers._live import render_geojson
from layers.contract import Context, Readers
from layers.registry import get_layer
from store import LOCAL_ORGANISATION_ID, open_store
from tests.bench.bench_data import fingerprint, kept_dir
from tests.drills.findings import at_least, none_of, timing, told
from tests.drills.scale_copy import copy_to_server, size_on_disk
from tests.drills.scale_server import KIND, MB, VIEW_MS, ask_server, p
from tests.drills.scale_shared import ask_shared, share_out
from tests.tools.postgres import find_postgres, running_cluster

TODAY = date(2026, 11, 1)
OWN = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
# One of the organisation's workers, who noted as much as one person does.
WORKER = Actor(account_id="worker", organisation_id=LOCAL_ORGANISATION_ID)
NOTED = 400
FILTER_MS = 300.0
# A window of 1280 x 800 points, at 256 points to a tile.
TILES = (5.0, 3.1)
ZOOMS = (10, 17)
SHOWN = 50


def run(seed: int, *, full: bool) -> list:
    places, questions = (1_000_000, 200) if full else (1_000, 6)
    with tempfile.TemporaryDirectory() as folder:
        data_dir, making_s = made(Path(folder) / "file", places, seed, keeps=full)
        findings = [
            told("SQLite: making them", making_s, "s"),
            *measure("SQLite", data_dir, None, places, questions, seed, serves=True),
        ]
        shared = Path(folder) / "shared"
        shutil.copytree(data_dir, shared)
        findings += measure_shared("SQLite", shared, None, questions, seed, serves=True)
        shutil.rmtree(shared)
        if find_postgres() is not None:
            with running_cluster({"shared_buffers": "1GB", "max_wal_size": "4GB"} if full else None) as cluster:
                there = Path(folder) / "server" / "data"
                copying_s = in_ms(lambda: copy_to_server(data_dir, there, cluster.url())) / 1000
                findings.append(told("PostgreSQL: a copy of them", copying_s, "s"))
                # Starting a second server takes longer than all that is asked of it in the short form.
                findings += measure("PostgreSQL", there, cluster.url(), places, questions, seed, serves=full)
                findings += measure_shared("PostgreSQL", there, cluster.url(), questions, seed, serves=full)
    return findings


def made(folder, places, seed, *, keeps):
    """Return a DATA_DIR with the invented data, and how many seconds it took to make it, now or in an earlier run."""

    def write(store):
        start = time.perf_counter()
        generate(store, places=places, visits=3 * places, seed=seed, today=TODAY)
        note_a_worker(store, codes_of(store), random.Random(seed))
        (store.data_dir.parent / "seconds.json").write_text(json.dumps(time.perf_counter() - start), encoding="utf-8")

    if keeps:
        data_dir, _ = kept_dir(f"scale-{places}-{seed}", {"places": places, "seed": seed, "code": fingerprint()}, write)
    else:
        data_dir = folder / "data"
        folder.mkdir()
        store = open_store(data_dir)
        try:
            write(store)
        finally:
            store.close()
    return data_dir, json.loads((data_dir.parent / "seconds.json").read_text(encoding="utf-8"))


def measure(engine, data_dir, url, places, questions, seed, *, serves):
    store = open_store(data_dir, database_url=url)
    try:
        only = PlaceFilter(kinds=(KIND,))
        of_kind = store.places.count(only=only)
        findings = [
            at_least(f"{engine}: places asked", store.places.count(), places),
            told(f"{engine}: size on the disk, with indexes", size_on_disk(data_dir, url) / MB, "MB"),
            *ask_store(engine, store, questions, random.Random(seed)),
        ]
    finally:
        store.close()
    if not serves:
        return findings
    return [*findings, *ask_server(engine, data_dir, url, views_of(seed, questions), OWN, places, of_kind)]


def measure_shared(engine, data_dir, url, questions, seed, *, serves):
    share_out(data_dir, url)
    return ask_shared(engine, data_dir, url, views_of(seed, questions), serves=serves)


def views_of(seed, questions):
    return [a_view(random.Random(f"{seed} {number}")) for number in range(questions + 1)]


def ask_store(engine, store, questions, rng):
    times, wrong = ask_views(store, questions, rng)
    reader = StorePlaceReader(store)
    whole = reader.places(bbox=PRAGUE_BBOX, zoom=10, only=PlaceFilter(), clearance=OWN)
    shown = int(whole["cluster"].where(whole["cluster"] > 0, 1).sum())
    filters = [
        timing(f"{engine}: {name}, p95", p(asked, 95), "ms", FILTER_MS)
        for name, asked in ask_filters(store, questions, rng).items()
    ]
    return [
        none_of(f"{engine}: places that a view of all Prague does not count", store.places.count() - shown),
        none_of(f"{engine}: views of single places that show another number than the store holds", wrong),
        none_of(f"{engine}: counts per cell that differ from the places", len(store.places.verify_cells())),
        timing(f"{engine}: a view, p50", p(times, 50), "ms"),
        timing(f"{engine}: a view, p95", p(times, 95), "ms", VIEW_MS),
        *filters,
    ]


def ask_views(store, questions, rng):
    """Return the times in ms, and how many views counted wrongly."""
    layer = get_layer("places")
    kinds = ["", "", *(term.code for term in terms("typ_lokality", Scope.PLACE))]
    times, wrong = [], 0
    for number in range(questions + 1):
        (bbox, zoom), kind = a_view(rng), rng.choice(kinds)
        readers = Readers(figure_tables={}, places=StorePlaceReader(store), board=None)
        start = time.perf_counter()
        context = Context(bbox=bbox, zoom=zoom, options={"kind": kind}, clearance=OWN, readers=readers)
        features = layer.load(context)
        pack(render_geojson(layer, features, Language.CS, with_geometry=True))
        # The first one loads what every later one has.
        if number:
            times.append((time.perf_counter() - start) * 1000)
        frame = features.frame
        if not (frame["cluster"] > 0).any():
            only = PlaceFilter(kinds=(kind,) if kind else ())
            wrong += len(frame) != store.places.count(bbox=bbox, only=only)
    return times, wrong


def a_view(rng):
    zoom = rng.randint(*ZOOMS)
    width, height = (360 / 2**zoom * tiles for tiles in TILES)
    lon, lat = rng.uniform(PRAGUE_BBOX.minx, PRAGUE_BBOX.maxx), rng.uniform(PRAGUE_BBOX.miny, PRAGUE_BBOX.maxy)
    # Degrees of latitude are about 1.6 times as tall as those of longitude on the map of Prague.
    height /= 1.56
    return BBox(minx=lon - width / 2, miny=lat - height / 2, maxx=lon + width / 2, maxy=lat + height / 2), zoom


def ask_filters(store, questions, rng):
    """Return the times in ms of what pages ask of the visits and the places, by name."""
    codes = codes_of(store)
    kinds = [term.code for term in terms("typ_lokality", Scope.PLACE)]

    def city_part():
        code, since = rng.choice(codes), date(rng.randint(2023, 2026), 1, 1)
        store.visits.count_in_city_part(code, organisation_id=LOCAL_ORGANISATION_ID)
        store.visits.page_of_city_part(code, organisation_id=LOCAL_ORGANISATION_ID, since=since, limit=SHOWN)

    def own_month():
        store.trails.first_day(WORKER.account_id)
        first, after = month_days(f"2026-{rng.randint(1, 10):02d}")
        store.trails.rows(WORKER.account_id, first=first, after=after, day_of=lambda instant: instant.date())

    def inbox():
        store.reviews.count_suggested(LOCAL_ORGANISATION_ID)
        store.reviews.suggested(LOCAL_ORGANISATION_ID, limit=SHOWN)
        store.reviews.edited(LOCAL_ORGANISATION_ID, limit=SHOWN)
        store.reviews.alerts(LOCAL_ORGANISATION_ID, limit=SHOWN)
        store.reviews.count_alerts(LOCAL_ORGANISATION_ID)
        store.reviews.follow_ups(LOCAL_ORGANISATION_ID, until=TODAY, limit=SHOWN)

    def places():
        only = PlaceFilter(kinds=(rng.choice(kinds),), city_parts=(rng.choice(codes),))
        store.places.count(only=only)

    asked = {
        "visits of a city part since a day": city_part, "a worker's own month": own_month,
        "the lists of the inbox": inbox, "how many places of a kind in a city part": places,
    }  # fmt: skip
    return {name: [in_ms(question) for _ in range(questions)] for name, question in asked.items()}


def codes_of(store):
    return sorted({row.city_part for row in store.places.cells(resolution=7)})


def note_a_worker(store, codes, rng):
    """Store what one worker noted in a year."""
    rows = []
    for _ in range(NOTED):
        code, day = rng.choice(codes), date(2026, rng.randint(1, 10), rng.randint(1, 28))
        rows.append(
            (VisitDraft(id=str(uuid_utils.uuid7()), city_part=code, happened_on=day, outcome="informovan"), code)
        )
    store.visits.bulk_add(rows, WORKER)


def in_ms(question):
    start = time.perf_counter()
    question()
    return (time.perf_counter() - start) * 1000
