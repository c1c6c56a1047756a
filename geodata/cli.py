"""The command line: reads what is asked, lets the command do it, and says in the user's language what went wrong.

Exit codes: 0 done, 1 it could not be done, 2 it was not asked rightly, 130 interrupted.
"""

import locale
import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from geodata.causes import cause
from geodata.commands import Command, Console, Parser, every_command
from geodata.commands._console import never_fail
from geodata.commands._options import add_pack
from geodata.commands._problems import tell_problems
from geodata.errors import ChanheError, Misasked, ProblemsFound, Unknown
from layers import Lang, Text

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
PROGRAM: Final = "python -m geodata"
_ABOUT: Final = Text("瀍河区规划地图：政府承诺、落位情况与步行覆盖。", "The planning map of Chanhe: promises, places and walking coverage.")
_ERROR: Final = Text("错误：", "Error: ")
_CANNOT: Final = Text("{what}{why}。请检查文件与文件夹是否存在、是否可用。", "{what}{why}. See that files and folders exist and can be used.")
_STOPPED: Final = Text("已中断，未留下写了一半的文件。", "Interrupted; no file was left half-written.")
_EXAMPLE: Final = Text("例：", "Example: ")
_CODES: Final = Text("退出码：\n0 完成\n1 数据或文件有问题，没有做成\n2 用法不对，要改的是命令本身：选项、图层、格式、后缀、坐标系、编号等写错，数量不可能，或问题自相矛盾\n130 被中断",
                     "Exit codes:\n0 done\n1 not done for want of data, or because of a file\n2 wrong usage, the command itself must change: an option, layer, format, suffix, CRS, datum or id that does not exist, a number that cannot be, or a question against itself\n130 interrupted")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    never_fail(sys.stdout, sys.stderr)
    asked = asked_language(arguments)
    lang = asked or likely_language()
    try:
        options = build_parser(lang, both=asked is None).parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or DONE)
    return run(options, Console(lang, as_json=getattr(options, "json", False)))


def run(options: Namespace, console: Console) -> int:
    """Run the command that `options` name and return the exit code."""
    try:
        options.run(options, console)
        console.out.flush()
    except BrokenPipeError:
        _close_pipe()
        return FAILED
    except (ChanheError, OSError) as error:
        return _tell(error, options, console)
    except KeyboardInterrupt:
        console.note(_STOPPED)
        return INTERRUPTED
    except SystemExit as stop:
        return int(stop.code or DONE)
    return DONE


def _tell(error: ChanheError | OSError, options: Namespace, console: Console) -> int:
    """Say what went wrong, with cause and remedy, and return the exit code."""
    if isinstance(error, ProblemsFound):
        tell_problems(error, console, getattr(options, "out", None))
        return FAILED
    message = error.message if isinstance(error, ChanheError) else _CANNOT.format(what=Text(f"{error.filename}：", f"{error.filename}: ") if error.filename else "", why=cause(error))
    console.note(Text(f"{_ERROR.zh}{message.zh}", f"{_ERROR.en}{message.en}"))
    return MISUSED if isinstance(error, Unknown | Misasked) else FAILED


def build_parser(lang: Lang, *, both: bool) -> Parser:
    """Return the whole command line: every command with its options, --lang, --pack and --json."""
    parser = Parser(lang=lang, both=both, prog=PROGRAM, description=_said(_ABOUT, lang, both=both),
                    epilog=_said(_CODES, lang, both=both))
    _add_lang(parser)
    commands = parser.add_subparsers(metavar="COMMAND", required=True, dest="command", parser_class=Parser, title=parser.say(Text("命令", "commands"), " / "))
    for command in every_command().values():
        _add_command(commands, command, lang, both=both)
    return parser


def asked_language(arguments: Sequence[str]) -> Lang | None:
    """Return the language that --lang asks for, None without one; read before anything else, as help depends on it.

    >>> asked_language(["layers", "--lang", "en"]), asked_language(["--lang=zh"]), asked_language([])
    ('en', 'zh', None)
    """
    for place, word in enumerate(arguments):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else arguments[place + 1] if word == "--lang" and place + 1 < len(arguments) else ""
        if value in {"zh", "en"}:
            return "zh" if value == "zh" else "en"
    return None


def likely_language(environ: Mapping[str, str] = os.environ) -> Lang:
    """Return English where the system is clearly set to it, else Chinese.

    >>> likely_language({"LANG": "en_GB.UTF-8"}), likely_language({"LC_ALL": "C.UTF-8"}), likely_language({"LANG": "zh_CN.GBK"})
    ('en', 'zh', 'zh')
    """
    told = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    if not told:  # Windows sets none of them
        told = locale.getlocale()[0] or ""
    return "en" if told.lower().replace("-", "_").startswith(("en_", "english")) or told.lower() == "en" else "zh"


def _add_command(commands: Any, command: Command, lang: Lang, *, both: bool) -> None:
    """Add one command with its options and those every command has."""
    epilog = f"{_EXAMPLE.zh + '/ ' if both else ''}{_said(_EXAMPLE, 'en', both=False) if both else _EXAMPLE.say(lang)}{PROGRAM} {command.example}"
    about = _said(command.help, lang, both=both)
    parser: Parser = commands.add_parser(command.name, lang=lang, both=both, help=about, description=about,
                                         epilog=f"{epilog}\n{_said(_CODES, lang, both=both)}")
    command.options(parser)
    add_pack(parser)
    _add_lang(parser)
    if command.json:
        parser.option("--json", action="store_true", about=Text("输出一份 JSON：结果、参数、来源、数据指纹", "print one JSON document: result, parameters, sources, data hashes"))
    parser.set_defaults(run=command.run, parser=parser)


def _add_lang(parser: Parser) -> None:
    parser.option("--lang", choices=("zh", "en"), about=Text("语言", "language"))


def _said(text: Text, lang: Lang, *, both: bool) -> str:
    return f"{text.zh}\n{text.en}" if both else text.say(lang)


def _close_pipe() -> None:
    """Let Python's own flush at exit find an open stream where the reader has gone away (`… | head`)."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
