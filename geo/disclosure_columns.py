"""What the privacy gate counts of places, as columns: read in bulk, cut by city part, corrected in part.

Behind `geo.disclosure` and its neighbours. Areas never reach over the border of a city part, so the
columns of one city part are all that its areas hang on, and a change elsewhere leaves them as they are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from domain.place import CellCount, PlaceFacts, PlaceFilter, PlaceRecord, PlaceState
from domain.vocabulary import CoarseKind, coarse_kind
from geo.cell_pieces import CellArray, FloatArray, IntArray, city_part_codes, parents_of, piece_table
from geo.cells import cell_name, cells_of

FINEST = 10
"""Finest resolution of an area."""

COARSE_KINDS = tuple(CoarseKind)

COUNTED_STATES = frozenset({PlaceState.SUGGESTED, PlaceState.VERIFIED})
"""States in which a place counts in an area. The set is fixed: a filter on it could be subtracted."""

FetchPlaces: TypeAlias = Callable[[Sequence[str]], Iterable[PlaceRecord]]
"""Returns the records of ids, of those that there are, in whatever order."""

_NO_ANSWER = -1
_MONTHS = 12
_STATES = tuple(PlaceState)
_STATE_NUMBERS = {state.value: number for number, state in enumerate(_STATES)}
# The columns that hold positions in a tuple of names, and that tuple.
_NAMED = {"organisation": "organisations", "kind": "kinds", "city_part": "city_parts"}
_PER_PLACE = (
    "ids", "revision", *_NAMED, "state", "lon", "lat", "visit_month", "visit_count", "confirmed",
)  # fmt: skip
# Those that are made when they are asked for, and kept in what is made from these columns.
_MADE_LATE = ("cell", "piece")


@dataclass(frozen=True, kw_only=True, eq=False)
class PlaceColumns:
    """What the gate needs of many places, one value per place.

    `ids` are ASCII bytes. Integers are positions in `organisations`, `kinds` and `city_parts`; the last begins
    with all city parts that the boundaries know; `state` is a position in `PlaceState`. `lon` and `lat` are
    degrees (NaN without a position), `visit_month` months since the year 0 (-1 never), `confirmed` the ordinal
    of the day of the last visit or update.
    """

    ids: npt.NDArray[np.bytes_]
    revision: IntArray
    organisations: tuple[str, ...]
    kinds: tuple[str, ...]
    city_parts: tuple[str, ...]
    organisation: IntArray
    kind: IntArray
    city_part: IntArray
    state: IntArray
    lon: FloatArray
    lat: FloatArray
    visit_month: IntArray
    visit_count: IntArray
    confirmed: IntArray

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def coarse(self) -> IntArray:
        """The coarse kind of each place, a position in `COARSE_KINDS`."""
        return _integers(COARSE_KINDS.index(coarse_kind(code)) for code in self.kinds)[self.kind]

    @property
    def counted(self) -> npt.NDArray[np.bool_]:
        """Whether the state of each place lets it count in an area."""
        return np.isin(self.state, [_STATES.index(state) for state in COUNTED_STATES])

    @cached_property
    def cell(self) -> CellArray:
        """The cell of resolution 10 of each place, 0 without a position.

        Made when an area or a cluster is asked for: whoever sees only own places never waits for the cells.
        """
        cells = np.zeros(len(self), dtype=np.uint64)
        rows = np.flatnonzero(~np.isnan(self.lon))
        cells[rows] = cells_of(self.lon[rows], self.lat[rows], FINEST)
        return cells

    @cached_property
    def piece(self) -> IntArray:
        """The piece of resolution 10 of each place, -1 without a position or a known city part."""
        known = len(piece_table(FINEST).codes)
        pieces = np.full(len(self), _NO_ANSWER, dtype=np.int64)
        rows = np.flatnonzero(~np.isnan(self.lon) & (self.city_part < known))
        pieces[rows] = piece_table(FINEST).find(self.cell[rows], self.city_part[rows])
        return pieces

    def passing(self, only: PlaceFilter, rows: IntArray) -> IntArray:
        """Return those of the rows that a filter of whole records lets through."""
        passing = np.ones(len(rows), dtype=np.bool_)
        asked = (
            (self.kind, self.kinds, only.kinds),
            (self.city_part, self.city_parts, only.city_parts),
            (self.organisation, self.organisations, only.organisation_ids),
            (self.state, _STATES, only.states),
        )
        for column, names, wanted in asked:
            if wanted:
                passing &= np.isin(column[rows], [number for number, name in enumerate(names) if name in wanted])
        return rows[passing]

    def take(self, rows: IntArray | npt.NDArray[np.bool_]) -> "PlaceColumns":
        """Return the columns of some of the places, with all names."""
        taken = replace(self, **{name: getattr(self, name)[rows] for name in _PER_PLACE})
        taken.__dict__.update({name: self.__dict__[name][rows] for name in _MADE_LATE if name in self.__dict__})
        return taken


def place_columns(facts: Iterable[Sequence[PlaceFacts]]) -> PlaceColumns:
    """Return the columns of places that come in parts, each part read once and in whatever order."""
    found = [_part_columns(part) for part in facts if part]
    return joined_columns(found or [_part_columns([])])


def facts_of(record: PlaceRecord) -> PlaceFacts:
    """Return what the gate counts of a record."""
    position = record.position
    lon, lat = (position.lon, position.lat) if position else (None, None)
    return PlaceFacts(
        record.id, record.revision, record.organisation_id, record.kind, record.city_part, lon, lat, record.state.value,
        record.updated_at, record.last_visit_on, record.visit_count,
    )  # fmt: skip


def joined_columns(parts: Sequence[PlaceColumns]) -> PlaceColumns:
    """Return the columns of all the places of some, at least one."""
    if len(parts) == 1:
        return parts[0]
    known = {"organisations": (), "kinds": (), "city_parts": city_part_codes()}
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in _PER_PLACE if name not in _NAMED
    }
    for name, of_names in _NAMED.items():
        several = [getattr(part, of_names) for part in parts]
        names = _joined_names(known[of_names], several)
        columns[of_names] = names
        at = {one: position for position, one in enumerate(names)}
        numbers = {one: _integers(at[text] for text in one) for one in set(several)}
        columns[name] = np.concatenate([numbers[getattr(p, of_names)][getattr(p, name)] for p in parts])
    joined = PlaceColumns(**columns)
    for name in _MADE_LATE:
        # Where cells were looked up before, only those of the other places are.
        if any(name in part.__dict__ for part in parts):
            joined.__dict__[name] = np.concatenate([getattr(part, name) for part in parts])
    return joined


def by_city_part(columns: PlaceColumns) -> dict[str, PlaceColumns]:
    """Return the columns of each city part that has places, by its code."""
    order = np.argsort(columns.city_part, kind="stable")
    parts, starts = np.unique(columns.city_part[order], return_index=True)
    rows = np.split(order, starts[1:]) if len(parts) else []
    return {columns.city_parts[part]: columns.take(here) for part, here in zip(parts.tolist(), rows, strict=True)}


def with_changes(parts: Mapping[str, PlaceColumns], ids: Iterable[str], now: PlaceColumns) -> dict[str, PlaceColumns]:
    """Return the columns by city part after some places changed; those of other city parts are the same objects.

    Parameters
    ----------
    parts
        As of `by_city_part`, before.
    ids
        The places that changed, were added or are gone.
    now
        Those of them that there are, as they are now.
    """
    changed = _encoded(ids)
    found, rest = by_city_part(now), dict[str, PlaceColumns]()
    missing = len(changed)
    # Most places stay in their city part: when all are found there, no other is searched.
    for code in sorted(parts, key=lambda code: code not in found):
        if not missing:
            break
        gone = np.isin(parts[code].ids, changed)
        if gone.any():
            missing -= int(gone.sum())
            rest[code] = parts[code].take(~gone)
    for code, columns in found.items():
        before = rest.get(code, parts.get(code))
        rest[code] = columns if before is None else joined_columns([before, columns])
    return {code: columns for code, columns in {**parts, **rest}.items() if len(columns)}


def count_by_cell(columns: PlaceColumns, rows: IntArray, resolution: int) -> list[CellCount]:
    """Return how many of some places, all of one city part and with a position, stand in each cell."""
    if not len(rows):
        return []
    cells, member, counts = np.unique(
        parents_of(columns.cell[rows], resolution), return_inverse=True, return_counts=True
    )
    lon, lat = (np.bincount(member, weights=column[rows]) for column in (columns.lon, columns.lat))
    code = columns.city_parts[columns.city_part[rows[0]]]
    return [
        CellCount(
            cell=cell_name(cell), resolution=resolution, city_part=code, organisation_id="", kind="", count=count,
            lon_sum=lon_sum, lat_sum=lat_sum,
        )
        for cell, count, lon_sum, lat_sum in zip(
            cells.tolist(), counts.tolist(), lon.tolist(), lat.tolist(), strict=True
        )
    ]  # fmt: skip


def month_number(day: date | None) -> int:
    """Return the months since the year 0, -1 for None.

    Examples
    --------
    >>> month_number(date(2026, 3, 31)) - month_number(date(2025, 12, 1))
    3
    """
    return _NO_ANSWER if day is None else day.year * _MONTHS + day.month - 1


def _part_columns(part: Sequence[PlaceFacts]) -> PlaceColumns:
    columns = list(zip(*part, strict=True)) if part else [()] * len(PlaceFacts._fields)
    ids, revision, organisation, kind, city_part, lon, lat, state, updated_at, visited, visit_count = columns
    named = {"organisation": organisation, "kind": kind, "city_part": city_part}
    names = {"organisation": (), "kind": (), "city_part": city_part_codes()}
    numbered: dict[str, Any] = {}
    for name, texts in named.items():
        all_names = _joined_names(names[name], [tuple(set(texts))])
        at = {one: position for position, one in enumerate(all_names)}
        numbered[_NAMED[name]], numbered[name] = all_names, _integers(map(at.__getitem__, texts))
    return PlaceColumns(
        ids=_encoded(ids),
        revision=_integers(revision),
        **numbered,
        state=_integers(map(_STATE_NUMBERS.__getitem__, state)),
        lon=_degrees(lon),
        lat=_degrees(lat),
        visit_month=_integers(map(month_number, visited)),
        visit_count=_integers(visit_count),
        confirmed=_integers(
            max(updated.toordinal(), day.toordinal() if day else 0)
            for updated, day in zip(updated_at, visited, strict=True)
        ),
    )


def _joined_names(known: tuple[str, ...], several: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return all names: those known beforehand first, the others sorted after them."""
    # A place may name a city part that the boundaries do not know; it stays hidden in its own count.
    return (*known, *sorted(set().union(*several).difference(known)))


def _encoded(ids: Iterable[str]) -> npt.NDArray[np.bytes_]:
    return np.array([one.encode() for one in ids], dtype=np.bytes_)


def _degrees(values: Sequence[float | None]) -> FloatArray:
    return np.array(values, dtype=np.float64)  # None becomes NaN


def _integers(values: Iterable[Any]) -> IntArray:
    return np.fromiter(values, dtype=np.int64)
