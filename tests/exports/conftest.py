"""A district whose sites are of every kind: points, lines, areas with holes, places not known, texts that bite."""

import dataclasses
import warnings
from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.district import LOCATED_CLASSES, District
from geodata.exports import Meta, meta_of
from geodata.packs import load_district
from layers import Text

BITING = ("=HYPERLINK(\"http://x\",\"y\")", "+1", "-1+2", "@SUM(A1)", "\tx", "\r=1", "＝1", "plain, \"quoted\"\nnew line", "瀍河<b>&\x07", "")


@pytest.fixture(scope="session")
def embedded() -> District:
    return load_district()


@pytest.fixture(scope="session")
def district(embedded: District) -> District:
    """The embedded district with a third of its sites given a place."""
    sites = embedded.sites.copy().reset_index(drop=True)
    west, south, east, north = embedded.boundary.total_bounds
    random = np.random.default_rng(7)
    for row in range(0, len(sites), 3):
        x, y = random.uniform(west, east), random.uniform(south, north)
        ring = shapely.Point(x, y).buffer(80).difference(shapely.Point(x, y).buffer(30))  # winds clockwise in GEOS
        shapes = [shapely.Point(x, y), shapely.LineString([(x, y), (x + 50, y + 10), (x + 120, y)]), ring,
                  shapely.MultiPolygon([ring, shapely.Point(x + 500, y).buffer(20)]), shapely.Point(x, y, 99.0)]
        sites.at[row, "geometry"] = shapes[(row // 3) % len(shapes)]
        sites.at[row, "location_class"] = LOCATED_CLASSES[row % 4]
        sites.at[row, "uncertainty_m"] = 5.5
        sites.at[row, "name_zh"] = BITING[row % len(BITING)]
    return dataclasses.replace(embedded, sites=gpd.GeoDataFrame(sites, geometry="geometry", crs=embedded.metric_crs))


@pytest.fixture(scope="session")
def meta(district: District) -> Meta:
    told = meta_of(district, title=Text("项目与设施", "Sites"), query={"layer": "public_toilets", "text": "查询词 asked-for"},
                   notes=(Text("注意一下", "mind this"),))
    return dataclasses.replace(told, made_at=datetime(2022, 4, 25, 8, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _quiet_drivers() -> None:
    """GDAL tells of a FID column it found; that is no finding about our files."""
    warnings.filterwarnings("ignore", message=".*(FID|Non closed ring).*", category=RuntimeWarning)
