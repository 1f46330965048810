"""What the table of places promises to everybody who uses it."""

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, StaleRevisionError, StoreError
from domain.geometry import BBox, LonLat
from domain.place import Actor, PlaceFilter, PlaceState
from geo.disclosure import facts_of
from store.engine import for_in
from store.events import Event
from tests.tools.stored import visits_in

AROUND = BBox(minx=14.43, miny=50.07, maxx=14.44, maxy=50.08)
EVERYTHING = BBox(minx=13.0, miny=49.0, maxx=16.0, maxy=51.0)
ALL_STATES = PlaceFilter(states=())


def test_a_place_comes_back_as_it_was_recorded(store, make):
    located = make.place(
        note="<b>u vrátnice</b>\n' OR 1=1 --",
        languages=("uk", "vi"),
        target_groups=("agenturni",),
        headcount="10_49",
        access="odepren",
    )
    stored = store.places.add(located, make.actor)
    assert store.places.get(located.draft.id) == stored
    for field in ("id", "kind", "name", "note", "position", "languages", "target_groups", "headcount", "access"):
        assert getattr(stored, field) == getattr(located.draft, field), field
    assert (stored.city_part, stored.admin_district, stored.cadastral_area) == ("500089", 2, "727164")
    assert (stored.state, stored.revision, stored.visit_count) == (PlaceState.SUGGESTED, 1, 0)
    assert stored.created_by == make.actor.account_id
    assert stored.created_at.utcoffset().total_seconds() == 0


def test_an_unknown_place_is_not_found(store, make):
    with pytest.raises(NotFoundError, match="unknown_place"):
        store.places.get(make.id())
    with pytest.raises(NotFoundError, match="unknown_place"):
        store.places.update(make.place(), revision=1, actor=make.actor)


def test_the_same_place_sent_by_ten_threads_is_one_record(store, make, audit_count):
    located = make.place()
    visit = make.visit(located.draft.id)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: store.places.add(located, make.actor, visit=visit), range(10)))
    assert len({(answer.id, answer.revision, answer.visit_count) for answer in answers}) == 1
    assert store.places.count() == 1
    assert len(store.visits.for_place(located.draft.id)) == 1
    assert audit_count() == 2
    assert store.data_version() == 1


def test_another_place_under_the_same_id_is_refused_and_shown(store, make):
    located = make.place()
    store.places.add(located, make.actor)
    with pytest.raises(StaleRevisionError) as caught:
        store.places.add(make.changed(located, name="Jiná"), make.actor)
    assert caught.value.current.name == located.draft.name
    with pytest.raises(NotPermittedError, match="other_organisation"):
        store.places.add(located, make.stranger)


def test_the_first_send_still_counts_as_the_same_after_a_correction(store, make):
    located = make.place()
    store.places.add(located, make.actor)
    corrected = store.places.update(make.changed(located, name="Opraveno"), revision=1, actor=make.actor)
    assert store.places.add(located, make.actor) == corrected


def test_a_correction_is_the_next_revision(store, make):
    located = make.place()
    store.places.add(located, make.actor)
    moved = make.place(id=located.draft.id, lon=14.5, lat=50.1, city_part="500119", kind="pracoviste", name="Hala")
    record = store.places.update(moved, revision=1, actor=make.colleague, reason="jiná brána")
    assert (record.revision, record.kind, record.city_part, record.name) == (2, "pracoviste", "500119", "Hala")
    assert record.created_by == make.actor.account_id
    first, second = store.places.history(record.id)
    assert (first.record.name, first.record.position, first.changed_by) == (
        located.draft.name,
        located.draft.position,
        make.actor.account_id,
    )
    assert (second.record.name, second.reason, second.changed_by) == ("Hala", "jiná brána", "colleague")


def test_a_stale_correction_is_refused_with_the_record_as_it_is(store, make):
    located = make.place()
    store.places.add(located, make.actor)
    store.places.update(make.changed(located, name="První"), revision=1, actor=make.actor)
    version = store.data_version()
    with pytest.raises(StaleRevisionError) as caught:
        store.places.update(make.changed(located, name="Druhý"), revision=1, actor=make.colleague)
    assert caught.value.current.name == "První"
    assert store.data_version() == version
    assert len(store.places.history(located.draft.id)) == 2


