"""Which datum a file's numbers are read as: what the user says set against what the file itself declares."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
from pyproj import CRS

from geodata.crs import DATUMS, WGS84, Datum, parse_datum
from geodata.errors import BadInput, Problem
from layers import Text

READ_AS: Final = "read_as"
"""Key of `frame.attrs`: the datum a file was read as, and who said so, as a Text."""
_UNSTATED: Final = Text("WGS-84（未说明，按此读取）", "WGS-84 (nobody said so)")
_SHIFTED: Final = ("gcj02", "bd09")


@dataclass(frozen=True)
class ReadAs:
    """How a file's numbers are read.

    Attributes:
        frame: the file's places, in the datum's numbers.
        datum: what they mean.
        told: the datum and who said so.
        problems: that one of two statements was set aside.
    """

    frame: gpd.GeoDataFrame
    datum: Datum
    told: Text
    problems: tuple[Problem, ...] = ()


def told_of_table(stated: Datum | None) -> Text:
    """Return what a table was read as; a table declares nothing itself."""
    return _UNSTATED if stated is None else _short(stated)


def settle(frame: gpd.GeoDataFrame, name: str, stated: Datum | None, *, says_crs: bool) -> ReadAs:
    """Return the frame with the datum its numbers are in.

    A declared CRS counts where the user says nothing, and where they say WGS-84 or CGCS2000: then it is converted. GCJ-02 and BD-09
    cannot be declared by a file, so the user's word counts. An EPSG number must be the one the file declares.

    Args:
        frame: as GDAL reads it.
        name: what the user calls the file.
        stated: what the user says.
        says_crs: whether the file declares its CRS itself.

    Raises:
        BadInput: the file declares another CRS than the EPSG number stated, or nobody says what numbers that are no degrees mean.
    """
    inside: CRS | None = frame.crs if says_crs else None
    if inside is None:
        if stated is None:
            return ReadAs(frame, _undeclared(frame, name, assume=frame.crs is not None), _UNSTATED)
        return ReadAs(frame, stated, _short(stated))
    declared = Text(f"{inside.name}（文件自述）", f"{inside.name} (the file says so)")
    if stated is not None and stated.epsg is not None:
        if _system(inside) != _system(CRS.from_epsg(stated.epsg)):
            raise BadInput(Text(
                f"{name} 自身声明的坐标系是 {inside.name}，与所选 {stated.key} 不符。请改选坐标系，或选“以文件自身的说明为准”（命令行：不写 --datum）。",
                f"{name} declares {inside.name}, but {stated.key} was stated. State the right datum, or none to take the file's own."))
        return ReadAs(frame, stated, declared)
    degrees = frame if inside.is_geographic else frame.to_crs(WGS84)
    if stated is None or (_system(inside) == "4326" and stated.key not in _SHIFTED):
        return ReadAs(degrees, stated or parse_datum("wgs84"), declared)
    if stated.key in _SHIFTED:
        told = Text(f"{_short(stated).zh}（所说为准；文件自述 {inside.name}）", f"{_short(stated).en} (as stated; the file says {inside.name})")
        return ReadAs(degrees, stated, told, (_set_aside(name, inside.name, stated, file_counts=False),))
    told = Text(f"{inside.name}（文件自述为准，未按所说的 {stated.key}）", f"{inside.name} (as the file says, not {stated.key} as stated)")
    return ReadAs(degrees, stated, told, (_set_aside(name, inside.name, stated, file_counts=True),))


def _set_aside(name: str, declared: str, stated: Datum, *, file_counts: bool) -> Problem:
    """Return the finding that a file and the user say two things, and whose word was taken."""
    message = (Text(f"文件自述坐标系为 {declared}，所说为 {stated.key}：以文件为准。", f"The file declares {declared}, {stated.key} was stated: the file's was taken.") if file_counts else
               Text(f"文件自述坐标系为 {declared}，所说为 {stated.key}：以所说为准，已还原偏移。", f"The file declares {declared}, {stated.key} was stated: what was stated was taken and its shift undone."))
    return Problem(None, "geometry", declared, "two_datums", message, Text("请核对；若文件自述无误，坐标系请选“以文件自身的说明为准”（命令行：不写 --datum）",
                   "Check it; if the file is right, state no datum"), "warning", name)


def _short(datum: Datum) -> Text:
    """Return a datum's name without what stands in brackets behind it."""
    name = DATUMS[datum.key].name if datum.key in DATUMS else datum.name
    return Text(name.zh.split("（", maxsplit=1)[0], name.en.split(" (", maxsplit=1)[0])


def _undeclared(frame: gpd.GeoDataFrame, name: str, *, assume: bool) -> Datum:
    """Return WGS-84 for a file that says nothing, unless its numbers cannot be degrees."""
    bounds = frame.total_bounds
    if assume or not np.isfinite(bounds).all() or np.abs(bounds).max() <= 180:
        return parse_datum("wgs84")
    raise BadInput(Text(f"{name} 没有坐标系说明，数值又不是经纬度。请选定坐标系（命令行：--datum），如 EPSG:4546（中央经线 111）或 EPSG:4547（114）。",
                        f"{name} declares no CRS and its numbers are not degrees. State the datum, such as EPSG:4546 (central meridian 111) or EPSG:4547 (114)."))


def _system(crs: CRS) -> str:
    """Return what tells two declared systems apart; degrees of WGS-84 and CGCS2000 count as one."""
    code = crs.to_epsg(min_confidence=60)
    alike = code in {4326, 4490, 4979} or crs.equals("EPSG:4326", ignore_axis_order=True)  # RFC 7946's own CRS84 has no EPSG number
    return "4326" if alike else str(code or crs.to_wkt())
