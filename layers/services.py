"""Public services and offices for foreigners, each with what is known of it and as of when.

What is historical, or not confirmed as a service for migrants, is off until somebody asks for it.
A service known only to its city part is drawn as a ring that stands for the city part; one without
any position is in the table, not on the map.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import geopandas as gpd

from domain.text import Text
from domain.vocabulary import LANGUAGE_NAMES, vocabularies
from geo.freshness import Freshness, today_in_prague
from geo.places_data import load_services
from layers._public import (
    AREA_NOTE,
    CITY_PART,
    NAME,
    SOURCE,
    STATUS_FIELD,
    cells,
    city_part_names,
    dataset,
    historical_option,
    with_status,
)
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

AREA = "city_part_only"
TYPE_LABELS = vocabularies()["typ_sluzby"].labels
GROUP_OF_TYPE: Mapping[str, str] = {
    "counselling_social": "counselling",
    "counselling_legal": "counselling",
    "counselling_work": "counselling",
    "courses_czech": "courses",
    "children_education": "courses",
    "community_centre": "community",
    "intercultural_work": "community",
    "office_residence": "residence",
    "first_aid_ukraine": "residence",
    "office_employment": "work_benefits",
    "office_social_benefits": "work_benefits",
    "health": "health",
    "city_part_contact": "city_part",
    "information": "city_part",
}
"""The first type of a service decides its colour and shape."""

# Okabe and Ito's colours, told apart by readers with any colour vision; the shape says it again.
_MARKS: Mapping[str, tuple[str, Shape]] = {
    "counselling": ("#0072b2", Shape.CIRCLE),
    "courses": ("#e69f00", Shape.TRIANGLE),
    "community": ("#cc79a7", Shape.STAR),
    "residence": ("#d55e00", Shape.SQUARE),
    "work_benefits": ("#56b4e9", Shape.DIAMOND),
    "health": ("#009e73", Shape.CROSS),
    "city_part": ("#f0e442", Shape.HEXAGON),
}
PRECISION_LABELS: Mapping[str, Text] = {
    "address": Text(cs="na adresu", en="to the address", uk="до адреси"),
    "street": Text(cs="na ulici", en="to the street", uk="до вулиці"),
    "stop": Text(cs="nejbližší zastávka", en="nearest stop", uk="найближча зупинка"),
    "city_part": AREA_NOTE,
    "none": Text(
        cs="poloha není známa, jen v seznamu",
        en="position not known, list only",
        uk="розташування невідоме, лише в списку",
    ),
}
POSITION_SOURCE_LABELS: Mapping[str, Text] = {
    "public_sources": Text(
        cs="adresa nebo sousední dům z veřejných zdrojů, nezaměřeno",
        en="the address or a neighbouring house, from public sources, not surveyed",
        uk="адреса або сусідній будинок, з публічних джерел, без вимірювань",
    ),
    "inner_point": Text(
        cs="jen podle katastrálního území", en="by the cadastral area only", uk="лише за кадастровою територією"
    ),
    "interpolated": Text(
        cs="dopočteno podle čísla domu", en="interpolated by house number", uk="інтерпольовано за номером будинку"
    ),
    "printed": Text(
        cs="uvedeno na stránce služby", en="printed on the page of the service", uk="вказано на сторінці послуги"
    ),
    "square": Text(cs="střed domů na náměstí", en="mean of the houses on the square", uk="середина будинків на площі"),
    "stop": Text(
        cs="nejbližší zastávka (PID)", en="nearest stop of public transport (PID)", uk="найближча зупинка (PID)"
    ),
}
LANGUAGE_NOTE_LABELS: Mapping[str, Text] = {
    "organisation_wide": Text(cs="platí pro celou organizaci", en="organisation-wide", uk="для всієї організації"),
    "workers_2014_15": Text(
        cs="interkulturní pracovníci v letech 2014–2015",
        en="intercultural workers in 2014–2015",
        uk="інтеркультурні працівники у 2014–2015 роках",
    ),
    "phone_line": Text(cs="telefonní linka", en="telephone line", uk="телефонна лінія"),
    "materials": Text(cs="tištěné materiály", en="printed materials", uk="друковані матеріали"),
    "social_networks": Text(cs="sociální sítě", en="social networks", uk="соціальні мережі"),
    "web_pages": Text(cs="webové stránky", en="web pages", uk="вебсторінки"),
    "interpreter_on_site": Text(cs="tlumočník na místě", en="interpreter on site", uk="перекладач на місці"),
}
_SHOWN = (
    "id", "name", "organization", "service_types", "service_type_text", "address", "position_precision",
    "position_uncertainty_m", "position_source", "languages", "languages_note", "website", "as_of", "status",
    "source", "geometry",
)  # fmt: skip


def services_frame(
    *, include_historical: bool, types: Sequence[str] = (), languages: Sequence[str] = (), today: date
) -> gpd.GeoDataFrame:
    """Return the features as of `today`; no types or no languages mean all.

    `status_note` holds the id of a text; cells without a value are None.
    """
    rows = with_status(load_services(include_historical=include_historical), today)
    keep = [
        (not types or not set(types).isdisjoint(own_types)) and (not languages or not set(languages).isdisjoint(spoken))
        for own_types, spoken in zip(rows["service_types"], rows["languages"], strict=True)
    ]
    rows = rows[keep].reset_index(drop=True)
    frame = rows[list(_SHOWN)].assign(
        city_part_name=city_part_names(rows["city_part"]),
        status_note=cells(rows["id"].where(rows["status_note_cs"] != "", ""), rows.index),
        also_here=cells(_also_here(rows), rows.index),
        **{"class": _classes(rows)},
    )
    # Where the mark stands for a city part, nothing may be said of how exact the mark is.
    pinned = rows["position_precision"] != "city_part"
    frame["position_uncertainty_m"] = rows["position_uncertainty_m"].where(pinned)
    frame["position_source"] = rows["position_source"].where(pinned, "")
    for column in ("address", "position_source", "languages", "languages_note", "website", "service_type_text"):
        frame[column] = cells(frame[column], frame.index)
    return frame


def load(context: Context) -> Features:
    """Return the services that the options ask for, with the number that has to be checked."""
    frame = services_frame(
        include_historical=context.options.get("historical") == "yes",
        types=context.values("type"),
        languages=context.values("language"),
        today=today_in_prague(),
    )
    to_check = int((frame["status"] == Freshness.TO_CHECK.value).sum())
    unplaced = int(frame.geometry.isna().sum())
    note = Text(
        cs=f"Služeb a úřadů: {len(frame)}, k ověření: {to_check}, bez polohy (jen v seznamu): {unplaced}.",
        en=f"Services and offices: {len(frame)}, to be checked: {to_check}, without position (list only): {unplaced}.",
        uk=f"Послуг і установ: {len(frame)}, перевірити: {to_check}, без розташування (лише в списку): {unplaced}.",
    )
    return Features(frame=frame, note=note)


def _classes(rows: gpd.GeoDataFrame) -> list[str]:
    """Return the legend values: a ring for what is known to the city part only, else the group."""
    return [
        AREA if precision == "city_part" else GROUP_OF_TYPE[types[0]]
        for precision, types in zip(rows["position_precision"], rows["service_types"], strict=True)
    ]


def _also_here(rows: gpd.GeoDataFrame) -> list[str]:
    """Return the names of the other services that share a row's position, which it would cover."""
    at: dict[bytes, list[str]] = {}
    keys = [None if point is None else point.wkb for point in rows.geometry]
    for key, name in zip(keys, rows["name"], strict=True):
        if key is not None:
            at.setdefault(key, []).append(name)
    return [
        "" if key is None else "; ".join(other for other in at[key] if other != name)
        for key, name in zip(keys, rows["name"], strict=True)
    ]


