import dataclasses
import random
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from scipy.optimize import linprog

from domain.errors import InvalidValueError
from domain.geometry import BBox
from domain.place import PlaceFilter, PlaceState
from domain.roles import PUBLIC_CLEARANCE, Clearance, Role, Share, Tier
from domain.vocabulary import OPEN_KINDS
from geo.cell_pieces import piece_table
from geo.cells import cell_name
from geo.disclosure import (
    DisclosedPlace,
    DisclosureSettings,
    Precision,
    cache_key,
    default_tier,
    disclose,
    disclose_columns,
    place_columns,
    tier_of,
)
from geo.disclosure_counts import count_places
from geo.disclosure_detail import disclose_detail
from geo.locate import locate_many
from tests.geo.disclosure_reference import reference_areas
from tests.geo.disclosure_samples import KINDS, NOW, OUTSIDER, PARTICIPANT, make_record, random_records

SEEDS = range(20)
STAFF = (Role.FIELD_WORKER, Role.COORDINATOR, Role.ADMIN)
PARTNER = Clearance(role=Role.COORDINATOR, organisation_id="reader", partner_of=frozenset({"o1", "o2"}))
TOWN_HALL = Clearance(role=Role.COORDINATOR, organisation_id="reader", is_town_hall=True, partner_of=frozenset({"o1"}))
WHOLE_ONLY = (
    "id", "organisation_id", "name", "note", "admin_district", "cadastral_area", "border_city_part", "headcount",
    "access", "state", "last_visit_on", "last_outcome", "last_change", "last_change_on", "updated_at", "revision",
    "created_at", "created_by",
)  # fmt: skip


def spot(number, organisation, kind="ubytovna", **values):
    """A place in one and the same cell of resolution 10, in the middle of its piece."""
    return make_record(number, organisation_id=organisation, kind=kind, lon=14.4378 + number * 1e-6, **values)


# --- Tiers -------------------------------------------------------------------------------------


def clearance_for(who, role):
    return {
        "own": Clearance(role=role, organisation_id="o1"),
        "partner": Clearance(role=role, organisation_id="reader", partner_of=frozenset({"o1"})),
        "other": Clearance(role=role, organisation_id="reader"),
        "town hall": Clearance(role=role, organisation_id="reader", is_town_hall=True),
        "partner town hall": Clearance(
            role=role, organisation_id="reader", is_town_hall=True, partner_of=frozenset({"o1"})
        ),
        "no organisation": Clearance(role=role),
    }[who]


CLOSED_OPEN = {
    "own": (0, 0),
    "partner": (1, 0),
    "other": (2, 1),
    "town hall": (2, 2),
    "partner town hall": (2, 2),
    "no organisation": (2, 1),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", CLOSED_OPEN)
@pytest.mark.parametrize("role", STAFF)
def test_tiers_of_staff(role, who, kind):
    assert default_tier(kind, clearance_for(who, role), "o1") == CLOSED_OPEN[who][kind in OPEN_KINDS]
    assert tier_of(make_record(kind=kind), clearance_for(who, role), now=NOW) == CLOSED_OPEN[who][kind in OPEN_KINDS]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", CLOSED_OPEN)
def test_tiers_of_participants_and_viewers(who, kind):
    is_open = kind in OPEN_KINDS
    participant, viewer = clearance_for(who, Role.PARTICIPANT), clearance_for(who, Role.VIEWER)
    assert default_tier(kind, participant, "o1") == (Tier.CELL_9 if is_open else Tier.CITY_PART)
    assert default_tier(kind, viewer, "o1") == (Tier.CITY_PART if is_open else Tier.HIDDEN)


def test_an_unknown_kind_counts_as_closed_and_the_open_kinds_are_those_of_the_method():
    assert default_tier("nova", OUTSIDER, "o1") is Tier.CELL_9
    assert {"trznice", "obchod", "skola", "urad", "dopravni_uzel"} == OPEN_KINDS


def share(tier=Tier.EXACT, owner="o1", purpose="společný výjezd", until=NOW + timedelta(hours=1)):
    return Share(owner_organisation_id=owner, tier=tier, purpose=purpose, until=until)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (share(), Tier.EXACT),
        (share(Tier.CELL_10), Tier.CELL_10),
        (share(Tier.CITY_PART), Tier.CELL_9),
        (share(until=NOW), Tier.CELL_9),
        (share(until=NOW - timedelta(seconds=1)), Tier.CELL_9),
        (share(owner="o2"), Tier.CELL_9),
        (share(purpose="  "), Tier.CELL_9),
    ],
)
def test_a_share_holds_for_its_owner_purpose_and_time(given, expected):
    reader = dataclasses.replace(OUTSIDER, shares=(given,))
    assert tier_of(make_record(), reader, now=NOW) is expected
    assert tier_of(make_record(), reader, now=NOW.astimezone()) is expected


