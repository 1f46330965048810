"""The page Bílá místa without a browser: both tabs, cold start, evidence, filters, parameters, left-out input."""

import re
from datetime import timedelta

import pytest

from actions.board import make_board
from api import process
from domain.coverage import LEFT_OUT_LABELS, LeftOutReason
from domain.place import VisitDraft
from domain.roles import Clearance, Role
from domain.text import Language
from geo.boundaries import city_part_name
from geo.dates import NO_BREAK_SPACE
from geo.freshness import today_in_prague
from layers._public import dataset
from layers._view import source_line
from tests.actions.test_board import NEBUSICE, PRAHA_4, add_visits, spread
from tests.tools.made_up import ACTOR, new_id, today
from tests.ui.app_walk import by_label, open_page, page_text, press, run, shown
from ui.board_controls import _ORDER
from ui.board_row import certainty_text, month_text
from ui.board_top import top_sentence
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


def shown_board(store):
    """Return the board that the page shows."""
    return make_board(store, process.local_clearance(), today=today_in_prague())


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
    assert re.search(r"potřeba\s+●●●\s+: v\s+horní třetině městských částí", text)
    assert "městských částí, které nelze posoudit samostatně" in text
    assert CS("board-small", name="") in text


def test_all_own_visits_of_a_city_part_are_there_page_by_page(visited):
    for index in range(30):
        draft = VisitDraft(id=new_id(), happened_on=today() - timedelta(days=index % 3), outcome="informovan")
        visited.visits.add(draft, ACTOR, city_part=PRAHA_4)
    app = open_page("bila_mista")
    app.button(key=f"board_go_{PRAHA_4}").click()
    run(app)
    seen = [len(app.table[0].value)]
    app = press(app, CS("pages-next"))
    seen.append(len(app.table[0].value))
    assert seen == [20, 10]
    assert by_label(app.button, CS("pages-next")).disabled


