"""Pages of long lists on both engines: nothing twice and nothing left out, whatever comes and goes between two pages."""

from datetime import date

import pytest

from domain.place import PlaceState
from store.pages import page_of

UNTIL = date(2027, 1, 31)
PRAHA_1 = "500054"


class Suggested:
    def fill(self, store, make, count):
        store.places.bulk_add([make.place() for _ in range(count)], make.actor)

    def go(self, store, make, place_id):
        store.reviews.step(place_id, PlaceState.REJECTED, revision=1, actor=make.actor, reason="omyl")

    def page(self, store, make, **more):
        return store.reviews.suggested(make.actor.organisation_id, **more)

    def count(self, store, make):
        return store.reviews.count_suggested(make.actor.organisation_id)

    def id_of(self, row):
        return row.id


class Edited(Suggested):
    def fill(self, store, make, count):
        for _ in range(count):
            place = store.places.add(make.place(), make.actor)
            store.reviews.step(place.id, PlaceState.VERIFIED, revision=1, actor=make.actor, reason="")
            self.edit(store, make, place.id, 2)

    def edit(self, store, make, place_id, revision):
        changed = make.place(id=place_id, name=f"Po úpravě {revision}")
        store.places.update(changed, revision=revision, actor=make.actor)

    def go(self, store, make, place_id):
        store.reviews.mark_place(place_id, revision=3, actor=make.actor)

    def page(self, store, make, **more):
        return store.reviews.edited(make.actor.organisation_id, **more)

    def count(self, store, make):
        return store.reviews.count_edited(make.actor.organisation_id)


