"""Many rows at once: SQLAlchemy's own way spends most of a mass write on looking at each value of each row.

A column's values are turned into what the driver takes once for each different value; PostgreSQL is
given the rows as one stream (COPY), SQLite as one statement executed many times.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql.dml import Insert

from domain.errors import StoreError
from store import postgres

Row = Mapping[str, Any]


def insert_rows(connection: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns; any that cannot be stored refuses them all.

    Raises
    ------
    StoreError
        What the server refused, told as for any other write: COPY goes past SQLAlchemy, which would tell it.
    """
    if not rows:
        return
    names = list(rows[0])
    values = _driver_values(connection, table, names, rows)
    if connection.dialect.name != postgres.BACKEND:
        _execute_many(connection, sa.insert(table), names, values)
        return
    from psycopg import Error  # noqa: PLC0415  only where there is a server

    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    statement = f"COPY {quote(table.name)} ({columns}) FROM STDIN"
    server: Any = connection.connection.driver_connection
    try:
        with server.cursor() as cursor, cursor.copy(statement) as copy:
            for row in values:
                copy.write_row(row)
    except Error as error:
        raise StoreError(postgres.refusal_code(error)) from error


def upsert_rows(connection: Connection, statement: Insert, table: sa.Table, rows: Sequence[Row]) -> None:
    """Execute an INSERT with ON CONFLICT for rows that all name the same columns."""
    if not rows:
        return
    if connection.dialect.name == postgres.BACKEND:
        connection.execute(statement, [dict(row) for row in rows])
        return
    names = list(rows[0])
    _execute_many(connection, statement, names, _driver_values(connection, table, names, rows))


def _execute_many(
    connection: Connection, statement: Insert, names: list[str], values: Sequence[tuple[Any, ...]]
) -> None:
    compiled = statement.compile(dialect=connection.dialect, column_keys=names)
    pick = itemgetter(*(names.index(name) for name in compiled.positiontup or ()))
    # SQLite's driver has places for values, in the table's order of columns.
    connection.exec_driver_sql(str(compiled), [pick(row) for row in values])


def _driver_values(
    connection: Connection, table: sa.Table, names: list[str], rows: Sequence[Row]
) -> list[tuple[Any, ...]]:
    columns = []
    for name in names:
        found = [row[name] for row in rows]
        write = table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        columns.append(found if write is None else _written(found, write))
    return list(zip(*columns, strict=True))


def _written(values: list[Any], write: Callable[[Any], Any]) -> list[Any]:
    # What JSON is made of cannot be looked up, and is hardly met twice.
    if isinstance(values[0], dict | list):
        return [write(value) for value in values]
    known = {value: write(value) for value in set(values)}
    return [known[value] for value in values]
