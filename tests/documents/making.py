"""Decks made by hand on the toy town, with every kind of slide, and one whose every text wants to break something."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from geodata.deck import Chart, Deck, LegendEntry, MapPicture, Shapes, Slide, Table
from geodata.district import District
from geodata.picturing import site_legend
from layers import Text
from tests import toytown
from tests.toytown import at, box, frame, way

MADE = datetime(2026, 11, 22, 20, 0, tzinfo=timezone(timedelta(hours=8)))
NASTY = "</script><img src=\"http://x.test/a\" onerror='alert(1)'>=1+1 & {{x}} \x00\x07\u202e\ud800 _x0041_ " + "长" * 300 + "W" * 300
TITLE = Text("一份汇报", "A briefing")
BAD = Text(NASTY, f"=cmd|' /C calc'!A0 {NASTY}")


def town(*, sketch: bool = True) -> District:
    """The toy town with sites of every way of drawing."""
    rows = [
        toytown.site("public_toilets", 1, at(200, 200), name_zh="东门公厕", name_en="East Gate toilet", basis_zh="<b>测量</b>", source_zh="单位"),
        toytown.site("public_toilets", 2, at(600, 700), location_class="area", uncertainty_m=150.0),
        toytown.site("public_toilets", 3, None),
        toytown.site("micro_fire_stations", 1, at(500, 300), location_class="stand_in", uncertainty_m=float("nan")),
        toytown.site("micro_fire_stations", 2, at(300, 800), location_class="proposed"),
        toytown.site("renovated_alleys", 1, way((100, 500), (300, 500), (300, 600)), location_class="street", uncertainty_m=40.0),
    ]
    kind = "sketch" if sketch else "real"
    return toytown.district(toytown.people([at(100, 100)]), rows, streets_kind=kind, people_kind=kind)


def picture(district: District) -> MapPicture:
    """Everything the town has, over coloured squares and an opened road."""
    squares = frame([box(100 * i, 100 * j, 100 * i + 100, 100 * j + 100) for i in range(4) for j in range(4)])
    cells = Shapes(squares, ["#1a9850", "#fee08b"] * 8, [0.5] * 16)
    road = Shapes(frame([way((0, 50), (900, 50)), at(450, 50)]), ["#b5473c", "#b5473c"], [1.0, 0.8], filled=False, width_pt=3, dashed=True)
    legend = (*site_legend(district.sites), LegendEntry(Text("步行 216 m：50 %", "walk 216 m: 50 %"), "area", "#1a9850", "#1a9850"),
              LegendEntry(Text("打通", "opened"), "line", "#b5473c", dashed=True))
    return MapPicture(district.sites, (cells, road), legend, None, district.is_sketch, {"public_toilets": 0.5})


def table(rows: int = 3) -> Table:
    """Numbers whole and broken, texts in one language and in both, and what is not known."""
    cells = tuple((Text(f"第 {i} 项", f"Item {i}"), 1234.5 * i, i, None if i % 2 else 0.25 * i, "14.2–20.6 %") for i in range(rows))
    heads = tuple(Text(zh, en) for zh, en in (("项目", "Item"), ("金额", "Amount"), ("处", "Places"), ("比", "Ratio"), ("范围", "Range")))
    return Table(Text("一张表", "A table"), heads, cells, (False, True, True, True, True), (0, 1, 0, 2, 0))


def chart(kind: str = "bar") -> Chart:
    """Two series with a gap and something below nothing."""
    names = tuple(Text(f"类 {i}", f"Kind {i}") for i in range(4))
    series = ((Text("承诺", "Promised"), (48.0, 6.0, 10.0, 3.5)), (Text("已落位", "Located"), (2.0, None, -1.0, 0.0)))
    return Chart(Text("一张图", "A chart"), kind, names, series, Text("处", "places"))  # type: ignore[arg-type]  # one of its kinds


def slides(district: District) -> tuple[Slide, ...]:
    """One slide of every kind, and of parts together."""
    note, sources = Text("位置：实测 1。", "Positions: 1 surveyed."), (Text("来源甲", "Source A"), Text("来源乙", "Source B"))
    told = (Text("一句话 12 %。", "A sentence, 12 %."), Text("又一句。", "Another."))
    return (
        Slide("title", "title", district.name, demonstration=False, sentences=told, sources=sources, notes=Text("开场\n\n 先说总数", "Opening\n\n totals first")),
        Slide("chart", "chart", Text("图", "Chart"), demonstration=False, sentences=told, chart=chart(), sources=sources),
        Slide("table", "table", Text("表", "Table"), demonstration=False, sentences=told, table=table(40), class_note=note, sources=sources),
        Slide("divider", "divider", Text("演示部分", "Demonstration part"), demonstration=True, sentences=told),
        Slide("map", "map", Text("图上", "On the map"), demonstration=True, sentences=told, map=picture(district), table=table(), class_note=note, sources=sources),
        Slide("all", "map", Text("全有", "All of it"), demonstration=True, sentences=told, map=picture(district), table=table(), chart=chart("line"), class_note=note, sources=sources),
        Slide("both", "chart", Text("图与表", "Chart and table"), demonstration=False, chart=chart("column"), table=table(2), sources=sources),
        Slide("text", "text", Text("话", "Words"), demonstration=False, sentences=told * 3),
    )


def nasty(slide: Slide) -> Slide:
    """The same slide with a text everywhere that wants to break something."""
    held = {}
    if slide.map is not None:
        held["map"] = replace(slide.map, legend=tuple(replace(entry, name=BAD) for entry in slide.map.legend))
    if slide.table is not None:
        held["table"] = replace(slide.table, title=BAD, headings=(BAD,) * len(slide.table.headings), rows=tuple((BAD, *row[1:-1], NASTY) for row in slide.table.rows[:5]))
    if slide.chart is not None:
        held["chart"] = replace(slide.chart, title=BAD, unit=BAD, categories=(BAD,) * len(slide.chart.categories), series=tuple((BAD, values) for _, values in slide.chart.series))
    return replace(slide, title=BAD, sentences=(BAD,) * len(slide.sentences), class_note=BAD, sources=(BAD, BAD), notes=BAD, **held)  # type: ignore[arg-type]  # parts by name


def deck(district: District, *told: Slide, title: Text = TITLE) -> Deck:
    """A deck of such slides, all kinds where none are given."""
    return Deck(title, district.name, MADE, district.stamp, Text("内部使用，未经地图审核", "For internal use; map not reviewed"), Text("", ""), told or slides(district))


def utc(moment: datetime) -> datetime:
    """The same moment in universal time."""
    return moment.astimezone(UTC)


texts = st.builds(Text, st.text(max_size=80), st.text(max_size=80))
"""Wordings of any characters."""
