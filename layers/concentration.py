"""Concentration: a choropleth of one measure of one dataset over the city parts."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

import pandas as pd

from domain.errors import InvalidValueError
from domain.text import Language, Text
from geo.classes import (
    MAX_CLASSES,
    Classification,
    ClassMethod,
    NumberStyle,
    ValueClass,
    classify,
    palette,
    write_number,
)
from geo.concentration import MeasureResult, available_measures, compute_measure
from geo.concentration_values import CUMULATIVE_PARTS, DEFAULT_THRESHOLDS, Thresholds
from geo.figure_table import ColumnKind, FigureTable, Level
from geo.figures import load_figure_tables
from geo.measures import MEASURE_LABELS, Measure, write_reference_date
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
from layers.contract import (
    Choice,
    Context,
    Features,
    Field,
    Formatter,
    GeometryKind,
    Group,
    Layer,
    Option,
    Readers,
)

_Value = TypeVar("_Value", bound=StrEnum)

_VALUE_DIGITS = 4
_LIMITS = frozenset({"share_pct", "location_quotient", "difference"})
_DEFAULT_DATASET = "foreigners_2019"
# Temporary protection has its own layer; shares over citizens answer "komu napsat" alone and never
# stand beside shares over inhabitants.
_OWN_LAYER = "temporary_protection"
_ON_MAP = (
    Measure.SHARE,
    Measure.COUNT,
    Measure.DENSITY,
    Measure.DIFFERENCE,
    Measure.LOCATION_QUOTIENT,
    Measure.CUMULATIVE,
    Measure.LEVEL,
)
_METHOD_LABELS: Mapping[ClassMethod, Text] = {
    ClassMethod.FIXED: Text(cs="pevné hranice", en="fixed breaks", uk="фіксовані межі"),
    ClassMethod.NATURAL: Text(cs="přirozené zlomy", en="natural breaks", uk="природні розриви"),
    ClassMethod.QUANTILES: Text(cs="stejně početné třídy", en="classes of equal size", uk="класи однакового розміру"),
}
_STYLES: Mapping[Measure, NumberStyle] = {
    Measure.SHARE: NumberStyle(digits=1, percent=True),
    Measure.AS_PRINTED: NumberStyle(digits=1, percent=True),
    Measure.LOCATION_QUOTIENT: NumberStyle(digits=2),
}
_FORMATTERS: Mapping[Measure, Formatter] = {
    Measure.SHARE: Formatter.PERCENT,
    Measure.LOCATION_QUOTIENT: Formatter.DECIMAL,
    Measure.CUMULATIVE: Formatter.TERM,
    Measure.LEVEL: Formatter.TERM,
}
_CUMULATIVE_LABELS = (
    Text(cs="prvních 20 % osob", en="first 20% of persons", uk="перші 20 % осіб"),
    Text(cs="20–50 % osob", en="20–50% of persons", uk="20–50 % осіб"),
    Text(cs="zbytek", en="the rest", uk="решта"),
)
_BELOW = Text(cs="pod hranicemi", en="below the limits", uk="нижче меж")
_NO_FIXED_BREAKS = Text(
    cs="Pevné hranice pro tuto míru nejsou, třídy jsou podle přirozených zlomů.",
    en="There are no fixed breaks for this measure; the classes follow natural breaks.",
    uk="Фіксованих меж для цього показника немає, класи побудовано за природними розривами.",
)


def load(context: Context) -> Features:
    """Return every city part with its value and class, for the chosen dataset, measure and classes.

    Raises
    ------
    InvalidValueError
        Code `unknown_choice` for a dataset, measure or method that is not offered,
        `invalid_thresholds` for settings that make no levels.
    """
    choices = _choices(context.readers)
    chosen = context.options.get("dataset") or _default_dataset(choices)
    if chosen not in choices:
        raise InvalidValueError("unknown_choice", field="dataset", value=chosen)
    table, column = choices[chosen]
    limits = {name: tuple(values) for name, values in context.readers.thresholds.items() if name in _LIMITS}
    features = _features(
        table,
        column,
        _parse(Measure, context.options.get("measure") or Measure.SHARE.value, "measure"),
        _parse(ClassMethod, context.options.get("classes") or ClassMethod.FIXED.value, "classes"),
        Thresholds(**limits) if limits else DEFAULT_THRESHOLDS,
    )
    # The cached answer is shared: whoever changes the frame changes a copy.
    return replace(features, frame=features.frame.copy())


def offer_options(readers: Readers) -> tuple[Option, ...]:
    """Return the options; every table of city parts with figures is a dataset, imported ones too."""
    choices = _choices(readers)
    datasets = tuple(
        Choice(value=value, label=_dataset_label(table, column)) for value, (table, column) in choices.items()
    )
    return (
        Option(
            id="dataset",
            label=Text(cs="Data", en="Data", uk="Дані"),
            choices=datasets,
            default=_default_dataset(choices),
        ),
        Option(
            id="measure",
            label=Text(cs="Míra", en="Measure", uk="Показник"),
            choices=tuple(Choice(value=measure.value, label=MEASURE_LABELS[measure]) for measure in _ON_MAP),
            default=Measure.SHARE.value,
        ),
        Option(
            id="classes",
            label=Text(cs="Třídy", en="Classes", uk="Класи"),
            choices=tuple(Choice(value=method.value, label=label) for method, label in _METHOD_LABELS.items()),
            default=ClassMethod.FIXED.value,
        ),
    )


def _choices(readers: Readers) -> dict[str, tuple[FigureTable, str]]:
    """Return the columns that can be drawn, by the value of the option `dataset`."""
    tables: Mapping[str, FigureTable] = readers.figure_tables or load_figure_tables()
    found = {}
    for key, table in tables.items():
        if table.level is not Level.CITY_PART or table.info.series.startswith(_OWN_LAYER):
            continue
        bases = {column.denominator_column for column in table.columns.values()}
        for name in table.columns:
            if name not in bases:
                found[key if name == table.main_column else f"{key}:{name}"] = (table, name)
    return found


def _default_dataset(choices: Mapping[str, tuple[FigureTable, str]]) -> str:
    return _DEFAULT_DATASET if _DEFAULT_DATASET in choices else next(iter(choices), _DEFAULT_DATASET)


def _dataset_label(table: FigureTable, column: str) -> Text:
    """Return the title, with the column where it is not the main one and the date of an import."""
    parts = {}
    for language in Language:
        label = table.info.title.to(language)
        if column != table.main_column:
            label += f": {table.columns[column].label.to(language)}"
        parts[language.value] = (
            f"{label} ({write_reference_date(table.info, language)})" if table.info.imported else label
        )
    return Text(**parts)


def _parse(kind: type[_Value], value: str, option: str) -> _Value:
    try:
        return kind(value)
    except ValueError:
        raise InvalidValueError("unknown_choice", field=option, value=value) from None


@lru_cache(maxsize=128)
def _features(
    table: FigureTable, column: str, wanted: Measure, method: ClassMethod, thresholds: Thresholds
) -> Features:
    available = [measure for measure in (*_ON_MAP, Measure.AS_PRINTED) if measure in available_measures(table, column)]
    measure = wanted if wanted in available else available[0]
    if wanted is Measure.SHARE_CITIZENS:
        raise InvalidValueError("unknown_choice", field="measure", value=wanted.value)
    result = compute_measure(table, measure, column=column, thresholds=thresholds)
    found = _classify(table, result, method, thresholds)
    codes = city_part_frame({}).index
    classes = class_column(found, result.status, codes)
    columns = {"value": _value_column(result), "class": classes, "status": status_column(result.status, codes)}
    if measure is not Measure.COUNT and measure is not Measure.AS_PRINTED:
        columns["count"] = result.counts
    if result.base is not None and measure not in {Measure.COUNT, Measure.DENSITY}:
        columns["base"] = result.base
    return Features(
        frame=city_part_frame(columns),
        legend=legend_of(found.classes, classes),
        note=_note(result, wanted, _number_style(table, result), used=found.method, asked=method),
        source=table.info,
        fields=_fields(table, result, columns),
    )


def _value_column(result: MeasureResult) -> "pd.Series[float] | pd.Series[str]":
    """Return the numbers, or the names of the classes where the numbers are only their names."""
    if _FORMATTERS.get(result.measure) is Formatter.TERM:
        return _class_names(result)
    # Finer than anything that is written; longer numbers would only swell the answer.
    return result.values.round(_VALUE_DIGITS)


def _class_names(result: MeasureResult) -> "pd.Series[str]":
    return result.values.map(lambda value: None if pd.isna(value) else f"class_{value:.0f}").astype(object)


def _number_style(table: FigureTable, result: MeasureResult) -> NumberStyle:
    if result.measure is Measure.AS_PRINTED and table.columns[result.column].kind is not ColumnKind.SHARE:
        return NumberStyle(digits=1)
    return _STYLES.get(result.measure, NumberStyle())


def _classify(table: FigureTable, result: MeasureResult, method: ClassMethod, thresholds: Thresholds) -> Classification:
    if result.measure in {Measure.LEVEL, Measure.CUMULATIVE}:
        classes = _level_classes(thresholds) if result.measure is Measure.LEVEL else _cumulative_classes()
        return Classification(codes=_class_names(result), classes=classes, method=method)
    style = _number_style(table, result)
    breaks = {
        Measure.SHARE: thresholds.share_pct,
        Measure.AS_PRINTED: thresholds.share_pct if style.percent else (),
        # Above and below the average of the city is a question of its own.
        Measure.LOCATION_QUOTIENT: (1, *thresholds.location_quotient),
        Measure.DIFFERENCE: thresholds.difference,
    }.get(result.measure, ())
    if method is ClassMethod.FIXED and not breaks:
        method = ClassMethod.NATURAL
    return classify(result.values, method=method, breaks=breaks, style=style)


def _level_classes(thresholds: Thresholds) -> tuple[ValueClass, ...]:
    """Return the levels with the limits that are used, since the certified method's own are not at hand."""
    limits = list(zip(thresholds.share_pct, thresholds.location_quotient, thresholds.difference, strict=True))
    labels = [_BELOW]
    for number, (share, quotient, difference) in enumerate(limits, start=1):
        texts, name = {}, _level_name(number)
        for lang in Language:
            pct = write_number(share, lang, NumberStyle(digits=1, percent=True))
            times = write_number(quotient, lang, NumberStyle(digits=2))
            persons = write_number(difference, lang)
            head = name.to(lang)
            texts[lang.value] = {
                Language.CS: f"{head}: podíl od {pct}, kvocient od {times}, aspoň o {persons} osob nad očekávání",
                Language.EN: f"{head}: share from {pct}, quotient from {times}, at least {persons} above expected",
                Language.UK: f"{head}: частка від {pct}, коефіцієнт від {times}, на {persons} осіб понад очікуване",
            }[lang]
        labels.append(Text(**texts))
    colours = palette(len(labels))
    return tuple(
        ValueClass(value=f"class_{number}", label=label, colour=colour)
        for number, (label, colour) in enumerate(zip(labels, colours, strict=True))
    )