def test_no_share_lifts_a_town_hall_a_participant_or_a_viewer():
    for reader, expected in ((TOWN_HALL, Tier.CELL_9), (PARTICIPANT, Tier.CITY_PART), (PUBLIC_CLEARANCE, Tier.HIDDEN)):
        assert tier_of(make_record(), dataclasses.replace(reader, shares=(share(),)), now=NOW) is expected


@pytest.mark.parametrize(
    "reader",
    [
        Clearance(role=Role.COORDINATOR, organisation_id="o1"),
        dataclasses.replace(OUTSIDER, shares=(share(),)),
        PARTNER,
    ],
)
def test_a_place_nobody_confirmed_for_24_months_falls_to_t2(reader):
    last_day = datetime(2024, 11, 1, 23, tzinfo=UTC)
    day_after = datetime(2024, 11, 2, tzinfo=UTC)
    old, young = make_record(updated_at=last_day), make_record(updated_at=day_after)
    assert tier_of(old, reader, now=NOW) is Tier.CELL_9
    assert tier_of(young, reader, now=NOW) < Tier.CELL_9
    assert tier_of(make_record(updated_at=last_day, last_visit_on=date(2024, 11, 2)), reader, now=NOW) < Tier.CELL_9
    assert tier_of(old, reader, now=NOW, settings=DisclosureSettings(unconfirmed_months=None)) < Tier.CELL_9
    assert tier_of(old, reader, now=NOW, settings=DisclosureSettings(unconfirmed_months=25)) < Tier.CELL_9


def test_age_makes_no_place_more_exact():
    old = make_record(updated_at=NOW - timedelta(days=2000))
    assert tier_of(old, PARTICIPANT, now=NOW) is Tier.CITY_PART
    assert tier_of(old, PUBLIC_CLEARANCE, now=NOW) is Tier.HIDDEN


def test_an_own_place_nobody_confirmed_keeps_its_record_and_loses_its_position():
    old = make_record(updated_at=NOW - timedelta(days=2000))
    (row,) = disclose([old], Clearance(role=Role.COORDINATOR, organisation_id="o1"), now=NOW)
    assert (row.id, row.name, row.precision, row.resolution) == (old.id, old.name, Precision.CELL, 9)
    assert row.position != old.position
    assert locate_many([row.position.lon], [row.position.lat]).codes_of_city_parts().tolist() == [old.city_part]
    assert row.cadastral_area is None
    (partner,) = disclose([old], PARTNER, now=NOW)
    assert partner.id is None


def test_refuses_an_instant_without_a_zone():
    for call in (lambda now: tier_of(make_record(), OUTSIDER, now=now), lambda now: disclose([], OUTSIDER, now=now)):
        with pytest.raises(InvalidValueError) as refused:
            call(NOW.replace(tzinfo=None))
        assert refused.value.code == "instant_without_zone"


