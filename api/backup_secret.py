"""Where backups go and what seals them without anybody at the keyboard: from the environment, never from DATA_DIR."""

import os
from pathlib import Path

from api.configuration import require_private
from domain.errors import ConfigurationError

VARIABLE = "BILA_MISTA_BACKUP_PASSPHRASE"
FILE_VARIABLE = "BILA_MISTA_BACKUP_PASSPHRASE_FILE"
FOLDER_VARIABLE = "BILA_MISTA_BACKUP_FOLDER"


def backup_folder(data_dir: Path) -> Path | None:
    """Return the folder of scheduled backups, None where there is no schedule.

    Raises
    ------
    ConfigurationError
        `backup_folder_in_data_dir`: what destroys the one would destroy the other.
    """
    asked = os.environ.get(FOLDER_VARIABLE)
    if not asked:
        return None
    folder = Path(asked).absolute()
    if _is_inside(folder, data_dir):
        raise ConfigurationError("backup_folder_in_data_dir", path=str(folder))
    return folder


def kept_passphrase(data_dir: Path) -> str | None:
    """Return the passphrase of the environment or of the file that it names, None where there is neither.

    Raises
    ------
    ConfigurationError
        `backup_secret_in_data_dir`, `readable_by_others`, `backup_secret_unreadable`.
    """
    if os.environ.get(VARIABLE):
        return os.environ[VARIABLE]
    named = os.environ.get(FILE_VARIABLE)
    if not named:
        return None
    path = Path(named).absolute()
    if _is_inside(path, data_dir):
        raise ConfigurationError("backup_secret_in_data_dir", path=str(path))
    try:
        require_private(path)
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError("backup_secret_unreadable", path=str(path)) from None


def _is_inside(path: Path, data_dir: Path) -> bool:
    real = data_dir.resolve()
    return real == path.resolve() or real in path.resolve().parents
