"""Who finds room where capacity is known, on the coverage page: the split in words, by site and by area, E2SFCA beside it."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

import geopandas as gpd
import streamlit as st

from geodata.capacity import (
    METHOD,
    UNITS,
    Capacity,
    by_area,
    capacity_access,
    has_capacity,
    share_used,
    unit_of,
)
from geodata.counting import located
from geodata.district import District
from geodata.errors import ChanheError
from geodata.exports import DEMO_WORD, Meta, demo_notes, meta_of
from geodata.pages import _answer
from geodata.pages._files import Offer, show_offer
from geodata.pages._page import Visit
from geodata.pages._panel import asked_now, show_panel
from geodata.walking import Kept
from geodata.wording import ALL_OF_IT, DEMAND_NAMES, DEMAND_UNITS, heading_of
from layers import Text, every_layer

PARAMETERS: Final = ("per",)
_KEY: Final = "coverage_room"
_SECONDS: Final = 20.0
_FOUND: Final = Kept(most_bytes=32 * 2**20)

WORDS: Final[Mapping[str, Text]] = {
    "title": Text("位置够不够：{name}（容量）", "Is there room: {name} (capacity)"),
    "unknown": Text("{name}的容量未知，不能说位置够不够：在点位文件的“容量”列（capacity）填写每处的{unit}数并导入后，这里给出。", "Whether there is room is not known ({name}): fill in the column capacity (容量) of the file of sites with the {unit}s of each, bring it in, and it stands here."),
    "per": Text("每个{unit}服务", "One {unit} serves"),
    "per_unit": Text("{what}（不填：按{all}平均，即 {n} {what}）", "{what} (left empty: {all} shared evenly, that is {n})"),
    "served": Text("有位置", "find room"),
    "no_room": Text("够近，没有余位", "near, no room left"),
    "sites": Text("每处设施", "Site by site"),
    "areas": Text("分片区", "Area by area"),
    "col_site": Text("设施", "Site"),
    "col_capacity": Text("容量（{unit}）", "Capacity ({unit}s)"),
    "col_room": Text("可服务", "Room for"),
    "col_assigned": Text("分到", "Assigned"),
    "col_use": Text("利用率", "Use"),
    "col_area": Text("片区", "Area"),
    "col_index": Text("E2SFCA（{unit}/千人）", "E2SFCA ({unit}s per 1,000)"),
    "index": Text("E2SFCA 对照指数：全区平均每千人 {n} 个{unit}。", "E2SFCA beside it: {n} {unit}s for every 1,000 people on average."),
    "method": Text("方法", "Method"),
    "command": Text("命令行", "Command line"),
    "wrong": Text("“每个{unit}服务”不能是 {text}，请给大于 0 的数。", "One {unit} cannot serve {text}; give a number above 0."),
    "files": Text("容量与可达", "Room within a walk"),
}


def show_room(visit: Visit, layer: str, metres: float | None) -> None:
    """Show who finds room within `metres`; where no located site has a known capacity, what to fill in, if the layer has one at all.

    Args:
        visit: the present visit.
        layer: its key.
        metres: the standard of the answer above; None shows nothing.
    """
    district = visit.district
    if metres is None or layer not in every_layer():
        return
    if not has_capacity(district, layer):
        if layer in UNITS and len(located(district.sites[district.sites["layer"] == layer])):
            st.caption(visit.say(WORDS["unknown"].format(name=every_layer()[layer].name, unit=unit_of(layer))))
        return
    asked = asked_now(_KEY, PARAMETERS)
    per, unit = _number(asked.get("per", "")), unit_of(layer)
    wrong = visit.say(WORDS["wrong"].format(unit=unit, text=asked["per"][:20])) if asked.get("per") and per is None else ""
    try:
        found = _found(district, layer, metres, per)
    except ChanheError as error:
        st.info(visit.say(error.message))
        return
    show_panel("room", key=_KEY, visit=visit, asked=asked, words=_words(district, layer),
               data={**_told(visit, found), "wrong": wrong, "even": f"{found.people / _capacity(found):,.4g}"})
    with st.container(horizontal=True, key="coverage_room_files"):
        show_offer(visit, _offer(district, found), key="coverage_room_file")


def _words(district: District, layer: str) -> dict[str, Text]:
    """Return the panel's wordings for a layer and for what the district counts; `{n}` is filled in by the panel."""
    named = {"unit": unit_of(layer), "name": every_layer()[layer].name, "what": DEMAND_UNITS[district.demand_unit], "all": ALL_OF_IT[district.demand_unit], "n": "{n}"}
    return {name: text.format(**named) if name in {"title", "per", "per_unit"} else text for name, text in WORDS.items()}


