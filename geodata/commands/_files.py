"""Answers that become files: written whole, with what they are about inside, and reported."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.commands._console import Console
from geodata.commands._options import parameters_of, query_of, sources_of
from layers import Text

if TYPE_CHECKING:
    import pandas as pd

    from geodata.district import District
    from geodata.exports import Format


def write_answer(table: "pd.DataFrame", form: "Format", options: Namespace, console: Console, *, district: "District",
                 hashes: dict[str, str], key: str, title: Text, method: Sequence[Text]) -> None:
    """Write walks or service areas to `options.out` and say so."""
    from geodata.exports import demo_notes, meta_of, write_export

    facts = dict(table.attrs)
    notes = demo_notes(district, draw=facts.get("draw"))
    seed = {} if facts.get("seed") is None else {"seed": facts["seed"]}
    asked = {"counted": str(facts.get("counted") or ""), **seed}
    query = query_of(options) | {name: str(value) for name, value in asked.items()} | {"demand_unit": district.demand_unit}
    if facts.get("draw"):
        title = Text(f"{title.zh}（示意）", f"{title.en} (示意 / with demo sites)")
    meta = meta_of(district, title=title, query=query, method=method, notes=notes)
    written = write_export(form, table, options.out, meta=meta, lang=console.lang, key=key, name=title)
    for note in notes:
        console.note(note)
    report_files(written, len(table), options, console, district=district, hashes=hashes, asked=asked, demonstration=bool(facts.get("demonstration")),
                 draw=facts.get("draw"), counted=facts.get("counted"), demand_unit=district.demand_unit)


def report_files(written: Sequence[Path], rows: int, options: Namespace, console: Console, *, district: "District",
                 hashes: dict[str, str], demo_rows: int = 0, asked: Mapping[str, object] | None = None, **more: Any) -> None:
    """Say which files were written; `rows` without the demo sites, `asked` what else the answer was worked out by."""
    console.document({"files": list(written), "rows": rows, "demo_rows": demo_rows}, parameters=parameters_of(options) | dict(asked or {}), sources=sources_of(district), data_hashes=hashes, **more)
    for path in written:
        console.say(Text(f"已写入 {path}", f"Wrote {path}"))
    beside = Text(f"，另有示意点 {demo_rows:,} 行", f", and {demo_rows:,} demo sites") if demo_rows else Text("", "")
    console.say(Text(f"共 {rows:,} 行{beside.zh}", f"{rows:,} row{'' if rows == 1 else 's'}{beside.en}"))
