"""DATA_DIRs full of invented places, kept under build/ so that a second run need not make them again."""

import hashlib
import json
import shutil
import time
from pathlib import Path

from actions import generate
from actions.generate import ACTOR, invented_places
from store import open_store

PROJECT = Path(__file__).parents[2]
KEPT = PROJECT / "build" / "bench-data"


def fingerprint():
    """Hash of what decides the content: tables, rows, cells and the generator. Data made by older code are made anew."""
    digest = hashlib.blake2b(digest_size=8)
    store = PROJECT / "store"
    named = [store / f"{name}.py" for name in ("tables", "place_rows", "place_cells")]
    for path in [*named, *sorted((store / "migrations").rglob("*.py")), Path(generate.__file__)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def data_dir(rows, seed):
    """Return a DATA_DIR with `rows` places of one organisation and the seconds it took to make (0 if it was kept)."""
    return kept_dir(f"{rows}-{seed}", made(rows, seed), lambda store: fill(store, rows, seed))


def kept_dir(name, about, write):
    """Return a DATA_DIR that `write(store)` fills, and the seconds it took; one made from the same `about` is kept."""
    folder = KEPT / name
    mark = folder / "made.json"
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8")) == about:
        return folder / "data", 0.0
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    start = time.perf_counter()
    store = open_store(folder / "data")
    try:
        write(store)
    finally:
        store.close()
    mark.write_text(json.dumps(about), encoding="utf-8")
    return folder / "data", time.perf_counter() - start


def fill(store, rows, seed):
    store.places.bulk_add(invented_places(rows, seed), ACTOR)
    store.settings.set("first_run_seen", value=True, actor=ACTOR)


def made(rows, seed):
    return {"rows": rows, "seed": seed, "code": fingerprint()}


def points(rows, seed):
    """Return [lat, lon] of the places that `data_dir(rows, seed)` holds, for the alternative."""
    return [[place.draft.position.lat, place.draft.position.lon] for place in invented_places(rows, seed)]
