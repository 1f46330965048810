"""Recording a place: every problem at once, two questions, and nothing that must not be stored."""

from dataclasses import replace
from datetime import date

import pytest
import uuid_utils

from actions.record_place import (
    PersonalDataSuspected,
    PossibleDuplicates,
    correct_place,
    note_change,
    record_place,
    set_place_state,
    undo_change,
    undo_record,
    undo_visit,
    visit_again,
)
from actions.validate import clean_text, suspected_personal_data
from domain.errors import NotFoundError, ProblemsError, StaleRevisionError
from domain.geometry import LonLat
from domain.place import Actor, ChangeDraft, PlaceDraft, PlaceState, VisitDraft
from domain.text import Language
from domain.vocabulary import Scope, vocabularies
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store
from tests.tools.stored import visits_in
from ui.localisation import Messages

TODAY = date(2026, 10, 1)
ACTOR = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
STRANGER = Actor(account_id="stranger", organisation_id="another-organisation")
HERE = LonLat(lon=14.4378, lat=50.0755)
HOSTILE = "<script>alert(1)</script> ${x} `y` \"'; DROP TABLE places; -- Львів Đà Nẵng مرحبا"


def new_id():
    return str(uuid_utils.uuid7())


def draft(**fields):
    return PlaceDraft(**({"id": new_id(), "kind": "ubytovna", "name": "Ubytovna", "position": HERE} | fields))


def visit(**fields):
    return VisitDraft(**({"id": new_id(), "happened_on": TODAY, "outcome": "nikdo"} | fields))


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "data")
    yield opened
    opened.close()


def problems_of(call):
    with pytest.raises(ProblemsError) as caught:
        call()
    assert caught.value.code == "invalid_record"
    for language in Language:
        messages = Messages(language)
        for problem in caught.value.problems:
            assert messages.has(f"error-{problem.code.replace('_', '-')}"), problem.code
            assert "{" not in messages.problem(problem)
    return {(problem.code, problem.field) for problem in caught.value.problems}


def record(store, place, **options):
    return record_place(store, place, ACTOR, today=TODAY, **options)


def test_a_place_is_located_and_stored(store):
    stored = record(store, draft(), visit=visit(needs=("cestina",)))
    assert (stored.city_part, stored.admin_district, stored.cadastral_area) == ("500089", 2, "727164")
    assert (stored.visit_count, stored.last_outcome) == (1, "nikdo")


def test_three_taps_are_enough(store):
    assert record(store, draft(name="")).name == ""


def test_a_place_known_only_by_its_city_part_has_no_point(store):
    stored = record(store, draft(position=None, city_part="547158"))
    assert (stored.position, stored.city_part, stored.admin_district) == (None, "547158", 6)


def test_the_position_decides_about_the_city_part(store):
    assert record(store, draft(city_part="547158")).city_part == "500089"


def test_every_problem_comes_at_once(store):
    bad = draft(
        id="x", kind="", name="a" * 121, note="b" * 2001 + "\x07", position=LonLat(lon=14.0, lat=50.0),
        target_groups=("neregulerni",), headcount="7", access="?", languages=("xx",),
    )  # fmt: skip
    bad_visit = visit(outcome="", happened_on=date(2026, 10, 2), needs=("do90",), contacts="x", form="y", note="\x00")
    assert problems_of(lambda: record(store, bad, visit=bad_visit)) == {
        ("invalid_id", "id"), ("kind_missing", "kind"), ("text_too_long", "name"), ("text_too_long", "note"),
        ("control_characters", "note"), ("outside_prague", "position"), ("term_refused", "target_groups"),
        ("term_refused", "headcount"), ("term_refused", "access"), ("term_refused", "languages"),
        ("outcome_missing", "outcome"), ("date_in_future", "happened_on"), ("term_refused", "needs"),
        ("term_refused", "contacts"), ("term_refused", "form"), ("control_characters", "visit_note"),
    }  # fmt: skip
    assert store.places.count() == 0
    assert store.data_version() == 0


def test_outside_prague_says_how_far_and_from_what(store):
    with pytest.raises(ProblemsError) as caught:
        record(store, draft(position=LonLat(lon=14.67, lat=50.18)))
    (problem,) = caught.value.problems
    assert (problem.value, problem.limit) == ("6", "Praha-Vinoř")
    assert "do 6\u00a0km" in Messages(Language.CS).problem(problem)


