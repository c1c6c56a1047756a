"""Handing over: one file in this folder is one format of a download. Add a format by adding a file with `FORMAT`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from geodata.exports._form import DEMO_WORD, Format, Meta, Table
from geodata.exports._meta import demo_notes, made_at, meta_of
from geodata.exports._places import EXPORT_CRS, parse_crs
from geodata.exports._writing import as_download, as_files, write_export
from geodata.selecting import (
    Selection,
    check_layers,
    every_site,
    select,
    selected,
    shown_name,
    site_kinds,
    site_texts,
    with_units,
)

__all__ = [
    "DEMO_WORD", "EXPORT_CRS", "Format", "Meta", "Selection", "Table", "as_download", "as_files", "check_layers", "demo_notes",
    "every_format", "every_site", "made_at", "meta_of", "parse_crs", "select", "selected", "shown_name",
    "site_kinds", "site_texts", "with_units", "write_export",
]


@cache
def every_format() -> dict[str, Format]:
    """Return every format by its key. Reads the folder at the first call, not at import."""
    found = [import_module(f"{__name__}.{m.name}").FORMAT for m in iter_modules(__path__) if not m.name.startswith("_")]
    return {form.key: form for form in sorted(found, key=lambda form: form.key)}
