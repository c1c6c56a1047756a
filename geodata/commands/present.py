"""`present`: a story of saved views as a file for a meeting."""

from argparse import Namespace
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.answer_json import sources_of
from geodata.commands._console import Console
from geodata.commands._files import Written
from geodata.commands._form import Command
from geodata.commands._options import add_out, chosen, open_district, parameters_of
from geodata.commands._parser import Parser
from layers import Text

if TYPE_CHECKING:
    from geodata.deck import Deck
    from geodata.documents import Document

_TOLD: float = 0.8
"""Part of the time that working out the slides takes; laying them out is the rest."""


def _options(parser: Parser) -> None:
    parser.option("--format", metavar="html|pptx|pdf|png|svg", about=Text("格式；不写则按文件名后缀", "format; without it that of the file's suffix"))
    add_out(parser, "FILE", Text("结果文件；给出已有的文件夹则自动取名。png、svg 一页一个文件", "the file to write; in an existing folder it gets a name. png and svg make a file a slide"))
    parser.option("--story", type=Path, metavar="FILE", about=Text("“汇报”页保存的 .json；不写则用现成的汇报", "a .json saved on the page Present; without it the ready story"))
    parser.option("--paper", metavar="slides|a4|a4-landscape|a3|a3-landscape", about=Text("版式（pdf、png、svg）：幻灯片，或按整数比例尺的图纸；默认为幻灯片", "layout (pdf, png, svg): slides, or map sheets at a round scale; without it slides"))


def _run(options: Namespace, console: Console) -> None:
    from geodata.documents import as_files, every_document, file_name
    from geodata.settings import read_settings
    from geodata.story import open_story, ready_story
    from geodata.telling import tell

    document = chosen(options.out, options.format, every_document(), every_document())
    paper = _paper(options, document)
    district, hashes = open_district(options)
    opened = open_story(options.story, district) if options.story else None
    for remark in opened.remarks if opened else ():
        console.note(remark)
    told = console.progress(Text("整理各页", "Working out the slides"))
    deck = tell(district, opened.story if opened else ready_story(district), settings=read_settings(), progress=lambda share, what: told(_TOLD * share, what))
    laid = Text("排版", "Laying out")
    out = options.out / file_name(deck, console.lang, document) if options.out.is_dir() else options.out
    files = as_files(document, deck, district, lang=console.lang, paper=paper, progress=lambda share: told(_TOLD + (1 - _TOLD) * share, laid), name=out.name)  # type: ignore[arg-type]  # a paper of the document
    written = _write({out.parent / name: content for name, content in files.items()})
    told(1.0, laid)
    sizes = [len(content) for content in files.values()]
    console.document(
        {"files": list(written.files), "replaced": list(written.replaced), "format": document.key, "bytes": sizes, "slides": _slides(deck)}, parameters=parameters_of(options),
        sources=sources_of(district), data_hashes=hashes, title=deck.title, made_at=deck.made_at.isoformat(), demonstration=any(slide.demonstration for slide in deck.slides))
    written.say(console)
    console.say(Text(f"共 {len(deck.slides)} 页，{sum(sizes) / 1e6:.1f} MB", f"{len(deck.slides)} slides, {sum(sizes) / 1e6:.1f} MB"))


def _paper(options: Namespace, document: "Document") -> str:
    """Return the layout asked for, else the format's usual one.

    Raises:
        Unknown: the format has no such layout.
    """
    from geodata.selecting import unknown

    if options.paper and options.paper not in document.papers:
        raise unknown(Text("版式", "layout"), options.paper, document.papers)
    return options.paper or document.papers[0]


def _slides(deck: "Deck") -> list[dict[str, object]]:
    return [{"id": slide.id, "kind": slide.kind, "title": slide.title, "demonstration": slide.demonstration, "address": slide.address} for slide in deck.slides]


def _write(contents: dict[Path, bytes]) -> Written:
    """Write every file whole; where one cannot be written, none that is new stays behind.

    Raises:
        CannotWrite: a file cannot be written.
    """
    from geodata.errors import CannotWrite
    from geodata.storing import write_file

    there = tuple(path for path in contents if path.exists())
    fresh: list[Path] = []
    try:
        for path, content in contents.items():
            write_file(path, content)
            fresh += [] if path in there else [path]
    except CannotWrite:
        for path in fresh:
            with suppress(OSError):
                path.unlink()
        raise
    return Written(tuple(contents), there)


COMMAND = Command(
    name="present",
    help=Text("汇报文件：把一组保存的视图写成 HTML、PPTX、PDF 或图片", "a briefing: saved views as HTML, PPTX, PDF or pictures"),
    options=_options,
    run=_run,
    order=75,
    example="present --out briefing.pptx --lang zh",
)