def _texts_of(key: str, stem: str) -> dict[str, Text]:
    """Return the three-language texts of the rows that have one, by the value of `key`."""
    rows = load_services(include_historical=True)
    columns = (rows[key], rows[f"{stem}_cs"], rows[f"{stem}_en"], rows[f"{stem}_uk"])
    return {code: Text(cs=cs, en=en, uk=uk) for code, cs, en, uk in zip(*columns, strict=True) if cs}


def _options() -> tuple[Option, ...]:
    rows = load_services(include_historical=True)
    used_types = {code for codes in rows["service_types"] for code in codes}
    spoken = {code for codes in rows["languages"] for code in codes}
    return (
        Option(
            id="type",
            label=Text(cs="Druh služby", en="Type of service", uk="Вид послуги"),
            choices=tuple(Choice(value=code, label=label) for code, label in TYPE_LABELS.items() if code in used_types),
            multiple=True,
        ),
        Option(
            id="language",
            label=Text(cs="Jazyk", en="Language", uk="Мова"),
            choices=tuple(Choice(value=code, label=name) for code, name in LANGUAGE_NAMES.items() if code in spoken),
            multiple=True,
        ),
        historical_option(
            Text(cs="Historické a nepotvrzené", en="Historical and unconfirmed", uk="Історичні та непідтверджені")
        ),
    )


