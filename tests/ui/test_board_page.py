"""The page Bílá místa without a browser: both tabs, cold start, evidence, filters, parameters, left-out input."""

import re
from datetime import timedelta

import pytest

from api import process
from domain.coverage import LEFT_OUT_LABELS, LeftOutReason
from domain.roles import Clearance, Role
from domain.text import Language
from geo.boundaries import city_part_name
from tests.actions.test_board import NEBUSICE, PRAHA_4, add_visits, spread
from tests.tools.made_up import today
from tests.ui.app_walk import by_label, open_page, page_text, press, run, shown
from ui.board_controls import _ORDER
from ui.board_row import month_text
from ui.localisation import Messages, message_keys

CS = Messages(Language.CS)
KNOWN = ("500089", "500097", "500143", "500178", "500208", "500186")
TAG = re.compile(r"<[^>]+>")


def plain(app):
    return TAG.sub(" ", page_text(app))


@pytest.fixture
def visited(app_store):
    """A store where six large city parts are visited and the others are not."""
    spread(app_store, KNOWN, 12)
    return app_store


def board_keys(app):
    return [text for text in shown(app) if re.fullmatch(r"board-[a-z-]+", text)]


@pytest.mark.parametrize("lang", list(Language))
def test_the_first_day_is_useful_and_accuses_nobody(app_store, lang):
    app = open_page("bila_mista", lang.value)
    messages = Messages(lang)
    text = plain(app)
    assert messages("board-cold") in text
    assert messages("board-next-cold") in text
    assert board_keys(app) == []
    assert "1. Praha 10" in text
    if lang is Language.CS:
        rows = " ".join(element.proto.body for element in app.get("html"))
        assert "nelze říci" in rows
        assert "bílé místo" not in rows
        assert "bez kontaktu" not in text


@pytest.mark.parametrize("lang", list(Language))
def test_both_tabs_with_everything_open_speak_the_language(visited, lang):
    app = open_page("bila_mista", lang.value)
    messages = Messages(lang)
    app.button(key=f"board_go_{PRAHA_4}").click()
    run(app)
    by_label(app.toggle, messages("board-history")).set_value(True)
    run(app)
    assert board_keys(app) == []
    assert "{ $" not in page_text(app)
    app.radio(key="board_tab").set_value("write")
    run(app)
    assert board_keys(app) == []
    assert messages("board-tab-write-what") in plain(app)


def test_who_reads_only_the_top_can_name_three_and_how_sure(visited):
    text = plain(open_page("bila_mista"))
    assert "1. Praha 4" in text
    assert "3. " in text
    assert "jistota" in text
    assert re.search(r"potřeba\s+●●●\s+: v horní třetině městských částí", text)
    assert "městských částí, které nelze posoudit samostatně" in text
    assert "Z malých: " in text


def test_a_row_opens_its_evidence_and_the_next_step(visited):
    app = open_page("bila_mista")
    app.button(key=f"board_go_{PRAHA_4}").click()
    run(app)
    text = page_text(app)
    for part in (
        CS("board-evidence", name="Praha 4"), "19 068".replace(" ", "\u00a0"), "IPR Praha", "31. 12. 2019",
        CS("board-evidence-visits", visits=0), CS("board-evidence-contact-source"), CS("board-step-cells"),
        CS("board-step-plan"),
    ):  # fmt: skip
        assert part in text, part
    press(app, CS("board-close"))
    assert CS("board-evidence", name="Praha 4") not in page_text(app)


def test_shares_over_citizens_stand_in_their_tab_alone(visited):
    app = open_page("bila_mista")
    assert "občanů ČR" not in plain(app).replace(CS("board-tab-write-what"), "")
    app.radio(key="board_as_table").set_value(True)
    run(app)
    assert CS("board-col-share") not in app.dataframe[0].value.columns
    app.radio(key="board_tab").set_value("write")
    run(app)
    table = app.dataframe[0].value
    assert CS("board-col-share") in table.columns
    assert CS("board-col-need") not in table.columns
    assert table.loc[table[CS("board-col-city-part")] == "Praha-Nebušice", CS("board-col-share")].item() == 48.0
    assert CS("board-need") not in [box.label for box in app.selectbox]


