"""Gives a PostgreSQL server a copy of a file's data, by COPY, and tells how much disk either takes."""

import shutil

import psycopg
import sqlalchemy as sa

from store import tables
from store.data_dir import DATABASE_NAME, KEYS_NAME
from store.engine import batches, make_engine
from store.mass_insert import insert_rows
from store.migrate import migrate
from store.move_database import SEEDED
from store.postgres import make_plain_engine, read_url
from store.store import sqlite_url


def copy_to_server(data_dir, there, url):
    """Copy all tables of the file in `data_dir` into an empty database, and its keys into the new DATA_DIR `there`."""
    there.mkdir(parents=True, mode=0o700)
    shutil.copytree(data_dir / KEYS_NAME, there / KEYS_NAME)
    target = read_url(url)
    reader, writer = make_engine(sqlite_url(data_dir / DATABASE_NAME), writer=False), make_engine(target, writer=True)
    try:
        with reader.begin() as reading, writer.begin() as writing:
            migrate(writing)
            for name in SEEDED:
                writing.execute(sa.delete(tables.metadata.tables[name]))
            for table in tables.metadata.sorted_tables:
                rows = reading.execute(sa.select(table), execution_options={"yield_per": 5_000}).mappings()
                for batch in batches(rows):
                    insert_rows(writing, table, batch)
        with make_plain_engine(target).connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    finally:
        reader.dispose()
        writer.dispose()


def size_on_disk(data_dir, url):
    """Return the bytes that the database takes, with its indexes."""
    if url is None:
        return (data_dir / DATABASE_NAME).stat().st_size
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT pg_database_size(current_database())").fetchone()[0]
