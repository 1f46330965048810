"""What the layers that colour city parts share: frame, classes, legend, notes."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from domain.text import Language, Text
from geo.boundaries import boundaries
from geo.classes import Classification, NumberStyle, ValueClass, missing_class, write_number
from geo.measures import Status
from geo.suppression import COMPLEMENT, SUPPRESSED
from layers.contract import Field, Formatter, LegendEntry, Style

HIDDEN_CLASS = "suppressed"

STATUS_TERMS: Mapping[str, Text] = {
    Status.SUPPRESSED.value: SUPPRESSED,
    Status.COMPLEMENT.value: COMPLEMENT,
    Status.SMALL_BASE.value: Text(
        cs="základ je menší než 50 osob, podíl se neuvádí",
        en="the base is below 50 persons, no share is given",
        uk="база менша за 50 осіб, частку не подано",
    ),
    Status.NO_DATA.value: Text(cs="bez údaje", en="no data", uk="немає даних"),
}
STYLE = Style(stroke="#5f5f5f", stroke_width=0.7, fill="#bdbdbd", fill_opacity=0.75)
NAME_FIELD = Field(column="name", label=Text(cs="Městská část", en="City part", uk="Міська частина"), tooltip=True)
STATUS_FIELD = Field(
    column="status",
    label=Text(cs="Proč tu není číslo", en="Why there is no number", uk="Чому немає числа"),
    formatter=Formatter.TERM,
    terms=STATUS_TERMS,
    tooltip=True,
)
WHOLE_CITY = Text(cs="Celá Praha", en="All Prague", uk="Уся Прага")

# Both reasons for hiding a count look alike on the map; which of the two it was stands in the text.
_CLASS_OF_STATUS: Mapping[str, str] = {
    Status.SUPPRESSED.value: HIDDEN_CLASS,
    Status.COMPLEMENT.value: HIDDEN_CLASS,
    Status.SMALL_BASE.value: Status.SMALL_BASE.value,
    Status.NO_DATA.value: Status.NO_DATA.value,
}
_CLASS_LABELS: Mapping[str, Text] = {
    HIDDEN_CLASS: Text(
        cs="méně než 5 osob nebo skryto", en="fewer than 5 persons, or hidden", uk="менше ніж 5 осіб або приховано"
    ),
    Status.SMALL_BASE.value: Text(cs="základ pod 50 osob", en="base below 50 persons", uk="база менша за 50 осіб"),
    Status.NO_DATA.value: STATUS_TERMS[Status.NO_DATA.value],
}


def city_part_frame(columns: Mapping[str, "pd.Series[float] | pd.Series[str]"]) -> gpd.GeoDataFrame:
    """Return all city parts (EPSG:4326, index and column `id` = code) with columns joined by code."""
    parts = boundaries().city_parts[["name", "geometry"]].copy()
    parts.insert(0, "id", parts.index)
    for name, values in columns.items():
        parts[name] = values.reindex(parts.index)
    return parts


def class_column(found: Classification, status: "pd.Series[str]", codes: "pd.Index[str]") -> "pd.Series[str]":
    """Return the class of every city part: that of its value, else the one that says why it has none."""
    classes = found.codes.reindex(codes).astype(object)
    reasons = status.reindex(codes).map(_CLASS_OF_STATUS)
    return classes.where(classes.notna(), reasons).fillna(Status.NO_DATA.value)


def status_column(status: "pd.Series[str]", codes: "pd.Index[str]") -> "pd.Series[str]":
    """Return why a city part has no number; None where it has one."""
    known = status.reindex(codes).fillna(Status.NO_DATA.value).astype(object)
    return known.where(known != Status.SHOWN, None)


def legend_of(classes: Sequence[ValueClass], used: "pd.Series[str]") -> tuple[LegendEntry, ...]:
    """Return the legend: all classes of numbers, then what is missing where it occurs."""
    present = set(used)
    missing = [missing_class(name, label) for name, label in _CLASS_LABELS.items() if name in present]
    return tuple(
        LegendEntry(value=one.value, label=one.label, colour=one.colour, hatched=one.hatched)
        for one in (*classes, *missing)
    )


def join_texts(*parts: Text | None) -> Text:
    """Return the sentences one after another, in each language."""
    return Text(**{lang.value: " ".join(part.to(lang) for part in parts if part is not None) for lang in Language})


def city_sentence(value: float | None, style: NumberStyle) -> Text | None:
    """Return the sentence with the value of the whole city; None where there is none to tell."""
    if value is None:
        return None
    return Text(**{lang.value: f"{WHOLE_CITY.to(lang)}: {write_number(value, lang, style)}." for lang in Language})
