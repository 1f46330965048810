"""Measures of concentration worked out on full numbers; what of them may be shown, `geo.concentration` says."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from domain.errors import InvalidValueError
from geo.boundaries import boundaries
from geo.crs import area_km2
from geo.measures import Measure

MIN_DENOMINATOR = 50
"""Shares and location quotients are not shown over fewer persons than this."""

CUMULATIVE_PARTS = (20, 50)
"""Percentages of all counted persons that the most concentrated units are gathered up to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Limits of the levels, ascending: share in %, location quotient, persons above expected.

    Raises
    ------
    InvalidValueError
        Code `invalid_thresholds` if a limit is not positive, not ascending, or the three differ in length.

    Examples
    --------
    >>> Thresholds().share_pct
    (10, 20, 30)
    """

    share_pct: tuple[float, ...] = (10, 20, 30)
    location_quotient: tuple[float, ...] = (1.25, 1.5, 2)
    difference: tuple[float, ...] = (100, 500, 1000)

    def __post_init__(self) -> None:
        limits = (self.share_pct, self.location_quotient, self.difference)
        for values in limits:
            rising = all(a < b for a, b in itertools.pairwise(values))
            if not values or not rising or values[0] <= 0 or len(values) != len(self.share_pct):
                raise InvalidValueError("invalid_thresholds", value="; ".join(map(str, values)))


DEFAULT_THRESHOLDS = Thresholds()


@cache
def city_part_areas_km2() -> "pd.Series[float]":
    """Return the area of each city part in km², by code, measured in EPSG:5514 (boundaries: IPR Praha).

    Examples
    --------
    >>> round(float(city_part_areas_km2().sum()), 1)
    496.2
    """
    return area_km2(boundaries().city_parts)


def raw_values(
    measure: Measure,
    counts: "pd.Series[float]",
    base: "pd.Series[float] | None",
    thresholds: Thresholds,
    areas: "pd.Series[float] | None",
) -> "pd.Series[float]":
    """Return the measure before anything is hidden; NaN where it cannot be worked out."""
    if measure in {Measure.COUNT, Measure.AS_PRINTED}:
        return counts.astype(float)
    if measure is Measure.DENSITY:
        return counts / (city_part_areas_km2() if areas is None else areas).reindex(counts.index)
    assert base is not None
    both = counts.notna() & base.notna()
    usable = base.where(base > 0)
    share_pct = 100 * counts / usable
    if measure in {Measure.SHARE, Measure.SHARE_CITIZENS}:
        return share_pct
    all_share = float(counts[both].sum() / base[both].sum()) if base[both].sum() else np.nan
    difference = counts - base * all_share
    if measure is Measure.DIFFERENCE:
        return difference
    quotient = share_pct / (100 * all_share) if all_share else share_pct * np.nan
    if measure is Measure.LOCATION_QUOTIENT:
        return quotient
    return _levels(share_pct, quotient, difference, thresholds)


def _levels(
    share_pct: "pd.Series[float]",
    quotient: "pd.Series[float]",
    difference: "pd.Series[float]",
    thresholds: Thresholds,
) -> "pd.Series[float]":
    """Return how many of the levels are reached by all three criteria together."""
    level = pd.Series(0.0, index=share_pct.index)
    limits = zip(thresholds.share_pct, thresholds.location_quotient, thresholds.difference, strict=True)
    for share_limit, quotient_limit, difference_limit in limits:
        level += (share_pct >= share_limit) & (quotient >= quotient_limit) & (difference >= difference_limit)
    return level.where(share_pct.notna() & quotient.notna())


def cumulative(
    counts: "pd.Series[float]", base: "pd.Series[float] | None", hidden: "pd.Index[str]"
) -> tuple["pd.Series[float]", Mapping[int, int]]:
    """Return the group of each unit and how many units hold 20 % and 50 % of all persons.

    Units go by falling share, ties by code, then those over too small a base. Hidden ones come last,
    whatever their share: their place in the order would tell their size. So would a number of units
    that ends among them: it is left out.
    """
    assert base is not None
    share = (counts / base.where(base >= MIN_DENOMINATOR)).fillna(-1).where(~counts.index.isin(hidden), -2)
    order = share.sort_index().sort_values(ascending=False, kind="stable").index
    # Persons in the units that come before a unit: it is still needed while they are too few.
    before = counts[order].fillna(0).cumsum().shift(fill_value=0)
    total = counts.sum()
    group = pd.Series(1.0, index=order)
    units_to = {}
    for part in CUMULATIVE_PARTS:
        needed = before < total * part / 100
        if not needed[hidden].any():
            units_to[part] = int(needed.sum())
        group += ~needed
    return group[counts.index].where(counts.notna() & base.notna()), units_to


def city_value(
    measure: Measure,
    counts: "pd.Series[float]",
    base: "pd.Series[float] | None",
    areas: "pd.Series[float] | None",
) -> float | None:
    """Return the measure of all units together, None where it has none."""
    both = counts.notna() if base is None else counts.notna() & base.notna()
    total = float(counts[both].sum())
    if measure is Measure.COUNT:
        return float(counts.sum())
    if measure is Measure.DENSITY:
        known = (city_part_areas_km2() if areas is None else areas).reindex(counts.index[both]).sum()
        return total / float(known) if known else None
    if base is None or not base[both].sum():
        return None
    if measure in {Measure.SHARE, Measure.SHARE_CITIZENS}:
        return 100 * total / float(base[both].sum())
    if measure is Measure.LOCATION_QUOTIENT:
        return 1.0 if total else None
    return 0.0 if measure is Measure.DIFFERENCE else None
