"""The privacy gate on 100,000 places for one view.

Run `python -m tests.bench.disclosure_bench [SEED]`. A view is what one request costs after somebody noted
something: the gate for the city part where that was, and the rows of a bounding box. The rest of Prague was
put through the gate before, which is told beside it ("anew"), and its cells are made once per process.
"""

import sys
import time

import numpy as np

from domain.geometry import BBox
from domain.roles import Clearance, Role
from geo.boundaries import PRAGUE_BBOX
from geo.cell_pieces import RESOLUTIONS, parent_pieces, piece_table
from geo.disclosure import DEFAULT_SETTINGS, DisclosedPlaces, by_city_part, disclose_part
from geo.locate import locate_many
from tests.bench.figures import row
from tests.geo.disclosure_samples import KINDS, NOW, columns_of, make_record

PLACES = 100_000
ORGANISATIONS = 8
ROUNDS = 5
VIEW_LIMIT_MS = 200
VIEW = BBox(minx=14.38, miny=50.05, maxx=14.48, maxy=50.11)
READERS = {
    "another organisation": Clearance(role=Role.COORDINATOR, organisation_id="reader"),
    "a partner of half of them": Clearance(
        role=Role.COORDINATOR, organisation_id="reader", partner_of=frozenset({"o0", "o1", "o2", "o3"})
    ),
    "an owner": Clearance(role=Role.FIELD_WORKER, organisation_id="o0"),
    "a participant": Clearance(role=Role.PARTICIPANT, organisation_id="reader"),
}


def make_records(seed, places=PLACES):
    random = np.random.default_rng(seed)
    lon = random.uniform(PRAGUE_BBOX.minx, PRAGUE_BBOX.maxx, 2 * places)
    lat = random.uniform(PRAGUE_BBOX.miny, PRAGUE_BBOX.maxy, 2 * places)
    codes = locate_many(lon, lat).codes_of_city_parts()
    inside = [row for row in range(2 * places) if codes[row] is not None][:places]
    owners = random.integers(0, ORGANISATIONS, 2 * places)
    kinds = random.integers(0, len(KINDS), 2 * places)
    return [
        make_record(
            row, lon=float(lon[row]), lat=float(lat[row]), city_part=codes[row], organisation_id=f"o{owners[row]}",
            kind=KINDS[kinds[row]],
        )
        for row in inside
    ]  # fmt: skip


def median_ms(call):
    call()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[ROUNDS // 2]


def run(seed: int) -> list[dict]:
    """Return rows of name, value, unit, limit (None: told for comparison only) and within."""
    start = time.perf_counter()
    for resolution in RESOLUTIONS:
        piece_table(resolution)
    for resolution in RESOLUTIONS[1:]:
        parent_pieces(resolution)
    rows = [row("gate: cells of Prague, once per process", (time.perf_counter() - start) * 1000, "ms", None)]
    records = make_records(seed)
    name = f"gate: columns of {PLACES:,} places, read once"
    rows.append(row(name, median_ms(lambda: columns_of(records)), "ms", None))
    parts = by_city_part(columns_of(records))
    for name, reader in READERS.items():
        rows.append(
            row(f"gate: {PLACES:,} places, anew, {name}", median_ms(lambda r=reader: anew(parts, r)), "ms", None)
        )
        kept, fetch = anew(parts, reader), {record.id: record for record in records}.__getitem__
        view = lambda kept=kept, reader=reader, fetch=fetch: touched(kept, reader, fetch).select(bbox=VIEW)  # noqa: E731
        rows.append(
            row(f"gate: {PLACES:,} places, a view after a change, {name}", median_ms(view), "ms", VIEW_LIMIT_MS)
        )
    return rows


def anew(parts, reader):
    return {code: disclose_part(columns, reader, now=NOW) for code, columns in parts.items()}


def touched(kept, reader, fetch):
    """Return the answer after something was noted in the city part that has the most places."""
    code = max(kept, key=lambda code: len(kept[code].columns))
    parts = {**kept, code: disclose_part(kept[code].columns, reader, now=NOW)}
    return DisclosedPlaces(parts=parts, fetch=lambda ids: map(fetch, ids), settings=DEFAULT_SETTINGS)


if __name__ == "__main__":
    for entry in run(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
        limit = "" if entry["limit"] is None else f"  limit {entry['limit']}  {'within' if entry['within'] else 'OVER'}"
        print(f"{entry['name']:70} {entry['value']:>10} {entry['unit']}{limit}")
