"""Whether a DATA_DIR that was killed while it was written to holds whole transactions and nothing else."""

import hashlib
import sqlite3
from contextlib import closing

from store import open_store
from store.data_dir import DATABASE_NAME

# Pairs of counts that one transaction writes together.
TOGETHER = (
    ("SELECT count(*) FROM places", "SELECT count(*) FROM audit_log WHERE action = 'place.add'"),
    ("SELECT count(*) FROM visits", "SELECT count(*) FROM audit_log WHERE action = 'visit.add'"),
    ("SELECT count(*) FROM photos", "SELECT count(*) FROM audit_log WHERE action = 'photo.add'"),
    ("SELECT count(*) FROM place_merges", "SELECT count(*) FROM audit_log WHERE action = 'merge.add'"),
    ("SELECT count(*) FROM place_versions", "SELECT coalesce(sum(revision), 0) FROM places"),
    (
        "SELECT coalesce(sum(revision - 1), 0) FROM places",
        "SELECT count(*) FROM audit_log WHERE action IN ('place.update', 'place.absorb', 'place.keep')",
    ),
)
# What no transaction leaves behind.
HALF = (
    """SELECT count(*) FROM places p LEFT JOIN place_activity a ON a.place_id = p.id WHERE coalesce(a.visit_count, 0) !=
    (SELECT count(*) FROM visits v WHERE v.place_id = p.id AND NOT v.withdrawn)""",
    "SELECT count(*) FROM places p WHERE revision != (SELECT max(revision) FROM place_versions v WHERE v.place_id = p.id)",
    """SELECT count(*) FROM place_merges m WHERE NOT EXISTS
    (SELECT 1 FROM places p WHERE p.id = m.absorbed_id AND p.state = 'rejected')""",
)


def half_written(data_dir):
    """Return what is only partly there, as sentences; opens the store as the server would, then asks the file."""
    store = open_store(data_dir)
    try:
        problems = [*store.audit.verify(), *store.places.verify_cells(), *store.visits.verify_groups()]
        found = [str(problem) for problem in problems]
        found += [f"photo without a file: {photo_id}" for photo_id in store.photos.missing()]
    finally:
        store.close()
    with closing(sqlite3.connect(data_dir / DATABASE_NAME)) as connection:
        count = lambda sql: connection.execute(sql).fetchone()[0]  # noqa: E731
        found += [
            f"{one}: {count(one)}, {other}: {count(other)}" for one, other in TOGETHER if count(one) != count(other)
        ]
        found += [f"{sql}: {count(sql)}" for sql in HALF if count(sql)]
        found += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
        if count("PRAGMA integrity_check") != "ok":
            found.append("integrity_check")
        for photo_id, digest in connection.execute("SELECT id, sha256 FROM photos"):
            file = data_dir / "photos" / f"{photo_id}.jpg"
            if file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() != digest:
                found.append(f"photo half written: {photo_id}")
    return found


def lost(data_dir, acknowledged):
    """Return the acknowledged writes that are not there."""
    with closing(sqlite3.connect(data_dir / DATABASE_NAME)) as connection:
        ids = lambda sql: set(connection.execute(sql))  # noqa: E731
        visits = ids("SELECT place_id, id FROM visits") | moved_visits(connection)
        versions = ids("SELECT place_id, revision, json_extract(content, '$.name') FROM place_versions")
        photos = ids("SELECT id, sha256 FROM photos")
        merges = ids("SELECT id FROM place_merges")
    there = {
        "create": lambda line: (line["place"], line["visit"]) in visits,
        "edit": lambda line: (line["place"], line["revision"], line["name"]) in versions,
        "photo": lambda line: (line["photo"], line["sha256"]) in photos,
        "merge": lambda line: (line["merge"],) in merges,
    }
    return [line for line in acknowledged if not there[line["done"]](line)]


def moved_visits(connection):
    """Return the visits under the place at which they were noted, where a merge took them to another."""
    moved = (
        "SELECT m.absorbed_id, v.value FROM place_merges m, json_each(m.moved, '$.visits') v "
        "WHERE v.value IN (SELECT id FROM visits)"
    )
    return set(connection.execute(moved))
