"""Places: recorded once, corrected, closed, found, counted."""

import math
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from domain.errors import NotPermittedError, Problem, StaleRevisionError
from domain.geometry import BBox, LonLat
from domain.place import Actor, CellCount, LocatedPlace, PlaceFacts, PlaceFilter, PlaceRecord, PlaceState, VisitDraft
from store import place_cells
from store.engine import batches, for_in
from store.guards import check_place
from store.place_feed import PlaceChanges, read_changes
from store.place_revisions import (
    content_columns,
    first_content,
    read_own_row,
    read_record,
    read_row,
    require_own,
    revise,
    version_of,
    write_tally,
)
from store.place_rows import (
    PlaceVersion,
    content_of,
    fold,
    json_content,
    new_row,
    select_facts,
    select_places,
    select_places_after,
    to_record,
    version_row,
)
from store.tables import place_versions, places, visits
from store.visits import insert_visit, withdraw_visits
from store.writer import Repository, Transaction, mutation

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of radius 6,371 km
ACTIVE_STATES = (PlaceState.SUGGESTED, PlaceState.VERIFIED)
UNDO_REASON = "undo"
# SQLite takes at most 32,766 variables in a statement.
_IDS_AT_ONCE = 10_000
_STREAM_ROWS = 5_000


class Places(Repository):
    """The table of places with their revisions, cells and search."""

    @mutation
    def add(
        self, tx: Transaction, located: LocatedPlace, actor: Actor, *, visit: VisitDraft | None = None
    ) -> PlaceRecord:
        """Store a new place, with its first visit where there is one, in one transaction.

        The same place sent again is the stored one: nothing is written, no audit row, no new data
        version. A visit that is not stored yet is added to it.

        Raises
        ------
        StaleRevisionError
            If the id is taken by a place of the same organisation that says something else.
        NotPermittedError
            `other_organisation` if another organisation has that id.
        InvalidValueError
            `term_not_allowed` if a code may not stand on a place or a visit.
        """
        check_place(located.draft)
        row = new_row(located, actor, tx.now)
        present = read_row(tx.connection, located.draft.id)
        if present is None:
            tx.execute(sa.insert(places), row)
            tx.execute(sa.insert(place_versions), version_row(row, actor, reason=""))
            write_tally(tx, added=row)
            tx.audit("place.add", "place", row["id"], actor=actor, payload=json_content(row))
        else:
            require_own(present, actor)
            if first_content(tx.connection, present) != json_content(row):
                raise StaleRevisionError(read_record(tx.connection, row["id"]), expected=0)
        if visit is not None:
            insert_visit(tx, visit, actor, city_part=located.city_part, place_id=row["id"])
        return read_record(tx.connection, row["id"])

    @mutation
    def update(
        self, tx: Transaction, located: LocatedPlace, *, revision: int, actor: Actor, reason: str = ""
    ) -> PlaceRecord:
        """Correct the place that has the draft's id, if it still is at `revision`.

        A correction sent twice, or one that changes nothing, leaves the record as it is.

        Raises
        ------
        StaleRevisionError
            If somebody else changed the place meanwhile; its `current` is the record as it is now.
        NotFoundError, NotPermittedError
            `unknown_place`, `other_organisation`.
        InvalidValueError
            `term_not_allowed`.
        """
        check_place(located.draft)
        present = read_own_row(tx.connection, located.draft.id, actor)
        content = content_of(located, PlaceState(present["state"]))
        return revise(tx, present, content, revision=revision, actor=actor, action="place.update", reason=reason)

    @mutation
    def set_state(
        self, tx: Transaction, place_id: str, state: PlaceState, *, revision: int, actor: Actor, reason: str
    ) -> PlaceRecord:
        """Verify, reject, close or reopen a place; raises as `update`."""
        present = read_own_row(tx.connection, place_id, actor)
        content = {**content_columns(present), "state": state.value}
        return revise(tx, present, content, revision=revision, actor=actor, action="place.set_state", reason=reason)

    @mutation
    def undo_add(self, tx: Transaction, place_id: str, *, revision: int, actor: Actor) -> PlaceRecord:
        """Take a place back right after recording it, together with the visits its author noted there.

        The place becomes rejected with the reason `undo`; nothing is deleted.

        Raises
        ------
        NotPermittedError
            `undo_not_own` if another account recorded the place.
        StaleRevisionError, NotFoundError
            As `update`.
        """
        present = read_own_row(tx.connection, place_id, actor)
        if present["created_by"] != actor.account_id:
            raise NotPermittedError("undo_not_own")
        content = {**content_columns(present), "state": PlaceState.REJECTED.value}
        revise(tx, present, content, revision=revision, actor=actor, action="place.undo", reason=UNDO_REASON)
        own = (visits.c.place_id == place_id, visits.c.created_by == actor.account_id)
        withdraw_visits(tx, *own, actor=actor)
        return read_record(tx.connection, place_id)

    def bulk_add(self, rows: Iterable[LocatedPlace], actor: Actor) -> int:
        """Store many places and return how many were new; for imports and generated data.

        Works in transactions of 10,000 places with one audit row each; places whose id is stored
        already are passed over, so a run that was stopped can be run again.

        Raises
        ------
        InvalidValueError
            `term_not_allowed`; the batches before stay.
        """
        return sum(self._add_batch(batch, actor) for batch in batches(rows))

    @mutation
    def _add_batch(self, tx: Transaction, batch: tuple[LocatedPlace, ...], actor: Actor) -> int:
        for located in batch:
            check_place(located.draft)
        by_id = {located.draft.id: located for located in batch}
        stored = tx.connection.execute(sa.select(places.c.id).where(places.c.id.in_(list(by_id)))).scalars()
        for known in stored.all():
            del by_id[known]
        if not by_id:
            return 0
        new = [new_row(located, actor, tx.now) for located in by_id.values()]
        # Neighbours one after another: the indexes of cells are written page by page, not all over.
        new.sort(key=lambda row: row["h3_10"] or "")
        tx.insert(places, new)
        tx.insert(place_versions, [version_row(row, actor, reason="") for row in new])
        tally = place_cells.Tally()
        for row in new:
            tally.add(row)
        tally.write(tx)
        summary = {"count": len(new), "first": min(by_id), "last": max(by_id)}
        tx.audit("place.bulk_add", "place", "", actor=actor, payload=summary)
        return len(new)

    def get(self, place_id: str) -> PlaceRecord:
        """Return one place.

        Raises
        ------
        NotFoundError
            `unknown_place`.
        """
        with self._read() as connection:
            return read_record(connection, place_id)

    def by_ids(self, place_ids: Sequence[str]) -> list[PlaceRecord]:
        """Return the places of these ids that there are, in no order."""
        found: list[PlaceRecord] = []
        with self._read() as connection:
            for start in range(0, len(place_ids), _IDS_AT_ONCE):
                query = select_places().where(places.c.id.in_(for_in(place_ids[start : start + _IDS_AT_ONCE])))
                found += map(to_record, connection.execute(query).all())
        return found

    def find(
        self, *, bbox: BBox | None = None, only: PlaceFilter | None = None, limit: int | None = None
    ) -> list[PlaceRecord]:
        """Return places in a bounding box (EPSG:4326), the most recently changed first.

        Without a bbox places without a position are among them. `limit` bounds the answer.
        """
        wanted = only or PlaceFilter()
        query = select_places().where(*place_cells.conditions_of(wanted, places))
        query = query.order_by(places.c.updated_at.desc(), places.c.id.desc()).limit(limit)
        with self._read() as connection:
            if bbox:
                query = query.where(*place_cells.within(connection, bbox, wanted))
            return [to_record(row) for row in connection.execute(query).all()]

    def page(self, *, only: PlaceFilter | None = None, after: str = "", limit: int) -> list[PlaceRecord]:
        """Return the next `limit` places in the order of their ids, those after the id `after`.

        The key of a page is the last id of the one before. Whatever is recorded or changed between two
        pages, no place comes twice and none that was there all the time is left out.
        """
        query = select_places_after(after).where(*place_cells.conditions_of(only or PlaceFilter(), places))
        with self._read() as connection:
            return [to_record(row) for row in connection.execute(query.order_by(places.c.id).limit(limit)).all()]

    def facts(self, place_ids: Sequence[str] | None = None) -> Iterator[list[PlaceFacts]]:
        """Yield what the privacy gate counts of places, some thousand at a time and in no order.

        All are of one state of the database, which holds a connection until the last are read.

        Parameters
        ----------
        place_ids
            Of these places, those that there are (at most 10,000); None for all.
        """
        query = select_facts()
        if place_ids is not None:
            query = query.where(places.c.id.in_(for_in(place_ids)))
        with self._read() as connection:
            for part in connection.execute(query, execution_options={"yield_per": _STREAM_ROWS}).partitions():
                yield list(map(PlaceFacts._make, part))

    def owners(self) -> frozenset[str]:
        """Return the organisations that have places."""
        with self._read() as connection:
            return place_cells.read_owners(connection)

    def changes_since(self, seq: int | None) -> PlaceChanges:
        """Return which places were touched after a row of the audit log, and which row is the last now.

        What is read of the places afterwards is at least as new as that row. With None any place may have been.
        """
        with self._read() as connection:
            return read_changes(connection, after=seq)

    def count(self, *, bbox: BBox | None = None, only: PlaceFilter | None = None, at_most: int | None = None) -> int:
        """Return how many places `find` would return without a limit.

        Without a bbox, or with one that holds every place, a few rows of cells are read; else the
        index of positions. Whoever only asks whether there are many need not wait until all are
        counted: with `at_most` the answer is no larger than that.
        """
        with self._read() as connection:
            return place_cells.count_places(connection, bbox=bbox, only=only or PlaceFilter(), at_most=at_most)

    def cells(self, *, resolution: int, bbox: BBox | None = None, only: PlaceFilter | None = None) -> list[CellCount]:
        """Return counts per H3 cell of resolution 7 to 10, city part, organisation and kind.

        With a bbox all cells that reach into it are there, and some of their neighbours. Without
        one, places without a position come as rows with the cell '' and sums of 0: they belong to
        no point of a map.

        Raises
        ------
        InvalidValueError
            `unknown_cell_resolution`.
        """
        with self._read() as connection:
            return place_cells.read_cells(connection, resolution=resolution, bbox=bbox, only=only or PlaceFilter())

    def clusters(self, *, resolution: int, bbox: BBox | None, only: PlaceFilter | None = None) -> list[CellCount]:
        """Return counts as one row an H3 cell, added up over organisations and kinds, which are left empty.

        For a map: of a cell that several city parts share the first one's code stands there. With a
        bbox all cells that reach into it are there, and some of their neighbours.
        """
        with self._read() as connection:
            return place_cells.read_clusters(connection, resolution=resolution, bbox=bbox, only=only or PlaceFilter())

    def unplaced(self, only: PlaceFilter | None = None) -> dict[str, int]:
        """Return how many places known only to their city part there are, by its code."""
        with self._read() as connection:
            return place_cells.read_unplaced(connection, only=only or PlaceFilter())

    def nearby(
        self, position: LonLat, *, radius_m: float, kind: str | None = None, organisation_id: str | None = None
    ) -> list[tuple[PlaceRecord, float]]:
        """Return places within `radius_m` metres with their distance, the nearest first.

        Only suggested and verified ones. The distance is equirectangular: on 100 m at Prague it
        is within 0.5 % of the distance on the ellipsoid, enough to ask about a doublet.
        """
        reach_lat = radius_m / METRES_PER_DEGREE * 1.01
        reach_lon = reach_lat / math.cos(math.radians(position.lat))
        bbox = BBox(
            minx=position.lon - reach_lon,
            miny=position.lat - reach_lat,
            maxx=position.lon + reach_lon,
            maxy=position.lat + reach_lat,
        )
        only = PlaceFilter(
            kinds=(kind,) if kind else (),
            organisation_ids=(organisation_id,) if organisation_id else (),
            states=ACTIVE_STATES,
        )
        measured = [(place, _distance_m(position, place.position)) for place in self.find(bbox=bbox, only=only)]
        return sorted(
            ((place, distance) for place, distance in measured if distance <= radius_m),
            key=lambda pair: (pair[1], pair[0].id),
        )

    def in_cell(self, cell: str, *, only: PlaceFilter) -> list[PlaceRecord]:
        """Return the places in an H3 cell of resolution 9, in no order."""
        query = select_places().where(places.c.h3_9 == cell, *place_cells.conditions_of(only, places))
        with self._read() as connection:
            return [to_record(row) for row in connection.execute(query).all()]

    def search(self, text: str, *, organisation_id: str, limit: int = 20) -> list[PlaceRecord]:
        """Return active places of an organisation whose name holds `text`, whatever its diacritics and case.

        Names that begin with it come first.
        """
        wanted = fold(text.strip())
        if not wanted:
            return []
        name = places.c.name_folded
        query = (
            select_places()
            .where(
                places.c.organisation_id == organisation_id,
                places.c.state.in_([state.value for state in ACTIVE_STATES]),
                name.contains(wanted, autoescape=True),
            )
            .order_by(sa.case((name.startswith(wanted, autoescape=True), 0), else_=1), name, places.c.id)
            .limit(limit)
        )
        with self._read() as connection:
            return [to_record(row) for row in connection.execute(query).all()]

    def history(self, place_id: str) -> list[PlaceVersion]:
        """Return every revision of a place, the first one first.

        Raises
        ------
        NotFoundError
            `unknown_place`.
        """
        query = (
            sa.select(place_versions).where(place_versions.c.place_id == place_id).order_by(place_versions.c.revision)
        )
        with self._read() as connection:
            current = read_record(connection, place_id)
            return [version_of(current, row) for row in connection.execute(query).mappings()]

    def verify_cells(self) -> list[Problem]:
        """Compare the counts of cells with the places; empty where they agree (`place_cells_differ`)."""
        with self._read() as connection:
            return place_cells.verify(connection)


def _distance_m(a: LonLat, b: LonLat | None) -> float:
    """Return the equirectangular distance in metres."""
    if b is None:
        return math.inf
    x = (b.lon - a.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return math.hypot(x, b.lat - a.lat) * METRES_PER_DEGREE
