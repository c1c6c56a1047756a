"""What PowerPoint's own shapes a page is made of: text, tables, legends, pictures; each with a name and an alternative text."""

import io
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches, Pt

from geodata.documents._measure import LINE
from geodata.documents._pptx_boxes import Box, Key
from geodata.documents._pptx_pages import Look
from geodata.documents._pptx_tables import INSET_IN, PAD_IN, Rows, title_height
from geodata.plate_symbols import INSIDE, mixed, way_of
from layers import Lang, Text

INK: Final = "1D252C"
MUTED: Final = "55606A"
_ACCENT: Final = "1D5C87"
_DARK: Final = "163F5C"
_DEMO_INK: Final = "8A4B00"
_DEMO_GROUND: Final = "FFF3DC"
_MARK_IN: Final = 0.24
_LEGEND: Final = Text("图例", "Legend")
_PART: Final = Text("{title}（第 {n} 部分）", "{title} (part {n})")
_SHAPES: Final = {"circle": MSO_SHAPE.OVAL, "square": MSO_SHAPE.ROUNDED_RECTANGLE, "triangle": MSO_SHAPE.ISOSCELES_TRIANGLE, "diamond": MSO_SHAPE.DIAMOND,
                  "pentagon": MSO_SHAPE.REGULAR_PENTAGON, "hexagon": MSO_SHAPE.HEXAGON, "star": MSO_SHAPE.STAR_5_POINT, "cross": MSO_SHAPE.CROSS,
                  "line": MSO_SHAPE.ROUNDED_RECTANGLE}
_TAGS: Final = {"zh": "zh-CN", "en": "en-GB"}


def describe(shape: Any, text: str, name: str = "") -> None:
    """Give a shape its alternative text, and a name where one is given."""
    held = shape._element.xpath(".//p:cNvPr")[0]  # noqa: SLF001  python-pptx has no way to set an alternative text
    held.set("descr", text)
    if name:
        held.set("name", name)


def add_band(slide: Any, look: Look, wide: float) -> None:
    """Draw the ground of a first page or of a divider."""
    if look == "divider":
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = _rgb(_DARK)
    elif look == "title":
        band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Inches(wide), Inches(0.14))
        band.fill.solid()
        band.fill.fore_color.rgb = _rgb(_ACCENT)
        band.line.fill.background()
        describe(band, "")


def set_title(slide: Any, box: Box, ink: str) -> None:
    """Write the title into the slide's own title, so that outlines and screen readers find it."""
    title = slide.shapes.title
    _place(title, box)
    frame = title.text_frame
    _frame(frame, MSO_ANCHOR.MIDDLE if box.top < 1 else MSO_ANCHOR.BOTTOM)
    _write(frame.paragraphs[0], " ".join(box.lines), box.size, ink, bold=True)


def add_text(slide: Any, box: Box, lang: Lang, ink: str, *, right: bool = False) -> None:
    """Write paragraphs."""
    shape = slide.shapes.add_textbox(Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height))
    frame = shape.text_frame
    _frame(frame, MSO_ANCHOR.TOP)
    for place, line in enumerate(box.lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        paragraph.space_before = Pt(0 if place == 0 else box.size * 0.5)
        _write(paragraph, line, box.size, ink, lang=lang)


def add_badge(slide: Any, box: Box, lang: Lang) -> None:
    """Draw the word that heads a demonstration."""
    shape = slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height))
    _paint(shape, _DEMO_GROUND, _DEMO_INK, 1.75, dashed=True)
    _frame(shape.text_frame, MSO_ANCHOR.MIDDLE, wrap=False)
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    _write(shape.text_frame.paragraphs[0], box.lines[0], box.size, _DEMO_INK, bold=True, lang=lang)


def add_number(slide: Any, box: Box, ink: str) -> None:
    """Write the number of the slide as a field, which stays right when slides are moved."""
    shape = slide.shapes.add_textbox(Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height))
    _frame(shape.text_frame, MSO_ANCHOR.BOTTOM)
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    field = parse_xml(f'<a:fld {nsdecls("a")} id="{{8F2D3A50-6B1C-4E57-9A0D-2C5B7E914F36}}" type="slidenum"><a:rPr lang="en-GB" sz="{int(box.size * 100)}">'
                      f'<a:solidFill><a:srgbClr val="{ink}"/></a:solidFill></a:rPr><a:t>‹#›</a:t></a:fld>')
    paragraph._p.append(field)  # noqa: SLF001  python-pptx has no fields
    describe(shape, "", "Number")


def add_picture(slide: Any, box: Box, content: bytes, told: str) -> None:
    """Put a picture with a thin edge."""
    picture = slide.shapes.add_picture(io.BytesIO(content), Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height))
    picture.line.color.rgb, picture.line.width = _rgb("D5DADD"), Pt(0.75)
    describe(picture, told, "Map")


