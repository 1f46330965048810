"""Which hidden numbers come back from what is published: integer programmes over all hidden cells."""

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.figure_table import PartSum
from geo.overlap import joint_counts, joint_name
from geo.suppression import CITY, Suppression, suppress_table


def with_city(counts):
    return pd.concat([counts, pd.DataFrame([counts.sum()], index=[CITY])])


def find_recoverable(counts, sums, masks, known=()):
    """Return the hidden cells that only one whole number fits.

    The reader of the audit knows the published cells, all sums, which hidden cells are called small,
    and even which of the others are 5 and more. `known` is what else is published: terms
    ((row, column), factor) whose sum lies between two numbers.
    """
    table = with_city(counts)
    hidden = masks.hidden.loc[table.index]
    cells = [(row, column) for row in table.index for column in table.columns if hidden.loc[row, column]]
    place = {cell: number for number, cell in enumerate(cells)}
    lines, lows, highs = [], [], []

    def add(terms, low=0.0, high=0.0):
        line, side = np.zeros(len(cells)), 0.0
        for cell, factor in terms:
            if cell in place:
                line[place[cell]] += factor
            elif not pd.isna(table.loc[cell]):
                side -= factor * table.loc[cell]
        lines.append(line)
        lows.append(low + side)
        highs.append(high + side)

    for column in table.columns:
        add([((row, column), 1) for row in counts.index] + [((CITY, column), -1)])
    for row, part_sum in itertools.product(table.index, sums):
        # A sum with a gap, or with a figure that was corrected, binds nobody.
        if table.loc[row, list(part_sum.parts)].sum(skipna=False) == table.loc[row, part_sum.total]:
            add([((row, part), 1) for part in part_sum.parts] + [((row, part_sum.total), -1)])
    for terms, low, high in known:
        add(terms, low, high)
    small = [bool(masks.primary.loc[cell]) for cell in cells]
    large = [bool(table.loc[cell] >= 5) for cell in cells]
    bounds = Bounds(
        [1 if s else 5 if b else 0 for s, b in zip(small, large, strict=True)], [4 if s else np.inf for s in small]
    )
    found = []
    for cell, number in place.items():
        goal = np.eye(len(cells))[number]
        ends = [
            milp(s * goal, integrality=1, bounds=bounds, constraints=LinearConstraint(np.array(lines), lows, highs))
            for s in (1, -1)
        ]
        low = ends[0].x[number]
        # An unbounded maximum has no solution to read: then the cell is open upwards.
        if ends[1].x is not None and round(ends[1].x[number]) == round(low):
            found.append(cell)
    return found


def find_recoverable_together(tables, hiding, bonds):
    """Return the hidden cells of several tables that come back from all of them, names as in `joint_counts`.

    `hiding` are the tables whose suppression is asked for (linked, or as each stands alone), `bonds` what the
    reader knows of columns across tables.
    """
    counts = joint_counts(tables)
    masks = [suppress_table(table) for table in hiding]

    def beside(part):
        frames = [
            part(mask).rename(columns=lambda name, one=one: joint_name(one, name)).reindex([*counts.index, CITY], fill_value=False)
            for one, mask in zip(tables, masks, strict=True)
        ]  # fmt: skip
        return pd.concat(frames, axis="columns")

    every = Suppression(primary=beside(lambda one: one.primary), complement=beside(lambda one: one.complement))
    within = [
        PartSum(total=joint_name(table, one.total), parts=tuple(joint_name(table, part) for part in one.parts))
        for table in tables
        for one in table.sums
    ]
    return find_recoverable(counts, [*bonds, *within], every)


def exact_bonds(counts):
    """Return which columns are another one, or the sum of two others, in every row that is known."""
    wide = counts.loc[:, counts.sum() > 0]
    found = []
    for total in wide.columns:
        others = [name for name in wide.columns if name != total]
        for parts in (*itertools.combinations(others, 1), *itertools.combinations(others, 2)):
            sums = wide[list(parts)].sum(axis=1, skipna=False)
            known = sums.notna() & wide[total].notna()
            if known.any() and (sums[known] == wide[total][known]).all():
                found.append(PartSum(total=total, parts=parts))
    return found
