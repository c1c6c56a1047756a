"""Openings ranked: on the toy town in the head, on real streets against networkx."""

import networkx as nx
import numpy as np
import pytest
import shapely

from geodata.changes import OpenRoad
from geodata.comparing_words import own_draws
from geodata.connection import connection_sentence, connections
from geodata.district import District
from geodata.errors import BadInput
from geodata.network import Network
from geodata.openings import TOGETHER, Opening, openings_of, rank_openings
from geodata.osm import read_osm
from geodata.packs import load_district
from geodata.question import Question
from geodata.reach import nearest, walks_to
from geodata.snapping import site_entries, snap
from geodata.stability import Trial, first_places, order_of, stability_of
from geodata.walking import Kept
from layers import Text
from tests import toytown as toy
from tests.extracts import real

TOILETS = Question(("public_toilets",), speed_m_per_s=1.0)


def town(homes: list[shapely.Point], places: list[shapely.Point], rows: list[dict[str, object]] | None = None, **parts: object) -> District:
    sites = [toy.site("public_toilets", i + 1, place) for i, place in enumerate(places)] + (rows or [])
    return toy.district(toy.people(homes), sites, ledger=[toy.commitment("public_toilets", 9, unit_is_place=True)], **parts)


def road(name: str, *xy: tuple[float, float], within_m: float = 1.0) -> Opening:
    return Opening(name, OpenRoad(toy.way(*xy), Text(name, name), within_m), demo=False)


def minutes(answer: object, opening: str, column: str = "person_minutes_saved") -> float:
    rows = answer.rows  # type: ignore[attr-defined]  # a Ranking
    return float(rows.loc[rows["opening"] == opening, column].iloc[0])


def test_alone_together_and_last_added() -> None:
    """Two ways over the same block: each alone saves 100 m, both together no more, so each saves nothing as the last."""
    place = town([toy.at(50, 100)], [toy.at(50, 0)])
    answer = rank_openings(place, TOILETS, openings=[road("west", (49, 0), (49, 100)), road("east", (50, 0), (50, 100)), road("far", (850, 800), (850, 900))], kept=Kept())
    assert answer.rows["opening"].tolist() == ["east", "west", "far", TOGETHER]
    assert answer.rows["rank"].tolist() == [1, 2, 3, None]
    assert [minutes(answer, name) * 60 for name in ("east", "west", "far", TOGETHER)] == pytest.approx([100, 98, 0, 100])
    assert [minutes(answer, name, "last_added_person_minutes") * 60 for name in ("east", "west", "far")] == pytest.approx([2, 0, 0])
    assert answer.longer_walks == 0
    assert answer.rows["verdict"].tolist() == ["gains", "gains", "nobody_nearer", None]
    assert answer.rows["connected"].tolist() == [True] * 4
    assert answer.stability.stable
    assert (answer.stability.first, answer.stability.share) == ("east", 1.0)
    assert not answer.demonstration
    assert answer.gains[answer.gains["opening"] == "west"]["difference_m"].tolist() == pytest.approx([-98])


def test_no_effect_is_not_the_same_as_not_connected() -> None:
    place = town([toy.at(50, 100)], [toy.at(50, 0)])
    roads = [road("along", (0, 0), (100, 0)), road("short", (50, 0), (50, 66)), road("nowhere", (250, 30), (250, 66)),
             road("useless", (810, 800), (810, 900))]
    answer = rank_openings(place, TOILETS, openings=roads, kept=Kept())
    told = {o.id: connection_sentence(o.road.name, c, c.verdict(gains=False)) for o in roads for c in [answer.connections[o.id]]}
    assert "walkers could already pass" in told["along"].en
    assert "行人本来就能通过" in told["along"].zh
    assert told["short"].en == "short: not connected: 34 m short at the north end."
    assert told["short"].zh == "short：未接通，北端距最近的街道 34 米。"
    assert "no walk to the nearest facility" in told["useless"].en
    verdicts = dict(zip(answer.rows["opening"], answer.rows["verdict"], strict=True))
    assert [verdicts[o.id] for o in roads] == ["already_passable", "not_connected", "not_connected", "nobody_nearer"]
    assert [answer.connections[o.id].connected for o in roads] == [True, False, False, True]


