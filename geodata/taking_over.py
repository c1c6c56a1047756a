"""A file's rows become sites: they take over what the programme has not yet located, or stand beside it."""

import dataclasses
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.checks import (
    ROW,
    check_choice,
    check_ids,
    check_inside,
    check_numbers,
    check_repeats,
    errors_of,
    in_file,
)
from geodata.district import LOCATED_CLASSES, ORIGINS, SITE_COLUMNS, STATUSES, District
from geodata.errors import BadInput, Problem, Unknown
from geodata.filed import in_file_words
from geodata.placing import CLASS_LIMITS_M, CLASS_NAMES, Limits, check_claim, hints_of_a_located, next_id, now
from geodata.sitefile import NUMBER_COLUMNS, normal_sites
from layers import Lang, Text, every_layer

SAME_PLACE_M: Final = 1.0
"""A row this near a site of the same layer, name and origin is that site again, metres."""
UNSTATED_M: Final = 100.0
"""Uncertainty of a row that states neither class nor uncertainty, metres."""
READ: Final = ("id", "name_zh", "name_en", "lon", "lat", "commitment", "origin", "amount", "capacity", "status", "status_as_of", "year", "location_class", "uncertainty_m",
               "place_hint_zh", "place_hint_en", "basis_zh", "basis_en", "source_zh", "source_en", "document", "geometry")
"""Columns of a file that an import reads."""
_CARRIED: Final = ("name_zh", "name_en", "capacity", "status", "status_as_of", "year", "place_hint_zh", "place_hint_en", "document")

_EXAMPLES: Final = ("示例", "example")
_TEMPLATE: Final = (
    (Text("编号", "id"), Text("示例", "example")), (Text("名称", "name_zh"), Text("示例行不会导入", "this example row is never imported")),
    (Text("经度", "lon"), Text("112.490000", "112.490000")), (Text("纬度", "lat"), Text("34.690000", "34.690000")),
    (Text("性质", "origin"), Text("规划", "programme")), (Text("承诺编号", "commitment"), Text("", "")), (Text("数量", "amount"), Text("1", "1")),
    (Text("容量", "capacity"), Text("", "")), (Text("状态", "status"), Text("计划", "planned")), (Text("年份", "year"), Text("2022", "2022")),
    (Text("定位类别", "location_class"), Text("地址", "address")), (Text("误差（米）", "uncertainty_m"), Text("100", "100")),
    (Text("依据", "basis_zh"), Text("现场踏勘", "site visit")), (Text("来源", "source_zh"), Text("", "")),
)
"""Headings and the example row of the table to fill in."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What rows that state neither class nor uncertainty are taken for, as the user chose for the whole file.

    Attributes:
        location_class: one of LOCATED_CLASSES.
        uncertainty_m: metres, within what the class allows.
        basis: what the positions rest on; required for `surveyed`.
    """

    location_class: str
    uncertainty_m: float
    basis: str = ""

    def check(self) -> None:
        """Raise BadInput where the class does not allow the uncertainty, or surveyed positions rest on nothing."""
        check_claim(self.location_class, self.uncertainty_m, Limits(LOCATED_CLASSES, 1.0, self.location_class, self.uncertainty_m))
        if self.location_class == "surveyed" and not self.basis.strip():
            raise BadInput(Text("定为“实测”须填写依据（如测量单位、成果编号）。", "Surveyed positions need a basis (who surveyed them, the number of the survey)."))


@dataclass
class _Sites:
    """The sites while rows are laid over them: one mapping a site, geometry in the metric CRS."""

    rows: list[dict[str, Any]]
    layer: str
    promises: dict[str, Text]
    taken: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)

    def of_layer(self) -> list[dict[str, Any]]:
        """Return the sites of this layer that no row has taken yet."""
        return [row for row in self.rows if row["layer"] == self.layer and row["id"] not in self.taken]

    def new_id(self, stem: str) -> str:
        """Return the next free id."""
        if stem not in self.numbers:
            self.numbers[stem] = int(next_id(pd.DataFrame({"id": [row["id"] for row in self.rows]}), stem).removeprefix(f"{stem}-")) - 1
        self.numbers[stem] += 1
        return f"{stem}-{self.numbers[stem]:02d}"


