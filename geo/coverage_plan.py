"""What if we go there: the gain of planned outings, worked out as if they had happened today.

An outing of k visits goes to k cells of a city part in which nobody was this month, those first that
can hold most. `a` stays as it was estimated: one outing is no reason to think anew of the whole city.
The gain is the drop of the sum over units of need x P(theta < low ratio), measured against what is
expected today: going somewhere does not make the other city parts less known, so no outing loses.

A plan is greedy: each outing is the one with the greatest expected gain once those before it have
happened. One case is left to another rule. In a deep white spot the first visits change next to
nothing (it stays one), the tenth does. Where no outing to choose from lowers any P(theta < low ratio)
by as much as `LEAST_DROP`, the gains are all nothing and their order is no reason to go anywhere;
then outings are compared by worth, and the plan says so (`PlannedOuting.by_way`). An outing is worth
its share of the way that pays best from here: the greatest mean gain a visit, over any number of
further visits, times the visits of the outing (the upper concave envelope of the gain).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.errors import InvalidValueError
from geo.cell_pieces import FloatArray, IntArray, city_part_codes
from geo.coverage import Coverage, changed_units, estimate
from geo.coverage_attention import Attention, free_months
from geo.coverage_model import probability_low

MAX_OUTINGS = 1000
MAX_VISITS = 1000
LEAST_DROP = 0.005
"""Half a percentage point: a smaller change is not even seen in the whole percents of the page."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WhatIf:
    """Coverage before and after visits that have not happened.

    `after` is what the board would say, with the expected attention spread anew. `added` is the
    attention the visits would add by city part; `gain` the expected gain in units of need (persons),
    against what is expected today; `changed` the units whose state would change
    (`geo.coverage.changed_units`).
    """

    before: Coverage
    after: Coverage
    added: Mapping[str, float]
    gain: float
    changed: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOuting:
    """One outing of a plan, in the order in which they were chosen.

    `visits` are those that add something (fewer than the team has where the city part has not as
    many free cells); `gain` is the expected gain at this step, `worth` what it was chosen by, both in
    units of need; `p_low_before` and `p_low_after` are P(theta < low ratio) of the city part. The way
    that pays best takes `way_visits` visits, this outing included, and ends at `p_low_way`. `by_way`
    says that the outing was chosen for its worth, because no outing gained anything at once.
    """

    rank: int
    city_part: str
    visits: int
    added: float
    gain: float
    worth: float
    p_low_before: float
    p_low_after: float
    way_visits: int
    p_low_way: float
    by_way: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """For each unit the worth of an outing, and how many visits the way takes that pays best."""

    worth: FloatArray
    visits: IntArray


def what_if(attention: Attention, coverage: Coverage, visits: Mapping[str, int]) -> WhatIf:
    """Return what a number of visits to city parts would change.

    Parameters
    ----------
    attention
        Attention as it is.
    coverage
        Coverage worked out from it; its settings and dispersion are kept.
    visits
        Number of visits by code of a city part.

    Raises
    ------
    InvalidValueError
        Code `unknown_city_part` for a code without coverage, `invalid_plan` for a number that is
        negative or too large.

    Examples
    --------
    >>> from datetime import date
    >>> from domain.coverage import NeedKind
    >>> from geo.coverage import coverage_of
    >>> from geo.coverage_attention import compute_attention
    >>> from geo.coverage_need import load_need
    >>> from geo.coverage_visits import visit_columns
    >>> table = pd.DataFrame({"city_part": ["500054"], "happened_on": ["2026-07-01"]})
    >>> attention = compute_attention(visit_columns(table), date(2026, 7, 31))
    >>> coverage = coverage_of(attention, load_need(NeedKind.FOREIGNERS))
    >>> dict(what_if(attention, coverage, {"547158": 2}).added)
    {'547158': 2.0}
    """
    free = _free(attention, coverage)
    added: dict[str, float] = {}
    for code, count in visits.items():
        if code not in coverage.units.index:
            raise InvalidValueError("unknown_city_part", value=code)
        _check("visits", count, least=0, most=MAX_VISITS)
        added[code] = float(free[code][:count].sum())
    extra = np.array([added.get(code, 0.0) for code in coverage.units.index], dtype=np.float64)
    observed = coverage.units["observed"] + extra
    after = estimate(observed, coverage.units["need"], settings=coverage.settings, dispersion=coverage.dispersion)
    return WhatIf(
        before=coverage,
        after=after,
        added=added,
        gain=float(_gains(coverage, coverage.units["observed"].to_numpy(dtype=np.float64), extra).sum()),
        changed=changed_units(coverage, after),
    )


def outing_gains(attention: Attention, coverage: Coverage, visits: int) -> "pd.Series[float]":
    """Return what one outing of `visits` visits to each unit would gain, all worked out at once.

    Raises
    ------
    InvalidValueError
        Code `invalid_plan`.
    """
    _check("visits", visits, least=1, most=MAX_VISITS)
    free = _free(attention, coverage)
    added = np.array([free[code][:visits].sum() for code in coverage.units.index], dtype=np.float64)
    gains = _gains(coverage, coverage.units["observed"].to_numpy(dtype=np.float64), added)
    return pd.Series(gains, index=coverage.units.index, name="gain")


