import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import uuid_utils

from actions import place_marks
from actions.place_marks import COLUMNS, FEWER, freshness_of, resolution_of
from actions.place_reader import StorePlaceReader, place_detail, search_places
from api.responses import pack
from domain.errors import NotFoundError, NotPermittedError
from domain.geometry import BBox, LonLat
from domain.place import Actor, ChangeDraft, LocatedPlace, PlaceDraft, PlaceFilter, PlaceState, VisitDraft
from domain.roles import PUBLIC_CLEARANCE, Clearance, Role, Share, Tier
from domain.text import Language
from geo.boundaries import representative_point
from geo.locate import locate_many
from layers._live import render_geojson
from layers.contract import Context, Readers
from layers.registry import get_layer
from store import open_store

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
WORKER = Clearance(role=Role.FIELD_WORKER, organisation_id="o1")
STRANGER = Clearance(role=Role.COORDINATOR, organisation_id="stranger")
PARTICIPANT = Clearance(role=Role.PARTICIPANT, organisation_id="o1")
EVERYTHING = BBox(minx=14.0, miny=49.8, maxx=15.0, maxy=50.3)
KINDS = ("ubytovna", "pracoviste", "skola")


class Made:
    """A store with ways to fill it."""

    def __init__(self, store):
        self.store = store

    def place(self, organisation="o1", *, lon=14.4378, lat=50.0755, city_part="500089", placed=True, **fields):
        draft = PlaceDraft(
            id=str(uuid_utils.uuid7()), kind=fields.pop("kind", "ubytovna"), name=fields.pop("name", "Ubytovna Růžek"),
            position=LonLat(lon=lon, lat=lat) if placed else None, city_part=None if placed else city_part, **fields,
        )  # fmt: skip
        located = LocatedPlace(draft=draft, city_part=city_part, admin_district=2, cadastral_area="727164")
        return self.store.places.add(located, Actor(account_id=f"author-{organisation}", organisation_id=organisation))

    def many(self, count, organisations, seed=1):
        random = np.random.default_rng(seed)
        lon, lat = random.uniform(14.25, 14.68, count * 3), random.uniform(49.96, 50.16, count * 3)
        codes = locate_many(lon, lat).codes_of_city_parts()
        inside = [row for row in range(len(lon)) if codes[row] is not None][:count]
        for organisation in organisations:
            self.store.places.bulk_add(
                (
                    LocatedPlace(
                        draft=PlaceDraft(
                            id=str(uuid_utils.uuid7()), kind=KINDS[row % 3], name=f"Jméno {row}",
                            position=LonLat(lon=float(lon[row]), lat=float(lat[row])),
                        ),
                        city_part=codes[row], admin_district=1, cadastral_area=None,
                    )
                    for row in inside[organisations.index(organisation) :: len(organisations)]
                ),
                Actor(account_id=f"author-{organisation}", organisation_id=organisation),
            )  # fmt: skip

    def visit(self, place, on, organisation="o1"):
        draft = VisitDraft(
            id=str(uuid_utils.uuid7()), happened_on=on, outcome="informovan", place_id=place.id, note="u vrátnice"
        )
        return self.store.visits.add(draft, Actor(account_id=f"author-{organisation}", organisation_id=organisation))


@pytest.fixture
def made(tmp_path):
    store = open_store(tmp_path / "data", clock=lambda: NOW - timedelta(days=1))
    yield Made(store)
    store.close()


def read(made, clearance=WORKER, *, bbox=EVERYTHING, zoom=14, only=None, now=NOW):
    reader = StorePlaceReader(made.store, now=lambda: now)
    return reader.places(bbox=bbox, zoom=zoom, only=only or PlaceFilter(), clearance=clearance)


def test_an_empty_store_gives_an_empty_frame_with_all_columns(made):
    for clearance in (WORKER, STRANGER, PARTICIPANT, PUBLIC_CLEARANCE):
        frame = read(made, clearance)
        assert frame.empty
        assert set(frame.columns) == set(COLUMNS)
        assert frame.crs == "EPSG:4326"