def test_a_correction_sent_twice_is_one_and_an_empty_one_is_none(store, make, audit_count):
    located = make.place()
    store.places.add(located, make.actor)
    changed = make.changed(located, name="Nový název")
    first = store.places.update(changed, revision=1, actor=make.actor)
    rows, version = audit_count(), store.data_version()
    assert store.places.update(changed, revision=1, actor=make.actor) == first
    assert store.places.update(changed, revision=2, actor=make.actor) == first
    assert (audit_count(), store.data_version()) == (rows, version)


def test_twenty_editors_lose_no_update(store, make):
    located = make.place(name="0")
    store.places.add(located, make.actor)

    def count_up(editor):
        actor = Actor(account_id=f"editor-{editor}", organisation_id=make.actor.organisation_id)
        for _attempt in range(200):
            current = store.places.get(located.draft.id)
            draft = make.changed(located, name=str(int(current.name) + 1))
            try:
                if store.places.update(draft, revision=current.revision, actor=actor):
                    return
            except StaleRevisionError:
                continue
        raise AssertionError("never came through")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(20)))
    record = store.places.get(located.draft.id)
    assert (record.revision, record.name) == (21, "20")
    assert [int(v.record.name) for v in store.places.history(record.id)] == list(range(record.revision))


def test_another_organisation_cannot_change_a_place(store, make):
    located = make.place()
    store.places.add(located, make.actor)
    with pytest.raises(NotPermittedError, match="other_organisation"):
        store.places.update(make.changed(located, name="Cizí"), revision=1, actor=make.stranger)
    with pytest.raises(NotPermittedError, match="other_organisation"):
        store.places.set_state(located.draft.id, PlaceState.CLOSED, revision=1, actor=make.stranger, reason="")
    with pytest.raises(NotPermittedError, match="other_organisation"):
        store.places.undo_add(located.draft.id, revision=1, actor=make.stranger)
    assert store.places.get(located.draft.id).revision == 1


def test_a_state_can_change_and_change_back(store, make):
    located = make.place()
    store.places.add(located, make.actor)
    closed = store.places.set_state(
        located.draft.id, PlaceState.CLOSED, revision=1, actor=make.actor, reason="zbourano"
    )
    assert (closed.state, closed.revision) == (PlaceState.CLOSED, 2)
    assert store.places.count() == 0
    assert store.places.count(only=ALL_STATES) == 1
    opened = store.places.set_state(located.draft.id, PlaceState.VERIFIED, revision=2, actor=make.actor, reason="omyl")
    assert opened.state == PlaceState.VERIFIED
    assert [v.reason for v in store.places.history(opened.id)] == ["", "zbourano", "omyl"]


def test_undo_takes_back_the_place_and_its_first_visit(store, make):
    located = make.place()
    record = store.places.add(located, make.actor, visit=make.visit(located.draft.id))
    undone = store.places.undo_add(record.id, revision=record.revision, actor=make.actor)
    assert (undone.state, undone.visit_count, undone.last_outcome) == (PlaceState.REJECTED, 0, None)
    assert store.visits.for_place(record.id) == []
    assert visits_in(store, "500089") == []
    assert store.places.find() == []
    version = store.data_version()
    assert store.places.undo_add(record.id, revision=record.revision, actor=make.actor) == undone
    assert store.data_version() == version


def test_undo_is_for_the_author_alone(store, make):
    record = store.places.add(make.place(), make.actor)
    with pytest.raises(NotPermittedError, match="undo_not_own"):
        store.places.undo_add(record.id, revision=1, actor=make.colleague)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "neregulerni"},
        {"kind": ""},
        {"target_groups": ("neregulerni",)},
        {"target_groups": ("tzz", "do90")},
        {"headcount": "5"},
        {"access": "x"},
        {"languages": ("cs",)},
    ],
)
def test_no_code_that_may_not_stand_on_a_place_gets_in(store, make, fields):
    with pytest.raises(InvalidValueError, match=r"term_not_allowed|unknown_language"):
        store.places.add(make.place(**fields), make.actor)
    with pytest.raises(InvalidValueError, match=r"term_not_allowed|unknown_language"):
        store.places.bulk_add([make.place(**fields)], make.actor)
    good = make.place()
    store.places.add(good, make.actor)
    with pytest.raises(InvalidValueError, match=r"term_not_allowed|unknown_language"):
        store.places.update(make.changed(good, **fields), revision=1, actor=make.actor)
    assert store.places.count(only=ALL_STATES) == 1


