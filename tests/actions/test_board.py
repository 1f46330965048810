"""The board over a real store: cold start, bad input, other organisations, past days, and reading visits in bulk."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import uuid_utils

import actions.board as board_module
from actions.board import BoardRow, NeedChoice, Tab, WriteRow, make_board, need_choices, parse_need
from actions.board_model import Level
from actions.board_reader import BoardView, StoreBoardReader, parse_view, write_class
from actions.board_rows import knowledge_level, need_levels
from actions.plans import declare_coverage
from actions.town_hall_contact import contact_history, note_contact, withdraw_contact
from domain.contacts import ContactDraft
from domain.coverage import (
    DEFAULT_SETTINGS,
    ContactBand,
    CoverageSettings,
    CoverageState,
    DeclaredCoverage,
    FringeSettings,
    LeftOutReason,
    NeedKind,
    ShareBand,
    StatedBy,
)
from domain.errors import InvalidValueError, NotPermittedError, ProblemsError
from domain.geometry import LonLat
from domain.place import LocatedPlace, PlaceDraft
from domain.roles import Clearance, Role
from geo.boundaries import boundaries
from geo.cells import cells_of_city_part
from geo.figures import load_figure_tables
from geo.locate import locate
from store import LOCAL_ORGANISATION_ID, open_store
from store.visit_columns import read_visits
from tests.tools.made_up import ACTOR
from tests.tools.visit_rows import write_visits

TODAY = date(2026, 10, 1)
OWN = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
NEBUSICE, PRAHA_4, PRAHA_1, SUCHDOL = "547158", "500119", "500054", "547271"


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "data", clock=lambda: datetime(2026, 10, 1, 8, tzinfo=UTC))
    yield opened
    opened.close()


def add_visits(store, rows):
    """Write visits as they might come from elsewhere, past what the forms would refuse."""
    base = {
        "place_id": None, "organisation_id": LOCAL_ORGANISATION_ID, "happened_on": TODAY, "outcome": "informovan",
        "form": "prima", "contacts": None, "languages": (), "needs": (), "barriers": (), "note": "",
        "created_at": datetime(2026, 10, 1, 8, tzinfo=UTC), "created_by": "x", "revision": 1, "withdrawn": False,
    }  # fmt: skip
    write_visits(store, [base | row for row in rows], ACTOR)


def add_place(store, code, number=0, actor=ACTOR):
    """Record a place in a cell of a city part; return its id."""
    cell = cells_of_city_part(code, 9).iloc[number]
    position = LonLat(lon=float(cell["lon"]), lat=float(cell["lat"]))
    found = locate(position)
    draft = PlaceDraft(id=str(uuid_utils.uuid7()), kind="ubytovna", name="", position=position)
    store.places.bulk_add(
        [LocatedPlace(draft=draft, city_part=code, admin_district=1, cadastral_area=found.cadastral_area)], actor
    )
    return draft.id


def spread(store, codes, cells):
    """One visit this month in each of some cells of each city part."""
    for code in codes:
        ids = [add_place(store, code, number) for number in range(cells)]
        add_visits(store, [{"city_part": code, "place_id": place} for place in ids])


def board_of(store, **more):
    return make_board(store, OWN, today=TODAY, **more)


def test_a_cold_start_sorts_by_need_and_answer_and_says_nothing_of_anybody(store):
    board = board_of(store)
    assert board.cold_start
    assert len(board.rows) == 57
    assert {row.state for row in board.rows.values()} == {CoverageState.CANNOT_TELL}
    assert {row.certainty for row in board.rows.values()} == {0.0}
    assert {row.sentence.key for row in board.rows.values()} == {"board-says-cold-unseen"}
    order = [(row.need.level, row.answer.level) for row in board.rows.values()]
    ranks = {Level.HIGH: 0, Level.MIDDLE: 1, Level.LOW: 2}
    by_need_and_answer = [(ranks[need], 2 - ranks[answer]) for need, answer in order]
    assert by_need_and_answer == sorted(by_need_and_answer)
    assert len({need for need, _ in order}) == 3
    assert board.next_three == tuple(board.rows)[:3]
    assert board.joint_sentence is None
    # Nobody stated that there is no contact, so nobody is to be written to.
    assert ContactBand.NONE not in {row.contact for row in board.write_rows.values()}
    assert not any(row.write for row in board.write_rows.values())


def test_white_spots_come_first_and_a_small_city_part_is_never_lost(store):
    known = ["500089", "500097", "500143", "500178", "500208", "500186"]
    spread(store, known, 12)
    board = board_of(store)
    assert not board.cold_start
    assert board.rows[PRAHA_4].state is CoverageState.WHITE_SPOT
    assert board.next_three[0] == PRAHA_4
    assert board.rows[PRAHA_4].certainty > 0.8
    assert board.rows[PRAHA_4].sentence.key == "board-says-white-spot-unseen"
    assert board.rows[NEBUSICE].state is CoverageState.CANNOT_TELL
    assert NEBUSICE in board.joint.codes
    assert board.small is not None
    assert board.small not in board.next_three
    assert board.rows[board.small].state is CoverageState.CANNOT_TELL
    states = [row.state for row in board.rows.values()]
    first = states.index(CoverageState.CANNOT_TELL)
    assert set(states[:first]) <= {CoverageState.WHITE_SPOT, CoverageState.PROBABLE}
    gaps = [row.people_in_gap for row in board.rows.values() if row.state is CoverageState.WHITE_SPOT]
    assert gaps == sorted(gaps, reverse=True)
    assert not set(board.next_three) & set(known)


def test_ten_thousand_visits_of_one_organisation_in_one_city_part(store):
    place = add_place(store, PRAHA_1)
    add_visits(store, [{"city_part": PRAHA_1, "place_id": place, "organisation_id": "busy"} for _ in range(10_000)])
    board = board_of(store)
    row = board.rows[PRAHA_1]
    assert (row.knowledge.visits, row.knowledge.visited_cells, row.knowledge.organisations) == (10_000, 1, 1)
    # One cell in one month is one, however many visits.
    assert row.knowledge.observed == 1.0
    assert board.cold_start
    assert row.sentence.key == "board-says-cold-seen"


def test_what_cannot_be_counted_is_left_out_and_said(store):
    add_visits(
        store,
        [
            {"city_part": PRAHA_1, "happened_on": TODAY + timedelta(days=400)},
            {"city_part": PRAHA_1, "happened_on": date(1926, 1, 1)},
            {"city_part": "999999"},
            {"city_part": PRAHA_1},
            {"city_part": PRAHA_1, "withdrawn": True},
        ],
    )
    board = board_of(store)
    found = {item.reason: item.total for item in board.left_out}
    assert found == {
        LeftOutReason.FUTURE: 1, LeftOutReason.BEFORE_2000: 1, LeftOutReason.UNKNOWN_CITY_PART: 1,
    }  # fmt: skip
    assert board.rows[PRAHA_1].knowledge.visits == 1


def own_table(monkeypatch, change):
    """Offer an imported table: foreigners as bundled, spoilt by `change`."""
    table = load_figure_tables()["foreigners_2019"]
    values = table.values.copy().astype(object)
    change(values)
    spoilt = replace(table, info=replace(table.info, id="mine", imported=True))
    object.__setattr__(spoilt, "values", values)
    monkeypatch.setattr(board_module, "figure_tables_from_store", lambda _store: {"mine": spoilt})
    return NeedChoice(kind=NeedKind.OWN, dataset="mine", column=table.main_column)


def test_a_spoilt_table_as_need_still_gives_a_board(store, monkeypatch):
    main = load_figure_tables()["foreigners_2019"].main_column

    def spoil(values):
        values.loc[PRAHA_4, main] = None
        values.loc[PRAHA_1, main] = -5
        values.loc[NEBUSICE, main] = "asi tisíc"
        values.loc[SUCHDOL, main] = 0

    choice = own_table(monkeypatch, spoil)
    assert choice in need_choices(store)
    assert parse_need(choice.value, store) == choice
    board = board_of(store, need=choice)
    assert {(item.reason, item.examples) for item in board.left_out} == {
        (LeftOutReason.NEED_MISSING, (PRAHA_4,)), (LeftOutReason.NEED_NEGATIVE, (PRAHA_1,)),
        (LeftOutReason.NEED_NOT_A_NUMBER, (NEBUSICE,)), (LeftOutReason.NEED_ZERO, (SUCHDOL,)),
    }  # fmt: skip
    without = list(board.rows.values())[-4:]
    assert {row.code for row in without} == {PRAHA_4, PRAHA_1, NEBUSICE, SUCHDOL}
    assert {row.sentence.key for row in without} == {"board-says-no-need"}
    assert not {row.code for row in without} & set(board.next_three)


def test_a_table_without_any_usable_number_gives_an_empty_order(store, monkeypatch):
    main = load_figure_tables()["foreigners_2019"].main_column
    choice = own_table(monkeypatch, lambda values: values.__setitem__(main, 0))
    board = board_of(store, need=choice)
    assert len(board.rows) == 57
    assert board.next_three == ()


def test_others_visits_count_and_others_places_do_not(store):
    place = add_place(store, PRAHA_1)
    add_visits(store, [{"city_part": PRAHA_1, "place_id": place, "organisation_id": "somebody-else"}])
    theirs = make_board(store, Clearance(role=Role.COORDINATOR, organisation_id="third"), today=TODAY)
    assert theirs.rows[PRAHA_1].knowledge.visits == 1
    assert theirs.rows[PRAHA_1].knowledge.places == 0
    assert board_of(store).rows[PRAHA_1].knowledge.places == 1


def test_the_past_knows_only_what_was_recorded_then(store):
    old = datetime(2026, 3, 1, 12, tzinfo=UTC)
    add_visits(
        store,
        [
            {"city_part": PRAHA_1, "happened_on": date(2026, 2, 1), "created_at": old},
            {"city_part": PRAHA_1, "happened_on": date(2026, 2, 1)},  # noted down in October
            {"city_part": PRAHA_1, "happened_on": date(2026, 9, 1)},
        ],
    )
    assert board_of(store).rows[PRAHA_1].knowledge.visits == 3
    assert board_of(store, as_of=date(2026, 3, 1)).rows[PRAHA_1].knowledge.visits == 1
    assert board_of(store, as_of=date(2026, 2, 27)).rows[PRAHA_1].knowledge.visits == 0
    with pytest.raises(InvalidValueError, match="as_of_in_future"):
        board_of(store, as_of=TODAY + timedelta(days=1))


def test_who_sees_no_places_sees_no_board(store):
    with pytest.raises(NotPermittedError):
        make_board(store, Clearance(role=Role.VIEWER), today=TODAY)


def test_the_same_question_is_answered_once_and_anew_after_a_change(store):
    first = board_of(store)
    assert board_of(store) is first
    assert board_of(store, settings=CoverageSettings(half_life_months=6)) is not first
    add_visits(store, [{"city_part": PRAHA_1}])
    after = board_of(store)
    assert after.rows[PRAHA_1].knowledge.visits == 1
    assert first.rows[PRAHA_1].knowledge.visits == 0
    other = make_board(store, replace(OWN, organisation_id="other"), today=TODAY)
    assert other is not after


def test_whom_to_write_to_uses_the_share_over_citizens_alone(store):
    board = board_of(store)
    rows = board.write_rows
    assert round(rows[NEBUSICE].share_pct, 1) == 48.0
    assert rows[SUCHDOL].band is ShareBand.JUST_BELOW
    assert rows[SUCHDOL].sentence.key == "board-write-just-below"
    assert sum(row.band is ShareBand.ABOVE for row in rows.values()) == 17
    asked = [row.code for row in rows.values() if row.ask]
    assert list(rows)[: len(asked)] == asked
    assert all(row.contact is ContactBand.NOT_STATED for row in rows.values() if row.ask)
    strict = board_of(store, fringe=FringeSettings(threshold_pct=40))
    assert [code for code, row in strict.write_rows.items() if row.band is ShareBand.ABOVE] == [NEBUSICE]
    assert not any("share" in field.name for field in fields(BoardRow))
    assert not {"need", "people_in_gap", "certainty"} & {field.name for field in fields(WriteRow)}


def contact(store, status, day, city_part=NEBUSICE, actor=ACTOR):
    """Note a contact as a person would on the store's day."""
    draft = ContactDraft(id=str(uuid_utils.uuid7()), city_part=city_part, status=status, happened_on=day)
    return note_contact(store, draft, actor, today=TODAY)


