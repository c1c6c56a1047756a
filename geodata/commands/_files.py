"""Answers that become files: written whole, with what they are about inside, and reported."""

import errno
import os
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.answer_json import sources_of
from geodata.commands._console import Console
from geodata.commands._options import form_of, open_district, parameters_of, query_of, question_of
from layers import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geodata.district import District
    from geodata.exports import Format
    from geodata.question import Question


@dataclass(frozen=True, eq=False)
class Answer:
    """What becomes a file.

    Attributes:
        table: its rows; `attrs` as those of `report.walks`.
        title: what they are.
        method: how they came about.
    """

    table: "gpd.GeoDataFrame"
    title: Text
    method: Sequence[Text]


def tried_form(out: Path, named: str | None = None, among: tuple[str, ...] = ()) -> "Format":
    """Return the format of the file to write as `form_of` does, its place tried before the work that fills it.

    Raises:
        Unknown: there is no such format.
        Misasked: the file's suffix says another format than the one named.
        CannotWrite: the file could not be written.
    """
    form = form_of(out, named, among)
    try_place(out)
    return form


def try_place(out: Path) -> None:
    """Try whether a file could be written at `out`; nothing stays behind.

    Raises:
        CannotWrite: it could not.
    """
    from geodata.storing import cannot_write, check_writable

    if out.is_dir():
        raise cannot_write(out, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
    check_writable(out)


def run_answer(options: Namespace, console: Console, find: Callable[["District", "Question", Namespace], Answer], *, among: tuple[str, ...], key: str) -> None:
    """Ask what the options ask and write the answer; a plain table gets no geometry, since its columns say where its rows are.

    Args:
        options: of a command with --layer, --out and the options of `add_question`.
        console: where to speak.
        find: answers.
        among: the formats that make sense.
        key: ASCII name of the table.
    """
    form = tried_form(options.out, among=among)
    question = question_of(options)
    district, hashes = open_district(options)
    answer = find(district, question, options)
    table = answer.table.drop(columns="geometry") if form.key == "csv" else answer.table
    table.attrs = dict(answer.table.attrs)
    write_answer(table, form, options, console, district=district, hashes=hashes, key=key, title=answer.title, method=answer.method)


def write_answer(table: "pd.DataFrame", form: "Format", options: Namespace, console: Console, *, district: "District",
                 hashes: dict[str, str], key: str, title: Text, method: Sequence[Text]) -> None:
    """Write an answer to `options.out`, and say so."""
    written = write_table(table, form, options, console, district=district, key=key, title=title, method=method)
    facts = dict(table.attrs)
    report_files(written, len(table), options, console, district=district, hashes=hashes, asked=_asked(facts), demonstration=bool(facts.get("demonstration")),
                 draw=facts.get("draw"), counted=facts.get("counted"), demand_unit=district.demand_unit)


def write_table(table: "pd.DataFrame", form: "Format", options: Namespace, console: Console, *, district: "District", key: str, title: Text,
                method: Sequence[Text]) -> "Written":
    """Write an answer to `options.out` with what it is about inside; whoever calls says what became of it."""
    from geodata.exports import demo_notes, meta_of

    facts = dict(table.attrs)
    notes = demo_notes(district, draw=facts.get("draw"))
    query = query_of(options) | {name: str(value) for name, value in _asked(facts).items()} | {"demand_unit": district.demand_unit}
    if facts.get("draw"):
        title = Text(f"{title.zh}（示意）", f"{title.en} (示意 / with demo sites)")
    written = write_files(form, table, options.out, meta=meta_of(district, title=title, query=query, method=method, notes=notes), lang=console.lang, key=key, name=title)
    for note in notes:
        console.note(note)
    return written


def _asked(facts: Mapping[Any, Any]) -> dict[str, object]:
    """What an answer was worked out by beside the options."""
    return {"counted": str(facts.get("counted") or "")} | ({} if facts.get("seed") is None else {"seed": facts["seed"]})


@dataclass(frozen=True)
class Written:
    """The files an answer became.

    Attributes:
        files: in the order they were written.
        replaced: those of them that stood there before.
    """

    files: tuple[Path, ...]
    replaced: tuple[Path, ...]

    def say(self, console: Console) -> None:
        """Name each file, and say of one that it took the place of another."""
        for path in self.files:
            console.say(Text(f"已写入 {path}（替换了原有文件）", f"Wrote {path} (replaced the file that was there)") if path in self.replaced else Text(f"已写入 {path}", f"Wrote {path}"))


def write_files(form: "Format", table: "pd.DataFrame", out: Path, **more: Any) -> Written:
    """Write a table as `exports.write_export` does and return the files.

    Raises:
        CannotWrite: a file cannot be written; nothing new is left behind.
    """
    from geodata.exports import write_export

    there = {path for path in out.parent.iterdir() if path.is_file()} if out.parent.is_dir() else set()
    files = tuple(write_export(form, table, out, **more))
    return Written(files, tuple(path for path in files if path in there))


def report_files(written: Written, rows: int, options: Namespace, console: Console, *, district: "District",
                 hashes: dict[str, str], demo_rows: int = 0, asked: Mapping[str, object] | None = None, **more: Any) -> None:
    """Say which files were written; `rows` without the demo sites, `asked` what else the answer was worked out by."""
    console.document({"files": list(written.files), "replaced": list(written.replaced), "rows": rows, "demo_rows": demo_rows}, parameters=parameters_of(options) | dict(asked or {}),
                     sources=sources_of(district), data_hashes=hashes, **more)
    written.say(console)
    beside = Text(f"，另有示意点 {demo_rows:,} 行", f", and demo sites: {demo_rows:,}") if demo_rows else Text("", "")
    console.say(Text(f"共 {rows:,} 行{beside.zh}", f"{rows:,} row{'' if rows == 1 else 's'}{beside.en}"))
