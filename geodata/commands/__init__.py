"""What `python -m geodata` can do: one file in this folder is one command. Add a command by adding a file with `COMMAND`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from geodata.commands._console import Console
from geodata.commands._form import Command
from geodata.commands._parser import Parser, translated

__all__ = ["Command", "Console", "Parser", "every_command", "translated"]


@cache
def every_command() -> dict[str, Command]:
    """Return every command by its name, in the order of the help. Reads the folder at the first call, not at import."""
    found = [import_module(f"{__name__}.{m.name}").COMMAND for m in iter_modules(__path__) if not m.name.startswith("_")]
    return {command.name: command for command in sorted(found, key=lambda command: (command.order, command.name))}
