"""Contact with town halls on the map: own notes, those of others, what was published, and its past."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from actions.board_reader import BoardView, StoreBoardReader
from api.exports import _require_exportable
from domain.errors import NotPermittedError
from domain.roles import PUBLIC_CLEARANCE, Clearance, Role
from layers.contract import Context, Readers
from layers.registry import get_layer
from store import LOCAL_ORGANISATION_ID, open_store
from tests.actions.test_board import NEBUSICE, contact

PRAHA_5 = "500178"
TODAY = date(2026, 10, 1)
OWN = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
LAYER = get_layer("town_halls")


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "data", clock=lambda: datetime(2026, 10, 1, 8, tzinfo=UTC))
    yield opened
    opened.close()


def shown(store, clearance=OWN, **options):
    readers = Readers(board=StoreBoardReader(store, today=lambda: TODAY))
    return LAYER.load(Context(options=options, clearance=clearance, readers=readers))


def said_of(features, code):
    return features.frame.loc[code, ["status", "contact_on", "stated_by"]].tolist()


def test_what_was_published_stands_until_somebody_notes_something(store):
    assert said_of(shown(store), NEBUSICE) == ["navazano", None, "published"]
    assert said_of(shown(store), PRAHA_5) == ["neuvedeno", None, "nobody"]
    contact(store, "schuzka", date(2026, 9, 20))
    contact(store, "osloveno", date(2026, 9, 25), city_part=PRAHA_5)
    features = shown(store)
    assert said_of(features, NEBUSICE) == ["schuzka", date(2026, 9, 20), "own"]
    assert said_of(features, PRAHA_5) == ["osloveno", date(2026, 9, 25), "own"]
    assert {entry.value for entry in features.legend} == set(features.frame["class"])
    assert len(features.frame) == 57


def test_others_hear_the_best_and_never_who_noted_it(store):
    contact(store, "osloveno", date(2026, 9, 25), city_part=PRAHA_5)
    features = shown(store, replace(OWN, organisation_id="other"))
    assert said_of(features, PRAHA_5) == ["osloveno", date(2026, 9, 25), "others"]
    assert LOCAL_ORGANISATION_ID not in features.frame.drop(columns="geometry").to_csv()


def test_a_page_that_asks_for_a_past_day_gets_the_contact_of_that_day(store):
    contact(store, "schuzka", date(2026, 9, 20))
    before = BoardView(as_of=date(2026, 9, 30)).name
    # The note was written down on 1 October.
    assert said_of(shown(store, view=before), NEBUSICE) == ["navazano", None, "published"]


def test_the_public_gets_nothing_and_nobody_a_file(store):
    contact(store, "schuzka", date(2026, 9, 20))
    assert shown(store, PUBLIC_CLEARANCE).frame.empty
    with pytest.raises(NotPermittedError, match="layer_stays_here"):
        _require_exportable((LAYER,), OWN)
