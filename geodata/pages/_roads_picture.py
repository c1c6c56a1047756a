"""The maps of a road opening beside their legend: one, or two beside each other with equal classes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from geodata import classing
from geodata.asking.roads import View
from geodata.changed_sites import Sites, sites_left
from geodata.changes import Change
from geodata.district import District
from geodata.drawing import Picture
from geodata.numerals import metres as metres_text
from geodata.pages import _coverage_map, _roads_map
from geodata.pages._coverage_words import WORDS as COVERAGE_WORDS
from geodata.pages._map import Badge, publish, show_map
from geodata.pages._page import Visit
from geodata.pages._panel import show_panel
from geodata.pages._roads_words import WORDS
from geodata.pages._words import attribution_of
from geodata.question import Question
from layers import Text, every_layer


@dataclass(frozen=True, eq=False)
class Walks:
    """What the maps show of an answer.

    Attributes:
        question: what was asked.
        layer: the one the maps speak of.
        heading: `演示 / Demonstration`, or empty.
        rows: of the answer.
        points: demand points before and after, of that layer.
        changes: the scenario behind the state after.
        against: the scenario behind the state before; None where that is the district as it is.
    """

    question: Question
    layer: str
    heading: Text
    rows: pd.DataFrame
    points: gpd.GeoDataFrame
    changes: Sequence[Change] = ()
    against: Sequence[Change] | None = None


def show_picture(visit: Visit, walks: Walks, view: View) -> None:
    """Show one map, or two of one extent, and the legend."""
    sides = ("before", "after") if view == "twin" else (view,)
    chart, side = (st.container(), st.container()) if len(sides) > 1 else st.columns([2, 1], gap="medium")
    every = list(visit.district.demand["demand_id"])
    own = walks.rows[walks.rows["layer"] == walks.layer] if len(walks.rows) else walks.rows
    metres = float(own["metres"].iloc[0]) if len(own) and own["metres"].iloc[0] is not None else None
    drawn = bool(len(own)) and int(own["demo_sites"].iloc[0]) > 0
    draws = int(own["draws"].iloc[0]) if len(own) and own["draws"].iloc[0] is not None else 0
    points = walks.points if len(walks.points) else _nothing_walked(visit.district)
    states = {"before": walks.against or (), "after": walks.changes, "diff": walks.changes}
    shown = {name: sites_left(visit.district, states[name], walks.layer, demo=drawn, seed=walks.question.seed) for name in sides}
    with chart:
        for place, column in enumerate(st.columns(len(sides), gap="small")):
            name = sides[place]
            with column:
                if len(sides) > 1:
                    st.caption(f"**{visit.say(_title(walks, name))}**")
                _show_map(visit, place, _classes(points, every, metres, name), shown[name], badge=_badge(visit, walks.heading, draws if drawn else 0))
    with side:
        show_panel("answer", key="roads_side", visit=visit, asked={}, words=COVERAGE_WORDS, data={
            "part": "side", "curve": [], "legend": {**_legend(visit, walks, points, shown[sides[-1]], metres=metres, sides=sides),
                                                    "draw": "" if not draws else visit.say(WORDS["legend_draw" if drawn else "legend_moved"].format(draws=draws))}})


def _title(walks: Walks, side: str) -> Text:
    """Return what one of two maps is headed: today and then, or one scenario and the other."""
    if walks.against is not None:
        return WORDS["view_held" if side == "before" else "view_this"]
    return WORDS[f"view_{side}"]


def _classes(points: pd.DataFrame, every: list[str], metres: float | None, side: str) -> tuple[str, list[Any]]:
    """Return every cell's class and the colours of the classes."""
    if side == "diff":
        return classing.differences(points, every).values, classing.difference_palette()
    return classing.changed_walks(points, every, metres, side).values, classing.palette()


def _show_map(visit: Visit, place: int, classes: tuple[str, list[Any]], sites: Sites, *, badge: Badge | None) -> None:
    names = [_site_name(visit, row) for frame in sites if frame is not None for row in frame.to_dict("records")]
    patch, content = _coverage_map.sites_patch(visit.district, *sites, names)
    publish({str(patch["url"]).removeprefix("blob/"): content})
    patches: dict[str, Mapping[str, Any]] = {"cells": {"values": classes[0], "palette": classes[1]}, "sites": patch}
    show_map(_picture(visit.district, f"roads_{place}"), key=f"roads_map_{place}", lang=visit.lang, patches=patches, badge=badge, attribution=attribution_of(visit.district))


@st.cache_resource(max_entries=6, show_spinner=False, hash_funcs={District: lambda district: district.stamp})
def _picture(district: District, name: str) -> Picture:
    return _roads_map.picture_of(district, name)


def _badge(visit: Visit, heading: Text, draws: int) -> Badge | None:
    if not visit.say(heading):
        return None
    return Badge(heading, WORDS["badge_draw"].format(draws=draws) if draws else WORDS["badge_ground"])


def _site_name(visit: Visit, row: Mapping[str, Any]) -> str:
    """Return what a site drawn is called; a demo site says what it is."""
    own = (row[f"name_{visit.lang}"] or row["name_zh"]) or every_layer()[row["layer"]].one.say(visit.lang)
    return f"{own} · {visit.say(WORDS['demo_site'])}" if row["location_class"] == "stand_in" else str(own)


def _legend(visit: Visit, walks: Walks, points: pd.DataFrame, sites: Sites, *, metres: float | None, sides: Sequence[str]) -> dict[str, Any]:
    """Return the legend of the map, or of both maps."""
    layer, two = every_layer()[walks.layer], "_two" if walks.against is not None else ""
    name, colour = layer.name, layer.style.colour
    every = list(visit.district.demand["demand_id"])
    who = WORDS["who_other" if visit.district.demand_unit != "people" else "who_sketch" if visit.district.people_kind == "sketch" else "who_people"]
    if sides[0] == "diff":
        classes = classing.difference_legend(classing.differences(points, every))
    else:
        base = metres or 300.0
        steps = {"half": metres_text(base / 2), "metres": metres_text(base), "twice": metres_text(2 * base)}
        held = [classing.changed_walks(points, every, metres, side) for side in sides]
        classes = classing.legend(held[0], metres, steps) if len(held) == 1 else _roads_map.twin_legend(held[0], held[1], metres, steps)
    located, demo = sites
    marks = [{"colour": colour, "demo": False, "text": WORDS["mark_located"].format(n=len(located), name=name).say(visit.lang)}] if len(located) else []
    if demo is not None and len(demo):
        marks.append({"colour": colour, "demo": True, "text": WORDS["mark_demo"].format(n=len(demo), name=name).say(visit.lang)})
    title = WORDS[f"legend_diff{two}"] if sides[0] == "diff" else WORDS[f"legend_walk{two}"]
    note = WORDS["legend_note"] if len(sides) == 1 else WORDS[f"legend_note_twin{two}"]
    return {"title": title.format(name=layer.one).say(visit.lang), "classes": classes, "sites": marks, "bands": "", "note": note.format(who=who).say(visit.lang)}


def _nothing_walked(district: District) -> pd.DataFrame:
    """Return demand points that walk nowhere: the data hold no such facility."""
    nowhere = pd.Series(float("nan"), index=district.demand.index)
    return pd.DataFrame({"demand_id": district.demand["demand_id"], "people": district.demand["people"], "walk_before_m": nowhere, "walk_after_m": nowhere,
                         "difference_m": nowhere, "off_network_before": False, "off_network_after": False})
