"""Pictures of every page at every width that is looked at: `python -m tests.tools.screenshots [--docs] [--only TEXT]`.

Starts the app twice, over a store with a few made-up places and over the training data, and writes
build/screenshots/. With --docs also docs/images/mapa.png, the picture in the README.
"""

import argparse
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

from actions.record_place import correct_place
from actions.training import make_training_data
from domain.place import PlaceDraft
from domain.quick_records import QuickKind, QuickRecordDraft
from store import open_store
from tests.browser.app_steps import (
    click_map,
    go_to_map,
    mark,
    open_menu,
    panel,
    pick,
    press,
    save,
    unfold,
    wait_for_form,
    wait_for_map,
    warning,
)
from tests.tools.chromium import ARGUMENTS, find_chromium
from tests.tools.made_up import ACTOR, change, new_id, record, today, visit
from tests.tools.reruns import settle, watch_reruns
from tests.tools.screenshots_shared import take_shared
from tests.tools.server import PROJECT, running_app
from ui.import_panel import EXAMPLE

OUT = PROJECT / "build" / "screenshots"
PICTURE = PROJECT / "docs" / "images" / "mapa.png"
SIZES = {1440: 900, 1920: 1080, 768: 1024, 390: 844}
DEFAULT = "layers=concentration,city_parts,metro_stations,public_localities,services,places,labels"
MADE_UP = (
    (14.4430, 50.0010, "ubytovna", "Vymyšlená ubytovna u lesa"), (14.4462, 50.0043, "obchod", "Vymyšlená večerka"),
    (14.4495, 50.0035, "trznice", "Vymyšlená tržnice"), (14.5790, 50.1080, "pracoviste", "Vymyšlený sklad"),
    (14.5830, 50.1052, "ubytovna", "Vymyšlená ubytovna u skladu"), (14.4010, 50.1004, "skola", "Vymyšlená škola"),
    (14.3520, 50.0590, "sidliste", "Vymyšlené sídliště"), (14.4900, 50.0820, "komunita", "Vymyšlené místo setkávání"),
    (14.5100, 50.0300, "dopravni_uzel", "Vymyšlený terminál"), (14.4980, 50.1250, "ulice", ""),
)  # fmt: skip
SHARED = "take_shared"
SPOT = (14.4475, 50.0020)


def fill(data_dir):
    """Record the made-up places; the first-run note has been seen."""
    store = open_store(data_dir)
    store.settings.set("first_run_seen", value=True, actor=ACTOR)
    for index, (lon, lat, kind, name) in enumerate(MADE_UP):
        place = record(
            store, lon, lat, kind=kind, name=name, headcount="10_49", languages=("uk", "vi"), outcome="informovan"
        )
        for days in range(0, 40 * (index % 3), 40):
            visit(store, place, days_ago=days + 5, outcome="poradenstvi", needs=("bydleni", "prace"))
        if index == 1:
            change(store, place, "provozovatel", today())
        if index == 0:
            quick = QuickRecordDraft(
                id=new_id(), kind=QuickKind.ACCOMPANIMENT, happened_on=today(), language="uk", place_id=place.id
            )
            store.quick_records.add(quick, ACTOR)
            visit(
                store,
                place,
                outcome="opakovat",
                follow_up_on=today() + timedelta(days=7),
                follow_up_service="counselling_social",
            )
    # Noted twice, and corrected: what the inbox and the history are for.
    record(store, MADE_UP[0][0] + 0.0002, MADE_UP[0][1], name="Ubytovna u lesa (vymyšlená)")
    first = store.places.find()[0]
    draft = PlaceDraft(id=first.id, kind=first.kind, name="Vymyšlená ubytovna u lesa 2", position=first.position)
    correct_place(store, draft, ACTOR, revision=first.revision, today=today(), reason="přesnější název")
    record(store, city_part="547158", kind="ubytovna", name="Vymyšlené místo bez bodu")
    store.close()


