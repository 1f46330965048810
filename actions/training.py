"""Invented places and streets for workshops: `python -m actions.training DATA_DIR`.

Nothing here exists. Positions are drawn at random, names say that they are invented, and the
store carries a mark that puts "invented" on every view. A store that holds real records is
refused.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import uuid_utils

from domain.errors import AppError, StoreError
from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceDraft, VisitDraft
from domain.vocabulary import LANGUAGES_HEARD, Scope, terms
from geo.boundaries import PRAGUE_BBOX, boundaries
from geo.locate import Located, locate
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, Store, open_store

INVENTED_SETTING = "invented"
PLACES = 160
VISITED_SHARE = 0.7
NOTED_AT = time(16)
STREETS = 400
STREET_WORDS = ("Smyšlená", "Vymyšlená", "Cvičná", "Školicí", "Zkušební", "Pomyslná", "Fiktivní", "Nácviková")
KIND_WEIGHTS = {"ubytovna": 5, "pracoviste": 4, "sidliste": 3, "obchod": 3, "komunita": 2, "skola": 2}


def make_training_data(data_dir: Path, *, seed: int, today: date) -> int:
    """Fill an empty store with invented places; a store that has them already is left as it is.

    Returns
    -------
    int
        Number of places made.

    Raises
    ------
    StoreError
        `training_into_real`: the store holds records and no mark that they are invented.
    """
    clock = _Clock()
    store = open_store(data_dir, clock=clock)
    try:
        if store.settings.get(INVENTED_SETTING, default=False):
            return 0
        if store.places.count():
            raise StoreError("training_into_real", folder=data_dir.name)
        actor = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
        # The mark comes first: a run that is cut short leaves nothing that looks real.
        store.settings.set(INVENTED_SETTING, value=True, actor=actor)
        _write_streets(data_dir / "streets.geojson", random.Random(seed))  # noqa: S311  no secret hangs on it
        return _write_places(store, clock, actor, random.Random(seed + 1), today)  # noqa: S311
    finally:
        store.close()


def invented_places(rng: random.Random, count: int) -> Iterator[LocatedPlace]:
    """Yield `count` invented places at random positions in Prague."""
    kinds = [term.code for term in terms("typ_lokality", Scope.PLACE)]
    groups = [term.code for term in terms("cilova_skupina", Scope.PLACE)]
    headcounts = [term.code for term in terms("pocet_lidi", Scope.PLACE)]
    accesses = [term.code for term in terms("pristup", Scope.PLACE)]
    languages = list(LANGUAGES_HEARD)[:8]
    weights = [KIND_WEIGHTS.get(kind, 1) for kind in kinds]
    made = 0
    while made < count:
        position = LonLat(
            lon=rng.uniform(PRAGUE_BBOX.minx, PRAGUE_BBOX.maxx), lat=rng.uniform(PRAGUE_BBOX.miny, PRAGUE_BBOX.maxy)
        )
        found = locate(position)
        if not isinstance(found, Located):
            continue
        made += 1
        draft = PlaceDraft(
            id=str(uuid_utils.uuid7()),
            kind=rng.choices(kinds, weights)[0],
            name=f"Vymyšlené místo {made}",
            position=position,
            languages=tuple(rng.sample(languages, rng.randint(0, 3))),
            target_groups=tuple(rng.sample(groups, rng.randint(0, 2))),
            headcount=rng.choice(headcounts),
            access=rng.choice(accesses),
        )
        yield LocatedPlace(
            draft=draft,
            city_part=found.city_part,
            admin_district=found.admin_district,
            cadastral_area=found.cadastral_area,
            border_city_part=found.border_city_part,
        )


class _Clock:
    """Says what it was set to: a visit is written down on its day, so that the past can be looked at."""

    def __init__(self) -> None:
        self.now: datetime | None = None

    def __call__(self) -> datetime:
        return self.now or datetime.now(UTC)


def _write_places(store: Store, clock: _Clock, actor: Actor, rng: random.Random, today: date) -> int:
    outcomes = [term.code for term in terms("vysledek_kontaktu", Scope.VISIT)]
    needs = [term.code for term in terms("potreba", Scope.VISIT)]
    places = list(invented_places(rng, PLACES))
    store.places.bulk_add(places, actor)
    visits = []
    for place in places:
        while rng.random() < VISITED_SHARE:
            visit = VisitDraft(
                id=str(uuid_utils.uuid7()),
                place_id=place.draft.id,
                happened_on=today - timedelta(days=rng.randint(0, 700)),
                outcome=rng.choice(outcomes),
                needs=tuple(rng.sample(needs, rng.randint(0, 2))),
            )
            visits.append((visit, place.city_part))
    for visit, city_part in sorted(visits, key=lambda one: one[0].happened_on):
        clock.now = min(datetime.combine(visit.happened_on, NOTED_AT, tzinfo=UTC), datetime.now(UTC))
        store.visits.add(visit, actor, city_part=city_part)
    return len(places)


def _write_streets(path: Path, rng: random.Random) -> None:
    """Write invented streets as short lines inside city parts."""
    features = []
    for number in range(1, STREETS + 1):
        part = boundaries().city_parts.iloc[rng.randrange(len(boundaries().city_parts))]
        centre = part.geometry.representative_point()
        start = (centre.x + rng.gauss(0, 0.006), centre.y + rng.gauss(0, 0.004))
        angle, length = rng.uniform(0, np.pi), rng.uniform(0.002, 0.006)
        end = (start[0] + length * float(np.cos(angle)), start[1] + 0.65 * length * float(np.sin(angle)))
        features.append(
            {
                "type": "Feature",
                "properties": {"name": f"{rng.choice(STREET_WORDS)} {number}"},
                "geometry": {
                    "type": "LineString",
                    "coordinates": [[round(x, 6) for x in start], [round(x, 6) for x in end]],
                },
            }
        )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")


def main() -> int:
    """Make the training data from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    try:
        made = make_training_data(arguments.data_dir, seed=arguments.seed, today=datetime.now(UTC).date())
    except AppError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{made} invented places made" if made else "the invented places are there already")
    return 0


if __name__ == "__main__":
    sys.exit(main())
