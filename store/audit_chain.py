"""The chain of the audit log: digests keyed by a secret that never lies in the database.

Each row's digest covers the digest before it and the row's own columns. The head of the chain is
kept beside the key, outside the database: it finds a tail that was cut off and a log that was
written anew. A payload and its salt can be erased; the chain runs over their digest and stays
whole, and without the salt nothing can be guessed back from the digest.
"""

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from domain.errors import Problem, StoreError
from store.data_dir import holding, write_private_file
from store.tables import audit_log, canonical_json

log = logging.getLogger(__name__)

KEY_NAME = "audit.key"
HEAD_NAME = "audit.head"
KEY_BYTES = 32
SALT_BYTES = 16
# One block: written in place it is on the disk whole or not at all.
HEAD_FILE_LENGTH = 512
# So many of the last rows are asked whether our key made them.
LINKS_TRIED = 8
ROWS_AT_A_TIME = 1000
_LAST = sa.select(audit_log.c.seq, audit_log.c.chain_digest).order_by(audit_log.c.seq.desc()).limit(1)
_APPEND = sa.insert(audit_log)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What a transaction wants noted; `payload` is canonical JSON."""

    at: datetime
    account_id: str
    organisation_id: str
    action: str
    entity: str
    entity_id: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """The end of the chain at some moment: number of the last row and its digest."""

    seq: int
    digest: str


GENESIS = AuditHead(seq=0, digest="")


class AuditChain:
    """Appends to the chain, keeps its head file and verifies it.

    Parameters
    ----------
    keys
        Folder of `audit.key` and `audit.head`.
    key
        The secret; see `load_key`.
    """

    def __init__(self, keys: Path, *, key: bytes) -> None:
        self._head_path = keys / HEAD_NAME
        self._key = key
        # A head that does not fit the database is evidence: it is left alone and reported.
        self._head_frozen = False
        # The end of the log as this process last left or saw it.
        self._seen = GENESIS

    def start(self, connection: Connection) -> None:
        """Make the head of an empty log, or compare the head with the log once.

        Raises
        ------
        StoreError
            `audit_key_differs`: the log was written with another key. `database_older` if the head
            names a row that the log does not have yet: an older database was put in, or the end of
            this one is lost.
        """
        if is_empty_log(connection) and not self._head_path.exists():
            write_private_file(self._head_path, self.head_line(GENESIS))
            return
        # A log of a row or two that does not fit may as well have been altered: that is reported, not refused.
        self.require_own_key(connection, links_needed=3)
        head = self.read_head()
        last = self.last_of(connection)
        if head is not None and head.seq > last.seq:
            raise StoreError("database_older", found=str(last.seq), head=str(head.seq))
        self._head_frozen = head is None or _digest_at(connection, head.seq) != head.digest
        if self._head_frozen:
            log.error("the head of the audit log does not fit the log; run python -m store.verify_audit")

    def append(self, connection: Connection, entries: Sequence[AuditEntry]) -> AuditHead:
        """Insert `entries` after the last row and return the new head.

        Raises
        ------
        StoreError
            `audit_key_differs`: another process went on with the log, with another key.
        """
        head = self.last_of(connection)
        if head != self._seen:
            self.require_own_key(connection, links_needed=1)
        for entry in entries:
            salt = secrets.token_hex(SALT_BYTES)
            row = {
                "seq": head.seq + 1,
                "at": entry.at,
                "account_id": entry.account_id,
                "organisation_id": entry.organisation_id,
                "action": entry.action,
                "entity": entry.entity,
                "entity_id": entry.entity_id,
                "payload_digest": self._digest("payload", salt, entry.payload),
            }
            chain_digest = self._chain_digest(head.digest, row)
            stored = {**row, "salt": salt, "payload": entry.payload, "chain_digest": chain_digest}
            connection.execute(_APPEND, stored)
            head = AuditHead(seq=head.seq + 1, digest=chain_digest)
        return head

    def last_of(self, connection: Connection) -> AuditHead:
        """Return the end of the log as the connection sees it."""
        last = connection.execute(_LAST).first()
        return AuditHead(seq=last.seq, digest=last.chain_digest) if last else GENESIS

    def committed(self, head: AuditHead) -> None:
        """Move the head file to `head`; the rows are on the disk already.

        It never goes back: of two processes that share the file the one that committed first may
        come here last. The file is not forced to the disk: after a loss of power it may lag behind
        the log, which is no finding, as rows after the head are held by the key alone.
        """
        self._seen = head
        if self._head_frozen:
            return
        try:
            with self._head_path.open("r+b", buffering=0) as file, holding(file):
                present = self._parse_head(file.read())
                if present is None or present.seq < head.seq:
                    file.seek(0)
                    file.write(self.head_line(head))
        except OSError:
            log.exception("the head of the audit log could not be written")

    def read_head(self) -> AuditHead | None:
        """Return the head in the file; None if it is missing, damaged or of another key."""
        try:
            return self._parse_head(self._head_path.read_bytes())
        except OSError:
            return None

    def _parse_head(self, line: bytes) -> AuditHead | None:
        try:
            found = json.loads(line)
            head = AuditHead(seq=int(found["seq"]), digest=str(found["digest"]))
            mac = str(found["mac"])
        except (ValueError, KeyError, TypeError):
            return None
        return head if hmac.compare_digest(mac, self._head_mac(head)) else None

    def require_own_key(self, connection: Connection, *, links_needed: int) -> None:
        """Raise `StoreError` (`audit_key_differs`) if none of the last rows follows from the one before by our key.

        One altered row spoils two links at most, so it is not taken for another key.
        """
        query = sa.select(audit_log).order_by(audit_log.c.seq.desc()).limit(LINKS_TRIED + 1)
        rows = list(connection.execute(query).mappings())
        before = [row["chain_digest"] for row in rows[1:]]
        if rows and rows[-1]["seq"] == GENESIS.seq + 1:
            before.append(GENESIS.digest)
        links = list(zip(rows, before, strict=False))
        fits = (hmac.compare_digest(self._chain_digest(digest, row), row["chain_digest"]) for row, digest in links)
        if len(links) >= links_needed and not any(fits):
            raise StoreError("audit_key_differs")

    def verify(self, connection: Connection, head: AuditHead | None = None) -> list[Problem]:
        """Return what is wrong with the log; `row` of a problem is the row's number.

        Parameters
        ----------
        connection
            A reading connection.
        head
            A head noted elsewhere (on paper, in a backup), compared besides the one in the file.
        """
        problems: list[Problem] = []
        digests: dict[int, str] = {GENESIS.seq: GENESIS.digest}
        own_head = self.read_head()
        wanted = {h.seq for h in (own_head, head) if h}
        before: str | None = GENESIS.digest
        expected = 1
        # In the log's own order, whatever order a reader would find natural.
        in_order = sa.select(audit_log).order_by(audit_log.c.seq)
        rows = connection.execute(in_order, execution_options={"yield_per": ROWS_AT_A_TIME})
        for row in rows.mappings():
            if row["seq"] != expected:
                problems.append(Problem(code="audit_rows_missing", row=expected, value=f"{expected}-{row['seq'] - 1}"))
                before = None
            problems.extend(self._row_problems(row, before))
            before = row["chain_digest"]
            expected = row["seq"] + 1
            if row["seq"] in wanted:
                digests[row["seq"]] = row["chain_digest"]
        if own_head is None:
            problems.append(Problem(code="audit_head_missing", field=HEAD_NAME))
        for checked in (own_head, head):
            if checked is not None:
                problems.extend(_head_problems(checked, digests, last=expected - 1))
        return problems

    def _row_problems(self, row: RowMapping, before: str | None) -> list[Problem]:
        problems = []
        if row["payload"] is not None:
            digest = self._digest("payload", row["salt"] or "", row["payload"])
            if not hmac.compare_digest(digest, row["payload_digest"]):
                problems.append(Problem(code="audit_payload_altered", row=row["seq"]))
        # After a gap the digest before is unknown; the gap is reported, this row cannot be judged.
        if before is not None and not hmac.compare_digest(self._chain_digest(before, row), row["chain_digest"]):
            problems.append(Problem(code="audit_row_altered", row=row["seq"]))
        return problems

    def _digest(self, *parts: str) -> str:
        message = json.dumps(parts, ensure_ascii=False).encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()

    def _chain_digest(self, before: str, row: RowMapping | dict[str, object]) -> str:
        at = row["at"]
        assert isinstance(at, datetime)
        columns = ("seq", "account_id", "organisation_id", "action", "entity", "entity_id", "payload_digest")
        instant = at.astimezone(UTC).isoformat(timespec="microseconds")
        return self._digest("row", before, instant, canonical_json([row[column] for column in columns]))

    def _head_mac(self, head: AuditHead) -> str:
        return self._digest("head", str(head.seq), head.digest)

    def head_line(self, head: AuditHead) -> bytes:
        """Return what the head file holds for `head`."""
        line = canonical_json({"seq": head.seq, "digest": head.digest, "mac": self._head_mac(head)})
        return line.encode().ljust(HEAD_FILE_LENGTH - 1) + b"\n"


def is_empty_log(connection: Connection) -> bool:
    """Return whether nothing was ever noted."""
    return connection.execute(sa.select(audit_log.c.seq).limit(1)).first() is None


def has_history(keys: Path) -> bool:
    """Return whether the head in `keys` speaks of a log with rows; one that cannot be read is taken for one."""
    path = keys / HEAD_NAME
    if not path.exists():
        return False
    try:
        return int(json.loads(path.read_bytes())["seq"]) != GENESIS.seq
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _digest_at(connection: Connection, seq: int) -> str | None:
    if seq == GENESIS.seq:
        return GENESIS.digest
    digest: str | None = connection.execute(
        sa.select(audit_log.c.chain_digest).where(audit_log.c.seq == seq)
    ).scalar_one_or_none()
    return digest


def _head_problems(head: AuditHead, digests: dict[int, str], *, last: int) -> list[Problem]:
    if head.seq > last:
        return [Problem(code="audit_tail_cut", row=last + 1, value=f"{last + 1}-{head.seq}")]
    if digests.get(head.seq) != head.digest:
        return [Problem(code="audit_rewritten", row=head.seq)]
    return []


def load_key(keys: Path, *, may_make: bool) -> bytes:
    """Return the secret of the chain; make it where the database is new.

    Raises
    ------
    StoreError
        `audit_key_missing` if there is a database but no key, or the key is cut short.
    """
    path = keys / KEY_NAME
    if may_make and not path.exists():
        write_private_file(path, secrets.token_bytes(KEY_BYTES))
    try:
        key = path.read_bytes()
    except OSError:
        raise StoreError("audit_key_missing", path=str(path)) from None
    if len(key) != KEY_BYTES:
        raise StoreError("audit_key_missing", path=str(path))
    return key
