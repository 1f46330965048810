"""Suppression of small counts of persons, so that nothing comes back by subtraction.

Counts from 1 to 4 are hidden (primary). Where sums are published, further cells are hidden
(complementary) until every hidden cell could hold another whole number, even for a reader who
knows which cells were small (1 to 4) and which were not (5 and more).

Method: cell suppression by alternative tables, cf. Fischetti and Salazar-González (2001), Models and
algorithms for optimizing cell suppression in tabular data with linear constraints, JASA 95. For
each small cell the cheapest change of the table by whole persons that keeps all published sums and
moves this cell by one is looked for; the cells that it touches are hidden. Since each of them has
then another possible value, and hiding more takes none away, one pass is enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.errors import InvalidValueError
from domain.text import Text
from geo.figure_table import ColumnKind, FigureTable, Level, PartSum
from geo.overlap import components, joint_counts, joint_name, joint_sums
from geo.shipped_suppression import COMPLEMENT as COMPLEMENT_REASON
from geo.shipped_suppression import PRIMARY as PRIMARY_REASON
from geo.shipped_suppression import shipped_cells

SMALLEST_SHOWN = 5
"""Counts of persons from 1 up to one less than this are not shown."""

CITY = "city"
"""Row of the city total in a mask of suppression."""

SUPPRESSED = Text(cs="méně než 5", en="fewer than 5", uk="менше ніж 5")
COMPLEMENT = Text(
    cs="skryto, aby nešlo dopočítat malá čísla",
    en="hidden so that small numbers cannot be worked out",
    uk="приховано, щоб не можна було обчислити малі числа",
)

_FREE = 1e-3  # hidden already: cheap, but a detour still costs something
_CELL = 10.0
_SUM_OF_UNIT = 100.0  # a unit's total tells more than its parts: hidden late
_CITY_TOTAL = 10_000.0  # hidden only where nothing else helps
_SHOWN_BEFORE = 1_000.0  # somebody may have seen it

_Grid = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Suppression:
    """Which cells are hidden: two masks with the rows of the frame and the row `CITY` of its sums.

    Of the cells in `primary` it may be said that they are from 1 to 4; of those in `complement`
    nothing is said (a few of them are small as well, where saying so would give them away).
    """

    primary: pd.DataFrame
    complement: pd.DataFrame

    @property
    def hidden(self) -> pd.DataFrame:
        """Return the cells that must not be shown, for either reason."""
        return self.primary | self.complement

    def visible(self, counts: pd.DataFrame) -> pd.DataFrame:
        """Return the counts with NaN in place of what is hidden, without the row of the city."""
        rows = self.hidden.loc[counts.index, counts.columns]
        return counts.astype(float).mask(rows)

    def visible_total(self, counts: pd.DataFrame, column: str) -> float | None:
        """Return the city total of a column, None where it is hidden."""
        return None if self.hidden.loc[CITY, column] else float(counts[column].sum())


def suppress(
    counts: pd.DataFrame, sums: Sequence[PartSum] = (), *, published: pd.DataFrame | None = None
) -> Suppression:
    """Decide which cells of a table of persons must be hidden.

    Parameters
    ----------
    counts
        Whole numbers >= 0, one row per unit; NaN where nothing is known. The sum of every column
        over the units counts as published.
    sums
        Columns that are sums of other columns, or the same as one other, in each row where the numbers say so.
    published
        What has been hidden so far of columns that were shown before (mask with the row `CITY`): it
        stays hidden, and of these columns nothing else is hidden that can be spared.

    Returns
    -------
    Suppression
        The masks. The same table gives the same masks, in whatever order its rows come.

    Raises
    ------
    InvalidValueError
        Code `suppression_not_counts` if a number is negative or not whole.

    Examples
    --------
    >>> counts = pd.DataFrame({"persons": [3, 40, 12, 90]}, index=list("abcd"))
    >>> suppress(counts).hidden["persons"].tolist()
    [True, False, True, False, False]
    """
    numbers = counts.to_numpy(dtype=float)
    if (numbers < 0).any() or (numbers % 1 > 0).any():
        raise InvalidValueError("suppression_not_counts")
    ordered = counts.sort_index()
    rows = [*ordered.index, CITY]
    grid = np.vstack([ordered.to_numpy(dtype=float), np.nansum(ordered.to_numpy(dtype=float), axis=0)])
    primary = (grid >= 1) & (grid < SMALLEST_SHOWN)
    hidden, nameless = primary.copy(), np.zeros_like(primary)
    columns = [str(name) for name in counts.columns]
    shown_before = np.zeros_like(primary)
    if published is not None:
        before = [columns.index(name) for name in published.columns]
        kept = published.reindex(rows, fill_value=False).to_numpy(dtype=bool)
        hidden[:, before] |= kept
        shown_before[:, before] = ~kept
    if hidden.any():
        moves = _Moves(grid, primary, columns, sums)
        moves.costs += np.where(shown_before.ravel(), _SHOWN_BEFORE, 0)
        # What was hidden before for another cell's sake must not come back by a table that came later.
        for cell in np.flatnonzero(hidden):
            moves.protect(int(cell), hidden)
        nameless = moves.nameless.reshape(grid.shape)
    back = [*counts.index, CITY]
    told = pd.DataFrame(primary & ~nameless, index=rows, columns=counts.columns).loc[back]
    every = pd.DataFrame(hidden, index=rows, columns=counts.columns).loc[back]
    return Suppression(primary=told, complement=every & ~told)


@lru_cache(maxsize=64)
def suppress_table(table: FigureTable) -> Suppression:
    """Return the suppression of all counts of a table of city parts; worked out once per table.

    Tables that overlap (`FigureTable.together`) are looked at as one: what one hides, another one that
    came later hides too, and more where sums across them would tell it. What was shown first goes on
    being shown where that can be; what was hidden stays hidden.

    Raises
    ------
    InvalidValueError
        Code `suppression_not_counts`; also for a table of the whole city, which has no units.

    Examples
    --------
    >>> from geo.figures import load_figure_tables
    >>> bool(suppress_table(load_figure_tables()["foreigners_2019"]).hidden.any(axis=None))
    False
    """
    if table.level is not Level.CITY_PART:
        raise InvalidValueError("suppression_not_counts")
    names = list(table.columns_of_kind(ColumnKind.COUNT))
    if not table.info.imported and table.info.id in shipped_cells():
        return _from_list(table.values[names], shipped_cells()[table.info.id])
    if table.together:
        return _suppress_together(table.together)[table.info.id]
    known = [part_sum for part_sum in table.sums if {part_sum.total, *part_sum.parts} <= set(names)]
    return suppress(table.values[names], known)


@lru_cache(maxsize=64)
def _suppress_together(tables: tuple[FigureTable, ...]) -> Mapping[str, Suppression]:
    """Return the suppression of each of several tables that overlap, by the tables' ids."""
    own = {table.info.id: suppress_table(table) for table in tables}
    counts, sums = joint_counts(tables), joint_sums(tables)
    primary = _beside(tables, {key: masks.primary for key, masks in own.items()}, counts.index)
    hidden = _beside(tables, {key: masks.hidden for key, masks in own.items()}, counts.index)
    for names in components(counts, sums):
        columns = list(names)
        # Columns that hide nothing, as the inhabitants in every table, bind nobody.
        if hidden[columns].any(axis=None):
            masks = _one_after_another(tables, counts[columns], sums)
            primary[columns], hidden[columns] = masks.primary, masks.hidden
    found = {}
    for table in tables:
        rows, names = [*table.values.index, CITY], table.columns_of_kind(ColumnKind.COUNT)
        told, every = (
            mask.loc[rows, [joint_name(table, name) for name in names]].set_axis(list(names), axis="columns")
            for mask in (primary, hidden)
        )
        found[table.info.id] = Suppression(primary=told, complement=every & ~told)
    return MappingProxyType(found)