def _level_name(number: int) -> Text:
    if number == 0:
        return _BELOW
    return Text(cs=f"{number}. stupeň", en=f"Level {number}", uk=f"{number}-й ступінь")


def _cumulative_classes() -> tuple[ValueClass, ...]:
    colours = reversed(palette(len(_CUMULATIVE_LABELS)))
    return tuple(
        ValueClass(value=f"class_{number}", label=label, colour=colour)
        for number, (label, colour) in enumerate(zip(_CUMULATIVE_LABELS, colours, strict=True), start=1)
    )


def _note(result: MeasureResult, wanted: Measure, style: NumberStyle, *, used: ClassMethod, asked: ClassMethod) -> Text:
    unavailable = None
    if result.measure is not wanted and result.measure is not Measure.AS_PRINTED:
        missing, shown = MEASURE_LABELS[wanted], MEASURE_LABELS[result.measure]
        unavailable = Text(
            cs=f"„{missing.cs}“ z těchto dat spočítat nelze, zobrazuje se „{shown.cs}“.",
            en=f"“{missing.en}” cannot be worked out from these data; “{shown.en}” is shown.",
            uk=f"«{missing.uk}» з цих даних обчислити не можна, показано «{shown.uk}».",
        )
    units = None
    if len(result.units_to) == len(CUMULATIVE_PARTS):
        first, second = result.units_to.items()
        units = Text(
            cs=f"{first[0]} % osob je v {first[1]} městských částech, {second[0]} % v {second[1]}.",
            en=f"{first[0]}% of the persons are in {first[1]} city parts, {second[0]}% in {second[1]}.",
            uk=f"{first[0]} % осіб — у міських частинах числом {first[1]}, {second[0]} % — у {second[1]}.",
        )
    city = None
    if result.measure not in {Measure.DIFFERENCE, Measure.LOCATION_QUOTIENT}:
        city = city_sentence(result.city_value, style)
    breaks = None if used is asked else _NO_FIXED_BREAKS
    return join_texts(result.note, city, units, unavailable, breaks)


