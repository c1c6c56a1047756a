"""The siting page's question: read from the address, and what its controls offer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final
from urllib.parse import quote, unquote

from geodata.asking.coverage import SPEEDS
from geodata.candidates import GRID_M, LEAST_GRID_M
from geodata.counting import located
from geodata.district import District
from geodata.ledger import amount_text
from geodata.question import DEFAULT_SPEED_M_PER_S, Question
from geodata.siting_amount import number_or_zero, open_promises, open_sites
from geodata.siting_question import Model, Siting
from geodata.standards import LIVING_CIRCLES_M, Mode, standards_of
from geodata.walking import SHARED
from geodata.wording import MODE_NAMES
from layers import Layer, Text, every_layer

PARAMETERS: Final = ("layer", "model", "n", "each", "mode", "m", "min", "speed", "turnout", "reach", "cand", "grid", "from", "keep", "sec",
                     "force", "forbid", "move", "more")
"""Names in the address, in the order of the page."""
OPENING: Final = "micro_fire_stations"
MODELS: Final[Mapping[Model, tuple[Text, Text]]] = {
    "mclp": (Text("覆盖最多的人", "Cover most people"), Text("数量一定，让标准内的人最多（MCLP）。", "With so many sites, have most people within the standard (MCLP).")),
    "lscp": (Text("用最少的点覆盖所有人", "Cover everybody with fewest"), Text("凡能覆盖的人都覆盖，点最少（LSCP）。", "Everybody who can be covered is, with the fewest sites (LSCP).")),
    "p-median": (Text("总步行最少", "Least walking"), Text("数量一定，让所有人走的路加起来最短（p-中位）。", "With so many sites, have everybody's walks add up to least (p-median).")),
    "p-centre": (Text("最远的人走得最近", "Shortest longest walk"), Text("数量一定，让离得最远的人少走（p-中心）。", "With so many sites, let the one farthest away walk least (p-centre).")),
}
CANDIDATES: Final[Mapping[str, Text]] = {
    "grid": Text("网格", "A grid"), "corners": Text("路口", "Street corners"), "layer": Text("某个图层", "A layer"), "file": Text("文件", "A file"),
}
SECONDS: Final = 60.0
_PLAIN: Final = re.compile(r"[\w.,:+@%-]+")
_APART: Final = re.compile(r"[%,，、]|^\s|\s$")
_MINUTES: Final = 3.0
_ALLOWED: Final[Mapping[str, tuple[Text, float, float]]] = {
    "n": (Text("站点数", "Sites"), 1, 2000), "each": (Text("每处数量", "For each site"), 1, 100_000), "m": (Text("其他距离", "Another distance"), 1, 20_000), "min": (Text("时间", "Time"), 0.1, 240),
    "speed": (Text("速度", "Speed"), 0.1, 15), "turnout": (Text("出动准备", "Turnout"), 0, 60), "grid": (Text("网格边长", "Side of a square"), LEAST_GRID_M, 5000), "sec": (Text("求解时限", "Time limit"), 1, 3600),
}
"""Numbers of the address: what each is called, the least and the most it may be."""
_WHOLE: Final = ("n", "each")


@dataclass(frozen=True, slots=True)
class Promised:
    """What a layer is still promised.

    Attributes:
        commitments: of every site still to be located the id of its promise, the one to be fulfilled first at the front.
        name: what the promises say.
        amount: of them without a place yet, in the latest year that has any: years are never added up.
        words: the amount in words, with its unit where a unit is no place; of several years each by itself.
        is_places: whether one of it is one place: 200 piles are not 200 sites.
    """

    commitments: tuple[str, ...]
    name: Text
    amount: float
    words: Text
    is_places: bool


def promised(district: District, layer: str) -> Promised:
    """Return what `layer` is still promised: all its promises of places, or the one that counts something else."""
    return SHARED.get(("promised", district.stamp, layer), lambda: _promised(district, layer), lambda _: 500)


def _promised(district: District, layer: str) -> Promised:
    waiting = open_promises(district, layer)
    if not waiting:
        return Promised((), Text("", ""), 0.0, Text("0", "0"), is_places=True)
    rows = {str(row["id"]): row for row in district.ledger.to_dict("records")}
    first, alike = waiting[0], list(dict.fromkeys(waiting))
    places = bool(rows[first].get("unit_is_place", True))
    free = open_sites(district.sites, layer)
    mine = free[free["commitment"].isin(alike)]
    by_year = mine["amount"].astype(float).groupby([number_or_zero(rows[str(one)].get("year")) for one in mine["commitment"]]).sum().sort_index(ascending=False)
    name = Text("、".join(str(rows[one]["zh"]) for one in alike), ", ".join(str(rows[one]["en"]) for one in alike))
    amount = float(by_year.iloc[0])
    words = Text(f"{amount:,.0f}", f"{amount:,.0f}") if places else amount_text(amount, str(rows[first]["unit"]))
    if len(by_year) > 1:
        told = [(f"{year:.0f}", f"{one:,.0f}") for year, one in by_year.items()]
        words = Text("，".join(f"{year} 年 {one}" for year, one in told), ", ".join(f"{one} of {year}" for year, one in told))
    return Promised(waiting, name, amount, words, is_places=places)


def question_of(asked: Mapping[str, str], district: District) -> Siting:
    """Return the question an address asks; what cannot be read is left at its default."""
    layer = asked["layer"] if asked.get("layer") in sitable() else OPENING
    still = promised(district, layer)
    model: Model = next((name for name in MODELS if name == asked.get("model")), "mclp")
    number = _number(asked, "n")
    if number is None and model != "lscp" and still.is_places and still.amount >= 1:
        number = still.amount
    by_time = asked.get("mode") == "time"
    kind = asked.get("cand") if asked.get("cand") in CANDIDATES else "grid"
    named = every_layer()[layer]
    crew = named.standard is not None and named.standard.minutes is not None
    reach: Mode | None = next((mode for mode in _crew_modes(named) if mode == asked.get("reach")), None) if crew and not (_number(asked, "m") and not by_time) else None
    return Siting(
        layer=layer, model=model, number=None if number is None else max(1, int(number)), metres=None if by_time else _number(asked, "m"),
        minutes=(_number(asked, "min") or _MINUTES) if by_time else None, speed_m_per_s=(by_time and _number(asked, "speed")) or DEFAULT_SPEED_M_PER_S,
        turnout_min=(by_time and _number(asked, "turnout")) or 0.0, mode=reach, candidates=_candidates(asked, str(kind)), keep=asked.get("keep") != "0",
        forced=_listed(asked, "force"), forbidden=_listed(asked, "forbid"), moved=_moved(asked), amount_each=None if still.is_places else _number(asked, "each"),
        seconds=_number(asked, "sec") or SECONDS)


def refused(asked: Mapping[str, str], question: Siting, district: District) -> Text | None:
    """Return what is wrong with a number that was asked for and counts in this question, or None."""
    time = asked.get("mode") == "time"
    idle = {"m"} if time else {"min", "speed", "turnout"}
    idle |= {"grid"} if not question.candidates.startswith("grid") else set()
    idle |= {"each"} if promised(district, question.layer).is_places else set()
    for name, (what, least, most) in _ALLOWED.items():
        text = asked.get(name, "")
        if text and name not in idle and (_number(asked, name) is None or (name in _WHOLE and float(text) != int(float(text)))):
            return Text("“{what}”不能是 {text}，请给 {least} 至 {most} 之间的{kind}。", "{what}: {text} will not do; give a {kind} from {least} to {most}.").format(
                what=what, text=text[:20], least=f"{least:g}", most=f"{most:,.0f}", kind=Text("整数", "whole number") if name in _WHOLE else Text("数", "number"))
    return None


def missing(asked: Siting, district: District) -> Text | None:
    """Return what the question still lacks, or None."""
    still = promised(district, asked.layer)
    if not still.is_places and (asked.number is None or asked.amount_each is None):
        return Text("这项承诺是“{name}”，按数量计，不按站点计。请在“新建多少”里给出站点数和每处的数量。",
                    'The promise is "{name}": it counts units, not sites. Under "How many" give the number of sites and how much goes to each.').format(name=still.name)
    if asked.number is None and asked.model != "lscp":
        return Text("这个图层没有待落位的承诺，请在“新建多少”里给出站点数。", 'Nothing of this layer is waiting for a place. Under "How many" give the number of sites.')
    layer = every_layer()[asked.layer]
    if asked.model in {"mclp", "lscp"} and layer.standard is None and asked.metres is None and asked.minutes is None:
        return Text("这个图层没有查到服务距离标准，请在“标准”里选一个距离。", 'No service distance was found for this layer; choose one under "Standard".')
    return None


def command_of(asked: Siting, file: str = "", datum: str = "") -> str:
    """Return the command that gives the same answer; `file` names the candidates' file, `datum` what its coordinates are in."""
    from_file = asked.candidates == "file"
    told: list[tuple[str, object]] = [
        ("layer", asked.layer), ("model", asked.model), ("number", asked.number), ("metres", asked.metres), ("minutes", asked.minutes),
        ("speed", asked.speed_m_per_s if asked.minutes is not None and asked.speed_m_per_s != DEFAULT_SPEED_M_PER_S else None),
        ("turnout", asked.turnout_min or None if asked.minutes is not None else None), ("mode", asked.mode),
        ("candidates", file if from_file else asked.candidates), ("datum", (from_file and datum) or None), ("each", asked.amount_each),
        ("force", ",".join(map(_coded, asked.forced)) or None), ("forbid", ",".join(map(_coded, asked.forbidden)) or None),
        ("move", ",".join(f"{_coded(name)}~{plain(lon)}~{plain(lat)}" for name, lon, lat in asked.moved) or None),
        ("seconds", asked.seconds if asked.seconds != SECONDS else None)]
    words = [f"--{name} {_quoted(plain(value) if isinstance(value, float) else str(value))}" for name, value in told if value is not None]
    return " ".join(["python -m geodata site", *words, *([] if asked.keep else ["--without-kept"])])


def plain(value: float) -> str:
    """Return a number with every digit it has: read again it is the same.

    >>> plain(300.0), plain(1234567.25)
    ('300', '1234567.25')
    """
    return repr(float(value)).removesuffix(".0")


def _coded(name: str) -> str:
    """Return an id as it stands in a list: what would take the list apart is written as in an address."""
    return _APART.sub(lambda found: quote(found[0]), name)


def _quoted(text: str) -> str:
    """Return a word of a command line, in double quotes where a shell might take it apart."""
    return text if _PLAIN.fullmatch(text) else '"' + text.replace('"', '\\"') + '"'


def sitable() -> dict[str, Layer]:
    """Return the layers whose sites serve on foot."""
    return {key: layer for key, layer in every_layer().items() if layer.serves_on_foot}


def controls(district: District, asked: Siting) -> dict[str, Any]:
    """Return what the controls offer, plain values in both languages."""
    layer = every_layer()[asked.layer]
    still = promised(district, asked.layer)
    there = located(district.sites)["layer"].value_counts()
    return {
        "layers": [{"key": key, **_both(one.name), "left": _both(left.words), "open": left.amount > 0}
                   for key, one in sitable().items() for left in [promised(district, key)]],
        "models": [{"key": key, **_both(name), "why": _both(why)} for key, (name, why) in MODELS.items()],
        "promised": {"name": _both(still.name), "amount": _both(still.words) if still.amount else None, "places": still.is_places},
        "distances": [{"value": f"{metres:g}", "zh": f"{metres:,.0f} m", "en": f"{metres:,.0f} m"} for metres in _distances(layer)],
        "standard": _both(_standard(layer)), "own": layer.standard is not None,
        "speeds": [{"value": f"{value:g}", **_both(name)} for value, name in SPEEDS],
        "reaches": [{"key": mode, **_both(MODE_NAMES[mode])} for mode in _crew_modes(layer)], "minutes": f"{_MINUTES:g}",
        "candidates": [{"key": key, **_both(name)} for key, name in CANDIDATES.items()], "grid": f"{GRID_M:g}",
        "froms": [{"key": key, **_both(one.name), "n": int(there.get(key, 0))} for key, one in every_layer().items() if there.get(key, 0)],
        "seconds": f"{SECONDS:g}", "opening": OPENING,
        "now": {"layer": asked.layer, "model": asked.model, "number": "" if asked.number is None else str(asked.number), "reach": asked.mode or "",
                "kind": asked.candidates.partition(":")[0]},
        "wishes": [*({"kind": "force", "id": name} for name in asked.forced), *({"kind": "forbid", "id": name} for name in asked.forbidden),
                   *({"kind": "move", "id": name} for name, _, _ in asked.moved)],
    }


def _crew_modes(layer: Layer) -> tuple[Mode, ...]:
    """Return the reaches of a crew, none where the layer's standard is no time to the scene."""
    if layer.standard is None or layer.standard.minutes is None:
        return ()
    return tuple(held.mode for held in standards_of(layer, Question((layer.key,))))


def _standard(layer: Layer) -> Text:
    """Return the layer's own standard with its source and stars."""
    held = layer.standard
    if held is None:
        return Text("没有查到服务距离标准，请选一个距离。", "No service distance was found; choose one.")
    what = Text(f"{held.minutes:g} 分钟到场", f"on the scene in {held.minutes:g} min") if held.minutes is not None else Text(f"{held.metres:,.0f} m", f"{held.metres:,.0f} m")
    return Text("{what} · {source} {stars}", "{what} · {source} {stars}").format(what=what, source=held.source, stars=held.certainty)


def _distances(layer: Layer) -> list[float]:
    own = [] if layer.standard is None else [layer.standard.metres, *layer.standard.alternatives]
    return sorted({*own, *LIVING_CIRCLES_M})


def _candidates(asked: Mapping[str, str], kind: str) -> str:
    """Return the candidates as the engine names them."""
    if kind == "grid":
        return f"grid:{plain(_number(asked, 'grid') or GRID_M)}"
    if kind == "layer":
        return f"layer:{asked['from']}" if asked.get("from") in every_layer() else "layer:"
    return kind


def _listed(asked: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unquote(part) for part in asked.get(name, "").split(",") if part))


def _moved(asked: Mapping[str, str]) -> tuple[tuple[str, float, float], ...]:
    """Return the sites dragged elsewhere: `id~lon~lat` each."""
    found = {}
    for part in asked.get("move", "").split(","):
        name, *place = part.split("~")
        try:
            lon, lat = (float(value) for value in place)
        except ValueError:
            continue
        if name and isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) < 90:
            found[unquote(name)] = (lon, lat)
    return tuple((name, *place) for name, place in found.items())


def _number(asked: Mapping[str, str], name: str) -> float | None:
    """Return a number of the address, None where it is none or not among those allowed."""
    try:
        value = float(asked.get(name, ""))
    except ValueError:
        return None
    return value if isfinite(value) and _ALLOWED[name][1] <= value <= _ALLOWED[name][2] else None


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}

