"""How long the board takes over a million visits: read from the store, all its cells, another parameter.

`run(seed)` returns rows `{name, value, unit, limit, within}`; `limit` is None where a row is only
there to compare. The visits of three organisations over four years are kept in build/bench-data.
Nothing is kept in memory between two readings of the store; a parameter is changed as a person
does it, over what the process holds already. The comparison reads the same visits row by row.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

from actions.board import Board, make_board
from actions.board_store import forget
from actions.training import invented_places
from domain.coverage import CoverageSettings
from domain.roles import Clearance, Role
from domain.vocabulary import Scope, terms
from geo.boundaries import boundaries
from geo.coverage import coverage_of
from geo.coverage_attention import compute_attention
from geo.coverage_cells import cell_states
from geo.coverage_visits import VisitColumns
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, Store, open_store
from store.tables import visits
from store.visit_groups import count_in
from store.writer import Transaction
from tests.bench.bench_data import ACTOR, fingerprint, kept_dir
from tests.bench.figures import row, text_table
from tests.tools.visit_rows import columns_row_by_row

VISITS = 1_000_000
PLACES = 3_000
CHUNK = 100_000
TODAY = date(2026, 11, 1)
DAYS = 1_500
BOARD_LIMIT_S = 1.0
CELLS_LIMIT_S = 3.0
PARAMETER_LIMIT_MS = 300.0
ROUNDS = 7
OWN = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
ORGANISATIONS = (LOCAL_ORGANISATION_ID, "invented-organisation-1", "invented-organisation-2")
COLUMNS = (
    "id", "place_id", "city_part", "organisation_id", "happened_on", "outcome", "form", "languages", "needs",
    "barriers", "note", "created_at", "created_by", "revision", "withdrawn",
)  # fmt: skip


def fill(store: Store, seed: int, count: int) -> None:
    """Write invented places and visits, past the forms: a million of them in well under a minute."""
    rng, draw = random.Random(seed), np.random.default_rng(seed)
    places = [(place.draft.id, place.city_part) for place in _placed(store, rng)]
    outcomes = [term.code for term in terms("vysledek_kontaktu", Scope.VISIT)]
    days = [TODAY - timedelta(days=back) for back in range(DAYS)]
    texts = [(day.isoformat(), f"{day.isoformat()} 18:00:00.000000") for day in days]
    sql = f"INSERT INTO visits ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        which = zip(
            range(start, start + size),
            # In the order of places, so that the indexes grow at their ends.
            np.sort(draw.integers(0, len(places), size)).tolist(),
            draw.integers(0, len(ORGANISATIONS), size).tolist(),
            draw.integers(0, len(outcomes), size).tolist(),
            draw.integers(0, DAYS, size).tolist(),
            strict=True,
        )
        rows = [
            (
                _visit_id(number), *places[place], ORGANISATIONS[organisation], texts[day][0], outcomes[outcome],
                "prima", "[]", "[]", "[]", "", texts[day][1], LOCAL_ACCOUNT_ID, 1, 0,
            )
            for number, place, organisation, outcome, day in which
        ]  # fmt: skip
        store.writer.run(lambda tx, rows=rows: _insert(tx, sql, rows))


def _insert(tx: Transaction, sql: str, rows: list[Any]) -> None:
    tx.connection.exec_driver_sql(sql, rows)
    count_in(tx, visits.c.id.between(rows[0][0], rows[-1][0]))
    tx.audit("visit.bulk_add", "visit", "", actor=ACTOR, payload={"count": len(rows)})


def _placed(store: Store, rng: random.Random) -> list[Any]:
    places = list(invented_places(rng, PLACES))
    store.places.bulk_add(places, ACTOR)
    return places


def _visit_id(number: int) -> str:
    text = f"{(1_700_000_000_000 + number) << 80 | 0x7000 << 64 | 0x8000 << 48 | number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def seconds(
    work: Callable[[], object], rounds: int = ROUNDS, *, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return the median time of a work in seconds."""
    taken = []
    for _ in range(rounds):
        started = clock()
        work()
        taken.append(clock() - started)
    return statistics.median(taken)


def run(seed: int, *, count: int = VISITS) -> list[dict[str, Any]]:
    """Measure on a store with `count` visits, made if there is none yet."""
    about = {"visits": count, "places": PLACES, "seed": seed, "code": fingerprint()}
    folder, made = kept_dir(f"visits-{count}-{seed}", about, lambda store: fill(store, seed, count))
    store = open_store(folder)
    try:
        return [row(f"board: making {count} visits (0: kept)", made, "s", digits=0), *_measure(store, count)]
    finally:
        store.close()


def _measure(store: Store, count: int) -> list[dict[str, Any]]:
    board = make_board(store, OWN, today=TODAY)
    if len(board.rows) != len(boundaries().city_parts) or int(board.attention.units["visits"].sum()) != count:
        raise RuntimeError("the board did not count what the benchmark wrote")

    def afresh() -> None:
        forget(store)
        make_board(store, OWN, today=TODAY)

    def all_cells() -> None:
        forget(store)
        cell_states(make_board(store, OWN, today=TODAY).attention)

    half_lives = iter(range(2, 10_000))

    def another_half_life() -> None:
        settings = CoverageSettings(half_life_months=float(next(half_lives)))
        make_board(store, OWN, settings=settings, today=TODAY)

    lows = iter(range(1, 10_000))

    def another_threshold() -> None:
        settings = CoverageSettings(low_ratio=0.4 + next(lows) / 1e5)
        make_board(store, OWN, settings=settings, today=TODAY)

    days = iter(range(1, 10_000))

    def another_day() -> None:
        make_board(store, OWN, as_of=TODAY - timedelta(days=next(days)), today=TODAY)

    whole = seconds(afresh)
    processor = seconds(afresh, clock=time.process_time)
    by_rows = seconds(lambda: _same_board(columns_row_by_row(store), board), rounds=1)
    return [
        row(f"board: 57 city parts from the store, {count} visits, median", whole, "s", BOARD_LIMIT_S, digits=2),
        row("board: the same, processor time", processor, "s", digits=2),
        row("board: all cells from the store, median", seconds(all_cells), "s", CELLS_LIMIT_S, digits=2),
        row("board: another half-life, median", 1000 * seconds(another_half_life), "ms", PARAMETER_LIMIT_MS, digits=0),
        row("board: another threshold, median", 1000 * seconds(another_threshold), "ms", PARAMETER_LIMIT_MS, digits=0),
        row("board: another day, median", 1000 * seconds(another_day), "ms", digits=0),
        row("board: the alternative, visits read row by row", by_rows, "s", digits=1),
        row("board: row by row / whole board", by_rows / whole, "x", digits=1),
    ]


def _same_board(visits_as_rows: VisitColumns, board: Board) -> None:
    """Work out the coverage from visits that were read row by row; it has to be the board's."""
    coverage = coverage_of(compute_attention(visits_as_rows, TODAY), board.need)
    if not coverage.units.equals(board.coverage.units):
        raise RuntimeError("read row by row the board says something else")


if __name__ == "__main__":
    print(text_table(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1)))
