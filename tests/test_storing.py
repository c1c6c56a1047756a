"""Files and folders appear whole or not at all."""

import errno
import threading
from pathlib import Path

import pytest

from geodata import storing
from geodata.errors import BadInput, CannotWrite
from geodata.storing import check_writable, locked, staged, write_file
from layers import Text


def names(folder: Path) -> list[str]:
    """Return what a folder holds, locks aside."""
    return sorted(p.name for p in folder.iterdir() if p.suffix != ".lock")


def test_a_file_is_written_with_its_folders_as_utf8(tmp_path):
    write_file(tmp_path / "a" / "b.txt", "瀍河\n")
    assert (tmp_path / "a" / "b.txt").read_bytes() == "瀍河\n".encode()
    assert names(tmp_path / "a") == ["b.txt"]


def test_where_a_file_cannot_be_written_the_reason_is_told(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CannotWrite) as caught:
        write_file(tmp_path / "file" / "below.txt", "y")
    assert "file" in caught.value.say("zh")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_a_failing_exchange_leaves_the_old_file_and_no_rubbish(tmp_path, monkeypatch):
    target = tmp_path / "a.txt"
    write_file(target, "old")

    def refuse(_source, _target):
        raise PermissionError(13, "held open")

    monkeypatch.setattr(storing, "_replace", refuse)
    with pytest.raises(CannotWrite, match="no permission"):
        write_file(target, "new")
    assert target.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_staged_folder_appears_only_when_it_is_whole(tmp_path):
    out = tmp_path / "pack"
    with staged(out) as folder:
        (folder / "a.txt").write_text("a", encoding="utf-8")
        assert not out.exists()
    assert names(out) == ["a.txt"]


def test_an_error_while_filling_leaves_nothing(tmp_path):
    def fill(error):
        with staged(tmp_path / "pack") as folder:
            (folder / "a.txt").write_text("a", encoding="utf-8")
            raise error

    with pytest.raises(KeyError):
        fill(KeyError())
    assert names(tmp_path) == []


def test_errors_of_the_product_pass_through_as_they_are(tmp_path):
    with pytest.raises(BadInput), staged(tmp_path / "pack"):
        raise BadInput(Text("坏", "bad"))


def test_a_filled_folder_is_left_alone_unless_it_is_to_be_replaced(tmp_path):
    out = tmp_path / "pack"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CannotWrite), staged(out):
        pass
    assert names(out) == ["mine.txt"]
    with staged(out, replace=True) as folder:
        (folder / "new.txt").write_text("new", encoding="utf-8")
    assert names(out) == ["new.txt"]
    assert names(tmp_path) == ["pack"]


def test_a_second_writer_waits_and_then_says_why_it_gave_up(tmp_path, monkeypatch):
    monkeypatch.setattr(storing, "LOCK_WAIT_S", 0.05)
    caught: list[BaseException] = []

    def second() -> None:
        try:
            with locked(tmp_path / "pack"):
                pass
        except CannotWrite as error:
            caught.append(error)

    with locked(tmp_path / "pack"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert "pack" in str(caught[0])


@pytest.mark.parametrize(("number", "zh", "en"), [(errno.EACCES, "没有权限", "no permission"), (errno.ENOSPC, "磁盘空间不足", "no space left"), (errno.ENOENT, "没有这个文件或文件夹", "no such file or folder"),
                                                  (errno.EROFS, "磁盘为只读", "read-only"), (errno.EDEADLK, "系统报告：its own words", "the system says: its own words")])
def test_the_systems_common_reasons_are_told_in_words(number, zh, en):
    error = storing.cannot_write(Path("x"), OSError(number, "its own words"))
    assert zh in error.say("zh")
    assert en in error.say("en")


def test_a_failed_build_leaves_not_even_its_lock(tmp_path):
    with pytest.raises(BadInput), staged(tmp_path / "pack"):
        raise BadInput(Text("坏", "bad"))
    assert list(tmp_path.iterdir()) == []


def test_a_refused_build_leaves_no_lock_beside_what_was_there(tmp_path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CannotWrite), staged(tmp_path / "pack"):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["pack"]


def test_a_place_is_tried_before_the_work_and_left_as_it_was(tmp_path, monkeypatch):
    check_writable(tmp_path / "new" / "deeper" / "file.pdf")
    check_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "taken").write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(CannotWrite, match=r"taken.deeper"):
        check_writable(tmp_path / "taken" / "deeper" / "file.pdf")

    def refuse(*_args: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(CannotWrite) as caught:
        check_writable(tmp_path / "file.pdf")
    assert "没有权限" in caught.value.say("zh")
    assert names(tmp_path) == ["taken"]
