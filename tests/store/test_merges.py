"""Merging keeps both histories and can be undone; two organisations merge only when both agree."""

from datetime import date

import pytest

from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, StaleRevisionError
from domain.place import PlaceState
from domain.quick_records import QuickKind, QuickRecordDraft


def quick(make, place_id):
    return QuickRecordDraft(
        id=make.id(), kind=QuickKind.ACCOMPANIMENT, happened_on=date(2026, 9, 20), language="uk", place_id=place_id
    )


@pytest.fixture
def pair(store, make):
    kept = store.places.add(make.place(name="", note="první", languages=("uk",)), make.actor)
    absorbed = store.places.add(
        make.place(name="Ubytovna B", note="druhá", languages=("vi", "uk"), headcount="10_49"), make.actor
    )
    store.visits.add(make.visit(kept.id), make.actor)
    for _ in range(2):
        store.visits.add(make.visit(absorbed.id, outcome="nikdo"), make.colleague)
    store.changes.add(make.change(absorbed.id), make.actor)
    store.quick_records.add(quick(make, absorbed.id), make.actor)
    return kept, absorbed


def merge(store, make, pair, merge_id=None, **fields):
    kept, absorbed = pair
    return store.merges.merge(
        merge_id or make.id(), kept_id=kept.id, kept_revision=1, absorbed_id=absorbed.id, absorbed_revision=1,
        **({"actor": make.actor, "reason": "stejný dům"} | fields),
    )  # fmt: skip


def test_everything_goes_over_and_nothing_is_lost(store, make, pair):
    record = merge(store, make, pair)
    kept, absorbed = pair
    assert (record.id, record.name, record.note, record.languages, record.headcount) == (
        kept.id,
        "Ubytovna B",
        "první\n\ndruhá",
        ("uk", "vi"),
        "10_49",
    )
    assert (record.visit_count, record.last_change) == (3, "nabor")
    assert len(store.visits.for_place(kept.id)) == 3
    assert store.visits.for_place(absorbed.id) == []
    assert store.places.get(absorbed.id).state is PlaceState.REJECTED
    assert len(store.quick_records.find(make.actor.organisation_id, place_id=kept.id)) == 1
    assert [version.reason for version in store.places.history(absorbed.id)] == ["", "merge"]
    (stored,) = store.merges.of_place(absorbed.id)
    assert stored.moved == {"visits": 2, "changes": 1, "quick_records": 1, "photos": 0}
    assert stored.reason == "stejný dům"


def test_undo_brings_both_back_as_they_were(store, make, pair):
    merge_id = make.id()
    before = [store.places.get(place.id) for place in pair]
    merge(store, make, pair, merge_id)
    store.merges.undo(merge_id, actor=make.actor)
    for was, place in zip(before, pair, strict=True):
        now = store.places.get(place.id)
        for field in ("name", "note", "languages", "headcount", "state", "visit_count", "last_change", "last_visit_on"):
            assert getattr(now, field) == getattr(was, field), field
    assert len(store.visits.for_place(pair[1].id)) == 2
    assert store.audit.verify() == []


def test_undo_keeps_what_was_corrected_and_visited_since(store, make, pair):
    kept, absorbed = pair
    merge_id = make.id()
    merged = merge(store, make, pair, merge_id)
    store.places.update(
        make.changed(make.place(id=kept.id), name="Opravené"), revision=merged.revision, actor=make.actor
    )
    store.visits.add(make.visit(kept.id, outcome="odmitl"), make.actor)
    store.merges.undo(merge_id, actor=make.actor)
    assert store.places.get(kept.id).name == "Opravené"
    assert [visit.outcome for visit in store.visits.for_place(kept.id)].count("odmitl") == 1
    assert len(store.visits.for_place(absorbed.id)) == 2
    assert store.places.get(absorbed.id).state is PlaceState.SUGGESTED


