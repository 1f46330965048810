"""The privacy gate on 100,000 places: what one view costs, and that no exact position is in any answer.

The places of eight organisations go through the gate for readers who own none of them, for a partner, for
an owner, for a participant and for the public. Whoever is not cleared for a place may find neither its exact
position nor its id, name, note or author in the answer; a partner is cleared for places of open kinds alone.
An owner must see the own ones (otherwise the search would prove nothing).
"""

from dataclasses import asdict

from domain.roles import PUBLIC_CLEARANCE, Role, Tier
from domain.vocabulary import OPEN_KINDS
from geo.disclosure import by_city_part
from tests.bench.disclosure_bench import PLACES, READERS, VIEW, VIEW_LIMIT_MS, anew, make_records, median_ms, touched
from tests.drills.findings import at_least, none_of, timing
from tests.geo.disclosure_samples import columns_of

SHORT_PLACES = 5_000
WHOLE_ONLY = ("id", "name", "note", "organisation_id", "created_by")


def run(seed, *, full):
    places = PLACES if full else SHORT_PLACES
    records = make_records(seed, places)
    parts, stored = by_city_part(columns_of(records)), {record.id: record for record in records}
    by_position = {(record.position.lon, record.position.lat): record for record in records}
    readers = {**READERS, "the public": PUBLIC_CLEARANCE}
    positions = identified = cleared = rows_seen = 0
    times = []
    for name, reader in readers.items():
        kept = anew(parts, reader)
        shown = touched(kept, reader, stored.__getitem__)
        for row in shown.select():
            rows_seen += 1
            record = by_position.get(row.position and (row.position.lon, row.position.lat))
            if record is not None and is_cleared(record, reader):
                cleared += 1
                continue
            positions += record is not None or row.tier is Tier.EXACT
            identified += any(asdict(row)[field] is not None for field in WHOLE_ONLY)
        if full:
            view = lambda kept=kept, reader=reader: touched(kept, reader, stored.__getitem__).select(bbox=VIEW)  # noqa: E731
            times.append(timing(f"one view after a change, {name}", median_ms(view), "ms", VIEW_LIMIT_MS))
    return [
        at_least("places behind the gate", len(records), places),
        at_least("rows and areas that readers were shown", rows_seen, 100),
        at_least("places that somebody who is cleared saw exactly", cleared, 100),
        none_of("exact positions in the answers to those who are not cleared", positions),
        none_of("rows for those who are not cleared with an id, a name, a note or an author", identified),
        *times,
    ]


def is_cleared(record, reader):
    """Return whether a reader may see a place exactly, by the words of the rule."""
    if reader.role in {Role.VIEWER, Role.PARTICIPANT}:
        return False
    partner = record.organisation_id in reader.partner_of and record.kind in OPEN_KINDS
    return record.organisation_id == reader.organisation_id or partner
