"""Packs that were put aside when the product's own data came back, taking one of them into use again, and a folder that never was one."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from geodata.errors import BadInput, Unreadable
from geodata.packs import MANIFEST, refuse_shipped
from geodata.storing import cannot_write, locked, put_aside
from layers import Text

_MOMENT: Final = "%Y%m%dT%H%M%S%fZ"
_MARK: Final = re.compile(r"\d{8}T\d{12}Z")


def former_packs(folder: Path) -> dict[Path, datetime]:
    """Return the packs put aside beside `folder` with the moment (UTC) each was, the latest first."""
    place = folder.absolute()
    found = {}
    for path in place.parent.glob(f"{place.name}.*") if place.parent.is_dir() else ():
        moment = path.name.removeprefix(f"{place.name}.")
        if _MARK.fullmatch(moment) and (path / MANIFEST).is_file():
            found[path] = datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC)
    return dict(sorted(found.items(), key=lambda pair: pair[1], reverse=True))


def refuse_absent(folder: Path | None, name: str = "CHANHE_PACK") -> None:
    """Refuse a pack folder that is not there: a slip of the pen would show the shipped district without a word.

    An empty folder is a pack still to come. So is one whose pack was put aside, which takes the folder along.

    Args:
        folder: the folder, None where none was named.
        name: the variable or option that names it.

    Raises:
        Unreadable: there is no such folder.
    """
    if folder is not None and not folder.is_dir() and not former_packs(folder):
        raise Unreadable(Text(f"{name} 指定的数据包文件夹不存在：{folder}。请改正路径；若是新的数据包，请先建一个空文件夹；要用随产品附带的瀍河区，请不写 {name}。",
                              f"The pack folder that {name} names does not exist: {folder}. Correct the path; for a new pack make an empty folder first; for the Chanhe shipped leave {name} out."))


def bring_back(folder: Path, former: Path) -> Path | None:
    """Take a pack that was put aside into use again; the one in use is put aside in turn.

    Args:
        folder: where the pack in use stands.
        former: one of `former_packs`.

    Returns:
        Where the pack that was in use stands now, None if there was none.

    Raises:
        BadInput: no such pack was put aside.
        Refused: `folder` is the shipped pack.
        CannotWrite: a folder cannot be renamed; the one in use is left in its place.
    """
    refuse_shipped(folder)
    with locked(folder):
        if former not in former_packs(folder):
            raise BadInput(Text(f"没有另存的数据包 {former}。", f"There is no pack put aside at {former}."))
        kept = put_aside(folder) if folder.exists() else None
        try:
            former.rename(folder)
        except OSError as error:
            if kept is not None:
                kept.rename(folder)
            raise cannot_write(folder, error) from error
        return kept
