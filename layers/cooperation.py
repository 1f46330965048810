"""State of co-operation by city part, as ICP published it: a layer for everybody.

A city part about which nothing is stated is "neuvedeno", never "žádná": nobody has said that it
works with nobody. What organisations noted here since is `layers/town_halls.py`.
"""

from collections.abc import Mapping

from domain.contacts import NOT_STATED
from domain.text import Text
from domain.vocabulary import vocabularies
from geo.places_data import load_cooperation
from geo.provenance import BUNDLED_DATA, read_dataset_info
from layers._choropleth import NAME_FIELD, city_part_frame
from layers._public import dataset
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


def load(context: Context) -> Features:  # noqa: ARG001  everybody gets the same
    """Return the 57 city parts with their state; the legend has the states that occur."""
    frame = city_part_frame({"status": load_cooperation()["status"]})
    frame["class"] = frame["status"]
    present = set(frame["status"])
    return Features(frame=frame, legend=tuple(entry for entry in LAYER.legend if entry.value in present), note=_NOTE)


LEGEND = tuple(
    LegendEntry(value=state, label=STATE_LABELS[state], colour=colour, shape=Shape.SQUARE, hatched=hatched)
    for state, (colour, hatched) in _COLOURS.items()
)
STATUS_FIELD = Field(
    column="status",
    label=Text(cs="Spolupráce", en="Co-operation", uk="Співпраця"),
    formatter=Formatter.TERM,
    terms=STATE_LABELS,
    tooltip=True,
)
SOURCES = (dataset("cooperation"), read_dataset_info(BUNDLED_DATA / "boundaries" / "city_parts.toml"))
STYLE = Style(stroke="#4a4a4a", stroke_width=1.0, fill="#f2f2f2", fill_opacity=0.65)
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
    sources=SOURCES,
    load=load,
    fields=(
        NAME_FIELD,
        STATUS_FIELD,
    ),
    style=STYLE,
    legend=LEGEND,
    order=25,
    geometry_from="city_parts",
)
