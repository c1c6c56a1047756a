"""`present`: a story becomes a file, told in the user's language, and what cannot be done is said before anything is written."""

import errno
import io
import json
import re
from pathlib import Path

import pytest
from pptx import Presentation

from geodata import glyphs, storing, telling
from geodata import story as story_module
from geodata.commands import present
from geodata.documents._html_read import read_back
from geodata.errors import Unreadable
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
    code, told, err = cli("present", "--out", out, "--story", story, "--lang", "zh", "--fresh")
    assert "替换了" in told
    assert "上次" not in err
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


def test_pictures_are_a_file_a_slide_and_what_stood_there_is_told(cli: Cli, tmp_path: Path, story: Path) -> None:
    for name in ("b.svg", "b-04.svg", "b-x.svg", "bb-01.svg"):
        (tmp_path / name).write_text("from before", encoding="utf-8")
    code, _, err = cli("present", "--out", tmp_path / "b.svg", "--story", story)
    assert code == 0, err
    assert sorted(path.name for path in tmp_path.glob("b-0*.svg")) == ["b-01.svg", "b-02.svg", "b-03.svg", "b-04.svg"]
    assert re.findall(r"(\S+) 是以前留下的", err) == [str(tmp_path / "b-04.svg"), str(tmp_path / "b.svg")]
    assert (tmp_path / "b-04.svg").read_text(encoding="utf-8") == "from before"


@pytest.mark.parametrize(("key", "starts"), [("pdf", b"%PDF-"), ("png", b"\x89PNG")])
def test_a_name_without_a_suffix_gets_one(cli: Cli, tmp_path: Path, story: Path, key: str, starts: bytes) -> None:
    save_story(story, Story("chanhe", TITLE, (View("a", "title"),)))
    code, told, err = cli("present", "--format", key, "--out", tmp_path / "b.v2", "--story", story)
    assert code == 0, err
    assert (tmp_path / f"b.v2.{key}").read_bytes().startswith(starts)
    assert f"b.v2.{key}" in told


def test_the_same_is_asked_once_and_another_day_or_format_anew(cli: Cli, tmp_path: Path, story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, begun = tmp_path / "b.html", []
    tell = telling.tell
    monkeypatch.setattr(telling, "tell", lambda *args, **options: begun.append(1) or tell(*args, **options))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    first = json.loads(cli("present", "--out", out, "--story", story, "--json")[1])
    content = out.read_bytes()
    out.unlink()
    code, told, err = cli("present", "--out", tmp_path / "c.html", "--story", story, "--json")
    assert (code, len(begun)) == (0, 1), err
    assert "--fresh" in err
    assert (tmp_path / "c.html").read_bytes() == content
    assert json.loads(told)["result"]["slides"] == first["result"]["slides"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790086400")
    cli("present", "--out", out, "--story", story)
    assert len(begun) == 2
    assert out.read_bytes() != content
    cli("present", "--out", out, "--story", story, "--fresh")
    cli("present", "--out", out, "--story", story, "--lang", "en")
    assert len(begun) == 4


@pytest.mark.parametrize(("asked", "files", "demo"), [
    (["--layer", "parking_lots,public_toilets", "--year", "2022"], 4, False),
    (["--layer", "interchanges", "--stand-ins"], 3, True),
])
def test_the_atlas_has_its_contents_a_map_of_all_and_one_a_layer(cli: Cli, tmp_path: Path, asked: list[str], files: int, demo: bool) -> None:
    code, told, err = cli("present", "--atlas", *asked, "--format", "svg", "--paper", "a4", "--out", tmp_path, "--json")
    assert code == 0, err
    answer = json.loads(told)
    assert len(answer["result"]["files"]) == files
    assert all("图集" in name for name in answer["result"]["files"])
    assert len(answer["result"]["slides"]) == files - 1
    assert answer["result"]["pages"] == files, "what the files hold, contents included"
    assert answer["parameters"].get("stand-ins", False) is demo


@pytest.mark.parametrize("failing", [1, 2])
def test_a_full_disk_is_told_and_nothing_new_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    (tmp_path / "before-01.png").write_bytes(b"old")
    write, calls = storing.write_file, []

    def full(path: Path, content: bytes) -> None:
        calls.append(path)
        if len(calls) == failing + 1:
            raise storing.cannot_write(path, OSError(errno.ENOSPC, "No space left on device"))
        write(path, content)

    monkeypatch.setattr(storing, "write_file", full)
    contents = {tmp_path / f"{name}.png": b"new" for name in ("before-01", "new-02", "new-03")}
    with pytest.raises(storing.CannotWrite) as caught:
        present._write(contents)
    assert "磁盘空间不足" in caught.value.say("zh")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["before-01.png"]


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
    (["--out", "b.html", "--story", "no/such.json"], 1, f"无法打开汇报文件 {Path('no/such.json')}：没有这个文件或文件夹。"),
    (["--out", "b.html", "--atlas", "--story", "s.json"], 2, "--story"),
    (["--out", "b.html", "--layer", "parking_lots"], 2, "--atlas"),
    (["--out", "b.html", "--atlas", "--layer", "parking_lot"], 2, "parking_lots"),
    (["--out", "b.html", "--atlas", "--layer", "parking_lots", "--year", "1999"], 1, "放宽筛选"),
    ([], 2, "--out"),
])
def test_what_cannot_be_done_is_said_and_nothing_written(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    got, _, err = cli("present", *words, "--lang", "zh")
    assert (got, said in err) == (code, True), err
    assert list(tmp_path.iterdir()) == []


def test_a_story_that_is_not_there_is_told_before_anything_is_loaded(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present, "open_district", lambda *args: pytest.fail("loaded all the same"))
    got, _, err = cli("present", "--out", str(tmp_path / "b.html"), "--story", str(tmp_path / "no.json"), "--lang", "en")
    assert (got, f"Cannot open the story {tmp_path / 'no.json'}: no such file or folder." in err) == (1, True), err


def test_place_that_cannot_be_written_is_told_before_the_slides_are(cli: Cli, tmp_path: Path, story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "tell", lambda *args, **options: pytest.fail("told all the same"))
    (tmp_path / "taken").write_text("a file, no folder", encoding="utf-8")
    code, _, err = cli("present", "--out", tmp_path / "taken" / "b.svg", "--story", story)
    assert code == 1
    assert "无法写入" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["story.json", "taken"]


def test_a_story_whose_slides_are_all_skipped_is_refused(cli: Cli, tmp_path: Path, story: Path) -> None:
    save_story(story, Story("chanhe", TITLE, (View("a", "title", hidden=True),)))
    code, _, err = cli("present", "--out", tmp_path / "b.html", "--story", story)
    assert (code, "都设为跳过" in err) == (1, True), err
    assert not (tmp_path / "b.html").exists()


@pytest.mark.parametrize("suffix", ["html", "pdf"])
def test_a_font_that_is_missing_is_told(cli: Cli, tmp_path: Path, story: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    def lost() -> Path:
        raise Unreadable(glyphs._MISSING)

    monkeypatch.setattr(glyphs, "font_folder", lost)
    glyphs.glyphs.cache_clear()
    code, _, err = cli("present", "--out", tmp_path / f"b.{suffix}", "--story", story)
    assert (code, "pip install pylopdf-fonts-zh-cn" in err) == (1, True), err
