"""Bringing positions in: a file, a preview, one button; and back again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import floor, log2
from typing import Any, Final

import streamlit as st

from geodata.checks import problems_csv
from geodata.district import LOCATED_CLASSES, District
from geodata.errors import ChanheError, Problem, ProblemsFound
from geodata.headings import known_as
from geodata.importing import template
from geodata.last_import import last_import, take_back
from geodata.pages import _bringing
from geodata.pages._bring_words import WORDS
from geodata.pages._bringing import Preview
from geodata.pages._page import Visit
from geodata.pages._panel import show_panel
from geodata.placing import CLASS_LIMITS_M, CLASS_NAMES
from geodata.placing import SKETCH_CLICK_M as CLICK_AREA_M
from geodata.taking_over import UNSTATED_M, Claim
from layers import Lang, Text, every_layer

TYPES: Final = ["geojson", "json", "gpkg", "zip", "csv", "xlsx", "tsv", "txt"]
_SAID: Final = "bring_said"
_MAP_PX: Final = 480
"""Least side of the map on a small screen, without its margins."""
_LAT_STRETCH: Final = 1.4
"""At least what Mercator makes of a degree of latitude, south of 44° N, in degrees of longitude."""
_LEAST_DEG: Final = 0.004
_MOST_ZOOM: Final = 16.0
_MOST_LISTED: Final = 200
_MOST_NAMED: Final = 20


def show_sites(visit: Visit, layer: str, datum: str | None) -> None:
    """Show the import of one layer's positions."""
    name = every_layer()[layer].name
    _show_said(visit)
    round_ = st.session_state.setdefault("bring_round", 0)
    given = st.file_uploader(visit.say(WORDS["file_sites"]) + visit.say(Text("：", ": ")) + visit.say(WORDS["formats_sites"]), type=TYPES, key=f"bring_file_{round_}")
    with st.container(horizontal=True, key="bring_template", vertical_alignment="center"):
        st.download_button(visit.say(WORDS["template"]), data=template(visit.lang), file_name=f"{layer}-template.csv", mime="text/csv", on_click="ignore", key="bring_template_file", icon=":material/download:")
        st.caption(visit.say(WORDS["template_why"]))
    if given is None:
        return
    content = given.getvalue()
    try:
        claim = _ask_claim(visit, _bringing.unstated_rows(content, given.name, datum))
        found = _bringing.preview(visit.district, layer, content, given.name, datum, claim=claim)
    except ProblemsFound as error:
        show_found(visit, key="bring_found", heading=WORDS["failed"], lines=[error.message], problems=error.problems, bad=True)
        show_problems_file(visit, error.problems, key="bring_problems")
        return
    except ChanheError as error:
        show_found(visit, key="bring_found", heading=WORDS["failed"], lines=[error.message], problems=(), bad=True)
        return
    show_found(visit, key="bring_found", heading=WORDS["found"], lines=_lines(visit, found, name), problems=found.problems, bad=not found.changes or bool(found.errors), first=_first(visit, found))
    skip = False
    if found.errors and found.changes:
        st.markdown(visit.say(WORDS["errors_stop"].format(bad=f"{found.errors:,}")))
        # the key holds what the box says: a tick given for one file is none for the next
        skip = st.checkbox(visit.say(WORDS["errors_skip"].format(good=f"{found.good:,}", bad=f"{found.errors:,}")), key=f"bring_skip_{round_}_{given.file_id}_{found.errors}")
    with st.container(horizontal=True, key="bring_actions"):
        if st.button(visit.say(WORDS["confirm"]), type="primary", disabled=not found.changes or (bool(found.errors) and not skip), key="bring_confirm"):
            _confirm(visit, layer, content, given.name, datum, claim=claim, skip_bad_rows=skip)
        show_problems_file(visit, found.problems, key="bring_problems")


