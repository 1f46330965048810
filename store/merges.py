"""Two records of one place become one; both histories stay, and the merge can be undone.

Within an organisation the visits, changes, quick records and photos of the absorbed place go over
to the kept one and the absorbed place is rejected; which rows went is written down, so that they
can go back. Across organisations nothing moves: each keeps its record, and others count one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, StaleRevisionError
from domain.place import NOTE_MAX_LENGTH, Actor, PlaceRecord, PlaceState
from store.activity import refresh_activity
from store.engine import insert
from store.field_tables import duplicate_decisions, photos, place_merges, quick_records
from store.pages import Key, Order, Page
from store.place_revisions import content_columns, read_own_row, read_record, read_row, revise
from store.place_rows import content_from_json, json_content
from store.tables import changes, places, visits
from store.visit_groups import count_in, count_out
from store.writer import Repository, Transaction, mutation

MERGED, UNDONE = "merge", "merge undone"
_MOVED = {"visits": visits, "changes": changes, "quick_records": quick_records, "photos": photos}
_FILLED = ("name", "headcount", "access")
_JOINED = ("languages", "target_groups")
_ACTIVE = frozenset({PlaceState.SUGGESTED.value, PlaceState.VERIFIED.value})
_LATEST = Order(table=place_merges, names=("merged_at", "id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One merge. `moved` counts what went over, by table."""

    id: str
    kept_id: str
    absorbed_id: str
    is_across: bool
    organisation_id: str
    reason: str
    merged_at: datetime
    merged_by: str
    undone_at: datetime | None
    moved: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one organisation says of a pair."""

    first_id: str
    second_id: str
    organisation_id: str
    is_same: bool


class Merges(Repository):
    """Merges of places and what organisations say of possible duplicates."""

    @mutation
    def merge(
        self,
        tx: Transaction,
        merge_id: str,
        *,
        kept_id: str,
        kept_revision: int,
        absorbed_id: str,
        absorbed_revision: int,
        actor: Actor,
        reason: str,
    ) -> PlaceRecord:
        """Merge two places of the actor's organisation and return the kept one.

        What the kept place does not say is taken from the other; codes are joined, notes stand one
        below the other where both fit. The same merge sent twice is one.

        Raises
        ------
        StaleRevisionError
            If either place was changed meanwhile.
        InvalidValueError
            `merge_with_itself`, `merge_not_active`.
        NotFoundError, NotPermittedError
            `unknown_place`, `other_organisation`.
        """
        if kept_id == absorbed_id:
            raise InvalidValueError("merge_with_itself")
        kept, absorbed = (read_own_row(tx.connection, one, actor) for one in (kept_id, absorbed_id))
        present = _row(tx.connection, merge_id)
        if present is not None:
            if (present["kept_id"], present["absorbed_id"]) != (kept_id, absorbed_id):
                raise StaleRevisionError(read_record(tx.connection, kept_id), expected=kept_revision)
            return read_record(tx.connection, kept_id)
        if kept["state"] not in _ACTIVE or absorbed["state"] not in _ACTIVE:
            raise InvalidValueError("merge_not_active")
        reject = {**content_columns(absorbed), "state": PlaceState.REJECTED.value}
        revise(tx, absorbed, reject, revision=absorbed_revision, actor=actor, action="place.absorb", reason=MERGED)
        record = revise(
            tx, kept, _joined(kept, absorbed), revision=kept_revision, actor=actor, action="place.keep", reason=MERGED
        )
        moved = {name: _move(tx, table, absorbed_id, kept_id) for name, table in _MOVED.items()}
        _refresh(tx, kept_id, absorbed_id)
        row = {
            "id": merge_id, "is_across": False, "kept_revision": record.revision, "moved": moved, "reason": reason,
            **_sides(kept, absorbed), **_made(tx, actor),
        }  # fmt: skip
        _write(tx, row, actor)
        return read_record(tx.connection, kept_id)

    @mutation
    def undo(self, tx: Transaction, merge_id: str, *, actor: Actor) -> None:
        """Take a merge back: what went over returns, the absorbed place stands as before.

        The kept place gets its earlier words back unless it was changed since; then they stay.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_merge`, `other_organisation`.
        """
        row = _row(tx.connection, merge_id)
        if row is None:
            raise NotFoundError("unknown_merge", id=merge_id)
        if row["undone_at"] is not None:
            return
        kept, absorbed = (read_row(tx.connection, row[name]) for name in ("kept_id", "absorbed_id"))
        if kept is None or absorbed is None:
            raise NotFoundError("unknown_place", id=row["kept_id"])
        owners = {kept["organisation_id"], absorbed["organisation_id"]}
        if actor.organisation_id not in owners:
            raise NotPermittedError("other_organisation")
        if row["is_across"]:
            tx.execute(sa.delete(duplicate_decisions).where(*_pair(kept["id"], absorbed["id"])))
        else:
            _give_back(tx, row, kept, absorbed, actor)
        values = {"undone_at": tx.now, "undone_by": actor.account_id}
        tx.execute(sa.update(place_merges).where(place_merges.c.id == merge_id).values(values))
        ids = {"kept": row["kept_id"], "absorbed": row["absorbed_id"]}
        tx.audit("merge.undo", "merge", merge_id, actor=actor, payload=ids)

    @mutation
    def decide(
        self, tx: Transaction, merge_id: str, *, own_id: str, other_id: str, is_same: bool, actor: Actor
    ) -> bool:
        """Note what the actor's organisation says of a pair; return whether it is merged now.

        A pair of two organisations is merged when both say that it is the same place; then the
        older record is kept. `merge_id` is the id that the merge will have.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_place`, `other_organisation` if `own_id` is not the actor's.
        InvalidValueError
            `merge_with_itself`.
        """
        if own_id == other_id:
            raise InvalidValueError("merge_with_itself")
        own = read_own_row(tx.connection, own_id, actor)
        other = read_row(tx.connection, other_id)
        if other is None:
            raise NotFoundError("unknown_place", id=other_id)
        first, second = sorted((own_id, other_id))
        key = {"first_id": first, "second_id": second, "organisation_id": actor.organisation_id}
        where = [duplicate_decisions.c[name] == value for name, value in key.items()]
        present = tx.connection.execute(sa.select(duplicate_decisions.c.is_same).where(*where)).first()
        if present is None or present.is_same != is_same:
            row = {**key, "is_same": is_same, "decided_at": tx.now, "decided_by": actor.account_id}
            statement = insert(tx.connection, duplicate_decisions)
            new = {name: statement.excluded[name] for name in row if name not in key}
            tx.execute(statement.on_conflict_do_update(index_elements=list(key), set_=new), row)
            # The other's id stays out of the log of this organisation.
            tx.audit("duplicate.decide", "place", own_id, actor=actor, payload={"is_same": is_same})
        if own["organisation_id"] == other["organisation_id"] or not is_same:
            return False
        return _merge_across(tx, merge_id, own, other, actor)

    def decisions(self, organisation_id: str) -> list[Decision]:
        """Return what an organisation has said of pairs."""
        columns = [duplicate_decisions.c[name] for name in Decision.__dataclass_fields__]
        query = sa.select(*columns).where(duplicate_decisions.c.organisation_id == organisation_id)
        with self._read() as connection:
            return [Decision(**row) for row in connection.execute(query).mappings()]

    def of_place(self, place_id: str) -> list[Merge]:
        """Return the merges in which a place was kept or absorbed, the latest first."""
        mine = sa.or_(place_merges.c.kept_id == place_id, place_merges.c.absorbed_id == place_id)
        query = sa.select(place_merges).where(mine)
        return self._find(query.order_by(place_merges.c.merged_at.desc(), place_merges.c.id.desc()))

    def of_organisation(self, organisation_id: str, *, after: Key | None = None, limit: int) -> Page[Merge]:
        """Return a page of the merges that concern an organisation's places and that stand, the latest first."""
        sides = places.c.id.in_((place_merges.c.kept_id, place_merges.c.absorbed_id))
        own = sa.exists().where(sides, places.c.organisation_id == organisation_id)
        query = sa.select(place_merges).where(own, place_merges.c.undone_at.is_(None))
        return _LATEST.page(self._find(_LATEST.within(query, after=after, limit=limit)), limit=limit)

    def absorbed_across(self) -> frozenset[str]:
        """Return the places that others do not count, because another organisation has them too."""
        query = sa.select(place_merges.c.absorbed_id).where(
            place_merges.c.is_across.is_(True), place_merges.c.undone_at.is_(None)
        )
        with self._read() as connection:
            return frozenset(connection.execute(query).scalars())

    def _find(self, query: sa.Select[Any]) -> list[Merge]:
        with self._read() as connection:
            return [_merge(dict(row)) for row in connection.execute(query).mappings()]


