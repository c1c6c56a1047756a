"""Writing files and folders so that nobody ever sees one half-written."""

import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from geodata.causes import cause
from geodata.errors import CannotWrite, ChanheError
from layers import Text

LOCK_WAIT_S: Final = 15.0
_TRIES = 40
_PAUSE_S = 0.05


def write_file(path: Path, content: bytes | str) -> None:
    """Write a whole file at once: readers see the old one or the new one. Text is written as UTF-8, line ends as given.

    Raises:
        CannotWrite: the folder or the file cannot be written; an older file is left as it was.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise cannot_write(path, error) from error


@contextmanager
def locked(folder: Path, *, fleeting: bool = False, once: bool = False) -> Iterator[None]:
    """Hold the one lock of `folder` (a hidden file beside it, so that the folder itself can be exchanged).

    Args:
        folder: what is to be written.
        fleeting: whether the hidden file goes again where in the end there is no `folder` it could guard.
        once: whether it goes in any case, since nobody will write to `folder` again.

    Raises:
        CannotWrite: the place cannot be written, or another process held the lock for LOCK_WAIT_S seconds.
    """
    place = folder.absolute()
    lock = FileLock(place.with_name(f".{place.name}.lock"))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=LOCK_WAIT_S)
    except Timeout as error:
        raise CannotWrite(Text(f"另一个程序正在写入 {folder}，已等待 {LOCK_WAIT_S:g} 秒。请稍后再试。",
                               f"Another program is writing {folder}; waited {LOCK_WAIT_S:g} s. Try again shortly.")) from error
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        yield
    finally:
        # While the lock is held; whoever waits for it sees that its file is gone and makes a new one. Windows
        # forbids removing an open file; there releasing the lock removes it.
        if once or (fleeting and not place.exists()):
            with suppress(OSError):
                Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


@contextmanager
def staged(out: Path, *, replace: bool = False, once: bool = False) -> Iterator[Path]:
    """Give an empty folder beside `out` to fill; it becomes `out` only when the block ends without an error.

    Args:
        out: the folder to make.
        replace: whether an `out` that already holds something is exchanged for the new one.
        once: whether nobody will write to it again, so that no lock need stay beside it.

    Raises:
        CannotWrite: `out` holds something and `replace` is false, or the place cannot be written.
    """
    place = out.absolute()
    if not replace:
        refuse_filled(place)  # also before there is a lock to leave behind
    with locked(place, fleeting=True, once=once):
        if not replace:
            refuse_filled(place)
        temporary = place.with_name(f".{place.name}.{secrets.token_hex(4)}.new")
        try:
            temporary.mkdir()
        except OSError as error:
            raise cannot_write(out, error) from error
        try:
            yield temporary
            _exchange(temporary, place)
        except ChanheError:
            raise  # an Unreadable input is an OSError too, but says itself what is wrong
        except OSError as error:
            raise cannot_write(out, error) from error
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def put_aside(folder: Path) -> Path:
    """Rename a folder to one beside it that carries the moment, and return that.

    Raises:
        CannotWrite: it cannot be renamed.
    """
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = folder.absolute().with_name(f"{folder.name}.{moment}")
    try:
        _replace(folder, aside)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return aside


def check_writable(path: Path) -> None:
    """Try whether a file or folder could be written at `path`, before the work that fills it; nothing stays behind.

    Raises:
        CannotWrite: it could not: a part of the path is a file, a permission is missing, the disk is full or read-only.
    """
    place = path.absolute()
    there = next((folder for folder in place.parents if folder.exists()), place.parent)
    trial = there / f".{place.name}.{secrets.token_hex(4)}.tmp"
    try:
        if there.is_dir():
            trial.write_bytes(b" ")
        else:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)


def refuse_filled(out: Path) -> None:
    """Raise CannotWrite where `out` is a file, or a folder that already holds something."""
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise CannotWrite(Text(f"{out} 已有内容，未作改动。请换一个新文件夹；若要在已有数据包上追加，请用 --from 指定它。",
                               f"{out} already holds something and was left alone. Choose a new folder, or name it with --from to add to it."))


def cannot_write(path: Path, error: OSError) -> CannotWrite:
    """Return the error for a place that cannot be written, with the reason in words."""
    return CannotWrite(Text("无法写入 {path}：{why}。请检查文件夹权限、磁盘空间，或换一个位置。",
                            "Cannot write {path}: {why}. Check the folder's permissions and disk space, or choose another place.").format(path=path, why=cause(error)))


def _replace(source: Path, target: Path) -> None:
    """Put `source` in the place of `target`; on Windows a reader may hold the target open for a moment."""
    for attempt in range(_TRIES):
        try:
            source.replace(target)
        except PermissionError:
            if os.name != "nt" or attempt == _TRIES - 1:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def _exchange(new: Path, place: Path) -> None:
    """Put the folder `new` in the place of `place`; should that fail, the old one is put back."""
    if not place.exists():
        _replace(new, place)
        return
    old = place.with_name(f".{place.name}.{secrets.token_hex(4)}.old")
    _replace(place, old)
    try:
        _replace(new, place)
    except OSError:
        _replace(old, place)
        raise
    shutil.rmtree(old, ignore_errors=True)
