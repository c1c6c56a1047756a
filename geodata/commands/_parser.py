"""argparse in the user's language: help in the language asked for or in both, and its own messages translated."""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any, Final, NoReturn

from geodata.commands._width import wrapped
from layers import Lang, Text

_USAGE: Final = Text("用法：", "usage: ")
_ERROR: Final = Text("错误：", "error: ")
_OPTIONS: Final = Text("选项", "options")
_ARGUMENTS: Final = Text("参数", "arguments")
_SEE_HELP: Final = Text("查看帮助：{prog} --help", "For help: {prog} --help")

_SENTENCES: Final[Sequence[tuple[str, str, str]]] = (
    (r"the following arguments are required: (.+)", "缺少必填参数 {0}", "these arguments are missing: {0}"),
    (r"unrecognized arguments: (.+)", "不认识的参数 {0}", "unknown arguments: {0}"),
    (r"one of the arguments (.+) is required", "须给出 {0} 之一", "one of {0} is needed"),
    (r"ambiguous option: (.+) could match (.+)", "选项 {0} 不明确，可能是 {1}", "{0} may mean {1}"),
    (r"argument (.+?): expected one argument", "{0} 后面需要一个值", "{0} needs a value"),
    (r"argument (.+?): expected at least one argument", "{0} 后面至少需要一个值", "{0} needs at least one value"),
    (r"argument (.+?): expected (\d+) arguments?", "{0} 后面需要 {1} 个值", "{0} needs {1} values"),
    (r"argument (.+?): not allowed with argument (.+)", "{0} 不能与 {1} 同用", "{0} does not go with {1}"),
    (r"argument (.+?): ignored explicit argument (.+)", "{0} 不带值，却写了 {1}", "{0} takes no value, but {1} was given"),
    (r"argument (.+?): invalid choice: '?(.+?)'?(?:,? maybe you meant .+?)? \(choose from (.+)\)",
     "{0} 没有 {1} 这一项。{near}可用：{2}", "{0}: there is no {1}. {near}Use one of: {2}"),
    (r"argument (.+?): invalid (?:\S+) value: (.+)", "{0} 的值 {1} 不可用", "{0}: {1} cannot be used"),
    (r"argument (.+?): (.+)", "{0}：{1}", "{0}: {1}"),
)
"""What argparse says (its English, whatever the Python version), and how the product says it."""


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that speaks.

    Attributes:
        lang: the user's language; errors are in it.
        both: whether help is in both languages.
    """

    def __init__(self, *, lang: Lang, both: bool, **settings: Any) -> None:
        self.lang, self.both = lang, both
        super().__init__(**settings, add_help=False, allow_abbrev=False,
                         formatter_class=partial(_Formatter, lang=lang, both=both))
        self._positionals.title, self._optionals.title = self.say(_ARGUMENTS, " / "), self.say(_OPTIONS, " / ")
        self.add_argument("-h", "--help", action="help", help=self.say(Text("显示帮助并退出", "show this help and exit")))

    def say(self, text: Text, between: str = "\n") -> str:
        """Return a wording for the help, in both languages where none was asked for."""
        return f"{text.zh}{between}{text.en}" if self.both else text.say(self.lang)

    def option(self, *names: str, about: Text, **settings: Any) -> argparse.Action:
        """Add an option, its help in the languages of the help."""
        return self.add_argument(*names, help=self.say(about).replace("%", "%%"), **settings)

    def refuse(self, text: Text) -> NoReturn:
        """End with a message about the command line (exit code 2)."""
        self.print_usage(sys.stderr)
        see = _SEE_HELP.format(prog=self.prog)
        self.exit(2, f"{_ERROR.say(self.lang)}{text.say(self.lang)}\n{see.say(self.lang)}\n")

    def error(self, message: str) -> NoReturn:
        """End with argparse's own message, in the user's language (exit code 2)."""
        self.refuse(translated(message))


class _Formatter(argparse.HelpFormatter):
    """Help with Chinese characters two columns wide and line breaks kept."""

    def __init__(self, prog: str, *, lang: Lang, both: bool, **settings: Any) -> None:
        super().__init__(prog, max_help_position=30, **settings)
        self._lang, self._both = lang, both

    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None) -> None:
        said = f"{_USAGE.zh[:-1]} / {_USAGE.en}" if self._both else _USAGE.say(self._lang)
        super().add_usage(usage, actions, groups, said if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return [line for part in text.splitlines() for line in wrapped(part, width)]

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for part in text.splitlines() for line in (wrapped(part, width - len(indent)) or [""]))


def translated(message: str) -> Text:
    """Return a message of argparse in both languages; one it does not know keeps its English.

    >>> translated("the following arguments are required: --out").zh
    '缺少必填参数 --out'
    """
    for pattern, zh, en in _SENTENCES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            near = _nearest_choice(found) if "{near}" in zh else Text("", "")
            return Text(zh.format(*found.groups(), near=near.zh), en.format(*found.groups(), near=near.en))
    return Text(f"命令行有误（{message}）", message)


def number(lang: Lang, *, least: float = 0.0, whole: bool = False) -> Callable[[str], float]:
    """Return what reads a number of at least `least` from the command line."""
    def read(text: str) -> float:
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(Text(f"{text!r} 不是数字", f"{text!r} is not a number").say(lang)) from None
        if not least <= value < float("inf"):
            raise argparse.ArgumentTypeError(Text(f"{text} 应不小于 {least:g}", f"{text} should be at least {least:g}").say(lang))
        return value
    return read


def listed(text: str) -> list[str]:
    """Read `a,b,c`; full-width commas count too.

    >>> listed("public_toilets,clinics")
    ['public_toilets', 'clinics']
    """
    return [word.strip() for word in re.split("[,，、]", text) if word.strip()]


def numbers(lang: Lang, *, least: float = 0.0, whole: bool = False) -> Callable[[str], list[float]]:
    """Return what reads `300,500,1000` from the command line."""
    def read(text: str) -> list[float]:
        return [number(lang, least=least, whole=whole)(word) for word in listed(text)]
    return read


def _nearest_choice(found: re.Match[str]) -> Text:
    """Return the nearest of the choices argparse lists."""
    near = get_close_matches(found[2], re.findall(r"[\w.-]+", found[3]), n=1, cutoff=0.5)
    return Text(f"是否指 {near[0]}？", f"Did you mean {near[0]}? ") if near else Text("", "")
