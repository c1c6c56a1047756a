"""`sketch`: makes the sketch's ground anew, the same bytes every time."""

import hashlib
from argparse import Namespace

from geodata.commands._console import Console
from geodata.commands._form import Command
from geodata.commands._options import add_out, parameters_of
from geodata.commands._parser import Parser, number
from layers import Text


def _options(parser: Parser) -> None:
    add_out(parser, "DIR", Text("写入示意地面各文件的文件夹", "the folder to write the sketch's files to"))
    parser.option("--seed", type=number(parser.lang, whole=True), metavar="N", about=Text("随机种子；不写则与随产品附带的相同", "seed; without it that of the sketch shipped"))


def _run(options: Namespace, console: Console) -> None:
    from geodata.sketch import build_sketch

    console.note(Text("正在生成示意路网、水系、铁路与人口……", "Making the sketch: streets, water, railways, people …"))
    build_sketch(options.out, **({} if options.seed is None else {"seed": options.seed}))
    files = sorted(path for path in options.out.iterdir() if path.is_file() and not path.name.startswith("."))
    hashes = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    console.document({"files": files}, parameters=parameters_of(options), sources=[], data_hashes=hashes)
    console.table((Text("文件", "File"), Text("字节", "Bytes"), "sha256"), [(path.name, path.stat().st_size, hashes[path.stem][:16]) for path in files])


COMMAND = Command(
    name="sketch",
    help=Text("重新生成示意地面（每次字节相同）", "make the sketch's ground anew (the same bytes every time)"),
    options=_options,
    run=_run,
    order=90,
    example="sketch --out ground",
)
