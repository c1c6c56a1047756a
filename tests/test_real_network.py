"""On the streets of Helsinki (OpenStreetMap), every walk against networkx on a physically split graph."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.network import Network, build_network
from geodata.osm import OsmExtract, read_osm
from geodata.reach import nearest, reached, walks_to
from geodata.snapping import Access, Barriers, build_barriers, crosses, site_entries, snap
from tests.extracts import real
from tests.split_graph import split_walks

METRIC = "EPSG:32635"


@pytest.fixture(scope="module")
def extract() -> OsmExtract:
    return read_osm(real("Helsinki.osm.pbf"))


@pytest.fixture(scope="module")
def network(extract: OsmExtract) -> Network:
    return build_network(extract.streets.to_crs(METRIC))


@pytest.fixture(scope="module")
def barriers(extract: OsmExtract) -> Barriers:
    return build_barriers(extract.water.to_crs(METRIC), extract.rail.to_crs(METRIC))


@pytest.fixture(scope="module")
def homes(extract: OsmExtract) -> gpd.GeoSeries:
    return gpd.GeoSeries(extract.buildings.to_crs(METRIC).representative_point())


@pytest.fixture(scope="module")
def parking(extract: OsmExtract) -> gpd.GeoSeries:
    return gpd.GeoSeries(extract.facilities["parking_lots"].to_crs(METRIC).geometry)


def test_the_network_is_the_golden_one(network: Network) -> None:
    sizes = network.component_sizes()
    assert (network.nodes, network.edges) == (3752, 5156)
    assert sizes[:2].tolist() == [3663, 12]
    assert int((network.edge_u == network.edge_v).sum()) == 5
    assert len(network.arc_m) == 9990  # two a street, less loops and the longer of parallel ones
    assert network.enterable.sum() == (network.component[network.edge_u] == 0).sum()


def test_walks_from_buildings_to_parking_agree_to_a_micrometre(
        network: Network, barriers: Barriers, homes: gpd.GeoSeries, parking: gpd.GeoSeries) -> None:
    access = snap(network, homes, access_m=200, barriers=barriers)
    entries = site_entries(network, parking, access_m=200, barriers=barriers)
    mine = walks_to(network, nearest(network, entries), entries, access).walk_m
    right = split_walks(network, entries, access)
    assert np.isfinite(mine).sum() > 400
    assert np.array_equal(np.isinf(mine), np.isinf(right))
    there = np.isfinite(mine)
    assert np.abs(mine[there] - right[there]).max() < 1e-6
    straight = shapely.STRtree(parking).query_nearest(homes, return_distance=True, all_matches=False)[1]
    assert (mine >= straight - 1e-6).all()


def test_walks_between_places_anywhere_agree_to_a_micrometre(network: Network) -> None:
    rng = np.random.default_rng(1)
    open_edges = np.flatnonzero(network.enterable)
    spots = shapely.line_interpolate_point(network.lines[open_edges], rng.random(len(open_edges)), normalized=True)
    sites = shapely.points(shapely.get_coordinates(rng.choice(spots, 48)) + rng.normal(0, 20, (48, 2)))
    entries = site_entries(network, sites, access_m=200)
    access = snap(network, spots, access_m=200)
    mine = walks_to(network, nearest(network, entries), entries, access).walk_m
    assert mine == pytest.approx(split_walks(network, entries, access), abs=1e-6)


def test_no_leg_crosses_rail_or_water(network: Network, barriers: Barriers, homes: gpd.GeoSeries) -> None:
    free, held = snap(network, homes, access_m=200), snap(network, homes, access_m=200, barriers=barriers)
    on = ~held.off
    starts = shapely.get_coordinates(homes)[on]
    ends = shapely.get_coordinates(shapely.line_interpolate_point(network.lines[held.edge[on]], held.offset_m[on]))
    turned = np.flatnonzero(on)[held.leg_m[on] > free.leg_m[on] + 1e-6]
    assert (held.leg_m[on] >= free.leg_m[on] - 1e-9).all()
    straight = ~np.isin(np.flatnonzero(on), turned)
    assert not crosses(starts[straight], ends[straight], barriers).any()


def test_the_metres_reached_are_those_a_fine_comb_finds(network: Network, parking: gpd.GeoSeries) -> None:
    entries = site_entries(network, parking, access_m=200)
    nodes = nearest(network, entries)
    found = reached(network, nodes.walk_m, entries, 150)
    steps = np.maximum(1, np.ceil(network.edge_m / 2)).astype(int)
    edge = np.repeat(np.arange(network.edges), steps)
    place = (np.arange(len(edge)) - np.repeat(np.cumsum(steps) - steps, steps) + 0.5) / steps[edge]
    comb = Access(edge, place * network.edge_m[edge], np.zeros(len(edge)))
    within = walks_to(network, nodes, entries, comb).walk_m <= 150
    assert (found.to_m - found.from_m).sum() == pytest.approx((network.edge_m / steps)[edge][within].sum(), rel=0.005)
