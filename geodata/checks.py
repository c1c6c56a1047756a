"""What is wrong with a file, as a table a planner can work through: row, field, value, what to do.

A row is never refused by an exception; each check returns its findings, and the caller decides with `refuse_errors`.
"""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.errors import BadInput, Problem, ProblemsFound
from geodata.headings import called, words_for
from geodata.numerals import several
from layers import Lang, Text

ROW: Final = "row"
"""Column that carries a row's number as the user counts it (a table's first data row is 2, under its heading)."""
PROBLEM_COLUMNS: Final = ("file", "row", "field", "value", "level", "code", "message", "remedy")
NEAR_M: Final = 1_000.0
"""A site may lie this far outside the boundary, in metres, before it is taken for a mistake."""
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def problems_frame(problems: Iterable[Problem], lang: Lang) -> pd.DataFrame:
    """Return the findings as a table with PROBLEM_COLUMNS, in `lang`; texts from files stand as they are."""
    rows = [(p.file, p.row, p.field, p.value, p.level, p.code, p.message.say(lang), p.remedy.say(lang)) for p in problems]
    return pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS)).astype({"row": "Int64"})


def problems_csv(problems: Iterable[Problem], lang: Lang) -> bytes:
    """Return the findings as CSV that a spreadsheet opens: UTF-8 with BOM, and no cell is taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(PROBLEM_COLUMNS)
    for row in problems_frame(problems, lang).astype(object).itertuples(index=False):
        writer.writerow(["" if value is pd.NA else _plain_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def in_file(problems: Iterable[Problem], file: str) -> list[Problem]:
    """Return the findings with the name of the input they were found in."""
    return [replace(p, file=p.file or file) for p in problems]


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Return those findings that keep a row from being used."""
    return [p for p in problems if p.level == "error"]


def good_rows(frame: gpd.GeoDataFrame, problems: Iterable[Problem]) -> gpd.GeoDataFrame:
    """Return the rows of `frame` without an error."""
    bad = {p.row for p in errors_of(problems)}
    return frame[~frame[ROW].isin(bad)]


def refuse_errors(problems: Sequence[Problem], what: Text) -> None:
    """Raise ProblemsFound where one of the findings is an error.

    Args:
        problems: all findings; they travel with the error.
        what: the input they belong to.
    """
    bad = errors_of(problems)
    if not bad:
        return
    first = bad[0]
    file = Text(f"{first.file} ", f"{first.file}, ") if first.file and first.file not in what.zh else Text("", "")
    row = Text(f"第 {first.row} 行，", f"row {first.row}, ") if first.row is not None else Text("", "")
    raise ProblemsFound(
        Text("{what}：{n} 处问题，未采用。首个：{file}{row}{field}：{message}{remedy}",
             "{what}: {n}, not used. First: {file}{row}{field}: {message} {remedy}").format(
                 what=what, n=Text(str(len(bad)), several(len(bad), "problem")), file=file, row=row, field=first.field, message=first.message, remedy=first.remedy), problems)


def need_columns(frame: pd.DataFrame, needed: Collection[str], what: Text) -> None:
    """Raise BadInput where a column is missing, naming those found."""
    missing = [name for name in needed if name not in frame]
    if missing:
        heads = frame.attrs.get("headings") or {str(c): str(c) for c in frame.columns}
        found = [typed for ours, typed in heads.items() if ours not in {ROW, "geometry"} and not ours.startswith("_")]
        names = [called(name) for name in missing]
        raise BadInput(Text("{what} 缺少列：{missing}。文件中的列：{found}。请改列名或补列后再导入。",
                            "{what} lacks the column(s) {missing}. Found: {found}. Rename or add them and import again.").format(
                                what=what, missing=Text("、".join(n.zh for n in names), ", ".join(n.en for n in names)),
                                found=Text("、".join(found) or "—", ", ".join(found) or "—")))


def check_ids(frame: gpd.GeoDataFrame, field: str) -> list[Problem]:
    """Find ids that stand more than once; empty ones do not count."""
    if field not in frame:
        return []
    ids = frame[field].fillna("").astype(str).str.strip()
    twice = ids.duplicated(keep="first") & (ids != "")
    return [Problem(int(row), field, value, "duplicate_id", Text("编号重复。", "This id stands more than once."),
                    Text("请给每行不同的编号，或删去重复行。", "Give every row its own id, or delete the repeated row."))
            for row, value in zip(frame[ROW][twice], ids[twice], strict=True)]


