"""Slides of words alone: the first one, and what parts two halves of a story."""

from collections.abc import Mapping

from geodata import numerals
from geodata.deck import MapPicture, Slide
from geodata.district import District
from geodata.ledger import programme_counts, strip_sentence
from geodata.telling._form import Teller, Work
from geodata.telling._parts import document_of, sources_of
from layers import Text


def title(district: District, _asked: Mapping[str, str], _work: Work) -> Slide:
    """Open the story: what was promised, which district beside its map, from which report, on which ground."""
    area = float(district.boundary["area_km2"].iloc[0]) if len(district.boundary) and "area_km2" in district.boundary else None
    said = []
    if area is not None:
        people = float(district.demand["people"].sum()) if district.demand_unit == "people" else 0.0
        who = Text(f"，居民 {numerals.count(people)} 人", f", {numerals.count(people)} residents") if people else Text("", "")
        said.append(Text("法定区界内 {a} 平方公里{who}。", "{a} km² within the statutory boundary{who}.").format(a=f"{area:.2f}", who=who))
    if district.is_sketch:
        said.append(Text("路网与人口分布为示意：凡由此得出的结果均标“演示”，不对任何真实地点下结论。",
                         "Streets and how people spread are a sketch: results drawn from them are headed Demonstration and say nothing about any real place."))
    counts = programme_counts(district.ledger, district.sites) if len(district.ledger) else None
    if counts is not None and counts.year:
        said.insert(0, strip_sentence(counts, demo_sites=False))
    outline = MapPicture(district.sites.iloc[:0], (), (), None, district.is_sketch)
    return Slide("", "title", district.name, demonstration=False, sentences=tuple(said), map=outline, sources=(*document_of(district), *sources_of(district, "boundary", "people")))


def divider(district: District, _asked: Mapping[str, str], _work: Work) -> Slide:
    """Part what stands before from what follows."""
    said = (Text("以下各页的路网、人口为示意；空心虚线为示意点，随机抽取，不代表选址，不计入任何数字。",
                 "On the slides that follow streets and people are a sketch; hollow dashed marks are demo sites, drawn at random, not chosen places, never counted."),
            ) if district.is_sketch else ()
    return Slide("", "divider", Text("", ""), demonstration=False, sentences=said)


TELLERS = (Teller("title", slow=False, tell=title), Teller("divider", slow=False, tell=divider))
