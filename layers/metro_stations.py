"""Metro stations: what everybody in Prague finds their way by. Source: PID, open data, 2020."""

from domain.text import Text
from geo.places_data import load_metro_stations
from layers._public import NAME, dataset
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

TRANSFER = "transfer"
STEP_FREE = {
    "yes": Text(cs="ano", en="yes", uk="так"),
    "no": Text(cs="ne", en="no", uk="ні"),
    "unknown": Text(cs="neuvedeno", en="not stated", uk="не вказано"),
}


def load(context: Context) -> Features:  # noqa: ARG001  always the same stations
    """Return all stations; a transfer station has a class of its own."""
    stations = load_metro_stations()
    frame = stations[["id", "name", "step_free", "geometry"]].assign(
        lines=[", ".join(lines) for lines in stations["lines"]],
        **{"class": [lines[0] if len(lines) == 1 else TRANSFER for lines in stations["lines"]]},
    )
    note = Text(
        cs="Zdroj: PID, otevřená data, stav 2020.",
        en="Source: PID, open data, as of 2020.",
        uk="Джерело: PID, відкриті дані, стан на 2020 рік.",
    )
    return Features(frame=frame, note=note)


LAYER = Layer(
    id="metro_stations",
    title=Text(cs="Stanice metra", en="Metro stations", uk="Станції метро"),
    description=Text(
        cs="Stanice metra s linkami a údajem o bezbariérovém přístupu.",
        en="Metro stations with their lines and whether access is step-free.",
        uk="Станції метро з лініями та даними про безбар’єрний доступ.",
    ),
    group=Group.BOUNDARIES,
    geometry=GeometryKind.POINT,
    sources=(dataset("metro_stations"),),
    load=load,
    fields=(
        Field(column="name", label=NAME, tooltip=True),
        Field(column="lines", label=Text(cs="Linka", en="Line", uk="Лінія"), tooltip=True),
        Field(
            column="step_free",
            label=Text(cs="Bezbariérový přístup", en="Step-free access", uk="Безбар’єрний доступ"),
            formatter=Formatter.TERM,
            terms=STEP_FREE,
        ),
    ),
    # Small marks that appear only once a part of the city is in view keep the overview calm.
    style=Style(stroke="#ffffff", stroke_width=1.0, fill="#3c3c3c", fill_opacity=1.0, radius=4.0, min_zoom=11),
    legend=(
        LegendEntry(value="A", label=Text(cs="linka A", en="line A", uk="лінія A"), colour="#009e73"),
        LegendEntry(
            value="B", label=Text(cs="linka B", en="line B", uk="лінія B"), colour="#e69f00", shape=Shape.SQUARE
        ),
        LegendEntry(
            value="C", label=Text(cs="linka C", en="line C", uk="лінія C"), colour="#d55e00", shape=Shape.TRIANGLE
        ),
        LegendEntry(
            value=TRANSFER,
            label=Text(cs="přestupní stanice", en="transfer station", uk="пересадкова станція"),
            colour="#3c3c3c",
            shape=Shape.HEXAGON,
        ),
    ),
    order=40,
    shown_by_default=True,
)
