"""A million invented places with three million visits, on either engine: what a view weighs and how long it takes.

The data are made by the same command as `make generate`. Then views of the map at random positions and zooms are
asked for as the map asks (all own places of a coordinator, through the privacy gate, as compressed GeoJSON), and
visits of random city parts as the pages ask (how many, the latest day, the latest fifty since a day). No answer is
kept between two questions. What a view counts is compared with what the store holds. The times hold for the
machine and the load of the day; in the short form there are a few thousand places only.
"""

import os
import random
import tempfile
import time
from datetime import date
from pathlib import Path

import psutil

from actions.generate import generate
from actions.place_reader import StorePlaceReader
from api.responses import pack
from domain.geometry import BBox
from domain.place import PlaceFilter
from domain.roles import Clearance, Role
from domain.text import Language
from geo.boundaries import PRAGUE_BBOX
from layers._live import render_geojson
from layers.contract import Context, Readers
from layers.registry import get_layer
from store import LOCAL_ORGANISATION_ID, open_store
from tests.drills.findings import Finding, at_least, none_of, timing, told
from tests.tools.postgres import find_postgres, running_cluster

TODAY = date(2026, 11, 1)
OWN = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
PAYLOAD_KB, VIEW_MS, FILTER_MS, MEMORY_MB = 150, 150.0, 300.0, 1024.0
# A window of 1280 x 800 points, at 256 points to a tile.
TILES = (5.0, 3.1)
ZOOMS = (10, 17)
SHOWN = 50


def run(seed: int, *, full: bool) -> list[Finding]:
    places, questions = (1_000_000, 200) if full else (1_500, 12)
    findings = []
    with tempfile.TemporaryDirectory() as folder:
        findings += measure("SQLite", Path(folder) / "file", None, places, questions, seed)
        if find_postgres() is not None:
            with running_cluster({"shared_buffers": "1GB"} if full else None) as cluster:
                findings += measure("PostgreSQL", Path(folder) / "server", cluster.url(), places, questions, seed)
    memory = psutil.Process(os.getpid()).memory_info().rss / 2**20
    return [*findings, timing("memory of the process at the end, making the data included", memory, "MB", MEMORY_MB)]


def measure(engine, data_dir, url, places, questions, seed):
    store = open_store(data_dir, database_url=url)
    try:
        start = time.perf_counter()
        made = generate(store, places=places, visits=3 * places, seed=seed, today=TODAY)
        making = time.perf_counter() - start
        views, weights, wrong = ask_views(store, questions, random.Random(seed))
        filters = ask_visits(store, questions, random.Random(seed))
        reader = StorePlaceReader(store)
        whole = reader.places(bbox=PRAGUE_BBOX, zoom=10, only=PlaceFilter(), clearance=OWN)
        shown = int(whole["cluster"].where(whole["cluster"] > 0, 1).sum())
        cells = store.places.verify_cells()
    finally:
        store.close()
    return [
        at_least(f"{engine}: places and visits made", sum(made), 4 * places),
        told(f"{engine}: making them", making, "s"),
        none_of(f"{engine}: places that a view of all Prague does not count", places - shown),
        none_of(f"{engine}: views of single places that show another number than the store holds", wrong),
        none_of(f"{engine}: counts per cell that differ from the places", len(cells)),
        Finding(name=f"{engine}: the heaviest view, gzipped", value=max(weights), unit="KB", most=PAYLOAD_KB),
        timing(f"{engine}: a view, p50", p(views, 50), "ms"),
        timing(f"{engine}: a view, p95", p(views, 95), "ms", VIEW_MS),
        timing(f"{engine}: visits of a city part, p95", p(filters, 95), "ms", FILTER_MS),
    ]


def ask_views(store, questions, rng):
    """Return the times in ms, the sizes in KB, and how many views counted wrongly."""
    layer = get_layer("places")
    times, weights, wrong = [], [], 0
    for number in range(questions + 1):
        bbox, zoom = a_view(rng)
        readers = Readers(figure_tables={}, places=StorePlaceReader(store), board=None)
        options = {option.id: option.default for option in layer.options_for(readers)}
        start = time.perf_counter()
        features = layer.load(Context(bbox=bbox, zoom=zoom, options=options, clearance=OWN, readers=readers))
        packed = pack(render_geojson(layer, features, Language.CS, with_geometry=True))
        # The first one loads what every later one has.
        if number:
            times.append((time.perf_counter() - start) * 1000)
            weights.append(len(packed.gzipped) / 1024)
        frame = features.frame
        if not (frame["cluster"] > 0).any():
            wrong += len(frame) != store.places.count(bbox=bbox)
    return times, weights, wrong


def a_view(rng):
    zoom = rng.randint(*ZOOMS)
    width, height = (360 / 2**zoom * tiles for tiles in TILES)
    lon, lat = rng.uniform(PRAGUE_BBOX.minx, PRAGUE_BBOX.maxx), rng.uniform(PRAGUE_BBOX.miny, PRAGUE_BBOX.maxy)
    # Degrees of latitude are about 1.6 times as tall as those of longitude on the map of Prague.
    height /= 1.56
    return BBox(minx=lon - width / 2, miny=lat - height / 2, maxx=lon + width / 2, maxy=lat + height / 2), zoom


def ask_visits(store, questions, rng):
    codes = sorted({row.city_part for row in store.places.cells(resolution=7)})
    times = []
    for _ in range(questions):
        code, since = rng.choice(codes), date(rng.randint(2023, 2026), 1, 1)
        start = time.perf_counter()
        store.visits.count_in_city_part(code, organisation_id=LOCAL_ORGANISATION_ID)
        store.visits.for_city_part(code, organisation_id=LOCAL_ORGANISATION_ID, since=since, limit=SHOWN)
        times.append((time.perf_counter() - start) * 1000)
    return times


def p(values, percent):
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]
