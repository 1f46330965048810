"""The vector page: what stands on it, that texts stay texts, that a picture has all letters."""

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from shapely.geometry import Point, Polygon, box

from domain.errors import InvalidValueError
from domain.geometry import BBox, LonLat
from domain.text import Language
from geo.crs import distance_m
from layers._svg import render_pdf, render_png, render_svg
from layers._svg_map import fit_frame
from layers._svg_text import text_width, wrap_text
from layers._view import MapView, RenderedLayer, clean
from layers.contract import Features, GeometryKind, LegendEntry, Shape, Style
from tests.layers.hostile_texts import HOSTILE
from tests.layers.sample_view import DAY, city_view, frame, make_layer, same, text_view

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "g", "rect", "path", "text", "defs", "pattern", "clipPath"}
SIZE = {"width_px": 1600, "height_px": 1000}


def parse(view, **size):
    return ET.fromstring(render_svg(view, **(size or SIZE)))


def texts(root):
    return [node.text for node in root.iter(f"{SVG}text")]


def layer_group(root, layer_id):
    return next(node for node in root.iter(f"{SVG}g") if node.get("data-layer") == layer_id)


def one_point_view(**options):
    rendered = RenderedLayer(
        layer=make_layer(
            "spots", GeometryKind.POINT, style=options.pop("style", Style()), legend=options.pop("legend", ())
        ),
        features=Features(frame=frame({"name": ["a"], "class": ["x"]}, [options.pop("geometry", Point(14.45, 50.08))])),
    )
    return MapView(title="t", language=Language.CS, layers=(rendered,), generated_at=DAY, **options)


@pytest.mark.parametrize("size", [SIZE, {"width_px": 900, "height_px": 1300}, {"width_px": 400, "height_px": 800}])
def test_everything_is_on_the_page(size):
    root = parse(city_view(invented=True), **size)
    words = texts(root)
    assert len(layer_group(root, "parts").findall(f"{SVG}path")) == 57
    assert len(layer_group(root, "places").findall(f"{SVG}path")) == 10
    for expected in (
        "Podíl cizinců",
        "do 10 %",
        "10 až 20 %",
        "druh star",
        "Míra: podíl",
        "Export z 21.\u00a011.\u00a02026",
    ):
        assert expected in words
    whole = " ".join(words)
    for expected in (
        "Školení: všechna místa jsou vymyšlená",
        "Zdroje: ",
        "Nezahrnuje:",
        "datový podklad © IPR Praha, CC BY-SA 4.0 / CC BY 4.0",
        "Bez polohy, na mapě nejsou: 1",
        "31.\u00a012.\u00a02019",
    ):
        assert expected in whole
    assert root.find(f".//{SVG}path[@id='scale-bar']") is not None
    assert root.find(f".//{SVG}rect[@id='banner']") is not None
    assert any(re.fullmatch(r"[\d,]+ km", word) for word in words)
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= DRAWN


def test_no_banner_over_real_data():
    root = parse(city_view())
    assert root.find(f".//{SVG}rect[@id='banner']") is None
    assert "vymyšlená" not in " ".join(texts(root))


def test_an_invented_dataset_brings_the_banner_of_itself():
    view = city_view()
    shares = view.layers[0]
    source = replace(shares.sources[0], invented=True)
    invented = replace(shares, features=replace(shares.features, source=source))
    assert parse(replace(view, layers=(invented, *view.layers[1:]))).find(f".//{SVG}rect[@id='banner']") is not None


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_texts(text):
    """The page stays well-formed, holds drawn elements only, no handler, and the text to the letter."""
    root = parse(text_view(text))
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= DRAWN
    names = {name for node in root.iter() for name in node.attrib}
    assert not [name for name in names if name.lower().startswith("on") or "href" in name]
    said = re.sub(r"\s", "", "".join(texts(root)))
    assert re.sub(r"\s", "", clean(text))[:40] in said