class Camera:
    """Takes the pictures of one width."""

    def __init__(self, browser, width, address, training, only):
        self.width = width
        self.address = address
        self.training = training
        self.only = only
        self.context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, locale="cs-CZ")
        self.context.set_default_timeout(30_000)
        watch_reruns(self.context)
        self.page = self.context.new_page()

    @property
    def is_phone(self):
        return self.width < 641

    def shoot(self, name, *, full=False):
        settle(self.page)
        self.page.wait_for_timeout(700)
        path = OUT / f"{name}-{self.width}.png"
        if full:
            # Streamlit scrolls inside its page: the window grows to what there is.
            height = self.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
            self.page.set_viewport_size({"width": self.width, "height": min(6000, max(SIZES[self.width], height + 80))})
            self.page.wait_for_timeout(500)
        self.page.screenshot(path=path)
        self.page.set_viewport_size({"width": self.width, "height": SIZES[self.width]})
        print(path.relative_to(PROJECT))

    def map(self, at=None, zoom=14, layers=DEFAULT, **options):
        # A new page: a form that was open in the last one is gone.
        self.page.close()
        self.page = self.context.new_page()
        return go_to_map(self.page, options.pop("address", self.address), at=at, zoom=zoom, layers=layers, **options)

    def open(self, path, address=None):
        self.page.goto(f"{address or self.address}/{path}")
        self.page.get_by_role("heading", level=1).first.wait_for()
        self.page.wait_for_timeout(800)

    def take_all(self):
        for name in (name for name in dir(self) if name.startswith("take_") and name != "take_all"):
            if self.only in name:
                getattr(self, name)()

    def take_map(self):
        self.map()
        self.shoot("mapa")
        for lang in ("en", "uk"):
            self.map(lang=lang)
            self.shoot(f"mapa-{lang}")

    def take_map_near(self):
        self.map(at=(14.4462, 50.0035), zoom=15)
        self.shoot("mapa-blizko")

    def take_protection(self):
        self.map(layers="layers=temporary_protection,city_parts,labels")
        self.shoot("mapa-docasna-ochrana")
        self.map(layers="layers=cooperation,city_parts,labels")
        self.shoot("mapa-spoluprace")

    def take_layers(self):
        if self.is_phone:
            self.map()
            self.page.locator(".bm-bar").get_by_role("button", name="Vrstvy").click()
            self.shoot("mapa-vrstvy")

    def take_form(self):
        page = self.map(at=SPOT, zoom=15)
        click_map(page, *SPOT)
        wait_for_form(page)
        self.shoot("formular")
        unfold(page)
        if self.is_phone:
            page.get_by_role("button", name="Zvýšit panel").click()
        self.shoot("formular-rozvinuty")
        save(page)
        warning(page)
        panel(page).get_by_test_id("stAlert").first.scroll_into_view_if_needed()
        self.shoot("formular-odmitnuty")

    def take_saved(self):
        page = self.map(at=SPOT, zoom=15)
        mark(page, SPOT[0], SPOT[1], kind="Místo setkávání komunity", outcome="Předána informace / leták")
        self.shoot("ulozeno")
        press(page, "Zpět, zrušit záznam")
        panel(page).wait_for(state="detached")

    def take_duplicate(self):
        lon, lat, *_ = MADE_UP[0]
        page = self.map(at=(lon, lat + 0.0004), zoom=17)
        click_map(page, lon, lat + 0.0004)
        wait_for_form(page)
        pick(page, "Ubytovna")
        save(page)
        warning(page)
        panel(page).get_by_test_id("stAlert").first.scroll_into_view_if_needed()
        self.shoot("mozny-duplikat")

    def take_place(self):
        lon, lat, *_ = MADE_UP[0]
        page = self.map(at=(lon, lat), zoom=16)
        click_map(page, lon, lat)
        panel(page).get_by_role("button", name="Zapsat návštěvu", exact=True).wait_for()
        self.shoot("misto")
        press(page, "Zapsat návštěvu")
        panel(page).get_by_role("heading", name="Zapsat návštěvu").wait_for()
        self.shoot("navsteva")

    def take_city_part_panel(self):
        page = self.map(at=(14.3235, 50.1095), zoom=13)
        click_map(page, 14.3235, 50.1095)
        wait_for_form(page)
        panel(page).get_by_role("button", name="Praha-Nebušice").first.click()
        panel(page).get_by_text("32,4").first.wait_for()
        self.shoot("mestska-cast-panel")

    def take_service(self):
        answer = self.page.request.get(f"{self.address}/api/v1/layers/services").json()
        lon, lat = next(f["geometry"]["coordinates"] for f in answer["features"] if f["geometry"])
        page = self.map(at=(lon, lat), zoom=17, layers="layers=city_parts,services,labels")
        click_map(page, lon, lat)
        panel(page).get_by_role("heading").first.wait_for()
        self.shoot("sluzba")

    def take_outside(self):
        page = self.map(at=(14.7300, 50.0300), zoom=13)
        click_map(page, 14.7400, 50.0300)
        warning(page)
        self.shoot("mimo-prahu")

    def take_table(self):
        page = self.map()
        self.tool("Tabulka")
        page.locator(".bm-table tbody tr").first.wait_for()
        self.shoot("tabulka")

    def take_menus(self):
        page = self.map()
        for name, label in (("stahnout", "Stáhnout"), ("sdilet", "Sdílet"), ("promitani", "Promítání")):
            self.tool(label)
            self.shoot(f"nabidka-{name}")
            page.keyboard.press("Escape")
        page.locator("#bm-search").fill("praha 1")
        page.locator('#bm-found [role="option"]').first.wait_for()
        self.shoot("hledani")

    def take_menu_beside_panel(self):
        page = self.map(at=SPOT, zoom=15)
        click_map(page, *SPOT)
        wait_for_form(page)
        if not self.is_phone:
            self.tool("Stáhnout")
            self.shoot("nabidka-vedle-panelu")

    def tool(self, label):
        if self.is_phone:
            self.page.locator(".bm-more").click()
        open_menu(self.page, label)

    def take_presentation(self):
        page = self.map(layers="layers=concentration,city_parts,labels")
        page.locator(".bm-host").focus()
        page.keyboard.press("p")
        page.locator(".bm-show h1").wait_for()
        self.shoot("promitani")
        page.keyboard.press("Escape")

    def take_record_page(self):
        self.page.goto(f"{self.address}/zaznamenat")
        wait_for_map(self.page)
        wait_for_form(self.page)
        self.shoot("zaznamenat")

    def take_pages(self):
        paths = (
            "mestske-casti", "bila-mista", "prijem", "historie", "moje-zaznamy", "protokol", "pridat-data", "data-a-zdroje",
            "nastaveni",
        )  # fmt: skip
        for path in paths:
            self.open(path)
            self.shoot(path, full=True)
        self.open("mestske-casti?mc=547158")
        self.shoot("mestska-cast", full=True)
        self.open("prijem")
        self.page.get_by_role("link", name="Historie").nth(1).click()
        self.page.get_by_text("Vymazat natrvalo").first.wait_for()
        self.shoot("historie-mista", full=True)
        self.open("mestske-casti?mc=500208&lang=uk")
        self.shoot("mestska-cast-uk", full=True)

    def take_sources_open(self):
        self.open("data-a-zdroje")
        self.page.locator("[data-testid=stExpander] summary").nth(4).click()
        self.page.get_by_text("SHA-256").nth(4).wait_for()
        self.shoot("data-a-zdroje-karta", full=True)

    def take_import(self):
        self.open("pridat-data")
        self.page.locator("input[type=file]").set_input_files(
            {"name": "vymysleny-priklad.csv", "mimeType": "text/csv", "buffer": EXAMPLE.encode("utf-8-sig")}
        )
        self.page.get_by_role("heading", name="3. Náhled").wait_for()
        self.shoot("pridat-data-nahled", full=True)

    def take_training(self):
        self.map(address=self.training)
        self.page.locator(".st-key-first_run").wait_for()
        self.shoot("prvni-spusteni")
        self.page.get_by_role("button", name="Otevřít mapu").click()
        self.page.locator(".st-key-first_run").wait_for(state="detached")
        self.shoot("skoleni-mapa")
        self.map(at=(14.45, 50.07), zoom=15, address=self.training)
        self.shoot("skoleni-ulice")
        self.page.locator(".bm-host").focus()
        self.page.keyboard.press("p")
        self.page.locator(".bm-show h1").wait_for()
        self.shoot("skoleni-promitani")
        self.open("mestske-casti", self.training)
        self.shoot("skoleni-mestske-casti")