def _ask_claim(visit: Visit, rows: int) -> Claim | None:
    """Ask what rows without class and uncertainty are taken for; None where every row says it."""
    if not rows:
        return None
    with st.container(border=True, key="bring_claim"):
        st.markdown(visit.say(WORDS["claim"].format(n=f"{rows:,}")))
        one, two, three = st.columns([2, 2, 3])
        classes = list(LOCATED_CLASSES)
        kind = one.selectbox(visit.say(WORDS["claim_class"]), classes, index=classes.index("address"), format_func=lambda key: visit.say(CLASS_NAMES[key]), key="bring_claim_class", filter_mode=None)
        most = CLASS_LIMITS_M[kind]
        metres = two.number_input(visit.say(WORDS["claim_metres"].format(most=f"{most:,.0f}")), min_value=1.0, max_value=most, value=min(most, UNSTATED_M) if kind != "area" else CLICK_AREA_M, step=1.0, format="%.0f", key=f"bring_claim_metres_{kind}")
        basis = three.text_input(visit.say(WORDS["claim_basis"]), max_chars=300, key="bring_claim_basis")
    return Claim(kind, float(metres), basis)


def _confirm(visit: Visit, layer: str, content: bytes, file: str, datum: str | None, *, claim: Claim | None, skip_bad_rows: bool) -> None:
    """Keep the import, say so, and show the page anew without the file."""
    try:
        done = _bringing.keep(visit.settings, layer, content, file, datum, claim=claim, skip_bad_rows=skip_bad_rows)
    except ChanheError as error:
        st.session_state[_SAID] = {"text": error.message, "ok": False}
    else:
        st.session_state[_SAID] = {"ok": True, "text": WORDS["imported"].format(file=file, name=every_layer()[layer].name, after=_number(done.after.located), left=_number(done.after.unlocated))}
        st.session_state["bring_round"] += 1
    st.rerun()


def _show_said(visit: Visit) -> None:
    """Show what the last import or undo came to, and offer to take an import back."""
    said = st.session_state.get(_SAID)
    last = last_import(visit.settings.pack_folder, visit.district.stamp)
    if said:
        (st.success if said["ok"] else st.error)(visit.say(said["text"]))
    elif last is not None:
        when = f"{datetime.fromisoformat(last.at).astimezone():%Y-%m-%d %H:%M}"
        st.caption(visit.say(WORDS["last"].format(name=every_layer()[last.layer].name, file=last.file, when=when)))
    else:
        return
    with st.container(horizontal=True, key="bring_after"):
        if last is not None and st.button(visit.say(WORDS["undo"]), key="bring_undo_button", icon=":material/undo:"):
            try:
                _bringing.refuse_closed(visit.settings)
                take_back(visit.settings.pack_folder)
                st.session_state[_SAID] = {"text": WORDS["undone"], "ok": True}
            except ChanheError as error:
                st.session_state[_SAID] = {"text": error.message, "ok": False}
            st.rerun()
        if said and said["ok"] and st.button(visit.say(WORDS["to_map"]), key="bring_to_map", icon=":material/map:"):
            visit.go("explore", **seen(visit.district, last.layer if last is not None else None))


def seen(district: District, layer: str | None) -> dict[str, str]:
    """Return the map's query that shows the located sites of a layer besides those that open with it, none where it has none.

    Zooms out until all of them fit a map of usual size.
    """
    mine = district.sites[(district.sites["layer"] == layer) & district.sites["location_class"].isin(LOCATED_CLASSES) & district.sites.geometry.notna()]
    if mine.empty:
        return {}
    west, south, east, north = mine.to_crs(4326).total_bounds
    wide = max(east - west, (north - south) * _LAT_STRETCH, _LEAST_DEG)
    zoom = min(_MOST_ZOOM, floor(2 * log2(360 * _MAP_PX / 256 / wide)) / 2)
    shown = [key for key, one in every_layer().items() if one.opening or key == layer]
    return {"on": ".".join(shown), "v": f"{(south + north) / 2:.5f},{(west + east) / 2:.5f},{zoom:g}"}


