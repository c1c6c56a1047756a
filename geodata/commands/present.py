"""`present`: a story of saved views as a file for a meeting."""

from argparse import Namespace
from contextlib import suppress
from glob import escape
from pathlib import Path
from re import fullmatch
from typing import TYPE_CHECKING

from geodata.answer_json import sources_of
from geodata.commands._console import Console
from geodata.commands._files import Written
from geodata.commands._finished import WAS_KEPT, Finished, finished, finished_of
from geodata.commands._form import Command
from geodata.commands._options import add_fresh, add_layer, add_out, chosen, open_district, parameters_of
from geodata.commands._parser import Parser, numbers
from layers import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geodata.deck import Deck
    from geodata.district import District
    from geodata.documents import Document

    Tell = Callable[[float, Text], None]

_TOLD: float = 0.8
"""Part of the time that working out the slides takes; laying them out is the rest."""
_LAID = Text("排版", "Laying out")


def _options(parser: Parser) -> None:
    parser.option("--format", metavar="html|pptx|pdf|png|svg", about=Text("格式；不写则按文件名后缀", "format; without it that of the file's suffix"))
    add_out(parser, "FILE", Text("结果文件；给出已有的文件夹则自动取名。png、svg 一页一个文件", "the file to write; in an existing folder it gets a name. png and svg make a file a page"))
    parser.option("--story", type=Path, metavar="FILE", about=Text("“汇报”页保存的 .json；不写则用现成的汇报", "a .json saved on the page Present; without it the ready story"))
    parser.option("--atlas", action="store_true", about=Text("不是汇报，而是图集：总图一页，有项目的图层各一页；可用下面三项筛选", "an atlas instead of a story: one map of all, then one a layer that has sites; the next three options filter it"))
    add_layer(parser, required=False)
    parser.option("--year", type=numbers(parser.lang, whole=True), metavar="YEAR[,…]", default=[], about=Text("图集只含这些年份", "only sites of these years"))
    parser.option("--stand-ins", action="store_true", about=Text("图集含示意点（随机抽取，不代表选址）", "demo sites in the atlas (drawn at random, not chosen places)"))
    parser.option("--paper", metavar="slides|a4|a4-landscape|a3|a3-landscape|map", about=Text("版式（pdf、png、svg）：幻灯片，或按整数比例尺的图纸；map（png、svg）只要地图和图例。默认为幻灯片", "layout (pdf, png, svg): slides, or map sheets at a round scale; map (png, svg) is each map with its legend. Without it slides"))
    add_fresh(parser)


def _run(options: Namespace, console: Console) -> None:
    from geodata.documents import every_document, renamed
    from geodata.markings import markings
    from geodata.settings import read_settings
    from geodata.storing import check_writable
    from geodata.story import check_story

    if options.atlas and options.story:
        options.parser.refuse(Text("--atlas 与 --story 只能用一个", "--atlas and --story do not go together"))
    if not options.atlas and (options.layer or options.year or options.stand_ins):
        options.parser.refuse(Text("--layer、--year、--stand-ins 只用于 --atlas", "--layer, --year and --stand-ins go with --atlas alone"))
    document = chosen(options.out, options.format, every_document(), every_document())
    paper = _paper(options, document)
    out: Path = options.out
    if not out.is_dir() and out.suffix.lower() != document.suffix:
        out = out.with_name(out.name + document.suffix)
    check_writable(out / "file" if out.is_dir() else out)
    if options.story:
        check_story(options.story)
    district, hashes = open_district(options)
    tell = console.progress(Text("整理各页", "Working out the slides"))
    what, work = _atlas(options, district) if options.atlas else _story(options, console, district, tell)
    key = ("present", district.id, district.stamp, what, document.key, paper, console.lang, *markings(district, read_settings()))
    told = finished(key, lambda: _laid(work(), district, document, console=console, paper=paper, tell=tell), fresh=options.fresh)
    tell(1.0, _LAID)
    files = told.files if out.is_dir() else renamed(told.files, out.name)
    folder = out if out.is_dir() else out.parent
    written = _write({folder / name: content for name, content in files.items()})
    _say(told, written, options, console, document=document, district=district, hashes=hashes)