def picture_for_readme(browser, address):
    camera = Camera(browser, 1440, address, address, "")
    page = camera.map()
    lon, lat = 14.4700, 50.0350
    mark(page, lon, lat, kind="Ubytovna", outcome="Předána informace / leták")
    page.mouse.move(700, 20)
    page.wait_for_timeout(1200)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURE)
    press(page, "Zpět, zrušit záznam")
    print(PICTURE.relative_to(PROJECT))
    camera.context.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true", help="also write the picture of the README")
    parser.add_argument("--only", default="", help="take only pictures whose method has this in its name")
    parser.add_argument("--width", type=int, choices=list(SIZES), action="append")
    arguments = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bila-mista-"))
    try:
        fill(folder / "data")
        with sync_playwright() as playwright, running_app(folder / "data") as app:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
            if arguments.only in SHARED:
                take_shared(
                    browser, folder / "shared", OUT, {width: SIZES[width] for width in arguments.width or SIZES}
                )
            for width in arguments.width or SIZES:
                training = folder / f"training-{width}"
                make_training_data(training, seed=1, today=datetime.now(UTC).date())
                with running_app(training) as school:
                    camera = Camera(browser, width, app.address, school.address, arguments.only)
                    camera.take_all()
                    camera.context.close()
            if arguments.docs:
                picture_for_readme(browser, app.address)
            browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
