"""The layers of the board: who sees them, how unsure looks, and that they never leave as a file."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from actions.board_reader import BoardView, StoreBoardReader
from api.exports import _require_exportable
from api.loading import checked_options
from domain.coverage import CoverageSettings
from domain.errors import InvalidValueError, NotPermittedError
from domain.roles import PUBLIC_CLEARANCE, Clearance, Role
from domain.text import Language
from layers._live import describe_layer
from layers.contract import Context, Readers
from layers.registry import get_layer
from store import LOCAL_ORGANISATION_ID, open_store
from tests.actions.test_board import PRAHA_1, PRAHA_4, add_place, add_visits, spread

TODAY = date(2026, 10, 1)
OWN = Clearance(role=Role.COORDINATOR, organisation_id=LOCAL_ORGANISATION_ID)
SPOTS, CELLS = get_layer("white_spots"), get_layer("visited_cells")


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("spots") / "data", clock=lambda: datetime(2026, 10, 1, 8, tzinfo=UTC))
    spread(store, ["500089", "500097", "500143", "500178", "500208", "500186"], 12)
    add_visits(store, [{"city_part": PRAHA_1, "place_id": add_place(store, PRAHA_1), "outcome": "bez_pristupu"}])
    yield Readers(board=StoreBoardReader(store, today=lambda: TODAY))
    store.close()


def classes(layer, readers, **options):
    features = layer.load(Context(options=options, clearance=OWN, readers=readers))
    return features, dict(zip(features.frame["id"], features.frame["class"], strict=True))


def test_every_city_part_has_its_state_and_the_unsure_is_hatched(readers):
    features, found = classes(SPOTS, readers)
    assert len(found) == 57
    assert found[PRAHA_4] == "white_spot"
    assert found["547158"] == "cannot_tell"
    hatched = {entry.value for entry in features.legend if entry.hatched}
    assert "cannot_tell" in hatched
    assert "white_spot" not in hatched
    assert {entry.value for entry in features.legend} == set(found.values())
    assert len({entry.colour for entry in SPOTS.legend}) == len(SPOTS.legend)


def test_the_two_questions_share_no_column_but_the_name(readers):
    go, _ = classes(SPOTS, readers, tab="go")
    write, found = classes(SPOTS, readers, tab="write")
    assert {f.column for f in go.fields} & {f.column for f in write.fields} == {"name"}
    assert found["547158"] == "in_contact"
    assert found["547271"] == "just_below"
    assert "občan" in write.note.cs


def test_need_and_view_change_the_answer(readers):
    _, by_foreigners = classes(SPOTS, readers)
    _, equal = classes(SPOTS, readers, need="equal")
    assert by_foreigners != equal
    strict = BoardView(settings=CoverageSettings(min_expected=1000.0, strong_expected=2000.0)).name
    _, nothing = classes(SPOTS, readers, view=strict)
    assert "white_spot" not in nothing.values()


def test_views_are_not_offered_in_the_panel_but_checked(readers):
    said = describe_layer(SPOTS, readers, Language.CS)
    assert [option["id"] for option in said["options"]] == ["tab", "need"]
    assert said["exported"] is False
    name = BoardView(settings=CoverageSettings(half_life_months=7)).name
    assert checked_options(SPOTS.options_for(readers), {"view": name})["view"] == name
    for wrong in ("0000", "half_life_months:-1.0", "half_life_months:7", "as_of:1926-01-01", f"{name};{name}"):
        with pytest.raises(InvalidValueError, match="unknown_choice"):
            checked_options(SPOTS.options_for(readers), {"view": wrong})


def test_cells_have_four_colours_and_tell_never_from_no_access(readers):
    features, found = classes(CELLS, readers, city_part=PRAHA_1)
    assert len({entry.colour for entry in CELLS.legend}) == 4
    assert len(found) == 53
    # The place itself is known; what its visit met is told where no place is.
    assert sorted(set(found.values())) == ["known", "never"]
    assert features.frame["visits"].sum() == 1


@pytest.mark.parametrize("layer", [SPOTS, CELLS], ids=lambda layer: layer.id)
def test_nobody_gets_it_as_a_file(layer):
    for role in (Role.ADMIN, Role.COORDINATOR, Role.FIELD_WORKER):
        with pytest.raises(NotPermittedError, match="layer_stays_here"):
            _require_exportable((layer,), replace(OWN, role=role))


@pytest.mark.parametrize("layer", [SPOTS, CELLS], ids=lambda layer: layer.id)
def test_the_public_sees_nothing(layer, readers):
    assert layer.load(Context(clearance=PUBLIC_CLEARANCE, readers=readers)).frame.empty
