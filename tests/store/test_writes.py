"""Every function that changes data: one audit row (or one a batch), one step of the data version."""

from datetime import date

import pytest
import sqlalchemy as sa

from domain.errors import StoreError
from store import tables
from store.writer import MUTATIONS, Repository, mutation
from tests.store.account_writes import EVENTS
from tests.store.field_writes import SEVERAL_ROWS
from tests.store.writes import COLUMNS, INFO, VALUES, WRITES, changed, dataset, place, visited
from tests.tools.stored import visits_in


def test_the_list_of_writes_is_complete():
    assert {name for name in MUTATIONS if "<locals>" not in name} == set(WRITES) | EVENTS


def test_nothing_but_mutations_reaches_the_writer(store):
    """The repositories have no other public method that changes anything: readers refuse it."""
    for repository in (
        store.places, store.visits, store.changes, store.datasets, store.plans, store.declared_coverage,
        store.town_hall_contacts, store.settings, store.audit,
    ):  # fmt: skip
        with pytest.raises(StoreError, match="database_read_only"), repository._read() as connection:
            connection.execute(sa.update(tables.store_state).values(data_version=77))


@pytest.mark.parametrize("name", sorted(WRITES))
def test_every_write_has_its_audit_row_and_steps_the_version(store, make, audit_count, name):
    write = WRITES[name](store, make)
    rows, version = audit_count(), store.data_version()
    write()
    assert audit_count() == rows + SEVERAL_ROWS.get(name, 1)
    assert store.data_version() == version + 1
    newest = store.audit.rows(limit=1)[0]
    assert (newest.account_id, newest.organisation_id) == (make.actor.account_id, make.actor.organisation_id)
    assert store.audit.verify() == []


# Each call makes new records; that the same ones sent again change nothing has tests of its own.
MAKE_NEW_ONES = {"Places.add", "Places._add_batch", "Visits.add", "Visits._add_batch", "Changes.add"}


@pytest.mark.parametrize("name", sorted(set(WRITES) - MAKE_NEW_ONES))
def test_the_same_write_again_changes_nothing(store, make, audit_count, name):
    write = WRITES[name](store, make)
    write()
    rows, version = audit_count(), store.data_version()
    write()
    assert (audit_count(), store.data_version()) == (rows, version)


@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_write_whose_audit_fails_leaves_nothing(store, make, monkeypatch, home, name):
    write = WRITES[name](store, make)
    before = home.everything()

    def fail(*args, **kwargs):
        raise OSError("no")

    monkeypatch.setattr(store.writer._chain, "append", fail)
    # What the system says becomes an error with a sentence.
    with pytest.raises(StoreError, match="disk_error"):
        write()
    assert home.everything() == before


def test_a_change_without_an_audit_row_is_never_committed(store, make):
    class Forgetful(Repository):
        @mutation
        def forget(self, tx):
            tx.execute(sa.insert(tables.settings), {"key": "k", "value": 1, "updated_at": tx.now, "updated_by": "x"})

    with pytest.raises(RuntimeError, match="no audit row"):
        Forgetful(store.places._readers, store.writer).forget()
    assert store.settings.get("k") is None
    assert store.data_version() == 0
    MUTATIONS.discard(Forgetful.forget.__qualname__)


def test_place_and_visit_are_in_one_transaction(store, make):
    bad = make.place(name="Jen s návštěvou")
    from domain.errors import InvalidValueError

    with pytest.raises(InvalidValueError, match="term_not_allowed"):
        store.places.add(bad, make.actor, visit=make.visit(bad.draft.id, outcome="neregulerni"))
    assert store.places.count() == 0
    assert store.audit.rows() == []


def test_a_write_inside_a_write_is_a_fault_not_a_deadlock(store, make):
    with pytest.raises(RuntimeError, match="inside a write"):
        store.writer.run(lambda tx: store.settings.set("a", 1, make.actor))


def test_after_close_nothing_is_taken(home, make):
    opened = home.open()
    opened.close()
    opened.close()
    with pytest.raises(StoreError, match="store_closed"):
        opened.settings.set("a", 1, make.actor)


def test_writes_of_many_threads_all_arrive(store, make, audit_count):
    from concurrent.futures import ThreadPoolExecutor

    def write(number):
        if number % 3 == 0:
            return store.places.add(make.place(name=str(number)), make.actor)
        if number % 3 == 1:
            return store.visits.add(make.visit(city_part="500089"), make.actor)
        return store.settings.set(f"k{number}", number, make.actor)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(120)))
    assert store.places.count() == 40
    assert len(visits_in(store, "500089")) == 40
    assert [store.settings.get(f"k{n}") for n in range(2, 120, 3)] == list(range(2, 120, 3))
    assert (audit_count(), store.data_version()) == (120, 120)
    assert store.audit.verify() == []


# --- datasets and settings --------------------------------------------------------------------


def test_a_dataset_comes_back_as_it_was_added(store, make):
    dataset(store, make)
    (stored,) = store.datasets.all()
    assert stored.info.imported
    assert (stored.info.title, stored.info.reference_date, stored.info.columns) == (
        INFO.title,
        INFO.reference_date,
        INFO.columns,
    )
    assert (stored.columns, stored.values) == (COLUMNS, VALUES)


def test_the_same_file_again_changes_nothing_whatever_its_new_id(store, make, audit_count):
    from dataclasses import replace

    first = dataset(store, make)
    again = store.datasets.add(replace(INFO, id="d2", path="elsewhere.xlsx"), COLUMNS, VALUES, make.actor)
    assert again == first
    assert (audit_count(), store.data_version()) == (1, 1)
    assert len(store.datasets.all()) == 1


