"""Founds an organisation and prints the link for its first administrator, at the server's command line.

`python -m actions.found_organisation DATA_DIR --name NAME --type nno --url https://...`, while the
server is stopped. The first organisation runs the installation; its administrators found others in
the app.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import uuid_utils

from actions.accounts import invite
from domain.errors import AppError
from domain.place import Actor
from domain.roles import Role
from domain.vocabulary import Scope, terms
from store import OPERATOR_ACCOUNT_ID, open_store


def main(arguments: Sequence[str] | None = None) -> int:
    """Found the organisation and print the link; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m actions.found_organisation")
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--name", required=True)
    codes = [term.code for term in terms("typ_organizace", Scope.ORGANISATION)]
    parser.add_argument("--type", default="nno", choices=codes)
    parser.add_argument("--email", default="", help="the only address that the link lets in")
    parser.add_argument("--url", required=True, help="public address of the app")
    asked = parser.parse_args(arguments)
    actor = Actor(account_id=OPERATOR_ACCOUNT_ID, organisation_id=OPERATOR_ACCOUNT_ID)
    try:
        store = open_store(asked.data_dir, database_url=os.environ.get("DATABASE_URL") or None)
        try:
            founded = store.organisations.found(
                str(uuid_utils.uuid7()), name=asked.name, type_code=asked.type, actor=actor
            )
            _, secret = invite(store, founded.id, Role.ADMIN, actor, email=asked.email)
        finally:
            store.close()
    except AppError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{asked.url.rstrip('/')}/pozvanka/{secret}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