@pytest.mark.parametrize("reader", [OUTSIDER, PARTNER, TOWN_HALL, PARTICIPANT, PUBLIC_CLEARANCE])
def test_columns_and_single_records_agree_on_every_tier(reader):
    from geo.disclosure_tiers import DEFAULT_SETTINGS, tiers_of_columns

    reader = dataclasses.replace(reader, shares=(share(owner="o3"),))
    records = [
        dataclasses.replace(record, updated_at=NOW - timedelta(days=40 * (number % 30)))
        for number, record in enumerate(random_records(5))
    ]
    tiers = tiers_of_columns(place_columns(records), reader, now=NOW, settings=DEFAULT_SETTINGS)
    assert tiers.tolist() == [tier_of(record, reader, now=NOW) for record in records]


def test_cache_key_holds_the_whole_clearance():
    variants = [
        OUTSIDER,
        dataclasses.replace(OUTSIDER, role=Role.ADMIN),
        dataclasses.replace(OUTSIDER, organisation_id="o9"),
        dataclasses.replace(OUTSIDER, organisation_id=None),
        dataclasses.replace(OUTSIDER, is_town_hall=True),
        dataclasses.replace(OUTSIDER, partner_of=frozenset({"o1"})),
        dataclasses.replace(OUTSIDER, partner_of=frozenset({"o1", "o2"})),
        *(
            dataclasses.replace(OUTSIDER, shares=(given,))
            for given in (
                share(),
                share(Tier.CELL_10),
                share(owner="o2"),
                share(purpose="jiný"),
                share(until=NOW),
            )
        ),
    ]
    assert len({cache_key(7, variant) for variant in variants}) == len(variants)
    assert cache_key(7, OUTSIDER) != cache_key(8, OUTSIDER)
    shared = dataclasses.replace(OUTSIDER, shares=(share(),))
    assert cache_key(7, shared, now=NOW) == cache_key(7, shared, now=NOW + timedelta(minutes=59))
    assert cache_key(7, shared, now=NOW) != cache_key(7, shared, now=NOW + timedelta(minutes=60))
    assert cache_key(7, OUTSIDER, now=NOW) != cache_key(7, OUTSIDER, now=NOW + timedelta(days=1))
    both = (share(), share(owner="o2"))
    assert cache_key(1, dataclasses.replace(OUTSIDER, shares=both)) == cache_key(
        1, dataclasses.replace(OUTSIDER, shares=both[::-1])
    )


# --- Whole records and areas -------------------------------------------------------------------


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


# --- Against a second implementation, and against an attacker ----------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("reader", [OUTSIDER, PARTNER, PARTICIPANT], ids=["other", "partner", "participant"])
def test_the_gate_agrees_with_a_slow_second_implementation(seed, reader):
    records = random_records(seed)
    expected = reference_areas(records, lambda record: tier_of(record, reader, now=NOW))
    rows = [row for row in disclose(records, reader, now=NOW) if row.id is None]
    found = {(row.resolution or 0, row.cell or row.city_part, row.city_part, row.kind): row for row in rows}
    assert len(found) == len(rows)
    names = {}
    for (level, place, kind), members in expected.items():
        table = piece_table(level) if level else None
        cell, part = (cell_name(table.cells[place]), table.codes[table.city_parts[place]]) if table else (place, place)
        names[level, cell, part, kind] = members
    assert found.keys() == names.keys()
    by_id = {record.id: record for record in records}
    for key, members in names.items():
        assert found[key].count == (len(members) if len(members) >= 5 else None)
        if key[0]:
            assert len(members) >= 3
            assert len({by_id[member].organisation_id for member in members}) >= 2
    hidden = [record.id for record in records if 0 < tier_of(record, reader, now=NOW) < Tier.HIDDEN]
    assert sorted(member for members in names.values() for member in members) == sorted(hidden)


@pytest.mark.parametrize("reader", [OUTSIDER, PARTNER, TOWN_HALL, PARTICIPANT])
def test_order_and_repetition_change_nothing(reader):
    records = random_records(3)
    once = disclose(records, reader, now=NOW)
    for seed in range(5):
        shuffled = records.copy()
        random.Random(seed).shuffle(shuffled)
        assert disclose(shuffled, reader, now=NOW) == once


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("reader", [OUTSIDER, PARTNER, TOWN_HALL, PARTICIPANT])
def test_every_masked_position_lies_in_its_city_part(seed, reader):
    rows = [row for row in disclose(random_records(seed), reader, now=NOW) if row.position and row.id is None]
    assert rows or reader.role is Role.PARTICIPANT
    if rows:
        found = locate_many([row.position.lon for row in rows], [row.position.lat for row in rows])
        assert found.codes_of_city_parts().tolist() == [row.city_part for row in rows]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("reader", [OUTSIDER, PARTNER, TOWN_HALL, PARTICIPANT, PUBLIC_CLEARANCE])
