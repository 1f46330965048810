"""What if we go there: the gain of planned outings, worked out as if they had happened today.

An outing of k visits goes to k cells of a city part in which nobody was this month, those first that
can hold most. `a` stays as it was estimated: one outing is no reason to think anew of the whole city.
The gain is the drop of the sum over units of need x P(theta < low ratio), measured against what is
expected today: going somewhere does not make the other city parts less known, so no outing loses.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.errors import InvalidValueError
from geo.cell_pieces import FloatArray, IntArray, city_part_codes
from geo.coverage import Coverage, changed_units, estimate
from geo.coverage_attention import Attention, free_months
from geo.coverage_model import probability_low

MAX_OUTINGS = 1000
MAX_VISITS = 1000


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
    many free cells); `gain` is the expected gain at this step, in units of need; `p_low_before` and
    `p_low_after` are P(theta < low ratio) of the city part.
    """

    rank: int
    city_part: str
    visits: int
    added: float
    gain: float
    p_low_before: float
    p_low_after: float


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


def expected_gains(attention: Attention, coverage: Coverage, visits: int) -> "pd.Series[float]":
    """Return the expected gain of one outing of `visits` visits to each unit, all worked out at once.

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
    """Choose outings one after the other, each where the expected gain is greatest then.

    The plan ends early when no outing gains anything any more. Ties go to the lower code.

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
    used: IntArray = np.zeros(len(codes), dtype=np.int64)
    allowed = np.array([among is None or code in among for code in codes], dtype=np.bool_)
    observed = coverage.units["observed"].to_numpy(dtype=np.float64).copy()
    chosen: list[PlannedOuting] = []
    while len(chosen) < outings and allowed.any():
        slices = [free[code][start : start + visits] for code, start in zip(codes, used.tolist(), strict=True)]
        added = np.array([part.sum() for part in slices], dtype=np.float64)
        gains = np.where(allowed & (added > 0), _gains(coverage, observed, added), -np.inf)
        best = int(gains.argmax())
        if not gains[best] > 0:
            break
        before = _p_low(coverage, observed)[best]
        observed[best] += added[best]
        used[best] += visits
        allowed[best] = repeat
        chosen.append(
            PlannedOuting(
                rank=len(chosen) + 1,
                city_part=codes[best],
                visits=int((slices[best] > 0).sum()),
                added=float(added[best]),
                gain=float(gains[best]),
                p_low_before=float(before),
                p_low_after=float(_p_low(coverage, observed)[best]),
            )
        )
    return tuple(chosen)


def _p_low(coverage: Coverage, observed: FloatArray) -> FloatArray:
    """Return P(theta < low ratio) of the units with another attention, measured against what is expected today."""
    expected = coverage.units["expected"].to_numpy(dtype=np.float64)
    return probability_low(observed, expected, np.asarray(coverage.dispersion), coverage.settings)


def _gains(coverage: Coverage, observed: FloatArray, added: FloatArray) -> FloatArray:
    """Return the gain of adding to each unit alone; only its own term of the sum changes."""
    need = coverage.units["need"].to_numpy(dtype=np.float64)
    return need * (_p_low(coverage, observed) - _p_low(coverage, observed + added))


def _free(attention: Attention, coverage: Coverage) -> Mapping[str, FloatArray]:
    return dict(zip(city_part_codes(), free_months(attention, coverage.settings), strict=True))


def _check(field: str, value: int, *, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidValueError("invalid_plan", field=field, value=value, limit=most)
