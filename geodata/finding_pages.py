"""A coverage report laid out for paper: sections of words, tables and maps, as the template takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from geodata.comparing import headline_rows, records_of
from geodata.deck import MapPicture
from geodata.district import District
from geodata.finding_maps import change_map, layer_map
from geodata.finding_rebuild import CHECK, WORDS, Imprint, command_of, facts_of
from geodata.finding_tables import every_sheet, first_unserved
from geodata.finding_words import (
    lies_outside,
    parameters,
    summary_of,
    title_of,
    unknowns,
)
from geodata.findings import Findings, LayerFound
from geodata.glyphs import LACKING_NOTE, lacks, plain
from geodata.markings import APPROVAL, GRADE, NOT_GRADED, marks_of
from geodata.numerals import metres, share, share_range
from geodata.plate_ground import datum_of, ground_legend
from geodata.plate_symbols import legend_mark
from geodata.plates import map_svg
from geodata.reach import Progress
from geodata.sheets import Column, Sheet, Value, said
from geodata.typesetting import FILED, typeset
from geodata.wording import COUNTED_NAMES, layer_name, standard_name, without_heading
from layers import Lang, Text

MAP_MM: Final = (174.0, 140.0)
_MOST_ROWS: Final = 6
"""So many unserved points stand below the map of a layer."""
_FEW_ROWS: Final = 4
"""So many where several sentences stand above it."""
_MOST_NAMED: Final = 8
"""With more layers the contents name chapters alone."""
_SMALL: Final = 7.6
_USUAL: Final = 8.2
_MANY_COLUMNS: Final = 8
_SHORT_HASH: Final = 12
_DEMO: Final = Text("演示", "Demonstration")
_DEMO_LINE: Final = Text("道路或人口为示意，或以示意点代替尚无位置的承诺。数字只用于演示，不能对任何真实地点下结论。",
                         "Streets or people are a sketch, or demo sites stand for promises without a position. The figures only demonstrate and say nothing about any real place.")
_BARS_NOTE: Final = Text("长条为沿街覆盖率；深色段为区间（示意点或点位误差，90 % 的结果），红色竖线为直线覆盖率。",
                         "Bars: share along the streets; dark stretch: the range of demo sites or positions (90 % of results); red mark: straight-line share.")

_POSITIONS: Final = Text("点位区间 {ends}", "positions: {ends}")
_OUTSIDE: Final = Text("点位区间 {ends}：点位在误差内移动时，多数结果偏到一边，见“还不知道的”", "positions: {ends}; most moves within their uncertainty fall to one side, see \"What is not known\"")


@dataclass
class _Pages:
    """The sections in the making, and the pictures they name."""

    lang: Lang
    marks: tuple[Text, ...]
    sections: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    lacking: bool = False

    def say(self, text: Text | str, *, whole: bool = False) -> str:
        """Return a text as it can be printed; a `whole` one is not broken within words."""
        told = text if isinstance(text, str) else text.say(self.lang)
        self.lacking = self.lacking or lacks([told])
        return plain(told, whole=whole).replace(" %", "\u00a0%")

    def add(self, title: Text, *, level: int = 1, text: Sequence[Text] = (), points: Sequence[Text] = (), code: Sequence[str] = (), tables: Sequence[Sheet] = (),
            fresh: bool = False, titled: bool = True) -> dict[str, Any]:
        """Add a section."""
        section = {"title": self.say(title), "level": level, "fresh": fresh, "text": [self.say(line) for line in text], "list": [self.say(line) for line in points],
                   "code": list(code), "map": "", "caption": "", "alt": "", "legend": [], "marks": [], "tables": [self.table(sheet, titled=titled) for sheet in tables if sheet.rows]}
        self.sections.append(section)
        return section

    def table(self, sheet: Sheet, *, titled: bool = True) -> dict[str, Any]:
        """Return a table as the template takes it."""
        shown = [place for place, column in enumerate(sheet.columns) if column.on != "files"]
        rows = [[self._cell(row[place], sheet.columns[place]) for place in shown] for row in sheet.rows]
        columns = [sheet.columns[place] for place in shown]
        return {"title": self.say(sheet.title) if titled else "", "heads": [self.say(column.name) for column in columns], "parts": [column.part for column in columns],
                "right": [column.kind != "text" for column in columns], "rows": rows, "note": self.say(sheet.note) if sheet.note else "",
                "size": _SMALL if len(columns) > _MANY_COLUMNS else _USUAL}

    def _cell(self, value: Value, column: Column) -> dict[str, str]:
        """Return a cell: as it is read, and its range."""
        told, ends = said(value, column.kind, self.lang)
        return {"t": self.say(told, whole=column.copied), "r": self.say(ends)}

    def draw(self, section: dict[str, Any], name: str, picture: MapPicture, district: District, caption: Text) -> None:
        """Put a map into a section, with its legend, scale, datum, review number and grade."""
        width, height = MAP_MM
        self.files[name], scale = map_svg(picture, district, width_mm=width, height_mm=height, lang=self.lang)
        section["map"] = name
        told = Text("{caption} 比例尺 1:{scale}；坐标系：{datum}。", "{caption} Scale 1:{scale}; datum: {datum}.").format(caption=caption, scale=f"{scale:,}", datum=datum_of(district))
        section["caption"] = self.say(told)
        section["marks"] = [self.say(line) for line in self.marks]
        for entry in (*picture.legend, *ground_legend(district)):
            mark = f"{name}_{len(section['legend'])}"
            self.files[mark] = legend_mark(entry)
            counted = "" if entry.count is None else f" · {entry.count:,}"
            section["legend"].append({"mark": mark, "text": self.say(entry.name) + counted})
        section["alt"] = "; ".join((section["caption"], *(entry["text"] for entry in section["legend"])))


def report_pdf(found: Findings, imprint: Imprint, *, progress: Progress | None = None) -> bytes:
    """Return the report as a PDF; equal arguments give equal bytes.

    Raises:
        Unreadable: the typesetter or the font is not installed.
        BadInput: the pages cannot be set.
    """
    pages = _Pages(imprint.lang, marks_of(imprint.approval, imprint.grade))
    sheets = {sheet.key: sheet for sheet in every_sheet(found)}
    _words(found, pages, sheets)
    for place, one in enumerate(found.layers, start=1):
        _layer(found, one, pages, sheets.get("unserved"), first=place == 1)
        if progress:
            progress(0.7 * place / len(found.layers))
    _rest(found, imprint, pages, sheets)
    content = typeset("report.typ", _cover(found, imprint, pages) | {"sections": pages.sections}, files=pages.files, made_at=imprint.made_at, standards=FILED)[0]
    if progress:
        progress(1.0)
    return content


def _cover(found: Findings, imprint: Imprint, pages: _Pages) -> dict[str, Any]:
    """Return what stands on the first page and on every page's rim."""
    say, district = pages.say, found.district
    date = f"{imprint.made_at:%Y-%m-%d}"
    facts = [
        (Text("地区", "District"), district.name), (Text("图层", "Layers"), _named(found)), (Text("日期", "Date"), Text(date, date)),
        (Text("数据指纹", "Data hash"), _both(imprint.hashes.get("district", district.stamp)[:_SHORT_HASH])),
        (APPROVAL, imprint.approval), (GRADE, imprint.grade if imprint.grade.zh else NOT_GRADED)]
    footer = Text("{name} · {date} · {approval} · {grade}", "{name} · {date} · {approval} · {grade}").format(name=district.name, date=date, approval=pages.marks[0], grade=pages.marks[1])
    return {
        "lang": imprint.lang, "title": say(title_of(found)), "subtitle": say(Text("沿街步行，按标准评价；数字与页面、表格一致", "Walks along the streets, judged by their standards; figures equal those of page and tables")),
        "demo": say(_DEMO) if found.demonstration else "", "demo_short": say(_DEMO), "demo_line": say(_DEMO_LINE), "facts": [[say(name), say(value)] for name, value in facts],
        "footer": say(footer), "toc": say(Text("目录", "Contents")), "depth": 1 if len(found.layers) > _MOST_NAMED else 2, "bars": _bars(found, pages)}


