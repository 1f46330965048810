"""A browser's page that is watched for hostile texts, and records that hold one in every field."""

import contextlib
from dataclasses import dataclass, field
from datetime import date, timedelta

from playwright.sync_api import Error

from domain.dataset import DatasetInfo
from domain.geometry import LonLat
from domain.place import ChangeDraft, LocatedPlace, PlaceDraft, VisitDraft
from domain.plans import PlanDraft, PlanItemDraft
from domain.quick_records import QuarterNoteDraft
from domain.text import Text
from tests.browser.conftest import HERE
from tests.tools.made_up import ACTOR, new_id, today
from tests.tools.reruns import settle, watch_reruns

CITY_PART = "500119"
TIMEOUT_MS = 60_000
TOLD = "a hostile text has run"
MARK = f"Object.defineProperty(window, 'ran', {{ set() {{ console.log({TOLD!r}); }}, get() {{ return undefined; }} }});"


@dataclass
class Watch:
    """A page of a browser and everything that ran or was asked in it."""

    page: object
    ran: list = field(default_factory=list)
    outside: list = field(default_factory=list)
    sinks: list = field(default_factory=list)
    marks: list = field(default_factory=list)

    def __post_init__(self):
        self.page.set_default_timeout(TIMEOUT_MS)
        watch_reruns(self.page)
        # Every window of every frame tells when the mark is set; asking a frame that never loads would wait for ever.
        self.page.add_init_script(MARK)
        self.page.on("console", lambda message: self.marks.append(message.text) if message.text == TOLD else None)
        self.page.on("dialog", self.dialog)
        self.page.context.on(
            "request", lambda asked: None if asked.url.startswith(HERE) else self.outside.append(asked.url)
        )

    def dialog(self, dialog):
        self.ran.append(("dialog", dialog.message))
        dialog.dismiss()

    def open(self, address, *, tabs, wait_ms):
        """Open a page of the app with all that is folded in it, and as many of its tabs."""
        self.page.goto(address)
        self.page.locator("h1, .bm-map").first.wait_for()
        settle(self.page)
        # Time for what a text might do a while after it was drawn.
        self.page.wait_for_timeout(wait_ms)
        # What is folded is opened: it may be drawn only then.
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for tab in self.page.get_by_role("tab").all()[:tabs]:
            with contextlib.suppress(Error):
                tab.click(timeout=2000)
                self.page.wait_for_timeout(300)

    def look(self, sink):
        """Note the sink and what has run in any of its frames by now."""
        self.sinks.append(sink)
        self.page.wait_for_timeout(150)
        if self.marks:
            self.ran.append((sink, "window.ran"))
            self.marks.clear()


def batches(texts, size):
    return [texts[start : start + size] for start in range(0, len(texts), size)]


def add_place(store, number, text, actor=ACTOR):
    where = LonLat(lon=round(14.40 + number % 20 * 0.0016, 6), lat=round(50.02 + number // 20 * 0.0011, 6))
    draft = PlaceDraft(id=new_id(), kind="ubytovna", name=text, note=f"{text}\n{text}", position=where)
    located = LocatedPlace(draft=draft, city_part=CITY_PART, admin_district=4, cadastral_area=None)
    return store.places.add(located, actor).id


def add_events(store, place_id, number, text, actor=ACTOR):
    day = today() - timedelta(days=number % 300)
    visit = VisitDraft(id=new_id(), place_id=place_id, happened_on=day, outcome="nikdo", note=text, area=text)
    store.visits.add(visit, actor)
    store.changes.add(ChangeDraft(id=new_id(), place_id=place_id, change="nabor", happened_on=day, note=text), actor)
    note = QuarterNoteDraft(
        id=new_id(), city_part=CITY_PART, quarter="2026-Q3", vocabulary="typ_pobytu", code="neregulerni", note=text
    )
    store.quarter_notes.add(note, actor)


def add_plan(store, text):
    item = PlanItemDraft(id=new_id(), city_part=CITY_PART, visits=2, gain=1.0, p_low_before=0.7, p_low_after=0.5)
    return store.plans.add(PlanDraft(id=new_id(), title=text, need="foreigners", items=(item,)), ACTOR).id


def add_dataset(store, number, texts):
    same = Text(cs=texts[0], en=texts[0], uk=texts[0])
    columns = {f"other_x{index}": text for index, text in enumerate(texts)}
    info = DatasetInfo(
        id=f"import_{number:016x}", series=f"import_{number:016x}", title=same, publisher=texts[-1], source=texts[-2],
        licence=texts[0], reference_date=date(2026, 1, 1), sha256=f"{number:064x}", columns=tuple(columns), imported=True,
        does_not_count=same, denominator_note=same, count=2,
    )  # fmt: skip
    rows = {code: {column: 10.0 + index for index, column in enumerate(columns)} for code in (CITY_PART, "500089")}
    store.datasets.add(info, columns, rows, ACTOR)
