"""A real OpenID Connect provider as a process of its own on loopback, and an app in shared mode that asks it."""

import contextlib
import json
import secrets
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.tools.server import free_port, running_app

START_TIMEOUT_S = 30


@contextlib.contextmanager
def running_provider(people, log):
    """Yield the address of a provider that knows `people` (dicts of claims)."""
    port = free_port()
    # Its deprecation warnings would be errors in this process.
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    for claims in people:
        command += ["--user-claims", json.dumps(claims)]
    with Path(log).open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=2),
            ):
                break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the provider did not answer:\n{Path(log).read_text(errors='replace')}")
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def write_secrets(path, *, provider, url, cookie_secret=None):
    """Write the file of secrets of an app at `url`."""
    path.write_text(
        "[auth]\n"
        f'redirect_uri = "{url}/oauth2callback"\n'
        f'cookie_secret = "{cookie_secret or secrets.token_urlsafe(48)}"\n'
        'client_id = "bila-mista"\n'
        f'client_secret = "{secrets.token_urlsafe(32)}"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n',
        encoding="utf-8",
    )
    path.chmod(0o600)


def shared_environment(data_dir, port):
    """Return the environment of shared mode on loopback, and the app's address."""
    url = f"http://127.0.0.1:{port}"
    return {
        "BILA_MISTA_MODE": "shared", "BILA_MISTA_HOSTS": "127.0.0.1", "BILA_MISTA_URL": url, "BILA_MISTA_ALLOW_HTTP": "1",
        "BILA_MISTA_SECRETS": str(Path(data_dir) / "secrets.toml"),
    }, url  # fmt: skip


@contextlib.contextmanager
def running_shared_app(data_dir, provider):
    """Yield an app in shared mode over `data_dir`, which is there already."""
    port = free_port()
    environment, url = shared_environment(data_dir, port)
    write_secrets(Path(data_dir) / "secrets.toml", provider=provider, url=url)
    with running_app(data_dir, environment=environment, port=port) as app:
        yield app