def import_sites(district: District, layer: str, frame: gpd.GeoDataFrame, *, file: str = "", updated_by: str = "",
                 claim: Claim | None = None) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Return the district's sites with a file's rows laid over those of `layer`, and the findings.

    A row takes over a site of its id, else of its name, else the next unlocated, nameless one of the layer's commitments (latest
    year first, or that of the row's `commitment` or `year`). A row of origin `existing` becomes an existing facility; a row beyond
    what is promised is added and shows as such in the ledger. A row that states neither class nor uncertainty is taken for what `claim`
    says, without one for an `address`, good to 100 m (a line for a `street`), and a warning tells so. A row that says of a located site
    what is already known leaves it as it is. Rows with errors are left out.

    Args:
        district: the district as it stands; its metric CRS and boundary hold.
        layer: layer key.
        frame: WGS-84 with ROW, as `intake.read_vector` gives it.
        file: the file's name, kept as the sites' source.
        updated_by: who imported it.
        claim: what rows without class and uncertainty are taken for.

    Raises:
        Unknown: no such layer.
        BadInput: `frame` has no rows, or `claim` cannot be made.
    """
    if layer not in every_layer():
        raise Unknown(Text(f"没有图层 {layer!r}。可用：{'、'.join(every_layer())}。", f"There is no layer {layer!r}. Use one of {', '.join(every_layer())}."))
    frame = without_examples(frame)
    if frame.empty:
        raise BadInput(Text(f"{file}没有数据行。", f"{file} has no rows."))
    if claim is not None:
        claim.check()
    ready, problems = _checked(district, frame, layer, claim)
    bad = {p.row for p in errors_of(problems)}
    metric = ready.to_crs(district.metric_crs)
    sites = _Sites([dict(row, geometry=shape) for row, shape in zip(district.sites[list(SITE_COLUMNS)].to_dict("records"), district.sites.geometry, strict=True)], layer,
                   {key: Text(zh, en) for key, zh, en in district.ledger[["id", "zh", "en"]].itertuples(index=False)})
    for given in metric[~metric[ROW].isin(bad)].to_dict("records"):
        if given["geometry"] is not None and not given["geometry"].is_empty:
            problems += _lay_over(sites, given, file or layer, updated_by)
    table = pd.DataFrame([{k: v for k, v in row.items() if k != "geometry"} for row in sites.rows])
    shapes = gpd.GeoSeries([row["geometry"] for row in sites.rows], crs=district.metric_crs)
    return normal_sites(gpd.GeoDataFrame(table, geometry=shapes, crs=district.metric_crs)), in_file(in_file_words(frame, problems), file)


def without_examples(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows that are no example rows of `template` (their id begins with 示例 or `example`)."""
    if "id" not in frame:
        return frame
    return frame[~frame["id"].fillna("").astype(str).str.lower().str.startswith(_EXAMPLES)]


def template(lang: Lang) -> bytes:
    """Return a CSV table to fill in, with one example row that is never imported: UTF-8 with BOM, headings in `lang`."""
    heads = [head.say(lang) for head, _ in _TEMPLATE]
    cells = [cell.say(lang) for _, cell in _TEMPLATE]
    return f"{','.join(heads)}\r\n{','.join(cells)}\r\n".encode("utf-8-sig")


def unstated(frame: gpd.GeoDataFrame) -> "pd.Series[bool]":
    """Return which rows state neither a location class nor an uncertainty."""
    blank = pd.Series(True, index=frame.index)
    for name in ("location_class", "uncertainty_m"):
        if name in frame:
            blank &= frame[name].fillna("").astype(str).str.strip() == ""
    usable = frame.geometry.notna() & ~frame.geometry.is_empty
    return blank & pd.Series(usable.to_numpy(dtype=bool), index=frame.index)


