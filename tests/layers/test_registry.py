"""Rules that every layer keeps: whoever adds one is checked here without touching this file."""

import gzip
import inspect
import json
import re
from functools import cache

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from domain.errors import NotFoundError
from domain.roles import PERMISSIONS, PUBLIC_CLEARANCE, Clearance, Role
from domain.text import Language, Text
from geo.boundaries import boundaries
from geo.crs import GEOGRAPHIC, to_metric
from geo.figures import load_figure_tables
from layers._live import describe_layer, render_geojson
from layers.contract import (
    Context,
    Features,
    Formatter,
    GeometryKind,
    Layer,
    Readers,
)
from layers.registry import all_layers, get_layer

LAYERS = list(all_layers().values())
FIRST_IDS = {
    "city_parts", "admin_districts", "cadastral_areas", "concentration", "temporary_protection", "metro_stations",
    "public_localities", "services", "places", "labels",
}  # fmt: skip
ALLOWED_OUTSIDE_M = 100.0
PAYLOAD_LIMIT_BYTES = 250_000
COORDINATOR = Clearance(role=Role.COORDINATOR, organisation_id="o")
MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!]|&(?:lt|gt|amp|quot|#\d+);|javascript:", re.IGNORECASE)
HOSTILE = "</script><img src=x onerror=alert(1)>\"'`${alert(1)}\\\u2028\u202e"

parametrised = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
bundled = Readers(figure_tables=load_figure_tables())


def reach(layer: Layer) -> Clearance:
    """The clearance with which there is something to see."""
    return PUBLIC_CLEARANCE if layer.permission in PERMISSIONS[Role.VIEWER] else COORDINATOR


def combinations(layer: Layer):
    """Defaults, and each choice of each option alone."""
    options = layer.options_for(bundled)
    defaults = {option.id: option.default for option in options}
    yield defaults
    for option in options:
        for choice in option.choices:
            if choice.value != option.default:
                yield {**defaults, option.id: choice.value}


@cache
def answers(layer_id: str) -> list[tuple[dict[str, str], Features]]:
    layer = get_layer(layer_id)
    return [
        (options, layer.load(Context(options=options, readers=bundled, clearance=reach(layer), zoom=12)))
        for options in combinations(layer)
    ]


@cache
def around_prague():
    prague = to_metric(boundaries().city_parts).geometry.union_all().buffer(ALLOWED_OUTSIDE_M)
    shapely.prepare(prague)
    return prague


class OneOfEverything:
    """A reader that has one place in Prague, whatever it is asked."""

    def __init__(self, layer):
        self.layer = layer

    def places(self, *, bbox, zoom, only, clearance):
        row = {field.column: None for field in self.layer.fields}
        row |= {"id": "x", "class": None, "cluster": 0, "city_part": "500054"}
        return gpd.GeoDataFrame([row], geometry=[shapely.Point(14.42, 50.09)], crs=GEOGRAPHIC)


def test_the_first_layers_are_there():
    assert set(all_layers()) >= FIRST_IDS
    assert [layer.order for layer in LAYERS] == sorted(layer.order for layer in LAYERS)


def test_an_unknown_layer():
    with pytest.raises(NotFoundError, match="unknown_layer"):
        get_layer("../secret")


def texts_of(layer):
    options = layer.options_for(bundled)
    yield layer.title
    yield layer.description
    for _, features in answers(layer.id):
        for field in (*layer.fields, *(features.fields or ())):
            yield field.label
            yield from field.terms.values()
        for entry in (*layer.legend, *(features.legend or ())):
            yield entry.label
        if features.note is not None:
            yield features.note
    for option in options:
        yield option.label
        yield from (choice.label for choice in option.choices)


@parametrised
def test_every_text_is_in_three_languages(layer):
    for text in texts_of(layer):
        assert isinstance(text, Text)
        for language in Language:
            said = text.to(language)
            assert said.strip(), text
            assert not MARKUP.search(said), said
    for text in (layer.title, layer.description):
        assert text.cs != text.en
        assert re.search("[а-яіїєґ]", text.uk.casefold()), text.uk


@parametrised
def test_every_source_says_whose_of_when_and_what_is_missing(layer):
    infos = [*layer.sources, *(features.source for _, features in answers(layer.id) if features.source)]
    assert infos or layer.id == "places", "only own records have no bundled source"
    for info in infos:
        assert info.publisher.strip()
        assert info.licence.strip()
        assert info.source.strip()
        assert info.reference_date is not None or info.date_note is not None, info.id
        assert info.does_not_count is not None, info.id


@parametrised
def test_declaration_is_json_in_each_language(layer):
    for language in Language:
        said = describe_layer(layer, bundled, language)
        assert json.loads(json.dumps(said, allow_nan=False)) == said
        assert said["role"] in {role.value for role in Role}


@parametrised
def test_columns_crs_and_ids(layer):
    for options, features in answers(layer.id):
        frame = features.frame
        assert isinstance(frame, gpd.GeoDataFrame)
        assert frame.crs is not None, options
        assert frame.crs.to_string() == GEOGRAPHIC, options
        declared = {field.column for field in (features.fields or layer.fields)}
        assert declared <= set(frame.columns), options
        if "id" in frame.columns:
            assert frame["id"].dropna().is_unique, options
        if layer.style.label_column:
            assert layer.style.label_column in frame.columns


@parametrised
def test_geometries_lie_in_prague(layer):
    for options, features in answers(layer.id):
        placed = features.frame.geometry.dropna()
        kinds = {"Polygon", "MultiPolygon"} if layer.geometry is GeometryKind.POLYGON else {"Point"}
        assert set(placed.geom_type) <= kinds, options
        inside = shapely.covers(around_prague(), to_metric(placed).to_numpy()) if len(placed) else []
        assert all(inside), options
        if layer.geometry is not GeometryKind.POLYGON:
            continue
        assert len(placed) == len(features.frame), "a polygon layer draws every row"


@parametrised
def test_the_legend_covers_the_classes(layer):
    for options, features in answers(layer.id):
        legend = features.legend if features.legend is not None else layer.legend
        values = [entry.value for entry in legend]
        assert len(set(values)) == len(values), options
        assert all(re.fullmatch("#[0-9a-fA-F]{6}", entry.colour) for entry in legend)
        if "class" in features.frame.columns:
            assert set(features.frame["class"].dropna()) <= set(values), options


@parametrised
def test_codes_have_a_label(layer):
    for options, features in answers(layer.id):
        for field in features.fields or layer.fields:
            cells = features.frame[field.column].dropna()
            if field.formatter is Formatter.TERM:
                assert set(cells) <= set(field.terms), (options, field.column)
            elif field.formatter is Formatter.TERMS:
                assert {code for codes in cells for code in codes} <= set(field.terms), (options, field.column)


@parametrised
def test_options_have_valid_defaults(layer):
    for readers in (Readers(), bundled):
        for option in layer.options_for(readers):
            values = [choice.value for choice in option.choices]
            assert len(set(values)) == len(values)
            assert not any("," in value for value in values)
            if values:
                assert option.default in values or (option.multiple and not option.default)


@parametrised
def test_every_choice_is_answered_and_some_have_features(layer):
    answered = answers(layer.id)
    assert answered
    if layer.sources[0].id != "places":
        assert len(answered[0][1].frame) > 0, "the default view of a public layer is not empty"


@parametrised
def test_readers_without_data_give_a_valid_answer(layer):
    for clearance in (PUBLIC_CLEARANCE, COORDINATOR):
        features = layer.load(Context(readers=Readers(), clearance=clearance))
        assert features.frame.crs is not None
        assert {field.column for field in (features.fields or layer.fields)} <= set(features.frame.columns)
        parsed = json.loads(render_geojson(layer, features, Language.CS))
        assert parsed["type"] == "FeatureCollection"
        assert len(parsed["features"]) == len(features.frame)


@parametrised
def test_the_role_is_respected(layer):
    """A layer that needs more than a viewer has returns nothing to one, whatever the reader holds."""
    readers = Readers(figure_tables=load_figure_tables(), places=OneOfEverything(layer))
    features = layer.load(Context(readers=readers, clearance=PUBLIC_CLEARANCE, zoom=16))
    if layer.permission in PERMISSIONS[Role.VIEWER]:
        assert "x" not in set(features.frame.get("id", pd.Series(dtype=object)))
    else:
        assert features.frame.empty


@parametrised
def test_hostile_text_stays_data(layer):
    _, features = answers(layer.id)[0]
    frame = features.frame.copy()
    if frame.empty:  # only own records: the shape of a row is in the declaration
        frame = gpd.GeoDataFrame({"id": ["x"]}, geometry=[shapely.Point(14.42, 50.09)], crs=GEOGRAPHIC)
    columns = [f.column for f in (features.fields or layer.fields) if f.formatter is Formatter.TEXT]
    for column in columns:
        frame[column] = HOSTILE
    changed = Features(frame=frame, legend=features.legend, fields=features.fields, note=features.note)
    rendered = json.loads(render_geojson(layer, changed, Language.CS))["features"]
    assert len(rendered) == len(frame) > 0
    assert columns
    for feature in rendered:
        assert {feature["properties"][column] for column in columns} <= {HOSTILE}


@parametrised
def test_no_layer_builds_markup(layer):
    for _, features in answers(layer.id):
        for column in features.frame.columns.drop(features.frame.geometry.name):
            for cell in features.frame[column]:
                if isinstance(cell, str):
                    assert not MARKUP.search(cell), (column, cell)


@parametrised
def test_what_is_shared_is_not_changed_by_a_reader(layer):
    context = Context(readers=bundled, clearance=reach(layer))
    first = layer.load(context).frame
    before = first.copy()
    for column in first.columns.drop(first.geometry.name):
        first[column] = None  # what a careless reader would do
    pd.testing.assert_frame_equal(pd.DataFrame(layer.load(context).frame), pd.DataFrame(before))


@parametrised
def test_borrowed_geometry_has_the_same_ids(layer):
    if layer.geometry_from is None:
        return
    lender = get_layer(layer.geometry_from)
    lent = set(lender.load(Context(readers=bundled)).frame["id"])
    for options, features in answers(layer.id):
        assert set(features.frame["id"]) <= lent, options


@parametrised
def test_signature(layer):
    assert list(inspect.signature(layer.load).parameters) == ["context"]


def test_the_default_layers_are_small():
    shown = [layer for layer in LAYERS if layer.shown_by_default]
    drawn = {layer.id for layer in shown}
    sizes = {}
    for layer in shown:
        features = answers(layer.id)[0][1]
        body = render_geojson(layer, features, Language.CS, with_geometry=layer.geometry_from not in drawn)
        sizes[layer.id] = len(gzip.compress(body, 6))
    assert set(sizes) >= {"city_parts", "metro_stations", "services", "public_localities"}
    assert sum(sizes.values()) < PAYLOAD_LIMIT_BYTES, sizes
