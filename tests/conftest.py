"""What every test may rely on: the two variables, steady property tests, kernels compiled once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
ON_CI = bool(os.environ.get("CI"))

# Kernels compile inside the first example, so no example is held to a time; on CI every run draws the same examples.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if ON_CI else "local")


def pytest_configure(config: pytest.Config) -> None:
    """Give the children (servers, command lines) one place for compiled kernels, also where the product is read-only."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(config.rootpath / ".pytest_cache" / "numba"))
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput") and not Path(os.environ["NUMBA_CACHE_DIR"]).exists():
        compile_kernels()


def compile_kernels() -> None:
    """Compile every kernel once on a fresh machine, before several processes would each do so."""
    environment = {**os.environ, "CHANHE_PACK": str(Path(os.environ["NUMBA_CACHE_DIR"]).parent), "PYTHONUTF8": "1"}  # a folder without a pack
    asked = [subprocess.Popen([sys.executable, "-m", "geodata", *question, "--layer", "public_toilets"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
             for question in (("missing-links", "--max-length", "30", "--top", "1"), ("site", "--model", "mclp", "--number", "2", "--metres", "300", "--seconds", "3"))]
    for process in asked:
        process.wait()  # what went wrong is told by the tests of these commands


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """Put `__main__` back: Streamlit's AppTest leaves its script there, and a spawned process would run it again."""
    kept = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = kept


def missing(what: str) -> None:
    """Skip the test for want of `what`, the only reason a test may be skipped; on CI it fails instead."""
    if ON_CI:
        pytest.fail(f"{what}: on CI nothing may be missing")
    pytest.skip(what)


def named_by(variable: str) -> Path:
    """Return the path that an environment variable names."""
    value = os.environ.get(variable)
    if not value:
        missing(f"{variable} is not set")
    path = Path(str(value))
    assert path.exists(), f"{variable} names {path}, which does not exist"
    return path


@pytest.fixture(scope="session")
def report_text() -> str:
    """The report as printed, character by character."""
    return named_by("CHANHE_REPORT_TEXT").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def datum_dir() -> Path:
    """The folder of stations with coordinates in two datums."""
    return named_by("CHANHE_DATUM_DIR")


Cli = Callable[..., tuple[int, str, str]]
"""Runs a command line; returns exit code, standard output and standard error."""


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """The command line on a machine that speaks Chinese, has no pack of its own and keeps nothing from before."""
    from geodata.cli import main  # noqa: PLC0415  most tests do without it

    pack = tmp_path.with_name(f"{tmp_path.name} pack")
    pack.mkdir()
    monkeypatch.setenv("CHANHE_PACK", str(pack))
    monkeypatch.setenv("CHANHE_CACHE", str(tmp_path.with_name(f"{tmp_path.name} cache")))
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run
