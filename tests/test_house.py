"""The house itself: its floors, its texts, its habits."""

import importlib.metadata
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from geodata import bootstrap
from geodata.cli import build_parser
from geodata.commands import every_command
from tests.conftest import ROOT

ROOMS = ("geodata", "layers", "tests", ".ci", ".streamlit")
LOOSE = ("*.md", "*.toml", "*.txt", "*.py", "*.yaml", "Dockerfile", ".gitignore", ".dockerignore")
TEXT = {".py", ".md", ".toml", ".txt", ".js", ".css", ".json", ".geojson", ".csv", ".svg", ".yaml", ".qml", ""}
MOST_LINES = 400
LONGER: dict[str, str] = {}  # file: why it is one subject all the same
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CI_SCRIPT = ROOT / ".ci" / "run"


def texts() -> Iterator[Path]:
    for pattern in LOOSE:
        yield from ROOT.glob(pattern)
    for room in ROOMS:
        yield from (path for path in (ROOT / room).rglob("*")
                    if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts)


def ours() -> list[Path]:
    return [path for path in texts() if path.suffix == ".py"]


def found(pattern: str, paths: Iterator[Path] | list[Path]) -> list[str]:
    """Return each line that `pattern` stands in, as file:line: text."""
    return [f"{path.relative_to(ROOT)}:{number}: {line.strip()[:160]}"
            for path in paths
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
            if re.search(pattern, line)]


def test_imports_only_go_down() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


def test_no_package_index_and_no_path_of_one_machine() -> None:
    hosts = "|".join((r"index" + "-url", r"python" + "hosted", r"pypi" + r"\.org", r"https?://[^ \"]*(/simple" + "/|/packages" + "/|registry)"))
    paths = r"(^|[ \"'=(])/(work|root|farm)" + "/"
    assert not found(f"{hosts}|{paths}", texts())


def test_every_exception_to_a_rule_says_why() -> None:
    bare = r"# noqa(?!: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*  ?\S)" + r"|# type: ignore(?!\[[\w, -]+\]  ?(# )?\S)"
    assert not found(bare, [path for path in ours() if path != Path(__file__)])


def test_every_skip_says_why() -> None:
    assert not found(r"mark\.(skip|xfail)(?!if)\b(?!.*reason=)", [path for path in ours() if path != Path(__file__)])


def test_every_ignored_lint_rule_says_why() -> None:
    section = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("ignore = [")[2].partition("\n]")[0]
    rules = [line for line in section.splitlines() if line.strip()]
    assert rules
    assert all("# " in line for line in rules)


def test_one_file_one_subject() -> None:
    long = {str(path.relative_to(ROOT).as_posix()): lines for path in ours()
            if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES}
    assert set(long) <= set(LONGER), long
    assert set(LONGER) <= set(long), "no longer over the limit"


def test_no_junk_drawer() -> None:
    assert not [path for path in ours() if path.stem in {"utils", "util", "helpers", "misc", "common"}]


def test_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert versions[0] == PROJECT["project"]["version"]


# --- the versions

def required(extra: str) -> set[str]:
    """Return every package that the product (with `extra`) asks for on this machine, however far down."""
    seen: dict[str, set[str]] = {}

    def walk(requirements: list[str], extras: set[str]) -> None:
        for requirement in map(Requirement, requirements):
            if requirement.marker is None or any(requirement.marker.evaluate({"extra": one}) for one in ("", *extras)):
                key = canonicalize_name(requirement.name)
                if key not in seen or requirement.extras - seen[key]:
                    seen[key] = seen.get(key, set()) | requirement.extras
                    walk(importlib.metadata.requires(key) or [], seen[key])

    walk(PROJECT["project"]["dependencies"], set())
    if extra:
        walk(PROJECT["project"]["optional-dependencies"][extra], set())
    return set(seen)


def pinned(part: str) -> dict[str, str]:
    found = (bootstrap.PIN.fullmatch(line.strip()) for line in part.splitlines() if line.strip() and not line.startswith("#"))
    return {canonicalize_name(name): version for match in found if match for name, _, version in [match["pin"].partition("==")]}


@pytest.mark.parametrize("extra", ["", "test"])
def test_every_version_is_pinned_and_is_the_one_installed(extra: str) -> None:
    content = bootstrap.CONSTRAINTS.read_text(encoding="utf-8")
    pins = pinned(content if extra else content.partition(bootstrap.TEST_PART)[0])
    needed = required(extra)
    assert needed - set(pins) == set()
    assert {name: importlib.metadata.version(name) for name in needed} == {name: pins[name] for name in needed}
    assert set(pins) - needed <= {"pip", "setuptools", "colorama"}, "pinned, but nothing asks for it"


# --- the texts

def blocks(name: str) -> list[str]:
    """Return the lines of every code block of a text."""
    fenced = re.findall(r"^```(?:bash|powershell|console|text)?\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [line.strip() for block in fenced for line in block.splitlines()]


def test_readme_sets_up_and_tests_by_one_command_each() -> None:
    lines = blocks("README.md")
    assert "python -m geodata.bootstrap serve" in lines
    assert "python -m geodata.bootstrap test" in lines


def test_continuous_integration_runs_the_very_commands_of_the_readme() -> None:
    script = CI_SCRIPT.read_text(encoding="utf-8")
    assert re.search(r"^\s*python -m geodata\.bootstrap test$", script, flags=re.MULTILINE)
    assert "python -m geodata.bootstrap wheels --out" in script


def subcommands() -> dict[str, set[str]]:
    """Return every command of the product with its options."""
    chosen = next(action for action in build_parser("en", both=False)._actions if hasattr(action, "choices") and isinstance(action.choices, dict))
    return {name: {option for action in parser._actions for option in action.option_strings} for name, parser in chosen.choices.items()}


def test_readme_names_every_command() -> None:
    named = {match[1] for line in blocks("README.md") if (match := re.match(r"python3? -m geodata ([\w-]+)", line))}
    assert named == set(subcommands())


def test_every_option_in_the_readme_exists() -> None:
    known = subcommands()
    for line in blocks("README.md"):
        match = re.match(r"python3? -m geodata ([\w-]+)(.*)", line)
        if match:
            assert set(re.findall(r"--[a-z][a-z-]*", match[2])) <= known[match[1]], line


def test_every_command_of_the_readme_and_of_the_help_can_be_typed_and_says_which_files_are_the_users_own() -> None:
    typed = [line for line in blocks("README.md") if re.match(r"python3? -m geodata ", line)]
    for line in [*typed, *(f"python -m geodata {command.example}" for command in every_command().values())]:
        build_parser("en", both=False).parse_args(shlex.split(line, comments=True)[3:])
    brought = {name for line in typed for name in re.findall(r"--(?:open|close|add|osm|boundary|sites|what-if) (?:\w+=)?(\S+\.\w+)", line)}
    assert "road.geojson" in brought
    assert {name for name in brought if f"`{name}`" not in (ROOT / "README.md").read_text(encoding="utf-8")} == set()


def test_every_setting_is_told() -> None:
    told = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    read = {name for path in texts() if path.suffix in {".py", ""} for name in re.findall(r"CHANHE_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8"))}
    assert {name for name in read if name not in told} == set()


def test_links_of_the_texts_lead_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text) + re.findall(r'src="(?!https?:)([^"]+)"', text):
            assert (ROOT / target).exists(), f"{name}: {target}"


def test_pictures_of_the_readme_are_small() -> None:
    pictures = list((ROOT / ".readme").glob("*"))
    assert pictures
    assert sum(picture.stat().st_size for picture in pictures) < 1_000_000
