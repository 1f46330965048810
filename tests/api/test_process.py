"""What a server process has once: configuration, store, secret; and what it refuses to start with."""

import stat
from pathlib import Path

import pytest

from api import process
from domain.errors import ConfigurationError, StoreError
from domain.roles import Role
from store import open_store


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_alone_is_served(address):
    process.check_configuration(address=address, cors=True, xsrf=True)


@pytest.mark.parametrize(
    ("address", "cors", "xsrf", "code"),
    [
        ("0.0.0.0", True, True, "bind_not_loopback"), ("", True, True, "bind_not_loopback"),
        ("192.168.1.5", True, True, "bind_not_loopback"), ("127.0.0.1.example", True, True, "bind_not_loopback"),
        ("127.0.0.1", False, True, "cors_off"), ("127.0.0.1", True, False, "xsrf_off"),
    ],
)  # fmt: skip
def test_a_start_that_others_could_reach_is_refused(address, cors, xsrf, code):
    with pytest.raises(ConfigurationError) as caught:
        process.check_configuration(address=address, cors=cors, xsrf=xsrf)
    assert caught.value.code == code


def test_data_dir_comes_from_the_environment_and_is_var_by_default(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "x"))
    assert process.Configuration.from_environment().data_dir == tmp_path / "x"
    monkeypatch.setenv("DATA_DIR", "")
    assert process.Configuration.from_environment().data_dir == process.PROJECT / "var"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "relative")
    assert process.Configuration.from_environment().data_dir == tmp_path / "relative"


def test_the_secret_is_made_once_kept_and_private(data_dir):
    secret = process.signing_secret()
    path = data_dir / "keys" / "token.key"
    assert len(secret) == process.SECRET_BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    process.forget_process_state()
    assert process.signing_secret() == secret


def test_a_secret_that_was_cut_short_is_refused(data_dir):
    process.signing_secret()
    (data_dir / "keys" / "token.key").write_bytes(b"short")
    process.forget_process_state()
    with pytest.raises(ConfigurationError, match="secret_too_short"):
        process.signing_secret()


def test_the_store_is_one_and_a_second_server_is_kept_away(data_dir):
    first = process.store()
    assert process.store() is first
    with pytest.raises(StoreError, match="data_dir_in_use"):
        open_store(data_dir)
    process.forget_process_state()
    open_store(data_dir).close()


def test_local_mode_is_a_coordinator_of_the_one_organisation(data_dir):
    clearance, actor = process.local_clearance(), process.local_actor()
    assert clearance.role is Role.COORDINATOR
    assert clearance.organisation_id == actor.organisation_id
    assert not process.is_training()


def test_the_version_is_that_of_the_project():
    project = (Path(process.PROJECT) / "pyproject.toml").read_text("utf-8")
    assert f'version = "{process.VERSION}"' in project