@pytest.mark.parametrize("colour", ["red", "#12345", "url(x)", '"/><script/>', "#12345g", "#1234567"])
def test_only_colours_reach_the_drawing(colour):
    legend = (LegendEntry(value="x", label=same("x"), colour=colour, hatched=True),)
    root = parse(one_point_view(legend=legend, style=Style(stroke=colour, fill=colour)))
    for node in root.iter():
        for name in ("fill", "stroke"):
            assert re.fullmatch(r"#[0-9a-f]{6}|none|url\(#hatch-\d-\d\)", node.get(name, "none"))


def test_each_shape_is_drawn_differently():
    paths = set()
    for shape in Shape:
        root = parse(one_point_view(legend=(LegendEntry(value="x", label=same("x"), colour="#0072b2", shape=shape),)))
        path = layer_group(root, "spots").find(f"{SVG}path")
        paths.add((path.get("d"), path.get("fill")))
    assert len(paths) == len(Shape)


def test_hatched_classes_have_a_pattern_in_map_and_legend():
    root = parse(city_view())
    pattern = root.find(f".//{SVG}pattern").get("id")
    hatched = [node for node in root.iter() if node.get("fill") == f"url(#{pattern})"]
    assert {node.tag.removeprefix(SVG) for node in hatched} == {"path", "rect"}
    assert len(hatched) == 19 + 1


def test_north_is_up_and_east_is_right():
    frame_ = fit_frame(BBox(minx=14.2, miny=49.9, maxx=14.7, maxy=50.2), x=10, y=20, width=800, height=600, unit=1)
    south, north, east = frame_.project(np.array([[14.4, 50.0], [14.4, 50.1], [14.5, 50.0]])).tolist()
    assert south[0] == pytest.approx(north[0])
    assert south[1] > north[1]
    assert east[0] > south[0]
    assert east[1] == pytest.approx(south[1])
    corners = frame_.project(np.array([[14.2, 50.2], [14.7, 49.9]]))
    assert all(frame_.shows(x, y) for x, y in corners)


@pytest.mark.parametrize(
    ("bbox", "label"), [((14.2, 49.94, 14.72, 50.18), "5 km"), ((14.41, 50.07, 14.45, 50.09), "0,5 km")]
)
def test_the_scale_bar_is_as_long_as_it_says(bbox, label):
    """The bar is measured against two points of the map that are as far apart on the ground."""
    box_ = BBox(minx=bbox[0], miny=bbox[1], maxx=bbox[2], maxy=bbox[3])
    lat = (box_.miny + box_.maxy) / 2
    west, east = (box_.minx + (box_.maxx - box_.minx) * part for part in (0.4, 0.6))
    ends = RenderedLayer(
        layer=make_layer("ends", GeometryKind.POINT),
        features=Features(frame=frame({"name": ["a", "b"]}, [Point(west, lat), Point(east, lat)])),
    )
    view = MapView(title="t", language=Language.CS, layers=(ends,), generated_at=DAY, bbox=box_)
    root = parse(view)
    assert label in texts(root)
    numbers = [[float(n) for n in re.findall(r"-?[\d.]+", node.get("d"))] for node in layer_group(root, "ends")]
    pixels = (numbers[1][0] - numbers[0][0]) / distance_m(LonLat(lon=west, lat=lat), LonLat(lon=east, lat=lat))
    bar = [float(n) for n in re.findall(r"-?[\d.]+", root.find(f".//{SVG}path[@id='scale-bar']").get("d"))]
    length_m = float(label.removesuffix(" km").replace(",", ".")) * 1000
    assert bar[3] - bar[0] == pytest.approx(length_m * pixels, rel=0.01)


def test_what_lies_outside_the_frame_is_not_drawn():
    near = BBox(minx=14.40, miny=50.07, maxx=14.42, maxy=50.08)
    root = parse(one_point_view(bbox=near, geometry=Point(14.6, 50.0)))
    assert len(layer_group(root, "spots")) == 0
    assert layer_group(root, "spots").get("data-layer") == "spots"


def test_labels_cover_neither_each_other_nor_the_counts():
    root = parse(city_view())
    names = set(frame_names())
    size = 10.5 * min(1600 / 1200, 1000 / 820)
    boxes = []
    for node in root.iter(f"{SVG}text"):
        if node.text in names:
            half = text_width(node.text, size) / 2
            x, y = float(node.get("x")), float(node.get("y"))
            boxes.append((x - half, y - size, x + half, y))
    assert len(boxes) > 25
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def frame_names():
    return list(city_view().layers[1].features.frame["name"])