def _lines(visit: Visit, found: Preview, name: Text) -> list[Text]:
    """Return what the import would do, in sentences."""
    lines = [WORDS["found_rows"].format(file=found.file, rows=f"{found.rows:,}", good=f"{found.good:,}", bad=f"{found.errors:,}", empty=f"{max(0, found.rows - found.good - found.errors):,}")]
    lines += _columns(visit, found)
    if not found.changes:
        return [*lines, WORDS["found_none"]]
    lines.append(WORDS["found_located"].format(name=name, after=_number(found.after.located), before=_number(found.before.located), left=_number(found.after.unlocated)))
    touched = found.touched
    lines.append(WORDS["found_touched"].format(added=f"{len(touched.added):,}", taken=f"{len(touched.taken_over):,}", replaced=f"{len(touched.replaced):,}", same=f"{touched.same:,}"))
    if touched.replaced:
        lines.append(WORDS["found_replaced"].format(n=f"{len(touched.replaced):,}", names=_replaced(visit, found)))
    if found.beyond:
        lines.append(WORDS["found_beyond"].format(n=found.beyond))
    if found.after.existing > found.before.existing:
        lines.append(WORDS["found_existing"].format(n=found.after.existing - found.before.existing))
    if visit.district.streets_kind == "sketch":
        lines.append(WORDS["found_demo"])
    return lines


def _columns(visit: Visit, found: Preview) -> list[Text]:
    """Return what each column of the file was read as, and which were not read."""
    comma = visit.say(WORDS["comma"])
    read = comma.join(typed if typed == visit.say(known_as(ours)) else visit.say(WORDS["column_as"].format(typed=typed, known=known_as(ours))) for typed, ours in found.columns)
    return [*([WORDS["columns_read"].format(read=read)] if read else []), *([WORDS["columns_left"].format(left=comma.join(found.ignored))] if found.ignored else [])]


def _first(visit: Visit, found: Preview) -> dict[str, Any] | None:
    """Return the first rows as a small table, None where the file has no columns that are read."""
    if not found.columns:
        return None
    return {"title": visit.say(WORDS["first_rows"].format(n=len(found.first))), "columns": [typed for typed, _ in found.columns], "rows": found.first}


def _replaced(visit: Visit, found: Preview) -> Text:
    """Return the located sites that would be replaced, each with how far it moves and whose position it was."""
    before = visit.district.sites.set_index("id")
    told = []
    for site, metres in list(found.touched.replaced.items())[:_MOST_NAMED]:
        row = before.loc[site]
        number = site.rsplit("-", 1)[-1].lstrip("0")
        one = every_layer()[found.layer].one
        name = Text(row["name_zh"] or f"{one.zh} {number}", row["name_en"] or row["name_zh"] or f"{one.en} {number}")
        told.append(WORDS["moves"].format(name=name, m=f"{metres:,.0f}", by=Text(row["basis_zh"] or "—", row["basis_en"] or row["basis_zh"] or "—")))
    names = Text("、".join(one.zh for one in told), ", ".join(one.en for one in told))
    left = len(found.touched.replaced) - len(told)
    return Text("{names}{more}", "{names}{more}").format(names=names, more=WORDS["and_more"].format(n=left) if left else "")


def show_found(visit: Visit, *, key: str, heading: Text, lines: list[Text], problems: tuple[Problem, ...], bad: bool, first: Mapping[str, Any] | None = None) -> None:
    """Show findings: sentences, the file's first rows, then the problems as a table; a wrong datum stands out."""
    show_panel("found", key=key, visit=visit, asked={}, words=WORDS, data={
        "heading": visit.say(heading), "lines": [visit.say(line) for line in lines], "bad": bad, "problems": problem_rows(sorted(problems, key=_weight)[:_MOST_LISTED], visit.lang),
        "errors": sum(problem.level == "error" for problem in problems), "warnings": sum(problem.level == "warning" for problem in problems), "all": len(problems), "first": first})


def show_problems_file(visit: Visit, problems: tuple[Problem, ...], *, key: str) -> None:
    """Show the button that takes all findings away, where there are any."""
    if problems:
        st.download_button(visit.say(WORDS["problems_file"]), data=lambda: problems_csv(problems, visit.lang), file_name="problems.csv", mime="text/csv", on_click="ignore", key=key, icon=":material/download:")


def problem_rows(problems: Sequence[Problem], lang: Lang) -> list[Mapping[str, Any]]:
    """Return findings as plain rows."""
    return [{"file": problem.file, "row": "" if problem.row is None else str(problem.row), "field": problem.field, "value": problem.value, "level": problem.level,
             "what": problem.message.say(lang), "do": problem.remedy.say(lang), "whole": problem.row is None} for problem in problems]


def _weight(problem: Problem) -> tuple[bool, bool, int]:
    """What is said of the whole file stands first, then errors, then the rest by row."""
    return problem.row is not None, problem.level != "error", problem.row or 0


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
