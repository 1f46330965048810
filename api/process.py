"""What one server process has once: its configuration, its store, its signing secret."""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.errors import ConfigurationError
from domain.place import Actor
from domain.roles import Clearance, Role
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, Store, open_store

PROJECT = Path(__file__).parents[1]
VERSION = "0.1.0"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SECRET_BYTES = 32
INVENTED_SETTING = "invented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Settings of the process, from the environment."""

    data_dir: Path

    @classmethod
    def from_environment(cls) -> "Configuration":
        """Read DATA_DIR, by default `var` beside app.py."""
        return cls(data_dir=Path(os.environ.get("DATA_DIR") or PROJECT / "var").absolute())


@cache
def configuration() -> Configuration:
    """Return the configuration of this process."""
    return Configuration.from_environment()


@cache
def store() -> Store:
    """Return the store of this process, opened at first use."""
    return open_store(configuration().data_dir)


def is_training() -> bool:
    """Return whether the store holds invented data; the mark lies in the store, so it cannot get lost."""
    return bool(store().settings.get(INVENTED_SETTING, default=False))


def check_configuration(*, address: str, cors: bool, xsrf: bool) -> None:
    """Refuse to start a local server that others could reach or that a web page could drive.

    Raises
    ------
    ConfigurationError
        With the first reason found.
    """
    if address not in LOOPBACK:
        raise ConfigurationError("bind_not_loopback", address=address or "*")
    if not cors:
        raise ConfigurationError("cors_off")
    if not xsrf:
        raise ConfigurationError("xsrf_off")


@cache
def signing_secret() -> bytes:
    """Return the secret that signs tokens: DATA_DIR/keys/token.key, made at first use, mode 0600."""
    folder = configuration().data_dir / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "token.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
    secret = path.read_bytes()
    if len(secret) < SECRET_BYTES:
        raise ConfigurationError("secret_too_short", path=path.name)
    return secret


def local_actor() -> Actor:
    """Return the one account of local mode."""
    return Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)


def local_clearance() -> Clearance:
    """Return the clearance of local mode: a coordinator of the one organisation."""
    return Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)


def forget_process_state() -> None:
    """Close the store and read the environment anew; for tests that change DATA_DIR."""
    if store.cache_info().currsize:
        store().close()
    for cached in (configuration, store, signing_secret):
        cached.cache_clear()
