"""An installation with 100,000 places, their visits and 1,000 photos is backed up and restored into an empty folder:
every row and every photo must be the same. 100 strings were put into names, notes, settings and photos; the file may
hold none of them. A second backup is taken while others write and must hold one moment. Then backups are cut short
at 200 points, changed by a bit at 1,000, and opened with wrong passphrases: every one must be refused, and nothing may
appear where it was to be restored.
"""

import random
import shutil
import tempfile
import threading
import time
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from actions.backup import write_backup
from domain.errors import AppError
from domain.photos import CleanPhoto, Consent
from domain.place import PlaceDraft, VisitDraft
from store import open_store
from store.data_dir import restoring_folder
from store.plain_rows import digest_of, lines_of, plain_tables
from store.restore import check_backup, restore
from store.sealed_file import Cost
from tests.bench.bench_data import invented_places
from tests.drills.findings import at_least, none_of, timing, told
from tests.drills.kill_writer import ACTOR, Session, new_id
from tests.drills.whole_store import half_written
from tests.tools.postgres import find_postgres, running_cluster

PASSPHRASE = "čtyři náhodná slova vedle sebe"
PLACES, SHORT_PLACES = 100_000, 1_000
PHOTOS, SHORT_PHOTOS = 1_000, 20
PHOTO_BYTES = (60_000, 300_000)
CUTS, SHORT_CUTS = 200, 20
FLIPS, SHORT_FLIPS = 1_000, 60
WRONG = 20
CANARIES = 100
LIMIT_S = 60.0
# Opening a file costs what its maker chose; for a thousand files that is little here.
CHEAP = Cost(log_n=8)
# Reading finds the fault; every so many are also restored, to see that nothing appears.
RESTORED = 25


def run(seed, *, full):
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="backup-drill-") as folder, ExitStack() as stack:
        cluster = stack.enter_context(running_cluster()) if find_postgres() else None
        ways = {"SQLite": whole_way(Path(folder) / "file", rng, full=full)}
        if cluster:
            ways["PostgreSQL"] = whole_way(Path(folder) / "server", rng, full=full, cluster=cluster)
        small = damaged(Path(folder), rng, full=full, cluster=cluster)
    return [
        *(finding for engine, large in ways.items() for finding in whole_findings(engine, large, full=full)),
        at_least("writes while a backup was taken", small["meanwhile"], 1),
        none_of("things by halves in that backup", small["half"]),
        at_least("backups cut short, with a bit changed, wrong passphrases", small["tried"], 1_200 if full else 100),
        none_of("of them taken", small["taken"]),
        none_of("of them leaving something behind", small["left"]),
    ]


def whole_findings(engine, large, *, full):
    return [
        at_least(f"{engine}: places", large["places"], PLACES if full else SHORT_PLACES),
        at_least(f"{engine}: photos", large["photos"], PHOTOS if full else SHORT_PHOTOS),
        none_of(f"{engine}: tables whose rows differ after the restore", large["differing"]),
        none_of(f"{engine}: photos that differ after the restore", large["photos differing"]),
        none_of(f"{engine}: canaries in the file", large["canaries"]),
        at_least(f"{engine}: canaries in the data", large["hidden"], CANARIES),
        timing(f"{engine}: backup and restore", large["backup s"] + large["restore s"], "s", LIMIT_S),
        told(f"{engine}: of it, writing the backup and reading it back", large["backup s"], "s"),
        told(f"{engine}: size of the backup", large["bytes"] / 2**20, "MB"),
    ]


def whole_way(folder, rng, *, full, cluster=None):
    folder.mkdir()
    data_dir, file, target = folder / "data", folder / "out" / "zaloha", folder / "restored"
    old, new = (cluster.url(cluster.make_database()) if cluster else None for _ in range(2))
    store = open_store(data_dir, database_url=old)
    canaries = [f"KANAREK{rng.getrandbits(96):024x}" for _ in range(CANARIES)]
    try:
        fill(store, rng, canaries, places=PLACES if full else SHORT_PLACES, photos=PHOTOS if full else SHORT_PHOTOS)
        start = time.perf_counter()
        write_backup(store.backups, file, PASSPHRASE, data_dir=data_dir)
        backed_up = time.perf_counter()
        report = restore(file, target, PASSPHRASE, database_url=new)
        restored = time.perf_counter()
        before, places = digests(store), store.places.count()
        rows = all_rows(store)
    finally:
        store.close()
    store = open_store(target, database_url=new)
    try:
        after = digests(store)
    finally:
        store.close()
    names = {path.name for path in (data_dir / "photos").iterdir()} | {
        path.name for path in (target / "photos").iterdir()
    }
    content = file.read_bytes()
    whole = rows + b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    return {
        "hidden": sum(canary.encode() in whole for canary in canaries),
        "places": places,
        "photos": report.photos,
        "differing": sum(before[name] != after.get(name) for name in before) + len(after.keys() - before.keys()),
        "photos differing": sum(not same(data_dir / "photos" / name, target / "photos" / name) for name in names),
        "canaries": sum(canary.encode() in content for canary in canaries),
        "backup s": backed_up - start,
        "restore s": restored - backed_up,
        "bytes": len(content),
    }


