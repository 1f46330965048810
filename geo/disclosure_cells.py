"""The cell rule of the privacy gate, on columns: which area stands for each place.

Behind `geo.disclosure`; nothing else calls it. The areas it returns are a partition: every place
counts in exactly one of them. Whatever is computed from the areas alone (sums, filters, maps) can
therefore not be subtracted from one another to find a place.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from domain.place import PlaceRecord, PlaceState
from domain.vocabulary import CoarseKind, coarse_kind
from geo.cell_pieces import FloatArray, IntArray, city_part_codes, parent_pieces, piece_table
from geo.cells import cells_of

FINEST, COARSEST = 10, 7
CITY_PART_LEVEL = 0
"""Level of an area that is a whole city part; the other levels are H3 resolutions."""

COARSE_KINDS = tuple(CoarseKind)
MIXED = len(COARSE_KINDS)
"""Index of "several kinds", after those of `COARSE_KINDS`."""

COUNTED_STATES = frozenset({PlaceState.SUGGESTED, PlaceState.VERIFIED})
"""States in which a place counts in an area. The set is fixed: a filter on it could be subtracted."""

FetchPlaces: TypeAlias = Callable[[Sequence[str]], Iterable[PlaceRecord]]
"""Returns the records of ids, of those that there are, in whatever order."""
WholePlaces: TypeAlias = Callable[[Sequence[int]], Sequence[tuple[int, PlaceRecord]]]
"""Returns the whole record of each row, in the order of the rows."""

_NO_ANSWER = -1
_MONTHS = 12
_PART_ROWS = 10_000


@dataclass(frozen=True, kw_only=True, eq=False)
class PlaceColumns:
    """What the gate needs of many places, one value per place; made once per data version.

    `whole` gives whole records, a few at a time; `by_id` are the rows in the order of their ids.
    Integers are positions in `organisations`, `kinds` and `city_parts`. `lon` and `lat` are degrees
    (NaN without a position), `visit_month` months since the year 0 (-1 never), `confirmed` the ordinal
    of the day of the last visit or update, `counted` whether the state lets a place count in an area.
    """

    whole: WholePlaces
    by_id: IntArray
    organisations: tuple[str, ...]
    kinds: tuple[str, ...]
    organisation: IntArray
    kind: IntArray
    coarse: IntArray
    city_part: IntArray
    city_parts: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    visit_month: IntArray
    visit_count: IntArray
    confirmed: IntArray
    counted: npt.NDArray[np.bool_]

    @cached_property
    def piece(self) -> IntArray:
        """The piece of resolution 10 of each place, -1 without a position or a known city part.

        Made when an area is asked for: whoever sees only own places never waits for the cells.
        """
        known = len(piece_table(FINEST).codes)
        pieces = np.full(len(self.lon), _NO_ANSWER, dtype=np.int64)
        rows = np.flatnonzero(~np.isnan(self.lon) & (self.city_part < known))
        cells = cells_of(self.lon[rows], self.lat[rows], FINEST)
        pieces[rows] = piece_table(FINEST).find(cells, self.city_part[rows])
        return pieces


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Areas:
    """Areas that stand for places, one value per area, sorted by level, place and kind.

    `piece` is a position in the piece table of `level` (-1 at `CITY_PART_LEVEL`), `visit_month`
    the latest of the area's places (-1 never visited), `count` the true number of places: it must
    not be shown where it is small.
    """

    level: IntArray
    piece: IntArray
    city_part: IntArray
    kind: IntArray
    count: IntArray
    visit_month: IntArray
    visit_count: IntArray


def place_columns(records: Iterable[PlaceRecord], *, fetch: FetchPlaces | None = None) -> PlaceColumns:
    """Return the columns of whole records.

    Parameters
    ----------
    records
        All places, read once and in whatever order.
    fetch
        Returns the records of some ids as they are now. With it no record is kept, so that a million
        places weigh some hundred megabytes; one that was corrected meanwhile is none of these places.
    """
    organisations, kinds = _Names(), _Names()
    # A place may name a city part that the boundaries do not know; it stays hidden in its own count.
    city_parts = _Names(city_part_codes())
    kept: list[PlaceRecord] = []
    parts = []
    remaining = iter(records)
    while part := tuple(islice(remaining, _PART_ROWS)):
        parts.append(_part_columns(part, organisations, kinds, city_parts))
        if fetch is None:
            kept += part
    if not parts:
        parts.append(_part_columns((), organisations, kinds, city_parts))
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    ids, revisions = columns.pop("id"), columns.pop("revision")
    for names, column in ((organisations, "organisation"), (kinds, "kind"), (city_parts, "city_part")):
        columns[column] = names.rank()[columns[column]]
    coarse_of_kind = _integers(COARSE_KINDS.index(coarse_kind(code)) for code in kinds.sorted())
    return PlaceColumns(
        whole=_kept_records(kept) if fetch is None else _fetched_records(fetch, ids, revisions),
        by_id=np.argsort(ids, kind="stable"),
        organisations=organisations.sorted(),
        kinds=kinds.sorted(),
        city_parts=city_parts.sorted(),
        coarse=coarse_of_kind[columns["kind"]],
        **columns,
    )


def _part_columns(
    part: Sequence[PlaceRecord], organisations: "_Names", kinds: "_Names", city_parts: "_Names"
) -> dict[str, npt.NDArray[Any]]:
    """Return the columns of some records; the integers of names are those of their first meeting."""
    lon, lat = _coordinates(part)
    return {
        "id": np.array([record.id.encode() for record in part], dtype=np.bytes_),
        "revision": _integers(record.revision for record in part),
        "organisation": organisations.numbers_of(record.organisation_id for record in part),
        "kind": kinds.numbers_of(record.kind for record in part),
        "city_part": city_parts.numbers_of(record.city_part for record in part),
        "lon": lon,
        "lat": lat,
        "visit_month": _integers(month_number(record.last_visit_on) for record in part),
        "visit_count": _integers(record.visit_count for record in part),
        "confirmed": _integers(
            max(record.updated_at.toordinal(), record.last_visit_on.toordinal() if record.last_visit_on else 0)
            for record in part
        ),
        "counted": np.fromiter((record.state in COUNTED_STATES for record in part), dtype=np.bool_),
    }


class _Names:
    """Different texts with numbers: those known beforehand first, the others sorted after them."""

    def __init__(self, known: Sequence[str] = ()) -> None:
        self._known = tuple(known)
        self._numbers = {name: number for number, name in enumerate(self._known)}

    def numbers_of(self, names: Iterable[str]) -> IntArray:
        numbers = self._numbers
        return _integers(numbers.setdefault(name, len(numbers)) for name in names)

    def sorted(self) -> tuple[str, ...]:
        return (*self._known, *sorted(self._numbers.keys() - set(self._known)))

    def rank(self) -> IntArray:
        """Return the position among `sorted` of each number."""
        places = {name: place for place, name in enumerate(self.sorted())}
        return _integers(places[name] for name in self._numbers)


def _kept_records(records: Sequence[PlaceRecord]) -> WholePlaces:
    return lambda rows: [(row, records[row]) for row in rows]


def _fetched_records(fetch: FetchPlaces, ids: npt.NDArray[np.bytes_], revisions: IntArray) -> WholePlaces:
    def whole(rows: Sequence[int]) -> list[tuple[int, PlaceRecord]]:
        asked = [ids[row].decode() for row in rows]
        found = {record.id: record for record in fetch(asked)}
        pairs = [(row, found[name]) for row, name in zip(rows, asked, strict=True) if name in found]
        # What was changed since may be shown only as the gate judges it then.
        return [(row, record) for row, record in pairs if record.revision == revisions[row]]

    return whole


def month_number(day: date | None) -> int:
    """Return the months since the year 0, -1 for None.

    Examples
    --------
    >>> month_number(date(2026, 3, 31)) - month_number(date(2025, 12, 1))
    3
    """
    return _NO_ANSWER if day is None else day.year * _MONTHS + day.month - 1


def areas_of(columns: PlaceColumns, start: IntArray, *, min_places: int, min_organisations: int) -> Areas:
    """Return the areas that stand for the places below T0.

    Parameters
    ----------
    columns
        All places.
    start
        Finest level at which each place may count: 10 (T1), 9 (T2), `CITY_PART_LEVEL` (T3), -1
        for a place that is not counted here (shown exactly, or hidden).
    min_places, min_organisations
        What a cell must hold to be shown.

    Notes
    -----
    From resolution 10 to 7: the places of one coarse kind in a piece that pass are shown there;
    what is left of the piece is shown together, as several kinds, if that passes; else a finer
    area inside the piece is folded in (of the same kind if there is one, then the smallest); else
    it moves on to the parent. What no cell takes counts for the city part.
    """
    cascade = _Cascade(columns, start, min_places, min_organisations)
    if (start >= COARSEST).any():
        for level in range(FINEST, COARSEST - 1, -1):
            cascade.show_at(level)
    cascade.show_by_city_part()
    return cascade.areas()


class _Cascade:
    """State of one run: `group` names the area of each place, areas grow in the lists below."""

    def __init__(self, columns: PlaceColumns, start: IntArray, min_places: int, min_organisations: int) -> None:
        self.columns = columns
        self.start = start
        self.min_places = min_places
        self.min_organisations = min_organisations
        self.group = np.full(len(start), _NO_ANSWER, dtype=np.int64)
        self.at_level = np.empty(0, dtype=np.int64)  # the piece of each place at the level reached
        # One row per area: level, piece, kind, number of places, area it was folded into.
        self.level, self.piece, self.kind, self.count, self.folded = (np.empty(0, dtype=np.int64) for _ in range(5))
        self.piece_now = np.empty(0, dtype=np.int64)  # the piece of each area at the level reached

    def show_at(self, level: int) -> None:
        """Show what passes at one resolution; what fails stays open, or takes a finer area in."""
        if level == FINEST:
            self.at_level = self.columns.piece
        else:
            up = parent_pieces(level + 1)
            self.at_level = np.where(self.at_level >= 0, up[self.at_level], _NO_ANSWER)
            self.piece_now = up[self.piece_now]
        for one_kind in (True, False):
            rows = self._open_rows(level)
            pieces = self.at_level[rows]
            kinds = self.columns.coarse[rows] if one_kind else np.full(len(rows), MIXED, dtype=np.int64)
            keys, member, counts = _unique(pieces * (MIXED + 1) + kinds)
            passing = (counts >= self.min_places) & (
                self._organisations(member, rows, len(keys)) >= self.min_organisations
            )
            self._add(level, keys[passing] // (MIXED + 1), keys[passing] % (MIXED + 1), counts[passing])
            numbers = np.cumsum(passing) - 1 + len(self.level) - int(passing.sum())
            taken = passing[member]
            self.group[rows[taken]] = numbers[member[taken]]
        self._fold_in(level)

    def show_by_city_part(self) -> None:
        """Count what no cell took by city part and kind."""
        rows = np.flatnonzero((self.group < 0) & (self.start >= CITY_PART_LEVEL))
        keys, member, counts = _unique(self.columns.city_part[rows] * (MIXED + 1) + self.columns.coarse[rows])
        self.group[rows] = member + len(self.level)
        self._add(CITY_PART_LEVEL, keys // (MIXED + 1), keys % (MIXED + 1), counts)

    def areas(self) -> Areas:
        """Return the areas that remain, in an order that does not depend on that of the places."""
        target = np.arange(len(self.level))
        for _ in range(FINEST - COARSEST + 1):  # an area is folded at most once per level
            folded = self.folded[target]
            target = np.where(folded >= 0, folded, target)
        rows = np.flatnonzero(self.group >= 0)
        areas, member, counts = _unique(target[self.group[rows]])
        month = np.full(len(areas), _NO_ANSWER, dtype=np.int64)
        np.maximum.at(month, member, self.columns.visit_month[rows])
        visits = np.bincount(member, weights=self.columns.visit_count[rows], minlength=len(areas)).astype(np.int64)
        level, piece, kind = self.level[areas], self.piece[areas], self.kind[areas]
        city_part = np.where(level == CITY_PART_LEVEL, piece, _NO_ANSWER)
        for resolution in range(COARSEST, FINEST + 1):
            here = level == resolution
            if here.any():
                city_part[here] = piece_table(resolution).city_parts[piece[here]]
        piece = np.where(level == CITY_PART_LEVEL, _NO_ANSWER, piece)
        order = np.lexsort((kind, piece, city_part, -level))
        columns = (level, piece, city_part, kind, counts, month, visits)
        names = ("level", "piece", "city_part", "kind", "count", "visit_month", "visit_count")
        return Areas(**{name: column[order] for name, column in zip(names, columns, strict=True)})

    def _open_rows(self, level: int) -> IntArray:
        return np.flatnonzero((self.group < 0) & (self.start >= level) & (self.at_level >= 0))

    def _organisations(self, member: IntArray, rows: IntArray, groups: int) -> IntArray:
        """Return the number of different organisations in each group."""
        width = len(self.columns.organisations)
        pairs, _, _ = _unique(member * width + self.columns.organisation[rows])
        return np.bincount(pairs // width, minlength=groups) if width else np.zeros(groups, dtype=np.int64)

    def _fold_in(self, level: int) -> None:
        """Give each remainder that fails a finer area of the same piece, where there is one."""
        rows = self._open_rows(level)
        candidates = np.flatnonzero((self.folded < 0) & (self.level > level))
        pieces, member, _ = _unique(self.at_level[rows])
        candidates = candidates[np.isin(self.piece_now[candidates], pieces)]
        if not len(candidates):
            return
        kind_of_rest = _only_kind(member, self.columns.coarse[rows], len(pieces))
        rest = np.searchsorted(pieces, self.piece_now[candidates])
        same = (self.kind[candidates] == kind_of_rest[rest]) & (kind_of_rest[rest] != MIXED)
        by = (self.kind[candidates], self.piece[candidates], -self.level[candidates], self.count[candidates])
        order = np.lexsort((*by, ~same, rest))
        taken, first = np.unique(rest[order], return_index=True)
        chosen = candidates[order][first]
        kinds = np.where(same[order][first], kind_of_rest[taken], MIXED)
        numbers = np.full(len(pieces), _NO_ANSWER, dtype=np.int64)
        numbers[taken] = np.arange(len(taken)) + len(self.level)
        moved = numbers[member] >= 0
        self.group[rows[moved]] = numbers[member[moved]]
        self.folded[chosen] = numbers[taken]
        left = np.bincount(member, minlength=len(pieces))[taken]
        self._add(level, pieces[taken], kinds, self.count[chosen] + left)

    def _add(self, level: int, pieces: IntArray, kinds: IntArray, counts: IntArray) -> None:
        new = len(pieces)
        self.level = np.append(self.level, np.full(new, level, dtype=np.int64))
        self.piece = np.append(self.piece, pieces)
        self.kind = np.append(self.kind, kinds)
        self.count = np.append(self.count, counts)
        self.folded = np.append(self.folded, np.full(new, _NO_ANSWER, dtype=np.int64))
        self.piece_now = np.append(self.piece_now, pieces)


def _coordinates(records: Sequence[PlaceRecord]) -> tuple[FloatArray, FloatArray]:
    """Return longitudes and latitudes, NaN without a position."""
    lon = np.array([record.position.lon if record.position else np.nan for record in records], dtype=np.float64)
    lat = np.array([record.position.lat if record.position else np.nan for record in records], dtype=np.float64)
    return lon, lat


def _only_kind(member: IntArray, kinds: IntArray, groups: int) -> IntArray:
    """Return the kind of each group, `MIXED` where it holds several."""
    pairs, _, _ = _unique(member * (MIXED + 1) + kinds)
    several = np.bincount(pairs // (MIXED + 1), minlength=groups) > 1
    only = np.full(groups, MIXED, dtype=np.int64)
    only[pairs // (MIXED + 1)] = pairs % (MIXED + 1)
    return np.where(several, MIXED, only)


def _unique(keys: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return the sorted different keys, the position of each key among them, and how many of each."""
    different, member, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return different, member.astype(np.int64), counts.astype(np.int64)


def _integers(values: Any) -> npt.NDArray[np.int64]:  # noqa: ANN401  any iterable of whole numbers
    return np.fromiter(values, dtype=np.int64)
