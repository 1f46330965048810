"""What is known of one city part: figures with their bases, places, services, co-operation."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from domain.dataset import DatasetInfo
from domain.errors import NotFoundError
from domain.place import PlaceFilter
from geo.boundaries import boundaries, city_part_name
from geo.concentration import MeasureResult, available_measures, compute_measure
from geo.figure_table import ColumnKind, FigureTable, Level
from geo.figures import as_time_series
from geo.measures import Measure
from geo.places_data import load_cooperation, services_in
from geo.suppression import suppress_table
from store import Store

PROTECTION_COLUMN = "total"
# One measure a figure, in the order of the page. Shares over citizens never stand here: their page
# is "komu napsat".
FIGURES = (
    ("foreigners_2019", Measure.COUNT),
    ("foreigners_2019", Measure.SHARE),
    ("foreigners_2019", Measure.LOCATION_QUOTIENT),
    ("population_census_2021", Measure.COUNT),
    ("temporary_protection_2026-07-21", Measure.COUNT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFigure:
    """One figure of one city part; `value` is None where `status` says why nothing is shown."""

    result: MeasureResult
    value: float | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeriesOverTime:
    """One way of counting over time: values by date, NaN where hidden. Never joined with another."""

    info: DatasetInfo
    values: "pd.Series[float]"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CityPartProfile:
    """The page of a city part. `places` and `visits` are counts of the own organisation."""

    code: str
    name: str
    admin_district: int
    figures: tuple[ProfileFigure, ...]
    imported: tuple[ProfileFigure, ...]
    protection: tuple[SeriesOverTime, ...]
    services: gpd.GeoDataFrame
    cooperation: str
    cooperation_source: str
    places: int
    visits: int
    last_visit_on: date | None


def make_profile(
    code: str, *, tables: Mapping[str, FigureTable], store: Store, organisation_id: str
) -> CityPartProfile:
    """Gather what is known of the city part `code`.

    Raises
    ------
    NotFoundError
        `unknown_city_part`.
    """
    parts = boundaries().city_parts
    if code not in parts.index:
        raise NotFoundError("unknown_city_part", value=code)
    own = PlaceFilter(city_parts=(code,), organisation_ids=(organisation_id,))
    visits, last_visit_on = store.visits.count_in_city_part(code, organisation_id=organisation_id)
    cooperation = load_cooperation().loc[code]
    return CityPartProfile(
        code=code,
        name=city_part_name(code),
        admin_district=int(parts["admin_district"][code]),
        figures=tuple(figure(tables[dataset], measure, code) for dataset, measure in FIGURES if dataset in tables),
        imported=tuple(_imported(tables, code)),
        protection=protection_over_time(tables, code),
        services=services_in(code),
        cooperation=str(cooperation["status"]),
        cooperation_source=str(cooperation["source"]),
        places=store.places.count(only=own),
        visits=visits,
        last_visit_on=last_visit_on,
    )


def figure(table: FigureTable, measure: Measure, code: str, *, column: str | None = None) -> ProfileFigure:
    """Return one measure for one city part."""
    result = compute_measure(table, measure, column=column)
    value = result.values.get(code, float("nan"))
    status = str(result.status.get(code, "no_data"))
    return ProfileFigure(result=result, value=None if pd.isna(value) else float(value), status=status)


def protection_over_time(tables: Mapping[str, FigureTable], code: str) -> tuple[SeriesOverTime, ...]:
    """Return temporary protection over time, one series for each way of counting."""
    found = []
    by_series: dict[str, list[FigureTable]] = {}
    for table in tables.values():
        if table.info.series.startswith("temporary_protection"):
            by_series.setdefault(table.info.series, []).append(table)
    for members in by_series.values():
        frame = as_time_series(members, PROTECTION_COLUMN)
        # Each date hides its own small cells.
        hidden = {
            table.info.reference_date for table in members if suppress_table(table).hidden[PROTECTION_COLUMN][code]
        }
        shown = {day: math.nan if day in hidden else float(frame[day][code]) for day in frame.columns}
        found.append(SeriesOverTime(info=members[0].info, values=pd.Series(shown, dtype=float)))
    return tuple(found)


def _imported(tables: Mapping[str, FigureTable], code: str) -> list[ProfileFigure]:
    found = []
    for table in tables.values():
        if not table.info.imported or table.level is not Level.CITY_PART:
            continue
        for name, column in table.columns.items():
            measures = available_measures(table, name)
            measure = Measure.COUNT if column.kind is ColumnKind.COUNT else Measure.AS_PRINTED
            if measure in measures:
                found.append(figure(table, measure, code, column=name))
    return found
