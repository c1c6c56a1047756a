"""Findings about a user's files: shown as a table, and kept as a file beside the output where one was asked for."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geodata.errors import CannotWrite, ProblemsFound
from layers import Text

if TYPE_CHECKING:
    from geodata.commands._console import Console
    from geodata.errors import Problem

_SHOWN: Final = 20
_ERROR: Final = Text("错误：", "Error: ")
_HEADING: Final = (Text("文件", "File"), Text("行", "Row"), Text("字段", "Field"), Text("值", "Value"), Text("问题", "Problem"), Text("怎么办", "What to do"))


def show_problems(problems: "Sequence[Problem]", console: "Console") -> None:
    """Print findings as a table to standard error, the first twenty of them."""
    rows = [(p.file, p.row, p.field, p.value[:40], p.message, p.remedy) for p in problems[:_SHOWN]]
    console.table(_HEADING, rows, err=True)
    if len(problems) > _SHOWN:
        console.note(Text(f"……另有 {len(problems) - _SHOWN:,} 处。", f"… and {len(problems) - _SHOWN:,} more."))


def tell_problems(error: ProblemsFound, console: "Console", out: str | Path | None) -> None:
    """Print a refusal with its findings, and, where an output was asked for, keep them as CSV beside it."""
    from geodata.checks import problems_csv
    from geodata.storing import write_file

    console.note(f"{_ERROR.say(console.lang)}{error.say(console.lang)}")
    show_problems(error.problems, console)
    if not out:
        return
    place = problems_place(Path(out))
    with suppress(CannotWrite):
        write_file(place, problems_csv(error.problems, console.lang))
        console.note(Text(f"只写入了问题清单：{place}", f"Only the list of problems was written: {place}"))


def problems_place(out: Path) -> Path:
    """Return where the findings are kept when `out` itself was not made.

    >>> problems_place(Path("packs/ours")).name
    'ours-problems.csv'
    """
    return out.absolute().with_name(f"{out.absolute().name}-problems.csv")
