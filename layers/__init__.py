"""The legend: one file in this folder is one layer of the map. Add a layer by adding a file that defines `LAYER`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from layers._form import Geometry, Lang, Layer, Standard, Style, Text

__all__ = ["Geometry", "Lang", "Layer", "Standard", "Style", "Text", "every_layer"]


@cache
def every_layer() -> dict[str, Layer]:
    """Return every layer by its key, in legend order. Reads the folder at the first call, not at import."""
    found = [import_module(f"layers.{m.name}").LAYER for m in iter_modules(__path__) if not m.name.startswith("_")]
    return {layer.key: layer for layer in sorted(found, key=lambda layer: (layer.order, layer.key))}