def test_no_canary_below_t0(seed, reader):
    records = random_records(seed)
    rows = [row for row in disclose(records, reader, now=NOW) if row.tier > Tier.EXACT]
    text = repr(rows)
    shown = {(round(row.position.lon, 5), round(row.position.lat, 5)) for row in rows if row.position}
    exact = {row.id for row in disclose(records, reader, now=NOW) if row.id}
    for record in records:
        if record.id in exact:
            continue
        canaries = [
            record.id,
            record.name,
            record.note,
            record.created_by,
            f"'{record.organisation_id}'",
            f"'{record.kind}'",
        ]
        if record.position:
            canaries += [repr(record.position), str(record.position.lon), str(record.position.lat)]
            assert (round(record.position.lon, 5), round(record.position.lat, 5)) not in shown
        if record.last_visit_on:
            canaries.append(repr(record.last_visit_on))
        assert [canary for canary in canaries if canary in text] == []
    for row in rows:
        assert [name for name in WHOLE_ONLY if getattr(row, name) is not None] == []
        assert (row.languages, row.target_groups) == ((), ())
        assert row.kind in {"live", "work", "meet", "other", "mixed"}


def test_no_number_from_1_to_4_is_shown_below_t0():
    for seed in SEEDS:
        for reader in (OUTSIDER, PARTNER, PARTICIPANT):
            counts = [row.count for row in disclose(random_records(seed), reader, now=NOW) if row.id is None]
            assert None in counts
            assert all(count is None or count >= 5 for count in counts)


def filters(records):
    """Return filters of every sort: kinds, city parts, organisations, states, halves of the map."""
    parts = sorted({record.city_part for record in records})
    kinds = [(), *((kind,) for kind in KINDS), ("ubytovna", "pracoviste"), ("skola", "jina", "obchod")]
    for kind in kinds:
        for part in ((), *((part,) for part in parts), tuple(parts[::2]), tuple(parts[1:])):
            yield None, PlaceFilter(kinds=kind, city_parts=part)
            yield None, PlaceFilter(kinds=kind, city_parts=part, states=(PlaceState.VERIFIED,))
        for x in np.linspace(14.34, 14.53, 12):
            yield BBox(minx=14.2, miny=49.9, maxx=float(x), maxy=50.2), PlaceFilter(kinds=kind)
        yield None, PlaceFilter(kinds=kind, organisation_ids=("o1",))


def recovered(hidden, statements):
    """Return how many hidden numbers an attacker can tell exactly.

    `hidden` are names of numbers known to be 1 to 4; a statement is (names, least, most) for
    their sum. A number is recovered where the least and the most that fit all statements meet.
    """
    order = {name: at for at, name in enumerate(sorted(hidden))}
    rows = sorted(
        {(tuple(sorted(order[name] for name in names)), least, most) for names, least, most in statements if names}
    )
    matrix = np.zeros((2 * len(rows), len(order)))
    limits = np.zeros(2 * len(rows))
    for at_row, (columns, least, most) in enumerate(rows):
        matrix[2 * at_row, list(columns)], limits[2 * at_row] = 1, most
        matrix[2 * at_row + 1, list(columns)], limits[2 * at_row + 1] = -1, -least
    found = 0
    for at_column in range(len(order)):
        goal = np.zeros(len(order))
        goal[at_column] = 1
        bounds = [
            sign * linprog(sign * goal, A_ub=matrix, b_ub=limits, bounds=(1, 4), method="highs").fun for sign in (1, -1)
        ]
        found += round(bounds[1] - bounds[0], 6) == 0
    return found


