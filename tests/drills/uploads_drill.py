"""Malformed uploads: each is taken with a report or refused with a sentence; nothing crashes, nothing is half stored.

Tables: every encoding offices use, cut and mixed; types that lie; packages that swell, climb, repeat or lie about
their size; deep and broken XML; encrypted and macro workbooks; formulas, merged headers, impossible numbers and
dates; hostile headers and file names; and good files whose bytes were changed, cut, doubled or swapped. They go
through the import as the page calls it, and some through the page itself. Photos: bombs, lying headers, animations,
odd modes, swelling texts and profiles, changed bytes, through `POST /photos`.

After a refusal the tables of the database, the audit log and the folder of photos must be what they were; a table
that was taken must be stored whole. Each code must have its own sentence in all three languages.
"""

import json
import random
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

import psutil
from streamlit.testing.v1 import AppTest

from actions.import_table import ImportDescription, import_table, prepare_import, preview_import
from api import process
from domain.dataset import Denominator
from domain.errors import AppError, ProblemsError
from domain.roles import Role
from domain.text import Language
from tests.drills.findings import at_least, none_of, timing, told
from tests.tools import malformed_pictures, malformed_tables
from tests.tools.made_up import ACTOR, new_id, record, today
from tests.tools.two_organisations import app_in_process, local_bearer
from tests.ui.app_walk import MAIN, TIMEOUT_S
from ui.localisation import Messages

DAMAGED_TABLES, DAMAGED_PHOTOS, PAGES = 250, 120, 60
SHORT_TABLES, SHORT_PHOTOS, SHORT_PAGES = 90, 40, 4
LEAST = 500
MORE_MEMORY_MB = 700
LANGUAGES = [Messages(language) for language in Language]
DESCRIPTION = ImportDescription(
    title="Vymyšlení žáci", publisher="Úřad", reference_date=date(2026, 1, 1), denominator=Denominator.NONE,
    does_not_count="",
)  # fmt: skip


@dataclass
class Outcome:
    """What became of the files."""

    answers: Counter = field(default_factory=Counter)
    crashes: list = field(default_factory=list)
    speechless: list = field(default_factory=list)
    partial: list = field(default_factory=list)
    most_memory: int = 0

    def refused(self, name, error):
        self.answers["refused"] += 1
        codes = [error.code]
        if isinstance(error, ProblemsError):
            codes += [problem.code for problem in error.problems]
        for messages in LANGUAGES:
            said = messages.sentences(error)
            known = all(messages.has(f"error-{code.replace('_', '-')}") for code in codes)
            if not known or not said or any(len(sentence) < 10 or "{$" in sentence for sentence in said):
                self.speechless.append((name, codes, messages.language.value))

    def reported(self, name, joined):
        """Look whether what a report says of a table can be said."""
        for messages in LANGUAGES:
            for problem in joined.problems if joined else ():
                if not messages.has(f"error-{problem.code.replace('_', '-')}"):
                    self.speechless.append((name, problem.code, messages.language.value))

    def measure(self):
        self.most_memory = max(self.most_memory, psutil.Process().memory_info().rss)


def run(seed, *, full):
    rng = random.Random(seed)
    tables, photos = Outcome(), Outcome()
    with app_in_process():
        process.store().settings.set("first_run_seen", value=True, actor=process.local_actor())
        # What is loaded once, boundaries and catalogues, is no file's memory.
        try_table("warm-up", b"M\xc4\x8c;n\nLibu\xc5\xa1;1\nTroja;2\n", "x.csv", Outcome())
    before = psutil.Process().memory_info().rss
    with app_in_process() as client:
        place = record(process.store(), 14.41, 50.03)
        for name, data, filename in table_files(rng, full=full):
            try_table(name, data, filename, tables)
            tables.measure()
        for name, data in photo_files(rng, full=full):
            try_photo(client, place, name, data, photos)
            photos.measure()
        on_pages, shown = try_page(rng, PAGES if full else SHORT_PAGES)
        broken = len(process.store().audit.verify())
    for outcome in (tables, photos):
        for kind in ("crashes", "speechless", "partial"):
            for what in getattr(outcome, kind):
                print(f"  {kind}:", *what)
    for what in shown:
        print("  shown:", *what)
    number = tables.answers.total() + photos.answers.total()
    most = (max(tables.most_memory, photos.most_memory) - before) / 2**20
    return [
        at_least("malformed uploads", number, LEAST if full else SHORT_TABLES + SHORT_PHOTOS),
        told("tables taken with a report", tables.answers["taken"]),
        at_least("tables refused with a sentence", tables.answers["refused"], 1),
        told("photos taken", photos.answers["taken"]),
        at_least("photos refused with a sentence", photos.answers["refused"], 1),
        none_of("crashes", len(tables.crashes) + len(photos.crashes)),
        none_of(
            "refusals without a sentence of their own in three languages",
            len(tables.speechless) + len(photos.speechless),
        ),
        none_of(
            "uploads that left something behind, or were stored in part", len(tables.partial) + len(photos.partial)
        ),
        at_least("tables uploaded through the page", on_pages, PAGES if full else SHORT_PAGES),
        none_of("tracebacks and errors of the program shown on the page", len(shown)),
        none_of("breaks of the audit chain", broken),
        timing("memory above the start, at most", most, "MB", MORE_MEMORY_MB),
    ]


