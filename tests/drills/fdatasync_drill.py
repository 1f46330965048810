"""A kill cannot show whether a loss of power would take something: what the program wrote stays with the system.
So the system calls are watched while 1,000 writes are made one after another. Before each of them is acknowledged,
the database's log must have been forced to the disk (fdatasync) at least once.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.drills.findings import at_least, none_of, told
from tests.tools.strace import find_strace

PROJECT = Path(__file__).parents[2]
COMMITS = 1_000
SHORT_COMMITS = 60
SYNC = re.compile(r"f(?:data)?sync\(\d+<[^>]*bila-mista\.sqlite-wal>\)\s*= 0")
# What the writer writes to its standard output, which strace shows among the rest.
SAID = re.compile(r'write\(1<[^>]*>, "(begin|done)')

WRITER = """
import os, sys
from pathlib import Path
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store
from domain.place import Actor
store = open_store(Path(sys.argv[1]))
actor = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
os.write(1, b"begin")
for number in range(int(sys.argv[2])):
    store.settings.set("zkouska", number, actor=actor)
    os.write(1, b"done")
os._exit(0)
"""


def run(seed, *, full):
    commits = COMMITS if full else SHORT_COMMITS
    with tempfile.TemporaryDirectory(prefix="fdatasync-drill-") as folder:
        log = Path(folder) / "strace"
        command = [
            find_strace(), "-f", "-y", "-e", "trace=fdatasync,fsync,write", "-e", "signal=none", "-o", str(log),
            sys.executable, "-c", WRITER, str(Path(folder) / "data"), str(commits),
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
        subprocess.run(command, check=True, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
        acknowledged, syncs, without = counted(log.read_text(encoding="utf-8", errors="replace"))
    return [
        at_least("writes acknowledged", acknowledged, commits),
        at_least("times the log was forced to the disk", syncs, acknowledged),
        none_of("writes acknowledged before that", without),
        told("per write", syncs / acknowledged),
    ]


def counted(text):
    """Return how many writes were acknowledged, how often the log was synced, and acknowledgements without a sync."""
    acknowledged = syncs = without = since = 0
    begun = False
    for line in joined(text):
        if SYNC.search(line):
            syncs += begun
            since += 1
        elif said := SAID.search(line):
            if said[1] == "done":
                acknowledged += 1
                without += since == 0
            begun = True
            since = 0
    return acknowledged, syncs, without


def joined(text):
    """Put calls that strace shows in two parts, because another thread came between, at the place where they ended."""
    begun = {}
    for line in text.splitlines():
        thread, _, call = line.partition(" ")
        if "<unfinished ...>" in call:
            begun[thread] = call.replace(" <unfinished ...>", "")
        elif "resumed>" in call:
            yield begun.pop(thread, "") + call.partition("resumed>")[2]
        else:
            yield call
