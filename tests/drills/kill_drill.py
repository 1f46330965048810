"""The program is killed (kill -9) at random moments while three sessions record places with visits, correct them,
add photos and merge duplicates, and while the log is moved into the database all the time. After every kill it is
started again: everything that it had acknowledged must be there, and nothing may be there by halves. A second part
kills it while it brings an older database to the present schema. In the end the whole app is started a few times on
what the kills left, until its address of health answers. How long a start takes hangs on what else the machine does;
the processor time of it does much less.
"""

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path

import psutil

from tests.drills.findings import at_least, none_of, timing, told
from tests.drills.old_databases import all_revisions
from tests.drills.old_databases import build as build_old
from tests.drills.whole_store import half_written, lost
from tests.tools.server import running_app

PROJECT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT)}
KILLS = 110
SHORT_KILLS = 5
MIGRATION_KILLS = 20
SHORT_MIGRATION_KILLS = 2
LEAST_WRITES = 10_000
# A kill comes after so many acknowledged writes, and a moment more.
MOST_WRITES = 230
SHORT_MOST_WRITES = 60
MOMENT_S = 0.02
RESTART_LIMIT_S = 2.0
APP_STARTS, SHORT_APP_STARTS = 5, 1


def run(seed, *, full):
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="kill-drill-") as folder:
        writing = kill_writers(Path(folder) / "data", rng, full=full)
        app = start_app(Path(folder) / "data", APP_STARTS if full else SHORT_APP_STARTS)
        migrating = kill_migrations(Path(folder), rng, MIGRATION_KILLS if full else SHORT_MIGRATION_KILLS)
    kills = writing["kills"] + migrating["kills"]
    tried = writing["tried"]
    return [
        at_least("kills", kills, 100 if full else SHORT_KILLS),
        at_least("writes acknowledged", writing["acknowledged"], LEAST_WRITES if full else SHORT_KILLS),
        none_of("acknowledged writes lost", len(writing["lost"])),
        none_of("things there by halves", len(writing["half"]) + migrating["half"]),
        *(told(f"killed in the middle of: {kind}", tried[kind]) for kind in ("create", "edit", "photo", "merge", "checkpoint")),
        told("killed in the middle of: migration", migrating["kills"]),
        timing("opening the store after a kill, longest", max(writing["opened"]), "s", RESTART_LIMIT_S),
        timing("from starting the process to its store being open, longest", max(writing["started"]), "s", RESTART_LIMIT_S),
        timing("the same, median", statistics.median(writing["started"]), "s", RESTART_LIMIT_S),
        timing("processor time of that, longest", max(writing["processor"]), "s", RESTART_LIMIT_S),
        timing("from starting the app to its first healthy answer, longest", max(app["started"]), "s", RESTART_LIMIT_S),
        timing("the same, median", statistics.median(app["started"]), "s", RESTART_LIMIT_S),
        told("processor time of that, longest", max(app["processor"]), "s"),
    ]  # fmt: skip


def kill_writers(data_dir, rng, *, full):
    found = {
        "kills": 0,
        "acknowledged": 0,
        "lost": [],
        "half": [],
        "tried": Counter(),
        "opened": [],
        "started": [],
        "processor": [],
    }
    acknowledged = []
    for _ in range(KILLS if full else SHORT_KILLS):
        writes = rng.randint(1, MOST_WRITES if full else SHORT_MOST_WRITES)
        lines, started = write_and_kill(data_dir, rng, writes)
        found["kills"] += 1
        found["started"].append(started)
        found["opened"].append(lines[0]["ready"])
        found["processor"].append(lines[0]["processor"])
        under_way = {}
        for line in lines[1:]:
            if "trying" in line:
                under_way[line["session"]] = line["trying"]
            else:
                del under_way[line["session"]]
        found["tried"].update(under_way.values())
        acknowledged += [line for line in lines if line.get("done") not in {None, "checkpoint"}]
        found["half"] += half_written(data_dir)
        found["lost"] += lost(data_dir, acknowledged)
    found["acknowledged"] = len(acknowledged)
    return found


def write_and_kill(data_dir, rng, writes):
    """Return what the killed writer said, and the seconds until it was ready."""
    command = [sys.executable, "-m", "tests.drills.kill_writer", str(data_dir), str(rng.randrange(2**32))]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT, env=ENVIRONMENT) as process:
        first = process.stdout.readline()
        started = time.perf_counter() - start
        text = first + read_writes(process.stdout, writes)
        time.sleep(rng.uniform(0, MOMENT_S))
        process.send_signal(signal.SIGKILL)
        text += process.stdout.read()
    # The last line may be cut: what was not said whole was not acknowledged.
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith(b"\n")], started


def read_writes(stream, writes):
    """Return what is said until so many writes were acknowledged."""
    text = []
    while writes:
        line = stream.readline()
        assert line, "the writer ended by itself"
        text.append(line)
        writes -= b'"done"' in line and b'"checkpoint"' not in line
    return b"".join(text)


def start_app(data_dir, starts):
    """Start the app on what the killed ones left; return its seconds and processor seconds until it says it is well."""
    found = {"started": [], "processor": []}
    for _ in range(starts):
        start = time.perf_counter()
        with (
            running_app(data_dir, environment={"DATABASE_URL": "", "BILA_MISTA_MODE": "local"}) as app,
            urllib.request.urlopen(f"{app}/api/v1/health", timeout=20),
        ):
            found["started"].append(time.perf_counter() - start)
            used = psutil.Process(app.process.pid).cpu_times()
            found["processor"].append(used.user + used.system)
    return found


def kill_migrations(folder, rng, kills):
    """Kill an opening that migrates, at random steps of random revisions."""
    found = {"kills": 0, "half": 0}
    revisions = all_revisions()[:-1]
    number = 0
    while found["kills"] < kills:
        number += 1
        data_dir = folder / f"old-{number}"
        build_old(data_dir, rng.choice(revisions), rows=1_000, seed=rng.randrange(2**32))
        asked = [str(rng.randrange(1, 40)) for _ in range(5)]
        command = [sys.executable, "-m", "tests.drills.migration_killer", str(data_dir), *asked]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=PROJECT, env=ENVIRONMENT, text=True)
        for line in map(json.loads, said.stdout.splitlines()):
            found["kills"] += line["killed"]
            found["half"] += not line["whole"]
    return found