def add_table(slide: Any, box: Box, rows: Rows, lang: Lang) -> None:
    """Put a table of PowerPoint's own under its title."""
    title = box.lines[0] if rows.part == 1 else _PART.format(title=box.lines[0], n=rows.part).say(lang)
    head = title_height(box.size)
    add_text(slide, Box("text", box.left, box.top, box.width, head, (title,), box.size + 1), lang, INK)
    heights = rows.heights(box.width, box.size)
    frame = slide.shapes.add_table(len(rows.rows) + 1, len(rows.headings), Inches(box.left), Inches(box.top + head), Inches(box.width), Inches(sum(heights)))
    table = frame.table
    for column, width in zip(table.columns, rows.widths(box.width, box.size), strict=True):
        column.width = Inches(width)
    for row, height in zip(table.rows, heights, strict=True):
        row.height = Inches(height)
    for number, row in enumerate((rows.headings, *rows.rows)):
        for place, told in enumerate(row):
            cell = table.cell(number, place)
            cell.margin_left = cell.margin_right = Inches(INSET_IN)
            cell.margin_top = cell.margin_bottom = Inches(PAD_IN)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if rows.numeric[place] else PP_ALIGN.LEFT
            _write(paragraph, told, box.size, "FFFFFF" if number == 0 else INK, bold=number == 0, lang=lang)
    describe(frame, rows.title, "Table")


def add_legend(slide: Any, box: Box, lang: Lang) -> None:
    """Draw a legend as a group of shapes and texts."""
    add_text(slide, Box("text", box.left, box.top, box.width, 0.28, (_LEGEND.say(lang),), 12.0), lang, MUTED)
    group = slide.shapes.add_group_shape()
    for key in box.keys:
        _mark(group, key)
        shape = group.shapes.add_textbox(Inches(key.left + 0.42), Inches(key.top), Inches(key.width - 0.42), Inches(key.height))
        _frame(shape.text_frame, MSO_ANCHOR.MIDDLE)
        _write(shape.text_frame.paragraphs[0], key.told, key.size, INK, lang=lang)
    describe(group, _LEGEND.say(lang), "Legend")


def _mark(group: Any, key: Key) -> None:
    """Draw what a line of a legend stands for."""
    entry, middle = key.entry, key.top + key.height / 2
    if entry.mark == "note":
        return
    if entry.mark == "line":
        line = group.shapes.add_connector(1, Inches(key.left), Inches(middle), Inches(key.left + 0.34), Inches(middle))
        line.line.color.rgb, line.line.width = _rgb(entry.colour[1:].upper()), Pt(2.5)
        if entry.dashed:
            line.line.dash_style = MSO_LINE.DASH
        return
    if entry.mark == "area":
        shape = group.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(key.left), Inches(middle - 0.08), Inches(0.34), Inches(0.16))
        _paint(shape, entry.fill, entry.colour, 0.75, dashed=entry.dashed)
        return
    way, c = way_of(entry), entry.colour
    shape = group.shapes.add_shape(_SHAPES.get(entry.shape, MSO_SHAPE.OVAL), Inches(key.left + 0.05), Inches(middle - _MARK_IN / 2), Inches(_MARK_IN), Inches(_MARK_IN))
    fill, ink = {"solid": (c, "#ffffff"), "area": (mixed(c, 0.26, INSIDE), mixed(c, 0.8, "#000000"))}.get(way, (INSIDE, c))
    _paint(shape, fill, "#ffffff" if way == "solid" else c, 0.75 if way == "solid" else 1.5, dashed=way == "demo")
    _frame(shape.text_frame, MSO_ANCHOR.BOTTOM if entry.shape == "triangle" else MSO_ANCHOR.MIDDLE, wrap=False)
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.CENTER
    _write(paragraph, entry.letter[:1], 8.0 if entry.shape != "triangle" else 6.5, ink[1:].upper(), bold=True)


def _paint(shape: Any, fill: str | None, edge: str, width_pt: float, *, dashed: bool) -> None:
    if fill is None:
        shape.fill.background()
    else:
        shape.fill.solid()
        shape.fill.fore_color.rgb = _rgb(fill.lstrip("#").upper())
    shape.line.color.rgb, shape.line.width = _rgb(edge.lstrip("#").upper()), Pt(width_pt)
    if dashed:
        shape.line.dash_style = MSO_LINE.SQUARE_DOT
    shape.shadow.inherit = False


def _rgb(told: str) -> Any:
    return RGBColor(*bytes.fromhex(told))  # type: ignore[no-untyped-call]  # python-pptx is untyped


def _place(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height)


def _frame(frame: Any, anchor: Any, *, wrap: bool = True) -> None:
    """Let a text fill its shape from edge to edge, in the size it is given."""
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = wrap, MSO_AUTO_SIZE.NONE, anchor


def _write(paragraph: Any, text: str, size: float, ink: str, *, bold: bool = False, lang: Lang = "zh") -> None:
    """Write one run; the theme names its fonts."""
    paragraph.line_spacing = Pt(size * LINE - 0.5)
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _rgb(ink)
    told = run._r.get_or_add_rPr()  # noqa: SLF001  python-pptx has no second language of a run
    told.set("lang", _TAGS[lang])
    told.set("altLang", _TAGS["en" if lang == "zh" else "zh"])