def test_two_roads_in_a_row_are_connected_by_each_other() -> None:
    place = town([toy.at(50, 100)], [toy.at(50, 0)])
    found = connections(place, [OpenRoad(toy.way((50, 0), (50, 50))), OpenRoad(toy.way((50, 50), (50, 100)))])
    assert all(c.connected for c in found.values())
    halves = [road("south", (50, 0), (50, 50)), road("north", (50, 50), (50, 100))]
    answer = rank_openings(place, TOILETS, openings=halves, kept=Kept())
    assert answer.rows["connected"].tolist() == [False, False, True]  # either alone is half a road
    assert answer.rows["verdict"].tolist() == ["not_connected", "not_connected", None]
    assert [answer.connections["south"].connected, answer.connections_together["south"].connected] == [False, True]
    assert "Connected at both ends only once all are opened: south, north." in [text.en for text in answer.sentences]
    lonely = connections(place, [OpenRoad(toy.way((40, 40), (50, 50))), OpenRoad(toy.way((50, 50), (60, 60)))])
    assert not any(c.connected for c in lonely.values())
    stub = connections(place, [OpenRoad(toy.way((50, 0), (50, 50))), OpenRoad(toy.way((40, 40), (60, 60)))])
    assert [end.joined for end in stub[0].ends] == [True, False]  # the road it meets leads nowhere by itself
    assert not stub[1].connected


def test_only_a_road_with_a_located_alignment_on_real_streets_is_ranked() -> None:
    line = toy.way((50, 0), (50, 100))
    rows = [toy.site("road_openings", 1, line, name_zh="兴业路", name_en="Xingye Road"), toy.site("road_openings", 2, None),
            toy.site("road_openings", 3, toy.at(50, 50)), toy.site("road_openings", 4, line, location_class="proposed"),
            toy.site("road_openings", 5, shapely.MultiLineString([line, toy.way((50, 100), (50, 200))])),
            toy.site("road_openings", 6, shapely.MultiLineString([line, toy.way((50, 110), (50, 200))]))]
    place = town([toy.at(50, 100)], [toy.at(50, 0)], rows)
    ranked, waiting = openings_of(place)
    assert [(o.id, o.road.line.length, o.demo) for o in ranked] == [("road_openings-01", 100, False), ("road_openings-05", 200, False)]
    assert ranked[0].road.name.zh == "兴业路"
    assert [w.id[-2:] for w in waiting] == ["02", "03", "04", "06"]
    assert "in parts" in waiting[-1].reason.en
    assert waiting[0].name.zh.endswith("2")
    sketched, all_wait = openings_of(toy.replace(place, streets_kind="sketch", gaps=toy.frame([line], id=["gap-a"], name_zh=["示意断头路 A"], name_en=["Demo dead-end road A"])))
    assert [(o.id, o.demo) for o in sketched] == [("gap-a", True)]
    assert len(all_wait) == 6
    nothing = rank_openings(town([toy.at(50, 100)], [toy.at(50, 0)]), TOILETS, kept=Kept())
    assert nothing.rows.empty
    assert nothing.stability.stable is None
    assert "no opening to rank" in nothing.sentences[0].en


def test_the_sketch_ranks_its_missing_links_as_a_demonstration() -> None:
    district = load_district()
    answer = rank_openings(district, Question(("public_toilets",), draws=20), kept=Kept())
    assert [o.id for o in answer.openings] == ["gap-a", "gap-b", "gap-c"]
    assert answer.demonstration
    assert answer.heading.zh == "演示"
    assert all(text.zh.startswith("演示：") for text in (answer.sentences[0], answer.sentences[-1]))
    assert answer.longer_walks == 0
    assert all(c.connected for c in answer.connections.values())
    assert answer.rows["range"].map(lambda r: r["person_minutes_saved"][0] <= r["person_minutes_saved"][1]).all()
    assert {w.name.zh for w in answer.waiting} >= {"兴业路"}
    alone = [minutes(answer, o.id) for o in answer.openings]
    assert minutes(answer, TOGETHER) >= max(alone) - 1e-6
    table = answer.stability.table
    assert table["variation"].tolist()[:3] == ["asked", "speed", "speed"]
    assert set(table["variation"][3:]) == {"kind"}  # every other kind in the data, none of which was asked for
    assert table["layer"].is_unique is False
    assert len(set(table["layer"])) == len(table) - 2 > 5
    assert set(table["draws"]) <= {1, 20}
    assert answer.stability.draws == table.loc[table["first"].notna(), "draws"].sum()


