"""The route of a backup, its command, and where the passphrase may come from."""

import json

import pytest

from actions.backup import last_backup
from api import backup_command, process
from api.backup_secret import backup_folder, kept_passphrase
from api.housekeeping import back_up
from domain.errors import AppError
from domain.roles import PERMISSIONS, Permission, Role
from store import open_store
from store.restore import check_backup
from tests.store.conftest import Make
from tests.store.people import everybody, found

PASSPHRASE = "čtyři náhodná slova"
URL = "/api/v1/backup"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("PASSPHRASE", "PASSPHRASE_FILE", "FOLDER"):
        monkeypatch.delenv(f"BILA_MISTA_BACKUP_{name}", raising=False)


def ask(routes, headers, body=None):
    content = json.dumps({"passphrase": PASSPHRASE}) if body is None else body
    return routes.post(URL, headers=headers, content=content)


def audited():
    return [row for row in process.store().audit.rows() if row.action == "backup"]


def test_a_downloaded_backup_opens(routes, bearer, tmp_path):
    process.store().places.add(Make().place(name="KANAREK"), Make.actor)
    answer = ask(routes, bearer())
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    name = answer.headers["content-disposition"].split('"')[1]
    (tmp_path / name).write_bytes(answer.content)
    assert check_backup(tmp_path / name, PASSPHRASE).rows > 1
    assert b"KANAREK" not in answer.content
    (row,) = audited()
    assert (row.entity_id, json.loads(row.payload)) == (name, {"detail": "download"})
    last = last_backup(process.store().data_dir)
    assert last is not None
    assert not last.is_checked


@pytest.mark.parametrize("role", list(Role))
def test_who_may_not_gets_none(routes, bearer, role):
    answer = ask(routes, bearer(role))
    allowed = Permission.BACK_UP in PERMISSIONS[role]
    assert answer.status_code == (200 if allowed else 403)
    assert len(audited()) == allowed


