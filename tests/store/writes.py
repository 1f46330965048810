"""Every function that changes data, by its name: what goes before it, and the write."""

from datetime import date
from functools import partial

from domain.contacts import ContactDraft
from domain.coverage import DeclaredCoverage
from domain.dataset import DatasetInfo
from domain.place import PlaceState
from domain.plans import PlanDraft, PlanItemDraft
from domain.text import Text
from tests.store.account_writes import ACCOUNT_WRITES
from tests.store.field_writes import FIELD_WRITES

INFO = DatasetInfo(
    id="d1", title=Text(cs="Žáci", en="Pupils", uk="Учні"), publisher="Úřad", source="dopis", licence="-",
    reference_date=date(2026, 1, 1), sha256="ab" * 32, columns=("code", "pupils"),
)  # fmt: skip
COLUMNS = {"pupils": "count"}
VALUES = {"500089": {"pupils": 12.0}, "500119": {"pupils": None}}


def place(store, make):
    return store.places.add(make.place(), make.actor)


def visited(store, make):
    record = place(store, make)
    return store.visits.add(make.visit(record.id), make.actor)


def changed(store, make):
    return store.changes.add(make.change(place(store, make).id), make.actor)


def dataset(store, make, *, undone=False):
    info = store.datasets.add(INFO, COLUMNS, VALUES, make.actor)
    if undone:
        store.datasets.undo(info.id, make.actor)
    return info


def located_place(store, make):
    located = make.place()
    store.places.add(located, make.actor)
    return located


def plan_draft(make):
    item = PlanItemDraft(id=make.id(), city_part="500089", visits=2, gain=1.0, p_low_before=0.7, p_low_after=0.5)
    return PlanDraft(id=make.id(), title="Plán", need="foreigners", items=(item,))


def planned(store, make):
    return store.plans.add(plan_draft(make), make.actor)


def claimed(store, make):
    return claim(store, make, planned(store, make))


def claim(store, make, plan):
    return store.plans.claim(plan.items[0].id, make.actor, team=1, day=date(2026, 10, 8))


def claimed_and_visited(store, make):
    return claimed(store, make), store.visits.add(make.visit(city_part="500089"), make.actor)


def declaration(store, make):
    return DeclaredCoverage(
        id=make.id(), organisation_id=make.actor.organisation_id, city_part="500089", since=date(2026, 1, 1)
    )


def declared(store, make):
    return store.declared_coverage.add(declaration(store, make), make.actor)


def contact_draft(store, make):
    return ContactDraft(id=make.id(), city_part="500089", status="osloveno", happened_on=date(2026, 9, 3))


def contacted(store, make):
    return store.town_hall_contacts.add(contact_draft(store, make), make.actor)


def after(prepare, write):
    """Return a function that prepares a store and answers with the write itself."""
    return lambda store, make: partial(write, store, make, prepare(store, make))


def nothing(store, make):
    return None


# Name of the function -> what goes before it, and the write.
WRITES = {
    "Places.add": after(nothing, lambda s, m, _: place(s, m)),
    "Places.update": after(
        located_place, lambda s, m, p: s.places.update(m.changed(p, name="N"), revision=1, actor=m.actor)
    ),
    "Places.set_state": after(
        place, lambda s, m, p: s.places.set_state(p.id, PlaceState.CLOSED, revision=1, actor=m.actor, reason="")
    ),
    "Places.undo_add": after(place, lambda s, m, p: s.places.undo_add(p.id, revision=1, actor=m.actor)),
    "Places._add_batch": after(nothing, lambda s, m, _: s.places.bulk_add([m.place() for _ in range(25)], m.actor)),
    "Visits.add": after(place, lambda s, m, p: s.visits.add(m.visit(p.id), m.actor)),
    "Visits._add_batch": after(
        place, lambda s, m, p: s.visits.bulk_add([(m.visit(p.id), p.city_part) for _ in range(25)], m.actor)
    ),
    "Visits.withdraw": after(visited, lambda s, m, v: s.visits.withdraw(v.id, m.actor)),
    "Changes.add": after(place, lambda s, m, p: s.changes.add(m.change(p.id), m.actor)),
    "Changes.withdraw": after(changed, lambda s, m, c: s.changes.withdraw(c.id, m.actor)),
    "Datasets.add": after(nothing, lambda s, m, _: dataset(s, m)),
    "Datasets.undo": after(dataset, lambda s, m, d: s.datasets.undo(d.id, m.actor)),
    "Datasets.redo": after(partial(dataset, undone=True), lambda s, m, d: s.datasets.redo(d.id, m.actor)),
    "Plans.add": after(lambda s, m: plan_draft(m), lambda s, m, d: s.plans.add(d, m.actor)),
    "Plans.withdraw": after(planned, lambda s, m, p: s.plans.withdraw(p.id, m.actor)),
    "Plans.claim": after(planned, claim),
    "Plans.give_back": after(claimed, lambda s, m, i: s.plans.give_back(i.id, m.actor)),
    "Plans.finish": after(
        claimed_and_visited, lambda s, m, both: s.plans.finish(both[0].id, m.actor, visit_id=both[1].id)
    ),
    "DeclaredCoverages.add": after(declaration, lambda s, m, d: s.declared_coverage.add(d, m.actor)),
    "DeclaredCoverages.withdraw": after(declared, lambda s, m, d: s.declared_coverage.withdraw(d.id, m.actor)),
    "TownHallContacts.add": after(contact_draft, lambda s, m, d: s.town_hall_contacts.add(d, m.actor)),
    "TownHallContacts.withdraw": after(contacted, lambda s, m, n: s.town_hall_contacts.withdraw(n.id, m.actor)),
    "Settings.set": after(nothing, lambda s, m, _: s.settings.set("tiles", value="none", actor=m.actor)),
    "Audit.erase_payloads": after(
        place, lambda s, m, p: s.audit.erase_payloads(entity="place", entity_id=p.id, actor=m.actor, reason="žádost")
    ),
    **ACCOUNT_WRITES,
    **FIELD_WRITES,
}
