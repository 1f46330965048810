"""Asks a running app for views and files of a large store as a browser does, and watches its memory."""

import secrets
import sqlite3
import threading
import time
from contextlib import closing, contextmanager

import httpx
import psutil

from api.tokens import make_token
from tests.drills.findings import Finding, at_least, none_of, timing, told
from tests.tools.server import running_app

PAYLOAD_KB, VIEW_MS, MEMORY_MB, EXPORT_S = 150, 150.0, 1024.0, 60.0
# What a file of all places may take more than one of a twelfth of them: a page or two, the index of positions.
GROWTH_MB = 64.0
SAMPLE_S = 0.05
MB = 2**20
KIND = "ubytovna"
SECRET = secrets.token_hex(32)


def ask_server(engine, data_dir, url, views, clearance, stored, of_kind):
    """Return what a server over the store was found to answer, how soon, and how large it grew.

    `stored` is the number of places, `of_kind` that of one kind; both files must hold just that many.
    """
    environment = {"BILA_MISTA_TOKEN_SECRET": SECRET, **({"DATABASE_URL": url} if url else {})}
    with running_app(data_dir, environment=environment) as app:
        process = psutil.Process(app.process.pid)
        with httpx.Client(base_url=app.address, timeout=600, headers={"Accept-Encoding": "gzip"}) as client:
            renew(client, clearance, SECRET)
            _, times, weights = ask_views(client, views)
            with peak_of(process) as after_views:
                time.sleep(3 * SAMPLE_S)
            part, part_s, part_peak = export(client, data_dir, clearance, process, {"kind": KIND})
            whole, whole_s, whole_peak = export(client, data_dir, clearance, process, {})
    return [
        at_least(f"{engine}: views asked of a running server", len(times), len(views) - 1),
        Finding(name=f"{engine}: the heaviest view, gzipped", value=max(weights), unit="KB", most=PAYLOAD_KB),
        timing(f"{engine}: a view over the network, p50", p(times, 50), "ms"),
        timing(f"{engine}: a view over the network, p95", p(times, 95), "ms", VIEW_MS),
        timing(f"{engine}: memory of the server after the views", after_views[0] / MB, "MB", MEMORY_MB),
        none_of(f"{engine}: places missing in a GeoPackage of all, or too many", abs(whole - stored)),
        none_of(f"{engine}: places missing in a GeoPackage of one kind, or too many", abs(part - of_kind)),
        timing(f"{engine}: a GeoPackage of all places, sent and received", whole_s, "s", EXPORT_S),
        told(f"{engine}: a GeoPackage of one kind", part_s, "s"),
        timing(f"{engine}: memory of the server while it makes the file of all", whole_peak / MB, "MB", MEMORY_MB),
        timing(f"{engine}: the same over a file of one kind", (whole_peak - part_peak) / MB, "MB", GROWTH_MB),
    ]


def ask_views(client, views):
    """Return the seconds of the first answer, which loads what every later one has; their times in ms and sizes in KB."""
    first_s, times, weights = 0.0, [], []
    for number, (bbox, zoom) in enumerate(views):
        box = f"{bbox.minx},{bbox.miny},{bbox.maxx},{bbox.maxy}"
        start = time.perf_counter()
        with client.stream("GET", "/api/v1/layers/places", params={"bbox": box, "zoom": zoom, "lang": "cs"}) as answer:
            answer.raise_for_status()
            weight = sum(map(len, answer.iter_raw()))
        seconds = time.perf_counter() - start
        if number:
            times.append(seconds * 1000)
            weights.append(weight / 1024)
        else:
            first_s = seconds
    return first_s, times, weights


def export(client, data_dir, clearance, process, options):
    """Return how many places a GeoPackage holds, the seconds it took and the server's largest memory meanwhile."""
    renew(client, clearance, SECRET)
    path = data_dir.parent / "received.gpkg"
    start = time.perf_counter()
    with (
        peak_of(process) as peak,
        client.stream("GET", "/api/v1/exports/places.gpkg", params={"lang": "cs", **options}) as answer,
        path.open("wb") as file,
    ):
        answer.raise_for_status()
        for piece in answer.iter_raw():
            file.write(piece)
    seconds = time.perf_counter() - start
    with closing(sqlite3.connect(path)) as database:
        (count,) = database.execute("SELECT count(*) FROM places").fetchone()
    path.unlink()
    return count, seconds, peak[0]


def renew(client, clearance, secret):
    """Give the client a token; one lasts five minutes."""
    client.headers["Authorization"] = f"Bearer {make_token(clearance, secret=secret.encode())}"


@contextmanager
def peak_of(process):
    """Yield a list whose only number grows to the largest memory in bytes that a process held meanwhile."""
    peak, done = [process.memory_info().rss], threading.Event()

    def watch():
        while not done.wait(SAMPLE_S):
            peak[0] = max(peak[0], process.memory_info().rss)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def p(values, percent):
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]