def test_a_place_needs_a_where(store):
    assert problems_of(lambda: record(store, draft(position=None))) == {("where_missing", "position")}
    assert problems_of(lambda: record(store, draft(position=None, city_part="1"))) == {
        ("unknown_city_part", "city_part")
    }


@pytest.mark.parametrize("name", ["", "  ", "\u200b\ufeff", "\u200d", "\u0301"])
def test_another_kind_needs_words_that_can_be_seen(store, name):
    assert problems_of(lambda: record(store, draft(kind="jina", name=name))) == {("name_missing", "name")}


def test_lengths_are_counted_after_tidying(store):
    assert record(store, draft(name=f"  {'a' * 120}\u200b ")).name == "a" * 120
    assert problems_of(lambda: record(store, draft(name="a" * 121))) == {("text_too_long", "name")}
    decomposed = "e\u0301" * 120
    assert record(store, draft(name=decomposed), accept_duplicates=True).name == "é" * 120


@pytest.mark.parametrize(
    "bad", ["\x00", "\x07", "\x1b[31m", "\x85", "\u202e", "\u2066", "\u200f", "\u2028", "\ud800", "\U000e0041"]
)
def test_control_characters_and_overrides_are_refused(store, bad):
    assert problems_of(lambda: record(store, draft(name=f"a{bad}b"))) == {("control_characters", "name")}
    assert problems_of(lambda: record(store, draft(note=f"a{bad}b"))) == {("control_characters", "note")}


def test_lines_belong_into_a_note_not_into_a_name(store):
    assert record(store, draft(note="a\r\nb\tc")).note == "a\nb\tc"
    assert problems_of(lambda: record(store, draft(name="a\nb"))) == {("control_characters", "name")}


def test_hostile_text_and_every_script_are_stored_as_typed(store):
    stored = record(store, draft(name=HOSTILE[:120], note=HOSTILE), accept_personal=True)
    assert (stored.name, stored.note) == (HOSTILE[:120].strip(), HOSTILE)
    assert store.places.get(stored.id).note == HOSTILE


@pytest.mark.parametrize(
    "bad", ["", "1", "not-a-uuid", "9f0a1f2e-5b1c-4d7e-8f7a-0a1b2c3d4e5f", "01920F3B-8A6C-7D1E-9B2A-3C4D5E6F7A8B"]
)
def test_only_ids_made_by_a_form_are_taken(store, bad):
    assert problems_of(lambda: record(store, draft(id=bad))) == {("invalid_id", "id")}


@pytest.mark.parametrize(("day", "code"), [(date(2026, 10, 2), "date_in_future"), (date(1999, 12, 31), "date_too_old")])
def test_a_visit_happened_between_2000_and_today(store, day, code):
    assert problems_of(lambda: record(store, draft(), visit=visit(happened_on=day))) == {(code, "happened_on")}
    for good in (date(2000, 1, 1), TODAY):
        record(store, draft(), visit=visit(happened_on=good), accept_duplicates=True)


def test_needs_and_barriers_come_only_with_an_outcome(store):
    bad = visit(outcome="", needs=("cestina",), barriers=("jazyk",))
    assert problems_of(lambda: record(store, draft(), visit=bad)) == {("outcome_missing", "outcome")}


def forbidden(*scopes):
    """Return (vocabulary, code) of every term that may not stand on any of `scopes`."""
    return [
        (name, term.code)
        for name, vocabulary in vocabularies().items()
        for term in vocabulary.terms
        if term.scope not in scopes
    ]


def test_no_term_of_another_scope_can_be_stored_on_a_place_or_a_visit(store):
    """Every code of a scope other than place or visit, tried in every field that takes codes."""
    codes = {code for _, code in forbidden(Scope.PLACE, Scope.VISIT)}
    allowed = {
        term.code for v in vocabularies().values() for term in v.terms if term.scope in (Scope.PLACE, Scope.VISIT)
    }
    codes -= allowed
    assert {"neregulerni", "do90", "prechodny"} <= codes
    place_fields = {"kind": str, "target_groups": tuple, "headcount": str, "access": str, "languages": tuple}
    visit_fields = {"outcome": str, "form": str, "contacts": str, "needs": tuple, "barriers": tuple, "languages": tuple}
    for code in sorted(codes):
        for field, kind in place_fields.items():
            bad = draft(**{field: (code,) if kind is tuple else code})
            assert ("term_refused", field) in problems_of(lambda bad=bad: record(store, bad)), (field, code)
        for field, kind in visit_fields.items():
            bad_visit = visit(**{field: (code,) if kind is tuple else code}, city_part="500089")
            found = problems_of(lambda b=bad_visit: visit_again(store, b, ACTOR, today=TODAY))
            assert ("term_refused", field) in found, (field, code)
    assert store.data_version() == 0


