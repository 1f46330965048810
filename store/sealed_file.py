"""An encrypted file that is written and read as a stream: a passphrase through scrypt, then sealed chunks.

The file is a head (mark, cost of scrypt, salt, a code that recognises the key) and chunks of
AES-256-GCM. A chunk's nonce is its number and whether it is the last, and every chunk is bound to
the head: a chunk that is missing, moved, cut off or changed by a bit does not open.
"""

import struct
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import constant_time, hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from domain.errors import InvalidValueError, StoreError

MARK = b"BilaMista zaloha"
VERSION = 1
CHUNK_BYTES = 256 * 1024
TAG_BYTES = 16
KEY_BYTES = 32
MIN_PASSPHRASE_LENGTH = 12
# Mark, version, log2(n), r, p, salt.
_HEAD = struct.Struct(">16sBBBB16s")
_SALT_BYTES = 16
_CODE_BYTES = 32
HEAD_BYTES = _HEAD.size + _CODE_BYTES
# Of a file that somebody hands us: more would be memory and hours for a wrong passphrase.
_MAX_LOG_N = 20
_MAX_R = 16
_MAX_P = 4
_NUMBER_BYTES = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What scrypt costs: 128 * r * 2^log_n bytes of memory, `p` times. Kept in the file."""

    log_n: int = 17
    r: int = 8
    p: int = 1

    def is_bearable(self) -> bool:
        """Return whether a file may ask for it."""
        return 1 <= self.log_n <= _MAX_LOG_N and 1 <= self.r <= _MAX_R and 1 <= self.p <= _MAX_P


DEFAULT_COST = Cost()


def check_passphrase(passphrase: str) -> None:
    """Raise `InvalidValueError` (`backup_passphrase_short`) for one that could be tried out."""
    if len(passphrase.strip()) < MIN_PASSPHRASE_LENGTH:
        raise InvalidValueError("backup_passphrase_short", limit=MIN_PASSPHRASE_LENGTH)


class Sealer:
    """Turns bytes into the bytes of a sealed file, chunk by chunk.

    Parameters
    ----------
    passphrase
        At least 12 characters; the same letters typed on another system are the same passphrase.
    salt
        16 random bytes, never used twice.
    cost
        What guessing the passphrase shall cost.
    """

    def __init__(self, passphrase: str, *, salt: bytes, cost: Cost = DEFAULT_COST) -> None:
        check_passphrase(passphrase)
        plain = _HEAD.pack(MARK, VERSION, cost.log_n, cost.r, cost.p, salt)
        key, code_key = _keys(passphrase, salt, cost)
        self.head = plain + _code(code_key, plain)
        self._cipher = AESGCM(key)
        self._waiting = bytearray()
        self._number = 0

    def add(self, content: bytes) -> bytes:
        """Take `content` in and return the chunks that became full."""
        self._waiting += content
        sealed = bytearray()
        # The last chunk is marked as such, so one is held back until it is known not to be it.
        while len(self._waiting) > CHUNK_BYTES:
            sealed += self._seal(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]
        return bytes(sealed)

    def finish(self) -> bytes:
        """Return the last chunk; nothing may be added after it."""
        return self._seal(bytes(self._waiting), is_last=True)

    def _seal(self, content: bytes, *, is_last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._number, is_last=is_last), content, self.head)
        self._number += 1
        return sealed


class Opener:
    """Reads what a `Sealer` wrote, as a file; only bytes that proved whole come out.

    Raises
    ------
    StoreError
        `not_a_backup`, `backup_newer`, `backup_wrong_passphrase`, `backup_damaged`; the last one
        also later, from `read`.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        head = file.read(HEAD_BYTES)
        if len(head) < HEAD_BYTES or not head.startswith(MARK):
            raise StoreError("not_a_backup")
        plain, code = head[: _HEAD.size], head[_HEAD.size :]
        _, version, log_n, r, p, salt = _HEAD.unpack(plain)
        if version > VERSION:
            raise StoreError("backup_newer", revision=str(version))
        cost = Cost(log_n=log_n, r=r, p=p)
        if version != VERSION or not cost.is_bearable():
            raise StoreError("backup_damaged")
        key, code_key = _keys(passphrase, salt, cost)
        if not constant_time.bytes_eq(code, _code(code_key, plain)):
            raise StoreError("backup_wrong_passphrase")
        self._file = file
        self._head = head
        self._cipher = AESGCM(key)
        self._number = 0
        self._next: bytes | None = file.read(CHUNK_BYTES + TAG_BYTES)
        self._ready = b""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, fewer only at the end."""
        found = bytearray()
        while len(found) < size:
            if not self._ready:
                self._open_next()
                if not self._ready:
                    break
            taken = self._ready[: size - len(found)]
            self._ready = self._ready[len(taken) :]
            found += taken
        return bytes(found)

    def finish(self) -> None:
        """Read to the end: only then it is known that nothing was cut off."""
        while self.read(CHUNK_BYTES):
            pass

    def _open_next(self) -> None:
        if self._next is None:
            return
        sealed, following = self._next, self._file.read(CHUNK_BYTES + TAG_BYTES)
        try:
            nonce = _nonce(self._number, is_last=not following)
            self._ready = self._cipher.decrypt(nonce, sealed, self._head)
        except InvalidTag:
            raise StoreError("backup_damaged") from None
        self._number += 1
        self._next = following or None


def _nonce(number: int, *, is_last: bool) -> bytes:
    # The key is of this file alone, so counting is enough for no nonce to come twice.
    return number.to_bytes(_NUMBER_BYTES, "big") + (b"\1" if is_last else b"\0")


def _keys(passphrase: str, salt: bytes, cost: Cost) -> tuple[bytes, bytes]:
    text = unicodedata.normalize("NFKC", passphrase.strip()).encode()
    both = Scrypt(salt=salt, length=2 * KEY_BYTES, n=2**cost.log_n, r=cost.r, p=cost.p).derive(text)
    return both[:KEY_BYTES], both[KEY_BYTES:]


def _code(key: bytes, plain: bytes) -> bytes:
    code = hmac.HMAC(key, hashes.SHA256())
    code.update(plain)
    return code.finalize()
