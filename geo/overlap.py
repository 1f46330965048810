"""Tables that tell of the same persons though they came one by one: columns that repeat or add up across them.

Each table is suppressed by itself first (`geo.suppression`). That is not enough where one number stands in
two tables: what one hides to protect a small number, the other may show, and a total less a part that came
later is the other part. Such columns are found here, by their numbers alone: titles and dates are a
person's words.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.figure_table import ColumnKind, FigureTable, Level, PartSum

MOSTLY = 0.8
"""Part of the rows, zeros aside, in which columns agree that are the same but for corrections."""

_LEAST_ROWS = 3
_MAX_COLUMNS = 120
_SHORTEST_RUN = 3

_Numbers = npt.NDArray[np.float64]


def joint_name(table: FigureTable, column: str) -> str:
    """Return what a column is called beside the columns of other tables."""
    return f"{table.info.id}/{column}"


def joint_counts(tables: Sequence[FigureTable]) -> pd.DataFrame:
    """Return the counts of several tables beside each other, one row per city part that any of them knows.

    Examples
    --------
    >>> from geo.figures import load_figure_tables
    >>> tables = load_figure_tables()
    >>> joint_counts([tables["foreigners_2019"], tables["population_census_2021"]]).shape
    (57, 3)
    """
    frames = [
        table.values[list(table.columns_of_kind(ColumnKind.COUNT))].rename(columns=partial(joint_name, table))
        for table in tables
    ]
    return pd.concat(frames, axis="columns").sort_index()


def joint_sums(tables: Sequence[FigureTable]) -> tuple[PartSum, ...]:
    """Return what binds the columns of `joint_counts`: the sums within each table, and those across.

    Across tables a column is another one, the sum of any two, or of neighbours in one table, where that holds
    in `MOSTLY` of the rows (a corrected figure hides nothing); a sum binds only the rows in which it holds.
    """
    counts = joint_counts(tables)
    within = [
        PartSum(total=joint_name(table, one.total), parts=tuple(joint_name(table, part) for part in one.parts))
        for table in tables
        for one in table.sums
    ]
    return tuple(dict.fromkeys([*within, *_across(counts)]))


@lru_cache(maxsize=16)
def link_tables(tables: tuple[FigureTable, ...]) -> tuple[FigureTable, ...]:
    """Return the tables, each with those that it overlaps (`FigureTable.together`), in the order given.

    The order is that in which they were imported: see `geo.suppression.suppress_table`.
    """
    parts = [table for table in tables if table.level is Level.CITY_PART and table.columns_of_kind(ColumnKind.COUNT)]
    found = _across(joint_counts(parts)) if len(parts) > 1 else []
    groups = _groups([table.info.id for table in parts], [[_owner(name) for name in _names(one)] for one in found])
    return tuple(
        replace(table, together=tuple(one for one in parts if one.info.id in groups[table.info.id]))
        if len(groups.get(table.info.id, ())) > 1
        else table
        for table in tables
    )


def components(counts: pd.DataFrame, sums: Sequence[PartSum]) -> tuple[tuple[str, ...], ...]:
    """Return the columns in groups that sums bind together, each in the order of the columns."""
    names = [str(name) for name in counts.columns]
    groups = _groups(names, [_names(one) for one in sums])
    return tuple(dict.fromkeys(tuple(name for name in names if name in groups[own]) for own in names))


def _groups(members: Sequence[str], bonds: Iterable[Iterable[str]]) -> dict[str, frozenset[str]]:
    """Return for each member those that bonds join it with, itself included."""
    groups = {one: frozenset({one}) for one in members}
    for bond in bonds:
        merged = frozenset().union(*(groups[one] for one in bond))
        groups |= dict.fromkeys(merged, merged)
    return groups


def _names(one: PartSum) -> tuple[str, ...]:
    return (one.total, *one.parts)


def _owner(name: str) -> str:
    return name.partition("/")[0]


def _across(counts: pd.DataFrame) -> list[PartSum]:
    """Return the sums that reach over more than one table."""
    wide = counts.loc[:, counts.sum() > 0].iloc[:, :_MAX_COLUMNS]
    names = [str(name) for name in wide.columns]
    numbers = wide.to_numpy(dtype=float)
    candidates = _candidates(names)
    if not candidates:
        return []
    sums = np.stack([numbers[:, list(parts)].sum(axis=1) for parts in candidates], axis=1)
    found = []
    for total, name in enumerate(names):
        for number in np.flatnonzero(_mostly(numbers[:, [total]], sums)):
            parts = candidates[number]
            one = PartSum(total=name, parts=tuple(names[part] for part in parts))
            reaches = len({_owner(other) for other in _names(one)}) > 1
            if total not in parts and reaches and _each_counts(numbers[:, total], numbers[:, list(parts)]):
                found.append(one)
    return found


def _candidates(names: Sequence[str]) -> list[tuple[int, ...]]:
    """Return what a column may be the sum of: one other, any two, neighbours in one table."""
    every = range(len(names))
    loose = [*((one,) for one in every), *itertools.combinations(every, 2)]
    runs = []
    for _, group in itertools.groupby(every, key=lambda one: _owner(names[one])):
        own = list(group)
        runs += [tuple(own[i:j]) for i, j in itertools.combinations(range(len(own) + 1), 2) if j - i >= _SHORTEST_RUN]
    return loose + runs


def _mostly(total: _Numbers, sums: _Numbers) -> npt.NDArray[np.bool_]:
    """Return for each column of `sums` whether it is the total in most known rows; zeros agree with anything."""
    known = ~np.isnan(total) & ~np.isnan(sums)
    telling = known & ((total > 0) | (sums > 0))
    same = (telling & (total == sums)).sum(axis=0)
    # One city part that two tables have in common may have the same number by chance.
    least = np.minimum(_LEAST_ROWS, np.minimum((total > 0).sum(axis=0), (sums > 0).sum(axis=0)))
    return np.asarray((same > 0) & (same >= least) & (same >= MOSTLY * telling.sum(axis=0)), dtype=bool)


def _each_counts(total: _Numbers, parts: _Numbers) -> bool:
    """Return whether the sum holds where each of its parts has anybody: a sparse part joins no sum by its zeros."""
    same = total == parts.sum(axis=1)
    known = ~np.isnan(total) & ~np.isnan(parts).any(axis=1)
    counted = [known & (part > 0) for part in parts.T]
    return all(here.any() and (same & here).sum() >= MOSTLY * here.sum() for here in counted)
