"""Links judged by updating only what improves, against measuring everything anew."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.changes import OpenRoad
from geodata.comparing import COMPARED, compare
from geodata.district import District
from geodata.errors import BadInput
from geodata.missing_links import find_links, links_opened, missing_links, one_a_place
from geodata.network import Network, build_network
from geodata.question import Question
from geodata.reach import nearest, walks_to
from geodata.scenario import apply
from geodata.snapping import Access, Entries, build_barriers, site_entries
from geodata.updates import Links, judge_links, settle
from geodata.walking import Kept
from tests import toytown as toy
from tests.test_reach import bent_streets

TOILETS = Question(("public_toilets",), metres=300.0)


def town(seed: int, *, stubs: int = 12, uncertain: bool = False, **parts: object) -> District:
    """The grid with some streets missing, some dead ends, homes and toilets anywhere, on and off the streets; `uncertain` ones are known to an area."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, 10, (stubs, 2)) * 100.0
    tips = ends + rng.uniform(-45, 45, (stubs, 2))
    streets = toy.streets([toy.way(tuple(a), tuple(b)) for a, b in zip(ends, tips, strict=True)], without=rng.choice(180, 40, replace=False).tolist())
    homes = [toy.at(*xy) for xy in rng.uniform(-50, 950, (120, 2))]
    sites = [toy.site("public_toilets", i + 1, toy.at(*xy)) for i, xy in enumerate(rng.uniform(0, 900, (3, 2)))]
    sites.append(toy.site("public_toilets", 9, toy.box(410, 410, 470, 450)))
    if uncertain:
        sites[0] |= {"location_class": "area", "uncertainty_m": 400.0}
        sites[3] |= {"location_class": "area", "uncertainty_m": 200.0}
    return toy.district(toy.people(homes, rng.integers(0, 20, 120).astype(float).tolist()), sites, streets=streets,
                        ledger=[toy.commitment("public_toilets", 9, unit_is_place=True)], **parts)


@pytest.mark.parametrize(("seed", "uncertain"), [*((seed, False) for seed in range(5)), (5, True)])
def test_every_link_judged_is_the_same_as_opening_it(seed: int, uncertain: bool) -> None:
    place, kept = town(seed, uncertain=uncertain), Kept()
    asked = replace(TOILETS, draws=7)
    found = missing_links(place, asked, top=8, max_length_m=140.0, kept=kept)
    assert len(found.links) > 4
    assert (found.links["runs"] == (7 if uncertain else 1)).all()
    for row, told in enumerate(links_opened(place, found, kept=kept)):
        right = compare(place, apply(place, [found.road(row)]), asked, kept=kept).rows.iloc[0]
        mine = found.links.iloc[row]
        for name in ("person_minutes_saved", "people_newly_covered", "people_nearer", "capped_people"):
            assert mine[name] == pytest.approx(right[name], abs=1e-6), (row, name)
        assert (right["connected"], right["longer_walks"]) == (True, 0)
        (again,) = told
        assert set(again) >= set(COMPARED)
        assert mine["way_before_m"] == pytest.approx(again["way_before_m"], abs=1e-6, nan_ok=True) or np.isinf(again["way_before_m"])
        assert [again[name] for name in COMPARED] == right[list(COMPARED)].tolist()
    assert found.links["person_minutes_saved"].is_monotonic_decreasing


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_updating_gives_the_walks_of_measuring_anew(seed: int) -> None:
    """On bent streets with any two places linked: sums over the demand to the rounding of floats."""
    rng = np.random.default_rng(seed)
    streets = bent_streets(seed % 50)
    network = build_network(streets)
    edges = np.flatnonzero(network.enterable)
    if len(edges) < 4:
        return
    def places(count: int) -> tuple[np.ndarray, np.ndarray]:
        edge = rng.choice(edges, count)
        return edge, rng.random(count) * network.edge_m[edge]
    edge, at_m = places(60)
    access, people = Access(edge, at_m, rng.random(60) * 30), rng.integers(0, 9, 60).astype(float)
    site_edge, site_at = places(3)
    entries = site_entries(network, shapely.line_interpolate_point(network.lines[site_edge], site_at), access_m=50)
    nodes = nearest(network, entries)
    before = walks_to(network, nodes, entries, access)
    (edge_a, at_a), (edge_b, at_b) = places(5), places(5)
    length_m = rng.random(5) * 60
    settled = settle(network, entries, nodes, before, access, people=people)
    mine = judge_links(settled, Links(edge_a, at_a, edge_b, at_b, length_m), cap_m=2160.0, standard_m=200.0)
    for i in range(5):
        after = linked(network, entries, access, (int(edge_a[i]), float(at_a[i])), (int(edge_b[i]), float(at_b[i])), float(length_m[i]))
        was, now = before.walk_m, np.minimum(after, before.walk_m)
        saved = np.where(np.isinf(was), np.where(np.isinf(now), 0, np.fmax(2160.0, now)), was) - np.where(np.isinf(now), 0, now)
        saved = np.where(np.isinf(now), 0, saved)
        assert mine.saved_m[i] == pytest.approx(float(people @ saved), abs=1e-5)
        assert mine.newly[i] == float(people @ ((now <= 200 + 1e-6) & (was > 200 + 1e-6)))
        assert mine.capped[i] == float(people @ (np.isinf(was) & np.isfinite(now)))


