"""Which sites a filter shows: the one rule that the map, the table, the tray and every download follow."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import geopandas as gpd
import pandas as pd

from geodata.district import LOCATION_CLASSES, ORIGINS, SITE_COLUMNS, STATUSES, District
from geodata.errors import Unknown
from geodata.ledger import GROUPS
from geodata.question import DEFAULT_SEED
from geodata.standins import stand_ins as draw_stand_ins
from layers import Text, every_layer

_UNLOCATED = Text("{name}（待落位）", "{name} (not yet located)")


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter over sites. An empty field keeps everything.

    Attributes:
        layers: layer keys.
        status: of `district.STATUSES`.
        years: years.
        location_classes: of `district.LOCATION_CLASSES`.
        origins: of `district.ORIGINS`.
        groups: parts of the report (`ledger.GROUPS`); sites of no commitment belong to none.
        text: stands in a site's names, place hint, layer or the report's words; without regard to case.
        stand_ins: whether demo sites come along (never on real streets, which have none).
        draw: which draw of them.
        seed: its seed.
    """

    layers: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    location_classes: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    text: str = ""
    stand_ins: bool = False
    draw: int = 1
    seed: int = DEFAULT_SEED

    def check(self) -> None:
        """Raise Unknown where a field names what does not exist; the message names the nearest."""
        check_layers(self.layers)
        check_choices(status=self.status, location_classes=self.location_classes, origins=self.origins, groups=self.groups)

    def query(self) -> dict[str, str]:
        """Return the filter as parameters under their command-line names; what keeps everything is left out."""
        lists = {"layer": self.layers, "status": self.status, "year": self.years, "location-class": self.location_classes,
                 "origin": self.origins, "group": self.groups}
        told = {name: ",".join(str(value) for value in values) for name, values in lists.items() if values}
        told |= {"text": self.text} if self.text.strip() else {}
        return told | ({"stand-ins": "yes", "draw": str(self.draw), "seed": str(self.seed)} if self.stand_ins else {})


def select(district: District, *, layers: Sequence[str] = (), status: Sequence[str] = (), years: Sequence[int] = (),
           location_classes: Sequence[str] = (), origins: Sequence[str] = (), groups: Sequence[str] = (), text: str = "",
           stand_ins: bool = False, draw: int = 1, seed: int = DEFAULT_SEED) -> gpd.GeoDataFrame:
    """Return the sites a filter shows; see `Selection` for the fields and `selected` for what comes back."""
    return selected(district, Selection(tuple(layers), tuple(status), tuple(years), tuple(location_classes), tuple(origins),
                                        tuple(groups), text, stand_ins, draw, seed))


def selected(district: District, selection: Selection) -> gpd.GeoDataFrame:
    """Return the sites that pass every part of `selection`, in the order of the district, demo sites last.

    A demo site passes a filter by status and year as the place it stands for would (the rule of `geodata.standins`).

    Returns:
        Columns SITE_COLUMNS, after `amount` also `amount_unit`, and geometry, in the district's metric CRS; geometry is None where
        there is no place.

    Raises:
        Unknown: a layer, status, location class, origin or group that does not exist; the message names the nearest.
    """
    selection.check()
    frame = every_site(district, selection)
    keep = pd.Series(data=True, index=frame.index)
    group = frame["commitment"].map(district.ledger.set_index("id")["group"])
    wanted: list[tuple[pd.Series, Collection[Any]]] = [
        (frame["layer"], selection.layers), (frame["status"], selection.status), (frame["year"], selection.years),
        (frame["location_class"], selection.location_classes), (frame["origin"], selection.origins), (group, selection.groups)]
    for column, values in wanted:
        if values:
            keep &= column.isin(values).fillna(value=False)
    asked = selection.text.strip().lower()
    if asked:
        keep &= site_texts(district, frame).str.contains(asked, regex=False)
    return with_units(frame[keep.astype(bool)].reset_index(drop=True), district.ledger)


