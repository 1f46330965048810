"""Renderer for the live map: a layer's answer as GeoJSON text, a layer's declaration as JSON."""

import json
import math
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from domain.dataset import DatasetInfo
from domain.roles import PERMISSIONS, Permission, Role
from domain.text import Language, Text
from layers.contract import Features, Field, Layer, LegendEntry, Option, Readers

# 1e-5 degree is about a metre at Prague: finer than the boundaries' generalisation of 10 m.
COORDINATE_DIGITS = 5
ROLES_BY_REACH = (Role.VIEWER, Role.PARTICIPANT, Role.FIELD_WORKER, Role.COORDINATOR, Role.ADMIN)


def least_role(permission: Permission) -> Role:
    """Return the first role, from the least cleared on, that has `permission`."""
    return next(role for role in ROLES_BY_REACH if permission in PERMISSIONS[role])


def describe_layer(layer: Layer, readers: Readers, language: Language) -> dict[str, Any]:
    """Return a layer's declaration as the HTTP contract has it (docs/architecture.md)."""
    return {
        "id": layer.id,
        "title": layer.title.to(language),
        "titles": {code.value: layer.title.to(code) for code in Language},
        "description": layer.description.to(language),
        "group": layer.group.value,
        "geometry": layer.geometry.value,
        "role": least_role(layer.permission).value,
        "source": "; ".join(dict.fromkeys(info.publisher for info in layer.sources)),
        "sources": [describe_source(info, language) for info in layer.sources],
        "order": layer.order,
        "shown_by_default": layer.shown_by_default,
        "clustered": layer.clustered,
        "geometry_from": layer.geometry_from,
        "depends_on_view": layer.depends_on_view,
        "exported": layer.exported,
        "geopackage": layer.exported and layer.pages is not None,
        "options": [_describe_option(option, language) for option in layer.options_for(readers) if not option.hidden],
        "fields": describe_fields(layer.fields, language),
        "legend": describe_legend(layer.legend, language),
        "style": {
            "stroke": layer.style.stroke,
            "stroke_width": layer.style.stroke_width,
            "dash": layer.style.dash,
            "fill": layer.style.fill,
            "fill_opacity": layer.style.fill_opacity,
            "radius": layer.style.radius,
            "label_column": layer.style.label_column,
            "min_zoom": layer.style.min_zoom,
        },
    }


def describe_source(info: DatasetInfo, language: Language) -> dict[str, Any]:
    """Return a dataset's card: whose, of when, under which licence, what it does not count."""
    return {
        "id": info.id,
        "title": info.title.to(language),
        "publisher": info.publisher,
        "licence": info.licence,
        "reference_date": info.reference_date.isoformat() if info.reference_date else None,
        "date_note": _text(info.date_note, language),
        "date_inferred": info.date_inferred,
        "source": info.source,
        "denominator": info.denominator.value,
        "denominator_note": _text(info.denominator_note, language),
        "does_not_count": _text(info.does_not_count, language),
        "invented": info.invented,
    }


def describe_fields(fields: Sequence[Field], language: Language) -> list[dict[str, Any]]:
    """Return the columns that tooltip, detail and table show."""
    return [
        {
            "column": field.column,
            "label": field.label.to(language),
            "formatter": field.formatter.value,
            "terms": {code: text.to(language) for code, text in field.terms.items()},
            "tooltip": field.tooltip,
            "digits": field.digits,
        }
        for field in fields
    ]


def describe_legend(legend: Sequence[LegendEntry], language: Language) -> list[dict[str, Any]]:
    """Return the classes with their labels in `language`."""
    return [
        {
            "value": entry.value,
            "label": entry.label.to(language),
            "colour": entry.colour,
            "shape": entry.shape.value,
            "hatched": entry.hatched,
        }
        for entry in legend
    ]