def test_a_near_place_of_the_same_kind_is_offered_first(store):
    first = record(store, draft())
    near = draft(position=LonLat(lon=HERE.lon, lat=HERE.lat + 0.0005))
    with pytest.raises(PossibleDuplicates) as caught:
        record(store, near)
    ((found, distance),) = caught.value.places
    assert (found.id, round(distance)) == (first.id, 56)
    assert store.places.count() == 1
    assert record(store, near, accept_duplicates=True).id == near.id
    assert store.places.count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "obchod"},
        {"position": LonLat(lon=HERE.lon, lat=HERE.lat + 0.0008)},
        {"position": None, "city_part": "500089"},
    ],
)
def test_another_kind_or_farther_away_is_no_duplicate(store, fields):
    record(store, draft())
    record(store, draft(**fields))
    assert store.places.count() == 2


def test_another_organisation_s_place_is_never_mentioned(store):
    record(store, draft())
    record_place(store, draft(), STRANGER, today=TODAY)
    assert store.places.count() == 2


def test_the_same_draft_sent_twice_asks_nothing_and_is_one(store):
    place, its_visit = draft(note="recepce 222 333 444"), visit()
    options = {"visit": its_visit, "accept_personal": True, "accept_duplicates": True}
    first = record(store, place, **options)
    assert record(store, place, visit=its_visit) == first
    assert store.data_version() == 1


PERSONAL = [
    "volejte 777 123 456", "777123456", "+420 777 123 456", "00420777123456", "+380 (67) 123-45-67", "067 123 45 67",
    "jan.novak@example.cz", "855101/1234", "8551011205", "Ing. Nováková", "pan Nguyen", "paní Ковальчук", "пан Шевченко",
    "MUDr. Svoboda", "Mrs. Smith", "７７７ １２３ ４５６", "777\u00a0123\u00a0456",
]  # fmt: skip
HARMLESS = [
    "Ubytovna Háje, 3. patro", "PSČ 140 00 Praha 4", "kapacita 1200 lůžek", "IČO 27082440", "8551011231", "od 8:00 do 16:30", "linky 136, 170 a 213",
    "pan", "panelový dům Prosek", "2018 až 2026", "Prefa Praha", "č. p. 1234/56", "10. 4. 2018", "Drutěva", "500 m od metra",
]  # fmt: skip


@pytest.mark.parametrize("text", PERSONAL)
def test_what_looks_personal_is_asked_about(store, text):
    for place, its_visit in ((draft(name=text), None), (draft(note=text), None), (draft(), visit(note=text))):
        with pytest.raises(PersonalDataSuspected) as caught:
            record(store, place, visit=its_visit)
        assert caught.value.found
        assert store.places.count() == 0


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_texts_are_not_asked_about(text):
    assert suspected_personal_data({"note": text}) == ()


def test_problems_come_before_questions(store):
    problems_of(lambda: record(store, draft(kind="", note="777 123 456")))


def test_a_correction_is_checked_like_a_new_place(store):
    stored = record(store, draft(note="777 123 456"), accept_personal=True)
    bad = draft(id=stored.id, kind="neregulerni", name="\x00")
    call = lambda d, **o: correct_place(store, d, ACTOR, revision=stored.revision, today=TODAY, **o)  # noqa: E731
    assert problems_of(lambda: call(bad)) == {("term_refused", "kind"), ("control_characters", "name")}
    assert problems_of(lambda: call(draft(id=stored.id), reason="a" * 201)) == {("text_too_long", "reason")}
    with pytest.raises(PersonalDataSuspected) as caught:
        call(draft(id=stored.id, note="777 123 456 nebo a@b.cz"))
    assert caught.value.found == ("a@b.cz",)
    corrected = call(draft(id=stored.id, name="Nový název", note="777 123 456"), reason="překlep")
    assert (corrected.revision, corrected.name) == (2, "Nový název")
    with pytest.raises(StaleRevisionError):
        call(draft(id=stored.id, name="Ještě jiný", note=""))
    with pytest.raises(NotFoundError):
        call(draft())


