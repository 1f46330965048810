"""Tampering with the log is found: altered, removed, swapped, cut, written anew."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from store import AuditHead

ROOT = Path(__file__).parents[2]


@pytest.fixture
def written(store, make):
    """A store with twelve rows in its log."""
    for number in range(6):
        located = make.place(name=f"Tajný název {number}")
        store.places.add(located, make.actor, visit=make.visit(located.draft.id))
    return store


def found(store, head=None):
    return [(problem.code, problem.row) for problem in store.audit.verify(head)]


def test_a_log_that_nobody_touched_is_whole(written):
    assert found(written) == []
    assert written.audit.head().seq == 12


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("account_id = 'x'", "audit_row_altered"),
        ("organisation_id = 'x'", "audit_row_altered"),
        ("at = '2020-01-01 00:00:00.000000'", "audit_row_altered"),
        ("action = 'place.nothing'", "audit_row_altered"),
        ("entity = 'x'", "audit_row_altered"),
        ("entity_id = 'x'", "audit_row_altered"),
        ("chain_digest = payload_digest", "audit_row_altered"),
        ("payload = '{}'", "audit_payload_altered"),
        ("salt = '00'", "audit_payload_altered"),
        ("payload_digest = chain_digest", "audit_row_altered"),
    ],
)
def test_any_altered_column_is_found(written, home, change, code):
    home.execute(f"UPDATE audit_log SET {change} WHERE seq = 5")
    assert (code, 5) in found(written)
    assert {row for _, row in found(written)} <= {5, 6}


def test_a_removed_row_is_found(written, home):
    home.execute("DELETE FROM audit_log WHERE seq IN (5, 6)")
    (problem,) = written.audit.verify()
    assert (problem.code, problem.row, problem.value) == ("audit_rows_missing", 5, "5-6")


def test_a_removed_row_is_found_when_the_rest_is_numbered_anew(written, home):
    home.execute(
        "DELETE FROM audit_log WHERE seq = 5",
        *(f"UPDATE audit_log SET seq = {n - 1} WHERE seq = {n}" for n in range(6, 13)),
    )
    assert ("audit_row_altered", 5) in found(written)
    assert ("audit_tail_cut", 12) in found(written)


def test_swapped_rows_are_found(written, home):
    home.execute(
        "UPDATE audit_log SET seq = 99 WHERE seq = 4",
        "UPDATE audit_log SET seq = 4 WHERE seq = 8",
        "UPDATE audit_log SET seq = 8 WHERE seq = 99",
    )
    assert {("audit_row_altered", 4), ("audit_row_altered", 8)} <= set(found(written))


def test_a_cut_tail_is_found(written, home):
    home.execute("DELETE FROM audit_log WHERE seq > 9")
    (problem,) = written.audit.verify()
    assert (problem.code, problem.value) == ("audit_tail_cut", "10-12")


def test_a_log_written_anew_is_found(written, home, tmp_path, make):
    # The attacker has the database but not the key: a log of another installation is put in.
    elsewhere = home.sibling(tmp_path / "other")
    other = elsewhere.open()
    for number in range(12):
        other.settings.set(f"k{number}", number, make.actor)
    other.close()
    home.take_log_of(elsewhere)
    codes = {code for code, _ in found(written)}
    assert codes == {"audit_row_altered", "audit_payload_altered", "audit_rewritten"}


def test_a_head_noted_elsewhere_is_compared_too(written, data_dir, make):
    noted = written.audit.head()
    written.settings.set("later", 1, make.actor)
    assert found(written, noted) == []
    assert found(written, AuditHead(seq=noted.seq, digest="00")) == [("audit_rewritten", 12)]
    assert found(written, AuditHead(seq=50, digest=noted.digest)) == [("audit_tail_cut", 14)]


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"seq": 12, "digest": "0", "mac": "0"}'])
def test_a_missing_or_forged_head_is_found(written, data_dir, content):
    head = data_dir / "keys" / "audit.head"
    head.unlink() if content is None else head.write_bytes(content)
    assert found(written) == [("audit_head_missing", None)]


def test_a_head_that_does_not_fit_is_kept_as_evidence(written, home, data_dir, make):
    head = data_dir / "keys" / "audit.head"
    kept = head.read_bytes()
    written.close()
    home.execute("UPDATE audit_log SET chain_digest = 'x' WHERE seq = 12")
    again = home.open()
    for number in range(5):
        again.settings.set(f"k{number}", number, make.actor)
    assert head.read_bytes() == kept
    assert ("audit_rewritten", 12) in found(again)
    again.close()


def test_a_head_that_lags_behind_is_no_finding(written, home, data_dir, make):
    head = data_dir / "keys" / "audit.head"
    early = head.read_bytes()
    written.settings.set("a", 1, make.actor)
    written.close()
    head.write_bytes(early)
    again = home.open()
    assert found(again) == []
    again.settings.set("a", 2, make.actor)
    assert again.audit.head().seq == 14
    again.close()


def test_erased_payloads_leave_the_chain_whole(written, home, make):
    row = written.audit.rows(limit=1)[0]
    erased = written.audit.erase_payloads(entity=row.entity, entity_id=row.entity_id, actor=make.actor, reason="žádost")
    assert erased == 1
    assert [r.payload for r in written.audit.rows(entity=row.entity, entity_id=row.entity_id)] == [None]
    (trace,) = written.audit.rows(entity="audit")
    assert json.loads(trace.payload) == {"reason": "žádost", "rows": 1}
    assert found(written) == []
    home.execute("UPDATE audit_log SET payload = NULL, salt = NULL WHERE seq = 3")
    assert found(written) == []


def test_the_key_lies_outside_the_database_and_is_private(written, home, data_dir):
    keys = data_dir / "keys"
    written.close()
    key = (keys / "audit.key").read_bytes()
    assert len(key) == 32
    assert home.holding(key.hex()) == []
    if home.engine == "sqlite":
        assert key not in home.path.read_bytes()
    assert {oct(path.stat().st_mode & 0o777) for path in keys.iterdir()} == {"0o600"}
    assert oct(keys.stat().st_mode & 0o777) == "0o700"


def test_digests_of_the_same_payload_differ(store, make):
    store.settings.set("a", 1, make.actor)
    store.settings.set("a", 2, make.actor)
    store.settings.set("a", 1, make.actor)
    engine = store.audit._readers
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT payload, payload_digest FROM audit_log WHERE seq IN (1, 3)").all()
    assert rows[0][0] == rows[1][0]
    assert rows[0][1] != rows[1][1]


def run_cli(home, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": home.database_url or ""}
    return subprocess.run(
        [sys.executable, "-m", "store.verify_audit", *map(str, arguments)],
        capture_output=True, text=True, env=environment, cwd=ROOT, check=False,
    )  # fmt: skip


def test_the_command_tells_by_its_exit_code(written, home, data_dir, tmp_path):
    head = written.audit.head()
    whole = run_cli(home, data_dir, "--head", f"{head.seq}:{head.digest}")
    assert whole.returncode == 0, whole.stderr
    assert f"head {head.seq}:{head.digest}" in whole.stdout
    home.execute("UPDATE audit_log SET action = 'x' WHERE seq = 2")
    broken = run_cli(home, data_dir)
    assert broken.returncode == 1
    assert "audit_row_altered row=2" in broken.stdout
    assert run_cli(home, tmp_path / "nothing").returncode == 2
    assert run_cli(home, data_dir, "--head", "x").returncode == 2
    assert "Tajný název" not in whole.stdout + broken.stdout


def test_payloads_are_json(written):
    for row in written.audit.rows():
        assert isinstance(json.loads(row.payload), dict)
