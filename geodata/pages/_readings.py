"""What stands above a coverage map: the question, one sentence that leads, and the other figures as short readings beside it."""

from collections.abc import Mapping
from typing import Any, Final

from geodata.numerals import metres, share_range
from geodata.pages._answer import records_of
from geodata.reached import has_figure
from geodata.report import Coverage
from geodata.wording import COUNTED_NAMES, JOINT, MODE_NAMES, layer_name, without_heading
from layers import Lang, Text, every_layer

PACE_LEADS: Final = Text("以步行为准：", "Walking leads: ")
OTHERS: Final = Text("步行为主，另两种读法并列", "walking leads; the other readings beside it")
EVERY: Final = Text("各图层", "Layer by layer")


def lead_of(answer: Coverage) -> int:
    """Return the row whose sentence leads: people who have all that is asked for, else the first."""
    rows = records_of(answer.rows)
    return next((place for place, row in enumerate(rows) if row["layer"] == "all" and row["covered_share"] is not None), 0)


def sentences_of(answer: Coverage, lang: Lang) -> list[str]:
    """Return the sentence that leads, then those that no short reading can stand for.

    The page's heading says that all is a demonstration, so no sentence says it again.
    """
    told = [no_break(without_heading(sentence).say(lang)) for sentence in answer.sentences]
    rows = records_of(answer.rows)
    if not rows:
        return told
    lead = lead_of(answer)
    first = told[lead]
    if len(answer.question.layers) == 1 and len({row["mode"] for row in rows}) > 1:
        first = PACE_LEADS.say(lang) + (first if lang == "zh" else first[:1].lower() + first[1:])
    others = [place for place, row in enumerate(rows) if place != lead and not has_figure(row)]
    return [first, *(told[place] for place in others), *told[len(rows):]]


def no_break(text: str) -> str:
    """Return a text whose per cent signs never part from their figures.

    >>> no_break("90 % of 200").index(chr(0xA0))
    2
    """
    return text.replace(" %", chr(0xA0) + "%")


def readings_of(answer: Coverage, lang: Lang) -> dict[str, Any] | None:
    """Return one short reading a row where there are several: what is held to what, and its share or range.

    None where no standard could bring a second reading, so that no room need be kept for it.
    """
    rows = records_of(answer.rows)
    if len(rows) < 2:
        held = [every_layer()[key].standard for key in answer.question.layers]
        return {"title": "", "rows": []} if any(standard is not None and standard.minutes is not None for standard in held) else None
    lead = lead_of(answer)
    several = len(answer.question.layers) > 1
    ways = len({row["counted"] for row in rows}) > 1
    told = [_reading(row, lang, several=several, ways=ways) | {"lead": place == lead}
            for place, row in enumerate(rows) if has_figure(row) and not (several and place == lead)]
    return {"title": (EVERY if several else OTHERS).say(lang) if told else "", "rows": told}


def _reading(row: Mapping[str, Any], lang: Lang, *, several: bool, ways: bool) -> dict[str, Any]:
    name = layer_name(row["layer"]) if several else MODE_NAMES[row["mode"] or "distance"]
    if several and row["layer"] not in JOINT and row["mode"] not in {None, "distance"}:
        how = MODE_NAMES[row["mode"]]
        name = Text(f"{name.zh} {how.zh}", f"{name.en} {how.en}")
    if ways:
        counted = COUNTED_NAMES[row["counted"]]
        name = Text(f"{name.zh}（{counted.zh}）", f"{name.en} ({counted.en})")
    held = "" if row["metres"] is None else metres(row["metres"])
    return {"name": name.say(lang)[:1].upper() + name.say(lang)[1:], "held": held, "share": share_range(row)}
