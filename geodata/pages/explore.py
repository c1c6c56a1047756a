"""The page everyone sees first: the district, what was promised for it, and where each of it stands."""

from typing import Any, Final

import geopandas as gpd
import streamlit as st

from geodata import crs, drawing, exports, standins
from geodata.district import District
from geodata.pages import _facts, _map, _placing, _words
from geodata.pages._page import Page, Visit
from geodata.placing import CLASS_LIMITS_M, SKETCH_CLICK_M
from layers import Text

KEY: Final = "explore"
DRAW: Final = 1
"""The draw of demo sites the map shows."""
_NAMES: Final = {"geojson": "GeoJSON", "gpkg": "GeoPackage", "csv": "CSV", "xlsx": "Excel"}
_OSM: Final = {"key": "osm", "name": "OpenStreetMap", "attribution": "© OpenStreetMap", "urls": ["https://tile.openstreetmap.org/{z}/{x}/{y}.png"], "why": ""}


def show(visit: Visit) -> None:
    """Show the page."""
    district = visit.district
    picture, demo, facts_name, facts = _prepared(district.stamp, district)
    _map.publish({facts_name: facts})
    events = _map.show_map(
        picture, key=KEY, lang=visit.lang, badge=_badge(district, demo), attribution=_words.attribution_of(district),
        beside=_map.Beside(f"blob/{facts_name}", _words.EXPLORE_WORDS, _panel_data(visit)),
        on_place=_on_place, on_undo=_placing.undo,
    )
    if events.go:
        visit.go(str(events.go.get("page")))
        st.session_state[_placing.MESSAGE] = {"text": _words.NO_IMPORT, "ok": False, "undo": False, "nonce": events.go.get("nonce")}
        st.rerun()


@st.cache_resource(max_entries=4, show_spinner=False)
def _prepared(stamp: str, _district: District) -> tuple[drawing.Picture, bool, str, bytes]:
    """Return the map, whether demo sites stand on it, and the document of facts; kept by `stamp`, since frames have no hash."""
    del stamp
    demo = demo_sites(_district)
    name, content = _facts.facts(_district, demo, draw=DRAW)
    return drawing.working_map(_district), demo is not None, name, content


def demo_sites(district: District) -> gpd.GeoDataFrame | None:
    """Return the demo sites of the sketch, or None where there are none."""
    if district.streets_kind != "sketch":
        return None
    drawn = standins.stand_ins(district, draw=DRAW)
    return drawn if len(drawn) else None


def _badge(district: District, demo: bool) -> _map.Badge | None:
    if not district.is_sketch:
        return None
    return _map.Badge(_words.DEMO_HEAD, _words.DEMO_DRAW.format(draw=DRAW) if demo else _words.DEMO_GROUND)


def _panel_data(visit: Visit) -> dict[str, Any]:
    message = st.session_state.get(_placing.MESSAGE)
    return {
        "sketch": visit.district.streets_kind == "sketch",
        "may_edit": visit.may_edit,
        "why_not_edit": visit.say(_words.NOT_HERE),
        "datums": [*({"key": datum.key, "name": visit.say(datum.name)} for datum in crs.DATUMS.values()),
                   *({"key": key, "name": visit.say(name)} for key, name in crs.PLANE_DATUMS.items())],
        "limits": {"most_m": dict(CLASS_LIMITS_M), "least_click_m": SKETCH_CLICK_M},
        "basemaps": _basemaps(visit),
        "downloads": [{"key": form.key, "name": _NAMES.get(form.key, form.key), "title": visit.say(form.name)} for form in exports.every_format().values()],
        "message": {**message, "text": visit.say(message["text"])} if message else None,
    }


def _basemaps(visit: Visit) -> list[dict[str, Any]]:
    """Return the online basemaps a user may switch on; one whose coordinates are shifted is named with the reason."""
    tianditu = Text("天地图", "Tianditu")
    key = visit.settings.tianditu_key
    layers = [f"https://t{{s}}.tianditu.gov.cn/{kind}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={kind}&STYLE=default"
              f"&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}" for kind in ("vec", "cva")]
    needs_key = visit.say(Text("需单位自己的密钥（CHANHE_TIANDITU_KEY）", "Needs the office's own key (CHANHE_TIANDITU_KEY)"))
    return [
        dict(_OSM),
        {"key": "tianditu", "name": visit.say(tianditu), "attribution": visit.say(tianditu), "subdomains": "01234567",
         "urls": layers if key else None, "why": "" if key else needs_key},
        {"key": "amap", "name": visit.say(Text("高德", "Amap")), "urls": None, "why": visit.say(_words.GCJ_REFUSED)},
    ]


def _on_place() -> None:
    form = st.session_state[KEY].place
    if form:
        _placing.place(form)


PAGE: Final = Page(KEY, Text("地图", "Map"), show, bare=True)