def test_find_filters_by_everything(store, make):
    inside = store.places.add(make.place(), make.actor)
    outside = store.places.add(make.place(lon=14.6, kind="obchod", city_part="500119"), make.actor)
    nowhere = store.places.add(make.place(without_position=True), make.actor)
    theirs = store.places.add(make.place(), make.stranger)
    ids = lambda **asked: {record.id for record in store.places.find(**asked)}  # noqa: E731
    assert ids() == {inside.id, outside.id, nowhere.id, theirs.id}
    assert ids(bbox=AROUND) == {inside.id, theirs.id}
    assert ids(only=PlaceFilter(kinds=("obchod",))) == {outside.id}
    assert ids(only=PlaceFilter(city_parts=("500089",))) == {inside.id, nowhere.id, theirs.id}
    assert ids(bbox=AROUND, only=PlaceFilter(organisation_ids=("another-organisation",))) == {theirs.id}
    assert ids(only=PlaceFilter(states=(PlaceState.CLOSED,))) == set()
    assert [record.id for record in store.places.find(limit=2)] == [theirs.id, nowhere.id]
    assert nowhere.position is None


def test_count_and_cells_agree_with_find(store, make):
    for step in range(40):
        store.places.add(
            make.place(lon=14.3 + step * 0.01, lat=50.0 + step * 0.003, kind=("ubytovna", "obchod")[step % 2]),
            make.actor,
        )
    store.places.add(make.place(without_position=True), make.actor)
    for bbox in (None, AROUND, EVERYTHING, BBox(minx=14.3, miny=50.0, maxx=14.5, maxy=50.1)):
        for only in (PlaceFilter(), PlaceFilter(kinds=("obchod",)), ALL_STATES):
            assert store.places.count(bbox=bbox, only=only) == len(store.places.find(bbox=bbox, only=only)), (
                bbox,
                only,
            )
    for resolution in (7, 8, 9, 10):
        cells = store.places.cells(resolution=resolution)
        assert sum(row.count for row in cells) == 41
        assert [row.count for row in cells if not row.cell] == [1]
        with_position = [row for row in cells if row.cell]
        lons = sorted(record.position.lon for record in store.places.find() if record.position)
        assert math.isclose(sum(row.lon_sum for row in with_position), sum(lons))


@pytest.mark.parametrize("resolution", [7, 8, 9, 10])
def test_cells_of_a_view_hold_every_place_in_it(store, make, resolution):
    for step in range(60):
        store.places.add(make.place(lon=14.40 + step * 0.001, lat=50.05 + (step * 7 % 60) * 0.0007), make.actor)
    view = BBox(minx=14.42, miny=50.06, maxx=14.44, maxy=50.08)
    in_view = store.places.find(bbox=view)
    assert in_view
    cells = store.places.cells(resolution=resolution, bbox=view)
    assert sum(row.count for row in cells) >= len(in_view)
    all_cells = store.places.cells(resolution=resolution)
    missing = {row.cell for row in all_cells} - {row.cell for row in cells}
    # Each left-out cell's mean position is outside the view.
    for row in all_cells:
        if row.cell in missing:
            mean = LonLat(lon=row.lon_sum / row.count, lat=row.lat_sum / row.count)
            assert not (view.minx <= mean.lon <= view.maxx and view.miny <= mean.lat <= view.maxy)


def test_cells_nest_as_the_privacy_gate_nests_them(store, make):
    from geo.cells import cell_of, parent_of

    for step in range(50):
        record = store.places.add(make.place(lon=14.3 + step * 0.007, lat=50.0 + step * 0.003), make.actor)
        finest = cell_of(record.position, 10)
        for resolution in (7, 8, 9, 10):
            view = BBox(
                minx=record.position.lon, miny=record.position.lat, maxx=record.position.lon, maxy=record.position.lat
            )
            cells = {row.cell for row in store.places.cells(resolution=resolution, bbox=view)}
            assert parent_of(finest, resolution) in cells


def test_an_unknown_resolution_is_refused(store):
    with pytest.raises(InvalidValueError, match="unknown_cell_resolution"):
        store.places.cells(resolution=6)


