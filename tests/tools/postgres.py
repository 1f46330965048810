"""A private PostgreSQL for the tests, or its installation: `python -m tests.tools.postgres`.

The cluster lies in a folder of its own, listens on a socket in it and on no network, and belongs to an
unprivileged user, as PostgreSQL refuses to run as root.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

OLDEST = 15
USERS = ("postgres", "nobody")
# In memory where there is such a folder: fsync stays on, as the app demands, and costs nothing.
FOLDERS = ("/dev/shm", "/tmp")
LEAST_FREE_BYTES = 2 * 1024**3
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "autovacuum": "on",
    "log_min_messages": "warning",
}


def find_postgres():
    """Return the folder of the newest PostgreSQL's programs, None where there is none of 15 or later."""
    if os.environ.get("POSTGRES_BIN"):
        return Path(os.environ["POSTGRES_BIN"])
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if int(path.parent.name) >= OLDEST]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def require_postgres():
    """Skip the test where there is no PostgreSQL: the suite's only skip.

    It is said in the last line of a run, and in CI it makes the run a failure (both in tests/conftest.py).
    `make test` installs PostgreSQL where it may.
    """
    if find_postgres() is None:
        pytest.skip(f"no PostgreSQL {OLDEST} or later; `python -m tests.tools.postgres` installs one")


def unprivileged():
    """Return arguments for a process that must not be root's."""
    if os.geteuid() != 0:
        return {}
    for name in USERS:
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("no unprivileged user to run PostgreSQL")


class Cluster:
    """A running cluster. `settings` are added to its configuration file."""

    def __init__(self, bin_folder, settings=None):
        self.bin = Path(bin_folder)
        roomy = [
            folder for folder in FOLDERS if Path(folder).is_dir() and shutil.disk_usage(folder).free > LEAST_FREE_BYTES
        ]
        self.folder = Path(tempfile.mkdtemp(prefix="bm-pg-", dir=roomy[0] if roomy else None))
        self._as_user = unprivileged()
        if self._as_user:
            os.chown(self.folder, self._as_user["user"], self._as_user["group"])
        self.data = self.folder / "data"
        self.run(
            "initdb", "-D", self.data, "-U", "bm", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        lines = [f"{name} = '{value}'" for name, value in {**SETTINGS, **(settings or {})}.items()]
        configuration = self.data / "postgresql.conf"
        with configuration.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        self.start()

    def run(self, program, *arguments):
        # Read from files, not pipes: the server inherits them and would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [self.bin / program, *arguments], stdout=output, stderr=output, cwd=self.folder, check=False,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}, **self._as_user,
            )  # fmt: skip
            if done.returncode:
                output.seek(0)
                raise RuntimeError(f"{program}: {output.read().decode(errors='replace')}")

    def start(self):
        options = f"-k {self.folder}"
        self.run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self, mode="fast"):
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def url(self, database="postgres"):
        return f"postgresql://bm@/{database}?host={self.folder}"

    def connect(self, database="postgres"):
        return psycopg.connect(self.url(database), autocommit=True)

    def make_database(self, template="template0", options=""):
        """Make a database of a name of its own and return the name."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {} " + options)
        with self.connect() as connection:
            connection.execute(command.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name):
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def remove(self):
        with contextlib.suppress(RuntimeError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def running_cluster(settings=None):
    cluster = Cluster(find_postgres(), settings)
    try:
        yield cluster
    finally:
        cluster.remove()


def main():
    if find_postgres():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "postgresql"], check=True)
        return 0
    print("no PostgreSQL 15 or later here: its tests are skipped", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