def test_nobody_wrote_yet_then_written_then_in_contact(store):
    """ICP published a contact with Nebušice; an organisation that has none says so, and then writes."""
    assert board_of(store).write_rows[NEBUSICE].contact is ContactBand.IN_CONTACT
    contact(store, "zadna", date(2026, 9, 1))
    row = board_of(store).write_rows[NEBUSICE]
    assert (row.write, row.sentence.key, row.contact_on) == (True, "board-write-above-none-on", date(2026, 9, 1))
    assert next(iter(board_of(store).write_rows)) == NEBUSICE
    letter = contact(store, "osloveno", date(2026, 9, 20))
    row = board_of(store).write_rows[NEBUSICE]
    assert (row.write, row.contact, write_class(row)) == (False, ContactBand.APPROACHED, "approached")
    contact(store, "schuzka", TODAY)
    board = board_of(store)
    assert board.write_rows[NEBUSICE].contact is ContactBand.IN_CONTACT
    assert board.rows[NEBUSICE].answer.stated_by is StatedBy.OWN
    # Another organisation hears of the meeting, and its own row does not say that it wrote.
    other = make_board(store, replace(OWN, organisation_id="other"), today=TODAY).rows[NEBUSICE].answer
    assert (other.stated_by, other.contact) == (StatedBy.OTHERS, ContactBand.IN_CONTACT)
    withdraw_contact(store, letter.id, ACTOR)
    assert [note.status for note in contact_history(store, NEBUSICE, as_of=TODAY)] == ["schuzka", "zadna"]


