"""Finds the layers: every module of this package that exposes `LAYER`."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import layers
from domain.errors import NotFoundError
from layers.contract import Layer

NOT_LAYERS = frozenset({"contract", "registry"})


@cache
def all_layers() -> Mapping[str, Layer]:
    """Return every layer by id, in drawing order.

    Raises
    ------
    TypeError, ValueError
        If a module of `layers/` exposes no `LAYER` or its id is not the module's name.
    """
    found: list[Layer] = []
    for module_info in pkgutil.iter_modules(layers.__path__):
        name = module_info.name
        if name.startswith("_") or name in NOT_LAYERS:
            continue
        layer = getattr(importlib.import_module(f"layers.{name}"), "LAYER", None)
        if not isinstance(layer, Layer):
            raise TypeError(f"layers/{name}.py exposes no LAYER")
        if layer.id != name:
            raise ValueError(f"layers/{name}.py declares the id {layer.id!r}")
        found.append(layer)
    return MappingProxyType({layer.id: layer for layer in sorted(found, key=lambda x: (x.order, x.id))})


def get_layer(layer_id: str) -> Layer:
    """Return the layer with this id.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    try:
        return all_layers()[layer_id]
    except KeyError:
        raise NotFoundError("unknown_layer", id=layer_id) from None