def _beside(tables: Sequence[FigureTable], masks: Mapping[str, pd.DataFrame], codes: "pd.Index[str]") -> pd.DataFrame:
    """Return masks of several tables beside each other, as `joint_counts` does with the counts."""
    frames = [masks[table.info.id].rename(columns=partial(joint_name, table)) for table in tables]
    rows = [*codes, CITY]
    return pd.concat([frame.reindex(rows, fill_value=False) for frame in frames], axis="columns")


def _one_after_another(tables: Sequence[FigureTable], counts: pd.DataFrame, sums: Sequence[PartSum]) -> Suppression:
    """Return the masks of columns that are bound together: what is hidden stays hidden when a table comes."""
    masks, names = None, []
    for table in tables:
        new = [name for name in counts.columns if name in {joint_name(table, one) for one in table.columns}]
        if not new:
            continue
        names += new
        known = [one for one in sums if {one.total, *one.parts} <= set(names)]
        masks = suppress(counts[names], known, published=None if masks is None else masks.hidden)
    assert masks is not None
    return masks


def _from_list(counts: pd.DataFrame, cells: pd.DataFrame) -> Suppression:
    """Return the masks that a list of hidden cells describes."""
    masks = {}
    for reason in (PRIMARY_REASON, COMPLEMENT_REASON):
        mask = pd.DataFrame(data=False, index=[*counts.index, CITY], columns=counts.columns)
        chosen = cells[cells["reason"] == reason]
        for code, column in zip(chosen["code"], chosen["column"], strict=True):
            mask.loc[code, column] = True
        masks[reason] = mask
    return Suppression(primary=masks[PRIMARY_REASON], complement=masks[COMPLEMENT_REASON])


