"""Tables of figures: what was counted, by whom, of when, and what must not be put together.

Bundled tables come from `data/figures/` (ČSÚ, IPR Praha, MV ČR; each file has a card beside it),
imported ones from people. Two ways of counting the same thing, or shares over two denominators,
never stand in one frame, ratio or time line: the functions here refuse them.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from types import MappingProxyType

import pandas as pd

from domain.dataset import DatasetInfo, Denominator
from domain.errors import InvalidValueError, MixedSeriesError, Problem, ProblemsError
from domain.text import Text
from geo.figure_table import (
    FIGURES_FOLDER,
    PERCENT,
    PERSONS,
    ColumnKind,
    FigureColumn,
    FigureTable,
    Level,
    PartSum,
    detect_sums,
    figure_table_from_frame,
    load_city_part_list,
)
from geo.provenance import read_dataset_info, verify_file

__all__ = [
    "INHABITANTS",
    "PERCENT",
    "PERSONS",
    "PUBLISHED_TOTALS",
    "ColumnKind",
    "FigureColumn",
    "FigureTable",
    "Level",
    "PartSum",
    "as_time_series",
    "combine",
    "detect_sums",
    "figure_table_from_frame",
    "load_city_part_list",
    "load_figure_tables",
    "load_published_values",
    "require_same_denominator",
    "require_same_series",
    "unbroken_lines",
]

INHABITANTS = Text(cs="Obyvatelé celkem", en="All inhabitants", uk="Усі мешканці")

# Totals that the publishers print (ČSÚ census 2021; ČSÚ 31 December 2019; IPR Praha): a bundled
# table whose sum differs is broken.
PUBLISHED_TOTALS: Mapping[tuple[str, str], int] = MappingProxyType(
    {
        ("population_census_2021", "population"): 1_301_432,
        ("foreigners_2019", "foreigners"): 210_216,
        ("foreigners_2019", "population"): 1_324_277,
    }
)

# Series that count the same people in different ways. Two of one group never meet; series of
# different groups may stand side by side, each under its own heading.
_SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "temporary_protection_2022": "temporary_protection",
        "temporary_protection_2026": "temporary_protection",
        "foreigners_permits": "foreigners",
        "foreigners_permits_with_protection": "foreigners",
        "foreigners_census": "foreigners",
    }
)


_PROTECTION_COLUMNS: Mapping[str, FigureColumn] = MappingProxyType(
    {
        "total": FigureColumn(label=Text(cs="Osoby celkem", en="Persons in all", uk="Осіб загалом")),
        "men": FigureColumn(label=Text(cs="Muži", en="Men", uk="Чоловіки")),
        "women": FigureColumn(label=Text(cs="Ženy", en="Women", uk="Жінки")),
        "sex_not_stated": FigureColumn(label=Text(cs="Pohlaví neuvedeno", en="Sex not stated", uk="Стать не вказано")),
        "age_0_2": FigureColumn(label=Text(cs="0–2 roky", en="0–2 years", uk="0–2 роки")),
        "age_3_5": FigureColumn(label=Text(cs="3–5 let", en="3–5 years", uk="3–5 років")),
        "age_6_14": FigureColumn(label=Text(cs="6–14 let", en="6–14 years", uk="6–14 років")),
        "age_15_17": FigureColumn(label=Text(cs="15–17 let", en="15–17 years", uk="15–17 років")),
        "age_18_64": FigureColumn(label=Text(cs="18–64 let", en="18–64 years", uk="18–64 роки")),
        "age_65_plus": FigureColumn(label=Text(cs="65 a více let", en="65 years and more", uk="65 років і більше")),
    }
)
_PROTECTION_SUMS = (
    PartSum(total="total", parts=("men", "women", "sex_not_stated")),
    PartSum(total="total", parts=tuple(name for name in _PROTECTION_COLUMNS if name.startswith("age_"))),
)
_FOREIGNERS = FigureColumn(label=Text(cs="Cizinci", en="Foreigners", uk="Іноземці"), denominator_column="population")
_CITY_COLUMNS: Mapping[str, FigureColumn] = MappingProxyType(
    {
        "foreigners": FigureColumn(label=Text(cs="Cizinci", en="Foreigners", uk="Іноземці")),
        "men": FigureColumn(label=Text(cs="Muži", en="Men", uk="Чоловіки")),
        "eu_citizens": FigureColumn(label=Text(cs="Občané EU", en="EU citizens", uk="Громадяни ЄС")),
        "total": FigureColumn(label=Text(cs="Celkem", en="In all", uk="Загалом")),
        "temporary_stay": FigureColumn(
            label=Text(cs="Přechodný pobyt", en="Temporary stay", uk="Тимчасове перебування")
        ),
        "permanent_stay": FigureColumn(label=Text(cs="Trvalý pobyt", en="Permanent stay", uk="Постійне проживання")),
    }
)


@cache
def load_figure_tables() -> Mapping[str, FigureTable]:
    """Return the bundled tables by dataset id; read and checked once.

    `foreigners_2019` (IPR Praha), `population_census_2021` (ČSÚ), one table per date of temporary
    protection (`temporary_protection_<date>`, MV ČR), and with level CITY the totals
    `prague_foreigners_by_year` and `prague_foreigners_by_citizenship`.

    Raises
    ------
    DataFileError
        If a file is missing or not the one its card describes.
    ProblemsError
        Code `invalid_figure_table`, with everything that is wrong with a table.

    Examples
    --------
    >>> int(load_figure_tables()["foreigners_2019"].values["foreigners"].sum())
    210216
    """
    population = FigureColumn(label=INHABITANTS)
    tables = [
        _read_city_part_table("foreigners_2019", {"foreigners": _FOREIGNERS, "population": population}),
        _read_city_part_table("population_census_2021", {"population": population}),
        *_read_protection("temporary_protection_2022"),
        *_read_protection("temporary_protection_2026"),
        _read_city_table("prague_foreigners_by_year", ["period"]),
        _read_city_table("prague_foreigners_by_citizenship", ["reference_date", "citizenship"]),
    ]
    return MappingProxyType({table.info.id: table for table in tables})


@cache
def load_published_values() -> tuple[DatasetInfo, pd.DataFrame]:
    """Return single values printed by ICP, city parts and the press, for a method note only.

    They are no figure table on purpose: dates, units and denominators differ from row to row, so
    nothing may draw or rank them.

    Examples
    --------
    >>> info, frame = load_published_values()
    >>> frame.loc[frame["unit"] == "Praha-Nebušice", "share_pct"].tolist()
    [50.51, 20.0, 48.0]
    """
    return _read("published_values")


def require_same_series(tables: Iterable[FigureTable]) -> None:
    """Refuse tables that do not count the same thing in the same way.

    Raises
    ------
    MixedSeriesError
        Code `mixed_series`. A table that names no series has none in common with another.
    """
    for first, other in itertools.pairwise(tables):
        if not first.info.series or first.info.series != other.info.series:
            raise MixedSeriesError("mixed_series", first=first.info.id, second=other.info.id)


def require_same_denominator(infos: Iterable[DatasetInfo]) -> None:
    """Refuse datasets whose shares are over different denominators; those without any may join.

    Raises
    ------
    MixedSeriesError
        Code `mixed_denominators`.
    """
    bound = [info for info in infos if info.denominator is not Denominator.NONE]
    for first, other in itertools.pairwise(bound):
        if _denominator_key(first) != _denominator_key(other):
            raise MixedSeriesError("mixed_denominators", first=first.denominator.value, second=other.denominator.value)


def as_time_series(tables: Iterable[FigureTable], column: str | None = None) -> pd.DataFrame:
    """Return one column over time: rows are city parts by code, columns are dates in order.

    Parameters
    ----------
    tables
        Tables of one series, each of another date.
    column
        Column to take; the main one of the first table where None.

    Raises
    ------
    MixedSeriesError
        Codes `mixed_series`, `mixed_denominators`: census and permits, the counts of temporary
        protection before and after the re-registration, shares over two bases.
    InvalidValueError
        Codes `figure_without_date`, `figure_date_twice`, `unknown_figure_column`, `no_figure_table`.

    Examples
    --------
    >>> tables = load_figure_tables().values()
    >>> line = as_time_series(t for t in tables if t.info.series == "temporary_protection_2022")
    >>> line.shape, int(line.iloc[:, -1].sum())
    ((57, 8), 96059)
    """
    chosen = list(tables)
    if not chosen:
        raise InvalidValueError("no_figure_table")
    require_same_series(chosen)
    require_same_denominator(table.info for table in chosen)
    name = column or chosen[0].main_column
    by_date: dict[date, pd.Series[float]] = {}
    for table in chosen:
        day = table.info.reference_date
        if day is None:
            raise InvalidValueError("figure_without_date", dataset=table.info.id)
        if day in by_date:
            raise InvalidValueError("figure_date_twice", date=day.isoformat())
        by_date[day] = table.column(name)
    return pd.DataFrame({day: by_date[day] for day in sorted(by_date)})


def combine(tables: Iterable[FigureTable]) -> pd.DataFrame:
    """Return the figures of several tables side by side; columns are (dataset id, column).

    Raises
    ------
    MixedSeriesError
        Code `mixed_series` if two tables count the same people in different ways (temporary
        protection 2022 and 2026, foreigners by census and by permits), `mixed_denominators` if
        shares would be over two bases.

    Examples
    --------
    >>> tables = load_figure_tables()
    >>> combine([tables["foreigners_2019"], tables["population_census_2021"]]).shape
    (57, 3)
    """
    chosen = list(tables)
    for first, other in itertools.combinations(chosen, 2):
        subjects = [_SUBJECTS.get(table.info.series, table.info.series) for table in (first, other)]
        if subjects[0] and subjects[0] == subjects[1] and first.info.series != other.info.series:
            raise MixedSeriesError("mixed_series", first=first.info.id, second=other.info.id)
        if Level.CITY in (first.level, other.level):
            raise MixedSeriesError("mixed_series", first=first.info.id, second=other.info.id)
    require_same_denominator(table.info for table in chosen)
    if not chosen:
        raise InvalidValueError("no_figure_table")
    return pd.concat({table.info.id: table.values[list(table.columns)] for table in chosen}, axis="columns")


def unbroken_lines(table: FigureTable, column: str) -> Mapping[str, "pd.Series[float]"]:
    """Return the dated values of a CITY table as one line per way of counting, never joined.

    Each series is indexed by date; rows whose source gives no exact date are left out.

    Raises
    ------
    InvalidValueError
        Code `unknown_figure_column`.

    Examples
    --------
    >>> lines = unbroken_lines(load_figure_tables()["prague_foreigners_by_year"], "foreigners")
    >>> {series: len(line) for series, line in lines.items()}
    {'foreigners_permits': 6, 'foreigners_permits_with_protection': 1}
    """
    table.column(column)
    dated = table.values.dropna(subset=["reference_date", column])
    lines = {}
    for series, rows in dated.groupby("series", sort=True):
        days = [date.fromisoformat(day) for day in rows["reference_date"]]
        lines[str(series)] = pd.Series(rows[column].to_numpy(dtype=float), index=days, name=column).sort_index()
    return lines


def _denominator_key(info: DatasetInfo) -> tuple[str, str]:
    # "Other" bases are the same only where they are described in the same words.
    note = info.denominator_note.cs if info.denominator_note else info.id
    return (info.denominator.value, note if info.denominator is Denominator.OTHER else "")


def _find_bundled_problems(table: FigureTable) -> list[Problem]:
    """Return where a bundled table is not complete or not what its publisher printed."""
    name, values = table.info.id, table.values
    missing = load_city_part_list().index.difference(values.index)
    problems = [Problem(code="figure_row_missing", value=str(code)) for code in missing]
    problems += [Problem(code="figure_missing", field=str(column)) for column in values if values[column].isna().any()]
    for (dataset, column), total in PUBLISHED_TOTALS.items():
        if dataset == name and values[column].sum() != total:
            problems.append(
                Problem(code="figure_total_differs", field=column, value=str(values[column].sum()), limit=str(total))
            )
    for part_sum in table.sums:
        off = values[list(part_sum.parts)].sum(axis="columns") != values[part_sum.total]
        problems += [Problem(code="figure_parts_differ", field=part_sum.total, value=str(c)) for c in values.index[off]]
    return problems


def _read(stem: str) -> tuple[DatasetInfo, pd.DataFrame]:
    info = read_dataset_info(FIGURES_FOLDER / f"{stem}.toml")
    frame = pd.read_csv(verify_file(info, FIGURES_FOLDER), dtype={"code": str, "period": str})
    wanted = tuple(frame.columns) == info.columns and len(frame) == info.count
    if not wanted:
        raise ProblemsError("invalid_figure_table", [Problem(code="figure_card_differs", field=stem)], dataset=info.id)
    return info, frame


def _read_city_part_table(stem: str, columns: Mapping[str, FigureColumn]) -> FigureTable:
    info, frame = _read(stem)
    return _checked(figure_table_from_frame(info, frame.set_index("code"), columns, sums=()))


def _read_protection(stem: str) -> list[FigureTable]:
    """Return one table per date of a file; the rest between total and men + women gets its name."""
    info, frame = _read(stem)
    frame["sex_not_stated"] = frame["total"] - frame["men"] - frame["women"]
    tables = []
    for day, rows in frame.groupby("date", sort=True):
        own = replace(
            info, id=f"temporary_protection_{day}", reference_date=date.fromisoformat(str(day)), count=len(rows)
        )
        own_rows = rows.set_index("code").drop(columns="date")
        tables.append(_checked(figure_table_from_frame(own, own_rows, _PROTECTION_COLUMNS, sums=_PROTECTION_SUMS)))
    return tables


def _read_city_table(stem: str, keys: list[str]) -> FigureTable:
    info, frame = _read(stem)
    values = frame.set_index(frame[keys].agg("/".join, axis="columns"))
    columns = {name: _CITY_COLUMNS[name] for name in values.columns if name in _CITY_COLUMNS}
    return FigureTable(info=info, values=values, columns=MappingProxyType(columns), level=Level.CITY)


def _checked(table: FigureTable) -> FigureTable:
    if problems := _find_bundled_problems(table):
        raise ProblemsError("invalid_figure_table", problems, dataset=table.info.id)
    return table
