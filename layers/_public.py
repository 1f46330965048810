"""Words and small steps that the layers of public facts share."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from domain.dataset import DatasetInfo
from domain.text import Text
from geo.boundaries import boundaries
from geo.freshness import Freshness, freshness
from geo.places_data import PLACES_DATA
from geo.provenance import read_dataset_info
from layers.contract import Choice, Field, Formatter, Option

FRESHNESS_LABELS: Mapping[str, Text] = {
    Freshness.RECENT.value: Text(
        cs="údaj z posledních dvou let", en="stated within the last two years", uk="дані за останні два роки"
    ),
    Freshness.TO_CHECK.value: Text(cs="k ověření", en="to be checked", uk="потребує перевірки"),
    Freshness.NOT_CONFIRMED.value: Text(
        cs="nepotvrzeno jako služba pro migranty",
        en="not confirmed as a service for migrants",
        uk="не підтверджено як послугу для мігрантів",
    ),
    Freshness.HISTORICAL.value: Text(cs="historický údaj", en="historical", uk="історичні дані"),
}
NAME = Text(cs="Název", en="Name", uk="Назва")
CITY_PART = Text(cs="Městská část", en="City part", uk="Міська частина")
SOURCE = Text(cs="Zdroj", en="Source", uk="Джерело")
AREA_NOTE = Text(
    cs="známo jen pro městskou část; značka není poloha",
    en="known for the city part only; the mark is not a position",
    uk="відомо лише для міської частини; позначка не є розташуванням",
)
STATUS_FIELD = Field(
    column="status",
    label=Text(cs="Stav údaje", en="State of the fact", uk="Стан даних"),
    formatter=Formatter.TERM,
    terms=FRESHNESS_LABELS,
    tooltip=True,
)


def dataset(stem: str) -> DatasetInfo:
    """Return the card of a file of `data/places/`."""
    return read_dataset_info(PLACES_DATA / f"{stem}.toml")


def historical_option(label: Text) -> Option:
    """Return the switch that is off until somebody asks for what is not current."""
    return Option(
        id="historical",
        label=label,
        choices=(
            Choice(value="no", label=Text(cs="skrýt", en="hide", uk="приховати")),
            Choice(value="yes", label=Text(cs="zobrazit", en="show", uk="показати")),
        ),
        default="no",
    )


def with_status(frame: gpd.GeoDataFrame, today: date) -> gpd.GeoDataFrame:
    """Return the frame with the column `status` as of `today`."""
    confirmed = [False] * len(frame) if "not_confirmed" not in frame.columns else frame["not_confirmed"].tolist()
    states = [
        freshness(as_of_date=day, today=today, historical=historical, not_confirmed=unsure).value
        for day, historical, unsure in zip(frame["as_of_date"], frame["historical"], confirmed, strict=True)
    ]
    return frame.assign(status=states)


def city_part_names(codes: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return the full names of city parts, None where the code is empty."""
    names = boundaries().city_parts["name"].to_dict()
    return cells([names.get(code) for code in codes], codes.index)


def cells(values: Iterable[object], index: "pd.Index[Any]") -> "pd.Series[Any]":
    """Return values as a column of objects, so that None stays None; "" and () become None too."""
    return pd.Series([value or None for value in values], index=index, dtype=object)
