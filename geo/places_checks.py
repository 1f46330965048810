"""Checks of the files in `data/places/`: cards, columns, cells, codes, positions.

Used by `geo.places_data`; a finding is a `domain.errors.Problem`, and all of them are raised at once.
"""

from collections.abc import Callable, Container, Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import shapely

from domain.errors import DataFileError, Problem, ProblemsError
from domain.vocabulary import LANGUAGE_NAMES, Scope, terms
from geo.boundaries import boundaries
from geo.provenance import read_dataset_info, verify_file


def _is_date(cell: str) -> bool:
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True


PRECISIONS = ("address", "street", "stop", "city_part", "none")
POSITION_SOURCES = ("public_sources", "inner_point", "interpolated", "printed", "square", "stop", "")
LANGUAGE_NOTES = (
    "organisation_wide", "workers_2014_15", "phone_line", "materials", "social_networks", "web_pages",
    "interpreter_on_site", "",
)  # fmt: skip
LOCALITY_KINDS = ("market", "residential", "analysis", "territory", "accommodation", "emergency", "node", "facility")

_ID = pa.Column(str, pa.Check.str_matches(r"^[a-z0-9]+(-[a-z0-9]+)*$"), unique=True)
_FILLED = pa.Column(str, pa.Check.str_matches(r"\S"))
_FLAG = pa.Column(str, pa.Check.isin(["true", "false"]))
_ISO_DATE_OR_EMPTY = pa.Column(str, pa.Check(lambda cell: not cell or _is_date(cell), element_wise=True))
_DEGREES_OR_EMPTY = pa.Column(str, pa.Check.str_matches(r"^(\d{1,2}\.\d+)?$"))
_DEGREES = pa.Column(str, pa.Check.str_matches(r"^\d{1,2}\.\d+$"))
_LINK_OR_EMPTY = pa.Column(str, pa.Check.str_matches(r"^(https?://\S+)?$"))

SERVICES = pa.DataFrameSchema(
    {
        "id": _ID,
        "organization": _FILLED,
        "name": _FILLED,
        "service_types": _FILLED,
        "lat": _DEGREES_OR_EMPTY,
        "lon": _DEGREES_OR_EMPTY,
        "position_precision": pa.Column(str, pa.Check.isin(PRECISIONS)),
        "position_uncertainty_m": pa.Column(str, pa.Check.str_matches(r"^\d*$")),
        "position_source": pa.Column(str, pa.Check.isin(POSITION_SOURCES)),
        "languages_note": pa.Column(str, pa.Check.isin(LANGUAGE_NOTES)),
        "website": _LINK_OR_EMPTY,
        "as_of_cs": _FILLED,
        "as_of_en": _FILLED,
        "as_of_uk": _FILLED,
        "as_of_date": _ISO_DATE_OR_EMPTY,
        "historical": _FLAG,
        "not_confirmed": _FLAG,
        "source": _FILLED,
    }
)
LOCALITIES = pa.DataFrameSchema(
    {
        "id": _ID,
        "name": _FILLED,
        "kind": pa.Column(str, pa.Check.isin(LOCALITY_KINDS)),
        "city_parts": _FILLED,
        "historical": _FLAG,
        "as_of_date": _ISO_DATE_OR_EMPTY,
        "what_is_public_cs": _FILLED,
        "what_is_public_en": _FILLED,
        "what_is_public_uk": _FILLED,
        "granularity_cs": _FILLED,
        "granularity_en": _FILLED,
        "granularity_uk": _FILLED,
        "source": _FILLED,
    }
)
STATIONS = pa.DataFrameSchema(
    {
        "id": _ID,
        "name": pa.Column(str, pa.Check.str_matches(r"\S"), unique=True),
        "lines": pa.Column(str, pa.Check.str_matches(r"^[ABC](;[ABC])*$")),
        "lon": _DEGREES,
        "lat": _DEGREES,
        "step_free": pa.Column(str, pa.Check.isin(["yes", "no", "unknown"])),
    }
)
COOPERATION = pa.DataFrameSchema(
    {
        "code": pa.Column(str, unique=True),
        "status": _FILLED,
        "status_published": pa.Column(str, pa.Check.isin(["established", "regular_contact"])),
        "source": _FILLED,
    }
)


