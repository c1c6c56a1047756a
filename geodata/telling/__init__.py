"""Telling a story: every saved view becomes a slide, worded and counted by the very functions its page asks.

One file in this folder is how one page is told; it is found by being there, by its `TELLERS`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from geodata.deck import Deck, Slide
from geodata.district import District
from geodata.errors import ChanheError
from geodata.exports import made_at
from geodata.markings import markings
from geodata.picturing import class_note
from geodata.settings import Settings
from geodata.slide_sources import sources_shortened
from geodata.story import PAGES, Story, View
from geodata.telling._form import Progress, Stop, Teller, Work
from geodata.telling._parts import TOTAL, sources_of
from geodata.walking import Kept
from layers import Text

__all__ = ["TOLD", "TOTAL", "Progress", "Stop", "deck_of", "every_teller", "headed", "is_slow", "keep_told", "slide_key", "tell", "tell_view", "tell_work"]

TOLD: Final = Kept(most_bytes=96 * 2**20)
"""Slides told before, for all visitors: equal districts and equal views have equal slides."""
_TELLING: Final = Text("第 {n}/{of} 页：{what}", "Slide {n} of {of}: {what}")
_UNKNOWN: Final = Text("这一页来自本版本没有的页面（{page}），不能显示。汇报文件里仍保留着它。", "This view is of a page this version does not have ({page}) and cannot be shown. The story keeps it.")
_PARTS: Final = ("ledger", "boundary", "streets", "people")
"""What a slide rests on that names nothing itself."""
_NOTHING: Final = Text("", "")


@cache
def every_teller() -> dict[str, Teller]:
    """Return every page a story can show, by its key. Reads the folder at the first call, not at import."""
    found = [teller for m in iter_modules(__path__) if not m.name.startswith("_") for teller in import_module(f"{__name__}.{m.name}").TELLERS]
    return {teller.page: teller for teller in found}


def tell(district: District, story: Story, *, settings: Settings | None = None, progress: Progress | None = None, stop: Stop | None = None) -> Deck:
    """Return a story told, its hidden views left out.

    Args:
        district: whose data.
        story: what to show.
        settings: the operator's, for the review number and the grade every map is marked with.
        progress: told the share done and what is being done.
        stop: asked now and then; when true, a search that takes long gives the best it has.
    """
    views = story.shown
    slides = []
    for number, view in enumerate(views):
        def told(share: float, what: Text, number: int = number, view: View = view) -> None:
            if progress is not None:
                named = what if what.zh else PAGES.get(view.page, _NOTHING)
                progress((number + share) / len(views), _TELLING.format(n=number + 1, of=len(views), what=named))

        told(0.0, _NOTHING)
        slides.append(tell_view(district, view, progress=told, stop=stop))
    return deck_of(district, story, slides, settings=settings)


def deck_of(district: District, story: Story, slides: Sequence[Slide], *, settings: Settings | None = None) -> Deck:
    """Return slides that were told as one deck.

    Args:
        district: whose data.
        story: what they tell; the first slide is headed by its title.
        slides: one for each view that is not hidden, in order.
        settings: see `tell`.
    """
    title = _either(story.title) if story.title.zh or story.title.en else Text("{name}：汇报", "{name}: briefing").format(name=district.name)
    headed = tuple(replace(slide, title=title) if slide.kind == "title" and slide.title == district.name else slide for slide in slides)
    approval, grade = markings(district, settings or Settings())
    return Deck(title, district.name, made_at(), district.stamp, approval, grade, sources_shortened(headed, class_note(district, district.sites)))


def tell_view(district: District, view: View, *, progress: Progress | None = None, stop: Stop | None = None) -> Slide:
    """Return one view as its slide; what cannot be worked out becomes a slide that says why."""
    held = TOLD.get(slide_key(district, view), lambda: _told(district, view, Work(progress or _quiet, stop or _never)), _size)
    return headed(held, view)


def keep_told(district: District, view: View, slide: Slide) -> None:
    """Keep what another process told, without the words that are the user's own."""
    TOLD.get(slide_key(district, view), lambda: slide, _size)


def tell_work(district: District, view: View, *, progress: Progress, stop: Stop) -> Slide:
    """Tell one view as a task of `geodata.jobs`, without the words that are the user's own."""
    return _told(district, view, Work(progress, stop))


def headed(slide: Slide, view: View) -> Slide:
    """Return what a view shows with the view's own caption and notes."""
    caption = _either(view.caption) if view.caption.zh or view.caption.en else slide.title
    notes = _either(view.notes) if view.notes.zh or view.notes.en else None
    return replace(slide, id=view.id, title=caption, notes=notes, address=view.address)


def slide_key(district: District, view: View) -> tuple[str, ...]:
    """Return what decides a view's slide: equal keys have equal content, whatever its caption and notes."""
    asked = hashlib.blake2b(repr(sorted(view.asked.items())).encode("utf-8", "replace"), digest_size=16).hexdigest()
    return ("slide", district.stamp, view.page, asked)


def is_slow(view: View) -> bool:
    """Return whether a view takes longer to tell than a page should wait."""
    teller = every_teller().get(view.page)
    return teller is not None and teller.slow


def _told(district: District, view: View, work: Work) -> Slide:
    teller = every_teller().get(view.page)
    if teller is None:
        return _grounded(Slide("", "text", Text(view.page, view.page), demonstration=False, sentences=(_UNKNOWN.format(page=view.page),), untold=True), district)
    try:
        return _grounded(teller.tell(district, view.asked, work), district)
    except ChanheError as error:
        return _grounded(Slide("", "text", PAGES[view.page], demonstration=False, sentences=(error.message,), untold=True), district)


def _grounded(slide: Slide, district: District) -> Slide:
    """Return a slide that says how sure the places are and what it rests on: of the whole district where it shows none of its own."""
    return replace(slide, class_note=slide.class_note or class_note(district, district.sites), sources=slide.sources or sources_of(district, *_PARTS))


def _size(slide: Slide) -> int:
    """About how many bytes a slide holds."""
    shapes = 0 if slide.map is None else sum(len(layer.frame) for layer in slide.map.shapes)
    return 400 * shapes + 50_000


def _either(text: Text) -> Text:
    """A wording of the user's own; one language stands for both where the other is empty."""
    return Text(text.zh or text.en, text.en or text.zh)


def _quiet(_share: float, _what: Text) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False
