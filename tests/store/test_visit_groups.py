"""The packed dates of visits: the same as the visits read one by one, whatever is done to visits and places."""

import random
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from domain.errors import StaleRevisionError, StoreError
from geo.coverage_attention import compute_attention
from geo.coverage_visits import spread_groups
from store import LOCAL_ORGANISATION_ID
from store.visit_columns import read_visits
from tests.tools.stored import visits_in
from tests.tools.visit_rows import columns_row_by_row, row_by_row, write_visits

PRAHA_1, PRAHA_2, PRAHA_4 = "500054", "500089", "500119"
ROW = {
    "place_id": None, "city_part": PRAHA_1, "organisation_id": LOCAL_ORGANISATION_ID, "happened_on": date(2026, 9, 1),
    "outcome": "informovan", "form": "prima", "contacts": None, "languages": (), "needs": (), "barriers": (),
    "note": "", "created_at": datetime(2026, 10, 1, 8, tzinfo=UTC), "created_by": "x", "revision": 1,
    "withdrawn": False,
}  # fmt: skip
POSITIONS = [(14.4378 + 0.004 * step, 50.0755) for step in range(4)]


def spread(found):
    return spread_groups(
        found.groups, visits=found.visits, happened_on=found.happened_on, recorded_at=found.recorded_at
    )


def unpacked(store):
    """Every visit of the groups as one tuple, sorted."""
    found = read_visits(store)
    frame = found.groups.loc[found.groups.index.repeat(found.visits)]
    keys = frame.astype(str).itertuples(index=False)
    days, hours = found.happened_on.astype(str), found.recorded_at.astype("datetime64[h]").astype(str)
    return sorted((*key, day, hour) for key, day, hour in zip(keys, days, hours, strict=True))


def one_by_one(store):
    """Every visit of the table as such a tuple."""
    return sorted(
        (
            row.city_part, row.organisation_id, row.outcome, row.cell if isinstance(row.cell, str) else "",
            row.happened_on.isoformat(), row.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H"),
        )
        for row in row_by_row(store).itertuples(index=False)
    )  # fmt: skip


def same_answers(store):
    """The board's arithmetic says the same from groups as from rows, today and as of past days."""
    packed, plain = spread(read_visits(store)), columns_row_by_row(store)
    today = date(2026, 10, 2)
    for day in (today, date(2026, 10, 1), date(2026, 9, 15), date(2026, 6, 30), date(2020, 1, 1)):
        one, other = (compute_attention(visits, day, today=today) for visits in (packed, plain))
        for field in fields(one):
            left, right = getattr(one, field.name), getattr(other, field.name)
            if isinstance(left, pd.DataFrame):
                pd.testing.assert_frame_equal(left, right)
            elif isinstance(left, pd.Series):
                pd.testing.assert_series_equal(left, right)
            else:
                assert left == right
    return packed


class Hands:
    """Somebody who does this and that with visits and places, by chance."""

    def __init__(self, store, make, seed):
        self.store, self.make, self.chance = store, make, random.Random(seed)
        self.places, self.visits, self.merges = [], [], []

    def place(self):
        lon, lat = self.chance.choice(POSITIONS)
        self.places.append(
            self.store.places.add(
                self.make.place(lon=lon, lat=lat, without_position=self.chance.random() < 0.2), self.make.actor
            )
        )

    def _any_place(self):
        place = self.store.places.get(self.chance.choice(self.places).id)
        return place if place.state.value in {"suggested", "verified"} else None

    def visit(self):
        place = self._any_place() if self.places and self.chance.random() < 0.7 else None
        draft = self.make.visit(
            place.id if place else None,
            city_part=None if place else self.chance.choice([PRAHA_1, PRAHA_4]),
            happened_on=date(2026, 9, 30) - timedelta(days=self.chance.randrange(200)),
            outcome=self.chance.choice(["informovan", "nikdo"]),
        )
        self.store.visits.add(draft, self.make.actor)
        self.visits.append(draft.id)

    def withdraw(self):
        if self.visits:
            self.store.visits.withdraw(self.visits.pop(self.chance.randrange(len(self.visits))), self.make.actor)

    def move(self):
        place = self._any_place() if self.places else None
        if place:
            lon, lat = self.chance.choice(POSITIONS)
            located = self.make.place(id=place.id, lon=lon, lat=lat)
            self.store.places.update(located, revision=place.revision, actor=self.make.actor, reason="")

    def merge(self):
        kept, absorbed = (self._any_place() for _ in range(2)) if len(self.places) > 1 else (None, None)
        if kept and absorbed and kept.id != absorbed.id:
            merge_id = self.make.id()
            self.store.merges.merge(
                merge_id, kept_id=kept.id, kept_revision=kept.revision, absorbed_id=absorbed.id,
                absorbed_revision=absorbed.revision, actor=self.make.actor, reason="",
            )  # fmt: skip
            self.merges.append(merge_id)

    def undo_merge(self):
        if self.merges:
            self.store.merges.undo(self.merges.pop(), actor=self.make.actor)

    def erase(self):
        if len(self.places) > 3 and self.chance.random() < 0.3:
            gone = self.places.pop(self.chance.randrange(len(self.places)))
            self.merges.clear()
            self.store.erasures.erase_place(gone.id, actor=self.make.actor, reason="x")
            there = set(self._ids())
            self.visits = [one for one in self.visits if one in there]

    def _ids(self):
        codes = (PRAHA_1, PRAHA_2, PRAHA_4)
        return [visit.id for code in codes for visit in visits_in(self.store, code)]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_the_groups_are_the_visits(store, make, seed):
    hands = Hands(store, make, seed)
    deeds = [hands.place, hands.place, *[hands.visit] * 6, hands.withdraw, hands.move, hands.move, hands.merge]
    deeds += [hands.undo_merge, hands.erase]
    for step in range(60):
        hands.chance.choice(deeds)()
        if step % 10 == 9:
            assert store.visits.verify_groups() == []
    assert unpacked(store) == one_by_one(store)
    assert len(same_answers(store).part) > 5


