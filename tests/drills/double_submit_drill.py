"""The same record sent ten times at once, over and over: one record each.

Places (with and without a first visit), visits, changes, quick records, notes of a quarter, plans, photos and
imported tables are sent by ten threads that start together: every second one straight to the store, the
others through the actions that pages and routes call. All ten must be told the same record; the table must
hold one row of it and the audit log one entry.
"""

import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from threading import Barrier

from actions.field_notes import note_quarter, record_quickly
from actions.import_table import ImportDescription, import_table, prepare_import, preview_import
from actions.photos import add_photo, clean_photo
from actions.plans import save_plan
from actions.record_place import note_change, record_place, visit_again
from api import process
from domain.dataset import Denominator
from domain.errors import AppError
from domain.geometry import LonLat
from domain.photos import Consent
from domain.place import ChangeDraft, LocatedPlace, PlaceDraft, VisitDraft
from domain.plans import PlanDraft, PlanItemDraft
from domain.quick_records import QuarterNoteDraft, QuickKind, QuickRecordDraft
from domain.roles import Role
from tests.drills.findings import at_least, none_of
from tests.tools.made_up import ACTOR, new_id, record, today
from tests.tools.pictures import picture
from tests.tools.two_organisations import app_in_process

AT_ONCE = 10
RECORDS = 1000
SHORT_RECORDS = 60
WEST, SOUTH = 14.38, 50.03
STEP = 0.002  # degrees, more than the distance at which a place may be one that is there already


def run(seed, *, full):
    many = RECORDS if full else SHORT_RECORDS
    told_apart, failed, kinds = [], [], Counter()
    with app_in_process(), ThreadPoolExecutor(AT_ONCE) as pool:
        store = process.store()
        base = record(store, 14.41, 50.03)
        sent = []
        for number in range(many):
            kind = list(KINDS)[number % len(KINDS)]
            through_action = number // len(KINDS) % 2 == 1
            record_id, send = KINDS[kind](store, base, number, through_action=through_action)
            answers = at_once(pool, send)
            failed += [(kind, answer) for answer in answers if isinstance(answer, Exception)]
            if len({answer.id for answer in answers if not isinstance(answer, Exception)}) > 1:
                told_apart.append((kind, record_id))
            kinds[kind] += 1
            sent.append((TABLES[kind], record_id))
        rows, entries = count_rows(process.configuration().data_dir, sent)
        broken, cells = len(store.audit.verify()), len(store.places.verify_cells())
        visits = len(store.visits.for_place(base.id))
    for what in (*failed, *told_apart):
        print("  wrong:", *what)
    return [
        at_least("records", many, many),
        at_least("sent at once, each", AT_ONCE, AT_ONCE),
        at_least("kinds of records", len(kinds), len(KINDS)),
        none_of("records that are not there exactly once", sum(count != 1 for count in rows.values())),
        none_of("records that the audit log does not name exactly once", sum(count != 1 for count in entries.values())),
        none_of("answers with an error", len(failed)),
        none_of("records that answers told differently", len(told_apart)),
        none_of("visits too many or too few at the place visited", abs(visits - kinds["visit"])),
        none_of("breaks of the audit chain", broken),
        none_of("cells that do not count their places", cells),
    ]


def at_once(pool, send):
    """Call `send` on every thread at the same moment; answers or errors."""
    start = Barrier(AT_ONCE)

    def one(_):
        start.wait()
        try:
            return send()
        except AppError as error:
            return error

    return list(pool.map(one, range(AT_ONCE)))


def count_rows(data_dir, sent):
    """Count, straight in the database, the rows of each record and the entries that say it was added."""
    rows, entries = {}, {}
    with closing(sqlite3.connect(f"file:{data_dir}/bila-mista.sqlite?mode=ro", uri=True)) as connection:
        added = Counter(
            identifier
            for (identifier,) in connection.execute("SELECT entity_id FROM audit_log WHERE action LIKE '%.add'")
        )
        for table, record_id in sent:
            query = f'SELECT count(*) FROM "{table}" WHERE id = ?'
            rows[record_id] = connection.execute(query, (record_id,)).fetchone()[0]
            entries[record_id] = added[record_id]
    return rows, entries


