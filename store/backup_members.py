"""What lies in a backup, and how: a tar archive inside a sealed file.

manifest.json            schema, instant, tables with their columns
tables/<name>/<n>.jsonl  rows as `store.plain_rows` writes them, compressed
photos/<id>.jpg
keys/audit.key, keys/audit.head, erasures.jsonl
end.json                 rows and digest of every table, photos, what was missing
"""

import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, BinaryIO, cast

from domain.errors import StoreError
from store.audit_chain import HEAD_NAME, KEY_NAME
from store.data_dir import KEYS_NAME
from store.erasure_ledger import LEDGER_NAME
from store.photos import FOLDER as PHOTOS_FOLDER
from store.sealed_file import CHUNK_BYTES, Opener

END_OF_ARCHIVE = b"\0" * (2 * tarfile.BLOCKSIZE)
# Far above what is ever written: a table's part has some megabytes, a photo less than one.
_MAX_BYTES = 256 * 1024 * 1024
_FAST = 1


class Kind(StrEnum):
    """Kind of a member of the archive."""

    MANIFEST = "manifest"
    ROWS = "rows"
    PHOTO = "photo"
    KEY = "key"
    LEDGER = "ledger"
    END = "end"


_NAMES = {
    Kind.MANIFEST: re.compile(r"(manifest)\.json"),
    Kind.ROWS: re.compile(r"tables/([a-z_0-9]+)/\d{6}\.jsonl"),
    Kind.PHOTO: re.compile(rf"{PHOTOS_FOLDER}/([0-9a-f-]{{36}}\.jpg)"),
    Kind.KEY: re.compile(rf"{KEYS_NAME}/({re.escape(KEY_NAME)}|{re.escape(HEAD_NAME)})"),
    Kind.LEDGER: re.compile(rf"({re.escape(LEDGER_NAME)})"),
    Kind.END: re.compile(r"(end)\.json"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of the archive; `name` is the table's, photo's or key's."""

    kind: Kind
    name: str
    content: bytes


def packed(member: Member, *, number: int = 0) -> bytes:
    """Return a member as tar holds it; `number` tells the parts of a table apart."""
    names = {
        Kind.MANIFEST: "manifest.json",
        Kind.ROWS: f"tables/{member.name}/{number:06d}.jsonl",
        Kind.PHOTO: f"{PHOTOS_FOLDER}/{member.name}",
        Kind.KEY: f"{KEYS_NAME}/{member.name}",
        Kind.LEDGER: LEDGER_NAME,
        Kind.END: "end.json",
    }
    content = zlib.compress(member.content, _FAST) if member.kind is Kind.ROWS else member.content
    info = tarfile.TarInfo(names[member.kind])
    info.size = len(content)
    info.mode = 0o600
    padding = -len(content) % tarfile.BLOCKSIZE
    return info.tobuf(format=tarfile.PAX_FORMAT) + content + b"\0" * padding


def members_of(file: BinaryIO, passphrase: str) -> Iterator[Member]:
    """Yield the members of a backup in their order; the file is proved whole once all were taken.

    Raises
    ------
    StoreError
        Those of `store.sealed_file.Opener`; `backup_damaged` also for what is no member of ours.
    """
    opener = Opener(file, passphrase)
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", opener), mode="r|", bufsize=CHUNK_BYTES) as archive:
            for info in archive:
                content = archive.extractfile(info) if info.isreg() and info.size <= _MAX_BYTES else None
                if content is None:
                    raise StoreError("backup_damaged")
                yield _member(info.name, content.read())
    except (tarfile.TarError, zlib.error, EOFError):
        raise StoreError("backup_damaged") from None
    opener.finish()


def _member(name: str, content: bytes) -> Member:
    for kind, pattern in _NAMES.items():
        if found := pattern.fullmatch(name):
            plain = _inflated(content) if kind is Kind.ROWS else content
            return Member(kind=kind, name=found[1], content=plain)
    raise StoreError("backup_damaged")


def _inflated(content: bytes) -> bytes:
    inflater = zlib.decompressobj()
    plain = inflater.decompress(content, _MAX_BYTES)
    if not inflater.eof:
        raise StoreError("backup_damaged")
    return plain
