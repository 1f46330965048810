"""The privacy gate: the only way from a `PlaceRecord` to something that may leave the house.

The store returns records; layers, api and pages take `DisclosedPlace` and nothing else, and only
this module makes one. The gate governs the whole record: below T0 there is no id, name, note,
author or organisation, only an area, a coarse kind, a month and a number of places, and that
number only from 5 up. Areas that are shown together say at least how many, from what each of them
says.

Everything below T0 is a partition of the places (`geo.disclosure_cells`), computed from all
places before any filter: filters choose among its areas, and sums are sums of what is shown. So
no two answers to one reader can be subtracted to find a hidden number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from domain.geometry import BBox
from domain.place import CellCount, PlaceFilter, PlaceRecord, PlaceState
from domain.roles import Clearance, Tier
from domain.vocabulary import coarse_kind
from geo.cell_pieces import IntArray
from geo.disclosure_areas import ShownAreas, coarser_areas, shown_areas
from geo.disclosure_cells import CITY_PART_LEVEL, COARSEST, Areas, areas_of
from geo.disclosure_columns import (
    COARSE_KINDS,
    COUNTED_STATES,
    FetchPlaces,
    PlaceColumns,
    by_city_part,
    count_by_cell,
    facts_of,
    place_columns,
    with_changes,
)
from geo.disclosure_rows import MIXED_KIND, DisclosedPlace, Precision, area_row, shown_position, whole_row
from geo.disclosure_tiers import (
    DEFAULT_SETTINGS,
    DisclosureSettings,
    cache_key,
    default_tier,
    is_own,
    months_before,
    tier_of,
    tiers_of_columns,
    valid_shares,
)

__all__ = [
    "DEFAULT_SETTINGS",
    "MIXED_KIND",
    "DisclosedPart",
    "DisclosedPlace",
    "DisclosedPlaces",
    "DisclosureSettings",
    "FetchPlaces",
    "PlaceColumns",
    "Precision",
    "by_city_part",
    "cache_key",
    "default_tier",
    "disclose",
    "disclose_part",
    "facts_of",
    "is_own",
    "months_before",
    "place_columns",
    "shown_position",
    "tier_of",
    "valid_shares",
    "with_changes",
]

_HIDDEN = -1
_LEVEL_OF_TIER = {Tier.CELL_10: 10, Tier.CELL_9: 9, Tier.CITY_PART: CITY_PART_LEVEL}
_WHOLE_AT_ONCE = 2_000
_NO_ROWS = np.empty(0, dtype=np.int64)

MOST_AREAS = 500
"""With more of them in view areas are shown together: more than that nobody can tell apart on a map."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DisclosedPart:
    """What one reader may see of all the places of some city parts, as columns beside theirs.

    `whole` are the rows that are shown as whole records, `own` those of the reader's organisation.
    """

    columns: PlaceColumns
    whole: IntArray
    own: npt.NDArray[np.bool_]
    tiers: npt.NDArray[np.int8]
    areas: Areas


