"""The slides of an HTML file as markup: titles, sentences, legends, tables, charts and sources, both languages inside.

Whatever a user wrote goes through `_both` or `_plain`, which make text of it. Nothing here needs the script: without it the
slides stand below one another.
"""

from collections.abc import Callable, Iterator
from html import escape
from typing import Final

from geodata.deck import Cell, Chart, Deck, LegendEntry, Slide, Table
from geodata.documents._cells import cell_number, cell_text, paragraphs, said, value_text
from geodata.documents._chart_svg import chart_svg
from geodata.documents._charts import colour
from geodata.documents._marks import marks_lines
from geodata.plate_symbols import legend_mark
from layers import Lang, Text

LANGS: Final[tuple[Lang, Lang]] = ("zh", "en")
DEMONSTRATION: Final = Text("演示", "Demonstration")
_LEGEND: Final = Text("图例", "Legend")
_SOURCES: Final = Text("来源", "Sources")
_VALUES: Final = Text("图中数值", "Values of the chart")
_MAP: Final = Text("地图：{title}", "Map: {title}")
_SHORT: Final = 24
"""A row's name of fewer letters stays in one line."""
_MANY_LINES: Final = 9
"""Above this a legend stands in two columns."""
_MANY_BESIDE: Final = 4
"""The same where a table or a chart stands beside the map too."""
_TAGS: Final = {"zh": "zh-CN", "en": "en"}


def slides_markup(deck: Deck, ground: tuple[LegendEntry, ...]) -> str:
    """Return every slide as a `<section>`, in order; `ground` are the legend lines of what lies under the sites."""
    return "\n".join(_slide(deck, slide, number, ground) for number, slide in enumerate(deck.slides, start=1))


def both(text: Text | None) -> str:
    """Return a wording as markup in both languages; where both are the same, once."""
    zh, en = said(text, "zh"), said(text, "en")
    if zh == en:
        return escape(zh)
    return "".join(f'<span lang="{_TAGS[lang]}">{escape(told)}</span>' for lang, told in (("zh", zh), ("en", en)))


def _slide(deck: Deck, slide: Slide, number: int, ground: tuple[LegendEntry, ...]) -> str:
    level = "h1" if slide.kind == "title" else "h2"
    demo = f'<p class="demo">{both(DEMONSTRATION)}</p>' if slide.demonstration else ""
    figures = "".join(_figures(slide))
    words = "".join((_sentences(slide), _legend(slide, ground), "" if slide.map is None else figures))
    main = f'<div class="map" data-map="{number - 1}" role="application" {_labelled(_MAP.format(title=slide.title))}></div>' if slide.map else figures
    laid = slide.kind if slide.kind in {"title", "divider"} else "map" if slide.map else "figure" if figures else "text"
    beside = deck.title if deck.title != slide.title else deck.district
    named = f'<p class="place">{both(beside)} · {deck.made_at:%Y-%m-%d}</p>' if slide.kind == "title" else ""
    body = f'<div class="main">{main}</div>' if main else ""
    side = f'<div class="side" tabindex="0" role="group" {_labelled(slide.title)}>{words}</div>' if words else ""
    return (f'<section class="slide laid-{laid}" id="s{number}" data-id="{escape(slide.id)}" aria-label="{number} / {len(deck.slides)}">'
            f'<header>{demo}<{level} class="title">{both(slide.title)}</{level}>{named}</header><div class="body">{body}{side}</div>{_footer(deck, slide, number)}{_notes(slide)}</section>')


def _notes(slide: Slide) -> str:
    """Return the presenter's notes, which the script alone brings to the screen."""
    if slide.notes is None:
        return ""
    told = {lang: "".join(f"<p>{escape(line)}</p>" for line in paragraphs(slide.notes, lang).split("\n")) for lang in LANGS}
    return f'<div class="notes" hidden>{"".join(f"<div lang={chr(34)}{_TAGS[lang]}{chr(34)}>{told[lang]}</div>" for lang in LANGS)}</div>'


def _labelled(text: Text) -> str:
    """Return the attributes of a label that the script writes in the language shown."""
    zh, en = said(text, "zh"), said(text, "en")
    return f'aria-label="{escape(zh)}" data-label-zh="{escape(zh)}" data-label-en="{escape(en)}"'


def _sentences(slide: Slide) -> str:
    rows = "".join(f"<p>{both(sentence)}</p>" for sentence in slide.sentences)
    return f'<div class="sentences">{rows}</div>' if rows else ""


