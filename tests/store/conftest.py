"""A store in a folder of its own, drafts in a line, and what every test of the store needs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import uuid_utils

from domain.geometry import LonLat
from domain.place import Actor, ChangeDraft, LocatedPlace, PlaceDraft, VisitDraft
from store import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID
from tests.store.homes import ENGINES


class Clock:
    """Every question comes a second later than the one before."""

    def __init__(self):
        self.now = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


class Make:
    """Drafts that differ in nothing but what a test asks for."""

    actor = Actor(account_id=LOCAL_ACCOUNT_ID, organisation_id=LOCAL_ORGANISATION_ID)
    colleague = Actor(account_id="colleague", organisation_id=LOCAL_ORGANISATION_ID)
    stranger = Actor(account_id="stranger", organisation_id="another-organisation")

    def id(self):
        return str(uuid_utils.uuid7())

    def place(self, *, lon=14.4378, lat=50.0755, city_part="500089", without_position=False, **fields):
        draft = PlaceDraft(
            id=fields.pop("id", None) or self.id(),
            kind=fields.pop("kind", "ubytovna"),
            name=fields.pop("name", "Ubytovna Řeporyje"),
            position=None if without_position else LonLat(lon=lon, lat=lat),
            city_part=city_part if without_position else None,
            **fields,
        )
        return LocatedPlace(draft=draft, city_part=city_part, admin_district=2, cadastral_area="727164")

    def changed(self, located, **fields):
        return replace(located, draft=replace(located.draft, **fields))

    def visit(self, place_id=None, **fields):
        defaults = {"id": self.id(), "happened_on": date(2026, 9, 20), "outcome": "informovan"}
        return VisitDraft(place_id=place_id, **(defaults | fields))

    def change(self, place_id, **fields):
        defaults = {"id": self.id(), "happened_on": date(2026, 9, 21), "change": "nabor"}
        return ChangeDraft(place_id=place_id, **(defaults | fields))


@pytest.fixture
def make():
    return Make()


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


@pytest.fixture(params=ENGINES)
def home(request, data_dir, clusters):
    """Where the store lives: each test that asks for it, or for `store`, runs on both engines."""
    made = clusters.home(request.param, data_dir)
    yield made
    made.remove()


@pytest.fixture
def store(home):
    opened = home.open(clock=Clock())
    yield opened
    assert opened.places.verify_cells() == []
    assert opened.visits.verify_groups() == []
    opened.close()


@pytest.fixture
def audit_count(store):
    return lambda: len(store.audit.rows(limit=1_000_000))
