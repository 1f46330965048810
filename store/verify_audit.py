"""Verify the audit log of an installation: `python -m store.verify_audit DATA_DIR`.

Reads only, also beside a running server; the database is the one of DATABASE_URL where that is set.
Prints one line per finding and ends with 1 if there is any, with 2 if the log could not be read.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from domain.errors import InvalidValueError, Problem, StoreError
from store.audit_chain import AuditChain, AuditHead, load_key
from store.data_dir import DATABASE_NAME, KEYS_NAME, check_database_file
from store.engine import make_engine, refusing
from store.postgres import read_url
from store.store import sqlite_url


def verify(
    data_dir: Path, head: AuditHead | None = None, *, database_url: str | None = None
) -> tuple[list[Problem], AuditHead | None]:
    """Return the findings of a DATA_DIR and the head that its file holds.

    Raises
    ------
    StoreError
        If there is no readable database or no key.
    """
    if database_url is None:
        check_database_file(data_dir / DATABASE_NAME)
        url = sqlite_url(data_dir / DATABASE_NAME)
    else:
        url = read_url(database_url)
    chain = AuditChain(data_dir / KEYS_NAME, key=load_key(data_dir / KEYS_NAME, may_make=False))
    engine = make_engine(url, writer=False)
    try:
        with refusing(), engine.begin() as connection:
            return chain.verify(connection, head), chain.read_head()
    finally:
        engine.dispose()


def parse_head(text: str) -> AuditHead:
    """Return the head written as `SEQ:DIGEST`; `InvalidValueError` (`invalid_audit_head`) otherwise."""
    seq, separator, digest = text.partition(":")
    if not (separator and seq.isascii() and seq.isdigit() and digest):
        raise InvalidValueError("invalid_audit_head", value=text[:80])
    return AuditHead(seq=int(seq), digest=digest)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the findings and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m store.verify_audit", description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--head", help="a head noted earlier, SEQ:DIGEST")
    options = parser.parse_args(arguments)
    try:
        wanted = parse_head(options.head) if options.head else None
        problems, head = verify(options.data_dir, wanted, database_url=os.environ.get("DATABASE_URL") or None)
    except (StoreError, InvalidValueError) as error:
        print(f"not verified: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(f"{problem.code} row={problem.row or '-'} {problem.value}".rstrip())
    if head is not None:
        print(f"head {head.seq}:{head.digest}")
    print("the audit log is whole" if not problems else f"{len(problems)} findings")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
