"""Invented places and visits in any number, to try how the app bears them: `python -m actions.generate`.

Nothing here exists. Names say that they are invented and the store carries the mark that puts
"invented" on every view. The same seed gives the same places and visits. A store that holds real
records is refused; a run that was stopped goes on where it stopped.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from actions.training import INVENTED_SETTING
from domain.errors import AppError, StoreError
from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceDraft, VisitDraft
from domain.vocabulary import Scope, terms
from geo.boundaries import PRAGUE_BBOX, boundaries
from geo.locate import locate_many
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, Store, open_store

CHUNK = 100_000
CENTRES = 40
# About three places in four lie in a neighbourhood of others, as those of real field work do; the rest anywhere.
CLUSTERED_SHARE = 0.75
NEIGHBOURHOOD_DEG = (0.012, 0.008)
YEARS_DAYS = 1_500
# Ids of places and of visits are numbered apart.
FIRST_VISIT = 1 << 36
ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
_Floats = npt.NDArray[np.float64]


def generate(store: Store, *, places: int, visits: int, seed: int, today: date) -> tuple[int, int]:
    """Fill a store with invented places and visits and return how many of each were new.

    Raises
    ------
    StoreError
        `training_into_real`: the store holds records and no mark that they are invented.
    """
    if not store.settings.get(INVENTED_SETTING, default=False):
        if store.places.count():
            raise StoreError("training_into_real", folder=store.data_dir.name)
        # The mark comes first: a run that is cut short leaves nothing that looks real.
        store.settings.set(INVENTED_SETTING, value=True, actor=ACTOR)
    new_places = store.places.bulk_add(invented_places(places, seed), ACTOR)
    return new_places, store.visits.bulk_add(invented_visits(places, visits, seed, today), ACTOR)


def invented_places(count: int, seed: int) -> Iterator[LocatedPlace]:
    """Yield `count` places inside Prague; the same for the same seed."""
    return islice(_endless_places(np.random.default_rng(seed)), count)


def invented_visits(places: int, count: int, seed: int, today: date) -> Iterator[tuple[VisitDraft, str]]:
    """Yield `count` visits, spread evenly over the places, each with the code of its city part."""
    outcomes = [term.code for term in terms("vysledek_kontaktu", Scope.VISIT)]
    random = np.random.default_rng([seed, 1])
    number = 0
    for index, place in enumerate(invented_places(places, seed), start=1):
        here = count * index // places - number
        days, drawn = random.integers(0, YEARS_DAYS, here), random.integers(0, len(outcomes), here)
        for day, outcome in zip(days, drawn, strict=True):
            number += 1
            draft = VisitDraft(
                id=_uuid7(FIRST_VISIT + number, random), place_id=place.draft.id,
                happened_on=today - timedelta(days=int(day)), outcome=outcomes[outcome],
            )  # fmt: skip
            yield draft, place.city_part


def _endless_places(random: np.random.Generator) -> Iterator[LocatedPlace]:
    kinds = [term.code for term in terms("typ_lokality", Scope.PLACE)]
    areas = list(boundaries().cadastral_areas.index)
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


def _positions(random: np.random.Generator) -> tuple[_Floats, _Floats]:
    """Return longitudes and latitudes in degrees of a chunk of points around Prague."""
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


def _uuid7(number: int, random: np.random.Generator) -> str:
    """Return an id that sorts by `number` and hangs on the seed alone."""
    high = (1_700_000_000_000 + number) << 16 | 0x7000 | int(random.integers(0, 1 << 12))
    low = 0x8000_0000_0000_0000 | int(random.integers(0, 1 << 62))
    text = f"{high << 64 | low:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def main(arguments: list[str] | None = None) -> int:
    """Generate from the command line and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m actions.generate", description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--places", type=int, default=1_000_000)
    parser.add_argument("--visits", type=int, help="three per place unless told")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    wanted = 3 * asked.places if asked.visits is None else asked.visits
    start = time.perf_counter()
    try:
        store = open_store(asked.data_dir, database_url=os.environ.get("DATABASE_URL") or None)
        try:
            made = generate(store, places=asked.places, visits=wanted, seed=asked.seed, today=datetime.now(UTC).date())
        finally:
            store.close()
    except AppError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{made[0]} invented places and {made[1]} invented visits in {time.perf_counter() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
