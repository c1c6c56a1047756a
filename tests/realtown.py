"""A small pack on streets of its own over the embedded district: its promises, real streets and real people, made here in a moment."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from geodata.importing import build_pack
from geodata.packs import load_district

BLOCK_M = 150.0
BLOCKS = 14
PEOPLE = 40


def real_pack(folder: Path) -> Path:
    """Build the pack below `folder` and return its own folder: named streets every 150 m within 2 km,
    people between them, three car parks, the stalls of two of them known.
    """
    embedded = load_district()
    inside = embedded.boundary.geometry.iloc[0].buffer(-200)
    at = inside.representative_point()
    west, south = at.x - BLOCKS / 2 * BLOCK_M, at.y - BLOCKS / 2 * BLOCK_M
    steps = [k * BLOCK_M for k in range(BLOCKS + 1)]
    lines = [*(shapely.LineString([(west, south + s), (west + steps[-1], south + s)]) for s in steps),
             *(shapely.LineString([(west + s, south), (west + s, south + steps[-1])]) for s in steps)]
    names = [*(f"测试{k}路" for k in range(len(steps))), *(f"测试{k}街" for k in range(len(steps)))]
    streets = gpd.GeoDataFrame({"name": names, "highway": "residential"}, geometry=[line.intersection(inside) for line in lines], crs=embedded.metric_crs)
    x, y = np.meshgrid(west + BLOCK_M * (np.arange(BLOCKS) + 0.4), south + BLOCK_M * (np.arange(BLOCKS) + 0.2))
    homes = gpd.GeoSeries(shapely.points(x.ravel(), y.ravel()), crs=embedded.metric_crs)
    homes = homes[homes.within(inside)]
    people = gpd.GeoDataFrame({"people": np.random.default_rng(5).integers(1, PEOPLE, len(homes))}, geometry=homes.to_numpy(), crs=embedded.metric_crs)
    files = {"streets": folder / "streets.geojson", "population": folder / "people.geojson"}
    streets[~streets.is_empty].to_crs(4326).to_file(files["streets"])
    people.to_crs(4326).to_file(files["population"])
    lots = gpd.GeoDataFrame({"name_zh": ["甲停车场", "乙停车场", "丙停车场"], "capacity": [60, 20, None], "location_class": "surveyed", "uncertainty_m": 5, "basis_zh": "测量"},
                            geometry=shapely.points([west + 450, west + 1350, west + 1800], [south + 450, south + 1350, south + 600]), crs=embedded.metric_crs)
    lots.to_crs(4326).to_file(folder / "lots.geojson")
    build_pack(folder / "pack", **files, sites={"parking_lots": folder / "lots.geojson"})
    return folder / "pack"
