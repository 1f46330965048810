"""Reading places out of the store for one reader, through the privacy gate.

Own places come by SQL for the view; those of other organisations are put through the gate city part by
city part (`actions.kept_places`), because what an area shows must not depend on the view or on a filter.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

import geopandas as gpd

from actions.gate_settings import gate_settings
from actions.kept_places import kept_places
from actions.place_marks import (
    MAX_POINTS,
    Mark,
    clusters_of,
    is_represented_in,
    marks_frame,
    marks_of,
    resolution_of,
    unplaced_cluster,
)
from domain.errors import NotFoundError
from domain.geometry import BBox
from domain.place import PlaceFilter, PlaceRecord
from domain.roles import Clearance, Permission, Tier, require_permission
from geo.disclosure import (
    DisclosedPlace,
    DisclosedPlaces,
    DisclosureSettings,
    disclose,
    is_own,
    valid_shares,
)
from geo.disclosure_detail import DisclosedPlaceDetail, disclose_detail
from store import Store

# A page of a table of all places: enough rows to be quick, few enough to weigh some megabytes.
PAGE_ROWS = 2_000


def utc_now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


class StorePlaceReader:
    """What layers may ask of the store (`layers.contract.PlaceReader`), already through the gate.

    Cheap to make for every request: what is worth keeping is kept per store, keyed by the data
    version, the day and the whole clearance.
    """

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime] = utc_now,
        settings: DisclosureSettings | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._settings = settings or gate_settings(store)

    def places(
        self, *, bbox: BBox | None, zoom: int | None, only: PlaceFilter, clearance: Clearance
    ) -> gpd.GeoDataFrame:
        """Return what this reader may see of the places in a bounding box.

        Parameters
        ----------
        bbox
            EPSG:4326; None for everything.
        zoom
            Zoom of the map, which decides how coarse clusters are; None for a table, where no
            place is clustered.
        only
            Which places; see `DisclosedPlaces.select` for what a filter does below T0.
        clearance
            Who reads.

        Returns
        -------
        geopandas.GeoDataFrame
            `actions.place_marks.COLUMNS` in EPSG:4326; a row is a place, an area or a cluster (`cluster` > 0). `id` is
            a record's id and only there for whole records. `places` is how many stand behind a
            mark below T0, `FEWER` for 1 to 4, "≥ n" where only that is known. Geometry is the exact
            point, that of a cell's piece, or the representative point of the city part; `precision`
            says which.
        """
        now = self._now()
        marks: list[Mark] = []
        if clearance.organisation_id is not None and is_own(clearance.organisation_id, clearance):
            marks += self._own_marks(bbox, zoom, only, clearance, now)
        disclosed = self._others(clearance, now)
        if disclosed is not None:
            marks += self._others_marks(disclosed, bbox, zoom, only, now, room=max(0, MAX_POINTS - len(marks)))
        return marks_frame(marks)

    def pages(self, *, only: PlaceFilter, clearance: Clearance) -> Iterator[gpd.GeoDataFrame]:
        """Yield all that this reader may see as a table, some thousand rows at a time and at least one frame.

        The rows are those of `places` without a bounding box and a zoom, but never all in memory: own
        places come by the order of their ids, after them those of other organisations.
        """
        now = self._now()
        yield marks_frame([])
        for records in self._own_pages(only, clearance):
            yield marks_frame(self._marks_of_own(records, clearance, now))
        disclosed = self._others(clearance, now)
        if disclosed is not None:
            others = disclosed.rows(only=only, with_own=False)
            while page := list(islice(others, PAGE_ROWS)):
                yield marks_frame(marks_of(page, now))

    def _own_pages(self, only: PlaceFilter, clearance: Clearance) -> Iterator[list[PlaceRecord]]:
        organisation = clearance.organisation_id
        if organisation is None or not is_own(organisation, clearance):
            return
        if only.organisation_ids and organisation not in only.organisation_ids:
            return
        own, after = replace(only, organisation_ids=(organisation,)), ""
        while records := self._store.places.page(only=own, after=after, limit=PAGE_ROWS):
            yield records
            after = records[-1].id

    def _own_marks(
        self, bbox: BBox | None, zoom: int | None, only: PlaceFilter, clearance: Clearance, now: datetime
    ) -> list[Mark]:
        """Return the places of the reader's organisation: points, or clusters where there are many."""
        organisation = clearance.organisation_id or ""
        if only.organisation_ids and organisation not in only.organisation_ids:
            return []
        own = replace(only, organisation_ids=(organisation,))
        resolution = resolution_of(zoom)
        store = self._store.places
        if resolution is not None and store.count(bbox=bbox, only=own, at_most=MAX_POINTS + 1) > MAX_POINTS:
            counts = store.clusters(resolution=resolution, bbox=bbox, only=own)
            return [*clusters_of(counts, bbox), *self._own_unplaced(bbox, own, clearance, now)]
        marks = self._marks_of_own(store.find(bbox=bbox, only=own), clearance, now)
        return marks if bbox is None else [*marks, *self._own_unplaced(bbox, own, clearance, now)]

    def _own_unplaced(self, bbox: BBox | None, own: PlaceFilter, clearance: Clearance, now: datetime) -> list[Mark]:
        """Return own places known only to their city part: a bounding box of positions misses them."""
        counts = self._store.places.unplaced(own)
        codes = tuple(code for code in counts if is_represented_in(code, bbox))
        if not codes:
            return []
        there = replace(own, city_parts=codes)
        if self._store.places.count(only=there) > MAX_POINTS:
            return [unplaced_cluster(code, counts[code]) for code in codes]
        records = [record for record in self._store.places.find(only=there) if record.position is None]
        return self._marks_of_own(records, clearance, now)

    def _marks_of_own(self, records: Sequence[PlaceRecord], clearance: Clearance, now: datetime) -> list[Mark]:
        """Return a mark for each place of the reader's organisation, through the gate like any other."""
        disclosed = disclose(records, clearance, now=now, settings=self._settings)
        rows = [row for row in disclosed if row.id is not None]
        ids = [row.id for row in rows if row.id is not None]
        agreed = self._store.reviews.open_follow_ups(clearance.organisation_id or "", ids)
        return marks_of(rows, now, follow_ups=agreed)

    def _others_marks(
        self,
        disclosed: DisclosedPlaces,
        bbox: BBox | None,
        zoom: int | None,
        only: PlaceFilter,
        now: datetime,
        *,
        room: int,
    ) -> list[Mark]:
        """Return the places of others: at most `room` points, or clusters where there are more, and areas."""
        resolution, clusters = resolution_of(zoom), []
        if resolution is not None:
            clusters = disclosed.clusters(bbox=bbox, only=only, resolution=resolution, above=room, with_own=False)
        rows = disclosed.select(bbox=bbox, only=only, with_own=False, with_exact=not clusters, areas_at=resolution)
        return [*clusters_of(clusters, bbox), *marks_of(rows, now)]

    def _others(self, clearance: Clearance, now: datetime) -> DisclosedPlaces | None:
        """Return the places of all organisations that the reader does not work for, None if there are none."""
        return kept_places(self._store).disclosed(clearance=clearance, now=now, settings=self._settings)


