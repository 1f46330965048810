"""Fifty editors correct the same ten places at once; no correction is lost and none is overwritten unseen.

Each editor reads a place, thinks for a fifth of a second to three fifths, adds one line of its own to the note and saves
what it read together with its line. That is quicker than people correct anything, and nobody pauses; without any
thinking at all fifty programs would only measure how long their own queue is. Who comes second gets the conflict view
(StaleRevisionError with the record as it stands now), reads again, thinks again and saves again: every acknowledged
correction comes with about four conflicts. In the end the history of every place must hold every acknowledged line
exactly once, each revision must follow from the one before by one editor's line, and the audit log must be whole. On
PostgreSQL the editors work through two processes of the app on one database. SQLite is held by one process, which
keeps a second one out; there the same editors are threads of that process. Both databases lie on this machine, without
a network in between; PostgreSQL's lies in memory where the machine has a place for that. A save lasts from the press to
the acknowledgement or the conflict view, with the wait for the others. How long that is hangs on what else the machine
and its disk do meanwhile, so the load and what the disk takes for one forced write stand beside it.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import uuid_utils

from domain.errors import StaleRevisionError
from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceDraft
from store import LOCAL_ORGANISATION_ID, open_store
from tests.drills.findings import Finding, at_least, none_of, timing, told
from tests.tools.postgres import find_postgres, running_cluster

PROJECT = Path(__file__).parents[2]
PLACES = 10
LIMIT_MS = 250.0
# Between reading and saving; without it nobody would ever stand in anybody's way.
THINK_S = {True: (0.2, 0.6), False: (0.0, 0.02)}
FORCED_WRITES = 50
# A note takes 2,000 characters, so only the last lines stand in it; the history has all of them.
LINES_KEPT = 40


@dataclass(slots=True)
class Tally:
    """What the editors of one process saw."""

    acknowledged: list = field(default_factory=list)
    times_ms: list = field(default_factory=list)
    conflicts: int = 0
    without_current: int = 0
    errors: int = 0

    def as_dict(self):
        return {
            name: getattr(self, name) for name in ("acknowledged", "times_ms", "conflicts", "without_current", "errors")
        }


def run(seed: int, *, full: bool) -> list[Finding]:
    editors, edits = (50, 200) if full else (8, 6)
    think_s = THINK_S[full]
    findings = [told("load of the machine at the start", os.getloadavg()[0])]
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        forced = forced_writes_ms(where / "forced")
        findings.append(told("SQLite's disk: one forced write, median", statistics.median(forced), "ms"))
        findings.append(told("SQLite's disk: one forced write, longest", max(forced), "ms"))
        findings += measure(
            "SQLite, 1 process", where / "file", None, seed, editors, edits, think_s=think_s, processes=1
        )
        if find_postgres() is not None:
            with running_cluster() as cluster:
                name, url = "PostgreSQL, 2 processes", cluster.url()
                findings += measure(name, where / "server", url, seed, editors, edits, think_s=think_s, processes=2)
    return [*findings, told("load of the machine at the end", os.getloadavg()[0])]


def forced_writes_ms(path):
    """Return how long it takes to append four kilobytes so that a loss of power does not take them."""
    times = []
    with path.open("wb", buffering=0) as file:
        for _ in range(FORCED_WRITES):
            file.write(bytes(4096))
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - start) * 1000)
    return times


def measure(engine, data_dir, url, seed, editors, edits, *, think_s, processes):
    ids = found_places(data_dir, url)
    share = editors // processes
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.drills.editors_drill", str(data_dir), *ids],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT,
            env={**os.environ, "DATABASE_URL": url or "", "PYTHONPATH": str(PROJECT)},
        )
        for _ in range(processes)
    ]  # fmt: skip
    for process in started:
        assert process.stdout.readline() == "ready\n"
    begun = time.perf_counter()
    for number, process in enumerate(started):
        process.stdin.write(
            json.dumps({"first": number * share, "editors": share, "edits": edits, "seed": seed, "think_s": think_s})
            + "\n"
        )
        process.stdin.flush()
    told_by = [json.loads(process.communicate()[0]) for process in started]
    seconds = time.perf_counter() - begun
    return judge(engine, data_dir, url, ids, told_by, wanted=share * processes * edits, seconds=seconds)


def found_places(data_dir, url):
    store = open_store(data_dir, database_url=url)
    ids = [str(uuid_utils.uuid7()) for _ in range(PLACES)]
    for place_id in ids:
        draft = PlaceDraft(id=place_id, kind="ubytovna", name="Horké místo", position=LonLat(lon=14.4378, lat=50.0755))
        store.places.add(located(draft), actor_of(0))
    store.close()
    return ids


def located(draft):
    return LocatedPlace(draft=draft, city_part="500054", admin_district=1, cadastral_area=None)


def actor_of(number):
    return Actor(account_id=f"editor-{number}", organisation_id=LOCAL_ORGANISATION_ID)


def judge(engine, data_dir, url, ids, told_by, *, wanted, seconds):
    acknowledged = [tuple(one) for tally in told_by for one in tally["acknowledged"]]
    times = sorted(value for tally in told_by for value in tally["times_ms"])
    store = open_store(data_dir, database_url=url)
    found, broken, revisions = [], 0, 0
    for place_id in ids:
        before = []
        for version in store.places.history(place_id)[1:]:
            lines = version.record.note.split("\n")
            # What was there before is still there, and one line came: nobody saved over what they had not read.
            broken += lines[:-1] != before[-(LINES_KEPT - 1) :]
            found.append((place_id, lines[-1]))
            before = lines
        revisions += store.places.get(place_id).revision - 1
    problems = store.audit.verify() + store.places.verify_cells() + store.visits.verify_groups()
    store.close()
    conflicts = sum(tally["conflicts"] for tally in told_by)
    return [
        at_least(f"{engine}: corrections acknowledged", len(acknowledged), wanted),
        none_of(f"{engine}: acknowledged and not in the history", len(set(acknowledged) - set(found))),
        none_of(f"{engine}: in the history twice or without an acknowledgement", len(found) - len(set(acknowledged))),
        none_of(f"{engine}: revisions that do not follow from the one before", broken),
        none_of(f"{engine}: revisions beside the acknowledged ones", abs(revisions - len(acknowledged))),
        at_least(f"{engine}: conflicts shown to the second to come", conflicts, 1),
        none_of(f"{engine}: conflicts without the record as it stands", sum(t["without_current"] for t in told_by)),
        none_of(f"{engine}: other errors", sum(t["errors"] for t in told_by)),
        none_of(f"{engine}: findings in the audit log and the counts", len(problems)),
        timing(f"{engine}: a save, p50", times[len(times) // 2], "ms"),
        timing(f"{engine}: a save, p99", times[min(len(times) - 1, len(times) * 99 // 100)], "ms", LIMIT_MS),
        told(f"{engine}: saves and conflicts a second", len(times) / seconds, "1/s"),
    ]


def edit(store, ids, number, tally, *, edits, seed, think_s):
    """Be one editor."""
    rng = random.Random(seed * 1000 + number)
    for turn in range(edits):
        place_id, line = rng.choice(ids), f"editor {number} oprava {turn}"
        while True:
            record = store.places.get(place_id)
            time.sleep(rng.uniform(*think_s))
            note = "\n".join([*(record.note.split("\n") if record.note else []), line][-LINES_KEPT:])
            draft = PlaceDraft(id=place_id, kind=record.kind, name=record.name, position=record.position, note=note)
            start = time.perf_counter()
            try:
                store.places.update(located(draft), revision=record.revision, actor=actor_of(number))
            except StaleRevisionError as error:
                tally.conflicts += 1
                tally.without_current += getattr(error.current, "revision", 0) <= record.revision
                continue
            except Exception:
                tally.errors += 1
                break
            finally:
                tally.times_ms.append((time.perf_counter() - start) * 1000)
            tally.acknowledged.append((place_id, line))
            break


def main():
    data_dir, *ids = sys.argv[1:]
    store = open_store(Path(data_dir), database_url=os.environ.get("DATABASE_URL") or None)
    print("ready", flush=True)
    task = json.loads(sys.stdin.readline())
    how = {name: task[name] for name in ("edits", "seed", "think_s")}
    tallies = [Tally() for _ in range(task["editors"])]
    threads = [
        threading.Thread(target=edit, args=(store, ids, task["first"] + n, tallies[n]), kwargs=how)
        for n in range(task["editors"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    total = Tally()
    for tally in tallies:
        total = replace(
            total,
            acknowledged=total.acknowledged + tally.acknowledged,
            times_ms=total.times_ms + tally.times_ms,
            conflicts=total.conflicts + tally.conflicts,
            without_current=total.without_current + tally.without_current,
            errors=total.errors + tally.errors,
        )
    print(json.dumps(total.as_dict()))


if __name__ == "__main__":
    main()
