"""The standalone page as text: assets inside, nothing from outside, data that cannot run."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import folium
import pytest

from domain.geometry import BBox
from domain.text import Language
from layers._folium import render_html
from layers._view import PRAGUE, MapView, bbox_of, clean
from tests.layers.hostile_texts import HOSTILE
from tests.layers.sample_view import DAY, city_view, text_view


class Page(HTMLParser):
    """Tags with their attributes, the scripts' bodies and everything that would be fetched."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self.texts, self._open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "script":
            self.scripts.append([dict(attrs), ""])

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data):
        if self._open and self._open[-1] == "script":
            self.scripts[-1][1] += data
        else:
            self.texts.append(data)

    @property
    def data(self):
        return json.loads(next(body for attrs, body in self.scripts if attrs.get("id") == "view-data"))

    @property
    def policy(self):
        return next(
            a["content"] for t, a in self.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
        )


def test_nothing_is_fetched():
    text = render_html(city_view())
    page = Page(text)
    for tag, attrs in page.tags:
        assert "src" not in attrs, tag
        assert tag not in {"link", "iframe", "img", "object", "embed", "base"}, tag
    styles = re.findall(r"url\(([^)]{0,30})", text)
    assert styles
    # Beside the images: patterns of the page itself, and Leaflet's word to browsers of the last century.
    assert {url.split(",")[0] for url in styles} == {"data:image/png;base64", "#${hatchId(layer", "#default#VML"}
    assert "sourceMappingURL" not in text


def test_each_layer_is_inside_with_its_words():
    view = city_view()
    data = Page(render_html(view)).data
    layers = {layer["id"]: layer for layer in data["layers"]}
    assert list(layers) == ["shares", "parts", "places", "names"]
    shares = layers["shares"]
    assert len(shares["features"]) == 57
    assert [entry["label"] for entry in shares["legend"]] == ["do 10 %", "10 až 20 %", "20 % a více"]
    assert [bool(entry["hatch"]) for entry in shares["legend"]] == [False, True, False]
    assert shares["note"] == "Podíl na obyvatelích k 31. 12. 2019."
    assert shares["choices"] == "Míra: podíl"
    assert "stav k 31.\u00a012.\u00a02019" in shares["sources"][0]
    assert "Nezahrnuje:" in shares["sources"][0]
    assert shares["features"][0]["properties"]["values"][1] == "8,5\u00a0%"
    assert layers["places"]["without_position"] == "1"
    assert [f["properties"]["cluster_text"] for f in layers["places"]["features"]][8:10] == ["12", "1\u00a0500"]
    assert layers["places"]["features"][10]["geometry"] is None


def test_the_keys_of_a_feature_are_constant():
    """A name of a column or a class never becomes a key, which a script would have to spell."""
    keys = {
        frozenset(feature["properties"])
        for layer in Page(render_html(city_view())).data["layers"]
        for feature in layer["features"]
    }
    assert len(keys) == 1


@pytest.mark.parametrize("language", Language)
def test_the_page_speaks_the_language(language):
    text = render_html(city_view(language=language))
    assert f'<html lang="{language.value}">' in text
    assert {Language.CS: "Vrstvy a legenda", Language.EN: "Layers and legend", Language.UK: "Шари та легенда"}[
        language
    ] in text
    assert "datový podklad © IPR Praha, CC BY-SA 4.0 / CC BY 4.0, generalizováno" in text
    assert "BSD 2-Clause License" in text
    assert "THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS" in text


def test_title_date_and_banner():
    page = Page(render_html(city_view(invented=True)))
    whole = "\n".join(page.texts)
    assert "Export z 21.\u00a011.\u00a02026" in whole
    assert "Školení: všechna místa jsou vymyšlená" in whole
    assert "vymyšlená" not in render_html(city_view())


def test_only_the_constant_scripts_may_run():
    """The policy names every script that runs by its hash, and nothing else."""
    page = Page(render_html(city_view()))
    running = [body for attrs, body in page.scripts if attrs.get("type") != "application/json"]
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'" for body in running}
    allowed = set(re.search(r"script-src ([^;]*)", page.policy)[1].split())
    assert allowed == hashes
    assert "default-src 'none'" in page.policy


def test_the_scripts_are_the_same_for_every_view():
    def scripts(view):
        return [body for attrs, body in Page(render_html(view)).scripts if attrs.get("type") != "application/json"]

    assert scripts(city_view()) == scripts(text_view("other", language=Language.UK, invented=True))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_travel_as_data(text):
    """The page's elements are those of a harmless page, and the data hold the text to the letter."""
    page, harmless = Page(render_html(text_view(text))), Page(render_html(text_view("x")))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in harmless.tags]
    assert [sorted(attrs) for _, attrs in page.tags] == [sorted(attrs) for _, attrs in harmless.tags]
    areas = page.data["layers"][0]
    assert areas["title"] == clean(text)
    assert areas["features"][0]["properties"]["values"][0] == clean(text)
    assert areas["features"][0]["properties"]["links"] == [None] * 6
    body = next(body for attrs, body in page.scripts if attrs.get("id") == "view-data")
    assert body.isascii()
    assert not set(body) & set("<>&")


def test_the_same_view_gives_the_same_page():
    assert render_html(city_view()) == render_html(city_view())


def test_the_class_of_folium_is_left_as_it_is():
    before = (list(folium.Map.default_js), list(folium.Map.default_css))
    render_html(text_view("x"))
    assert (folium.Map.default_js, folium.Map.default_css) == before
    assert len(folium.Map.default_js) > 0


def test_the_view_is_what_was_asked_or_everything():
    asked = BBox(minx=14.4, miny=50.0, maxx=14.5, maxy=50.1)
    assert Page(render_html(city_view(bbox=asked))).data["bbox"] == [14.4, 50.0, 14.5, 50.1]
    whole = bbox_of(city_view())
    assert PRAGUE.minx - 0.01 < whole.minx < whole.maxx < PRAGUE.maxx + 0.01
    nothing = MapView(title="t", language=Language.CS, layers=(), generated_at=DAY)
    assert bbox_of(nothing) == PRAGUE
    assert Page(render_html(nothing)).data["layers"] == []


def test_geometry_is_rounded_and_neighbours_keep_their_border():
    layers = {layer["id"]: layer for layer in Page(render_html(city_view())).data["layers"]}
    points = [
        tuple(point) for feature in layers["parts"]["features"] for ring in rings(feature["geometry"]) for point in ring
    ]
    assert all(abs(round(value, 5) - value) < 1e-12 for point in points for value in point)
    exact = {
        point
        for feature in layers["shares"]["features"]
        for ring in rings(feature["geometry"])
        for point in map(tuple, ring)
    }
    assert set(points) == exact


def rings(geometry):
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]


def test_the_page_is_small():
    assert len(render_html(city_view()).encode()) < 1_200_000


def test_a_colour_is_a_colour():
    view = text_view("x")
    points = view.layers[1]
    legend = (replace(points.legend[0], colour="red;background:url(//x)", hatched=True),)
    styled = replace(points, features=replace(points.features, legend=legend))
    layer = Page(render_html(replace(view, layers=(styled,)))).data["layers"][0]
    assert layer["legend"][0]["colour"] == "#4a4a4a"
    assert layer["legend"][0]["hatch"] == "#ffffff"