def test_nearby_measures_and_sorts(store, make):
    here = LonLat(lon=14.4378, lat=50.0755)
    metre_lat = 1 / 111_195
    near = store.places.add(make.place(lat=here.lat + 20 * metre_lat), make.actor)
    far = store.places.add(make.place(lat=here.lat + 74 * metre_lat), make.actor)
    store.places.add(make.place(lat=here.lat + 77 * metre_lat), make.actor)
    store.places.add(make.place(kind="obchod"), make.actor)
    store.places.add(make.place(), make.stranger)
    closed = store.places.add(make.place(), make.actor)
    store.places.set_state(closed.id, PlaceState.CLOSED, revision=1, actor=make.actor, reason="")
    found = store.places.nearby(here, radius_m=75, kind="ubytovna", organisation_id=make.actor.organisation_id)
    assert [record.id for record, _ in found] == [near.id, far.id]
    assert [round(distance) for _, distance in found] == [20, 74]


def test_nearby_agrees_with_the_metric_projection(store, make):
    import numpy as np

    from geo.crs import lonlat_to_metric

    here = LonLat(lon=14.4378, lat=50.0755)
    record = store.places.add(make.place(lon=here.lon + 0.0007, lat=here.lat + 0.0004), make.actor)
    x, y = lonlat_to_metric(np.array([here.lon, record.position.lon]), np.array([here.lat, record.position.lat]))
    ((_, distance),) = store.places.nearby(here, radius_m=75)
    assert distance == pytest.approx(math.hypot(x[1] - x[0], y[1] - y[0]), rel=0.005)


def test_search_ignores_case_and_diacritics_and_takes_signs_as_they_are(store, make):
    first = store.places.add(make.place(name="Řeporyje, ubytovna"), make.actor)
    second = store.places.add(make.place(name="Ubytovna Řeporyje"), make.actor)
    percent = store.places.add(make.place(name="100% sleva_x"), make.actor)
    store.places.add(make.place(name="Řeporyje"), make.stranger)
    found = lambda text: [r.id for r in store.places.search(text, organisation_id=make.actor.organisation_id, limit=9)]  # noqa: E731
    assert found("reporyje") == [first.id, second.id]
    assert found("ŘEPORYJE") == [first.id, second.id]
    assert found("0%") == [percent.id]
    assert found("a_x") == [percent.id]
    assert found("%") == [percent.id]
    assert found("  ") == []


def test_a_place_knows_what_happened_there_last(store, make):
    record = store.places.add(make.place(), make.actor)
    store.visits.add(make.visit(record.id, happened_on=date(2026, 9, 1), outcome="nikdo"), make.actor)
    store.visits.add(make.visit(record.id, happened_on=date(2025, 1, 1), outcome="odmitl"), make.actor)
    store.changes.add(make.change(record.id), make.actor)
    for found in (store.places.get(record.id), store.places.find()[0]):
        assert (found.visit_count, found.last_visit_on, found.last_outcome) == (2, date(2026, 9, 1), "nikdo")
        assert (found.last_change, found.last_change_on) == ("nabor", date(2026, 9, 21))
        assert found.revision == 1


def test_bulk_adding_keeps_the_same_invariants(store, make, audit_count):
    rows = [
        make.place(lon=14.3 + i * 0.0001, kind=("ubytovna", "skola")[i % 2], without_position=i % 10 == 0)
        for i in range(500)
    ]
    assert store.places.bulk_add(iter(rows), make.actor) == 500
    assert audit_count() == 1
    assert store.data_version() == 1
    assert store.places.verify_cells() == []
    assert store.places.count() == 500
    one = store.places.get(rows[3].draft.id)
    assert store.places.add(rows[3], make.actor) == one
    assert store.places.history(one.id)[0].record.name == one.name
    assert store.places.bulk_add(rows, make.actor) == 0
    assert (audit_count(), store.data_version()) == (1, 1)


def test_the_check_of_cells_finds_what_is_wrong(store, make, home):
    store.places.add(make.place(), make.actor)
    home.execute("UPDATE place_cells SET count = 5 WHERE resolution = 9")
    assert [problem.code for problem in store.places.verify_cells()] == ["place_cells_differ"]
    home.execute("DELETE FROM place_cells WHERE resolution = 9")
    assert [(p.value, p.limit) for p in store.places.verify_cells()] == [("0", "1")]
    home.execute(*(f"DELETE FROM {name}" for name in ("place_cells", "place_versions", "places")))