def _legend(slide: Slide, ground: tuple[LegendEntry, ...]) -> str:
    if slide.map is None:
        return ""
    own = "".join(_legend_row(entry) for entry in slide.map.legend)
    under = "".join(_legend_row(entry, cls="ground") for entry in ground)
    many = " many" if len(slide.map.legend) > (_MANY_BESIDE if slide.table or slide.chart else _MANY_LINES) else ""
    head = f"<h3>{both(_LEGEND)}</h3><ul>{own}</ul>" if own else ""
    return f'<section class="legend{many}">{head}<ul class="under">{under}</ul></section>'


def _legend_row(entry: LegendEntry, cls: str = "own") -> str:
    count = "" if entry.count is None else f'<b class="count" data-v="{entry.count}">{entry.count:,}</b>'
    mark = legend_mark(entry).decode().replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return f'<li class="{cls}"><span class="mark">{mark}</span><span class="name">{both(entry.name)}</span>{count}</li>'


def _figures(slide: Slide) -> Iterator[str]:
    if slide.chart is not None:
        yield _chart(slide.chart)
    if slide.table is not None:
        yield f'<div class="table" tabindex="0" role="group" {_labelled(slide.table.title)}>{_table(slide.table)}</div>'


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col"{_right(numeric)}>{both(name)}</th>' for name, numeric in zip(table.headings, table.numeric, strict=True))
    shapes = list(zip(table.numeric, table.digits, (True, *(False for _ in table.digits[1:])), strict=True))
    rows = "".join(f"<tr>{''.join(_cell(cell, *shape) for cell, shape in zip(row, shapes, strict=True))}</tr>" for row in table.rows)
    return f"<table><caption>{both(table.title)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(cell: Cell, numeric: bool, digits: int, first: bool) -> str:
    number = cell_number(cell)
    held = "" if number is None else f' data-v="{number!r}"'
    if isinstance(cell, Text):
        whole = first and not numeric and max(len(said(cell, lang)) for lang in LANGS) < _SHORT
        return f"<td{' class=whole' if whole else _right(numeric)}>{both(cell)}</td>"
    return f"<td{_right(numeric)}{held}>{escape(cell_text(cell, digits, 'zh'))}</td>"


def _right(numeric: bool) -> str:
    return ' class="n"' if numeric else ""


def _chart(chart: Chart) -> str:
    keys = "".join(f'<li><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" fill="{colour(place)}"/></svg>{both(name)}</li>'
                   for place, (name, _) in enumerate(chart.series))
    names = f'<ul class="keys">{keys}</ul>' if len(chart.series) > 1 else ""
    drawn = _per_language(lambda lang: chart_svg(chart, lang))
    return f'<figure class="chart"><figcaption>{both(chart.title)}</figcaption>{names}{drawn}{_chart_table(chart)}</figure>'


def _per_language(draw: Callable[[Lang], str]) -> str:
    return "".join(f'<div lang="{_TAGS[lang]}">{draw(lang)}</div>' for lang in LANGS)


def _chart_table(chart: Chart) -> str:
    """Return a chart's values as a table that is read aloud and not seen."""
    heads = "".join(f'<th scope="col">{both(name)}</th>' for name, _ in chart.series)
    rows = "".join(f'<tr><th scope="row">{both(category)}</th>{"".join(_value(values[place], chart) for _, values in chart.series)}</tr>'
                   for place, category in enumerate(chart.categories))
    return (f'<div class="unseen"><table><caption>{both(_VALUES)}: {both(chart.title)} ({both(chart.unit)})</caption>'
            f'<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div>')


def _value(value: float | None, chart: Chart) -> str:
    number = cell_number(value)
    return f"<td{'' if number is None else f' data-v={chr(34)}{number!r}{chr(34)}'}>{escape(value_text(value, percent=chart.percent))}</td>"


def _footer(deck: Deck, slide: Slide, number: int) -> str:
    note = f'<p class="note">{both(slide.class_note)}</p>' if slide.class_note else ""
    sources = "".join(f"<li>{both(source)}</li>" for source in slide.sources)
    told = f'<div class="sources"><b>{both(_SOURCES)}</b><ul>{sources}</ul></div>' if sources else ""
    marks = ""
    if slide.map is not None:
        marks = "".join(f'<p class="marks">{both(line)}</p>' for line in marks_lines(deck))
    return f'<footer><div class="told">{note}{told}</div><div class="edge">{marks}<p class="number">{number} / {len(deck.slides)}</p></div></footer>'
