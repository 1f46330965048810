"""DATA_DIRs full of invented places, kept under build/ so that a second run need not make them again."""

import hashlib
import json
import shutil
import time
from itertools import islice
from pathlib import Path

import numpy as np

from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceDraft
from domain.vocabulary import Scope, terms
from geo.boundaries import PRAGUE_BBOX, boundaries
from geo.locate import locate_many
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store

PROJECT = Path(__file__).parents[2]
KEPT = PROJECT / "build" / "bench-data"
CHUNK = 100_000
CENTRES = 40
# About three places in four lie in a neighbourhood of others, as those of real field work do; the rest anywhere.
CLUSTERED_SHARE = 0.75
NEIGHBOURHOOD_DEG = (0.012, 0.008)
ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)


def fingerprint():
    """Hash of what decides the content: tables, rows, cells and this file. Data made by older code are made anew."""
    digest = hashlib.blake2b(digest_size=8)
    store = PROJECT / "store"
    named = [store / f"{name}.py" for name in ("tables", "place_rows", "place_cells")]
    for path in [*named, *sorted((store / "migrations").rglob("*.py")), Path(__file__)]:
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


def invented_places(rows, seed):
    """Yield `rows` places inside Prague; the same for the same seed."""
    return islice(_endless_places(np.random.default_rng(seed)), rows)


def _endless_places(random):
    kinds = [term.code for term in terms("typ_lokality", Scope.PLACE)]
    bundled = boundaries()
    areas = list(bundled.cadastral_areas.index)
    number = 0
    while True:
        lon, lat = _positions(random)
        found = locate_many(lon, lat)
        codes = found.codes_of_city_parts()
        drawn_kinds = random.integers(0, len(kinds), lon.size)
        for i in np.flatnonzero(found.city_part >= 0):
            number += 1
            area = int(found.cadastral_area[i])
            draft = PlaceDraft(
                id=_uuid7(number, random), kind=kinds[drawn_kinds[i]], name=f"Vymyšlené místo {number}",
                position=LonLat(lon=float(lon[i]), lat=float(lat[i])),
            )  # fmt: skip
            yield LocatedPlace(
                draft=draft, city_part=codes[i], admin_district=int(found.admin_district[i]),
                cadastral_area=areas[area] if area >= 0 else None,
            )  # fmt: skip


def _positions(random):
    box = PRAGUE_BBOX
    lon, lat = random.uniform(box.minx, box.maxx, CHUNK), random.uniform(box.miny, box.maxy, CHUNK)
    # The same neighbourhoods in every chunk, at the same share of the box.
    where = np.random.default_rng(CENTRES)
    centre = where.integers(0, CENTRES, CHUNK)
    centre_lon = where.uniform(box.minx, box.maxx, CENTRES)[centre]
    centre_lat = where.uniform(box.miny, box.maxy, CENTRES)[centre]
    near = random.random(CHUNK) < CLUSTERED_SHARE
    lon[near] = centre_lon[near] + random.normal(0, NEIGHBOURHOOD_DEG[0], int(near.sum()))
    lat[near] = centre_lat[near] + random.normal(0, NEIGHBOURHOOD_DEG[1], int(near.sum()))
    return np.round(lon, 6), np.round(lat, 6)


def _uuid7(number, random):
    high = (1_700_000_000_000 + number) << 16 | 0x7000 | int(random.integers(0, 1 << 12))
    low = 0x8000_0000_0000_0000 | int(random.integers(0, 1 << 62))
    text = f"{high << 64 | low:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
