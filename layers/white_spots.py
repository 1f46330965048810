"""White spots on the map: what is said of each city part, and how sure it is.

Two questions that never stand in one table: where to go (attention against need) and whom to write
to (share over Czech citizens, and contact). Internal, and never exported: nothing that leaves the
house ranks city parts.
"""

from collections.abc import Mapping

import pandas as pd

from domain.coverage import STATE_LABELS, CoverageState
from domain.roles import Permission, is_permitted
from domain.text import Text
from geo.boundaries import boundaries
from geo.figures import load_figure_tables
from geo.provenance import BUNDLED_DATA, read_dataset_info
from layers._board_fields import LAST_MONTH_FIELD, state_field, visits_field
from layers._choropleth import NAME_FIELD, city_part_frame
from layers.contract import (
    BoardChoices,
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

GO, WRITE = "go", "write"
UNSURE = "known_unsure"
"""Visited as expected, with a certainty below `actions.board_reader.SURE_FROM`: it may as well be otherwise."""

NO_NEED = "no_need"

STATE_TERMS: Mapping[str, Text] = {
    **{state.value: label for state, label in STATE_LABELS.items()},
    UNSURE: Text(
        cs="přiměřeně navštěvováno, spíše nejisté",
        en="visited as expected, rather unsure",
        uk="відвідують, як очікувано, але це непевно",
    ),
    NO_NEED: Text(cs="údaj chybí", en="no figure", uk="даних немає"),
}
WRITE_TERMS: Mapping[str, Text] = {
    "write": Text(
        cs="vysoký podíl, bez kontaktu: napsat",
        en="high share, no contact: write",
        uk="висока частка, контакту немає: написати",
    ),
    "ask": Text(
        cs="vysoký podíl, kontakt neuveden: zjistit",
        en="high share, contact not stated: find out",
        uk="висока частка, контакт не вказано: з’ясувати",
    ),
    "approached": Text(
        cs="vysoký podíl, osloveno, zatím bez kontaktu",
        en="high share, written to, no contact yet",
        uk="висока частка, звернулися, контакту ще немає",
    ),
    "in_contact": Text(cs="vysoký podíl, v kontaktu", en="high share, in contact", uk="висока частка, контакт є"),
    "just_below": Text(cs="těsně pod hranicí", en="just below the threshold", uk="трохи нижче межі"),
    "below": Text(cs="pod hranicí", en="below the threshold", uk="нижче межі"),
    "no_figure": Text(cs="údaj chybí", en="no figure", uk="даних немає"),
}
# Purple to orange of ColorBrewer, readable by the colour-blind; hatched where it is not sure.
_GO_LOOK: Mapping[str, tuple[str, bool]] = {
    CoverageState.WHITE_SPOT.value: ("#b35806", False),
    CoverageState.PROBABLE.value: ("#f1a340", True),
    CoverageState.CANNOT_TELL.value: ("#e3e3e3", True),
    UNSURE: ("#d8daeb", True),
    CoverageState.KNOWN.value: ("#998ec3", False),
    CoverageState.OVER_COVERED.value: ("#542788", False),
    NO_NEED: ("#ffffff", False),
}
_WRITE_LOOK: Mapping[str, tuple[str, bool]] = {
    "write": ("#b35806", False),
    "ask": ("#f1a340", True),
    "approached": ("#d8daeb", True),
    "in_contact": ("#998ec3", False),
    "just_below": ("#fee0b6", True),
    "below": ("#e3e3e3", False),
    "no_figure": ("#ffffff", False),
}
DEFAULT_CHOICES = BoardChoices(
    needs=(Choice(value="foreigners", label=Text(cs="cizinci 2019", en="foreigners 2019", uk="іноземці 2019")),)
)
LEGEND = tuple(
    LegendEntry(value=value, label=STATE_TERMS[value], colour=colour, hatched=hatched)
    for value, (colour, hatched) in _GO_LOOK.items()
)
WRITE_LEGEND = tuple(
    LegendEntry(value=value, label=WRITE_TERMS[value], colour=colour, hatched=hatched)
    for value, (colour, hatched) in _WRITE_LOOK.items()
)
GO_FIELDS = (
    NAME_FIELD,
    state_field(STATE_TERMS),
    Field(
        column="certainty_pct",
        label=Text(cs="Jistota", en="Certainty", uk="Певність"),
        formatter=Formatter.PERCENT,
        tooltip=True,
        digits=0,
    ),
    visits_field(Text(cs="Návštěv", en="Visits", uk="Візитів")),
    LAST_MONTH_FIELD,
)
WRITE_FIELDS = (
    NAME_FIELD,
    state_field(WRITE_TERMS, column="verdict"),
    Field(
        column="share_pct",
        label=Text(
            cs="Cizinci na 100 občanů ČR", en="Foreigners per 100 Czech citizens", uk="Іноземців на 100 громадян ЧР"
        ),
        formatter=Formatter.DECIMAL,
        tooltip=True,
    ),
)
_GO_NOTE = Text(
    cs="Návštěvy všech organizací proti tomu, kolik by jich odpovídalo potřebě. Šrafované je nejisté.",
    en="Visits by all organisations against what the need calls for. What is hatched is uncertain.",
    uk="Візити всіх організацій порівняно з тим, що відповідало б потребі. Заштриховане — непевне.",
)
_WRITE_NOTE = Text(
    cs="Podíl na občanech ČR, ne na obyvatelích. Kontakt: co jste zapsali, jinak co zapsali jiní nebo zveřejnilo ICP.",
    en="Share over Czech citizens, not inhabitants. Contact: what you noted, else what others noted or ICP published.",
    uk="Частка щодо громадян ЧР, а не мешканців. Контакт: ваші записи, інакше записи інших або публікація ICP.",
)


def load(context: Context) -> Features:
    """Return the 57 city parts with their class; none for a reader who may not see places."""
    tab = context.options.get("tab") or GO
    go = tab != WRITE
    fields, legend, note = (GO_FIELDS, LEGEND, _GO_NOTE) if go else (WRITE_FIELDS, WRITE_LEGEND, _WRITE_NOTE)
    columns = [field.column for field in fields if field.column != "name"]
    frame = city_part_frame({name: _empty() for name in ("class", *columns)})
    if not is_permitted(context.clearance.role, Permission.SEE_PLACES):
        return Features(frame=frame.iloc[:0], legend=legend, note=note, fields=fields)
    frame["class"] = CoverageState.CANNOT_TELL.value if go else "no_figure"
    board = context.readers.board
    if board is not None:
        need = context.options.get("need") or DEFAULT_CHOICES.needs[0].value
        rows = board.city_parts(
            tab=tab, need=need, view=context.options.get("view", ""), clearance=context.clearance
        ).reindex(frame.index)
        for name in ("class", *columns):
            frame[name] = rows[name].astype(object).where(rows[name].notna(), None)
    present = set(frame["class"])
    return Features(
        frame=frame, legend=tuple(entry for entry in legend if entry.value in present), note=note, fields=fields
    )


def offer_options(readers: Readers) -> tuple[Option, ...]:
    """Return the options; the needs are those that the data offer now."""
    offered = DEFAULT_CHOICES if readers.board is None else readers.board.choices()
    return (
        Option(
            id="tab",
            label=Text(cs="Otázka", en="Question", uk="Запитання"),
            choices=(
                Choice(value=GO, label=Text(cs="Kam jít", en="Where to go", uk="Куди йти")),
                Choice(value=WRITE, label=Text(cs="Komu napsat", en="Whom to write to", uk="Кому написати")),
            ),
            default=GO,
        ),
        Option(
            id="need",
            label=Text(cs="Potřeba podle", en="Need by", uk="Потреба за"),
            choices=offered.needs,
            default=offered.needs[0].value,
        ),
        view_option(offered),
    )


def view_option(offered: BoardChoices) -> Option:
    """Return the option that names a view: parameters and a day that a page has set."""
    label = Text(cs="Nastavení výpočtu", en="Settings of the model", uk="Параметри обчислення")
    return Option(id="view", label=label, choices=(), hidden=True, accepts=offered.is_view)


def _empty() -> "pd.Series[str]":
    return pd.Series(None, index=boundaries().city_parts.index, dtype=object)


LAYER = Layer(
    id="white_spots",
    title=Text(cs="Bílá místa", en="White spots", uk="Білі плями"),
    description=Text(
        cs="Kde je potřeba a málo se ví (kam jít), a kde je vysoký podíl a žádný kontakt (komu napsat). Jen uvnitř.",
        en="Where there is need and little is known (where to go), and where the share is high without contact "
        "(whom to write to). Internal only.",
        uk="Де є потреба і мало відомо (куди йти) та де висока частка без контакту (кому написати). "
        "Лише для внутрішнього вжитку.",
    ),
    group=Group.COOPERATION,
    geometry=GeometryKind.POLYGON,
    sources=(
        load_figure_tables()["foreigners_2019"].info,
        read_dataset_info(BUNDLED_DATA / "boundaries" / "city_parts.toml"),
    ),
    load=load,
    fields=GO_FIELDS,
    style=Style(stroke="#5f5f5f", stroke_width=0.7, fill="#e3e3e3", fill_opacity=0.8),
    legend=LEGEND,
    options=offer_options,
    permission=Permission.SEE_PLACES,
    order=6,
    geometry_from="city_parts",
    exported=False,
)
