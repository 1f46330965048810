"""What is kept of the gate's answers is always what reading all places anew would give."""

import random
from datetime import UTC, date, datetime

import pytest
import uuid_utils

from actions import kept_places as module
from actions.kept_places import kept_places
from actions.place_reader import StorePlaceReader
from domain.errors import AppError
from domain.geometry import LonLat
from domain.place import Actor, ChangeDraft, LocatedPlace, PlaceDraft, PlaceFilter, PlaceState, VisitDraft
from domain.roles import Clearance, Role
from geo.disclosure import DEFAULT_SETTINGS
from store import open_store
from store.place_feed import MOST_ROWS
from tests.geo.disclosure_samples import KINDS

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
OWNERS = ("o1", "o2", "o3")
OUTSIDER = Clearance(role=Role.COORDINATOR, organisation_id="reader")
READERS = (
    OUTSIDER,
    Clearance(role=Role.FIELD_WORKER, organisation_id="o1", partner_of=frozenset({"o2"})),
    Clearance(role=Role.PARTICIPANT, organisation_id="reader"),
)
# Two neighbouring city parts and one far away, crowded so that cells pass.
SPOTS = (("500089", 14.4378, 50.0755), ("500054", 14.4200, 50.0870), ("547271", 14.3740, 50.1370))


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "data")
    yield opened
    opened.close()


def located(rng, place_id=None):
    part, lon, lat = rng.choice(SPOTS)
    draft = PlaceDraft(
        id=place_id or str(uuid_utils.uuid7()), kind=rng.choice(KINDS), name=f"Jméno {rng.random()}",
        position=LonLat(lon=lon + rng.uniform(-0.001, 0.001), lat=lat + rng.uniform(-0.001, 0.001)),
    )  # fmt: skip
    return LocatedPlace(draft=draft, city_part=part, admin_district=1, cadastral_area=None)


def actor(owner):
    return Actor(account_id=f"author-{owner}", organisation_id=owner)


class Life:
    """What organisations do with their places, in any order."""

    def __init__(self, store, seed):
        self.store, self.rng, self.visits, self.merges = store, random.Random(seed), [], []
        for _ in range(60):
            self.add()

    def one(self, **only):
        rows = self.store.places.find(only=PlaceFilter(**{"states": (), **only}))
        return self.rng.choice(sorted(rows, key=lambda row: row.id))

    def add(self):
        self.store.places.add(located(self.rng), actor(self.rng.choice(OWNERS)))

    def add_many(self):
        self.store.places.bulk_add([located(self.rng) for _ in range(5)], actor(self.rng.choice(OWNERS)))

    def move(self):
        record = self.one()
        moved = located(self.rng, record.id)
        self.store.places.update(moved, revision=record.revision, actor=actor(record.organisation_id))

    def step(self):
        record, state = self.one(), self.rng.choice(list(PlaceState))
        self.store.places.set_state(
            record.id, state, revision=record.revision, actor=actor(record.organisation_id), reason=""
        )

    def undo(self):
        record = self.one()
        self.store.places.undo_add(record.id, revision=record.revision, actor=actor(record.organisation_id))

    def visit(self):
        record, day = self.one(), date(self.rng.randint(2022, 2026), self.rng.randint(1, 10), 1)
        draft = VisitDraft(id=str(uuid_utils.uuid7()), place_id=record.id, happened_on=day, outcome="informovan")
        self.store.visits.add(draft, actor(record.organisation_id))
        self.visits.append((draft.id, record.organisation_id))

    def withdraw(self):
        visit_id, owner = self.rng.choice(self.visits)
        self.store.visits.withdraw(visit_id, actor(owner))

    def change(self):
        record = self.one()
        draft = ChangeDraft(id=str(uuid_utils.uuid7()), place_id=record.id, change="uzavreni", happened_on=NOW.date())
        self.store.changes.add(draft, actor(record.organisation_id))

    def merge(self):
        kept = self.one(states=(PlaceState.SUGGESTED, PlaceState.VERIFIED))
        other = self.one(organisation_ids=(kept.organisation_id,))
        merge_id = str(uuid_utils.uuid7())
        self.store.merges.merge(
            merge_id, kept_id=kept.id, kept_revision=kept.revision, absorbed_id=other.id,
            absorbed_revision=other.revision, actor=actor(kept.organisation_id), reason="",
        )  # fmt: skip
        self.merges.append((merge_id, kept.organisation_id))

    def agree(self):
        one = self.one()
        other = self.one(organisation_ids=tuple(o for o in OWNERS if o != one.organisation_id))
        merge_id = str(uuid_utils.uuid7())
        for own, their in ((one, other), (other, one)):
            self.store.merges.decide(
                merge_id, own_id=own.id, other_id=their.id, is_same=True, actor=actor(own.organisation_id)
            )
        self.merges.append((merge_id, one.organisation_id))

    def part(self):
        merge_id, owner = self.rng.choice(self.merges)
        self.store.merges.undo(merge_id, actor=actor(owner))

    def erase(self):
        record = self.one()
        self.store.erasures.erase_place(record.id, actor=actor(record.organisation_id), reason="žádost")

    def set_something(self):
        self.store.settings.set("first_run_seen", value=self.rng.random() < 0.5, actor=actor("o1"))

    def act(self):
        does = self.rng.choice(
            [self.add, self.add_many, self.move, self.step, self.undo, self.visit, self.withdraw, self.change,
             self.merge, self.agree, self.part, self.erase, self.set_something]
        )  # fmt: skip
        try:
            does()
        except (AppError, IndexError) as error:
            # Not everything may be done to every place, and there may be no visit or merge yet.
            return f"{does.__name__}: {getattr(error, 'code', error)}"
        return does.__name__