def test_the_same_file_with_another_date_or_other_values_is_another_dataset(store, make):
    from dataclasses import replace

    dataset(store, make)
    store.datasets.add(replace(INFO, id="d2", reference_date=date(2025, 1, 1)), COLUMNS, VALUES, make.actor)
    store.datasets.add(replace(INFO, id="d3"), COLUMNS, {"500089": {"pupils": 13.0}}, make.actor)
    assert [stored.info.id for stored in store.datasets.all()] == ["d1", "d2", "d3"]


def test_an_id_stands_for_one_dataset(store, make):
    from domain.errors import InvalidValueError

    dataset(store, make)
    with pytest.raises(InvalidValueError, match="dataset_id_taken"):
        store.datasets.add(INFO, COLUMNS, {"500089": {"pupils": 13.0}}, make.actor)
    with pytest.raises(InvalidValueError, match="value_not_finite"):
        store.datasets.add(INFO, COLUMNS, {"500089": {"pupils": float("nan")}}, make.actor)


def test_an_undone_dataset_is_out_of_use_and_the_same_file_brings_it_back(store, make):
    from domain.errors import NotFoundError

    dataset(store, make, undone=True)
    assert store.datasets.all() == []
    assert [stored.info.id for stored in store.datasets.undone()] == ["d1"]
    dataset(store, make)
    assert [stored.info.id for stored in store.datasets.all()] == ["d1"]
    with pytest.raises(NotFoundError, match="unknown_dataset"):
        store.datasets.undo("d9", make.actor)


def test_settings_hold_json_and_nothing_else(store, make):
    from domain.errors import InvalidValueError

    assert store.settings.get("x") is None
    assert store.settings.get("x", default=7) == 7
    for value in (False, None, 3, 2.5, "č", [1, "a"], {"a": {"b": [None]}}):
        store.settings.set("x", value, make.actor)
        assert store.settings.get("x", default="unset") == value
    for value in (float("nan"), object(), {1, 2}):
        with pytest.raises(InvalidValueError, match="setting_not_json"):
            store.settings.set("x", value, make.actor)


# --- visits and changes -----------------------------------------------------------------------


def test_a_visit_at_a_place_takes_the_place_s_city_part(store, make):
    record = place(store, make)
    visit = store.visits.add(
        make.visit(record.id, needs=("cestina",), barriers=("jazyk",), languages=("uk",), contacts="1_4", note="č"),
        make.actor, city_part="999999",
    )  # fmt: skip
    assert (visit.city_part, visit.needs, visit.barriers, visit.languages) == (
        "500089",
        ("cestina",),
        ("jazyk",),
        ("uk",),
    )
    assert store.visits.for_place(record.id) == [visit] == visits_in(store, "500089")


def test_a_visit_without_a_place_needs_a_city_part(store, make):
    from domain.errors import InvalidValueError, NotFoundError

    with pytest.raises(InvalidValueError, match="visit_without_where"):
        store.visits.add(make.visit(), make.actor)
    with pytest.raises(NotFoundError, match="unknown_place"):
        store.visits.add(make.visit(make.id()), make.actor)
    alone = store.visits.add(make.visit(city_part="500119"), make.actor)
    assert (alone.place_id, alone.city_part) == (None, "500119")


def test_the_same_visit_or_change_twice_is_one_and_another_is_refused(store, make):
    from dataclasses import replace

    from domain.errors import NotPermittedError, StaleRevisionError

    record = place(store, make)
    visit, change = make.visit(record.id), make.change(record.id)
    assert store.visits.add(visit, make.actor) == store.visits.add(visit, make.actor)
    assert store.changes.add(change, make.actor) == store.changes.add(change, make.actor)
    assert store.data_version() == 3
    for write in (
        lambda: store.visits.add(replace(visit, outcome="odmitl"), make.actor),
        lambda: store.changes.add(replace(change, change="uzavreni"), make.actor),
    ):
        with pytest.raises(StaleRevisionError):
            write()
    with pytest.raises(NotPermittedError, match="other_organisation"):
        store.visits.add(visit, make.stranger)
    assert store.places.get(record.id).visit_count == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "neregulerni"},
        {"outcome": ""},
        {"form": "x"},
        {"needs": ("do90",)},
        {"barriers": ("neregulerni",)},
        {"contacts": "3"},
        {"languages": ("xx",)},
    ],
)
def test_no_code_that_may_not_stand_on_a_visit_gets_in(store, make, fields):
    from domain.errors import InvalidValueError

    with pytest.raises(InvalidValueError, match=r"term_not_allowed|unknown_language"):
        store.visits.add(make.visit(city_part="500089", **fields), make.actor)
    with pytest.raises(InvalidValueError, match="term_not_allowed"):
        store.changes.add(make.change(place(store, make).id, change="neregulerni"), make.actor)


def test_only_its_author_withdraws_a_visit_or_a_change(store, make):
    from domain.errors import NotPermittedError

    visit, change = visited(store, make), changed(store, make)
    for withdraw in (
        lambda: store.visits.withdraw(visit.id, make.colleague),
        lambda: store.changes.withdraw(change.id, make.colleague),
    ):
        with pytest.raises(NotPermittedError, match="undo_not_own"):
            withdraw()
    store.visits.withdraw(visit.id, make.actor)
    store.changes.withdraw(change.id, make.actor)
    assert store.visits.for_place(visit.place_id) == []
    assert store.changes.for_place(change.place_id) == []
    assert store.places.get(change.place_id).last_change is None
