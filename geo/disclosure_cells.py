"""The cell rule of the privacy gate, on columns: which area stands for each place.

Behind `geo.disclosure`; nothing else calls it. The areas it returns are a partition: every place
counts in exactly one of them. Whatever is computed from the areas alone (sums, filters, maps) can
therefore not be subtracted from one another to find a place.
"""

from dataclasses import dataclass

import numpy as np

from geo.cell_pieces import IntArray, parent_pieces, piece_table
from geo.disclosure_columns import COARSE_KINDS, FINEST, PlaceColumns

COARSEST = 7
CITY_PART_LEVEL = 0
"""Level of an area that is a whole city part; the other levels are H3 resolutions."""

MIXED = len(COARSE_KINDS)
"""Index of "several kinds", after those of `COARSE_KINDS`."""

_NO_ANSWER = -1


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