def test_nobody_without_a_token(routes):
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        answer = ask(routes, headers)
        assert answer.status_code == 401
    assert routes.get(URL).status_code in {404, 405}
    assert audited() == []
    assert last_backup(process.store().data_dir) is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "backup_request_invalid"),
        ("[]", "backup_request_invalid"),
        ('{"passphrase": 123456789012}', "backup_request_invalid"),
        ("x" * 5000, "backup_request_invalid"),
        ('{"passphrase": "heslo"}', "backup_passphrase_short"),
    ],
)
def test_a_wrong_request_is_refused_with_a_sentence(routes, bearer, body, code):
    answer = ask(routes, bearer(), body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code
    assert code not in answer.json()["error"]["message"]
    assert audited() == []


@pytest.fixture
def shared(data_dir, monkeypatch):
    monkeypatch.setenv("BILA_MISTA_MODE", "shared")
    monkeypatch.setenv("BILA_MISTA_HOSTS", "127.0.0.1")
    process.forget_process_state()
    store = process.store()
    return [everybody(store, found(store, name)) for name in ("Provozovatel", "Jiná")]


def test_in_shared_mode_the_server_s_passphrase_seals_it(shared, routes, tmp_path, monkeypatch):
    from api.tokens import make_token

    def headers(actor):
        clearance = process.store().accounts.standing(actor.account_id).clearance
        token = make_token(clearance, secret=process.signing_secret(), account_id=actor.account_id)
        return {"Authorization": f"Bearer {token}"}

    operator, other = shared
    assert ask(routes, headers(operator[Role.ADMIN])).json()["error"]["code"] == "backup_secret_missing"
    secret = tmp_path / "secret"
    secret.write_text("heslo serveru, dlouhé\n")
    secret.chmod(0o600)
    monkeypatch.setenv("BILA_MISTA_BACKUP_PASSPHRASE_FILE", str(secret))
    answer = ask(routes, headers(operator[Role.ADMIN]))
    (tmp_path / "a").write_bytes(answer.content)
    with pytest.raises(AppError, match="wrong_passphrase"):
        check_backup(tmp_path / "a", PASSPHRASE)
    assert check_backup(tmp_path / "a", "heslo serveru, dlouhé").rows > 1
    for role in (Role.ADMIN, Role.COORDINATOR):
        assert ask(routes, headers(other[role])).status_code == 403
    assert ask(routes, headers(operator[Role.FIELD_WORKER])).status_code == 403


def test_the_passphrase_never_comes_from_the_data(tmp_path, monkeypatch):
    data_dir, outside = tmp_path / "data", tmp_path / "secret"
    data_dir.mkdir()
    assert kept_passphrase(data_dir) is None
    for path in (data_dir / "secret", outside):
        path.write_text("tajné heslo záloh\n")
        path.chmod(0o600)
    monkeypatch.setenv("BILA_MISTA_BACKUP_PASSPHRASE_FILE", str(data_dir / "secret"))
    with pytest.raises(AppError, match="backup_secret_in_data_dir"):
        kept_passphrase(data_dir)
    monkeypatch.setenv("BILA_MISTA_BACKUP_PASSPHRASE_FILE", str(outside))
    assert kept_passphrase(data_dir) == "tajné heslo záloh"
    outside.chmod(0o644)
    with pytest.raises(AppError, match="readable_by_others"):
        kept_passphrase(data_dir)
    monkeypatch.setenv("BILA_MISTA_BACKUP_PASSPHRASE_FILE", str(tmp_path / "none"))
    with pytest.raises(AppError, match="backup_secret_unreadable"):
        kept_passphrase(data_dir)
    monkeypatch.setenv("BILA_MISTA_BACKUP_PASSPHRASE", "z prostředí, dlouhé")
    assert kept_passphrase(data_dir) == "z prostředí, dlouhé"
    monkeypatch.setenv("BILA_MISTA_BACKUP_FOLDER", str(data_dir / "zalohy"))
    with pytest.raises(AppError, match="backup_folder_in_data_dir"):
        backup_folder(data_dir)


def test_the_server_takes_the_scheduled_backup(data_dir, tmp_path, monkeypatch, caplog):
    process.store()
    back_up()
    assert not (tmp_path / "out").exists()
    monkeypatch.setenv("BILA_MISTA_BACKUP_FOLDER", str(tmp_path / "out"))
    back_up()
    assert "backup_secret_missing" in caplog.text
    monkeypatch.setenv("BILA_MISTA_BACKUP_PASSPHRASE", PASSPHRASE)
    back_up()
    back_up()
    (file,) = (tmp_path / "out").iterdir()
    assert check_backup(file, PASSPHRASE).rows > 1


def test_the_command(data_dir, tmp_path, monkeypatch, capsys):
    process.store().places.add(Make().place(), Make.actor)
    file, new = tmp_path / "a.zaloha", tmp_path / "new"

    def command(*arguments):
        code = backup_command.main([*map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    typed = iter([PASSPHRASE, PASSPHRASE, PASSPHRASE, "jiné, dost dlouhé", "krátké", PASSPHRASE, PASSPHRASE])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    code, out, err = command("backup", file, "--data-dir", data_dir)
    assert (code, err) == (0, "")
    assert "a.zaloha" in out
    assert str(process.store().audit.head().seq) in out
    assert command("backup", tmp_path / "b", "--data-dir", data_dir)[0] == 1
    code, _, err = command("backup", tmp_path / "b", "--data-dir", data_dir)
    assert (code, "12" in err) == (1, True)
    assert command("verify", file, "--data-dir", data_dir)[0] == 0
    assert command("restore", file, "--data-dir", new)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zaloha", "data", "new"]
    monkeypatch.setenv("BILA_MISTA_BACKUP_PASSPHRASE", PASSPHRASE)
    code, _, err = command("restore", file, "--data-dir", new, "--lang", "en")
    assert code == 1
    assert "is not empty" in err


def test_the_command_between_two_servers(clusters, tmp_path, monkeypatch, capsys):
    """A backup of one PostgreSQL database goes into another, empty one; a second time it is refused."""
    old = clusters.home("postgresql", tmp_path / "data")
    store = old.open()
    store.places.add(Make().place(), Make.actor)
    head = store.audit.head()
    store.close()
    name = clusters.cluster.make_database()
    file, new = tmp_path / "a.zaloha", tmp_path / "new"
    monkeypatch.setenv("BILA_MISTA_BACKUP_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("DATABASE_URL", old.database_url)
    assert backup_command.main(["backup", str(file), "--data-dir", str(old.data_dir)]) == 0
    monkeypatch.setenv("DATABASE_URL", clusters.cluster.url(name))
    assert backup_command.main(["restore", str(file), "--data-dir", str(new)]) == 0
    assert "DATABASE_URL" in capsys.readouterr().out
    restored = open_store(new, database_url=clusters.cluster.url(name))
    assert (restored.places.count(), restored.audit.head()) == (1, head)
    restored.close()
    assert backup_command.main(["restore", str(file), "--data-dir", str(tmp_path / "second")]) == 1
    assert "DATABASE_URL" in capsys.readouterr().err
    clusters.cluster.drop_database(name)
    old.remove()
