"""Visits in areas, quick records, notes per quarter; and what no place and no visit may ever carry."""

import dataclasses
from datetime import timedelta

import pytest

from actions.field_notes import area_cell, note_quarter, quarter_notes, record_quickly
from actions.record_place import PersonalDataSuspected, note_change, record_place, visit_again
from domain.errors import AppError, InvalidValueError, NotPermittedError, ProblemsError
from domain.geometry import LonLat
from domain.place import Actor, ChangeDraft, PlaceDraft, VisitDraft
from domain.quick_records import QuarterNoteDraft, QuickKind, QuickRecordDraft, quarter_of, quarters_back
from domain.roles import Clearance, Role
from domain.vocabulary import Scope, vocabularies
from store import LOCAL_ORGANISATION_ID, open_store
from tests.tools.made_up import ACTOR, new_id, record, today
from tests.tools.stored import visits_in

OWN = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
PRAHA_1 = "500054"
FORBIDDEN = sorted(
    {term.code for vocabulary in vocabularies().values() for term in vocabulary.terms if term.scope is Scope.CITY_PART_QUARTER}
    - {
        # The same code also names a target group or a need that a place may carry.
        term.code
        for vocabulary in vocabularies().values() for term in vocabulary.terms if term.scope in {Scope.PLACE, Scope.VISIT}
    }
)  # fmt: skip


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "data")
    yield opened
    assert opened.audit.verify() == []
    opened.close()


def visit_of(**fields):
    return VisitDraft(**({"id": new_id(), "happened_on": today(), "outcome": "nic_nenalezeno"} | fields))


def codes(error):
    return [problem.code for problem in error.value.problems]


# --- never on a place or a visit --------------------------------------------------------------

PLACE_FIELDS = ("kind", "languages", "target_groups", "headcount", "access")
VISIT_FIELDS = ("outcome", "form", "contacts", "languages", "needs", "barriers", "interpreter", "follow_up_service")
LISTS = {"languages", "target_groups", "needs", "barriers"}


def test_the_forbidden_terms_and_the_coded_fields_are_all_of_them():
    assert {"neregulerni", "do90"} <= set(FORBIDDEN)
    free = {"id", "name", "note", "position", "city_part", "place_id", "happened_on", "area", "cell", "follow_up_on"}
    assert {field.name for field in dataclasses.fields(PlaceDraft)} - free == set(PLACE_FIELDS)
    assert {field.name for field in dataclasses.fields(VisitDraft)} - free == set(VISIT_FIELDS)
    assert {field.name for field in dataclasses.fields(ChangeDraft)} - free == {"change"}


@pytest.mark.parametrize("code", FORBIDDEN)
@pytest.mark.parametrize("field", PLACE_FIELDS)
def test_no_field_of_a_place_takes_them(store, field, code):
    value = (code,) if field in LISTS else code
    draft = PlaceDraft(**({"id": new_id(), "kind": "ubytovna", "name": "", "city_part": PRAHA_1} | {field: value}))
    with pytest.raises(ProblemsError, match="term_refused"):
        record_place(store, draft, ACTOR, today=today())
    from domain.place import LocatedPlace

    located = LocatedPlace(draft=draft, city_part=PRAHA_1, admin_district=1, cadastral_area=None)
    with pytest.raises(InvalidValueError, match=r"term_not_allowed|unknown_language"):
        store.places.add(located, ACTOR)
    # An import in bulk passes the same door.
    with pytest.raises(InvalidValueError, match=r"term_not_allowed|unknown_language"):
        store.places.bulk_add([located], ACTOR)
    assert store.places.count() == 0


@pytest.mark.parametrize("code", FORBIDDEN)
@pytest.mark.parametrize("field", VISIT_FIELDS)
def test_no_field_of_a_visit_takes_them(store, field, code):
    value = (code,) if field in LISTS else code
    more = {"follow_up_on": today()} if field == "follow_up_service" else {}
    draft = visit_of(city_part=PRAHA_1, **more, **{field: value})
    with pytest.raises(ProblemsError, match="term_refused"):
        visit_again(store, draft, ACTOR, today=today())
    with pytest.raises(InvalidValueError, match=r"term_not_allowed|unknown_language"):
        store.visits.add(draft, ACTOR)
    assert visits_in(store, PRAHA_1) == []


@pytest.mark.parametrize("code", FORBIDDEN)
def test_no_change_and_no_quick_record_takes_them(store, code):
    place = record(store, 14.41, 50.03)
    change = ChangeDraft(id=new_id(), place_id=place.id, change=code, happened_on=today())
    with pytest.raises(ProblemsError, match="term_refused"):
        note_change(store, change, ACTOR, today=today())
    with pytest.raises(InvalidValueError, match="term_not_allowed"):
        store.changes.add(change, ACTOR)
    quick = QuickRecordDraft(id=new_id(), kind=QuickKind.ACCOMPANIMENT, happened_on=today(), language=code)
    with pytest.raises(AppError):
        record_quickly(store, quick, ACTOR, OWN, today=today())
    with pytest.raises(InvalidValueError):
        store.quick_records.add(quick, ACTOR)


# --- notes per city part and quarter ----------------------------------------------------------


