"""Backups as files: written whole and read back before they count, kept in a folder, with a note of the last one."""

import contextlib
import json
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from domain.errors import StoreError
from domain.place import Actor
from store import Event, Store
from store.backup import BackupReport, Backups
from store.data_dir import FILE_MODE, sync_directory, write_private_file
from store.erasure_ledger import LEDGER_NAME
from store.restore import check_backup
from store.sealed_file import DEFAULT_COST, Cost

log = logging.getLogger(__name__)
SUFFIX = ".zaloha"
EVERY_DAYS_SETTING = "backup_every_days"
KEEP_SETTING = "backup_keep"
EVERY_DAYS = 1
KEEP = 7
OLD_AFTER = timedelta(days=7)
SCHEDULE_ACTOR = Actor(account_id="backup-schedule", organisation_id="")
_NOTE_NAME = "last-backup.json"
_PART = ".part"
_OURS = re.compile(rf"bila-mista-\d{{4}}-\d{{2}}-\d{{2}}-\d{{6}}{re.escape(SUFFIX)}")
# The job comes once a day, not to the second.
_SLACK = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBackup:
    """When the last backup that succeeded was taken; `is_checked` where it was read back afterwards."""

    at: datetime
    is_checked: bool

    def is_old(self, now: datetime) -> bool:
        """Return whether too much would be lost by now."""
        return now - self.at > OLD_AFTER


def backup_name(at: datetime) -> str:
    """Return the file name of a backup."""
    return f"bila-mista-{at:%Y-%m-%d-%H%M%S}{SUFFIX}"


def last_backup(data_dir: Path) -> LastBackup | None:
    """Return the note of the last backup, None where there is none."""
    try:
        found = json.loads((data_dir / _NOTE_NAME).read_bytes())
        return LastBackup(at=datetime.fromisoformat(found["at"]), is_checked=bool(found["is_checked"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note_backup(data_dir: Path, report: BackupReport, *, is_checked: bool) -> None:
    """Note that a backup succeeded; a file of its own, so that it works beside a running server too."""
    note = {"at": report.made_at.isoformat(timespec="seconds"), "is_checked": is_checked}
    write_private_file(data_dir / _NOTE_NAME, json.dumps(note).encode())


def write_backup(
    backups: Backups, file: Path, passphrase: str, *, data_dir: Path, cost: Cost = DEFAULT_COST
) -> BackupReport:
    """Write a backup, read it back to its end, and only then give it its name.

    Beside it goes the ledger of what was ever erased (ids alone), so that an older backup of the
    same folder does not bring it back.

    Raises
    ------
    StoreError
        `backup_file_exists`, `backup_in_data_dir`, `backup_not_written`, `backup_damaged`.
    InvalidValueError
        `backup_passphrase_short`.
    """
    if file.exists():
        raise StoreError("backup_file_exists", path=str(file))
    if data_dir.resolve() in file.resolve().parents:
        raise StoreError("backup_in_data_dir", path=str(file))
    reports: list[BackupReport] = []
    blocks = backups.stream(passphrase, done=reports.append, cost=cost)
    part = file.with_name(file.name + _PART)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _write_through(part, blocks)
        check_backup(part, passphrase)
        part.replace(file)
        _write_ledger(data_dir, file.parent)
        sync_directory(file.parent)
    except OSError as error:
        raise StoreError("backup_not_written", path=str(file)) from error
    finally:
        # Where nothing could be written there may be nothing to remove.
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    note_backup(data_dir, reports[0], is_checked=True)
    return reports[0]


def run_scheduled(
    store: Store, *, folder: Path, passphrase: str, now: datetime, cost: Cost = DEFAULT_COST
) -> BackupReport | None:
    """Take the backup that is due and remove those beyond the number to keep; None where none is due.

    Raises
    ------
    StoreError, InvalidValueError
        As `write_backup`.
    """
    every = timedelta(days=positive(store.settings.get(EVERY_DAYS_SETTING), EVERY_DAYS))
    own = _own_files(folder)
    last = last_backup(store.data_dir)
    if own and last is not None and last.is_checked and now < last.at + every - _SLACK:
        return None
    name = backup_name(now)
    store.events.note(Event.BACKUP, "backup", [name], detail="schedule", actor=SCHEDULE_ACTOR)
    report = write_backup(store.backups, folder / name, passphrase, data_dir=store.data_dir, cost=cost)
    beyond = _own_files(folder)[: -positive(store.settings.get(KEEP_SETTING), KEEP)]
    cut_short = [path for path in folder.glob(f"*{_PART}") if _OURS.fullmatch(path.name.removesuffix(_PART))]
    for old in (*beyond, *cut_short):
        old.unlink(missing_ok=True)
    return report


def positive(value: object, default: int) -> int:
    """Return a setting that is a whole number above 0, else `default`."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else default


def ledgers_beside(file: Path) -> list[Path]:
    """Return the ledger that lies beside a backup, where there is one."""
    ledger = file.with_name(LEDGER_NAME)
    return [ledger] if ledger.is_file() else []


def _own_files(folder: Path) -> list[Path]:
    """Return the backups that the schedule made, the oldest first."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if _OURS.fullmatch(path.name))


def _write_through(path: Path, blocks: Iterator[bytes]) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        for block in blocks:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


def _write_ledger(data_dir: Path, folder: Path) -> None:
    """Join the ledger with the one that lies in the folder already."""
    lines: dict[bytes, None] = {}
    for path in (folder / LEDGER_NAME, data_dir / LEDGER_NAME):
        if path.exists():
            lines.update(dict.fromkeys(path.read_bytes().splitlines()))
    if lines:
        write_private_file(folder / LEDGER_NAME, b"".join(line + b"\n" for line in lines if line))
