"""Places that the organisations recorded, as exactly as the reader may see them.

What arrives here has been through the privacy gate (`geo.disclosure`): own places as points, those
of others as areas with a coarse kind and a month, or as clusters where there are too many.
"""

from collections.abc import Iterator, Mapping

import geopandas as gpd
import pandas as pd

from domain.dataset import DatasetInfo
from domain.place import PlaceFilter, PlaceState
from domain.roles import Permission, is_permitted
from domain.text import Text
from domain.verification import RevisitReason
from domain.vocabulary import COARSE_KIND_LABELS, Scope, terms, vocabularies
from geo.boundaries import boundaries
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
    Shape,
    Style,
)

KIND_LABELS: Mapping[str, Text] = vocabularies()["typ_lokality"].labels
MIXED = "mixed"
COARSE_LABELS: Mapping[str, Text] = {
    **{kind.value: label for kind, label in COARSE_KIND_LABELS.items()},
    MIXED: Text(cs="různé druhy", en="several kinds", uk="різні види"),
}

# Okabe and Ito's eight colours; a colour that stands twice has another shape the second time.
_MARKS: Mapping[str, tuple[str, Shape]] = {
    "ubytovna": ("#d55e00", Shape.SQUARE),
    "pracoviste": ("#0072b2", Shape.TRIANGLE),
    "trznice": ("#e69f00", Shape.DIAMOND),
    "obchod": ("#f0e442", Shape.HEXAGON),
    "dopravni_uzel": ("#000000", Shape.CROSS),
    "komunita": ("#009e73", Shape.CIRCLE),
    "sidliste": ("#cc79a7", Shape.SQUARE),
    "skola": ("#56b4e9", Shape.STAR),
    "ulice": ("#cc79a7", Shape.DIAMOND),
    "urad": ("#56b4e9", Shape.TRIANGLE),
    "azylove_zarizeni": ("#d55e00", Shape.STAR),
    "jina": ("#000000", Shape.CIRCLE),
}
# Areas are rings: they stand for several places of one coarse kind and are no position.
_AREA_COLOURS: Mapping[str, str] = {
    "live": "#d55e00",
    "work": "#0072b2",
    "meet": "#009e73",
    "other": "#000000",
    MIXED: "#e69f00",
}
LEGEND = (
    *(
        LegendEntry(value=term.code, label=term.label, colour=_MARKS[term.code][0], shape=_MARKS[term.code][1])
        for term in terms("typ_lokality", Scope.PLACE)
    ),
    *(
        LegendEntry(
            value=kind,
            label=Text(
                cs=f"oblast: {COARSE_LABELS[kind].cs}",
                en=f"area: {COARSE_LABELS[kind].en}",
                uk=f"область: {COARSE_LABELS[kind].uk}",
            ),
            colour=colour,
            shape=Shape.RING,
        )
        for kind, colour in _AREA_COLOURS.items()
    ),
)

FRESHNESS_LABELS: Mapping[str, Text] = {
    "fresh": Text(cs="do 6 měsíců", en="within 6 months", uk="до 6 місяців"),
    "ageing": Text(cs="před 6 až 12 měsíci", en="6 to 12 months ago", uk="6–12 місяців тому"),
    "stale": Text(cs="před více než rokem", en="more than a year ago", uk="понад рік тому"),
    "never": Text(cs="zatím bez návštěvy", en="not visited yet", uk="ще не відвідували"),
}
REVISIT_LABELS: Mapping[str, Text] = {
    RevisitReason.CHANGE.value: Text(cs="nastala změna", en="something changed", uk="сталася зміна"),
    RevisitReason.FOLLOW_UP.value: Text(
        cs="domluvený další kontakt", en="a follow-up is agreed", uk="домовлено наступний контакт"
    ),
    RevisitReason.STALE.value: Text(cs="dlouho bez návštěvy", en="no visit for a long time", uk="давно без візиту"),
    RevisitReason.NEVER.value: Text(cs="zatím bez návštěvy", en="never visited", uk="ще без візиту"),
}
PRECISION_LABELS: Mapping[str, Text] = {
    "exact": Text(cs="přesná poloha", en="exact position", uk="точне розташування"),
    "cell": Text(
        cs="jen oblast; značka není poloha",
        en="an area only; the mark is not a position",
        uk="лише область; позначка не є розташуванням",
    ),
    "city_part": Text(
        cs="jen městská část; značka není poloha",
        en="the city part only; the mark is not a position",
        uk="лише міська частина; позначка не є розташуванням",
    ),
}
STATE_LABELS: Mapping[str, Text] = {
    PlaceState.SUGGESTED.value: Text(cs="navržené", en="suggested", uk="запропоноване"),
    PlaceState.VERIFIED.value: Text(cs="ověřené", en="verified", uk="перевірене"),
    PlaceState.REJECTED.value: Text(cs="zamítnuté", en="rejected", uk="відхилене"),
    PlaceState.CLOSED.value: Text(cs="uzavřené", en="closed", uk="закрите"),
}
FEWER = "fewer"

