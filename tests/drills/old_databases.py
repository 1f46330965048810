"""Databases as older versions of the program left them, filled with rows by what their columns are."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from store import tables
from store.audit_chain import AuditChain, AuditEntry, load_key
from store.data_dir import APPLICATION_ID, DATABASE_NAME, KEYS_NAME, make_data_dir, write_private_file
from store.engine import make_engine
from store.migrate import SCRIPTS, current_revision, migrate_to
from store.plain_rows import TableDigest, lines_of, plain_tables
from store.store import sqlite_url

# Most rows stand where most of a real installation's stand.
LARGE = {"places", "place_versions", "visits", "changes", "audit_log"}
AS_MADE = {"store_state"}
FIRST_DAY = date(2024, 1, 1)


def all_revisions():
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def build(data_dir, revision, *, rows, seed):
    """Make a DATA_DIR at `revision` with at least `rows` rows."""
    make_data_dir(data_dir)
    path = data_dir / DATABASE_NAME
    write_private_file(path, b"")
    chain = AuditChain(data_dir / KEYS_NAME, key=load_key(data_dir / KEYS_NAME, may_make=True))
    engine = make_engine(sqlite_url(path), writer=True)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        migrate_to(connection, revision)
        fill(connection, chain, rows, random.Random(seed))
        write_private_file(data_dir / KEYS_NAME / "audit.head", chain.head_line(chain.last_of(connection)))
    engine.dispose()


def fill(connection, chain, rows, rng):
    inspector = sa.inspect(connection)
    described = [table for table in plain_tables(connection) if table.name not in AS_MADE]
    large = [table.name for table in described if table.name in LARGE]
    small = max(3, rows // 10 // (len(described) - len(large)))
    for table in described:
        count = rows // len(large) + 1 if table.name in LARGE else small
        if table.name == "audit_log":
            fill_log(connection, chain, count)
            continue
        keys = {
            key["constrained_columns"][0]: (key["referred_table"], key["referred_columns"][0])
            for key in inspector.get_foreign_keys(table.name)
        }
        referred = {
            column: list(connection.execute(sa.select(sa.column(other)).select_from(sa.table(name))).scalars())
            for column, (name, other) in keys.items()
        }
        made = [row(table, number, referred, rng) for number in range(count)]
        connection.execute(sa.insert(table.table), made)


def row(table, number, referred, rng):
    values = {column: value(table, column, number, rng) for column in table.columns}
    for column, ids in referred.items():
        values[column] = ids[number % len(ids)]
    return values


def value(table, column, number, rng):
    known = tables.metadata.tables[table.name].c.get(column) if table.name in tables.metadata.tables else None
    made = {
        tables.Codes: lambda: '["vi","uk"]' if rng.random() < 0.3 else "[]",
        tables.JsonText: lambda: f'{{"číslo":{number}}}',
        sa.Boolean: lambda: rng.random() < 0.5,
        sa.DateTime: lambda: datetime(2024, 1, 1) + timedelta(seconds=rng.randrange(10**8), microseconds=number),  # noqa: DTZ001
        sa.Date: lambda: FIRST_DAY + timedelta(days=rng.randrange(900)),
        sa.Integer: lambda: number,
        sa.Float: lambda: rng.uniform(-50, 50),
        sa.Text: lambda: f"{column} {number} ž „“ \n\t{rng.randrange(10**6)}",
    }
    kinds = (known.type if known is not None else None, table.table.c[column].type)
    return next(make() for asked in kinds for kind, make in made.items() if isinstance(asked, kind))


def fill_log(connection, chain, count):
    at = datetime(2024, 1, 1, tzinfo=UTC)
    entries = [
        AuditEntry(
            at=at + timedelta(seconds=number), account_id="a", organisation_id="o", action="place.add", entity="place",
            entity_id=str(number), payload=f'{{"n":{number}}}',
        )
        for number in range(count)
    ]  # fmt: skip
    chain.append(connection, entries)


def read(data_dir, columns=None):
    """Return revision, columns and digest of every table; of `columns` alone where given."""
    engine = make_engine(sqlite_url(data_dir / DATABASE_NAME), writer=False)
    with engine.begin() as connection:
        revision = current_revision(connection)
        described = {table.name: table for table in plain_tables(connection)}
        wanted = columns or {name: table.columns for name, table in described.items()}
        digests = {name: digest(connection, described[name], names) for name, names in wanted.items()}
    engine.dispose()
    return revision, wanted, digests


def digest(connection, table, names):
    own = sa.table(table.name, *(sa.column(name, table.table.c[name].type) for name in names))
    found = TableDigest()
    for line in lines_of(connection, replace(table, table=own, columns=tuple(names))):
        found.add(line)
    return found.written()
