"""Erasing a place or an account for good: rows, versions, audit payloads, the write-ahead log, photos; and what is old.

The audit log keeps the id as a pseudonym, the chain stays whole, the ledger notes the id.
"""

import logging
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.place import Actor
from store import erasure_ledger, postgres
from store.accounts import ACCOUNT, erase_account_row, read_account
from store.activity import refresh_activity
from store.data_dir import DATABASE_NAME
from store.field_tables import duplicate_decisions, inbox_reviews, photos, place_merges, quick_records
from store.merges import merged_ids
from store.photos import Photos
from store.place_cells import Tally
from store.place_revisions import read_row, require_own
from store.tables import accounts, audit_log, changes, metadata, place_activity, place_versions, places, visits
from store.visit_groups import count_out
from store.writer import Repository, Transaction, Writer, mutation

log = logging.getLogger(__name__)
LEDGER_ACTOR = Actor(account_id="erasure-ledger", organisation_id="")
PLACE = "place"
_BUSY_TIMEOUT_S = 10
# SQLite takes at most 32,766 variables in a statement.
_BATCH = 10_000


class Erasures(Repository):
    """What is taken out of the database for good."""

    def __init__(self, readers: Engine, writer: Writer, data_dir: Path, photo_files: Photos) -> None:
        super().__init__(readers, writer)
        self._data_dir = data_dir
        self._photos = photo_files

    def erase_place(self, place_id: str, *, actor: Actor, reason: str) -> bool:
        """Erase an own place with everything noted at it; return whether the files hold nothing of it any more.

        False means that another process was reading the database just then: its free pages and its
        log still hold what was erased, until `compact` is called again (the retention job does).
        A place that was erased already is left at that.

        Raises
        ------
        NotPermittedError
            `other_organisation`.
        """
        for photo_id in self._erase(place_id, actor=actor, reason=reason):
            self._photos.path_of(photo_id).unlink(missing_ok=True)
        return self.compact()

    def replay(self) -> int:
        """Erase again what the ledger says and the database still (or again) holds; return how many records.

        To be called after a restore, and at every start: an erasure cut short is brought to its end.
        """
        ledger = erasure_ledger.read(self._data_dir)
        present_places = self._present(places.c.id, [one.id for one in ledger if one.entity == PLACE])
        erased_before = [one.id for one in ledger if one.entity == ACCOUNT]
        present_accounts = self._present(accounts.c.id, erased_before, accounts.c.erased_at.is_(None))
        for place_id in present_places:
            for photo_id in self._erase_again(place_id, actor=LEDGER_ACTOR):
                self._photos.path_of(photo_id).unlink(missing_ok=True)
        for account_id in present_accounts:
            self._erase_account_again(account_id, actor=LEDGER_ACTOR)
        found = len(present_places) + len(present_accounts)
        if found:
            self.compact()
        return found

    def _present(self, column: sa.Column[str], ids: list[str], *conditions: sa.ColumnElement[bool]) -> list[str]:
        found: list[str] = []
        with self._read() as connection:
            for start in range(0, len(ids), _BATCH):
                query = sa.select(column).where(column.in_(ids[start : start + _BATCH]), *conditions)
                found += connection.execute(query).scalars()
        return found

    @mutation
    def _erase(self, tx: Transaction, place_id: str, *, actor: Actor, reason: str) -> list[str]:
        row = read_row(tx.connection, place_id)
        if row is None:
            return []
        require_own(row, actor)
        photo_ids = _erase_rows(tx, place_id, actor, reason)
        # The last step before the commit: what is in the ledger was permitted and is as good as erased.
        erasure_ledger.append(self._data_dir, entity=PLACE, record_id=place_id, at=tx.now)
        return photo_ids

    @mutation
    def _erase_again(self, tx: Transaction, place_id: str, *, actor: Actor) -> list[str]:
        return _erase_rows(tx, place_id, actor, "ledger") if read_row(tx.connection, place_id) else []

    @mutation
    def _erase_account_again(self, tx: Transaction, account_id: str, *, actor: Actor) -> None:
        account = read_account(tx.connection, account_id)
        if account.erased_at is None:
            erase_account_row(tx, account, actor, reason="ledger")

    @mutation
    def empty_old_notes(self, tx: Transaction, *, before: date, actor: Actor) -> int:
        """Empty the notes of visits and changes that happened before a day, also in the log; return how many."""
        total = 0
        for entity, table in (("visit", visits), ("change", changes)):
            old = sa.select(table.c.id).where(table.c.happened_on < before, table.c.note != "")
            ids = list(tx.connection.execute(old).scalars())
            for start in range(0, len(ids), _BATCH):
                batch = ids[start : start + _BATCH]
                tx.execute(sa.update(table).where(table.c.id.in_(batch)).values(note=""))
                _erase_payloads(tx, entity, batch)
            total += len(ids)
        if total:
            erasure_ledger.mark_due(self._data_dir)
            payload = {"before": before.isoformat(), "count": total}
            tx.audit("retention.notes", "retention", before.isoformat(), actor=actor, payload=payload)
        return total

    def compact_if_due(self) -> bool:
        """Call `compact` where something was erased since it last came to its end; return what it returns."""
        return self.compact() if erasure_ledger.is_due(self._data_dir) else True

    def compact(self) -> bool:
        """Rewrite the database and empty its log, so that nothing erased is left in either.

        Returns
        -------
        bool
            False where something was reading meanwhile; it can be called again.
        """
        done = self._rewrite()
        if done:
            erasure_ledger.clear_due(self._data_dir)
        return done

    def _rewrite(self) -> bool:
        if self._readers.dialect.name == postgres.BACKEND:
            postgres.vacuum(self._readers.url, metadata.tables)
            return True
        path = self._data_dir / DATABASE_NAME
        try:
            with closing(sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)) as connection:
                connection.execute("VACUUM")
                busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:
            log.warning("the database is in use; what was erased leaves its free pages later")
            return False
        return not busy


