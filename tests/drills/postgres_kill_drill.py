"""PostgreSQL's server is killed (kill -9) at random moments while three sessions record places with visits, correct
them, add photos and merge duplicates: its main process alone, the process of one connection, or all of its
processes at once. It is then started again (after the kill of one connection it starts itself) and brings its
database into order. The app is not restarted. What it had acknowledged must be there, nothing may be there by
halves, and the app must go on by itself. Meanwhile every write is either stored or refused with a sentence, pages
and addresses say that the database does not answer, and what was refused is sent again as it was and is there
once. A form that is saved while the server is away still shows what was typed once it is back. In the end every
index is compared with its table. The database lies in memory where the machine has a place for that: a kill cannot
tell whether a loss of power would take something. That PostgreSQL forces its log to the disk is what the app
demands of it at every connection (fsync, synchronous_commit).
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import psutil
import psycopg

from api.tokens import make_token
from domain.roles import Clearance, Role
from domain.text import Language
from store import LOCAL_ORGANISATION_ID
from tests.bench.streamlit_client import Session
from tests.drills.findings import at_least, none_of, timing, told
from tests.drills.whole_store import half_written, lost
from tests.tools.postgres import running_cluster
from tests.tools.server import running_app
from ui.localisation import Messages
from ui.plain import escape_markdown

NEEDS_POSTGRES = True
PROJECT = Path(__file__).parents[2]
KILLS, SHORT_KILLS = 110, 3
LEAST_WRITES = 10_000
# A kill comes after so many acknowledged writes, and a moment more.
MOST_WRITES, SHORT_MOST_WRITES = 230, 40
MOMENT_S = 0.02
WAIT_S = 120.0
RESTART_LIMIT_S = 2.0
WAYS = ("main process", "one connection", "all processes")
AWAY = "database_unreachable"
TYPED, AGAIN = "Neztracené jméno", "again_after_error"
ADDRESSES = ("health", "layers/places?bbox=14.4,50.0,14.5,50.1&zoom=17")
# The map, and a page that reads on its own.
PAGES = ("", "moje_zaznamy")


def run(seed, *, full):
    rng = random.Random(seed)
    found = {"ways": Counter(), "lost": [], "half": [], "app": Counter(), "started": [], "first": []}
    found |= {"healthy": [], "answering": []}
    with tempfile.TemporaryDirectory(prefix="postgres-kill-drill-") as folder, running_cluster() as cluster:
        data_dir, url = Path(folder) / "data", cluster.url(cluster.make_database())
        environment = {"DATABASE_URL": url, "BILA_MISTA_MODE": "local"}
        with (
            Writer(data_dir, url, rng.randrange(2**32)) as writer,
            running_app(data_dir, environment=environment) as app,
        ):
            if not until_answering(str(app)):
                raise RuntimeError("the app did not begin")
            found["form"] = asyncio.run(form_keeps_its_text(str(app), cluster))
            restarted = 0
            for number in range(KILLS if full else SHORT_KILLS):
                # It writes on while the database is looked through, and that counts.
                writer.wait(restarted + rng.randint(1, MOST_WRITES if full else SHORT_MOST_WRITES))
                way = WAYS[number % len(WAYS)]
                kill_and_look(way, cluster, writer, str(app), data_dir, found, rng)
                restarted = writer.done()
                acknowledged = writer.acknowledged()
                found["half"] += half_written(data_dir, url)
                found["lost"] += lost(data_dir, acknowledged, url)
            found["app"]["ended"] = app.process.poll() is not None
        lines = writer.lines
        found["lost"] += lost(data_dir, writer.acknowledged(), url)
        found["half"] += half_written(data_dir, url)
        indexes, differing = compare_indexes(url)
    return findings(found, lines, indexes, differing, full=full)


def findings(found, lines, indexes, differing, *, full):
    refused = Counter(line["refused"] for line in lines if "refused" in line)
    unread = Counter(line["unread"] for line in lines if "unread" in line)
    return [
        at_least("kills", found["ways"].total(), 100 if full else SHORT_KILLS),
        *(told(f"killed: {way}", found["ways"][way]) for way in WAYS),
        at_least("writes acknowledged", sum("done" in line for line in lines), LEAST_WRITES if full else SHORT_KILLS),
        none_of("acknowledged writes lost", len(found["lost"])),
        none_of("things there by halves, or twice", len(found["half"])),
        at_least("writes refused with a sentence and sent again", refused.total(), 1),
        told("of them because the server did not answer", refused[AWAY]),
        at_least("readings refused with a sentence", unread.total(), 1),
        none_of("writes and readings that ended without a sentence", sum("unsaid" in line for line in lines)),
        at_least("addresses and pages asked while the server was away", found["app"]["asked"], 3),
        none_of("of them that did not say so", found["app"]["unsaid"]),
        none_of("times the app did not go on by itself", found["app"]["stuck"] + found["app"]["ended"]),
        none_of("forms that lost what was typed", int(found["form"] != (TYPED, True))),
        at_least("indexes compared with their tables", indexes, 1),
        none_of("of them that differ", differing),
        timing("starting the server until it takes connections, longest", max(found["started"]), "s", RESTART_LIMIT_S),
        timing("from there to the first write acknowledged, longest", max(found["first"]), "s", RESTART_LIMIT_S),
        timing("from there to the app's first healthy answer, longest", max(found["healthy"]), "s", RESTART_LIMIT_S),
        timing(
            "from there to all of the app's pages drawn one after another, longest",
            max(found["answering"]),
            "s",
            RESTART_LIMIT_S,
        ),
    ]


class Writer:
    """The process that writes all the time, and what it says."""

    def __init__(self, data_dir, url, seed):
        self.lines = []
        self._done = 0
        self._said = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.drills.patient_writer", str(data_dir), str(seed)],
            stdout=subprocess.PIPE, cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT), "DATABASE_URL": url},
        )  # fmt: skip
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._thread.join()
        self._process.wait()
        self._process.stdout.close()

    def _listen(self):
        for text in self._process.stdout:
            with self._said:
                # What was not said whole was not acknowledged.
                if text.endswith(b"\n"):
                    self.lines.append(json.loads(text))
                    self._done += "done" in self.lines[-1]
                self._said.notify_all()

    def acknowledged(self):
        with self._said:
            return [line for line in self.lines if "done" in line]

    def done(self):
        """Return how many writes were acknowledged."""
        with self._said:
            return self._done

    def wait(self, writes):
        """Wait until so many were acknowledged; return whether they were."""
        with self._said:
            return self._said.wait_for(lambda: self._done >= writes, WAIT_S)


def kill_and_look(way, cluster, writer, app, data_dir, found, rng):
    """Kill, look what the app says, start again, wait for the app to go on."""
    time.sleep(rng.uniform(0, MOMENT_S))
    if way == "one connection":
        os.kill(rng.choice(connections(cluster)), signal.SIGKILL)
    else:
        main = psutil.Process(int((cluster.data / "postmaster.pid").read_text().splitlines()[0]))
        family = [main, *main.children()]
        for process in family if way == "all processes" else [main]:
            # Those of connections come and go by themselves.
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
    found["ways"][way] += 1
    start = time.perf_counter()
    if way != "one connection":
        # The others end by themselves once they see that the main one has gone; until then they answer.
        psutil.wait_procs(family, WAIT_S)
        ask_while_away(app, data_dir, found["app"])
        start = time.perf_counter()
        start_again(cluster)
        found["started"].append(time.perf_counter() - start)
        start = time.perf_counter()
    stuck = not writer.wait(writer.done() + 1)
    found["first"].append(time.perf_counter() - start)
    stuck |= not until_healthy(app)
    found["healthy"].append(time.perf_counter() - start)
    stuck |= not until_answering(app)
    found["answering"].append(time.perf_counter() - start)
    found["app"]["stuck"] += stuck


def connections(cluster):
    """Return the processes of the app's connections."""
    with cluster.connect() as connection:
        rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'bila-mista' ORDER BY pid")
        return [pid for (pid,) in rows]


