"""What is kept between two runs: found again by what it depends on, bounded, and never in the way."""

import os
from pathlib import Path

import pytest

from geodata import kept_files
from geodata.errors import BadInput
from geodata.kept_files import kept
from geodata.settings import read_settings
from layers import Text


def never() -> bytes:
    pytest.fail("made again")


def test_the_same_question_is_answered_once_and_another_anew(tmp_path: Path) -> None:
    assert kept(("a", 1.5, None), lambda: b"one", folder=tmp_path) == b"one"
    assert kept(("a", 1.5, None), never, folder=tmp_path) == b"one"
    assert kept(("a", 1.5, "None"), lambda: b"two", folder=tmp_path) == b"two"
    assert kept(("a", 1.5, None), lambda: b"three", folder=tmp_path, fresh=True) == b"three"
    assert kept(("a", 1.5, None), never, folder=tmp_path) == b"three"
    assert kept("\ud800 half a character", lambda: b"", folder=tmp_path) == b""


def test_another_installation_asks_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept("a", lambda: b"one", folder=tmp_path)
    monkeypatch.setattr(kept_files, "made_with", lambda: "a later version")
    assert kept("a", lambda: b"two", folder=tmp_path) == b"two"


def test_our_own_files_and_packages_are_part_of_the_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept_files.made_with()
    (tmp_path / "another_package-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    kept_files.made_with.cache_clear()
    assert kept_files.made_with() != before
    monkeypatch.undo()
    kept_files.made_with.cache_clear()
    assert kept_files.made_with() == before


def test_what_was_damaged_is_made_again(tmp_path: Path) -> None:
    kept("a", lambda: b"whole", folder=tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert kept("a", lambda: b"whole", folder=tmp_path) == b"whole"
    assert kept("a", never, folder=tmp_path) == b"whole"


def test_no_more_is_kept_than_there_is_room_for_and_the_longest_unused_goes(tmp_path: Path) -> None:
    for place, name in enumerate("abc"):
        kept(name, lambda: bytes(1000), folder=tmp_path, most_bytes=3500)
        newest = max(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (place + 1, place + 1))
    kept("a", never, folder=tmp_path)  # used: now the newest
    kept("d", lambda: bytes(1000), folder=tmp_path, most_bytes=3500)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 3500
    for name in "acd":
        kept(name, never, folder=tmp_path)
    assert kept("b", lambda: b"again", folder=tmp_path) == b"again"
    assert kept("huge", lambda: bytes(9000), folder=tmp_path, most_bytes=3500) == bytes(9000)
    assert kept("huge", lambda: b"not kept", folder=tmp_path) == b"not kept"


def test_a_folder_that_cannot_be_used_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    for _ in range(2):
        assert kept("a", lambda: b"made", folder=tmp_path / "file" / "within") == b"made"


def test_what_fails_is_told_and_not_kept(tmp_path: Path) -> None:
    def fail() -> bytes:
        raise BadInput(Text("不行", "cannot be"))

    with pytest.raises(BadInput):
        kept("a", fail, folder=tmp_path)
    assert kept("a", lambda: b"made", folder=tmp_path) == b"made"


def test_the_operator_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANHE_CACHE", str(tmp_path / "here"))
    kept("a", lambda: b"made")
    assert len(list((tmp_path / "here").iterdir())) == 1
    assert "chanhe-planning-map" in read_settings({}).cache_folder.parts