def test_a_merge_sent_twice_is_one_and_another_with_its_id_is_refused(store, make, pair, audit_count):
    merge_id = make.id()
    merge(store, make, pair, merge_id)
    rows = audit_count()
    merge(store, make, pair, merge_id)
    assert audit_count() == rows
    with pytest.raises(StaleRevisionError):
        merge(store, make, tuple(reversed(pair)), merge_id)


def test_what_cannot_be_merged_is_refused_and_nothing_is_written(store, make, pair, audit_count):
    kept, absorbed = pair
    rows = audit_count()
    with pytest.raises(InvalidValueError, match="merge_with_itself"):
        merge(store, make, (kept, kept))
    with pytest.raises(NotPermittedError, match="other_organisation"):
        merge(store, make, pair, actor=make.stranger)
    assert audit_count() == rows
    store.visits.add(make.visit(kept.id), make.actor)
    store.places.update(make.changed(make.place(id=absorbed.id), name="Jinak"), revision=1, actor=make.actor)
    with pytest.raises(StaleRevisionError):
        merge(store, make, pair)
    assert store.places.get(kept.id).revision == 1
    store.places.set_state(absorbed.id, PlaceState.CLOSED, revision=2, actor=make.actor, reason="")
    with pytest.raises(InvalidValueError, match="merge_not_active"):
        merge(store, make, pair)
    with pytest.raises(NotFoundError, match="unknown_merge"):
        store.merges.undo(make.id(), actor=make.actor)


def decide(store, make, own, other, actor, *, is_same=True):
    return store.merges.decide(make.id(), own_id=own.id, other_id=other.id, is_same=is_same, actor=actor)


def test_two_organisations_merge_when_both_agree(store, make):
    ours = store.places.add(make.place(name="Naše"), make.actor)
    theirs = store.places.add(make.place(name="Jejich"), make.stranger)
    assert decide(store, make, ours, theirs, make.actor) is False
    assert store.merges.absorbed_across() == frozenset()
    assert decide(store, make, theirs, ours, make.stranger) is True
    assert store.merges.absorbed_across() == {theirs.id}
    # Each keeps its record; nothing went over.
    assert store.places.get(theirs.id) == theirs
    assert store.places.get(ours.id) == ours
    (merge_,) = store.merges.of_organisation(make.actor.organisation_id, limit=9).rows
    assert (merge_,) == store.merges.of_organisation(make.stranger.organisation_id, limit=9).rows
    store.merges.undo(merge_.id, actor=make.actor)
    assert store.merges.absorbed_across() == frozenset()
    # Both have to agree anew.
    assert decide(store, make, ours, theirs, make.actor) is False


def test_a_pair_told_apart_by_one_side_is_not_merged(store, make):
    ours, theirs = (store.places.add(make.place(), actor) for actor in (make.actor, make.stranger))
    decide(store, make, ours, theirs, make.actor, is_same=False)
    assert decide(store, make, theirs, ours, make.stranger) is False
    with pytest.raises(NotPermittedError, match="other_organisation"):
        decide(store, make, theirs, ours, make.actor)


def test_the_log_of_one_organisation_does_not_name_the_other_s_place(store, make):
    ours, theirs = (store.places.add(make.place(), actor) for actor in (make.actor, make.stranger))
    decide(store, make, ours, theirs, make.actor)
    (row,) = [row for row in store.audit.rows() if row.action == "duplicate.decide"]
    assert theirs.id not in f"{row.entity_id}{row.payload}"


def test_others_count_one_place_of_an_agreed_pair(store, make):
    from actions.place_reader import StorePlaceReader
    from domain.place import PlaceFilter
    from domain.roles import Clearance, Role

    third = Clearance(role=Role.COORDINATOR, organisation_id="third")
    places = [store.places.add(make.place(), actor) for actor in (make.actor, make.stranger) for _ in range(3)]

    def count():
        frame = StorePlaceReader(store).places(bbox=None, zoom=None, only=PlaceFilter(), clearance=third)
        return [value for value in frame["places"] if value is not None]

    assert count() == ["6"]
    decide(store, make, places[0], places[3], make.actor)
    decide(store, make, places[3], places[0], make.stranger)
    assert count() == ["5"]
