"""An empty 16:9 presentation, and a finished one as bytes without a clock: our fonts and colours by name in its theme."""

import io
import re
from datetime import UTC, datetime
from typing import Any, Final

from pptx import Presentation

from geodata.documents._charts import SERIES
from geodata.zipped import steady
from layers import Lang

FONT: Final = "Microsoft YaHei"
"""Named for Latin and for East Asian letters alike."""
_LIKE: Final = 'panose="020B0503020204020204" pitchFamily="34" charset="-122"'
"""What a machine without it is told to look for: a proportional sans serif with Chinese letters (charset 134, GB 2312, as a signed byte)."""
_FALL_BACK: Final = "Noto Sans CJK SC"
_KEPT_LAYOUT: Final = "Title Only"
_THUMBNAIL: Final = "docProps/thumbnail.jpeg"
_EMU: Final = 914_400


def blank(wide_in: float, tall_in: float) -> Any:
    """Return a presentation without slides: one layout, with a title alone."""
    deck: Any = Presentation()
    factor = wide_in * _EMU / deck.slide_width
    deck.slide_width, deck.slide_height = round(wide_in * _EMU), round(tall_in * _EMU)
    for layout in list(deck.slide_layouts):
        if layout.name != _KEPT_LAYOUT:
            deck.slide_layouts.remove(layout)
    for shape in (*deck.slide_master.shapes, *deck.slide_layouts[0].shapes):
        shape.left, shape.width = round(shape.left * factor), round(shape.width * factor)
    for shape in [shape for shape in deck.slide_layouts[0].placeholders if shape.placeholder_format.type not in {1, 3}]:
        shape.element.getparent().remove(shape.element)
    return deck


def finished(deck: Any, *, title: str, lang: Lang, made_at: datetime, data_hash: str) -> bytes:
    """Return the file's bytes: equal decks give equal bytes."""
    moment = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    told = deck.core_properties
    told.title, told.author, told.last_modified_by = title[:255], "chanhe-planning-map", "chanhe-planning-map"
    told.created = told.modified = told.last_printed = moment
    told.revision, told.keywords, told.language, told.subject, told.comments = 1, data_hash, {"zh": "zh-CN", "en": "en"}[lang], "", ""
    out = io.BytesIO()
    deck.save(out)
    return steady(out.getvalue(), moment, _edited)


def _edited(name: str, part: bytes) -> bytes | None:
    """Return an entry with our theme and without the template's picture of itself."""
    if name == _THUMBNAIL:
        return None
    if name == "_rels/.rels":
        return re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", part)
    return _themed(part) if re.fullmatch(r"ppt/theme/theme\d+\.xml", name) else part


def _themed(theme: bytes) -> bytes:
    """Return a theme with our fonts and the colours of our charts."""
    text = theme.decode("utf-8")
    text = re.sub(r'<a:latin typeface="[^"]*"/>\s*<a:ea typeface="[^"]*"/>', f'<a:latin typeface="{FONT}" {_LIKE}/><a:ea typeface="{FONT}" {_LIKE}/>', text)
    text = re.sub(r'(<a:font script="Hans" typeface=")[^"]*', rf"\g<1>{_FALL_BACK}", text)
    for number, colour in enumerate(SERIES, start=1):
        text = re.sub(rf"<a:accent{number}>.*?</a:accent{number}>", f'<a:accent{number}><a:srgbClr val="{colour[1:].upper()}"/></a:accent{number}>', text, flags=re.DOTALL)
    return text.encode("utf-8")