def _checked(district: District, frame: gpd.GeoDataFrame, layer: str, claim: Claim | None) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Return the rows with their numbers as numbers and a class and uncertainty each, and the findings."""
    problems = check_ids(frame, "id") + check_inside(frame, district.boundary) + check_repeats(frame, district.metric_crs)
    problems += check_choice(frame, "origin", ORIGINS) + check_choice(frame, "status", STATUSES)
    problems += _unknown_promises(district, frame, layer)
    problems += check_choice(frame, "location_class", (*LOCATED_CLASSES, "unlocated"))
    numbers = {}
    for name, least, most in (("amount", 0.0, None), ("capacity", 0.0, None), ("uncertainty_m", 0.0, None), ("year", 1949.0, 2100.0)):
        numbers[name], found = check_numbers(frame, name, least=least, most=most)
        problems += found
    open_ = unstated(frame)
    if claim is None:
        problems += _assumed(open_)
    said = frame["location_class"].fillna("").astype(str) if "location_class" in frame else pd.Series("", index=frame.index)
    lines = pd.Series(shapely.get_dimensions(frame.geometry.to_numpy()) == 1, index=frame.index)
    classes = [_class(one, metres, bool(line)) for one, metres, line in zip(said, numbers["uncertainty_m"], lines, strict=True)]
    metres = numbers["uncertainty_m"].fillna(pd.Series([min(CLASS_LIMITS_M.get(c, UNSTATED_M), UNSTATED_M) for c in classes], index=frame.index))
    bases = frame["basis_zh"].fillna("").astype(str) if "basis_zh" in frame else pd.Series("", index=frame.index)
    if claim is not None:
        lies = [kind if line and claim.location_class == "address" else claim.location_class for kind, line in zip(classes, lines, strict=True)]
        classes = [chosen if free else kind for kind, chosen, free in zip(classes, lies, open_, strict=True)]  # no line is an address
        metres = metres.mask(open_, claim.uncertainty_m)
        bases = bases.mask(open_ & (bases.str.strip() == ""), claim.basis.strip())
    for row, kind, m in zip(frame[ROW], classes, metres, strict=True):
        if kind in CLASS_LIMITS_M and m > CLASS_LIMITS_M[kind]:
            problems.append(Problem(int(row), "uncertainty_m", f"{m:g} m", "class_limit", Text(f"“{CLASS_NAMES[kind].zh}”的误差不超过 {CLASS_LIMITS_M[kind]:,.0f} 米。", f"\"{kind}\" allows at most {CLASS_LIMITS_M[kind]:,.0f} m."),
                                    Text("请改定位类别或误差。", "Change the location class or the uncertainty.")))
    return frame.assign(**(numbers | {"location_class": classes, "uncertainty_m": metres, "basis_zh": bases})), problems


def _assumed(open_: "pd.Series[bool]") -> list[Problem]:
    """Say of the file what its rows without class and uncertainty are taken for."""
    n = int(open_.sum())
    return [Problem(None, "location_class", "", "class_assumed", Text(f"{n} 行没有写明定位类别和误差，按“{CLASS_NAMES['address'].zh}”、误差 ±{UNSTATED_M:g} 米记（线按“{CLASS_NAMES['street'].zh}”）。",
                                                              f"{n} row(s) state neither location class nor uncertainty; they are taken as \"{CLASS_NAMES['address'].en}\", ±{UNSTATED_M:g} m (lines as \"{CLASS_NAMES['street'].en}\")."),
                    Text("如更准或更粗，请选定整个文件的类别和误差，或在文件中加“定位类别”“误差”两列。",
                         "If they are surer or rougher, choose the class and uncertainty of the whole file, or add the columns location_class and uncertainty_m."), "warning")] if n else []


def _unknown_promises(district: District, frame: gpd.GeoDataFrame, layer: str) -> list[Problem]:
    """Find rows that name a promise which is not one of this layer's."""
    known = district.ledger.loc[district.ledger["layer"] == layer, "id"].tolist()
    return [dataclasses.replace(p, code="unknown_commitment", message=Text("该图层没有这项承诺。", "The layer has no such promise.")) for p in check_choice(frame, "commitment", known)]


