"""What the app refuses to start with, each with a sentence."""

import os
import stat
import subprocess
import sys

import pytest

from api.configuration import LOCAL_HOSTS, Configuration, Mode, check, read_secrets
from domain.errors import ConfigurationError
from domain.text import Language
from tests.tools.oidc import write_secrets
from tests.tools.server import PROJECT, free_port
from ui.localisation import Messages

URL = "https://mapa.example.cz"
HERE = "http://127.0.0.1:8501"


def shared(tmp_path, *, url=URL, secrets_url=None, **more):
    data_dir = tmp_path / "data"
    data_dir.mkdir(mode=0o700, exist_ok=True)
    path = data_dir / "secrets.toml"
    if not path.exists():
        write_secrets(path, provider="https://idp.example", url=secrets_url or url)
    options = {
        "data_dir": data_dir, "mode": Mode.SHARED, "trusted_hosts": ("mapa.example.cz",), "public_url": url, "secrets_path": path,
    }  # fmt: skip
    return Configuration(**options | more)


def local(tmp_path, **more):
    return Configuration(data_dir=tmp_path / "data", **more)


def refusal(configuration, *, address="127.0.0.1", cors=True, xsrf=True, **more):
    with pytest.raises(ConfigurationError) as caught:
        check(configuration, address=address, cors=cors, xsrf=xsrf, **more)
    for language in Language:
        sentence = Messages(language).error(caught.value)
        assert caught.value.code not in sentence, "the error has its sentence"
    return caught.value.code


def test_good_configurations_start(tmp_path):
    check(local(tmp_path), address="127.0.0.1", cors=True, xsrf=True)
    check(shared(tmp_path), address="0.0.0.0", cors=True, xsrf=True)


def test_loopback_over_http_for_tests_alone(tmp_path):
    here = shared(tmp_path, url=HERE)
    assert refusal(here) == "tls_missing"
    check(shared(tmp_path, url=HERE, allows_http=True), address="127.0.0.1", cors=True, xsrf=True)
    assert refusal(shared(tmp_path, url=HERE, allows_http=True), address="0.0.0.0") == "tls_missing"
    elsewhere = "http://mapa.example.cz"
    assert refusal(shared(tmp_path, url=elsewhere, allows_http=True)) == "tls_missing"


@pytest.mark.parametrize("mode", [local, shared])
def test_in_every_mode(tmp_path, mode):
    assert refusal(mode(tmp_path), cors=False) == "cors_off"
    assert refusal(mode(tmp_path), xsrf=False) == "xsrf_off"
    assert refusal(mode(tmp_path), trusts_headers=True) == "user_headers_trusted"
    for hosts in ((), ("*",), ("mapa.example.cz", "*.example.cz")):
        assert refusal(mode(tmp_path, trusted_hosts=hosts)) == "trusted_hosts_missing"
    assert refusal(mode(tmp_path, token_secret="short")) == "secret_weak"


def test_local_mode_stays_on_this_machine(tmp_path):
    for address in ("0.0.0.0", "", "192.168.1.5"):
        assert refusal(local(tmp_path), address=address) == "bind_not_loopback"


@pytest.mark.parametrize("name", ["bila-mista.sqlite", "bila-mista.sqlite-wal", "keys/token.key", "keys/audit.key"])
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_database_or_key_that_others_can_read(tmp_path, name, mode):
    path = tmp_path / "data" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    path.chmod(mode)
    assert refusal(local(tmp_path)) == "readable_by_others"
    path.chmod(0o600)
    check(local(tmp_path), address="127.0.0.1", cors=True, xsrf=True)


def test_secrets_that_others_can_read(tmp_path):
    configuration = shared(tmp_path)
    configuration.secrets_path.chmod(0o644)
    assert refusal(configuration) == "readable_by_others"


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        "a" * 64,
        "changeme-changeme-changeme-changeme-123",
        "my-cookie-SECRET-of-forty-characters-abc",
        "0123456789abcdefghijklmnopqrstuvwxyz",
    ],
)
def test_a_default_or_short_secret(tmp_path, secret):
    configuration = shared(tmp_path)
    text = configuration.secrets_path.read_text()
    lines = [f'cookie_secret = "{secret}"' if line.startswith("cookie_secret") else line for line in text.splitlines()]
    configuration.secrets_path.write_text("\n".join(lines))
    assert refusal(configuration) == "secret_weak"


def test_secrets_that_are_not_there_or_say_nothing(tmp_path):
    configuration = shared(tmp_path)
    configuration.secrets_path.write_text("[auth")
    assert refusal(configuration) == "secrets_unreadable"
    configuration.secrets_path.write_text("x = 1")
    assert refusal(configuration) == "secrets_without_sign_in"
    configuration.secrets_path.unlink()
    missing = Configuration(**{name: getattr(configuration, name) for name in configuration.__dataclass_fields__})
    assert refusal(missing) == "secrets_missing"
    assert read_secrets(local(tmp_path)) == {}


def test_addresses_that_do_not_fit(tmp_path):
    assert refusal(shared(tmp_path, url="", secrets_url=URL)) == "public_url_missing"
    assert refusal(shared(tmp_path, url="https://other.example.cz")) == "redirect_uri_differs"


def test_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for name in ("MODE", "HOSTS", "URL", "SECRETS", "ALLOW_HTTP", "TOKEN_SECRET"):
        monkeypatch.delenv(f"BILA_MISTA_{name}", raising=False)
    plain = Configuration.from_environment()
    assert (plain.mode, plain.trusted_hosts, plain.is_shared) == (Mode.LOCAL, LOCAL_HOSTS, False)
    monkeypatch.setenv("BILA_MISTA_MODE", "shared")
    assert Configuration.from_environment().trusted_hosts == ()
    monkeypatch.setenv("BILA_MISTA_HOSTS", "a.cz, b.cz ,")
    monkeypatch.setenv("BILA_MISTA_URL", "https://a.cz/")
    asked = Configuration.from_environment()
    assert (asked.trusted_hosts, asked.public_url) == (("a.cz", "b.cz"), "https://a.cz")
    assert asked.secrets_path == tmp_path / "secrets.toml"
    monkeypatch.setenv("BILA_MISTA_MODE", "room-or-so")
    with pytest.raises(ConfigurationError, match="unknown_mode"):
        Configuration.from_environment()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"BILA_MISTA_MODE": "open"}, "BILA_MISTA_MODE je „open“"),
        ({"BILA_MISTA_MODE": "shared"}, "Chybí soubor secrets.toml"),
        ({"BILA_MISTA_HOSTS": "*"}, "Nastavte BILA_MISTA_HOSTS"),
    ],
)
def test_the_server_ends_with_a_sentence(tmp_path, environment, said):
    command = [
        sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={free_port()}", "--server.address=127.0.0.1",
        "--server.headless=true",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=PROJECT, env={**os.environ, "DATA_DIR": str(tmp_path / "data"), **environment}, capture_output=True,
        text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout


def test_the_key_of_the_tokens_is_private(data_dir):
    from api import process

    process.signing_secret()
    assert stat.S_IMODE((data_dir / "keys" / "token.key").stat().st_mode) == 0o600
    process.check_configuration(address="127.0.0.1", cors=True, xsrf=True)
