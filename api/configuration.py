"""Settings of the process, and the configurations it must not start with."""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from domain.errors import ConfigurationError

PROJECT = Path(__file__).parents[1]
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
SECRETS_NAME = "secrets.toml"
CALLBACK = "/oauth2callback"
MIN_SECRET_LENGTH = 32
_LEAST_CHARACTERS = 10
# What examples and defaults are made of; 32 random characters hold none of these but by a rare accident.
_DEFAULT_WORDS = ("change", "secret", "password", "example", "default", "xxxx", "0123456789", "bila-mista")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Mode(StrEnum):
    """How the app is used. A third mode, `room`, serves the facilitator's network beside local mode."""

    LOCAL = "local"
    SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Settings of the process, from the environment; see docs/deployment.md.

    `allows_http` lifts the demand for TLS where everything stays on this machine: for tests.
    """

    data_dir: Path
    mode: Mode = Mode.LOCAL
    trusted_hosts: tuple[str, ...] = LOCAL_HOSTS
    public_url: str = ""
    secrets_path: Path | None = None
    allows_http: bool = False
    token_secret: str = ""
    # It may hold a password.
    database_url: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls) -> "Configuration":
        """Read the environment; DATA_DIR is `var` beside app.py where nothing is set.

        Raises
        ------
        ConfigurationError
            `unknown_mode`.
        """
        data_dir = Path(os.environ.get("DATA_DIR") or PROJECT / "var").absolute()
        asked = os.environ.get("BILA_MISTA_MODE") or Mode.LOCAL.value
        try:
            mode = Mode(asked)
        except ValueError:
            raise ConfigurationError("unknown_mode", value=asked) from None
        hosts = os.environ.get("BILA_MISTA_HOSTS")
        default = LOCAL_HOSTS if mode is Mode.LOCAL else ()
        return cls(
            data_dir=data_dir,
            mode=mode,
            trusted_hosts=default if hosts is None else tuple(h.strip() for h in hosts.split(",") if h.strip()),
            public_url=(os.environ.get("BILA_MISTA_URL") or "").rstrip("/"),
            secrets_path=Path(os.environ.get("BILA_MISTA_SECRETS") or data_dir / SECRETS_NAME).absolute(),
            allows_http=os.environ.get("BILA_MISTA_ALLOW_HTTP") == "1",
            database_url=os.environ.get("DATABASE_URL") or "",
            token_secret=os.environ.get("BILA_MISTA_TOKEN_SECRET") or "",
        )

    @property
    def is_shared(self) -> bool:
        """Return whether several people use it, each signed in."""
        return self.mode is Mode.SHARED


def read_secrets(configuration: Configuration) -> dict[str, Any]:
    """Return the secrets of sign-in; empty in local mode, which has none.

    Raises
    ------
    ConfigurationError
        `secrets_missing`, `secrets_unreadable`, `readable_by_others`.
    """
    path = configuration.secrets_path
    if not configuration.is_shared or path is None:
        return {}
    if not path.is_file():
        raise ConfigurationError("secrets_missing", path=path.name)
    require_private(path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ConfigurationError("secrets_unreadable", path=path.name) from None


def check(configuration: Configuration, *, address: str, cors: bool, xsrf: bool, trusts_headers: bool = False) -> None:
    """Refuse to start a server that others could reach or drive, or that would not know who asks.

    Parameters
    ----------
    address
        Where the server listens.
    cors, xsrf
        Whether Streamlit's protections are on.
    trusts_headers
        Whether Streamlit takes the person from a header of the request.

    Raises
    ------
    ConfigurationError
        With the first reason found.
    """
    if not cors:
        raise ConfigurationError("cors_off")
    if not xsrf:
        raise ConfigurationError("xsrf_off")
    if trusts_headers:
        raise ConfigurationError("user_headers_trusted")
    if not configuration.trusted_hosts or any("*" in host for host in configuration.trusted_hosts):
        raise ConfigurationError("trusted_hosts_missing")
    if configuration.token_secret:
        require_strong(configuration.token_secret, "BILA_MISTA_TOKEN_SECRET")
    _check_files(configuration.data_dir)
    if configuration.is_shared:
        _check_shared(configuration, address)
    elif address not in LOOPBACK:
        raise ConfigurationError("bind_not_loopback", address=address or "*")


def require_private(path: Path) -> None:
    """Raise `ConfigurationError` (`readable_by_others`) if anybody but its owner may read a file."""
    # Windows has no such bits; there the folder of the person's own profile is private.
    if os.name != "nt" and path.stat().st_mode & _OTHERS:
        raise ConfigurationError("readable_by_others", path=path.name)


def require_strong(secret: str, name: str) -> None:
    """Raise `ConfigurationError` (`secret_weak`) for a secret that is short, plain or out of an example."""
    low = secret.lower()
    is_default = any(word in low for word in _DEFAULT_WORDS)
    if len(secret) < MIN_SECRET_LENGTH or len(set(secret)) < _LEAST_CHARACTERS or is_default:
        raise ConfigurationError("secret_weak", name=name, limit=MIN_SECRET_LENGTH)


def _check_files(data_dir: Path) -> None:
    database = sorted(data_dir.glob("*.sqlite*"))
    for path in (*database, *sorted((data_dir / "keys").glob("*"))):
        if path.is_file():
            require_private(path)


def _check_shared(configuration: Configuration, address: str) -> None:
    auth = read_secrets(configuration).get("auth")
    if not isinstance(auth, Mapping):
        raise ConfigurationError("secrets_without_sign_in")
    require_strong(str(auth.get("cookie_secret") or ""), "cookie_secret")
    url = urlsplit(configuration.public_url)
    if not url.hostname:
        raise ConfigurationError("public_url_missing")
    here = address in LOOPBACK and url.hostname in LOOPBACK
    if url.scheme != "https" and not (configuration.allows_http and here):
        raise ConfigurationError("tls_missing", url=configuration.public_url)
    if auth.get("redirect_uri") != configuration.public_url + CALLBACK:
        raise ConfigurationError("redirect_uri_differs", url=configuration.public_url + CALLBACK)
