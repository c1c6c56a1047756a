"""A siting answer as the page's panels take it: plain values in the visit's language."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geodata import classing, numerals
from geodata.district import District
from geodata.ledger import UNITS
from geodata.pages._page import Visit
from geodata.pages._siting_words import WORDS
from geodata.siting_amount import unit_each
from geodata.siting_answer import REASONS, Sited
from geodata.siting_curve import curve_sentence
from geodata.siting_ties import STANDING_NAMES, Ties, replaced_in_words
from geodata.siting_words import STATUS_NAMES, amount_of, method_of, place_of, sentences_of, with_unit
from geodata.siting_work import Found
from geodata.telling.siting import classed
from geodata.wording import DEMAND_UNITS, MODE_NAMES, heading_of, sources_of
from layers import Text, every_layer

MOST_LEFT: Final = 20
"""So many of the demand left are listed; the download has them all."""
_NO_UNIT: Final = Text("", "")


def top(visit: Visit, found: Found, *, waiting: bool) -> dict[str, Any]:
    """Return the answer in words, and the solver's figures."""
    sited, say = found.sited, visit.say
    name = every_layer()[sited.layer].name
    wishes = [] if found.wishes is None else [found.wishes["sentence"]]
    head, *rest = sentences_of(visit.district, sited)
    rest = rest[1:]  # how sure it is stands in the figures, which say it name by name
    figures = [
        ("objective", say(with_unit(sited, sited.objective))), ("bound", say(with_unit(sited, sited.bound))), ("gap", "—" if sited.gap is None else f"{100 * sited.gap:.2f} %"),
        ("seconds", f"{sited.seconds:.1f} s"), ("solver", sited.solver), ("candidates", f"{sited.candidates:,}")]
    return {
        "part": "top", "heading": say(heading_of(sited.demonstration)), "question": say(WORDS["question"].format(name=name)), "waiting": waiting,
        "sentences": [say(text) for text in [head, *wishes, *rest]],
        "status": {"key": sited.status, "text": say(STATUS_NAMES[sited.status])},
        "figures": [{"name": say(WORDS[f"figure_{key}"]), "text": text} for key, text in figures],
    }


def side(visit: Visit, found: Found, places: str) -> dict[str, Any]:
    """Return the legend, the sites on the map, and where the candidates are listed."""
    sited, say = found.sited, visit.say
    layer, base = every_layer()[sited.layer], sited.held.metres or 300.0
    steps = {"half": numerals.metres(base / 2), "metres": numerals.metres(base), "twice": numerals.metres(2 * base)}
    return {
        "part": "side", "colour": layer.style.colour, "places": places, "candidates": sited.candidates,
        "legend": {"title": say(WORDS["legend_infeasible" if sited.status == "infeasible" else "legend"].format(name=layer.name)), "classes": _classes(visit.district, sited, steps),
                   "proposed": say(WORDS["mark_rehearsal" if sited.demonstration else "mark_proposed"].format(n=len(sited.sites))), "kept": say(WORDS["mark_kept"].format(n=len(sited.kept))) if len(sited.kept) else "",
                   "note": say(_legend_note(sited))},
        "sites": [{"id": row["candidate"], "n": int(row["order"]), "lon": round(row["lon"], 6), "lat": round(row["lat"], 6),
                   "tip": say(WORDS["marker_rehearsal" if sited.demonstration else "marker"].format(n=row["order"], p=_count(row["added_people"])))} for row in sited.sites.to_dict("records")],
    }


def _legend_note(sited: Sited) -> Text:
    if sited.demand_unit != "people":
        return WORDS["legend_note_other"].format(unit=DEMAND_UNITS[sited.demand_unit])
    return WORDS["legend_note_demo" if sited.demonstration else "legend_note"]


