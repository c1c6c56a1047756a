"""Download buttons: a file is made when its button is pressed, by the same exports as everywhere else."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from geodata.exports import DEMO_WORD, Meta, as_download, as_files, every_format, made_at
from geodata.naming import called
from geodata.pages._page import Visit
from geodata.pages._prepared import Order, Prepared, show_prepared
from layers import Text

_MAKE: Final = Text("生成 {label}", "Make {label}")
_SAVE: Final = Text("下载 {name}", "Download {name}")


@dataclass(frozen=True)
class Offer:
    """Rows that can be taken away.

    Attributes:
        stem: what it is, in ASCII but for the 示意 of demo sites: names its button and its table.
        title: what the rows are.
        formats: keys of `exports.every_format`, or `json`.
        frame: makes the rows.
        meta: makes what the file says about itself.
        write: makes the bytes of formats that `exports` does not have, by key, with their media type.
        about: which layers they are about, where the title does not say it.
        task: of rows that take a while: what the file answers, and the task that makes its one format in another process.
    """

    stem: str
    title: Text
    formats: Sequence[str]
    frame: Callable[[], pd.DataFrame]
    meta: Callable[[], Meta]
    write: Mapping[str, tuple[str, Callable[[], bytes]]] | None = None
    about: Text | None = None
    task: tuple[Hashable, Callable[[], Order]] | None = None


def file_stem(visit: Visit, offer: Offer) -> str:
    """Return what the files of an offer are called, without suffix: district, content, date, and 示意 where demo sites decide."""
    about = [offer.about] if offer.about else []
    mark = f"_{DEMO_WORD}" if DEMO_WORD in offer.stem else ""
    return f"{called(visit.district.name, offer.title, *about, day=made_at(), lang=visit.lang)}{mark}"


def show_offer(visit: Visit, offer: Offer, *, key: str, named: bool = True) -> None:
    """Show one button a format.

    Args:
        visit: the present visit.
        offer: what is offered.
        key: prefix of the buttons' names, fixed on a page.
        named: whether the buttons say what they download, or the format alone.
    """
    for name in offer.formats:
        own = (offer.write or {}).get(name)
        mime, make, suffix = (own[0], own[1], f".{name}") if own else _exported(visit, offer, name)
        label = f"{visit.say(offer.title)} · {name.upper()}" if named else name.upper()
        if offer.task:
            what, order = offer.task
            save = Text(f"{offer.title.zh} · {name.upper()}（{{mb}} MB）", f"{offer.title.en} · {name.upper()} ({{mb}} MB)")
            show_prepared(visit, Prepared(f"{key}_{name}", (what, visit.lang, made_at().date()), order, _MAKE.format(label=label), save, file_name=f"{file_stem(visit, offer)}{suffix}", mime=mime, icon=":material/build:"))
            continue
        st.download_button(
            label, data=make, file_name=f"{file_stem(visit, offer)}{suffix}", mime=mime, on_click="ignore", key=f"{key}_{name}",
            icon=":material/download:", help=_SAVE.format(name=offer.title).say(visit.lang) if not named else None,
        )


def _exported(visit: Visit, offer: Offer, name: str) -> tuple[str, Callable[[], bytes], str]:
    """Return media type, maker and suffix of a format of the exports."""
    form = every_format()[name]

    def make() -> bytes:
        files = as_files(offer.frame(), file_stem(visit, offer), form, meta=offer.meta(), lang=visit.lang, key=offer.stem.replace("-", "_"), name=offer.title)
        content: Any = as_download(files, form)[2]
        return bytes(content)

    return form.mime, make, form.suffix
