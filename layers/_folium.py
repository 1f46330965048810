"""Renderer for people without the app: a view of the map as one HTML file.

The file opens from a disk with no network: Leaflet, styles and data are inside. folium makes the
page and the Leaflet map. It would carry texts into template literals, where `${...}` and a
backtick run whatever their escaping, so here every text travels as JSON in a block that no
browser executes, and the constant script `_folium.js` turns it into text nodes.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import folium
import numpy as np
import shapely
from branca.element import Element, Figure, MacroElement
from jinja2 import Template
from shapely.geometry.base import BaseGeometry
from xstatic.pkg import leaflet

from domain.text import Language, Text
from layers import _words as words
from layers._format import format_day, format_value
from layers._shapes import OUTLINES
from layers._view import (
    PRAGUE,
    FeatureView,
    MapView,
    RenderedLayer,
    bbox_of,
    checked_colour,
    clean,
    drawing_order,
    hatch_colour,
    iterate_features,
    note_line,
    notices,
    source_lines,
)
from layers.contract import Field, Formatter, LegendEntry

HERE = Path(__file__).parent
MAX_ZOOM = 18
MIN_ZOOM = 8
# 1e-5 degree is about a metre at Prague: finer than the boundaries' generalisation of 10 m.
COORDINATE_DIGITS = 5
_IMAGE = re.compile(r"url\((images/[\w.-]+)\)")
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_SCRIPT_HASHES = "script-hashes-go-here"
_COUNT = Field(column="count", label=words.MAP, formatter=Formatter.INTEGER)
_BROWSER_WORDS: Mapping[str, Text] = {
    "zoom_in": words.ZOOM_IN,
    "zoom_out": words.ZOOM_OUT,
    "whole_view": words.WHOLE_VIEW,
    "as_table": words.AS_TABLE,
    "show_on_map": words.SHOW_ON_MAP,
    "no_position": words.NO_POSITION,
    "empty": words.EMPTY,
    "sources": words.SOURCES,
}


class _Page(Figure):
    """The page around folium's map; `texts` are escaped by the template."""

    _template = Template(
        """<!DOCTYPE html>
<html lang="{{ this.texts.lang }}">
<head>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {{ this.script_hashes }}; \
style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<title>{{ this.texts.title }}</title>
{{ this.header.render(**kwargs)|safe }}
</head>
<body>
<header><h1 class="user-text">{{ this.texts.title }}</h1><p class="date">{{ this.texts.exported }}</p></header>
{% if this.texts.banner %}<p class="banner" role="status">{{ this.texts.banner }}</p>{% endif %}
<aside id="panel" aria-label="{{ this.texts.panel }}">
<div class="panel-head"><h2>{{ this.texts.panel }}</h2>\
<button type="button" id="panel-closer">{{ this.texts.close }}</button></div>
<div id="layer-list"></div>
<details class="licences"><summary>{{ this.texts.licences }}</summary>
{% for line in this.texts.notices %}<p class="grey">{{ line }}</p>{% endfor %}
<pre lang="en">{{ this.texts.leaflet }}</pre></details>
</aside>
<main>
{{ this.html.render(**kwargs)|safe }}
<noscript><p>{{ this.texts.needs_script }}</p></noscript>
<button type="button" id="panel-opener" aria-controls="panel" aria-expanded="false">{{ this.texts.panel }}</button>
<p class="notice">{{ this.texts.notices|join(" · ") }} · Leaflet</p>
</main>
<script type="application/json" id="view-data">{{ this.payload|safe }}</script>
<script>{{ this.script.render(**kwargs)|safe }}</script>
</body>
</html>
""",
        autoescape=True,
    )

    def __init__(self, texts: Mapping[str, Any], payload: str) -> None:
        super().__init__()
        self.texts = texts
        self.payload = payload
        self.script_hashes = _SCRIPT_HASHES


class _Asset(Element):
    """A constant part of the head."""

    _template = Template("<{{ this.tag }}>{{ this.body }}</{{ this.tag }}>")

    def __init__(self, tag: str, body: str) -> None:
        super().__init__()
        self.tag = tag
        self.body = body


class _Viewport(Element):
    """Lets people enlarge the page with two fingers, which folium's own line forbids."""

    _template = Template('<meta name="viewport" content="width=device-width, initial-scale=1">')