def _class(said: str, metres: float, line: bool) -> str:
    """Return the location class of a row: what it says, else what its uncertainty allows, else an address or a street."""
    if said:
        return said
    if np.isnan(metres):
        return "street" if line else "address"
    return next((kind for kind in ("surveyed", "address") if metres <= CLASS_LIMITS_M[kind]), "street" if line else "area")


def _lay_over(sites: _Sites, given: dict[str, Any], file: str, by: str) -> list[Problem]:
    """Lay one located row over the sites."""
    if given["location_class"] == "unlocated":
        return []
    row = int(given[ROW])
    origin = _text(given, "origin") or "programme"
    site = _same(sites, given, origin) or (_open(sites, given) if origin == "programme" else None)
    if site is None:
        stem, commitment = _beyond(sites, given) if origin == "programme" else (f"{sites.layer}-existing", "")
        origin = origin if commitment or origin == "existing" else "existing"
        site = _fresh(sites, _text(given, "id"), stem, commitment, origin)
        sites.rows.append(site)
        _fill(site, given, file, by)
        return [Problem(row, "commitment", commitment, "beyond", Text("多于报告承诺的数量，作为额外项目计入“{promise}”。", "More than the report promises; counted beyond \"{promise}\".").format(promise=sites.promises[commitment]),
                        Text("若为现有设施，请在“性质”列填“现状”。", "If the facility already existed, write \"existing\" in the column origin."), "warning")] if commitment else []
    return _take(sites, site, given, file, by)


def _take(sites: _Sites, site: dict[str, Any], given: dict[str, Any], file: str, by: str) -> list[Problem]:
    """Let a row take over a site, or a part of its amount."""
    whole, part = float(site["amount"]), given["amount"]
    if _says_nothing_new(site, given):
        sites.taken.add(site["id"])
        return []
    if whole > 1 and site["location_class"] == "unlocated" and (np.isnan(part) or part <= 0):
        return [Problem(int(given[ROW]), "amount", "", "amount_needed", Text(f"该项按数量计（尚余 {whole:g}），缺少数量。", f"This promise is counted by amount ({whole:g} left); the row has none."),
                        Text("请加“数量”列（如桩数、户数）。", "Add a column amount (piles, households)."))]
    if whole > 1 and site["location_class"] == "unlocated" and part < whole:
        site["amount"], site["updated_at"] = whole - part, now()
        piece = dict(site, id=sites.new_id(site["commitment"] or site["id"]))
        sites.rows.append(piece)
        site = piece
    _fill(site, given, file, by)
    sites.taken.add(site["id"])
    return []


def _fill(site: dict[str, Any], given: dict[str, Any], file: str, by: str) -> None:
    """Write a row's values into a site."""
    if site["location_class"] == "unlocated":
        site.update(hints_of_a_located(site))
    for name in _CARRIED:
        value = given.get(name)
        if _known(value):
            site[name] = value if name in NUMBER_COLUMNS or name == "year" else str(value)
    if not np.isnan(given["amount"]):
        site["amount"] = float(given["amount"])
    basis, source = _text(given, "basis_zh"), _text(given, "source_zh")
    site.update(
        geometry=given["geometry"], location_class=given["location_class"], uncertainty_m=float(given["uncertainty_m"]),
        basis_zh=basis or f"文件 {file} 所列位置", basis_en=_text(given, "basis_en") or basis or f"position as given in {file}",
        source_zh=source or file, source_en=_text(given, "source_en") or source or file, updated_at=now(), updated_by=by,
    )