def test_the_own_organisation_sees_its_places_exactly(made):
    place = made.place(headcount="10_49", access="volny")
    made.visit(place, date(2026, 9, 20))
    frame = read(made)
    (row,) = frame.to_dict("records")
    expected = {
        "id": place.id, "kind": "ubytovna", "class": "ubytovna", "name": "Ubytovna Růžek", "freshness": "fresh",
        "last_visit": "2026-09-20", "last_visit_month": None, "visit_count": 1, "places": None, "city_part": "500089",
        "headcount": "10_49", "access": "volny", "state": "suggested", "last_change": None, "precision": "exact",
        "own": True, "cluster": 0,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert (row["geometry"].x, row["geometry"].y) == (14.4378, 50.0755)


def test_places_outside_the_view_are_not_there(made):
    made.place()
    assert read(made, bbox=BBox(minx=14.44, miny=50.0, maxx=14.6, maxy=50.1)).empty


def test_own_places_known_to_their_city_part_are_marks_for_it(made):
    place = made.place(placed=False)
    point = representative_point("500089")
    (row,) = read(made).to_dict("records")
    assert (row["id"], row["precision"]) == (place.id, "city_part")
    assert (row["geometry"].x, row["geometry"].y) == (point.lon, point.lat)
    assert len(read(made, bbox=None, zoom=None)) == 1
    assert read(made, bbox=BBox(minx=14.6, miny=50.0, maxx=14.7, maxy=50.1)).empty


def test_filters_of_own_places(made):
    made.place(kind="ubytovna")
    closed = made.place(kind="skola")
    made.store.places.set_state(
        closed.id, PlaceState.CLOSED, revision=1, actor=Actor(account_id="a", organisation_id="o1"), reason="zavřeno"
    )
    assert read(made)["kind"].tolist() == ["ubytovna"]
    assert read(made, only=PlaceFilter(kinds=("skola",))).empty
    assert read(made, only=PlaceFilter(kinds=("skola",), states=(PlaceState.CLOSED,)))["kind"].tolist() == ["skola"]
    assert read(made, only=PlaceFilter(organisation_ids=("o2",))).empty
    assert len(read(made, only=PlaceFilter(organisation_ids=("o1",)))) == 1


@pytest.mark.parametrize("zoom", [8, 11, 13, 16])
def test_many_own_places_become_clusters_that_lose_none(made, zoom, monkeypatch):
    monkeypatch.setattr("actions.place_reader.MAX_POINTS", 100)
    made.many(300, ["o1"])
    frame = read(made, zoom=zoom)
    assert (frame["cluster"] > 0).all()
    assert frame["cluster"].sum() == 300
    assert frame["id"].isna().all()
    assert frame["name"].isna().all()
    assert len(frame) < 300 or zoom == 16
    assert len(read(made, bbox=None, zoom=zoom)) == len(frame)
    # A table is whole, and a view with few places shows them.
    assert len(read(made, zoom=None)) == 300
    small = read(made, bbox=BBox(minx=14.40, miny=50.05, maxx=14.45, maxy=50.08), zoom=zoom)
    assert (small["cluster"] == 0).all()
    assert small["name"].notna().all()
    assert 0 < len(small) <= 100


def test_clusters_stand_at_the_mean_and_a_lone_place_is_not_given_away(made, monkeypatch):
    monkeypatch.setattr("actions.place_reader.MAX_POINTS", 1)
    for lon in (14.4371, 14.4374, 14.4377):
        made.place(lon=lon)
    alone = made.place(lon=14.5201, lat=50.1001, city_part="547417")
    frame = read(made, zoom=16)
    by_count = {row["cluster"]: row["geometry"] for row in frame.to_dict("records")}
    assert by_count[3].x == pytest.approx(14.4374, abs=1e-6)
    assert (by_count[1].x, by_count[1].y) != (alone.position.lon, alone.position.lat)


def test_the_live_map_never_gets_more_than_the_limit(made, monkeypatch):
    for module in ("actions.place_reader", "actions.place_marks"):
        monkeypatch.setattr(f"{module}.MAX_POINTS", 100)
    made.many(400, ["o1", "o2"])
    until = NOW + timedelta(days=1)
    share = Share(owner_organisation_id="o2", tier=Tier.EXACT, purpose="společný výjezd", until=until)
    reader = Clearance(role=Role.FIELD_WORKER, organisation_id="o1", shares=(share,))
    frame = read(made, reader, zoom=10)
    assert (frame["cluster"] > 0).all()
    assert frame["cluster"].sum() == 400


@pytest.mark.parametrize(
    ("zoom", "resolution"), [(0, 7), (10, 7), (11, 8), (12, 8), (13, 9), (14, 9), (15, 10), (22, 10), (None, None)]
)
def test_resolution_of_clusters(zoom, resolution):
    assert resolution_of(zoom) == resolution


def crowd(made):
    """Five hostels of two organisations within a few metres of each other, visited in May."""
    places = []
    for number in range(5):
        organisation = f"o{number % 2 + 2}"
        places.append(
            made.place(
                organisation,
                lon=14.437811 + number * 1e-5,
                name=f"Tajné jméno {number}",
                note=f"Tajná poznámka {number}",
            )
        )
        made.visit(places[-1], date(2026, 5, 10 + number), organisation)
    return places


def test_places_of_others_come_as_an_area(made):
    places = crowd(made)
    frame = read(made, STRANGER)
    (row,) = frame.to_dict("records")
    expected = {
        "id": None, "kind": "live", "class": "live", "name": None, "freshness": "ageing", "last_visit": None,
        "last_visit_month": "2026-05", "visit_count": 5, "places": "5", "city_part": "500089", "headcount": None,
        "access": None, "state": None, "last_change": None, "precision": "cell", "own": False, "cluster": 0,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert not any(place.position == LonLat(lon=row["geometry"].x, lat=row["geometry"].y) for place in places)


def test_few_places_of_others_have_no_number(made):
    for number in range(4):
        made.place(f"o{number % 2 + 2}", lon=14.437811 + number * 1e-5)
    (row,) = read(made, STRANGER).to_dict("records")
    assert (row["precision"], row["places"]) == ("cell", FEWER)
    (row,) = read(made, PARTICIPANT).to_dict("records")
    assert (row["precision"], row["places"]) == ("city_part", FEWER)
    assert read(made, PUBLIC_CLEARANCE).empty


def test_a_filter_does_not_reach_into_an_area(made):
    crowd(made)
    whole = read(made, STRANGER)
    for only in (
        PlaceFilter(kinds=("ubytovna",)), PlaceFilter(kinds=("sidliste",)), PlaceFilter(city_parts=("500089",)),
        PlaceFilter(states=(PlaceState.SUGGESTED,)), PlaceFilter(states=(PlaceState.VERIFIED,)),
    ):  # fmt: skip
        frame = read(made, STRANGER, only=only)
        assert frame.drop(columns="geometry").equals(whole.drop(columns="geometry"))
    for only in (
        PlaceFilter(kinds=("skola",)),
        PlaceFilter(organisation_ids=("o2",)),
        PlaceFilter(city_parts=("500054",)),
    ):
        assert read(made, STRANGER, only=only).empty


def test_participants_see_their_own_organisation_by_city_part_too(made):
    for number in range(6):
        made.place("o1", lon=14.437811 + number * 1e-5)
    (row,) = read(made, PARTICIPANT).to_dict("records")
    assert (row["precision"], row["places"], row["id"]) == ("city_part", "6", None)


def test_a_change_a_share_and_its_end_show_at_once(made):
    places = crowd(made)
    share = Share(
        owner_organisation_id="o2", tier=Tier.EXACT, purpose="společný výjezd", until=NOW + timedelta(hours=1)
    )
    shared = Clearance(role=Role.COORDINATOR, organisation_id="stranger", shares=(share,))
    assert sorted(read(made, shared)["id"].dropna()) == sorted(
        place.id for place in places if place.organisation_id == "o2"
    )
    assert read(made, shared, now=NOW + timedelta(hours=1))["id"].isna().all()
    assert read(made, STRANGER)["places"].tolist() == ["5"]
    made.place("o2", lon=14.437861)
    assert read(made, STRANGER)["places"].tolist() == ["6"]


def test_no_canary_in_what_others_get(made):
    places = crowd(made)
    for clearance in (STRANGER, PARTICIPANT, PUBLIC_CLEARANCE, Clearance(role=Role.ADMIN, organisation_id="stranger")):
        for bbox, zoom in ((EVERYTHING, 10), (EVERYTHING, 18), (None, None)):
            text = json.dumps(json.loads(read(made, clearance, bbox=bbox, zoom=zoom).to_json()), ensure_ascii=False)
            for place in places:
                canaries = (
                    place.id,
                    place.name,
                    place.note,
                    place.created_by,
                    str(place.position.lon),
                    str(place.last_visit_on),
                )
                assert [canary for canary in canaries if canary in text] == []


def test_the_reader_keeps_answers_apart(made):
    crowd(made)
    for _ in range(2):
        assert read(made, STRANGER)["precision"].tolist() == ["cell"]
        assert read(made, PARTICIPANT)["precision"].tolist() == ["city_part"]
        assert read(made, Clearance(role=Role.FIELD_WORKER, organisation_id="o2"))["own"].sum() == 3
        assert read(made, PUBLIC_CLEARANCE).empty


# --- Detail and search -------------------------------------------------------------------------


def test_detail_of_an_own_place(made):
    place = made.place(note="vchod ze dvora")
    made.visit(place, date(2026, 9, 20))
    made.visit(place, date(2026, 9, 25), "o2")
    actor = Actor(account_id="author-o1", organisation_id="o1")
    change = ChangeDraft(id=str(uuid_utils.uuid7()), place_id=place.id, change="nabor", happened_on=date(2026, 9, 21))
    made.store.changes.add(change, actor)
    detail = place_detail(made.store, place.id, WORKER, NOW)
    assert (detail.place.note, detail.place.visit_count) == ("vchod ze dvora", 2)
    assert [(visit.happened_on.day, visit.note) for visit in detail.visits] == [(25, None), (20, "u vrátnice")]
    assert [(change.change, change.created_by) for change in detail.changes] == [("nabor", "author-o1")]


def test_detail_of_anything_else_is_not_found(made):
    place = made.place()
    for clearance, place_id in ((STRANGER, place.id), (PARTICIPANT, place.id), (WORKER, "no-such-place")):
        with pytest.raises(NotFoundError) as refused:
            place_detail(made.store, place_id, clearance, NOW)
        assert refused.value.code == "unknown_place"
    with pytest.raises(NotPermittedError):
        place_detail(made.store, place.id, PUBLIC_CLEARANCE, NOW)


def test_search_finds_only_whole_records(made):
    own = made.place("o1", name="Ubytovna Řeporyje")
    shared = made.place("o2", name="Ubytovna Řepy")
    made.place("o3", name="Řeznictví")
    share = Share(owner_organisation_id="o2", tier=Tier.EXACT, purpose="výjezd", until=NOW + timedelta(hours=1))
    reader = Clearance(role=Role.FIELD_WORKER, organisation_id="o1", shares=(share,))
    assert [row.id for row in search_places(made.store, "rep", clearance=WORKER, now=NOW)] == [own.id]
    assert [row.id for row in search_places(made.store, "rep", clearance=reader, now=NOW)] == [own.id, shared.id]
    assert [row.id for row in search_places(made.store, "rep", clearance=reader, now=NOW, limit=1)] == [own.id]
    assert search_places(made.store, "re", clearance=PARTICIPANT, now=NOW) == []
    assert search_places(made.store, "re", clearance=STRANGER, now=NOW) == []
    with pytest.raises(NotPermittedError):
        search_places(made.store, "re", clearance=PUBLIC_CLEARANCE, now=NOW)


def test_search_finds_open_places_of_a_partner(made):
    school = made.place("o2", name="Škola", kind="skola")
    made.place("o2", name="Školní ubytovna")
    partner = Clearance(role=Role.COORDINATOR, organisation_id="o1", partner_of=frozenset({"o2"}))
    assert [row.id for row in search_places(made.store, "skol", clearance=partner, now=NOW)] == [school.id]


@pytest.mark.parametrize(
    ("last_visit", "expected"),
    [
        (None, "never"),
        ("2026-11-01", "fresh"),
        ("2026-05-02", "fresh"),
        ("2026-05-01", "ageing"),
        ("2025-11-02", "ageing"),
        ("2025-11-01", "stale"),
        ("2019-01-01", "stale"),
        ("2026-06", "fresh"),
        ("2026-05", "ageing"),
        ("2025-11", "stale"),
    ],
)
def test_freshness(last_visit, expected):
    assert freshness_of(last_visit, date(2026, 11, 1)) == expected


def test_as_many_points_as_fit_into_a_view_of_150_kb(made):
    made.many(place_marks.MAX_POINTS, ["o1"])
    layer = get_layer("places")
    readers = Readers(places=StorePlaceReader(made.store, now=lambda: NOW))
    features = layer.load(Context(bbox=EVERYTHING, zoom=11, clearance=WORKER, readers=readers))
    assert len(features.frame) == place_marks.MAX_POINTS
    assert not features.frame["cluster"].any()
    assert len(pack(render_geojson(layer, features, Language.CS)).gzipped) < 150 * 1024


def test_pages_hold_what_one_answer_holds(made, monkeypatch):
    monkeypatch.setattr("actions.place_reader.PAGE_ROWS", 7)
    made.many(60, ["o1", "o2", "o3"])
    unplaced, old = made.place(placed=False), made.place("o2", kind="skola")
    made.visit(made.place(kind="skola"), date(2026, 9, 20))
    share = Share(owner_organisation_id="o2", tier=Tier.EXACT, purpose="společná akce", until=NOW + timedelta(days=1))
    sharing = Clearance(role=Role.FIELD_WORKER, organisation_id="o1", shares=(share,))
    for clearance in (WORKER, STRANGER, PARTICIPANT, PUBLIC_CLEARANCE, sharing):
        for only in (PlaceFilter(), PlaceFilter(kinds=("skola",)), PlaceFilter(organisation_ids=("o2",))):
            reader = StorePlaceReader(made.store, now=lambda: NOW)
            pages = list(reader.pages(only=only, clearance=clearance))
            whole = read(made, clearance, bbox=None, zoom=None, only=only)
            assert [page.crs for page in pages] == ["EPSG:4326"] * len(pages)
            assert all(len(page) <= 7 for page in pages)
            paged = [row for page in pages for row in page.to_dict("records")]
            assert sorted(map(repr, paged)) == sorted(map(repr, whole.to_dict("records")))
            if only == PlaceFilter():
                ids = {row["id"] for row in paged}
                assert (unplaced.id in ids) == (clearance in (WORKER, sharing))
                assert (old.id in ids) == (clearance is sharing)


def test_pages_of_an_empty_store_are_one_empty_frame(made):
    (page,) = StorePlaceReader(made.store, now=lambda: NOW).pages(only=PlaceFilter(), clearance=WORKER)
    assert page.empty
    assert set(page.columns) == set(COLUMNS)