FIELDS = (
    Field(column="name", label=Text(cs="Název", en="Name", uk="Назва"), tooltip=True),
    Field(
        column="kind",
        label=Text(cs="Druh místa", en="Kind of place", uk="Вид місця"),
        formatter=Formatter.TERM,
        terms={**KIND_LABELS, **COARSE_LABELS},
        tooltip=True,
    ),
    Field(
        column="places",
        label=Text(cs="Počet míst", en="Number of places", uk="Кількість місць"),
        formatter=Formatter.TERM,
        terms={FEWER: Text(cs="méně než 5", en="fewer than 5", uk="менше ніж 5")},
        tooltip=True,
    ),
    Field(
        column="freshness",
        label=Text(cs="Poslední návštěva", en="Last visit", uk="Останній візит"),
        formatter=Formatter.TERM,
        terms=FRESHNESS_LABELS,
        tooltip=True,
    ),
    Field(
        column="last_visit",
        label=Text(cs="Den poslední návštěvy", en="Day of the last visit", uk="День останнього візиту"),
        formatter=Formatter.DATE,
    ),
    Field(
        column="last_visit_month",
        label=Text(cs="Měsíc poslední návštěvy", en="Month of the last visit", uk="Місяць останнього візиту"),
        formatter=Formatter.MONTH,
    ),
    Field(
        column="visit_count",
        label=Text(cs="Počet návštěv", en="Number of visits", uk="Кількість візитів"),
        formatter=Formatter.INTEGER,
    ),
    Field(
        column="revisit_by",
        label=Text(cs="Navštívit do", en="Visit again by", uk="Відвідати до"),
        formatter=Formatter.DATE,
        tooltip=True,
    ),
    Field(
        column="revisit",
        label=Text(cs="Čeká na návštěvu", en="Waits for a visit", uk="Чекає на візит"),
        formatter=Formatter.TERM,
        terms=REVISIT_LABELS,
        tooltip=True,
    ),
    Field(column="city_part_name", label=Text(cs="Městská část", en="City part", uk="Міська частина")),
    Field(
        column="headcount",
        label=Text(cs="Odhad počtu lidí", en="Estimated number of people", uk="Орієнтовна кількість людей"),
        formatter=Formatter.TERM,
        terms=vocabularies()["pocet_lidi"].labels,
    ),
    Field(
        column="access",
        label=Text(cs="Přístup", en="Access", uk="Доступ"),
        formatter=Formatter.TERM,
        terms=vocabularies()["pristup"].labels,
    ),
    Field(
        column="last_change",
        label=Text(cs="Poslední změna na místě", en="Last change at the place", uk="Остання зміна на місці"),
        formatter=Formatter.TERM,
        terms=vocabularies()["zmena_na_miste"].labels,
    ),
    Field(
        column="state",
        label=Text(cs="Stav", en="State", uk="Стан"),
        formatter=Formatter.TERM,
        terms=STATE_LABELS,
    ),
    Field(
        column="precision",
        label=Text(cs="Poloha", en="Position", uk="Розташування"),
        formatter=Formatter.TERM,
        terms=PRECISION_LABELS,
    ),
)
NOTE = Text(
    cs="Vlastní záznamy; počet míst není počet lidí a prázdná mapa neznamená, že tu nikdo není. "
    "Místa jiných organizací jsou vidět jen jako oblasti.",
    en="Own records; a number of places is not a number of people, and an empty map does not mean that nobody "
    "is here. Places of other organisations show as areas only.",
    uk="Власні записи; кількість місць не є кількістю людей, а порожня карта не означає, що тут нікого немає. "
    "Місця інших організацій показано лише як області.",
)
SOURCE = DatasetInfo(
    id="places",
    title=Text(cs="Místa z terénu", en="Places from the field", uk="Місця з польової роботи"),
    publisher="Organizace, které záznamy pořídily",
    source="Bílá místa",
    licence="interní záznamy, nezveřejňují se",
    reference_date=None,
    date_note=Text(
        cs="průběžně; u každého místa datum poslední návštěvy",
        en="continuous; each place carries the date of its last visit",
        uk="постійно; для кожного місця вказано дату останнього візиту",
    ),
    does_not_count=Text(
        cs="Nejsou to počty osob. Chybí místa, o kterých nikdo neví, lidé s neregulérním pobytem a pobyty do 90 dnů.",
        en="These are not numbers of persons. Places nobody knows of, people with irregular stay and stays up to "
        "90 days are missing.",
        uk="Це не кількість осіб. Немає місць, про які ніхто не знає, людей з неврегульованим перебуванням "
        "і перебувань до 90 днів.",
    ),
)