def fill(store, rng, canaries, *, places, photos):
    made = list(invented_places(places, rng.randrange(1000)))
    store.places.bulk_add(made, ACTOR)
    hidden = iter(canaries)
    for located, canary in zip(made, islice(hidden, 40), strict=False):
        draft = PlaceDraft(id=located.draft.id, kind=located.draft.kind, name=canary, position=located.draft.position)
        store.places.update(
            type(located)(**{**fields(located), "draft": draft}), revision=1, actor=ACTOR, reason=canary
        )
    for located, canary in zip(made, islice(hidden, 30), strict=False):
        visit = VisitDraft(
            id=new_id(), place_id=located.draft.id, happened_on=date_of(rng), outcome="nikdo", note=f"u {canary}"
        )
        store.visits.add(visit, ACTOR)
    for number, canary in enumerate(islice(hidden, 10)):
        store.settings.set(f"zkouska_{number}", {"text": canary}, actor=ACTOR)
    for number in range(photos):
        content = rng.randbytes(rng.randrange(*PHOTO_BYTES)) + next(hidden, "").encode()
        photo = CleanPhoto(content=content, width=1, height=1)
        place_id = made[number % len(made)].draft.id
        store.photos.add(new_id(), photo, place_id=place_id, consent=Consent.INTERNAL, actor=ACTOR)


def fields(located):
    return {name: getattr(located, name) for name in type(located).__dataclass_fields__}


def date_of(rng):
    return date(2026, 1, 1) + timedelta(days=rng.randrange(300))


def digests(store):
    with store._readers.connect() as connection:
        return {table.name: digest_of(connection, table).written() for table in plain_tables(connection)}


def all_rows(store):
    with store._readers.connect() as connection:
        return b"\n".join(line for table in plain_tables(connection) for line in lines_of(connection, table))


def same(one, other):
    return one.exists() and other.exists() and one.read_bytes() == other.read_bytes()


def damaged(folder, rng, *, full, cluster):
    """Take a backup while three sessions write, restore it, then try what must be refused."""
    data_dir, file, target = folder / "small", folder / "small.zaloha", folder / "new"
    store = open_store(data_dir)
    meanwhile = 0
    stop = threading.Event()

    def write(session):
        nonlocal meanwhile
        while not stop.is_set():
            kind = rng.choice(("create", "edit", "merge", "photo")) if len(session.mine) > 3 else "create"
            getattr(session, kind)()
            meanwhile += 1

    sessions = [Session(store, random.Random(rng.random()), number) for number in range(3)]
    threads = [threading.Thread(target=write, args=(session,)) for session in sessions]
    for thread in threads:
        thread.start()
    while store.places.count() < 30:
        time.sleep(0.01)
    before = meanwhile
    write_backup(store.backups, file, PASSPHRASE, data_dir=data_dir, cost=CHEAP)
    meanwhile_then = meanwhile - before
    stop.set()
    for thread in threads:
        thread.join()
    store.close()
    restore(file, target, PASSPHRASE)
    half = half_written(target)
    shutil.rmtree(target)
    cuts, flips = (CUTS, FLIPS) if full else (SHORT_CUTS, SHORT_FLIPS)
    refused = refusals(file, target, rng, cuts=cuts, flips=flips, cluster=cluster)
    return {"meanwhile": meanwhile_then, "half": len(half), **refused}


def tables(cluster, database):
    """Return how many tables the database has."""
    if cluster is None:
        return 0
    with cluster.connect(database) as connection:
        return connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()[0]


def refusals(file, target, rng, *, cuts, flips, cluster):
    whole = file.read_bytes()
    database = cluster.make_database() if cluster else None
    found = {"tried": 0, "taken": 0, "left": 0}
    wrong = file.with_name("wrong.zaloha")

    def attempt(content, passphrase=PASSPHRASE):
        wrong.write_bytes(content)
        ways = [lambda: check_backup(wrong, passphrase)]
        if found["tried"] % RESTORED == 0:
            ways.append(lambda: restore(wrong, target, passphrase))
            if cluster:
                ways.append(lambda: restore(wrong, target, passphrase, database_url=cluster.url(database)))
        found["tried"] += 1
        for way in ways:
            try:
                way()
            except AppError:
                found["left"] += target.exists() or restoring_folder(target).exists() or tables(cluster, database) > 0
            else:
                found["taken"] += 1
                shutil.rmtree(target, ignore_errors=True)

    for _ in range(cuts):
        attempt(whole[: rng.randrange(len(whole))])
    for _ in range(flips):
        content = bytearray(whole)
        content[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        attempt(bytes(content))
    for number in range(WRONG):
        attempt(whole, f"{PASSPHRASE} {number}" if number % 2 else PASSPHRASE[: -1 - number])
    return found