def test_a_row_opens_its_evidence_and_the_next_step(visited):
    app = open_page("bila_mista")
    app.button(key=f"board_go_{PRAHA_4}").click()
    run(app)
    text = page_text(app)
    for part in (
        CS("board-evidence", name="Praha 4"), "19 068".replace(" ", "\u00a0"), "IPR Praha", "31.\u00a012.\u00a02019",
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
    # There are records, they only do not tell; and no number of people is told either.
    assert CS("board-cold-some") in plain(app)
    assert CS("board-next-cold-why") not in plain(app)
    assert CS("board-gap", value="").strip() not in plain(app)
    press(app, CS("board-settings-reset"))
    assert app.button(key=f"board_go_{PRAHA_4}").label == before


def test_every_number_of_a_row_says_how_it_came_about(visited):
    app = open_page("bila_mista")
    press(app, app.button(key=f"board_go_{PRAHA_4}").label)
    board, text = shown_board(visited), page_text(app)
    row = board.rows[PRAHA_4]
    share = row.need.value / board.coverage.units["need"].sum()
    assert CS(
        "board-evidence-expected-how", total=CS.number(board.coverage.total_observed, 1),
        share=CS.percent(100 * share, 1), expected=CS.number(row.knowledge.expected, 1),
    ) in text  # fmt: skip
    assert row.knowledge.expected == pytest.approx(board.coverage.total_observed * share)
    assert CS("board-evidence-gap-how", need=CS.number(row.need.value), mean=CS.number(row.mean, 2)) in text
    assert row.people_in_gap == pytest.approx(row.need.value * (1 - row.mean))
    assert source_line(dataset("services"), Language.CS) in text
    names = ", ".join(city_part_name(code) for code in board.joint.codes)
    assert names in text


def test_a_white_spot_that_was_there_before_the_first_week_is_dated_so(visited):
    app = open_page("bila_mista")
    by_label(app.toggle, CS("board-history")).set_value(True)
    run(app)
    app.number_input(key="board_weeks").set_value(100)
    run(app)
    assert "Praha 4: od " in page_text(app), "before anything was noted nothing could be said"
    app.number_input(key="board_weeks").set_value(1)
    run(app)
    since = CS.date(today() - timedelta(weeks=1))
    assert CS("board-history-open-line-before", name="Praha 4", since=since) in page_text(app)


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
    assert month_text(CS, "2026-07") == "červenec\u00a02026"
    assert month_text(CS, "") == ""


def test_every_sentence_of_the_board_exists():
    keys = message_keys(Language.CS)
    states = ("white-spot", "probable", "cannot-tell", "known", "over-covered")
    assert {f"board-joint-{state}" for state in states} <= keys
    assert {f"board-says-{state}-{seen}" for state in states[:3] for seen in ("seen", "unseen")} <= keys
    assert {
        f"board-write-above-{band}" for band in ("none", "long-past", "not-stated", "approached", "in-contact")
    } <= keys
    dated = ("none", "long-past", "approached", "in-contact")
    assert {f"board-write-above-{band}-on" for band in dated} <= keys


@pytest.mark.parametrize("lang", list(Language))
def test_the_answer_is_one_sentence_on_top(visited, lang):
    messages = Messages(lang)
    app = open_page("bila_mista", lang.value)
    board = shown_board(visited)
    answer = top_sentence(messages, board, "x")
    assert answer in page_text(app)
    assert answer.count("Praha") == 4, "three, and a small one"
    for code in board.next_three:
        row = board.rows[code]
        assert row.name.replace(" ", NO_BREAK_SPACE) in answer
        assert certainty_text(messages, row) in answer
    assert "{" not in answer
    assert not re.search(r"board-[a-z]", answer)


def test_the_answer_before_any_record_gives_the_need_and_claims_no_certainty(app_store):
    app = open_page("bila_mista")
    answer = top_sentence(CS, shown_board(app_store), "cizinci 2019")
    assert answer in page_text(app)
    assert "cizinci 2019: " in answer
    assert "jistota" not in answer


def test_whom_to_write_to_has_its_answer_and_contact_is_noted_there(app_store):
    app = open_page("bila_mista")
    app.radio(key="board_tab").set_value("write")
    run(app)
    assert CS("board-top-ask", parts="").split(":")[0] in page_text(app)
    app.button(key="board_pick_500089").click()
    run(app)
    assert CS("contact-none") in page_text(app)
    app.selectbox(key="contact_500089_status").set_value("zadna")
    app.date_input(key="contact_500089_day").set_value(today() - timedelta(days=3))
    press(app, CS("contact-save"))
    text = page_text(app)
    assert CS("contact-saved", status="Žádná") in text
    assert CS("board-top-write", parts="").split(":")[0] in text
    assert CS.date(today() - timedelta(days=3)) in text
    (note,) = app_store.town_hall_contacts.all()
    assert (note.city_part, note.status, note.happened_on) == ("500089", "zadna", today() - timedelta(days=3))
    # Yesterday nobody knew of it, and the past cannot be written to.
    app.date_input(key="board_as_of").set_value(today() - timedelta(days=1))
    run(app)
    text = page_text(app)
    assert CS("board-as-of-past-write", date=CS.date(today() - timedelta(days=1))) in text
    assert CS("contact-none") in text
    assert CS("contact-save") not in [button.label for button in app.button]
    app.date_input(key="board_as_of").set_value(today())
    run(app)
    press(app, CS("contact-withdraw"))
    assert CS("contact-withdrawn") in page_text(app)
    assert app_store.town_hall_contacts.all() == []


def test_a_field_worker_reads_contacts_and_notes_none(app_store, monkeypatch):
    monkeypatch.setattr(
        process, "local_clearance",
        lambda: Clearance(role=Role.FIELD_WORKER, organisation_id=process.local_actor().organisation_id),
    )  # fmt: skip
    app = open_page("bila_mista")
    app.radio(key="board_tab").set_value("write")
    run(app)
    app.button(key="board_pick_500089").click()
    run(app)
    assert CS("contact-none") in page_text(app)
    assert CS("contact-save") not in [button.label for button in app.button]