class _Moves:
    """Changes of a table by whole persons that keep every published sum.

    The variables are the cells, row by row with the city last; each change is split into a part up
    and a part down, so that its cost is linear.
    """

    def __init__(self, grid: _Grid, primary: _Mask, columns: list[str], sums: Sequence[PartSum]) -> None:
        self.shape = grid.shape
        self.values = grid.ravel()
        self.protected = np.zeros(grid.size, dtype=bool)
        self.nameless = np.zeros(grid.size, dtype=bool)
        small, large = primary.ravel(), self.values >= SMALLEST_SHOWN
        # A reader knows which hidden cells were small: no move may cross that border. Zeros and
        # gaps are shown as they are.
        self.room_down = np.where(small, self.values - 1, np.where(large, self.values - SMALLEST_SHOWN, 0))
        self.room_up = np.where(small, SMALLEST_SHOWN - 1 - self.values, np.where(large, np.inf, 0))
        self.costs = _cell_costs(grid, columns, sums)
        # Only imported tables need the solver; the app starts without its 40 MB.
        from scipy.optimize import LinearConstraint  # noqa: PLC0415
        from scipy.sparse import csr_array, hstack  # noqa: PLC0415

        balance = csr_array(_equations(grid, columns, sums))
        self.balanced = LinearConstraint(hstack([balance, -balance], format="csr"), 0, 0)

    def protect(self, cell: int, hidden: _Mask) -> None:
        """Hide what `cell` needs to be ambiguous; `hidden` is changed in place."""
        if self.protected[cell]:
            return
        costs = np.where(hidden.ravel(), _FREE, self.costs)
        found = self._moves_of(cell, costs, self.room_up, self.room_down)
        if not found:
            # Some small cells give each other away whatever else is hidden (1 + 1 + 1 + 1 is the only
            # way to less than 5). Then it is not told of those that move that they were small. The
            # table doubled is such a move, so there always is one.
            limitless = np.where(np.isnan(self.values), 0, np.inf)
            found = self._moves_of(cell, costs, limitless, np.nan_to_num(self.values))
            touched = min(found, key=lambda move: move[0])[1]
            self.nameless |= touched
            self.room_up[touched] = np.inf
            self.room_down[touched] = self.values[touched]
        else:
            touched = min(found, key=lambda move: move[0])[1]
        hidden.ravel()[touched] = True
        self.protected |= touched

    def _moves_of(self, cell: int, costs: _Grid, up: _Grid, down: _Grid) -> list[tuple[float, _Mask]]:
        """Return cost and cells of the cheapest move of `cell` upwards and downwards, where there are."""
        from scipy.optimize import Bounds, milp  # noqa: PLC0415  see __init__

        size = len(costs)
        moves = []
        for own, opposite, room in ((cell, size + cell, up[cell]), (size + cell, cell, down[cell])):
            if room < 1:
                continue
            lower, upper = np.zeros(2 * size), np.concatenate([up, down])
            lower[own], upper[opposite] = 1, 0
            answer = milp(
                np.concatenate([costs, costs]), integrality=1, bounds=Bounds(lower, upper), constraints=self.balanced
            )
            if answer.x is not None:
                change = np.round(answer.x[:size]) - np.round(answer.x[size:])
                moves.append((float(answer.fun), change != 0))
        return moves


def _cell_costs(grid: _Grid, columns: list[str], sums: Sequence[PartSum]) -> _Grid:
    """Return what hiding each cell costs: few cells, small ones, sums last."""
    costs = _CELL + np.log1p(np.nan_to_num(grid))
    totals = [columns.index(part_sum.total) for part_sum in sums]
    costs[:, totals] += _SUM_OF_UNIT
    costs[-1, :] += _CITY_TOTAL
    return np.asarray(costs.ravel(), dtype=np.float64)


def _equations(grid: _Grid, columns: list[str], sums: Sequence[PartSum]) -> _Grid:
    """Return one row per published sum: the cells' signs in it (they add up to zero)."""
    rows, width = grid.shape
    cells = np.arange(grid.size).reshape(grid.shape)
    lines = []
    for column in range(width):
        line = np.zeros(grid.size)
        line[cells[:, column]] = 1
        line[cells[-1, column]] = -1
        lines.append(line)
    for part_sum in sums:
        parts, total = [columns.index(name) for name in part_sum.parts], columns.index(part_sum.total)
        for row in range(rows):
            # A sum with a gap, or with a figure that was corrected in one of two tables, binds nobody.
            if grid[row, parts].sum() != grid[row, total]:
                continue
            line = np.zeros(grid.size)
            line[cells[row, parts]] = 1
            line[cells[row, total]] = -1
            lines.append(line)
    return np.array(lines)
