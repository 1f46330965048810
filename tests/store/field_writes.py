"""Every function that reviews, merges and notes quickly: what goes before it, and the write."""

from datetime import date
from functools import partial

from domain.photos import CleanPhoto, Consent
from domain.place import PlaceState
from domain.quick_records import QuarterNoteDraft, QuickKind, QuickRecordDraft
from domain.roles import Role
from tests.store.people import join


def after(prepare, write):
    """Return a function that prepares a store and answers with the write itself."""
    return lambda store, make: partial(write, store, make, prepare(store, make))


def place(store, make):
    return store.places.add(make.place(), make.actor)


def pair(store, make):
    return place(store, make), place(store, make), make.id()


def merge(store, make, prepared):
    kept, absorbed, merge_id = prepared
    return store.merges.merge(
        merge_id, kept_id=kept.id, kept_revision=1, absorbed_id=absorbed.id, absorbed_revision=1, actor=make.actor,
        reason="",
    )  # fmt: skip


def merged(store, make):
    prepared = pair(store, make)
    merge(store, make, prepared)
    return prepared[2]


def quick(store, make):
    return QuickRecordDraft(id=make.id(), kind=QuickKind.ACCOMPANIMENT, happened_on=date(2026, 9, 1), language="uk")


def quarter(store, make):
    return QuarterNoteDraft(
        id=make.id(), city_part="500089", quarter="2026-Q3", vocabulary="typ_pobytu", code="neregulerni", note="n"
    )


def change(store, make):
    return store.changes.add(make.change(place(store, make).id), make.actor)


PHOTO = CleanPhoto(content=b"jpeg", width=1, height=1)


def photo(store, make):
    return store.photos.add(
        make.id(), PHOTO, place_id=place(store, make).id, consent=Consent.INTERNAL, actor=make.actor
    )


def noted(store, make):
    return store.visits.add(make.visit(place(store, make).id, note="staré"), make.actor)


FIELD_WRITES = {
    "Photos.add": after(
        lambda s, m: (place(s, m).id, m.id()),
        lambda s, m, p: s.photos.add(p[1], PHOTO, place_id=p[0], consent=Consent.PUBLIC, actor=m.actor),
    ),
    "Photos._withdraw": after(photo, lambda s, m, p: s.photos.withdraw(p.id, actor=m.actor)),
    "Erasures._erase": after(place, lambda s, m, p: s.erasures.erase_place(p.id, actor=m.actor, reason="žádost")),
    "Erasures._erase_again": after(place, lambda s, m, p: s.erasures._erase_again(p.id, actor=m.actor)),
    "Erasures._erase_account_again": after(
        lambda s, m: join(s, s.organisations.get("local-organisation"), Role.FIELD_WORKER).account_id,
        lambda s, m, a: s.erasures._erase_account_again(a, actor=m.actor),
    ),
    "Erasures.empty_old_notes": after(
        noted, lambda s, m, _: s.erasures.empty_old_notes(before=date(2027, 1, 1), actor=m.actor)
    ),
    "Reviews.step": after(
        place, lambda s, m, p: s.reviews.step(p.id, PlaceState.VERIFIED, revision=1, actor=m.actor, reason="r")
    ),
    "Reviews.mark_place": after(place, lambda s, m, p: s.reviews.mark_place(p.id, revision=1, actor=m.actor)),
    "Reviews.mark_change": after(change, lambda s, m, c: s.reviews.mark_change(c.id, actor=m.actor, note="n")),
    "Merges.merge": after(pair, merge),
    "Merges.undo": after(merged, lambda s, m, i: s.merges.undo(i, actor=m.actor)),
    "Merges.decide": after(
        pair, lambda s, m, p: s.merges.decide(p[2], own_id=p[0].id, other_id=p[1].id, is_same=False, actor=m.actor)
    ),
    "QuickRecords.add": after(quick, lambda s, m, d: s.quick_records.add(d, m.actor)),
    "QuickRecords.withdraw": after(
        lambda s, m: s.quick_records.add(quick(s, m), m.actor), lambda s, m, r: s.quick_records.withdraw(r.id, m.actor)
    ),
    "QuarterNotes.add": after(quarter, lambda s, m, d: s.quarter_notes.add(d, m.actor)),
    "QuarterNotes.withdraw": after(
        lambda s, m: s.quarter_notes.add(quarter(s, m), m.actor),
        lambda s, m, n: s.quarter_notes.withdraw(n.id, m.actor),
    ),
}
SEVERAL_ROWS = {"Merges.merge": 2, "Merges.undo": 2}
"""Functions that change several records at once: an audit row for each."""
