"""Fifty people have the map open for ten minutes. Forty look: they open places, and now and then load the page anew.
Ten write: each clicks into the map, fills in the form, saves it, and says so where the app asks whether it is a
doublet. Whenever something was saved, each of them is sent the places of its view again with the next thing it does, as
a browser asks for them. Between two acts each thinks for about five seconds. Afterwards as many people move the only
slider of a page that has nothing else, at the same pace: what that takes is what the machine and Streamlit cost. It
is told twice: of Streamlit as it comes, and in a process that keeps what it loaded out of garbage collections, as
ours does; Streamlit makes one after every run. Nothing may go wrong, every place that was said to be saved must be there and no other,
and the memory of the app must not grow with time. A shorter run: `python -m tests.drills.sessions_drill --seconds 180`.
"""

import argparse
import asyncio
import random
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import psutil

from actions.generate import ACTOR, invented_places
from domain.text import Language
from domain.vocabulary import Scope, terms
from store import open_store
from tests.bench.figures import percentile
from tests.bench.map_bench import APPS
from tests.bench.streamlit_client import Session
from tests.drills.findings import at_least, none_of, timing, told
from tests.drills.run import text_table
from tests.tools.server import running_app
from ui.localisation import Messages

SESSIONS, WRITERS, SECONDS, THINK_S, PLACES = 50, 10, 600.0, 5.0, 10_000
SHORT = {"sessions": 6, "writers": 2, "seconds": 8.0, "think_s": 1.0, "places": 300}
RATIO_LIMIT = 2.0
SLOPE_LIMIT_MB = 1.0
# Caches fill and sessions open at first; growth is measured after this share of the time.
GROWN_IN = 0.25
SAMPLE_S = 1.0
# Each page with one slider is measured for so much of the time.
SLIDER_SHARE = 0.2
PLAIN, SETTLED = "page with one slider", "page with one slider, process set up like ours"
SLIDERS = {PLAIN: "empty_app.py", SETTLED: "settled_app.py"}
RERUNS = ("open the form", "save", "open a place", "load the page")
# Of the acts of those who look, so many load the whole page anew.
ANEW = 0.2
NAME = "Zkouška padesáti"
# The server closes a connection that was idle for 5 s, just when somebody thinks no more. A browser then asks again by
# itself; here no connection is kept so long.
KEPT = httpx.Limits(keepalive_expiry=3.0)
MB = 2**20


@dataclass(slots=True)
class Seen:
    """What all people together saw."""

    times: dict = field(default_factory=lambda: defaultdict(list))
    errors: Counter = field(default_factory=Counter)
    saved: int = 0


def run(seed, *, full):
    return measure(seed) if full else measure(seed, **SHORT)


def measure(seed, *, sessions=SESSIONS, writers=WRITERS, seconds=SECONDS, think_s=THINK_S, places=PLACES):
    seen = Seen()
    with tempfile.TemporaryDirectory(prefix="sessions-drill-") as folder:
        data_dir = Path(folder) / "data"
        ids = fill(data_dir, places, seed)
        how = {"sessions": sessions, "think_s": think_s, "rng": random.Random(seed)}
        with running_app(data_dir) as ours, MemoryCurve(ours.process.pid) as memory:
            asyncio.run(map_people(str(ours), ids, seen, memory, writers=writers, seconds=seconds, **how))
        for name, script in SLIDERS.items():
            with running_app(Path(folder) / "slider", script=APPS / script) as slider:
                asyncio.run(slider_people(str(slider), seen.times[name], seconds=seconds * SLIDER_SHARE, **how))
        return findings(seen, memory, stored(data_dir), sessions=sessions, seconds=seconds)


def findings(seen, memory, in_store, *, sessions, seconds):
    ours = percentile((one for kind in RERUNS for one in seen.times[kind]), 0.95)
    plain, settled = (percentile(seen.times[name], 0.95) for name in SLIDERS)
    reruns = sum(len(seen.times[kind]) for kind in RERUNS)
    return [
        at_least("sessions", sessions, SESSIONS if seconds >= SECONDS else 1),
        told("time that they were there", seconds, "s"),
        at_least("reruns of our page", reruns, 10 * sessions if seconds >= SECONDS else sessions),
        at_least("places saved", seen.saved, 1),
        none_of("errors", seen.errors.total()),
        *(told(f"of them: {what}", count) for what, count in seen.errors.most_common(5)),
        none_of("places said to be saved and not there, or there and not said", abs(in_store - seen.saved)),
        timing("a rerun of our page, p95, against the page with one slider", ours / plain, "x", RATIO_LIMIT),
        told("the same against that page in a process set up like ours", ours / settled, "x"),
        told("a rerun of our page, p95", ours * 1000, "ms"),
        *(
            told(f"{kind}, p95 of {len(times)}", percentile(times, 0.95) * 1000, "ms")
            for kind, times in sorted(seen.times.items()) if times
        ),
        timing("growth of the app's memory", memory.slope_mb_a_minute(), "MB/min", SLOPE_LIMIT_MB),
        told("memory of the app at the end", memory.samples[-1][1] / MB, "MB"),
    ]  # fmt: skip


def fill(data_dir, rows, seed):
    """Make a store with places and return the ids of some."""
    store = open_store(data_dir)
    made = list(invented_places(rows, seed))
    store.places.bulk_add(made, ACTOR)
    store.settings.set("first_run_seen", value=True, actor=ACTOR)
    store.close()
    return [(located.draft.id, located.draft.position) for located in made[:200] if located.draft.position]


