"""Persons with temporary protection: a choropleth of one date over the city parts.

The dates of 2022 and that of 2026 are two ways of counting (`geo.figures`): the layer shows one date
at a time and says so; nothing here compares them.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pandas as pd

from domain.errors import InvalidValueError
from domain.text import Language, Text
from geo.classes import ClassMethod, NumberStyle, classify
from geo.concentration import compute_measure
from geo.dates import write_date
from geo.figure_table import FIGURES_FOLDER, FigureTable
from geo.figures import load_figure_tables
from geo.measures import HIDES_SMALL, Measure
from geo.provenance import read_dataset_info
from geo.rates import Rate, rate_per_1000
from geo.suppression import Suppression, suppress_table
from layers._choropleth import (
    NAME_FIELD,
    STATUS_FIELD,
    STYLE,
    city_part_frame,
    city_sentence,
    class_column,
    join_texts,
    legend_of,
    status_column,
)
from layers.contract import Choice, Context, Features, Field, Formatter, GeometryKind, Group, Layer, Option

_SERIES = ("temporary_protection_2022", "temporary_protection_2026")
_BASE = "population_census_2021"
_VALUE_DIGITS = 4
_COUNT, _RATE = "count", "per_1000"
_MEASURES: Mapping[str, Text] = {
    _COUNT: Text(cs="Počet osob", en="Number of persons", uk="Кількість осіб"),
    _RATE: Text(
        cs="Na 1 000 obyvatel ze sčítání 2021",
        en="Per 1,000 residents of the 2021 census",
        uk="На 1 000 мешканців за переписом 2021 року",
    ),
}
_BROKEN_SERIES = Text(
    cs="Čísla z roku 2022 jsou kumulativní a s rokem 2026 je nelze srovnávat: po přeregistraci v roce 2023 "
    "se začalo počítat znovu.",
    en="The figures of 2022 are cumulative and cannot be compared with 2026: after the re-registration of 2023 "
    "counting began anew.",
    uk="Дані 2022 року накопичувальні, порівнювати їх з 2026 роком не можна: після перереєстрації 2023 року "
    "облік почали заново.",
)


@cache
def _tables() -> Mapping[str, FigureTable]:
    """Return the bundled tables by date, the newest first."""
    found = {
        table.info.reference_date.isoformat(): table
        for table in load_figure_tables().values()
        if table.info.series in _SERIES and table.info.reference_date is not None
    }
    return dict(sorted(found.items(), reverse=True))


def load(context: Context) -> Features:
    """Return every city part with its number of persons, or per 1,000 inhabitants, and its class.

    Raises
    ------
    InvalidValueError
        Code `unknown_choice` for a date or measure that is not offered.
    """
    day = context.options.get("date") or next(iter(_tables()))
    measure = context.options.get("measure") or _COUNT
    if day not in _tables():
        raise InvalidValueError("unknown_choice", field="date", value=day)
    if measure not in _MEASURES:
        raise InvalidValueError("unknown_choice", field="measure", value=measure)
    features = _features(day, measure)
    # The cached answer is shared: whoever changes the frame changes a copy.
    return replace(features, frame=features.frame.copy())


@cache
def _features(day: str, measure: str) -> Features:
    table = _tables()[day]
    masks = suppress_table(table)
    rate = rate_per_1000(table, load_figure_tables()[_BASE]) if measure == _RATE else None
    result = rate.counts if rate else compute_measure(table, Measure.COUNT)
    values, status = (rate.values, rate.status) if rate else (result.values, result.status)
    style = NumberStyle(digits=1 if rate else 0)
    found = classify(values, method=ClassMethod.NATURAL, style=style)
    codes = city_part_frame({}).index
    classes = class_column(found, status, codes)
    visible = masks.visible(table.values)
    columns: dict[str, pd.Series[float] | pd.Series[str]] = {name: visible[name] for name in visible.columns}
    columns |= {"class": classes, "status": status_column(status, codes), **_hidden_columns(table, masks)}
    if rate:
        columns |= {"value": values.round(_VALUE_DIGITS), "base": rate.base}
    # Where a total is hidden, the line of the measure says so itself.
    parts_hidden = bool(masks.hidden.any(axis=None)) and not masks.hidden[table.main_column].any()
    city = city_sentence(rate.city_value if rate else result.city_value, style)
    return Features(
        frame=city_part_frame(columns),
        legend=legend_of(found.classes, classes),
        note=join_texts(
            rate.note if rate else result.note, HIDES_SMALL if parts_hidden else None, city, _BROKEN_SERIES
        ),
        source=table.info,
        fields=_fields(table, rate),
    )


def _hidden_columns(table: FigureTable, masks: Suppression) -> dict[str, "pd.Series[str]"]:
    """Return for each city part which of its numbers are below 5 and which are hidden besides."""
    return {
        "small": _names_where(masks.primary.loc[table.values.index]),
        "hidden": _names_where(masks.complement.loc[table.values.index]),
    }


def _names_where(mask: pd.DataFrame) -> "pd.Series[str]":
    names = [[str(name) for name in mask.columns[row]] or None for row in mask.to_numpy()]
    return pd.Series(names, index=mask.index, dtype=object)


def _fields(table: FigureTable, rate: Rate | None) -> tuple[Field, ...]:
    fields = [NAME_FIELD]
    if rate:
        fields.append(
            Field(column="value", label=_MEASURES[_RATE], formatter=Formatter.DECIMAL, tooltip=True, digits=1)
        )
    for name, column in table.columns.items():
        tooltip = name == table.main_column
        fields.append(Field(column=name, label=column.label, formatter=Formatter.INTEGER, tooltip=tooltip))
    if rate:
        label = Text(cs="Obyvatelé (sčítání 2021)", en="Residents (census 2021)", uk="Мешканці (перепис 2021)")
        fields.append(Field(column="base", label=label, formatter=Formatter.INTEGER))
    terms = {name: column.label for name, column in table.columns.items()}
    small = Text(cs="Méně než 5 osob", en="Fewer than 5 persons", uk="Менше ніж 5 осіб")
    hidden = Text(
        cs="Skryto, aby nešlo dopočítat malá čísla",
        en="Hidden so that small numbers cannot be worked out",
        uk="Приховано, щоб не можна було обчислити малі числа",
    )
    return (
        *fields,
        Field(column="small", label=small, formatter=Formatter.TERMS, terms=terms),
        Field(column="hidden", label=hidden, formatter=Formatter.TERMS, terms=terms),
        STATUS_FIELD,
    )


def _options() -> tuple[Option, ...]:
    days = tuple(
        Choice(
            value=day,
            label=Text(**{lang.value: _day_label(table, lang) for lang in Language}),
        )
        for day, table in _tables().items()
    )
    return (
        Option(id="date", label=Text(cs="Datum", en="Date", uk="Дата"), choices=days, default=days[0].value),
        Option(
            id="measure",
            label=Text(cs="Míra", en="Measure", uk="Показник"),
            choices=tuple(Choice(value=value, label=label) for value, label in _MEASURES.items()),
            default=_COUNT,
        ),
    )


def _day_label(table: FigureTable, language: Language) -> str:
    assert table.info.reference_date is not None
    day = write_date(table.info.reference_date, language)
    return f"{day} ({_CUMULATIVE.to(language)})" if table.info.series == _SERIES[0] else day


_CUMULATIVE = Text(cs="kumulativně", en="cumulative", uk="накопичувально")

LAYER = Layer(
    id="temporary_protection",
    title=Text(cs="Dočasná ochrana", en="Temporary protection", uk="Тимчасовий захист"),
    description=Text(
        cs="Osoby s dočasnou ochranou podle městských částí, jedno datum; malé počty jsou skryté.",
        en="Persons with temporary protection by city part, one date; small counts are hidden.",
        uk="Особи з тимчасовим захистом за міськими частинами, одна дата; малі числа приховано.",
    ),
    group=Group.CONCENTRATION,
    geometry=GeometryKind.POLYGON,
    sources=tuple(read_dataset_info(FIGURES_FOLDER / f"{series}.toml") for series in _SERIES),
    load=load,
    fields=_fields(next(iter(_tables().values())), None),
    style=STYLE,
    options=_options(),
    order=6,
    geometry_from="city_parts",
)