def plan_outings(
    attention: Attention,
    coverage: Coverage,
    *,
    outings: int,
    visits: int,
    among: Collection[str] | None = None,
    repeat: bool = False,
) -> tuple[PlannedOuting, ...]:
    """Choose outings one after the other, each where an outing gains most then.

    Where none gains anything at once, each where it is worth most (see the module). The plan ends
    early when no outing is worth anything any more. Ties go to the lower code.

    Parameters
    ----------
    attention, coverage
        As they are.
    outings
        How many to choose, 1 to 1,000.
    visits
        How many visits a team makes in one outing.
    among
        Codes to choose from; all where None.
    repeat
        Whether a city part may be chosen again.

    Raises
    ------
    InvalidValueError
        Code `invalid_plan`.
    """
    _check("outings", outings, least=1, most=MAX_OUTINGS)
    _check("visits", visits, least=1, most=MAX_VISITS)
    codes: Sequence[str] = coverage.units.index.tolist()
    free = _free(attention, coverage)
    left = [free[code] for code in codes]
    allowed = np.array([among is None or code in among for code in codes], dtype=np.bool_)
    observed = coverage.units["observed"].to_numpy(dtype=np.float64).copy()
    chosen: list[PlannedOuting] = []
    while len(chosen) < outings and allowed.any():
        planned = _next_outing(coverage, observed, left, allowed, visits, rank=len(chosen) + 1)
        if planned is None:
            break
        best = codes.index(planned.city_part)
        chosen.append(planned)
        observed[best] += planned.added
        left[best] = left[best][visits:]
        allowed[best] = repeat
    return tuple(chosen)


def _next_outing(
    coverage: Coverage,
    observed: FloatArray,
    left: Sequence[FloatArray],
    allowed: npt.NDArray[np.bool_],
    visits: int,
    *,
    rank: int,
) -> PlannedOuting | None:
    """Return the outing to choose now; None where none is worth anything."""
    need = coverage.units["need"].to_numpy(dtype=np.float64)
    added = np.array([some[:visits].sum() for some in left], dtype=np.float64)
    everywhere = np.arange(len(left))
    drop = _p_low(coverage, everywhere, observed) - _p_low(coverage, everywhere, observed + added)
    by_way = not drop[allowed].max() >= LEAST_DROP
    counts = _ways(coverage, everywhere, observed, left, visits).worth if by_way else need * drop
    best = int(np.where(allowed, counts, -np.inf).argmax())
    way = _ways(coverage, np.array([best]), observed, left, visits)
    if not way.worth[0] > 0:
        return None
    steps = observed[best] + np.array([0.0, added[best], left[best][: way.visits[0]].sum()])
    before, after, at_end = _p_low(coverage, np.full(3, best), steps).tolist()
    return PlannedOuting(
        rank=rank,
        city_part=str(coverage.units.index[best]),
        visits=int((left[best][:visits] > 0).sum()),
        added=float(added[best]),
        gain=float(need[best]) * (before - after),
        worth=float(way.worth[0]),
        p_low_before=before,
        p_low_after=after,
        way_visits=int(way.visits[0]),
        p_low_way=at_end,
        by_way=by_way,
    )


def _ways(coverage: Coverage, rows: IntArray, observed: FloatArray, left: Sequence[FloatArray], visits: int) -> _Ways:
    """Return worth and way for some units; `left` is what each further visit would add, the most first."""
    steps = max((len(left[row]) for row in rows.tolist()), default=0)
    if not steps:
        return _Ways(worth=np.zeros(len(rows)), visits=np.zeros(len(rows), dtype=np.int64))
    added = np.zeros((len(rows), steps))
    for at, row in enumerate(rows.tolist()):
        added[at, : len(left[row])] = left[row]
    # An outing that finds fewer free cells than it has visits is as long as there are cells.
    least = np.clip((added > 0).sum(axis=1), 1, visits)
    now = observed[rows]
    need = coverage.units["need"].to_numpy(dtype=np.float64)[rows]
    # Units along the last axis, as the model has it.
    after = _p_low(coverage, rows, now + added.cumsum(axis=1).T).T
    rate = need[:, None] * (_p_low(coverage, rows, now)[:, None] - after) / np.arange(1, steps + 1)
    rate[np.arange(1, steps + 1) < least[:, None]] = -np.inf
    best = rate.argmax(axis=1)
    return _Ways(worth=rate[np.arange(len(rows)), best] * least, visits=best + 1)


def _p_low(coverage: Coverage, rows: IntArray, observed: FloatArray) -> FloatArray:
    """Return P(theta < low ratio) of some units with another attention, measured against what is expected today."""
    expected = coverage.units["expected"].to_numpy(dtype=np.float64)[rows]
    return probability_low(observed, expected, np.asarray(coverage.dispersion), coverage.settings)


def _gains(coverage: Coverage, observed: FloatArray, added: FloatArray) -> FloatArray:
    """Return the gain of adding to each unit alone; only its own term of the sum changes."""
    need, rows = coverage.units["need"].to_numpy(dtype=np.float64), np.arange(len(observed))
    return need * (_p_low(coverage, rows, observed) - _p_low(coverage, rows, observed + added))


def _free(attention: Attention, coverage: Coverage) -> Mapping[str, FloatArray]:
    return dict(zip(city_part_codes(), free_months(attention, coverage.settings), strict=True))


def _check(field: str, value: int, *, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidValueError("invalid_plan", field=field, value=value, limit=most)