def name_of(row):
    return (row.resolution or 0, row.cell or "", row.city_part, row.kind)


@pytest.mark.parametrize("seed", SEEDS)
def test_differencing_over_all_filters_recovers_nothing(seed):
    records = random_records(seed, 120, spots=4)
    for reader in (OUTSIDER, PARTICIPANT):
        disclosed = disclose_columns(place_columns(records), reader, now=NOW)
        whole = {name_of(row): row for row in disclosed.select() if row.id is None}
        hidden = {name for name, row in whole.items() if row.count is None}
        statements = set()
        for bbox, only in filters(records):
            rows = [row for row in disclosed.select(bbox=bbox, only=only) if row.id is None]
            # A filter chooses among the same areas: it says nothing new about any of them.
            assert all(whole[name_of(row)] == row for row in rows)
            said = count_places(rows)
            shown = sum(row.count for row in rows if row.count is not None)
            names = tuple(sorted(name_of(row) for row in rows if row.count is None))
            statements.add((names, said.at_least - shown, said.at_most - shown))
        assert hidden
        assert recovered(hidden, statements) == 0


def test_the_attacker_would_find_what_exact_sums_give_away():
    records = random_records(1, 120, spots=4)
    areas = reference_areas(records, lambda record: tier_of(record, PARTICIPANT, now=NOW))
    truth = {(place, kind): len(members) for (level, place, kind), members in areas.items() if level == 0}
    hidden = {name for name, count in truth.items() if count < 5}
    sums = []
    for part in {place for place, _ in truth}:
        names = tuple(sorted(name for name in hidden if name[0] == part))
        total = sum(truth[name] for name in names)
        sums.append((names, total, total))
    assert recovered(hidden, sums) > 0
    assert recovered(hidden, [(names, len(names), 4 * len(names)) for names, _, _ in sums]) == 0


@pytest.mark.parametrize("seed", range(5))
def test_what_a_reader_sees_of_others_does_not_depend_on_the_view(seed):
    disclosed = disclose_columns(place_columns(random_records(seed)), OUTSIDER, now=NOW)
    whole = disclosed.select()
    middle = 14.43
    left = disclosed.select(bbox=BBox(minx=14.2, miny=49.9, maxx=middle, maxy=50.2))
    right = disclosed.select(bbox=BBox(minx=middle + 1e-9, miny=49.9, maxx=14.8, maxy=50.2))
    assert len(left) + len(right) == len(whole)
    assert sorted(map(repr, [*left, *right])) == sorted(map(repr, whole))


def test_whole_records_are_filtered_by_what_they_are():
    records = random_records(2)
    reader = Clearance(role=Role.ADMIN, organisation_id="o1")
    disclosed = disclose_columns(place_columns(records), reader, now=NOW)
    box = BBox(minx=14.40, miny=50.05, maxx=14.47, maxy=50.10)
    only = PlaceFilter(kinds=("ubytovna", "skola"), organisation_ids=("o1",))
    found = {row.id for row in disclosed.select(bbox=box, only=only) if row.position}
    assert found == {
        record.id for record in records
        if record.organisation_id == "o1" and record.kind in {"ubytovna", "skola"} and record.position
        and box.minx <= record.position.lon <= box.maxx and box.miny <= record.position.lat <= box.maxy
    }  # fmt: skip
    assert found
    assert not any(row.own for row in disclosed.select(with_own=False))
    assert any(row.id for row in disclosed.select())


def test_sums_are_exact_only_where_every_part_is_shown():
    five = [spot(number, f"o{number % 2 + 1}") for number in range(5)]
    two = [make_record(number + 10, lon=None, city_part="500089", kind="komunita") for number in range(2)]
    rows = disclose([*five, *two], OUTSIDER, now=NOW)
    assert count_places(rows[:1]).exact == 5
    total = count_places(rows)
    assert (total.at_least, total.at_most, total.exact) == (6, 9, None)


# --- One place with what happened there --------------------------------------------------------


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
