"""How long the board takes over a million visits: read from the store, all its cells, another parameter.

`run(seed)` returns rows `{name, value, unit, limit, within}`; `limit` is None where a row is only
there to compare. The comparison reads the same visits row by row through the same driver.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import uuid_utils

from actions.board import make_board
from actions.board_reader import StoreBoardReader
from actions.board_store import forget
from actions.training import invented_places
from domain.coverage import CoverageSettings
from domain.place import Actor
from domain.roles import Clearance, Role
from domain.vocabulary import Scope, terms
from geo.boundaries import boundaries
from geo.coverage_attention import compute_attention
from geo.coverage_cells import cell_states
from geo.coverage_visits import visit_columns
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, Store, open_store
from store.tables import visits
from store.visit_columns import columns

VISITS = 1_000_000
PLACES = 3_000
CHUNK = 50_000
YEARS_DAYS = 1_500
BOARD_LIMIT_S = 1.0
CELLS_LIMIT_S = 3.0
PARAMETER_LIMIT_MS = 300.0
ROUNDS = 5
ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
OWN = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
OTHERS = ("invented-organisation-1", "invented-organisation-2")


def fill(store: Store, rng: random.Random, *, today: date, count: int) -> None:
    """Write invented places and visits of three organisations over four years."""
    places = list(invented_places(rng, PLACES))
    store.places.bulk_add(places, ACTOR)
    outcomes = [term.code for term in terms("vysledek_kontaktu", Scope.VISIT)]
    for start in range(0, count, CHUNK):
        rows = [_visit(rng, places, outcomes, today) for _ in range(min(CHUNK, count - start))]
        store.writer.run(lambda tx, rows=rows: tx.connection.execute(sa.insert(visits), rows) and None)


def _visit(rng: random.Random, places: list[Any], outcomes: list[str], today: date) -> dict[str, Any]:
    place, day = rng.choice(places), today - timedelta(days=rng.randint(0, YEARS_DAYS))
    return {
        "id": str(uuid_utils.uuid7()), "place_id": place.draft.id, "city_part": place.city_part,
        "organisation_id": rng.choice((LOCAL_ORGANISATION_ID, *OTHERS)), "happened_on": day,
        "outcome": rng.choice(outcomes), "form": "prima", "contacts": None, "languages": (), "needs": (),
        "barriers": (), "note": "", "created_at": datetime(day.year, day.month, day.day, 18, tzinfo=UTC),
        "created_by": LOCAL_ACCOUNT_ID, "revision": 1, "withdrawn": False,
    }  # fmt: skip


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median time of a work in seconds."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def row(name: str, value: float, unit: str, limit: float | None = None) -> dict[str, Any]:
    """Return one line of the table."""
    within = None if limit is None else value <= limit
    return {"name": name, "value": round(value, 3), "unit": unit, "limit": limit, "within": within}


def run(seed: int, *, count: int = VISITS) -> list[dict[str, Any]]:
    """Measure on a fresh store in the temporary folder."""
    today = datetime.now(UTC).date()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "data")
        try:
            fill(store, random.Random(seed), today=today, count=count)
            return _measure(store, today, count)
        finally:
            store.close()


def _measure(store: Store, today: date, count: int) -> list[dict[str, Any]]:
    board = make_board(store, OWN, today=today)
    if len(board.rows) != len(boundaries().city_parts) or int(board.attention.units["visits"].sum()) != count:
        raise RuntimeError("the board did not count what the benchmark wrote")

    def afresh() -> None:
        forget(store)
        make_board(store, OWN, today=today)

    def all_cells() -> None:
        cell_states(compute_attention(visit_columns(columns(store)), today))

    half_lives = iter(range(2, 10_000))

    def another_parameter() -> None:
        settings = CoverageSettings(half_life_months=float(next(half_lives)))
        make_board(store, OWN, settings=settings, today=today)

    lows = iter(range(1, 10_000))

    def another_threshold() -> None:
        settings = CoverageSettings(low_ratio=0.4 + next(lows) / 1e5)
        make_board(store, OWN, settings=settings, today=today)

    reader = StoreBoardReader(store)
    whole = seconds(afresh)
    by_rows = seconds(lambda: _row_by_row(store), rounds=1)
    return [
        row(f"board of 57 city parts from the store, {count} visits, median", whole, "s", BOARD_LIMIT_S),
        row("all cells from the store, median", seconds(all_cells), "s", CELLS_LIMIT_S),
        row("another half-life, median", 1000 * seconds(another_parameter), "ms", PARAMETER_LIMIT_MS),
        row("another threshold, median", 1000 * seconds(another_threshold), "ms", PARAMETER_LIMIT_MS),
        row("layer of the map, median", 1000 * seconds(lambda: _layer(reader)), "ms"),
        row("the same visits row by row, alone", by_rows, "s"),
        row("row by row / whole board", by_rows / whole, "ratio"),
    ]


def _layer(reader: StoreBoardReader) -> None:
    reader.city_parts(tab="go", need="foreigners", view="", clearance=OWN)


def _row_by_row(store: Store) -> None:
    """Read the visits of each city part as records, as the pages of single city parts do."""
    for code in boundaries().city_parts.index:
        store.visits.for_city_part(str(code))


if __name__ == "__main__":
    for line in run(seed=1):
        print(line)
