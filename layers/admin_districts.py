"""The 22 administrative districts (správní obvody), unions of city parts."""

from functools import cache

import geopandas as gpd

from domain.text import Text
from geo.boundaries import boundaries, city_part_name
from geo.provenance import BUNDLED_DATA, read_dataset_info
from layers._boundaries import AREA_FIELD, division_frame
from layers.contract import Context, Features, Field, GeometryKind, Group, Layer, Style


@cache
def _frame() -> gpd.GeoDataFrame:
    """Return all districts with the declared columns; `id` is the number."""
    divisions = boundaries()
    districts = divisions.admin_districts
    members = divisions.city_parts.groupby("admin_district")["name"].apply(list)
    return division_frame(
        districts,
        seat=[city_part_name(code) for code in districts["seat"]],
        members=[", ".join(members[number]) for number in districts["number"]],
    )


def load(context: Context) -> Features:  # noqa: ARG001  the same for every view and reader
    """Return the administrative districts, one row each."""
    return Features(
        frame=_frame().copy(),
        note=Text(
            cs="Sjednocení městských částí; hranice: IPR Praha, stav v říjnu 2026, generalizováno asi na 10 m.",
            en="Unions of city parts; borders: IPR Praha, state of October 2026, generalised to about 10 m.",
            uk="Об’єднання міських частин; межі: IPR Praha, стан на жовтень 2026 року, узагальнено приблизно до 10 м.",
        ),
    )


LAYER = Layer(
    id="admin_districts",
    title=Text(cs="Správní obvody", en="Administrative districts", uk="Адміністративні округи"),
    description=Text(
        cs="22 správních obvodů Praha 1 až Praha 22. Nejsou totéž co městské části stejného jména.",
        en="The 22 administrative districts Praha 1 to Praha 22. They are not the city parts of the same name.",
        uk="22 адміністративні округи від Praha 1 до Praha 22. Це не міські частини з такою самою назвою.",
    ),
    group=Group.BOUNDARIES,
    geometry=GeometryKind.POLYGON,
    sources=(read_dataset_info(BUNDLED_DATA / "boundaries" / "admin_districts.toml"),),
    load=load,
    fields=(
        Field(
            column="name",
            label=Text(cs="Správní obvod", en="Administrative district", uk="Адміністративний округ"),
            tooltip=True,
        ),
        Field(
            column="seat",
            label=Text(cs="Úřad městské části", en="Office of the city part", uk="Управа міської частини"),
        ),
        Field(column="members", label=Text(cs="Městské části", en="City parts", uk="Міські частини")),
        AREA_FIELD,
    ),
    style=Style(stroke="#4a4a4a", stroke_width=2.2),
    order=20,
)