def _merge(row: dict[str, Any]) -> Merge:
    values = {name: row[name] for name in Merge.__dataclass_fields__ if name != "moved"}
    return Merge(**values, moved={name: len(ids) for name, ids in row["moved"].items()})


def _row(connection: Connection, merge_id: str) -> dict[str, Any] | None:
    row = connection.execute(sa.select(place_merges).where(place_merges.c.id == merge_id)).mappings().first()
    return dict(row) if row else None


def _pair(one: str, other: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    first, second = sorted((one, other))
    return duplicate_decisions.c.first_id == first, duplicate_decisions.c.second_id == second


def _joined(kept: dict[str, Any], absorbed: dict[str, Any]) -> dict[str, Any]:
    """Return the content of the kept place with what only the other says."""
    content = content_columns(kept)
    for name in _FILLED:
        content[name] = content[name] or absorbed[name]
    for name in _JOINED:
        content[name] = tuple(dict.fromkeys((*content[name], *absorbed[name])))
    if absorbed["note"] and absorbed["note"] not in content["note"]:
        note = f"{content['note']}\n\n{absorbed['note']}".strip()
        # What does not fit stays with the absorbed place, whose history is one link away.
        content["note"] = note if len(note) <= NOTE_MAX_LENGTH else content["note"]
    if content["lon"] is None and absorbed["lon"] is not None:
        for name in ("lon", "lat", "city_part", "admin_district", "cadastral_area", "border_city_part"):
            content[name] = absorbed[name]
    return content


def _move(tx: Transaction, table: sa.Table, source: str, target: str, ids: list[str] | None = None) -> list[str]:
    """Move the rows of one place to another and return their ids; only those named, where some are."""
    query = sa.select(table.c.id).where(table.c.place_id == source)
    found = [one for one in tx.connection.execute(query).scalars() if ids is None or one in ids]
    if found:
        moved = table.c.id.in_(found)
        if table is visits:
            count_out(tx, moved)
        tx.execute(sa.update(table).where(moved).values(place_id=target))
        if table is visits:
            count_in(tx, moved)
    return found


def _refresh(tx: Transaction, *place_ids: str) -> None:
    for place_id in place_ids:
        refresh_activity(tx, place_id)


def _sides(kept: dict[str, Any], absorbed: dict[str, Any]) -> dict[str, Any]:
    """Return what a merge remembers of both places, as they were before it."""
    return {
        "kept_id": kept["id"], "absorbed_id": absorbed["id"],
        "kept_before": json_content(kept), "absorbed_state": absorbed["state"],
    }  # fmt: skip


def _made(tx: Transaction, actor: Actor) -> dict[str, Any]:
    """Return who merged and when; nothing is undone yet."""
    return {
        "organisation_id": actor.organisation_id, "merged_at": tx.now, "merged_by": actor.account_id,
        "undone_at": None, "undone_by": None,
    }  # fmt: skip


def _write(tx: Transaction, row: dict[str, Any], actor: Actor) -> None:
    tx.execute(sa.insert(place_merges), row)
    payload = {"kept": row["kept_id"], "absorbed": row["absorbed_id"], "moved": row["moved"], "reason": row["reason"]}
    tx.audit("merge.add", "merge", row["id"], actor=actor, payload=payload)


def _give_back(
    tx: Transaction, row: dict[str, Any], kept: dict[str, Any], absorbed: dict[str, Any], actor: Actor
) -> None:
    for name, table in _MOVED.items():
        _move(tx, table, kept["id"], absorbed["id"], row["moved"][name])
    _refresh(tx, kept["id"], absorbed["id"])
    back = {**content_columns(absorbed), "state": row["absorbed_state"]}
    revise(tx, absorbed, back, revision=absorbed["revision"], actor=actor, action="place.unmerge", reason=UNDONE)
    if kept["revision"] == row["kept_revision"]:
        before = content_from_json(row["kept_before"])
        revise(tx, kept, before, revision=kept["revision"], actor=actor, action="place.unmerge", reason=UNDONE)


def _merge_across(tx: Transaction, merge_id: str, own: dict[str, Any], other: dict[str, Any], actor: Actor) -> bool:
    agreed = tx.connection.execute(
        sa.select(sa.func.count()).where(
            *_pair(own["id"], other["id"]),
            duplicate_decisions.c.is_same.is_(True),
            duplicate_decisions.c.organisation_id.in_((own["organisation_id"], other["organisation_id"])),
        )
    ).scalar_one()
    if agreed != 2:  # noqa: PLR2004  both organisations
        return False
    kept, absorbed = sorted((own, other), key=lambda row: (row["created_at"], row["id"]))
    standing = (
        place_merges.c.kept_id == kept["id"],
        place_merges.c.absorbed_id == absorbed["id"],
        place_merges.c.undone_at.is_(None),
    )
    if tx.connection.execute(sa.select(place_merges.c.id).where(*standing)).first() is None:
        row = {
            "id": merge_id, "is_across": True, "kept_revision": kept["revision"],
            "moved": {name: [] for name in _MOVED}, "reason": "",
            **_sides(kept, absorbed), **_made(tx, actor),
        }  # fmt: skip
        _write(tx, row, actor)
    return True


def merged_ids(connection: Connection, place_id: str) -> dict[str, list[str]]:
    """Return the ids, by table, of what once went over from a place to another."""
    query = sa.select(place_merges.c.moved).where(place_merges.c.absorbed_id == place_id)
    found: dict[str, list[str]] = {name: [] for name in _MOVED}
    for moved in connection.execute(query).scalars():
        for name, ids in moved.items():
            found[name] += ids
    return found
