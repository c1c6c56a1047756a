"""The map mount: a Folium map inside the page, kept while it stays the same, sent new values without being sent anew.

Not an iframe and not `st_folium`: a component whose script runs what Folium rendered. `show_map` is all a page needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from geodata import serving
from geodata.drawing import Picture, watermark
from layers import Lang, Text

FRAME_KEY: Final = "frame"

# Streamlit loads this text; the scripts themselves come by an address that carries their hash.
_ENTRY: Final = """
const open = (c) => import(new URL(c.data.assets + "%s", document.baseURI).href);
export default function (c) {
  const loading = open(c).then((m) => { m.render(c); return m; });
  return () => loading.then((m) => m.release?.(c.parentElement));
}
"""
_PLAIN: Final = '<div class="cp-root cp-plain" id="cp-main"><div class="cp-map-column"><div class="cp-skeleton"></div></div></div>'
_EXPLORE: Final = (
    '<div class="cp-root cp-explore" id="cp-main"><div class="cp-side"><section class="cp-strip"></section></div>'
    '<div class="cp-map-column"><div class="cp-skeleton"></div></div><div class="cp-below"></div></div>'
)
_FRAME: Final = '<div class="cp-frame"></div>'

MAP_WORDS: Final[Mapping[str, Text]] = {
    "map_label": Text("瀍河区地图。方向键平移，加减键缩放；地图上的内容另见表格。", "Map of Chanhe. Arrow keys pan, plus and minus zoom; what it shows is also in the table."),
    "map_failed": Text("地图没有载入。请刷新页面；若仍如此，请管理员查看服务是否在运行。", "The map did not load. Reload the page; if that does not help, ask the operator whether the service runs."),
    "tools": Text("地图工具", "Map tools"),
    "tool_plus": Text("放大", "Zoom in"),
    "tool_minus": Text("缩小", "Zoom out"),
    "tool_fit": Text("显示全区", "Zoom to all"),
    "tool_full": Text("全屏", "Full screen"),
    "tool_ruler": Text("量距离与面积", "Measure distance and area"),
    "tool_link": Text("复制本页链接", "Copy a link to this view"),
    "link_copied": Text("链接已复制：打开即为此刻所见。", "Link copied: it opens on what you see now."),
    "link_by_hand": Text("浏览器不允许复制，请手动复制：", "The browser does not allow copying; copy by hand:"),
    "tool_map": Text("底图", "Basemap"),
    "base_none": Text("本区底图（离线）", "Our own ground (offline)"),
    "base_failed": Text("联机底图没有载入：本机可能没有连上互联网，或该网站拒绝了请求。", "The online basemap did not load: this machine may be offline, or the site refused."),
    "base_note": Text("联机底图由浏览器向其网站取图，选用前不发出请求。", "Online basemaps are fetched by your browser from their site; nothing is asked for before you choose one."),
    "measure_start": Text("在地图上依次点击，即量出距离；三点以上并给出面积。", "Click on the map point by point: the distance shows, from three points the area too."),
    "measure_length": Text("距离 {d}", "Distance {d}"),
    "measure_area": Text("面积 {a}", "Area {a}"),
    "measure_again": Text("重新量", "Start again"),
}


@dataclass(frozen=True)
class MapEvents:
    """What came back from a map in this run; None where nothing did.

    Attributes:
        place: a placing form was sent.
        undo: the last placing is to be undone.
        go: a button asks for another page, by its key.
    """

    place: Mapping[str, Any] | None = None
    undo: Mapping[str, Any] | None = None
    go: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Badge:
    """A line inside the picture, top right: what kind of picture this is."""

    head: Text
    text: Text


@dataclass(frozen=True)
class Beside:
    """What the explore page adds around its map; other pages leave it out.

    Attributes:
        facts: address of the sites, commitments and layers, below the page.
        words: wordings of the panels.
        data: whatever else the panels need, plain values.
    """

    facts: str
    words: Mapping[str, Text]
    data: Mapping[str, Any] = field(default_factory=dict)


def publish(blobs: Mapping[str, bytes]) -> None:
    """Make `blobs` (name to content) available below `blob/`."""
    for name, content in blobs.items():
        serving.BLOBS.publish(name, content)


def show_map(
    picture: Picture,
    *,
    key: str,
    lang: Lang,
    patches: Mapping[str, Mapping[str, Any]] | None = None,
    badge: Badge | None = None,
    attribution: Text | None = None,
    beside: Beside | None = None,
    on_place: Callable[[], None] | None = None,
    on_undo: Callable[[], None] | None = None,
) -> MapEvents:
    """Show `picture` and return what the user did in it.

    Args:
        picture: from `drawing.working_map`; while its hash stays, the mounted map, its view and its layers stay.
        key: fixed name of this map on its page.
        lang: language of its wordings; changing it remounts nothing.
        patches: for each value layer by id: `values` (one character a shape, its code less 48 picks from `palette`),
            `palette` (Leaflet path options or None), and optionally `tips` (a wording a shape), `url` (other shapes, see
            `drawing.values_address`), `opacity` (0-1), `show`.
        badge: see `Badge`.
        attribution: whose data is drawn; our own wording, shown as it is.
        beside: the explore page's panels.
        on_place: runs before the next run of the script when a placing form was sent (read `st.session_state[key].place`).
        on_undo: likewise for undoing.
    """
    publish(picture.blobs)
    mark = watermark(picture)
    words = {**MAP_WORDS, **(beside.words if beside else {})}
    data: dict[str, Any] = {
        "assets": serving.asset_base(),
        "lang": lang,
        "map": {"name": picture.name, "script": picture.script, "hash": picture.hash, "bounds": [list(corner) for corner in picture.bounds]},
        "words": {name: text.say(lang) for name, text in words.items()},
        "watermark": mark.say(lang) if mark else "",
        "badge": {"head": badge.head.say(lang), "text": badge.text.say(lang)} if badge else None,
        "attribution": attribution.say(lang) if attribution else "",
        "patches": dict(patches or {}),
        "explore": beside is not None,
    }
    if beside:
        data |= {"facts_url": beside.facts, **beside.data}
    name, html = ("chanhe_explore", _EXPLORE) if beside else ("chanhe_map", _PLAIN)
    mount = st.components.v2.component(name, html=html, js=_ENTRY % "mount.js", isolate_styles=False)
    result = mount(key=key, data=data, on_place_change=on_place or _nothing, on_undo_change=on_undo or _nothing, on_go_change=_nothing)
    return MapEvents(place=result.place, undo=result.undo, go=result.go)


def show_frame(*, lang: Lang, data: Mapping[str, Any]) -> str | None:
    """Show the frame and return the key of the page just asked for, if one was.

    The frame carries the style sheets of everything: it stands on every page, and one copy is enough.
    """
    bar = st.components.v2.component("chanhe_frame", html=_FRAME, css=serving.styles(), js=_ENTRY % "frame.js", isolate_styles=False)
    result = bar(key=FRAME_KEY, data={"assets": serving.asset_base(), "lang": lang, **data}, on_lang_change=_nothing, on_go_change=_nothing)
    return result.go.get("page") if result.go else None


def _nothing() -> None:
    """A component reports an event only where something listens for it."""