def test_visits_of_a_city_part_are_asked_for_by_organisation_day_and_number(store, make):
    own = [
        store.visits.add(make.visit(city_part="500089", happened_on=date(2026, 9, day)), make.actor)
        for day in (1, 2, 3)
    ]
    other = store.visits.add(make.visit(city_part="500089", happened_on=date(2026, 9, 9)), make.stranger)
    withdrawn = store.visits.add(make.visit(city_part="500089", happened_on=date(2026, 9, 8)), make.actor)
    store.visits.withdraw(withdrawn.id, make.actor)
    mine = {"organisation_id": make.actor.organisation_id}
    assert visits_in(store, "500089") == [other, *reversed(own)]
    assert store.visits.page_of_city_part("500089", **mine, limit=2).rows == (own[2], own[1])
    assert store.visits.page_of_city_part("500089", **mine, since=date(2026, 9, 3), limit=2).rows == (own[2],)
    assert store.visits.page_of_city_part("500089", **mine, since=date(2026, 9, 2), limit=9).rows == (own[2], own[1])
    assert store.visits.count_in_city_part("500089", **mine) == (3, date(2026, 9, 3))
    assert store.visits.count_in_city_part("500119", **mine) == (0, None)


def test_bulk_visits_count_like_single_ones(store, make, audit_count):
    records = [store.places.add(make.place(name=str(n)), make.actor) for n in range(3)]
    store.changes.add(make.change(records[0].id, happened_on=date(2026, 8, 1)), make.actor)
    drafts = [make.visit(record.id, happened_on=date(2026, 9, day)) for record in records[:2] for day in (5, 3)]
    drafts.append(make.visit(None, happened_on=date(2026, 9, 1)))
    before = audit_count()
    rows = [(draft, records[0].city_part) for draft in drafts]
    assert store.visits.bulk_add(iter(rows), make.actor) == 5
    assert store.visits.bulk_add(rows, make.actor) == 0
    assert audit_count() == before + 1
    found = [store.places.get(record.id) for record in records]
    assert [(record.visit_count, record.last_visit_on) for record in found] == [
        (2, date(2026, 9, 5)), (2, date(2026, 9, 5)), (0, None),
    ]  # fmt: skip
    assert (found[0].last_change, found[0].last_change_on) == ("nabor", date(2026, 8, 1))
    assert len(visits_in(store, records[0].city_part)) == 5


def test_clusters_are_the_cells_added_up(store, make):
    for n in range(40):
        kind, who = ("ubytovna", make.actor) if n % 3 else ("skola", make.stranger)
        store.places.add(make.place(lon=14.40 + n * 2e-4, kind=kind, city_part="500089" if n % 2 else "500054"), who)
    store.places.add(make.place(without_position=True, city_part="500119"), make.actor)
    bbox = BBox(minx=14.40, miny=50.0, maxx=14.404, maxy=50.1)
    for only in (PlaceFilter(), PlaceFilter(kinds=("skola",)), PlaceFilter(organisation_ids=("another-organisation",))):
        for area in (bbox, None):
            rows = [row for row in store.places.cells(resolution=9, bbox=area, only=only) if row.cell]
            found = {row.cell: row for row in store.places.clusters(resolution=9, bbox=area, only=only)}
            assert set(found) == {row.cell for row in rows}
            for cell, row in found.items():
                there = [one for one in rows if one.cell == cell]
                assert row.count == sum(one.count for one in there)
                assert row.lon_sum == pytest.approx(sum(one.lon_sum for one in there))
                assert row.city_part == min(one.city_part for one in there)
    assert store.places.unplaced() == {"500119": 1}
    assert store.places.unplaced(PlaceFilter(kinds=("skola",))) == {}


def test_pages_by_key_repeat_and_lose_nothing_while_others_write(store, make):
    stored = [store.places.add(make.place(), make.actor).id for _ in range(7)]
    elsewhere = make.place(kind="urad")
    store.places.add(elsewhere, make.actor)
    seen, after, late = [], "", []
    while page := store.places.page(only=PlaceFilter(kinds=("ubytovna",)), after=after, limit=2):
        assert len(page) <= 2
        seen += [place.id for place in page]
        after = page[-1].id
        if len(late) < 3:
            # One recorded behind the reader's back, and one that was read is changed.
            late.append(store.places.add(make.place(), make.actor).id)
            read = store.places.get(page[0].id)
            store.places.set_state(read.id, PlaceState.VERIFIED, revision=read.revision, actor=make.actor, reason="")
    assert len(seen) == len(set(seen))
    assert sorted(stored) == [place_id for place_id in seen if place_id in stored]
    assert seen == sorted(seen)
    assert elsewhere.draft.id not in seen
    assert set(seen) == {*stored, *late}, "ids grow, so what is recorded meanwhile comes at the end"