def test_filters_and_order(visited):
    app = open_page("bila_mista")
    app.radio(key="board_as_table").set_value(True)
    run(app)
    column = CS("board-col-city-part")
    assert len(app.dataframe[0].value) == 57
    app.multiselect(key="board_states_go").set_value(["white_spot"])
    run(app)
    assert set(app.dataframe[0].value[CS("board-col-state")]) == {"bílé místo"}
    app.multiselect(key="board_states_go").set_value([])
    app.selectbox(key="board_district").set_value(6)
    run(app)
    assert "Praha-Nebušice" in list(app.dataframe[0].value[column])
    assert set(app.dataframe[0].value[CS("board-col-district")]) == {"Praha 6"}
    app.selectbox(key="board_district").set_value(0)
    app.selectbox(key="board_sort_go").set_value("certainty")
    run(app)
    sure = app.dataframe[0].value[CS("board-col-certainty")].fillna(0).tolist()
    assert sure == sorted(sure, reverse=True)
    app.selectbox(key="board_sort_go").set_value("name")
    run(app)
    names = list(app.dataframe[0].value[column])
    assert names[:3] == ["Praha 1", "Praha 2", "Praha 3"]
    assert names[-1] == "Praha-Zličín"


def test_my_city_parts_are_kept(app_store):
    app = open_page("bila_mista")
    app.radio(key="board_scope").set_value("mine")
    run(app)
    assert CS("board-mine-none") in page_text(app)
    app.multiselect(key="board_mine").set_value([NEBUSICE])
    run(app)
    press(app, CS("board-mine-keep"))
    assert CS("board-mine-kept") in page_text(app)
    again = open_page("bila_mista")
    again.radio(key="board_scope").set_value("mine")
    run(again)
    assert CS("board-list-count", shown=1, all=1) in page_text(again)


def test_a_parameter_changes_the_states_and_can_be_reset(visited):
    app = open_page("bila_mista")
    before = app.button(key=f"board_go_{PRAHA_4}").label
    app.number_input(key="board_set_min_expected").set_value(1000.0)
    run(app)
    assert CS("board-settings-default", value="3,00") in [box.help for box in app.number_input]
    assert len(app.warning) == 1, "the strong limit is now below the least one"
    app.number_input(key="board_set_strong_expected").set_value(2000.0)
    run(app)
    assert len(app.warning) == 0
    assert CS("board-cold") in plain(app)
    press(app, CS("board-settings-reset"))
    assert app.button(key=f"board_go_{PRAHA_4}").label == before


def test_what_is_left_out_is_said_in_plain_words(visited):
    add_visits(visited, [{"city_part": NEBUSICE, "happened_on": today() + timedelta(days=900)}])
    app = open_page("bila_mista")
    text = page_text(app)
    assert f"{CS('board-left-out')}: 1" in text
    assert LEFT_OUT_LABELS[LeftOutReason.FUTURE].cs in text
    assert CS.date(today() + timedelta(days=900)) in text


def test_a_past_day_says_that_it_is_past(visited):
    app = open_page("bila_mista")
    day = today() - timedelta(days=400)
    app.date_input(key="board_as_of").set_value(day)
    run(app)
    assert CS("board-as-of-past", date=CS.date(day)) in page_text(app)
    assert CS("board-cold") in plain(app), "nothing was on record then"


def test_who_sees_no_places_sees_no_board(app_store, monkeypatch):
    monkeypatch.setattr(process, "local_clearance", lambda: Clearance(role=Role.VIEWER))
    with pytest.raises(ValueError, match="navigation page"):
        open_page("bila_mista")


def test_names_sort_as_in_czech():
    names = [city_part_name(code) for code in sorted(_ORDER, key=_ORDER.__getitem__)]
    assert names[:22] == [f"Praha {number}" for number in range(1, 23)]
    assert names.index("Praha-Ďáblice") < names.index("Praha-Dolní Chabry"), "ď sorts as d"
    assert names.index("Praha-Čakovice") < names.index("Praha-Ďáblice")
    assert names.index("Praha-Šeberov") > names.index("Praha-Satalice")


def test_months_are_written_in_words():
    assert month_text(CS, "2026-07") == "červenec 2026"
    assert month_text(CS, "") == ""


def test_every_sentence_of_the_board_exists():
    keys = message_keys(Language.CS)
    states = ("white-spot", "probable", "cannot-tell", "known", "over-covered")
    assert {f"board-joint-{state}" for state in states} <= keys
    assert {f"board-says-{state}-{seen}" for state in states[:3] for seen in ("seen", "unseen")} <= keys
    assert {f"board-write-above-{band}" for band in ("none", "long-past", "not-stated", "in-contact")} <= keys
