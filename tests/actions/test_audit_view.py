"""The view of the audit log: own rows, nobody's trail, nothing that the gate does not show."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from actions.audit_view import PAGE_ROWS, AuditGroup, audit_lines
from domain.errors import NotPermittedError
from domain.place import Actor
from domain.roles import Clearance, Permission, Role, is_permitted
from domain.text import Language
from store import Event, open_store
from tests.store.conftest import Make
from tests.store.people import everybody, found, in_days, share_with
from tests.tools.made_up import new_id
from ui.localisation import message_keys

CANARY = "KANAREK"


class World:
    def __init__(self, store):
        self.store = store
        self.first, self.second = found(store, "Terén"), found(store, "Poradna")
        self.people, self.others = everybody(store, self.first), everybody(store, self.second)
        self.make = Make()

    def clearance(self, actor):
        return self.store.accounts.standing(actor.account_id).clearance

    def lines(self, role=Role.COORDINATOR, people=None, *, now=None, **more):
        return self.page(role, people, now=now, **more).rows

    def page(self, role=Role.COORDINATOR, people=None, *, now=None, **more):
        actor = (people or self.people)[role]
        return audit_lines(self.store, actor, self.clearance(actor), now=now or datetime.now(UTC), **more)


@pytest.fixture
def world(tmp_path):
    store = open_store(tmp_path / "data", checks_accounts=True)
    yield World(store)
    assert store.audit.verify() == []
    store.close()


def place_of(world, actor, name=CANARY):
    return world.store.places.add(world.make.place(name=name, note=f"{CANARY}-poznámka"), actor)


def test_an_organisation_sees_its_own_rows_and_who_saw_its_places(world):
    worker, theirs = world.people[Role.FIELD_WORKER], world.others[Role.FIELD_WORKER]
    place_of(world, worker)
    place_of(world, theirs, name=f"{CANARY}-cizí")
    world.store.events.note(Event.EXACT_VIEW, "organisation", [world.first.id], detail="place abc", actor=theirs)
    world.store.events.note(Event.EXACT_VIEW, "organisation", [world.second.id], detail="x", actor=theirs)
    lines = world.lines(group=AuditGroup.RECORDS)
    assert [(line.action, line.place.name) for line in lines] == [("place.add", CANARY)]
    (seen,) = world.lines(group=AuditGroup.VIEWS)
    assert (seen.organisation_id, seen.by, seen.facts, seen.entity_id) == (world.second.id, None, (), "")
    assert f"{CANARY}-cizí" not in str(world.lines())
    assert theirs.account_id not in str(world.lines())


def test_nobody_s_work_is_told_but_the_own(world):
    worker, coordinator = world.people[Role.FIELD_WORKER], world.people[Role.COORDINATOR]
    place = place_of(world, worker)
    world.store.visits.add(world.make.visit(place.id, note=f"{CANARY}-návštěva"), worker)
    world.store.visits.add(world.make.visit(place.id), coordinator)
    world.store.events.note(Event.SIGN_IN, "account", [worker.account_id], actor=worker)
    world.store.events.note(Event.EXPORT, "trail", ["2026-11"], actor=worker)
    by = {(line.action, line.by) for line in world.lines()}
    assert {("visit.add", None), ("visit.add", coordinator.account_id), ("sign_in", None), ("export", None)} <= by
    # Not as the subject either: who signs in is what the row is about.
    told = [(line.by, line.entity_id, line.facts) for line in world.lines() if line.action != "account.add"]
    assert worker.account_id not in str(told)


def test_payloads_are_not_shown_but_asked_of_the_gate(world):
    worker = world.people[Role.FIELD_WORKER]
    place = place_of(world, worker)
    world.store.visits.add(world.make.visit(place.id, note=f"{CANARY}-návštěva"), worker)
    text = str([line.facts for line in world.lines()])
    assert CANARY not in text
    assert "14.4378" not in text
    # Three years later the position is old, and the log tells no more than the map.
    late = datetime.now(UTC) + timedelta(days=1200)
    (line,) = [line for line in world.lines(now=late) if line.action == "place.add"]
    assert line.place.position != place.position


def test_what_is_administered_is_told_with_who_and_why(world):
    admin, coordinator = world.people[Role.ADMIN], world.people[Role.COORDINATOR]
    worker = world.people[Role.FIELD_WORKER]
    world.store.accounts.set_role(worker.account_id, role=Role.VIEWER, city_parts=(), actor=admin)
    draft = share_with(world.second, until=in_days(datetime.now(UTC), 3), purpose="společný výjezd")
    world.store.shares.add(draft, actor=coordinator)
    share, role = world.lines(Role.ADMIN, group=AuditGroup.PEOPLE)[:2]
    assert (share.action, share.by, dict(share.facts)["purpose"]) == (
        "share.add", coordinator.account_id, "společný výjezd",
    )  # fmt: skip
    assert (role.action, role.by, role.entity_id) == ("account.set_role", admin.account_id, worker.account_id)
    assert dict(role.facts) == {"role": "viewer", "before": "field_worker"}


def test_an_erased_place_leaves_who_and_why(world):
    coordinator = world.people[Role.COORDINATOR]
    place = place_of(world, coordinator)
    world.store.erasures.erase_place(place.id, actor=coordinator, reason="zapsáno omylem")
    erased, *_ = world.lines(group=AuditGroup.ERASURES)
    assert (erased.action, erased.by, dict(erased.facts)["reason"]) == (
        "place.erase", coordinator.account_id, "zapsáno omylem",
    )  # fmt: skip
    (added,) = [line for line in world.lines() if line.action == "place.add"]
    assert (added.place, added.facts, added.is_erased) == (None, (), True)


def test_pages_follow_each_other(world):
    worker = world.people[Role.FIELD_WORKER]
    for index in range(PAGE_ROWS + 20):
        world.store.visits.add(world.make.visit(city_part="500089", happened_on=date(2026, 1, 1 + index % 28)), worker)
    first = world.page(group=AuditGroup.RECORDS)
    second = world.page(group=AuditGroup.RECORDS, after=first.further)
    assert (len(first.rows), len(second.rows), second.further) == (PAGE_ROWS, 20, None)
    assert not {line.seq for line in first.rows} & {line.seq for line in second.rows}


@pytest.mark.parametrize("role", list(Role))
def test_by_the_table_of_permissions(world, role):
    clearance = Clearance(role=role, organisation_id=world.first.id)
    actor = Actor(account_id=new_id(), organisation_id=world.first.id)
    if is_permitted(role, Permission.SEE_AUDIT):
        audit_lines(world.store, actor, clearance, now=datetime.now(UTC))
    else:
        with pytest.raises(NotPermittedError, match="not_permitted"):
            audit_lines(world.store, actor, clearance, now=datetime.now(UTC))


def test_every_action_of_the_store_has_its_words():
    """Found in the source: a new action without a message would stand in the log as its code."""
    source = "".join(path.read_text("utf-8") for path in sorted(Path("store").glob("*.py")))
    actions = set(re.findall(r'audit\(\s*f?"([a-z_]+(?:\.[a-z_]+)?)"', source))
    actions |= set(re.findall(r'"((?:place|dataset|account)\.[a-z_]+)"', source)) | {event.value for event in Event}
    actions |= {"place.review", "change.review"}
    assert len(actions) > 45
    keys = message_keys(Language.CS)
    assert {a for a in actions if f"audit-action-{a.replace('.', '-').replace('_', '-')}" not in keys} == set()
