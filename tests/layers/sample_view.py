"""Views to draw: small ones with a text wherever a layer may hold one, and a real one of city parts."""

from datetime import date
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
from shapely.geometry import Point, box

from domain.dataset import DatasetInfo
from domain.geometry import BBox
from domain.text import Language, Text
from layers._view import MapView, RenderedLayer
from layers.contract import (
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

DATA = Path(__file__).parents[2] / "data"
DAY = date(2026, 11, 21)


def same(text):
    return Text(cs=text, en=text, uk=text)


def dataset(text="Zkušební data", **options):
    defaults = {
        "id": "sample",
        "title": same(text),
        "publisher": text,
        "source": text,
        "licence": text,
        "reference_date": date(2019, 12, 31),
        "does_not_count": same(text),
    }
    return DatasetInfo(**{**defaults, **options})


def make_layer(layer_id, geometry, *, text="Vrstva", fields=None, **options):
    defaults = {
        "id": layer_id,
        "title": same(text),
        "description": same(text),
        "group": Group.PLACES,
        "geometry": geometry,
        "sources": (dataset(text),),
        "load": None,
        "fields": fields or (Field(column="name", label=same(text), tooltip=True),),
        "style": Style(),
    }
    return Layer(**{**defaults, **options})


def frame(rows, geometries):
    return gpd.GeoDataFrame(rows, geometry=geometries, crs="EPSG:4326")


def text_view(text, *, language=Language.CS, invented=False):
    """A view with `text` wherever a text of people or data can stand."""
    fields = (
        Field(column="name", label=same(text), tooltip=True),
        Field(column="kind", label=same(text), formatter=Formatter.TERM, terms={"k": same(text)}, tooltip=True),
        Field(column="kinds", label=same(text), formatter=Formatter.TERMS, terms={"k": same(text)}, tooltip=True),
        Field(column="link", label=same(text), formatter=Formatter.LINK, tooltip=True),
        Field(column="number", label=same(text), formatter=Formatter.INTEGER, tooltip=True),
        Field(column="day", label=same(text), formatter=Formatter.DATE, tooltip=True),
    )
    row = {
        "name": [text],
        "kind": ["k"],
        "kinds": [text],
        "link": [text],
        "number": [text],
        "day": [text],
        "class": [text],
    }
    legend = (LegendEntry(value=text, label=same(text), colour="#0072b2", shape=Shape.DIAMOND),)
    answer = {"note": same(text), "legend": legend, "source": dataset(text)}
    areas = RenderedLayer(
        layer=make_layer("areas", GeometryKind.POLYGON, text=text, fields=fields, style=Style(fill_opacity=0.5)),
        features=Features(frame=frame(row, [box(14.3, 50.0, 14.6, 50.15)]), **answer),
        choices=text,
    )
    points = RenderedLayer(
        layer=make_layer("points", GeometryKind.POINT, text=text, fields=fields, order=1),
        features=Features(frame=frame(row, [Point(14.45, 50.08)]), **answer),
        choices=text,
    )
    labels = RenderedLayer(
        layer=make_layer("labels", GeometryKind.LABEL, text=text, style=Style(label_column="name"), order=2),
        features=Features(frame=frame({"name": [text]}, [Point(14.45, 50.12)])),
    )
    return MapView(
        title=text,
        language=language,
        layers=(labels, points, areas),
        generated_at=DAY,
        invented=invented,
        bbox=BBox(minx=14.2, miny=49.95, maxx=14.7, maxy=50.18),
    )


@cache
def _city_parts():
    return gpd.read_file(DATA / "boundaries" / "city_parts.geojson")


SHARES = tuple(
    LegendEntry(value=str(i), label=same(label), colour=colour, hatched=i == 1)
    for i, (label, colour) in enumerate((("do 10 %", "#edf8fb"), ("10 až 20 %", "#8c96c6"), ("20 % a více", "#88419d")))
)
KINDS = tuple(
    LegendEntry(value=shape.value, label=same(f"druh {shape.value}"), colour="#0072b2", shape=shape) for shape in Shape
)


def _spots():
    """A point of every shape, two clusters, and a place without a position."""
    rng = np.random.default_rng(7)
    spots = [Point(x, y) for x, y in zip(rng.uniform(14.35, 14.55, 10), rng.uniform(50.03, 50.12, 10), strict=True)]
    return frame(
        {
            "name": [f"Místo {i}" for i in range(11)],
            "class": [shape.value for shape in Shape] + ["circle", "square", "star"],
            "cluster": [0] * 8 + [12, 1500, 0],
        },
        [*spots, None],
    )


def city_view(*, language=Language.CS, invented=False, bbox=None, note="Podíl na obyvatelích k 31. 12. 2019."):
    """A view of the 57 city parts: a choropleth, outlines, a point per shape, two clusters, labels.

    The shares are made for the test: every third city part in one class.
    """
    parts = _city_parts()
    shares = parts.assign(share_pct=[8.5 + 10 * (i % 3) for i in range(len(parts))])
    shares["class"] = [str(i % 3) for i in range(len(parts))]
    name = Field(column="name", label=Text(cs="Městská část", en="City part", uk="Міська частина"), tooltip=True)
    share = Field(
        column="share_pct", label=Text(cs="Podíl", en="Share", uk="Частка"), formatter=Formatter.PERCENT, tooltip=True
    )
    middles = frame({"name": parts["name"].to_list()}, parts.representative_point().to_list())
    layers = (
        RenderedLayer(
            layer=make_layer(
                "shares",
                GeometryKind.POLYGON,
                text="Podíl cizinců",
                fields=(name, share),
                style=Style(stroke="#ffffff", stroke_width=0.8, fill_opacity=0.8),
                order=10,
            ),
            features=Features(frame=shares, legend=SHARES, note=same(note)),
            choices="Míra: podíl",
        ),
        RenderedLayer(
            layer=make_layer("parts", GeometryKind.POLYGON, text="Městské části", fields=(name,), order=20),
            features=Features(frame=parts),
        ),
        RenderedLayer(
            layer=make_layer(
                "places", GeometryKind.POINT, text="Místa", legend=KINDS, order=40, style=Style(stroke="#ffffff")
            ),
            features=Features(frame=_spots()),
        ),
        RenderedLayer(
            layer=make_layer(
                "names", GeometryKind.LABEL, text="Názvy", fields=(name,), style=Style(label_column="name"), order=90
            ),
            features=Features(frame=middles),
        ),
    )
    return MapView(
        title="Bílá místa: žluťoučký kůň, ґанок Їжак",
        language=language,
        layers=layers,
        generated_at=DAY,
        invented=invented,
        bbox=bbox,
    )