def linked(network: Network, entries: Entries, access: Access, a: tuple[int, float], b: tuple[int, float], length_m: float) -> np.ndarray:
    """Walks with a link between two places, by networkx on a physically split graph."""
    places: dict[int, set[float]] = {}
    for e, o in [*zip(entries.edge.tolist(), entries.from_m.tolist(), strict=True), *zip(access.edge.tolist(), access.offset_m.tolist(), strict=True), a, b]:
        places.setdefault(int(e), set()).add(float(o))
    graph = nx.MultiGraph()
    graph.add_node("site")
    for e in range(network.edges):
        cuts = sorted(places.get(e, ()))
        chain = [int(network.edge_u[e]), *((e, c) for c in cuts), int(network.edge_v[e])]
        for one, other, m in zip(chain[:-1], chain[1:], np.diff([0.0, *cuts, float(network.edge_m[e])]), strict=True):
            graph.add_edge(one, other, m=float(m))
    for e, o, leg in zip(entries.edge.tolist(), entries.from_m.tolist(), entries.leg_m.tolist(), strict=True):
        graph.add_edge("site", (int(e), float(o)), m=leg)
    graph.add_edge(a, b, m=length_m)
    far = nx.single_source_dijkstra_path_length(graph, "site", weight="m")
    return np.array([far.get((int(e), float(o)), np.inf) + leg for e, o, leg in zip(access.edge, access.offset_m, access.leg_m, strict=True)])


def test_links_start_at_dead_ends_and_meet_nothing_between() -> None:
    stub = toy.way((500, 500), (540, 540))
    place = town(0, stubs=0)
    place = toy.replace(place, streets=toy.streets([stub]))
    found = find_links(place.network, 150.0, None)
    ends = {tuple((c[1] - (toy.X0, toy.Y0)).round(6)) for c in map(shapely.get_coordinates, found.lines)}
    assert ends == {(500, 540), (540, 500), (600, 540), (540, 600), (500, 600), (600, 500), (600, 600)}  # the block's sides and other corners
    rail = build_barriers(toy.frame([toy.way((550, 0), (550, 900))]))
    assert len(find_links(place.network, 150.0, rail).links) == 4
    assert len(find_links(place.network, 50.0, None).links) == 2


def test_a_missing_link_is_found_and_told() -> None:
    stubs = [toy.way((100, 0), (148, 48)), toy.way((152, 52), (200, 100))]
    place = toy.district(toy.people([toy.at(200, 100)], [60.0]), [toy.site("public_toilets", 1, toy.at(100, 0))], streets=toy.streets(stubs),
                         ledger=[toy.commitment("public_toilets", 1, unit_is_place=True)])
    found = missing_links(place, Question(("public_toilets",), speed_m_per_s=1.0), kept=Kept())
    best = found.links.iloc[0]
    assert best["length_m"] == pytest.approx(32**0.5)
    assert best["person_minutes_saved"] == pytest.approx(200 - 100 * 2**0.5)
    assert best["way_before_m"] == pytest.approx(200 + 2 * 48 * 2**0.5)
    assert not found.demonstration
    assert "person-minutes" in found.sentences[0].en
    assert isinstance(found.road(0), OpenRoad)


def test_of_links_at_one_place_the_best_is_listed() -> None:
    """Two dead ends 5 m apart, each with the street across; a third far away."""
    stubs = [toy.way((100, 0), (140, 60)), toy.way((100, 0), (144, 57)), toy.way((600, 500), (640, 540))]
    place = toy.district(toy.people([toy.at(142, 100), toy.at(640, 600)], [60.0, 10.0]), [toy.site("public_toilets", 1, toy.at(100, 0)), toy.site("public_toilets", 2, toy.at(600, 500))],
                         streets=toy.streets(stubs), ledger=[toy.commitment("public_toilets", 2, unit_is_place=True)])
    found = missing_links(place, TOILETS, max_length_m=60.0, kept=Kept())
    starts = [tuple((shapely.get_coordinates(line)[0] - (toy.X0, toy.Y0)).round(6)) for line in found.links.geometry]
    assert (140, 60) in starts
    assert (144, 57) not in starts
    assert (640, 540) in starts
    assert found.similar > 0
    assert found.candidates > len(found.links) + found.similar
    assert any(f"left out {'is' if found.similar == 1 else 'are'} {found.similar} more" in text.en for text in found.method)


def test_one_place_is_told_by_both_ends_in_either_order() -> None:
    def of(*ends: tuple[float, float]) -> shapely.LineString:
        return shapely.LineString(ends)

    lines = np.asarray([of((0, 0), (100, 0)), of((100, 70), (5, 0)), of((0, 0), (0, 100)), of((40, 0), (140, 0)), of((0, 0), (60, 50)), of((900, 0), (900, 50))], dtype=object)
    assert one_a_place(lines, np.arange(6), 9) == ([0, 2, 3, 5], 2)
    assert one_a_place(lines, np.array([4, 0, 2, 3, 5, 1]), 2) == ([4, 2], 2)
    assert one_a_place(lines, np.empty(0, np.int64), 3) == ([], 0)


@pytest.mark.parametrize(("length_m", "top"), [(0.0, 5), (-1.0, 5), (5000.0, 5), (150.0, 0)])
def test_lengths_and_numbers_that_cannot_be_are_refused(length_m: float, top: int) -> None:
    with pytest.raises(BadInput):
        missing_links(town(0), TOILETS, max_length_m=length_m, top=top)
