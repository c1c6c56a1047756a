"""What downloads are called: district, content, date, in the machine's own zone."""

import ast
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit  # noqa: TID251  where its front end lies

from geodata.exports import made_at
from geodata.packs import load_district
from geodata.pages import _coverage_files, _roads_files
from geodata.pages._files import Offer, file_stem
from geodata.pages._page import Visit
from geodata.question import Question
from geodata.serving import styles
from geodata.settings import read_settings

PAGES = Path(__file__).parents[2] / "geodata" / "pages"
DAY = "2022-04-25"
OWN = {"_bring_sites.py", "_prepared.py"}
"""A blank form and what is wrong with a file of the user's own; and what passes on the name it was given."""


@pytest.fixture(scope="module")
def district():
    return load_district()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_offer_says_district_content_and_date(district, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1650844800")
    visit = Visit(lang, read_settings(), district, False, lambda key: None)
    answer = SimpleNamespace(demonstration=True, method=[], rows=None, gains=None, links=None)
    offers: list[Offer] = [
        *_coverage_files.offers(visit, Question(("public_toilets",)))(False), *_coverage_files.offers(visit, Question(("public_toilets", "clinics", "kindergartens")))(True),
        *_roads_files.ranking_offers(district, {}, answer), *_roads_files.scenario_offers(district, {}, answer, ()), *_roads_files.links_offers(district, {}, answer)]
    stems = [file_stem(visit, offer) for offer in offers]
    place = "瀍河区-" if lang == "zh" else "chanhe-"
    assert len(set(stems)) == len(stems) == 13, "no two of one page share a name"
    for offer, stem in zip(offers, stems, strict=True):
        assert stem.startswith(place), stem
        assert stem.endswith(f"{DAY}_示意" if "示意" in offer.stem else DAY), stem
        assert len(stem) > len(place) + len(DAY) + 3, "what it holds stands between"
    assert ("步行覆盖-公厕" if lang == "zh" else "coverage-public-toilets") in stems[0]
    assert ("3类设施" if lang == "zh" else "3-layers") in stems[4]


def test_no_page_names_a_download_by_another_rule() -> None:
    calls = {(path.name, ast.unparse(keyword.value)) for path in PAGES.glob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "download_button") or (isinstance(node, ast.Call) and ast.unparse(node.func) == "Prepared") for keyword in node.keywords if keyword.arg == "file_name"}
    assert calls
    assert {path for path, name in calls if "file_stem(" not in name} == OWN


def test_a_file_that_could_not_be_made_is_told_in_the_language_of_the_page() -> None:
    """Streamlit's own front end says so in English, in an element that our style sheet finds by its name and fills anew."""
    front = Path(streamlit.__file__).parent / "static" / "static" / "js"
    assert any("stDownloadButtonError" in path.read_text(encoding="utf-8") for path in front.glob("DownloadButton*.js"))
    told = re.findall(r"^(.*)\[data-testid=\"stDownloadButtonError\"\]::after \{ content: \"(.+?)\";", styles(), flags=re.MULTILINE)
    assert [(where.strip(), bool(re.search("[\u4e00-\u9fff]", text))) for where, text in told] == [("", True), (":root:lang(en)", False)]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows takes its zone from the system alone")
def test_a_file_made_in_the_morning_of_luoyang_carries_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "CST-8")
    time.tzset()
    try:
        made = made_at({})
        assert made.utcoffset() == timedelta(hours=8)
        assert abs(made - datetime.now(UTC)) < timedelta(minutes=1)
        assert made_at({"SOURCE_DATE_EPOCH": "1650844800"}).utcoffset() == timedelta(0)
    finally:
        monkeypatch.undo()
        time.tzset()