def _erase_rows(tx: Transaction, place_id: str, actor: Actor, reason: str) -> list[str]:
    """Delete a place and what was noted at it; return the ids of its photos."""
    connection = tx.connection
    row = read_row(connection, place_id)
    assert row is not None
    went_over = merged_ids(connection, place_id)
    ids = {
        name: [*connection.execute(sa.select(table.c.id).where(table.c.place_id == place_id)).scalars()]
        + went_over[name]
        for name, table in (("visits", visits), ("changes", changes), ("photos", photos))
    }
    elsewhere = _places_of(tx, ids)
    mine = sa.or_(place_merges.c.kept_id == place_id, place_merges.c.absorbed_id == place_id)
    merge_ids = list(connection.execute(sa.select(place_merges.c.id).where(mine)).scalars())
    quick_ids = list(
        connection.execute(sa.select(quick_records.c.id).where(quick_records.c.place_id == place_id)).scalars()
    )
    # Accompaniment stays as work done in the city part; where exactly it was, goes.
    tx.execute(sa.update(quick_records).where(quick_records.c.place_id == place_id).values(place_id=None))
    count_out(tx, visits.c.id.in_(ids["visits"]))
    for name, table in (("visits", visits), ("changes", changes), ("photos", photos)):
        tx.execute(sa.delete(table).where(table.c.id.in_(ids[name])))
    tx.execute(sa.delete(place_merges).where(mine))
    pair = sa.or_(duplicate_decisions.c.first_id == place_id, duplicate_decisions.c.second_id == place_id)
    tx.execute(sa.delete(duplicate_decisions).where(pair))
    reviewed = [place_id, *ids["changes"]]
    tx.execute(sa.delete(inbox_reviews).where(inbox_reviews.c.subject_id.in_(reviewed)))
    for table in (place_activity, place_versions):
        tx.execute(sa.delete(table).where(table.c.place_id == place_id))
    tx.execute(sa.delete(places).where(places.c.id == place_id))
    tally = Tally()
    tally.add(row, -1)
    tally.write(tx)
    for other in elsewhere - {place_id}:
        refresh_activity(tx, other)
    erased = {PLACE: [place_id], "visit": ids["visits"], "change": ids["changes"], "photo": ids["photos"]}
    for entity, record_ids in {**erased, "merge": merge_ids, "quick_record": quick_ids}.items():
        _erase_payloads(tx, entity, record_ids)
    counts = {name: len(found) for name, found in ids.items()}
    # Under an entity of its own, so that erasing does not erase who erased and why.
    tx.audit("place.erase", "erasure", place_id, actor=actor, payload={**counts, "reason": reason})
    return ids["photos"]


def _places_of(tx: Transaction, ids: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    for name, table in (("visits", visits), ("changes", changes)):
        query = sa.select(table.c.place_id).where(table.c.id.in_(ids[name]), table.c.place_id.is_not(None))
        found |= set(tx.connection.execute(query).scalars())
    return found


def _erase_payloads(tx: Transaction, entity: str, record_ids: list[str]) -> None:
    tx.execute(
        sa.update(audit_log)
        .where(audit_log.c.entity == entity, audit_log.c.entity_id.in_(record_ids), audit_log.c.payload.is_not(None))
        .values(payload=None, salt=None)
    )