def test_stable_means_the_same_first_place_in_nineteen_of_twenty_draws() -> None:
    even = np.zeros((2, 100))
    even[0], even[1, :5] = 1.0, 2.0

    def trial(minutes: np.ndarray) -> Trial:
        return Trial("asked", ("k",), 1.2, minutes, np.zeros_like(minutes))
    assert stability_of(["a", "b"], "a", [trial(even)]).stable
    less = even.copy()
    less[1, :6] = 2.0
    found = stability_of(["a", "b"], "a", [trial(less)])
    assert (found.stable, found.share, found.draws) == (False, 0.94, 100)
    assert found.table[["first", "a", "b"]].iloc[0].tolist() == ["a", 0.94, 0.06]
    many = stability_of(["a", "b"], "a", [trial(even), trial(less), trial(np.repeat([[1.0], [0.0]], 900, axis=1))])
    assert (many.share >= 0.95, many.stable, many.worst) == (True, False, 1)  # one variation disagrees, however many draws agree
    silent = stability_of(["a", "b"], "a", [trial(even), trial(np.zeros((2, 500)))])
    assert (silent.stable, silent.draws, silent.worst) == (True, 100, 0)
    assert silent.table["first"].tolist() == ["a", None]


def test_equals_are_ranked_by_who_comes_within_the_standard_and_the_draws_say_the_same() -> None:
    """Each road saves one person 100 m; only the second in the list brings hers within the standard."""
    place = town([toy.at(50, 100), toy.at(850, 200)], [toy.at(50, 0), toy.at(850, 0)])
    east, west = road("east", (850, 0), (850, 200)), road("west", (50, 0), (50, 100))
    answer = rank_openings(place, Question(("public_toilets",), metres=150.0, speed_m_per_s=1.0), openings=[east, west], kept=Kept())
    assert [minutes(answer, name) * 60 for name in ("west", "east")] == pytest.approx([100, 100])
    assert [minutes(answer, name, "people_newly_covered") for name in ("west", "east")] == [1, 0]
    assert (answer.rows["opening"].iloc[0], answer.stability.first, answer.stability.share) == ("west", "west", 1.0)
    assert order_of(np.array([5.0, 5.0 + 1e-9, 7.0]), np.array([2.0, 1.0, 0.0])) == [2, 0, 1]
    assert first_places(["a", "b"], np.array([[5.0], [5.0 + 1e-9]]), np.array([[2.0], [1.0]])).tolist() == ["a"]


