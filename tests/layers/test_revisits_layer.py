"""Rings around own places that wait for a visit: why, by when, and for nobody else."""

from datetime import UTC, date, datetime

import pytest

from actions.place_reader import StorePlaceReader
from domain.place import ChangeDraft, PlaceState, VisitDraft
from domain.roles import Clearance, Role
from domain.verification import RevisitReason
from layers.contract import Context, Readers
from layers.places import LAYER as PLACES
from layers.places import REVISIT_LABELS
from layers.revisits import LAYER, LEGEND
from store import LOCAL_ORGANISATION_ID, open_store
from tests.tools.made_up import ACTOR, new_id, record

OWN = Clearance(role=Role.FIELD_WORKER, organisation_id=LOCAL_ORGANISATION_ID)
OTHER = Clearance(role=Role.COORDINATOR, organisation_id="another")
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "data", clock=lambda: datetime(2026, 10, 1, tzinfo=UTC))
    yield opened
    opened.close()


def load(store, *, clearance=OWN, now=NOW, layer=LAYER):
    reader = StorePlaceReader(store, now=lambda: now)
    frame = layer.load(Context(clearance=clearance, options={"kind": ""}, readers=Readers(places=reader))).frame
    return frame.set_index("name") if len(frame) else frame


def visited(store, name, day, lon, **more):
    place = record(store, lon, 50.03, name=name)
    draft = VisitDraft(id=new_id(), place_id=place.id, happened_on=day, outcome="informovan", **more)
    store.visits.add(draft, ACTOR)
    return place


def test_each_reason_has_its_ring_and_what_is_not_due_has_none(store):
    visited(store, "staré", date(2026, 2, 28), 14.41)
    visited(store, "čerstvé", date(2026, 9, 1), 14.42)
    agreed = visited(
        store,
        "domluvené",
        date(2026, 9, 1),
        14.43,
        follow_up_on=date(2027, 2, 1),
        follow_up_service="counselling_social",
    )
    changed = visited(store, "změna", date(2026, 9, 1), 14.44)
    draft = ChangeDraft(id=new_id(), place_id=changed.id, change="nabor", happened_on=date(2026, 9, 20))
    store.changes.add(draft, ACTOR)
    record(store, 14.45, 50.03, name="nové")
    rings = load(store)
    assert rings["class"].to_dict() == {"staré": "stale", "domluvené": "follow_up", "změna": "change"}
    assert rings["revisit_by"].to_dict() == {"staré": "2027-02-28", "domluvené": "2027-02-01", "změna": "2026-10-04"}
    assert "never" in set(load(store, now=datetime(2027, 11, 1, tzinfo=UTC))["class"])
    places = load(store, layer=PLACES)
    assert places["revisit_by"]["čerstvé"] == "2027-09-01"
    assert places["revisit"]["čerstvé"] is None
    # Somebody went there: the ring goes.
    for place in (agreed, changed):
        draft = VisitDraft(id=new_id(), place_id=place.id, happened_on=date(2027, 2, 20), outcome="informovan")
        store.visits.add(draft, ACTOR)
    assert set(load(store).index) == {"staré"}


def test_a_place_that_was_closed_asks_for_nobody(store):
    place = visited(store, "zavřené", date(2025, 1, 1), 14.41)
    store.reviews.step(place.id, PlaceState.REJECTED, revision=1, actor=ACTOR, reason="x")
    assert load(store).empty


def test_nobody_else_learns_where_to_return(store):
    visited(store, "staré", date(2025, 1, 1), 14.41)
    for index in range(5):
        visited(store, f"další {index}", date(2025, 1, 1), 14.41 + index / 10_000)
    assert load(store, clearance=OTHER).empty
    assert load(store, clearance=Clearance(role=Role.VIEWER)).empty
    assert set(load(store, clearance=OTHER, layer=PLACES).get("revisit_by", [])) <= {None}


def test_every_reason_has_words_and_a_colour():
    assert {entry.value for entry in LEGEND} == set(REVISIT_LABELS) == {reason.value for reason in RevisitReason}
    assert len({entry.colour for entry in LEGEND}) == len(LEGEND)