def render_geojson(layer: Layer, features: Features, language: Language, *, with_geometry: bool = True) -> bytes:
    """Return a GeoJSON FeatureCollection (EPSG:4326) with the layer's foreign members, as UTF-8.

    Feature order is the frame's. Only declared columns travel, beside `class` and how many a mark stands for.
    """
    fields = features.fields if features.fields is not None else layer.fields
    legend = features.legend if features.legend is not None else layer.legend
    members = {
        "type": "FeatureCollection",
        "count": len(features.frame),
        "legend": describe_legend(legend, language),
        "note": _text(features.note, language),
        "source": describe_source(features.source, language) if features.source else None,
        "fields": describe_fields(features.fields, language) if features.fields is not None else None,
    }
    columns = [field.column for field in fields]
    columns += ["class", "cluster", "stands_for", "is_least", layer.style.label_column, "min_zoom", "bbox"]
    head = _dumps(members)[:-1]
    body = ",".join(_feature_lines(features.frame, list(dict.fromkeys(columns)), with_geometry=with_geometry))
    return f'{head},"features":[{body}]}}'.encode()


def _feature_lines(frame: gpd.GeoDataFrame, columns: list[str], *, with_geometry: bool) -> list[str]:
    if frame.empty:
        return []
    geometries = _geometry_json(frame.geometry.to_numpy()) if with_geometry else ["null"] * len(frame)
    present = [column for column in columns if column in frame.columns]
    members = [_members(frame[column].tolist(), f"{_dumps(column)}:") for column in present]
    rows = map(",".join, map(_without_empty, zip(*members, strict=True))) if members else [""] * len(frame)
    ids = _members(frame["id"].tolist() if "id" in frame.columns else [str(i) for i in frame.index], '"id":')
    return [
        f'{{"type":"Feature",{identifier}{"," if identifier else ""}"properties":{{{row}}},"geometry":{geometry}}}'
        for row, geometry, identifier in zip(rows, geometries, ids, strict=True)
    ]


def _members(cells: list[Any], name: str) -> list[str]:
    """Return the cells of a column as members of JSON objects, an empty text where there is nothing to say.

    A column holds few different texts; each is spelled once.
    """
    known: dict[str, str] = {}
    members = []
    for cell in cells:
        if cell is None:
            members.append("")
            continue
        # Texts alone are looked up: of numbers, 1 and True would be found as one.
        if type(cell) is str:
            member = known.get(cell)
            if member is None:
                member = known[cell] = name + _dumps(cell)
        else:
            value = _json_value(cell)
            member = "" if value is None else name + _dumps(value)
        members.append(member)
    return members


def _without_empty(members: tuple[str, ...]) -> Iterator[str]:
    return filter(None, members)


def _geometry_json(geometries: np.ndarray[Any, Any]) -> list[str]:
    present = [geometry for geometry in geometries if geometry is not None]
    if present and all(shapely.get_type_id(present) == shapely.GeometryType.POINT):
        points = zip(shapely.get_x(geometries).tolist(), shapely.get_y(geometries).tolist(), strict=True)
        # Neither an empty point nor a missing one has an x.
        return ["null" if math.isnan(x) else f'{{"type":"Point","coordinates":[{x:.5f},{y:.5f}]}}' for x, y in points]
    return [_polygon_json(shapely.to_wkb(geometry)) if geometry is not None else "null" for geometry in geometries]


@lru_cache(maxsize=1024)
def _polygon_json(wkb: bytes) -> str:
    # Rounding moves shared vertices of neighbours alike, so shared borders stay shared.
    rounded = shapely.transform(shapely.from_wkb(wkb), lambda xy: np.round(xy, COORDINATE_DIGITS))
    return str(shapely.to_geojson(rounded)).replace(" ", "")


def _json_value(value: Any) -> Any:  # noqa: ANN401  cells of a frame
    if isinstance(value, list | tuple):
        return [_json_value(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float):
        return _json_number(value)
    return value.isoformat() if isinstance(value, date) else value


def _json_number(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def _describe_option(option: Option, language: Language) -> dict[str, Any]:
    return {
        "id": option.id,
        "label": option.label.to(language),
        "default": option.default,
        "multiple": option.multiple,
        "choices": [{"value": choice.value, "label": choice.label.to(language)} for choice in option.choices],
    }


# One for all: making an encoder takes longer than writing the properties of a feature.
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def _text(text: Text | None, language: Language) -> str | None:
    return text.to(language) if text else None