def test_kinds_that_disagree_are_added_up_and_told() -> None:
    """One home; the toilet lies behind one missing road, the clinic behind another. Neither road is best for both."""
    toilet, clinic = toy.site("public_toilets", 1, toy.at(50, 0)), toy.site("clinics", 1, toy.at(150, 0))
    place = toy.district(toy.people([toy.at(50, 100), toy.at(150, 100), toy.at(150, 100)]), [toilet, clinic],
                         ledger=[toy.commitment("public_toilets", 1, unit_is_place=True)])
    roads = [road("west", (50, 0), (50, 100)), road("east", (150, 0), (150, 100))]
    both = rank_openings(place, Question(("public_toilets", "clinics"), speed_m_per_s=1.0), openings=roads, kept=Kept())
    rows = both.rows[both.rows["rank"].notna()]
    assert rows.groupby("opening")["person_minutes_saved"].sum().to_dict() == pytest.approx(rows.groupby("opening")["person_minutes_saved_total"].first().to_dict())
    assert both.rows["opening"].tolist() == ["east", "east", "west", "west", TOGETHER, TOGETHER]
    assert (both.stability.first, both.stability.stable) == ("east", False)
    table = both.stability.table
    assert table[["variation", "layer", "draws"]].to_numpy().tolist() == [
        ["asked", "public_toilets,clinics", 1], ["speed", "public_toilets,clinics", 1], ["speed", "public_toilets,clinics", 1],
        ["kind", "public_toilets", 1], ["kind", "clinics", 1]]
    assert table["first"].tolist() == ["east", "east", "east", "west", "east"]
    assert both.sentences[0].en.startswith("Over 2 kinds of facility added up, east does most by itself")
    assert "east does most for walks to community clinics (" in both.sentences[2].en
    assert "at least in 0.0 % (walks to public toilets alone)" in both.sentences[-1].en
    alone = rank_openings(place, Question(("clinics",), speed_m_per_s=1.0), openings=roads, kept=Kept())
    assert (alone.stability.first, alone.stability.stable) == ("east", False)  # toilets speak against it, though nobody asked
    assert both.stability.worst == 3


def test_uncertain_positions_are_tried() -> None:
    places = [toy.site("public_toilets", 1, toy.at(50, 0), uncertainty_m=300.0)]
    place = toy.district(toy.people([toy.at(50, 100)]), places, ledger=[toy.commitment("public_toilets", 1, unit_is_place=True)])
    answer = rank_openings(place, Question(("public_toilets",), draws=30), openings=[road("a", (50, 0), (50, 100)), road("b", (250, 0), (250, 100))], kept=Kept())
    table = answer.stability.table
    assert table.loc[table["variation"] == "positions", "draws"].tolist() == [30]
    assert answer.longer_walks == 0
    told = answer.rows.iloc[0]
    for name in ("person_minutes_saved", "person_minutes_saved_total", "people_newly_covered", "people_nearer", "capped_people", "last_added_person_minutes",
                 "last_added_people_newly_covered", "covered_share_before", "covered_share_after"):
        low, high = told["range"][name]
        assert low <= told[name] <= high, name
    assert own_draws(30)[0] in answer.method


def test_what_no_people_are_counted_for_is_told_in_its_own_unit() -> None:
    place = toy.replace(town([toy.at(50, 100)], [toy.at(50, 0)]), demand_unit="buildings")
    answer = rank_openings(place, TOILETS, openings=[road("a", (50, 0), (50, 100)), road("b", (250, 0), (250, 100))], kept=Kept())
    assert "the walk gets shorter for 1 building, one walk each takes" in answer.sentences[0].en
    assert "building-minutes less" in answer.sentences[0].en
    assert not any(word in text.zh + text.en for text in answer.sentences for word in ("人·分钟", "没有人", "居民", "resident", "people", "person", "nobody"))


def test_layers_nobody_walks_to_are_refused() -> None:
    with pytest.raises(BadInput):
        rank_openings(town([toy.at(0, 0)], [toy.at(0, 0)]), Question(("interchanges",)))


# --- real streets

METRIC = "EPSG:32635"


