"""What one server process has once: its configuration, its store, its signing secret."""

import contextlib
import ctypes
import gc
import os
import secrets
import socket
import tempfile
from functools import cache
from pathlib import Path

from actions.training import INVENTED_SETTING
from api.configuration import PROJECT, Configuration, check
from domain.errors import ConfigurationError
from domain.place import Actor
from domain.roles import Clearance, Role
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, Store, open_store

__all__ = ["PROJECT", "Configuration"]

VERSION = "0.1.0"
SECRET_BYTES = 32
# The socket is made early in the life of the process, so its number is low.
LAST_DESCRIPTOR = 64


@cache
def configuration() -> Configuration:
    """Return the configuration of this process."""
    return Configuration.from_environment()


@cache
def store() -> Store:
    """Return the store of this process, opened at first use; in shared mode it checks every write's account.

    Raises
    ------
    ConfigurationError
        `local_mode_on_shared_database`: a server's database that has accounts is not opened without sign-in.
    StoreError
        See `store.open_store`.
    """
    here = configuration()
    opened = open_store(here.data_dir, database_url=here.database_url or None, checks_accounts=here.is_shared)
    if here.database_url and not here.is_shared and opened.organisations.has_operator():
        opened.close()
        raise ConfigurationError("local_mode_on_shared_database")
    return opened


def is_training() -> bool:
    """Return whether the store holds invented data; the mark lies in the store, so it cannot get lost."""
    return bool(store().settings.get(INVENTED_SETTING, default=False))


def check_configuration(*, address: str, cors: bool, xsrf: bool, trusts_headers: bool = False) -> None:
    """Refuse a configuration that the app must not start with; see `api.configuration.check`.

    Raises
    ------
    ConfigurationError
        With the first reason found.
    """
    check(configuration(), address=address, cors=cors, xsrf=xsrf, trusts_headers=trusts_headers)


@cache
def signing_secret() -> bytes:
    """Return the secret that signs tokens: BILA_MISTA_TOKEN_SECRET where several processes share it.

    Else DATA_DIR/keys/token.key, made at first use, mode 0600.
    """
    if configuration().token_secret:
        return configuration().token_secret.encode()
    folder = configuration().data_dir / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "token.key"
    if not path.exists():
        _make_secret(path)
    secret = path.read_bytes()
    if len(secret) < SECRET_BYTES:
        raise ConfigurationError("secret_too_short", path=path.name)
    return secret


def _make_secret(path: Path) -> None:
    """Make the file whole or not at all; of several processes that start at once the first one's stands."""
    descriptor, new = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    # A link does not replace what is there.
    with contextlib.suppress(FileExistsError):
        os.link(new, path)
    Path(new).unlink()


def local_actor() -> Actor:
    """Return the one account of local mode."""
    return Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)


def local_clearance() -> Clearance:
    """Return the clearance of local mode: a coordinator of the one organisation."""
    return Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)


def settle_memory() -> None:
    """Keep what has been loaded so far out of garbage collections, and give memory that was freed back.

    Streamlit collects garbage after every run of a script; passing through the 300,000 objects of
    libraries, boundaries and catalogues each time cost more than the run itself. Building the grid
    of `geo.locate` leaves some 45 MB that the allocator would otherwise keep.
    """
    gc.collect()
    gc.freeze()
    # Only glibc has it; elsewhere the allocator decides by itself.
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def send_at_once() -> None:
    """Switch Nagle's algorithm off on the sockets that listen in this process; accepted ones inherit it.

    Streamlit makes its socket without naming TCP, and asyncio only does this for one that says so. Every
    answer goes out in two parts, and the second one waited for the browser's delayed acknowledgement: 40 ms.
    """
    for descriptor in range(3, LAST_DESCRIPTOR):
        # Anything but a listening TCP socket says so with an error.
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as one:
            if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def forget_process_state() -> None:
    """Close the store and read the environment anew; for tests that change DATA_DIR."""
    if store.cache_info().currsize:
        store().close()
    for cached in (configuration, store, signing_secret):
        cached.cache_clear()