def note(**fields):
    defaults = {"id": new_id(), "city_part": PRAHA_1, "quarter": quarter_of(today()), "vocabulary": "typ_pobytu",
                "code": "neregulerni", "note": "Více dotazů než dřív."}  # fmt: skip
    return QuarterNoteDraft(**(defaults | fields))


def test_they_can_be_noted_per_city_part_and_quarter_by_the_own_organisation(store):
    for vocabulary, code in (("typ_pobytu", "neregulerni"), ("cilova_skupina", "do90")):
        note_quarter(store, note(vocabulary=vocabulary, code=code), ACTOR, OWN, today=today())
    found = quarter_notes(store, PRAHA_1, ACTOR, OWN)
    assert sorted(one.code for one in found) == ["do90", "neregulerni"]
    other = Actor(account_id="x", organisation_id="another")
    assert quarter_notes(store, PRAHA_1, other, Clearance(role=Role.COORDINATOR, organisation_id="another")) == []
    store.quarter_notes.withdraw(found[0].id, ACTOR)
    assert len(quarter_notes(store, PRAHA_1, ACTOR, OWN)) == 1
    with pytest.raises(NotPermittedError):
        store.quarter_notes.withdraw(found[1].id, other)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"quarter": "2026"}, "invalid_quarter"), ({"quarter": "2199-Q1"}, "quarter_in_future"),
        ({"code": "ubytovna"}, "term_refused"), ({"vocabulary": "typ_lokality", "code": "ubytovna"}, "term_refused"),
        ({"vocabulary": "cilova_skupina", "code": "tzz"}, "term_refused"), ({"city_part": "1"}, "unknown_city_part"),
        ({"note": "x" * 501}, "text_too_long"), ({"id": "1"}, "invalid_id"),
    ],
)  # fmt: skip
def test_a_note_that_is_none_is_refused(store, fields, code):
    with pytest.raises(ProblemsError) as caught:
        note_quarter(store, note(**fields), ACTOR, OWN, today=today())
    assert codes(caught) == [code]


def test_a_note_about_a_person_is_asked_about(store):
    with pytest.raises(PersonalDataSuspected):
        note_quarter(store, note(note="pan Novák 777 123 456"), ACTOR, OWN, today=today())
    with pytest.raises(NotPermittedError):
        note_quarter(store, note(), ACTOR, Clearance(role=Role.VIEWER), today=today())


# --- visits in an area, follow-ups ------------------------------------------------------------


def test_three_streets_searched_and_nothing_found(store):
    cell = area_cell(LonLat(lon=14.4378, lat=50.0755))
    draft = visit_of(city_part=PRAHA_1, area=" Dlouhá, Krátká\u200b, Rybná ", cell=cell, interpreter="phone")
    visit = visit_again(store, draft, ACTOR, today=today())
    assert (visit.place_id, visit.area, visit.cell, visit.outcome) == (
        None,
        "Dlouhá, Krátká, Rybná",
        cell,
        "nic_nenalezeno",
    )
    assert visit_again(store, draft, ACTOR, today=today()) == visit
    assert visits_in(store, PRAHA_1) == [visit]


def test_a_follow_up_is_a_day_not_before_the_visit_and_a_service(store):
    for fields, code in (
        ({"follow_up_on": today() - timedelta(days=1)}, "follow_up_before_visit"),
        ({"follow_up_service": "health"}, "follow_up_service_without_date"),
        ({"area": "x" * 201}, "text_too_long"),
    ):
        with pytest.raises(ProblemsError) as caught:
            visit_again(store, visit_of(city_part=PRAHA_1, **fields), ACTOR, today=today())
        assert codes(caught) == [code]
    with pytest.raises(PersonalDataSuspected):
        visit_again(store, visit_of(city_part=PRAHA_1, area="u paní Novákové"), ACTOR, today=today())
    with pytest.raises(InvalidValueError, match="area_cell_unknown"):
        store.visits.add(visit_of(city_part=PRAHA_1, cell="891e3541aa3fff"), ACTOR)


# --- quick records ----------------------------------------------------------------------------


def test_a_quick_record_is_kind_and_language_and_sent_twice_is_one(store):
    place = record(store, 14.41, 50.03)
    draft = QuickRecordDraft(
        id=new_id(), kind=QuickKind.PHONE_INTERPRETING, happened_on=today(), language="vi", place_id=place.id
    )
    first = record_quickly(store, draft, ACTOR, OWN, today=today())
    assert record_quickly(store, draft, ACTOR, OWN, today=today()) == first
    assert (first.city_part, first.kind) == (place.city_part, QuickKind.PHONE_INTERPRETING)
    assert store.places.get(place.id).visit_count == 0
    store.quick_records.withdraw(first.id, ACTOR)
    assert store.quick_records.find(LOCAL_ORGANISATION_ID) == []
    with pytest.raises(ProblemsError, match="date_in_future"):
        record_quickly(
            store,
            dataclasses.replace(draft, id=new_id(), happened_on=today() + timedelta(days=1)),
            ACTOR,
            OWN,
            today=today(),
        )
    with pytest.raises(NotPermittedError):
        record_quickly(store, draft, ACTOR, Clearance(role=Role.PARTICIPANT), today=today())


def test_quarters_go_back():
    assert quarters_back(today(), 8)[0] == quarter_of(today())
    assert len(set(quarters_back(today(), 8))) == 8
