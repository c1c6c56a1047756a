"""The form every command fills in."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass

from geodata.commands._console import Console
from geodata.commands._parser import Parser
from layers import Text


@dataclass(frozen=True, slots=True)
class Command:
    """One command of `python -m geodata`.

    Attributes:
        name: as it is typed; the file's own name.
        help: one line for the list of commands.
        options: adds its options to a parser; --lang, --pack and --json are there already.
        run: does it. What cannot be done is raised as a ChanheError. Everything heavy is imported in here, so that help
            comes at once.
        order: its place in the help.
        json: whether --json makes sense for it.
        example: a command line for the help, without `python -m geodata`.
    """

    name: str
    help: Text
    options: Callable[[Parser], None]
    run: Callable[[Namespace, Console], None]
    order: int
    json: bool = True
    example: str = ""
