"""Inside a city part: in which cells the own organisation was, and what came of it.

One colour for the 130,000 people of Praha 4 says little. Internal, and never exported. Nothing here
spreads foreigners over cells: no data says how.
"""

from collections.abc import Mapping

import geopandas as gpd

from domain.coverage import CELL_STATE_LABELS, CellState
from domain.roles import Permission, is_permitted
from domain.text import Text
from geo.boundaries import boundaries
from geo.cells import cells_of_city_part
from geo.coverage_visits import RESOLUTION
from geo.provenance import BUNDLED_DATA, read_dataset_info
from layers._board_fields import LAST_MONTH_FIELD, state_field, visits_field
from layers.contract import (
    Choice,
    Context,
    Features,
    Field,
    Formatter,
    GeometryKind,
    Group,
    Layer,
    LegendEntry,
    Option,
    Readers,
    Style,
)
from layers.white_spots import DEFAULT_CHOICES, view_option

DEFAULT_CITY_PART = "500054"
_STATE_TERMS = {state.value: label for state, label in CELL_STATE_LABELS.items()}
_LOOK: Mapping[CellState, tuple[str, bool]] = {
    CellState.NEVER: ("#f7f7f7", False),
    CellState.NOTHING_FOUND: ("#b2abd2", False),
    CellState.NO_ACCESS: ("#fdb863", True),
    CellState.KNOWN: ("#01665e", False),
}
_NOTE = Text(
    cs="Šestiúhelníky asi 0,1 km²; jen návštěvy a místa vaší organizace.",
    en="Hexagons of about 0.1 km²; only visits and places of your organisation.",
    uk="Шестикутники близько 0,1 км²; лише візити й місця вашої організації.",
)


def load(context: Context) -> Features:
    """Return the cells of the chosen city part with their state; none for a reader who may not see places."""
    chosen = context.options.get("city_part") or DEFAULT_CITY_PART
    may_see = is_permitted(context.clearance.role, Permission.SEE_PLACES)
    board = context.readers.board
    if may_see and board is not None:
        cells = board.cells(city_part=chosen, view=context.options.get("view", ""), clearance=context.clearance)
    else:
        cells = cells_of_city_part(chosen, RESOLUTION)
        cells = cells.assign(state=CellState.NEVER.value, visits=0, places=0, last_month=None)
        cells = cells if may_see else cells.iloc[:0]
    last = cells["last_month"].astype(object)
    frame = gpd.GeoDataFrame(
        {
            "id": [f"{chosen}-{cell}" for cell in cells.index],
            "name": boundaries().city_parts["name"][chosen],
            "state": cells["state"].to_numpy(),
            "visits": cells["visits"].to_numpy(),
            "places": cells["places"].to_numpy(),
            "last_month": last.where(last.astype(bool), None).to_numpy(),
            "class": cells["state"].to_numpy(),
        },
        geometry=cells.geometry.to_numpy(),
        crs=cells.crs,
    )
    return Features(frame=frame, note=_NOTE)


def offer_options(readers: Readers) -> tuple[Option, ...]:
    """Return the options: which city part."""
    names = boundaries().city_parts["name"]
    offered = DEFAULT_CHOICES if readers.board is None else readers.board.choices()
    return (
        Option(
            id="city_part",
            label=Text(cs="Městská část", en="City part", uk="Міська частина"),
            choices=tuple(
                Choice(value=str(code), label=Text(cs=name, en=name, uk=name)) for code, name in names.items()
            ),
            default=DEFAULT_CITY_PART,
        ),
        view_option(offered),
    )


LAYER = Layer(
    id="visited_cells",
    title=Text(cs="Navštívené buňky", en="Visited cells", uk="Відвідані клітинки"),
    description=Text(
        cs="Uvnitř jedné městské části: kde jste byli a s čím, a kde ještě ne.",
        en="Inside one city part: where you were and with what result, and where not yet.",
        uk="Усередині однієї міської частини: де ви були і з яким результатом, а де ще ні.",
    ),
    group=Group.COOPERATION,
    geometry=GeometryKind.POLYGON,
    sources=(read_dataset_info(BUNDLED_DATA / "boundaries" / "city_parts.toml"),),
    load=load,
    fields=(
        Field(column="name", label=Text(cs="Městská část", en="City part", uk="Міська частина"), tooltip=True),
        state_field(_STATE_TERMS),
        visits_field(Text(cs="Vašich návštěv", en="Your visits", uk="Ваших візитів")),
        Field(
            column="places",
            label=Text(cs="Vašich míst", en="Your places", uk="Ваших місць"),
            formatter=Formatter.INTEGER,
            tooltip=True,
        ),
        LAST_MONTH_FIELD,
    ),
    style=Style(stroke="#5f5f5f", stroke_width=0.6, fill="#f7f7f7", fill_opacity=0.7),
    legend=tuple(
        LegendEntry(value=state.value, label=CELL_STATE_LABELS[state], colour=colour, hatched=hatched)
        for state, (colour, hatched) in _LOOK.items()
    ),
    options=offer_options,
    permission=Permission.SEE_PLACES,
    order=7,
    exported=False,
)
