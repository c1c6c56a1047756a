"""What a file that is handed over is called: district, content, date; every system takes the name."""

import re
import unicodedata
from datetime import datetime
from typing import Final

from layers import Lang, Text

LONGEST: Final = 40
"""So many letters of each part are kept."""


def called(place: Text, *content: Text, day: datetime, lang: Lang) -> str:
    """Return a file's name without suffix; parts that hold no letter are left out.

    Args:
        place: the district's name.
        content: what the file holds, in as many parts as it takes.
        day: when it was made, in the zone whose date it is to carry.
        lang: the language of the name.

    >>> from datetime import UTC
    >>> made = datetime(2026, 11, 22, tzinfo=UTC)
    >>> called(Text("瀍河回族区", "Chanhe District, Luoyang"), Text("汇报", "Briefing"), day=made, lang="zh")
    '瀍河区-汇报-2026-11-22'
    >>> called(Text("瀍河回族区", "Chanhe District, Luoyang"), Text("图集", 'Atlas: a/b?  "c"'), day=made, lang="en")
    'chanhe-atlas-a-b-c-2026-11-22'
    """
    parts = [safe(short_place(place, lang)), *(safe(text.say(lang)) for text in content), f"{day:%Y-%m-%d}"]
    stem = "-".join(part for part in parts if part)
    return stem if lang == "zh" else stem.lower()


def short_place(place: Text, lang: Lang) -> str:
    """Return a district's name as people say it: without its nationality, its rank or the city around it."""
    name = place.say(lang)
    return name.replace("回族区", "区") if lang == "zh" else re.sub(r"\s*(District)?,.*$| District$", "", name)


def layers_called(names: list[Text]) -> Text:
    """Return what stands for the layers in a name: up to two by name, more by their number."""
    if len(names) > 2:
        return Text(f"{len(names)}类设施", f"{len(names)} layers")
    return Text("-".join(name.zh for name in names), " ".join(name.en for name in names))


def safe(text: str) -> str:
    r"""Return the letters and digits of a text, joined by hyphens; what a file name may not hold is left out.

    >>> safe("../..\\\\con<>")
    'con'
    """
    kept = "".join(c if unicodedata.category(c)[0] in {"L", "N", "M"} else " " for c in unicodedata.normalize("NFC", text))
    return "-".join(kept.split())[:LONGEST].strip("-")