def test_a_place_can_be_moved_into_another_city_part(store):
    stored = record(store, draft())
    moved = correct_place(
        store, draft(id=stored.id, position=LonLat(lon=14.5, lat=50.03)), ACTOR, revision=1, today=TODAY
    )
    assert moved.city_part != stored.city_part
    assert store.places.verify_cells() == []


def test_visits_changes_and_states_are_checked_and_stored(store):
    stored = record(store, draft())
    again = visit_again(store, visit(place_id=stored.id, note="  v pořádku "), ACTOR, today=TODAY)
    assert (again.note, again.city_part) == ("v pořádku", "500089")
    alone = visit_again(store, visit(city_part="547158"), ACTOR, today=TODAY)
    assert (alone.place_id, alone.city_part) == (None, "547158")
    change = ChangeDraft(id=new_id(), place_id=stored.id, change="uzavreni", happened_on=TODAY)
    assert note_change(store, change, ACTOR, today=TODAY).change == "uzavreni"
    closed = set_place_state(store, stored.id, PlaceState.CLOSED, ACTOR, revision=1, reason="zavřeno")
    assert closed.state == PlaceState.CLOSED
    assert problems_of(lambda: visit_again(store, visit(), ACTOR, today=TODAY)) == {("where_missing", "city_part")}
    bad = visit(city_part="1", happened_on=date(2030, 1, 1))
    assert problems_of(lambda: visit_again(store, bad, ACTOR, today=TODAY)) == {
        ("unknown_city_part", "city_part"), ("date_in_future", "happened_on"),
    }  # fmt: skip
    bad_change = replace(change, id="x", change="neregulerni", happened_on=date(2030, 1, 1), note="\x00")
    assert problems_of(lambda: note_change(store, bad_change, ACTOR, today=TODAY)) == {
        ("invalid_id", "id"), ("term_refused", "change"), ("date_in_future", "happened_on"), ("control_characters", "note"),
    }  # fmt: skip
    assert problems_of(
        lambda: set_place_state(store, stored.id, PlaceState.CLOSED, ACTOR, revision=2, reason="\x00")
    ) == {("control_characters", "reason")}
    for call in (
        lambda: visit_again(store, visit(place_id=stored.id, note="777 123 456"), ACTOR, today=TODAY),
        lambda: note_change(store, replace(change, id=new_id(), note="777 123 456"), ACTOR, today=TODAY),
    ):
        with pytest.raises(PersonalDataSuspected):
            call()


def test_back_takes_away_what_was_just_recorded(store):
    stored = record(store, draft(), visit=visit())
    undone = undo_record(store, stored.id, ACTOR, revision=stored.revision)
    assert undone.state == PlaceState.REJECTED
    assert store.places.count() == 0
    record(store, draft())
    again = visit_again(store, visit(city_part="500089"), ACTOR, today=TODAY)
    undo_visit(store, again.id, ACTOR)
    assert visits_in(store, "500089") == []
    (place,) = store.places.find()
    change = note_change(
        store, ChangeDraft(id=new_id(), place_id=place.id, change="nabor", happened_on=TODAY), ACTOR, today=TODAY
    )
    undo_change(store, change.id, ACTOR)
    assert store.changes.for_place(place.id) == []


def test_codes_given_twice_are_kept_once(store):
    stored = record(store, draft(languages=("uk", "vi", "uk"), target_groups=("tzz", "tzz")))
    assert (stored.languages, stored.target_groups) == (("uk", "vi"), ("tzz",))


def test_tidying_a_text_twice_is_tidying_it_once():
    for text in (HOSTILE, " a\r\nb ", "e\u0301\u200b", "\ufeff"):
        assert clean_text(clean_text(text)) == clean_text(text)


def test_every_question_has_a_sentence_in_three_languages(store):
    errors = [PersonalDataSuspected(["777 123 456"]), PossibleDuplicates([]), PossibleDuplicates([1] * 3)]
    for language in Language:
        for error in errors:
            sentence = Messages(language).error(error)
            assert error.code not in sentence
            assert "{" not in sentence
