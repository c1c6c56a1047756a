"""The shipped ledger and sites, the page they quote, and a ledger small enough to count by hand."""

import json
from pathlib import Path

import pandas as pd
import pytest

from geodata.ledger import read_ledger, read_not_promises
from tests.conftest import named_by
from tests.ledger.rows import commitment

PACK = Path(__file__).parents[2] / "geodata" / "chanhe"


@pytest.fixture(scope="session")
def page_file() -> Path:
    return named_by("CHANHE_REPORT_TEXT")


@pytest.fixture(scope="session")
def page(page_file: Path) -> str:
    """The report as printed, its line ends too."""
    with page_file.open(encoding="utf-8", newline="") as stream:
        return stream.read()


@pytest.fixture(scope="session")
def document() -> dict[str, str]:
    """What the pack says of the report."""
    return json.loads((PACK / "pack.json").read_text(encoding="utf-8"))["document"]


@pytest.fixture(scope="session")
def ledger() -> pd.DataFrame:
    return read_ledger(PACK / "ledger.json")


@pytest.fixture(scope="session")
def not_promises() -> pd.DataFrame:
    return read_not_promises(PACK / "not_promises.json")


@pytest.fixture(scope="session")
def sites() -> pd.DataFrame:
    found = json.loads((PACK / "sites.geojson").read_text(encoding="utf-8"))
    return pd.DataFrame([feature["properties"] for feature in found["features"]])


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("ledger") / "ledger.json"
    rows = [commitment("five", quantity=5), commitment("again", quantity=5, same_as="five"), commitment("named"),
            commitment("flats", quantity=100, unit="户", unit_is_place=False), commitment("length", quantity=2.5, unit="千米", of="five"),
            commitment("before", quantity=4, year=2021, kind="done"), commitment("backdrop", kind="context")]
    path.write_text(json.dumps(rows), encoding="utf-8")
    return read_ledger(path)
