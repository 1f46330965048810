"""Large files on their way out: made in DATA_DIR, where exact positions may lie, and nowhere else.

A file has its name only while it is being written. Before the first byte is sent the name is gone, so
whatever ends the server then, nothing stays. What a server left behind that died while writing goes at
the next start.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import BinaryIO, Self

from domain.errors import StoreError

if sys.platform != "win32":
    import fcntl

FOLDER = "exports"
CHUNK_BYTES = 1024 * 1024
_DIRECTORY_MODE = 0o700
# Two at a time would only take turns, and each fills the disk.
_making = Lock()


class ExportFile:
    """A folder of its own in DATA_DIR for one file while it is being written; removed when it is left.

    Raises
    ------
    StoreError
        `export_busy` while another one is being made; `export_not_written` where there is no room for it.
    """

    def __init__(self, data_dir: Path, name: str) -> None:
        self._data_dir = data_dir
        self._name = name
        self._descriptor = -1

    def __enter__(self) -> Self:
        """Make the folder and hold it."""
        if not _making.acquire(blocking=False):
            raise StoreError("export_busy")
        try:
            parent = self._data_dir / FOLDER
            parent.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(dir=parent))
            self._descriptor = _held(self._folder)
        except OSError as error:
            _making.release()
            raise StoreError("export_not_written") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Remove the folder with whatever is in it."""
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._descriptor >= 0:
            os.close(self._descriptor)
        _making.release()

    @property
    def path(self) -> Path:
        """Return where the file is to be written."""
        return self._folder / self._name

    def taken(self) -> tuple[int, Iterator[bytes]]:
        """Return the size of the file and its content in pieces, which can be read after its name is gone."""
        file = self.path.open("rb")
        # Where an open file cannot lose its name, the folder stays until the next start.
        return os.fstat(file.fileno()).st_size, _pieces(file)


def remove_left_behind(data_dir: Path) -> None:
    """Remove the files of servers that died while writing; those that another process is writing stay."""
    parent = data_dir / FOLDER
    if not parent.is_dir():
        return
    for folder in parent.iterdir():
        with suppress(OSError):
            descriptor = _held(folder)
            shutil.rmtree(folder)
            if descriptor >= 0:
                os.close(descriptor)


def _held(folder: Path) -> int:
    """Return a hold on a folder that ends with the process; `OSError` if another process has it."""
    if sys.platform == "win32":
        return -1
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK_BYTES):
            yield piece