def with_units(frame: gpd.GeoDataFrame, ledger: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return sites with `amount_unit` after their `amount`: the unit of their commitment's quantity, empty without one."""
    units = dict(zip(ledger["id"], ledger["unit"], strict=True))
    wider = frame.copy()
    wider.insert(int(wider.columns.get_loc("amount")) + 1, "amount_unit", pd.Series([str(units.get(of, "")) for of in frame["commitment"]], index=frame.index, dtype=str))
    return wider


def every_site(district: District, selection: Selection) -> gpd.GeoDataFrame:
    """Return all sites, with the demo sites where `selection` ticks them and none of its filters applied."""
    columns = [*SITE_COLUMNS, "geometry"]
    sites = district.sites[district.sites["location_class"] != "stand_in"][columns]
    if not selection.stand_ins:
        return sites.reset_index(drop=True)
    demo = draw_stand_ins(district, draw=selection.draw, seed=selection.seed)
    if demo.empty:
        return sites.reset_index(drop=True)
    both = pd.concat([sites, demo.to_crs(district.metric_crs)[columns].astype(sites.dtypes.to_dict())], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=district.metric_crs)


def site_texts(district: District, frame: gpd.GeoDataFrame) -> "pd.Series[str]":
    """Return for each site the words a search looks through, in lower case: both names, place hints, layer, the report's words."""
    ledger = district.ledger.set_index("id")
    kinds = site_kinds(district.ledger)
    words = [_words(row, ledger, kinds) for row in frame[list(SITE_COLUMNS)].to_dict("records")]
    return pd.Series(words, index=frame.index, dtype=str)


def shown_name(site: dict[str, Any], kind: Text | None = None) -> Text:
    """Return what a site is called on the page; nameless ones by their layer, or `kind` (see `site_kinds`), and number."""
    own = Text(site["name_zh"] or site["name_en"], site["name_en"] or site["name_zh"])
    if own.zh:
        return own
    layer = every_layer().get(site["layer"])
    number = re.search(r"(\d+)$", site["id"])
    one = kind or (layer.one if layer else Text(site["layer"], site["layer"]))
    name = Text(*(f"{word} {int(number[1])}" if number else word for word in (one.zh, one.en)))
    return _UNLOCATED.format(name=name) if site["location_class"] == "unlocated" else name


def site_kinds(ledger: pd.DataFrame) -> dict[str, Text]:
    """Return for commitments whose nameless sites would share a name what one site of each is called.

    A public and an ecological car park are both car parks, and both would be number 1; so would an alley of last year and
    one of this year: then the year stands in the name.
    """
    told = ledger[(ledger["layer"] != "") & ledger["quantity"].notna() & (ledger["same_as"] == "") & (ledger["of"] == "")]
    places = told[told["unit_is_place"].astype(bool)]
    shared = places[places.duplicated(["layer", "year"], keep=False)]
    # The ledger's English names count several.
    kinds = {str(key): Text(zh, en.removesuffix("s")) for key, zh, en in zip(shared["id"], shared["zh"], shared["en"], strict=True)}
    years = told.groupby("layer")["year"].transform("nunique")
    for key, name, year in told.loc[years > 1, ["id", "layer", "year"]].dropna().itertuples(index=False):
        kind = kinds.get(key) or every_layer()[name].one
        kinds[key] = Text(f"{year} 年{kind.zh}", f"{year} {kind.en}")
    said_twice = ledger[ledger["same_as"].isin(kinds)]
    return kinds | {str(key): kinds[same] for key, same in zip(said_twice["id"], said_twice["same_as"], strict=True)}


def unknown(kind: Text, name: str, known: Collection[str], also: "dict[str, str] | None" = None) -> Unknown:
    """Return the error for a name that does not exist, with the nearest that do.

    Args:
        kind: what was looked for (`图层 / layer`).
        name: what was given.
        known: the names there are.
        also: other words people use for them, each with the name it means.
    """
    words = {key.lower(): key for key in known} | {word.lower(): key for word, key in (also or {}).items()}
    asked = name.strip().lower()
    near = [words[w] for w in get_close_matches(asked, words, n=6, cutoff=0.5)]
    near += [key for word, key in words.items() if asked and (asked in word or word in asked)]
    close = list(dict.fromkeys(near))[:3]
    hint = (Text(f"最接近的是：{'、'.join(close)}。", f"Nearest: {', '.join(close)}.") if close else
            Text(f"可用：{'、'.join(known)}。", f"Use one of: {', '.join(known)}."))
    return Unknown(Text("没有名为 {name} 的{kind}。{hint}", "There is no {kind} named {name}. {hint}").format(kind=kind, name=repr(name), hint=hint))


def check_layers(keys: Collection[str]) -> None:
    """Raise Unknown where a key is no layer's."""
    layers = every_layer()
    names = {word: key for key, layer in layers.items() for word in (layer.name.zh, layer.name.en, layer.one.zh, layer.one.en)}
    for key in keys:
        if key not in layers:
            raise unknown(Text("图层", "layer"), key, layers, names)


def check_choices(*, status: Collection[str] = (), location_classes: Collection[str] = (), origins: Collection[str] = (),
                  groups: Collection[str] = ()) -> None:
    """Raise Unknown where a value is none of those in use; the message names the nearest."""
    for kind, values, known in (
        (Text("状态", "status"), status, STATUSES),
        (Text("位置类别", "location class"), location_classes, LOCATION_CLASSES),
        (Text("来历", "origin"), origins, ORIGINS),
        (Text("报告部分", "part of the report"), groups, GROUPS),
    ):
        for value in values:
            if value not in known:
                raise unknown(kind, value, known)


def _words(site: dict[str, Any], ledger: pd.DataFrame, kinds: dict[str, Text]) -> str:
    name, layer = shown_name(site, kinds.get(site["commitment"])), every_layer().get(site["layer"])
    words = [name.zh, name.en, site["name_zh"], site["name_en"], site["place_hint_zh"], site["place_hint_en"]]
    words += [layer.name.zh, layer.name.en] if layer else []
    if site["commitment"] in ledger.index:
        words += list(ledger.loc[site["commitment"], ["zh", "en", "quote"]])
    return " ".join(words).lower()