def _classes(district: District, sited: Sited, steps: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the legend's classes with their people."""
    held = classed(district, sited)
    if sited.status != "infeasible":
        return classing.legend(held, sited.held.metres, steps)
    total = sum(held.people) or 1.0
    return [{"colour": classing.CLASSES[kind][0], "zh": WORDS[name].zh, "en": WORDS[name].en, "people": _count(held.people[kind]),
             "share": numerals.share(held.people[kind] / total), "points": held.points[kind], "within": False}
            for kind, name in ((1, "class_able"), (3, "class_left"), (5, "class_never"))]


def below(visit: Visit, found: Found, curve: pd.DataFrame | None, ties: Ties | None, *, command: str = "") -> dict[str, Any]:
    """Return the tables, what the answer rests on, and the command that gives the same."""
    sited, say = found.sited, visit.say
    bad = sited.status == "infeasible"
    left = sited.unmet if bad else sited.unserved
    title = WORDS["unmet" if bad else "left"].format(points=f"{len(left):,}", people=amount_of(left["people"].sum(), sited.demand_unit)) if len(left) else WORDS["left_none"]
    return {
        "part": "below", "heading": say(heading_of(sited.demonstration)), "sites": _sites_table(visit, sited, ties), "reaches": _reaches_table(visit, sited),
        "left": {"title": say(title), "note": say(WORDS["left_note"].format(n=min(MOST_LEFT, len(left)))), **_left_table(visit, left)}, "bad": bad,
        "cause": {"title": say(WORDS["cause"].format(n=f"{len(sited.cause):,}")), "note": say(WORDS["cause_note"]), **_left_table(visit, sited.cause)} if len(sited.cause) else None,
        "curve": None if curve is None or curve.empty else _curve(visit, sited, curve),
        "ties": None if ties is None else {"sentence": say(ties.sentence), "rows": _replaced(visit, sited, ties)},
        "method": [say(text) for text in method_of(sited)], "sources": [say(text) for text in sources_of(visit.district)],
        "command": command,
    }


def _replaced(visit: Visit, sited: Sited, ties: Ties) -> list[dict[str, Any]]:
    """Return which site may be replaced by which, in words, each with the one to look at on the map."""
    orders = dict(zip(sited.sites["candidate"], sited.sites["order"], strict=True))
    return [{"text": visit.say(WORDS["ties_instead"].format(n=orders[row["candidate"]], id=row["candidate"], other=replaced_in_words(row))), "id": row["candidate"],
             "other": row["replaced_by"][0]} for row in ties.sites.to_dict("records") if row["replaced_by"]]


def _sites_table(visit: Visit, sited: Sited, ties: Ties | None) -> dict[str, Any]:
    near = sited.sites[f"near_{visit.lang}"].astype(bool).any()
    wished = sited.sites["wished"].astype(bool).any()
    names = ["order", "candidate", *(["near"] if near else []), "at", "added", "reached", "only", "served", *(["wished"] if wished else []), *(["standing"] if ties is not None else [])]
    standing: Mapping[str, Any] = {} if ties is None else dict(zip(ties.sites["candidate"], ties.sites["standing"], strict=True))
    some = len(set(standing.values())) > 1
    unit = unit_each(visit.district, sited.asked)
    if unit:
        names.insert(names.index("added"), "each")
    rows = []
    for row in sited.sites.to_dict("records"):
        own = row[f"name_{visit.lang}"] or row["name_zh"] or row["candidate"]
        cells = [str(row["order"]), str(own), *([str(row[f"near_{visit.lang}"])] if near else []), f"{row['lat']:.5f}, {row['lon']:.5f}", *([_count(sited.asked.amount_each)] if unit else []), *(_count(row[key]) for key in ("added_people", "reached_people", "only_people", "served_people")),
                 *([visit.say(WORDS["wished"]) if row["wished"] else ""] if wished else [])]
        if ties is not None:
            cells.append(visit.say(STANDING_NAMES[standing[row["candidate"]]]) if row["candidate"] in standing else "")
        rows.append({"cells": cells, "id": row["candidate"], "sure": some and standing.get(row["candidate"]) == "in every optimum", "lon": row["lon"], "lat": row["lat"]})
    return {"title": visit.say(WORDS["table_sites"]), "columns": _columns(visit, names, {"each", "added", "reached", "only", "served"}, Text(unit, UNITS.get(unit, Text("", unit)).en), DEMAND_UNITS[visit.district.demand_unit]), "rows": rows,
            "explain": visit.say(WORDS["sites_note"])}


def _reaches_table(visit: Visit, sited: Sited) -> dict[str, Any]:
    # where nothing is built nothing changes
    rows = [] if sited.status == "infeasible" else [{"cells": [visit.say(MODE_NAMES[row["mode"]]), row["label"], *(numerals.share(row[key]) for key in ("share_before", "share_after", "straight_line_share"))]}
            for row in sited.reaches.to_dict("records")]
    return {"title": visit.say(WORDS["table_reaches"]), "columns": _columns(visit, ["mode", "standard", "before", "after", "straight"], {"before", "after", "straight"}), "rows": rows}


def _left_table(visit: Visit, left: pd.DataFrame) -> dict[str, Any]:
    rows = []
    for row in left.head(MOST_LEFT).to_dict("records"):
        why = REASONS.get(row["reason"], WORDS["too_far"])
        walk = "—" if pd.isna(row["walk_m"]) else f"{row['walk_m']:,.0f}"
        rows.append({"cells": [str(row["demand_id"]), place_of(row, visit.lang) or "—", _count(row["people"]), walk, visit.say(why)], "lon": row["lon"], "lat": row["lat"]})
    return {"columns": _columns(visit, ["place", "area", "people", "walk", "why"], {"people", "walk"}, DEMAND_UNITS[visit.district.demand_unit]), "rows": rows}


def _curve(visit: Visit, sited: Sited, curve: pd.DataFrame) -> dict[str, Any]:
    """Return the curve's points and its figures, row by row."""
    rows = [{"cells": [str(row["number"]), numerals.share(row["share"]), _count(row["added_people"]), f"{100 * row['added_share']:.2f}",
                       visit.say(WORDS["proven" if row["proven"] else "not_proven"])]} for row in curve.to_dict("records")]
    numbers = [int(number) for number in curve["number"]]
    start = sited.people_before / sited.people_total if sited.people_total else 0.0
    return {
        "title": visit.say(WORDS["curve"]), "label": visit.say(WORDS["curve_label"].format(n=numbers[-1])), "start": round(start, 5),
        "points": [[number, round(float(share), 5)] for number, share in zip(numbers, curve["share"], strict=True)],
        "sentences": {str(number): visit.say(curve_sentence(curve, number, unit=sited.demand_unit)) for number in numbers},
        "explain": visit.say(WORDS["curve_note"]), "columns": _columns(visit, ["n", "share", "adds", "adds_share", "proven"], {"n", "share", "adds", "adds_share"}), "rows": rows,
    }


def _columns(visit: Visit, names: list[str], right: set[str], unit: Text = _NO_UNIT, who: Text = _NO_UNIT) -> list[dict[str, Any]]:
    return [{"name": visit.say(WORDS[f"col_{name}"].format(unit=unit, who=who)), "right": name in right} for name in names]


def _count(value: Any) -> str:
    return f"{float(value):,.0f}"

