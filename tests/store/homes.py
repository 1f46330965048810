"""Where a store of a test lives, on either engine, and what a test may do behind the store's back."""

import shutil
import sqlite3

import sqlalchemy as sa

from store import open_store, tables
from store.engine import make_engine
from store.postgres import read_url
from store.store import sqlite_url
from tests.tools.postgres import require_postgres, running_cluster

ENGINES = ("sqlite", "postgresql")
TABLES = tables.metadata.sorted_tables


class Home:
    """A DATA_DIR and, on PostgreSQL, a database of its own."""

    database_url = None

    def __init__(self, data_dir):
        self.data_dir = data_dir

    def open(self, **more):
        return open_store(self.data_dir, database_url=self.database_url, **more)

    def everything(self):
        """Return every row of every table as the engine itself gives it."""
        engine = make_engine(self.url, writer=False)
        with engine.connect() as connection:
            found = {
                table.name: connection.exec_driver_sql(f'SELECT * FROM "{table.name}" ORDER BY 1, 2').all()
                for table in TABLES
            }
        engine.dispose()
        return found

    def holding(self, text):
        """Return where a text is kept: the files that hold it, and the tables of a server."""
        return sorted(
            str(path.relative_to(self.data_dir)) for path in self.data_dir.rglob("*")
            if path.is_file() and text.encode() in path.read_bytes()
        )  # fmt: skip

    def take_log_of(self, other):
        """Put another installation's log in place of the own one."""
        source, target = make_engine(other.url, writer=False), make_engine(self.url, writer=True)
        with source.connect() as reading, target.begin() as writing:
            rows = [dict(row) for row in reading.execute(sa.select(tables.audit_log)).mappings()]
            writing.execute(sa.delete(tables.audit_log))
            writing.execute(sa.insert(tables.audit_log), rows)
        source.dispose()
        target.dispose()

    def remove(self):
        pass


class SqliteHome(Home):
    engine = "sqlite"

    @property
    def path(self):
        return self.data_dir / "bila-mista.sqlite"

    @property
    def url(self):
        return sqlite_url(self.path)

    def execute(self, *statements):
        with sqlite3.connect(self.path) as connection:
            for statement in statements:
                connection.execute(statement)

    def backup(self, folder):
        """Return a copy of the store as it is now."""
        shutil.copytree(self.data_dir, folder)
        return SqliteHome(folder)

    def sibling(self, data_dir):
        """Return another installation on the same engine."""
        return SqliteHome(data_dir)


class PostgresHome(Home):
    engine = "postgresql"

    def __init__(self, data_dir, cluster, template):
        super().__init__(data_dir)
        self.cluster = cluster
        self.template = template
        self.database = cluster.make_database(template)
        self.database_url = cluster.url(self.database)
        self._siblings = []

    @property
    def url(self):
        return read_url(self.database_url)

    def execute(self, *statements):
        with self.cluster.connect(self.database) as connection:
            for statement in statements:
                connection.execute(statement)

    def holding(self, text):
        with self.cluster.connect(self.database) as connection:
            rows = {
                table.name: connection.execute(f'SELECT t::text FROM "{table.name}" t').fetchall() for table in TABLES
            }
        return super().holding(text) + sorted(name for name, found in rows.items() if text in str(found))

    def backup(self, folder):
        shutil.copytree(self.data_dir, folder)
        with self.cluster.connect() as connection:
            # A database is a template only while nobody is connected to it; the store connects again by itself.
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.database]
            )
        copy = PostgresHome(folder, self.cluster, self.database)
        self._siblings.append(copy)
        return copy

    def sibling(self, data_dir):
        other = PostgresHome(data_dir, self.cluster, self.template)
        self._siblings.append(other)
        return other

    def remove(self):
        for other in self._siblings:
            other.remove()
        self.cluster.drop_database(self.database)


class Clusters:
    """The one cluster of a test run, made when first asked for."""

    def __init__(self, factory):
        self._factory = factory
        self._running = None
        self.cluster = None
        self.template = None

    def home(self, engine, data_dir):
        if engine == "sqlite":
            return SqliteHome(data_dir)
        self.require()
        return PostgresHome(data_dir, self.cluster, self.template)

    def require(self):
        require_postgres()
        if self.cluster is None:
            self._running = running_cluster()
            self.cluster = self._running.__enter__()
            self.template = self.cluster.make_database()
            # Every test begins with the schema as the migrations make it, and an empty log.
            open_store(self._factory.mktemp("template") / "data", database_url=self.cluster.url(self.template)).close()
        return self.cluster

    def close(self):
        if self._running is not None:
            self._running.__exit__(None, None, None)