def test_a_long_past_contact_is_written_to_again_and_the_threshold_is_a_setting(store):
    contact(store, "schuzka", date(2024, 9, 1))
    row = board_of(store).write_rows[NEBUSICE]
    assert (row.write, row.sentence.key) == (True, "board-write-above-long-past-on")
    assert not board_of(store, fringe=FringeSettings(long_past_months=60)).write_rows[NEBUSICE].write


def test_whom_to_write_to_has_a_past(tmp_path):
    now = [datetime(2026, 3, 1, 12, tzinfo=UTC)]
    store = open_store(tmp_path / "data", clock=lambda: now[0])
    try:
        contact(store, "zadna", date(2026, 3, 1))
        now[0] = datetime(2026, 9, 1, 12, tzinfo=UTC)
        contact(store, "osloveno", date(2026, 5, 1))
        states = {
            day: board_of(store, as_of=day).write_rows[NEBUSICE].contact
            for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 1), date(2026, 9, 1))
        }
        # Written on 1 May, but nobody knew before 1 September.
        assert list(states.values()) == [
            ContactBand.IN_CONTACT, ContactBand.NONE, ContactBand.NONE, ContactBand.APPROACHED,
        ]  # fmt: skip
    finally:
        store.close()


def test_what_makes_no_sense_is_refused_with_every_problem(store):
    draft = ContactDraft(id="x", city_part="999", status="neuvedeno", happened_on=date(1999, 1, 1))
    with pytest.raises(ProblemsError) as refused:
        note_contact(store, draft, ACTOR, today=TODAY)
    assert {problem.code for problem in refused.value.problems} == {
        "invalid_id", "unknown_city_part", "term_refused", "date_too_old",
    }  # fmt: skip
    with pytest.raises(ProblemsError):
        contact(store, "osloveno", TODAY + timedelta(days=1))
    assert store.town_hall_contacts.all() == []