def _named(found: Findings) -> Text:
    names = [layer_name(key) for key in found.asked.question.layers]
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _both(text: str) -> Text:
    return Text(text, text)


def _bars(found: Findings, pages: _Pages) -> dict[str, Any]:
    """Return the covered shares as bars, one a row that has one."""
    rows = []
    for row, ends in zip(records_of(found.answer.rows), records_of(found.positions), strict=True):
        if row["covered_share"] is None or not (row["sites_counted"] or row["range"]):
            continue
        low, high = (row["range"] or {}).get("covered_share") or ((ends["low"], ends["high"]) if pd.notna(ends["low"]) else (None, None))
        outside = lies_outside(row["covered_share"], ends["low"], ends["high"])
        below = COUNTED_NAMES[row["counted"]] if row["range"] or low is None or high is None else (_OUTSIDE if outside else _POSITIONS).format(ends=spread_of(low, high))
        rows.append({"name": pages.say(layer_name(row["layer"])), "held": pages.say(standard_name(row)), "counted": pages.say(below),
                     "share": row["covered_share"], "low": low, "high": high, "straight": row["straight_line_share"], "text": pages.say(share_range(row))})
    return {"title": pages.say(Text("一眼看结果", "At a glance")), "rows": rows, "note": pages.say(_BARS_NOTE)}


