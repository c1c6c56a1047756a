"""Views told for one visit: quick ones at once, slow ones in processes of their own, kept for everybody."""

from collections.abc import Collection
from dataclasses import dataclass

import streamlit as st

from geodata.deck import Slide
from geodata.district import District
from geodata.jobs import JOBS, Job
from geodata.pages._page import Visit
from geodata.story import View
from geodata.telling import TOLD, headed, is_slow, keep_told, slide_key, tell_view, tell_work

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """What a visit waits for; it lies in the visit's session.

    Attributes:
        name: one for each place of the product that tells views.
    """

    name: str

    @property
    def jobs(self) -> dict[Key, Job]:
        """The views waited for, by what decides their slides; a failed one stays until it is forgotten."""
        jobs: dict[Key, Job] = st.session_state.setdefault(self.name, {})
        return jobs

    def slide(self, visit: Visit, view: View) -> Slide | Job:
        """Return a view's slide, or the job that works it out.

        Raises:
            ChanheError: the job failed.
        """
        district, plain = visit.district, View("", view.page, view.query)
        key = slide_key(district, view)
        if not is_slow(view) or TOLD.holds(key):
            return headed(tell_view(district, plain), view)
        jobs = self.jobs
        if key not in jobs:
            jobs[key] = JOBS.start(key, tell_work, district, plain)
        job = jobs[key]
        if job.error is not None:
            raise job.error
        if job.result is None:
            return job
        keep_told(district, plain, jobs.pop(key).result)
        return headed(tell_view(district, plain), view)

    def forget(self, district: District, view: View) -> None:
        """Have a view told anew when it is next asked for; what is under way is no longer waited for."""
        job = self.jobs.pop(slide_key(district, view), None)
        if job is not None:
            JOBS.leave(job)

    def leave(self, wanted: Collection[Key] = ()) -> None:
        """Wait no more for views that are not wanted any longer."""
        jobs = self.jobs
        for key in [key for key in jobs if key not in wanted]:
            JOBS.leave(jobs.pop(key))