def rows(store, reader):
    answer = kept_places(store).disclosed(clearance=reader, now=NOW, settings=DEFAULT_SETTINGS)
    return [] if answer is None else answer.select()


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_what_reading_anew_gives(store, seed):
    life, done = Life(store, seed), []
    for turn in range(40):
        done.append(life.act())
        # Not everybody looks after every act.
        for reader in READERS[: 1 + turn % 3]:
            kept = rows(store, reader)
            aside = module._KEPT.pop(store)
            assert kept == rows(store, reader), done
            module._KEPT[store] = aside
    assert len({name for name in done if ":" not in name}) > 5


def test_every_act_is_done_in_some_life(store):
    life, done = Life(store, 0), set()
    for _ in range(300):
        done.add(life.act())
    assert {name for name in done if ":" not in name} == {
        "add", "add_many", "move", "step", "undo", "visit", "withdraw", "change", "merge", "agree", "part", "erase",
        "set_something",
    }  # fmt: skip


def test_a_visit_makes_its_city_part_anew_and_no_other(store):
    life = Life(store, 1)
    kept = kept_places(store)
    ask = lambda: kept.disclosed(clearance=OUTSIDER, now=NOW, settings=DEFAULT_SETTINGS)  # noqa: E731
    before = ask()
    assert ask() is before
    record = life.one()
    draft = VisitDraft(id=str(uuid_utils.uuid7()), place_id=record.id, happened_on=NOW.date(), outcome="informovan")
    store.visits.add(draft, actor(record.organisation_id))
    after = ask()
    same = {code for code in before.parts if after.parts[code] is before.parts[code]}
    assert same == set(before.parts) - {record.city_part}
    life.set_something()
    assert ask() is after


def test_places_of_several_organisations_are_read_beforehand(store, monkeypatch):
    read = []
    facts = store.places.facts
    monkeypatch.setattr(store.places, "facts", lambda ids=None: read.append(ids) or facts(ids))
    store.places.add(located(random.Random(1)), actor("o1"))
    kept_places(store).warm()
    assert read == [], "a single organisation never asks for others' places"
    life = Life(store, 1)
    kept_places(store).warm()
    rows(store, OUTSIDER)
    assert read == [None]
    life.visit()
    rows(store, OUTSIDER)
    assert [ids if ids is None else len(ids) for ids in read] == [None, 1]


def test_after_very_many_writes_all_places_are_read_anew(store):
    Life(store, 1)
    seq = store.places.changes_since(None).up_to
    for number in range(MOST_ROWS + 1):
        store.settings.set("first_run_seen", value=bool(number % 2), actor=actor("o1"))
    assert store.places.changes_since(seq + 1).place_ids == frozenset()
    assert store.places.changes_since(seq).place_ids is None


def test_places_that_are_marked_while_all_are_read_are_read_again(store, monkeypatch):
    life = Life(store, 2)
    facts = store.places.facts

    def facts_and_a_write(ids=None):
        found = list(facts(ids))
        if ids is None:
            life.move()
        return iter(found)

    monkeypatch.setattr(store.places, "facts", facts_and_a_write)
    rows(store, OUTSIDER)
    monkeypatch.undo()
    kept = rows(store, OUTSIDER)
    module._KEPT.pop(store)
    assert kept == rows(store, OUTSIDER)


def test_more_exact_places_of_a_partner_than_fit_come_as_clusters(store, monkeypatch):
    monkeypatch.setattr("actions.place_reader.MAX_POINTS", 5)
    rng = random.Random(1)
    for _ in range(40):
        draft = located(rng)
        store.places.add(
            LocatedPlace(
                draft=PlaceDraft(id=draft.draft.id, kind="trznice", name="Tržnice", position=draft.draft.position),
                city_part=draft.city_part, admin_district=1, cadastral_area=None,
            ),
            actor("o2"),
        )  # fmt: skip
    reader = StorePlaceReader(store, now=lambda: NOW)
    partner = READERS[1]
    only = PlaceFilter(kinds=("trznice",))
    whole = reader.places(bbox=None, zoom=None, only=only, clearance=partner)
    assert len(whole) == 40
    clustered = reader.places(bbox=None, zoom=12, only=only, clearance=partner)
    assert clustered["cluster"].sum() == 40
    assert (clustered["cluster"] > 0).all()
    assert reader.places(bbox=None, zoom=12, only=PlaceFilter(kinds=("skola",)), clearance=partner).empty
