"""The erasure ledger: what was erased, by id alone, in a file beside the database.

A backup is older than an erasure that came after it; whoever restores one asks the ledger and
erases again. A line is on the disk before the erasure is committed: what is in the ledger and in
the database was being erased when the power went, and is erased again too.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.data_dir import FILE_MODE, sync_directory

LEDGER_NAME = "erasures.jsonl"
DUE_NAME = "compaction.due"
"""A file that stands while free pages and the log of the database may hold what was erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """One line: kind of record and its id."""

    entity: str
    id: str


def append(data_dir: Path, *, entity: str, record_id: str, at: datetime) -> None:
    """Add a line, through to the disk, and note that the database has to be compacted after it."""
    mark_due(data_dir)
    path = data_dir / LEDGER_NAME
    line = json.dumps({"at": at.isoformat(timespec="seconds"), "entity": entity, "id": record_id}) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_directory(data_dir)


def mark_due(data_dir: Path) -> None:
    """Note that the database has to be compacted; `is_due` says so until `clear_due`."""
    (data_dir / DUE_NAME).touch(mode=FILE_MODE)


def is_due(data_dir: Path) -> bool:
    """Return whether something was erased since the database was last compacted."""
    return (data_dir / DUE_NAME).exists()


def clear_due(data_dir: Path) -> None:
    """Note that nothing erased is left in the database's files."""
    (data_dir / DUE_NAME).unlink(missing_ok=True)


def read(data_dir: Path) -> list[Erased]:
    """Return what was ever erased, the first first, each once; a line cut short by a crash is passed over."""
    path = data_dir / LEDGER_NAME
    if not path.exists():
        return []
    found: dict[Erased, None] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            values = json.loads(line)
            found[Erased(entity=str(values["entity"]), id=str(values["id"]))] = None
        except (ValueError, KeyError, TypeError):
            continue
    return list(found)
