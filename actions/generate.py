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
# After one visit in so many somebody agreed to come again.
FOLLOW_UP_EVERY, FOLLOW_UP_AFTER, FOLLOW_UP_SERVICE = 50, timedelta(days=30), "counselling_legal"
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
    calendar = [today - timedelta(days=day) for day in range(YEARS_DAYS)]
    drawn = _drawn_visits(random, len(outcomes))
    number = 0
    for index, place in enumerate(invented_places(places, seed), start=1):
        for _ in range(count * index // places - number):
            number += 1
            day, outcome, high, low = next(drawn)
            agreed = number % FOLLOW_UP_EVERY == 0
            draft = VisitDraft(
                id=_uuid7(FIRST_VISIT + number, high, low), place_id=place.draft.id, happened_on=calendar[day],
                outcome=outcomes[outcome], follow_up_on=calendar[day] + FOLLOW_UP_AFTER if agreed else None,
                follow_up_service=FOLLOW_UP_SERVICE if agreed else None,
            )  # fmt: skip
            yield draft, place.city_part


def _drawn_visits(random: np.random.Generator, outcomes: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield days back, outcomes and the random parts of ids without end."""
    while True:
        days, drawn = random.integers(0, YEARS_DAYS, CHUNK), random.integers(0, outcomes, CHUNK)
        yield from zip(days.tolist(), drawn.tolist(), *_random_bits(random, CHUNK), strict=True)


def _random_bits(random: np.random.Generator, count: int) -> tuple[list[int], list[int]]:
    """Return the random parts of `count` ids."""
    return random.integers(0, 1 << 12, count).tolist(), random.integers(0, 1 << 62, count).tolist()


def _endless_places(random: np.random.Generator) -> Iterator[LocatedPlace]:
    kinds = [term.code for term in terms("typ_lokality", Scope.PLACE)]
    areas = list(boundaries().cadastral_areas.index)
    number = 0
    while True:
        lon, lat = _positions(random)
        found = locate_many(lon, lat)
        codes = found.codes_of_city_parts()
        inside = np.flatnonzero(found.city_part >= 0)
        drawn_kinds = random.integers(0, len(kinds), inside.size).tolist()
        columns = (
            inside.tolist(), lon[inside].tolist(), lat[inside].tolist(), found.cadastral_area[inside].tolist(),
            found.admin_district[inside].tolist(), drawn_kinds, *_random_bits(random, inside.size),
        )  # fmt: skip
        for i, x, y, area, district, kind, high, low in zip(*columns, strict=True):
            number += 1
            draft = PlaceDraft(
                id=_uuid7(number, high, low), kind=kinds[kind], name=f"Vymyšlené místo {number}",
                position=LonLat(lon=x, lat=y),
            )  # fmt: skip
            yield LocatedPlace(
                draft=draft, city_part=codes[i], admin_district=district,
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


def _uuid7(number: int, high: int, low: int) -> str:
    """Return an id that sorts by `number`; `high` (12 bits) and `low` (62 bits) make it one of its kind."""
    text = f"{(1_700_000_000_000 + number) << 16 | 0x7000 | high:016x}{0x8000_0000_0000_0000 | low:016x}"
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
