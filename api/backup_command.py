"""Backups from the command line; `make backup`, `make restore` and `make verify-backup` call it.

    python -m api.backup_command backup FILE --data-dir DATA_DIR
    python -m api.backup_command restore FILE --data-dir DATA_DIR [--ledger erasures.jsonl]
    python -m api.backup_command verify FILE --data-dir DATA_DIR

With DATABASE_URL the rows are those of that PostgreSQL database: a backup is taken of it, a restore goes into it
and it must be empty; keys and photos lie in DATA_DIR. The passphrase is asked for, or comes from
BILA_MISTA_BACKUP_PASSPHRASE or the file that BILA_MISTA_BACKUP_PASSPHRASE_FILE names. Ends with 1 and a
sentence where something is refused.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from actions.backup import ledgers_beside, write_backup
from api.backup_secret import kept_passphrase
from domain.errors import AppError, InvalidValueError
from domain.text import Language
from store.backup import BackupReport
from store.backup_beside import backups_beside
from store.restore import RestoreReport, restore, try_restore
from store.sealed_file import check_passphrase
from ui.localisation import Messages


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m api.backup_command", description=__doc__)
    parser.add_argument("what", choices=("backup", "restore", "verify"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--ledger", type=Path, action="append", default=[], help="of the lost DATA_DIR; may come twice")
    parser.add_argument("--lang", type=Language, default=Language.CS, choices=list(Language))
    asked = parser.parse_args(arguments)
    messages = Messages(asked.lang)
    try:
        for line in _do(asked, messages):
            print(line)
    except AppError as error:
        for sentence in messages.sentences(error):
            print(sentence, file=sys.stderr)
        return 1
    return 0


def _do(asked: argparse.Namespace, messages: Messages) -> list[str]:
    data_dir: Path = asked.data_dir.absolute()
    file: Path = asked.file.absolute()
    passphrase = kept_passphrase(data_dir) or _typed(messages, twice=asked.what == "backup")
    database_url = os.environ.get("DATABASE_URL") or None
    if asked.what == "backup":
        with backups_beside(data_dir, database_url=database_url) as backups:
            report = write_backup(backups, file, passphrase, data_dir=data_dir)
        return [messages("backup-written", file=file.name), *_held(report, messages)]
    if asked.what == "verify":
        scratch = data_dir.with_name(data_dir.name + ".verifying")
        found = try_restore(file, passphrase, scratch=scratch)
        return [messages("backup-verified", file=file.name), *_held(found, messages)]
    ledgers = [*ledgers_beside(file), *(path.absolute() for path in asked.ledger)]
    done = restore(file, data_dir, passphrase, ledgers=ledgers, database_url=database_url)
    again = messages("backup-erased-again", count=done.erased_again)
    said = "backup-restored" if database_url is None else "backup-restored-server"
    return [messages(said, folder=str(data_dir)), *_held(done, messages), again]


def _held(report: BackupReport | RestoreReport, messages: Messages) -> list[str]:
    lines = [
        messages("backup-holds", date=messages.date(report.made_at), rows=report.rows, photos=report.photos),
        messages("backup-head", head=report.audit_head),
    ]
    if report.photos_missing:
        lines.append(messages("backup-photos-missing", count=len(report.photos_missing)))
    return lines


def _typed(messages: Messages, *, twice: bool) -> str:
    passphrase = getpass.getpass(messages("backup-ask") + " ")
    check_passphrase(passphrase)
    if twice and getpass.getpass(messages("backup-ask-again") + " ") != passphrase:
        raise InvalidValueError("backup_passphrases_differ")
    return passphrase


if __name__ == "__main__":
    sys.exit(main())
