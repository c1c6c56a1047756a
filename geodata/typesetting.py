"""Pages and pictures set by Typst, from our own templates and nothing else: no system font, no package, no request.

What users wrote goes in as data (JSON), never as markup, so that no title can change a page.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from geodata.errors import BadInput, Unreadable
from geodata.glyphs import font_folder
from layers import Text

Form = Literal["pdf", "png", "svg"]
FILED: Final = ("a-2a", "ua-1")
"""PDF/A-2a: fit for filing, every letter embedded, readable aloud. It allows no character the font lacks and no picture without words."""
_RUNS_KEPT: Final = 10
TEMPLATES: Final = Path(__file__).parent / "assets"


def typeset(template: str, data: Mapping[str, Any], *, files: Mapping[str, bytes] | None = None, form: Form = "pdf",
            ppi: float = 144.0, made_at: datetime | None = None, standards: Sequence[Any] = ()) -> list[bytes]:
    """Return the pages that `template` makes of `data`: one PDF, or one picture a page.

    Args:
        template: file name in `assets`.
        data: what the template reads as `json(bytes(sys.inputs.data))`.
        files: SVG pictures, which the template reads as `bytes(sys.inputs.at(name))`.
        form: what comes out.
        ppi: pixels an inch of PNG.
        made_at: the date a PDF carries; equal arguments give equal bytes.
        standards: what a PDF keeps to, as Typst names it (`FILED`).

    Raises:
        Unreadable: Typst or the font is not installed.
        BadInput: the page cannot be set; the message says what Typst found.
    """
    try:
        import typst  # noqa: PLC0415  only whoever draws a page needs it, and its absence is told in our words
    except ImportError as error:
        raise Unreadable(Text("没有排版程序，无法生成图件。请安装：pip install typst。", "The typesetter is missing, so nothing can be drawn. Install it: pip install typst.")) from error
    inputs = {"data": json.dumps(data, ensure_ascii=False), **{name: content.decode("utf-8") for name, content in (files or {}).items()}}
    moment = (made_at or datetime(1980, 1, 1, tzinfo=UTC)).astimezone(UTC)
    try:
        compiler = typst.Compiler(str(TEMPLATES / template), root=str(TEMPLATES), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs)
        made = compiler.compile(format=form, ppi=ppi if form == "png" else None, timestamp=int(moment.timestamp()), pdf_standards=list(standards) if form == "pdf" else [])
    except typst.TypstError as error:
        raise BadInput(Text(f"无法排版：{error.message}。", f"The page cannot be set: {error.message}.")) from error
    finally:
        _forget()
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if page is not None]


def _forget() -> None:
    """Let Typst drop what it kept of the last pages, a hundred megabytes for an atlas.

    It forgets what ten later runs did not use, and has no other way to be told.
    """
    import typst  # noqa: PLC0415  see `typeset`

    empty = typst.Compiler(str(TEMPLATES / "empty.typ"), root=str(TEMPLATES), font_paths=_fonts(), ignore_system_fonts=True)
    for _ in range(_RUNS_KEPT + 1):
        empty.compile(format="svg")


@cache
def _fonts() -> Any:
    """Return the one family that pages are set in; found at the first call."""
    import typst  # noqa: PLC0415  see `typeset`

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])