class _Drawing(MacroElement):
    """Calls the constant script once folium's map stands."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    _template = Template("{% macro script(this, kwargs) %}BilaMista.draw({{ this._parent.get_name() }});{% endmacro %}")


def render_html(view: MapView) -> str:
    """Return the view as one HTML page that needs no network.

    Parameters
    ----------
    view
        Layers with their features in EPSG:4326; drawn from the lowest `order` up.

    Returns
    -------
    str
        The page. The same view always gives the same text.
    """
    page = _Page(_texts(view), _script_json(_payload(view)))
    # A constant: where the map begins is data, and the scripts hold none.
    centre = [(PRAGUE.miny + PRAGUE.maxy) / 2, (PRAGUE.minx + PRAGUE.maxx) / 2]
    drawn = folium.Map(
        location=centre, tiles=None, zoom_start=11, zoom_control=False, attribution_control=False, zoom_snap=0.25
    )
    drawn.options["maxZoom"] = MAX_ZOOM
    drawn.options["minZoom"] = MIN_ZOOM
    # On the instance: the lists of the class belong to every folium map of the process.
    drawn.default_js = []
    drawn.default_css = []
    drawn._id = "view"  # noqa: SLF001  folium's random name would make every file another
    page.header.add_child(_Asset("style", _leaflet_css()), name="leaflet_css")
    page.header.add_child(_Asset("script", _leaflet_js()), name="leaflet_js")
    page.add_child(drawn)
    drawn.add_child(_Drawing())
    drawn.render()  # type: ignore[no-untyped-call]
    page.header.add_child(_Viewport(), name="viewport")
    page.header.add_child(_Asset("style", _own("_folium.css")), name="own_css")
    page.header.add_child(_Asset("script", _own("_folium.js")), name="own_js")
    return _with_script_hashes(page._template.render(this=page, kwargs={}))  # noqa: SLF001  render() draws the map twice


def _texts(view: MapView) -> dict[str, Any]:
    language = view.language
    return {
        "lang": language.value,
        "title": clean(view.title),
        "exported": f"{words.EXPORTED.to(language)} {format_day(view.generated_at, language)}",
        "banner": words.INVENTED.to(language) if view.shows_invented else "",
        "panel": words.LAYERS_AND_LEGEND.to(language),
        "close": words.CLOSE.to(language),
        "licences": words.LICENCES.to(language),
        "notices": notices(language),
        "leaflet": words.LEAFLET_NOTICE,
        "needs_script": words.NEEDS_SCRIPT.to(language),
    }


def _payload(view: MapView) -> dict[str, Any]:
    bbox = bbox_of(view)
    return {
        "title": clean(view.title),
        "bbox": [bbox.minx, bbox.miny, bbox.maxx, bbox.maxy],
        "words": {key: text.to(view.language) for key, text in _BROWSER_WORDS.items()},
        "shapes": {shape.value: outline for shape, outline in OUTLINES.items()},
        "layers": [
            _layer_json(index, rendered, view.language) for index, rendered in enumerate(drawing_order(view.layers))
        ],
    }


def _layer_json(index: int, rendered: RenderedLayer, language: Language) -> dict[str, Any]:
    layer, style = rendered.layer, rendered.layer.style
    positions = {entry.value: i for i, entry in enumerate(rendered.legend)}
    rows = list(iterate_features(rendered, language))
    missing = sum(row.geometry is None for row in rows)
    return {
        "index": index,
        "id": layer.id,
        "title": clean(layer.title.to(language)),
        "geometry": layer.geometry.value,
        "choices": clean(rendered.choices),
        "note": note_line(rendered, language),
        "sources": source_lines(rendered, language),
        "count_text": _number(len(rows), language),
        "without_position": _number(missing, language) if missing else "",
        "style": {
            "stroke": checked_colour(style.stroke),
            "stroke_width": style.stroke_width,
            "dash": style.dash,
            "fill": checked_colour(style.fill),
            "fill_opacity": style.fill_opacity,
            "radius": style.radius,
        },
        "legend": [_entry_json(entry, language) for entry in rendered.legend],
        "fields": [{"label": clean(field.label.to(language)), "tooltip": field.tooltip} for field in rendered.fields],
        "features": [_feature_json(i, row, positions, language) for i, row in enumerate(rows)],
    }


def _entry_json(entry: LegendEntry, language: Language) -> dict[str, Any]:
    colour = checked_colour(entry.colour)
    return {
        "label": clean(entry.label.to(language)),
        "colour": colour,
        "shape": entry.shape.value,
        "hatch": hatch_colour(colour) if entry.hatched else "",
    }


def _feature_json(index: int, row: FeatureView, positions: Mapping[str, int], language: Language) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {
            "row": index,
            "title": row.title,
            "values": row.values,
            "links": row.links,
            "entry": positions[row.entry.value] if row.entry else -1,
            "cluster": row.cluster,
            "cluster_text": _number(row.cluster, language),
            "label": row.label,
            "min_zoom": row.min_zoom,
        },
        "geometry": _geometry_json(row.geometry),
    }


def _geometry_json(geometry: BaseGeometry | None) -> Any:  # noqa: ANN401  a GeoJSON geometry
    if geometry is None:
        return None
    # Rounding moves shared vertices of neighbours alike, so shared borders stay shared.
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, COORDINATE_DIGITS))
    return json.loads(shapely.to_geojson(rounded))


def _number(value: int, language: Language) -> str:
    return format_value(value, _COUNT, language)


def _script_json(value: object) -> str:
    """Return JSON that cannot leave a script element: ASCII only, no `<`, `>` or `&`."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _with_script_hashes(page: str) -> str:
    """Name every script of the page in its security policy, so that no other one can run."""
    bodies: Sequence[str] = _SCRIPT.findall(page)
    hashes = [base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies]
    return page.replace(_SCRIPT_HASHES, " ".join(f"'sha256-{value}'" for value in dict.fromkeys(hashes)), 1)


@cache
def _own(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@cache
def _leaflet_js() -> str:
    text = (Path(leaflet.BASE_DIR) / "leaflet.js").read_text(encoding="utf-8")
    # A browser's tools would look for the map file beside the page.
    return re.sub(r"//# sourceMappingURL=\S+", "", text).replace("\r", "")


@cache
def _leaflet_css() -> str:
    folder = Path(leaflet.BASE_DIR)
    text = (folder / "leaflet.css").read_text(encoding="utf-8").replace("\r", "")
    text = re.sub(r"behavior:\s*url\(#default#VML\);", "", text)
    return _IMAGE.sub(lambda found: f"url({_data_uri(folder / found[1])})", text)


def _data_uri(path: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"
