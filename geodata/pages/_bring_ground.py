"""Bringing real streets, people, boundary and areas in: a pack is built from files and used at once."""

from typing import Final

import streamlit as st

from geodata.crs import DATUMS, PLANE_DATUMS
from geodata.errors import ChanheError, ProblemsFound
from geodata.pages import _bringing
from geodata.pages._bring_sites import show_found, show_problems_file
from geodata.pages._bring_words import WORDS
from geodata.pages._page import Visit
from layers import Text

_OSM: Final = ["pbf", "osm"]
_POLYGONS: Final = ["geojson", "json", "gpkg", "zip"]
_TABLES: Final = [*_POLYGONS, "csv", "xlsx"]
_TYPES: Final = {"osm": _OSM, "streets": _POLYGONS, "population": _TABLES, "boundary": _POLYGONS, "areas": _POLYGONS}
_BUILT: Final = "bring_built"


def show_ground(visit: Visit) -> None:
    """Show the inputs of a pack, what they change, and the button that builds it."""
    _show_built(visit)
    st.markdown(visit.say(WORDS["ground_lead"]))
    files: dict[str, tuple[str, bytes]] = {}
    datums: dict[str, str] = {}
    round_ = st.session_state.setdefault("bring_ground_round", 0)
    for part in ("osm", *_bringing.GROUND):
        with st.container(border=True, key=f"bring_{part}"):
            st.markdown(f"**{visit.say(WORDS[part])}**")
            st.caption(visit.say(WORDS[f"{part}_why"]))
            given = st.file_uploader(visit.say(WORDS[part]), type=_TYPES[part], key=f"bring_{part}_file_{round_}", label_visibility="collapsed")
            if given is not None:
                files[part] = (given.name, given.getvalue())
                if part != "osm" and (datum := _ask_datum(visit, part)):
                    datums[part] = datum
    if not files:
        st.caption(visit.say(WORDS["nothing_given"]))
        return
    _show_changes(visit, set(files))
    skip = st.checkbox(visit.say(WORDS["skip_bad"]), key="bring_skip")
    if st.button(visit.say(WORDS["build"]), type="primary", key="bring_build"):
        _build(visit, files, datums, skip_bad_rows=skip)


def _ask_datum(visit: Visit, part: str) -> str:
    """Return the datum of one file, empty where the file says it."""
    names = {"": WORDS["datum_auto"], **{key: datum.name for key, datum in DATUMS.items()}, **PLANE_DATUMS}
    return str(st.selectbox(visit.say(WORDS["file_datum"]), list(names), format_func=lambda key: visit.say(names[key]), key=f"bring_{part}_datum", filter_mode=None) or "")


def changes_of(parts: set[str], *, sketch_streets: bool) -> list[Text]:
    """Return what bringing these inputs in changes, in sentences.

    Args:
        parts: the inputs given.
        sketch_streets: whether the streets in use are the sketch's.
    """
    lines = []
    real = bool(parts & {"osm", "streets"})
    if real and sketch_streets:
        lines.append(WORDS["change_streets"])
    if "osm" in parts:
        lines.append(WORDS["change_osm"])
    if "population" in parts:
        lines.append(WORDS["change_people"])
        if sketch_streets and not real:
            lines.append(WORDS["change_people_sketch"])
    elif real and sketch_streets:
        lines.append(WORDS["change_people_none"])
    lines += [WORDS[f"change_{part}"] for part in ("boundary", "areas") if part in parts]
    return [*lines, WORDS["change_kept"]]


def _show_changes(visit: Visit, parts: set[str]) -> None:
    lines = changes_of(parts, sketch_streets=visit.district.streets_kind == "sketch")
    st.markdown(f"**{visit.say(WORDS['changes'])}**\n" + "".join(f"\n- {visit.say(line)}" for line in lines))


def _build(visit: Visit, files: dict[str, tuple[str, bytes]], datums: dict[str, str], *, skip_bad_rows: bool) -> None:
    """Build the pack with its progress shown, then show the page anew."""
    bar = st.progress(0.0, text=visit.say(WORDS["building"]))

    def told(part: float, what: Text) -> None:
        bar.progress(min(1.0, max(0.0, part)), text=visit.say(what))

    try:
        district, problems = _bringing.build(visit.settings, files, datums, skip_bad_rows=skip_bad_rows, progress=told)
    except ProblemsFound as error:
        bar.empty()
        show_found(visit, key="bring_ground_found", heading=WORDS["failed"], lines=[error.message], problems=error.problems, bad=True)
        show_problems_file(visit, error.problems, key="bring_ground_problems")
        return
    except ChanheError as error:
        bar.empty()
        show_found(visit, key="bring_ground_found", heading=WORDS["failed"], lines=[error.message], problems=(), bad=True)
        return
    total = f"{float(district.demand['people'].sum()):,.0f}"
    what = Text("{name}，{edges} 条街段，{people}。", "{name}, {edges} street pieces, {people}.").format(
        name=district.name, edges=f"{len(district.streets):,}", people=WORDS[f"unit_{district.demand_unit}"].format(n=total))
    st.session_state[_BUILT] = (WORDS["built"].format(what=what), problems)
    st.session_state["bring_ground_round"] += 1
    st.rerun()


def _show_built(visit: Visit) -> None:
    """Show what the last pack came to."""
    if _BUILT not in st.session_state:
        return
    said, problems = st.session_state[_BUILT]
    show_found(visit, key="bring_ground_found", heading=WORDS["part_ground"], lines=[said], problems=problems, bad=False)
    show_problems_file(visit, problems, key="bring_ground_problems")
    if st.button(visit.say(WORDS["to_map"]), key="bring_ground_to_map", icon=":material/map:"):
        visit.go("explore")
