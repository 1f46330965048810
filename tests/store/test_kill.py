"""A writer is killed at random moments; what it acknowledged is there, and nothing is half there."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store import open_store

ROOT = Path(__file__).parents[2]
KILLS = 20

WRITER = """
import sys
from datetime import date
from pathlib import Path
import uuid_utils
from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceDraft, VisitDraft
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store
store = open_store(Path(sys.argv[1]))
actor = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
print("ready", flush=True)
while True:
    draft = PlaceDraft(id=str(uuid_utils.uuid7()), kind="ubytovna", name="U", position=LonLat(lon=14.4, lat=50.1))
    located = LocatedPlace(draft=draft, city_part="500089", admin_district=2, cadastral_area=None)
    visit = VisitDraft(id=str(uuid_utils.uuid7()), place_id=draft.id, happened_on=date(2026, 1, 1), outcome="nikdo")
    record = store.places.add(located, actor, visit=visit)
    print(draft.id, flush=True)
"""


@pytest.mark.timeout(300)
def test_what_was_acknowledged_survives_twenty_kills(tmp_path):
    seed = int(os.environ.get("SEED", "20261001"))
    rng = random.Random(seed)
    data_dir = tmp_path / "data"
    acknowledged = []
    for _ in range(KILLS):
        acknowledged += write_and_kill(data_dir, rng.uniform(0.0, 0.25))
        started = time.monotonic()
        store = open_store(data_dir)
        assert time.monotonic() - started < 10
        stored = {record.id: record for record in store.places.find()}
        assert set(acknowledged) <= set(stored), f"lost with seed {seed}"
        assert all(record.visit_count == 1 for record in stored.values())
        assert store.audit.verify() == []
        assert store.places.verify_cells() == []
        assert len(store.audit.rows(limit=1_000_000)) == 2 * len(stored)
        assert store.data_version() == len(stored)
        with store._readers.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        store.close()
    assert len(acknowledged) > KILLS, json.dumps(acknowledged)


def write_and_kill(data_dir, after_s):
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(data_dir)], stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    lines = process.stdout.read().splitlines(keepends=True)
    process.stdout.close()
    process.wait()
    return [line.strip() for line in lines if line.endswith("\n")]
