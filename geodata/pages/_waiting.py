"""Long work on a page: its progress, a button that stops it, and that it stays stopped until the user wants it again.

A press of the button runs the page anew, which ends the run under way at its next progress; what it had measured by then
is kept, so that going on begins where it stopped. Other people's runs are not touched.
"""

from collections.abc import Callable
from time import monotonic
from typing import Final, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geodata.pages._page import Visit
from geodata.reach import Progress
from layers import Text

STOP: Final = Text("停止", "Stop")
GO_ON: Final = Text("接着算", "Go on")
STOPPED: Final = Text("已停止。已经算出的部分留着，接着算不必从头开始。", "Stopped. What was worked out is kept; going on does not start from the beginning.")
_PATIENCE_S: Final = 0.7
"""Work shorter than this shows no button to stop it."""

Answer = TypeVar("Answer")


class StoppedError(Exception):
    """The user stopped this very work and has not asked to go on."""


class Watch:
    """Runs the work of one visit's page with its progress shown.

    Args:
        visit: the present visit.
        place: where the progress stands; emptied when the work is done.
        name: of the page.
        asked: what is asked, so that stopping one question does not stop another.
        words: what is being done.
    """

    def __init__(self, visit: Visit, place: DeltaGenerator, *, name: str, asked: str, words: Text) -> None:
        self._visit, self._place, self._name, self._asked, self._words = visit, place, name, asked, words
        self._works = 0

    def __call__(self, work: Callable[[Progress | None], Answer]) -> Answer:
        """Return the answer of `work`.

        Raises:
            StoppedError: it was stopped before.
        """
        if st.session_state.get(self._key) == self._asked:
            raise StoppedError
        self._works += 1
        words, started = self._visit.say(self._words), monotonic()
        held = self._place.empty()
        inside = held.container(horizontal=True, vertical_alignment="center")
        bar = inside.progress(0.0, text=words)
        offered = False

        def tell(share: float) -> None:
            nonlocal offered
            if not offered and monotonic() - started > _PATIENCE_S:
                offered = True
                inside.button(self._visit.say(STOP), key=f"{self._name}_stop_{self._works}", on_click=self._stop, width="content")
            bar.progress(min(1.0, share), text=words)

        try:
            return work(tell)
        finally:
            held.empty()

    def show_stopped(self) -> None:
        """Say that the work was stopped, and offer to go on."""
        st.info(self._visit.say(STOPPED))
        st.button(self._visit.say(GO_ON), key=f"{self._name}_go_on", on_click=self._go_on, type="primary", width="content")

    @property
    def _key(self) -> str:
        return f"{self._name}_stopped"

    def _stop(self) -> None:
        st.session_state[self._key] = self._asked

    def _go_on(self) -> None:
        st.session_state.pop(self._key, None)
