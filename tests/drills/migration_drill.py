"""Databases of every version that ever was, filled with 10,000 rows each, are opened by the present program. What
was in them must be in them afterwards, row by row. The program is killed at every single step of the way; the
database must then be as before or complete, and the next start must finish the work.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.drills.findings import at_least, none_of, timing, told
from tests.drills.old_databases import all_revisions, build, read

PROJECT = Path(__file__).parents[2]
ROWS = 10_000
SHORT_ROWS = 300
SHORT_STEPS = ("3", "11", "24")


def run(seed, *, full):
    rows = ROWS if full else SHORT_ROWS
    changed = kills = broken = total = 0
    longest = 0.0
    revisions = all_revisions()
    with tempfile.TemporaryDirectory(prefix="migration-drill-") as folder:
        for number, revision in enumerate(revisions):
            data_dir = Path(folder) / revision
            build(data_dir, revision, rows=rows, seed=seed + number)
            found, columns, before = read(data_dir)
            assert found == revision
            total += sum(count for count, _ in before.values())
            lines, seconds = kill_and_finish(data_dir, () if full else SHORT_STEPS)
            kills += sum(line["killed"] for line in lines)
            broken += sum(not line["whole"] for line in lines)
            longest = max(longest, seconds)
            reached, _, after = read(data_dir, columns)
            changed += sum(after[name] != before[name] for name in before) + (reached != revisions[-1])
    return [
        at_least("versions of the database", len(revisions), 4),
        at_least("rows in them", total, rows * len(revisions)),
        none_of("tables whose content changed on the way", changed),
        at_least("kills, one at each step" if full else "kills", kills, 100 if full else 3),
        none_of("databases neither as before nor complete", broken),
        told("newest version", int(revisions[-1][:4])),
        timing("kills, restarts and comparisons of one version, longest", longest, "s"),
    ]


def kill_and_finish(data_dir, steps):
    command = [sys.executable, "-m", "tests.drills.migration_killer", str(data_dir), *steps]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    start = time.perf_counter()
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=PROJECT, env=environment, text=True)
    return [json.loads(line) for line in said.stdout.splitlines()], time.perf_counter() - start
