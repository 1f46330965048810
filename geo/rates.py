"""Rates over the inhabitants of another dataset, with both named."""

from dataclasses import dataclass

import pandas as pd

from domain.text import Language, Text
from geo.concentration import MeasureResult, compute_measure
from geo.concentration_values import MIN_DENOMINATOR
from geo.figure_table import FigureTable
from geo.figures import combine
from geo.measures import Measure, Status, write_reference_date


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rate:
    """Persons of one dataset per 1,000 inhabitants of another, by city part.

    `counts` is the result that the rate was worked out from; where it shows nothing, `values` does
    not either. It is no share: the counted persons need not be among the inhabitants. `note` names
    both datasets with their dates.
    """

    values: "pd.Series[float]"
    status: "pd.Series[str]"
    counts: MeasureResult
    base: "pd.Series[float]"
    city_value: float | None
    note: Text


def rate_per_1000(table: FigureTable, base: FigureTable) -> Rate:
    """Work out persons per 1,000 inhabitants, the two from different datasets.

    Parameters
    ----------
    table
        Counts; the main column is taken.
    base
        Inhabitants; the main column is taken.

    Raises
    ------
    MixedSeriesError
        If the two count the same people in different ways, as the two series of temporary protection.

    Examples
    --------
    >>> from geo.figures import load_figure_tables
    >>> tables = load_figure_tables()
    >>> rate = rate_per_1000(tables["temporary_protection_2026-07-21"], tables["population_census_2021"])
    >>> round(rate.city_value, 1)
    77.2
    """
    combine((table, base))
    counts = compute_measure(table, Measure.COUNT)
    inhabitants = base.column(base.main_column).reindex(counts.values.index)
    values = (1000 * counts.values / inhabitants.where(inhabitants > 0)).where(inhabitants >= MIN_DENOMINATOR)
    status = counts.status.mask(values.isna() & (counts.status == Status.SHOWN), Status.NO_DATA.value)
    status = status.mask((inhabitants < MIN_DENOMINATOR) & (counts.status == Status.SHOWN), Status.SMALL_BASE.value)
    total = float(inhabitants.sum())
    city_value = 1000 * counts.city_value / total if counts.city_value is not None and total else None
    note = Text(
        cs=f"Na 1 000 obyvatel; obyvatelé: {_origin(base, Language.CS)}; počítané osoby mezi nimi být nemusejí. "
        f"{counts.note.cs}",
        en=f"Per 1,000 inhabitants; inhabitants: {_origin(base, Language.EN)}; those counted need not be among them. "
        f"{counts.note.en}",
        uk=f"На 1 000 мешканців; мешканці: {_origin(base, Language.UK)}; пораховані особи можуть до них не належати. "
        f"{counts.note.uk}",
    )
    return Rate(
        values=values,
        status=status,
        counts=counts,
        base=inhabitants,
        city_value=city_value,
        note=note,
    )


def _origin(table: FigureTable, language: Language) -> str:
    info = table.info
    return f"{info.title.to(language)}, {info.publisher}, {write_reference_date(info, language)}"
