"""A backup: one sealed file with every row, the photos, the key and the head of the audit log.

Taken from one snapshot while others go on writing, as a stream: nothing readable is put down on the
way. `store.backup_members` says what lies inside.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from store.audit_chain import HEAD_NAME, KEY_NAME, AuditChain
from store.backup_members import END_OF_ARCHIVE, Kind, Member, packed
from store.data_dir import KEYS_NAME
from store.erasure_ledger import LEDGER_NAME
from store.field_tables import photos
from store.migrate import current_revision
from store.photos import FOLDER as PHOTOS_FOLDER
from store.plain_rows import PlainTable, TableDigest, lines_of, plain_tables
from store.sealed_file import DEFAULT_COST, Cost, Sealer

FORMAT = 1
PART_BYTES = 4 * 1024 * 1024
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """What a backup holds.

    `audit_head` is `SEQ:DIGEST`, to be noted elsewhere; `photos_missing` are the ids of photos whose
    file was not there.
    """

    made_at: datetime
    rows: int
    photos: int
    photos_missing: tuple[str, ...]
    audit_head: str


class Backups:
    """Takes backups of an installation; reads only, also beside a server of another process.

    Parameters
    ----------
    readers
        Engine for reading; see `store.engine`.
    data_dir
        Folder of photos, keys and the erasure ledger.
    chain
        The audit chain, for the head that belongs to the snapshot.
    clock
        Source of the instant that the backup bears.
    """

    def __init__(self, readers: Engine, data_dir: Path, chain: AuditChain, clock: Callable[[], datetime]) -> None:
        self._readers = readers
        self._data_dir = data_dir
        self._chain = chain
        self._clock = clock

    def stream(
        self, passphrase: str, *, done: Callable[[BackupReport], None], cost: Cost = DEFAULT_COST
    ) -> Iterator[bytes]:
        """Yield the bytes of a backup; call `done` once the last ones were taken.

        Raises
        ------
        InvalidValueError
            `backup_passphrase_short`, before the first byte.
        """
        sealer = Sealer(passphrase, salt=secrets.token_bytes(_SALT_BYTES), cost=cost)
        return self._stream(sealer, done)

    def _stream(self, sealer: Sealer, done: Callable[[BackupReport], None]) -> Iterator[bytes]:
        def add(kind: Kind, content: bytes, name: str = "", number: int = 0) -> bytes:
            return sealer.add(packed(Member(kind=kind, name=name, content=content), number=number))

        yield sealer.head
        made_at = self._clock()
        digests: dict[str, TableDigest] = {}
        with _snapshot(self._readers) as connection:
            tables = plain_tables(connection)
            yield add(Kind.MANIFEST, _manifest(connection, tables, made_at))
            for table in tables:
                digests[table.name] = TableDigest()
                for number, part in enumerate(_parts(connection, table, digests[table.name])):
                    yield add(Kind.ROWS, part, table.name, number)
            photo_ids = _standing_photos(connection, tables)
            head = self._chain.last_of(connection)
        missing = []
        for photo_id in photo_ids:
            name = f"{photo_id}.jpg"
            try:
                content = (self._data_dir / PHOTOS_FOLDER / name).read_bytes()
            except OSError:
                missing.append(photo_id)
                continue
            yield add(Kind.PHOTO, content, name)
        yield add(Kind.KEY, (self._data_dir / KEYS_NAME / KEY_NAME).read_bytes(), KEY_NAME)
        yield add(Kind.KEY, self._chain.head_line(head), HEAD_NAME)
        # Read last: what was erased while the rows were being copied is erased again at a restore.
        ledger = self._data_dir / LEDGER_NAME
        yield add(Kind.LEDGER, ledger.read_bytes() if ledger.exists() else b"")
        report = BackupReport(
            made_at=made_at,
            rows=sum(digest.rows for digest in digests.values()),
            photos=len(photo_ids) - len(missing),
            photos_missing=tuple(missing),
            audit_head=f"{head.seq}:{head.digest}",
        )
        yield add(Kind.END, _end(report, digests))
        yield sealer.add(END_OF_ARCHIVE) + sealer.finish()
        done(report)


def _manifest(connection: Connection, tables: list[PlainTable], made_at: datetime) -> bytes:
    manifest = {
        "format": FORMAT,
        "revision": current_revision(connection),
        "made_at": made_at.isoformat(timespec="seconds"),
        "tables": {table.name: table.columns for table in tables},
    }
    return json.dumps(manifest).encode()


def _end(report: BackupReport, digests: Mapping[str, TableDigest]) -> bytes:
    end = {
        "tables": {name: digest.written() for name, digest in digests.items()},
        "photos": report.photos,
        "photos_missing": report.photos_missing,
        "audit_head": report.audit_head,
    }
    return json.dumps(end).encode()


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that sees one state to its end (SQLite's log gives that by itself)."""
    with engine.connect() as plain:
        connection = plain
        if engine.dialect.name != "sqlite":
            connection = plain.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def _parts(connection: Connection, table: PlainTable, digest: TableDigest) -> Iterator[bytes]:
    """Yield a table in pieces of a few megabytes, so that memory does not grow with it."""
    size, lines = 0, list[bytes]()
    for line in lines_of(connection, table):
        digest.add(line)
        lines.append(line)
        size += len(line)
        if size >= PART_BYTES:
            yield b"\n".join(lines)
            size, lines = 0, []
    if lines:
        yield b"\n".join(lines)


def _standing_photos(connection: Connection, tables: list[PlainTable]) -> list[str]:
    if photos.name not in {table.name for table in tables}:
        return []
    return list(connection.execute(sa.select(photos.c.id).where(photos.c.withdrawn.is_(False))).scalars())
