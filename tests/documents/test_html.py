"""The single HTML file: nothing in it asks for an address, and it says what the deck says."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from geodata.deck import Deck, Slide
from geodata.documents import _html_page, html
from geodata.documents._bundle import bundle
from geodata.documents._html_read import check, read_back
from geodata.documents.html import DOCUMENT, MODULES
from geodata.errors import BadInput
from layers import Lang, Text
from tests.documents import making

TOWN = making.town()
DECK = making.deck(TOWN)


def written(deck: Deck, lang: Lang = "zh") -> str:
    return DOCUMENT.write(deck, TOWN, lang=lang).decode("utf-8")


@pytest.fixture(scope="module")
def page() -> str:
    return written(DECK)


def test_file_is_read_back_and_asks_nothing(page: str) -> None:
    slides, data, asks = read_back(page)
    assert asks == []
    assert [slide.title["en"] for slide in slides] == [slide.title.en for slide in DECK.slides]
    assert "default-src 'none'" in page
    shown = DECK.slides[4].map
    assert shown is not None
    assert len(data["maps"][4]["sites"]) == int(shown.sites.geometry.notna().sum()) == 5
    assert slides[4].legend[0] == (shown.legend[0].name.zh, shown.legend[0].name.en, shown.legend[0].count)


def test_same_deck_gives_the_same_bytes() -> None:
    assert written(DECK) == written(making.deck(making.town()))


def test_both_languages_are_inside_and_one_is_on_top() -> None:
    assert '<html lang="en" data-lang="en">' in written(making.deck(TOWN, DECK.slides[0]), "en")
    slides, _, _ = read_back(written(DECK, "en"))
    assert "一句话 12 %。" in slides[0].words["zh"]
    assert "A sentence, 12 %." in slides[0].words["en"]


def test_whatever_is_written_stays_text() -> None:
    told = making.deck(TOWN, *(making.nasty(slide) for slide in DECK.slides), title=making.BAD)
    page = written(told)
    slides, _, asks = read_back(page)
    assert asks == []
    assert page.count("<script") == 3
    assert "<img" not in page
    assert "</script><img" in slides[0].title["zh"]
    assert not re.search("[\x00\x07\u202e\ud800]", page)


@settings(max_examples=15)
@given(making.texts)
def test_any_text_can_be_a_title_and_a_sentence(text: Text) -> None:
    written(making.deck(TOWN, Slide("x", "text", text, demonstration=False, sentences=(text,), sources=(text,)), title=text))  # raises where it is read back otherwise


@pytest.mark.parametrize("smuggled", [
    '<img src="https://x.test/a.png">', '<a href="//x.test">x</a>', '<link rel="stylesheet" href="x.css">', '<p style="background:url(http://x.test)">x</p>',
    "<style>@import 'x.css';</style>", "<style>p { background: url(x.png) }</style>", "<script>fetch('/x')</script>", '<p onclick="x()">x</p>', "<iframe></iframe>",
    '<meta http-equiv="refresh" content="0;url=x">', '<svg><use xlink:href="x.svg#a"/></svg>', "<script>new WebSocket('ws://x')</script>",
])
def test_what_asks_for_an_address_is_not_handed_over(page: str, smuggled: str) -> None:
    with pytest.raises(BadInput, match="read back"):
        check(page.replace("</main>", f"{smuggled}</main>"), DECK)


@pytest.mark.parametrize(("there", "instead"), [
    ('data-v="1234.5"', 'data-v="1234.6"'), (">1,234.5<", ">1,234.6<"), ('class="count" data-v="1"', 'class="count" data-v="2"'), ("一句话", "两句话"),
    ('"by":[0,1', '"by":[0'), ("来源乙", "来源丙"), ('data-v="48.0"', 'data-v="49.0"'), ("default-src 'none'", "default-src *"),
])
def test_what_differs_from_the_deck_is_not_handed_over(page: str, there: str, instead: str) -> None:
    assert there in page
    with pytest.raises(BadInput, match="read back"):
        check(page.replace(there, instead), DECK)


def test_a_lost_slide_is_told(page: str) -> None:
    with pytest.raises(BadInput, match="8 ≠ 7 slides"):
        check(page, replace(DECK, slides=DECK.slides[:-1]))


def test_failure_hands_nothing_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "slides_markup", lambda *given: _html_page.slides_markup(*given).replace("又一句", "又一"))
    with pytest.raises(BadInput, match="words"):
        written(DECK)


def test_scripts_are_one_without_import() -> None:
    text = bundle(MODULES[:1], {})
    assert "import " not in text
    assert "export " not in text
    with pytest.raises(ValueError, match="dom"):
        bundle(("sites",), {})


def test_progress_rises_to_the_end() -> None:
    told: list[float] = []
    DOCUMENT.write(DECK, TOWN, lang="zh", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
