"""Photos of places: a row each in the database, a file each in DATA_DIR/photos.

The file is written before its row is committed and removed after the row is withdrawn; what a
crash leaves behind has no row, and `sweep` removes it.
"""

import hashlib
import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from domain.errors import NotFoundError, NotPermittedError, StaleRevisionError
from domain.photos import CleanPhoto, Consent, PhotoRecord
from domain.place import Actor
from store.data_dir import DIRECTORY_MODE, write_private_file
from store.field_tables import photos
from store.place_revisions import read_own_row
from store.writer import Repository, Transaction, Writer, mutation

FOLDER = "photos"
_COLUMNS = [photos.c[name] for name in PhotoRecord.__dataclass_fields__]
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Photos(Repository):
    """The table of photos and their folder."""

    def __init__(self, readers: Engine, writer: Writer, data_dir: Path) -> None:
        super().__init__(readers, writer)
        self._folder = data_dir / FOLDER

    @mutation
    def add(
        self, tx: Transaction, photo_id: str, photo: CleanPhoto, *, place_id: str, consent: Consent, actor: Actor
    ) -> PhotoRecord:
        """Store a picture of an own place; the same one sent again is the stored one.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_place`, `other_organisation`.
        StaleRevisionError
            If the id is taken by another picture.
        """
        read_own_row(tx.connection, place_id, actor)
        path = self.path_of(photo_id)
        digest = hashlib.sha256(photo.content).hexdigest()
        present = tx.connection.execute(sa.select(photos).where(photos.c.id == photo_id)).mappings().first()
        if present is not None:
            if (present["sha256"], present["place_id"]) != (digest, place_id) or present["withdrawn"]:
                raise StaleRevisionError(_photo(tx.connection, photo_id), expected=0)
            return _photo(tx.connection, photo_id)
        self._folder.mkdir(mode=DIRECTORY_MODE, exist_ok=True)
        write_private_file(path, photo.content)
        row = {
            "id": photo_id, "place_id": place_id, "organisation_id": actor.organisation_id, "consent": consent.value,
            "width": photo.width, "height": photo.height, "size_bytes": len(photo.content), "sha256": digest,
            "created_at": tx.now, "created_by": actor.account_id, "withdrawn": False,
        }  # fmt: skip
        tx.execute(sa.insert(photos), row)
        payload = {"place_id": place_id, "consent": consent.value, "size_bytes": len(photo.content)}
        tx.audit("photo.add", "photo", photo_id, actor=actor, payload=payload)
        return _photo(tx.connection, photo_id)

    def withdraw(self, photo_id: str, *, actor: Actor) -> None:
        """Take a picture away for good: its file goes, its row says that there was one.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_photo`, `other_organisation`.
        """
        self._withdraw(photo_id, actor=actor)
        self.path_of(photo_id).unlink(missing_ok=True)

    @mutation
    def _withdraw(self, tx: Transaction, photo_id: str, *, actor: Actor) -> None:
        if _photo(tx.connection, photo_id).organisation_id != actor.organisation_id:
            raise NotPermittedError("other_organisation")
        own = (photos.c.id == photo_id, photos.c.withdrawn.is_(False))
        if tx.execute(sa.update(photos).where(*own).values(withdrawn=True)).rowcount:
            tx.audit("photo.withdraw", "photo", photo_id, actor=actor, payload={})

    def get(self, photo_id: str) -> PhotoRecord:
        """Return a photo that was not withdrawn; `NotFoundError` (`unknown_photo`) if there is none."""
        query = sa.select(*_COLUMNS).where(photos.c.id == photo_id, photos.c.withdrawn.is_(False))
        with self._read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFoundError("unknown_photo", id=photo_id[:40])
        return _record(row)

    def for_place(self, place_id: str) -> list[PhotoRecord]:
        """Return the photos of a place, the newest first."""
        query = (
            sa.select(*_COLUMNS)
            .where(photos.c.place_id == place_id, photos.c.withdrawn.is_(False))
            .order_by(photos.c.created_at.desc(), photos.c.id.desc())
        )
        with self._read() as connection:
            return [_record(row) for row in connection.execute(query).mappings()]

    def path_of(self, photo_id: str) -> Path:
        """Return where the picture of an id lies; `NotFoundError` (`unknown_photo`) for what is no id."""
        if not _ID.fullmatch(photo_id):
            raise NotFoundError("unknown_photo", id=photo_id[:40])
        return self._folder / f"{photo_id}.jpg"

    def missing(self) -> list[str]:
        """Return the ids of standing photos without a file: the folder was damaged or not copied whole."""
        standing = sa.select(photos.c.id).where(photos.c.withdrawn.is_(False)).order_by(photos.c.id)
        with self._read() as connection:
            wanted = list(connection.execute(standing).scalars())
        # The rows first: a photo taken meanwhile has its file before its row.
        there = {file.stem for file in self._folder.glob("*.jpg")}
        return [photo_id for photo_id in wanted if photo_id not in there]

    def sweep(self) -> int:
        """Remove files without a standing row (a crash, a withdrawal cut short) and return how many."""
        if not self._folder.is_dir():
            return 0
        # In the line of the writers, here and in other processes: no picture is between file and row.
        return self._writer.run(self._sweep)

    def _sweep(self, tx: Transaction) -> int:
        standing = sa.select(photos.c.id).where(photos.c.withdrawn.is_(False))
        known = set(tx.connection.execute(standing).scalars())
        left_over = [file for file in self._folder.iterdir() if file.stem not in known or file.suffix != ".jpg"]
        for file in left_over:
            file.unlink(missing_ok=True)
        return len(left_over)


def _photo(connection: Connection, photo_id: str) -> PhotoRecord:
    row = connection.execute(sa.select(*_COLUMNS).where(photos.c.id == photo_id)).mappings().first()
    if row is None:
        raise NotFoundError("unknown_photo", id=photo_id[:40])
    return _record(row)


def _record(row: Any) -> PhotoRecord:  # noqa: ANN401  a row as a mapping
    return PhotoRecord(**{**row, "consent": Consent(row["consent"])})
