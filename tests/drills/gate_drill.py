"""The privacy gate on 100,000 places: what one view costs, and that no exact position is in any answer.

The places of eight organisations go through the gate for readers who own none of them, for a partner, for
an owner and for a participant. For whoever is not cleared, neither an exact position nor an id, a name, a
note or an author of any of the places may be in the answer; an owner must see the own ones (otherwise the
search would prove nothing).
"""

from dataclasses import asdict

from domain.roles import PUBLIC_CLEARANCE, Tier
from geo.disclosure import disclose_columns, place_columns
from tests.bench.disclosure_bench import PLACES, READERS, VIEW, VIEW_LIMIT_MS, make_records, median_ms
from tests.drills.findings import at_least, none_of, timing
from tests.geo.disclosure_samples import NOW

SHORT_PLACES = 5_000
WHOLE_ONLY = ("id", "name", "note", "organisation_id", "created_by")


def run(seed, *, full):
    places = PLACES if full else SHORT_PLACES
    records = make_records(seed, places)
    columns = place_columns(records)
    exact = {(record.position.lon, record.position.lat) for record in records}
    owners = {(record.position.lon, record.position.lat): record.organisation_id for record in records}
    readers = {**READERS, "the public": PUBLIC_CLEARANCE}
    positions = identified = 0
    own_seen = rows_seen = 0
    times = []
    for name, reader in readers.items():
        shown = disclose_columns(columns, reader, now=NOW)
        for row in shown.select():
            rows_seen += 1
            where = row.position and (row.position.lon, row.position.lat)
            if owners.get(where) == reader.organisation_id and row.own:
                own_seen += 1
                continue
            positions += where in exact or row.tier is Tier.EXACT
            identified += any(asdict(row)[field] is not None for field in WHOLE_ONLY) and not row.own
        if full:
            view = median_ms(lambda reader=reader: disclose_columns(columns, reader, now=NOW).select(bbox=VIEW))
            times.append(timing(f"one view, {name}", view, "ms", VIEW_LIMIT_MS))
    return [
        at_least("places behind the gate", len(records), places),
        at_least("rows and areas that readers were shown", rows_seen, 100),
        at_least("own places that their owner saw exactly", own_seen, 100),
        none_of("exact positions in the answers to those who are not cleared", positions),
        none_of("rows of others with an id, a name, a note or an author", identified),
        *times,
    ]