def _atlas(options: Namespace, district: "District") -> "tuple[str, Callable[[], Deck]]":
    """Return what the atlas shows, and how it is made."""
    from geodata.atlas import atlas
    from geodata.selecting import Selection
    from geodata.settings import read_settings

    selection = Selection(layers=tuple(options.layer or ()), years=tuple(options.year), stand_ins=options.stand_ins)
    selection.check()
    return repr(selection), lambda: atlas(district, selection=selection, settings=read_settings())


def _story(options: Namespace, console: Console, district: "District", tell: "Tell") -> "tuple[str, Callable[[], Deck]]":
    """Return the story, and how it is told.

    Raises:
        BadInput: every slide of it is skipped.
    """
    from geodata.errors import BadInput
    from geodata.settings import read_settings
    from geodata.story import open_story, ready_story, story_json
    from geodata.telling import tell as told

    opened = open_story(options.story, district) if options.story else None
    for remark in opened.remarks if opened else ():
        console.note(remark)
    story = opened.story if opened else ready_story(district)
    if not story.shown:
        raise BadInput(Text("汇报里没有可放映的页：没有页，或都设为跳过。请在“汇报”页恢复一页后重新保存。", "The story has no slide to show: there is none, or every one is skipped. Show one again on the page Present and save it anew."))
    return story_json(story), lambda: told(district, story, settings=read_settings(), progress=lambda share, what: tell(_TOLD * share, what))


def _laid(deck: "Deck", district: "District", document: "Document", *, console: Console, paper: str, tell: "Tell") -> Finished:
    """Lay a deck out under its own name."""
    from geodata.documents import as_files

    def laying(share: float) -> None:
        tell(_TOLD + (1 - _TOLD) * share, _LAID)

    return finished_of(deck, as_files(document, deck, district, lang=console.lang, paper=paper, progress=laying))  # type: ignore[arg-type]  # a paper of the document


def _say(told: Finished, written: Written, options: Namespace, console: Console, *, document: "Document", district: "District", hashes: "Mapping[str, str]") -> None:
    """Say what was written, and what an earlier run left beside it."""
    sizes = [len(content) for content in told.files.values()]
    pages = sum(document.held(content) for content in told.files.values())
    left = _left(written)
    console.document(
        {"files": list(written.files), "replaced": list(written.replaced), "left": left, "format": document.key, "bytes": sizes, "pages": pages, "slides": [dict(slide) for slide in told.slides]},
        parameters=parameters_of(options), sources=sources_of(district), data_hashes=dict(hashes), title=told.title, made_at=told.made_at,
        demonstration=any(slide["demonstration"] for slide in told.slides))
    if told.kept:
        console.note(WAS_KEPT)
    written.say(console)
    for path in left:
        console.note(Text(f"{path} 是以前留下的，不属于这次结果，未作改动。", f"{path} stands there from before, is no part of this and was left alone."))
    from geodata.numerals import several

    console.say(Text(f"共 {pages} 页，{sum(sizes) / 1e6:.1f} MB", f"{several(pages, 'page')}, {sum(sizes) / 1e6:.1f} MB"))


def _left(written: Written) -> list[Path]:
    """Return the files that another run of the same name numbered and this one did not write."""
    first = written.files[0]
    stem = first.stem.removesuffix("-01") if len(written.files) > 1 else first.stem
    numbered = [path for path in first.parent.glob(f"{escape(stem)}-*{first.suffix}") if fullmatch(r"-\d{2,3}", path.stem.removeprefix(stem))]
    alone = first.with_name(stem + first.suffix)
    return sorted(path for path in (*numbered, *([alone] if alone.is_file() else [])) if path not in written.files)


def _paper(options: Namespace, document: "Document") -> str:
    """Return the layout asked for, else the format's usual one.

    Raises:
        Unknown: the format has no such layout.
    """
    from geodata.selecting import unknown

    if options.paper and options.paper not in document.papers:
        raise unknown(Text("版式", "layout"), options.paper, document.papers)
    return options.paper or document.papers[0]


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
