"""How long one observation takes to be durable, and how much of it is ours.

`run(seed)` returns rows `{name, value, unit, limit, within}`; `limit` is None where a row is only
there to compare. Both ways write the same place and visit to the same disk in the same run.
"""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import uuid_utils

from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceDraft, VisitDraft
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, Store, open_store

SAVED_LIMIT_MS = 10.0
OBSERVATIONS = 300
WARM_UP = 30
BULK_PLACES = 20_000
ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)


def invented(rng: random.Random) -> tuple[LocatedPlace, VisitDraft]:
    """Return an invented place with its first visit."""
    place_id = str(uuid_utils.uuid7())
    position = LonLat(lon=rng.uniform(14.3, 14.6), lat=rng.uniform(50.0, 50.13))
    draft = PlaceDraft(id=place_id, kind="ubytovna", name=f"Vymyšlené místo {rng.randrange(10**6)}", position=position)
    visit = VisitDraft(
        id=str(uuid_utils.uuid7()), place_id=place_id, happened_on=date(2026, 1, 1), outcome="informovan"
    )
    return LocatedPlace(draft=draft, city_part="500089", admin_district=2, cadastral_area=None), visit


def times_ms(work: Callable[[], None]) -> list[float]:
    """Return how long each of the measured calls took, after a warm-up."""
    for _ in range(WARM_UP):
        work()
    taken = []
    for _ in range(OBSERVATIONS):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def save_with_the_store(store: Store, rng: random.Random) -> None:
    """Save one observation as the app does, with its audit rows, cells and version."""
    located, visit = invented(rng)
    store.places.add(located, ACTOR, visit=visit)


def save_naively(path: Path, rng: random.Random) -> None:
    """Save the bare fields over a connection of its own: no history, no audit, no cells."""
    located, visit = invented(rng)
    draft = located.draft
    assert draft.position is not None
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        with connection:
            connection.execute("CREATE TABLE IF NOT EXISTS places (id PRIMARY KEY, kind, name, lon, lat)")
            connection.execute("CREATE TABLE IF NOT EXISTS visits (id PRIMARY KEY, place_id, happened_on, outcome)")
            place_row = (draft.id, draft.kind, draft.name, draft.position.lon, draft.position.lat)
            connection.execute("INSERT INTO places VALUES (?, ?, ?, ?, ?)", place_row)
            visit_row = (visit.id, visit.place_id, visit.happened_on.isoformat(), visit.outcome)
            connection.execute("INSERT INTO visits VALUES (?, ?, ?, ?)", visit_row)


def row(name: str, value: float, unit: str, limit: float | None = None) -> dict[str, Any]:
    """Return one line of the table."""
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "limit": limit,
        "within": None if limit is None else value <= limit,
    }


def run(seed: int) -> list[dict[str, Any]]:
    """Measure on a fresh store in the temporary folder."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "data")
        try:
            ours = times_ms(lambda: save_with_the_store(store, rng))
            naive = times_ms(lambda: save_naively(Path(folder) / "naive.sqlite", rng))
            version = times_ms(lambda: _read_version(store))
            many = [invented(rng)[0] for _ in range(BULK_PLACES)]
            started = time.perf_counter()
            added = store.places.bulk_add(many, ACTOR)
            bulk_s = time.perf_counter() - started
            if added != BULK_PLACES or store.places.verify_cells() or store.audit.verify():
                raise RuntimeError("the store did not keep what the benchmark wrote")
        finally:
            store.close()
    median = statistics.median(ours)
    return [
        row("one observation saved, median", median, "ms", SAVED_LIMIT_MS),
        row("one observation saved, p95", statistics.quantiles(ours, n=20)[-1], "ms"),
        row("bare insert over its own connection, median", statistics.median(naive), "ms"),
        row("observation saved / bare insert", median / statistics.median(naive), "ratio"),
        row("data version read, median", statistics.median(version), "ms"),
        row("places added in bulk", BULK_PLACES / bulk_s, "rows/s"),
    ]


def _read_version(store: Store) -> None:
    store.data_version()


if __name__ == "__main__":
    for line in run(seed=1):
        print(line)
