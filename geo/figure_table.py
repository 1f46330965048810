"""What a table of figures is: its card, its numbers by city part, and what the columns mean.

`geo.figures` holds the bundled tables; imported ones are made here as well.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.dataset import DatasetInfo, Denominator
from domain.errors import InvalidValueError, Problem, ProblemsError
from domain.text import Text
from geo.provenance import BUNDLED_DATA, read_dataset_info, verify_file

PERSONS = Text(cs="osoby", en="persons", uk="осіб")
PERCENT = Text(cs="%", en="%", uk="%")

FIGURES_FOLDER = BUNDLED_DATA / "figures"

# Triples of many columns are many: a table wider than this is searched in its first columns.
_MAX_COLUMNS_FOR_SUMS = 20
_LARGEST_LOOSE_SUM = 3


class ColumnKind(StrEnum):
    """What the numbers of a column are.

    Counts are counts of persons and fall under suppression; shares are percentages (32.4 is 32.4 %).
    """

    COUNT = "count"
    SHARE = "share"
    OTHER = "other"


class Level(StrEnum):
    """What a row of a table is: a city part, or a statement about the whole of Prague."""

    CITY_PART = "city_part"
    CITY = "city"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureColumn:
    """A column of figures. `denominator_column` is the column of the same table it may be divided by."""

    label: Text
    unit: Text = PERSONS
    kind: ColumnKind = ColumnKind.COUNT
    denominator_column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSum:
    """A column that is the sum of others: whoever knows all but one knows the last."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FigureTable:
    """One dataset at one date.

    `values` has one row per city part, indexed by its code (str), or, with level CITY, one row per
    statement of the source, indexed by a text; do not change it. `columns` describes the columns of
    figures; a CITY table has further columns (source, precision, series) beside them.
    `together` are the imported tables that tell of the same persons, this one among them, in the
    order of their import (`geo.overlap.link_tables`).
    Two tables are equal only if they are the same object, so that results can be cached by table.
    """

    info: DatasetInfo
    values: pd.DataFrame
    columns: Mapping[str, FigureColumn]
    sums: tuple[PartSum, ...] = field(default=())
    level: Level = Level.CITY_PART
    together: "tuple[FigureTable, ...]" = ()

    def columns_of_kind(self, kind: ColumnKind) -> tuple[str, ...]:
        """Return the names of the columns of this kind, in order."""
        return tuple(name for name, column in self.columns.items() if column.kind is kind)

    def column(self, name: str) -> "pd.Series[float]":
        """Return the numbers of a declared column.

        Raises
        ------
        InvalidValueError
            Code `unknown_figure_column`.
        """
        if name not in self.columns:
            raise InvalidValueError("unknown_figure_column", dataset=self.info.id, column=name)
        return self.values[name]

    @property
    def main_column(self) -> str:
        """Return the column that the table is about: the first count, else the first column."""
        bases = {column.denominator_column for column in self.columns.values()}
        counts = [name for name in self.columns_of_kind(ColumnKind.COUNT) if name not in bases]
        return (counts or list(self.columns))[0]


@cache
def load_city_part_list() -> pd.DataFrame:
    """Return the 57 city parts by code: name, admin_district, is_admin_seat, area_ha (ČSÚ, IPR Praha).

    Examples
    --------
    >>> load_city_part_list().loc["547158", "name"]
    'Praha-Nebušice'
    """
    info = read_dataset_info(FIGURES_FOLDER / "city_parts.toml")
    return pd.read_csv(verify_file(info, FIGURES_FOLDER), dtype={"code": str}).set_index("code")


