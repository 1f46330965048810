"""All visits as columns, read in one go.

Row by row a driver makes some six objects a visit, which takes seconds for a million of them. So
SQLite is asked for texts of fixed-width records, which become arrays without a loop. Any other
engine, and any content that does not fit the widths, is read row by row; the answer is the same.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from domain.vocabulary import Scope, terms
from store.store import Store
from store.tables import accounts, places, visits
from store.tables import organisations as organisations_table

COLUMNS = ("city_part", "cell", "organisation_id", "outcome", "happened_on", "recorded_at")
ROWS_AT_A_TIME = 125_000
# Two, as SQLite works outside Python's lock; more would only take memory.
READERS = 2

_ID, _PART, _DAY, _HOUR, _CELL = 36, 6, 10, 13, 15
_RECORD = _ID + _PART + 1 + 1 + _DAY + _HOUR
_PLACE = _ID + _CELL
_FIRST_CODE = ord("0")
_CODES = 60
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_WORD = 8
_ZERO = ord("0")
_Bytes = npt.NDArray[np.uint8]
_Words = npt.NDArray[np.uint64]
_Numbers = npt.NDArray[np.int64]
_Days = npt.NDArray[np.datetime64]


def columns(store: Store, *, organisation_id: str | None = None) -> pd.DataFrame:
    """Return every visit that was not withdrawn, with the cell of its place.

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
        `city_part`, `cell` (H3 resolution 9 of the place as it is now; missing where only the city
        part is known), `organisation_id`, `outcome` (categorical), `happened_on` and `recorded_at`
        (UTC, to the hour: days of Prague begin on the hour), both datetime64 in seconds.
    """
    engine = store._readers  # noqa: SLF001  the package's own: several connections at once
    if engine.dialect.name == "sqlite":
        # Visits of organisations that are gone are rare, and looking for them means looking through all visits.
        for look_up in (_registered, _named):
            packed = _read_packed(engine, organisation_id, look_up)
            if packed is not None:
                return packed
    return _read_rows(engine, organisation_id)


def _read_rows(engine: Engine, organisation_id: str | None) -> pd.DataFrame:
    """Read row by row: any engine, any content."""
    query = (
        sa.select(
            visits.c.city_part,
            places.c.h3_9,
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
class _Chunk:
    """Visits of a range of rows; codes count from 0 in the lists that the query was made with."""

    place: _Words
    part: _Words
    parts: Mapping[int, str]
    organisation: _Numbers
    outcome: _Numbers
    day: _Days
    instant: _Days


def _read_packed(
    engine: Engine, organisation_id: str | None, look_up: Callable[[Connection], list[str]]
) -> pd.DataFrame | None:
    """Read texts of fixed-width records; None where something does not fit."""
    with engine.begin() as connection:
        last = int(connection.exec_driver_sql("SELECT coalesce(max(rowid), 0) FROM visits").scalar_one())
        last_place = int(connection.exec_driver_sql("SELECT coalesce(max(rowid), 0) FROM places").scalar_one())
        organisations = look_up(connection) if organisation_id is None else [organisation_id]
    outcomes = [term.code for term in terms("vysledek_kontaktu", Scope.VISIT)]
    if max(len(organisations), len(outcomes)) > _CODES:
        return None
    query = _visit_query(organisations, outcomes, own=organisation_id is not None)
    with ThreadPoolExecutor(READERS) as pool:
        known = pool.submit(_read_places, engine, last_place)
        starts = range(0, last, ROWS_AT_A_TIME)
        read = list(pool.map(lambda start: _read_chunk(engine, query, start), starts))
    cells = known.result()
    chunks = [chunk for chunk in read if chunk is not None]
    if cells is None or len(chunks) < len(read):
        return None
    return _joined(chunks, organisations, outcomes, *cells)


def _registered(connection: Connection) -> list[str]:
    """Return the organisations that are registered."""
    found = connection.execute(sa.union(sa.select(organisations_table.c.id), sa.select(accounts.c.organisation_id)))
    return sorted(str(row[0]) for row in found)


def _named(connection: Connection) -> list[str]:
    """Return the organisations that visits name."""
    return sorted(str(row[0]) for row in connection.execute(sa.select(visits.c.organisation_id).distinct()))


def _visit_query(organisations: list[str], outcomes: list[str], *, own: bool) -> sa.TextClause:
    """Return the query of one chunk. What is in neither list is counted and leaves no record, and so is noticed."""
    record = " || ".join(
        [
            f"coalesce(place_id, '{' ' * _ID}')",
            "city_part",
            _coded("organisation_id", "organisation", len(organisations)),
            _coded("outcome", "outcome", len(outcomes)),
            "happened_on",
            f"substr(created_at, 1, {_HOUR})",
        ]
    )
    only = " AND organisation_id = :organisation0" if own else ""
    return sa.text(
        f"SELECT group_concat({record}, ''), count(*), coalesce(max(length(place_id)), 0), "  # noqa: S608  constants
        "coalesce(max(length(city_part)), 0), coalesce(max(length(happened_on)), 0) "
        f"FROM visits WHERE withdrawn = 0 AND rowid > :start AND rowid <= :end{only}"
    ).bindparams(
        **{f"organisation{number}": value for number, value in enumerate(organisations)},
        **{f"outcome{number}": value for number, value in enumerate(outcomes)},
    )


def _coded(column: str, name: str, count: int) -> str:
    """Return SQL that writes a value as one character: its place in a list."""
    cases = " ".join(f"WHEN :{name}{number} THEN '{chr(_FIRST_CODE + number)}'" for number in range(count))
    return f"CASE {column} {cases} END" if count else "NULL"


def _read_chunk(engine: Engine, query: sa.TextClause, start: int) -> _Chunk | None:
    """Read the visits of a range of row numbers."""
    params = {"start": start, "end": start + ROWS_AT_A_TIME}
    table = _fetch(engine, query, params, _RECORD, (_ID, _PART, _DAY))
    if table is None:
        return None
    part = _words(table[:, _ID : _ID + _PART])
    distinct, first = np.unique(part, return_index=True)
    at = _ID + _PART
    return _Chunk(
        place=_words(table[:, :_ID]),
        part=part,
        parts={int(w): _text(table[row, _ID:at]) for w, row in zip(distinct, first.tolist(), strict=True)},
        organisation=table[:, at].astype(np.int64) - _FIRST_CODE,
        outcome=table[:, at + 1].astype(np.int64) - _FIRST_CODE,
        day=_days(table[:, at + 2 :]),
        instant=_hours(table[:, at + 2 + _DAY :]),
    )


def _read_places(engine: Engine, last: int) -> tuple[_Words, "pd.Series[str]"] | None:
    """Return the words of all ids of places with a position, and their cells."""
    query = sa.text(
        "SELECT group_concat(id || h3_9, ''), count(*), coalesce(max(length(id)), 0), coalesce(max(length(h3_9)), 0) "
        "FROM places WHERE h3_9 IS NOT NULL AND rowid > :start AND rowid <= :end"
    )
    words, cells = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    names: dict[int, str] = {}
    for start in range(0, last, ROWS_AT_A_TIME):
        table = _fetch(engine, query, {"start": start, "end": start + ROWS_AT_A_TIME}, _PLACE, (_ID, _CELL))
        if table is None:
            return None
        words.append(_words(table[:, :_ID]))
        cells.append(_words(table[:, _ID:]))
        distinct, first = np.unique(cells[-1], return_index=True)
        names.update({int(w): _text(table[row, _ID:]) for w, row in zip(distinct, first.tolist(), strict=True)})
    numbers, distinct = pd.factorize(np.concatenate(cells))
    named = _categorical(numbers, [names[int(word)] for word in distinct])
    return np.concatenate(words), pd.Series(named)


def _fetch(
    engine: Engine, query: sa.TextClause, params: Mapping[str, Any], width: int, widths: tuple[int, ...]
) -> _Bytes | None:
    """Return a table of bytes, a row for each record; None where a text has not the length of its place.

    No text is longer than its place and all together have the whole length: so each fills its place.
    """
    with engine.begin() as connection:
        text, count, *lengths = connection.execute(query, params).one()
    packed = (text or "").encode()
    fits = all(length <= most for length, most in zip(lengths, widths, strict=True))
    if not fits or len(packed) != count * width:
        return None
    return np.frombuffer(packed, dtype=np.uint8).reshape(count, width)


def _joined(
    chunks: list[_Chunk],
    organisations: list[str],
    outcomes: list[str],
    place_words: _Words,
    place_cells: "pd.Series[str]",
) -> pd.DataFrame | None:
    index = pd.Index(place_words)
    if not index.is_unique:
        return None
    parts: dict[int, str] = {}
    for chunk in chunks:
        parts.update(chunk.parts)
    at = index.get_indexer(pd.Index(_all([chunk.place for chunk in chunks], np.dtype(np.uint64))))
    cell = np.append(place_cells.cat.codes.to_numpy(dtype=np.int64), -1)[at]
    part, distinct = pd.factorize(_all([chunk.part for chunk in chunks], np.dtype(np.uint64)))
    days = np.dtype("datetime64[s]")
    data = {
        "city_part": _categorical(part, [parts[int(word)] for word in distinct]),
        "cell": _categorical(cell, [str(name) for name in place_cells.cat.categories]),
        "organisation_id": _listed([chunk.organisation for chunk in chunks], organisations),
        "outcome": _listed([chunk.outcome for chunk in chunks], outcomes),
        "happened_on": _all([chunk.day for chunk in chunks], days),
        "recorded_at": _all([chunk.instant for chunk in chunks], days),
    }
    return pd.DataFrame(data)


def _all(parts: list[npt.NDArray[Any]], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *parts]).astype(dtype, copy=False)


def _listed(codes: list[_Numbers], values: list[str]) -> Any:  # noqa: ANN401  a Categorical
    return _categorical(_all(codes, np.dtype(np.int64)), values)


def _categorical(codes: npt.NDArray[Any], values: list[str]) -> Any:  # noqa: ANN401  a Categorical
    """Return a categorical; its own stubs do not know lists of texts."""
    make: Any = pd.Categorical.from_codes
    return make(codes, categories=values)


def _words(field: _Bytes) -> _Words:
    """Return one number for each text: equal texts have equal numbers, others practically never."""
    width = field.shape[1]
    found = np.zeros(len(field), dtype=np.uint64)
    for start in range(0, width, _WORD):
        part = field[:, start : start + _WORD]
        if part.shape[1] < _WORD:
            part = np.pad(part, ((0, 0), (0, _WORD - part.shape[1])))
        found ^= found >> np.uint64(29)
        found *= _MULTIPLIER
        found += np.ascontiguousarray(part).view(np.uint64)[:, 0]
    return found


def _text(field: _Bytes) -> str:
    return field.tobytes().decode()


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
