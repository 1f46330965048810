"""Whether a store that was killed while it was written to holds whole transactions and nothing else."""

import hashlib
import json
from contextlib import contextmanager

from store import open_store
from store.data_dir import DATABASE_NAME
from store.engine import make_engine
from store.postgres import read_url
from store.store import sqlite_url

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


@contextmanager
def reading(data_dir, database_url=None):
    """Yield a connection beside the store; all that is read of it is one state."""
    url = read_url(database_url) if database_url else sqlite_url(data_dir / DATABASE_NAME)
    engine = make_engine(url, writer=False)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def half_written(data_dir, database_url=None):
    """Return what is only partly there, as sentences; opens the store as the server would, then asks the database."""
    store = open_store(data_dir, database_url=database_url)
    try:
        problems = [*store.audit.verify(), *store.places.verify_cells(), *store.visits.verify_groups()]
        found = [str(problem) for problem in problems]
        found += [f"photo without a file: {photo_id}" for photo_id in store.photos.missing()]
    finally:
        store.close()
    with reading(data_dir, database_url) as connection:
        count = lambda sql: connection.exec_driver_sql(sql).scalar_one()  # noqa: E731
        found += [
            f"{one}: {count(one)}, {other}: {count(other)}" for one, other in TOGETHER if count(one) != count(other)
        ]
        found += [f"{sql}: {count(sql)}" for sql in HALF if count(sql)]
        # PostgreSQL never lets go of its foreign keys; for its files see `postgres_kill_drill`.
        if database_url is None:
            found += [str(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
            if count("PRAGMA integrity_check") != "ok":
                found.append("integrity_check")
        for photo_id, digest in connection.exec_driver_sql("SELECT id, sha256 FROM photos"):
            file = data_dir / "photos" / f"{photo_id}.jpg"
            if file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() != digest:
                found.append(f"photo half written: {photo_id}")
    return found


def lost(data_dir, acknowledged, database_url=None):
    """Return the acknowledged writes that are not there."""
    with reading(data_dir, database_url) as connection:
        rows = lambda sql: {tuple(row) for row in connection.exec_driver_sql(sql)}  # noqa: E731
        visits = rows("SELECT place_id, id FROM visits")
        visits |= moved_visits(connection, {visit_id for _, visit_id in visits})
        versions = {
            (place_id, revision, json.loads(content)["name"])
            for place_id, revision, content in rows("SELECT place_id, revision, content FROM place_versions")
        }
        photos = rows("SELECT id, sha256 FROM photos")
        merges = rows("SELECT id FROM place_merges")
    there = {
        "create": lambda line: (line["place"], line["visit"]) in visits,
        "edit": lambda line: (line["place"], line["revision"], line["name"]) in versions,
        "photo": lambda line: (line["photo"], line["sha256"]) in photos,
        "merge": lambda line: (line["merge"],) in merges,
    }
    return [line for line in acknowledged if not there[line["done"]](line)]


def moved_visits(connection, known):
    """Return the visits under the place at which they were noted, where a merge took them to another."""
    moved = connection.exec_driver_sql("SELECT absorbed_id, moved FROM place_merges")
    return {
        (absorbed_id, visit_id)
        for absorbed_id, content in moved
        for visit_id in json.loads(content)["visits"]
        if visit_id in known
    }