def _says_nothing_new(site: dict[str, Any], given: dict[str, Any]) -> bool:
    """Return whether a row tells of a located site only what is known of it."""
    if site["geometry"] is None or site["location_class"] != given["location_class"] or site["geometry"].geom_type != given["geometry"].geom_type:
        return False
    told = [(site[name], given[name]) for name in (*_CARRIED, "amount", "basis_zh", "basis_en", "source_zh", "source_en") if name in given and _known(given[name])]
    numbers = [(float(site["uncertainty_m"]), float(given["uncertainty_m"]))]
    for old, new in told:
        if isinstance(new, float):
            numbers.append((float(old) if _known(old) else np.nan, new))
        elif str(old) != str(new).strip():
            return False
    return all(a == b for a, b in numbers) and bool(site["geometry"].hausdorff_distance(given["geometry"]) <= SAME_PLACE_M)


def _fresh(sites: _Sites, wanted: str, stem: str, commitment: str, origin: str) -> dict[str, Any]:
    """Return a new site with nothing known but what it is."""
    used = {row["id"] for row in sites.rows}
    site: dict[str, Any] = dict.fromkeys(SITE_COLUMNS, "")
    site.update(id=wanted if wanted and wanted not in used else sites.new_id(stem), layer=sites.layer, commitment=commitment, origin=origin,
                amount=1.0, capacity=np.nan, uncertainty_m=np.nan, year=pd.NA, status="done" if origin == "existing" else "planned", geometry=None)
    sites.taken.add(site["id"])
    return site


def _same(sites: _Sites, given: dict[str, Any], origin: str) -> dict[str, Any] | None:
    """Return the site a row means by its id, its name, or by standing where it stands."""
    wanted = _text(given, "id")
    names = [n for n in (_plain(_text(given, "name_zh")), _plain(_text(given, "name_en"))) if n]
    own = [site for site in sites.of_layer() if site["origin"] == origin]
    by_id = [site for site in own if wanted and site["id"] == wanted]
    by_name = [site for site in own if (names and _plain(site["name_zh"]) in names) or _plain(site["name_en"]) in names]
    alike = [site for site in own if any(_alike(n, _plain(site["name_zh"])) for n in names)]
    here = [site for site in own if site["geometry"] is not None and (not names or not site["name_zh"])
            and site["geometry"].distance(given["geometry"]) <= SAME_PLACE_M]
    return next((found[0] for found in (by_id, by_name, alike if len(alike) == 1 else [], here) if found), None)


def _alike(one: str, other: str) -> bool:
    """Return whether one name holds the other (巨龙 in 巨龙片区)."""
    return min(len(one), len(other)) >= 2 and (one in other or other in one)


def _open(sites: _Sites, given: dict[str, Any]) -> dict[str, Any] | None:
    """Return the next unlocated, nameless site of a commitment that the row may take over."""
    free = [site for site in sites.of_layer() if site["origin"] == "programme" and site["location_class"] == "unlocated" and not site["name_zh"]]
    wanted, year = _text(given, "commitment"), given["year"]
    free = [site for site in free if (not wanted or site["commitment"] == wanted) and (np.isnan(year) or site["year"] == year)]
    if np.isnan(given["amount"]) and any(site["amount"] == 1 for site in free):
        free = [site for site in free if site["amount"] == 1]
    free.sort(key=lambda site: -_year(site))  # stable: within a year in the order they are listed
    return free[0] if free else None


def _beyond(sites: _Sites, given: dict[str, Any]) -> tuple[str, str]:
    """Return the id stem and the commitment of a row that no unlocated site is left for."""
    wanted = _text(given, "commitment")
    mine = [row for row in sites.rows if row["layer"] == sites.layer and row["commitment"] and (not wanted or row["commitment"] == wanted)]
    mine.sort(key=lambda site: (bool(site["name_zh"]), -_year(site)))
    commitment = mine[0]["commitment"] if mine else ""
    return commitment or f"{sites.layer}-existing", commitment


def _year(site: dict[str, Any]) -> int:
    return int(site["year"]) if _known(site["year"]) else 0


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    return str(value).strip() if _known(value) else ""


def _known(value: object) -> bool:
    return value is not None and value is not pd.NA and value != "" and not (isinstance(value, float) and np.isnan(value))


def _plain(name: str) -> str:
    """Return a name as it is compared."""
    return unicodedata.normalize("NFKC", str(name)).casefold().replace(" ", "")
