"""Invented data: marked before anything is written, never mixed with real records."""

import json
from datetime import date

import pytest

from actions.training import INVENTED_SETTING, PLACES, make_training_data
from domain.errors import StoreError
from domain.place import Actor, LocatedPlace, PlaceDraft
from geo.locate import Located, locate
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, open_store

TODAY = date(2026, 11, 21)


def test_places_are_marked_located_and_repeatable(tmp_path):
    assert make_training_data(tmp_path / "one", seed=3, today=TODAY) == PLACES
    assert make_training_data(tmp_path / "one", seed=3, today=TODAY) == 0
    make_training_data(tmp_path / "two", seed=3, today=TODAY)
    first, second = open_store(tmp_path / "one"), open_store(tmp_path / "two")
    try:
        assert first.settings.get(INVENTED_SETTING) is True
        places = first.places.find()
        assert len(places) == PLACES
        for place in places:
            assert place.name.startswith("Vymyšlené místo")
            found = locate(place.position)
            assert isinstance(found, Located)
            assert found.city_part == place.city_part
            assert all(visit.happened_on <= TODAY for visit in first.visits.for_place(place.id))
        assert {p.position for p in places} == {p.position for p in second.places.find()}
        assert first.audit.verify() == []
    finally:
        first.close()
        second.close()
    streets = json.loads((tmp_path / "one" / "streets.geojson").read_text(encoding="utf-8"))
    assert len(streets["features"]) == 400


def test_visits_were_written_down_on_their_day_so_that_there_is_a_past(tmp_path):
    make_training_data(tmp_path / "one", seed=3, today=TODAY)
    store = open_store(tmp_path / "one")
    try:
        visits = [visit for place in store.places.find() for visit in store.visits.for_place(place.id)]
        assert len({visit.happened_on for visit in visits}) > 100
        assert all(visit.created_at.date() == visit.happened_on for visit in visits)
    finally:
        store.close()


def test_a_store_with_real_records_is_refused(tmp_path):
    store = open_store(tmp_path)
    draft = PlaceDraft(id="01890000-0000-7000-8000-000000000001", kind="ubytovna", name="skutečné", city_part="500054")
    located = LocatedPlace(draft=draft, city_part="500054", admin_district=1, cadastral_area=None)
    store.places.add(located, Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID))
    store.close()
    with pytest.raises(StoreError) as refused:
        make_training_data(tmp_path, seed=1, today=TODAY)
    assert refused.value.code == "training_into_real"
    store = open_store(tmp_path)
    assert store.places.count() == 1
    assert store.settings.get(INVENTED_SETTING) is None
    store.close()
