"""Visits as columns: read once from a table, so that every question after that is arithmetic on arrays."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias, TypeVar

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.errors import InvalidValueError
from geo.cell_pieces import CellArray, IntArray, city_part_codes, parents_of, piece_table, pieces_of
from geo.freshness import PRAGUE

RESOLUTION = 9
NOBODY_FOUND = frozenset({"nikdo", "nic_nenalezeno"})
"""Outcomes (vocabulary `vysledek_kontaktu`) of a visit that met nobody and found nothing."""

REFUSED = frozenset({"bez_pristupu", "vstup_odepren"})
"""Outcomes of a visit that could not get in."""

DayArray: TypeAlias = npt.NDArray[np.datetime64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
_Scalar = TypeVar("_Scalar", bound=np.generic)

_MET, _REFUSED, _NOTHING = 2, 1, 0
_NO_CELL = 0
_BAD_CELL = 1
_EXAMPLES = 5
_MONTH_LENGTH = len("2026-07")
_NOT_A_DAY = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitColumns:
    """Visits, one value each in every array.

    Attributes
    ----------
    part
        Index of the city part in `city_part_codes()`, -1 where it is unknown.
    piece
        Row of `piece_table(9)`; behind them one pseudo-cell per city part (`len(cells) + part`) for
        visits known only to it; -1 where the city part is unknown.
    day
        The day, or the first of the month where only that is known; NaT where it cannot be read.
    recorded_at
        When it was written down, UTC; NaT where that is not known (then it counts as always known).
    organisation
        A number for each organisation, -1 where none is named.
    result
        0 nobody met or nothing found, 1 no access, 2 somebody met.
    visits
        How many visits the row stands for.
    bad_cell
        Whether the cell could not be read or lies outside Prague.
    unknown_parts, unreadable_days, bad_cells
        A few of the texts that could not be read.
    """

    part: IntArray
    piece: IntArray
    day: DayArray
    recorded_at: DayArray
    organisation: IntArray
    result: IntArray
    visits: IntArray
    bad_cell: BoolArray
    unknown_parts: tuple[str, ...] = ()
    unreadable_days: tuple[str, ...] = ()
    bad_cells: tuple[str, ...] = ()


def visit_columns(frame: pd.DataFrame) -> VisitColumns:
    """Read a table of visits, one row a visit (or, with `visits`, a number of like ones).

    Parameters
    ----------
    frame
        `city_part` (code) and `happened_on` (date, datetime64, "2026-07-21" or "2026-07") are
        required. Optional: `cell` (H3, text or integer, resolution 9 or finer; missing where only
        the city part is known), `organisation_id`, `outcome` (vocabulary `vysledek_kontaktu`),
        `recorded_at` (UTC), `visits` (whole number, 1 where the column is missing). Rows may be
        grouped beforehand: only (city part, cell, month, organisation, outcome) matter.

    Raises
    ------
    InvalidValueError
        Code `visit_column_missing`, or `invalid_visit_counts` if `visits` holds anything but whole
        numbers from 1.

    Examples
    --------
    >>> columns = visit_columns(pd.DataFrame({"city_part": ["547158", "x"], "happened_on": ["2026-07", "never"]}))
    >>> columns.day.astype(str).tolist(), columns.unknown_parts
    (['2026-07-01', 'NaT'], ('x',))
    """
    for name in ("city_part", "happened_on"):
        if name not in frame:
            raise InvalidValueError("visit_column_missing", column=name)
    part, unknown_parts = _convert(frame["city_part"], _part_number, np.dtype(np.int64), missing=-1, bad=-1)
    day, unreadable_days = _read_days(frame["happened_on"])
    cell, bad_cells = _read_cells(frame)
    return VisitColumns(
        part=part,
        piece=_pieces(cell, part),
        day=day,
        recorded_at=_read_instants(frame),
        organisation=_factorized(frame, "organisation_id"),
        result=_read_results(frame),
        visits=_read_counts(frame),
        bad_cell=cell == _BAD_CELL,
        unknown_parts=unknown_parts,
        unreadable_days=unreadable_days,
        bad_cells=bad_cells,
    )


def spread_groups(
    groups: pd.DataFrame, *, visits: IntArray, happened_on: DayArray, recorded_at: DayArray
) -> VisitColumns:
    """Read groups of visits that differ in nothing but their dates: each group once, however many visits it has.

    Parameters
    ----------
    groups
        One row a group: `city_part`, `cell`, `organisation_id`, `outcome` as `visit_columns` takes them.
    visits
        How many visits each group has.
    happened_on, recorded_at
        One value a visit, group after group.

    Examples
    --------
    >>> groups = pd.DataFrame({"city_part": ["547158", "500054"]})
    >>> days = np.array(["2026-07-01", "2026-07-02", "2026-07-03"], dtype="datetime64[D]")
    >>> spread_groups(groups, visits=np.array([2, 1]), happened_on=days, recorded_at=days).part.tolist()
    [43, 43, 0]
    """
    of_groups = visit_columns(groups.assign(happened_on=np.datetime64(0, "s")))
    return replace(
        of_groups,
        part=of_groups.part.repeat(visits),
        piece=of_groups.piece.repeat(visits),
        organisation=of_groups.organisation.repeat(visits),
        result=of_groups.result.repeat(visits),
        bad_cell=of_groups.bad_cell.repeat(visits),
        visits=np.ones(len(happened_on), dtype=np.int64),
        day=happened_on.astype("datetime64[D]"),
        recorded_at=recorded_at.astype("datetime64[s]"),
    )


def _convert(
    values: "pd.Series[Any]",
    convert: Callable[[Any], Any],
    dtype: np.dtype[_Scalar],
    *,
    missing: object,
    bad: object,
) -> tuple[npt.NDArray[_Scalar], tuple[str, ...]]:
    """Convert each distinct value once; return the array and a few of the values that failed."""
    codes, distinct = pd.factorize(values)
    failed: list[str] = []
    table = np.empty(len(distinct) + 1, dtype=dtype)
    filled: Any = table
    filled[-1] = missing
    for row, value in enumerate(distinct):
        converted = convert(value)
        if converted is None:
            failed.append(str(value))
        filled[row] = bad if converted is None else converted
    if (codes < 0).any() and missing == bad:
        failed.append("")
    return table[codes], tuple(sorted(failed)[:_EXAMPLES])


def _part_number(value: object) -> int | None:
    return _part_numbers().get(str(value).strip())


@cache
def _part_numbers() -> dict[str, int]:
    return {code: number for number, code in enumerate(city_part_codes())}


def _read_days(values: "pd.Series[Any]") -> tuple[DayArray, tuple[str, ...]]:
    if values.dtype.kind == "M" and getattr(values.dtype, "tz", None) is None:
        days = values.to_numpy().astype("datetime64[D]")
        return days, ("",) if np.isnat(days).any() else ()
    days, failed = _convert(values, _day, np.dtype("datetime64[D]"), missing=_NOT_A_DAY, bad=_NOT_A_DAY)
    return days, (*failed, "")[:_EXAMPLES] if pd.isna(values).any() else failed


def _day(value: object) -> np.datetime64 | None:
    """Return a value as a day; the first of the month where it is a month."""
    if isinstance(value, pd.Period):
        value = value.start_time.date()
    if isinstance(value, datetime):
        value = (value.astimezone(PRAGUE) if value.tzinfo else value).date()
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[D]").item()
    if isinstance(value, date):
        return np.datetime64(value, "D")
    text = str(value).strip()
    try:
        day = datetime.fromisoformat(f"{text}-01" if len(text) == _MONTH_LENGTH else text)
    except ValueError:
        return None
    return np.datetime64((day.astimezone(PRAGUE) if day.tzinfo else day).date(), "D")


def _read_cells(frame: pd.DataFrame) -> tuple[CellArray, tuple[str, ...]]:
    """Return cells of resolution 9; 0 where there is none, 1 where it is none of Prague's."""
    if "cell" not in frame:
        return np.zeros(len(frame), dtype=np.uint64), ()
    return _convert(frame["cell"], _cell_number, np.dtype(np.uint64), missing=_NO_CELL, bad=_BAD_CELL)


