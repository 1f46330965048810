"""All visits as columns, read in one go.

Row by row a driver makes some six objects a visit, which takes seconds for a million of them. So
SQLite is asked for groups of visits that differ in nothing but their dates, in the order of an index
that holds all of it; the dates of a group come as one text of fixed-width records, which becomes
arrays without a loop. Any other engine is read row by row; the answer is the same.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.errors import StoreError
from store.store import Store
from store.tables import places, visits

COLUMNS = ("city_part", "cell", "organisation_id", "outcome", "happened_on", "recorded_at")
# Two, as SQLite works outside Python's lock; more would only take memory.
READERS = 2

_DAY, _HOUR = 10, 13
_RECORD = _DAY + _HOUR
_ZERO = ord("0")
_Bytes = npt.NDArray[np.uint8]
_Numbers = npt.NDArray[np.int64]
_Days = npt.NDArray[np.datetime64]

# One step of the index for each city part that visits name, whatever it is called.
_PARTS = sa.text("""
WITH RECURSIVE part(code) AS (
    SELECT min(city_part) FROM visits WHERE withdrawn = 0
    UNION ALL
    SELECT (SELECT min(city_part) FROM visits WHERE withdrawn = 0 AND city_part > part.code)
    FROM part WHERE part.code IS NOT NULL
)
SELECT code FROM part WHERE code IS NOT NULL""")
_GROUPS = f"""
SELECT coalesce((SELECT h3_9 FROM places WHERE places.id = found.place_id), found.cell), organisation_id, outcome,
    visits, dates
FROM (
    SELECT place_id, cell, organisation_id, outcome, count(*) AS visits,
        group_concat(happened_on || substr(created_at, 1, {_HOUR}), '') AS dates
    FROM visits WHERE withdrawn = 0 AND city_part = :city_part {{only}}
    GROUP BY place_id, cell, organisation_id, outcome
) AS found"""  # noqa: S608  constants


def columns(store: Store, *, organisation_id: str | None = None) -> pd.DataFrame:
    """Return every visit that was not withdrawn, with the cell of its place or of the area that was searched.

    Parameters
    ----------
    store
        The store.
    organisation_id
        Only the visits of this organisation; those of all where None.

    Returns
    -------
    pandas.DataFrame
        One row a visit, in no particular order, as `geo.coverage_visits.visit_columns` takes it:
        `city_part`, `cell` (H3 resolution 9 of the place as it is now, else of the area; missing
        where only the city part is known), `organisation_id`, `outcome` (categorical), `happened_on`
        and `recorded_at` (UTC, to the hour: days of Prague begin on the hour), both datetime64 in
        seconds.

    Raises
    ------
    StoreError
        `database_damaged` if a date is no date: this program writes no such thing.
    """
    engine = store._readers  # noqa: SLF001  the package's own: several connections at once
    if engine.dialect.name == "sqlite":
        return _read_groups(engine, organisation_id)
    return _read_rows(engine, organisation_id)


def _read_rows(engine: Engine, organisation_id: str | None) -> pd.DataFrame:
    """Read row by row: any engine."""
    query = (
        sa.select(
            visits.c.city_part,
            sa.func.coalesce(places.c.h3_9, visits.c.cell),
            visits.c.organisation_id,
            visits.c.outcome,
            visits.c.happened_on,
            visits.c.created_at,
        )
        .select_from(visits.outerjoin(places, places.c.id == visits.c.place_id))
        .where(visits.c.withdrawn.is_(False))
    )
    if organisation_id is not None:
        query = query.where(visits.c.organisation_id == organisation_id)
    with engine.begin() as connection:
        rows = connection.execute(query).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=list(COLUMNS))
    for name in COLUMNS[:4]:
        frame[name] = frame[name].astype("category")
    frame["happened_on"] = pd.to_datetime(frame["happened_on"]).astype("datetime64[s]")
    instants = pd.to_datetime(frame["recorded_at"], utc=True).dt.tz_localize(None)
    frame["recorded_at"] = instants.dt.floor("h").astype("datetime64[s]")
    return frame


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The visits of a city part: one entry a group in the first four, one record a visit in `dates`."""

    city_part: str
    cell: list[str | None]
    organisation: list[str]
    outcome: list[str]
    visits: _Numbers
    dates: _Bytes


def _read_groups(engine: Engine, organisation_id: str | None) -> pd.DataFrame:
    """Read groups of visits."""
    with engine.begin() as connection:
        codes = [str(row[0]) for row in connection.execute(_PARTS)]
    query = sa.text(_GROUPS.format(only="" if organisation_id is None else "AND organisation_id = :organisation"))
    if organisation_id is not None:
        query = query.bindparams(organisation=organisation_id)
    with ThreadPoolExecutor(READERS) as pool:
        return _joined(list(pool.map(partial(_read_part, engine, query), codes)))


def _read_part(engine: Engine, query: sa.TextClause, code: str) -> _Part:
    with engine.begin() as connection:
        rows = connection.execute(query, {"city_part": code}).all()
    counts = np.array([row.visits for row in rows], dtype=np.int64)
    packed = "".join(row.dates for row in rows).encode()
    if len(packed) != _RECORD * counts.sum():
        raise StoreError("database_damaged", path="visits")
    return _Part(
        city_part=code,
        cell=[row[0] for row in rows],
        organisation=[row.organisation_id for row in rows],
        outcome=[row.outcome for row in rows],
        visits=counts,
        dates=np.frombuffer(packed, dtype=np.uint8).reshape(-1, _RECORD),
    )


def _joined(parts: list[_Part]) -> pd.DataFrame:
    visits = np.concatenate([np.zeros(0, np.int64), *(part.visits for part in parts)])
    dates = np.concatenate([np.zeros((0, _RECORD), np.uint8), *(part.dates for part in parts)])

    def spread(values: list[Any]) -> Any:  # noqa: ANN401  a Categorical
        codes, distinct = pd.factorize(np.array(values, dtype=object))
        # The stubs of pandas do not know lists of texts.
        make: Any = pd.Categorical.from_codes
        return make(np.repeat(codes, visits), categories=distinct)

    data = {
        "city_part": spread([part.city_part for part in parts for _ in part.cell]),
        "cell": spread([cell for part in parts for cell in part.cell]),
        "organisation_id": spread([name for part in parts for name in part.organisation]),
        "outcome": spread([code for part in parts for code in part.outcome]),
        "happened_on": _days(dates).astype("datetime64[s]"),
        "recorded_at": _hours(dates[:, _DAY:]).astype("datetime64[s]"),
    }
    return pd.DataFrame(data)


def _number(field: _Bytes, start: int, count: int) -> _Numbers:
    """Return the number that stands in `count` columns."""
    found = np.zeros(len(field), dtype=np.int64)
    for column in range(start, start + count):
        found *= 10
        found += field[:, column]
    # The digits' own code counts once in every place.
    found -= _ZERO * ((10**count - 1) // 9)
    return found


def _days(field: _Bytes) -> _Days:
    """Return the days of texts such as 2026-07-21."""
    month = (_number(field, 0, 4) - 1970) * 12 + _number(field, 5, 2) - 1
    day = month.astype("datetime64[M]").astype("datetime64[D]") + (_number(field, 8, 2) - 1)
    return np.asarray(day)


def _hours(field: _Bytes) -> _Days:
    """Return the instants of texts such as 2026-07-21 10."""
    return np.asarray(_days(field).astype("datetime64[h]") + _number(field, 11, 2))
