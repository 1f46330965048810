"""A small model of the store: whatever people do in whatever order, both say the same."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
import uuid_utils
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from domain.errors import StaleRevisionError
from domain.geometry import LonLat
from domain.place import Actor, LocatedPlace, PlaceDraft, PlaceFilter, PlaceState, VisitDraft
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID
from tests.store.homes import ENGINES

ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
KINDS = st.sampled_from(["ubytovna", "obchod", "skola"])
STATES = st.sampled_from(list(PlaceState))
POSITIONS = st.one_of(
    st.none(),
    st.builds(LonLat, lon=st.floats(14.25, 14.70), lat=st.floats(49.95, 50.17)),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
ACTIVE = (PlaceState.SUGGESTED, PlaceState.VERIFIED)


class StoreMachine(RuleBasedStateMachine):
    ids = Bundle("ids")

    @initialize()
    def open(self):
        self.folder = tempfile.TemporaryDirectory()
        self.home = self.clusters.home(self.engine, Path(self.folder.name) / "data")
        self.store = self.home.open()
        self.model = {}
        self.visits = {}
        self.version = 0

    def located(self, place_id, kind, name, position):
        draft = PlaceDraft(
            id=place_id, kind=kind, name=name, position=position, city_part=None if position else "500089"
        )
        return LocatedPlace(draft=draft, city_part="500089", admin_district=2, cadastral_area=None)

    @rule(target=ids, kind=KINDS, name=TEXTS, position=POSITIONS)
    def add(self, kind, name, position):
        place_id = str(uuid_utils.uuid7())
        located = self.located(place_id, kind, name, position)
        for _ in range(2):
            self.store.places.add(located, ACTOR)
        self.model[place_id] = [kind, name, position, PlaceState.SUGGESTED, 1]
        self.version += 1
        return place_id

    @rule(place_id=ids, kind=KINDS, name=TEXTS, position=POSITIONS, behind=st.booleans())
    def update(self, place_id, kind, name, position, behind):
        model = self.model[place_id]
        located = self.located(place_id, kind, name, position)
        same = model[:3] == [kind, name, position]
        if behind:
            with pytest.raises(StaleRevisionError) as caught:
                self.store.places.update(located, revision=model[4] + 1, actor=ACTOR)
            assert caught.value.current.revision == model[4]
            return
        record = self.store.places.update(located, revision=model[4], actor=ACTOR)
        if not same:
            model[:3] = [kind, name, position]
            model[4] += 1
            self.version += 1
        assert record.revision == model[4]

    @rule(place_id=ids, state=STATES)
    def set_state(self, place_id, state):
        model = self.model[place_id]
        self.store.places.set_state(place_id, state, revision=model[4], actor=ACTOR, reason="")
        if model[3] != state:
            model[3] = state
            model[4] += 1
            self.version += 1

    @rule(place_id=ids, day=st.integers(0, 300))
    def visit(self, place_id, day):
        draft = VisitDraft(
            id=str(uuid_utils.uuid7()),
            place_id=place_id,
            happened_on=date(2026, 1, 1) + timedelta(days=day),
            outcome="nikdo",
        )
        self.store.visits.add(draft, ACTOR)
        self.visits.setdefault(place_id, []).append(draft.happened_on)
        self.version += 1

    @rule()
    def reopen(self):
        self.store.close()
        self.store = self.home.open()

    @invariant()
    def both_say_the_same(self):
        found = {record.id: record for record in self.store.places.find(only=PlaceFilter(states=()))}
        assert set(found) == set(self.model)
        for place_id, (kind, name, position, state, revision) in self.model.items():
            record = found[place_id]
            assert (record.kind, record.name, record.position, record.state, record.revision) == (
                kind,
                name,
                position,
                state,
                revision,
            )
            days = self.visits.get(place_id, [])
            assert (record.visit_count, record.last_visit_on) == (len(days), max(days, default=None))
            assert len(self.store.places.history(place_id)) == revision
        active = [m for m in self.model.values() if m[3] in ACTIVE]
        assert self.store.places.count() == len(active)
        assert sum(row.count for row in self.store.places.cells(resolution=9)) == len(active)
        assert self.store.places.verify_cells() == []
        assert self.store.visits.verify_groups() == []
        assert self.store.data_version() == self.version
        assert self.store.audit.verify() == []

    def teardown(self):
        self.store.close()
        self.home.remove()
        self.folder.cleanup()


STEPS = settings(stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
# Every example of a server has a database of its own.
EXAMPLES = {"sqlite": 12, "postgresql": 6}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("engine", ENGINES)
def test_the_store_does_what_the_model_does(engine, clusters):
    if engine != "sqlite":
        clusters.require()
    machine = type("Machine", (StoreMachine,), {"engine": engine, "clusters": clusters})
    run_state_machine_as_test(machine, settings=settings(STEPS, max_examples=EXAMPLES[engine]))
