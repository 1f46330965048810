"""What a worker and a coordinator see of their own work in the real app: files, alerts, where to return."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from domain.place import VisitDraft
from layers.revisits import LAYER as REVISITS
from store import open_store
from tests.browser.app_steps import FORM_MS, drawn, go_to_map, panel, rest, settle, spot, still, wait_for_painted
from tests.tools.made_up import ACTOR, change, new_id, record, today, visit
from tests.tools.server import running_app

LON, LAT = 14.4400, 50.0700
RING_PX = REVISITS.style.radius
FOLLOW_UPS = 25


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A running app with a place that was visited and changed since, and one that is long unvisited."""
    data_dir = tmp_path_factory.mktemp("busy") / "data"
    store = open_store(data_dir)
    store.settings.set("first_run_seen", value=True, actor=ACTOR)
    place = record(store, LON, LAT, name="Vymyšlená ubytovna")
    change(store, place, "provozovatel", today() - timedelta(days=20))
    visit(store, place, days_ago=3)
    old = record(store, LON + 0.004, LAT, name="Vymyšlený sklad")
    visit(store, old, days_ago=500)
    change(store, old, "uzavreni", today() - timedelta(days=2))
    for index in range(FOLLOW_UPS):
        agreed = VisitDraft(
            id=new_id(), happened_on=today(), outcome="opakovat", city_part="500054", area=f"Vymyšlená ulice {index:02d}",
            follow_up_on=today() + timedelta(days=1), follow_up_service="counselling_legal",
        )  # fmt: skip
        store.visits.add(agreed, ACTOR)
    store.close()
    with running_app(data_dir) as app:
        yield app


def open_trail(page, app):
    page.goto(f"{app.address}/moje-zaznamy")
    page.get_by_role("button", name="Stáhnout tabulku (CSV)").wait_for(timeout=FORM_MS)
    settle(page)
    return page


def test_the_own_month_is_downloaded_with_a_token_and_never_by_an_address(open_app, busy):
    page = open_trail(open_app(), busy)
    for label, ending in (("Stáhnout tabulku (CSV)", ".csv"), ("Stáhnout k tisku", ".html")):
        with (
            page.expect_request(lambda request: "/api/v1/trail/" in request.url) as asked,
            page.expect_download() as got,
        ):
            page.get_by_role("button", name=label).click()
        assert "token" not in asked.value.url.lower()
        assert asked.value.headers["authorization"].startswith("Bearer ")
        assert got.value.suggested_filename == f"bila-mista-moje-zaznamy-{today():%Y-%m}{ending}"
        assert "Vymyšlená ubytovna" in got.value.path().read_text("utf-8-sig")
    bare = page.request.get(f"{busy.address}/api/v1/trail/{today():%Y-%m}.csv")
    assert bare.status == 401


def test_a_page_left_open_asks_for_a_new_token(open_app, busy):
    page = open_trail(open_app(), busy)
    refused = []

    def once(route):
        if refused:
            route.continue_()
            return
        refused.append(route.request.headers["authorization"])
        route.fulfill(status=401, json={"error": {"code": "token_expired", "message": ""}})

    page.route("**/api/v1/trail/**", once)
    with page.expect_download(timeout=FORM_MS) as got:
        page.get_by_role("button", name="Stáhnout tabulku (CSV)").click()
    assert "Vymyšlená ubytovna" in got.value.path().read_text("utf-8-sig")
    assert len(refused) == 1


def test_changes_are_told_in_the_bar_and_answered_in_the_inbox(open_app, busy):
    page = open_app(f"{busy.address}/prijem")
    page.get_by_text("Vymyšlený sklad").first.wait_for(timeout=FORM_MS)
    page.get_by_role("link", name="Příjem (1)").wait_for(timeout=FORM_MS)
    settle(page)
    drawn(page)
    # The ways on stand in one line.
    button = page.get_by_role("button", name="Otevřít na mapě").first.bounding_box()
    link = page.get_by_test_id("stPageLink").first.bounding_box()
    assert abs((button["y"] + button["height"] / 2) - (link["y"] + link["height"] / 2)) <= 4


def test_whoever_turns_a_page_by_keyboard_stands_at_the_beginning_of_the_list(open_app, busy):
    page = open_app(f"{busy.address}/prijem")
    follow_ups = page.locator(".st-key-list_follow_ups")
    follow_ups.get_by_role("heading", name=f"({FOLLOW_UPS})").wait_for(timeout=FORM_MS)
    settle(page)
    seen = follow_ups.get_by_text("Vymyšlená ulice").all_inner_texts()
    follow_ups.get_by_role("button", name="Další strana").focus()
    page.keyboard.press("Enter")
    follow_ups.get_by_role("button", name="Předchozí strana").wait_for(timeout=FORM_MS)
    settle(page)
    expect(follow_ups.get_by_role("heading")).to_be_focused()
    still(page)
    top, bar = (one.bounding_box() for one in (follow_ups.get_by_role("heading"), page.locator(".bm-page-bar")))
    assert bar["height"] <= top["y"] <= bar["height"] + 40
    seen += follow_ups.get_by_text("Vymyšlená ulice").all_inner_texts()
    assert [line.split(" · ")[2] for line in seen] == [f"Vymyšlená ulice {index:02d}" for index in range(FOLLOW_UPS)]
    # The next press goes into the list's own way on.
    page.keyboard.press("Tab")
    expect(follow_ups.get_by_role("button", name="Předchozí strana")).to_be_focused()


def test_where_to_return_is_ringed_on_the_map(open_app, busy):
    page = go_to_map(
        open_app(), busy.address, at=(LON + 0.002, LAT), zoom=16, layers="layers=city_parts,places,revisits"
    )
    wait_for_painted(page, "revisits", 1)
    wait_for_painted(page, "places", 2)


@pytest.mark.parametrize("layers", ["city_parts,places,revisits", "city_parts,revisits"])
def test_a_click_on_the_rim_of_a_ring_opens_its_place(open_app, busy, layers):
    page = go_to_map(open_app(), busy.address, at=(LON + 0.002, LAT), zoom=16, layers=f"layers={layers}")
    wait_for_painted(page, "revisits", 1)
    rest(page)
    x, y = spot(page, LON + 0.004, LAT)
    # Outside the place's own mark, on the line around it.
    page.mouse.click(x, y + RING_PX)
    panel(page).get_by_role("heading", name="Vymyšlený sklad").wait_for(timeout=FORM_MS)
    panel(page).get_by_role("button", name="Zapsat návštěvu").wait_for(timeout=FORM_MS)
