"""Which hidden numbers come back from what is published: integer programmes over all hidden cells."""

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.suppression import CITY


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
        # A sum with a gap binds nobody.
        if not table.loc[row, [part_sum.total, *part_sum.parts]].isna().any():
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
