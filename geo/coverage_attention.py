"""Attention: where somebody was, month by month, fading with age and saturating in each cell.

The unit is a (piece of an H3 resolution 9 cell, month) in which somebody was there, not a visit:
ten visits to one hostel in a month are one. A visit that found nothing counts as any other. A visit
known only to its city part belongs to one pseudo-cell of it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.coverage import DEFAULT_SETTINGS, EARLIEST_VISIT, CellState, CoverageSettings, LeftOut, LeftOutReason
from geo.cell_pieces import FloatArray, IntArray, city_part_codes, piece_table
from geo.cells import cell_name
from geo.coverage_visits import RESOLUTION, BoolArray, DayArray, VisitColumns
from geo.freshness import PRAGUE

_MONTHS_A_YEAR = 12
_EXAMPLES = 5
_TICKED = 10_000_000
_NO_MONTH = np.iinfo(np.int64).min
_FINDINGS = (CellState.NOTHING_FOUND.value, CellState.NO_ACCESS.value, CellState.KNOWN.value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attention:
    """Attention as of one day; do not change the frames.

    Attributes
    ----------
    as_of
        The day asked about; weights count whole months back from its month.
    observed
        O by city part (57 rows, index `code`): the sum over its cells, each at most the saturation.
        It is a weighted sum, not a count.
    cells
        One row per piece in which somebody was, pseudo-cells included, sorted: `city_part`, `cell`
        (name of the piece as in `geo.cells`, "" for the pseudo-cell), `piece` (row of
        `piece_table(9)`; behind them the pseudo-cells), `raw` (before saturation), `attention`,
        `months`, `visits`, `last_month` ("2026-07"), `this_month` (somebody was there in the month
        of `as_of`), `finding` (the best that a visit found, a `CellState`).
    units
        One row per city part, index `code`: `visits`, `cell_months`, `visited_cells` (without the
        pseudo-cell), `cells` (pieces in all), `organisations` (how many), `last_month` ("" without
        a visit), `age_months` of it (-1 without a visit).
    left_out
        What was not counted, and why.
    """

    as_of: date
    observed: "pd.Series[float]"
    cells: pd.DataFrame
    units: pd.DataFrame
    left_out: tuple[LeftOut, ...]


def compute_attention(
    visits: VisitColumns,
    as_of: date,
    *,
    today: date | None = None,
    settings: CoverageSettings = DEFAULT_SETTINGS,
) -> Attention:
    """Work out the attention of each city part and cell as of a day.

    Visits dated after `today` or before 2000, and those whose date or city part cannot be read, are
    left out and reported. As of a past day, a visit counts only if it had happened *and* was
    recorded by the end of that day in Prague.

    Parameters
    ----------
    visits
        See `geo.coverage_visits.visit_columns`.
    as_of
        The day asked about.
    today
        The day it is; `as_of` where None.
    settings
        Half-life and saturation.

    Examples
    --------
    >>> from geo.coverage_visits import visit_columns
    >>> visits = visit_columns(pd.DataFrame({"city_part": ["547158"] * 2, "happened_on": ["2026-07-01", "2026-07-20"]}))
    >>> compute_attention(visits, date(2026, 7, 31)).observed["547158"].item()
    1.0
    """
    keep, left_out = _select(visits, as_of, today or as_of)
    now = month_number(as_of)
    # Mostly all of them count; then nothing needs to be copied.
    rows = slice(None) if keep.all() else keep
    part, piece, count = visits.part[rows], visits.piece[rows], visits.visits[rows]
    month = _months(visits.day[rows])
    cells = _cell_frame(piece, month, count, visits.result[rows], now, settings)
    codes = city_part_codes()
    observed = np.bincount(
        _city_part_of_piece()[cells["piece"].to_numpy()], weights=cells["attention"].to_numpy(), minlength=len(codes)
    )
    return Attention(
        as_of=as_of,
        observed=pd.Series(observed, index=pd.Index(codes, name="code"), name="observed"),
        cells=cells,
        units=_unit_frame(cells, part, month, visits.organisation[rows], now),
        left_out=left_out,
    )


def month_number(day: date) -> int:
    """Return the month of a day as months since January 1970.

    Examples
    --------
    >>> month_number(date(1971, 2, 3))
    13
    """
    return (day.year - 1970) * _MONTHS_A_YEAR + day.month - 1


def month_name(month: int) -> str:
    """Return months since January 1970 as a text.

    Examples
    --------
    >>> month_name(13)
    '1971-02'
    """
    return f"{1970 + month // _MONTHS_A_YEAR}-{month % _MONTHS_A_YEAR + 1:02d}"


def _select(visits: VisitColumns, as_of: date, today: date) -> tuple[BoolArray, tuple[LeftOut, ...]]:
    """Return which rows count, and what does not, each visit under the first reason that fits."""
    day = visits.day
    later = (day > np.datetime64(as_of)) | _recorded_later(visits, as_of)
    reasons: tuple[tuple[LeftOutReason, BoolArray, tuple[str, ...] | None], ...] = (
        (LeftOutReason.UNKNOWN_CITY_PART, visits.part < 0, visits.unknown_parts),
        (LeftOutReason.DATE_UNREADABLE, np.isnat(day), visits.unreadable_days),
        (LeftOutReason.FUTURE, day > np.datetime64(today), None),
        (LeftOutReason.BEFORE_2000, day < np.datetime64(EARLIEST_VISIT), None),
        (LeftOutReason.LATER_THAN_AS_OF, later, ()),
    )
    keep = np.ones(len(day), dtype=np.bool_)
    left_out = []
    for reason, applies, texts in reasons:
        rows = keep & applies
        if rows.any():
            examples = tuple(np.unique(day[rows]).astype(str)[:_EXAMPLES].tolist()) if texts is None else texts
            left_out.append(LeftOut(reason=reason, total=int(visits.visits[rows].sum()), examples=examples))
            keep &= ~rows
    bad = keep & visits.bad_cell
    if bad.any():
        total = int(visits.visits[bad].sum())
        left_out.append(LeftOut(reason=LeftOutReason.CELL_UNREADABLE, total=total, examples=visits.bad_cells))
    return keep, tuple(left_out)


def _recorded_later(visits: VisitColumns, as_of: date) -> BoolArray:
    """Return which visits were recorded after the end of a day in Prague."""
    if as_of == date.max:
        return np.zeros(len(visits.day), dtype=np.bool_)
    end = datetime.combine(as_of + timedelta(days=1), datetime.min.time(), tzinfo=PRAGUE)
    return visits.recorded_at >= np.datetime64(int(end.timestamp()), "s")


def _months(days: DayArray) -> IntArray:
    """Return the month of each day as months since January 1970."""
    if not days.size:
        return np.zeros(0, dtype=np.int64)
    numbers = days.astype(np.int64)
    first, last = int(numbers.min()), int(numbers.max())
    if last - first > len(numbers):
        return days.astype("datetime64[M]").astype(np.int64)
    # Each day of the calendar once, not each visit.
    calendar = np.arange(first, last + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(calendar[numbers - first])


def _distinct(numbers: IntArray) -> IntArray:
    """Return the distinct numbers in order; those that lie close together are ticked off, not sorted."""
    if not numbers.size:
        return numbers
    first = int(numbers.min())
    span = int(numbers.max()) - first + 1
    if span > max(_TICKED, len(numbers)):
        return np.unique(numbers)
    ticked = np.zeros(span, dtype=np.bool_)
    ticked[numbers - first] = True
    return np.flatnonzero(ticked) + first


def _cell_frame(
    piece: IntArray, month: IntArray, count: IntArray, result: IntArray, now: int, settings: CoverageSettings
) -> pd.DataFrame:
    """Return `Attention.cells` of the visits that count."""
    table = piece_table(RESOLUTION)
    size = len(table.cells) + len(table.codes)
    first = int(month.min()) if month.size else now
    span = now - first + 1
    # Each (piece, month) once; sorted, so that the order of the visits cannot reach the sums.
    cell_months = _distinct(piece * span + month - first)
    owner, when = cell_months // span, cell_months % span + first
    weights = np.power(0.5, (now - when) / settings.half_life_months)
    raw = np.bincount(owner, weights=weights, minlength=size)
    last = np.full(size, _NO_MONTH, dtype=np.int64)
    last[owner] = when  # months of a piece rise, so the last one stays
    seen = np.flatnonzero(np.bincount(owner, minlength=size))
    finding = np.zeros(size, dtype=np.int64)
    for level in (1, 2):
        finding[piece[result == level]] = level
    return pd.DataFrame(
        {
            "city_part": np.array(table.codes, dtype=object)[_city_part_of_piece()[seen]],
            "cell": _piece_names()[seen],
            "piece": seen,
            "raw": raw[seen],
            "attention": np.minimum(raw[seen], settings.cell_saturation),
            "months": np.bincount(owner, minlength=size)[seen],
            "visits": np.bincount(piece, weights=count, minlength=size)[seen].astype(np.int64),
            "last_month": [month_name(value) for value in last[seen].tolist()],
            "this_month": last[seen] == now,
            "finding": np.array(_FINDINGS, dtype=object)[finding[seen]],
        }
    )


def _unit_frame(cells: pd.DataFrame, part: IntArray, month: IntArray, organisation: IntArray, now: int) -> pd.DataFrame:
    """Return `Attention.units`."""
    table = piece_table(RESOLUTION)
    size = len(table.codes)
    owner = _city_part_of_piece()[cells["piece"].to_numpy()]
    named = organisation >= 0
    pairs = _distinct(organisation[named] * size + part[named])
    last = np.full(size, _NO_MONTH, dtype=np.int64)
    months = _distinct(month * size + part)
    last[months % size] = months // size

    def total(column: str) -> IntArray:
        return np.bincount(owner, weights=cells[column].to_numpy(), minlength=size).astype(np.int64)

    real = cells["piece"].to_numpy() < len(table.cells)
    return pd.DataFrame(
        {
            "visits": total("visits"),
            "cell_months": total("months"),
            "visited_cells": np.bincount(owner[real], minlength=size),
            "cells": np.bincount(table.city_parts, minlength=size),
            "organisations": np.bincount(pairs % size, minlength=size),
            "last_month": [month_name(value) if value != _NO_MONTH else "" for value in last.tolist()],
            "age_months": np.where(last == _NO_MONTH, -1, now - last),
        },
        index=pd.Index(table.codes, name="code"),
    )


@cache
def _city_part_of_piece() -> IntArray:
    """Return the index of the city part of each piece and pseudo-piece."""
    table = piece_table(RESOLUTION)
    return np.concatenate([table.city_parts, np.arange(len(table.codes), dtype=np.int64)])


@cache
def _piece_names() -> npt.NDArray[np.object_]:
    """Return the name of each piece; "" for the pseudo-pieces."""
    table = piece_table(RESOLUTION)
    return np.array([*map(cell_name, table.cells.tolist()), *[""] * len(table.codes)], dtype=object)


def free_months(attention: Attention, settings: CoverageSettings = DEFAULT_SETTINGS) -> tuple[FloatArray, ...]:
    """Return for each city part what one visit to each of its cells would add now, the most first.

    A cell in which somebody was this month adds nothing, a nearly saturated one only what it still
    can hold. In the order of `city_part_codes()`; pseudo-cells are no place to go to.

    Examples
    --------
    >>> from geo.coverage_visits import visit_columns
    >>> visits = visit_columns(pd.DataFrame({"city_part": ["547158"], "happened_on": ["2026-07-01"]}))
    >>> free_months(compute_attention(visits, date(2026, 7, 31)))[0][:2].tolist()
    [1.0, 1.0]
    """
    table = piece_table(RESOLUTION)
    room = np.full(len(table.cells), settings.cell_saturation)
    cells = attention.cells[attention.cells["piece"] < len(table.cells)]
    piece = cells["piece"].to_numpy()
    room[piece] = np.maximum(settings.cell_saturation - cells["raw"].to_numpy(), 0)
    room[piece[cells["this_month"].to_numpy(dtype=bool)]] = 0
    gain = np.minimum(room, 1.0)
    return tuple(-np.sort(-gain[table.city_parts == number]) for number in range(len(table.codes)))
