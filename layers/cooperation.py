"""State of co-operation by city part: what ICP published, and what was recorded here since.

A city part about which nothing is stated is "neuvedeno", never "žádná": nobody has said that it
works with nobody. What was recorded in the application is for those who may see places; towards
the public only the published state is shown.
"""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from domain.contacts import NOT_STATED
from domain.roles import Permission, is_permitted
from domain.text import Text
from domain.vocabulary import vocabularies
from geo.boundaries import boundaries
from geo.places_data import load_cooperation
from geo.provenance import BUNDLED_DATA, read_dataset_info
from layers._public import CITY_PART, dataset
from layers.contract import (
    Context,
    Features,
    Field,
    Formatter,
    GeometryKind,
    Group,
    Layer,
    LegendEntry,
    Shape,
    Style,
)

STATE_LABELS = vocabularies()["stav_spoluprace"].labels
PUBLISHED, RECORDED = "published", "recorded"
BASIS_LABELS: Mapping[str, Text] = {
    PUBLISHED: Text(cs="zveřejnilo ICP, nedatováno", en="published by ICP, undated", uk="опублікував ICP, без дати"),
    RECORDED: Text(
        cs="zaznamenáno v této aplikaci", en="recorded in this application", uk="записано в цьому застосунку"
    ),
}
# Blues by lightness for a growing contact; hatching tells the two states without one apart.
_COLOURS: Mapping[str, tuple[str, bool]] = {
    "pravidelny_kontakt": ("#08519c", False),
    "navazano": ("#3182bd", False),
    "schuzka": ("#6baed6", False),
    "osloveno": ("#bdd7e7", False),
    "pozastaveno": ("#fdbe85", True),
    "zadna": ("#d9d9d9", True),
    NOT_STATED: ("#f2f2f2", False),
}


def load(context: Context) -> Features:
    """Return the 57 city parts with their state; the legend has the states that occur."""
    states = _states(context)
    parts = boundaries().city_parts
    frame = gpd.GeoDataFrame(
        {
            "id": parts.index,
            "name": parts["name"].to_numpy(),
            "status": states["status"].reindex(parts.index).to_numpy(),
            "basis": states["basis"].reindex(parts.index).to_numpy(),
        },
        geometry=parts.geometry.to_numpy(),
        crs=parts.crs,
    )
    frame["class"] = frame["status"]
    present = set(frame["status"])
    return Features(frame=frame, legend=tuple(entry for entry in LAYER.legend if entry.value in present), note=_NOTE)


def _states(context: Context) -> pd.DataFrame:
    """Return `status` and `basis` by code; recorded states, where the reader may see them, go first.

    `Readers.cooperation` has the columns `code` (or that index) and `status`.
    """
    published = load_cooperation()
    states = pd.DataFrame(
        {
            "status": published["status"],
            "basis": [None if status == NOT_STATED else PUBLISHED for status in published["status"]],
        },
        index=published.index,
        dtype=object,
    )
    recorded = context.readers.cooperation
    if recorded is None or not is_permitted(context.clearance.role, Permission.SEE_PLACES):
        return states
    own = recorded.set_index("code")["status"] if "code" in recorded.columns else recorded["status"]
    for code, status in own.items():
        if code in states.index and status in STATE_LABELS and status != NOT_STATED:
            states.loc[code, ["status", "basis"]] = [status, RECORDED]
    return states


_NOTE = Text(
    cs="Jak zveřejnilo ICP, nedatováno. „Neuvedeno“ neznamená, že městská část s nikým nespolupracuje.",
    en="As published by ICP, undated. “Not stated” does not mean that a city part works with nobody.",
    uk="Як опублікував ICP, без дати. «Не вказано» не означає, що міська частина ні з ким не співпрацює.",
)

LAYER = Layer(
    id="cooperation",
    title=Text(
        cs="Spolupráce s městskými částmi", en="Co-operation with city parts", uk="Співпраця з міськими частинами"
    ),
    description=Text(
        cs="Stav spolupráce Integračního centra Praha s městskými částmi, jak byl zveřejněn.",
        en="State of co-operation of the Integration Centre Prague with city parts, as published.",
        uk="Стан співпраці Інтеграційного центру Праги з міськими частинами, як опубліковано.",
    ),
    group=Group.COOPERATION,
    geometry=GeometryKind.POLYGON,
    sources=(dataset("cooperation"), read_dataset_info(BUNDLED_DATA / "boundaries" / "city_parts.toml")),
    load=load,
    fields=(
        Field(column="name", label=CITY_PART, tooltip=True),
        Field(
            column="status",
            label=Text(cs="Spolupráce", en="Co-operation", uk="Співпраця"),
            formatter=Formatter.TERM,
            terms=STATE_LABELS,
            tooltip=True,
        ),
        Field(
            column="basis",
            label=Text(cs="Odkud to víme", en="How we know", uk="Звідки це відомо"),
            formatter=Formatter.TERM,
            terms=BASIS_LABELS,
            tooltip=True,
        ),
    ),
    style=Style(stroke="#4a4a4a", stroke_width=1.0, fill="#f2f2f2", fill_opacity=0.65),
    legend=tuple(
        LegendEntry(value=state, label=STATE_LABELS[state], colour=colour, shape=Shape.SQUARE, hatched=hatched)
        for state, (colour, hatched) in _COLOURS.items()
    ),
    order=25,
    geometry_from="city_parts",
)