def test_visits_read_in_bulk_are_those_read_one_by_one(store, make):
    places = [store.places.add(make.place(lon=lon, lat=lat), make.actor).id for lon, lat in POSITIONS]
    rows = [
        ROW | {
            "city_part": PRAHA_1 if number % 2 else PRAHA_4,
            "place_id": places[number % 4] if number % 5 else None,
            "organisation_id": ("local-organisation", "b", "an-organisation-that-is-gone")[number % 3],
            "outcome": ("informovan", "nikdo", "vstup_odepren")[number % 3],
            "happened_on": date(2000 + number % 30, 1 + number % 12, 1 + number % 28),
            "created_at": datetime(2026, 1 + number % 9, 1 + number % 28, number % 24, 59, 59, tzinfo=UTC),
            "withdrawn": number % 7 == 0,
        }
        for number in range(200)
    ]  # fmt: skip
    write_visits(store, rows, make.actor)
    assert unpacked(store) == one_by_one(store)
    assert len(unpacked(store)) == sum(number % 7 != 0 for number in range(200))
    same_answers(store)


@pytest.mark.parametrize(
    "row",
    [
        {"city_part": "5000541"},
        {"city_part": "č"},
        {"outcome": "something_new"},
        {"cell": "no cell"},
        {"happened_on": date(1, 1, 1)},
        {"happened_on": date(9999, 12, 31)},
    ],
)
def test_what_nobody_expects_is_read_too(store, make, row):
    write_visits(store, [ROW, ROW | row], make.actor)
    assert unpacked(store) == one_by_one(store)
    assert len(unpacked(store)) == 2
    assert same_answers(store).visits.sum() == 2


def test_no_visits_are_no_groups(store):
    found = read_visits(store)
    assert found.groups.empty
    assert list(found.groups.columns) == ["city_part", "organisation_id", "outcome", "cell"]
    assert len(found.happened_on) == len(found.recorded_at) == 0
    assert same_answers(store).part.size == 0


@pytest.mark.parametrize("dates", ["2026090120261001", "20260901202610010x", "2026-9-012026100108"])
def test_a_date_that_is_none_is_damage_and_never_a_wrong_number(home, store, make, dates):
    write_visits(store, [ROW], make.actor)
    [(_, _, _, _, day, hour)] = unpacked(store)
    right = day.replace("-", "") + hour.replace("-", "").replace("T", "")
    home.execute(f"UPDATE visit_groups SET dates = '{dates}'")
    with pytest.raises(StoreError, match="database_damaged"):
        read_visits(store)
    home.execute(f"UPDATE visit_groups SET dates = '{right}'")
    assert unpacked(store) == one_by_one(store)


def test_a_group_that_says_something_else_is_found(home, store, make):
    write_visits(store, [ROW, ROW, ROW | {"city_part": PRAHA_4}], make.actor)
    home.execute(f"UPDATE visit_groups SET dates = substr(dates, 19) WHERE city_part = '{PRAHA_1}'")
    [problem] = store.visits.verify_groups()
    assert (problem.code, problem.value, problem.limit) == ("visit_groups_differ", "1", "2")
    assert problem.field.startswith(PRAHA_1)
    home.execute(f"UPDATE visit_groups SET dates = dates || dates, city_part = 'x' WHERE city_part = '{PRAHA_1}'")
    assert sorted((one.value, one.limit) for one in store.visits.verify_groups()) == [("0", "2"), ("2", "0")]
    home.execute("DELETE FROM visit_groups", "DELETE FROM visits")


def test_a_refused_change_of_a_place_leaves_its_visits_where_they_were(store, make):
    (lon, lat), (other_lon, other_lat) = POSITIONS[0], POSITIONS[2]
    located = make.place(lon=lon, lat=lat)
    store.places.add(located, make.actor)
    store.visits.add(make.visit(located.draft.id), make.actor)
    before = unpacked(store)
    moved = make.place(id=located.draft.id, lon=other_lon, lat=other_lat)
    with pytest.raises(StaleRevisionError):
        store.places.update(moved, revision=7, actor=make.actor, reason="")
    assert unpacked(store) == before
    store.places.update(moved, revision=1, actor=make.actor, reason="")
    assert unpacked(store) != before
    assert np.isin(read_visits(store).visits, 1).all()