@pytest.fixture(scope="module")
def helsinki() -> tuple[District, list[Opening]]:
    """The centre without eight of its streets, far apart; these are offered as openings."""
    extract = read_osm(real("Helsinki.osm.pbf"))
    streets = extract.streets.to_crs(METRIC).reset_index(drop=True)
    network = toy.district(toy.people([]), streets=streets, metric_crs=METRIC).network
    ways = np.bincount(network.edge_u, minlength=network.nodes) + np.bincount(network.edge_v, minlength=network.nodes)
    inner = (ways[network.edge_u] >= 3) & (ways[network.edge_v] >= 3) & (network.component[network.edge_u] == 0) & (network.edge_u != network.edge_v)
    long = np.flatnonzero(inner & (network.edge_m > 60))
    chosen = np.random.default_rng(3).choice(long, 8, replace=False)
    homes = extract.buildings.to_crs(METRIC).representative_point()
    demand = toy.people([])
    demand = extract.buildings.to_crs(METRIC).assign(demand_id=[f"d{i}" for i in range(len(homes))], people=1.0 + np.arange(len(homes)) % 7).set_geometry(homes.values)[["demand_id", "people", "geometry"]]
    parking = extract.facilities["parking_lots"].to_crs(METRIC).geometry.representative_point()
    sites = toy.sites([toy.site("parking_lots", i + 1, p, origin="existing") for i, p in enumerate(parking) if i % 4 == 0]).set_crs(METRIC, allow_override=True)
    boundary = toy.frame([shapely.box(*streets.total_bounds)], area_km2=[1.0]).set_crs(METRIC, allow_override=True)
    empty = toy.frame([]).set_crs(METRIC, allow_override=True)
    place = toy.district(demand, streets=streets.drop(index=chosen).reset_index(drop=True), metric_crs=METRIC, boundary=boundary, water=empty, rail=empty,
                         gaps=empty, labels=empty, neighbours=empty, areas=empty)
    place = toy.replace(place, sites=sites)
    openings = [Opening(f"s{e}", OpenRoad(streets.geometry.iloc[e], Text(f"s{e}", f"s{e}"), 0.5), demo=False) for e in chosen]
    return place, openings


def by_networkx(place: District, openings: list[Opening]) -> np.ndarray:  # noqa: C901, PLR0912  the definition, step by step
    """Walks recomputed from nothing: a graph with the openings' own edges, people and sites where they enter the streets before."""
    network: Network = place.network
    graph = nx.Graph()
    for u, v, m in zip(network.edge_u.tolist(), network.edge_v.tolist(), network.edge_m.tolist(), strict=True):
        if u != v and (not graph.has_edge(u, v) or graph[u][v]["m"] > m):
            graph.add_edge(u, v, m=m)
    points = place.demand.geometry.to_numpy()
    access = snap(network, points, access_m=200)
    sites = site_entries(network, place.sites.geometry.to_numpy(), access_m=200)
    added: list[tuple[shapely.LineString, list[int]]] = []
    for line in (opening.road.line for opening in openings):
        ends = shapely.get_coordinates(line)[[0, -1]]
        nodes = [int(np.argmin(np.hypot(network.x - x, network.y - y))) for x, y in ends]
        assert all(np.hypot(network.x[n] - x, network.y[n] - y) < 1e-6 for n, (x, y) in zip(nodes, ends, strict=True))
        if not graph.has_edge(*nodes) or graph[nodes[0]][nodes[1]]["m"] > line.length:
            graph.add_edge(*nodes, m=float(line.length))
        added.append((line, nodes))
        for i, site in enumerate(place.sites.geometry):
            if site.distance(line) < sites.leg_m[sites.site == i].min() - 1e-6:
                for node, rest in zip(nodes, (line.project(site), line.length - line.project(site)), strict=True):
                    known = graph.get_edge_data("site", node, {"m": np.inf})["m"]
                    graph.add_edge("site", node, m=min(known, site.distance(line) + rest))
    for edge, at_m, leg_m in zip(sites.edge, sites.from_m, sites.leg_m, strict=True):
        for node, rest in ((int(network.edge_u[edge]), at_m), (int(network.edge_v[edge]), network.edge_m[edge] - at_m)):
            if not graph.has_edge("site", node) or graph["site"][node]["m"] > leg_m + rest:
                graph.add_edge("site", node, m=float(leg_m + rest))
    far = nx.single_source_dijkstra_path_length(graph, "site", weight="m")
    walks = np.full(len(points), np.inf)
    for i in np.flatnonzero(~access.off):
        e, at_m = int(access.edge[i]), access.offset_m[i]
        best = min(far.get(int(network.edge_u[e]), np.inf) + at_m, far.get(int(network.edge_v[e]), np.inf) + network.edge_m[e] - at_m)
        for j in np.flatnonzero(sites.edge == e):
            best = min(best, sites.leg_m[j] + abs(sites.from_m[j] - at_m))
        walks[i] = best + access.leg_m[i]
    for line, nodes in added:
        legs = shapely.distance(points, line)
        for i in np.flatnonzero((legs < access.leg_m - 1e-6) & (legs <= 200)):
            at_m = float(line.project(points[i]))
            walks[i] = min(walks[i], legs[i] + min(far.get(nodes[0], np.inf) + at_m, far.get(nodes[1], np.inf) + line.length - at_m))
    return walks