def check_repeats(frame: gpd.GeoDataFrame, metric_crs: object) -> list[Problem]:
    """Find, as warnings, points and names that stand more than once in a file, and rows without a name."""
    found = _unnamed(frame)
    names = _names(frame).str.normalize("NFKC").str.replace(" ", "").str.casefold()
    there = frame.geometry.notna() & ~frame.geometry.is_empty & (frame.geometry.geom_type == "Point")
    metres = frame.geometry[there].to_crs(metric_crs)
    points = pd.Series("", index=frame.index, dtype=object)
    points = points.mask(there, pd.Series([f"{x:.0f} {y:.0f}" for x, y in zip(metres.x, metres.y, strict=True)], index=metres.index, dtype=object))
    for values, field, code, what in ((points, "lon, lat", "same_place", Text("与第 {row} 行的位置相同（精确到米）。", "Stands where row {row} stands (to the metre).")),
                                      (names, "name_zh", "same_name", Text("与第 {row} 行同名。", "Has the name of row {row}."))):
        first: dict[str, int] = {}
        for row, value, name in zip(frame[ROW].astype(int), values, _names(frame), strict=True):
            if not value:
                continue
            if value in first:
                found.append(Problem(row, field, name if field == "name_zh" else "", code, what.format(row=first[value]),
                                     Text("两行会各算一处；如是同一处，请删去一行。", "They count as two; if they are one place, delete a row."), "warning"))
            first.setdefault(value, row)
    return found


def _names(frame: gpd.GeoDataFrame) -> "pd.Series[str]":
    """Return each row's name, empty where it has none."""
    told = pd.Series("", index=frame.index, dtype=object)
    for column in ("name_en", "name_zh"):
        if column in frame:
            own = frame[column].fillna("").astype(str).str.strip()
            told = own.where(own != "", told)
    return told


def _unnamed(frame: gpd.GeoDataFrame) -> list[Problem]:
    """Say which rows have no name; said once of a file that names none."""
    empty = _names(frame) == ""
    remedy = Text("请填写名称，以便核对和再次导入时对上同一处。", "Give it a name, so that it can be checked and found again by a later import.")
    if empty.all() and len(frame) > 1:
        there = "name_zh" in frame or "name_en" in frame
        told = Text(f"{len(frame)} 行都没有名称。", f"None of the {len(frame)} rows has a name.") if there else Text("没有认出名称列。", "No column of names was recognised.")
        return [Problem(None, "name_zh", "", "no_names", told, remedy, "warning")]
    return [Problem(int(row), "name_zh", "", "no_name", Text("没有名称。", "There is no name."), remedy, "warning") for row in frame[ROW][empty]]


def check_numbers(frame: gpd.GeoDataFrame, field: str, *, least: float | None = None, most: float | None = None,
                  required: bool = False) -> tuple["pd.Series[float]", list[Problem]]:
    """Return a column as numbers (NaN where none) with its findings: not a number, below `least`, above `most`, missing."""
    raw = frame[field] if field in frame else pd.Series([None] * len(frame), index=frame.index, dtype=object)
    text = raw.astype(object).where(raw.notna(), "").astype(str).str.normalize("NFKC").str.replace(",", "").str.strip()
    numbers = pd.to_numeric(text.where(text != "", None), errors="coerce").astype(float)
    numbers = numbers.where(np.isfinite(numbers))
    found: list[Problem] = []
    held = raw.astype(object).where(raw.notna(), "").astype(str)
    for row, value, number in zip(frame[ROW], held, numbers, strict=True):
        problem = _number_problem(int(row), field, value, float(number), least=least, most=most, required=required)
        found += [problem] if problem else []
    return numbers, found


def check_people(frame: gpd.GeoDataFrame, field: str = "people") -> tuple["pd.Series[float]", list[Problem]]:
    """Return the population column as numbers with its findings; it must not be negative or empty."""
    return check_numbers(frame, field, least=0.0, required=True)