def _cell_number(value: object) -> int | None:
    if value in {"", _NO_CELL}:
        return _NO_CELL
    try:
        number = int(value) if isinstance(value, int | np.integer) else int(h3.str_to_int(str(value)))
        usable = h3.is_valid_cell(number) and h3.get_resolution(number) >= RESOLUTION
    except (ValueError, OverflowError):
        return None
    if not usable:
        return None
    parent = int(parents_of(np.array([number], dtype=np.uint64), RESOLUTION)[0])
    return parent if parent in _cells_of_prague() else None


@cache
def _cells_of_prague() -> frozenset[int]:
    """Return every cell that touches a city part."""
    return frozenset(int(cell) for code in city_part_codes() for cell in pieces_of(code, RESOLUTION).cells)


def _pieces(cells: CellArray, part: IntArray) -> IntArray:
    """Return the piece of each visit; see `VisitColumns.piece`."""
    table = piece_table(RESOLUTION)
    cell_codes, distinct = pd.factorize(cells)
    pair_codes, pairs = pd.factorize(cell_codes * (len(table.codes) + 1) + part + 1)
    pair_cell = np.asarray(distinct)[pairs // (len(table.codes) + 1)].astype(np.uint64)
    pair_part = (pairs % (len(table.codes) + 1) - 1).astype(np.int64)
    without = pair_cell <= _BAD_CELL
    found = table.find(pair_cell, np.where(without, -1, pair_part))
    found[without] = np.where(pair_part[without] < 0, -1, len(table.cells) + pair_part[without])
    return np.asarray(found[pair_codes], dtype=np.int64)


def _read_instants(frame: pd.DataFrame) -> DayArray:
    if "recorded_at" not in frame:
        return np.full(len(frame), np.datetime64("NaT", "s"))
    instants = pd.to_datetime(frame["recorded_at"], utc=True, errors="coerce", format="ISO8601")
    return instants.dt.tz_localize(None).to_numpy().astype("datetime64[s]")


def _factorized(frame: pd.DataFrame, column: str) -> IntArray:
    if column not in frame:
        return np.full(len(frame), -1, dtype=np.int64)
    return np.asarray(pd.factorize(frame[column])[0], dtype=np.int64)


def _read_results(frame: pd.DataFrame) -> IntArray:
    """Return what visits found; an outcome that is missing claims nothing."""
    if "outcome" not in frame:
        return np.full(len(frame), _NOTHING, dtype=np.int64)
    return _convert(frame["outcome"], _result, np.dtype(np.int64), missing=_NOTHING, bad=_NOTHING)[0]


def _result(value: object) -> int:
    if value in NOBODY_FOUND or not value:
        return _NOTHING
    return _REFUSED if value in REFUSED else _MET


def _read_counts(frame: pd.DataFrame) -> IntArray:
    if "visits" not in frame:
        return np.ones(len(frame), dtype=np.int64)
    counts = pd.to_numeric(frame["visits"], errors="coerce").to_numpy(dtype=np.float64)
    if not (np.isfinite(counts) & (counts >= 1) & (counts == np.floor(counts))).all():
        raise InvalidValueError("invalid_visit_counts")
    return counts.astype(np.int64)
