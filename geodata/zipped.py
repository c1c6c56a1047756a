"""A zip file without a clock: office documents that come out the same from the same content."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime


def steady(content: bytes, moment: datetime, edit: Callable[[str, bytes], bytes | None] = lambda _name, part: part) -> bytes:
    """Return a zip with every entry dated `moment`; `edit` may change an entry, or leave it out by returning None.

    Args:
        content: the zip.
        moment: the date every entry carries, as its own clock says it.
        edit: name and bytes of an entry → the bytes it becomes.
    """
    # A zip knows no zone and nothing before 1980.
    stamp = max(moment.replace(tzinfo=None), datetime(1980, 1, 1)).timetuple()[:6]  # noqa: DTZ001  see above
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = edit(name, old.read(name))
            if part is not None:
                entry = zipfile.ZipInfo(name, date_time=stamp)
                entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
                new.writestr(entry, part)
    return out.getvalue()
