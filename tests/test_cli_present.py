"""`present`: a story becomes a file, told in the user's language, and what cannot be done is said before anything is written."""

import io
import json
from pathlib import Path

import pytest
from pptx import Presentation

from geodata import story as story_module
from geodata.documents._html_read import read_back
from geodata.story import Story, View, save_story
from layers import Text
from tests.conftest import Cli

TITLE = Text("一次汇报", "A briefing")


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """A story whose slides are told at once."""
    path = tmp_path / "story.json"
    views = (View("a", "title"), View("b", "ledger", "y=2022&k=target&p=1"), View("c", "explore", caption=Text("图上", "On the map"), notes=Text("备注", "A note")))
    save_story(path, Story("chanhe", TITLE, views))
    return path


def test_story_becomes_a_page(cli: Cli, tmp_path: Path, story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    out = tmp_path / "briefing.html"
    code, told, err = cli("present", "--out", out, "--story", story, "--lang", "zh")
    assert code == 0, err
    assert "共 3 页" in told
    slides, data, asks = read_back(out.read_text(encoding="utf-8"))
    assert asks == []
    assert [slide.title["en"] for slide in slides][0::2] == ["A briefing", "On the map"]
    assert sum(count or 0 for _, _, count in slides[2].legend) == len(data["maps"][2]["sites"])
    first = out.read_bytes()
    assert len(first) < 1_000_000
    assert "替换了" in cli("present", "--out", out, "--story", story, "--lang", "zh")[1]
    assert out.read_bytes() == first


def test_folder_takes_a_file_with_a_name_of_its_own(cli: Cli, tmp_path: Path, story: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    code, told, err = cli("present", "--format", "pptx", "--out", folder, "--story", story, "--lang", "en", "--json")
    assert code == 0, err
    answer = json.loads(told)
    (path,) = folder.iterdir()
    assert [path] == [Path(name) for name in answer["result"]["files"]]
    assert path.name.startswith("chanhe-a-briefing-20")
    assert [slide["id"] for slide in answer["result"]["slides"]] == ["a", "b", "c"]
    made = Presentation(io.BytesIO(path.read_bytes()))
    assert made.slides[-1].notes_slide.notes_text_frame.text.startswith("A note")


def test_pictures_are_a_file_a_slide(cli: Cli, tmp_path: Path, story: Path) -> None:
    code, _, err = cli("present", "--out", tmp_path / "b.svg", "--story", story)
    assert code == 0, err
    assert sorted(path.name for path in tmp_path.glob("*.svg")) == ["b-01.svg", "b-02.svg", "b-03.svg"]


def test_without_a_story_the_ready_one_is_written(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_module, "ready_story", lambda district: Story(district.id, TITLE, (View("a", "title"), View("b", "ledger"))))
    out = tmp_path / "briefing.pptx"
    code, told, err = cli("present", "--format", "pptx", "--out", out)
    assert code == 0, err
    assert "共 2 页" in told
    made = Presentation(io.BytesIO(out.read_bytes()))
    assert [slide.shapes.title.text_frame.text for slide in made.slides] == [TITLE.zh, "台账：承诺与落位"]


@pytest.mark.parametrize(("words", "code", "said"), [
    (["--out", "b.doc"], 2, "格式"),
    (["--format", "htm", "--out", "b"], 2, "html"),
    (["--format", "pptx", "--out", "b.html"], 2, "后缀"),
    (["--out", "b.html", "--paper", "a4"], 2, "版式"),
    (["--out", "b.html", "--story", "no.json"], 1, "no.json"),
    ([], 2, "--out"),
])
def test_what_cannot_be_done_is_said_and_nothing_written(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    got, _, err = cli("present", *words, "--lang", "zh")
    assert (got, said in err) == (code, True), err
    assert list(tmp_path.iterdir()) == []


def test_place_that_cannot_be_written_is_told(cli: Cli, tmp_path: Path, story: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder", encoding="utf-8")
    code, _, err = cli("present", "--out", tmp_path / "taken" / "b.svg", "--story", story)
    assert code == 1
    assert "无法写入" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["story.json", "taken"]
