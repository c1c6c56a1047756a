"""`layers`: what can stand on the map, each with its standard and how many sites the data holds."""

from argparse import Namespace
from typing import Any

from geodata.commands._console import Console
from geodata.commands._form import Command
from geodata.commands._options import open_district, parameters_of, sources_of
from geodata.commands._parser import Parser
from layers import Layer, Text, every_layer

_HEADING = (Text("图层", "Layer"), Text("名称", "Name"), Text("标准", "Standard"), Text("把握", "Sure"), Text("已落位", "Located"),
            Text("建议", "Proposed"), Text("待落位", "Not yet located"))
_NONE = Text("无", "none")


def _options(parser: Parser) -> None:
    del parser  # it has none of its own


def _run(options: Namespace, console: Console) -> None:
    from geodata.district import LOCATED_CLASSES

    district, hashes = open_district(options)
    counts = district.sites.groupby(["layer", "location_class"]).size()
    told = []
    for layer in every_layer().values():
        own = counts[layer.key] if layer.key in counts.index.get_level_values(0) else counts.iloc[:0].droplevel(0)
        sites = {"located": int(own[own.index.isin(LOCATED_CLASSES)].sum()), "proposed": int(own.get("proposed", 0)), "unlocated": int(own.get("unlocated", 0))}
        told.append(_facts(layer) | sites)
    console.document(told, parameters=parameters_of(options), sources=sources_of(district), data_hashes=hashes)
    console.table(_HEADING, [(one["key"], one["name"], _standard(layer), layer.standard.certainty if layer.standard else "—",
                              one["located"], one["proposed"], one["unlocated"]) for one, layer in zip(told, every_layer().values(), strict=True)])
    console.say(Text("待落位：报告给了数量，未公布位置。", "Not yet located: the report gives a number and no position."))


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
