"""The documents of the page Present: the whole story, one slide of it, or the atlas of the district."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from geodata.deck import Slide
from geodata.document_work import make_document
from geodata.errors import BadInput
from geodata.jobs import Job
from geodata.pages._handing import Counter, Waiting, Wish, begin_atlas, order_of
from geodata.pages._page import Visit
from geodata.pages._present_words import WORDS
from geodata.selecting import Selection
from geodata.story import Story, View, story_json
from geodata.telling import deck_of

COUNTER: Final = Counter("present")
_TELLING: Final = 0.7
"""Part of the time that working out the slides takes; laying them out is the rest."""
ToldOf = Callable[[View], Slide | Job]
"""A view's slide, or the job that works it out; a ChanheError it raises is why there is none."""


def told(visit: Visit, story: Story, told_of: ToldOf) -> Mapping[str, Any]:
    """Return what the script shows of the document asked for; see `Counter.told`.

    Args:
        visit: the present visit.
        story: what is handed over.
        told_of: tells a view.
    """
    return COUNTER.told(visit, lambda wish: _begun(visit, story, told_of, wish))


def _begun(visit: Visit, story: Story, told_of: ToldOf, wish: Wish) -> Job | Waiting:
    """Begin the document once every slide of it is told.

    Raises:
        BadInput: there is no slide to hand over.
        ChanheError: a slide could not be worked out.
    """
    if wish.get("scope") == "atlas":
        return begin_atlas(COUNTER, visit, wish, Selection())
    only = wish.get("only")
    views = [view for view in story.shown if not only or view.id == only]
    if not views:
        raise BadInput(WORDS["files_skipped" if only else "all_hidden"])
    found = [told_of(view) for view in views]
    slides = [slide for slide in found if isinstance(slide, Slide)]
    if len(slides) < len(found):
        share = sum(one.share if isinstance(one, Job) else 1.0 for one in found) / len(found)
        return Waiting(_TELLING * share, WORDS["files_waiting"].format(n=len(found) - len(slides)))
    deck = deck_of(visit.district, story, slides, settings=visit.settings)
    if only:  # a slide by itself goes by its own name
        deck = replace(deck, title=deck.slides[0].title)
    content = (hashlib.blake2b(story_json(story).encode("utf-8"), digest_size=16).hexdigest(), tuple(view.id for view in views))
    return COUNTER.job(visit, wish, content, make_document, deck, visit.district, order_of(visit, wish))