def _legend() -> tuple[LegendEntry, ...]:
    groups = vocabularies()["skupina_sluzeb"].labels
    entries = [
        LegendEntry(value=group, label=groups[group], colour=colour, shape=shape)
        for group, (colour, shape) in _MARKS.items()
    ]
    ring = Text(
        cs="známo jen pro městskou část", en="known for the city part only", uk="відомо лише для міської частини"
    )
    return (*entries, LegendEntry(value=AREA, label=ring, colour="#333333", shape=Shape.RING))


def _term(column: str, label: Text, terms: Mapping[str, Text], *, tooltip: bool = False) -> Field:
    return Field(column=column, label=label, formatter=Formatter.TERM, terms=terms, tooltip=tooltip)


def _terms(column: str, label: Text, terms: Mapping[str, Text]) -> Field:
    return Field(column=column, label=label, formatter=Formatter.TERMS, terms=terms, tooltip=True)


LAYER = Layer(
    id="services",
    title=Text(cs="Služby a úřady", en="Services and offices", uk="Послуги та установи"),
    description=Text(
        cs="Veřejné služby a úřady pro cizince. Údaje starší než dva roky a nedatované je třeba ověřit.",
        en="Public services and offices for foreigners. Facts older than two years and undated ones need checking.",
        uk="Публічні послуги та установи для іноземців. Дані, старші за два роки або без дати, слід перевірити.",
    ),
    group=Group.SERVICES,
    geometry=GeometryKind.POINT,
    sources=(dataset("services"),),
    load=load,
    fields=(
        Field(column="name", label=NAME, tooltip=True),
        Field(column="organization", label=Text(cs="Organizace", en="Organisation", uk="Організація"), tooltip=True),
        _terms("service_types", Text(cs="Druh služby", en="Type of service", uk="Вид послуги"), TYPE_LABELS),
        Field(
            column="service_type_text",
            label=Text(cs="Druh, jak zveřejněno", en="Type, as published", uk="Вид, як опубліковано"),
        ),
        _terms("languages", Text(cs="Jazyky", en="Languages", uk="Мови"), LANGUAGE_NAMES),
        _term("languages_note", Text(cs="K jazykům", en="About the languages", uk="Щодо мов"), LANGUAGE_NOTE_LABELS),
        STATUS_FIELD,
        _term(
            "as_of", Text(cs="Údaj z doby", en="As of", uk="Дані станом на"), _texts_of("as_of", "as_of"), tooltip=True
        ),
        _term("status_note", Text(cs="Poznámka", en="Note", uk="Примітка"), _texts_of("id", "status_note")),
        Field(column="address", label=Text(cs="Adresa", en="Address", uk="Адреса")),
        Field(column="city_part_name", label=CITY_PART),
        _term(
            "position_precision",
            Text(cs="Přesnost polohy", en="Precision of the position", uk="Точність розташування"),
            PRECISION_LABELS,
        ),
        Field(
            column="position_uncertainty_m",
            label=Text(cs="Možná odchylka (m)", en="Possible error (m)", uk="Можливе відхилення (м)"),
            formatter=Formatter.INTEGER,
        ),
        _term(
            "position_source",
            Text(cs="Odkud je poloha", en="Where the position is from", uk="Звідки розташування"),
            POSITION_SOURCE_LABELS,
        ),
        Field(column="also_here", label=Text(cs="Na stejném místě", en="At the same place", uk="У тому самому місці")),
        Field(column="website", label=Text(cs="Web", en="Website", uk="Вебсайт"), formatter=Formatter.LINK),
        Field(column="source", label=SOURCE),
    ),
    style=Style(stroke="#ffffff", stroke_width=0.5, fill="#0072b2", fill_opacity=0.95, radius=5.5),
    legend=_legend(),
    options=_options(),
    order=60,
    shown_by_default=True,
)