@dataclass(frozen=True, kw_only=True, eq=False)
class DisclosedPlaces:
    """All that one reader may see, kept as columns; `select` makes rows of the part asked for.

    `parts` hold every place once, none of a city part that stands in another one as well. The columns still
    lead to whole records: hand on the rows, never this object.

    Parameters
    ----------
    parts
        By any name.
    fetch
        Returns the records of ids as they are now. One that was corrected since is left out.
    settings
        Those with which the parts were disclosed.
    """

    parts: Mapping[str, DisclosedPart]
    fetch: FetchPlaces
    settings: DisclosureSettings

    def select(
        self, *, bbox: BBox | None = None, only: PlaceFilter | None = None, with_own: bool = True,
        with_exact: bool = True, areas_at: int | None = None,
    ) -> list[DisclosedPlace]:  # fmt: skip
        """Return the rows in a bounding box that a filter lets through.

        Parameters
        ----------
        bbox
            EPSG:4326. A row without a position lies where the representative point of its city part does.
        only
            Whole records are filtered by what they are; areas by what is shown of them (coarse kind, city part,
            the point on the map), and left out where organisations are named.
        with_own
            False leaves the places of the reader's organisation out.
        with_exact
            False leaves those out that are shown where they are, see `clusters`.
        areas_at
            A resolution: where there are more than `MOST_AREAS`, finer ones are shown together, or as coarse
            ones as it takes.
        """
        return list(self.rows(bbox=bbox, only=only, with_own=with_own, with_exact=with_exact, areas_at=areas_at))

    def rows(
        self, *, bbox: BBox | None = None, only: PlaceFilter | None = None, with_own: bool = True,
        with_exact: bool = True, areas_at: int | None = None,
    ) -> Iterator[DisclosedPlace]:  # fmt: skip
        """Yield what `select` returns, a row at a time: a file of all places must not hold them all."""
        wanted = only or PlaceFilter(states=tuple(PlaceState))
        rows = [_rows_of_whole(part, bbox, with_own=with_own) for part in self.parts.values()]
        if not with_exact:
            rows = [one[~_is_exact(part, one)] for part, one in zip(self.parts.values(), rows, strict=True)]
        yield from (row for row in self._whole_rows(rows, wanted) if _in_bbox(row, bbox))
        if wanted.organisation_ids or (wanted.states and not COUNTED_STATES.intersection(wanted.states)):
            return
        areas, chosen = self._areas, _chosen(self._areas, wanted, bbox)
        coarser = range(areas_at, COARSEST - 1, -1) if areas_at is not None else ()
        for resolution in coarser:
            if len(chosen) > MOST_AREAS:
                areas = self._areas_at(resolution)
                chosen = _chosen(areas, wanted, bbox)
        yield from (area_row(areas, row) for row in chosen.tolist())

    def clusters(
        self, *, bbox: BBox | None, only: PlaceFilter, resolution: int, above: int, with_own: bool = True
    ) -> list[CellCount]:
        """Return how many places are shown where they are, by cell, none if there are at most `above` in view.

        They are counted in columns: none of them is read.
        """
        parts = list(self.parts.values())
        rows = [_rows_of_whole(part, bbox, with_own=with_own) for part in parts]
        rows = [one[_is_exact(part, one)] for part, one in zip(parts, rows, strict=True)]
        rows = [part.columns.passing(only, one) for part, one in zip(parts, rows, strict=True)]
        if sum(map(len, rows)) <= above:
            return []
        here = zip(parts, rows, strict=True)
        return [count for part, one in here for count in count_by_cell(part.columns, one, resolution)]

    @cached_property
    def _areas(self) -> ShownAreas:
        parts = [(part.areas, part.columns.city_parts) for part in self.parts.values()]
        return shown_areas(parts, least_count=self.settings.least_count)

    @cached_property
    def _coarser(self) -> dict[int, ShownAreas]:
        return {}

    def _areas_at(self, resolution: int) -> ShownAreas:
        if resolution not in self._coarser:
            self._coarser[resolution] = coarser_areas(self._areas, resolution)
        return self._coarser[resolution]

    def _whole_rows(self, rows: Sequence[IntArray], only: PlaceFilter) -> Iterator[DisclosedPlace]:
        """Yield whole records by the order of their ids; `rows` has those of each part."""
        parts = list(self.parts.values())
        part_of = np.repeat(np.arange(len(parts)), [len(one) for one in rows])
        row_of = np.concatenate([*rows, _NO_ROWS])
        if not len(row_of):
            return
        here = list(zip(parts, rows, strict=True))
        ids = np.concatenate([part.columns.ids[one] for part, one in here])
        revision = np.concatenate([part.columns.revision[one] for part, one in here])
        exact = np.concatenate([part.tiers[one] == Tier.EXACT for part, one in here])
        own = np.concatenate([part.own[one] for part, one in here])
        order = np.argsort(ids, kind="stable")
        for start in range(0, len(order), _WHOLE_AT_ONCE):
            at = order[start : start + _WHOLE_AT_ONCE]
            asked = [one.decode() for one in ids[at].tolist()]
            found = {record.id: record for record in self.fetch(asked)}
            # Lists: a single value of an array takes longer than all else that a row needs.
            columns = (column[at].tolist() for column in (part_of, row_of, revision, exact, own))
            for place_id, number, row, known, shows_where, is_own_place in zip(asked, *columns, strict=True):
                record = found.get(place_id)
                # What was changed since may be shown only as the gate judges it then.
                if record is None or record.revision != known or not _passes(record, only):
                    continue
                yield whole_row(parts[number].columns, row, record, exact=shows_where, own=is_own_place)


def _chosen(areas: ShownAreas, only: PlaceFilter, bbox: BBox | None) -> IntArray:
    """Return the rows of areas that a filter lets through."""
    chosen = np.ones(len(areas), dtype=np.bool_)
    if bbox is not None:
        chosen &= (areas.lon >= bbox.minx) & (areas.lon <= bbox.maxx)
        chosen &= (areas.lat >= bbox.miny) & (areas.lat <= bbox.maxy)
    if only.kinds:
        chosen &= np.isin(areas.kind, [COARSE_KINDS.index(coarse_kind(code)) for code in only.kinds])
    if only.city_parts:
        chosen &= np.isin(areas.city_part, [n for n, code in enumerate(areas.codes) if code in only.city_parts])
    return np.flatnonzero(chosen)