def check_choice(frame: gpd.GeoDataFrame, field: str, choices: Collection[str]) -> list[Problem]:
    """Find values of `field` that are none of `choices`; empty ones do not count."""
    if field not in frame:
        return []
    values = frame[field].fillna("").astype(str)
    wrong = ~values.isin([*choices, ""])
    allowed = words_for(field, choices)
    return [Problem(int(row), field, value, "unknown_value", Text("不在可用取值之内。", "Not one of the values in use."),
                    Text("可用：{allowed}。", "Use one of: {allowed}.").format(allowed=allowed))
            for row, value in zip(frame[ROW][wrong], values[wrong], strict=True)]


def check_inside(frame: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame, *, near_m: float = NEAR_M) -> list[Problem]:
    """Find places outside the district: within `near_m` of it a warning, beyond it an error.

    Args:
        frame: WGS-84, with ROW.
        boundary: the district's boundary in its metric CRS.
        near_m: metres.
    """
    outline = boundary.geometry.union_all()
    has_place = frame.geometry.notna() & ~frame.geometry.is_empty
    bounds = frame.geometry.bounds
    degrees = (bounds[["minx", "maxx"]].abs() <= 180).all(axis=1) & (bounds[["miny", "maxy"]].abs() <= 90).all(axis=1)
    away = frame.geometry[has_place & degrees].to_crs(boundary.crs).distance(outline).reindex(frame.index[has_place], fill_value=np.inf)
    found = []
    for label, metres in away[away > 0].items():
        where = frame.geometry.loc[label].representative_point()
        found.append(_outside(int(frame.at[label, ROW]), (where.x, where.y), float(metres), outline_wgs=boundary, near_m=near_m))
    return found


def _outside(row: int, at: tuple[float, float], metres: float, *, outline_wgs: gpd.GeoDataFrame, near_m: float) -> Problem:
    """Return the finding for one place outside; says so where the numbers would lie inside the other way round."""
    value = f"{at[0]:.6f}, {at[1]:.6f}"
    turned = gpd.GeoSeries.from_xy([at[1]], [at[0]], crs="EPSG:4326").to_crs(outline_wgs.crs)
    if np.isfinite(turned.x.iloc[0]) and bool(turned.within(outline_wgs.geometry.union_all()).iloc[0]):
        return Problem(row, "lon, lat", value, "swapped", Text("经度与纬度写反了：对调后位于本区。", "Longitude and latitude are swapped: the other way round it lies in the district."),
                       Text("请对调两列。", "Swap the two columns."))
    if metres <= near_m:
        return Problem(row, "lon, lat", value, "just_outside", Text(f"在区界外 {metres:,.0f} 米。", f"{metres:,.0f} m outside the boundary."),
                       Text("请核对位置；若坐标系有误，请改选坐标系（命令行：--datum）。", "Check the position; if the datum is another, choose it (command line: --datum)."), "warning")
    if not np.isfinite(metres):
        return Problem(row, "lon, lat", value, "not_degrees", Text("不是经纬度。", "Not degrees."), Text("请核对坐标系。", "Check the datum."))
    far = Text(f"{metres / 1000:,.1f} 公里", f"{metres / 1000:,.1f} km")
    return Problem(row, "lon, lat", value, "outside", Text("不在本区：距区界 {far}。", "Not in the district: {far} from its boundary.").format(far=far),
                   Text("请核对坐标和坐标系；若属本区代管的范围（如白马寺镇），请先导入包含它的区界。",
                        "Check the coordinates and their datum; if the place is run by the district (such as 白马寺镇), import a boundary that holds it first."))


def _number_problem(row: int, field: str, value: str, number: float, *, least: float | None,
                    most: float | None, required: bool) -> Problem | None:
    """Return what is wrong with one number, or None."""
    if not value.strip():
        return Problem(row, field, value, "missing_value", Text("缺少数值。", "The value is missing."),
                       Text("请填写数值。", "Fill in a number.")) if required else None
    if np.isnan(number):
        return Problem(row, field, value, "not_a_number", Text("不是数值。", "Not a number."), Text("请只填数字。", "Write digits only."))
    if least is not None and number < least:
        return Problem(row, field, value, "too_small", Text(f"不能小于 {least:g}。", f"Must not be below {least:g}."),
                       Text("请核对该数值。", "Check the value."))
    if most is not None and number > most:
        return Problem(row, field, value, "too_large", Text(f"不能大于 {most:g}。", f"Must not exceed {most:g}."),
                       Text("请核对该数值。", "Check the value."))
    return None


def _plain_cell(value: Any) -> Any:
    """Return a cell no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
