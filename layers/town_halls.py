"""Contact with town halls: what organisations noted here with its day, else what ICP published.

The same as the lens "answer" of the board: what the reader's own organisation noted last counts,
whatever others say; where it noted nothing, the best that another organisation noted or that was
published, because somebody who is in contact can be asked. Internal, and never exported: who wrote
to whom is the organisations' own business. The published state alone is `layers/cooperation.py`.
"""

from collections.abc import Mapping

import pandas as pd

from domain.contacts import NOT_STATED
from domain.coverage import StatedBy
from domain.roles import Permission, is_permitted
from domain.text import Text
from geo.boundaries import boundaries
from layers._choropleth import NAME_FIELD, city_part_frame
from layers.contract import Context, Features, Field, Formatter, GeometryKind, Group, Layer, Option, Readers
from layers.cooperation import LEGEND, SOURCES, STATUS_FIELD, STYLE
from layers.white_spots import DEFAULT_CHOICES, view_option

STATED_BY_TERMS: Mapping[str, Text] = {
    StatedBy.OWN.value: Text(cs="zapsali jste vy", en="noted by you", uk="записали ви"),
    StatedBy.OTHERS.value: Text(
        cs="zapsala jiná organizace", en="noted by another organisation", uk="записала інша організація"
    ),
    StatedBy.PUBLISHED.value: Text(
        cs="zveřejnilo ICP, nedatováno", en="published by ICP, undated", uk="опублікував ICP, без дати"
    ),
    StatedBy.NOBODY.value: Text(cs="nikdo nic neuvedl", en="nobody stated anything", uk="ніхто нічого не вказав"),
}
_NOTHING = {"status": NOT_STATED, "contact_on": None, "stated_by": StatedBy.NOBODY.value}
_NOTE = Text(
    cs="Platí, co jste naposledy zapsali vy; jinak to nejlepší, co zapsal někdo jiný nebo zveřejnilo ICP. "
    "Nepočítá dopisy a schůzky, které nikdo nezapsal; „neuvedeno“ neznamená „žádná“.",
    en="What you noted last counts; else the best that somebody else noted or ICP published. "
    "Letters and meetings that nobody noted do not count; “not stated” does not mean “none”.",
    uk="Чинне те, що ви записали останнім; інакше найкраще, що записав хтось інший або опублікував ICP. "
    "Не рахуються листи й зустрічі, яких ніхто не записав; «не вказано» не означає «немає».",
)


def load(context: Context) -> Features:
    """Return the 57 city parts with the contact of the day; none for a reader who may not see places."""
    codes = boundaries().city_parts.index
    found = pd.DataFrame(_NOTHING, index=codes, dtype=object)
    may_see = is_permitted(context.clearance.role, Permission.SEE_PLACES)
    if may_see and context.readers.board is not None:
        stated = context.readers.board.contacts(view=context.options.get("view", ""), clearance=context.clearance)
        found.update(stated)
    frame = city_part_frame({name: found[name].where(found[name].notna(), None) for name in _NOTHING})
    frame["class"] = frame["status"]
    present = set(frame["status"])
    return Features(
        frame=frame if may_see else frame.iloc[:0],
        legend=tuple(entry for entry in LEGEND if entry.value in present),
        note=_NOTE,
    )


def offer_options(readers: Readers) -> tuple[Option, ...]:
    """Return the option that a page sets: its parameters and day."""
    return (view_option(DEFAULT_CHOICES if readers.board is None else readers.board.choices()),)


LAYER = Layer(
    id="town_halls",
    title=Text(cs="Kontakt s úřady", en="Contact with town halls", uk="Контакт з управами"),
    description=Text(
        cs="Jak stojí kontakt s úřadem městské části a ke kterému dni: zápisy organizací, jinak co zveřejnilo ICP.",
        en="How the contact with the town hall stands and since which day: notes of organisations, "
        "else what ICP published.",
        uk="Який є контакт з управою міської частини та на який день: записи організацій, інакше публікація ICP.",
    ),
    group=Group.COOPERATION,
    geometry=GeometryKind.POLYGON,
    sources=SOURCES,
    load=load,
    fields=(
        NAME_FIELD,
        STATUS_FIELD,
        Field(
            column="contact_on",
            label=Text(cs="Ke dni", en="As of", uk="Станом на"),
            formatter=Formatter.DATE,
            tooltip=True,
        ),
        Field(
            column="stated_by",
            label=Text(cs="Odkud to víme", en="How we know", uk="Звідки це відомо"),
            formatter=Formatter.TERM,
            terms=STATED_BY_TERMS,
            tooltip=True,
        ),
    ),
    style=STYLE,
    legend=LEGEND,
    options=offer_options,
    permission=Permission.SEE_PLACES,
    order=26,
    geometry_from="city_parts",
    exported=False,
)
