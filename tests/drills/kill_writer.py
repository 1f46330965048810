"""Writes into a DATA_DIR until it is killed: `python -m tests.drills.kill_writer DATA_DIR SEED`.

Says what it is about to do and what was acknowledged, a JSON line each. Several threads write at once, as the
sessions of a server do; another one moves the log into the database all the time. For the same on PostgreSQL,
where the server is killed and this one goes on, see `patient_writer`.
"""

import hashlib
import json
import os
import random
import sqlite3
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import uuid_utils

from domain.geometry import LonLat
from domain.photos import CleanPhoto, Consent
from domain.place import Actor, LocatedPlace, PlaceDraft, VisitDraft
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store
from store.data_dir import DATABASE_NAME

ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
THREADS = 3
KINDS = ("create", "edit", "photo", "merge")
WEIGHTS = (6, 6, 1, 1)


def say(**line):
    # One write of less than a page: lines of several threads do not mix.
    os.write(1, json.dumps(line).encode() + b"\n")


def new_id():
    return str(uuid_utils.uuid7())


class Session:
    """What one person does, with the places that this person made."""

    def __init__(self, store, rng, number):
        self.store, self.rng, self.number = store, rng, number
        self.mine = []

    def run(self):
        while True:
            kind = self.rng.choices(KINDS, WEIGHTS)[0]
            if len(self.mine) < 3:
                kind = "create"
            say(trying=kind, session=self.number)
            say(done=kind, session=self.number, **getattr(self, kind)())

    def send(self, write):
        """Do what changes the store."""
        return write()

    def create(self):
        position = LonLat(lon=self.rng.uniform(14.3, 14.6), lat=self.rng.uniform(50.0, 50.15))
        draft = PlaceDraft(id=new_id(), kind="ubytovna", name="U", position=position)
        located = LocatedPlace(draft=draft, city_part="500089", admin_district=2, cadastral_area=None)
        visit = VisitDraft(id=new_id(), place_id=draft.id, happened_on=date(2026, 1, 1), outcome="nikdo")
        self.send(lambda: self.store.places.add(located, ACTOR, visit=visit))
        self.mine.append([located, 1])
        return {"place": draft.id, "visit": visit.id}

    def edit(self):
        one = self.rng.choice(self.mine)
        located, revision = one
        one[0] = replace(located, draft=replace(located.draft, name=new_id(), note="x" * self.rng.randrange(2000)))
        record = self.send(lambda: self.store.places.update(one[0], revision=revision, actor=ACTOR))
        one[1] = record.revision
        return {"place": record.id, "revision": record.revision, "name": record.name}

    def photo(self):
        content = self.rng.randbytes(self.rng.randrange(2_000, 200_000))
        photo = CleanPhoto(content=content, width=1, height=1)
        place_id = self.rng.choice(self.mine)[0].draft.id
        add = partial(self.store.photos.add, new_id(), photo, place_id=place_id, consent=Consent.INTERNAL, actor=ACTOR)
        record = self.send(add)
        return {"photo": record.id, "sha256": hashlib.sha256(content).hexdigest()}

    def merge(self):
        kept, absorbed = self.rng.sample(self.mine, 2)
        self.mine.remove(absorbed)
        merge_id = new_id()
        merge = partial(
            self.store.merges.merge, merge_id, kept_id=kept[0].draft.id, kept_revision=kept[1],
            absorbed_id=absorbed[0].draft.id, absorbed_revision=absorbed[1], actor=ACTOR, reason="",
        )  # fmt: skip
        record = self.send(merge)
        kept[1] = record.revision
        # What the joined record says is read anew, so that the next edit is one of it.
        kept[0] = replace(kept[0], draft=replace(kept[0].draft, note=record.note))
        return {"merge": merge_id}


def checkpoint(path, rng):
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
        while True:
            time.sleep(rng.uniform(0.005, 0.1))
            say(trying="checkpoint", session=-1)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            say(done="checkpoint", session=-1)


def main():
    data_dir, seed = Path(sys.argv[1]), int(sys.argv[2])
    start = time.perf_counter()
    store = open_store(data_dir)
    opened = time.perf_counter() - start
    rng = random.Random(seed)
    sessions = [Session(store, random.Random(rng.random()), number) for number in range(THREADS)]
    threads = [threading.Thread(target=session.run) for session in sessions]
    threads.append(threading.Thread(target=checkpoint, args=(data_dir / DATABASE_NAME, rng)))
    # What the start cost without what others on the machine took meanwhile.
    say(ready=opened, processor=time.process_time())
    for thread in threads:
        thread.start()


if __name__ == "__main__":
    main()
