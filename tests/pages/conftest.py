"""What the pages' tests share: an empty pack folder each, and Streamlit looks for installed components once, not anew at every run of a page."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner  # noqa: TID251  it reads what every installed package says of itself, a third of a second each time


@pytest.fixture(autouse=True)
def pack_still_to_come(tmp_path: Path) -> None:
    """Make the empty folder that most tests name as their pack; one that is not there is refused."""
    (tmp_path / "pack").mkdir()


@pytest.fixture(scope="session", autouse=True)
def look_for_components_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield
