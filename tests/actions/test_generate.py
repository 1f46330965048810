"""Invented places and visits: the same for the same seed, marked, never among real ones, on either engine."""

from datetime import date

import pytest

from actions import generate
from actions.training import INVENTED_SETTING
from domain.errors import StoreError
from geo.boundaries import boundaries
from tests.store.homes import ENGINES

TODAY = date(2026, 11, 1)


@pytest.fixture(params=ENGINES)
def home(request, tmp_path, clusters):
    made = clusters.home(request.param, tmp_path / "data")
    yield made
    made.remove()


def test_what_is_made_is_marked_and_the_same_for_a_seed(home):
    store = home.open()
    assert generate.generate(store, places=300, visits=900, seed=5, today=TODAY) == (300, 900)
    assert store.settings.get(INVENTED_SETTING) is True
    found = store.places.find()
    assert all(record.name.startswith("Vymyšlené místo ") for record in found)
    assert {record.city_part for record in found} <= set(boundaries().city_parts.index)
    assert {record.visit_count for record in found} == {3}
    assert {record.id for record in found} == {place.draft.id for place in generate.invented_places(300, 5)}
    assert store.places.verify_cells() == []
    assert store.audit.verify() == []
    # A second run, and one that asks for more, goes on where the first one ended.
    assert generate.generate(store, places=300, visits=900, seed=5, today=TODAY) == (0, 0)
    assert generate.generate(store, places=310, visits=0, seed=5, today=TODAY) == (10, 0)
    store.close()


def test_it_never_mixes_with_real_records(home):
    store = home.open()
    store.places.bulk_add(generate.invented_places(1, 1), generate.ACTOR)
    with pytest.raises(StoreError, match="training_into_real"):
        generate.generate(store, places=10, visits=0, seed=1, today=TODAY)
    assert store.places.count() == 1
    store.close()


def test_the_command(tmp_path, capsys):
    assert generate.main([str(tmp_path / "data"), "--places", "20", "--seed", "3"]) == 0
    assert "20 invented places and 60 invented visits" in capsys.readouterr().out