def test_a_layer_with_holes_parts_and_nothing():
    ring = Polygon(box(14.3, 50.0, 14.6, 50.1).exterior, [box(14.4, 50.03, 14.5, 50.07).exterior])
    areas = RenderedLayer(
        layer=make_layer("areas", GeometryKind.POLYGON),
        features=Features(frame=frame({"name": ["a", "b", "c"]}, [ring, ring.union(box(14.65, 50, 14.7, 50.1)), None])),
    )
    empty = RenderedLayer(
        layer=make_layer("empty", GeometryKind.POINT), features=Features(frame=frame({"name": []}, []))
    )
    view = MapView(title="t", language=Language.CS, layers=(areas, empty), generated_at=DAY)
    paths = layer_group(parse(view), "areas").findall(f"{SVG}path")
    assert [path.get("d").count("M") for path in paths] == [2, 2, 1]
    assert render_png(replace(view, layers=(empty,)), width_px=400, height_px=400)


@pytest.mark.parametrize("size", [(319, 800), (800, 319), (4001, 800), (0, 0), (-5, 800)])
def test_sizes_are_bounded(size):
    with pytest.raises(InvalidValueError) as error:
        render_svg(text_view("x"), width_px=size[0], height_px=size[1])
    assert error.value.code == "invalid_picture_size"


def test_too_long_a_legend_says_what_it_leaves_out():
    legend = tuple(LegendEntry(value=str(i), label=same(f"třída {i}"), colour="#0072b2") for i in range(200))
    words = texts(parse(one_point_view(legend=legend), width_px=800, height_px=500))
    said = next(word for word in words if word.startswith("Další vysvětlivky se nevešly:"))
    shown = sum(word.startswith("třída") for word in words)
    assert int(said.rpartition(" ")[2]) == 200 - shown
    assert shown > 10


@pytest.mark.parametrize("language", Language)
def test_the_words_are_in_the_language(language):
    whole = " ".join(texts(parse(city_view(language=language))))
    expected = {Language.CS: "Zdroje:", Language.EN: "Sources:", Language.UK: "Джерела:"}
    assert expected[language] in whole


def test_the_picture_has_the_size_and_every_letter():
    """Each letter is drawn with the shipped font: none is the empty box of a missing glyph."""
    content = render_png(text_view("x"), width_px=800, height_px=600)
    assert Image.open(io.BytesIO(content)).size == (800, 600)
    missing = letter_pixels("\u0378")
    shapes = {letter: letter_pixels(letter) for letter in "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽґєіїҐЄІЇжщюяЩЮЯ"}
    for letter, pixels in shapes.items():
        assert pixels.sum() > 0, letter
        assert not np.array_equal(pixels, missing), letter
    assert len({pixels.tobytes() for pixels in shapes.values()}) == len(shapes)


def letter_pixels(letter):
    """The dark pixels of a title that is this one letter."""
    picture = Image.open(io.BytesIO(render_png(one_point_view_titled(letter), width_px=640, height_px=400))).convert(
        "L"
    )
    return 255 - np.asarray(picture)[5:32, 5:40]


def one_point_view_titled(title):
    return replace(one_point_view(), title=title)


def test_the_picture_is_the_same_every_time():
    assert render_png(city_view(), width_px=600, height_px=400) == render_png(city_view(), width_px=600, height_px=400)


def test_the_pdf_is_one():
    assert render_pdf(city_view(), width_px=1200, height_px=820).startswith(b"%PDF-")


def test_wrapping():
    assert wrap_text("a" * 50, 10, 60, limit=1)[0].endswith("…")
    assert "".join(wrap_text("a" * 50, 10, 60)) == "a" * 50
    assert all(
        text_width(line, 10) <= 60 for line in wrap_text("Praha-Dolní Měcholupy a Praha-Dolní Počernice", 10, 60)
    )
    assert wrap_text("32,4\u00a0%", 10, 5000) == ["32,4\u00a0%"]
    assert wrap_text("", 10, 60) == []
