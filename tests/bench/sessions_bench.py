"""Thirty sessions at once: our map page against a page with one slider; and what memory the server takes.

Run `python -m tests.bench.sessions_bench [SEED]`. In each round all sessions act at the same moment and each
waits for its own answer. A filter of our map is a request for a layer, without a run of the script; for the
same page a widget of Streamlit's is measured too, which runs the whole script anew.
"""

import asyncio
import random
import sys
import tempfile
import threading
import time
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import httpx
import psutil

from domain.vocabulary import Scope, terms
from tests.bench.bench_data import data_dir
from tests.bench.figures import percentile, row, text_table
from tests.bench.map_bench import APPS, PLACES
from tests.bench.streamlit_client import Session
from tests.tools.server import running_app

SESSIONS = 30
ROUNDS = 6
PAUSE_S = 0.3
RATIO_LIMIT = 2.0
MEMORY_LIMIT_MB = 400
WARM_UP_S = 3


def run(seed: int) -> list[dict]:
    """Return rows of name, value, unit, limit (None: told for comparison only) and within."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ours_dir, _ = data_dir(PLACES, seed)
        empty = stack.enter_context(running_app(Path(folder) / "empty", script=APPS / "empty_app.py"))
        ours = stack.enter_context(running_app(ours_dir, script=APPS / "our_app.py"))
        memory = stack.enter_context(MemoryWatch(ours.process.pid))
        time.sleep(WARM_UP_S)
        times = asyncio.run(measure(empty.address, ours.address, random.Random(seed)))
    slider = percentile(times["slider"], 0.95)
    rows = [row("sessions: 30 at once, page with one slider, p95", slider * 1000, "ms", digits=0)]
    for name, title in (
        ("filter", "30 at once, a filter of the map"), ("widget", "30 at once, a widget on the page of the map"),
    ):  # fmt: skip
        p95 = percentile(times[name], 0.95)
        rows.append(row(f"sessions: {title}, p95", p95 * 1000, "ms", digits=0))
        rows.append(row(f"sessions: {title}, p95 ratio", p95 / slider, "x", RATIO_LIMIT))
    click = percentile(times["click"], 0.95)
    rows.append(row("sessions: 30 at once, a click opens the form, p95", click * 1000, "ms", digits=0))
    rows.append(row("sessions: peak memory of the server", memory.peak / 2**20, "MB", MEMORY_LIMIT_MB, digits=0))
    return rows


class MemoryWatch:
    """Samples the resident memory of a process and its children while it lasts."""

    def __init__(self, pid):
        self.process = psutil.Process(pid)
        self.peak = 0
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()

    def _watch(self):
        while not self.stop.wait(0.1):
            try:
                tree = [self.process, *self.process.children(recursive=True)]
                self.peak = max(self.peak, sum(process.memory_info().rss for process in tree))
            except psutil.NoSuchProcess:
                return


async def measure(empty, ours, rng):
    """Return the seconds of every single action, by kind; the kinds take turns."""
    times = {"slider": [], "filter": [], "widget": [], "click": []}
    kinds = [term.code for term in terms("typ_lokality", Scope.PLACE)]
    async with AsyncExitStack() as stack:
        # One after another: a page that opens is another measure (first paint).
        there = [await stack.enter_async_context(Session(empty)) for _ in range(SESSIONS)]
        here = [await stack.enter_async_context(Session(ours)) for _ in range(SESSIONS)]
        clients = [await stack.enter_async_context(httpx.AsyncClient(base_url=ours)) for _ in range(SESSIONS)]
        for turn in range(ROUNDS + 1):
            acts = {
                "slider": [session.move_slider() for session in there],
                "filter": [
                    change_filter(client, session.token, [rng.choice(kinds)], rng)
                    for client, session in zip(clients, here, strict=True)
                ],
                "widget": [session.move_slider() for session in here],
                "click": [
                    session.click(seq=turn + 1, lon=14.40 + rng.random() / 10, lat=50.05 + rng.random() / 20)
                    for session in here
                ],
            }
            for kind, calls in acts.items():
                taken = await asyncio.gather(*calls)
                # The first round warms up.
                if turn:
                    times[kind] += taken
                await asyncio.sleep(PAUSE_S)
    return times


async def change_filter(client, token, kinds, rng):
    """Ask for the places of a kind in a view of one's own, as the map does when its filter changes."""
    west, south = 14.22 + rng.random() / 50, 49.94 + rng.random() / 50
    params = {
        "lang": "cs", "kind": ",".join(kinds), "zoom": 11,
        "bbox": f"{west:.4f},{south:.4f},{west + 0.49:.4f},{south + 0.24:.4f}",
    }  # fmt: skip
    start = time.perf_counter()
    answer = await client.get(
        "/api/v1/layers/places", params=params, headers={"Authorization": f"Bearer {token}"}, timeout=60
    )
    answer.raise_for_status()
    if not answer.json()["features"]:
        raise RuntimeError("the filter found nothing")
    return time.perf_counter() - start


if __name__ == "__main__":
    print(text_table(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1)))