def test_declared_coverage_stands_beside_visits_and_never_counts_as_one(store):
    since, until = date(2026, 6, 1), date(2026, 9, 30)
    own = DeclaredCoverage(
        id=str(uuid_utils.uuid7()), organisation_id=LOCAL_ORGANISATION_ID, city_part=PRAHA_1, since=since, until=until
    )
    declare_coverage(store, own, ACTOR)
    lens = board_of(store, as_of=until).rows[PRAHA_1].knowledge
    assert (lens.declared, lens.visits, lens.observed) == ((LOCAL_ORGANISATION_ID,), 0, 0.0)
    assert board_of(store).rows[PRAHA_1].knowledge.declared == ()
    store.declared_coverage.withdraw(own.id, ACTOR)
    assert board_of(store, as_of=until).rows[PRAHA_1].knowledge.declared == ()


@pytest.mark.parametrize(
    "kind", [NeedKind.FOREIGNERS, NeedKind.TEMPORARY_PROTECTION, NeedKind.RESIDENTS, NeedKind.EQUAL]
)
def test_the_need_can_be_switched(store, kind):
    spread(store, [PRAHA_1], 10)
    board = board_of(store, need=NeedChoice(kind=kind))
    assert board.need.kind is kind
    assert (board.need_info is None) == (kind is NeedKind.EQUAL)
    assert {row.need.level for row in board.rows.values()} == (
        {Level.MIDDLE} if kind is NeedKind.EQUAL else {Level.LOW, Level.MIDDLE, Level.HIGH}
    )
    numbers = pd.DataFrame([[row.certainty, row.p_low, row.people_in_gap] for row in board.rows.values()])
    assert np.isfinite(numbers.to_numpy()).all()


def test_an_unknown_need_is_refused(store):
    with pytest.raises(InvalidValueError, match="unknown_choice"):
        parse_need("own:gone:column", store)


