"""Localities that were discussed in public, at the granularity at which they were published.

They have no coordinates: each is a hollow mark that stands for its city part.
"""

from collections.abc import Mapping
from datetime import date

import geopandas as gpd

from domain.text import Text
from geo.freshness import today_in_prague
from geo.places_data import load_public_localities
from layers._public import (
    AREA_NOTE,
    CITY_PART,
    NAME,
    SOURCE,
    STATUS_FIELD,
    city_part_names,
    dataset,
    historical_option,
    with_status,
)
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

KIND_LABELS: Mapping[str, Text] = {
    "market": Text(cs="tržnice, velkoobchod", en="market, wholesale", uk="ринок, гуртова торгівля"),
    "residential": Text(cs="obytná oblast", en="residential area", uk="житловий район"),
    "analysis": Text(
        cs="území popsané v šetření", en="area described in a survey", uk="територія, описана в дослідженні"
    ),
    "territory": Text(
        cs="městská část, o které píše ICP", en="city part that ICP writes about", uk="міська частина, про яку пише ICP"
    ),
    "accommodation": Text(
        cs="městské ubytování (plán 2022)",
        en="municipal accommodation (plan of 2022)",
        uk="міське житло (план 2022 року)",
    ),
    "emergency": Text(
        cs="nouzové ubytování, ukončené", en="emergency accommodation, ended", uk="екстрене житло, завершено"
    ),
    "node": Text(cs="dopravní uzel", en="transport node", uk="транспортний вузол"),
    "facility": Text(cs="státní zařízení", en="state facility", uk="державний заклад"),
}
LOCALITY, ENDED = "locality", "ended"
_PRECISION = "city_part"


def localities_frame(*, include_historical: bool, today: date) -> gpd.GeoDataFrame:
    """Return the features as of `today`; `what_is_public` and `granularity` hold ids of texts."""
    rows = with_status(load_public_localities(include_historical=include_historical), today)
    return rows[["id", "name", "kind", "place", "status", "source", "geometry"]].assign(
        city_part_name=city_part_names(rows["city_part"]),
        precision=_PRECISION,
        what_is_public=rows["locality"],
        granularity=rows["locality"],
        **{"class": [ENDED if historical else LOCALITY for historical in rows["historical"]]},
    )


def load(context: Context) -> Features:
    """Return the localities; those that ended only where the option asks for them."""
    wanted = context.options.get("historical") == "yes"
    note = Text(
        cs="Jak zveřejněno, bez souřadnic: značka platí pro celou městskou část.",
        en="As published, without coordinates: a mark stands for the whole city part.",
        uk="Як опубліковано, без координат: позначка стосується всієї міської частини.",
    )
    return Features(frame=localities_frame(include_historical=wanted, today=today_in_prague()), note=note)


def _texts(stem: str) -> dict[str, Text]:
    """Return the three-language texts of a column by the id of the locality."""
    rows = load_public_localities(include_historical=True).drop_duplicates("locality")
    columns = (rows["locality"], rows[f"{stem}_cs"], rows[f"{stem}_en"], rows[f"{stem}_uk"])
    return {locality: Text(cs=cs, en=en, uk=uk) for locality, cs, en, uk in zip(*columns, strict=True)}


LAYER = Layer(
    id="public_localities",
    title=Text(cs="Veřejně známá místa", en="Publicly discussed localities", uk="Публічно відомі місця"),
    description=Text(
        cs="Místa, o kterých se psalo nebo mluvilo veřejně. Značka platí pro celou městskou část.",
        en="Localities that were written or spoken about in public. A mark stands for the whole city part.",
        uk="Місця, про які писали чи говорили публічно. Позначка стосується всієї міської частини.",
    ),
    group=Group.PLACES,
    geometry=GeometryKind.POINT,
    sources=(dataset("public_localities"),),
    load=load,
    fields=(
        Field(column="name", label=NAME, tooltip=True),
        Field(
            column="kind",
            label=Text(cs="Druh", en="Kind", uk="Вид"),
            formatter=Formatter.TERM,
            terms=KIND_LABELS,
            tooltip=True,
        ),
        Field(column="place", label=Text(cs="Kde, jak zveřejněno", en="Where, as published", uk="Де, як опубліковано")),
        Field(column="city_part_name", label=CITY_PART, tooltip=True),
        Field(
            column="precision",
            label=Text(cs="Přesnost polohy", en="Precision of the position", uk="Точність розташування"),
            formatter=Formatter.TERM,
            terms={_PRECISION: AREA_NOTE},
            tooltip=True,
        ),
        Field(
            column="what_is_public",
            label=Text(cs="Co je veřejně známo", en="What is publicly known", uk="Що відомо публічно"),
            formatter=Formatter.TERM,
            terms=_texts("what_is_public"),
        ),
        Field(
            column="granularity",
            label=Text(cs="Podrobnost", en="Level of detail", uk="Рівень деталізації"),
            formatter=Formatter.TERM,
            terms=_texts("granularity"),
        ),
        STATUS_FIELD,
        Field(column="source", label=SOURCE),
    ),
    style=Style(stroke="#7b3294", stroke_width=2.5, dash="4 3", fill="#7b3294", fill_opacity=0.1, radius=11.0),
    legend=(
        LegendEntry(
            value=LOCALITY,
            label=Text(
                cs="místo známé pro městskou část",
                en="locality known for the city part",
                uk="місце, відоме для міської частини",
            ),
            colour="#7b3294",
            shape=Shape.RING,
        ),
        LegendEntry(
            value=ENDED,
            label=Text(cs="ukončené místo", en="ended", uk="більше не діє"),
            colour="#6b6b6b",
            shape=Shape.CROSS,
        ),
    ),
    options=(historical_option(Text(cs="Ukončená místa", en="Places that ended", uk="Місця, що більше не діють")),),
    order=50,
    shown_by_default=True,
)
