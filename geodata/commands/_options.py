"""Options that several commands share, and the district they speak of."""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from geodata.commands._parser import Parser, listed, number, numbers
from layers import Text

if TYPE_CHECKING:
    from geodata.district import District
    from geodata.documents import Document
    from geodata.exports import Format
    from geodata.question import Question

Suffixed = TypeVar("Suffixed", "Format", "Document")
_HIDDEN: Final = frozenset({"run", "parser", "command", "json", "lang"})


def add_pack(parser: Parser) -> None:
    """Add --pack."""
    parser.option("--pack", type=Path, metavar="DIR", about=Text("数据包文件夹；不写则用本机用户数据文件夹中的，再无则用随产品附带的瀍河区", "pack folder; without it the one in the user's data folder, else the Chanhe shipped"))


def add_layer(parser: Parser, *, required: bool = True) -> None:
    """Add --layer."""
    parser.option("--layer", type=listed, metavar="KEY[,KEY]", required=required, about=Text("图层，多个用逗号分开；见 layers 命令", "layer, several joined by commas; see the command layers"))


def add_out(parser: Parser, metavar: str, about: Text) -> None:
    """Add --out."""
    parser.option("--out", type=Path, metavar=metavar, required=True, about=about)


def add_fresh(parser: Parser) -> None:
    """Add --fresh."""
    parser.option("--fresh", action="store_true", about=Text("重新计算，不取用以前算好的结果", "work it out anew, whatever was worked out before"))


def add_question(parser: Parser) -> None:
    """Add what a question about walking may say beside its standard."""
    lang = parser.lang
    parser.option("--counted", choices=("programme", "existing", "together"), about=Text("计入谁的设施：报告承诺、现有、合计", "whose sites count: promised in the report, existing, together"))
    parser.option("--status", type=listed, metavar="STATUS[,…]", default=[], about=Text("只计这些状态：planned、under_construction、done", "only sites of these statuses: planned, under_construction, done"))
    parser.option("--year", type=numbers(lang, whole=True), metavar="YEAR[,…]", default=[], about=Text("只计这些年份", "only sites of these years"))
    parser.option("--area", metavar="ID", about=Text("只算这个街道或社区内的居民", "only people inside the subdistrict or community of this id"))
    parser.option("--access", type=number(lang), metavar="M", default=200.0, about=Text("到最近街道的最远直线距离，米（默认 200）", "longest straight way to the streets, metres (default 200)"))
    parser.option("--seed", type=number(lang, whole=True), metavar="N", about=Text("示意点随机抽样的种子", "seed of the random draws of demo sites"))
    parser.option("--no-stand-ins", action="store_true", about=Text("不用示意点，只算已落位的", "leave demo sites out and count located sites only"))


def question_of(options: Namespace, **more: Any) -> "Question":
    """Return the question that shared options and `more` ask."""
    from geodata.question import DEFAULT_SEED, Question
    from geodata.selecting import check_choices, check_layers

    check_layers(options.layer)
    check_choices(status=options.status)
    return Question(layers=tuple(options.layer), counted=options.counted, status=tuple(options.status), years=tuple(options.year),
                    area=options.area, access_m=options.access, seed=DEFAULT_SEED if options.seed is None else options.seed, **more)


def open_district(options: Namespace) -> tuple["District", dict[str, str]]:
    """Return the district in use and the hashes of its data, by file.

    Raises:
        Unreadable: --pack names no pack, or CHANHE_PACK no folder.
    """
    from geodata.hashes import data_hashes
    from geodata.packs import load_district

    folder = pack_of(options)
    district = load_district(folder)
    return district, data_hashes(district, folder)


def pack_of(options: Namespace) -> Path:
    """Return the folder of the pack in use.

    Raises:
        Unreadable: CHANHE_PACK names no folder.
    """
    from geodata.former_packs import refuse_absent
    from geodata.packs import folder_in_use
    from geodata.settings import read_settings

    if options.pack:
        return Path(options.pack)
    settings = read_settings()
    refuse_absent(settings.pack)
    return folder_in_use(settings)


def form_of(path: Path, named: str | None = None, among: tuple[str, ...] = ()) -> "Format":
    """Return the format that --format names, else that of the file's suffix.

    Args:
        path: the file to write.
        named: the format asked for, if any.
        among: the formats that make sense here; empty means all.

    Raises:
        Unknown: there is no such format; the message names the nearest.
        Misasked: the file's suffix says another format than the one named.
    """
    from geodata.exports import every_format

    return chosen(path, named, {key: form for key, form in every_format().items() if not among or key in among}, every_format())


def chosen(path: Path, named: str | None, forms: Mapping[str, Suffixed], every: Mapping[str, Suffixed]) -> Suffixed:
    """Return the one of `forms` that is named, else that of the file's suffix; `every` are the formats a suffix may mean.

    Raises:
        Unknown: there is no such format; the message names the nearest.
        Misasked: the file's suffix says another format than the one named.
    """
    from geodata.errors import Misasked
    from geodata.selecting import unknown

    suffixes = {form.suffix: key for key, form in every.items()}
    suffix = path.suffix.lower()
    if named is None and suffix in suffixes and suffixes[suffix] in forms:
        return forms[suffixes[suffix]]
    if named is None or named not in forms:
        raise unknown(Text("格式", "format"), named or path.suffix.removeprefix(".") or path.name, forms)
    if suffixes.get(suffix, named) != named:
        raise Misasked(Text(f"--format {named} 与文件名 {path.name} 的后缀不一致。请改其中之一。",
                            f"--format {named} and the suffix of {path.name} disagree. Change one of them."))
    return forms[named]


def parameters_of(options: Namespace) -> dict[str, object]:
    """Return what was asked, under the command-line names; what was left out is left out."""
    return {name.replace("_", "-"): value for name, value in vars(options).items()
            if name not in _HIDDEN and value not in (None, [], "", False)}


def query_of(options: Namespace) -> dict[str, str]:
    """Return what was asked as texts, without the places of files on this machine."""
    def told(value: object) -> str:
        return ",".join(f"{v:g}" if isinstance(v, float) else str(v) for v in value) if isinstance(value, list) else "yes" if value is True else f"{value:g}" if isinstance(value, float) else str(value)
    return {name: told(value) for name, value in parameters_of(options).items() if name not in {"out", "pack"}}