def _is_exact(part: DisclosedPart, rows: IntArray) -> npt.NDArray[np.bool_]:
    """Return which rows of whole records have a position and show it."""
    exact: npt.NDArray[np.bool_] = (part.tiers[rows] == Tier.EXACT) & ~np.isnan(part.columns.lon[rows])
    return exact


def _rows_of_whole(part: DisclosedPart, bbox: BBox | None, *, with_own: bool) -> IntArray:
    """Return the rows of whole records, in a bounding box those that may lie in it."""
    rows = part.whole if with_own else part.whole[~part.own[part.whole]]
    if bbox is None:
        return rows
    lon, lat = part.columns.lon[rows], part.columns.lat[rows]
    inside = (lon >= bbox.minx) & (lon <= bbox.maxx) & (lat >= bbox.miny) & (lat <= bbox.maxy)
    # What is not shown where it lies is looked at one by one.
    near: IntArray = rows[inside | ~_is_exact(part, rows)]
    return near


def disclose(
    records: Sequence[PlaceRecord], clearance: Clearance, *, now: datetime, settings: DisclosureSettings | None = None
) -> list[DisclosedPlace]:
    """Return what a reader may see of whole records: first the whole ones by id, then the areas.

    Give it all the places there are, not those of a view or a filter (`DisclosedPlaces.select`
    filters what comes out). The same places give the same rows in whatever order they come.

    Parameters
    ----------
    records
        All places.
    clearance
        Who reads.
    now
        The instant of the question, with its zone: shares run out, places grow old.
    settings
        Parameters of the gate.

    Raises
    ------
    InvalidValueError
        Code `instant_without_zone`.

    Notes
    -----
    The places that the reader sees exactly do not help an area to its 3 places and 2
    organisations: whoever owns two of three would know the third.

    Examples
    --------
    >>> from datetime import UTC
    >>> from domain.roles import PUBLIC_CLEARANCE
    >>> disclose([], PUBLIC_CLEARANCE, now=datetime(2026, 1, 1, tzinfo=UTC))
    []
    """
    chosen = settings or DEFAULT_SETTINGS
    part = disclose_part(place_columns([list(map(facts_of, records))]), clearance, now=now, settings=chosen)
    by_id = {record.id: record for record in records}
    return DisclosedPlaces(parts={"": part}, fetch=lambda ids: map(by_id.__getitem__, ids), settings=chosen).select()


def disclose_part(
    columns: PlaceColumns, clearance: Clearance, *, now: datetime, settings: DisclosureSettings = DEFAULT_SETTINGS
) -> DisclosedPart:
    """Return what a reader may see of all the places of some city parts.

    Parameters
    ----------
    columns
        Every place of each city part that is among them: its areas hang on all of them and on no other.
    clearance, now, settings
        As of `disclose`.

    Raises
    ------
    InvalidValueError
        Code `instant_without_zone`.
    """
    tiers = tiers_of_columns(columns, clearance, now=now, settings=settings)
    owned = np.array([is_own(owner, clearance) for owner in columns.organisations], dtype=np.bool_)
    own = owned[columns.organisation] if len(owned) else np.zeros(len(tiers), dtype=np.bool_)
    whole = own | (tiers == Tier.EXACT)
    level = np.full(int(max(Tier)) + 1, _HIDDEN, dtype=np.int64)
    for tier, resolution in _LEVEL_OF_TIER.items():
        level[tier] = resolution
    start = np.where(whole | ~columns.counted, _HIDDEN, level[tiers])
    return DisclosedPart(
        columns=columns,
        whole=np.flatnonzero(whole),
        own=own,
        tiers=tiers.astype(np.int8),
        areas=areas_of(columns, start, min_places=settings.min_places, min_organisations=settings.min_organisations),
    )


def _passes(record: PlaceRecord, only: PlaceFilter) -> bool:
    return (
        (not only.kinds or record.kind in only.kinds)
        and (not only.city_parts or record.city_part in only.city_parts)
        and (not only.organisation_ids or record.organisation_id in only.organisation_ids)
        and (not only.states or record.state in only.states)
    )


def _in_bbox(place: DisclosedPlace, bbox: BBox | None) -> bool:
    if bbox is None:
        return True
    point = shown_position(place)
    if point is None:
        return False
    return bbox.minx <= point.lon <= bbox.maxx and bbox.miny <= point.lat <= bbox.maxy
