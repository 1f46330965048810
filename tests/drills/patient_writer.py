"""Writes into a PostgreSQL database whose server is killed: `python -m tests.drills.patient_writer DATA_DIR SEED`.

As `kill_writer`, but it lives on: what was refused with a sentence it sends again as it is, with the same ids, as
a person does who presses "Uložit" once more. Another thread reads all the time, one makes checkpoints. Beside
what `kill_writer` says it tells what was refused, and what came without a sentence.
"""

import os
import random
import sys
import threading
import time
from pathlib import Path

import psycopg

from domain.errors import StoreError
from store import open_store
from tests.drills.kill_writer import THREADS, Session, say

AGAIN_S = 0.02
CHECKPOINT_S = (0.05, 1.0)


class PatientSession(Session):
    """A person who tries again until it is stored."""

    def send(self, write):
        while True:
            try:
                return write()
            except StoreError as error:
                say(refused=error.code, session=self.number)
                time.sleep(AGAIN_S)

    def run(self):
        try:
            super().run()
        except Exception as error:
            say(unsaid=repr(error)[:500], session=self.number)


def read(store):
    """Read all the time what pages read."""
    while True:
        try:
            store.data_version()
            store.places.find(limit=20)
        except StoreError as error:
            say(unread=error.code)
        except Exception as error:
            say(unsaid=repr(error)[:500], session=-1)
        time.sleep(AGAIN_S)


def checkpoint(url, rng):
    while True:
        time.sleep(rng.uniform(*CHECKPOINT_S))
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CHECKPOINT")
        except psycopg.Error:
            continue


def main():
    data_dir, rng = Path(sys.argv[1]), random.Random(int(sys.argv[2]))
    url = os.environ["DATABASE_URL"]
    store = open_store(data_dir, database_url=url)
    sessions = [PatientSession(store, random.Random(rng.random()), number) for number in range(THREADS)]
    threads = [threading.Thread(target=session.run) for session in sessions]
    threads.append(threading.Thread(target=read, args=(store,)))
    threads.append(threading.Thread(target=checkpoint, args=(url, rng)))
    say(ready=True)
    for thread in threads:
        thread.start()


if __name__ == "__main__":
    main()
