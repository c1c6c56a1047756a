"""A chart as PowerPoint's own: numbers as numbers, editable with the workbook inside."""

import io
import re
from datetime import UTC, datetime
from typing import Any, Final

from openpyxl import Workbook
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.util import Inches, Pt

from geodata.deck import Chart
from geodata.documents._cells import cell_number, said
from geodata.documents._charts import colour, ticks
from geodata.documents._pptx_boxes import Box, short
from geodata.zipped import steady
from layers import Lang, Text

_INK: Final = "1D252C"
_MOST_VALUES: Final = 40
_MOST_EMS: Final = 24.0


def add_chart(slide: Any, box: Box, chart: Chart, lang: Lang, made_at: datetime) -> Any:
    """Put a chart on a slide and return its frame."""
    data: Any = CategoryChartData(number_format="0.0%" if chart.percent else "General")  # type: ignore[no-untyped-call]  # python-pptx is untyped
    data.categories = [_name(name, lang) for name in chart.categories]
    for name, values in chart.series:
        data.add_series(_name(name, lang), [cell_number(value) for value in values])
    kind = {"column": XL_CHART_TYPE.COLUMN_CLUSTERED, "bar": XL_CHART_TYPE.BAR_CLUSTERED, "line": XL_CHART_TYPE.LINE_MARKERS}[chart.kind]
    frame = slide.shapes.add_chart(kind, Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height), data)
    made = frame.chart
    made.font.size, made.font.color.rgb = Pt(box.size), _rgb(_INK)
    made.has_title = True
    made.chart_title.text_frame.text = box.lines[0]
    made.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(box.size + 2)
    made.has_legend = len(chart.series) > 1
    if made.has_legend:
        made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    marks = ticks(chart)
    values = made.value_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = marks[0], marks[-1], marks[1] - marks[0]
    values.has_title = True
    values.axis_title.text_frame.text = short(said(chart.unit, lang), _MOST_EMS, 1)
    values.major_gridlines.format.line.color.rgb = _rgb("E3E7E9")
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "0%" if chart.percent else "#,##0.0" if _broken(marks) else "#,##0", False
    made.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if chart.kind == "bar":
        made.category_axis.reverse_order = True  # the first name stands on top, as in the table
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    plot = made.plots[0]
    if chart.kind != "line":
        plot.gap_width, plot.overlap = 60, 0
    if len(chart.categories) * len(chart.series) <= _MOST_VALUES and (chart.kind != "line" or len(chart.categories) <= 12):
        plot.has_data_labels = True
        plot.data_labels.show_value = True
        plot.data_labels.font.size = Pt(box.size - 1)
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "0.0%" if chart.percent else "#,##0.0" if _fractions(chart) else "#,##0", False
    for number, series in enumerate(plot.series):
        told = _rgb(colour(number)[1:].upper())
        if chart.kind == "line":
            series.format.line.color.rgb, series.smooth = told, False
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = told
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = told
            series.invert_if_negative = False
    made.part.chart_workbook.update_from_xlsx_blob(_workbook(chart, lang, made_at))
    return frame


def _name(name: Text, lang: Lang) -> str:
    """Return the name of a series or category, which is never empty and leaves room for the chart."""
    return short(said(name, lang), _MOST_EMS, 1) or " "


def _rgb(told: str) -> Any:
    return RGBColor(*bytes.fromhex(told))  # type: ignore[no-untyped-call]  # python-pptx is untyped


def _broken(marks: tuple[float, ...]) -> bool:
    return any(not mark.is_integer() for mark in marks)


def _fractions(chart: Chart) -> bool:
    return any(value is not None and not float(value).is_integer() for _, values in chart.series for value in values)


def _workbook(chart: Chart, lang: Lang, made_at: datetime) -> bytes:
    """Return the numbers of a chart where PowerPoint looks for them; text stays text whatever it begins with."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet1"
    texts = [(1, 2 + place, _name(name, lang)) for place, (name, _) in enumerate(chart.series)]
    texts += [(2 + place, 1, _name(name, lang)) for place, name in enumerate(chart.categories)]
    for row, column, told in texts:
        cell: Any = sheet.cell(row, column)
        cell.value = told
        cell.data_type = "s"
        cell.quotePrefix = True
    for column, (_, values) in enumerate(chart.series, start=2):
        for row, value in enumerate(values, start=2):
            number = cell_number(value)
            if number is not None:
                sheet.cell(row, column).value = number
    when = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.properties.creator, book.properties.created = "chanhe-planning-map", when
    out = io.BytesIO()
    book.save(out)

    def edit(name: str, part: bytes) -> bytes:
        return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + f"{when:%Y-%m-%dT%H:%M:%SZ}".encode(), part) if name == "docProps/core.xml" else part

    return steady(out.getvalue(), when, edit)
