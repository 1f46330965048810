"""Need: what attention is expected in proportion to, and which figures cannot be used."""

import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from domain.coverage import LeftOut, LeftOutReason, NeedKind
from domain.dataset import DatasetInfo
from domain.errors import InvalidValueError
from geo.cell_pieces import city_part_codes
from geo.figure_table import FigureTable
from geo.figures import load_figure_tables

_PROTECTION_SERIES = "temporary_protection_2026"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Need:
    """Need by city part.

    `values` holds positive finite numbers, indexed by code and sorted; `left_out` says which city
    parts have none and why (`examples` are all their codes). `info` is the dataset, None for equal
    need or an own table without one.
    """

    kind: NeedKind
    values: "pd.Series[float]"
    left_out: tuple[LeftOut, ...] = ()
    info: DatasetInfo | None = None


def load_need(kind: NeedKind, tables: Mapping[str, FigureTable] | None = None) -> Need:
    """Return the need of the 57 city parts by one of the bundled datasets.

    Foreigners are those of `foreigners_2019` (IPR Praha, ČSÚ), temporary protection the latest
    table of the present series (MV ČR), residents the census 2021 (ČSÚ).

    Parameters
    ----------
    kind
        Anything but OWN, which `clean_need` takes.
    tables
        `geo.figures.load_figure_tables()` where None.

    Raises
    ------
    InvalidValueError
        Code `need_not_available`.

    Examples
    --------
    >>> int(load_need(NeedKind.FOREIGNERS).values["500119"])
    19068
    """
    if kind is NeedKind.EQUAL:
        return Need(kind=kind, values=pd.Series(1.0, index=pd.Index(city_part_codes(), name="code"), name="need"))
    table = _table(kind, load_figure_tables() if tables is None else tables)
    return clean_need(table.column(table.main_column), kind=kind, info=table.info)


def clean_need(values: "pd.Series[Any]", *, kind: NeedKind = NeedKind.OWN, info: DatasetInfo | None = None) -> Need:
    """Return the usable numbers of a column by city part; the rest is left out with its reason.

    A unit without a positive number cannot be expected to get attention: it is neither a white spot
    nor known, and stands in a list of its own.

    Parameters
    ----------
    values
        Indexed by city part code; may lack codes, repeat them, or hold zeros, negative numbers, texts.
    kind
        What it is.
    info
        Its dataset.

    Examples
    --------
    >>> need = clean_need(pd.Series({"547158": 1111, "547051": "?", "547042": 0}))
    >>> need.values.to_dict(), [(item.reason.value, item.total) for item in need.left_out]
    ({'547158': 1111.0}, [('need_missing', 54), ('need_zero', 1), ('need_not_a_number', 1)])
    """
    found: dict[str, list[Any]] = {}
    for code, value in zip(values.index, values.tolist(), strict=True):
        found.setdefault(str(code).strip(), []).append(value)
    usable: dict[str, float] = {}
    reasons: dict[LeftOutReason, list[str]] = {}
    for code in city_part_codes():
        verdict = _judge(found.get(code, []))
        if isinstance(verdict, LeftOutReason):
            reasons.setdefault(verdict, []).append(code)
        else:
            usable[code] = verdict
    if unknown := sorted(set(found) - set(city_part_codes())):
        reasons[LeftOutReason.UNKNOWN_CITY_PART] = unknown
    return Need(
        kind=kind,
        values=pd.Series(usable, dtype=np.float64, name="need", index=pd.Index(usable, name="code", dtype=object)),
        left_out=tuple(
            LeftOut(reason=reason, total=len(reasons[reason]), examples=tuple(reasons[reason]))
            for reason in LeftOutReason
            if reason in reasons
        ),
        info=info,
    )


def _judge(cells: list[Any]) -> float | LeftOutReason:
    """Return the number of a unit, or why it has none."""
    if len(cells) > 1:
        return LeftOutReason.NEED_TWICE
    value = cells[0] if cells else None
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return LeftOutReason.NEED_MISSING
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real) or not math.isfinite(value):
        return LeftOutReason.NEED_NOT_A_NUMBER
    if value < 0:
        return LeftOutReason.NEED_NEGATIVE
    return float(value) or LeftOutReason.NEED_ZERO


def _table(kind: NeedKind, tables: Mapping[str, FigureTable]) -> FigureTable:
    if kind is NeedKind.FOREIGNERS and "foreigners_2019" in tables:
        return tables["foreigners_2019"]
    if kind is NeedKind.RESIDENTS and "population_census_2021" in tables:
        return tables["population_census_2021"]
    if kind is NeedKind.TEMPORARY_PROTECTION:
        series = [table for table in tables.values() if table.info.series == _PROTECTION_SERIES]
        if dated := [table for table in series if table.info.reference_date is not None]:
            return max(dated, key=lambda table: str(table.info.reference_date))
    raise InvalidValueError("need_not_available", value=kind.value)