def test_levels_say_where_a_city_part_stands_in_one_lens():
    assert need_levels(pd.Series({"a": 3.0, "b": 3.0})) == {"a": Level.MIDDLE, "b": Level.MIDDLE}
    assert need_levels(pd.Series(dtype=float)) == {}
    at = DEFAULT_SETTINGS
    assert knowledge_level(0, 0.0, 5.0, at) is Level.LOW
    assert knowledge_level(3, 2.0, 5.0, at) is Level.LOW
    assert knowledge_level(3, 3.0, 5.0, at) is Level.MIDDLE
    assert knowledge_level(9, 6.0, 5.0, at) is Level.HIGH


def test_cells_show_the_own_organisation_only(store):
    mine, theirs = add_place(store, PRAHA_1, 0), add_place(store, PRAHA_1, 1)
    own, others = "nikdo", "bez_pristupu"
    add_visits(store, [{"city_part": PRAHA_1, "place_id": mine, "outcome": own}])
    add_visits(store, [{"city_part": PRAHA_1, "place_id": theirs, "outcome": others, "organisation_id": "b"}])
    reader = StoreBoardReader(store, today=lambda: TODAY)
    seen = reader.cells(city_part=PRAHA_1, view="", clearance=replace(OWN, organisation_id="b"))
    assert seen["state"].value_counts().to_dict() == {"never": 52, "no_access": 1}
    assert seen["places"].sum() == 0
    assert reader.cells(city_part=PRAHA_1, view="", clearance=OWN)["places"].sum() == 2
    with pytest.raises(NotPermittedError):
        reader.cells(city_part=PRAHA_1, view="", clearance=Clearance(role=Role.VIEWER))


def test_a_view_is_told_by_its_name_alone(store):
    """Any process can read it, and one that was started since."""
    reader = StoreBoardReader(store, today=lambda: TODAY)
    view = BoardView(
        settings=CoverageSettings(half_life_months=5.5, dispersion_steps=60), fringe=FringeSettings(long_past_months=6),
        as_of=date(2026, 1, 1),
    )  # fmt: skip
    assert (BoardView().name, parse_view("")) == ("", BoardView())
    assert view.name == "half_life_months:5.5;dispersion_steps:60;long_past_months:6;as_of:2026-01-01"
    assert parse_view(view.name) == view
    assert reader.choices().is_view(view.name)
    assert len(reader.city_parts(tab=Tab.GO, need="equal", view=view.name, clearance=OWN)) == 57


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x", "unknown_choice"), ("x:1", "unknown_choice"), ("half_life_months:12.0", "unknown_choice"),
        ("half_life_months:6", "unknown_choice"), ("half_life_months:nan", "invalid_coverage_setting"),
        ("half_life_months:-1.0", "invalid_coverage_setting"), ("dispersion_steps:6.5", "unknown_choice"),
        ("dispersion_steps:1000000000", "invalid_coverage_setting"), ("as_of:1999-12-31", "unknown_choice"),
        ("as_of:2026-01-01;half_life_months:6.0", "unknown_choice"), ("half_life_months:6.0;" * 100, "unknown_choice"),
        ("__class__:1", "unknown_choice"),
    ],
)  # fmt: skip
def test_a_text_that_names_no_view_is_refused(store, name, code):
    reader = StoreBoardReader(store, today=lambda: TODAY)
    assert not reader.choices().is_view(name)
    with pytest.raises(InvalidValueError, match=code):
        reader.city_parts(tab=Tab.GO, need="equal", view=name, clearance=OWN)


def test_an_area_that_was_searched_counts_in_its_cell(store):
    """Nobody has to record a place to say that a street was walked."""
    cell = str(cells_of_city_part(PRAHA_1, 9).index[0])
    add_visits(store, [{"city_part": PRAHA_1, "cell": cell, "outcome": "nikdo"}])
    assert read_visits(store).groups["cell"].tolist() == [cell]
    row = board_of(store).rows[PRAHA_1]
    assert (row.knowledge.visited_cells, row.knowledge.places) == (1, 0)
    reader = StoreBoardReader(store, today=lambda: TODAY)
    states = reader.cells(city_part=PRAHA_1, view="", clearance=OWN)["state"]
    assert states.value_counts().to_dict() == {"never": 52, "nothing_found": 1}


def test_every_city_part_of_prague_has_a_row_in_both_tabs(store):
    codes = set(map(str, boundaries().city_parts.index))
    board = board_of(store)
    assert set(board.rows) == set(board.write_rows) == codes
