"""What a page says where a number that was asked for cannot be: that, in red, and the answer before it, paler."""

from collections.abc import Iterable
from typing import Final

import streamlit as st

from geodata.pages._page import Visit
from layers import Text

_KEPT: Final = Text("没有计算。下面仍是上一个结果，不是对现在所填数字的回答。", "Nothing was worked out. Below still stands the answer before it, which does not answer what is asked now.")
_NONE: Final = Text("没有计算。", "Nothing was worked out.")


def show_refused(visit: Visit, wrong: Iterable[Text], *, kept: bool) -> None:
    """Say what cannot be; room is kept for it where there is nothing to say, so that the map below stays mounted.

    Args:
        visit: the present visit.
        wrong: what is wrong, none where all is well.
        kept: whether a former answer follows.
    """
    told = list(wrong)
    with st.container(key="refused"):
        if told:
            st.error("  \n".join([*(visit.say(text) for text in told), visit.say(_KEPT if kept else _NONE)]))
