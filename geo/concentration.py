"""Measures of concentration per city part, one dataset at one date at a time.

Count, share, density, difference from expected persons, location quotient, cumulative
concentration, and the level at which count, share and above-average occurrence meet, as the
certified method for localities of residential segregation asks (Sýkora et al., MPSV 2016). Its
numeric thresholds are not at hand, so they are settings, and a legend must say which are used.
Every result says over what it is, whose, of when, and what it does not count.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from domain.dataset import DatasetInfo, Denominator
from domain.errors import InvalidValueError, MixedSeriesError
from domain.text import Text
from geo.concentration_values import (
    DEFAULT_THRESHOLDS,
    MIN_DENOMINATOR,
    Thresholds,
    city_value,
    cumulative,
    raw_values,
)
from geo.figure_table import ColumnKind, FigureTable, Level
from geo.measures import Measure, Status, note_line
from geo.suppression import CITY, suppress_table

_NEED_BASE = frozenset(
    {
        Measure.SHARE,
        Measure.SHARE_CITIZENS,
        Measure.DIFFERENCE,
        Measure.LOCATION_QUOTIENT,
        Measure.CUMULATIVE,
        Measure.LEVEL,
    }
)
# They tell the share of the whole city, and with it its sums, to whoever divides one by another.
_REST_ON_CITY = frozenset({Measure.DIFFERENCE, Measure.LOCATION_QUOTIENT, Measure.CUMULATIVE, Measure.LEVEL})
# A difference is a number of persons: a small base makes it small, not unreliable.
_NEED_LARGE_BASE = _NEED_BASE - {Measure.DIFFERENCE}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasureResult:
    """One measure of one column of one dataset.

    `values` is indexed by city part and holds NaN where `status` says why nothing is shown;
    `counts` are the counts that may be shown, `base` what a share is over (None without one).
    `city_value` is that of all units together, None where it says nothing or is hidden. With
    CUMULATIVE, values are 1 for units within the first 20 %, 2 within 50 %, 3 for the rest, and
    `units_to` tells how many units hold these parts of all, where that tells nothing of hidden
    ones. `note` is the grey line.
    """

    measure: Measure
    column: str
    info: DatasetInfo
    denominator: Denominator
    values: "pd.Series[float]"
    status: "pd.Series[str]"
    counts: "pd.Series[float]"
    base: "pd.Series[float] | None"
    city_value: float | None
    note: Text
    units_to: Mapping[int, int] = field(default_factory=dict)


def available_measures(table: FigureTable, column: str | None = None) -> tuple[Measure, ...]:
    """Return the measures that a column allows.

    Examples
    --------
    >>> from geo.figures import load_figure_tables
    >>> [measure.value for measure in available_measures(load_figure_tables()["population_census_2021"])]
    ['count', 'density']
    """
    chosen = table.columns[column or table.main_column]
    if table.level is not Level.CITY_PART:
        return ()
    if chosen.kind is not ColumnKind.COUNT:
        return (Measure.AS_PRINTED,)
    with_base = chosen.denominator_column is not None
    citizens = with_base and table.info.denominator is Denominator.INHABITANTS
    return tuple(
        measure
        for measure in Measure
        if measure is not Measure.AS_PRINTED
        and (with_base or measure not in _NEED_BASE)
        and (citizens or measure is not Measure.SHARE_CITIZENS)
    )


def compute_measure(
    table: FigureTable,
    measure: Measure,
    *,
    column: str | None = None,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
    areas_km2: "pd.Series[float] | None" = None,
) -> MeasureResult:
    """Work out one measure for every city part of a table.

    Small counts are hidden with what would give them back (`geo.suppression`), and so is all that
    is worked out from them. Sums and ranks themselves use the full data; where the city's own sum
    must be hidden, so are the measures that compare with it.

    Parameters
    ----------
    table
        A table of city parts.
    measure
        One of `available_measures(table, column)`.
    column
        Column of counts; the main one where None.
    thresholds
        Limits for LEVEL.
    areas_km2
        Areas by code for DENSITY; those of the boundaries in EPSG:5514 where None.

    Raises
    ------
    InvalidValueError
        Codes `unknown_figure_column`, `measure_not_available`.

    Examples
    --------
    >>> from geo.figures import load_figure_tables
    >>> result = compute_measure(load_figure_tables()["foreigners_2019"], Measure.SHARE)
    >>> round(float(result.values["547158"]), 1), round(result.city_value, 1)
    (32.4, 15.9)
    """
    name = column or table.main_column
    counts = table.column(name)
    if measure not in available_measures(table, name):
        raise InvalidValueError("measure_not_available", measure=measure.value, dataset=table.info.id)
    base = _base_of(table, name, measure)
    hidden = _hidden(table, name)
    open_rows = hidden == Status.SHOWN
    units_to: Mapping[int, int] = {}
    if measure is Measure.CUMULATIVE:
        values, units_to = cumulative(counts, base, hidden.index[~open_rows])
    else:
        values = raw_values(measure, counts, base, thresholds, areas_km2)
    status = _status(values, counts, base, hidden, measure)
    city_is_hidden = _city_is_hidden(table, name, measure)
    if city_is_hidden and measure in _REST_ON_CITY:
        status, units_to = status.mask(status == Status.SHOWN, Status.COMPLEMENT.value), {}
    shown = status == Status.SHOWN
    denominator = _denominator(table, measure)
    return MeasureResult(
        measure=measure,
        column=name,
        info=table.info,
        denominator=denominator,
        values=values.where(shown).rename(measure.value),
        status=status,
        counts=counts.where(open_rows),
        base=None if base is None else base.where(open_rows),
        city_value=None if city_is_hidden else city_value(measure, counts, base, areas_km2),
        note=note_line(table.info, measure, denominator, suppressed=city_is_hidden or not open_rows.all()),
        units_to=units_to,
    )


def combine_results(results: Iterable[MeasureResult]) -> pd.DataFrame:
    """Return several measures of one dataset as one table, columns named by measure.

    Raises
    ------
    MixedSeriesError
        Code `mixed_denominators` for shares over two bases (inhabitants and citizens),
        `mixed_series` for measures of two datasets.

    Examples
    --------
    >>> from geo.figures import load_figure_tables
    >>> table = load_figure_tables()["foreigners_2019"]
    >>> combine_results(compute_measure(table, m) for m in (Measure.COUNT, Measure.SHARE)).shape
    (57, 2)
    """
    chosen = list(results)
    for first, other in itertools.pairwise(chosen):
        if first.info != other.info:
            raise MixedSeriesError("mixed_series", first=first.info.id, second=other.info.id)
    bases = sorted({result.denominator for result in chosen} - {Denominator.NONE})
    if len(bases) > 1:
        raise MixedSeriesError("mixed_denominators", first=bases[0].value, second=bases[1].value)
    return pd.DataFrame({result.measure.value: result.values for result in chosen})


def _base_of(table: FigureTable, name: str, measure: Measure) -> "pd.Series[float] | None":
    base_column = table.columns[name].denominator_column
    if base_column is None:
        return None
    base = table.column(base_column)
    # The citizens are the inhabitants less the foreigners (methods.md): the base of ICP's letters.
    return base - table.column(name) if measure is Measure.SHARE_CITIZENS else base


def _hidden(table: FigureTable, name: str) -> "pd.Series[str]":
    """Return for each unit whether its count, or the base of its share, must be hidden."""
    codes = table.values.index
    reason = pd.Series(Status.SHOWN.value, index=codes, dtype=object)
    if columns := _counted_columns(table, name):
        masks = suppress_table(table)
        reason = reason.mask(masks.complement.loc[codes, columns].any(axis="columns"), Status.COMPLEMENT.value)
        reason = reason.mask(masks.primary.loc[codes, columns].any(axis="columns"), Status.SUPPRESSED.value)
    return reason


def _city_is_hidden(table: FigureTable, name: str, measure: Measure) -> bool:
    """Return whether a measure of the whole city would help to work out a hidden number."""
    columns = _counted_columns(table, name)
    if not columns:
        return False
    hidden = suppress_table(table).hidden[columns]
    if measure is Measure.COUNT:
        return bool(hidden.loc[CITY].any())
    # Measures are over the units that have a count and a base: what a unit with only one of the two
    # hides would be the difference from the city's sum.
    numbers = table.values[columns]
    lone = numbers.isna().any(axis="columns") & numbers.notna().any(axis="columns")
    return bool(hidden.loc[CITY].any() or hidden.loc[numbers.index[lone]].any(axis=None))


def _counted_columns(table: FigureTable, name: str) -> list[str]:
    """Return the columns of persons that a measure of this column rests on.

    A printed share times its base would give back any count of the same row, so it rests on all.
    """
    if table.columns[name].kind is not ColumnKind.COUNT:
        return list(table.columns_of_kind(ColumnKind.COUNT))
    base = table.columns[name].denominator_column
    return [column for column in (name, base) if column and table.columns[column].kind is ColumnKind.COUNT]


def _status(
    values: "pd.Series[float]",
    counts: "pd.Series[float]",
    base: "pd.Series[float] | None",
    hidden: "pd.Series[str]",
    measure: Measure,
) -> "pd.Series[str]":
    status = pd.Series(Status.SHOWN.value, index=values.index, dtype=object)
    if base is not None and measure in _NEED_LARGE_BASE:
        status = status.mask(base < MIN_DENOMINATOR, Status.SMALL_BASE.value)
    status = status.mask(values.isna() & (status == Status.SHOWN), Status.NO_DATA.value)
    status = status.mask(counts.isna(), Status.NO_DATA.value)
    return status.where(hidden == Status.SHOWN, hidden)


def _denominator(table: FigureTable, measure: Measure) -> Denominator:
    if measure is Measure.SHARE_CITIZENS:
        return Denominator.CITIZENS
    needs_base = measure in _NEED_BASE or measure is Measure.AS_PRINTED
    return table.info.denominator if needs_base else Denominator.NONE
