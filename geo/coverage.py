"""Knowledge against need: which city parts got less attention than their need lets expect, how surely.

Three lenses, never one index: need and answer stand beside this (`geo.coverage_need`, `geo.reach`,
`geo.fringe`); here is knowledge. Parts: `geo.coverage_visits` reads visits, `geo.coverage_attention`
adds them up, `geo.coverage_model` is the arithmetic, `geo.coverage_plan` asks "what if",
`geo.coverage_cells` looks inside a city part, `geo.coverage_knowledge` gathers what is known.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.coverage import DEFAULT_SETTINGS, CoverageSettings, CoverageState, LeftOut, ZeroEvidence
from geo.cell_pieces import FloatArray
from geo.coverage_attention import Attention
from geo.coverage_model import Posterior, expected_attention, fit_dispersion, posterior
from geo.coverage_need import Need

__all__ = ["Coverage", "JointGroup", "changed_units", "coverage_of", "estimate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointGroup:
    """The units that cannot be judged alone, judged together.

    `expected` and `observed` are sums of attention. `p_low`, `p_high` and `state` are those of one
    unit with these sums: the thetas of small units are not taken to be independent, because what
    keeps people away from one keeps them away from the others too.
    """

    codes: tuple[str, ...]
    expected: float
    observed: float
    need: float
    p_low: float
    p_high: float
    state: CoverageState


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coverage:
    """Coverage of the units whose need is known; nothing in it is ever NaN.

    Attributes
    ----------
    units
        One row per unit, index `code`, sorted: `need`, `observed` (O, a weighted sum), `expected`
        (E), `mean`, `low`, `high` (posterior of theta, ends of the interval), `p_low`, `p_high`
        (of theta below and above the ratios of the settings), `state` (`CoverageState` value),
        `certainty` (probability of what the state says; 0 where nothing
        is said), `people_in_gap` (need times the missing part of the mean), `zero_evidence`
        (`ZeroEvidence` value).
    dispersion
        Shape `a` of the prior of an ordinary unit.
    total_observed
        Sum of O over the units.
    cold_start
        True while no unit has enough expected attention: then every unit is "cannot tell".
    joint
        The units that cannot be judged alone; None on a cold start or without such units.
    left_out
        Units left out, and why.
    """

    units: pd.DataFrame
    dispersion: float
    total_observed: float
    cold_start: bool
    joint: JointGroup | None
    left_out: tuple[LeftOut, ...]
    settings: CoverageSettings


def coverage_of(attention: Attention, need: Need, *, settings: CoverageSettings = DEFAULT_SETTINGS) -> Coverage:
    """Return the coverage by attention and need; what either left out is told together.

    Examples
    --------
    >>> from datetime import date
    >>> from domain.coverage import NeedKind
    >>> from geo.coverage_attention import compute_attention
    >>> from geo.coverage_need import load_need
    >>> from geo.coverage_visits import visit_columns
    >>> none = visit_columns(pd.DataFrame({"city_part": [], "happened_on": []}))
    >>> result = coverage_of(compute_attention(none, date(2026, 7, 31)), load_need(NeedKind.FOREIGNERS))
    >>> result.cold_start, set(result.units["state"])
    (True, {'cannot_tell'})
    """
    result = estimate(attention.observed, need.values, settings=settings)
    return Coverage(
        units=result.units,
        dispersion=result.dispersion,
        total_observed=result.total_observed,
        cold_start=result.cold_start,
        joint=result.joint,
        left_out=(*attention.left_out, *need.left_out),
        settings=settings,
    )


def estimate(
    observed: "pd.Series[float]",
    need: "pd.Series[float]",
    *,
    settings: CoverageSettings = DEFAULT_SETTINGS,
    dispersion: float | None = None,
) -> Coverage:
    """Return the coverage of the units that have a need.

    Parameters
    ----------
    observed
        O by code, finite and not negative; a unit that is not in it has 0.
    need
        Positive finite numbers by code (`geo.coverage_need.clean_need`), each code once.
    settings
        Thresholds.
    dispersion
        `a`, where it is to be kept; estimated where None.

    Examples
    --------
    >>> result = estimate(pd.Series({"a": 30.0, "b": 0.0, "c": 32.0}), pd.Series({"a": 1.0, "b": 1.0, "c": 1.0}))
    >>> result.units["state"].to_dict()
    {'a': 'known', 'b': 'white_spot', 'c': 'known'}
    """
    wanted = need.sort_index()
    seen: FloatArray = np.asarray(observed.reindex(wanted.index).fillna(0.0), dtype=np.float64)
    weights: FloatArray = np.asarray(wanted, dtype=np.float64)
    expected = expected_attention(seen, weights) if len(weights) else np.zeros(0)
    a = float(fit_dispersion(seen, expected, settings)) if dispersion is None else dispersion
    known = posterior(seen, expected, np.asarray(a), settings)
    cold_start = not (expected >= settings.min_expected).any()
    states = _states(expected, known.p_low, known.p_high, settings)
    if cold_start:
        states[:] = CoverageState.CANNOT_TELL.value
    units = _unit_frame(wanted, seen, expected, known, states, settings)
    return Coverage(
        units=units,
        dispersion=a,
        total_observed=float(seen.sum()),
        cold_start=cold_start,
        joint=None if cold_start else _joint(units, a, settings),
        left_out=(),
        settings=settings,
    )


def changed_units(before: Coverage, after: Coverage) -> pd.DataFrame:
    """Return the units whose state differs: `state_before`, `state_after`, `p_low_before`, `p_low_after` by code.

    Units that only one of the two knows are left out.

    Examples
    --------
    >>> need = pd.Series({"a": 1.0, "b": 1.0, "c": 1.0})
    >>> before = estimate(pd.Series({"a": 30.0, "b": 0.0, "c": 32.0}), need)
    >>> after = estimate(pd.Series({"a": 30.0, "b": 28.0, "c": 32.0}), need)
    >>> changed_units(before, after)["state_after"].to_dict()
    {'b': 'known'}
    """
    columns = ["state", "p_low"]
    sides = [before.units[columns].add_suffix("_before"), after.units[columns].add_suffix("_after")]
    both = pd.concat(sides, axis="columns", join="inner")
    order = ["state_before", "state_after", "p_low_before", "p_low_after"]
    return both.loc[both["state_before"] != both["state_after"], order]


def _states(
    expected: FloatArray, p_low: FloatArray, p_high: FloatArray, settings: CoverageSettings
) -> npt.NDArray[np.object_]:
    """Return the state of each unit.

    Too little attention can be said only where enough was expected: with less, finding nothing
    happens by chance, and the prior alone must not make a white spot. Much more than expected can
    be seen in a small unit too.
    """
    enough = expected >= settings.min_expected
    conditions = [
        enough & (p_low > settings.white_spot_probability),
        enough & (p_low >= settings.probable_probability),
        p_high > settings.over_covered_probability,
        ~enough,
    ]
    states = [
        CoverageState.WHITE_SPOT.value,
        CoverageState.PROBABLE.value,
        CoverageState.OVER_COVERED.value,
        CoverageState.CANNOT_TELL.value,
    ]
    return np.select(conditions, np.array(states, dtype=object)[:, None], default=CoverageState.KNOWN.value)


def _unit_frame(
    need: "pd.Series[float]",
    seen: FloatArray,
    expected: FloatArray,
    known: Posterior,
    states: npt.NDArray[np.object_],
    settings: CoverageSettings,
) -> pd.DataFrame:
    certainty = np.select(
        [
            np.isin(states, [CoverageState.WHITE_SPOT.value, CoverageState.PROBABLE.value]),
            states == CoverageState.OVER_COVERED.value,
            states == CoverageState.KNOWN.value,
        ],
        [known.p_low, known.p_high, np.clip(1 - known.p_low - known.p_high, 0, 1)],
        default=0.0,
    )
    evidence = np.select(
        [expected >= settings.strong_expected, expected >= settings.min_expected],
        np.array([ZeroEvidence.ONE_PERCENT.value, ZeroEvidence.FIVE_PERCENT.value], dtype=object)[:, None],
        default=ZeroEvidence.NONE.value,
    )
    return pd.DataFrame(
        {
            "need": need.to_numpy(dtype=np.float64),
            "observed": seen,
            "expected": expected,
            "mean": known.mean,
            "low": known.low,
            "high": known.high,
            "p_low": known.p_low,
            "p_high": known.p_high,
            "state": states,
            "certainty": certainty,
            "people_in_gap": need.to_numpy(dtype=np.float64) * np.maximum(1 - known.mean, 0),
            "zero_evidence": evidence,
        },
        index=need.index,
    )


def _joint(units: pd.DataFrame, a: float, settings: CoverageSettings) -> JointGroup | None:
    """Judge together the units that cannot be judged alone."""
    small = units[units["state"] == CoverageState.CANNOT_TELL.value]
    if small.empty:
        return None
    expected, observed = small["expected"].sum(), small["observed"].sum()
    known = posterior(np.array([observed]), np.array([expected]), np.asarray(a), settings)
    state = _states(np.array([expected]), known.p_low, known.p_high, settings)[0]
    return JointGroup(
        codes=tuple(small.index),
        expected=float(expected),
        observed=float(observed),
        need=float(small["need"].sum()),
        p_low=float(known.p_low[0]),
        p_high=float(known.p_high[0]),
        state=CoverageState(state),
    )
