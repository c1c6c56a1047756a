"""A siting answer as a slide: the proposed sites on the walks they leave, and the shares before and after."""

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import classing, numerals
from geodata.asking import siting as asking
from geodata.comparing import records_of
from geodata.deck import Cell, MapPicture, Slide, Table
from geodata.district import SITE_COLUMNS, District
from geodata.errors import Misasked
from geodata.picturing import class_note, site_legend
from geodata.plate_symbols import REHEARSAL as REHEARSED
from geodata.siting import site
from geodata.siting_answer import Sited
from geodata.siting_words import plain_proof, sentences_of, sure
from geodata.telling._form import Teller, Work
from geodata.telling._parts import (
    bounds_of,
    cell_shapes,
    drawn,
    joined,
    sources_of,
    together,
    walk_legend,
)
from geodata.wording import MODE_NAMES, without_heading
from layers import Text, every_layer

_ONE_OF: Final = Text("选址前后（只按{how}优化，其余随之得出）", "Before and after (optimised {how} only)")
"""What stands above several standards: sites chosen for one of them are not the best for the others."""
REHEARSAL: Final = Text("这是在示意路网上的选址演练，不能据此选址。", "This is a rehearsal on sketched streets: nothing can be sited by it.")
_FROM_FILE: Final = Text("候选点来自文件，链接和汇报里不带文件；请在选址页打开文件后查看。", "The candidates come from a file, which neither a link nor a story carries; open it on the page Siting.")


def tell(district: District, asked: Mapping[str, str], work: Work) -> Slide:
    """Solve the page's question."""
    question = asking.question_of(asked, district)
    name = every_layer()[question.layer].name
    title = Text("{name}再设在哪里最有用", "Where the next sites help most: {name}").format(name=name)
    sources = sources_of(district, "streets", "people", "sites")
    wrong = asking.refused(asked, question, district)
    if wrong is not None:
        raise Misasked(wrong)
    lacking = _FROM_FILE if question.candidates == "file" else asking.missing(question, district)
    if lacking is not None:
        return Slide("", "text", title, demonstration=district.is_sketch, sentences=(lacking,), sources=sources)
    sited = site(district, question, progress=work.progress, stop=work.stop)
    proof = plain_proof(sited)  # who watches wants to know whether it can be better; objective, bound and solver stand in the small print
    said = [without_heading(sentences_of(district, sited)[0]), *([proof] if proof else []), *sited.notes, *([REHEARSAL] if sited.demonstration else [])]
    if sited.status == "infeasible":
        return Slide("", "text", title, demonstration=sited.demonstration, sentences=tuple(said), class_note=joined([class_note(district, district.sites), sure(sited)]), sources=sources)
    held = classed(district, sited)
    sites = _proposed(district, sited)
    bounds = bounds_of(asked, district)
    picture = MapPicture(sites, (cell_shapes(district, held, classing.palette()),), (*site_legend(sites, bounds), *walk_legend(district, held, sited.held.metres)), bounds, district.is_sketch)
    note = joined([class_note(district, sites), sure(sited)])
    return Slide("", "map", title, demonstration=sited.demonstration, sentences=tuple(said), map=picture, table=reaches(sited),
                 class_note=joined([note, REHEARSAL]) if sited.demonstration else note, sources=sources)


def classed(district: District, sited: Sited) -> classing.Classed:
    """Return the class of every demand point: by its walk to the nearest site, new ones included; where nothing does, by whom it leaves."""
    demand = district.demand
    off = set(sited.uncoverable.loc[sited.uncoverable["reason"] == "off_network", "demand_id"])
    walk = np.where(np.isfinite(sited.walk_after_m), sited.walk_after_m, np.nan)
    if sited.status == "infeasible":
        # No walk tells anything where no site stands: within, beyond twice the standard and off the network are the colours of served, left and out of reach.
        base, never = sited.held.metres or 300.0, demand["demand_id"].isin(set(sited.uncoverable["demand_id"])).to_numpy(bool)
        walk = np.where(demand["demand_id"].isin(set(sited.unmet["demand_id"])), 3 * base, 0.75 * base)
        off = set(demand["demand_id"][never])
    frame = pd.DataFrame({"demand_id": demand["demand_id"].to_numpy(), "walk_m": walk, "people": demand["people"].to_numpy(float),
                          "off_network": demand["demand_id"].isin(off).to_numpy(bool)})
    return classing.classed(frame, list(demand["demand_id"]), sited.held.metres)


def reaches(sited: Sited) -> Table:
    """Return the share within every standard of the layer, before and after."""
    cells: list[tuple[Cell, ...]] = []
    for row in records_of(sited.reaches):
        how = MODE_NAMES[row["mode"]]
        cells.append((Text(how.zh, how.en[:1].upper() + how.en[1:]), float(row["metres"]), numerals.share(row["share_before"]), numerals.share(row["share_after"])))
    heads = (Text("方式", "Mode"), Text("标准（m）", "Standard (m)"), Text("选址前", "Before"), Text("选址后", "After"))
    title = _ONE_OF.format(how=MODE_NAMES[sited.held.mode]) if len(cells) > 1 else Text("各种口径，选址前后", "Every standard, before and after")
    return Table(title, heads, tuple(cells), (False, True, True, True), (0,) * 4)


def _proposed(district: District, sited: Sited) -> gpd.GeoDataFrame:
    """Return the sites that stay and those proposed, as sites; on a sketch these are a rehearsal, proposed to nobody."""
    name, sure = (Text("演练点 {n}", "Rehearsal site {n}"), REHEARSED) if sited.demonstration else (Text("建议 {n}", "Proposed {n}"), "proposed")
    rows: list[dict[str, Any]] = []
    for row in records_of(pd.DataFrame(sited.sites.drop(columns="geometry"))):
        own: dict[str, Any] = dict.fromkeys(SITE_COLUMNS, "")
        own |= {"id": f"proposed-{row['order']}", "layer": sited.layer, "origin": "programme", "name_zh": name.zh.format(n=row["order"]), "name_en": name.en.format(n=row["order"]),
                "amount": 1.0, "status": "planned", "location_class": sure, "year": None, "uncertainty_m": None, "capacity": None}
        rows.append(own)
    new = gpd.GeoDataFrame(pd.DataFrame(rows, columns=list(SITE_COLUMNS)), geometry=gpd.GeoSeries(list(sited.sites.geometry), crs=district.metric_crs), crs=district.metric_crs)
    return together(drawn(sited.kept), new)


TELLERS = (Teller("siting", slow=True, tell=tell),)