def stored(data_dir):
    """Return how many of the places that were typed in are there."""
    store = open_store(data_dir)
    try:
        return sum((place.name or "").startswith(NAME) for place in store.places.find())
    finally:
        store.close()


class MemoryCurve:
    """Samples the resident memory of a process."""

    def __init__(self, pid):
        self.samples = []
        self._process = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def begin(self):
        """Forget what was before everybody was there."""
        self.samples = []

    def _watch(self):
        while not self._stop.wait(SAMPLE_S):
            self.samples.append((time.monotonic(), self._process.memory_info().rss))

    def slope_mb_a_minute(self):
        """Return the slope of the straight line through what came after the beginning."""
        times, sizes = np.array(self.samples[int(len(self.samples) * GROWN_IN) :], dtype=float).T
        return float(np.polyfit((times - times[0]) / 60, sizes / MB, 1)[0])


async def map_people(address, ids, seen, memory, *, sessions, writers, seconds, think_s, rng):
    async with AsyncExitStack() as stack:
        people = []
        for number in range(sessions):
            session = await stack.enter_async_context(Session(address))
            # The first run of a process loads what it needs: that is another measure.
            await session.rerun()
            client = await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=60, limits=KEPT))
            people.append(Person(session, client, ids, seen, random.Random(rng.random()), number))
        memory.begin()
        end = time.monotonic() + seconds
        await asyncio.gather(
            *(person.stay(end, think_s, writes=number < writers) for number, person in enumerate(people))
        )


async def slider_people(address, times, *, sessions, seconds, think_s, rng):
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(Session(address)) for _ in range(sessions)]
        for session in people:
            await session.move_slider()
        end = time.monotonic() + seconds

        async def slide(session):
            while True:
                await asyncio.sleep(rng.uniform(0.5, 1.5) * think_s)
                if time.monotonic() >= end:
                    return
                times.append(await session.move_slider())

        await asyncio.gather(*(slide(session) for session in people))


class Person:
    """One person with the map open."""

    def __init__(self, here, client, ids, seen, rng, number):
        self.here, self.client, self.ids, self.seen, self.rng, self.number = here, client, ids, seen, rng, number
        self.seq = self.records = 0
        self.version = -1
        west, south = 14.30 + rng.random() / 10, 50.00 + rng.random() / 20
        self.bbox = f"{west:.4f},{south:.4f},{west + 0.12:.4f},{south + 0.06:.4f}"

    async def stay(self, end, think_s, *, writes):
        """Do one thing after another, each after a while of its own, until the time is over."""
        acts = self.record() if writes else self.look()
        while True:
            await asyncio.sleep(self.rng.uniform(0.5, 1.5) * think_s)
            if time.monotonic() >= end:
                return
            try:
                kind, took = await anext(acts)
                self.seen.times[kind].append(took)
                await self.fetch()
            except Exception as error:
                self.seen.errors[f"{type(error).__name__}: {str(error)[:80]}"] += 1
                acts = self.record() if writes else self.look()

    async def look(self):
        while True:
            if self.rng.random() < ANEW:
                yield "load the page", await self.here.rerun()
                continue
            place_id, position = self.rng.choice(self.ids)
            yield "open a place", await self._click(position.lon, position.lat, layer="places", feature=place_id)
            if not self.here.drawn:
                raise RuntimeError("the place did not open")

    async def record(self):
        while True:
            yield "open the form", await self._click(self.rng.uniform(14.38, 14.50), self.rng.uniform(50.05, 50.10))
            name, kind = self.here.widget("text_input", "_name"), self.here.widget("button_group", "_kind")
            save = next((one for what, one in self.here.drawn if what == "button" and one.is_form_submitter), None)
            if name is None or kind is None or save is None:
                raise RuntimeError("the form did not open")
            self.records += 1
            chosen = self.rng.choice(KINDS)
            filled = {"texts": [(name.id, f"{NAME} {self.number}-{self.records}")], "pills": [(kind.id, chosen)]}
            took = [await self.here.press(save.id, **filled)]
            again = next((one for what, one in self.here.drawn if what == "button" and one.label == DOUBLET), None)
            if again is not None:
                took.append(await self.here.press(again.id))
            if self.here.widget("button", "saved-undo") is None:
                raise RuntimeError(f"not saved: {self.here.alerts}")
            self.seen.saved += 1
            for one in took:
                yield "save", one

    async def _click(self, lon, lat, **more):
        self.seq += 1
        return await self.here.click(seq=self.seq, lon=lon, lat=lat, **more)

    async def fetch(self):
        """Ask for the places of the view where something was saved since, as the map does."""
        if self.here.data_version == self.version:
            return
        self.version = self.here.data_version
        start = time.perf_counter()
        answer = await self.client.get(
            "/api/v1/layers/places", params={"lang": "cs", "zoom": 13, "bbox": self.bbox},
            headers={"Authorization": f"Bearer {self.here.token}"},
        )  # fmt: skip
        answer.raise_for_status()
        self.seen.times["places of the view"].append(time.perf_counter() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    asked = parser.parse_args()
    print(text_table(measure(asked.seed, seconds=asked.seconds)))


KINDS = [term.label.cs for term in terms("typ_lokality", Scope.PLACE)]
DOUBLET = Messages(Language.CS)("record-duplicate-save")

if __name__ == "__main__":
    main()