def gained(place: District, before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    """Person-minutes saved at 1.2 m/s, and people who come within 150 m."""
    people, cap_m = place.demand["people"].to_numpy(float), 30 * 60 * 1.2
    saved = np.where(np.isfinite(before), before, np.fmax(cap_m, np.where(np.isfinite(after), after, cap_m))) - np.where(np.isfinite(after), after, cap_m)
    return (float(people @ np.where(np.isfinite(before) | np.isfinite(after), saved, 0)) / 72, float(people @ ((after <= 150 + 1e-6) & (before > 150 + 1e-6))))


def test_known_streets_of_helsinki_offered_as_openings_rank_as_networkx_says(helsinki: tuple[District, list[Opening]]) -> None:
    place, openings = helsinki
    question = Question(("parking_lots",), metres=150.0)
    answer = rank_openings(place, question, openings=openings, kept=Kept())
    before, every = by_networkx(place, []), by_networkx(place, openings)
    right = {opening.id: gained(place, before, by_networkx(place, [opening])) for opening in openings}
    assert sum(value > 0 for value, _ in right.values()) >= 3
    for opening in openings:
        assert minutes(answer, opening.id) == pytest.approx(right[opening.id][0], abs=1e-6)
        assert minutes(answer, opening.id, "people_newly_covered") == right[opening.id][1]
    assert minutes(answer, TOGETHER) == pytest.approx(gained(place, before, every)[0], abs=1e-6)
    assert minutes(answer, TOGETHER, "people_newly_covered") == gained(place, before, every)[1]
    last = {opening.id: gained(place, by_networkx(place, [o for o in openings if o is not opening]), every)
            for opening in sorted(openings, key=lambda o: -right[o.id][0])[:3]}  # those that do most
    for name, (saved, newly) in last.items():
        assert minutes(answer, name, "last_added_person_minutes") == pytest.approx(saved, abs=1e-6)
        assert minutes(answer, name, "last_added_people_newly_covered") == newly
    mine = [o for o in answer.rows["opening"] if o != TOGETHER and right[o][0] > 1e-9]
    assert mine == sorted(mine, key=lambda o: -right[o][0])
    assert answer.longer_walks == 0
    assert all(c.connected for c in answer.connections.values())


def test_all_closed_streets_opened_again_are_the_city_as_it_was(helsinki: tuple[District, list[Opening]]) -> None:
    place, openings = helsinki
    answer = rank_openings(place, Question(("parking_lots",)), openings=openings, kept=Kept())
    again = toy.replace(place, streets=toy.gpd.pd.concat([place.streets, toy.frame([o.road.line for o in openings]).set_crs(METRIC, allow_override=True)], ignore_index=True)
                        .drop(columns=["u", "v"], errors="ignore").assign(vehicle=True))
    network = again.network
    entries = site_entries(network, again.sites.geometry.to_numpy(), access_m=200)
    free = walks_to(network, nearest(network, entries), entries, snap(network, again.demand.geometry.to_numpy(), access_m=200)).walk_m
    found = answer.gains[answer.gains["opening"] == TOGETHER]["walk_after_m"].to_numpy()
    both = np.isfinite(free) & np.isfinite(found)
    assert np.isfinite(free).sum() == np.isfinite(found).sum()
    assert np.quantile(np.abs(free[both] - found[both]), 0.9) < 1e-6  # the rest keeps its way in, as the definition says


def test_nothing_to_rank_is_said_also_where_positions_are_uncertain() -> None:
    place = town([toy.at(50, 100)], [], [toy.site("public_toilets", 1, toy.at(50, 0), location_class="area", uncertainty_m=400.0)])
    answer = rank_openings(place, TOILETS, kept=Kept())
    assert answer.rows.empty
    assert "没有可以排序" in answer.sentences[0].zh
