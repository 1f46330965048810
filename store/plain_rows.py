"""Rows as lines of JSON that say the same on every engine, and digests of whole tables.

Tables are described as the database has them, not as the program would make them, so rows of an
older schema are read and written too. A digest does not hang on the order of rows: engines sort
text differently.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

NOT_OURS = "alembic_version"
_FETCH_ROWS = 2_000
_MODULUS = 2**256


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTable:
    """A table with its columns in order; `dates` and `instants` are those that JSON has no type for."""

    table: sa.TableClause
    columns: tuple[str, ...]
    dates: frozenset[str]
    instants: frozenset[str]

    @property
    def name(self) -> str:
        """Return the table's name."""
        return self.table.name

    def with_columns(self, columns: Sequence[str]) -> "PlainTable":
        """Return the table with its columns in the order of `columns`; `ValueError` if they are others."""
        if sorted(columns) != sorted(self.columns):
            raise ValueError(f"other columns of {self.name}")
        own = sa.table(self.name, *(sa.column(name, self.table.c[name].type) for name in columns))
        return replace(self, table=own, columns=tuple(columns))

    def line(self, row: Sequence[object]) -> bytes:
        """Return a row as one line."""
        values = [_plain(value) for value in row]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()

    def row(self, line: bytes, *, has_zones: bool) -> dict[str, object]:
        """Return what to insert for a line; `has_zones` says whether the engine's instants have a zone.

        Raises
        ------
        ValueError
            If the line is none of this table's.
        """
        values = json.loads(line)
        if not isinstance(values, list):
            raise ValueError(f"no row of {self.name}")  # noqa: TRY004  one kind of error for a line
        row: dict[str, object] = dict(zip(self.columns, values, strict=True))
        for name in self.dates:
            row[name] = None if row[name] is None else date.fromisoformat(str(row[name]))
        for name in self.instants:
            if row[name] is not None:
                instant = datetime.fromisoformat(str(row[name]))
                row[name] = instant.replace(tzinfo=UTC) if has_zones else instant
        return row


@dataclass(slots=True)
class TableDigest:
    """Number of rows and the sum of their digests."""

    rows: int = 0
    _sum: int = field(default=0)

    def add(self, line: bytes) -> None:
        """Count a line in."""
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line).digest(), "big")) % _MODULUS

    def written(self) -> list[int | str]:
        """Return it as JSON takes it."""
        return [self.rows, f"{self._sum:064x}"]


def plain_tables(connection: Connection) -> list[PlainTable]:
    """Return the tables of a database, each after those that it refers to."""
    inspector = sa.inspect(connection)
    names = [name for name, _ in inspector.get_sorted_table_and_fkc_names() if name not in {None, NOT_OURS}]
    return [_described(inspector, str(name)) for name in names]


def lines_of(connection: Connection, table: PlainTable) -> Iterator[bytes]:
    """Yield the rows of a table as lines, a few at a time from the engine."""
    query = sa.select(table.table)
    with connection.execution_options(yield_per=_FETCH_ROWS).execute(query) as rows:
        for row in rows:
            yield table.line(row)


def digest_of(connection: Connection, table: PlainTable) -> TableDigest:
    """Return the digest of a table as it is in the database."""
    digest = TableDigest()
    for line in lines_of(connection, table):
        digest.add(line)
    return digest


def insert_lines(connection: Connection, table: PlainTable, lines: Sequence[bytes]) -> None:
    """Insert lines as rows; raises `ValueError` for a line that is none."""
    has_zones = connection.dialect.name != "sqlite"
    rows = [table.row(line, has_zones=has_zones) for line in lines]
    if rows:
        connection.execute(sa.insert(table.table), rows)


def _described(inspector: sa.Inspector, name: str) -> PlainTable:
    columns = inspector.get_columns(name)
    kinds = {column["name"]: column["type"] for column in columns}
    return PlainTable(
        table=sa.table(name, *(sa.column(column, kind) for column, kind in kinds.items())),
        columns=tuple(kinds),
        dates=frozenset(column for column, kind in kinds.items() if isinstance(kind, sa.Date)),
        instants=frozenset(column for column, kind in kinds.items() if isinstance(kind, sa.DateTime)),
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        utc = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
        return utc.isoformat()
    return value.isoformat() if isinstance(value, date) else value
