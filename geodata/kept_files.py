"""Finished work kept on disk between two runs of the command line: the same question twice is worked out once.

What is kept belongs to this very installation: another version of the product, of a library or of Python asks anew. A
folder that cannot be read or written is passed over, since nothing depends on it; whatever was damaged is made again.
"""

import hashlib
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from geodata.errors import CannotWrite
from geodata.settings import read_settings
from geodata.storing import write_file

MOST_BYTES: Final = 256 * 2**20
"""So much is kept; the longest unused goes first."""
_HASH_BYTES: Final = 32
_OURS: Final = ("geodata", "layers")


def kept(key: object, make: Callable[[], bytes], *, fresh: bool = False, folder: Path | None = None, most_bytes: int = MOST_BYTES) -> bytes:
    """Return what was made for `key` before, else make it and keep it; what `make` raises is raised.

    Args:
        key: everything the bytes depend on save the installation: texts, numbers, tuples and frozen dataclasses of them, whose
            `repr` says them whole (data by their stamp, the day where the bytes carry it).
        make: works it out.
        fresh: whether to make it anew in any case; the new takes the old one's place.
        folder: where; None takes the settings' (CHANHE_CACHE).
        most_bytes: so much is kept in all.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     first = kept(("sum", 2, 2), lambda: b"four", folder=Path(name))
    ...     again = kept(("sum", 2, 2), lambda: b"five", folder=Path(name))
    >>> first, again
    (b'four', b'four')
    """
    place = (folder or read_settings().cache_folder) / f"{hashlib.sha256(repr((made_with(), key)).encode('utf-8', 'replace')).hexdigest()[:40]}.kept"
    held = None if fresh else _read(place)
    if held is not None:
        return held
    content = make()
    if len(content) + _HASH_BYTES <= most_bytes:
        with suppress(CannotWrite):
            write_file(place, hashlib.sha256(content).digest() + content)
            _make_room(place.parent, most_bytes)
    return content


@cache
def made_with() -> str:
    """Return a hash of what works things out: our own files, every package beside them, Python."""
    root = Path(__file__).parent.parent
    files = sorted(path for name in _OURS for path in (root / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    own = [(path.relative_to(root).as_posix(), (told := path.stat()).st_size, told.st_mtime_ns) for path in files]
    packages = sorted({found.name for entry in sys.path for found in Path(entry or ".").glob("*.dist-info")})
    return hashlib.sha256(repr((sys.version, packages, own)).encode("utf-8", "replace")).hexdigest()


def _read(place: Path) -> bytes | None:
    """Return what is kept whole, and note that it was used."""
    try:
        content = place.read_bytes()
    except OSError:
        return None
    if content[:_HASH_BYTES] != hashlib.sha256(content[_HASH_BYTES:]).digest():
        return None
    with suppress(OSError):
        place.touch()
    return content[_HASH_BYTES:]


def _make_room(folder: Path, most_bytes: int) -> None:
    """Remove the longest unused until no more than `most_bytes` are kept; a file that is in use elsewhere stays."""
    found = []
    for path in folder.iterdir():
        with suppress(OSError):
            told = path.stat()
            found.append((told.st_mtime_ns, told.st_size, path))
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= most_bytes:
            return
        with suppress(OSError):
            path.unlink()
            total -= size
