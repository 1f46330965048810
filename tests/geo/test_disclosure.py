"""What the gate gives out: whole records, areas of those below, one place with what happened there."""

import dataclasses
from datetime import date

import numpy as np
import pytest

from domain.place import PlaceState
from domain.roles import PUBLIC_CLEARANCE, Clearance, Role, Tier
from geo.cell_pieces import piece_table
from geo.disclosure import (
    DisclosedPlace,
    Precision,
    disclose,
)
from geo.disclosure_counts import count_places
from geo.disclosure_detail import disclose_detail
from tests.geo.disclosure_samples import (
    NOW,
    OUTSIDER,
    PARTICIPANT,
    PARTNER,
    TOWN_HALL,
    WHOLE_ONLY,
    make_record,
    share,
    spot,
)


def test_only_the_gate_makes_a_disclosed_place():
    (row,) = disclose([make_record()], Clearance(role=Role.ADMIN, organisation_id="o1"), now=NOW)
    values = {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
    for gate in (None, object(), True):
        with pytest.raises(TypeError):
            DisclosedPlace(gate=gate, **values)
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(row, name="jiné")
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.name = "jiné"


def test_the_own_organisation_sees_whole_records():
    records = [make_record(number) for number in (2, 0, 1)]
    rows = disclose(records, Clearance(role=Role.FIELD_WORKER, organisation_id="o1"), now=NOW)
    assert [row.id for row in rows] == ["place-000000", "place-000001", "place-000002"]
    for row in rows:
        record = next(record for record in records if record.id == row.id)
        assert (row.tier, row.precision, row.position, row.count, row.own) == (
            Tier.EXACT,
            Precision.EXACT,
            record.position,
            1,
            True,
        )
        assert {name: getattr(row, name) for name in WHOLE_ONLY} == {name: getattr(record, name) for name in WHOLE_ONLY}


def test_a_shared_place_is_whole_but_for_its_author():
    reader = dataclasses.replace(OUTSIDER, shares=(share(),))
    (row,) = disclose([make_record()], reader, now=NOW)
    assert (row.id, row.own, row.created_by, row.created_at) == ("place-000000", False, None, None)


def test_a_cell_needs_three_places_of_two_organisations():
    def levels(*organisations):
        rows = disclose([spot(number, name) for number, name in enumerate(organisations)], OUTSIDER, now=NOW)
        return [(row.resolution, row.count) for row in rows]

    assert levels("o1", "o2", "o1") == [(9, None)]
    assert levels("o1", "o2") == [(None, None)]
    assert levels("o1", "o1", "o1", "o1") == [(None, None)]
    assert levels("o1", "o1", "o1", "o1", "o2") == [(9, 5)]
    assert levels(*["o1"] * 6) == [(None, 6)]


def test_the_readers_own_places_help_no_cell():
    records = [spot(0, "reader"), spot(1, "reader"), spot(2, "o1")]
    rows = disclose(records, OUTSIDER, now=NOW)
    assert [row.precision for row in rows] == [Precision.EXACT, Precision.EXACT, Precision.CITY_PART]


def test_places_of_several_kinds_are_shown_together_where_no_kind_passes():
    records = [spot(0, "o1", "ubytovna"), spot(1, "o2", "pracoviste"), spot(2, "o1", "komunita")]
    (row,) = disclose(records, OUTSIDER, now=NOW)
    assert (row.kind, row.resolution) == ("mixed", 9)
    more = [*records, spot(3, "o2", "azylove_zarizeni"), spot(4, "o3", "sidliste")]
    rows = disclose([*more, spot(5, "o3", "pracoviste")], OUTSIDER, now=NOW)
    assert sorted((row.kind, row.resolution) for row in rows) == [("live", 9), ("mixed", 9)]


def test_a_partner_sees_finer_cells_than_others():
    records = [spot(number, f"o{number % 2 + 1}") for number in range(3)]
    assert [row.resolution for row in disclose(records, PARTNER, now=NOW)] == [10]
    assert [row.resolution for row in disclose(records, OUTSIDER, now=NOW)] == [9]
    assert [row.tier for row in disclose(records, PARTICIPANT, now=NOW)] == [Tier.CITY_PART]
    assert disclose(records, PUBLIC_CLEARANCE, now=NOW) == []


def cell_points(resolution, city_part, count, seed=0):
    """Return positions in one piece of a city part, and the positions in another piece of its parent."""
    from geo.cell_pieces import parent_pieces

    table, parents = piece_table(resolution), parent_pieces(resolution)
    part = table.codes.index(city_part)
    own = np.flatnonzero(table.city_parts == part)
    for parent in np.unique(parents[own]):
        siblings = own[parents[own] == parent]
        if len(siblings) >= count:
            return [(float(table.lon[piece]), float(table.lat[piece])) for piece in siblings[:count]]
    raise AssertionError("no parent with that many pieces")


def at(number, organisation, point, kind="ubytovna"):
    return make_record(number, organisation_id=organisation, kind=kind, lon=point[0], lat=point[1], city_part="547107")


def test_a_parent_shows_only_what_its_shown_children_do_not():
    first, second, third = cell_points(9, "547107", 3)
    shown = [at(number, f"o{number % 2 + 1}", first) for number in range(5)]
    remainder = [at(10, "o1", second), at(11, "o2", second), at(12, "o1", third)]
    rows = disclose(shown + remainder, OUTSIDER, now=NOW)
    assert [(row.resolution, row.count) for row in rows] == [(9, 5), (8, None)]


def test_a_remainder_that_does_not_pass_takes_a_child_in():
    first, second, third = cell_points(9, "547107", 3)
    big = [at(number, f"o{number % 2 + 1}", first) for number in range(6)]
    small = [at(number + 20, f"o{number % 2 + 1}", second) for number in range(5)]
    rows = disclose([*big, *small, at(40, "o1", third)], OUTSIDER, now=NOW)
    assert [(row.resolution, row.count, row.kind) for row in rows] == [(9, 6, "live"), (8, 6, "live")]
    rows = disclose([*big, *small, at(40, "o1", third, "komunita")], OUTSIDER, now=NOW)
    assert [(row.resolution, row.count, row.kind) for row in rows] == [(9, 6, "live"), (8, 6, "mixed")]


def test_places_known_to_their_city_part_count_there():
    records = [make_record(number, lon=None, organisation_id=f"o{number}") for number in range(3)]
    (row,) = disclose(records, OUTSIDER, now=NOW)
    assert (row.precision, row.position, row.count, row.city_part) == (Precision.CITY_PART, None, None, "500089")


def test_rejected_and_closed_places_count_in_no_area():
    records = [spot(number, f"o{number}", state=state) for number, state in enumerate(PlaceState)]
    (row,) = disclose(records, PARTICIPANT, now=NOW)
    assert count_places([row]).at_most == 4
    three = [spot(number, f"o{number % 2}", state=PlaceState.CLOSED) for number in range(3)]
    assert disclose(three, OUTSIDER, now=NOW) == []
    assert len(disclose(three, Clearance(role=Role.ADMIN, organisation_id="o0"), now=NOW)) == 2


def test_an_area_says_a_month_and_a_number_of_visits():
    records = [
        spot(0, "o1", last_visit_on=date(2026, 3, 17), visit_count=4), spot(1, "o2", last_visit_on=date(2025, 12, 31), visit_count=1),
        spot(2, "o1"),
    ]  # fmt: skip
    (row,) = disclose(records, OUTSIDER, now=NOW)
    assert (row.last_visit_month, row.visit_count) == ("2026-03", 5)


def test_a_city_part_the_boundaries_do_not_know_counts_by_itself():
    records = [make_record(number, city_part="599999", organisation_id=f"o{number % 3}") for number in range(6)]
    (row,) = disclose(records, OUTSIDER, now=NOW)
    assert (row.city_part, row.count, row.position) == ("599999", 6, None)


def test_detail_is_for_whole_records_and_notes_for_their_authors():
    from tests.geo.detail_samples import make_change, make_visit

    record = make_record()
    visits = [make_visit(record, "o1"), make_visit(record, "o2")]
    changes = [make_change(record, "o2")]
    own = disclose_detail(record, visits, changes, Clearance(role=Role.FIELD_WORKER, organisation_id="o1"), now=NOW)
    assert own.place.id == record.id
    assert [(visit.note, visit.created_by) for visit in own.visits] == [("o1 viděla", "author-o1"), (None, None)]
    assert own.changes[0].note is None
    for reader in (OUTSIDER, PARTNER, TOWN_HALL, PARTICIPANT, PUBLIC_CLEARANCE):
        assert disclose_detail(record, visits, changes, reader, now=NOW) is None