def load(context: Context) -> Features:
    """Return the places in view that the reader may see, with the classes that occur."""
    reader = context.readers.places
    if reader is None or not is_permitted(context.clearance.role, Permission.SEE_PLACES):
        return Features(frame=_empty_frame(), note=NOTE)
    rows = reader.places(
        bbox=context.bbox,
        zoom=context.zoom,
        only=PlaceFilter(kinds=context.values("kind")),
        clearance=context.clearance,
    )
    frame = _named(rows)
    classes = {value for value in frame["class"] if value is not None}
    return Features(frame=frame, legend=tuple(entry for entry in LEGEND if entry.value in classes) or None, note=NOTE)


def pages(context: Context) -> Iterator[Features]:
    """Yield all places that the reader may see, a page at a time; the first page may be empty."""
    reader = context.readers.places
    if reader is None or not is_permitted(context.clearance.role, Permission.SEE_PLACES):
        yield Features(frame=_empty_frame(), note=NOTE)
        return
    only = PlaceFilter(kinds=context.values("kind"))
    for rows in reader.pages(only=only, clearance=context.clearance):
        yield Features(frame=_named(rows), note=NOTE)


def _named(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    names = boundaries().city_parts["name"].to_dict()
    return rows.assign(city_part_name=pd.Series([names.get(code) for code in rows["city_part"]], dtype=object))


def _empty_frame() -> gpd.GeoDataFrame:
    columns = ["id", "class", "cluster", *(field.column for field in FIELDS)]
    return gpd.GeoDataFrame({column: pd.Series(dtype=object) for column in columns}, geometry=[], crs="EPSG:4326")


LAYER = Layer(
    id="places",
    title=Text(cs="Místa z terénu", en="Places from the field", uk="Місця з польової роботи"),
    description=Text(
        cs="Místa, kde migranti bydlí, pracují a setkávají se, jak je zaznamenali terénní pracovníci.",
        en="Places where migrants live, work and meet, as field workers recorded them.",
        uk="Місця, де мігранти живуть, працюють і зустрічаються, за записами польових працівників.",
    ),
    group=Group.PLACES,
    geometry=GeometryKind.POINT,
    sources=(SOURCE,),
    load=load,
    fields=FIELDS,
    # A heavy outline tells own records from public services, which share some marks.
    style=Style(stroke="#111111", stroke_width=2.4, fill="#555555", fill_opacity=0.95, radius=8.0),
    legend=LEGEND,
    options=(
        Option(
            id="kind",
            label=Text(cs="Druh místa", en="Kind of place", uk="Вид місця"),
            choices=tuple(Choice(value=term.code, label=term.label) for term in terms("typ_lokality", Scope.PLACE)),
            multiple=True,
        ),
    ),
    permission=Permission.SEE_PLACES,
    order=70,
    shown_by_default=True,
    clustered=True,
    depends_on_view=True,
    pages=pages,
)