def place(store, _base, number, *, through_action, visited=False):
    position = LonLat(lon=WEST + number % 50 * STEP, lat=SOUTH + number // 50 * STEP)
    draft = PlaceDraft(id=new_id(), kind="ubytovna", name=f"Vymyšlená {number}", position=position)
    visit = VisitDraft(id=new_id(), place_id=draft.id, happened_on=today(), outcome="informovan") if visited else None
    if through_action:
        return draft.id, lambda: record_place(store, draft, ACTOR, today=today(), visit=visit)
    located = LocatedPlace(draft=draft, city_part="500119", admin_district=4, cadastral_area=None)
    return draft.id, lambda: store.places.add(located, ACTOR, visit=visit)


def place_with_visit(store, base, number, *, through_action):
    return place(store, base, number, through_action=through_action, visited=True)


def visit(store, base, _number, *, through_action):
    draft = VisitDraft(id=new_id(), place_id=base.id, happened_on=today(), outcome="nikdo", note="nikdo tam nebyl")
    if through_action:
        return draft.id, lambda: visit_again(store, draft, ACTOR, today=today())
    return draft.id, lambda: store.visits.add(draft, ACTOR)


def change(store, base, _number, *, through_action):
    draft = ChangeDraft(id=new_id(), place_id=base.id, change="nabor", happened_on=today())
    if through_action:
        return draft.id, lambda: note_change(store, draft, ACTOR, today=today())
    return draft.id, lambda: store.changes.add(draft, ACTOR)


def quick(store, _base, _number, *, through_action):
    draft = QuickRecordDraft(id=new_id(), kind=QuickKind.ACCOMPANIMENT, happened_on=today(), language="uk")
    if through_action:
        clearance = process.local_clearance()
        return draft.id, lambda: record_quickly(store, draft, ACTOR, clearance, today=today())
    return draft.id, lambda: store.quick_records.add(draft, ACTOR)


def quarter(store, _base, _number, *, through_action):
    draft = QuarterNoteDraft(
        id=new_id(), city_part="500119", quarter="2026-Q3", vocabulary="typ_pobytu", code="neregulerni", note="bez osob"
    )
    if through_action:
        clearance = process.local_clearance()
        return draft.id, lambda: note_quarter(store, draft, ACTOR, clearance, today=today())
    return draft.id, lambda: store.quarter_notes.add(draft, ACTOR)


def photo(store, base, number, *, through_action):
    photo_id, content = new_id(), picture(size=(20 + number % 40, 30))
    if through_action:
        clearance = process.local_clearance()
        return photo_id, lambda: add_photo(
            store, photo_id, content, ACTOR, clearance, place_id=base.id, consent="internal"
        )
    clean = clean_photo(content)
    return photo_id, lambda: store.photos.add(photo_id, clean, place_id=base.id, consent=Consent.INTERNAL, actor=ACTOR)


def plan(store, _base, number, *, through_action):
    item = PlanItemDraft(id=new_id(), city_part="500119", visits=2, gain=1.0, p_low_before=0.7, p_low_after=0.5)
    draft = PlanDraft(id=new_id(), title=f"Plán {number}", need="foreigners", items=(item,))
    if through_action:
        return draft.id, lambda: save_plan(store, draft, ACTOR)
    return draft.id, lambda: store.plans.add(draft, ACTOR)


def table(store, _base, number, *, through_action):
    preview = preview_import(f"MČ;žáci\nLibuš;{100 + number}\nTroja;40\n".encode(), "zaci.csv")
    description = ImportDescription(
        title="Vymyšlení žáci", publisher="Úřad", reference_date=date(2026, 1, 1), denominator=Denominator.NONE,
        does_not_count="",
    )  # fmt: skip
    made = prepare_import(preview, description, today=today())
    if through_action:
        return made.info.id, lambda: import_table(store, made, ACTOR, role=Role.COORDINATOR)
    return made.info.id, lambda: store.datasets.add(made.info, made.columns, made.values, ACTOR)


KINDS = {
    "place": place, "place with a visit": place_with_visit, "visit": visit, "change": change, "quick record": quick,
    "quarter note": quarter, "photo": photo, "plan": plan, "imported table": table,
}  # fmt: skip
TABLES = {
    "place": "places", "place with a visit": "places", "visit": "visits", "change": "changes",
    "quick record": "quick_records", "quarter note": "quarter_notes", "photo": "photos", "plan": "plans",
    "imported table": "datasets",
}  # fmt: skip