def test_the_log_tells_which_places_were_touched(store, make):
    first, second = (store.places.add(make.place(), make.actor) for _ in range(2))
    seq = store.places.changes_since(None).up_to

    def since():
        nonlocal seq
        found = store.places.changes_since(seq)
        seq = found.up_to
        return found.place_ids

    assert since() == frozenset()
    visit = store.visits.add(make.visit(place_id=first.id), make.actor)
    assert since() == {first.id}
    store.visits.withdraw(visit.id, make.actor)
    store.places.set_state(second.id, PlaceState.CLOSED, revision=1, actor=make.actor, reason="")
    assert since() == {first.id, second.id}
    store.events.note(Event.EXPORT, "place", [second.id], actor=make.actor)
    store.settings.set("first_run_seen", value=True, actor=make.actor)
    assert since() == frozenset()
    store.places.bulk_add([make.place()], make.actor)
    assert since() is None, "a row of the log for many places names none of them"
    store.erasures.erase_place(first.id, actor=make.actor, reason="žádost")
    assert since() is None, "what was noted there and elsewhere went too"


def test_facts_say_what_records_say_of_one_state(store, make, monkeypatch):
    monkeypatch.setattr("store.places._STREAM_ROWS", 2)
    stored = [store.places.add(make.place(without_position=n == 0), make.actor) for n in range(5)]
    store.visits.add(make.visit(place_id=stored[1].id), make.actor)
    store.places.set_state(stored[2].id, PlaceState.CLOSED, revision=1, actor=make.actor, reason="")
    records = {place.id: place for place in store.places.find(only=PlaceFilter(states=()))}
    parts = store.places.facts()
    found = next(parts)
    assert len(found) == 2
    # Whoever writes meanwhile writes after this state.
    store.places.add(make.place(), make.actor)
    found += [fact for part in parts for fact in part]
    assert sorted(found) == sorted(map(facts_of, records.values()))
    chosen = [stored[1].id, stored[3].id, "unknown"]
    assert {fact.id for part in store.places.facts(chosen) for fact in part} == {stored[1].id, stored[3].id}
    assert list(store.places.facts([])) == []


@pytest.mark.parametrize("text", ["a\tb\\n\n'\\.\r\n", "\\N", '"; DROP TABLE places; --', "Růžek 𝄞 %s :x ?"])
def test_texts_of_mass_writes_come_back_as_they_were(store, make, text):
    rows = [make.place(name=f"x{text}x", note=text), make.place(note="", languages=("uk", "vi"), without_position=True)]
    store.places.bulk_add(rows, make.actor)
    for located in rows:
        stored = store.places.get(located.draft.id)
        for field in ("name", "note", "position", "languages", "headcount"):
            assert getattr(stored, field) == getattr(located.draft, field), field
    (version,) = store.places.history(rows[0].draft.id)
    assert version.record.note == text


def test_a_mass_write_that_the_database_refuses_is_told_as_any_other(store, make):
    known, unknown = store.places.add(make.place(), make.actor), make.visit(make.id())
    with pytest.raises(StoreError, match="write_refused"):
        store.visits.bulk_add([(make.visit(known.id), "500089"), (unknown, "500089")], make.actor)
    assert store.visits.for_place(known.id) == []
    assert store.visits.bulk_add([(make.visit(known.id), "500089")], make.actor) == 1


def test_counting_up_to_a_limit_is_counting(store, make):
    store.places.bulk_add([make.place(lon=14.3 + n * 1e-3, lat=50.05 + n % 7 * 5e-3) for n in range(300)], make.actor)
    for maxx in (14.31, 14.4, 14.5, 14.59):
        bbox = BBox(minx=14.3, miny=50.04, maxx=maxx, maxy=50.09)
        count = store.places.count(bbox=bbox)
        for limit in (1, 5, count - 1, count, count + 1, 1000):
            assert store.places.count(bbox=bbox, at_most=limit) == min(count, limit)


def test_an_in_has_few_lengths():
    assert for_in([]) == []
    assert for_in(["a"]) == ["a"]
    assert for_in(["a", "b", "c"]) == ["a", "b", "c", "c"]
    assert {len(for_in(["x"] * number)) for number in range(1000, 2000)} == {1024, 2048}