def _fields(table: FigureTable, result: MeasureResult, columns: Mapping[str, object]) -> tuple[Field, ...]:
    column = table.columns[result.column]
    value_label = column.label if result.measure in {Measure.COUNT, Measure.AS_PRINTED} else None
    fields = [
        NAME_FIELD,
        Field(
            column="value",
            label=value_label or MEASURE_LABELS[result.measure],
            formatter=_formatter(table, result),
            terms=_terms(result.measure),
            tooltip=True,
            digits=2 if result.measure is Measure.LOCATION_QUOTIENT else 1,
        ),
    ]
    if "count" in columns:
        fields.append(Field(column="count", label=column.label, formatter=Formatter.INTEGER, tooltip=True))
    if "base" in columns and column.denominator_column is not None:
        label = table.columns[column.denominator_column].label
        fields.append(Field(column="base", label=label, formatter=Formatter.INTEGER))
    return (*fields, STATUS_FIELD)


def _formatter(table: FigureTable, result: MeasureResult) -> Formatter:
    if result.measure is Measure.AS_PRINTED:
        return Formatter.PERCENT if _number_style(table, result).percent else Formatter.DECIMAL
    return _FORMATTERS.get(result.measure, Formatter.INTEGER)


def _terms(measure: Measure) -> Mapping[str, Text]:
    if measure is Measure.CUMULATIVE:
        return {one.value: one.label for one in _cumulative_classes()}
    if measure is Measure.LEVEL:
        return {f"class_{number}": _level_name(number) for number in range(MAX_CLASSES)}
    return {}


_DEFAULT = load(Context())

LAYER = Layer(
    id="concentration",
    title=Text(cs="Koncentrace cizinců", en="Concentration of foreigners", uk="Концентрація іноземців"),
    description=Text(
        cs="Kolik lidí je podle zvolených dat v městských částech, jaký je jejich podíl a jak se liší od průměru.",
        en="How many people are in each city part by the chosen data, their share, and how it differs from average.",
        uk="Скільки людей за вибраними даними в міських частинах, яка їхня частка та відхилення від середнього.",
    ),
    group=Group.CONCENTRATION,
    geometry=GeometryKind.POLYGON,
    sources=tuple(load_figure_tables()[dataset].info for dataset in (_DEFAULT_DATASET, "population_census_2021")),
    load=load,
    fields=_DEFAULT.fields or (),
    style=STYLE,
    legend=_DEFAULT.legend or (),
    options=offer_options,
    order=5,
    shown_by_default=True,
    geometry_from="city_parts",
)
