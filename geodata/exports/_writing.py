"""From rows to files: demo sites apart, every file whole or not there."""

import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import pandas as pd

from geodata.errors import CannotWrite
from geodata.exports._form import DEMO_WORD, Format, Meta, Table
from geodata.storing import write_file
from layers import Lang, Text

_SITES: Final = Text("项目与设施", "Sites")
_DEMO: Final = Text("示意点", "示意 demo sites")


def as_files(frame: pd.DataFrame, stem: str, form: Format, *, meta: Meta, lang: Lang = "zh", crs: int | None = None,
             key: str = "sites", name: Text = _SITES) -> dict[str, bytes]:
    """Return the files that hold `frame`, by name.

    Demo sites never share a table with others: they are a layer or sheet of their own, or, where a file holds one table
    only, a second file; its name carries 示意.

    Args:
        frame: rows with geometry in any CRS that is set, or without.
        stem: the file's name without suffix.
        form: the format.
        meta: what the file says about itself.
        lang: language of what it says; the columns keep their names.
        crs: EPSG number of a `EXPORT_CRS`, or None for WGS-84; a format that is WGS-84 only stays so.
        key: ASCII name of the table.
        name: what the table is called.
    """
    datum = None if form.wgs84_only else crs
    demo = frame["location_class"] == "stand_in" if "location_class" in frame else pd.Series(data=False, index=frame.index)
    tables = [Table(key, name, frame[~demo])]
    if demo.any():
        tables.append(Table(f"{DEMO_WORD}_{key}", _DEMO, frame[demo], demo=True))
    if form.tables:
        return {f"{stem}{form.suffix}": form.render(tables, meta, lang, datum)}
    return {f"{stem}_{DEMO_WORD}{form.suffix}" if table.demo else f"{stem}{form.suffix}": form.render([table], meta, lang, datum)
            for table in tables}


def as_download(files: Mapping[str, bytes], form: Format) -> tuple[str, str, bytes]:
    """Return name, media type and bytes of one download: the file itself, or a zip where there are several."""
    (first, content), *others = files.items()
    if not others:
        return first, form.mime, content
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in files.items():
            bundle.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return f"{Path(first).stem}.zip", "application/zip", out.getvalue()


def write_export(form: Format, frame: pd.DataFrame, path: Path, *, meta: Meta, lang: Lang = "zh", crs: int | None = None,
                 key: str = "sites", name: Text = _SITES) -> list[Path]:
    """Write `frame` to `path` and return the files written, the demo sites' last; see `as_files`.

    Everything is made before anything is written, and each file appears whole.

    Raises:
        CannotWrite: a file cannot be written; nothing new is left behind.
    """
    files = as_files(frame, path.stem, form, meta=meta, lang=lang, crs=crs, key=key, name=name)
    first, *others = files
    contents = {path: files[first]} | {path.with_name(other): files[other] for other in others}
    fresh: list[Path] = []
    try:
        for place, content in contents.items():
            was_there = place.exists()
            write_file(place, content)
            fresh += [] if was_there else [place]
    except CannotWrite:
        for place in fresh:
            with suppress(OSError):
                place.unlink()
        raise
    return list(contents)
