"""The gate against a second implementation of its rules, and against an attacker who combines answers."""

import dataclasses
import random

import numpy as np
import pytest
from scipy.optimize import linprog

from domain.geometry import BBox
from domain.place import PlaceFilter, PlaceState
from domain.roles import PUBLIC_CLEARANCE, Clearance, Role, Tier
from geo.cell_pieces import parent_pieces, piece_table
from geo.cells import cell_name
from geo.disclosure import by_city_part, disclose, disclose_part, facts_of, place_columns, tier_of
from geo.disclosure_columns import with_changes
from geo.disclosure_counts import count_places
from geo.locate import locate_many
from tests.geo.disclosure_reference import reference_areas
from tests.geo.disclosure_samples import (
    KINDS,
    NOW,
    OUTSIDER,
    PARTICIPANT,
    PARTNER,
    TOWN_HALL,
    WHOLE_ONLY,
    columns_of,
    gate,
    make_record,
    random_records,
    spot,
)

SEEDS = range(20)


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
        disclosed = gate(records, reader)
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
    disclosed = gate(random_records(seed), OUTSIDER)
    whole = disclosed.select()
    middle = 14.43
    left = disclosed.select(bbox=BBox(minx=14.2, miny=49.9, maxx=middle, maxy=50.2))
    right = disclosed.select(bbox=BBox(minx=middle + 1e-9, miny=49.9, maxx=14.8, maxy=50.2))
    assert len(left) + len(right) == len(whole)
    assert sorted(map(repr, [*left, *right])) == sorted(map(repr, whole))


def test_whole_records_are_filtered_by_what_they_are():
    records = random_records(2)
    reader = Clearance(role=Role.ADMIN, organisation_id="o1")
    disclosed = gate(records, reader)
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


@pytest.mark.parametrize("seed", SEEDS)
def test_city_part_by_city_part_the_gate_says_the_same(seed, monkeypatch):
    # Several questions for whole records.
    monkeypatch.setattr("geo.disclosure._WHOLE_AT_ONCE", 3)
    records = random_records(seed, 120, spots=4)
    by_id = {record.id: record for record in records}
    owner = dataclasses.replace(OUTSIDER, organisation_id=records[0].organisation_id)
    for reader in (OUTSIDER, PARTNER, PARTICIPANT, owner):
        found = gate(records, reader, fetch=lambda ids: [by_id[name] for name in reversed(ids)])
        assert found.select() == disclose(records, reader, now=NOW)


@pytest.mark.parametrize("seed", SEEDS)
def test_columns_corrected_in_part_are_those_read_anew(seed):
    random = np.random.default_rng([seed, 1])
    records = random_records(seed, 120, spots=4)
    before = by_city_part(columns_of(records))
    for _ in range(5):
        rows = random.choice(len(records), size=6, replace=False).tolist()
        gone, changed = {records[row].id for row in rows[:2]}, rows[2:]
        now = [record for record in records if record.id not in gone]
        new = [
            dataclasses.replace(
                records[row], kind=KINDS[int(random.integers(len(KINDS)))], revision=records[row].revision + 1,
                city_part=records[int(random.integers(len(records)))].city_part, organisation_id=f"o{row % 5}",
            )
            for row in changed
        ]  # fmt: skip
        new.append(dataclasses.replace(records[rows[0]], id=f"new-{random.integers(1 << 40)}", city_part="000000"))
        fresh = {record.id: record for record in [*now, *new]}
        records = list(fresh.values())
        ids = [*gone, *(record.id for record in new)]
        after = with_changes(before, ids, place_columns([list(map(facts_of, new))]))
        anew = by_city_part(columns_of(records))
        assert after.keys() == anew.keys()
        touched = {one.city_part for one in new} | {c for c, part in before.items() if set(ids) & ids_of(part)}
        assert all(after[code] is before[code] for code in before.keys() & after.keys() - touched)
        for code, part in after.items():
            assert ids_of(part) == ids_of(anew[code])
            for reader in (OUTSIDER, PARTICIPANT):
                assert shown(part, reader) == shown(anew[code], reader)
        before = after


def ids_of(columns):
    return {one.decode() for one in columns.ids.tolist()}


def shown(columns, reader):
    areas = disclose_part(columns, reader, now=NOW).areas
    return [getattr(areas, name).tolist() for name in ("level", "piece", "kind", "count", "visit_month", "visit_count")]


@pytest.mark.parametrize("resolution", [7, 8, 9])
@pytest.mark.parametrize("seed", range(8))
def test_areas_shown_together_follow_from_the_areas_shown_one_by_one(seed, resolution, monkeypatch):
    monkeypatch.setattr("geo.disclosure.MOST_AREAS", 0)
    monkeypatch.setattr("geo.disclosure.COARSEST", resolution)
    for reader in (OUTSIDER, PARTNER, PARTICIPANT):
        disclosed = gate(random_records(seed, 600, spots=6), reader)
        fine = [row for row in disclosed.select() if row.id is None]
        together = disclosed.select(areas_at=resolution)
        assert all((row.resolution or 0) <= resolution for row in together if row.id is None)
        groups = {}
        for row in fine:
            groups.setdefault(place_at(row, resolution), []).append(row)
        found = {place_at(row, resolution): row for row in together if row.id is None}
        assert found.keys() == groups.keys()
        for place, rows in groups.items():
            row, said = found[place], count_places(rows)
            assert row.visit_count == sum(one.visit_count for one in rows)
            latest = max(one.last_visit_month or "" for one in rows)
            assert row.last_visit_month == (latest or None)
            if len(rows) == 1:
                assert (row.count, row.is_least) == (rows[0].count, False)
            else:
                assert (row.count, row.is_least) == (said.at_least, said.exact is None)


def place_at(row, resolution):
    """Return where a row is shown when areas finer than `resolution` are shown together."""
    if row.resolution is None:
        return (0, row.city_part, row.kind)
    table = piece_table(row.resolution)
    (piece,) = np.flatnonzero(
        (table.cells == int(row.cell, 16)) & (table.city_parts == table.codes.index(row.city_part))
    )
    for finer in range(row.resolution, resolution, -1):
        piece = parent_pieces(finer)[piece]
    return (min(row.resolution, resolution), int(piece), row.kind)


def test_few_areas_are_never_shown_together():
    disclosed = gate(random_records(1), OUTSIDER)
    assert disclosed.select(areas_at=7) == disclosed.select()


def test_a_record_corrected_or_erased_since_is_left_out_until_the_gate_saw_it():
    records = [make_record(number) for number in range(3)]
    owner = dataclasses.replace(OUTSIDER, organisation_id=records[0].organisation_id)
    now = {records[0].id: records[0], records[1].id: dataclasses.replace(records[1], revision=2)}
    disclosed = gate(records, owner, fetch=lambda ids: [now[name] for name in ids if name in now])
    assert [row.id for row in disclosed.select()] == [records[0].id]
