"""The suite's own rule: a test that was skipped is said, and in CI the run has failed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SKIPPED = "import pytest\n\ndef test_one():\n    pytest.skip('no such thing here')\n\ndef test_two():\n    pass\n"


@pytest.mark.parametrize(("in_ci", "status"), [(True, 1), (False, 0)])
def test_a_skip_fails_in_ci_and_only_there(tmp_path, in_ci, status):
    (tmp_path / "test_it.py").write_text(SKIPPED, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", tmp_path, "-p", "tests.conftest"]
    done = subprocess.run(
        [*command, tmp_path / "test_it.py"], cwd=ROOT, check=False, capture_output=True, text=True,
        env=environment | ({"CI": "1"} if in_ci else {}),
    )  # fmt: skip
    assert "skipped: 1 (Skipped: no such thing here)" in done.stdout
    assert done.returncode == status, done.stdout
