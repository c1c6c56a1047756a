"""`layers`: what can stand on the map, each with its standard, what was promised of it and how much of that has a place."""

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from geodata.answer_json import sources_of
from geodata.commands._console import Console
from geodata.commands._form import Command
from geodata.commands._options import open_district, parameters_of
from geodata.commands._parser import Parser
from layers import Layer, Text, every_layer

if TYPE_CHECKING:
    from geodata.district import District

_HEADING = (Text("图层", "Layer"), Text("名称", "Name"), Text("标准", "Standard"), Text("把握", "Sure"), Text("承诺", "Promised"), Text("已落位", "Located"),
            Text("建议", "Proposed"), Text("待落位", "Not yet located"), Text("往年成绩：已落位/共", "Earlier results: located/all"), Text("现有设施", "Existing"), Text("示意点", "Demo sites"))
_NONE = Text("无", "none")
_FIELDS = ("quantity", "unit", "located", "proposed", "unlocated", "beyond")
_NOTES = (
    Text("承诺、已落位、建议、待落位：报告对本年的承诺，按承诺自己的单位（48 个站、1,472 户、200 个桩）；报告只给名称、没给数量的，按点名的处数计。",
         "Promised, located, proposed, not yet located: what the report promises for the year, in the promise's own unit (48 stations, 1,472 households, 200 piles); where it names things without a number, the things named."),
    Text("往年成绩不与承诺相加；现有设施不是报告承诺的。示意点随机抽取，代替待落位的点位作演示，不计入任何数字。",
         "Earlier results are never added to promises; existing facilities are none of the report's. Demo sites are drawn at random to stand for places not yet located; they enter no count."),
)


def _options(parser: Parser) -> None:
    del parser  # it has none of its own


def _run(options: Namespace, console: Console) -> None:
    from geodata.standins import demo_counts

    district, hashes = open_district(options)
    commitments, demo = _commitments(district), demo_counts(district)
    existing = district.sites.loc[district.sites["origin"] == "existing", "layer"].value_counts()
    told = []
    for layer in every_layer().values():
        own = [row for row in commitments if row["layer"] == layer.key]
        told.append(_facts(layer) | {"commitments": [{name: row[name] for name in ("id", "kind", "year", *_FIELDS)} for row in own],
                                     **_sums([row for row in own if row["kind"] != "done"]),
                                     "existing": int(existing.get(layer.key, 0)), "demo_sites": demo.get(layer.key, 0)})
    console.document(told, parameters=parameters_of(options), sources=sources_of(district), data_hashes=hashes)
    console.table(_HEADING, [(one["key"], one["name"], _standard(layer), layer.standard.certainty if layer.standard else "—", *_cells(one))
                             for one, layer in zip(told, every_layer().values(), strict=True)])
    for note in _NOTES:
        console.say(note)


def _commitments(district: "District") -> list[dict[str, Any]]:
    """Return the ledger's rows with places, each promise once."""
    from geodata.ledger import balance

    table = balance(district.ledger, district.sites)
    rows = [{str(name): value for name, value in row.items()} for row in table[table["located"].notna()].to_dict("records")]
    return [row | {"quantity": None if row["quantity"] != row["quantity"] else row["quantity"]} for row in rows if not row["same_as"]]


def _sums(rows: list[dict[str, Any]]) -> dict[str, float | None]:
    """Return what the rows of this year add up to; one named without a number counts as the places it has. None without rows."""
    sums: dict[str, float | None] = {name: sum(float(row[name]) for row in rows) if rows else None for name in ("located", "proposed", "unlocated")}
    return {"promised": sum(_promised(row) for row in rows) if rows else None, **sums}


def _promised(row: dict[str, Any]) -> float:
    return float(row["quantity"]) if row["quantity"] is not None else float(row["located"] + row["proposed"] + row["unlocated"])


def _cells(one: dict[str, Any]) -> tuple[object, ...]:
    """Return what was promised and what became of it as it is read."""
    from geodata.ledger import amount_text

    earlier = [row for row in one["commitments"] if row["kind"] == "done"]
    units = {row["unit"] for row in one["commitments"] if row["kind"] != "done"}
    promised = "—" if one["promised"] is None else amount_text(one["promised"], units.pop() if len(units) == 1 else "")
    before = f"{sum(row['located'] for row in earlier):,.0f}/{sum(_promised(row) for row in earlier):,.0f}" if earlier else "—"
    return promised, one["located"], one["proposed"], one["unlocated"], before, one["existing"] or "—", one["demo_sites"] or "—"


def _facts(layer: Layer) -> dict[str, Any]:
    """Return a layer as JSON takes it."""
    standard = layer.standard
    return {
        "key": layer.key, "name": layer.name, "one": layer.one, "geometry": layer.geometry, "legend": layer.legend, "question": layer.question,
        "serves_on_foot": layer.serves_on_foot, "why_not": layer.why_not,
        "standard": standard and {"metres": standard.metres, "minutes": standard.minutes, "alternatives": standard.alternatives,
                                  "source": standard.source, "certainty": standard.certainty, "note": standard.note},
        "style": {"colour": layer.style.colour, "shape": layer.style.shape, "letter": layer.style.letter},
        "osm": [f"{key}={value}" for key, value in layer.osm], "opening": layer.opening, "order": layer.order,
    }


def _standard(layer: Layer) -> Text:
    """Return a layer's standard in few words."""
    standard = layer.standard
    if standard is None:
        return _NONE
    if standard.minutes is not None:
        return Text(f"{standard.minutes:g} 分钟到场（{standard.metres:g} 米）", f"{standard.minutes:g} min to the scene ({standard.metres:g} m)")
    return Text(f"{standard.metres:,.0f} 米", f"{standard.metres:,.0f} m")


COMMAND = Command(
    name="layers",
    help=Text("列出全部图层、服务标准和落位情况", "list the layers, their standards and how many sites are located"),
    options=_options,
    run=_run,
    order=20,
    example="layers --json",
)
