"""What the pages' tests share: Streamlit looks for installed components once, not anew at every run of a page."""

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner  # noqa: TID251  it reads what every installed package says of itself, a third of a second each time


@pytest.fixture(scope="session", autouse=True)
def look_for_components_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield
