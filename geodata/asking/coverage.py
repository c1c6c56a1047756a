"""The coverage page's question: read from the address, and what its controls offer."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

from geodata.district import STATUSES, District
from geodata.errors import Misasked
from geodata.numerals import metres
from geodata.question import DEFAULT_SPEED_M_PER_S, Counted, Question
from geodata.standards import EBIKE_M_PER_S, LIVING_CIRCLES_M, RUN_M_PER_S, standards_of
from layers import Layer, Text, every_layer

PARAMETERS: Final = ("layers", "mode", "m", "min", "speed", "turnout", "counted", "status", "year", "area", "show", "bands")
"""Names in the address, in the order of the page."""
ANY: Final = "any"
"""On the map in place of a layer: the nearest of all layers asked for, each held to its own standard."""
OPENING: Final = "micro_fire_stations"
COUNTED: Final[Mapping[Counted, Text]] = {
    "programme": Text("计划点位", "The programme's sites"),
    "existing": Text("既有设施", "Existing facilities"),
    "together": Text("两者合计", "Both together"),
}
STATUS_NAMES: Final[Mapping[str, Text]] = {
    "planned": Text("计划", "Planned"),
    "under_construction": Text("在建", "Under construction"),
    "done": Text("建成", "Done"),
}
SPEEDS: Final[tuple[tuple[float, Text], ...]] = (
    (DEFAULT_SPEED_M_PER_S, Text("成人步行 1.2 m/s", "Adult on foot, 1.2 m/s")),
    (1.0, Text("老人步行 1.0 m/s", "Elder on foot, 1.0 m/s")),
    (0.8, Text("老人慢行 0.8 m/s", "Slow elder, 0.8 m/s")),
    (0.7, Text("婴儿车或轮椅 0.7 m/s", "Pram or wheelchair, 0.7 m/s")),
    (RUN_M_PER_S, Text("跑步 2.5 m/s", "Running, 2.5 m/s")),
    (round(EBIKE_M_PER_S, 4), Text("电动自行车 15 km/h", "E-bike, 15 km/h")),
)
_DEFAULT_MINUTES: Final = 5.0
_MOST: Final[Mapping[str, tuple[float, Text]]] = {
    "m": (20_000.0, Text("距离（m）", "The distance (m)")), "min": (240.0, Text("时间（分钟）", "The time (min)")),
    "speed": (15.0, Text("速度（m/s）", "The speed (m/s)")), "turnout": (60.0, Text("出动准备（分钟）", "The turnout (min)")),
}
"""Numbers of the address: the most each may be, and what it is called."""
REFUSED: Final = Text("{what}不能是 {found}：请填大于 0、不超过 {most} 的数。", "{what} cannot be {found}: give a number above 0, at most {most}.")
_REFUSED_OR_NONE: Final = Text("{what}不能是 {found}：请填 0 至 {most} 之间的数。", "{what} cannot be {found}: give a number from 0 to {most}.")
_CIRCLES: Final[tuple[tuple[float, Text], ...]] = (
    (300.0, Text("5 分钟生活圈 300 m", "5-minute circle, 300 m")),
    (500.0, Text("10 分钟生活圈 500 m", "10-minute circle, 500 m")),
    (800.0, Text("15 分钟生活圈 800 m", "15-minute circle, 800 m")),
    (1000.0, Text("15 分钟生活圈 1,000 m", "15-minute circle, 1,000 m")),
)
_CIRCLE_SOURCE: Final = Text("生活圈：GB 50180-2018 第 2.0.2–2.0.4 条 ★★★", "Living circles: GB 50180-2018 §2.0.2–2.0.4 ★★★")


def asked_layers(asked: Mapping[str, str]) -> tuple[str, ...]:
    """Return the layers asked for, those that there are, each once; the opening one where none is."""
    known = every_layer()
    named = dict.fromkeys(key for key in asked.get("layers", "").split(",") if key in known)
    return tuple(named) or (OPENING,)


def question_of(asked: Mapping[str, str], district: District) -> Question:
    """Return the question an address asks; what cannot be read is left at its default, numbers among it are told (`refused`)."""
    areas = {str(area) for area in district.areas["area_id"]} if len(district.areas) else set()
    years = tuple(sorted({int(year) for year in asked.get("year", "").split(",") if year.isdecimal() and len(year) == 4}))
    status = tuple(name for name in STATUSES if name in asked.get("status", "").split(","))
    by_time = asked.get("mode") == "time"
    minutes = (_number(asked, "min") or _DEFAULT_MINUTES) if by_time else None
    metres = None if by_time else _number(asked, "m")
    return Question(
        layers=asked_layers(asked), metres=metres, minutes=minutes, speed_m_per_s=(by_time and _number(asked, "speed")) or DEFAULT_SPEED_M_PER_S,
        turnout_min=_number(asked, "turnout") or 0.0, counted=next((known for known in COUNTED if known == asked.get("counted")), None),
        status=status, years=years, area=asked["area"] if asked.get("area") in areas else None,
    )


def refused(asked: Mapping[str, str], question: Question) -> dict[str, Text]:
    """Return what is wrong with the numbers that were asked for and count in this question, by their names in the address.

    >>> refused({"m": "50000"}, Question(("public_toilets",)))["m"].en
    'The distance (m) cannot be 50000: give a number above 0, at most 20,000.'
    """
    idle = {"m"} if asked.get("mode") == "time" else {"min", "speed", *(["turnout"] if asked.get("m") else [])}
    wrong = {}
    for name, (most, what) in _MOST.items():
        text = asked.get(name, "")
        if text and name not in idle and _number(asked, name) is None and not (name == "turnout" and _is_none(text)):
            wrong[name] = (_REFUSED_OR_NONE if name == "turnout" else REFUSED).format(what=what, found=text[:20], most=f"{most:,.0f}")
    if not wrong:
        try:
            for key in question.layers:
                standards_of(every_layer()[key], question)
        except Misasked as error:
            wrong["turnout"] = error.message
    return wrong


def _is_none(text: str) -> bool:
    try:
        return float(text) == 0
    except ValueError:
        return False


def serving_layers(question: Question) -> list[str]:
    """Return the layers asked for that people walk to; all of them where there is none."""
    return [key for key in question.layers if every_layer()[key].serves_on_foot] or list(question.layers)


def choices(question: Question) -> list[str]:
    """Return what the map can show, in the order it is offered: each layer, then ANY where all have a standard."""
    keys = serving_layers(question)
    held = all(standards_of(every_layer()[key], question)[0].metres is not None for key in keys)
    return [*keys, ANY] if len(keys) > 1 and held else keys


def shown_of(asked: Mapping[str, str], question: Question) -> str:
    """Return what the map and the distances beside it speak of: a layer, or the nearest of all."""
    offered = choices(question)
    return asked["show"] if asked.get("show") in offered else offered[0]


def controls(district: District, question: Question) -> dict[str, Any]:
    """Return what the controls offer, plain values in both languages."""
    layers = every_layer()
    return {
        "layers": [_layer(layer) for layer in layers.values() if layer.serves_on_foot],
        "others": [{"name": _both(layer.name), "why": _both(layer.why_not or Text("", ""))} for layer in layers.values() if not layer.serves_on_foot],
        "chosen": list(question.layers),
        "distances": _distances([layers[key] for key in question.layers]),
        "circle_source": _both(_CIRCLE_SOURCE),
        "standards": [_standard(layers[key]) for key in question.layers if layers[key].serves_on_foot],
        "in_use": None if (used := in_use(question)) is None else {"text": _both(used[0]), "source": _both(used[1])},
        "speeds": [{"value": f"{value:g}", **_both(name)} for value, name in SPEEDS],
        "counted": [{"key": key, **_both(name)} for key, name in COUNTED.items()],
        "statuses": [{"key": key, **_both(name)} for key, name in STATUS_NAMES.items()],
        "years": sorted({int(year) for year in district.sites["year"].dropna()}, reverse=True),
        "areas": [{"key": str(row.area_id), "zh": row.name_zh, "en": row.name_en or row.name_zh} for row in district.areas.itertuples()] if len(district.areas) else [],
        "opening": OPENING,
        "minutes": _DEFAULT_MINUTES,
        "crew": any(_is_crew(layers[key]) for key in question.layers),
    }


def _is_crew(layer: Layer) -> bool:
    """Return whether the layer's standard is a time to the scene."""
    return layer.standard is not None and layer.standard.minutes is not None


def style_of(layer: Layer) -> dict[str, str]:
    """Return a layer's mark as `symbols.js` takes it."""
    return {"colour": layer.style.colour, "shape": layer.style.shape, "letter": layer.style.letter}


def _layer(layer: Layer) -> dict[str, Any]:
    return {"key": layer.key, "name": _both(layer.name), "style": style_of(layer)}


def _standard(layer: Layer) -> dict[str, Any]:
    """Return the line that says what a layer is held to, from where, and how sure that is."""
    held, name = layer.standard, layer.name
    if held is None:
        return {"name": _both(name), "text": _both(Text("没有查到服务距离标准，请在下面选一个距离。", "No service distance was found; choose one below.")), "source": _both(Text("", "")), "note": _both(Text("", ""))}
    if held.minutes is not None:
        text = Text(f"{held.minutes:g} 分钟到场（步行 {held.metres:,.0f} m）", f"on the scene in {held.minutes:g} min (walking {held.metres:,.0f} m)")
    else:
        text = Text(f"{held.metres:,.0f} m", f"{held.metres:,.0f} m")
    source = Text(f"{held.source.zh} {held.certainty}", f"{held.source.en} {held.certainty}")
    return {"name": _both(name), "text": _both(text), "source": _both(source), "note": _both(held.note or Text("", ""))}


def in_use(question: Question) -> tuple[Text, Text] | None:
    """Return what is held to in place of the layers' own standards and its source, None where those are."""
    if question.metres is not None:
        circle = dict(_CIRCLES).get(question.metres)
        return circle or Text("所选距离 {m}", "the distance chosen, {m}").format(m=metres(question.metres)), _CIRCLE_SOURCE if circle else Text("", "")
    if question.minutes is None:
        return None
    long = f"({question.minutes:g} − {question.turnout_min:g})" if question.turnout_min else f"{question.minutes:g}"
    told = metres(max(0.0, question.minutes - question.turnout_min) * 60 * question.speed_m_per_s)
    return Text(f"{long} 分钟 × {question.speed_m_per_s:.3g} m/s ＝ {told}", f"{long} min × {question.speed_m_per_s:.3g} m/s = {told}"), Text("", "")


def _distances(chosen: list[Layer]) -> list[dict[str, str]]:
    """Return the distances to choose from: the layers' alternatives, then the living circles."""
    circles = dict(_CIRCLES)
    own: dict[float, Text] = {}
    for layer in chosen:
        if layer.standard is not None:
            for held in (layer.standard.metres, *layer.standard.alternatives):
                if held not in circles:
                    own.setdefault(held, Text(f"{held:,.0f} m", f"{held:,.0f} m"))
    return [{"value": f"{held:g}", **_both(name)} for held, name in [*sorted(own.items()), *_CIRCLES]]


def bands_of(metres: float | None) -> list[float]:
    """Return the distances of the service areas on the map: the standard, and the next two living circles beyond it."""
    start = metres or LIVING_CIRCLES_M[0]
    return [start, *[circle for circle in LIVING_CIRCLES_M if circle > start + 1][:2]] if start < LIVING_CIRCLES_M[-1] else [start]


def _number(asked: Mapping[str, str], name: str) -> float | None:
    """Return a number of the address, None where it is none, not above zero, or beyond all sense."""
    try:
        value = float(asked.get(name, ""))
    except ValueError:
        return None
    return value if isfinite(value) and 0 < value <= _MOST[name][0] else None


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def aloud(question: Question) -> Text:
    """Return what is asked; a time to the scene is not asked for where a distance was chosen instead."""
    layers = [every_layer()[key] for key in question.layers]
    asks = [_asks(layer, question) for layer in layers]
    return Text("；".join(text.zh for text in asks), "; ".join(text.en for text in asks))


def _asks(layer: Layer, question: Question) -> Text:
    by_time = layer.standard is not None and layer.standard.minutes is not None
    if by_time and question.metres is not None:
        return Text(f"沿街 {metres(question.metres)} 内有{layer.one.zh}的居民有多少", f"who lives within {metres(question.metres)} of a {layer.one.en.lower()} along the streets")
    return layer.question or layer.name