def place_detail(
    store: Store, place_id: str, clearance: Clearance, now: datetime | None = None
) -> DisclosedPlaceDetail:
    """Return a whole place with its visits and changes.

    Raises
    ------
    NotPermittedError
        Code `not_permitted` if the role sees no places.
    NotFoundError
        Code `unknown_place` if there is none, or if the reader may not see the whole of it: the
        answer does not tell the two apart.
    """
    require_permission(clearance.role, Permission.SEE_PLACES)
    record = store.places.get(place_id)
    detail = disclose_detail(
        record, store.visits.for_place(place_id), store.changes.for_place(place_id), clearance, now=now or utc_now(),
        settings=gate_settings(store),
    )  # fmt: skip
    if detail is None:
        raise NotFoundError("unknown_place", id=place_id)
    return detail


def search_places(
    store: Store, text: str, *, clearance: Clearance, limit: int = 20, now: datetime | None = None
) -> list[DisclosedPlace]:
    """Return places by name: only whole records have one. Own places come first.

    Raises
    ------
    NotPermittedError
        Code `not_permitted` if the role sees no places.
    """
    require_permission(clearance.role, Permission.SEE_PLACES)
    at = now or utc_now()
    shared = {share.owner_organisation_id for share in valid_shares(clearance, at) if share.tier is Tier.EXACT}
    # The open kinds of a partner are exact by default.
    owners = sorted((clearance.partner_of | shared) - {clearance.organisation_id})
    if clearance.organisation_id is not None:
        owners.insert(0, clearance.organisation_id)
    found: list[DisclosedPlace] = []
    settings = gate_settings(store)
    for owner in owners:
        records = store.places.search(text, organisation_id=owner, limit=limit)
        whole = {row.id: row for row in disclose(records, clearance, now=at, settings=settings) if row.id is not None}
        found += [whole[record.id] for record in records if record.id in whole]
    return found[:limit]