def _found(district: District, layer: str, metres: float, per: float | None) -> Capacity:
    """Return the answer, given before or worked out now."""
    return _FOUND.get((district.stamp, layer, metres, per), lambda: capacity_access(district, layer, metres=metres, people_per_unit=per, seconds=_SECONDS),
                      lambda found: 300 * len(found.demand) + 10_000)


def _told(visit: Visit, found: Capacity) -> dict[str, Any]:
    """Return the answer as the panel takes it."""
    lang, total = visit.lang, found.people or 1.0
    mean = found.index_mean()
    parts = (("served", found.served_people, WORDS["served"]), ("no_room", found.no_room_people, WORDS["no_room"]), ("too_far", found.too_far_people, found.far))
    columns = [("site", False), ("capacity", True), ("room", True), ("assigned", True), ("use", True)]
    sites = [[row[f"name_{lang}"] or row["name_zh"] or row["id"], _count(row["capacity"]), _count(row["room"]), _count(row["assigned_people"]), share_used(row["use"])] for row in _answer.records_of(found.sites)]
    areas = [[row[f"name_{lang}"] or row["name_zh"], _count(row["people"]), *(_share(row[name], row["people"]) for name in ("served", "no_room", "too_far")), _index(row["e2sfca"])]
             for row in _answer.records_of(by_area(found, visit.district.areas))]
    return {
        "heading": visit.say(heading_of(found.demonstration)), "sentence": visit.say(found.sentence()),
        "parts": [{"name": visit.say(told), "key": name, "share": value / total, "text": f"{100 * value / total:.1f} %", "people": _count(value)} for name, value, told in parts],
        "index": "" if mean is None else visit.say(WORDS["index"].format(n=_index(mean), unit=found.unit)),
        "sites": {"columns": _columns(visit, found, columns), "rows": sites},
        "areas": {"columns": [*_columns(visit, found, [("area", False)]), *({"name": visit.say(told), "right": True} for told in (DEMAND_NAMES[found.demand_unit], *(part[2] for part in parts))),
                              *_columns(visit, found, [("index", True)])], "rows": areas},
        "method": [visit.say(line) for line in METHOD],
        "command": f"python -m geodata capacity --layer {found.layer} --metres {found.metres:g}{'' if found.shared_evenly else f' --per {found.people_per_unit:g}'}",
    }


def _offer(district: District, found: Capacity) -> Offer:
    """Return the file of every demand point."""
    mark = f"_{DEMO_WORD}" if found.demonstration else ""

    def meta() -> Meta:
        query = {"layer": found.layer, "metres": f"{found.metres:g}", "per": f"{found.people_per_unit:g}"}
        return meta_of(district, title=WORDS["files"], query=query, method=(found.sentence(), *METHOD), notes=demo_notes(district))

    return Offer(f"capacity-{found.layer}{mark}", WORDS["files"], ("csv", "geojson"), lambda: gpd.GeoDataFrame(found.demand), meta, about=every_layer()[found.layer].name)


def _columns(visit: Visit, found: Capacity, names: list[tuple[str, bool]]) -> list[dict[str, Any]]:
    return [{"name": visit.say(WORDS[f"col_{name}"].format(unit=found.unit)), "right": right} for name, right in names]


def _capacity(found: Capacity) -> float:
    return float(found.sites["capacity"].sum())


def _number(text: str) -> float | None:
    """Return a number above 0, None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and value > 0 else None


def _count(value: Any) -> str:
    return f"{float(value):,.0f}"


def _share(value: float, of: float) -> str:
    return f"{100 * value / of:.1f} %" if of else "—"


def _index(value: float) -> str:
    return "—" if value != value else f"{1000 * value:,.2f}"  # noqa: PLR0124  NaN alone differs from itself