def spread_of(low: float, high: float) -> str:
    """Return two shares as a range.

    >>> spread_of(0.612, 0.7).replace(chr(160), " ")
    '61.2–70.0 %'
    """
    return f"{share(low).removesuffix(chr(160) + '%')}–{share(high)}"


def _words(found: Findings, pages: _Pages, sheets: Mapping[str, Sheet]) -> None:
    """Add the sections before the maps."""
    answer = found.answer
    pages.add(Text("摘要", "Summary"), points=summary_of(found))
    pages.add(Text("参数", "Parameters"), tables=[parameters(found)], titled=False)
    pages.add(Text("方法", "Method"), points=[*answer.method, *answer.assumptions, *(found.comparison.method if found.comparison else [])])
    if "ledger" in sheets:
        pages.add(Text("承诺台账", "Ledger of promises"), tables=[sheets["ledger"]], titled=False)
    pages.add(Text("结果", "Results"), tables=[sheets[key] for key in ("results", "quantiles", "streets", "alleys", "newly", "unserved_totals") if key in sheets])


def _layer(found: Findings, one: LayerFound, pages: _Pages, unserved: Sheet | None, *, first: bool) -> None:
    """Add the page of one layer: its sentences, its map, the places beyond its standard."""
    if first:
        pages.add(Text("各图层", "Layer by layer"), fresh=True)
    told = [without_heading(text) if found.demonstration else text for row, text in zip(found.answer.rows["layer"], found.answer.sentences, strict=False) if row == one.layer.key]
    section = pages.add(one.layer.name, level=2, text=told, fresh=not first)
    held = Text("以 {m} 为界", "parted at {m}").format(m=metres(one.metres)) if one.metres else Text("没有标准，以 300 m 为界", "no standard, parted at 300 m")
    drawn = Text("示意点为 {n} 次抽样中的第 1 次。", " Demo sites: draw 1 of {n}.").format(n=found.asked.question.draws) if one.drawn else Text("", "")
    caption = Text("到最近{name}的沿街步行距离，{held}；颜色越深数量越多。{drawn}", "Walk along the streets to the nearest: {name}, {held}; stronger where there are more.{drawn}").format(
        name=one.layer.name, held=held, drawn=drawn)
    pages.draw(section, f"map_{one.layer.key}", layer_map(found, one), found.district, caption)
    if unserved is None:
        return
    mine = first_unserved(found, unserved, one.layer.key, _MOST_ROWS if len(told) == 1 else _FEW_ROWS)
    if mine.rows:
        section["tables"].append(pages.table(mine))


def _rest(found: Findings, imprint: Imprint, pages: _Pages, sheets: Mapping[str, Sheet]) -> None:
    """Add the sections after the maps."""
    if "by_area" in sheets:
        pages.add(Text("分片区", "By area"), tables=[sheets["by_area"]], titled=False, fresh=True)
    if found.comparison is not None:
        _scenario(found, pages, sheets)
    pages.add(Text("还不知道的", "What is not known"), tables=[unknowns(found)], titled=False, fresh=True)
    pages.add(Text("数据来源", "Sources"), points=found.answer.sources)
    pages.add(Text("怎样重新生成", "How to rebuild it"), text=WORDS, code=[command_of(found.asked, imprint.lang), CHECK], tables=list(facts_of(imprint)))
    if pages.lacking:
        pages.sections[-1]["text"].append(pages.say(LACKING_NOTE))


def _scenario(found: Findings, pages: _Pages, sheets: Mapping[str, Sheet]) -> None:
    """Add what the scenario changes, with the map of every layer it helps or harms."""
    assert found.comparison is not None
    told = [without_heading(text) if found.demonstration else text for text in found.comparison.sentences]
    pages.add(Text("情景：前后对比", "Scenario: before and after"), points=told, tables=[sheets[key] for key in ("scenario", "scenario_streets") if key in sheets], fresh=True)
    rows = headline_rows(found.comparison.rows)  # a crew's other paces have the same map
    for key in rows.loc[(rows["people_nearer"].astype(float) > 0) | (rows["longer_walks"].astype(float) > 0), "layer"]:
        picture = change_map(found, str(key))
        if picture is not None:
            section = pages.add(Text("{name}：变化", "{name}: the change").format(name=layer_name(str(key))), level=2)
            pages.draw(section, f"change_{key}", picture, found.district, Text("每处需求点的步行变近或变远多少。", "By how much the walk of each demand point is shorter or longer."))