def table_files(rng, *, full):
    made = list(malformed_tables.hand_made())
    if not full:
        made = rng.sample(made, SHORT_TABLES * 2 // 3)
    names = malformed_tables.NAMES
    for index, (name, make) in enumerate(made):
        yield name, make(), names[index % len(names)]
    for _ in range(DAMAGED_TABLES if full else SHORT_TABLES // 3):
        yield *malformed_tables.damaged(rng), rng.choice(names)


def photo_files(rng, *, full):
    made = list(malformed_pictures.hand_made())
    if not full:
        made = rng.sample(made, SHORT_PHOTOS // 2)
    for name, make in made:
        yield name, make()
    for _ in range(DAMAGED_PHOTOS if full else SHORT_PHOTOS // 2):
        yield malformed_pictures.damaged(rng)


def state():
    """Return the number of rows of each table, and the files of photos."""
    folder = process.configuration().data_dir
    with closing(sqlite3.connect(f"file:{folder}/bila-mista.sqlite?mode=ro", uri=True)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    files = sorted(path.name for path in (folder / "photos").glob("*"))
    return {**rows, "files": files, "version": process.store().data_version()}


def try_table(name, data, filename, outcome):
    before = state()
    try:
        preview = preview_import(data, filename)
        outcome.reported(name, preview.joined)
        prepared = prepare_import(preview, DESCRIPTION, today=today())
        info = import_table(process.store(), prepared, ACTOR, role=Role.COORDINATOR)
    except AppError as error:
        outcome.refused(name, error)
        if state() != before:
            outcome.partial.append((name, filename[:20]))
    except Exception as error:
        outcome.answers["crashed"] += 1
        outcome.crashes.append((name, filename[:20], repr(error)[:200]))
    else:
        outcome.answers["taken"] += 1
        stored = next(one for one in process.store().datasets.all() if one.info.id == info.id)
        whole = (dict(stored.columns), {code: dict(row) for code, row in stored.values.items()}) == (
            dict(prepared.columns), {code: dict(row) for code, row in prepared.values.items()},
        )  # fmt: skip
        if not whole or process.store().data_version() > before["version"] + 1:
            outcome.partial.append((name, filename[:20]))


def try_photo(client, place, name, data, outcome):
    before = state()
    params = {"id": new_id(), "place": place.id, "consent": "internal"}
    try:
        answer = client.post("/api/v1/photos", params=params, headers=local_bearer(), content=data)
    except Exception as error:
        outcome.answers["crashed"] += 1
        outcome.crashes.append((name, repr(error)[:200]))
        return
    if answer.status_code == 201:
        outcome.answers["taken"] += 1
        added = {key: value - before[key] for key, value in state().items() if key != "files" and value != before[key]}
        if not {"photos": 1, "audit_log": 1, "version": 1}.items() <= added.items():
            outcome.partial.append((name, added))
        return
    if answer.status_code >= 500:
        outcome.crashes.append((name, answer.status_code))
    outcome.answers["refused"] += 1
    said = {}
    with suppress(json.JSONDecodeError):
        said = answer.json().get("error", {})
    code = said.get("code", "")
    if len(said.get("message", "")) < 10 or not all(m.has(f"error-{code.replace('_', '-')}") for m in LANGUAGES):
        outcome.speechless.append((name, code, answer.status_code))
    if state() != before:
        outcome.partial.append((name, code))


def try_page(rng, many):
    """Upload files on the page Přidat data; return how many, and what the page showed that nobody should see."""
    shown, tried = [], 0
    made = rng.sample(list(malformed_tables.hand_made()), many)
    app = AppTest.from_file(str(MAIN), default_timeout=TIMEOUT_S)
    app.run()
    app.switch_page("../pages/pridat_data.py").run()
    for name, make in islice(made, many):
        tried += 1
        app.file_uploader[0].upload("tabulka.csv", make())
        app.run()
        shown += [(name, element.message) for element in app.exception]
        text = " ".join(
            str(element.value) for kind in (app.error, app.warning, app.text, app.markdown) for element in kind
        )
        if "Traceback" in text or 'File "' in text:
            shown.append((name, text[:200]))
    return tried, shown