class Alerts(Suggested):
    def fill(self, store, make, count):
        place = store.places.add(make.place(), make.actor)
        for index in range(count):
            # Several a day.
            store.changes.add(make.change(place.id, happened_on=date(2026, 9, 1 + index // 3)), make.actor)

    def go(self, store, make, change_id):
        store.reviews.mark_change(change_id, actor=make.actor, note="vyřízeno")

    def page(self, store, make, **more):
        return store.reviews.alerts(make.actor.organisation_id, **more)

    def count(self, store, make):
        return store.reviews.count_alerts(make.actor.organisation_id)

    def id_of(self, row):
        place, change = row
        assert change.place_id == place.id
        return change.id


class FollowUps(Suggested):
    def fill(self, store, make, count):
        days = [date(2026, 10, 1 + index // 3) for index in range(count)]
        rows = [(make.visit(None, city_part=PRAHA_1, follow_up_on=day), PRAHA_1) for day in days]
        store.visits.bulk_add(rows, make.actor)

    def go(self, store, make, visit_id):
        store.visits.withdraw(visit_id, make.actor)

    def page(self, store, make, **more):
        return store.reviews.follow_ups(make.actor.organisation_id, until=UNTIL, **more)

    def count(self, store, make):
        return store.reviews.count_follow_ups(make.actor.organisation_id, until=UNTIL)


class Merges(Suggested):
    def fill(self, store, make, count):
        for _ in range(count):
            kept, absorbed = (store.places.add(make.place(), make.actor) for _ in range(2))
            store.merges.merge(
                make.id(), kept_id=kept.id, kept_revision=1, absorbed_id=absorbed.id, absorbed_revision=1,
                actor=make.actor, reason="",
            )  # fmt: skip

    def go(self, store, make, merge_id):
        store.merges.undo(merge_id, actor=make.actor)

    def page(self, store, make, **more):
        return store.merges.of_organisation(make.actor.organisation_id, **more)

    def count(self, store, make):
        return len(self.page(store, make, limit=1000).rows)


class VisitsOfCityPart(FollowUps):
    def page(self, store, make, **more):
        return store.visits.page_of_city_part(PRAHA_1, organisation_id=make.actor.organisation_id, **more)

    def count(self, store, make):
        return store.visits.count_in_city_part(PRAHA_1, organisation_id=make.actor.organisation_id)[0]


class Audit(Suggested):
    def fill(self, store, make, count):
        for _ in range(count):
            store.visits.add(make.visit(city_part=PRAHA_1), make.actor)

    def page(self, store, make, **more):
        return store.audit.of_organisation(make.actor.organisation_id, entities=("visit",), **more)

    def count(self, store, make):
        return len(self.page(store, make, limit=1000).rows)

    def id_of(self, row):
        return row.entity_id


WAITING = [Suggested(), Edited(), Alerts(), FollowUps(), Merges(), VisitsOfCityPart()]
ALL = [*WAITING, Audit()]


def named(lists):
    return [pytest.param(one, id=type(one).__name__) for one in lists]


class Walk:
    """A reader who goes from page to page."""

    def __init__(self, one, store, make, limit=2):
        self.one, self.store, self.make, self.limit = one, store, make, limit
        self.seen, self.after, self.is_over = [], None, False

    def next(self):
        page = self.one.page(self.store, self.make, after=self.after, limit=self.limit)
        assert len(page.rows) == self.limit or page.further is None
        self.seen += [self.one.id_of(row) for row in page.rows]
        self.after, self.is_over = page.further, page.further is None
        return self

    def to_the_end(self):
        while not self.is_over:
            self.next()
        return self.seen


def whole(one, store, make):
    page = one.page(store, make, limit=1000)
    assert page.further is None
    return [one.id_of(row) for row in page.rows]


@pytest.mark.parametrize("one", named(ALL))
@pytest.mark.parametrize("limit", [1, 2, 4, 8])
def test_the_pages_of_a_list_are_the_list(store, make, one, limit):
    one.fill(store, make, 8)
    listed = whole(one, store, make)
    assert len(set(listed)) == 8 == one.count(store, make)
    assert Walk(one, store, make, limit).to_the_end() == listed


@pytest.mark.parametrize("one", named(WAITING))
def test_what_is_dealt_with_between_two_pages_moves_no_other(store, make, one):
    one.fill(store, make, 9)
    listed = whole(one, store, make)
    walk = Walk(one, store, make, 3).next()
    # What was shown, the last of it too, after which the next page begins; and what was not shown yet.
    for gone in (listed[0], listed[2], listed[3], listed[8]):
        one.go(store, make, gone)
    assert walk.to_the_end() == [*listed[:3], *listed[4:8]]
    assert one.count(store, make) == 5
    assert whole(one, store, make) == [listed[1], *listed[4:8]]


@pytest.mark.parametrize("one", named(ALL))
def test_what_comes_in_between_two_pages_makes_nothing_come_twice(store, make, one):
    one.fill(store, make, 7)
    listed = whole(one, store, make)
    walk = Walk(one, store, make, 3).next()
    one.fill(store, make, 4)
    seen = walk.next().to_the_end()
    assert len(seen) == len(set(seen))
    assert [one_id for one_id in seen if one_id in listed] == listed
    assert len(whole(one, store, make)) == 11


def test_a_place_edited_again_stands_first_and_is_not_lost(store, make):
    edited = Edited()
    edited.fill(store, make, 5)
    listed = whole(edited, store, make)
    walk = Walk(edited, store, make).next()
    edited.edit(store, make, listed[4], 3)
    assert walk.to_the_end() == listed[:4]
    assert whole(edited, store, make) == [listed[4], *listed[:4]]


def test_another_organisation_s_rows_are_on_no_page(store, make):
    mine, theirs = make.place(), make.place()
    store.places.add(mine, make.actor)
    store.places.add(theirs, make.stranger)
    assert whole(Suggested(), store, make) == [mine.draft.id]


def test_a_list_at_hand_has_the_same_pages():
    keys = [(1, "b"), (1, "c"), (2, "a"), (3, "a")]
    first = page_of("wxyz", keys, after=None, limit=2)
    assert (first.rows, first.further) == (("w", "x"), (1, "c"))
    # The row of the key has gone meanwhile, another one came before it.
    second = page_of("vwyz", [(0, "a"), (1, "b"), (2, "a"), (3, "a")], after=first.further, limit=2)
    assert (second.rows, second.further) == (("y", "z"), None)
    down = page_of("zyx", keys[:0:-1], after=(3, "a"), limit=1, down=True)
    assert (down.rows, down.further) == (("y",), (2, "a"))
    assert page_of("", [], after=(1,), limit=2).rows == ()