def read_checked(
    card: Path, schema: pa.DataFrameSchema, check: Callable[[pd.DataFrame], Iterator[Problem]]
) -> pd.DataFrame:
    """Return the cells of a file as text.

    Parameters
    ----------
    card
        The TOML file beside the data file.
    schema
        What the columns may hold.
    check
        Yields what a schema of columns cannot say: codes, positions.

    Raises
    ------
    DataFileError
        Code `data_file_missing`.
    ProblemsError
        Code `invalid_places_file`, with every problem of checksum, columns and rows at once.
    """
    info = read_dataset_info(card)
    problems = []
    try:
        verify_file(info, card.parent)
    except DataFileError as error:
        if error.code == "data_file_missing":
            raise
        problems.append(Problem(code="places_file_changed", field=info.path))
    cells = pd.read_csv(card.parent / info.path, dtype=str, keep_default_na=False, encoding="utf-8")
    if len(cells) != info.count:
        problems.append(
            Problem(code="places_file_count", field=info.path, value=str(len(cells)), limit=str(info.count))
        )
    missing = [column for column in (*info.columns, *schema.columns) if column not in cells.columns]
    problems += [Problem(code="places_file_column_missing", field=column) for column in dict.fromkeys(missing)]
    if not missing:
        problems += [*_problems_of_schema(cells, schema), *check(cells)]
    if problems:
        raise ProblemsError("invalid_places_file", problems, file=info.path)
    return cells


def _problems_of_schema(cells: pd.DataFrame, schema: pa.DataFrameSchema) -> Iterator[Problem]:
    try:
        schema.validate(cells, lazy=True)
    except pa.errors.SchemaErrors as error:
        for case in error.failure_cases.to_dict(orient="records"):
            row = int(case["index"]) + 2 if pd.notna(case["index"]) else None
            yield Problem(code="places_file_value", field=str(case["column"]), row=row, value=str(case["failure_case"]))


def problems_of_services(cells: pd.DataFrame) -> Iterator[Problem]:
    """Yield unknown codes, missing positions and positions outside the city part they are said to be in."""
    types = {term.code for term in terms("typ_sluzby", Scope.SERVICE)}
    parts = boundaries().city_parts
    for number, row in enumerate(cells.to_dict(orient="records"), start=2):
        yield from _unknown_codes("service_types", row["service_types"], types, number)
        yield from _unknown_codes("languages", row["languages"], LANGUAGE_NAMES, number)
        placed = row["position_precision"] != "none"
        if placed != bool(row["lat"] and row["lon"]) or placed != bool(row["city_part"]):
            yield Problem(code="places_file_position", field="position_precision", row=number, value=row["id"])
        elif placed and row["city_part"] not in parts.index:
            yield Problem(code="places_file_city_part_unknown", field="city_part", row=number, value=row["city_part"])
        elif placed and not parts.geometry[row["city_part"]].covers(_point(row["lon"], row["lat"])):
            yield Problem(code="places_file_outside_city_part", field="lon, lat", row=number, value=row["id"])


def problems_of_localities(cells: pd.DataFrame) -> Iterator[Problem]:
    """Yield unknown city parts."""
    known = boundaries().city_parts.index
    for number, codes in enumerate(cells["city_parts"], start=2):
        for code in split_codes(codes):
            if code not in known:
                yield Problem(code="places_file_city_part_unknown", field="city_parts", row=number, value=code)


def problems_of_stations(cells: pd.DataFrame) -> Iterator[Problem]:
    """Yield stations outside Prague."""
    prague = boundaries().city_parts.geometry.union_all()
    for number, row in enumerate(cells.to_dict(orient="records"), start=2):
        if not prague.covers(_point(row["lon"], row["lat"])):
            yield Problem(code="places_file_outside_prague", field="lon, lat", row=number, value=row["name"])


def problems_of_cooperation(cells: pd.DataFrame) -> Iterator[Problem]:
    """Yield unknown city parts and states."""
    known = boundaries().city_parts.index
    states = {term.code for term in terms("stav_spoluprace", Scope.CO_OPERATION)}
    for number, row in enumerate(cells.to_dict(orient="records"), start=2):
        if row["code"] not in known:
            yield Problem(code="places_file_city_part_unknown", field="code", row=number, value=row["code"])
        yield from _unknown_codes("status", row["status"], states, number)


def _unknown_codes(field: str, cell: str, known: Container[str], row: int) -> Iterator[Problem]:
    for code in split_codes(cell):
        if code not in known:
            yield Problem(code="places_file_term_unknown", field=field, row=row, value=code)


def _point(lon: str, lat: str) -> shapely.Point:
    try:
        return shapely.Point(float(lon), float(lat))
    except ValueError:  # the schema has already named the cell
        return shapely.Point()


def split_codes(cell: str) -> tuple[str, ...]:
    """Return the codes of a cell, parted by semicolons."""
    return tuple(code for code in cell.split(";") if code)