def start_again(cluster):
    """Start the server; it waits itself until the last process of the killed one has let go of its memory."""
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            return cluster.start()
        except RuntimeError:
            if time.monotonic() > deadline:
                raise


def ask_while_away(app, data_dir, counts):
    """Ask the app for two addresses and a page; each must say that the database does not answer."""
    sentence = Messages(Language.CS)("error-database-unreachable")
    clearance = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
    token = make_token(clearance, secret=(data_dir / "keys" / "token.key").read_bytes())
    for path in ADDRESSES:
        counts["asked"] += 1
        status, body = ask(f"{app}/api/v1/{path}", token)
        counts["unsaid"] += (status, body.get("error", {}).get("code")) != (503, AWAY)
    for page in PAGES:
        counts["asked"] += 1
        counts["unsaid"] += escape_markdown(sentence) not in asyncio.run(alerts_of(app, page))


def ask(address, token=""):
    try:
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"} if token else {})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


async def alerts_of(app, page):
    async with Session(app, page=page) as session:
        return session.alerts


async def form_keeps_its_text(app, cluster):
    """Save a form while the server is away; return what its field holds afterwards and whether it could be saved."""
    async with Session(app) as session:
        await session.click(seq=1, lon=14.43, lat=50.07)
        name, kind = session.widget("text_input", "_name"), session.widget("button_group", "_kind")
        save = next(one for what, one in session.drawn if what == "button" and one.is_form_submitter)
        await asyncio.to_thread(cluster.stop, "immediate")
        await session.press(save.id, texts=[(name.id, TYPED)], pills=[(kind.id, kind.options[1].content)])
        await session.press(session.widget("button", AGAIN).id)
        await asyncio.to_thread(cluster.start)
        while again := session.widget("button", AGAIN):
            await session.press(again.id)
        held = session.widget("text_input", "_name")
        save = next(one for what, one in session.drawn if what == "button" and one.is_form_submitter)
        # The browser shows what it is told to set, and sends it with the form.
        await session.press(save.id, texts=[(held.id, held.value if held.set_value else "")])
        return held.value, session.widget("button", "saved-undo") is not None


def until_healthy(app):
    """Wait until the address of health says so; return whether it did."""
    return until(lambda: ask(f"{app}/api/v1/health")[0] == 200)


def until_answering(app):
    """Wait until the pages show no error, drawn one after another; return whether they came."""
    return until(lambda: not any(asyncio.run(alerts_of(app, page)) for page in PAGES))


def until(said):
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if said():
            return True
        time.sleep(0.02)
    return False


def compare_indexes(url):
    """Return how many indexes of our tables were compared with them, and how many differ."""
    every = (
        "SELECT c.oid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.amname = 'btree' AND n.nspname = 'public'"
    )
    differing = 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION amcheck")
        indexes = [row[0] for row in connection.execute(every)]
        for index in indexes:
            try:
                # True: every row of the table must stand in the index too.
                connection.execute("SELECT bt_index_check(%s, true)", [index])
            except psycopg.errors.IndexCorrupted:
                differing += 1
    return len(indexes), differing
