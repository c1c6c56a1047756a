"""The product's own scripts as one text for a file: each module in a room of its own, without import or fetching."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ASSETS: Final = Path(__file__).parents[1] / "assets"
_IMPORT: Final = re.compile(r'^import \{ ([^}]*) \} from "\.{1,2}/([\w/]+)\.js";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)


def bundle(names: Sequence[str], given: Mapping[str, str]) -> str:
    """Return the modules `names`, in an order in which each comes after what it imports, as one script.

    Args:
        names: files in `assets`, without `.js`; the last one starts everything.
        given: modules that take the place of one in `assets`, by name.

    Raises:
        ValueError: a module imports what was not named before it.
    """
    rooms: list[str] = []
    known: set[str] = set()
    for name in names:
        text = given[name] if name in given else (ASSETS / f"{name}.js").read_text(encoding="utf-8")
        wanted = [(taken, Path(path).name) for taken, path in _IMPORT.findall(text)]
        missing = {path for _, path in wanted} - known
        if missing or re.search(r"^import\b", _IMPORT.sub("", text), re.MULTILINE):
            raise ValueError(f"{name}.js imports {', '.join(sorted(missing)) or 'in a way that is not understood'}")
        heads = "".join(f"const {{ {taken.replace(' as ', ': ')} }} = ${path};\n" for taken, path in wanted)
        offered = ", ".join(_EXPORT.findall(text))
        body = _EXPORT.sub("", _IMPORT.sub("", text))
        rooms.append(f"const ${Path(name).name} = (() => {{\n{heads}{body}return {{ {offered} }};\n}})();\n")
        known.add(Path(name).name)
    return '(() => {\n"use strict";\n' + "".join(rooms) + "})();\n"
