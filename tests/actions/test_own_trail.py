"""A worker's own trail: all of it, for that worker alone, and taken back there."""

from datetime import UTC, date, datetime

import pytest

from actions.own_trail import count_kinds, own_trail, trail_months, withdraw_entry
from domain.errors import InvalidValueError, NotPermittedError
from domain.place import Actor, ChangeDraft, VisitDraft
from domain.quick_records import QuickKind, QuickRecordDraft
from domain.roles import Clearance, Permission, Role, is_permitted
from domain.trail import TrailKind
from store import LOCAL_ORGANISATION_ID, open_store
from tests.store.people import found, join
from tests.tools.made_up import new_id, record, today

ORGANISATION = LOCAL_ORGANISATION_ID
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class World:
    """Two workers of one organisation and one of another, each with records in October 2026."""

    def __init__(self, store):
        self.store = store
        # The first organisation that is founded takes over the one of local mode.
        own, other = found(store, "Terén"), found(store, "Jiná")
        self.anna, self.boris = (join(store, own, Role.FIELD_WORKER) for _ in range(2))
        self.stranger = join(store, other, Role.FIELD_WORKER)
        self.place = record(store, 14.41, 50.03, name="Vymyšlená ubytovna")
        for actor in (self.anna, self.boris, self.stranger):
            self.visit(actor, date(2026, 10, 5))

    def visit(self, actor, day, **more):
        where = {"place_id": self.place.id} | more
        draft = VisitDraft(id=new_id(), happened_on=day, outcome="informovan", note="tajné", **where)
        return self.store.visits.add(draft, actor)

    def change(self, actor, day):
        draft = ChangeDraft(id=new_id(), place_id=self.place.id, change="nabor", happened_on=day)
        return self.store.changes.add(draft, actor)

    def quick(self, actor, day, **where):
        draft = QuickRecordDraft(id=new_id(), kind=QuickKind.ACCOMPANIMENT, happened_on=day, language="uk", **where)
        return self.store.quick_records.add(draft, actor)

    def clearance(self, actor):
        return self.store.accounts.standing(actor.account_id).clearance

    def trail(self, actor, month="2026-10"):
        return own_trail(self.store, month, actor, self.clearance(actor), now=NOW)


@pytest.fixture
def world(tmp_path):
    store = open_store(tmp_path / "data")
    yield World(store)
    assert store.audit.verify() == []
    store.close()


def test_everything_of_a_month_and_nothing_of_anybody_else(world):
    world.visit(world.anna, date(2026, 10, 31), place_id=None, city_part="547158", area="U lesa")
    world.visit(world.anna, date(2026, 11, 1))
    world.visit(world.anna, date(2026, 9, 30))
    world.change(world.anna, date(2026, 10, 6))
    world.quick(world.anna, date(2026, 10, 7))
    world.quick(world.anna, date(2026, 10, 8), place_id=world.place.id)
    world.quick(world.boris, date(2026, 10, 8), city_part="547158")
    entries = world.trail(world.anna)
    assert [(entry.row.kind.value, entry.row.on.day) for entry in entries] == [
        ("visit", 31), ("quick_record", 8), ("quick_record", 7), ("change", 6), ("visit", 5),
    ]  # fmt: skip
    assert [entry.place.name if entry.place else entry.row.area for entry in entries] == [
        "U lesa", "Vymyšlená ubytovna", "", "Vymyšlená ubytovna", "Vymyšlená ubytovna",
    ]  # fmt: skip
    assert [entry.row.city_part for entry in entries][:3] == ["547158", world.place.city_part, None]
    assert count_kinds(entries) == {TrailKind.VISIT: 2, TrailKind.CHANGE: 1, TrailKind.QUICK_RECORD: 2}
    assert "tajné" not in str(entries)
    assert len(world.trail(world.boris)) == 2


def test_a_place_of_another_organisation_has_no_name_here(world):
    (entry,) = world.trail(world.stranger)
    assert (entry.place, entry.row.city_part) == (None, world.place.city_part)


def test_a_place_counts_on_its_day_in_prague(world):
    months = trail_months(world.store, world.anna, world.clearance(world.anna), today=date(2026, 11, 22))
    assert months == ("2026-11", "2026-10")
    place = record(world.store, 14.42, 50.03, name="Nové")
    mine = Actor(account_id=place.created_by, organisation_id=ORGANISATION)
    clearance = Clearance(role=Role.COORDINATOR, organisation_id=ORGANISATION)
    entries = own_trail(world.store, f"{today():%Y-%m}", mine, clearance, now=datetime.now(UTC))
    assert [entry.row.kind for entry in entries] == [TrailKind.PLACE, TrailKind.PLACE]
    late = world.store.trails.rows(
        mine.account_id, first=date(2026, 12, 1), after=date(2027, 1, 1), day_of=lambda _instant: date(2026, 12, 31)
    )
    assert {row.on for row in late} <= {date(2026, 12, 31)}


def test_months_go_back_to_the_first_record(world):
    world.quick(world.anna, date(2025, 12, 31))
    months = trail_months(world.store, world.anna, world.clearance(world.anna), today=date(2026, 2, 1))
    assert months == ("2026-02", "2026-01", "2025-12")
    nobody = join(world.store, world.store.organisations.get(ORGANISATION), Role.FIELD_WORKER)
    assert trail_months(world.store, nobody, world.clearance(nobody), today=date(2026, 2, 1)) == ("2026-02",)
    for month in ("2026-13", "2026-1", "", "0000-01", "9999-12", "2026-01' OR 1=1"):
        with pytest.raises(InvalidValueError, match="invalid_month"):
            world.trail(world.anna, month)


def test_own_records_are_taken_back_and_nobody_else_s(world):
    quick, change = world.quick(world.anna, date(2026, 10, 7)), world.change(world.anna, date(2026, 10, 6))
    visit = next(entry.row for entry in world.trail(world.anna) if entry.row.kind is TrailKind.VISIT)
    records = {TrailKind.QUICK_RECORD: quick.id, TrailKind.CHANGE: change.id, TrailKind.VISIT: visit.id}
    for kind, record_id in records.items():
        with pytest.raises(NotPermittedError, match="undo_not_own"):
            withdraw_entry(world.store, kind, record_id, world.boris, world.clearance(world.boris))
        withdraw_entry(world.store, kind, record_id, world.anna, world.clearance(world.anna))
    assert world.trail(world.anna) == ()
    assert world.store.quick_records.find(ORGANISATION) == []
    with pytest.raises(InvalidValueError, match="not_withdrawable"):
        withdraw_entry(world.store, TrailKind.PLACE, world.place.id, world.anna, world.clearance(world.anna))


@pytest.mark.parametrize("role", list(Role))
def test_by_the_table_of_permissions(world, role):
    clearance = Clearance(role=role, organisation_id=ORGANISATION)
    calls = (
        lambda: trail_months(world.store, world.anna, clearance, today=today()),
        lambda: own_trail(world.store, "2026-10", world.anna, clearance, now=NOW),
    )
    for call in calls:
        if is_permitted(role, Permission.SEE_OWN_TRAIL):
            call()
        else:
            with pytest.raises(NotPermittedError, match="not_permitted"):
                call()