def figure_table_from_frame(
    info: DatasetInfo,
    frame: pd.DataFrame,
    columns: Mapping[str, FigureColumn],
    sums: Sequence[PartSum] | None = None,
) -> FigureTable:
    """Return a table of city parts from a frame, checked.

    Parameters
    ----------
    info
        The card of the dataset.
    frame
        One row per city part, indexed by code; parts that the table does not know may be missing.
    columns
        What the columns are; other columns of the frame are left out.
    sums
        Columns that are sums of others; found by `detect_sums` where None, so that suppressed
        numbers cannot be had by subtraction.

    Raises
    ------
    ProblemsError
        Code `invalid_figure_table`, with every problem at once.

    Examples
    --------
    >>> info = DatasetInfo(id="x", title=PERSONS, publisher="p", source="s", licence="l", reference_date=None)
    >>> frame = pd.DataFrame({"pupils": [120]}, index=["500054"])
    >>> figure_table_from_frame(info, frame, {"pupils": FigureColumn(label=PERSONS)}).main_column
    'pupils'
    """
    missing = [Problem(code="figure_column_missing", field=name) for name in columns if name not in frame.columns]
    if missing or not columns:
        raise ProblemsError("invalid_figure_table", missing, dataset=info.id)
    values = frame[list(columns)].copy()
    values.index = values.index.map(str)
    if problems := _find_problems(info, values, columns):
        raise ProblemsError("invalid_figure_table", problems, dataset=info.id)
    counts = [name for name, column in columns.items() if column.kind is ColumnKind.COUNT]
    found = detect_sums(values[counts]) if sums is None else tuple(sums)
    return FigureTable(info=info, values=values, columns=MappingProxyType(dict(columns)), sums=found)


def detect_sums(counts: pd.DataFrame) -> tuple[PartSum, ...]:
    """Return which columns are, in every row, the sum of others (neighbours, or any two or three).

    Examples
    --------
    >>> detect_sums(pd.DataFrame({"all": [5, 9], "men": [2, 5], "women": [3, 4]}))
    (PartSum(total='all', parts=('men', 'women')),)
    """
    wide = counts.loc[:, counts.sum() > 0].iloc[:, :_MAX_COLUMNS_FOR_SUMS]
    numbers = {str(name): wide[name].to_numpy(dtype=float) for name in wide.columns}
    found = []
    for total, sums in numbers.items():
        others = [name for name in numbers if name != total]
        runs = {tuple(others[i:j]) for i, j in itertools.combinations(range(len(others) + 1), 2) if j - i > 1}
        loose = (set(itertools.combinations(others, size)) for size in range(2, _LARGEST_LOOSE_SUM + 1))
        candidates = sorted(runs.union(*loose))
        found += [
            PartSum(total=total, parts=parts)
            for parts in candidates
            if _is_sum(sums, np.sum([numbers[part] for part in parts], axis=0))
        ]
    return tuple(found)


def _is_sum(total: npt.NDArray[np.float64], parts: npt.NDArray[np.float64]) -> bool:
    """Return whether both agree in every row that is known in full (a gap proves nothing)."""
    known = ~np.isnan(total) & ~np.isnan(parts)
    return bool(known.any() and np.array_equal(total[known], parts[known]))


def _find_problems(info: DatasetInfo, values: pd.DataFrame, columns: Mapping[str, FigureColumn]) -> list[Problem]:
    """Return everything that is wrong with a table of city parts; makes its numbers floats."""
    codes = values.index
    problems = [
        Problem(code="figure_unknown_code", value=str(c)) for c in codes.difference(load_city_part_list().index)
    ]
    problems += [Problem(code="figure_code_twice", value=str(c)) for c in codes[codes.duplicated()].unique()]
    if values.empty:
        problems.append(Problem(code="figure_table_empty"))
    raw = values.copy()
    for name in columns:
        values[name] = pd.to_numeric(raw[name], errors="coerce").astype(float)
    for name, column in columns.items():
        numbers = values[name]
        bad = raw[name].notna().to_numpy() & ~np.isfinite(numbers.to_numpy())
        problems += _cells("figure_not_a_number", name, raw[name], bad)
        if column.kind is not ColumnKind.OTHER:
            problems += _cells("figure_negative", name, raw[name], (numbers < 0).to_numpy())
        if column.kind is ColumnKind.COUNT:
            problems += _cells("figure_not_whole", name, raw[name], ~bad & (numbers % 1 > 0).to_numpy())
        base = column.denominator_column
        if base is not None and base not in columns:
            problems.append(Problem(code="figure_column_missing", field=base))
        elif base is not None and info.denominator is Denominator.INHABITANTS:
            problems += _cells("figure_above_denominator", name, raw[name], (numbers > values[base]).to_numpy())
    return problems


def _cells(code: str, column: str, cells: "pd.Series[float]", mask: npt.NDArray[np.bool_]) -> list[Problem]:
    """Return one problem per marked cell, with the city part and what stands there."""
    return [
        Problem(code=code, field=column, value=f"{part}: {value}")
        for part, value in zip(cells.index[mask], cells[mask], strict=True)
    ]
