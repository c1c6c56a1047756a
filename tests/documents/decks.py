"""A deck with one slide of each kind, and one with the worst texts a user may write."""

from datetime import UTC, datetime

from geodata.deck import Chart, Deck, Slide, Table
from geodata.district import District
from geodata.markings import NOT_REVIEWED
from geodata.picturing import class_note, picture_of_sites
from geodata.selecting import Selection
from layers import Text

TITLE = Text("汇报", "Briefing")
MADE_AT = datetime(2026, 11, 22, tzinfo=UTC)
HOSTILE = ("#strong[x] $a^2$ *b* _c_ `raw` @ref <label> \\u{41} // /* */ #panic() <script>alert(1)</script> &amp; =1+1 "
           "مرحبا \u202e 😀 \x00" + "超长" * 90 + "W" * 300)
TABLE = Table(Text("台账", "Ledger"), (Text("承诺", "Promise"), Text("数量", "Quantity"), Text("占比", "Share")),
              ((Text("微型消防站", "Micro fire stations"), 48, 0.5), ("公厕", None, float("nan"))), (False, True, True), (0, 0, 2))


def chart(kind: str, *, percent: bool = True) -> Chart:
    return Chart(Text("覆盖", "Coverage"), kind, tuple(Text(f"第 {i} 类", f"Kind {i}") for i in range(5)),  # type: ignore[arg-type]  # one of the three
                 ((Text("沿街", "Along the streets"), (0.1, None, 0.45, 0.98, 0.0)), (Text("直线", "Straight"), (0.2, 0.3, float("nan"), 1.0, 0.1))),
                 Text("占居民", "of residents"), percent=percent)


def deck(*slides: Slide, title: Text = TITLE) -> Deck:
    return Deck(title, Text("瀍河回族区", "Chanhe District, Luoyang"), MADE_AT, "0123456789abcdef0123", NOT_REVIEWED, Text("", ""), slides)


def map_slide(district: District, **more: object) -> Slide:
    picture = picture_of_sites(district, Selection(layers=("micro_fire_stations", "interchanges"), stand_ins=True))
    return Slide(**{"id": "m", "kind": "map", "title": Text("微型消防站", "Micro fire stations"), "demonstration": True, "map": picture,  # type: ignore[arg-type]  # told one by one
                    "class_note": class_note(district, picture.sites), "sources": (Text("报告", "The report"),), "sentences": (Text("共 48 处。", "48 in all."),)} | more)


def every_kind(district: District) -> Deck:
    two = (Text("一。", "One."), Text("二。", "Two."))
    return deck(
        Slide("t", "title", Text("瀍河", "Chanhe"), demonstration=False, sentences=two), Slide("x", "text", Text("要点", "Points"), demonstration=False, sentences=two),
        Slide("tab", "table", Text("台账", "Ledger"), demonstration=False, table=TABLE), map_slide(district, chart=chart("bar")),
        Slide("c", "chart", Text("覆盖", "Coverage"), demonstration=True, chart=chart("column")),
        Slide("l", "chart", Text("曲线", "Curve"), demonstration=True, chart=chart("line", percent=False), table=TABLE, sentences=two),
        Slide("d", "divider", Text("演示", "Demonstration"), demonstration=True))


def hostile(district: District) -> Deck:
    text = Text(HOSTILE, HOSTILE)
    table = Table(text, (text, text), ((HOSTILE, HOSTILE), (text, 1.0)), (False, True), (0, 0))
    worst = Chart(text, "bar", (text, text), ((text, (1e12, -3.0)),), text)
    return deck(
        Slide("a", "text", text, demonstration=True, sentences=(text,) * 6, class_note=text, sources=(text,) * 4),
        map_slide(district, title=text, sentences=(text, text), class_note=text, sources=(text,)),
        Slide("c", "chart", text, demonstration=True, chart=worst, sentences=(text,)), Slide("d", "divider", text, demonstration=True, sentences=(text,)),
        Slide("t", "title", text, demonstration=True, sentences=(text, text)), Slide("tab", "table", text, demonstration=True, table=table), title=text)
