"""Handing over a deck: one file in this folder is one format of a document. Add a format by adding a file with `DOCUMENT`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from geodata.documents._form import PAPERS, Document, Paper, Progress, Write, WritePages
from geodata.documents._naming import as_download, as_files, file_name, renamed

__all__ = ["PAPERS", "Document", "Paper", "Progress", "Write", "WritePages", "as_download", "as_files", "every_document", "file_name", "renamed"]


@cache
def every_document() -> dict[str, Document]:
    """Return every format by its key. Reads the folder at the first call, not at import."""
    found = [import_module(f"{__name__}.{m.name}").DOCUMENT for m in iter_modules(__path__) if not m.name.startswith("_")]
    return {document.key: document for document in sorted(found, key=lambda document: document.key)}
